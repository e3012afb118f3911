/// `spandrel-feature-analyzer`: works on analyses of what users were trying to do, beside the server.

import ArgumentParser
import FeatureAnalysis
import WorkerProcess

@main
struct FeatureAnalyzerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spandrel-feature-analyzer", abstract: "Finds what users were trying to do, beside the server.",
        discussion: """
            It takes analyses from the server's PostgreSQL, embeds and names what users said with the organizations' credentials, which it
            opens with the server's master key, and sends spans to the server. SIGTERM: the call under way ends, the rest is given back.
            The master key may also stand in SPANDREL_MASTER_KEY, as for the server; the credential in SPANDREL_WORKER_CREDENTIAL.
            """)

    @OptionGroup var worker: WorkerOptions

    func run() async throws {
        // One analysis after the other, and one call of it after the other.
        try await worker.run("spandrel-feature-analyzer", concurrency: 1) { resources, name, logger in
            [FeatureAnalyzer(name: name, resources: resources, logger: logger)]
        }
    }
}
