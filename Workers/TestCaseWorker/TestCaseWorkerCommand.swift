/// `spandrel-testcase-worker`: works on runs of test cases beside the server, any number of it on any number of machines.

import ArgumentParser
import ProcessSetup
import RunExecution
import WorkerProcess

@main
struct TestCaseWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spandrel-testcase-worker", abstract: "Works on runs of test cases, beside the server.",
        discussion: """
            It takes work from the server's PostgreSQL, asks AI providers with the organizations' credentials, which it opens with the
            server's master key, and sends spans to the server. SIGTERM: what is under way ends or is given back.
            The master key may also stand in SPANDREL_MASTER_KEY, as for the server; the credential in SPANDREL_WORKER_CREDENTIAL.
            """)

    @OptionGroup var worker: WorkerOptions

    @Option(help: "Calls of AI providers at a time. [SPANDREL_WORKER_CONCURRENCY]")
    var concurrency = EnvironmentDefault.integer("SPANDREL_WORKER_CONCURRENCY", RunExecutionLimits.defaultConcurrency)

    func validate() throws {
        guard (1...RunExecutionLimits.maximumConcurrency).contains(concurrency) else {
            throw ValidationError("--concurrency must be from 1 to \(RunExecutionLimits.maximumConcurrency)")
        }
    }

    func run() async throws {
        let concurrency = concurrency
        try await worker.run("spandrel-testcase-worker", concurrency: concurrency) { resources, name, logger in
            TestCaseWorker(name: name, concurrency: concurrency, resources: resources, logger: logger)
        }
    }
}
