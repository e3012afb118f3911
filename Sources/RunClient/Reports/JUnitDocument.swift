/// A run as JUnit XML, in the subset that common readers share: a test suite for each target, a test case for each case.
///
///     begin -> (beginSuite -> testCase ... -> endSuite) ... -> end
///
/// The file is written in one go while outcomes are read: each function answers the next bytes. The counts stand in the opening tags and are
/// known at their ends only, so they have a fixed width there, and `end` says which bytes to put in their place.

import EvaluationModel

package struct JUnitDocument: Sendable {
    /// Bytes that replace as many at an offset of the file.
    package struct Patch: Equatable, Sendable {
        package let byteOffset: Int
        package let bytes: [UInt8]
    }

    private struct Counts {
        var tests = 0, failures = 0, errors = 0
        var seconds = 0.0

        /// Spaces between attributes mean nothing.
        static let width = 120

        var attributes: String {
            let text =
                " tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\" time=\"\(Decimals.text(seconds, digits: 3))\""
            return text + String(repeating: " ", count: max(0, Self.width - text.utf8.count))
        }

        static func + (a: Counts, b: Counts) -> Counts {
            Counts(
                tests: a.tests + b.tests, failures: a.failures + b.failures, errors: a.errors + b.errors, seconds: a.seconds + b.seconds)
        }
    }

    private let report: RunReport
    private var byteCount = 0
    private var total = Counts(), suite = Counts()
    private var totalOffset = 0, suiteOffset = 0
    private var suiteName = ""
    private var patches: [Patch] = []

    package init(_ report: RunReport) { self.report = report }

    package mutating func begin() -> [UInt8] {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(XMLText.attribute(report.suite))\""
        totalOffset = head.utf8.count
        return out(head + total.attributes + ">\n")
    }

    package mutating func beginSuite(target: Int) -> [UInt8] {
        suite = Counts()
        suiteName = report.targets.indices.contains(target) ? report.targets[target] : "target \(target)"
        var head = "  <testsuite name=\"\(XMLText.attribute(suiteName))\""
        // JUnit's times have no fraction and no zone.
        if let start = report.startTime { head += " timestamp=\"\(XMLText.attribute(String(start.prefix(19))))\"" }
        suiteOffset = byteCount + head.utf8.count
        var properties = [("run_id", report.id), ("run_name", report.name), ("run_state", report.ending.word)]
        if let verdict = report.verdicts.first(where: { $0.target == suiteName })?.verdict {
            properties.append(("verdict", verdict.result.rawValue))
            if let reason = verdict.reasons.first { properties.append(("verdict_reason", reason)) }
            if verdict.counts.pending > 0 { properties.append(("pending", "\(verdict.counts.pending)")) }
        }
        return out(head + suite.attributes + ">\n" + Self.properties(properties, indent: "    "))
    }

    /// - Parameter outputs: what the target answered, by the outcome's id, as far as it was fetched.
    package mutating func testCase(_ one: CaseReport, outputs: [String: String] = [:]) -> [UInt8] {
        let status = one.status(in: report)
        suite.tests += 1
        suite.seconds += one.seconds
        var text = "    <testcase name=\"\(XMLText.attribute(one.key))\" classname=\"\(XMLText.attribute("\(report.suite) \(suiteName)"))\""
        text += " time=\"\(Decimals.text(one.seconds, digits: 3))\">\n" + Self.properties(caseProperties(one), indent: "      ")
        if status != .passed {
            let isFailure = status == .failed
            if isFailure { suite.failures += 1 } else { suite.errors += 1 }
            let name = isFailure ? "failure" : "error"
            text += "      <\(name) type=\"\(name)\" message=\"\(XMLText.attribute(message(one, status)))\">"
            text += XMLText.content(Self.lines(one)) + "</\(name)>\n"
        }
        let output = systemOut(one, outputs)
        if !output.isEmpty { text += "      <system-out>\(XMLText.content(output))</system-out>\n" }
        return out(text + "    </testcase>\n")
    }

    package mutating func endSuite() -> [UInt8] {
        patches.append(Patch(byteOffset: suiteOffset, bytes: Array(suite.attributes.utf8)))
        total = total + suite
        return out("  </testsuite>\n")
    }

    /// The last bytes, and what to put where in the whole file.
    package mutating func end() -> (bytes: [UInt8], patches: [Patch]) {
        patches.append(Patch(byteOffset: totalOffset, bytes: Array(total.attributes.utf8)))
        return (out("</testsuites>\n"), patches)
    }

    private mutating func out(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        byteCount += bytes.count
        return bytes
    }

    private func caseProperties(_ one: CaseReport) -> [(String, String)] {
        var properties = ["passed", "failed", "errored"].map { ($0, "\(one.count($0))") }
        if one.isFlaky { properties.append(("flaky", "true")) }
        if one.costUSD > 0 { properties.append(("cost_usd", Decimals.text(one.costUSD, digits: 9))) }
        properties += one.scoreMeans.map { ("score.\($0.name)", Decimals.text($0.mean, digits: 6)) }
        if let url = report.traceURL((one.firstBad ?? one.outcomes.first)?.traceID) { properties.append(("trace", url)) }
        return properties
    }

    private func message(_ one: CaseReport, _ status: CaseStatus) -> String {
        let bad = status == .failed ? one.outcomes.first { $0.result == "failed" } : one.firstBad
        let reason = (bad?.reason ?? "").cut(toByteCount: RunClientLimits.maximumReportedReasonByteCount)
        guard report.repetitions > 1 else { return reason.isEmpty ? "no outcome decides it" : reason }
        let (passed, failed, errored) = (one.count("passed"), one.count("failed"), one.count("errored"))
        let missing = report.repetitions - one.outcomes.count
        var parts = ["\(passed) of \(report.repetitions) passed"]
        if failed > 0 { parts.append("\(failed) failed") }
        if errored > 0 { parts.append("\(errored) errored") }
        if missing > 0 { parts.append("\(missing) without an outcome") }
        return parts.joined(separator: ", ") + (reason.isEmpty ? "" : ": " + reason)
    }

    private static func lines(_ one: CaseReport) -> String {
        let lines = one.outcomes.map { outcome in
            "repetition \(outcome.repetition): \(outcome.result) in \(Decimals.text(outcome.seconds, digits: 3)) s"
                + (outcome.reason.isEmpty ? "" : ": \(outcome.reason.cut(toByteCount: RunClientLimits.maximumReportedReasonByteCount))")
        }
        return lines.joined(separator: "\n").cut(toByteCount: RunClientLimits.maximumReportedOutputByteCount)
    }

    /// Where to look, and what the target answered where it did not pass.
    private func systemOut(_ one: CaseReport, _ outputs: [String: String]) -> String {
        var parts: [String] = []
        for outcome in one.outcomes where outcome.result != "passed" {
            var lines: [String] = []
            if let url = report.traceURL(outcome.traceID) { lines.append("repetition \(outcome.repetition), trace: \(url)") }
            if let output = outputs[outcome.id] { lines.append("repetition \(outcome.repetition), output:\n\(output)") }
            parts += lines
        }
        return parts.joined(separator: "\n").cut(toByteCount: RunClientLimits.maximumReportedOutputByteCount)
    }

    private static func properties(_ properties: [(String, String)], indent: String) -> String {
        let lines = properties.map { name, value in
            "\(indent)  <property name=\"\(XMLText.attribute(name))\" value=\"\(XMLText.attribute(value))\"/>\n"
        }
        return "\(indent)<properties>\n" + lines.joined() + "\(indent)</properties>\n"
    }
}
