/// The cases in a model's answer: those that the readers of test cases take, and what is wrong with the rest.

import ByteCoding
import ContentReading
import EvaluationModel
import TraceModel

package struct DraftAnswer: Sendable, Equatable {
    package private(set) var cases: [TestCaseContent] = []
    /// For people, each with its place in the answer.
    package private(set) var problems: [String] = []

    /// - Parameter maximumCount: what was asked for; more are left out, and are a problem.
    package init(_ text: String, source: TestCaseSource, maximumCount: Int) {
        guard let elements = Self.json(text)?["test_cases"]?.arrayValue else {
            problems = ["the answer is not a JSON object with test_cases"]
            return
        }
        for (index, element) in elements.prefix(maximumCount).enumerated() {
            do throws(InvalidContent) { cases.append(try Self.content(element, source)) } catch {
                problems.append("test_cases[\(index)]: \(error)")
            }
        }
        if elements.count > maximumCount { problems.append("\(elements.count) cases were written, and \(maximumCount) asked for") }
        if elements.isEmpty { problems = ["the model wrote no case"] }
    }

    /// One sentence; nil: nothing is wrong.
    package var problem: String? { problems.isEmpty ? nil : problems.joined(separator: "; ") }

    /// Gives each case whose key is taken, or stands in the answer before, another one.
    package mutating func makeKeysUnique(taken: Set<String>) {
        var taken = taken
        for index in cases.indices {
            guard let key = Self.candidates(cases[index].key).first(where: { !taken.contains($0) }) else { continue }
            cases[index].key = key
            taken.insert(key)
        }
    }

    /// Every key that a case may come to have.
    package var possibleKeys: [String] { Array(Set(cases.flatMap { Self.candidates($0.key) })) }

    private static func candidates(_ key: String) -> [String] {
        [key]
            + (2...DraftLimits.keySuffixCount).map { number in
                let suffix = "-\(number)"
                return key.cut(toByteCount: TestCaseLimits.maximumKeyByteCount - suffix.utf8.count) + suffix
            }
    }

    /// The answer as it stands, or what is between its first and last brace: some models cannot leave it at that.
    private static func json(_ text: String) -> JSONValue? {
        guard text.utf8.count <= DraftLimits.maximumAnswerByteCount else { return nil }
        if let whole = try? JSONValue.parse(text, maximumDepth: EvaluationLimits.maximumOutputDepth), whole.objectValue != nil {
            return whole
        }
        guard let first = text.firstIndex(of: "{"), let last = text.lastIndex(of: "}"), first < last else { return nil }
        return try? JSONValue.parse(String(text[first...last]), maximumDepth: EvaluationLimits.maximumOutputDepth)
    }

    private static func content(_ element: JSONValue, _ source: TestCaseSource) throws(InvalidContent) -> TestCaseContent {
        guard let members = element.objectValue else { throw InvalidContent("an object is due here, not \(element.kindName)") }
        if let unknown = members.first(where: { !["key", "messages", "expected", "reason"].contains($0.key) }) {
            throw InvalidContent("nothing is known by the name \(unknown.key.cut(toByteCount: 64)) here")
        }
        var content = [
            JSONMember(key: "key", value: element["key"] ?? .null),
            JSONMember(key: "input", value: .object([JSONMember(key: "messages", value: element["messages"] ?? .array([]))])),
        ]
        if let expected = element["expected"], expected != .null, expected != .string("") {
            content.append(JSONMember(key: "expected", value: expected))
        }
        if let reason = element["reason"]?.stringValue, !reason.isEmpty {
            let cut = JSONValue.string(reason.cut(toByteCount: DraftLimits.maximumReasonByteCount))
            content.append(JSONMember(key: "metadata", value: .object([JSONMember(key: "draft_reason", value: cut)])))
        }
        var read = try TestCaseContent(json: .object(content))
        read.source = source
        return read
    }
}
