import Access
import ByteCoding
import HTTPAPI
import HTTPServer
import HTTPTesting
import HTTPTypes
import Metastore
import Synchronization
import Testing

@testable import Dashboard

/// The pages over an installation of a test, as a browser that has signed in sees them.
struct PageServer {
    let installation: TestInstallation
    let live: LiveServer
    /// Of the pages that a browser may go to.
    let paths: Set<String>
    private let cookie: String
    private let contexts: Contexts

    var project: String { installation.first.projectID.uuid }
    let trace = "0102030405060708090a0b0c0d0e0f10"
    let span = "0000000000000002"

    /// What was rendered, the newest last.
    final class Contexts: Sendable {
        private let all = Mutex<[PageContext]>([])
        var last: PageContext? { all.withLock { $0.last } }
        func add(_ context: PageContext) { all.withLock { $0.append(context) } }
    }

    static func run(_ body: @escaping @Sendable (PageServer) async throws -> Void) async throws {
        try await TestInstallation.run { installation, _ in
            let contexts = Contexts()
            let dashboard = try Dashboard(
                api: installation.routes, problem: { Problem(describing: $0) }, accounts: installation.accounts, hasIdentityProvider: false,
                publicURL: nil)
            let browser = try await installation.accounts.signIn.signInBrowser(
                email: FirstStart.ownerEmail, password: installation.first.password.text, origin: RequestOrigin())
            // Files, and what the API answers for links.
            let paths = dashboard.routes.filter { $0.method == .get && !$0.path.contains("**") && $0.path != "/favicon.ico" }.map(\.path)
            try await LiveServer.run(
                installation.routes + dashboard.routes { _, context in contexts.add(context) }, problemPage: dashboard.problemPage,
                problem: { Problem(describing: $0) }
            ) { live in
                try await body(
                    PageServer(
                        installation: installation, live: live, paths: Set(paths), cookie: "spandrel_session=\(browser.token.text)",
                        contexts: contexts)
                )
            }
        }
    }

    private init(installation: TestInstallation, live: LiveServer, paths: Set<String>, cookie: String, contexts: Contexts) {
        self.installation = installation
        self.live = live
        self.paths = paths
        self.cookie = cookie
        self.contexts = contexts
    }

    /// As a browser that goes somewhere.
    func get(_ path: String, signedIn: Bool = true, accept: String = "text/html") async throws -> HTTPAnswer {
        try await live.send("GET", path, headers: [("accept", accept)] + (signedIn ? [("cookie", cookie)] : []))
    }

    func post(_ path: String, _ form: String, headers: [(String, String)]) async throws -> HTTPAnswer {
        try await live.send(
            "POST", path, headers: headers + [("content-type", "application/x-www-form-urlencoded")], body: Array(form.utf8))
    }

    /// What a page was made of.
    func context(_ path: String) async throws -> PageContext {
        let answer = try await get(path)
        #expect(answer.status == 200, "\(path): \(answer.text.prefix(2_000))")
        return try #require(contexts.last)
    }

    /// A call of the API as a page's module makes it. The answer's JSON; null of none.
    @discardableResult
    func call(_ method: String, _ path: String, _ body: String = "", headers: [(String, String)] = []) async throws -> JSONValue {
        let own = [
            ("cookie", cookie), ("sec-fetch-site", "same-origin"), ("spandrel-project", project), ("content-type", "application/json"),
        ]
        let answer = try await live.send(method, path, headers: own + headers, body: Array(body.utf8))
        #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.text.prefix(500))")
        return answer.text.isEmpty ? .null : try JSONValue.parse(answer.text)
    }

    /// A suite with two cases, of which one holds messages; its path.
    func makeSuite(_ text: String = "refunds") async throws -> String {
        func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        let name = quoted(String(text.prefix(60)))
        let suite = try await call("POST", "/api/v1/suites", #"{"name": \#(name), "description": \#(quoted(text))}"#).text("id")
        let scorers = #""scorers": [{"kind": "contains"}], "tags": ["a"]"#
        try await call(
            "POST", "/api/v1/suites/\(suite)/test-cases",
            #"""
            {"message": \#(quoted(text)), "put": [
              {"key": "one", "input": \#(quoted(text)), "expected": \#(quoted(text)), \#(scorers)},
              {"key": "two", "input": {"messages": [{"role": "user", "content": \#(quoted(text))}]}, "expected": "x", \#(scorers)}]}
            """#)
        return "suites/\(suite)"
    }

    /// A draft that is in review, with one article; the path of the article.
    func makeDraft(_ name: String = "change", _ text: String = "# Refunds") async throws -> String {
        func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        let entry = #"{"kind": "article", "title": \#(quoted(text)), "tags": ["a"], "content": {"markdown": \#(quoted(text))}}"#
        try await call("POST", "/api/v1/kb/drafts", #"{"name": "\#(name)", "description": \#(quoted(text))}"#)
        try await call("PUT", "/api/v1/kb/drafts/\(name)/entries/refunds", entry, headers: [("if-none-match", "*")])
        return "knowledge/entries/refunds?draft=\(name)"
    }

    /// A trace of three spans with everything a page shows of one; all texts are the given one.
    func fill(_ text: String = "chat") async throws {
        let key = try await installation.key([.ingest])
        func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        func attribute(_ name: String, _ value: String) -> String { #"{"key":\#(quoted(name)),"value":{"stringValue":\#(quoted(value))}}"# }
        let start = 1_795_000_000_000_000_000 as Int64
        func span(_ number: Int, parent: Int?, kind: String, status: String = "") -> String {
            let messages = #"[{"role":"user","parts":[{"type":"text","content":\#(quoted(text))}]}]"#
            let attributes = [
                attribute("gen_ai.operation.name", kind), attribute("gen_ai.request.model", "gpt-4.1-mini"), attribute("user.id", text),
                attribute("session.id", "s-1"), attribute("gen_ai.input.messages", messages), attribute(text, text),
                #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}}"#,
                #"{"key":"gen_ai.usage.output_tokens","value":{"intValue":"3"}}"#,
            ]
            let parentID = parent.map { #","parentSpanId":"000000000000000\#($0)""# } ?? ""
            return #"""
                {"traceId":"\#(trace)","spanId":"000000000000000\#(number)"\#(parentID),"name":\#(quoted(text)),
                 "startTimeUnixNano":"\#(start + Int64(number) * 1_000_000)","endTimeUnixNano":"\#(start + 9_000_000)",
                 "attributes":[\#(attributes.joined(separator: ","))],"status":{\#(status)},
                 "events":[{"name":\#(quoted(text)),"timeUnixNano":"\#(start + 2_000_000)","attributes":[\#(attribute(text, text))]}],
                 "links":[{"traceId":"\#(trace)","spanId":"0000000000000001","attributes":[\#(attribute(text, text))]}]}
                """#
        }
        let spans = [
            span(1, parent: nil, kind: "invoke_agent"), span(2, parent: 1, kind: "chat"),
            span(3, parent: 1, kind: "execute_tool", status: #""code":2,"message":\#(quoted(text))"#),
        ]
        let body = #"""
            {"resourceSpans":[{"resource":{"attributes":[\#(attribute("service.name", text))]},
              "scopeSpans":[{"scope":{"name":\#(quoted(text))},"spans":[\#(spans.joined(separator: ","))]}]}]}
            """#
        let answer = try await live.send(
            "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
            body: Array(body.utf8))
        #expect(answer.status == 200, "\(answer.text)")
    }
}
