import Access
import ByteCoding
import CurlClient
import HTTPTesting
import IPAddresses
import KnowledgeImport
import KnowledgeModel
import Metastore
import PostgresClient
import PostgresTesting
import Testing

@testable import HTTPAPI

@Suite("Documents that become entries, over HTTP")
struct KnowledgeImportRouteTests {
    @Test("uploads are taken in whole, answered with a task, and cancelled by who may write")
    func uploads() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, path = try await routes.draft("main")
            let document = #"{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}"#
            let task = try await client.send("uploadKnowledgeOpenAPI", path + "/openapi?document=shop", body: document, expect: 202)
            #expect(task.text("kind") == "knowledge_upload" && task.text("state") == "queued")
            for type in ["application/yaml", "application/openapi+json", "text/plain"] {
                try await client.send(
                    "uploadKnowledgeOpenAPI", path + "/openapi?document=shop", body: document, headers: [("content-type", type)],
                    expect: 202)
            }
            try await client.send(
                "uploadKnowledgeMarkdown", path + "/markdown", body: "PK", headers: [("content-type", "application/zip")], expect: 202)
            for wrong in ["", "?document=", "?document=A", "?document=-a", "?document=a%2Fb", "?odd=1"] {
                try await client.send("uploadKnowledgeOpenAPI", path + "/openapi" + wrong, body: document, expect: 400)
            }
            try await client.send("uploadKnowledgeOpenAPI", path + "/openapi?document=a", body: "", expect: 422)
            try await client.send(
                "uploadKnowledgeOpenAPI", path + "/openapi?document=a", body: "a", headers: [("content-type", "multipart/form-data")],
                expect: 415)
            try await client.send("uploadKnowledgeOpenAPI", KnowledgeRoutes.drafts + "/none/openapi?document=a", body: "{}", expect: 404)
            let cancel = "/api/v1/tasks/\(task.text("id"))/cancel"
            let runner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .run]))
            try await runner.send("cancelTask", cancel, expect: 403)
            let writer = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .write]))
            #expect(try await writer.send("cancelTask", cancel, expect: 200).text("state") == "cancelled")
            try await client.send("cancelTask", cancel, expect: 409)
            _ = try await routes.send("DELETE", path, expect: 204)
            try await client.send("uploadKnowledgeOpenAPI", path + "/openapi?document=a", body: "{}", expect: 409)
        }
    }

    @Test("who uploads while as many documents of the project wait as may is told to come again")
    func manyUploads() async throws {
        try await KnowledgeRoutes.with { routes in
            let path = try await routes.draft("main") + "/openapi?document=shop"
            var tasks: [String] = []
            for _ in 0..<MetastoreLimits.maximumOpenKnowledgeUploadCount {
                tasks.append(try await routes.client.send("uploadKnowledgeOpenAPI", path, body: "{}", expect: 202).text("id"))
            }
            let refused = try await routes.send("POST", path, headers: [("content-type", "application/json")], body: "{}", expect: 429)
            #expect(refused.headers["retry-after"] == "10" && refused.text.contains("too-many-under-way"))
            try await routes.client.send("cancelTask", "/api/v1/tasks/\(tasks[0])/cancel", expect: 200)
            try await routes.client.send("uploadKnowledgeOpenAPI", path, body: "{}", expect: 202)
        }
    }

    @Test("tables come from statements at once, with every problem by its line; the same text again changes nothing")
    func tables() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, path = try await routes.draft("main")
            let sql = "CREATE TABLE shop.orders (id bigint PRIMARY KEY, total numeric(10,2) NOT NULL);\nCREATE TABLE broken (;\n"
            let headers = [("content-type", "application/sql")]
            let done = try await client.send("importKnowledgeTables", path + "/tables", body: sql, headers: headers, expect: 200)
            #expect(done["added_count"]?.integerValue == 1 && done["draft_version"]?.integerValue == 1)
            #expect(done["problems"]?.arrayValue?.first?["line"]?.integerValue == 2)
            let again = try await client.send("importKnowledgeTables", path + "/tables", body: sql, headers: headers, expect: 200)
            #expect(again["unchanged_count"]?.integerValue == 1 && again["draft_version"]?.integerValue == 1)
            let entry = try await client.send("getKnowledgeDraftEntry", path + "/entries/tables%2Fshop.orders", expect: 200)
            #expect(entry.text("kind") == "table" && entry["content"]?["content"]?["columns"]?.arrayValue?.count == 2)
            for nothing in ["", "SELECT 1;", "CREATE TABLE broken (;"] {
                try await client.send("importKnowledgeTables", path + "/tables", body: nothing, headers: headers, expect: 422)
            }
        }
    }

    @Test("a host that outbound requests may not reach is not connected to, whatever it is called, and no answer repeats its password")
    func refusedHosts() async throws {
        try await KnowledgeRoutes.with { routes in
            let path = try await routes.draft("main") + "/tables/postgresql"
            for text in [
                "postgres://u:s3cret@127.0.0.1/db", "postgres://u:s3cret@localhost/db", "postgres://u:s3cret@[::1]/db",
                "postgres://u:s3cret@0x7f000001/db", "postgres://u:s3cret@127.1/db", "host=/tmp user=u password=s3cret",
                "host=@spandrel user=u password=s3cret", "host=169.254.169.254 password=s3cret", "host=10.0.0.1,127.0.0.1 password=s3cret",
                "postgres://u:s3cret@name.invalid/db", "host=192.0.2.1 hostaddr=127.0.0.1 password=s3cret", "nonsense s3cret",
                "password=s3cret", "postgres://u:s3cret@[::ffff:127.0.0.1]/db",
            ] {
                let body = KnowledgeRoutes.text(.object([JSONMember(key: "connection_string", value: .string(text))]))
                let refused = try await routes.send("POST", path, headers: [("content-type", "application/json")], body: body, expect: 422)
                #expect(!refused.text.contains("s3cret"), "\(refused.text)")
            }
            for (wrong, field) in [
                ("{}", "connection_string"), (#"{"connection_string":"host=a","schemas":"b"}"#, "schemas"),
                (#"{"connection_string":"host=a","schemas":[1]}"#, "schemas[0]"),
                (#"{"connection_string":"host=a\u0000"}"#, "connection_string"),
            ] {
                let refused = try await routes.client.send("importKnowledgeTablesFromPostgreSQL", path, body: wrong, expect: 422)
                #expect(refused["errors"]?.arrayValue?.first?.text("field") == field, "\(wrong)")
            }
        }
    }

    @Test("a catalog is read at an address that was checked, and as many at a time as may be")
    func catalog() async throws {
        let database = try await TestServer.makeDatabase()
        _ = try await PostgresConnection.connect(database).script(
            "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY); CREATE TABLE public.other (id int)")
        try await SocketRelay.run(to: database) { relay in
            let reader = CatalogReader(outbound: .init(allowing: [try #require(IPNetwork("127.0.0.0/8"))]))
            let shop = try await reader.read(connectionString: relay.url + "?sslmode=disable", schemas: ["shop"])
            #expect(shop.entries.map(\.key) == ["tables/shop.orders"] && shop.problems.isEmpty)
            let named = relay.url.replacing("127.0.0.1", with: "localhost") + "?sslmode=disable"
            #expect(try await reader.read(connectionString: named, schemas: []).entries.count == 2)
            await #expect(throws: (any Error).self) {
                try await CatalogReader(outbound: .publicOnly).read(connectionString: relay.url, schemas: [])
            }
        }
    }
}
