/// The workers that run inside of the server by default: the same engines as those of the processes `spandrel-testcase-worker` and
/// `spandrel-feature-analyzer`.

import Access
import CurlClient
import FeatureAnalysis
import GenAIConventions
import Ingest
import Logging
import Metastore
import RunExecution
import ServiceLifecycle
import TraceModel

extension Serve {
    /// None with `--workers 0`: other processes do the work.
    func workers(_ metastore: Metastore, _ accounts: Accounts, _ prices: CurrentPriceBook, _ ingestor: Ingestor) -> [any Service] {
        guard workerConcurrency > 0 else { return [] }
        var settings = CurlSettings()
        settings.connectionCount = workerConcurrency
        settings.connectionCountPerHost = workerConcurrency
        let resources = RunResources(
            metastore: metastore, credentials: accounts.providerCredentials, client: CurlClient(settings: settings),
            budget: SharedRateBudget(metastore.rateBudgets, logger: Logger(label: "worker")), addressPolicy: self.accounts.outbound,
            prices: { prices.value }, spans: OwnIngest(ingestor: ingestor))
        let logger = Logger(label: "worker")
        return [
            TestCaseWorker(name: "server", concurrency: workerConcurrency, resources: resources, logger: logger),
            FeatureAnalyzer(name: "server", resources: resources, logger: logger),
        ]
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
