/// The pass rates of a suite's runs with their intervals, the newest last: marks over a field 1000 wide and 120 high, 50 % at the bottom.

import ByteCoding

enum SuiteHistory {
    static func set(_ runs: [JSONValue], in context: inout PageContext, project: String) {
        let rated = runs.reversed().compactMap { run -> (RunFigures, Double, JSONValue)? in
            let rule = run["verdict"]?.list("targets").lazy.compactMap { target in
                target.list("rules").first { $0.text("rule") == "minimum_pass_rate" }
            }.first
            guard let rule, let estimate = rule.number("estimate") else { return nil }
            return (RunFigures(run: run), estimate, rule["interval"] ?? .null)
        }
        func y(_ share: Double) -> String { Figures.fixed(110 - 100 * max(0, min(1, (share - 0.5) / 0.5)), 1) }
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
