import ByteCoding

/// The parameters of the scorers that have more than one.

package struct ExactParameters: Equatable, Sendable {
    package var value: JSONValue?
    /// Without white space at both ends.
    package var trim: Bool
    package var ignoreCase: Bool

    package init(value: JSONValue? = nil, trim: Bool = false, ignoreCase: Bool = false) {
        self.value = value
        self.trim = trim
        self.ignoreCase = ignoreCase
    }
}

/// All of `all`, one of `any` (where there are some) and none of `none` stand in the output. All three empty: the expected text.
package struct ContainsParameters: Equatable, Sendable {
    package var all: [String]
    package var any: [String]
    package var none: [String]
    package var ignoreCase: Bool

    package init(all: [String] = [], any: [String] = [], none: [String] = [], ignoreCase: Bool = false) {
        self.all = all
        self.any = any
        self.none = none
        self.ignoreCase = ignoreCase
    }
}

package struct RegexParameters: Equatable, Sendable {
    /// In the grammar of `RegularExpression`; matches anywhere unless anchored.
    package var pattern: String
    package var ignoreCase: Bool

    package init(pattern: String, ignoreCase: Bool = false) {
        self.pattern = pattern
        self.ignoreCase = ignoreCase
    }
}

package struct JSONMatchParameters: Equatable, Sendable {
    package var value: JSONValue?
    /// Whether the JSON may stand inside other text, in a code fence for one.
    package var embedded: Bool

    package init(value: JSONValue? = nil, embedded: Bool = false) {
        self.value = value
        self.embedded = embedded
    }
}

package struct JSONSchemaParameters: Equatable, Sendable {
    /// Draft 2020-12: an object or a boolean.
    package var schema: JSONValue
    /// Whether `format` is held to, not only noted.
    package var assertFormats: Bool
    /// As in `JSONMatchParameters`.
    package var embedded: Bool

    package init(schema: JSONValue, assertFormats: Bool = false, embedded: Bool = false) {
        self.schema = schema
        self.assertFormats = assertFormats
        self.embedded = embedded
    }
}

package struct NumericParameters: Equatable, Sendable {
    package var value: Double?
    /// How far the output's number may be from the expected one; the larger of both allowances holds.
    package var absolute: Double
    /// As a part of the expected number.
    package var relative: Double

    package init(value: Double? = nil, absolute: Double = 0, relative: Double = 0) {
        self.value = value
        self.absolute = absolute
        self.relative = relative
    }
}

package struct EditDistanceParameters: Equatable, Sendable {
    package var value: String?
    /// At most this many insertions, deletions and replacements; instead of a threshold of similarity.
    package var maximumDistance: Int?

    package init(value: String? = nil, maximumDistance: Int? = nil) {
        self.value = value
        self.maximumDistance = maximumDistance
    }
}

package struct EmbeddingSimilarityParameters: Equatable, Sendable {
    package var value: String?
    /// `provider/model`; nil: the project's embedding model.
    package var model: String?

    package init(value: String? = nil, model: String? = nil) {
        self.value = value
        self.model = model
    }
}

package struct ToolCallsParameters: Equatable, Sendable {
    package enum Arguments: String, CaseIterable, Sendable {
        /// Equal to the expected ones.
        case exact
        /// The expected ones and perhaps more.
        case subset
        case ignore
    }

    package enum Order: String, CaseIterable, Sendable { case strict, any }

    package var calls: [ToolCall]
    package var arguments: Arguments
    package var order: Order
    /// Whether calls beyond the expected ones are right, too.
    package var allowExtra: Bool

    package init(calls: [ToolCall], arguments: Arguments = .exact, order: Order = .strict, allowExtra: Bool = false) {
        self.calls = calls
        self.arguments = arguments
        self.order = order
        self.allowExtra = allowExtra
    }
}

/// At least one of them.
package struct TokenParameters: Equatable, Sendable {
    package var maximumInput: Int?
    package var maximumOutput: Int?
    package var maximumTotal: Int?

    package init(maximumInput: Int? = nil, maximumOutput: Int? = nil, maximumTotal: Int? = nil) {
        self.maximumInput = maximumInput
        self.maximumOutput = maximumOutput
        self.maximumTotal = maximumTotal
    }
}

package struct JudgeParameters: Equatable, Sendable {
    /// What a judge may answer.
    package enum Answer: Equatable, Sendable {
        /// A number from `minimum` to `maximum`.
        case scale(minimum: Double, maximum: Double)
        /// One of these labels, each worth its value.
        case choices([JudgeChoice])
    }

    package var rubric: String
    package var answer: Answer
    /// `provider/model`; nil: the project's judge. Which one answered stands in the score's usage.
    package var model: String?

    package init(rubric: String, answer: Answer = .scale(minimum: 0, maximum: 1), model: String? = nil) {
        self.rubric = rubric
        self.answer = answer
        self.model = model
    }
}

package struct JudgeChoice: Equatable, Sendable {
    package var label: String
    package var value: Double

    package init(label: String, value: Double) {
        self.label = label
        self.value = value
    }
}

/// The output against another answer: a win is 1, a tie a half, a loss 0. Passes from the threshold on; without one a tie passes.
package struct PairwiseJudgeParameters: Equatable, Sendable {
    package enum Opponent: String, CaseIterable, Sendable {
        /// The output of the baseline run for the same case.
        case baseline
        /// The case's expected text.
        case expected
    }

    package var rubric: String
    package var against: Opponent
    package var model: String?

    package init(rubric: String, against: Opponent = .baseline, model: String? = nil) {
        self.rubric = rubric
        self.against = against
        self.model = model
    }
}
