import ByteCoding

/// The parameters the lists of traces and sessions share: `filter` in either form, `from`, `to`, `sort`, `limit`, `cursor`,
/// `fields`, `explain`. `sort=-cost` is descending.
package struct ListRequest<
    SortField: RawRepresentable & CaseIterable & Sendable & Equatable, Field: RawRepresentable & CaseIterable & Sendable
>:
    Sendable
where SortField.RawValue == String, Field.RawValue == String {
    package var filter = Filter.everything
    package var from: Int64?
    package var to: Int64?
    package var sort: SortField
    package var isDescending = true
    package var limit = QueryLimits.defaultListRowCount
    package var cursor: String?
    package var fields: [Field] = Array(Field.allCases)
    package var explain = false

    package init(sort: SortField) { self.sort = sort }

    /// `parameters`: names and values of the URL, percent-decoded. Unknown names are refused.
    package init(parameters: [(name: String, value: String)], defaultSort: SortField) throws(QueryError) {
        self.init(sort: defaultSort)
        filter = try FilterParameters.parse(parameters)
        for (name, value) in parameters where name != "filter" && !name.hasPrefix("filter[") {
            switch name {
            case "from": from = try FilterLiteral.time(.string(value), "from")
            case "to": to = try FilterLiteral.time(.string(value), "to")
            case "sort":
                // A plus sign of a URL may have been decoded as a space.
                let isSigned = value.hasPrefix("-") || value.hasPrefix("+") || value.hasPrefix(" ")
                isDescending = value.hasPrefix("-")
                guard let known = SortField(rawValue: isSigned ? String(value.dropFirst()) : value) else {
                    throw .malformed("sort", "cannot sort by \"\(value)\"; known: " + Self.names(SortField.self))
                }
                sort = known
            case "limit":
                guard let count = Int(value), (1...QueryLimits.maximumListRowCount).contains(count) else {
                    throw .malformed("limit", "lies between 1 and \(QueryLimits.maximumListRowCount)")
                }
                limit = count
            case "cursor": cursor = value
            case "fields":
                fields = []
                for text in value.split(separator: ",") {
                    guard let field = Field(rawValue: String(text)) else {
                        throw .malformed("fields", "unknown field \"\(text)\"; known: " + Self.names(Field.self))
                    }
                    fields.append(field)
                }
                guard !fields.isEmpty else { throw .malformed("fields", "names no field") }
            case "explain":
                guard value == "true" || value == "false" else { throw .malformed("explain", "takes true or false") }
                explain = value == "true"
            default:
                throw .malformed(name, "unknown parameter; known: filter from to sort limit cursor fields explain")
            }
        }
        if let from, let to, from > to { throw .malformed("to", "lies before from") }
    }

    private static func names<Name: RawRepresentable & CaseIterable>(_ type: Name.Type) -> String where Name.RawValue == String {
        type.allCases.map(\.rawValue).joined(separator: " ")
    }

    var fingerprint: String { (isDescending ? "-" : "") + sort.rawValue }
    var predicate: Predicate { QueryRequest.predicate(filter, from: from, to: to) }
    var isUnfiltered: Bool { filter.isEverything && from == nil && to == nil }
}
