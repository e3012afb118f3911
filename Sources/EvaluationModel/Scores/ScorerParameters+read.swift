import ByteCoding
import ContentReading

/// Reading the parameters of each kind of scorer. What is missing or wrong is a problem in the reader's list.
extension ScorerParameters {
    private static let textByteCount = TestCaseLimits.maximumParameterByteCount
    private static let anyNumber = -1e300...1e300

    init?(kind: ScorerKind, _ reader: inout ObjectReader) {
        switch kind {
        case .exact:
            self = .exact(
                ExactParameters(
                    value: reader.valueOrNull("value"), trim: reader.bool("trim") ?? false, ignoreCase: reader.bool("ignore_case") ?? false)
            )
        case .contains: self = .contains(Self.contains(&reader))
        case .regex:
            guard let pattern = reader.requiredText("pattern", maximumByteCount: Self.textByteCount) else { return nil }
            self = .regex(RegexParameters(pattern: pattern, ignoreCase: reader.bool("ignore_case") ?? false))
        case .jsonEqual: self = .jsonEqual(Self.jsonMatch(&reader))
        case .jsonSubset: self = .jsonSubset(Self.jsonMatch(&reader))
        case .jsonSchema:
            let schema = reader.value("schema")
            switch schema {
            case .object?, .bool?: break
            case nil: reader.report("schema", "a schema is due here: an object or a boolean")
            case let other?: reader.report("schema", "a schema is an object or a boolean, not \(other.kindName)")
            }
            let parameters = JSONSchemaParameters(
                schema: schema ?? .bool(true), assertFormats: reader.bool("assert_formats") ?? false,
                embedded: reader.bool("embedded") ?? false)
            self = .jsonSchema(parameters)
        case .numeric:
            self = .numeric(
                NumericParameters(
                    value: reader.number("value", in: Self.anyNumber), absolute: reader.number("absolute", in: 0...1e300) ?? 0,
                    relative: reader.number("relative", in: 0...1e6) ?? 0))
        case .editDistance:
            self = .editDistance(
                EditDistanceParameters(
                    value: reader.text("value", maximumByteCount: Self.textByteCount),
                    maximumDistance: reader.integer("maximum_distance", in: 0...1 << 30)))
        case .embeddingSimilarity:
            self = .embeddingSimilarity(
                EmbeddingSimilarityParameters(
                    value: reader.text("value", maximumByteCount: Self.textByteCount), model: Self.model(&reader)))
        case .toolCalls:
            if reader.value("calls") == nil { reader.report("calls", "the expected calls are due here") }
            self = .toolCalls(
                ToolCallsParameters(
                    calls: reader.toolCalls("calls"), arguments: reader.name("arguments", of: ToolCallsParameters.Arguments.self) ?? .exact,
                    order: reader.name("order", of: ToolCallsParameters.Order.self) ?? .strict,
                    allowExtra: reader.bool("allow_extra") ?? false))
        case .latency:
            guard let maximum = Self.required("maximum_ms", &reader, in: 0...1e9) else { return nil }
            self = .latency(maximumMilliseconds: maximum)
        case .tokens:
            let parameters = TokenParameters(
                maximumInput: reader.integer("maximum_input", in: 0...1 << 40),
                maximumOutput: reader.integer("maximum_output", in: 0...1 << 40),
                maximumTotal: reader.integer("maximum_total", in: 0...1 << 40))
            if parameters == TokenParameters() {
                reader.report("maximum_total", "one of maximum_input, maximum_output, maximum_total is due")
            }
            self = .tokens(parameters)
        case .cost:
            guard let maximum = Self.required("maximum_usd", &reader, in: 0...1e9) else { return nil }
            self = .cost(maximum: maximum)
        case .judge:
            let rubric = reader.requiredText("rubric", maximumByteCount: Self.textByteCount)
            let answer = Self.answer(&reader)
            let model = Self.model(&reader)
            guard let rubric, let answer else { return nil }
            self = .judge(JudgeParameters(rubric: rubric, answer: answer, model: model))
        case .pairwiseJudge:
            let rubric = reader.requiredText("rubric", maximumByteCount: Self.textByteCount)
            let against = reader.name("against", of: PairwiseJudgeParameters.Opponent.self) ?? .baseline
            let model = Self.model(&reader)
            guard let rubric else { return nil }
            self = .pairwiseJudge(PairwiseJudgeParameters(rubric: rubric, against: against, model: model))
        }
    }

    private static func contains(_ reader: inout ObjectReader) -> ContainsParameters {
        func texts(_ key: String) -> [String] {
            let texts = reader.texts(key, maximumCount: TestCaseLimits.maximumListCount, maximumByteCount: textByteCount) ?? []
            if texts.contains("") { reader.report(key, "the empty text stands in every output") }
            return texts
        }
        return ContainsParameters(
            all: texts("all"), any: texts("any"), none: texts("none"), ignoreCase: reader.bool("ignore_case") ?? false)
    }

    private static func jsonMatch(_ reader: inout ObjectReader) -> JSONMatchParameters {
        JSONMatchParameters(value: reader.valueOrNull("value"), embedded: reader.bool("embedded") ?? false)
    }

    private static func required(_ key: String, _ reader: inout ObjectReader, in range: ClosedRange<Double>) -> Double? {
        if reader.value(key) == nil { reader.report(key, "a number is due here") }
        return reader.number(key, in: range)
    }

    /// `provider/model`.
    private static func model(_ reader: inout ObjectReader) -> String? {
        guard let model = reader.text("model", maximumByteCount: TestCaseLimits.maximumNameByteCount) else { return nil }
        let parts = model.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count != 2 || parts.contains(where: \.isEmpty) {
            reader.report("model", "a model is written as provider/model, such as openai/gpt-4.1-2025-04-14")
        }
        return model
    }

    private static func answer(_ reader: inout ObjectReader) -> JudgeParameters.Answer? {
        let scale = reader.value("scale")
        let choices = reader.array("choices", maximumCount: TestCaseLimits.maximumListCount)
        if scale != nil, choices != nil {
            reader.report("choices", "a judge answers on a scale or with one of the choices")
            return nil
        }
        if let scale {
            guard var inner = ObjectReader(scale, path: reader.path(of: "scale"), problems: reader.problems) else { return nil }
            let minimum = required("minimum", &inner, in: -1e6...1e6)
            let maximum = required("maximum", &inner, in: -1e6...1e6)
            inner.finish()
            guard let minimum, let maximum else { return nil }
            guard minimum < maximum else {
                inner.report("maximum", "the maximum must be above the minimum")
                return nil
            }
            return .scale(minimum: minimum, maximum: maximum)
        }
        guard let choices else { return .scale(minimum: 0, maximum: 1) }
        if choices.count < 2 { reader.report("choices", "a judge needs at least two choices") }
        var found: [JudgeChoice] = []
        for (index, choice) in choices.enumerated() {
            let path = "\(reader.path(of: "choices"))[\(index)]"
            guard var inner = ObjectReader(choice, path: path, problems: reader.problems) else { continue }
            let label = inner.requiredText("label", maximumByteCount: TestCaseLimits.maximumNameByteCount)
            let value = required("value", &inner, in: -1e6...1e6)
            inner.finish()
            guard let label, let value else { continue }
            if found.contains(where: { $0.label == label }) { inner.report("label", "another choice has this label, too") }
            found.append(JudgeChoice(label: label, value: value))
        }
        return .choices(found)
    }
}
