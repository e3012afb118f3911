import ByteCoding
import Testing

@testable import Dashboard

@Suite("Pages of suites of the API's answers") struct SuiteContentTests {
    private static let project = "/projects/p"
    private static let suite = #"""
        {"id": "s", "name": "refunds", "description": "What the policy says", "version": 2, "case_count": 3,
         "created_at": "2026-11-11T00:00:00Z", "archived_at": null}
        """#
    private static let versions = #"""
        [{"version": 2, "source": "api", "message": "31 days", "case_count": 3, "created_at": "2026-11-21T07:30:00Z"},
         {"version": 1, "source": "file", "message": "", "case_count": 2, "created_at": "2026-11-20T07:30:00Z"}]
        """#
    /// The newest first, as the API lists them.
    private static let runs = #"""
        [{"id": "r2", "name": "shorter text", "suite_id": "s", "state": "finished", "created_at": "2026-11-21T09:00:00Z",
          "finished_at": "2026-11-21T09:05:00Z", "verdict": {"result": "fail", "targets": [{"rules": [{"rule": "minimum_pass_rate",
            "estimate": 0.75, "interval": {"lower": 0.5, "upper": 1}}]}]}},
         {"id": "r1", "name": "main", "suite_id": "s", "state": "finished", "created_at": "2026-11-20T09:00:00Z",
          "finished_at": "2026-11-20T09:05:00Z", "verdict": {"result": "pass", "targets": [{"rules": [{"rule": "minimum_pass_rate",
            "estimate": 1, "interval": {"lower": 0.9, "upper": 1}}]}]}}]
        """#
    private static let rows = #"""
        [{"attributes.spandrel.case.key": "a", "attributes.spandrel.run.id": "r2", "attributes.spandrel.target.name": "mini",
          "attributes.spandrel.case.result": "passed", "cells": 2},
         {"attributes.spandrel.case.key": "a", "attributes.spandrel.run.id": "r2", "attributes.spandrel.target.name": "mini",
          "attributes.spandrel.case.result": "failed", "cells": 1},
         {"attributes.spandrel.case.key": "a", "attributes.spandrel.run.id": "r2", "attributes.spandrel.target.name": "large",
          "attributes.spandrel.case.result": "errored", "cells": 1},
         {"attributes.spandrel.case.key": "a", "attributes.spandrel.run.id": "r1", "attributes.spandrel.target.name": "mini",
          "attributes.spandrel.case.result": "passed", "cells": 1},
         {"attributes.spandrel.case.key": "b", "attributes.spandrel.run.id": "r1", "attributes.spandrel.target.name": "mini",
          "attributes.spandrel.case.result": "passed", "cells": 1200}]
        """#

    private func list(_ json: String) throws -> [JSONValue] { try Hostile.json(json).arrayValue ?? [] }

    private func results() throws -> CaseResults { CaseResults(runs: try list(Self.runs), rows: try list(Self.rows)) }

    @Test("a suite shows its last runs, the newest last, and what came of the last one")
    func suites() throws {
        let suites = [try Hostile.json(Self.suite), try Hostile.json(Self.suite.replacing(#""id": "s""#, with: #""id": "t""#))]
        let runs = try list(Self.runs)
        let built = BuiltContext { SuitesContent.set(suites, runs: runs, project: Self.project, in: &$0) }
        #expect(try built.faults("suites", besides: BuiltContext.settings.union(BuiltContext.pager)) == [])
        #expect(built.texts("rows", "has_last_run") == ["true", "false"] && built.texts("rows", "last_run_text") == ["failed", ""])
        let marks = built.context["rows"].arrayValue?.first?.list("recent_runs") ?? []
        #expect(
            marks.map { $0.text("url") } == ["/projects/p/runs/r1", "/projects/p/runs/r2"]
                && marks.map { $0.text("tone") } == ["good", "bad"])
    }

    @Test("a case has a mark for each of the last runs that asked it: bad if any of its cells failed")
    func marks() throws {
        let results = try results(), marks = results.marks(of: "a", project: Self.project)
        #expect(marks.map { $0["tone"].stringValue } == ["good", "bad"])
        #expect(marks.map { $0["text"].stringValue } == ["main: passed", "shorter text: 2 passed, 1 failed, 1 errored"])
        #expect(marks.last?["url"] == .string("/projects/p/runs/r2?q=a"))
        #expect(results.marks(of: "b", project: Self.project).map { $0["text"].stringValue } == ["main: 1,200 passed"])
        #expect(results.marks(of: "c", project: Self.project).isEmpty)
        let rows = results.rows(of: "a", project: Self.project)
        #expect(rows.map { $0["target_name"].stringValue } == ["large", "mini", "mini"], "the newest run first")
        #expect(rows.map { $0["tone"].stringValue } == ["warn", "bad", "good"])
        let question = CaseResults.question(try list(Self.runs), "a")
        #expect(
            question["from"] == .string("2026-11-20T09:00:00Z")
                && question["filter"]?["attributes.spandrel.case.key"]?["_eq"] == .string("a"))
        #expect(CaseResults.question(try list(Self.runs), nil)["filter"]?["attributes.spandrel.case.key"] == nil)
    }

    private static let cases = #"""
        [{"id": "1", "introduced_in": 1, "removed_in": null, "content": {"key": "a", "input": {"variables": {"input": "Can I?\nPlease."}}, "expected": "Yes",
           "scorers": [{"kind": "contains"}, {"kind": "judge", "name": "tone"}], "tags": ["policy"]}},
         {"id": "2", "introduced_in": 2, "removed_in": null, "content": {"key": "b/c", "input": {"messages": [
           {"role": "user", "content": "First"}, {"role": "user", "content": "Last"}]}, "scorers": []}},
         {"id": "3", "introduced_in": 2, "removed_in": null, "content": {"key": "v", "input": {"variables": {"x": 1}}, "scorers": []}}]
        """#

    @Test("a suite shows its cases in one version, with the rates of its runs")
    func suite() throws {
        let content = SuiteContent(suite: try Hostile.json(Self.suite), version: 1, results: try results(), project: Self.project)
        let versions = try list(Self.versions), runs = try list(Self.runs), cases = try list(Self.cases)
        let built = BuiltContext { content.set(versions: versions, runs: runs, cases: cases, in: &$0) }
        #expect(try built.faults("suite", besides: BuiltContext.pager.union(["page", "page_url", "case_count"])) == [])
        #expect(built.texts("versions", "is_current") == ["false", "true"])
        #expect(built.context["export_csv_url"] == .string("/projects/p/api/v1/suites/s/export?format=csv&version=1"))
        #expect(built.texts("cases", "input_preview") == ["Can I?…", "Last", #"{"variables":{"x":1}}"#])
        #expect(
            built.texts("cases", "scorers_text") == ["contains, tone", "", ""]
                && built.texts("cases", "url")[1] == "/projects/p/suites/s/cases/b%2Fc")
        #expect(
            built.texts("history", "y") == ["10.0", "60.0"] && built.texts("history", "low_y") == ["30.0", "110.0"], "the newest last")
        #expect(built.texts("history", "is_current") == ["false", "true"])
    }

    @Test("a case's messages are a conversation, anything else is shown as it is; its forms say what they came with")
    func testCase() throws {
        let cases = try list(Self.cases), versions = try list(Self.versions)
        func built(_ stored: JSONValue) throws -> BuiltContext {
            let key = stored["content"]?.text("key") ?? ""
            let answer = JSONValue.object([
                JSONMember(key: "test_case", value: stored), JSONMember(key: "history", value: .array([stored])),
            ])
            let content = CaseContent(key: key, suite: try Hostile.json(Self.suite), project: Self.project)
            let results = try results()
            return BuiltContext { content.set(answer, versions: versions, results, in: &$0) }
        }
        let text = try built(cases[0]), messages = try built(cases[1]), variables = try built(cases[2])
        for built in [text, messages, variables] { #expect(try built.faults("case", besides: ["page", "page_url"]) == []) }
        #expect(
            text.context["input"]["text"] == .string("Can I?\nPlease.") && text.context["has_input"] == .bool(true)
                && text.context["has_messages"] == .bool(false))
        #expect(text.context["has_results"] == .bool(true) && text.texts("history", "message") == [""])
        #expect(messages.context["has_input"] == .bool(false) && messages.context["messages"].arrayValue?.count == 2)
        #expect(messages.texts("history", "message") == ["31 days"] && messages.context["has_results"] == .bool(false))
        #expect(variables.context["input"]["format"] == .string("json") && variables.context["has_expected"] == .bool(false))
    }

    @Test("keys, inputs and names of runs stay text")
    func hostileTexts() throws {
        let kept: Set<String> = [
            "id", "state", "result", "rule", "created_at", "finished_at", "suite_id", "role", "attributes.spandrel.run.id",
        ]
        let cases = Hostile.replacing(try Hostile.json(Self.cases), besides: kept).arrayValue ?? []
        let runs = Hostile.replacing(try Hostile.json(Self.runs), besides: kept).arrayValue ?? []
        let rows = Hostile.replacing(try Hostile.json(Self.rows), besides: kept).arrayValue ?? []
        let suite = Hostile.replacing(try Hostile.json(Self.suite), besides: kept)
        let versions = Hostile.replacing(try Hostile.json(Self.versions), besides: kept).arrayValue ?? []
        let results = CaseResults(runs: runs, rows: rows)
        #expect(!results.marks(of: Hostile.text, project: "").isEmpty)
        let content = SuiteContent(suite: suite, version: 1, results: results, project: Self.project)
        Hostile.check(try BuiltContext { content.set(versions: versions, runs: runs, cases: cases, in: &$0) }.page("suite"), "suite")
        Hostile.check(try BuiltContext { SuitesContent.set([suite], runs: runs, project: "", in: &$0) }.page("suites"), "suites")
        for stored in cases {
            let answer = JSONValue.object([
                JSONMember(key: "test_case", value: stored), JSONMember(key: "history", value: .array([stored])),
            ])
            let page = CaseContent(key: Hostile.text, suite: suite, project: Self.project)
            Hostile.check(try BuiltContext { page.set(answer, versions: versions, results, in: &$0) }.page("case"), "case")
        }
    }
}
