import ByteCoding

/// Reads the members of a JSON object into typed values. A member of the wrong kind is a problem in the list and reads as absent, so
/// that one pass names everything that is wrong. Members nobody asked for are problems as well: a misspelt option must not be
/// silently without effect.
struct ObjectReader {
    let path: String
    let problems: ProblemList
    private let members: [JSONMember]
    private var known: Set<String> = []

    /// Nil, and a problem, when the value is no object or has a key twice.
    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard case .object(let members) = value else {
            problems.add(path, "an object is due here, not \(value.kindName)")
            return nil
        }
        var keys: Set<String> = []
        for member in members where !keys.insert(member.key).inserted {
            problems.add(Self.join(path, member.key), "this key stands here twice")
            return nil
        }
        self.path = path
        self.problems = problems
        self.members = members
    }

    /// Keys that need no quoting are joined with a point, others in brackets.
    static func join(_ path: String, _ key: String) -> String {
        let isPlain =
            !key.isEmpty && key.utf8.count <= 64
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        if isPlain { return path.isEmpty ? key : "\(path).\(key)" }
        let cut = key.utf8.count <= 64 ? key : String(key.prefix(32)) + "..."
        return "\(path)[\(String(decoding: JSONValue.string(cut).bytes, as: UTF8.self))]"
    }

    func path(of key: String) -> String { Self.join(path, key) }

    func report(_ key: String, _ message: String) { problems.add(path(of: key), message) }

    /// The member's value; null is absent.
    mutating func value(_ key: String) -> JSONValue? {
        known.insert(key)
        guard let value = members.first(where: { $0.key == key })?.value, value != .null else { return nil }
        return value
    }

    /// As `value`, but a null that stands there is the value null: what is expected may be null.
    mutating func valueOrNull(_ key: String) -> JSONValue? {
        known.insert(key)
        return members.first { $0.key == key }?.value
    }

    mutating func text(_ key: String, maximumByteCount: Int) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else {
            report(key, "a text is due here, not \(value.kindName)")
            return nil
        }
        guard text.utf8.count <= maximumByteCount else {
            report(key, "the text has \(text.utf8.count) bytes; at most \(maximumByteCount) are allowed")
            return nil
        }
        return text
    }

    /// A text that must be there and not empty.
    mutating func requiredText(_ key: String, maximumByteCount: Int) -> String? {
        let problemCount = problems.problems.count + problems.omittedCount
        guard let text = text(key, maximumByteCount: maximumByteCount) else {
            if problems.problems.count + problems.omittedCount == problemCount { report(key, "a text is due here") }
            return nil
        }
        guard !text.isEmpty else {
            report(key, "the text is empty")
            return nil
        }
        return text
    }

    mutating func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let flag) = value else {
            report(key, "true or false is due here, not \(value.kindName)")
            return nil
        }
        return flag
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.doubleValue, number.isFinite else {
            report(key, "a number is due here, not \(value.kindName)")
            return nil
        }
        guard range.contains(number) else {
            report(key, "the number must be between \(range.lowerBound.shortText) and \(range.upperBound.shortText)")
            return nil
        }
        return number
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.integerValue else {
            report(key, "a whole number is due here, not \(value.kindName)")
            return nil
        }
        guard let number = Int(exactly: number), range.contains(number) else {
            report(key, "the number must be between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return number
    }

    /// One of the names of an enumeration.
    mutating func name<Name: RawRepresentable & CaseIterable>(_ key: String, of type: Name.Type) -> Name? where Name.RawValue == String {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value, let name = Name(rawValue: text) else {
            report(key, "one of \(Name.allCases.map(\.rawValue).joined(separator: ", ")) is due here")
            return nil
        }
        return name
    }

    mutating func array(_ key: String, maximumCount: Int) -> [JSONValue]? {
        guard let value = value(key) else { return nil }
        guard case .array(let elements) = value else {
            report(key, "a list is due here, not \(value.kindName)")
            return nil
        }
        guard elements.count <= maximumCount else {
            report(key, "the list has \(elements.count) elements; at most \(maximumCount) are allowed")
            return nil
        }
        return elements
    }

    /// A list of texts; a text alone is a list of one.
    mutating func texts(_ key: String, maximumCount: Int, maximumByteCount: Int) -> [String]? {
        if case .string = value(key) { return text(key, maximumByteCount: maximumByteCount).map { [$0] } }
        guard let elements = array(key, maximumCount: maximumCount) else { return nil }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            let place = "\(path(of: key))[\(index)]"
            guard case .string(let text) = element else {
                problems.add(place, "a text is due here, not \(element.kindName)")
                continue
            }
            guard text.utf8.count <= maximumByteCount else {
                problems.add(place, "the text has \(text.utf8.count) bytes; at most \(maximumByteCount) are allowed")
                continue
            }
            texts.append(text)
        }
        return texts
    }

    mutating func object(_ key: String) -> [JSONMember]? {
        guard let value = value(key) else { return nil }
        guard ObjectReader(value, path: path(of: key), problems: problems) != nil else { return nil }
        return value.objectValue
    }

    /// To be called when all is read: members nobody asked for are problems.
    func finish() {
        for member in members where !known.contains(member.key) {
            report(member.key, "nothing is known by this name here: \(known.sorted().joined(separator: ", "))")
        }
    }
}

extension JSONValue {
    /// What a person calls a value of this kind.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .double: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Why the value cannot be taken whoever reads it: a key stands twice in an object, containers nest deeper than `depth`, a number is none,
    /// a text cannot be stored. Nil for all others.
    package func problemOfShape(maximumDepth depth: Int) -> String? {
        switch self {
        case .array(let elements):
            guard depth > 0 else { return "the value is nested too deeply" }
            for element in elements { if let problem = element.problemOfShape(maximumDepth: depth - 1) { return problem } }
        case .object(let members):
            guard depth > 0 else { return "the value is nested too deeply" }
            var keys: Set<String> = []
            for member in members {
                guard !member.key.utf8.contains(0) else { return Self.problemOfNUL }
                guard keys.insert(member.key).inserted else { return "the key '\(member.key.prefix(64))' stands twice in one object" }
                if let problem = member.value.problemOfShape(maximumDepth: depth - 1) { return problem }
            }
        case .double(let value):
            if !value.isFinite { return "a number is neither NaN nor infinite" }
        case .string(let text):
            if text.utf8.contains(0) { return Self.problemOfNUL }
        default: break
        }
        return nil
    }

    /// PostgreSQL cannot store it.
    private static let problemOfNUL = "a text does not hold the character U+0000"
}

extension Double {
    /// Without a point where it is a whole number.
    package var shortText: String {
        self == rounded() && magnitude < 1e15 ? String(Int64(self)) : description
    }
}
