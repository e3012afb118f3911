/// `spandrel kb diff`.

import ArgumentParser

struct KnowledgeDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Shows what the files say otherwise than the active revision or a draft.",
        discussion: "Exit status as that of diff: 0 nothing differs, 1 something does, 2 it could not be found out.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var folder: FolderOptions

    @Option(help: "Against the draft of this name. (default: the active revision)")
    var draft: String?

    func validate() throws { if let draft { try DraftName.check(draft) } }

    func run() async throws {
        let differs: Bool
        do {
            differs = try await CommandText.plainly {
                let server = KnowledgeServer(try self.server.client())
                return try await KnowledgeComparison(server: server, folder: try folder.folder(), draft: draft).run()
            }
        } catch {
            CommandText.tell("Error: \(error)")
            throw ExitCode(2)
        }
        if differs { throw ExitCode(1) }
    }
}
