/// A run's page: its verdict in one sentence, each target with its interval, the matrix of cases by targets.

import Access
import ByteCoding
import TraceQuery

struct RunContent: Sendable {
    let figures: RunFigures
    let suite: JSONValue
    let baseline: JSONValue?
    /// What came of each target, beside the baseline.
    let comparison: JSONValue
    /// Of the run, in the order of their cases.
    let outcomes: [JSONValue]
    let cases: [String: JSONValue]
    /// Runs of the suite, the newest first.
    let history: [JSONValue]
    let project: String
    let frame: PageFrame

    private var run: JSONValue { figures.run }
    private var targetNames: [String] { run["specification"]?.list("targets").map { $0.text("name") } ?? [] }
    private var verdicts: [JSONValue] { run["verdict"]?.list("targets") ?? [] }
    private var path: String { "\(project)/runs/\(figures.id)" }

    func setHead(in context: inout PageContext) {
        figures.setProgress(in: &context)
        let suitePath = "\(project)/suites/\(run.text("suite_id"))", state = figures.state, mayRun = frame.may(.startRuns)
        context.set("title", figures.name)
        context.set("run_id", figures.id)
        context.set("name", figures.name)
        context.set("suite_name", suite.text("name"))
        context.set("suite_url", suitePath)
        context.set("suite_version", run.integer("suite_version"))
        context.set("state", state)
        context.set("state_text", state)
        context.set("state_tone", figures.isLive ? "info" : state == "failed" ? "bad" : "")
        context.set("is_live", figures.isLive)
        context.set("has_branch", !figures.branch.isEmpty)
        context.set("branch", figures.branch)
        context.set("can_pause", mayRun && ["queued", "running"].contains(state))
        context.set("can_resume", mayRun && state == "paused")
        context.set("can_cancel", mayRun && figures.isLive)
        context.set("can_repeat", mayRun && !figures.isLive)
        context.set("repeat_url", URLText.url(project + "/runs/new", [("suite", run.text("suite_id"))]))
        let reason = run.text("state_reason")
        // What the verdict says is not said twice.
        let isSaid = reason.isEmpty || Sentence.text(reason) == sentence
        context.set("has_reason", !isSaid)
        context.set("state_reason", isSaid ? "" : Sentence.text(reason))
        let verdict = figures.verdict
        context.set("has_verdict", verdict != nil)
        context.set("verdict", verdict)
        context.set("verdict_tone", RunFigures.verdictTone(verdict))
        context.set("verdict_text", verdict == nil ? "" : Sentence.heading(RunFigures.verdictText(verdict)))
        context.set("verdict_sentence", sentence)
        context.set("left", figures.left.map(\.context))
        let cost = run.number("cost_usd") ?? 0, cap = run["specification"]?.number("spending_cap_usd")
        context.set("cost", Figures.raw(cost))
        context.set("cost_text", Figures.cost(cost))
        context.set("has_cap", cap != nil)
        context.set("cap", cap.map { Figures.raw($0) })
        context.set("cap_text", cap.map { Figures.cost($0) })
        for name in ["input_tokens", "output_tokens"] {
            context.set(name, run.integer(name) ?? 0)
            context.set(name + "_text", Figures.count(run.integer(name) ?? 0))
        }
        figures.setDuration(in: &context)
        let started = run["started_at"]?.stringValue ?? run.text("created_at")
        context.set("started_time", started)
        context.set("started_text", Times.text(started))
        context.set("has_targets", !targetNames.isEmpty)
        context.set("targets", targetNames.enumerated().map { target($0, $1) })
    }

    /// Why: the reason of the rule that decided, else the verdict's own.
    private var sentence: String {
        let verdict = run["verdict"] ?? .null
        let rules = verdicts.flatMap { $0.list("rules") }
        let deciding = rules.first { $0.text("result") == figures.verdict } ?? rules.first
        let words = deciding?.text("reason") ?? verdict.list("reasons").first?.stringValue ?? ""
        return words.isEmpty ? "" : Sentence.text(words)
    }

    private func target(_ index: Int, _ name: String) -> PageContext {
        let verdict = verdicts.first { $0.text("target") == name } ?? .null, result = verdict["result"]?.stringValue
        let rule = verdict.list("rules").first { $0.text("rule") == "minimum_pass_rate" }, interval = rule?["interval"] ?? .null
        let own = compared(index), trials = (own.integer("passed") ?? 0) + (own.integer("failed") ?? 0)
        let rate = rule?.number("estimate") ?? (trials > 0 ? Double(own.integer("passed") ?? 0) / Double(trials) : nil)
        return .make { context in
            context.set("name", name)
            context.set("tone", figures.isLive ? "info" : RunFigures.verdictTone(result))
            context.set("verdict_text", figures.isLive ? figures.state : RunFigures.verdictText(result))
            let reason = verdict.list("reasons").first?.stringValue ?? ""
            // Said below the target already by the rule whose reason it is.
            let isSaid = verdict.list("rules").contains { $0.text("reason") == reason }
            context.set("has_sentence", targetNames.count > 1 && !reason.isEmpty && !isSaid)
            context.set("sentence", reason)
            context.set("has_threshold", rule?.number("threshold") != nil)
            context.set("threshold_x", Self.thousandths(rule?.number("threshold")))
            RunFigures.setInterval(interval, in: &context)
            context.set("low_x", Self.thousandths(interval.number("lower")))
            context.set("high_x", Self.thousandths(interval.number("upper")))
            context.set("estimate_x", Self.thousandths(rate))
            context.set("pass_rate", rate.map { Figures.raw($0) })
            context.set("pass_rate_text", rate.map { Figures.percent($0) } ?? "–")
            let cost = own.number("cost_usd") ?? 0, mean = own.number("mean_duration_ms")
            context.set("cost", Figures.raw(cost))
            context.set("cost_text", Figures.cost(cost))
            context.set("mean_duration_ms", mean.map { Figures.raw($0) })
            context.set("mean_duration_text", mean.map { Figures.duration(milliseconds: $0) } ?? "–")
            context.set(
                "rules",
                verdict.list("rules").map { rule in
                    .make {
                        $0.set("name", Self.ruleName(rule))
                        $0.set("tone", RunFigures.verdictTone(rule.text("result")))
                        $0.set("result_text", rule.text("result") == "pass" ? "holds" : RunFigures.verdictText(rule.text("result")))
                        $0.set("reason", Sentence.text(rule.text("reason")))
                    }
                })
        }
    }

    private static func thousandths(_ share: Double?) -> String { share.map { Figures.fixed(1_000 * max(0, min(1, $0)), 0) } ?? "0" }

    private static func ruleName(_ rule: JSONValue) -> String {
        let threshold = rule.number("threshold") ?? 0
        switch rule.text("rule") {
        case "minimum_pass_rate": return "pass rate of at least " + Figures.percent(threshold)
        case "maximum_regression": return "no more than \(Figures.percent(abs(threshold))) worse than the baseline"
        case "maximum_error_rate": return "errored cells of at most " + Figures.percent(threshold)
        case "maximum_cost_usd": return "cost of at most " + Figures.cost(threshold)
        case "maximum_mean_latency_ms": return "mean time of at most " + Figures.duration(milliseconds: threshold)
        default: return "mean of \(rule.text("score")) of at least \(Figures.fixed(threshold, 2))"
        }
    }

    // MARK: Baseline, flaky cases

    func setComparison(in context: inout PageContext) {
        let compared = targetNames.indices.compactMap { self.compared($0)["baseline"] }.filter { !$0.isNull }
        let rule = verdicts.flatMap { $0.list("rules") }.first { $0.text("rule") == "maximum_regression" }
        context.set("has_baseline", baseline != nil && !compared.isEmpty)
        context.set(
            "baseline",
            .make { context in
                func sum(_ name: String) -> Int64 { compared.reduce(0) { $0 + ($1.integer(name) ?? 0) } }
                let only = sum("only_in_run_count"), missing = sum("only_in_baseline_count")
                let unpaired = [
                    only > 0 ? "\(Figures.counted(only, "case is", "cases are")) only in this run" : nil,
                    missing > 0 ? "\(Figures.counted(missing, "case is", "cases are")) only in the baseline" : nil,
                ].compactMap { $0 }.joined(separator: ", ")
                context.set("name", baseline.map { RunFigures(run: $0).name } ?? "")
                context.set("url", baseline.map { "\(project)/runs/\($0.text("id"))" } ?? "")
                for name in ["regressed_count", "improved_count", "same_count"] { context.set(name, sum(name)) }
                context.set("sentence", rule.map { Sentence.text($0.text("reason")) } ?? "")
                for name in ["regressed", "improved"] {
                    // Of several targets a case may stand in more than one.
                    var seen = Set<String>()
                    let keys = compared.flatMap { $0.list(name) }.map { $0.text("key") }.filter { seen.insert($0).inserted }
                    context.set("has_" + name, !keys.isEmpty)
                    context.set(
                        name,
                        keys.map { key in
                            .make {
                                $0.set("key", key)
                                $0.set("url", caseURL(key))
                            }
                        })
                }
                context.set("has_unpaired", !unpaired.isEmpty)
                context.set("unpaired_text", unpaired.isEmpty ? "" : Sentence.text(unpaired))
            })
        let flaky = verdicts.flatMap { $0.list("flaky_cases") }
        context.set("has_flaky", !flaky.isEmpty)
        context.set(
            "flaky",
            flaky.map { one in
                let passed = one.integer("passed") ?? 0, all = max(1, passed + (one.integer("failed") ?? 0)), key = one.text("key")
                return .make {
                    $0.set("key", key)
                    $0.set("url", caseURL(key))
                    $0.set("share", Int((100 * Double(passed) / Double(all)).rounded()))
                    $0.set("rest", 100 - Int((100 * Double(passed) / Double(all)).rounded()))
                    $0.set("passed", passed)
                    $0.set("trials", all)
                    $0.set("was_stable_text", one["was_stable"]?.boolValue.map { $0 ? "was steady" : "flaky too" } ?? "not in it")
                }
            })
        SuiteHistory.set(history, in: &context, project: project)
    }

    private func compared(_ target: Int) -> JSONValue {
        let all = comparison.list("targets")
        return all.indices.contains(target) ? all[target] : .null
    }

    /// Whether a case does better or worse than in the baseline.
    private func change(of key: String, _ target: Int) -> (text: String, tone: String)? {
        guard let beside = compared(target)["baseline"] else { return nil }
        if beside.list("regressed").contains(where: { $0.text("key") == key }) { return ("worse", "bad") }
        if beside.list("improved").contains(where: { $0.text("key") == key }) { return ("better", "good") }
        return nil
    }

    private func caseURL(_ key: String) -> String { "\(project)/suites/\(run.text("suite_id"))/cases/\(URLText.encoded(key))" }

    // MARK: The matrix

    func setMatrix(in context: inout PageContext, _ visit: PageVisit, next: String?) {
        let wanted = visit["result"] ?? ""
        context.set(
            "result_choices",
            [("All", "", "done"), ("Failed", "failed", "failed"), ("Errored", "errored", "errored"), ("Passed", "passed", "passed")].map {
                name, value, count in
                .make {
                    $0.set("name", name)
                    $0.set("metric", "run." + count)
                    $0.set("count", run["counts"]?.integer(count) ?? 0)
                    $0.set("count_text", Figures.count(run["counts"]?.integer(count) ?? 0))
                    $0.set("url", visit.url(setting: [("result", value.isEmpty ? nil : value), ("cursor", nil), ("outcome", nil)]))
                    $0.set("is_current", wanted == value)
                }
            })
        context.set("matrix_targets", targetNames.map { name in .make { $0.set("name", name) } })
        var order: [String] = [], byCase: [String: [JSONValue]] = [:]
        for outcome in outcomes where outcome["superseded_at"]?.isNull != false {
            let key = outcome.text("key")
            if byCase[key] == nil { order.append(key) }
            byCase[key, default: []].append(outcome)
        }
        context.set("has_cases", !order.isEmpty)
        context.set("no_cases_text", figures.isLive ? "The first answers are on their way." : "No case has this result.")
        context.set("cases", order.map { row($0, byCase[$0] ?? [], visit) })
        Pager.set(in: &context, visit, next: next, shown: .init(order.count, "case", "cases"))
    }

    private func row(_ key: String, _ outcomes: [JSONValue], _ visit: PageVisit) -> PageContext {
        let results = Set(outcomes.map { $0.text("result") })
        return .make { context in
            context.set("key", key)
            context.set("url", caseURL(key))
            context.set("input_preview", cases[key].map { TestCaseText.input($0) } ?? "")
            context.set("is_flaky", results.contains("passed") && results.contains("failed"))
            context.set(
                "cells",
                targetNames.indices.map { target in
                    let own = outcomes.filter { $0.integer("target") == Int64(target) }
                        .sorted { ($0.integer("repetition") ?? 0) < ($1.integer("repetition") ?? 0) }
                    return .make { cell in
                        cell.set(
                            "repetitions",
                            own.map { outcome in
                                .make {
                                    $0.set("id", outcome.text("id"))
                                    $0.set("tone", Self.tone(outcome.text("result")))
                                    $0.set("url", visit.url(setting: [("outcome", outcome.text("id"))]))
                                    $0.set("text", "repetition \(outcome.integer("repetition") ?? 1): \(outcome.text("result"))")
                                }
                            })
                        let change = change(of: key, target)
                        cell.set("has_change", change != nil)
                        cell.set("change_text", change?.text ?? "")
                        cell.set("change_tone", change?.tone ?? "")
                    }
                })
        }
    }

    static func tone(_ result: String) -> String {
        switch result {
        case "passed": "good"
        case "failed": "bad"
        default: "warn"
        }
    }

    // MARK: One outcome

    /// `before`: what came of the same in the baseline, if it has that.
    func outcome(_ outcome: JSONValue, before: JSONValue? = nil, _ visit: PageVisit) -> PageContext {
        let target = Int(outcome.integer("target") ?? 0), key = outcome.text("key"), result = outcome.text("result")
        let repetitions = run["specification"]?.integer("repetitions") ?? 1, trace = outcome.text("trace_id")
        return .make { context in
            context.set("key", key)
            context.set("tone", Self.tone(result))
            context.set("result_text", result)
            context.set("close_url", visit.url(setting: [("outcome", nil)]))
            context.set("target_name", target < targetNames.count ? targetNames[target] : "")
            context.set("target", target)
            let repetition = outcome.integer("repetition") ?? 1
            context.set("repetition", repetition)
            context.set("repetition_text", "repetition \(repetition) of \(repetitions)")
            let duration = outcome.number("duration_ms"), cost = outcome.number("cost_usd") ?? 0
            context.set("duration_ms", duration.map { Figures.raw($0) })
            context.set("duration_text", duration.map { Figures.duration(milliseconds: $0) } ?? "–")
            context.set("cost", Figures.raw(cost))
            context.set("cost_text", Figures.cost(cost))
            for name in ["input_tokens", "output_tokens"] {
                context.set(name, outcome.integer(name) ?? 0)
                context.set(name + "_text", Figures.count(outcome.integer(name) ?? 0))
            }
            context.set("has_trace", !trace.isEmpty)
            context.set("trace_url", trace.isEmpty ? "" : "\(project)/traces/\(trace)")
            let error = outcome["error"] ?? .null
            context.set("has_error", !error.isNull)
            context.set("error_text", error.isNull ? "" : error["message"]?.stringValue ?? SpanTexts.text(error))
            context.set("scores", outcome.list("scores").map { ScoreContext.make($0) })
            let content = cases[key]?["content"] ?? .null
            context.set("input", SpanTexts.content(TestCaseText.shown(content["input"] ?? content["messages"] ?? .null)))
            for (name, value) in [
                ("output", outcome["output"] ?? .null), ("expected", content["expected"] ?? .null),
                ("baseline_output", before?["output"] ?? .null),
            ] {
                context.set("has_" + name, !value.isNull)
                context.set(name, value.isNull ? PageContext() : SpanTexts.content(TestCaseText.shown(value["text"] ?? value)))
            }
            let attempts = outcome.list("attempts")
            context.set("has_attempts", attempts.count > 1)
            context.set("attempts_text", Figures.counted(Int64(attempts.count), "attempt", "attempts"))
            context.set(
                "attempts",
                attempts.map { attempt in
                    .make {
                        $0.set("tone", attempt.text("result") == "succeeded" ? "good" : "bad")
                        let why = attempt["error"]?["message"]?.stringValue.map { ": " + $0 } ?? ""
                        $0.set("text", "\(attempt.text("worker")), \(attempt.text("result"))\(why)")
                    }
                })
            context.set("can_requeue", frame.may(.startRuns))
        }
    }
}

/// A test case in a line or as it is.
enum TestCaseText {
    /// Of a stored case: the beginning of its input.
    static func input(_ stored: JSONValue) -> String {
        let content = stored["content"] ?? stored
        return preview(shown(content["input"] ?? content["messages"] ?? .null))
    }

    static func shown(_ value: JSONValue) -> JSONValue {
        // Messages: what the last of them says.
        if let last = (value["messages"] ?? value).arrayValue?.last, let text = last["content"]?.stringValue { return .string(text) }
        // A text that was given as such is the only variable, `input`.
        if let variables = value["variables"]?.objectValue, variables.count == 1, variables[0].key == "input" { return variables[0].value }
        return value
    }

    static func preview(_ value: JSONValue) -> String {
        let text = value.isNull ? "" : SpanTexts.text(value), line = text.prefix { $0 != "\n" }.prefix(160)
        return line.count < text.count ? line + "…" : String(line)
    }
}
