/// The worker that runs inside of the server by default: the same engine as the processes of `spandrel-testcase-worker`.

import Access
import CurlClient
import Ingest
import JobQueue
import Logging
import Metastore
import ModelProviders
import RunExecution

extension Serve {
    /// nil with `--workers 0`: other processes do the work.
    func worker(_ metastore: Metastore, _ accounts: Accounts, _ prices: CurrentPriceBook) -> TestCaseWorker? {
        guard workerConcurrency > 0 else { return nil }
        var settings = CurlSettings()
        settings.connectionCount = workerConcurrency
        settings.connectionCountPerHost = workerConcurrency
        let resources = RunResources(
            metastore: metastore, credentials: accounts.providerCredentials, client: CurlClient(settings: settings),
            budget: InMemoryRateBudget(), addressPolicy: self.accounts.outbound, prices: { prices.value })
        return TestCaseWorker(name: "server", concurrency: workerConcurrency, resources: resources, logger: Logger(label: "worker"))
    }
}
