import ByteCoding
import Evaluation
import EvaluationModel
import SeededRandom
import Testing
import YAML

@Suite("File formats of test cases")
struct FormatTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func readLines(_ file: [UInt8], chunk: Int = .max) -> ([TestCaseContent], ImportReport) {
        var reader = JSONLinesImport()
        var cases: [TestCaseContent] = []
        for start in stride(from: 0, to: file.count, by: min(chunk, max(1, file.count))) {
            reader.append(Array(file[start...].prefix(chunk))) { cases.append($0) }
        }
        reader.finish { cases.append($0) }
        return (cases, reader.report)
    }

    private func readCSV(_ file: [UInt8], chunk: Int = 1 << 20) -> ([TestCaseContent], ImportReport) {
        var reader = CSVImport()
        var cases: [TestCaseContent] = []
        for start in stride(from: 0, to: file.count, by: chunk) {
            reader.append(Array(file[start..<min(file.count, start + chunk)])) { cases.append($0) }
        }
        reader.finish { cases.append($0) }
        return (cases, reader.report)
    }

    private func hashes(_ cases: [TestCaseContent]) -> [ContentHash] { cases.map(\.contentHash) }

    @Test("what is exported as JSONL, CSV or a suite file is imported the same")
    func roundTrips() throws {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let cases = (0..<5).map { generator.testCase($0) }
            let comment: Comment = "SPANDREL_TEST_SEED=\(seed), round \(round)"
            let chunk = Int.random(in: 1...200, using: &generator)

            let (fromLines, lineReport) = readLines(cases.flatMap(JSONLinesExport.line), chunk: chunk)
            #expect(fromLines == cases, comment)
            #expect(lineReport.problems.isEmpty, comment)

            var export = CSVExport()
            for content in cases { export.note(content) }
            let (fromCSV, csvReport) = readCSV(export.header + cases.flatMap(export.record), chunk: chunk)
            #expect(hashes(fromCSV) == hashes(cases), comment)
            #expect(csvReport.problems.isEmpty, "\(csvReport.problems) \(comment)")

            let yaml = SuiteFile(name: "s" + generator.text(), description: generator.text(), cases: cases).yaml
            let (suite, report) = SuiteFile.read(bytes(yaml))
            #expect(suite?.cases == cases, "\(comment)\n\(yaml)")
            #expect(report.problems.isEmpty, "\(report.problems) \(comment)")
        }
    }

    // MARK: JSONL

    @Test("bad lines are reported with their number, good ones kept")
    func badLines() {
        let (cases, report) = readLines(
            bytes(
                """
                \u{feff}{"key": "a", "input": "x"}

                {"key": "b", "input": oops}
                {"key": "a", "input": "y"}
                {"key": "c", "inptu": "y"}
                {"input": "no key"}
                """))
        #expect(cases.map(\.key).prefix(1) == ["a"])
        #expect(cases.count == 2 && cases[1].key.hasPrefix("case-"))
        #expect(report.takenCount == 2 && report.leftOutCount == 3)
        #expect(report.problems.map(\.line) == [3, 4, 5, 5])
        #expect(report.problems[0].column == 23 && report.problems[0].message.hasPrefix("this is not JSON"))
        #expect(report.problems[1].description == #"line 4, column 1: key: the case of line 1 has the key "a", too"#)
        #expect(report.json["left_out"] == .integer(3))
    }

    @Test("a case without a key has the same one whenever its input is the same")
    func ownKeys() {
        let (first, _) = readLines(bytes(#"{"input": {"variables": {"a": 1, "b": 2}}}"#))
        let (second, _) = readLines(bytes(#"{"tags": ["x"], "input": {"variables": {"b": 2, "a": 1}}}"#))
        #expect(first[0].key == second[0].key)
    }

    @Test("a line that never ends takes bounded memory, and the next one is read")
    func endlessLine() {
        var reader = JSONLinesImport()
        var cases: [TestCaseContent] = []
        let piece = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<20 { reader.append(piece) { cases.append($0) } }
        reader.append(bytes("\n{\"key\": \"a\", \"input\": \"x\"}")) { cases.append($0) }
        reader.finish { cases.append($0) }
        #expect(cases.map(\.key) == ["a"])
        #expect(reader.report.problems.map(\.message) == ["the line has more than 8388608 bytes"])
    }

    @Test("100,000 lines are read, one suite's worth and no more; problems beyond the first are counted")
    func manyLines() {
        var reader = JSONLinesImport()
        var count = 0
        for start in stride(from: 0, to: 100_001, by: 1000) {
            let text = (start..<min(start + 1000, 100_001)).map { #"{"key":"k\#($0)","input":"x"}"# + "\n" }.joined()
            reader.append(bytes(text)) { _ in count += 1 }
        }
        for _ in 0..<1000 { reader.append(bytes("oops\n")) { _ in count += 1 } }
        #expect(count == 100_000)
        #expect(reader.report.problems[0].message == "a suite has at most 100000 cases")
        #expect(reader.report.problems.count + reader.report.omittedProblemCount == 1001)
        #expect(reader.report.problems.count == EvaluationLimits.maximumReportedProblemCount)
    }

    // MARK: CSV

    @Test("names that differ in their bytes alone are columns of their own")
    func accents() throws {
        let cases = ["\u{e9}", "e\u{301}"].enumerated().map { index, name in
            TestCaseContent(key: "k\(index)", input: .variables([JSONMember(key: name, value: .string("x"))]))
        }
        var export = CSVExport()
        for content in cases { export.note(content) }
        let (read, report) = readCSV(export.header + cases.flatMap(export.record))
        #expect(hashes(read) == hashes(cases) && report.problems.isEmpty)
    }

    @Test("CSV is read as RFC 4180 has it, columns as the documentation says")
    func csv() throws {
        let file =
            "\u{feff}key,input,vars.city,vars_json.n,expected,tags,split,metadata.owner,scorers\r\n"
            + "a,\"Say \"\"hi\"\", please\",Rome,3,\"two\nlines\",x; y,dev,ada,\"[{\"\"kind\"\":\"\"exact\"\"}]\"\r\n" + "\r\n"
            + "b,,Oslo,,,,,,\n"
        let (cases, report) = readCSV(bytes(file), chunk: 3)
        #expect(report.problems.isEmpty, "\(report.problems)")
        let a = try #require(cases.first)
        #expect(a.input.variables.map(\.key) == ["input", "city", "n"])
        #expect(a.input.variables[0].value == .string(#"Say "hi", please"#) && a.input.variables[2].value == .integer(3))
        #expect(a.expected == .string("two\nlines") && a.tags == ["x", "y"] && a.split == "dev" && a.scorers.map(\.name) == ["exact"])
        #expect(a.metadata == [JSONMember(key: "owner", value: .string("ada"))])
        #expect(cases[1].input == .variables([JSONMember(key: "city", value: .string("Oslo"))]))
    }

    @Test("bad records are reported with their line, good ones kept")
    func badRecords() {
        let (cases, report) = readCSV(
            bytes("key,input,color\na,x,red\nb,\"x\"y,red\nc,x\nd,x\"y,red\ne,\"x\n\ny\",red\nf,x,\"open\n"), chunk: 5)
        #expect(cases.map(\.key) == ["a", "e"])
        #expect(report.takenCount == 2 && report.leftOutCount == 4)
        #expect(
            report.problems.map(\.description) == [
                "line 1, column 1: color: no column has this name; it is passed over",
                "line 3, column 6: text stands behind closing quotes",
                "line 4, column 1: the record has 2 fields, the header 3",
                "line 5, column 4: quotes stand inside a field that does not begin with them",
                "line 9, column 1: the quotes opened in this record are not closed",
            ], "\(report.problems)")
    }

    @Test("a header without an input, or with a column twice, refuses the file")
    func badHeader() {
        for header in ["key,expected", "key,input,input", "\"key"] {
            let (cases, report) = readCSV(bytes(header + "\na,b,c\n"))
            #expect(cases.isEmpty && !report.problems.isEmpty)
        }
    }

    // MARK: Suite files

    @Test("a suite file has defaults, anchors and merge keys")
    func suiteFile() throws {
        let (suite, report) = SuiteFile.read(
            bytes(
                """
                name: geography
                description: Capitals
                defaults:
                  scorers: [{kind: contains}]
                  tags: [nightly]
                  split: dev
                  metadata: {owner: ada}
                cases:
                  - &france
                    key: france
                    input: {variables: {country: France}}
                    expected: Paris
                  - <<: *france
                    key: strict
                    split: test
                    tags: [hard, nightly]
                    scorers: [{kind: exact, trim: true}]
                  - input: What is the capital of Italy?
                """))
        #expect(report.problems.isEmpty, "\(report.problems)")
        let cases = try #require(suite?.cases)
        #expect(suite?.name == "geography" && suite?.description == "Capitals")
        #expect(cases[0].scorers.map(\.kind) == [.contains] && cases[0].tags == ["nightly"] && cases[0].split == "dev")
        #expect(cases[1].expected == .string("Paris") && cases[1].scorers.map(\.kind) == [.exact])
        #expect(cases[1].tags == ["hard", "nightly"] && cases[1].split == "test")
        #expect(cases[2].input == .text("What is the capital of Italy?") && cases[2].metadata.first?.key == "owner")
    }

    @Test("every problem of a suite file has its line and column, the good cases are kept")
    func suiteProblems() {
        let (suite, report) = SuiteFile.read(
            bytes(
                """
                name: s
                colour: red
                defaults: {scorers: [{kind: nope}], input: x}
                cases:
                  - key: a
                    input: x
                    scorers:
                      - kind: regex
                        pattern: 7
                  - key: b
                    input: y
                  - key: b
                    input: z
                  - 12
                """))
        #expect(suite?.cases.map(\.key) == ["b"])
        #expect(report.takenCount == 1 && report.leftOutCount == 3)
        let places = report.problems.map { "\($0.line):\($0.column) \($0.path)" }
        #expect(
            places == [
                "2:9 colour", "3:44 defaults.input", "3:29 defaults.scorers[0].kind", "9:18 cases[0].scorers[0].pattern",
                "12:10 cases[2].key", "14:5 cases[3]",
            ], "\(report.problems)")
    }

    @Test(
        "what is no suite file is refused as a whole",
        arguments: ["", "[]", "name: x", "cases: []", "name: [", "name: x\ncases: {}", "name: ''\ncases: []"])
    func noSuite(_ text: String) {
        let (suite, report) = SuiteFile.read(bytes(text))
        #expect(suite == nil && !report.problems.isEmpty)
    }
}
