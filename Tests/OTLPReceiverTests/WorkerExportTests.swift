import Access
import HTTPServer
import HTTPTesting
import HTTPTypes
import Metastore
import Testing
import TraceModel

/// What a worker's token opens: exports into whichever project it names, and nothing else.
@Suite("Exporting with a worker's token")
struct WorkerExportTests {
    private static let protobuf = ("content-type", "application/x-protobuf")

    private static func make(_ installation: TestInstallation) async throws -> (token: WorkerToken, id: WorkerCredentialID) {
        let token = WorkerToken.generate()
        let made = try await installation.metastore.workerCredentials.create(
            name: "machine-2", hash: token.hash, audit: .system("createWorkerCredential"))
        return (token, made.id)
    }

    private static func headers(_ token: WorkerToken, _ project: String?) -> [(String, String)] {
        [("authorization", "Bearer \(token.text)"), protobuf] + (project.map { [("spandrel-project-id", $0)] } ?? [])
    }

    @Test("spans go into the project that each request names")
    func projects() async throws {
        try await TestInstallation.run { installation, server in
            let (token, _) = try await Self.make(installation), other = try await installation.makeProject("Other")
            for (number, project) in [installation.first.projectID, other, other].enumerated() {
                let body = OTLPBodies.request([OTLPBodies.span(number: UInt8(number + 1))])
                let answer = try await server.send("POST", "/v1/traces", headers: Self.headers(token, project.uuid), body: body)
                #expect(answer.status == 200, "\(answer.text)")
            }
            #expect(try await installation.spanCount() == 1)
            #expect(try await installation.spanCount(of: other) == 2)
        }
    }

    @Test("an unknown or archived project is 404; a token without a project, unknown or revoked is 401")
    func refusals() async throws {
        try await TestInstallation.run { installation, server in
            let (token, id) = try await Self.make(installation), project = installation.first.projectID.uuid
            let body = OTLPBodies.request([OTLPBodies.span(number: 1)])
            func status(_ token: WorkerToken, _ project: String?) async throws -> Int {
                try await server.send("POST", "/v1/traces", headers: Self.headers(token, project), body: body).status
            }
            #expect(try await status(token, ProjectID.make().uuid) == 404)
            #expect(try await status(token, "nonsense") == 404)
            #expect(try await status(token, nil) == 401)
            #expect(try await status(WorkerToken.generate(), project) == 401)
            _ = try await installation.metastore.workerCredentials.revoke(id, audit: .system("revokeWorkerCredential"))
            installation.accounts.workerAuthenticator.forget(id)
            #expect(try await status(token, project) == 401)
            #expect(try await installation.spanCount() == 0)
        }
    }

    @Test("everywhere else the token is one that nobody has, whatever project is named")
    func elsewhere() async throws {
        try await TestInstallation.run { installation, server in
            let (token, _) = try await Self.make(installation), project = installation.first.projectID.uuid
            for route in installation.routes where route.access != "public" && route.operationID != "exportTraces" {
                let path = route.path.replacing(/\{[a-z_]+\}/, with: project)
                let headers = Self.headers(token, project) + [("spandrel-project", project)]
                let answer = try await server.send(
                    route.method.rawValue, path, headers: headers, body: route.method == .get ? [] : Array("{}".utf8))
                #expect(answer.status == 401, "\(route.operationID): \(answer.text)")
            }
        }
    }
}
