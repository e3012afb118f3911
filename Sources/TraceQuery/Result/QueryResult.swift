/// The answer of a query: columns, and rows with a value for each.
package struct QueryResult: Equatable, Sendable {
    package struct Column: Equatable, Sendable {
        package var name: String
        /// `string`, `integer`, `number`, `time`, `list` or `any`.
        package var type: String

        package init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    package var columns: [Column]
    package var rows: [[QueryValue]]
    /// Where the next page begins; nil on the last page, and for groups.
    package var nextCursor: String?
    /// More rows or groups match than `limit` lets through.
    package var isTruncated: Bool
    /// Set when the request asked for it.
    package var explanation: Explanation?

    package init(
        columns: [Column], rows: [[QueryValue]], nextCursor: String? = nil, isTruncated: Bool = false, explanation: Explanation? = nil
    ) {
        self.columns = columns
        self.rows = rows
        self.nextCursor = nextCursor
        self.isTruncated = isTruncated
        self.explanation = explanation
    }
}
