/// Everything a running server holds, and how it is given back.

import Access
import Logging
import Metastore
import PostgresClient
import ServiceLifecycle
import SpanStore

struct ServeParts {
    let store: SpanStore
    let metastore: Metastore
    let accounts: Accounts
    /// Nil when the database is somebody else's.
    let cluster: PrivateCluster?
    /// In start order; they end in the opposite one, so that the server stops taking requests before anything behind it goes.
    let services: [any Service]

    /// After all services have ended: nobody holds the store or the database any more.
    func close() async {
        // Every acknowledged span is in the log already; closing ends the log cleanly so that the next start reads it without repair.
        await store.close()
        await accounts.authenticator.recordUses()
        await metastore.close()
        await cluster?.stop()
    }
}
