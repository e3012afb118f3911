import ByteCoding
import Evaluation
import EvaluationModel
import Foundation
import Testing

@Suite("The pages about scorers and files")
struct DocumentationTests {
    /// The fenced blocks of a page, with their language.
    private func blocks(_ page: String) throws -> [(language: String, text: String)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../docs/\(page)")
        var blocks: [(String, String)] = []
        var open: (String, [Substring])?
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open { blocks.append((block.0, block.1.joined(separator: "\n") + "\n")) }
                open = open == nil ? (String(line.dropFirst(3)), []) : nil
            } else {
                open?.1.append(line)
            }
        }
        return blocks
    }

    @Test("every example of a scorer is one, and every kind has an example")
    func scorers() throws {
        let kinds = try blocks("scorers.md").map { block in
            try ScorerSpecification.list(json: JSONValue.parse("[\(block.text)]"))[0].kind
        }
        let shared: Set<ScorerKind> = [.jsonEqual]
        #expect(Set(kinds).union(shared) == Set(ScorerKind.allCases))
    }

    @Test("every example of a file is read without a problem")
    func files() throws {
        for (language, text) in try blocks("suites.md") {
            let bytes = Array(text.utf8)
            var count = 0
            let report: ImportReport
            switch language {
            // Requests and what they were answered.
            case "console": continue
            case "jsonl":
                var reader = JSONLinesImport()
                reader.append(bytes) { _ in count += 1 }
                reader.finish { _ in count += 1 }
                report = reader.report
            case "csv":
                var reader = CSVImport()
                reader.append(bytes) { _ in count += 1 }
                reader.finish { _ in count += 1 }
                report = reader.report
            default:
                if text.hasPrefix("name:") {
                    let read = SuiteFile.read(bytes)
                    (count, report) = (read.suite?.cases.count ?? 0, read.report)
                } else {
                    let read = PromptfooFormat.read(bytes)
                    (count, report) = (read.cases?.count ?? 0, read.report)
                }
            }
            #expect(count > 0 && count == report.takenCount, "\(text)")
            #expect(report.problems.isEmpty, "\(report.problems)")
        }
    }
}
