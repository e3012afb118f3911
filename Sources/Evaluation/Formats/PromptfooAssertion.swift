import ByteCoding
import ContentReading
import EvaluationModel

/// promptfoo's assertions as our scorers and back. Which of its types we have, and with what default thresholds, is from
/// https://www.promptfoo.dev/docs/configuration/expected-outputs/.
enum PromptfooAssertion {
    /// The scorer of an assertion.
    ///
    /// Throws `InvalidContent` for types and options we do not have.
    static func scorer(_ assertion: JSONValue) throws(InvalidContent) -> JSONValue {
        guard case .object(let members) = assertion, let fullType = assertion["type"]?.stringValue else {
            throw InvalidContent("an assertion is a mapping with a type")
        }
        for member in members
        where !["type", "value", "threshold", "weight", "metric", "provider", "description"].contains(member.key) {
            throw InvalidContent("assertions with \(quoted(member.key)) are not supported")
        }
        let negated = fullType.hasPrefix("not-")
        let type = negated ? String(fullType.dropFirst(4)) : fullType
        var scorer = try parameters(type, assertion["value"], assertion["threshold"])
        if let metric = assertion["metric"]?.stringValue { scorer.append(JSONMember(key: "name", value: .string(metric))) }
        if let model = assertion["provider"]?.stringValue, ["similar", "llm-rubric"].contains(type) {
            scorer.append(JSONMember(key: "model", value: .string(try self.model(model))))
        }
        if let weight = assertion["weight"] {
            scorer.append(JSONMember(key: "weight", value: weight))
            // "If weight is set to 0, the assertion automatically passes."
            if weight.doubleValue == 0 { scorer.append(JSONMember(key: "required", value: .bool(false))) }
        }
        if negated { scorer.append(JSONMember(key: "negated", value: .bool(true))) }
        return .object(scorer)
    }

    /// `openai:chat:gpt-4.1` and `openai:gpt-4.1` are `openai/gpt-4.1`.
    private static func model(_ text: String) throws(InvalidContent) -> String {
        let parts = text.split(separator: ":")
        let kinds: Set<Substring> = ["chat", "completion", "embedding", "embeddings", "messages", "responses"]
        guard parts.count >= 2 else { throw InvalidContent(path: "provider", "the provider \(quoted(text)) is not supported") }
        let rest = kinds.contains(parts[1]) && parts.count > 2 ? parts.dropFirst(2) : parts.dropFirst()
        return "\(parts[0])/\(rest.joined(separator: ":"))"
    }

    private static func parameters(_ type: String, _ value: JSONValue?, _ threshold: JSONValue?) throws(InvalidContent) -> [JSONMember] {
        if let text = value?.stringValue, text.hasPrefix("file://") {
            throw InvalidContent(path: "value", "values from files are not supported: put the value itself here")
        }
        func kind(_ name: String, _ members: JSONMember?...) -> [JSONMember] {
            [JSONMember(key: "kind", value: .string(name))] + members.compactMap { $0 }
        }
        func number(_ key: String, _ fallback: Double? = nil) throws(InvalidContent) -> JSONMember {
            if let value = threshold, value.doubleValue != nil { return JSONMember(key: key, value: value) }
            guard let fallback, threshold == nil else { throw InvalidContent(path: "threshold", "a number is due here") }
            return JSONMember(key: key, value: .double(fallback))
        }
        let ignoreCase = JSONMember(key: "ignore_case", value: .bool(true))
        switch type {
        case "equals": return kind("exact", JSONMember(key: "value", value: value ?? .string("")))
        case "contains": return kind("contains", JSONMember(key: "all", value: try text(value)))
        case "icontains": return kind("contains", JSONMember(key: "all", value: try text(value)), ignoreCase)
        case "contains-all": return kind("contains", JSONMember(key: "all", value: try texts(value)))
        case "icontains-all": return kind("contains", JSONMember(key: "all", value: try texts(value)), ignoreCase)
        case "contains-any": return kind("contains", JSONMember(key: "any", value: try texts(value)))
        case "icontains-any": return kind("contains", JSONMember(key: "any", value: try texts(value)), ignoreCase)
        case "regex": return kind("regex", JSONMember(key: "pattern", value: try text(value)))
        case "starts-with": return kind("regex", JSONMember(key: "pattern", value: .string("^" + escaped(try text(value).plainText))))
        case "is-json", "contains-json":
            return kind(
                "json_schema", JSONMember(key: "schema", value: try schema(value)),
                type == "contains-json" ? JSONMember(key: "embedded", value: .bool(true)) : nil)
        case "levenshtein":
            let most = try number("maximum_distance", 5)
            guard let count = most.value.doubleValue.flatMap({ Int64(exactly: $0.rounded(.down)) }) else {
                throw InvalidContent(path: "threshold", "a number of edits is due here")
            }
            let longest = JSONMember(key: most.key, value: .integer(count))
            return kind("edit_distance", JSONMember(key: "value", value: try text(value)), longest)
        case "similar": return kind("embedding_similarity", JSONMember(key: "value", value: try text(value)), try number("threshold", 0.75))
        case "llm-rubric": return kind("judge", JSONMember(key: "rubric", value: try text(value)), try number("threshold", 0.5))
        case "latency": return kind("latency", try number("maximum_ms"))
        case "cost": return kind("cost", try number("maximum_usd"))
        default: throw InvalidContent(path: "type", "assertions of type \(quoted(type)) are not supported")
        }
    }

    private static func text(_ value: JSONValue?) throws(InvalidContent) -> JSONValue {
        switch value {
        case .string?, .integer?, .double?: return .string(value?.plainText ?? "")
        default: throw InvalidContent(path: "value", "a text is due here")
        }
    }

    /// A list, or texts between commas.
    private static func texts(_ value: JSONValue?) throws(InvalidContent) -> JSONValue {
        guard case .array(let elements)? = value else {
            return .array(try text(value).plainText.split(separator: ",").map { .string(String($0).trimmed) })
        }
        var found: [JSONValue] = []
        for element in elements { found.append(try text(element)) }
        return .array(found)
    }

    /// No value: any JSON. A text holds the schema as JSON.
    private static func schema(_ value: JSONValue?) throws(InvalidContent) -> JSONValue {
        switch value {
        case nil, .null?: return .bool(true)
        case .string(let text)?:
            guard let schema = try? JSONValue.parse(text) else { throw InvalidContent(path: "value", "the schema is not JSON") }
            return schema
        case let value?: return value
        }
    }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\^$.|?*+()[]{}".contains($0) ? ["\\", $0] : [$0] })
    }

    // MARK: Back

    /// The assertion of a scorer; nil for those promptfoo has no counterpart of.
    static func assertion(_ scorer: ScorerSpecification, expected: JSONValue?) -> JSONValue? {
        guard var members = assertionMembers(scorer, expected: expected) else { return nil }
        if scorer.negated, case .string(let type) = members[0].value { members[0].value = .string("not-" + type) }
        members.append(JSONMember(key: "metric", value: .string(scorer.name)))
        if !scorer.required {
            members.append(JSONMember(key: "weight", value: .integer(0)))
        } else if scorer.weight != 1 {
            members.append(JSONMember(key: "weight", value: .double(scorer.weight)))
        }
        return .object(members)
    }

    private static func assertionMembers(_ scorer: ScorerSpecification, expected: JSONValue?) -> [JSONMember]? {
        func make(_ type: String, _ value: JSONValue?, threshold: Double? = nil) -> [JSONMember] {
            var members = [JSONMember(key: "type", value: .string(type))]
            if let value { members.append(JSONMember(key: "value", value: value)) }
            if let threshold { members.append(JSONMember(key: "threshold", value: .double(threshold))) }
            return members
        }
        func list(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
        switch scorer.parameters {
        case .exact(let exact) where !exact.trim && !exact.ignoreCase: return (exact.value ?? expected).map { make("equals", $0) }
        case .contains(let contains) where contains.none.isEmpty:
            let i = contains.ignoreCase ? "i" : ""
            if contains.any.isEmpty, !contains.all.isEmpty { return make(i + "contains-all", list(contains.all)) }
            if contains.all.isEmpty, !contains.any.isEmpty { return make(i + "contains-any", list(contains.any)) }
            guard contains.all.isEmpty, case .string? = expected else { return nil }
            return make(i + "contains", expected)
        case .regex(let regex) where !regex.ignoreCase: return make("regex", .string(regex.pattern))
        case .jsonSchema(let schema) where !schema.assertFormats:
            return make(schema.embedded ? "contains-json" : "is-json", schema.schema == .bool(true) ? nil : schema.schema)
        case .editDistance(let edit):
            guard let maximum = edit.maximumDistance, let value = edit.value ?? expected?.stringValue else { return nil }
            return make("levenshtein", .string(value), threshold: Double(maximum))
        case .embeddingSimilarity(let similarity):
            guard let value = similarity.value ?? expected?.stringValue else { return nil }
            return make("similar", .string(value), threshold: scorer.threshold) + provider(similarity.model)
        case .judge(let judge):
            guard judge.answer == .scale(minimum: 0, maximum: 1) else { return nil }
            return make("llm-rubric", .string(judge.rubric), threshold: scorer.threshold) + provider(judge.model)
        case .latency(let maximum): return make("latency", nil, threshold: maximum)
        case .cost(let maximum): return make("cost", nil, threshold: maximum)
        default: return nil
        }
    }

    private static func provider(_ model: String?) -> [JSONMember] {
        guard let model, let slash = model.firstIndex(of: "/") else { return [] }
        return [JSONMember(key: "provider", value: .string(model[..<slash] + ":" + model[model.index(after: slash)...]))]
    }
}
