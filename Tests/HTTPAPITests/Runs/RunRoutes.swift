import Access
import ByteCoding
import HTTPTesting
import Testing

/// What tests of runs do over HTTP, with a key that may all of it.
struct RunRoutes {
    let installation: TestInstallation
    let server: LiveServer
    let contract: Contract
    let client: RecordingClient

    static func with(_ body: @Sendable (RunRoutes) async throws -> Void) async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .write, .run, .ingest]))
            try await body(RunRoutes(installation: installation, server: server, contract: contract, client: client))
        }
    }

    /// Somebody of another project.
    func stranger() async throws -> RecordingClient {
        let project = try await installation.makeProject("Other")
        return RecordingClient(server, contract, key: try await installation.key([.read, .write, .run], of: project))
    }

    /// A suite with these cases; answers with its path.
    func suite(_ name: String, cases: [String]) async throws -> String {
        let made = try await client.send("createSuite", "/api/v1/suites", body: #"{"name":"\#(name)"}"#, expect: 201)
        let path = "/api/v1/suites/\(made["id"]?.stringValue ?? "")"
        try await client.send(
            "editTestCases", path + "/test-cases", body: #"{"put":[\#(cases.joined(separator: ","))]}"#, expect: 200)
        return path
    }

    static func testCase(_ key: String) -> String { #"{"key":"\#(key)","input":"Capital of \#(key)?","expected":"Paris"}"# }

    static let execTarget = #"{"name":"code","kind":"exec"}"#
    static let httpTarget = #"{"name":"app","kind":"http","url":"https://app.example/"}"#

    /// A planned run of a suite with cases `a`, `b`, ...; answers with its path.
    func run(caseCount: Int, targets: String = httpTarget, more: String = "") async throws -> String {
        let keys = (0..<caseCount).map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) }
        _ = try await suite("suite", cases: keys.map(Self.testCase))
        let run = try await client.send(
            "startRun", "/api/v1/runs", body: #"{"suite":"suite","targets":[\#(targets)]\#(more)}"#, expect: 202)
        let id = run["id"]?.stringValue ?? ""
        try await installation.plan(id)
        return "/api/v1/runs/\(id)"
    }
}

extension JSONValue {
    /// The elements of a list's `data`.
    var data: [JSONValue] { self["data"]?.arrayValue ?? [] }

    /// The text of a member.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
}
