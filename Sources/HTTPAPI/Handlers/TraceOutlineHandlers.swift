/// `/api/v1/traces/{trace_id}/spans` and `.../search`: windows into a trace of any size, in the order of a waterfall, and what is found in it.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import SpanStore
import TraceModel
import TraceQuery

struct TraceOutlineHandlers: Sendable {
    let store: SpanStore
    let outlines: TraceOutlines

    func routes(_ builder: OperationBuilder) -> [Route] {
        let one = "/api/v1/traces/{trace_id}"
        return [
            builder.operation(
                "listTraceSpans", .get, one + "/spans", .permission(.readTraces), query: ["offset", "limit", "around", "collapsed"],
                statuses: [200, 404, 422], handler: listTraceSpans),
            builder.operation(
                "searchTrace", .get, one + "/search", .permission(.readTraces), query: ["q", "limit", "collapsed"],
                statuses: [200, 404, 422], handler: searchTrace),
        ]
    }

    func listTraceSpans(_ request: APIRequest) async throws -> Response {
        let id = try request.traceID, collapsed = try Self.collapsed(request)
        let limit = try request.integer(
            "limit", in: 1...QueryLimits.maximumTraceWindowRowCount, default: QueryLimits.defaultTraceWindowRowCount)
        var offset = try request.integer("offset", in: 0...Int(Int32.max), default: 0)
        let around = try request.query["around"].map { text throws(Problem) in try Self.spanID(text, "around") }
        guard around == nil || request.query["offset"] == nil else { throw Problem.invalid("around", "excludes offset") }
        let project = try request.project
        // Before the snapshot, which has everything up to here.
        let position = store.arrivalPosition(of: project)
        guard let outline = try await outlines.outline(of: id, in: store.snapshot(of: project)) else { throw Problem.notFound("trace") }
        let visible = VisibleRows(outline, collapsed: collapsed)
        var aroundPosition: Int?
        if let around {
            guard let row = outline.row(of: around) else { throw Problem.notFound("span") }
            let position = visible.position(of: row).position
            aroundPosition = position
            offset = max(0, min(position - limit / 2, visible.count - limit))
        }
        return .json { writer in
            writer.beginObject()
            writer.outline(outline, visible)
            writer.member("row_count", visible.count)
            writer.member("offset", offset)
            writer.member("around_position", aroundPosition)
            writer.member("arrival_position", Int64(clamping: position))
            writer.key("data")
            writer.beginArray()
            for position in offset..<max(offset, min(offset + limit, visible.count)) { writer.row(at: position, of: outline, visible) }
            writer.endArray()
            writer.endObject()
        }
    }

    func searchTrace(_ request: APIRequest) async throws -> Response {
        let id = try request.traceID, collapsed = try Self.collapsed(request)
        guard let text = request.query["q"], !text.isEmpty, text.utf8.count <= QueryLimits.maximumTraceSearchByteCount else {
            throw Problem.invalid("q", "must be a text of 1 to \(QueryLimits.maximumTraceSearchByteCount) bytes")
        }
        let limit = try request.integer("limit", in: 1...QueryLimits.maximumTraceMatchCount, default: QueryLimits.defaultTraceMatchCount)
        let found = try await outlines.search(text, in: id, of: store.snapshot(of: try request.project), maximumCount: limit)
        guard let found else { throw Problem.notFound("trace") }
        let visible = VisibleRows(found.outline, collapsed: collapsed)
        return .json { writer in
            writer.beginObject()
            writer.member("trace_id", id.hex)
            writer.member("version", found.outline.versionText)
            writer.member("match_count", found.matchCount)
            writer.key("data")
            writer.beginArray()
            for match in found.matches {
                writer.beginObject()
                writer.place(of: match.row, in: found.outline, visible)
                writer.member("field", match.field)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func collapsed(_ request: APIRequest) throws(Problem) -> Set<SpanID> {
        guard let text = request.query["collapsed"] else { return [] }
        let texts = text.split(separator: ",")
        guard texts.count <= QueryLimits.maximumCollapsedCount else {
            throw .invalid("collapsed", "names at most \(QueryLimits.maximumCollapsedCount) spans")
        }
        var ids = Set<SpanID>()
        for text in texts { ids.insert(try spanID(text, "collapsed")) }
        return ids
    }

    private static func spanID(_ text: some StringProtocol, _ parameter: String) throws(Problem) -> SpanID {
        guard let id = SpanID(hex: String(text)) else { throw .invalid(parameter, "must be span ids of 16 hexadecimal digits") }
        return id
    }
}

extension APIRequest {
    /// The trace that the path names.
    var traceID: TraceID {
        get throws(Problem) {
            guard let id = TraceID(hex: path("trace_id")) else { throw .invalid("trace_id", "must be 32 hexadecimal digits") }
            return id
        }
    }
}

extension TraceOutline {
    fileprivate var versionText: String {
        let digits = String(version, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension JSONWriter {
    /// What every window says of the whole trace.
    fileprivate mutating func outline(_ outline: TraceOutline, _ visible: VisibleRows) {
        member("trace_id", outline.traceID.hex)
        member("version", outline.versionText)
        member("start_time", unixNano: outline.startTimeUnixNano)
        member("end_time", unixNano: outline.endTimeUnixNano)
        member("duration_ns", outline.endTimeUnixNano &- outline.startTimeUnixNano)
        member("span_count", outline.rows.count)
        member("error_count", outline.errorCount)
        usage(outline.usage)
        key("first_errors")
        beginArray()
        for row in outline.firstErrors(maximumCount: QueryLimits.maximumFirstErrorCount) {
            beginObject()
            place(of: row, in: outline, visible)
            member("name", outline.name(outline.rows[row].span.name))
            endObject()
        }
        endArray()
        key("usage_over_time")
        beginArray()
        for point in outline.usageOverTime {
            beginObject()
            member("offset_ns", point.offsetNano)
            usage(point.usage)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func row(at position: Int, of outline: TraceOutline, _ visible: VisibleRows) {
        let index = visible.row(at: position), row = outline.rows[index], span = row.span
        beginObject()
        member("position", position)
        member("span_id", span.spanID.hex)
        member("parent_span_id", span.parentSpanID.isZero ? nil : span.parentSpanID.hex)
        member("attachment", row.attachment.rawValue)
        member("depth", row.depth)
        member("child_count", row.childCount)
        member("descendant_count", Int(row.end) - index - 1)
        member("is_collapsed", visible.isCollapsed(index))
        member("name", outline.name(span.name))
        member("service", outline.name(span.service))
        member("kind", span.kind.name)
        member("model", outline.name(span.model))
        member("tool_name", outline.name(span.toolName))
        member("status", SpanWords.status(span.status))
        member("is_running", span.isRunning)
        member("subtree_error_count", outline.errorCount(at: index))
        member("start_offset_ns", span.startTimeUnixNano &- outline.startTimeUnixNano)
        member("duration_ns", span.durationNano)
        usage(span.usage)
        member("accumulated_tokens", row.accumulated.totalTokens)
        member("accumulated_cost", row.accumulated.cost)
        endObject()
    }

    /// Where a span shows.
    fileprivate mutating func place(of row: Int, in outline: TraceOutline, _ visible: VisibleRows) {
        let (position, isHidden) = visible.position(of: row)
        member("span_id", outline.rows[row].span.spanID.hex)
        member("position", position)
        member("is_hidden", isHidden)
    }

    private mutating func usage(_ usage: SpanUsage) {
        member("input_tokens", usage.inputTokens)
        member("output_tokens", usage.outputTokens)
        member("total_tokens", usage.totalTokens)
        member("cost", usage.cost)
    }
}
