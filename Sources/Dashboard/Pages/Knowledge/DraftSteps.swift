/// Edit, Review, Build, Gate, Active: how far a draft is on its way to be what agents are told.

import ByteCoding

struct DraftSteps: Sendable {
    private enum Step: String, CaseIterable {
        case edit = "Edit"
        case review = "Review"
        case build = "Build"
        case gate = "Gate"
        case active = "Active"
    }

    let draft: JSONValue
    /// The knowledge base's.
    let settings: JSONValue
    /// Of its promotion.
    let task: JSONValue?
    /// The active revision.
    let active: Int64
    let project: String

    private var state: String { draft.text("state") }
    private var hasGate: Bool { settings.has("gate") }

    /// Texts that have their vectors, and all; nil while nobody knows.
    private var progress: (done: Int64, total: Int64)? {
        guard let done = task?["progress"]?.integer("done"), let total = task?["progress"]?.integer("total"), total > 0 else { return nil }
        return (done, total)
    }

    /// nil: there is nothing more to do.
    private var current: Step? {
        switch state {
        case "open": .edit
        case "in_review": .review
        case "approved": .build
        case "promoting": progress.map { $0.done >= $0.total && hasGate } == true ? .gate : .build
        default: nil
        }
    }

    var contexts: [PageContext] {
        let all = Step.allCases, index = current.flatMap { all.firstIndex(of: $0) } ?? (state == "promoted" ? all.count : 0)
        return all.enumerated().map { place, step in
            let isCurrent = step == current, run = step == .gate ? gateRun : nil
            let meter = step == .build && state == "promoting" ? progress : nil
            return .make {
                $0.set("name", step.rawValue)
                $0.set("text", text(step))
                // An approved draft waits for somebody to promote it.
                $0.set("tone", place < index ? "good" : isCurrent && state != "approved" ? "info" : "")
                $0.set("is_current", isCurrent)
                $0.set("has_meter", meter != nil)
                $0.set("share", meter.map { Int(100 * min($0.done, $0.total) / $0.total) } ?? 0)
                $0.set("has_url", run != nil)
                $0.set("url", run.map { "\(project)/runs/\($0)" })
                $0.set("link_text", run == nil ? "" : "See the run")
            }
        }
    }

    /// Of a gate that said no: the task's error names its run.
    private var gateRun: String? { task?["error"]?["run_id"]?.stringValue }

    private func text(_ step: Step) -> String {
        switch step {
        case .edit:
            let changes = draft["changes"] ?? .null
            let count = ["added", "changed", "removed"].reduce(Int64(0)) { $0 + (changes.integer($1) ?? 0) }
            return Figures.counted(count, "entry", "entries")
        case .review: return Self.approvals(draft, settings)
        case .build:
            guard state == "promoting", let progress else { return "chunks and vectors" }
            return "\(Figures.count(progress.done)) of \(Figures.counted(progress.total, "text", "texts"))"
        case .gate: return hasGate ? settings["gate"]?["suite"]?.stringValue.map { "suite " + $0 } ?? "a run" : "none is set"
        case .active:
            if let revision = draft.integer("promoted_revision") { return "revision \(revision)" }
            return state == "discarded" ? "discarded" : "becomes revision \(active + 1)"
        }
    }

    /// `1 of 2 approvals`, of the version as it is now.
    static func approvals(_ draft: JSONValue, _ settings: JSONValue) -> String {
        let required = settings.integer("required_approvals") ?? 0, version = draft.integer("version")
        let given = draft.list("reviews").count { $0.text("decision") == "approve" && $0.integer("draft_version") == version }
        guard required > 0 else { return given == 0 ? "no approval needed" : Figures.counted(given, "approval", "approvals") }
        return "\(given) of \(Figures.counted(required, "approval", "approvals"))"
    }
}
