/// `spandrel kb pull`.

import ArgumentParser

struct KnowledgePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Writes the active revision, another one or a draft as files.",
        discussion: """
            Files of entries that were changed in the folder alone stay as they are. Entries that were changed here and there are named, and \
            nothing is written: exit status 1.
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var folder: FolderOptions

    @Option(help: "The draft of this name. (default: the active revision)")
    var draft: String?

    @Option(help: "The revision of this number. (default: the active one)")
    var revision: Int?

    @Flag(help: "Overwrite what was changed here, and bring back what was removed. Entries that only the folder has stay.")
    var force = false

    func validate() throws {
        guard draft == nil || revision == nil else { throw ValidationError("give either --draft or --revision") }
        if let draft { try DraftName.check(draft) }
        if let revision, !(0...Int(Int32.max)).contains(revision) { throw ValidationError("--revision must be the number of a revision") }
    }

    func run() async throws {
        try await CommandText.plainly {
            let server = KnowledgeServer(try self.server.client())
            let folder = try self.folder.folder(creating: true)
            try await KnowledgePull(server: server, folder: folder, revision: revision, draft: draft, isForced: force).run()
        }
    }
}
