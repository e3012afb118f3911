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
    static let traceServicePath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

    let intake: ExportIntake

    var routes: [Route] {
        [
            Route(
                "exportTracesOverGRPC", .post, Self.traceServicePath, access: Permission.ingestSpans.rawValue, statuses: [200, 415],
                handler: exportTraces)
        ]
    }

    func exportTraces(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        guard ["application/grpc", "application/grpc+proto"].contains(MediaType.name(request.headers[.contentType])) else {
            throw Problem(.unsupportedMediaType, "this port speaks gRPC alone (application/grpc); OTLP over HTTP has a port of its own")
        }
        do {
            let deadline = try GRPCDeadline(header: request.headers[.grpcTimeout], now: .now)
            let reply = try await intake.take(request, context) {
                let encoding = try ContentEncoding(grpcEncoding: request.headers[.grpcEncoding])
                let framing = ExportIntake.Framing(overheadByteCount: GRPCMessage.prefixByteCount) { body in
                    try deadline.check(now: .now)
                    return try GRPCMessage.unwrap(body, encoding: encoding)
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
