import ByteCoding
import EvaluationModel
import SeededRandom
import TraceModel

/// Test cases of every shape, for round trips.
extension SeededGenerator {
    mutating func text() -> String {
        let pieces = [
            "a", "Paris", " ", "\n", "\r\n", "\t", ",", ";", "\"", "'", ": ", "# ", "- ", "é", "日本", "😀", "{{x}}", "\\", "\u{7}", "\u{85}",
            "\u{2028}",
            "\u{feff}", "true", "12", "~", "[", "{", "|", ">", "&x", "*x", "!", "%", "@", "=1+1", "\u{7f}", "null", "e\u{301}",
        ]
        return (0..<Int.random(in: 0...6, using: &self)).map { _ in pick(pieces) }.joined()
    }

    mutating func name() -> String { "n" + text() }

    mutating func json(_ depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 3 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(chance(50))
        case 2: return .integer(pick([0, 1, -1, 7, Int64.max, Int64.min]))
        case 3: return .double(pick([0.5, -1.25, 1e300, 1e-7, 123456789.5]))
        case 4, 5: return .string(text())
        case 6: return .array((0..<Int.random(in: 0...3, using: &self)).map { _ in json(depth + 1) })
        default: return .object(members(depth + 1))
        }
    }

    mutating func members(_ depth: Int = 1) -> [JSONMember] {
        var keys: Set<String> = []
        return (0..<Int.random(in: 0...3, using: &self)).compactMap { _ in
            let key = name()
            return keys.insert(key).inserted ? JSONMember(key: key, value: json(depth)) : nil
        }
    }

    mutating func testCase(_ number: Int) -> TestCaseContent {
        let input: TestCaseInput
        switch Int.random(in: 0..<3, using: &self) {
        case 0: input = .text(text())
        case 1: input = .variables(members())
        default:
            input = .messages([
                PromptMessage(.system, text()),
                PromptMessage(role: .assistant, content: nil, toolCalls: [ToolCall(id: "c", name: "f", arguments: json())]),
                PromptMessage(role: .user, content: .parts([.object([JSONMember(key: "type", value: .string("text"))])])),
            ])
        }
        var scorers: [ScorerSpecification] = []
        if chance(50) {
            scorers.append(ScorerSpecification(name: "", parameters: .exact(ExactParameters(value: chance(50) ? json() : nil))))
        }
        if chance(50) {
            scorers.append(ScorerSpecification(name: "", parameters: .contains(ContainsParameters(any: ["x" + text()])), negated: true))
        }
        if chance(30) {
            scorers.append(
                ScorerSpecification(name: "j", parameters: .judge(JudgeParameters(rubric: "r" + text())), threshold: 0.5, weight: 2))
        }
        scorers.nameTheNameless()
        let source =
            chance(30)
            ? TestCaseSource.entry(
                TestCaseSource.Entry(
                    key: "k" + name(), revision: number, draftID: chance(50) ? "d" : nil, draftVersion: chance(50) ? 3 : nil))
            : TestCaseSource(traceID: TraceID(high: 1, low: UInt64(number) + 1), spanID: chance(50) ? SpanID(rawValue: 5) : nil)
        return TestCaseContent(
            key: "case \(number)" + text().filter { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f } }, input: input,
            expected: chance(60) ? json() : nil, scorers: scorers, tags: Array(Set((0..<3).map { _ in "t" + text() })).sorted(),
            split: chance(50) ? name() : nil, metadata: members(), source: chance(40) ? source : nil)
    }
}
