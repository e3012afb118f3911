/// `spandrel demo`: a sample of an LLM agent's traces, sent through the public OTLP endpoint into a project of its own.

import ArgumentParser
import ByteCoding
import DemoTraces
import NIOHTTP1

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Sends a sample of an LLM agent's traces to a server, into a project of its own.",
        discussion:
            "It makes the project and a key for it, which needs a key with the scope admin, and prints commands to look around with.")

    @OptionGroup var server: ServerOptions

    @Option(help: "Name of the project to make; a number is added when it is taken.")
    var project = "Demo"

    @Option(help: "What varies from one sample to the next.")
    var seed: UInt64 = 1

    func run() async throws {
        let owner = try server.client()
        let (projectID, name) = try await makeProject(owner)
        let key = try await owner.json(
            .POST, "/api/v1/projects/\(projectID)/api-keys",
            body: .object([
                JSONMember(key: "name", value: .string("Demo")),
                JSONMember(key: "scopes", value: .array([.string("ingest"), .string("read")])),
            ]))
        guard let secret = key["key"]?.stringValue else { throw CommandFailure("the server made a key without showing it") }
        let sender = APIClient(address: owner.address, credentials: .key(secret))
        var byteCount = 0
        for body in DemoTraces.requests(endingAt: WallClock.nowUnixNano(), seed: seed) {
            let answer = try await sender.send(.POST, "/v1/traces", body: body, contentType: "application/x-protobuf")
            guard answer.status == 200 else { throw CommandFailure("the server answered \(answer.status) to an export") }
            // An empty body is OTLP's word for "all of it".
            guard answer.body.isEmpty else { throw CommandFailure("the server rejected some of the sample's spans") }
            byteCount += body.count
        }
        let count = try await sender.json(
            .POST, "/api/v1/query",
            body: .object([JSONMember(key: "aggregates", value: .array([.string("count"), .string("count_distinct(trace_id)")]))]))
        let row = count["data"]?.arrayValue?.first
        let program = CommandLine.arguments.first ?? "spandrel"
        let access = "--url \(owner.address.url) --api-key \(secret)"
        print(
            """
            Sent \(row?["count"]?.integerValue ?? 0) spans of \(DemoTraces.traceCount) traces (\(byteCount >> 10) KiB)
            into the project "\(name)" (\(projectID)).
            Look around with its own key:

              \(program) query \(access) --filter '{"kind":{"_eq":"llm"}}' --group-by model \\
                --aggregates 'count,p95(duration_ms),sum(cost)' --order-by=-count
              \(program) query \(access) --filter '{"status":{"_eq":"error"}}' --select trace_id,name,error_type,duration_ms
              \(program) query \(access) --bucket 5m --aggregates 'count,error_rate,sum(total_tokens)'
            """)
    }

    /// Names are unique in an organization: the second demo becomes "Demo 2".
    private func makeProject(_ client: APIClient) async throws -> (id: String, name: String) {
        for attempt in 1...100 {
            let name = attempt == 1 ? project : "\(project) \(attempt)"
            let answer = try await client.send(
                .POST, "/api/v1/projects", body: JSONValue.object([JSONMember(key: "name", value: .string(name))]).bytes)
            if answer.status == 409 { continue }
            guard let id = try APIClient.value(of: answer)["id"]?.stringValue else {
                throw CommandFailure("the server made a project without an id")
            }
            return (id, name)
        }
        throw CommandFailure("there are a hundred projects called \(project) already; give another --project")
    }
}
