/// The members of one object of a request, read strictly: what is missing, unknown, of the wrong kind or out of range is refused as the
/// provider refuses it.

import ByteCoding

struct RequestFields {
    let members: JSONValue
    /// Where the object stands, such as `messages[0]`; empty for the body.
    let path: String
    let dialect: Dialect

    /// - Throws: `Refusal` when the value is no object.
    init(_ value: JSONValue, path: String = "", dialect: Dialect) throws {
        members = value
        self.path = path
        self.dialect = dialect
        guard value.objectValue != nil else { throw wrongKind(path.isEmpty ? "body" : path, "an object", isWhole: true) }
    }

    /// The body of a call.
    init(body: [UInt8], dialect: Dialect) throws {
        let value: JSONValue
        do {
            value = try JSONValue.parse(body)
        } catch {
            throw Refusal.invalid(
                dialect.isOpenAIShaped
                    ? "We could not parse the JSON body of your request. (\(error))"
                    : dialect == .gemini ? "Invalid JSON payload received. \(error)" : "The request body is not valid JSON: \(error)")
        }
        try self.init(value, dialect: dialect)
    }

    /// The member; null counts as absent. Gemini's may be written in snake case, too.
    subscript(name: String) -> JSONValue? {
        let value = members[name] ?? (dialect == .gemini ? members[Self.snakeCase(name)] : nil)
        return value == .null ? nil : value
    }

    func place(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

    func onlyKnown(_ names: Set<String>) throws {
        for member in members.objectValue ?? [] where !names.contains(member.key) {
            if dialect == .gemini, names.contains(where: { Self.snakeCase($0) == member.key }) { continue }
            switch dialect {
            case .anthropic: throw Refusal.invalid("\(place(member.key)): Extra inputs are not permitted")
            case .gemini:
                let at = path.isEmpty ? "" : " at '\(path)'"
                throw Refusal.invalid("Invalid JSON payload received. Unknown name \"\(member.key)\"\(at): Cannot find field.")
            case .compatible: continue
            default:
                throw Refusal.invalid("Unknown parameter: '\(place(member.key))'.", at: place(member.key), code: "unknown_parameter")
            }
        }
    }

    func require(_ name: String) throws -> JSONValue {
        guard let value = self[name] else { throw missing(name) }
        return value
    }

    func string(_ name: String) throws -> String? { try take(name, "a string", \.stringValue) }
    func bool(_ name: String) throws -> Bool? { try take(name, "a boolean", \.boolValue) }
    func array(_ name: String) throws -> [JSONValue]? { try take(name, "an array", \.arrayValue) }

    func object(_ name: String) throws -> RequestFields? {
        try self[name].map { try RequestFields($0, path: place(name), dialect: dialect) }
    }

    func requiredString(_ name: String) throws -> String {
        guard let text = try string(name) else { throw missing(name) }
        guard !text.isEmpty else { throw Refusal.invalid("\(place(name)): must not be empty", at: place(name)) }
        return text
    }

    func requiredArray(_ name: String) throws -> [JSONValue] {
        guard let elements = try array(name) else { throw missing(name) }
        guard !elements.isEmpty else {
            throw Refusal.invalid(
                dialect == .anthropic
                    ? "\(place(name)): at least one message is required"
                    : dialect == .gemini
                        ? "* GenerateContentRequest.\(place(name)): \(name) is not specified"
                        : "Invalid '\(place(name))': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                at: place(name), code: "empty_array")
        }
        return elements
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int? {
        // An integral double is an integer to providers: 100.0 from a client in JavaScript's footsteps.
        let number: (JSONValue) -> Int64? = { $0.integerValue ?? $0.doubleValue.flatMap { Int64(exactly: $0) } }
        guard let value = try take(name, "an integer", number) else { return nil }
        guard range.contains(value) else { throw outOfRange(name, "\(value)", "\(range.lowerBound)", "\(range.upperBound)") }
        return Int(value)
    }

    @discardableResult
    func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = try take(name, "a number", \.doubleValue) else { return nil }
        guard range.contains(value) else {
            throw outOfRange(name, value.shortText, range.lowerBound.shortText, range.upperBound.shortText)
        }
        return value
    }

    /// A string of a closed list.
    @discardableResult
    func choice(_ name: String, _ values: [String]) throws -> String? {
        guard let value = try string(name) else { return nil }
        guard values.contains(value) else {
            let list = values.map { "'\($0)'" }.joined(separator: ", ")
            throw Refusal.invalid(
                dialect == .anthropic
                    ? "\(place(name)): Input should be \(list)"
                    : "Invalid value: '\(value)'. Supported values are: \(list).",
                at: place(name), code: "invalid_value")
        }
        return value
    }

    /// A string, or several: `stop`.
    func strings(_ name: String, maximumCount: Int) throws -> [String] {
        guard let value = self[name] else { return [] }
        if let one = value.stringValue { return [one] }
        guard let several = value.arrayValue, several.count <= maximumCount, several.allSatisfy({ $0.stringValue != nil }) else {
            throw wrongKind(name, "a string or an array of at most \(maximumCount) strings")
        }
        return several.compactMap(\.stringValue)
    }

    private func take<Value>(_ name: String, _ kind: String, _ read: (JSONValue) -> Value?) throws -> Value? {
        guard let value = self[name] else { return nil }
        guard let taken = read(value) else { throw wrongKind(name, kind) }
        return taken
    }

    private func missing(_ name: String) -> Refusal {
        switch dialect {
        case .anthropic: .invalid("\(place(name)): Field required")
        case .gemini: .invalid("* GenerateContentRequest.\(place(name)): \(name) is not specified")
        default: .invalid("Missing required parameter: '\(place(name))'.", at: place(name), code: "missing_required_parameter")
        }
    }

    func wrongKind(_ name: String, _ kind: String, isWhole: Bool = false) -> Refusal {
        let at = isWhole ? name : place(name)
        return switch dialect {
        case .anthropic: .invalid("\(at): Input should be \(kind)")
        case .gemini: .invalid("Invalid value at '\(at)': it must be \(kind)")
        default: .invalid("Invalid type for '\(at)': expected \(kind).", at: at, code: "invalid_type")
        }
    }

    private func outOfRange(_ name: String, _ value: String, _ low: String, _ high: String) -> Refusal {
        switch dialect {
        case .anthropic: .invalid("\(place(name)): Input should be from \(low) to \(high)")
        case .gemini: .invalid("\(place(name)) must be in the range [\(low), \(high)]; it is \(value)")
        default:
            .invalid("Invalid '\(place(name))': \(value) is not from \(low) to \(high).", at: place(name), code: "invalid_value")
        }
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
