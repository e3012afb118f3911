/// What a caller asks of the stand-in beyond a provider's own parameters. README.md is its manual.

import ByteCoding

struct Directive {
    enum Judging: String, CaseIterable {
        /// How near the judged answer is to the expected one.
        case compare
        /// Which of two answers is better.
        case pairwise
        /// Whichever answer of two stands first: a judge with a bias.
        case first
    }

    var answer: JSONValue?
    var answers: [JSONValue]?
    var toolCalls: [(name: String, arguments: JSONValue)] = []
    var reasoning: String?
    var refusal: String?
    var finish: String?
    var usage: [String: Int] = [:]
    /// The model that the answer names, as providers resolve an alias to a dated name; nil for the name that was asked for.
    var model: String?
    var delayMilliseconds: Int?
    var chunkDelayMilliseconds = 0
    var chunkCount: Int?

    var fault: Fault?
    var times: Int?
    var skip = 0
    var probability: Double?
    var after: Int?
    /// Seconds, or an HTTP date as it is; nil for the fault's own.
    var retryAfter: JSONValue?
    var shouldRetry: Bool?
    var byteCount: Int?

    /// Whether lines of the message may say more.
    var readsLines = true
    var seed = 0
    var key: String?
    var repetition: Int?
    var passRate: Double?
    var otherwise: JSONValue?

    var judge: Judging?
    var scale: (low: Double, high: Double) = (0, 1)
    var threshold = 0.5
    var tags: [String]?

    /// Nothing is asked.
    init() {}

    /// Later members take the place of earlier ones.
    /// - Throws: `Refusal` naming the member that is unknown or of the wrong kind.
    init(_ members: [JSONMember]) throws {
        for member in members {
            guard let take = Self.members[member.key] else {
                throw Refusal.directive("\(member.key) is unknown; there are \(Self.members.keys.sorted().joined(separator: ", "))")
            }
            guard try take(&self, member.value) else { throw Refusal.directive("\(member.key) cannot be \(member.value.text)") }
        }
    }

    private typealias Taking = @Sendable (inout Directive, JSONValue) throws -> Bool

    /// Each member's name, and how its value is taken; false when it is of the wrong kind.
    private static let members: [String: Taking] = [
        "answer": {
            $0.answer = $1; return true
        },
        "answers": {
            $0.answers = $1.arrayValue; return $0.answers?.isEmpty == false
        },
        "tool_call": {
            $0.toolCalls = try [toolCall($1)]; return true
        },
        "tool_calls": {
            $0.toolCalls = try ($1.arrayValue ?? []).map(toolCall); return !$0.toolCalls.isEmpty
        },
        "reasoning": { set(&$0.reasoning, $1.stringValue) },
        "refusal": { set(&$0.refusal, $1.stringValue) },
        "finish": { set(&$0.finish, $1.stringValue) },
        "usage": { directive, value in
            for member in value.objectValue ?? [] {
                guard usageNames.contains(member.key), let count = natural(member.value, 1 << 40) else { return false }
                directive.usage[member.key] = count
            }
            return value.objectValue != nil
        },
        "model": { set(&$0.model, $1.stringValue) },
        "delay_ms": { set(&$0.delayMilliseconds, natural($1, 3_600_000)) },
        "chunk_delay_ms": { set(&$0.chunkDelayMilliseconds, natural($1, 3_600_000)) },
        "chunks": { set(&$0.chunkCount, natural($1, 100_000)) },
        "fault": { directive, value in
            guard let name = value.stringValue, let fault = Fault(rawValue: name) else {
                throw Refusal.directive("fault is one of \(Fault.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            directive.fault = fault
            return true
        },
        "times": { set(&$0.times, natural($1)) },
        "skip": { set(&$0.skip, natural($1)) },
        "probability": { set(&$0.probability, fraction($1)) },
        "after": { set(&$0.after, natural($1)) },
        "retry_after": { directive, value in
            directive.retryAfter = value
            return (value.doubleValue ?? -1) >= 0 || value.stringValue != nil || value == .bool(false)
        },
        "should_retry": { set(&$0.shouldRetry, $1.boolValue) },
        "bytes": { set(&$0.byteCount, natural($1, 1 << 40)) },
        "lines": { set(&$0.readsLines, $1.boolValue) },
        "seed": { set(&$0.seed, natural($1, .max)) },
        "key": { set(&$0.key, $1.stringValue ?? $1.integerValue.map(String.init)) },
        "repetition": { set(&$0.repetition, natural($1, .max)) },
        "pass_rate": { set(&$0.passRate, fraction($1)) },
        "otherwise": {
            $0.otherwise = $1; return true
        },
        "judge": { set(&$0.judge, $1.stringValue.flatMap(Judging.init)) },
        "scale": { directive, value in
            guard let ends = value.arrayValue, ends.count == 2, let low = ends[0].doubleValue, let high = ends[1].doubleValue, low < high
            else { return false }
            directive.scale = (low, high)
            return true
        },
        "threshold": { set(&$0.threshold, fraction($1)) },
        "tags": { set(&$0.tags, $1.arrayValue?.compactMap(\.stringValue)) },
    ]

    private static let usageNames: Set<String> = ["input", "cached", "cache_write", "output", "reasoning"]

    private static func set<Value>(_ place: inout Value?, _ value: Value?) -> Bool {
        place = value
        return value != nil
    }

    private static func set<Value>(_ place: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    private static func natural(_ value: JSONValue, _ maximum: Int = 1 << 31) -> Int? {
        value.integerValue.flatMap { (0...Int64(maximum)).contains($0) ? Int($0) : nil }
    }

    private static func fraction(_ value: JSONValue) -> Double? { value.doubleValue.flatMap { (0...1).contains($0) ? $0 : nil } }

    private static func toolCall(_ value: JSONValue) throws -> (name: String, arguments: JSONValue) {
        guard let name = value["name"]?.stringValue else { throw Refusal.directive("a tool call needs a name") }
        return (name, value["arguments"] ?? [:])
    }
}
