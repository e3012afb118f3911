/// `/projects/{project_id}/suites`, one suite and one case of it.

import ByteCoding
import HTTPServer
import HTTPTypes

struct SuiteHandlers: Sendable {
    /// Runs of a suite that its history shows.
    private static let historyCount = "14"

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getSuitesPage", "/projects/{project_id}/suites", handler: getSuitesPage),
            pages.page("getSuitePage", "/projects/{project_id}/suites/{suite_id}", handler: getSuitePage),
            pages.page("getCasePage", "/projects/{project_id}/suites/{suite_id}/cases/{key}", handler: getCasePage),
        ]
    }

    // MARK: All

    func getSuitesPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let project = frame.project?.url ?? ""
        let answer = try await visit.api.get("/api/v1/suites", Pager.parameters(visit)), suites = answer.list("data")
        let runs = try await visit.api.get("/api/v1/runs", [("limit", "200")]).list("data")
        let context = PageContext.make { context in
            context.set("title", "Suites")
            context.set("page_url", visit.url)
            context.set("has_rows", !suites.isEmpty)
            context.set("rows", suites.map { suite in row(suite, runs.filter { $0.text("suite_id") == suite.text("id") }, project) })
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue,
                shown: Figures.counted(Int64(suites.count), "suite", "suites"))
        }
        return .page(Page(name: "suites", context: context))
    }

    private func row(_ suite: JSONValue, _ runs: [JSONValue], _ project: String) -> PageContext {
        let last = runs.first.map { RunFigures(run: $0) }
        return .make { context in
            context.set("url", "\(project)/suites/\(suite.text("id"))")
            context.set("name", suite.text("name"))
            context.set("description", suite.text("description"))
            context.set("case_count", suite.integer("case_count") ?? 0)
            context.set("version", suite.integer("version") ?? 0)
            context.set("has_last_run", last != nil)
            context.set("last_run_tone", last?.tone)
            context.set("last_run_text", last?.stateText)
            context.set("last_run_url", last.map { "\(project)/runs/\($0.id)" })
            context.set(
                "recent_runs",
                runs.prefix(10).reversed().map { run in
                    let run = RunFigures(run: run)
                    return .make {
                        $0.set("tone", run.tone)
                        $0.set("url", "\(project)/runs/\(run.id)")
                        $0.set("text", run.stateText)
                    }
                })
            context.set("created_time", suite.text("created_at"))
            context.set("created_text", Times.text(suite.text("created_at")))
        }
    }

    // MARK: One

    func getSuitePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let project = frame.project?.url ?? "", id = visit.path("suite_id"), path = "/api/v1/suites/" + URLText.encoded(id)
        let suite = try await visit.api.get(path)
        let versions = try await visit.api.get(path + "/versions", [("limit", "20")]).list("data")
        let wanted = visit["version"].flatMap { Int64($0) } ?? suite.integer("version") ?? 0
        let answer = try await visit.api.get(
            path + "/test-cases", Pager.parameters(visit, limit: 100) + (visit["version"] == nil ? [] : [("version", String(wanted))]))
        let cases = answer.list("data")
        let runs = try await visit.api.get("/api/v1/runs", [("suite_id", suite.text("id")), ("limit", Self.historyCount)]).list("data")
        let own = project + "/suites/" + URLText.encoded(id)
        let context = PageContext.make { context in
            context.set("title", suite.text("name"))
            context.set("page_url", visit.url)
            context.set("suite_id", suite.text("id"))
            context.set("name", suite.text("name"))
            context.set("description", suite.text("description"))
            context.set("version", wanted)
            context.set("case_count", suite.integer("case_count") ?? 0)
            context.set(
                "versions",
                versions.map { version in
                    .make {
                        $0.set("version", version.integer("version") ?? 0)
                        $0.set("url", URLText.url(own, [("version", String(version.integer("version") ?? 0))]))
                        $0.set("is_current", version.integer("version") == wanted)
                        $0.set("message", version.text("message"))
                        $0.set("source", version.text("source"))
                    }
                })
            for (key, format) in [("export_yaml_url", "yaml"), ("export_jsonl_url", "jsonl"), ("export_csv_url", "csv")] {
                context.set(key, "\(project)/api/v1/suites/\(URLText.encoded(id))/export?format=\(format)")
            }
            context.set("run_url", URLText.url(project + "/runs/new", [("suite", suite.text("id"))]))
            context.set("runs_url", URLText.url(project + "/runs", [("suite", suite.text("id"))]))
            SuiteHistory.set(runs, in: &context, project: project)
            context.set("has_cases", !cases.isEmpty)
            context.set("cases", cases.map { row($0, own) })
            let total = suite.integer("case_count") ?? 0
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue,
                shown: "\(Figures.count(Int64(cases.count))) of \(Figures.counted(total, "case", "cases"))")
        }
        return .page(Page(name: "suite", context: context))
    }

    private func row(_ stored: JSONValue, _ suite: String) -> PageContext {
        let content = stored["content"] ?? .null, scorers = content.list("scorers").map { $0["name"]?.stringValue ?? $0.text("kind") }
        return .make { context in
            context.set("key", content.text("key"))
            context.set("url", "\(suite)/cases/\(URLText.encoded(content.text("key")))")
            context.set("input_preview", TestCaseText.input(stored))
            context.set("expected_preview", content["expected"].map { TestCaseText.preview($0) } ?? "")
            context.set("scorers_text", scorers.joined(separator: ", "))
            context.set("tags", content.list("tags").compactMap(\.stringValue).map { tag in .make { $0.set("name", tag) } })
            context.set("results", [PageContext]())
        }
    }

    // MARK: A case

    func getCasePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let project = frame.project?.url ?? "", id = visit.path("suite_id"), key = visit.path("key")
        let path = "/api/v1/suites/" + URLText.encoded(id), suite = try await visit.api.get(path)
        let answer = try await visit.api.get("\(path)/test-cases/\(URLText.encoded(key))")
        let stored = answer["test_case"] ?? .null, content = stored["content"] ?? .null, source = content["source"] ?? .null
        let versions = try await visit.api.get(path + "/versions", [("limit", "200")]).list("data")
        let context = PageContext.make { context in
            context.set("title", key)
            context.set("page_url", visit.url)
            context.set("suite_id", suite.text("id"))
            context.set("suite_name", suite.text("name"))
            context.set("suite_url", "\(project)/suites/\(URLText.encoded(id))")
            context.set("suite_version", suite.integer("version") ?? 0)
            context.set("key", key)
            context.set("is_removed", stored["removed_in"]?.isNull == false)
            context.set("tags", content.list("tags").compactMap(\.stringValue).map { tag in .make { $0.set("name", tag) } })
            let trace = source.text("trace_id")
            context.set("has_source", !trace.isEmpty)
            context.set(
                "source_url",
                trace.isEmpty ? "" : URLText.url("\(project)/traces/\(trace)", [("span", source.text("span_id"))].filter { !$0.1.isEmpty }))
            let messages = content["messages"] ?? content["input"] ?? .null
            Conversation.set(written: messages.arrayValue ?? [], in: &context)
            let isConversation = context["has_messages"] == .bool(true)
            for (name, value) in [
                ("input", isConversation ? .null : content["input"] ?? .null), ("expected", content["expected"] ?? .null),
            ] {
                context.set("has_" + name, !value.isNull)
                context.set(name, value.isNull ? PageContext() : SpanTexts.content(value))
            }
            context.set(
                "scorers",
                content.list("scorers").map { scorer in
                    let rest = scorer.objectValue?.filter { !["kind", "name"].contains($0.key) } ?? []
                    return .make {
                        $0.set("kind", scorer.text("kind"))
                        $0.set("name", scorer["name"]?.stringValue ?? scorer.text("kind"))
                        $0.set("text", rest.map { "\($0.key): \(SpanTexts.text($0.value))" }.joined(separator: ", "))
                    }
                })
            context.set("content_json", JSONLayout.text(content))
            context.set("has_results", false)
            context.set("results", [PageContext]())
            context.set(
                "history",
                answer.list("history").map { old in
                    let number = old.integer("introduced_in") ?? 0, version = versions.first { $0.integer("version") == number } ?? .null
                    return .make {
                        $0.set("version", number)
                        $0.set("source", version.text("source"))
                        $0.set("message", version.text("message"))
                        $0.set("time", version.text("created_at"))
                        $0.set("time_text", Times.text(version.text("created_at")))
                    }
                })
        }
        return .page(Page(name: "case", context: context))
    }
}

/// The pass rates of a suite's runs with their intervals, the newest last: dots over a field 1000 wide and 60 high, 50 % at the bottom.
enum SuiteHistory {
    static func set(_ runs: [JSONValue], in context: inout PageContext, project: String) {
        let rated = runs.reversed().compactMap { run -> (RunFigures, Double, JSONValue)? in
            let rule = run["verdict"]?.list("targets").lazy.compactMap { target in
                target.list("rules").first { $0.text("rule") == "minimum_pass_rate" }
            }.first
            guard let rule, let estimate = rule.number("estimate") else { return nil }
            return (RunFigures(run: run), estimate, rule["interval"] ?? .null)
        }
        func y(_ share: Double) -> String { Figures.fixed(56 - 52 * max(0, min(1, (share - 0.5) / 0.5)), 1) }
        let step = 1_000 / Double(max(1, rated.count))
        context.set("has_history", rated.count > 1)
        context.set(
            "history",
            rated.enumerated().map { index, entry in
                let (run, estimate, interval) = entry
                return .make {
                    $0.set("url", "\(project)/runs/\(run.id)")
                    let words = interval.isNull ? "" : ", interval " + RunFigures.interval(interval)
                    $0.set("text", "\(run.name): \(Figures.percent(estimate))\(words)")
                    $0.set("x", Figures.fixed((Double(index) + 0.5) * step, 1))
                    $0.set("y", y(estimate))
                    $0.set("low_y", y(interval.number("lower") ?? estimate))
                    $0.set("high_y", y(interval.number("upper") ?? estimate))
                    $0.set("tone", run.tone)
                    $0.set("is_current", index == rated.count - 1)
                }
            })
        context.set("history_text", "the last \(Figures.counted(Int64(rated.count), "run", "runs")); 50 % at the bottom")
    }
}
