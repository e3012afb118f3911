/// What a terminal shows of a run that has ended.

import EvaluationModel

package enum RunText {
    /// Some lines, without the last line end.
    package static func ended(_ report: RunReport) -> String {
        var lines = ["\(report.ending.word): \(PlainText.line(report.suite)), run \(report.id)"]
        if report.verdicts.isEmpty, !report.stateReason.isEmpty { lines.append(PlainText.line(report.stateReason)) }
        for (target, verdict) in report.verdicts {
            let counts = verdict.counts
            var facts = ["\(counts.passed) passed", "\(counts.failed) failed"]
            if counts.errored > 0 { facts.append("\(counts.errored) errored") }
            if counts.pending > 0 { facts.append("\(counts.pending) without an outcome") }
            if counts.flakyCases > 0 { facts.append("\(counts.flakyCases) flaky cases") }
            lines.append("")
            lines.append("\(PlainText.line(target)): \(word(verdict.result)); \(facts.joined(separator: ", ")) of \(counts.cases) cases")
            lines += verdict.reasons.map { "  " + PlainText.line($0, maximumCharacterCount: 1000) }
            if !verdict.flakyCases.isEmpty {
                let named = verdict.flakyCases.prefix(5).map { "\(PlainText.line($0.key)) (\($0.passed) of \($0.passed + $0.failed))" }
                lines.append("  flaky: " + named.joined(separator: ", ") + (counts.flakyCases > 5 ? ", ..." : ""))
            }
        }
        lines.append("")
        lines.append("cost \(ProgressText.dollars(report.costUSD)), \(report.inputTokens) tokens in, \(report.outputTokens) out")
        return lines.joined(separator: "\n")
    }

    private static func word(_ result: VerdictResult) -> String { RunEnding.verdict(result).word }
}
