import ByteCoding
import ContentReading
import EvaluationModel
import RegularExpressions

/// The keywords that look at one value: its type, its constants, its number, its text.
extension JSONSchemaValidation {
    mutating func holdsAssertions(_ node: JSONSchemaNode, _ value: JSONValue, _ path: String) throws(ScoreError) -> Bool {
        var isRight = true
        if let types = node.types, !types.contains(where: { $0.holds(for: value) }) {
            isRight = fault(path, "\(types.map(\.rawValue).sorted().joined(separator: " or ")) is due, there is \(quoted(value))")
        }
        if let values = node.enumeration {
            try step(values.count)
            if !values.contains(where: { $0.isEqual(to: value) }) {
                isRight = fault(path, "\(quoted(value)) is none of \(quoted(.array(values)))")
            }
        }
        if let constant = node.constantValue, !constant.isEqual(to: value) {
            isRight = fault(path, "\(quoted(constant)) is due, there is \(quoted(value))")
        }
        switch value {
        case .integer, .double: isRight = holdsNumber(node, value, path) && isRight
        case .string(let text): isRight = try holdsText(node, text, path) && isRight
        default: break
        }
        return isRight
    }

    private mutating func holdsNumber(_ node: JSONSchemaNode, _ value: JSONValue, _ path: String) -> Bool {
        guard let number = value.doubleValue else { return true }
        var isRight = true
        if let maximum = node.maximum, number > maximum { isRight = fault(path, "\(number.shortText) is above \(maximum.shortText)") }
        if let minimum = node.minimum, number < minimum { isRight = fault(path, "\(number.shortText) is below \(minimum.shortText)") }
        if let maximum = node.exclusiveMaximum, number >= maximum {
            isRight = fault(path, "\(number.shortText) is not below \(maximum.shortText)")
        }
        if let minimum = node.exclusiveMinimum, number <= minimum {
            isRight = fault(path, "\(number.shortText) is not above \(minimum.shortText)")
        }
        if let divisor = node.multipleOf, !value.isMultiple(of: divisor) {
            isRight = fault(path, "\(number.shortText) is no multiple of \(quoted(divisor))")
        }
        return isRight
    }

    private mutating func holdsText(_ node: JSONSchemaNode, _ text: String, _ path: String) throws(ScoreError) -> Bool {
        var isRight = true
        if node.minimumLength != nil || node.maximumLength != nil {
            let length = text.unicodeScalars.count
            if let minimum = node.minimumLength, length < minimum {
                isRight = fault(path, "the text \(quoted(text)) is shorter than \(counted(minimum, "character"))")
            }
            if let maximum = node.maximumLength, length > maximum {
                isRight = fault(path, "the text \(quoted(text)) is longer than \(counted(maximum, "character"))")
            }
        }
        if let pattern = node.pattern, try !matches(pattern, text) {
            isRight = fault(path, "the text \(quoted(text)) does not match \(quoted(pattern.pattern))")
        }
        if schema.assertFormats, let format = node.format, !JSONSchemaFormat.holds(format, for: text) {
            isRight = fault(path, "the text \(quoted(text)) is no \(format.cut(toByteCount: 64))")
        }
        return isRight
    }
}

extension JSONSchemaNode.ValueType {
    func holds(for value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.object, .object), (.array, .array), (.string, .string): true
        case (.number, .integer), (.number, .double), (.integer, .integer): true
        case (.integer, .double(let number)): number == number.rounded(.towardZero)
        default: false
        }
    }
}

extension JSONValue {
    /// Whether dividing leaves no rest: exactly for integers, for others as far as doubles can tell.
    func isMultiple(of divisor: JSONValue) -> Bool {
        if case .integer(let value) = self, case .integer(let by) = divisor { return value % by == 0 }
        guard let value = doubleValue, let by = divisor.doubleValue else { return false }
        let quotient = value / by
        return quotient.isFinite ? quotient == quotient.rounded(.towardZero) : value.remainder(dividingBy: by) == 0
    }
}
