/// `/api/v1/events`: what comes into a project, live, as counts for a filter and the newest traces. Over a WebSocket or as server-sent events.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import TraceModel
import TraceQuery

struct ArrivalsHandlers: Sendable {
    let hub: EventHub
    let arrivals: ArrivalHub
    let accessControl: AccessControl

    private static let access = OperationAccess.permission(.readTraces)

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "followTraces", .get, "/api/v1/events", Self.access, query: ["topic", "filter"], takesTickets: true,
                statuses: [101, 200, 426], handler: followTraces)
        ]
    }

    func followTraces(_ request: APIRequest) async throws -> Response {
        guard (request.query["topic"] ?? "traces") == "traces" else { throw Problem.invalid("topic", "must be traces") }
        let filter = try FilterParameters.parse(request.query.items), project = try request.project
        if WebSocketHandshake.isAsked(in: request.headers) {
            let handshake = try EventsHandlers.handshake(request)
            return handshake.response(try stream(request, try await arrivals.hold(filter, of: project), .webSocket).body)
        }
        guard request.headers.accepts("text/event-stream") else {
            throw Problem(
                .badRequest, "this is a stream: ask for a WebSocket, or with Accept: text/event-stream; /api/v1/traces lists traces",
                kind: "not-a-stream")
        }
        return Response(
            status: .ok, headers: EventsHandlers.serverSentEventHeaders,
            body: try stream(request, try await arrivals.hold(filter, of: project), .serverSentEvents).body)
    }

    private func stream(_ request: APIRequest, _ hold: ArrivalHold, _ transport: EventMetrics.Transport) throws -> EventStream {
        EventStream(
            hub: hub, feed: hold.feed, hold: hold, transport: transport, detail: .counters, after: nil, channel: request.context.channel,
            confirm: try EventsHandlers.confirmation(request, accessControl, Self.access))
    }
}
