/// A run as lists and its own page show it: state, progress, verdict.

import ByteCoding
import TraceQuery

struct RunFigures: Sendable {
    let run: JSONValue

    var id: String { run.text("id") }
    var state: String { run.text("state") }
    var isLive: Bool { ["queued", "running", "paused"].contains(state) }
    var verdict: String? { run["verdict"]?["result"]?.stringValue }
    var name: String { run.text("name").isEmpty ? "run of " + Times.text(run.text("created_at")) : run.text("name") }

    private func count(_ name: String) -> Int64 { run["counts"]?.integer(name) ?? 0 }

    /// `info`, `good`, `bad`, `warn`, or nothing.
    var tone: String {
        switch (state, verdict) {
        case ("queued", _), ("running", _): "info"
        case ("paused", _): "warn"
        case ("failed", _): "bad"
        case (_, "pass"): "good"
        case (_, "fail"): "bad"
        case (_, "not_enough_evidence"): "warn"
        default: ""
        }
    }

    static func verdictText(_ verdict: String?) -> String {
        switch verdict {
        case "pass": "passed"
        case "fail": "failed"
        case "not_enough_evidence": "not enough evidence"
        default: ""
        }
    }

    static func verdictTone(_ verdict: String?) -> String {
        switch verdict {
        case "pass": "good"
        case "fail": "bad"
        case "not_enough_evidence": "warn"
        default: ""
        }
    }

    /// What became of it in a word or three.
    var stateText: String { state == "finished" && verdict != nil ? Self.verdictText(verdict) : state }

    var branch: String { run["specification"]?["metadata"]?.text("branch") ?? "" }

    /// Bars of a hundred: passed, failed, errored.
    func setProgress(in context: inout PageContext) {
        let cells = Double(max(1, count("cells"))), passed = 100 * Double(count("passed")) / cells
        let failed = 100 * Double(count("failed")) / cells, errored = 100 * Double(count("errored")) / cells
        context.set("passed_share", Figures.fixed(passed, 2))
        context.set("failed_x", Figures.fixed(passed, 2))
        context.set("failed_share", Figures.fixed(failed, 2))
        context.set("errored_x", Figures.fixed(passed + failed, 2))
        context.set("errored_share", Figures.fixed(errored, 2))
        context.set("progress_text", "\(Figures.count(count("done"))) of \(Figures.count(count("cells")))")
        for name in ["done", "passed", "failed", "errored"] {
            context.set(name, count(name))
            context.set(name + "_text", Figures.count(count(name)))
        }
        context.set("cell_count", count("cells"))
        context.set("cell_count_text", Figures.count(count("cells")))
        let decided = count("passed") + count("failed")
        let rate = decided > 0 ? Double(count("passed")) / Double(decided) : nil
        context.set("pass_rate", rate.map { Figures.raw($0) })
        context.set("pass_rate_text", rate.map { Figures.percent($0) })
    }

    /// From its start to its end, or to now.
    func setDuration(in context: inout PageContext) {
        let start = TimeText.unixNano(run.text("started_at"))
        let length = start.map { max(0, (TimeText.unixNano(run.text("finished_at")) ?? Times.now()) - $0) }
        context.set("duration_ms", length.map { Figures.raw(Double($0) / 1e6) })
        context.set("duration_text", length.map { Figures.duration(nanoseconds: $0) } ?? "–")
    }

    /// How long it will still take at the pace so far, or that it is through.
    var left: [FigureContext.Piece] {
        guard state == "running", let start = TimeText.unixNano(run.text("started_at")), count("done") > 0 else {
            return !isLive && count("done") == count("cells") ? [.words("all of them")] : []
        }
        let left = Double(count("cells") - count("done")) * Double(Times.now() - start) / Double(count("done"))
        guard left > 0 else { return [] }
        return [.number("run.seconds_left", left / 1e9, "about \(Figures.duration(nanoseconds: Int64(left))) left")]
    }

    /// The first rule that says something of the pass rate.
    private var passRule: JSONValue? {
        run["verdict"]?.list("targets").lazy.compactMap { target in
            target.list("rules").first { $0.text("rule") == "minimum_pass_rate" }
        }.first
    }

    func row(_ suite: JSONValue?, _ project: String) -> PageContext {
        .make { context in
            setProgress(in: &context)
            context.set("id", id)
            context.set("url", "\(project)/runs/\(id)")
            context.set("name", name)
            context.set("suite_name", suite?.text("name") ?? "")
            context.set("suite_version", run.integer("suite_version"))
            context.set("has_branch", !branch.isEmpty)
            context.set("branch", branch)
            context.set("tone", tone)
            context.set("state_text", stateText)
            context.set("is_live", isLive)
            Self.setInterval(passRule?["interval"], in: &context)
            let cost = run.number("cost_usd") ?? 0
            context.set("cost", Figures.raw(cost))
            context.set("cost_text", Figures.cost(cost))
            setDuration(in: &context)
            context.set("created_time", run.text("created_at"))
            context.set("created_text", Times.text(run.text("created_at")))
        }
    }

    /// `94.1 to 98.6 %`, each end a figure.
    static func setInterval(_ interval: JSONValue?, in context: inout PageContext) {
        let low = interval?.number("lower"), high = interval?.number("upper")
        context.set("has_interval", low != nil && high != nil)
        for (name, share) in [("low", low), ("high", high)] {
            context.set(name, share.map { Figures.raw($0) })
            context.set(name + "_text", share.map { Figures.fixed(100 * $0, 1) })
        }
    }
    /// `94.1 to 98.6 %`
    static func interval(_ interval: JSONValue) -> String {
        guard let low = interval.number("lower"), let high = interval.number("upper") else { return "" }
        return "\(Figures.fixed(100 * low, 1)) to \(Figures.fixed(100 * high, 1)) %"
    }
}
