/// Prices as they are in PostgreSQL, read again from time to time by whoever counts costs.

import GenAIConventions
import Logging
import Metastore

extension PeriodicDuty {
    /// Another server, or a person with psql, may have changed prices.
    package static func priceRefresh(_ current: CurrentPriceBook, _ metastore: Metastore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "price refresh", interval: .seconds(60), logger: logger) {
            current.replace(with: try await metastore.prices.allBooks())
        }
    }
}
