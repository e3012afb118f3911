import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Metastore
import Testing

@testable import Dashboard

/// The pages of a whole installation: what handlers make has the keys that the samples have, so that a template finds every name.
@Suite("Pages of a real project") struct PageShapeTests {
    /// The path of each page, and the sample that its context is held to.
    private static let pages: [(path: String, sample: String)] = [
        ("traces?from=all&histogram=shown", "traces"), ("traces?from=all", "traces-counting"), ("connect", "connect"),
        ("overview?from=all", "overview"), ("sessions?from=all", "sessions"),
        ("users?from=all", "users"), ("runs", "runs"), ("runs/new", "run-new"), ("suites", "suites"), ("knowledge", "knowledge"),
        ("knowledge/drafts", "drafts"), ("knowledge/revisions", "revisions"), ("knowledge/search", "knowledge-search-begin"),
        ("settings/general", "settings-general"), ("settings/members", "settings-members"), ("settings/keys", "settings-keys"),
        ("settings/redaction", "settings-redaction"), ("settings/providers", "settings-providers"), ("settings/prices", "settings-prices"),
        ("settings/audit", "settings-audit"), ("settings/quarantine", "settings-quarantine"),
    ]

    @Test("every page of a project is made with the keys of its sample")
    func shapes() async throws {
        try await PageServer.run { pages in
            try await pages.fill()
            for (path, name) in Self.pages {
                let context = try await pages.context("/projects/\(pages.project)/\(path)")
                let faults = Shape(context).faults(against: Shape(try Sample(name).handlers))
                #expect(faults == [], "\(path)")
            }
            let suite = try await pages.makeSuite(), entry = try await pages.makeDraft()
            for (path, name) in [
                (suite, "suite"), (suite + "/cases/one", "case"), (suite + "/cases/two", "case"), (entry, "entry-draft"),
                ("knowledge/drafts/change?key=refunds", "draft-open"), ("suites", "suites"), ("runs/new", "run-new"),
                ("knowledge/drafts", "drafts"),
            ] {
                let context = try await pages.context("/projects/\(pages.project)/\(path)")
                #expect(Shape(context).faults(against: Shape(try Sample(name).handlers)) == [], "\(path)")
            }
            try await pages.call("POST", "/api/v1/kb/drafts/change/submit")
            let draft = try await pages.context("/projects/\(pages.project)/knowledge/drafts/change?key=refunds")
            #expect(Shape(draft).faults(against: Shape(try Sample("draft").handlers)) == [], "a draft in review")
            let trace = try await pages.context("/projects/\(pages.project)/traces/\(pages.trace)?span=\(pages.span)")
            #expect(Shape(trace).faults(against: Shape(try Sample("trace").handlers)) == [], "a trace")
            let why = try await pages.context("/projects/\(pages.project)/traces/\(pages.trace)/spans/\(pages.span)/explain")
            #expect(Shape(why).faults(against: Shape(try Sample("explanation").handlers)) == [], "an explanation")
        }
    }

    @Test("the pages of nobody's project, too")
    func ownPages() async throws {
        try await PageServer.run { pages in
            for (path, name) in [("/account", "account"), ("/new-project", "new-project"), ("/health", "health")] {
                let faults = Shape(try await pages.context(path)).faults(against: Shape(try Sample(name).handlers))
                #expect(faults == [], "\(path)")
            }
        }
    }
}
