/// `spandrel kb push`.

import ArgumentParser

struct KnowledgePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Puts what the folder says otherwise than it was pulled into a draft.",
        discussion: """
            Makes the draft if there is none, tells for each entry what was done, and does nothing where there is nothing to do. What became \
            active meanwhile is merged, entry by entry and field by field. Conflicts are named: exit status 1, and nothing is pushed.
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var folder: FolderOptions

    @Option(help: "The draft's name.")
    var draft: String

    @Option(help: "What the draft is about. (default: as it is)")
    var message: String?

    @Flag(help: "Where there is a conflict the folder counts. CI, whose folder is fresh each time, wants this.")
    var force = false

    @Flag(help: "Take the draft back from review or approval when there is something to change.")
    var withdraw = false

    func validate() throws {
        try DraftName.check(draft)
        if let message, message.isEmpty || message.unicodeScalars.count > 10_000 {
            throw ValidationError("--message must have 1 to 10000 characters")
        }
    }

    func run() async throws {
        try await CommandText.plainly {
            let server = KnowledgeServer(try self.server.client())
            let push = KnowledgePush(
                server: server, folder: try folder.folder(), draft: draft, message: message, isForced: force, withdraws: withdraw)
            try await push.run()
        }
    }
}
