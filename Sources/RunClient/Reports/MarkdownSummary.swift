/// A run as Markdown for the page of a CI job: the verdict and its rules, what it cost, flaky cases, the worst failures. Never longer than
/// `RunClientLimits.maximumSummaryByteCount`: what does not fit is left out and said to be.

import EvaluationModel

package struct MarkdownSummary: Sendable {
    private let report: RunReport
    private let worst: WorstCases
    private let maximumByteCount: Int

    package init(_ report: RunReport, worst: WorstCases, maximumByteCount: Int = RunClientLimits.maximumSummaryByteCount) {
        self.report = report
        self.worst = worst
        self.maximumByteCount = maximumByteCount
    }

    package var text: String {
        var page = Page(maximumByteCount: maximumByteCount)
        page.add("## \(mark) \(MarkdownText.sentence(report.suite)): \(report.ending.word)\n\n")
        for reason in reasons { page.add("> \(MarkdownText.sentence(reason))\n>\n") }
        page.add("\n" + facts + "\n\n")
        rules(&page)
        flakyCases(&page)
        failures(&page)
        page.close("Look closer with `spandrel run show \(PlainText.line(report.id).filter { $0.isHexDigit || $0 == "-" })`.\n")
        return page.text
    }

    private var mark: String {
        switch report.ending {
        case .verdict(.pass): "✅"
        case .verdict(.fail): "❌"
        case .verdict(.notEnoughEvidence): "❓"
        case .noVerdict: "⚠️"
        }
    }

    /// Why it ended so: of the targets that decided it.
    private var reasons: [String] {
        guard case .verdict(let result) = report.ending else { return report.stateReason.isEmpty ? [] : [report.stateReason] }
        let isSingle = report.verdicts.count == 1
        return report.verdicts.filter { $0.verdict.result == result }.compactMap { target, verdict in
            verdict.reasons.first.map { isSingle ? $0 : "\(target): \($0)" }
        }
    }

    private var facts: String {
        var parts = ["\(report.doneCount) of \(report.cellCount) calls counted", "cost \(ProgressText.dollars(report.costUSD))"]
        parts.append("\(report.inputTokens) tokens in, \(report.outputTokens) out")
        if report.repetitions > 1 { parts.append("\(report.repetitions) repetitions") }
        if let baseline = report.baseline { parts.append("baseline \(MarkdownText.code(baseline))") }
        if let finish = report.finishTime { parts.append("finished \(MarkdownText.sentence(String(finish.prefix(19))))") }
        return parts.joined(separator: " · ")
    }

    private func rules(_ page: inout Page) {
        guard !report.verdicts.isEmpty else { return }
        page.add("| Target | Rule | Result | Estimate | Interval | Needed | Cases passed |\n|---|---|---|---|---|---|---|\n")
        for (target, verdict) in report.verdicts {
            for rule in verdict.rules {
                let cells = [
                    MarkdownText.code(target), MarkdownText.code(rule.rule.name + (rule.rule.score.map { " " + $0 } ?? "")),
                    Self.word(rule.result), Self.number(rule.estimate, rule.rule),
                    rule.interval.map { "\(Self.number($0.lower, rule.rule)) to \(Self.number($0.upper, rule.rule))" } ?? "",
                    Self.number(rule.threshold, rule.rule), "\(verdict.counts.casesPassed)/\(verdict.counts.cases)",
                ]
                page.add("| " + cells.joined(separator: " | ") + " |\n")
            }
        }
        page.add("\n")
    }

    private func flakyCases(_ page: inout Page) {
        let count = report.verdicts.reduce(0) { $0 + $1.verdict.counts.flakyCases }
        guard count > 0 else { return }
        page.add("### Flaky cases: \(count)\n\n| Case | Target | Passed | Failed |\n|---|---|---|---|\n")
        var shown = 0
        for (target, verdict) in report.verdicts {
            for flaky in verdict.flakyCases where shown < RunClientLimits.maximumShownCaseCount {
                let fits = page.add(
                    "| \(MarkdownText.code(flaky.key)) | \(MarkdownText.code(target)) | \(flaky.passed) | \(flaky.failed) |\n")
                if fits { shown += 1 }
            }
        }
        page.close(shown < count ? "\nand \(count - shown) more\n\n" : "\n")
    }

    private func failures(_ page: inout Page) {
        guard worst.count > 0 else { return }
        page.add("### Cases that did not pass: \(worst.count)\n\n| Case | Target | Passed | Why | Trace |\n|---|---|---|---|---|\n")
        var shown = 0
        for one in worst.shown where page.add(row(one)) { shown += 1 }
        guard shown < worst.count else { return page.close("\n") }
        page.close("\nand \(worst.count - shown) more.\n\n<details><summary>By name</summary>\n\n")
        var named = 0
        for (key, target) in worst.named where page.add("- \(MarkdownText.code(key)) \(targetName(target))\n") { named += 1 }
        if named < worst.count { page.close("- and \(worst.count - named) more, in the run itself\n") }
        page.close("\n</details>\n\n")
    }

    private func row(_ one: CaseReport) -> String {
        let link = report.traceURL(one.firstBad?.traceID).map { "[trace](<\(Self.url($0))>)" } ?? ""
        return "| "
            + [
                MarkdownText.code(one.key), targetName(one.target), "\(one.count("passed"))/\(one.outcomes.count)",
                MarkdownText.code(one.firstBad?.reason ?? ""), link,
            ].joined(separator: " | ") + " |\n"
    }

    private func targetName(_ index: Int) -> String {
        MarkdownText.code(report.targets.indices.contains(index) ? report.targets[index] : "")
    }

    private static func word(_ result: VerdictResult) -> String {
        switch result {
        case .pass: "pass"
        case .fail: "fail"
        case .notEnoughEvidence: "not enough evidence"
        }
    }

    private static func number(_ value: Double?, _ rule: RuleResult.Rule) -> String {
        guard let value else { return "" }
        switch rule {
        case .minimumPassRate, .maximumRegression, .maximumErrorRate: return Decimals.percent(value)
        case .maximumCost: return ProgressText.dollars(value)
        case .maximumMeanLatency: return Decimals.text(value, digits: 0) + " ms"
        case .minimumMean: return Decimals.text(value, digits: 3)
        }
    }

    /// The server's address was typed by a person: nothing in it ends the link or the cell.
    private static func url(_ text: String) -> String {
        text.filter { $0.isASCII && !["<", ">", "|", "\\", " ", "\n", "\r", "\t"].contains($0) }
    }

    /// Text up to a limit. What closes a part has room of its own, so that nothing stays open.
    private struct Page {
        private(set) var text = ""
        private var byteCount = 0
        private let maximumByteCount: Int
        private static let closingByteCount = 1024

        init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

        /// Whether it fit.
        @discardableResult
        mutating func add(_ addition: String) -> Bool { append(addition, keeping: Self.closingByteCount) }

        mutating func close(_ addition: String) { _ = append(addition, keeping: 0) }

        private mutating func append(_ addition: String, keeping reserve: Int) -> Bool {
            let count = addition.utf8.count
            guard byteCount + count <= maximumByteCount - reserve else { return false }
            text += addition
            byteCount += count
            return true
        }
    }
}
