import Access
import ByteCoding
import HTTPTesting
import Metastore
import PostgresTesting
import SpanStore
import Testing
import TraceModel

@testable import HTTPAPI

@Suite("Deletions") struct DeletionServiceTests {
    private static func service(_ installation: TestInstallation) -> DeletionService {
        DeletionService(store: installation.store, deletions: installation.metastore.deletions, waitSeconds: 0, logger: TestServer.logger)
    }

    /// Looks until the deletion is done, compacting at once: nobody waits for half of an hour here.
    private static func finish(_ installation: TestInstallation, _ service: DeletionService, _ id: TaskID) async throws -> DeletionRecord {
        for _ in 0..<6_000 {
            _ = try await installation.store.seal()
            _ = try await installation.store.compact(isUrgent: true)
            try await service.look()
            let record = try #require(try await installation.metastore.deletions.find(id, in: installation.first.projectID))
            if record.state == .done { return record }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it is not done within a minute")
        throw CancellationError()
    }

    private static func export(_ server: LiveServer, _ key: String) async throws {
        let answer = try await server.send(
            "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
            body: Array(OTLPBodies.json([1, 2, 3]).utf8))
        #expect(answer.status == 200)
    }

    @Test("is answered at once, worked through step by step, and told by its receipt; wrong ones are refused by name")
    func routes() async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run { installation, server in
            let service = Self.service(installation)
            try await Self.export(server, try await installation.key([.ingest]))
            let admin = RecordingClient(server, contract, key: try await installation.key([.admin]))
            let reader = RecordingClient(server, contract, key: try await installation.key([.read, .write]))
            let trace = try #require(
                try await RecordingClient(server, contract, key: try await installation.key([.read])).send(
                    "listTraces", "/api/v1/traces", expect: 200)["data"]?.arrayValue?.first?["trace_id"]?.stringValue)
            let path = "/api/v1/deletions", body = #"{"trace_id":"\#(trace)"}"#
            try await reader.send("createDeletion", path, body: body, expect: 403)
            for wrong in ["{}", #"{"trace_id":"x"}"#, #"{"project_name":"x"}"#, #"{"user_id":""}"#, #"{"user_id":"a","session_id":"b"}"#] {
                try await admin.send("createDeletion", path, body: wrong, expect: 422)
            }
            let ordered = try await admin.send("createDeletion", path, body: body, expect: 202)
            let id = try #require(ordered["id"]?.stringValue.flatMap { TaskID(uuid: $0) })
            #expect(ordered["state"]?.stringValue == "running" && ordered["deleted"] == .null && ordered["trace_id"]?.stringValue == trace)
            let before = try await installation.spanCount()
            try await service.look()
            let masked = try await admin.send("getDeletion", "\(path)/\(id.uuid)", expect: 200)
            let deleted = masked["deleted"]?["spans"]?.integerValue ?? 0
            #expect(masked["state"]?.stringValue == "masked" && deleted > 0 && masked["deadline"]?.stringValue != nil)
            #expect(try await installation.spanCount() == before - Int(deleted))
            #expect(masked["trace_ids"]?.arrayValue == [.string(trace)])
            let done = try await Self.finish(installation, service, id)
            #expect(done.counts?.spanCount == deleted)
            let list = try await admin.send("listDeletions", "\(path)?limit=1", expect: 200)
            #expect(list["data"]?.arrayValue?.first?["state"]?.stringValue == "done")
            #expect(list["data"]?.arrayValue?.first?["trace_ids"]?.arrayValue?.isEmpty == true)
            try await admin.send("getDeletion", "\(path)/01a1fd22-0000-7000-8000-000000000000", expect: 404)
            try await admin.send("listDeletions", "\(path)?cursor=x", expect: 400)
            try await reader.send("listDeletions", path, expect: 403)
        }
    }

    @Test(
        "cut off before or behind the store's edit it goes on with what it had written down, and counts everything once",
        arguments: [false, true])
    func resumes(isEdited: Bool) async throws {
        try await TestInstallation.run { installation, server in
            let service = Self.service(installation), project = installation.first.projectID, store = installation.store
            try await Self.export(server, try await installation.key([.ingest]))
            let count = try await installation.spanCount()
            let new = NewDeletion(.project, "", node: store.identity)
            let made = try await installation.metastore.deletions.create(new, in: project, audit: .system("test"))
            let prepared = try await store.prepareDeletion(.project, of: project)
            #expect(prepared.found.spanCount == count)
            try await installation.metastore.deletions.note(made.id, traces: [], found: DeletionCounts(prepared.found))
            if isEdited { _ = try await store.complete(prepared) }
            // Here the process ends.
            try await service.look()
            let masked = try #require(try await installation.metastore.deletions.find(made.id, in: project))
            #expect(masked.state == .masked && masked.counts?.spanCount == Int64(count))
            #expect(try await installation.spanCount() == 0)
            _ = try await Self.finish(installation, service, made.id)
        }
    }

    @Test("a project that is archived with its name goes with its telemetry; with another name nothing happens")
    func archive() async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run { installation, server in
            let first = installation.first, service = Self.service(installation)
            try await Self.export(server, try await installation.key([.ingest]))
            let admin = RecordingClient(server, contract, key: try await installation.key([.admin]))
            let one = "/api/v1/projects/\(first.projectID.uuid)"
            let name = try #require(try await admin.send("getProject", one, expect: 200)["name"]?.stringValue)
            try await admin.send("archiveProject", "\(one)?delete_telemetry_of=other", expect: 400)
            #expect(try await installation.metastore.deletions.open(node: installation.store.identity).isEmpty)
            let encoded = name.replacing(" ", with: "%20")
            try await admin.send("archiveProject", "\(one)?delete_telemetry_of=\(encoded)", expect: 200)
            try await service.look()
            #expect(try await installation.spanCount() == 0)
        }
    }
}
