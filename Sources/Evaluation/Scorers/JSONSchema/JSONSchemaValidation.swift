import ByteCoding
import EvaluationModel
import RegularExpressions

/// One value held to one schema: the faults found, each with its path, within a number of steps.
struct JSONSchemaValidation {
    struct Fault: Equatable, Sendable {
        /// `$.items[2].price`.
        var path: String
        var message: String
    }

    let schema: JSONSchema
    /// The first ones.
    private(set) var faults: [Fault] = []
    private(set) var faultCount = 0
    private var stepCount = 0
    private var patternSteps = EvaluationLimits.maximumPatternStepCount
    private var depth = 0
    /// Inside `not`, `if` and alternatives faults are counted for nobody.
    private var isQuiet = 0

    init(_ schema: JSONSchema) { self.schema = schema }

    /// Throws `ScoreError` when the steps do not suffice, or references go in circles.
    mutating func validate(_ value: JSONValue) throws(ScoreError) -> Bool {
        var evaluated = EvaluatedParts()
        return try holds(schema.root, value, "$", &evaluated)
    }

    mutating func step(_ count: Int = 1) throws(ScoreError) {
        stepCount += count
        if stepCount > EvaluationLimits.maximumSchemaStepCount {
            throw ScoreError(.limit, "holding the output to the schema takes more than \(EvaluationLimits.maximumSchemaStepCount) steps")
        }
    }

    mutating func matches(_ pattern: RegularExpression, _ text: String) throws(ScoreError) -> Bool {
        guard let matches = pattern.matches(text, steps: &patternSteps) else {
            throw ScoreError(.limit, "matching the schema's patterns takes more than \(EvaluationLimits.maximumPatternStepCount) steps")
        }
        return matches
    }

    /// Notes a fault; always false, to be returned.
    mutating func fault(_ path: String, _ message: @autoclosure () -> String) -> Bool {
        guard isQuiet == 0 else { return false }
        faultCount += 1
        if faults.count < EvaluationLimits.maximumNamedCount { faults.append(Fault(path: path, message: message())) }
        return false
    }

    mutating func quietly(_ node: Int, _ value: JSONValue, _ evaluated: inout EvaluatedParts) throws(ScoreError) -> Bool {
        isQuiet += 1
        defer { isQuiet -= 1 }
        return try holds(node, value, "", &evaluated)
    }

    /// Whether a value holds a node. What the node evaluated is added to `evaluated` when it does.
    mutating func holds(_ index: Int, _ value: JSONValue, _ path: String, _ evaluated: inout EvaluatedParts) throws(ScoreError) -> Bool {
        try step()
        guard depth < 2 * EvaluationLimits.maximumSchemaDepth else {
            throw ScoreError(.limit, "the schema's references go in circles, or the output nests too deeply for it")
        }
        depth += 1
        defer { depth -= 1 }
        let node = schema.nodes[index]
        if let constant = node.constant { return constant || fault(path, "nothing may stand here, but there is \(quoted(value))") }
        var own = EvaluatedParts()
        var isRight = try holdsAssertions(node, value, path)
        switch value {
        case .array(let elements): isRight = try holdsArray(node, elements, path, &own) && isRight
        case .object(let members): isRight = try holdsObject(node, members, path, &own) && isRight
        default: break
        }
        for target in [node.reference, node.dynamicReference].compactMap({ $0 }) {
            isRight = try holds(target, value, path, &own) && isRight
        }
        isRight = try holdsCombinations(node, value, path, &own) && isRight
        if node.unevaluatedItems != nil || node.unevaluatedProperties != nil {
            isRight = try holdsUnevaluated(node, value, path, &own) && isRight
        }
        if isRight, schema.tracksEvaluation { evaluated.formUnion(own) }
        return isRight
    }

    private mutating func holdsCombinations(
        _ node: JSONSchemaNode, _ value: JSONValue, _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        var isRight = true
        for part in node.allOf { isRight = try holds(part, value, path, &own) && isRight }
        if !node.anyOf.isEmpty {
            var matched = false
            for part in node.anyOf {
                if try quietly(part, value, &own) { matched = true }
                // Without anybody asking what was evaluated, the first is enough.
                if matched, !schema.tracksEvaluation { break }
            }
            if !matched { isRight = fault(path, "none of the \(node.anyOf.count) alternatives holds for \(quoted(value))") }
        }
        if !node.oneOf.isEmpty {
            var matchCount = 0
            for part in node.oneOf where try quietly(part, value, &own) { matchCount += 1 }
            if matchCount != 1 {
                isRight = fault(path, "\(matchCount) of the \(node.oneOf.count) alternatives hold for \(quoted(value)), one should")
            }
        }
        if let not = node.not {
            var unused = EvaluatedParts()
            if try quietly(not, value, &unused) { isRight = fault(path, "\(quoted(value)) is what it must not be") }
        }
        if let condition = node.ifNode {
            let branch = try quietly(condition, value, &own) ? node.thenNode : node.elseNode
            if let branch { isRight = try holds(branch, value, path, &own) && isRight }
        }
        return isRight
    }

    private mutating func holdsUnevaluated(
        _ node: JSONSchemaNode, _ value: JSONValue, _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        var isRight = true
        if let rest = node.unevaluatedItems, case .array(let elements) = value {
            for (index, element) in elements.enumerated() where !own.hasElement(index) {
                var inner = EvaluatedParts()
                isRight = try holds(rest, element, "\(path)[\(index)]", &inner) && isRight
            }
            own.elementPrefix = elements.count
        }
        if let rest = node.unevaluatedProperties, case .object(let members) = value {
            for member in members where !own.keys.contains(member.key) {
                var inner = EvaluatedParts()
                isRight = try holds(rest, member.value, JSONDifferenceSearch.join(path, member.key), &inner) && isRight
                own.keys.insert(member.key)
            }
        }
        return isRight
    }
}

/// Which members and elements of a value some schema has looked at: what `unevaluatedProperties` and `unevaluatedItems` leave alone.
struct EvaluatedParts: Equatable, Sendable {
    var keys: Set<String> = []
    /// Elements before this index.
    var elementPrefix = 0
    /// Single elements behind it, from `contains`.
    var elements: Set<Int> = []

    func hasElement(_ index: Int) -> Bool { index < elementPrefix || elements.contains(index) }

    mutating func formUnion(_ other: EvaluatedParts) {
        if !other.keys.isEmpty { keys.formUnion(other.keys) }
        elementPrefix = max(elementPrefix, other.elementPrefix)
        if !other.elements.isEmpty { elements.formUnion(other.elements) }
    }
}
