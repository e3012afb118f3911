/// The price book of the moment: read by every request, replaced when prices change.

import Synchronization

package final class CurrentPriceBook: Sendable {
    private let book: Mutex<PriceBook>

    package init(_ book: PriceBook) { self.book = Mutex(book) }

    package var value: PriceBook { book.withLock { $0 } }

    /// An older version never replaces a newer one: two refreshes may overtake each other.
    package func replace(with newer: PriceBook) { book.withLock { if newer.version >= $0.version { $0 = newer } } }
}
