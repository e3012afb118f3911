import ByteCoding
import EvaluationModel

/// `json_equal` and `json_subset`: where an output's JSON differs from the expected one, by path. Objects are equal whatever the
/// order of their members; numbers whether whole or not (1 is 1.0).
struct JSONDifference: Equatable, Sendable {
    /// `$.items[2].price`.
    var path: String
    var message: String
}

func jsonJudgement(_ parameters: JSONMatchParameters, subset: Bool, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let expected = try input.expected(parameters.value)
    switch OutputJSON.read(input.output.text, embedded: parameters.embedded) {
    case .failure(let problem): return .verdict(false, "the output is not JSON: \(problem)")
    case .success(let value):
        var search = JSONDifferenceSearch(allowsMore: subset)
        search.compare(value, expected, path: "$")
        guard let first = search.found.first else {
            return .verdict(true, subset ? "the output's JSON has all that is expected" : "the output's JSON equals the expected one")
        }
        let count = search.count == 1 ? "differs in 1 place" : "differs in \(search.count) places"
        let details = JSONValue.array(
            search.found.map {
                .object([JSONMember(key: "path", value: .string($0.path)), JSONMember(key: "message", value: .string($0.message))])
            })
        return .verdict(
            false, "the output's JSON \(count), first at \(first.path.cut(toByteCount: 200)): \(first.message)", details: details)
    }
}

/// Walks both values together.
struct JSONDifferenceSearch {
    /// Whether members of objects beyond the expected ones are right.
    let allowsMore: Bool
    /// The first ones.
    private(set) var found: [JSONDifference] = []
    private(set) var count = 0

    init(allowsMore: Bool) { self.allowsMore = allowsMore }

    mutating func compare(_ value: JSONValue, _ expected: JSONValue, path: @autoclosure () -> String) {
        switch (value, expected) {
        case (.object(let members), .object(let expectedMembers)): compare(members, expectedMembers, path())
        case (.array(let elements), .array(let expectedElements)):
            let path = path()
            if elements.count != expectedElements.count {
                note(path, "\(counted(expectedElements.count, "element")) expected, there are \(elements.count)")
            }
            for (index, pair) in zip(elements, expectedElements).enumerated() { compare(pair.0, pair.1, path: "\(path)[\(index)]") }
        default:
            if !value.isEqualScalar(to: expected) { note(path(), "expected \(quoted(expected)), got \(quoted(value))") }
        }
    }

    private mutating func compare(_ members: [JSONMember], _ expected: [JSONMember], _ path: String) {
        let values = members.values
        for member in expected {
            let place = Self.join(path, member.key)
            if let value = values[member.key] {
                compare(value, member.value, path: place)
            } else {
                note(place, "expected \(quoted(member.value)), but it is not there")
            }
        }
        guard !allowsMore else { return }
        let known = Set(expected.map(\.key))
        var reported: Set<String> = []
        for member in members where !known.contains(member.key) && reported.insert(member.key).inserted {
            note(Self.join(path, member.key), "not expected, it is \(quoted(member.value))")
        }
    }

    private mutating func note(_ path: String, _ message: @autoclosure () -> String) {
        count += 1
        if found.count < EvaluationLimits.maximumNamedCount { found.append(JSONDifference(path: path, message: message())) }
    }

    /// A path grows no further where nobody would read it: keys may be as long as the output.
    static func join(_ path: String, _ key: String) -> String {
        path.utf8.count > 512 ? path : "\(path).\(key.cut(toByteCount: 128))"
    }
}

extension [JSONMember] {
    /// By key; of equal keys the last, as JavaScript reads them.
    var values: [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        values.reserveCapacity(count)
        for member in self { values[member.key] = member.value }
        return values
    }
}

extension JSONValue {
    /// Equal as JSON: objects in any order, 1 equal to 1.0.
    func isEqual(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let a), .object(let b)):
            // Of the larger one no more is read than can be equal: constants of schemas are compared with whatever an output holds.
            let x = (a.count <= b.count ? a : b).values
            var y: [String: JSONValue] = [:]
            for member in a.count <= b.count ? b : a {
                y[member.key] = member.value
                if y.count > x.count { return false }
            }
            return x.count == y.count && x.allSatisfy { key, value in y[key].map { value.isEqual(to: $0) } ?? false }
        default: return isEqualScalar(to: other)
        }
    }

    /// Texts by their code points, as JSON has them: a letter and its accent in one character are not the same two.
    func isEqualScalar(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): Int64(exactly: b) == a
        default: false
        }
    }
}
