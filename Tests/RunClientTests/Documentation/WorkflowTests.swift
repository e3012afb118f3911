import ByteCoding
import Foundation
import RunClient
import Testing
import YAML

/// The workflow that docs/runs.md offers. That its command runs is tested in Tests/Integration.
@Suite struct WorkflowTests {
    @Test("the workflow for GitHub Actions is YAML, and has a job that runs the test cases")
    func workflow() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../docs/examples/github-actions.yml")
        let workflow = try YAMLDocument(try String(contentsOf: file, encoding: .utf8)).value
        #expect(workflow["on"]?["push"]?["branches"]?.arrayValue == [.string("main")])
        let steps = try #require(workflow["jobs"]?["models"]?["steps"]?.arrayValue)
        let command = try #require(steps.compactMap { $0["run"]?.stringValue }.first { $0.hasPrefix("spandrel run") })
        let words = try CommandWords.split(command)
        #expect(words.prefix(2) == ["spandrel", "run"] && words.contains("--junit"))
        let gate = try #require(words.firstIndex(of: "--gate"))
        #expect(try GateArgument.parse(words[gate + 1], repetitions: 3) { _ in [] }["maximum_regression"]?.doubleValue == 0.05)
    }
}
