/// OTLP over gRPC, as routes of an HTTP/2 listener: a unary call is a POST of one framed message to `/SERVICE/METHOD`, answered with a framed
/// message and the call's status in the trailers. Behind the framing it is the same way in as over HTTP.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import NIOCore
import OTLP

struct GRPCReceiver: Sendable {
    typealias Signal = ExportTraceResponseEncoder.Signal

    static let traceServicePath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    static let services: [(operationID: String, path: String, signal: Signal)] = [
        ("exportTracesOverGRPC", traceServicePath, .traces),
        ("exportLogsOverGRPC", "/opentelemetry.proto.collector.logs.v1.LogsService/Export", .logs),
        ("exportMetricsOverGRPC", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", .metrics),
    ]

    let intake: ExportIntake

    var routes: [Route] {
        Self.services.map { operationID, path, signal in
            Route(operationID, .post, path, access: Permission.ingestSpans.rawValue, statuses: [200, 415]) { request, context in
                try await export(signal, request, context)
            }
        }
    }

    func export(_ signal: Signal, _ request: Request, _ context: ServerRequestContext) async throws -> Response {
        guard ["application/grpc", "application/grpc+proto"].contains(MediaType.name(request.headers[.contentType])) else {
            throw Problem(.unsupportedMediaType, "this port speaks gRPC alone (application/grpc); OTLP over HTTP has a port of its own")
        }
        do {
            let deadline = try GRPCDeadline(header: request.headers[.grpcTimeout], now: .now)
            let reply = try await intake.take(signal, request, context) {
                let encoding = try ContentEncoding(grpcEncoding: request.headers[.grpcEncoding])
                let framing = ExportIntake.Framing(prefix: GRPCMessage.prefix) { prefix, messageByteCount in
                    try deadline.check(now: .now)
                    return try GRPCMessage.check(prefix, messageByteCount: messageByteCount, encoding: encoding)
                }
                return (.protobuf, framing)
            }
            let body = ExportTraceResponseEncoder(format: .protobuf).body(of: reply)
            var response = Self.response(ByteBuffer(bytes: GRPCMessage.wrap(body)), GRPCStatus.success)
            response.headers[.spandrelReceipt] = reply.receipt
            return response
        } catch {
            let refusal = ExportRefusal(error)
            intake.refused(refusal, error, context)
            context.account.logged["grpc_status"] = .stringConvertible(refusal.code.rawValue)
            return Self.response(nil, GRPCStatus(refusal).trailers)
        }
    }

    private static func response(_ message: ByteBuffer?, _ trailers: HTTPFields) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/grpc", .grpcAcceptEncoding: GRPCMessage.acceptedEncodings],
            body: ResponseBody { writer in
                if let message { try await writer.write(message) }
                try await writer.finish(trailers)
            })
    }
}
