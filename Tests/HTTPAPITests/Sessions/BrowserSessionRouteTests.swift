import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// Every route with a browser's cookie: as good as an access token for this server's own pages, good for nothing on another site's.
@Suite("Routes with a browser's cookie")
struct BrowserSessionRouteTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    private func run(_ body: @Sendable (TestInstallation, LiveServer, _ cookie: (String, String)) async throws -> Void) async throws {
        try await TestInstallation.run { installation, server in
            let browser = try await installation.accounts.signIn.signInBrowser(
                email: FirstStart.ownerEmail, password: installation.first.password.text, origin: RequestOrigin())
            try await body(installation, server, ("cookie", "theme=dark; spandrel_session=\(browser.token.text)"))
        }
    }

    private func kind(_ answer: HTTPAnswer) -> String {
        ((try? JSONValue.parse(answer.body))?["type"]?.stringValue?.split(separator: ":").last).map { String($0) } ?? ""
    }

    @Test("a page of another site changes nothing, on any route; a page of this server gets past that check on every one")
    func crossSite() async throws {
        let contract = try #require(Self.contract)
        try await run { installation, server, cookie in
            let first = installation.first
            let changes = contract.operations.filter { $0.method != "get" && $0.access != "public" }
            #expect(changes.count > 60)
            for operation in changes where !operation.id.hasPrefix("export") || operation.path.hasPrefix("/api/v1") {
                let path = operation.path.replacing("{project_id}", with: first.projectID.uuid)
                    .replacing("{organization_id}", with: first.organizationID.uuid)
                    .replacing(/\{[a-z_]+\}/, with: "01a1fd22-0000-7000-8000-000000000000")
                func send(_ headers: [(String, String)]) async throws -> HTTPAnswer {
                    // No body and no type: past the check the request is refused for that, and changes nothing.
                    try await server.send(
                        operation.method.uppercased(), path,
                        headers: headers + [cookie, ("spandrel-project", first.projectID.uuid), ("content-type", "text/none")])
                }
                for forged in [
                    [], [("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")], [("origin", "null")],
                    [("origin", "http://evil.example")], [("sec-fetch-site", "cross-site"), ("origin", "http://localhost")],
                ] {
                    let answer = try await send(forged)
                    #expect(answer.status == 403 && kind(answer) == "cross-site", "\(operation.id) \(forged): \(answer.text)")
                }
                // What ends the session, or takes the user's place away, is asked for last and by name below.
                if ["signOut", "signOutEverywhere", "leaveOrganization", "archiveProject"].contains(operation.id) { continue }
                let own = try await send([("sec-fetch-site", "same-origin")])
                #expect(kind(own) != "cross-site" && own.status != 401, "\(operation.id): \(own.text)")
            }
            let out = try await server.send("POST", "/api/v1/auth/sign-out", headers: [cookie, ("origin", "http://localhost")])
            #expect(out.status == 204, "\(out.text)")
            #expect(try await server.send("GET", "/api/v1/users/me", headers: [cookie]).status == 401)
        }
    }

    @Test("reading takes the cookie alone; a header's credential counts before it, and ingest takes no cookie")
    func reading() async throws {
        try await run { installation, server, cookie in
            let project = ("spandrel-project", installation.first.projectID.uuid)
            #expect(try await server.send("GET", "/api/v1/users/me", headers: [cookie]).status == 200)
            #expect(try await server.send("GET", "/api/v1/traces", headers: [cookie, project]).status == 200)
            let both = try await server.send("GET", "/api/v1/users/me", headers: [cookie, ("authorization", "Bearer nonsense")])
            #expect(both.status == 401)
            let export = try await server.send(
                "POST", "/v1/traces", headers: [cookie, project, ("sec-fetch-site", "same-origin"), ("content-type", "application/json")],
                body: Array("{}".utf8))
            #expect(export.status == 401, "\(export.text)")
            // Behind TLS the name is another one: one that a page without TLS has set counts for nothing.
            let secure = ("cookie", cookie.1.replacing("spandrel_session", with: "__Host-spandrel_session"))
            #expect(try await server.send("GET", "/api/v1/users/me", headers: [secure]).status == 401)
        }
    }

    @Test("a page of this server follows a task over a WebSocket; another site's is refused")
    func webSocket() async throws {
        try await run { installation, server, cookie in
            let task = try await installation.metastore.tasks.create(kind: "seal", project: installation.first.projectID).id
            let path = "/api/v1/tasks/\(task.uuid)/events", project = ("spandrel-project", installation.first.projectID.uuid)
            func open(origin: String) async throws -> TestWebSocket {
                try await TestWebSocket.open(port: server.port, path, headers: [cookie, project, ("Origin", origin)])
            }
            let own = try await open(origin: "http://localhost:\(server.port)")
            #expect(own.handshake.status == 101)
            own.close()
            for origin in ["http://evil.example", "null", "http://localhost", "https://localhost:\(server.port)"] {
                let socket = try await open(origin: origin)
                #expect(socket.handshake.status == 403, "\(origin)")
                socket.close()
            }
        }
    }
}
