/// `/projects/{project_id}/runs`, `/runs/new` and `/runs/{run_id}`.

import ByteCoding
import HTTPServer
import HTTPTypes

struct RunHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getRunsPage", "/projects/{project_id}/runs", handler: getRunsPage),
            pages.page("getNewRunPage", "/projects/{project_id}/runs/new", handler: getNewRunPage),
            pages.page("getRunPage", "/projects/{project_id}/runs/{run_id}", handler: getRunPage),
        ]
    }

    func getRunsPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let project = frame.project?.url ?? "", wanted = visit["suite"] ?? ""
        let suites = try await visit.api.get("/api/v1/suites", [("limit", "200")]).list("data")
        let answer = try await visit.api.get(
            "/api/v1/runs", Pager.parameters(visit) + (wanted.isEmpty ? [] : [("suite_id", wanted)]))
        let runs = answer.list("data")
        let context = PageContext.make { context in
            context.set("title", "Runs")
            context.set("page_url", visit.url)
            context.set("suite_filter_text", suites.first { $0.text("id") == wanted }?.text("name") ?? "All suites")
            context.set(
                "suite_choices",
                ([("All suites", "")] + suites.map { ($0.text("name"), $0.text("id")) }).map { name, id in
                    .make {
                        $0.set("name", name)
                        $0.set("url", URLText.url(project + "/runs", id.isEmpty ? [] : [("suite", id)]))
                        $0.set("is_current", id == wanted)
                    }
                })
            context.set("new_run_url", URLText.url(project + "/runs/new", wanted.isEmpty ? [] : [("suite", wanted)]))
            context.set("has_rows", !runs.isEmpty)
            context.set(
                "rows", runs.map { run in RunFigures(run: run).row(suites.first { $0.text("id") == run.text("suite_id") }, project) })
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(runs.count, "run", "runs"))
        }
        return .page(Page(name: "runs", context: context, fragments: ["runs_results"]))
    }

    func getRunPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let project = frame.project?.url ?? "", path = "/api/v1/runs/" + URLText.encoded(visit.path("run_id"))
        let run = try await visit.api.get(path)
        let suite = try await visit.api.find("/api/v1/suites/" + run.text("suite_id")) ?? .null
        var baseline: JSONValue?
        if let id = run["baseline_run_id"]?.stringValue { baseline = try await visit.api.find("/api/v1/runs/" + id) }
        let filter = visit.items(["result", "target"]) + [("order", "key")]
        let answer = try await visit.api.get(path + "/outcomes", filter + Pager.parameters(visit, limit: 500))
        let stored = try await visit.api.find(
            "/api/v1/suites/\(run.text("suite_id"))/test-cases", [("version", String(run.integer("suite_version") ?? 1)), ("limit", "500")])
        let cases = Dictionary((stored?.list("data") ?? []).map { ($0["content"]?.text("key") ?? "", $0) }) { first, _ in first }
        let content = RunContent(
            figures: RunFigures(run: run), suite: suite, baseline: baseline, comparison: try await visit.api.get(path + "/comparison"),
            outcomes: answer.list("data"), cases: cases,
            history: try await visit.api.get("/api/v1/runs", [("suite_id", run.text("suite_id")), ("limit", "14")]).list("data"),
            project: project, frame: frame)
        var outcome: JSONValue?, before: JSONValue?
        if let id = visit["outcome"], !id.isEmpty {
            outcome = try await visit.api.find("\(path)/outcomes/\(URLText.encoded(id))")
            if let outcome, let baseline { before = try await counterpart(of: outcome, of: run, in: baseline, visit.api) }
        }
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            content.setHead(in: &context)
            content.setComparison(in: &context)
            content.setMatrix(in: &context, visit, next: answer["next_cursor"]?.stringValue)
            context.set("has_outcome", outcome != nil)
            context.set("outcome", outcome.map { content.outcome($0, before: before, visit) } ?? PageContext())
        }
        return .page(Page(name: "run", context: context, fragments: ["run_head", "run_matrix", "outcome"]))
    }

    /// What came of the same case and repetition in the baseline, of its target of that name.
    private func counterpart(
        of outcome: JSONValue, of run: JSONValue, in baseline: JSONValue, _ api: APICaller
    ) async throws(Problem) -> JSONValue? {
        func names(_ run: JSONValue) -> [String] { (run["specification"]?.list("targets") ?? []).map { $0.text("name") } }
        let own = names(run), target = Int(outcome.integer("target") ?? 0)
        guard own.indices.contains(target), let place = names(baseline).firstIndex(of: own[target]) else { return nil }
        let path = "/api/v1/runs/\(baseline.text("id"))/outcomes"
        let found = try await api.get(path, [("key", outcome.text("key")), ("target", String(place)), ("limit", "500")]).list("data")
        guard let same = found.first(where: { $0.integer("repetition") == outcome.integer("repetition") }) else { return nil }
        return try await api.find("\(path)/\(same.text("id"))")
    }

    func getNewRunPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let suites = try await visit.api.get("/api/v1/suites", [("limit", "200")]).list("data")
        let organization = frame.project?.organizationID ?? ""
        let credentials =
            try await visit.api.find("/api/v1/organizations/\(organization)/provider-credentials", [("limit", "100")])?.list("data") ?? []
        let runs = try await visit.api.get("/api/v1/runs", [("limit", "20")]).list("data")
        let prices = try await visit.api.find("/api/v1/prices")?.list("data") ?? []
        let names = [
            "openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Gemini", "xai": "xAI", "openai_compatible": "OpenAI-compatible",
        ]
        var seen = Set<String>()
        let providers = credentials.map { $0.text("provider") }.filter { seen.insert($0).inserted }
        let wanted = visit["suite"] ?? suites.first?.text("id") ?? ""
        let context = PageContext.make { context in
            context.set("title", "Start a run")
            context.set("page_url", visit.url)
            context.set("has_suites", !suites.isEmpty)
            context.set(
                "suites",
                suites.map { suite in
                    .make {
                        $0.set("id", suite.text("id"))
                        $0.set("name", suite.text("name"))
                        $0.set("case_count", suite.integer("case_count") ?? 0)
                        $0.set("is_selected", suite.text("id") == wanted)
                    }
                })
            context.set("has_credentials", !credentials.isEmpty)
            context.set(
                "providers",
                providers.map { provider in
                    .make {
                        $0.set("value", provider)
                        $0.set("name", names[provider] ?? provider)
                    }
                })
            let models = prices.map { $0.text("model_pattern") }.filter { !$0.contains("*") }
            context.set("models", models.map { name in .make { $0.set("name", name) } })
            context.set(
                "baselines",
                runs.filter { $0.text("state") == "finished" }.map { run in
                    .make {
                        $0.set("value", run.text("id"))
                        $0.set("name", RunFigures(run: run).name)
                    }
                })
            context.set("prompt_placeholder", "{{input}}")
            context.set("estimate_url", "/api/v1/runs/estimate")
            context.set("estimate_cells_text", "–")
            context.set("estimate_cost_text", "–")
        }
        return .page(Page(name: "run-new", context: context))
    }
}
