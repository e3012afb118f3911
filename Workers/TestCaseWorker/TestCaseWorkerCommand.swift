/// `spandrel-testcase-worker`: works on runs of test cases, and on uploads and promotions of knowledge bases, beside the server, any number
/// of it on any number of machines.

import ArgumentParser
import KnowledgeBase
import Metastore
import ProcessSetup
import RunExecution
import ServiceLifecycle
import WorkerProcess

@main
struct TestCaseWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spandrel-testcase-worker", abstract: "Works on runs of test cases and on knowledge bases, beside the server.",
        discussion: """
            It takes work from the server's PostgreSQL, asks AI providers with the organizations' credentials, which it opens with the
            server's master key, and sends spans to the server. SIGTERM: what is under way ends or is given back.
            The master key may also stand in SPANDREL_MASTER_KEY, as for the server; the credential in SPANDREL_WORKER_CREDENTIAL.
            """)

    @OptionGroup var worker: WorkerOptions

    @Option(help: "Calls of AI providers at a time. [SPANDREL_WORKER_CONCURRENCY]")
    var concurrency = EnvironmentDefault.integer("SPANDREL_WORKER_CONCURRENCY", RunExecutionLimits.defaultConcurrency)

    @Option(
        name: .customLong("vector-directory"),
        help: """
            Where vectors of knowledge bases are kept between starts; other workers may share it. [SPANDREL_VECTOR_DIRECTORY] \
            (default: a temporary directory)
            """)
    var vectorDirectory: String?

    func validate() throws {
        guard (1...RunExecutionLimits.maximumConcurrency).contains(concurrency) else {
            throw ValidationError("--concurrency must be from 1 to \(RunExecutionLimits.maximumConcurrency)")
        }
    }

    func run() async throws {
        let concurrency = concurrency
        let vectors = try VectorPlace(given: vectorDirectory ?? EnvironmentDefault.text("SPANDREL_VECTOR_DIRECTORY"))
        defer { vectors.remove() }
        try await worker.run("spandrel-testcase-worker", concurrency: concurrency) { resources, name, logger in
            // The spans of its searches are those of the cells they are for.
            let retriever = try KnowledgeRetriever(
                knowledge: resources.metastore.knowledge, directory: vectors.path, embedder: ProjectEmbedder(resources),
                traces: NoSearchTraces())
            return [
                TestCaseWorker(
                    name: name, concurrency: concurrency, resources: resources, knowledge: KnowledgeContext(retriever), logger: logger),
                KnowledgeWorker(name: name, resources: resources, logger: logger),
                VectorCleaning(retriever: retriever, logger: logger),
            ]
        }
    }
}
