/// `spandrel inspect`: what the store's files hold and whether they are as they were written, without a server or beside one.

import ArgumentParser

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Reads the store's files and says whether they are sound.",
        discussion: """
            Changes nothing and takes no lock, so it may run beside a server; only `inspect store --repair` changes something.
            Ends with 0 where everything is sound, 1 where damage was found, 2 where the files cannot be read or the call is wrong.

            Examples:
              spandrel inspect store
              spandrel inspect wal --dump --json | jq 'select(.is_sealed == false)'
              spandrel inspect segment 12 --dump
              spandrel inspect store --contains 'ada@example.com'
            """,
        subcommands: [InspectWALCommand.self, InspectSegmentCommand.self, InspectManifestCommand.self, InspectStoreCommand.self])
}
