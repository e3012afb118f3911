import Glibc
import Testing

@testable import KnowledgeModel

/// Holds the table of steps in docs/knowledge-base.md to what the state machine does; run with SPANDREL_WRITE_DOCS=1 it writes the table.
@Suite struct KnowledgeBaseDocumentTests {
    private static let path = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/docs/knowledge-base.md"
    private static let marks = (begin: "<!-- steps: made by KnowledgeBaseDocumentTests -->\n", end: "<!-- end of steps -->")

    private static func read() throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// What each step leads to from each state, found by doing it.
    private static func table() -> String {
        let actor = KnowledgeActor.user("somebody")
        let lives: [KnowledgeDraftLife] = [
            .init(baseRevision: 1), .init(state: .inReview(approvals: []), baseRevision: 1), .init(state: .approved, baseRevision: 1),
            .init(state: .promoting, baseRevision: 1), .init(state: .promoted(revision: 2), baseRevision: 1),
            .init(state: .discarded, baseRevision: 1),
        ]
        func name(_ state: KnowledgeDraftLife.StateName) -> String { state.rawValue.replacing("_", with: " ") }
        var rows: [String] = []
        for step in KnowledgeDraftStep.allCases {
            var transitions: [String] = []
            for life in lives {
                var results: [String] = []
                for event in events(step, by: actor) {
                    guard let after = try? life.applying(event), !results.contains(name(after.state.name)) else { continue }
                    results.append(name(after.state.name))
                }
                if !results.isEmpty { transitions.append("\(name(life.state.name)) -> \(results.joined(separator: " or "))") }
            }
            let permission = step.permission.map { "`\($0.rawValue)`" } ?? "the server"
            rows.append("| \(step.rawValue.replacing("_", with: " ")) | \(permission) | \(transitions.joined(separator: "; ")) |\n")
        }
        return "| step | who | from -> to |\n|---|---|---|\n" + rows.joined()
    }

    private static func events(_ step: KnowledgeDraftStep, by actor: KnowledgeActor) -> [KnowledgeDraftLife.Event] {
        switch step {
        case .edit: [.edit(by: actor)]
        case .submit: [.submit(by: actor, requiredApprovals: 1), .submit(by: actor, requiredApprovals: 0)]
        case .withdraw: [.withdraw(by: actor)]
        case .approve: [.approve(by: actor, version: 0, requiredApprovals: 2), .approve(by: actor, version: 0, requiredApprovals: 1)]
        case .requestChanges: [.requestChanges(by: actor, version: 0)]
        case .rebase: [.rebase(by: actor, onto: 2)]
        case .promote: [.promote(by: actor, activeRevision: 1)]
        case .promotionFailed: [.promotionFailed]
        case .promotionSucceeded: [.promotionSucceeded(revision: 2)]
        case .discard: [.discard(by: actor)]
        }
    }

    @Test("the document's table of steps is what the state machine does") func steps() throws {
        let document = try Self.read()
        let parts = document.split(separator: Self.marks.begin, maxSplits: 1, omittingEmptySubsequences: false)
        let tail = try #require(parts.last?.split(separator: Self.marks.end, maxSplits: 1, omittingEmptySubsequences: false))
        try #require(parts.count == 2 && tail.count == 2)
        if getenv("SPANDREL_WRITE_DOCS") != nil {
            let file = try #require(fopen(Self.path, "w"))
            defer { fclose(file) }
            fputs("\(parts[0])\(Self.marks.begin)\(Self.table())\(Self.marks.end)\(tail[1])", file)
        } else {
            #expect(String(tail[0]) == Self.table(), "run this test with SPANDREL_WRITE_DOCS=1")
        }
    }

    @Test("the document names every permission and every reason of a refusal") func words() throws {
        let document = try Self.read()
        for permission in KnowledgePermission.allCases { #expect(document.contains("`\(permission.rawValue)`")) }
        for reason in KnowledgeDraftRefusal.Reason.allCases { #expect(document.contains("`\(reason.rawValue)`")) }
    }
}
