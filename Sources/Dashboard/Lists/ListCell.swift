/// One cell of a list: the figure as text, the raw value beside it.

import ByteCoding

enum ListCell {
    /// - Parameters:
    ///   - metric: what the row is of: `trace`, `session`, `user`.
    ///   - url: the row's own page.
    ///   - longest: milliseconds of the longest row that is shown with this one.
    static func make(
        _ column: ListColumn, of metric: String, _ row: JSONValue, project: String, url: String, longest: Double
    ) -> PageContext {
        let hasErrors = (row.integer("error_count") ?? 0) > 0
        var cell = PageContext()
        for kind in ["name", "time", "number", "duration", "text", "link"] { cell.set("is_" + kind, kind == form(column.kind)) }
        cell.set("metric", column.isNumeric || column.kind == .time ? "\(metric).\(column.name)" : "")
        cell.set("value", "")
        cell.set("text", "–")
        for name in ["url", "status_class", "status_text", "service", "tone", "share"] { cell.set(name, "") }
        cell.set("has_service", false)
        switch column.kind {
        case .name:
            let name = row.text(column.name)
            cell.set("text", name.isEmpty ? "(no name)" : name)
            cell.set("url", url)
            cell.set("status_class", hasErrors ? "bad" : "good")
            cell.set("status_text", hasErrors ? "with errors" : "without errors")
            let service = column.name == "name" ? row.text("service") : ""
            cell.set("has_service", !service.isEmpty)
            cell.set("service", service)
        case .time:
            cell.set("value", row.text(column.name))
            cell.set("text", Times.text(row.text(column.name)))
        case .duration:
            guard let duration = row.number(column.name) else { break }
            cell.set("value", Figures.raw(duration))
            cell.set("text", Figures.duration(milliseconds: duration))
            cell.set("share", Figures.fixed(longest > 0 ? max(0, min(100, 100 * duration / longest)) : 0, 0))
        case .count:
            guard let count = row.integer(column.name) else { break }
            cell.set("value", count)
            let isError = column.name == "error_count"
            cell.set("text", isError && count == 0 ? "–" : Figures.count(count))
            if isError { cell.set("tone", count == 0 ? "faint" : "bad") }
        case .cost:
            guard let cost = row.number(column.name) else { break }
            cell.set("value", Figures.raw(cost))
            cell.set("text", Figures.cost(cost))
        case .text:
            let text = row[column.name]?.arrayValue?.compactMap(\.stringValue).joined(separator: ", ") ?? row.text(column.name)
            if !text.isEmpty { cell.set("text", text) }
        case .link(let folder):
            guard let id = row[column.name]?.stringValue ?? row.list(column.name).first?.stringValue, !id.isEmpty else {
                cell.set("is_link", false)
                cell.set("is_text", true)
                break
            }
            cell.set("text", id)
            cell.set("url", "\(project)/\(folder)/\(URLText.encoded(id))")
        }
        return cell
    }

    private static func form(_ kind: ListColumn.Kind) -> String {
        switch kind {
        case .name: "name"
        case .time: "time"
        case .duration: "duration"
        case .count, .cost: "number"
        case .text: "text"
        case .link: "link"
        }
    }
}
