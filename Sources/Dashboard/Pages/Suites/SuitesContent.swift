/// The suites of a project, and one suite: its cases in one version, each with what came of it lately.

import ByteCoding

enum SuitesContent {
    /// Marks of a row.
    private static let shownRunCount = 10

    /// `runs`: the project's last ones, the newest first.
    static func set(_ suites: [JSONValue], runs: [JSONValue], project: String, in context: inout PageContext) {
        let bySuite = Dictionary(grouping: runs) { $0.text("suite_id") }
        context.set("has_rows", !suites.isEmpty)
        context.set("rows", suites.map { row($0, (bySuite[$0.text("id")] ?? []).map { RunFigures(run: $0) }, project) })
    }

    private static func row(_ suite: JSONValue, _ runs: [RunFigures], _ project: String) -> PageContext {
        .make { context in
            context.set("url", "\(project)/suites/\(suite.text("id"))")
            context.set("name", suite.text("name"))
            context.set("description", suite.text("description"))
            context.set("case_count", suite.integer("case_count") ?? 0)
            context.set("version", suite.integer("version") ?? 0)
            context.set("has_last_run", !runs.isEmpty)
            context.set("last_run_tone", runs.first?.tone)
            context.set("last_run_text", runs.first?.stateText)
            context.set("last_run_url", runs.first.map { "\(project)/runs/\($0.id)" })
            context.set(
                "recent_runs",
                runs.prefix(shownRunCount).reversed().map { run in
                    .make {
                        $0.set("tone", run.tone)
                        $0.set("url", "\(project)/runs/\(run.id)")
                        $0.set("text", "\(run.name): \(run.stateText)")
                    }
                })
            context.setTime("created", suite.text("created_at"))
        }
    }
}

struct SuiteContent: Sendable {
    let suite: JSONValue
    /// The one that is shown.
    let version: Int64
    let results: CaseResults
    let project: String

    private var id: String { suite.text("id") }
    private var url: String { "\(project)/suites/\(id)" }

    /// `runs`: of the suite, the newest first.
    func set(versions: [JSONValue], runs: [JSONValue], cases: [JSONValue], in context: inout PageContext) {
        context.set("title", suite.text("name"))
        context.set("suite_id", id)
        context.set("name", suite.text("name"))
        context.set("description", suite.text("description"))
        context.set("version", version)
        context.set(
            "versions",
            versions.map { one in
                let number = one.integer("version") ?? 0
                return .make {
                    $0.set("version", number)
                    $0.set("url", URLText.url(url, [("version", String(number))]))
                    $0.set("is_current", number == version)
                    $0.set("message", one.text("message"))
                    $0.set("source", one.text("source"))
                }
            })
        for (key, format) in [("export_promptfoo_url", "promptfoo"), ("export_jsonl_url", "jsonl"), ("export_csv_url", "csv")] {
            context.set(key, URLText.url("\(project)/api/v1/suites/\(id)/export", [("format", format), ("version", String(version))]))
        }
        context.set("run_url", URLText.url(project + "/runs/new", [("suite", id)]))
        context.set("runs_url", URLText.url(project + "/runs", [("suite", id)]))
        SuiteHistory.set(runs, in: &context, project: project)
        context.set("has_cases", !cases.isEmpty)
        context.set("cases", cases.map(row))
    }

    private func row(_ stored: JSONValue) -> PageContext {
        let content = stored["content"] ?? .null, key = content.text("key")
        return .make {
            $0.set("key", key)
            $0.set("url", "\(url)/cases/\(URLText.encoded(key))")
            $0.set("input_preview", TestCaseText.input(stored))
            $0.set("expected_preview", content["expected"].map { TestCaseText.preview($0) })
            $0.set("scorers_text", content.list("scorers").map { $0["name"]?.stringValue ?? $0.text("kind") }.joined(separator: ", "))
            $0.set("tags", PageContext.names(content.texts("tags")))
            $0.set("results", results.marks(of: key, project: project))
        }
    }
}
