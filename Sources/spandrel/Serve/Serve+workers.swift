/// The workers that run inside of the server by default: the same engines as those of the processes `spandrel-testcase-worker` and
/// `spandrel-feature-analyzer`.
///
/// Searches of knowledge bases are answered by the server itself, whether or not it has workers.

import Access
import CurlClient
import FeatureAnalysis
import GenAIConventions
import Ingest
import KnowledgeBase
import Logging
import Metastore
import RunExecution
import ServiceLifecycle
import TraceModel

extension Serve {
    /// What workers and searches call providers with.
    func resources(_ metastore: Metastore, _ accounts: Accounts, _ prices: CurrentPriceBook, _ ingestor: Ingestor) -> RunResources {
        var settings = CurlSettings()
        settings.connectionCount = max(workerConcurrency, Self.searchConnectionCount)
        settings.connectionCountPerHost = settings.connectionCount
        return RunResources(
            metastore: metastore, credentials: accounts.providerCredentials, client: CurlClient(settings: settings),
            budget: SharedRateBudget(metastore.rateBudgets, logger: Logger(label: "worker")), addressPolicy: self.accounts.outbound,
            prices: { prices.book(of: $0) }, spans: OwnIngest(ingestor: ingestor))
    }

    /// Calls of providers that searches of a server without workers make at a time.
    private static let searchConnectionCount = 8

    /// Searches, and the services beside them.
    func knowledge(_ resources: RunResources) throws -> (retriever: KnowledgeRetriever, services: [any Service]) {
        let logger = Logger(label: "knowledge")
        let traces = SearchTraceDelivery(destination: resources.spans, logger: logger)
        let retriever = try KnowledgeRetriever(
            knowledge: resources.metastore.knowledge, directory: dataDirectory + "/vectors", embedder: ProjectEmbedder(resources),
            traces: traces)
        return (
            retriever,
            [
                SearchSpans(traces: traces), KnowledgeWarming(retriever: retriever, metastore: resources.metastore, logger: logger),
                VectorCleaning(retriever: retriever, logger: logger),
            ]
        )
    }

    /// None with `--workers 0`: other processes do the work.
    func workers(_ resources: RunResources, _ retriever: KnowledgeRetriever) -> [any Service] {
        guard workerConcurrency > 0 else { return [] }
        let logger = Logger(label: "worker")
        return [
            TestCaseWorker(
                name: "server", concurrency: workerConcurrency, resources: resources, knowledge: KnowledgeContext(retriever), logger: logger
            ),
            FeatureAnalyzer(name: "server", resources: resources, logger: logger),
            KnowledgeWorker(name: "server", resources: resources, logger: logger),
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
            case .overloaded, .unavailable, .conflict, .failed: return .later(error.description)
            case .tooLarge, .malformedCompression, .malformedBody, .unsupportedEncoding, .quotaReached: return .refused(error.description)
            }
        }
    }
}
