/// Lists page by key: a cursor names the last item seen, so that items which come and go meanwhile shift nothing.
///
/// A cursor is a letter for the kind of list and the 32 hex digits of an id. It is opaque to clients; one of another list,
/// or made up, is refused.

package struct PageRequest: Sendable, Equatable {
    package let limit: Int
    let cursor: String?

    /// `limit`: nil for the default. Errors: `invalid` for a limit outside of 1 to `maximumPageItemCount`.
    package init(limit: Int? = nil, cursor: String? = nil) throws(MetastoreError) {
        let limit = limit ?? MetastoreLimits.defaultPageItemCount
        guard (1...MetastoreLimits.maximumPageItemCount).contains(limit) else {
            throw MetastoreError(.invalid, "limit must be from 1 to \(MetastoreLimits.maximumPageItemCount)", field: "limit")
        }
        self.limit = limit
        self.cursor = cursor
    }
}

package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// For the next PageRequest; nil on the last page.
    package let nextCursor: String?
}

/// Which list a cursor belongs to.
enum PagedList: Character {
    case projects = "p"
    case apiKeys = "k"
    case tasks = "t"
    case members = "m"
    case sessions = "s"
    case invitations = "i"
    case auditEntries = "a"
    case providerCredentials = "c"
    case suites = "u"
    case drafts = "g"
    case runs = "r"
    case outcomes = "o"
    case outcomesByKey = "q"
    case scores = "e"
    case workerCredentials = "w"
    case features = "f"
    case featureAnalyses = "y"
    case scoreRules = "l"
    case scoreDecisions = "d"
    case knowledgeDrafts = "b"
    case deletions = "x"

    /// The id to go on from: all ones for the first page, as lists run from the newest to the oldest. Errors: `invalid`.
    func start<ID: EntityID>(_ request: PageRequest, _: ID.Type) throws(MetastoreError) -> ID {
        guard let cursor = request.cursor else { return ID(high: .max, low: .max) }
        let digits = cursor.dropFirst()
        guard cursor.first == rawValue, digits.utf8.count == 32, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "f") ~= $0 }),
            let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16)
        else { throw MetastoreError(.invalid, "cursor is not one of this list; start without it", field: "cursor") }
        return ID(high: high, low: low)
    }

    /// Makes a page of one item more than it holds, which tells whether there is a next one.
    func page<Item, ID: EntityID>(_ items: [Item], _ request: PageRequest, id: (Item) -> ID) -> Page<Item> {
        let shown = Array(items.prefix(request.limit))
        guard items.count > request.limit, let last = shown.last else { return Page(items: shown, nextCursor: nil) }
        let digits = id(last).uuid.filter { $0 != "-" }
        return Page(items: shown, nextCursor: "\(rawValue)\(digits)")
    }
}
