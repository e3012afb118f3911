/// `spandrel kb promote`.

import ArgumentParser

struct KnowledgePromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Submits a draft and makes what it says active.",
        discussion: """
            An open draft is submitted. One in review waits for its approvals: without --wait the command says who has to approve, and ends \
            with 1. An approved one is promoted; with --wait the command stays until that has ended. Exit status: 0 promoted (without \
            --wait: begun), 100 the gate failed, 101 the gate has not enough evidence, 1 could not be promoted, 2 wrong usage. Ctrl-C \
            leaves the promotion going.
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The draft's name.")
    var draft: String

    @Option(help: "Why it is promoted: stands in the history.")
    var message: String?

    @Flag(help: "Stay until the draft was reviewed and its promotion has ended.")
    var wait = false

    func validate() throws {
        try DraftName.check(draft)
        if let message, message.isEmpty || message.utf8.count > 10_000 { throw ValidationError("--message must have 1 to 10000 bytes") }
    }

    func run() async throws {
        try await CommandText.plainly {
            let server = KnowledgeServer(try self.server.client())
            try await KnowledgePromotionWait(server: server, draft: draft, message: message, waits: wait).run()
        }
    }
}
