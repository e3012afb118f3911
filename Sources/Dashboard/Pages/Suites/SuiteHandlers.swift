/// `/projects/{project_id}/suites`, one suite and one case of it.

import ByteCoding
import HTTPServer
import HTTPTypes

struct SuiteHandlers: Sendable {
    /// Cases of a page.
    private static let caseCount = 100
    /// Runs of a suite that its history shows.
    private static let historyCount = 14
    /// Runs of the project that the list of suites looks at for the last ones of each.
    private static let recentRunCount = 200

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getSuitesPage", "/projects/{project_id}/suites", handler: getSuitesPage),
            pages.page("getSuitePage", "/projects/{project_id}/suites/{suite_id}", handler: getSuitePage),
            pages.page("getCasePage", "/projects/{project_id}/suites/{suite_id}/cases/{key}", handler: getCasePage),
        ]
    }

    func getSuitesPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let answer = try await visit.api.get("/api/v1/suites", Pager.parameters(visit)), suites = answer.list("data")
        let runs = try await visit.api.get("/api/v1/runs", [("limit", String(Self.recentRunCount))]).list("data")
        let context = PageContext.make { context in
            context.set("title", "Suites")
            context.set("page_url", visit.url)
            SuitesContent.set(suites, runs: runs, project: frame.project?.url ?? "", in: &context)
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(suites.count, "suite", "suites"))
        }
        return .page(Page(name: "suites", context: context))
    }

    func getSuitePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let path = "/api/v1/suites/" + URLText.encoded(visit.path("suite_id")), suite = try await visit.api.get(path)
        let versions = try await visit.api.all(path + "/versions")
        let newest = suite.integer("version") ?? 0, wanted = visit["version"].flatMap { Int64($0) } ?? newest
        let parameters = Pager.parameters(visit, limit: Self.caseCount) + (wanted == newest ? [] : [("version", String(wanted))])
        let answer = try await visit.api.get(path + "/test-cases", parameters), cases = answer.list("data")
        let runs = try await visit.api.get("/api/v1/runs", [("suite_id", suite.text("id")), ("limit", String(Self.historyCount))]).list(
            "data")
        let results = try await CaseResults.load(of: runs, key: nil, visit.api)
        let content = SuiteContent(suite: suite, version: wanted, results: results, project: frame.project?.url ?? "")
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            content.set(versions: versions, runs: runs, cases: cases, in: &context)
            let total = versions.first { $0.integer("version") == wanted }?.integer("case_count") ?? suite.integer("case_count") ?? 0
            context.set("case_count", total)
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(cases.count, of: total, "case", "cases"))
        }
        return .page(Page(name: "suite", context: context))
    }

    func getCasePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let key = visit.path("key"), path = "/api/v1/suites/" + URLText.encoded(visit.path("suite_id")),
            suite = try await visit.api.get(path)
        let answer = try await visit.api.get("\(path)/test-cases/\(URLText.encoded(key))")
        let versions = try await visit.api.all(path + "/versions")
        let runs = try await visit.api.get("/api/v1/runs", [("suite_id", suite.text("id")), ("limit", String(Self.historyCount))]).list(
            "data")
        let results = try await CaseResults.load(of: runs, key: key, visit.api)
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            CaseContent(key: key, suite: suite, project: frame.project?.url ?? "").set(answer, versions: versions, results, in: &context)
        }
        return .page(Page(name: "case", context: context))
    }
}
