import ByteCoding
import EvaluationModel
import RunClient
import Testing

/// A run that was waited for, as JUnit and as Markdown. That other programs read the former is tested in Tests/Integration.
@Suite struct ReportTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"

    static func report(_ verdict: String = #"{"result":"fail"}"#, repetitions: Int = 1, gate: String = "null", suite: String = "geo") throws
        -> RunReport
    {
        let json = """
            {"id":"0199c0de-0000-7000-8000-000000000001","name":"n","state":"finished","state_reason":"","cost_usd":0.0123,"input_tokens":10,
             "output_tokens":5,"counts":{"cells":4,"done":4},"started_at":"2026-11-21T10:00:00.123456789Z","finished_at":"2026-11-21T10:01:00Z",
             "baseline_run_id":null,"verdict":\(verdict),
             "specification":{"targets":[{"name":"mini"},{"name":"maxi"}],"repetitions":\(repetitions),"gate":\(gate)}}
            """
        return try #require(RunReport(run: try JSONValue.parse(json), suite: suite, serverURL: "http://server:4318"))
    }

    static func outcome(_ key: String, _ result: String, repetition: Int = 1, reason: String = "no") throws -> ReportedOutcome {
        let passed = result == "passed"
        let json = JSONValue.object([
            JSONMember(key: "id", value: .string("\(key)-\(repetition)")), JSONMember(key: "key", value: .string(key)),
            JSONMember(key: "repetition", value: .integer(Int64(repetition))), JSONMember(key: "result", value: .string(result)),
            JSONMember(key: "trace_id", value: .string(trace)), JSONMember(key: "duration_ms", value: .double(1234)),
            JSONMember(key: "cost_usd", value: .double(0.001)),
            JSONMember(
                key: "scores",
                value: .array([
                    .object([
                        JSONMember(key: "name", value: .string("exact")), JSONMember(key: "value", value: .double(passed ? 1 : 0)),
                        JSONMember(key: "passed", value: .bool(passed)), JSONMember(key: "reason", value: .string(reason)),
                        JSONMember(key: "error", value: .null),
                    ])
                ])),
        ])
        return try #require(ReportedOutcome(json))
    }

    static func cases(_ outcomes: [ReportedOutcome], target: Int = 0) -> [CaseReport] {
        var grouping = CaseGrouping(target: target), cases: [CaseReport] = []
        for outcome in outcomes { if let one = grouping.add(outcome) { cases.append(one) } }
        return cases + (grouping.finish().map { [$0] } ?? [])
    }

    /// The whole file, its counts in their places.
    static func junit(_ report: RunReport, _ suites: [[CaseReport]], outputs: [String: String] = [:]) -> String {
        var document = JUnitDocument(report), bytes = document.begin()
        for (target, cases) in suites.enumerated() {
            bytes += document.beginSuite(target: target)
            for one in cases { bytes += document.testCase(one, outputs: outputs) }
            bytes += document.endSuite()
        }
        let (last, patches) = document.end()
        bytes += last
        for patch in patches { bytes.replaceSubrange(patch.byteOffset..<patch.byteOffset + patch.bytes.count, with: patch.bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("outcomes that follow each other by key are one case")
    func grouping() throws {
        let cases = Self.cases([
            try Self.outcome("a", "passed"), try Self.outcome("a", "failed", repetition: 2), try Self.outcome("b", "errored"),
        ])
        #expect(cases.map(\.key) == ["a", "b"] && cases[0].isFlaky && cases[0].passedShare == 0.5 && cases[1].firstBad?.id == "b-1")
        #expect(Self.cases([]).isEmpty)
        #expect(cases[0].scoreMeans.first?.mean == 0.5 && cases[0].outcomes[1].reason == "exact: no")
    }

    @Test("a case passes in the report as it does in the verdict")
    func statuses() throws {
        let one = Self.cases([try Self.outcome("a", "passed"), try Self.outcome("a", "failed", repetition: 2)])[0]
        #expect(one.status(in: try Self.report(repetitions: 2)) == .failed)
        #expect(one.status(in: try Self.report(repetitions: 2, gate: #"{"minimum_pass_rate":0.5,"case_passes":"any"}"#)) == .passed)
        #expect(one.status(in: try Self.report(repetitions: 3, gate: #"{"minimum_pass_rate":0.5,"case_passes":2}"#)) == .undecided)
    }

    @Test("counts stand in the opening tags, failures and errors in their cases")
    func document() throws {
        let cases = Self.cases([
            try Self.outcome("a", "passed"), try Self.outcome("b", "failed"), try Self.outcome("c", "errored"),
            try Self.outcome("d", "failed"),
        ])
        let text = Self.junit(try Self.report(), [cases, []], outputs: ["b-1": "wrong"])
        #expect(text.contains(#"<testsuites name="geo" tests="4" failures="2" errors="1" skipped="0" time="4.936""#))
        #expect(text.contains(#"<testsuite name="mini" timestamp="2026-11-21T10:00:00" tests="4" failures="2" errors="1""#))
        #expect(text.contains(#"<testsuite name="maxi" timestamp="2026-11-21T10:00:00" tests="0" failures="0""#))
        #expect(text.contains(#"<failure type="failure" message="exact: no">repetition 1: failed in 1.234 s: exact: no</failure>"#))
        #expect(text.contains(#"<error type="error" message="exact: no">"#))
        #expect(text.contains("repetition 1, output:\nwrong</system-out>"))
        #expect(text.contains(#"<property name="trace" value="http://server:4318/api/v1/traces/\#(Self.trace)"/>"#))
        #expect(text.contains(#"<property name="score.exact" value="1.000000"/>"#))
    }

    @Test("nothing that a model wrote breaks the XML")
    func hostileXML() throws {
        let noncharacters = String(String.UnicodeScalarView([0xfffe, 0xffff, 0xfdd0, 0x1fffe].compactMap { Unicode.Scalar(UInt32($0)) }))
        let hostile = "a\u{0}\u{1}\u{8}b ]]> <x> & \" ' \(noncharacters)\u{7f} 🙂\r\nü\u{85}"
        #expect(noncharacters.unicodeScalars.count == 4)
        #expect(XMLText.content(hostile) == "ab ]]&gt; &lt;x&gt; &amp; &quot; '  🙂&#13;\nü\u{85}")
        #expect(XMLText.attribute("a\tb\nc") == "a&#9;b&#10;c")
        let cases = Self.cases([try Self.outcome(hostile, "failed", reason: hostile)])
        let text = Self.junit(try Self.report(suite: hostile), [cases], outputs: ["\(hostile)-1": hostile])
        #expect(text.unicodeScalars.allSatisfy(XMLText.isAllowed) && !text.contains("]]>") && !text.contains("<x>"))
    }

    @Test("long outputs are cut")
    func longOutputs() throws {
        let cases = Self.cases([try Self.outcome("a", "failed", reason: String(repeating: "r", count: 1 << 20))])
        let text = Self.junit(try Self.report(), [cases], outputs: ["a-1": String(repeating: "é", count: 1 << 20)])
        #expect(text.utf8.count < 64 << 10)
    }

    private static let verdict = """
        {"result":"fail","targets":[{"target":"mini","result":"fail","reasons":["Pass rate 50 %: it must reach 90 %."],"stopped_early":false,
         "counts":{"cases":4,"cases_passed":2,"cases_failed":2,"cases_undecided":0,"passed":2,"failed":2,"errored":0,"pending":0,"flaky_cases":1},
         "rules":[{"rule":"minimum_pass_rate","score":null,"result":"fail","estimate":0.5,"threshold":0.9,
                   "interval":{"lower":0.15,"upper":0.85,"confidence":0.95,"method":"wilson"},"failure_interval":null,"p_value":null,
                   "more_repetitions":null,"more_cases":null,"reason":"r"}],
         "flaky_cases":[{"key":"fl|aky","passed":1,"failed":2,"was_stable":null}],"pairing":null}]}
        """

    @Test("the summary has the verdict, its rules, what it cost, flaky cases and the worst failures")
    func summary() throws {
        var worst = WorstCases()
        for one in Self.cases([try Self.outcome("b", "failed", reason: "expected Paris"), try Self.outcome("c", "errored")]) {
            worst.add(one)
        }
        let text = MarkdownSummary(try Self.report(Self.verdict), worst: worst).text
        for words in [
            "## ❌ geo: fail", "Pass rate 50 %", "| fail | 50.0 % | 15.0 % to 85.0 % | 90.0 % | 2/4 |", "cost $0.0123", "Flaky cases: 1",
            "<code>fl&#124;aky</code>", "expected Paris", "[trace](<http://server:4318/api/v1/traces/\(Self.trace)>)",
            "spandrel run show 0199c0de",
        ] { #expect(text.contains(words), "\(words) in\n\(text)") }
    }

    @Test("nothing that a model wrote ends a cell or begins markup")
    func hostileMarkdown() throws {
        let hostile = "| x | <script>a</script> ![i](http://e/x.png) @all `c` **b** \n\n# h \\| $x$ :tada: www.e.com </code> &#124;"
        var worst = WorstCases()
        for one in Self.cases([try Self.outcome(hostile, "failed", reason: hostile)]) { worst.add(one) }
        let text = MarkdownSummary(try Self.report(Self.verdict, suite: hostile), worst: worst).text
        let row = try #require(text.split(separator: "\n").first { $0.contains("script") && $0.hasPrefix("|") })
        #expect(row.count { $0 == "|" } == 6)
        for words in ["<script", "![", "http://e", "@all", "`c`", "**", "$x", ":tada", "www.e", "# h"] {
            #expect(!text.contains(words), "\(words)")
        }
    }

    @Test("ten thousand failures with long reasons stay under one MiB, and the page is closed")
    func manyFailures() throws {
        var worst = WorstCases()
        let reason = String(repeating: "|<&>🙂", count: 500)
        for number in 0..<10_000 {
            let key = String(repeating: "|", count: 240) + String(number)
            for one in Self.cases([try Self.outcome(key, "failed", reason: reason)]) { worst.add(one) }
        }
        #expect(worst.count == 10_000 && worst.shown.count == 50)
        let text = MarkdownSummary(try Self.report(Self.verdict), worst: worst).text
        #expect(text.utf8.count <= 1_000_000 && text.contains("and 9950 more") && text.contains("Cases that did not pass: 10000"))
        #expect(text.contains("</details>") && text.hasSuffix("`spandrel run show 0199c0de-0000-7000-8000-000000000001`.\n"))
    }

    @Test("the worst are those that passed least often")
    func worst() throws {
        var worst = WorstCases(maximumShownCount: 2, maximumNamedCount: 1)
        let half = Self.cases([try Self.outcome("half", "passed"), try Self.outcome("half", "failed", repetition: 2)])
        for one in half + half + Self.cases([try Self.outcome("never", "failed")]) { worst.add(one) }
        #expect(worst.shown.map(\.key) == ["never", "half"] && worst.count == 3 && worst.named.map(\.key) == ["half"])
    }

    @Test("a terminal shows verdict, reasons and cost")
    func terminal() throws {
        let text = RunText.ended(try Self.report(Self.verdict, suite: "geo\u{1b}[2J"))
        #expect(text.hasPrefix("fail: geo [2J, run 0199") && text.contains("Pass rate 50 %") && text.contains("fl|aky (1 of 3)"))
        #expect(text.hasSuffix("cost $0.0123, 10 tokens in, 5 out"))
    }

    @Test("only what is a trace id is linked")
    func links() throws {
        let report = try Self.report()
        #expect(report.traceURL("x)" + String(repeating: "0", count: 30)) == nil && report.traceURL(nil) == nil)
    }
}
