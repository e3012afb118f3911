import ByteCoding
import RegularExpressions

/// JSON -> `Filter`. Refuses by name and place whatever it does not know: a mistyped operator must never widen an answer.
///
///     filter    := { field: condition, ... } | { "_and": [filter...] } | { "_or": [filter...] } | { "_not": filter }
///     condition := { operator: value, ... } | scalar
///
/// Several members of an object mean "and".
package struct FilterParser {
    private var nodeCount = 0
    /// Values of URL parameters are text whatever they mean; see `FilterLiteral.parse`.
    private let areValuesUntyped: Bool

    private init(areValuesUntyped: Bool) { self.areValuesUntyped = areValuesUntyped }

    package static func parse(_ json: JSONValue, path: String = "filter") throws(QueryError) -> Filter {
        guard json.bytes.count <= QueryLimits.maximumFilterByteCount else { throw tooLong(path) }
        return try parseChecked(json, path: path, areValuesUntyped: false)
    }

    /// The text of a filter, as in `?filter=`.
    package static func parse(text: String, path: String = "filter") throws(QueryError) -> Filter {
        guard text.utf8.count <= QueryLimits.maximumFilterByteCount else { throw tooLong(path) }
        let json: JSONValue
        do {
            json = try JSONValue.parse(text, maximumDepth: 64)
        } catch {
            throw .malformed(path, "not JSON: \(error)")
        }
        return try parseChecked(json, path: path, areValuesUntyped: false)
    }

    static func parseChecked(_ json: JSONValue, path: String, areValuesUntyped: Bool) throws(QueryError) -> Filter {
        var parser = FilterParser(areValuesUntyped: areValuesUntyped)
        return try parser.filter(json, path, depth: 1)
    }

    static func tooLong(_ path: String) -> QueryError {
        .malformed(path, "a filter has at most \(QueryLimits.maximumFilterByteCount) bytes")
    }

    private mutating func filter(_ json: JSONValue, _ path: String, depth: Int) throws(QueryError) -> Filter {
        guard case .object(let members) = json else {
            throw .malformed(path, "a filter is an object of fields, _and, _or or _not, not \(json.kindName)")
        }
        guard depth <= QueryLimits.maximumFilterDepth else {
            throw .malformed(path, "a filter nests at most \(QueryLimits.maximumFilterDepth) deep")
        }
        var parts: [Filter] = []
        for member in members {
            let memberPath = path + "." + member.key
            switch member.key {
            case "_and": parts.append(.and(try filters(member.value, memberPath, depth: depth)))
            case "_or": parts.append(.or(try filters(member.value, memberPath, depth: depth)))
            case "_not":
                try count(memberPath)
                parts.append(.not(try filter(member.value, memberPath, depth: depth + 1)))
            default:
                guard let field = SpanField(name: member.key) else {
                    throw .malformed(memberPath, Self.unknownField(member.key))
                }
                parts.append(contentsOf: try conditions(member.value, field, memberPath, depth: depth))
            }
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func filters(_ json: JSONValue, _ path: String, depth: Int) throws(QueryError) -> [Filter] {
        try count(path)
        guard case .array(let elements) = json else { throw .malformed(path, "takes an array of filters, not \(json.kindName)") }
        var parts: [Filter] = []
        for (index, element) in elements.enumerated() {
            parts.append(try filter(element, "\(path)[\(index)]", depth: depth + 1))
        }
        return parts
    }

    private mutating func conditions(
        _ json: JSONValue, _ field: SpanField, _ path: String, depth: Int
    ) throws(QueryError) -> [Filter] {
        guard depth <= QueryLimits.maximumFilterDepth else {
            throw .malformed(path, "a filter nests at most \(QueryLimits.maximumFilterDepth) deep")
        }
        guard case .object(let members) = json else {
            if case .array = json { throw .malformed(path, "takes an operator such as {\"_in\": [...]} or a scalar, not an array") }
            try count(path)
            return [.condition(field, try comparison(.equal, json, field, path))]
        }
        guard !members.isEmpty else { throw .malformed(path, "names no operator; known: \(ComparisonOperator.listed)") }
        var parts: [Filter] = []
        for member in members {
            let memberPath = path + "." + member.key
            guard let operation = ComparisonOperator(rawValue: member.key) else {
                throw .malformed(memberPath, "unknown operator; known: \(ComparisonOperator.listed)")
            }
            guard operation.fits(field.type) else {
                throw .malformed(memberPath, "\(operation.rawValue) does not apply to \(field.name), a field of type \(field.type.name)")
            }
            if operation == .not {
                try count(memberPath)
                let inner = try conditions(member.value, field, memberPath, depth: depth + 1)
                parts.append(.not(inner.count == 1 ? inner[0] : .and(inner)))
            } else {
                try count(memberPath)
                parts.append(.condition(field, try comparison(operation, member.value, field, memberPath)))
            }
        }
        return parts
    }

    private func comparison(
        _ operation: ComparisonOperator, _ json: JSONValue, _ field: SpanField, _ path: String
    ) throws(QueryError) -> Comparison {
        switch operation {
        case .equal:
            let values = try literals(json, field, path)
            return values.count == 1 ? .equal(values[0]) : .among(values)
        case .notEqual:
            let values = try literals(json, field, path)
            return values.count == 1 ? .notEqual(values[0]) : .notAmong(values)
        case .greater: return .greater(try bound(json, field, path))
        case .greaterOrEqual: return .greaterOrEqual(try bound(json, field, path))
        case .less: return .less(try bound(json, field, path))
        case .lessOrEqual: return .lessOrEqual(try bound(json, field, path))
        case .among: return .among(try list(json, field, path))
        case .notAmong, .notAmongAlias: return .notAmong(try list(json, field, path))
        case .between:
            guard case .array(let ends) = json, ends.count == 2 else { throw .malformed(path, "takes an array of two values") }
            return .between(try bound(ends[0], field, path + "[0]"), try bound(ends[1], field, path + "[1]"))
        case .isNull, .isNullAlias: return .isNull(try boolean(json, path))
        case .isNotNullAlias: return .isNull(!(try boolean(json, path)))
        case .contains: return .contains(try text(json, path), ignoringCase: false)
        case .startsWith: return .startsWith(try text(json, path), ignoringCase: false)
        case .endsWith: return .endsWith(try text(json, path), ignoringCase: false)
        case .containsIgnoringCase: return .contains(try text(json, path), ignoringCase: true)
        case .startsWithIgnoringCase: return .startsWith(try text(json, path), ignoringCase: true)
        case .endsWithIgnoringCase: return .endsWith(try text(json, path), ignoringCase: true)
        case .matches:
            do {
                return .matches(try RegularExpression(try text(json, path)))
            } catch let error as RegularExpressionError {
                throw .malformed(path, error.description)
            } catch {
                throw QueryError.wrapping(error)
            }
        case .not: throw .malformed(path, "takes a condition")
        }
    }

    private func literals(_ json: JSONValue, _ field: SpanField, _ path: String) throws(QueryError) -> [FilterLiteral] {
        areValuesUntyped && field.type == .any
            ? FilterLiteral.readings(of: json.stringValue ?? "") : [try FilterLiteral.parse(json, for: field, path)]
    }

    /// One end of an order: an untyped number is a number.
    private func bound(_ json: JSONValue, _ field: SpanField, _ path: String) throws(QueryError) -> FilterLiteral {
        let values = try literals(json, field, path)
        if case .boolean = values[0] { throw .malformed(path, "booleans have no order") }
        return values.count > 1 ? values[1] : values[0]
    }

    private func list(_ json: JSONValue, _ field: SpanField, _ path: String) throws(QueryError) -> [FilterLiteral] {
        guard case .array(let elements) = json else { throw .malformed(path, "takes an array, not \(json.kindName)") }
        guard elements.count <= QueryLimits.maximumMembershipCount else {
            throw .malformed(path, "takes at most \(QueryLimits.maximumMembershipCount) values")
        }
        var values: [FilterLiteral] = []
        for (index, element) in elements.enumerated() {
            values.append(contentsOf: try literals(element, field, "\(path)[\(index)]"))
        }
        return values
    }

    private func boolean(_ json: JSONValue, _ path: String) throws(QueryError) -> Bool {
        if let value = json.boolValue { return value }
        if areValuesUntyped, let text = json.stringValue, text == "true" || text == "false" { return text == "true" }
        throw .malformed(path, "takes true or false, not \(json.kindName)")
    }

    private func text(_ json: JSONValue, _ path: String) throws(QueryError) -> String {
        guard let value = json.stringValue else { throw .malformed(path, "takes a string, not \(json.kindName)") }
        return value
    }

    private mutating func count(_ path: String) throws(QueryError) {
        nodeCount += 1
        guard nodeCount <= QueryLimits.maximumFilterNodeCount else {
            throw .malformed(path, "a filter has at most \(QueryLimits.maximumFilterNodeCount) conditions")
        }
    }

    static func unknownField(_ name: String) -> String {
        if name.hasPrefix("_") { return "unknown operator here; a filter combines with _and, _or, _not" }
        return "unknown field \"\(name)\"; use attributes.KEY or resource.KEY for attributes, or one of "
            + SpanField.fixedNames.map(\.name).joined(separator: " ")
    }
}

extension JSONValue {
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
