/// `/api/v1/traces`: the list, a row per trace, and one trace with all its spans.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import OTLP
import SpanStore
import TraceModel
import TraceQuery

struct TracesHandlers: Sendable {
    let store: SpanStore
    let list: TraceList
    let reader: TraceReader

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listTraces", .get, "/api/v1/traces", .permission(.readTraces),
                query: ["filter", "from", "to", "sort", "limit", "cursor", "fields", "explain"], statuses: [200, 422], handler: listTraces),
            builder.operation(
                "getTraceHistogram", .get, "/api/v1/traces/histogram", .permission(.readTraces), query: ["filter", "from", "to", "bucket"],
                statuses: [200, 422], handler: getTraceHistogram),
            builder.operation(
                "exportTraceList", .get, "/api/v1/traces/export", .permission(.readTraces),
                query: ["filter", "from", "to", "sort", "fields", "format", "limit"], statuses: [200, 422], handler: exportTraceList),
            builder.operation(
                "getTrace", .get, "/api/v1/traces/{trace_id}", .permission(.readTraces), query: ["format"], statuses: [200, 404, 422],
                handler: getTrace
            ),
        ]
    }

    func listTraces(_ request: APIRequest) async throws -> Response {
        let list = try TraceListRequest(parameters: request.query.items, defaultSort: .startTime)
        let project = try request.project
        // Before the snapshot: whoever follows arrivals from there on misses nothing that the list does not have.
        let position = store.arrivalPosition(of: project)
        var page = try await self.list.list(list, in: store.snapshot(of: project))
        page.arrivalPosition = position
        return .json(bytes: page.encode(fields: list.fields))
    }

    func getTraceHistogram(_ request: APIRequest) async throws -> Response {
        let histogram = try await list.histogram(
            try TraceHistogramRequest(parameters: request.query.items), in: store.snapshot(of: try request.project))
        return .json { writer in
            writer.beginObject()
            writer.member("bucket_ms", histogram.bucket.nanoseconds / 1_000_000)
            writer.member("trace_count", histogram.traceCount)
            writer.member("error_trace_count", histogram.errorTraceCount)
            writer.key("data")
            writer.beginArray()
            for bar in histogram.bars {
                writer.beginObject()
                writer.member("bucket", unixNano: bar.startTimeUnixNano)
                writer.member("trace_count", bar.traceCount)
                writer.member("error_trace_count", bar.errorTraceCount)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    func exportTraceList(_ request: APIRequest) async throws -> Response {
        guard let format = TraceExportFormat(rawValue: request.query["format"] ?? "json") else {
            throw Problem.invalid("format", "must be one of \(TraceExportFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let maximum = try request.integer("limit", in: 1...APILimits.maximumExportRowCount, default: APILimits.maximumExportRowCount)
        var list = try TraceListRequest(
            parameters: request.query.items.filter { $0.name != "format" && $0.name != "limit" }, defaultSort: .startTime)
        list.limit = min(maximum, QueryLimits.maximumListRowCount)
        let snapshot = store.snapshot(of: try request.project), first = try await self.list.list(list, in: snapshot)
        let export = TraceExport(list: self.list, request: list, snapshot: snapshot, format: format, maximumRowCount: maximum)
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType, .contentDisposition: "attachment; filename=\"traces.\(format.rawValue)\"",
            ], body: export.body(first: first))
    }

    func getTrace(_ request: APIRequest) async throws -> Response {
        guard let id = TraceID(hex: request.path("trace_id")) else {
            throw Problem.invalid("trace_id", "must be 32 hexadecimal digits")
        }
        let format = request.query["format"] ?? "json"
        guard ["json", "otlp"].contains(format) else { throw Problem.invalid("format", "must be json or otlp") }
        guard let trace = try await reader.trace(id, in: store.snapshot(of: try request.project)) else { throw Problem.notFound("trace") }
        return .json(bytes: format == "otlp" ? TracesDataJSONEncoder.encode(trace.spans) : try TraceEncoder.encode(trace))
    }
}
