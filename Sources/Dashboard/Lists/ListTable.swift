/// A list as a table: headers that sort, and rows whose cells stand in their order.

import ByteCoding

struct ListTable: Sendable {
    let columns: [ListColumn]
    /// As the API's: `-start_time`.
    let sort: String
    /// What figures of its rows are called: `trace` for `trace.cost`.
    let metric: String

    func set(_ rows: [JSONValue], in context: inout PageContext, _ visit: PageVisit, project: String, url: (JSONValue) -> String) {
        let longest = rows.compactMap { $0.number("duration_ms") }.max() ?? 0
        context.set("headers", columns.map { header($0, visit) })
        context.set("has_rows", !rows.isEmpty)
        context.set(
            "rows",
            rows.map { row in
                let url = url(row), id = row.text(columns.first { $0.kind == .name && $0.name.hasSuffix("_id") }?.name ?? "trace_id")
                return .make { context in
                    context.set("id", id)
                    context.set("trace_id", row.text("trace_id"))
                    context.set("url", url)
                    context.set("has_errors", (row.integer("error_count") ?? 0) > 0)
                    context.set(
                        "cells", columns.map { ListCell.make($0, of: metric, row, project: project, url: url, longest: longest) })
                }
            })
    }

    private func header(_ column: ListColumn, _ visit: PageVisit) -> PageContext {
        let isDescending = sort == "-" + column.name, isAscending = sort == column.name
        return .make {
            $0.set("name", column.name)
            $0.set("label", column.label)
            $0.set("is_numeric", column.isNumeric)
            $0.set("is_sortable", column.isSortable)
            $0.set("is_sorted", isDescending || isAscending)
            $0.set("aria_sort", isDescending ? "descending" : isAscending ? "ascending" : "none")
            $0.set("is_descending", isDescending)
            $0.set("is_ascending", isAscending)
            let other = isDescending ? column.name : "-" + column.name
            $0.set("sort_url", column.isSortable ? visit.url(setting: [("sort", other), ("cursor", nil)]) : "")
        }
    }
}

/// The way from one page of a list to the next, and how many rows this one has.
enum Pager {
    /// Rows of this page, of how many in all where that is known, in words: "12 of 4,391 traces".
    struct Shown: Equatable {
        let count: Int
        var total: Int64?
        let one: String, many: String

        init(_ count: Int, of total: Int64? = nil, _ one: String, _ many: String) {
            (self.count, self.total, self.one, self.many) = (count, total, one, many)
        }

        fileprivate func pieces(isAll: Bool) -> [FigureContext.Piece] {
            let all = total.map { [.words(" of "), FigureContext.Piece.number("list.total", Double($0), Figures.count($0))] } ?? []
            let name = (total ?? Int64(count)) == 1 ? one : many
            return [.number("list.shown", Double(count), Figures.count(Int64(count)))] + all
                + [.words(" " + name + (isAll || total != nil ? "" : " on this page"))]
        }
    }

    static func set(in context: inout PageContext, _ visit: PageVisit, next cursor: String?, shown: Shown) {
        context.set("has_first", visit["cursor"] != nil)
        context.set("first_url", visit["cursor"] == nil ? "" : visit.url(setting: [("cursor", nil)]))
        context.set("has_next", cursor != nil)
        context.set("next_url", cursor.map { visit.url(setting: [("cursor", $0)]) } ?? "")
        context.set("shown", shown.pieces(isAll: cursor == nil && visit["cursor"] == nil).map(\.context))
    }

    /// The API's `limit` and `cursor`.
    static func parameters(_ visit: PageVisit, limit: Int = 50) -> [(String, String)] {
        [("limit", String(limit))] + (visit["cursor"].map { [("cursor", $0)] } ?? [])
    }
}
