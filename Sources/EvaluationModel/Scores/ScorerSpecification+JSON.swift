import ByteCoding

/// Writing scorers: what is at its default is left out, so that equal scorers have equal JSON.
extension ScorerSpecification {
    package var json: JSONValue {
        var members = [JSONMember(key: "kind", value: .string(kind.rawValue)), JSONMember(key: "name", value: .string(name))]
        members += parameters.members
        if let threshold { members.append(JSONMember(key: "threshold", value: .double(threshold))) }
        if weight != 1 { members.append(JSONMember(key: "weight", value: .double(weight))) }
        if !required { members.append(JSONMember(key: "required", value: .bool(false))) }
        if negated { members.append(JSONMember(key: "negated", value: .bool(true))) }
        return .object(members)
    }
}

/// Collects members that say something.
private struct MemberList {
    var members: [JSONMember] = []

    mutating func add(_ key: String, _ value: JSONValue?) {
        if let value { members.append(JSONMember(key: key, value: value)) }
    }

    mutating func add(_ key: String, _ text: String?) { add(key, text.map(JSONValue.string)) }
    mutating func add(_ key: String, _ number: Double?) { add(key, number.map(JSONValue.double)) }
    mutating func add(_ key: String, _ number: Int?) { add(key, number.map { JSONValue.integer(Int64($0)) }) }
    mutating func addIfTrue(_ key: String, _ flag: Bool) { if flag { add(key, .bool(true)) } }
    mutating func add(_ key: String, _ texts: [String]) { if !texts.isEmpty { add(key, .array(texts.map(JSONValue.string))) } }
}

extension ScorerParameters {
    fileprivate var members: [JSONMember] {
        var list = MemberList()
        switch self {
        case .exact(let exact):
            list.add("value", exact.value)
            list.addIfTrue("trim", exact.trim)
            list.addIfTrue("ignore_case", exact.ignoreCase)
        case .contains(let contains):
            list.add("all", contains.all)
            list.add("any", contains.any)
            list.add("none", contains.none)
            list.addIfTrue("ignore_case", contains.ignoreCase)
        case .regex(let regex):
            list.add("pattern", regex.pattern)
            list.addIfTrue("ignore_case", regex.ignoreCase)
        case .jsonEqual(let match), .jsonSubset(let match):
            list.add("value", match.value)
            list.addIfTrue("embedded", match.embedded)
        case .jsonSchema(let schema):
            list.add("schema", schema.schema)
            list.addIfTrue("assert_formats", schema.assertFormats)
            list.addIfTrue("embedded", schema.embedded)
        case .numeric(let numeric):
            list.add("value", numeric.value)
            if numeric.absolute != 0 { list.add("absolute", numeric.absolute) }
            if numeric.relative != 0 { list.add("relative", numeric.relative) }
        case .editDistance(let edit):
            list.add("value", edit.value)
            list.add("maximum_distance", edit.maximumDistance)
        case .embeddingSimilarity(let embedding):
            list.add("value", embedding.value)
            list.add("model", embedding.model)
        case .toolCalls(let tools):
            list.add("calls", .array(tools.calls.map(\.json)))
            if tools.arguments != .exact { list.add("arguments", tools.arguments.rawValue) }
            if tools.order != .strict { list.add("order", tools.order.rawValue) }
            list.addIfTrue("allow_extra", tools.allowExtra)
        case .latency(let maximum): list.add("maximum_ms", maximum)
        case .tokens(let tokens):
            list.add("maximum_input", tokens.maximumInput)
            list.add("maximum_output", tokens.maximumOutput)
            list.add("maximum_total", tokens.maximumTotal)
        case .cost(let maximum): list.add("maximum_usd", maximum)
        case .judge(let judge):
            list.add("rubric", judge.rubric)
            list.add("model", judge.model)
            switch judge.answer {
            case .scale(0, 1): break
            case .scale(let minimum, let maximum):
                list.add(
                    "scale",
                    .object([JSONMember(key: "minimum", value: .double(minimum)), JSONMember(key: "maximum", value: .double(maximum))]))
            case .choices(let choices):
                list.add(
                    "choices",
                    .array(
                        choices.map {
                            .object([
                                JSONMember(key: "label", value: .string($0.label)), JSONMember(key: "value", value: .double($0.value)),
                            ])
                        }))
            }
        case .pairwiseJudge(let judge):
            list.add("rubric", judge.rubric)
            if judge.against != .baseline { list.add("against", judge.against.rawValue) }
            list.add("model", judge.model)
        }
        return list.members
    }
}
