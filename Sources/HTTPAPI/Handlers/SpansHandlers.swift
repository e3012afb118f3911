/// `/api/v1/traces/{trace_id}/spans/{span_id}`: one span with everything that was sent of it; its long values apart, in ranges of
/// bytes; and why its fields are what they are.

import Access
import GenAIConventions
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import SpanStore
import TraceModel
import TraceQuery

struct SpansHandlers: Sendable {
    let store: SpanStore
    let reader: SpanReader
    let outlines: TraceOutlines
    let prices: CurrentPriceBook

    func routes(_ builder: OperationBuilder) -> [Route] {
        let one = "/api/v1/traces/{trace_id}/spans/{span_id}"
        return [
            builder.operation("getSpan", .get, one, .permission(.readTraces), statuses: [200, 404, 422], handler: getSpan),
            builder.operation(
                "getSpanPayload", .get, one + "/payloads/{name}", .permission(.readTraces), statuses: [200, 206, 404, 416, 422],
                handler: getSpanPayload),
            builder.operation(
                "explainSpan", .get, one + "/explain", .permission(.readTraces), statuses: [200, 404, 422], handler: explainSpan),
        ]
    }

    func getSpan(_ request: APIRequest) async throws -> Response { .json(bytes: try SpanEncoder.encode(try await span(request))) }

    func explainSpan(_ request: APIRequest) async throws -> Response {
        let span = try await span(request), project = try request.project
        // A trace of more spans than an outline has says nothing of repeats.
        let outline: TraceOutline?
        do throws(QueryError) { outline = try await outlines.outline(of: span.traceID, in: store.snapshot(of: project)) } catch {
            guard error.code == .memoryLimit else { throw error }
            outline = nil
        }
        return .json(
            bytes: try SpanExplanation(span, prices: prices.book(of: project), calls: outline.map { SpanCalls(span.spanID, in: $0) }).json)
    }

    func getSpanPayload(_ request: APIRequest) async throws -> Response {
        let span = try await span(request)
        guard let name = SpanPayloadName(request.path("name")), let payload = try SpanPayload.find(name, in: span) else {
            throw Problem.notFound("payload")
        }
        let bytes = payload.bytes
        var headers: HTTPFields = [.contentType: payload.mediaType, .acceptRanges: "bytes"]
        switch ByteRange(request.headers[.range], byteCount: bytes.count) {
        case .whole:
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
            return Response(status: .partialContent, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes[range])))
        case .unsatisfiable:
            request.context.account.setHeaders([(name: "content-range", value: "bytes */\(bytes.count)")])
            throw Problem(.rangeNotSatisfiable, "the payload has \(bytes.count) bytes, and none of them is in the range")
        }
    }

    private func span(_ request: APIRequest) async throws -> SpanRecord {
        let trace = try request.traceID
        guard let id = SpanID(hex: request.path("span_id")) else { throw Problem.invalid("span_id", "must be 16 hexadecimal digits") }
        guard let span = try await reader.span(id, of: trace, in: store.snapshot(of: try request.project)) else {
            throw Problem.notFound("span")
        }
        return span
    }
}
