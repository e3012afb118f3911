/// The price books of the moment: read by every request, replaced when prices change.

import Synchronization
import TraceModel

/// What counts for whom, of one version.
package struct PriceBooks: Sendable {
    package let version: Int64
    /// For every project without prices of its own or of its organization.
    package let installation: PriceBook
    /// For the others.
    package let projects: [ProjectID: PriceBook]

    package init(version: Int64, installation: PriceBook, projects: [ProjectID: PriceBook] = [:]) {
        self.version = version
        self.installation = installation
        self.projects = projects
    }
}

package final class CurrentPriceBook: Sendable {
    private let books: Mutex<PriceBooks>

    package init(_ books: PriceBooks) { self.books = Mutex(books) }

    package convenience init(_ book: PriceBook) { self.init(PriceBooks(version: book.version, installation: book)) }

    /// The installation's.
    package var value: PriceBook { books.withLock { $0.installation } }

    package var version: Int64 { books.withLock { $0.version } }

    package func book(of project: ProjectID) -> PriceBook { books.withLock { $0.projects[project] ?? $0.installation } }

    /// An older version never replaces a newer one: two refreshes may overtake each other.
    package func replace(with newer: PriceBooks) { books.withLock { if newer.version >= $0.version { $0 = newer } } }
}
