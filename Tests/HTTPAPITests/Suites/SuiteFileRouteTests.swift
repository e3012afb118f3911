import Access
import ByteCoding
import HTTPTesting
import Testing

@Suite("Routes of files of test cases")
struct SuiteFileRouteTests {
    private static let jsonl = [("content-type", "application/jsonl")]

    private func counts(_ report: JSONValue) -> [Int64?] {
        ["version", "added", "changed", "unchanged", "left_out"].map { report[$0]?.integerValue }
    }

    @Test("good cases of a file are taken and bad lines named; a dry run says the same and does nothing")
    func imports() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, suite = try await routes.suite("suite", cases: ["a", "b"].map(RunRoutes.testCase))
            let file = """
                \(RunRoutes.testCase("a"))
                {"key":"b","input":"other"}
                no json
                {"key":"c","input":"new"}
                {"key":"c","input":"again"}
                {"key":"d","input":7}
                {"key":"e","input":"with a \\u0000"}

                """
            let planned = try await client.send(
                "importTestCases", suite + "/import?dry_run=true", body: file, headers: Self.jsonl, expect: 200)
            #expect(counts(planned) == [1, 1, 1, 1, 4])
            #expect(try await client.send("getSuite", suite, expect: 200)["version"]?.integerValue == 1)
            let done = try await client.send("importTestCases", suite + "/import", body: file, headers: Self.jsonl, expect: 200)
            #expect(counts(done) == [2, 1, 1, 1, 4] && done["problems"] == planned["problems"])
            let problems = done["problems"]?.arrayValue ?? []
            #expect(problems.compactMap { $0["line"]?.integerValue } == [3, 5, 6, 7])
            #expect(problems.last?.text("message") == "a text does not hold the character U+0000")
            let again = try await client.send("importTestCases", suite + "/import", body: file, headers: Self.jsonl, expect: 200)
            #expect(counts(again) == [2, 0, 0, 3, 4])
            let versions = try await client.send("listSuiteVersions", suite + "/versions", expect: 200).data
            #expect(versions.map { $0.text("source") } == ["import", "api"])

            let csv = "key,input,expected\nf,Capital of Fiji?,Suva\n"
            let read = try await client.send(
                "importTestCases", suite + "/import?format=csv", body: csv, headers: [("content-type", "text/csv; charset=utf-8")], expect: 200)
            #expect(counts(read) == [3, 1, 0, 0, 0])
            let promptfoo = "tests:\n  - description: g\n    vars: {input: Capital of Gabon?}\n    assert: [{type: icontains, value: Libreville}, {type: python}]\n"
            let taken = try await client.send(
                "importTestCases", suite + "/import?format=promptfoo", body: promptfoo, headers: [("content-type", "application/yaml")],
                expect: 200)
            #expect(counts(taken) == [4, 1, 0, 0, 0] && taken["problems"]?.arrayValue?.first?["line"]?.integerValue == 4)
        }
    }

    @Test("a file of which nothing can be taken is refused, with its first lines; so are other types and formats")
    func refusals() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, suite = try await routes.suite("suite", cases: [RunRoutes.testCase("a")]), path = suite + "/import"
            let refused = try await client.send("importTestCases", path, body: "x\ny\n", headers: Self.jsonl, expect: 422)
            #expect(refused["errors"]?.arrayValue?.map { $0.text("field") } == ["line 1", "line 2"])
            try await client.send("importTestCases", path + "?format=csv", body: "colour\nred\n", headers: Self.jsonl, expect: 422)
            try await client.send("importTestCases", path + "?format=promptfoo", body: "{", headers: Self.jsonl, expect: 422)
            let empty = try await client.send("importTestCases", path, body: "\n\n", headers: Self.jsonl, expect: 200)
            #expect(counts(empty) == [1, 0, 0, 0, 0])
            try await client.send("importTestCases", path + "?format=xml", body: "x", headers: Self.jsonl, expect: 400)
            try await client.send("importTestCases", path + "?dry_run=perhaps", body: "x", headers: Self.jsonl, expect: 400)
            for type in ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "image/png"] {
                try await client.send("importTestCases", path, body: "x", headers: [("content-type", type)], expect: 415)
            }
            let long = String(repeating: "#", count: (8 << 20) + 1)
            try await client.send("importTestCases", path + "?format=promptfoo", body: long, headers: Self.jsonl, expect: 413)
            try await client.send("syncSuiteFile", "/api/v1/suites/sync", body: long, headers: Self.jsonl, expect: 413)
            try await routes.stranger().send("importTestCases", path, body: RunRoutes.testCase("a"), headers: Self.jsonl, expect: 404)
        }
    }

    @Test("what is exported is imported again the same, in every version and from pages of any size")
    func exports() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, suite = try await routes.suite("Suite: ünï", cases: [#"{"key":"odd","input":{"variables":{"a":[1,{}]}}}"#])
            // Of very different lengths, so that pages are as well.
            let cases = (0..<700).map { #"{"key":"case-\#($0)","input":"\#(String(repeating: "x", count: $0 % 100 == 0 ? 400_000 : 40))","tags":["t"]}"# }
            let file = cases.joined(separator: "\n")
            let report = try await client.send("importTestCases", suite + "/import", body: file, headers: Self.jsonl, expect: 200)
            #expect(counts(report) == [2, 700, 0, 0, 0])
            func export(_ query: String, _ type: String) async throws -> String {
                try await client.send("exportTestCases", suite + "/export" + query, expect: 200).stringValue ?? ""
            }
            let lines = try await export("", "application/jsonl").split(separator: "\n").map(String.init)
            let keys = try lines.map { try JSONValue.parse($0).text("key") }
            #expect(keys.count == 701 && Set(keys).count == 701)
            #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(try await export("?version=1", "application/jsonl").split(separator: "\n").count == 1)
            #expect(try await export("?version=0", "application/jsonl").isEmpty)
            let copy = try await routes.suite("copy", cases: [])
            for format in ["jsonl", "csv"] {
                let text = try await export("?format=\(format)", "")
                let again = try await client.send(
                    "importTestCases", copy + "/import?format=\(format)", body: text, headers: [("content-type", "text/plain")], expect: 200)
                #expect(counts(again) == (format == "jsonl" ? [1, 701, 0, 0, 0] : [1, 0, 0, 701, 0]))
            }
            let yaml = try await export("?format=promptfoo", "application/yaml")
            #expect(yaml.contains("description: odd") && yaml.contains("description: case-699"))
            let answer = try await routes.server.send(
                "GET", suite + "/export?format=csv", headers: [("authorization", "Bearer \(try await routes.installation.key([.read]))")], body: [])
            #expect(answer.headers["content-disposition"] == #"attachment; filename="Suite___n_-v2.csv""#)
            try await client.send("exportTestCases", suite + "/export?version=3", expect: 404)
            try await client.send("exportTestCases", suite + "/export?format=xml", expect: 400)
            try await routes.stranger().send("exportTestCases", suite + "/export", expect: 404)
        }
    }

    @Test("a suite's file makes the suite, changes it, and makes no version when it is the same; with a fault it changes nothing")
    func sync() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, path = "/api/v1/suites/sync", headers = [("content-type", "application/yaml")]
            func send(_ file: String, expect status: Int) async throws -> JSONValue {
                try await client.send("syncSuiteFile", path, body: file, headers: headers, expect: status)
            }
            func counts(_ value: JSONValue) -> [Int64?] { ["version", "added", "changed", "removed", "unchanged"].map { value[$0]?.integerValue } }
            let file = "name: rivers\ndescription: Long ones\ncases:\n  - {key: nile, input: Longest?}\n  - {key: po, input: Shortest?}\n"
            let made = try await send(file, expect: 200)
            #expect(counts(made) == [1, 2, 0, 0, 0] && made["suite"]?.text("name") == "rivers" && made["suite"]?["case_count"] == .integer(2))
            #expect(counts(try await send(file, expect: 200)) == [1, 0, 0, 0, 2])
            let changed = "name: rivers\ncases:\n  - {key: nile, input: Longest of all?}\n"
            #expect(counts(try await send(changed, expect: 200)) == [2, 0, 1, 1, 0])
            let faulty = try await send(changed + "  - {key: congo}\n  - {key: nile, input: again}\n", expect: 422)
            #expect(faulty["errors"]?.arrayValue?.map { $0.text("field").prefix(6) } == ["line 4", "line 5"])
            _ = try await send("cases: []\n", expect: 422)
            _ = try await send("{", expect: 422)
            let suite = try await client.send("getSuite", "/api/v1/suites/\(made["suite"]?.text("id") ?? "")", expect: 200)
            #expect(suite["version"] == .integer(2) && suite.text("description") == "Long ones")
            try await client.send("archiveSuite", "/api/v1/suites/\(suite.text("id"))", expect: 204)
            _ = try await send(file, expect: 409)
        }
    }
}
