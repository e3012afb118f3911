import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Metastore
import PostgresTesting
import Testing
import TraceModel

/// The routes over a whole server: pages, server-sent events, WebSockets, tickets.
@Suite("Routes of events") struct EventRouteTests {
    private struct Server {
        let installation: TestInstallation
        let live: LiveServer
        let key: String
        let task: TaskID

        var path: String { "/api/v1/tasks/\(task.uuid)/events" }
        var bearer: (String, String) { ("Authorization", "Bearer \(key)") }

        func json(_ method: String, _ path: String, _ body: String = "", as key: String? = nil) async throws -> (Int, JSONValue) {
            let answer = try await live.send(
                method, path, headers: [("authorization", "Bearer \(key ?? self.key)"), ("content-type", "application/json")],
                body: Array(body.utf8))
            return (answer.status, (try? JSONValue.parse(answer.body)) ?? .null)
        }

        func ticket(_ body: String = "{}", as key: String? = nil) async throws -> String {
            let (status, value) = try await json("POST", "/api/v1/tickets", body, as: key)
            #expect(status == 201 && value["expires_in"]?.integerValue == 30)
            return value["ticket"]?.stringValue ?? ""
        }

        func open(_ path: String? = nil, _ headers: [(String, String)]) async throws -> TestWebSocket {
            try await TestWebSocket.open(port: live.port, path ?? self.path, headers: headers)
        }

        /// With a ticket, as a browser would.
        func open(ticket: String, _ path: String? = nil, origin: String? = nil) async throws -> TestWebSocket {
            try await open(
                path, [("Sec-WebSocket-Protocol", "spandrel.v1, ticket.\(ticket)")] + (origin.map { [("Origin", $0)] } ?? []))
        }
    }

    private func run(
        _ change: (inout EventLimits) -> Void = { _ in }, _ body: @Sendable (Server) async throws -> Void
    ) async throws {
        var limits = EventLimits()
        change(&limits)
        try await TestInstallation.run(eventLimits: limits) { installation, live in
            let task = try await installation.metastore.tasks.create(kind: "seal", project: installation.first.projectID).id
            try await body(Server(installation: installation, live: live, key: try await installation.key([.read]), task: task))
        }
    }

    private func value(_ frame: TestWebSocket.Frame?) throws -> JSONValue { try JSONValue.parse(try #require(frame).payload) }

    @Test("a poller reads pages and is told when there is nothing more to come")
    func pages() async throws {
        try await run { server in
            let tasks = server.installation.metastore.tasks
            let (_, empty) = try await server.json("GET", server.path)
            #expect(empty["data"]?.arrayValue?.isEmpty == true && empty["last_sequence"]?.integerValue == 0)
            #expect(empty["is_finished"]?.boolValue == false)
            try await tasks.start(server.task)
            try await tasks.cancel(server.task)
            let (_, first) = try await server.json("GET", server.path + "?limit=1")
            #expect(first["data"]?.arrayValue?.map { $0["type"]?.stringValue } == ["task.running"])
            #expect(first["last_sequence"]?.integerValue == 2 && first["is_finished"]?.boolValue == false)
            let (_, last) = try await server.json("GET", server.path + "?after=1")
            #expect(last["data"]?.arrayValue?.map { $0["type"]?.stringValue } == ["task.cancelled"])
            #expect(last["is_finished"]?.boolValue == true)
            for wrong in ["?after=-1", "?after=x", "?limit=0", "?limit=1001", "?until=3"] {
                #expect(try await server.json("GET", server.path + wrong).0 == 400, "\(wrong)")
            }
        }
    }

    @Test("a WebSocket says hello, then each event as it happens, counters, and ends with 1000 when the task has")
    func webSocket() async throws {
        try await run { server in
            let socket = try await server.open(nil, [server.bearer])
            #expect(socket.handshake.status == 101 && socket.handshake.headers["sec-websocket-protocol"] == nil)
            let hello = try self.value(try await socket.message())
            #expect(hello["type"]?.stringValue == "hello" && hello["sequence"]?.integerValue == 0)
            #expect(hello["data"]?["state"]?.stringValue == "queued" && hello["data"]?["kind"]?.stringValue == "seal")
            let tasks = server.installation.metastore.tasks
            try await tasks.start(server.task)
            try await tasks.reportProgress(server.task, done: 1, total: 4)
            try await tasks.succeed(server.task, result: Array(#"{"segments":1}"#.utf8))
            var types: [String] = [], last: TestWebSocket.Frame?
            while let frame = try await socket.message() {
                last = frame
                guard frame.opcode == 1 else { break }
                let message = try self.value(frame)
                if message["type"]?.stringValue == "progress" {
                    types.append("progress \(message["data"]?["done"]?.integerValue ?? -1)")
                } else {
                    types.append(message["type"]?.stringValue ?? "")
                }
            }
            #expect(types.filter { !$0.hasPrefix("progress") } == ["task.running", "task.succeeded"])
            #expect(types.last == "progress 1")
            #expect(last?.closeCode == 1000)
            socket.close()

            // Whoever comes late has everything, too.
            let late = try await server.open(server.path + "?after=0", [server.bearer])
            var sequences: [Int64] = []
            while let frame = try await late.message(), frame.opcode == 1 {
                sequences.append(try self.value(frame)["sequence"]?.integerValue ?? -1)
            }
            #expect(sequences == [0, 1, 2])
            late.close()
        }
    }

    @Test("server-sent events have the sequence as id, and resume where the browser says, which goes before the URL")
    func serverSentEvents() async throws {
        try await run { server in
            let tasks = server.installation.metastore.tasks
            try await tasks.start(server.task)
            try await tasks.cancel(server.task)
            func stream(_ query: String, _ headers: [(String, String)] = []) async throws -> (status: Int, text: String) {
                let raw = try await RawConnection.open(port: server.live.port)
                defer { raw.close() }
                var head = "GET \(server.path)\(query) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n"
                for (name, value) in [server.bearer] + headers { head += "\(name): \(value)\r\n" }
                try await raw.send(head + "\r\n")
                var bytes: [UInt8] = []
                while case let more = try await raw.receive(), !more.isEmpty { bytes += more }
                let text = String(decoding: bytes, as: UTF8.self)
                let status = Int(text.split(separator: " ")[1]) ?? 0
                return (status, text)
            }
            let (status, text) = try await stream("?after=0")
            #expect(status == 200)
            for part in [
                "text/event-stream", "X-Accel-Buffering: no", "retry: 3000\n\n", "id: 0\nevent: hello\ndata: {",
                "id: 1\nevent: task.running\n",
                "id: 2\nevent: task.cancelled\n",
            ] {
                #expect(text.lowercased().contains(part.lowercased()), "\(part)")
            }
            let resumed = try await stream("?after=0", [("Last-Event-ID", "1")]).text
            #expect(resumed.contains("event: task.cancelled") && !resumed.contains("event: task.running"))
            #expect(try await stream("?after=0", [("Last-Event-ID", "2")]).status == 204, "a browser would come back for ever")
            #expect(try await stream("", [("Last-Event-ID", "x")]).status == 400)
            #expect(try await stream("?after=3").status == 400, "there is no such event yet")
            #expect(try await stream("?detail=some").status == 400)
        }
    }

    @Test("a ticket opens one WebSocket, once, of its own task; it is never echoed")
    func tickets() async throws {
        try await run { server in
            let ticket = try await server.ticket(#"{"task_id":"\#(server.task.uuid)"}"#)
            let socket = try await server.open(ticket: ticket)
            #expect(socket.handshake.status == 101 && socket.handshake.headers["sec-websocket-protocol"] == "spandrel.v1")
            #expect(!socket.handshake.headers.values.contains { $0.contains(ticket) })
            #expect(try self.value(try await socket.message())["type"]?.stringValue == "hello")
            socket.close()
            #expect(try await server.open(ticket: ticket).handshake.status == 401, "it was used")
            #expect(try await server.open(ticket: "spdrl_ticket_nonsense").handshake.status == 401)
            let other = try await server.installation.metastore.tasks.create(kind: "seal", project: server.installation.first.projectID).id
            let elsewhere = try await server.ticket(#"{"task_id":"\#(other.uuid)"}"#)
            #expect(try await server.open(ticket: elsewhere).handshake.status == 401)
            #expect(
                try await server.open(ticket: elsewhere, "/api/v1/tasks/\(other.uuid)/events").handshake.status == 401, "a try is a use")
            let wrongOrigin = try await server.ticket()
            #expect(try await server.open(ticket: wrongOrigin, origin: "https://evil.example").handshake.status == 403)
            #expect(try await server.open(ticket: wrongOrigin).handshake.status == 401, "a try is a use")
            let own = try await server.open(ticket: try await server.ticket(), origin: "http://localhost:\(server.live.port)")
            #expect(own.handshake.status == 101)
            own.close()
            for wrong in [#"{"task_id":"x"}"#, #"{"task_id":"\#(TaskID.make().uuid)"}"#, #"{"task":"x"}"#] {
                #expect(try await server.json("POST", "/api/v1/tickets", wrong).0 == 422)
            }
            // Tickets are for WebSockets alone.
            #expect(try await server.live.send("GET", server.path, headers: [("Sec-WebSocket-Protocol", "ticket.x")]).status == 401)
        }
    }

    @Test("another project's task, one of nobody and one that is not there answer alike; a task that is no run is no run")
    func isolation() async throws {
        try await run { server in
            let other = try await server.installation.key([.read], of: try await server.installation.makeProject("Other"))
            let nobodys = try await server.installation.metastore.tasks.create(kind: "seal", project: nil).id
            func answers(_ headers: [(String, String)], _ task: TaskID, _ key: String) async throws -> String {
                let answer = try await server.live.send(
                    "GET", "/api/v1/tasks/\(task.uuid)/events", headers: headers + [("authorization", "Bearer \(key)")])
                return "\(answer.status) " + answer.text.replacing(/"request_id":"[^"]*"/, with: "")
            }
            for headers in [[], [("Accept", "text/event-stream")]] {
                let unknown = try await answers(headers, .make(), other)
                #expect(unknown.hasPrefix("404"))
                #expect(try await answers(headers, server.task, other) == unknown)
                #expect(try await answers(headers, nobodys, server.key) == unknown)
            }
            let socket = try await server.open(nil, [("Authorization", "Bearer \(other)")])
            #expect(socket.handshake.status == 404)
            #expect(try await server.json("GET", "/api/v1/runs/\(server.task.uuid)/events").0 == 404)
            #expect(try await server.open(nil, []).handshake.status == 401)
        }
    }

    @Test("a stream whose key is revoked is closed with 1008 at the next look, an unrevoked one goes on")
    func revoked() async throws {
        try await run({
            $0.confirmationNanoseconds = 200_000_000
            $0.tickNanoseconds = 50_000_000
        }) { server in
            let secret = APIKeySecret.generate()
            let record = try await server.installation.metastore.apiKeys.create(
                NewAPIKey(name: "Short", secret: secret, scopes: [.read]), in: server.installation.first.projectID)
            let socket = try await server.open(ticket: try await server.ticket(as: secret.text)),
                other = try await server.open(nil, [server.bearer])
            for each in [socket, other] { #expect(try self.value(try await each.message())["type"]?.stringValue == "hello") }
            _ = try await server.installation.metastore.apiKeys.revoke(record.id, in: server.installation.first.projectID)
            server.installation.accounts.authenticator.forget(record.id)
            var frame: TestWebSocket.Frame?
            repeat { frame = try await socket.message() } while frame?.opcode == 1
            #expect(frame?.closeCode == 1008)
            try await server.installation.metastore.tasks.cancel(server.task)
            repeat { frame = try await other.message() } while frame?.opcode == 1
            #expect(frame?.closeCode == 1000)
            for each in [socket, other] { each.close() }
        }
    }

    @Test("a server that stops ends its streams: WebSockets with 1012 and where to resume, server-sent events with the end of the stream")
    func drain() async throws {
        try await run { server in
            try await server.installation.metastore.tasks.start(server.task)
            let socket = try await server.open(nil, [server.bearer])
            #expect(try self.value(try await socket.message())["sequence"]?.integerValue == 1)
            let raw = try await RawConnection.open(port: server.live.port)
            try await raw.send(
                "GET \(server.path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer \(server.key)\r\n\r\n"
            )
            var text = ""
            while !text.contains("event: hello") { text += String(decoding: try await raw.receive(), as: UTF8.self) }
            await server.live.beginStopping()
            var frame: TestWebSocket.Frame?
            repeat { frame = try await socket.message() } while frame?.opcode == 1
            #expect(frame?.closeCode == 1012 && frame?.closeReason.contains("after=1") == true, "\(frame?.closeReason ?? "")")
            while case let more = try await raw.receive(), !more.isEmpty { text += String(decoding: more, as: UTF8.self) }
            #expect(text.hasSuffix("0\r\n\r\n"), "the stream ends whole")
            socket.close()
            raw.close()
        }
    }
}
