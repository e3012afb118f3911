/// The worker that runs inside of the server by default: the same engine as the processes of `spandrel-testcase-worker`.

import Access
import CurlClient
import GenAIConventions
import Ingest
import Logging
import Metastore
import RunExecution
import TraceModel

extension Serve {
    /// nil with `--workers 0`: other processes do the work.
    func worker(_ metastore: Metastore, _ accounts: Accounts, _ prices: CurrentPriceBook, _ ingestor: Ingestor) -> TestCaseWorker? {
        guard workerConcurrency > 0 else { return nil }
        var settings = CurlSettings()
        settings.connectionCount = workerConcurrency
        settings.connectionCountPerHost = workerConcurrency
        let resources = RunResources(
            metastore: metastore, credentials: accounts.providerCredentials, client: CurlClient(settings: settings),
            budget: SharedRateBudget(metastore.rateBudgets, logger: Logger(label: "worker")), addressPolicy: self.accounts.outbound,
            prices: { prices.value }, spans: OwnIngest(ingestor: ingestor))
        return TestCaseWorker(name: "server", concurrency: workerConcurrency, resources: resources, logger: Logger(label: "worker"))
    }
}

/// The worker of the server itself hands its spans over without a connection.
private struct OwnIngest: SpanDestination {
    let ingestor: Ingestor

    func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult {
        do throws(IngestError) {
            let admission = ingestor.admission.begin()
            _ = try await ingestor.ingest(body, encoding: .identity, contentType: .protobuf, project: project, admission: admission)
            return .delivered
        } catch {
            switch error.code {
            case .overloaded, .unavailable, .failed: return .later(error.description)
            case .tooLarge, .malformedCompression, .malformedBody, .unsupportedEncoding, .quotaReached: return .refused(error.description)
            }
        }
    }
}
