/// `/api/v1/tasks/{task_id}/events` and `/api/v1/runs/{run_id}/events`: one path for WebSockets, server-sent events and pollers; and the
/// tickets with which browsers open the first. docs/events.md tells how they are used.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct EventsHandlers: Sendable {
    let hub: EventHub
    let accessControl: AccessControl
    let tickets: Tickets

    static let subprotocol = "spandrel.v1"
    private static let access = OperationAccess.permission(.readTasks)

    func routes(_ builder: OperationBuilder) -> [Route] {
        func follow(_ id: String, _ path: String, _ handler: @escaping @Sendable (APIRequest) async throws -> Response) -> Route {
            builder.operation(
                id, .get, path, Self.access, query: ["after", "limit", "detail"], takesTickets: true, statuses: [101, 200, 204, 426],
                handler: handler)
        }
        return [
            follow("followTask", "/api/v1/tasks/{task_id}/events") { try await self.follow($0, $0.path("task_id"), "task") { _ in true } },
            follow("followRun", "/api/v1/runs/{run_id}/events") { try await self.follow($0, $0.path("run_id"), "run") { $0.run != nil } },
            builder.operation(
                "createTicket", .post, "/api/v1/tickets", Self.access, body: .json, statuses: [201], handler: createTicket),
        ]
    }

    // MARK: Events

    private func follow(
        _ request: APIRequest, _ id: String, _ noun: String, isOne: (TaskSnapshot) -> Bool
    ) async throws -> Response {
        let project = try request.project
        if WebSocketHandshake.isAsked(in: request.headers) {
            let handshake = try Self.handshake(request)
            let (after, detail) = (try Self.after(request), try Self.detail(request))
            guard let hold = try await hold(id, of: project, isOne) else { throw Problem.notFound(noun) }
            try await checkIsPast(after, hold)
            return handshake.response(try stream(request, hold, .webSocket, detail, after).body)
        }
        guard request.headers.accepts("text/event-stream") else { return try await page(request, id, of: project, noun, isOne) }
        let (after, detail) = (try Self.after(request), try Self.detail(request))
        guard let hold = try await hold(id, of: project, isOne) else { throw Problem.notFound(noun) }
        try await checkIsPast(after, hold)
        let snapshot = hold.feed.snapshot
        // The one answer after which a browser does not come back.
        if request.headers[.lastEventID] != nil, snapshot.task.state.isFinal, let after, after >= snapshot.lastEventSequence {
            return Response(status: .noContent)
        }
        return Response(
            status: .ok, headers: Self.serverSentEventHeaders, body: try stream(request, hold, .serverSentEvents, detail, after).body)
    }

    private func hold(_ id: String, of project: ProjectID, _ isOne: (TaskSnapshot) -> Bool) async throws -> FeedHold? {
        guard let task = TaskID(uuid: id), let hold = try await hub.hold(task) else { return nil }
        return hold.feed.snapshot.task.projectID == project && isOne(hold.feed.snapshot) ? hold : nil
    }

    /// A follower that waited for numbers from another task, or from before a restored backup, would wait for ever.
    private func checkIsPast(_ after: Int64?, _ hold: FeedHold) async throws {
        guard let after, after > hold.feed.position else { return }
        // The feed may be a moment behind; another server's need not be.
        let last = try await hub.origin.source.snapshot(of: hold.feed.task)?.lastEventSequence ?? 0
        guard after <= last else { throw Problem.invalid("after", "is past the last event, which has the sequence \(last)") }
    }

    private func stream(
        _ request: APIRequest, _ hold: FeedHold, _ transport: EventMetrics.Transport, _ detail: SubscriberQueue.Detail, _ after: Int64?
    ) throws -> EventStream {
        EventStream(
            hub: hub, feed: hold.feed, hold: hold, transport: transport, detail: detail, after: after, channel: request.context.channel,
            confirm: try Self.confirmation(request, accessControl, Self.access))
    }

    static let serverSentEventHeaders: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-cache, no-store", .accelBuffering: "no",
    ]

    /// Whether who asks now may still read later.
    static func confirmation(
        _ request: APIRequest, _ accessControl: AccessControl, _ access: OperationAccess
    ) throws -> @Sendable () async -> Bool {
        let principal = try request.principal, credential = try request.shown, address = request.context.remoteAddress
        return {
            do throws(AccessError) {
                try await accessControl.confirm(principal, shown: credential, address: address).require(access)
                return true
            } catch {
                // Whether it may cannot be known now: until it can, what was allowed goes on.
                return error == .unavailable
            }
        }
    }

    static func handshake(_ request: APIRequest) throws(Problem) -> WebSocketHandshake {
        do throws(Problem) {
            return try WebSocketHandshake(request.headers, subprotocol: subprotocol)
        } catch {
            if error.status.code == 426 { request.context.account.setHeaders(WebSocketHandshake.versionHeaders) }
            throw error
        }
    }

    /// Events for those who ask from time to time.
    private func page(
        _ request: APIRequest, _ id: String, of project: ProjectID, _ noun: String, _ isOne: (TaskSnapshot) -> Bool
    ) async throws -> Response {
        let after = try Self.after(request) ?? 0
        let limit = try request.integer("limit", in: 1...EventLimits.maximumPageCount, default: EventLimits.defaultPageCount)
        guard let task = TaskID(uuid: id), let snapshot = try await hub.origin.source.snapshot(of: task),
            snapshot.task.projectID == project, isOne(snapshot)
        else { throw Problem.notFound(noun) }
        let events = try await hub.origin.source.events(of: task, after: after, limit: limit)
        let last = max(snapshot.lastEventSequence, events.last?.sequence ?? 0)
        return .json { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for event in events { writer.raw(EventEncoder(task: task).json(event)) }
            writer.endArray()
            writer.member("last_sequence", last)
            writer.member("is_finished", snapshot.task.state.isFinal && (events.last?.sequence ?? after) >= last)
            writer.endObject()
        }
    }

    /// A browser that reconnects repeats the URL, and says in the header how far it came.
    private static func after(_ request: APIRequest) throws(Problem) -> Int64? {
        for (name, text) in [("Last-Event-ID", request.headers[.lastEventID]), ("after", request.query["after"])] {
            guard let text, !text.isEmpty else { continue }
            guard let value = Int64(text), value >= 0 else { throw .invalid(name, "must be the sequence of an event, or 0") }
            return value
        }
        return nil
    }

    private static func detail(_ request: APIRequest) throws(Problem) -> SubscriberQueue.Detail {
        switch request.query["detail"] {
        case nil, "all": return .everything
        case "counters": return .counters
        default: throw .invalid("detail", "must be all or counters")
        }
    }

    // MARK: Tickets

    func createTicket(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["task_id"])
        var task: TaskID?
        if let text = try request.text("task_id", maximumByteCount: 64) {
            guard let id = TaskID(uuid: text), let snapshot = try await hub.origin.source.snapshot(of: id),
                snapshot.task.projectID == (try request.project)
            else { throw Problem.unprocessable("task_id", "names no task of this project") }
            task = id
        }
        let ticket = try tickets.issue(Ticket(principal: try request.principal, task: task, credential: try request.shown))
        return .json(.created) { writer in
            writer.beginObject()
            writer.member("ticket", ticket.text)
            writer.member("task_id", task?.uuid)
            writer.member("expires_in", Tickets.lifetimeSeconds)
            writer.endObject()
        }
    }
}

extension HTTPFields {
    /// Whether the client names this media type; `*/*` is no such wish.
    func accepts(_ type: String) -> Bool {
        self[values: .accept].contains { value in
            value.split(separator: ",").contains { $0.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() == type }
        }
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    fileprivate static let lastEventID = HTTPField.Name("last-event-id")!
    fileprivate static let accelBuffering = HTTPField.Name("x-accel-buffering")!
}
