import ByteCoding

/// Reads the members of a JSON object into typed values. A member of the wrong kind is a problem in the list and reads as absent, so
/// that one pass names everything that is wrong. Members nobody asked for are problems as well: a misspelt option must not be
/// silently without effect.
package struct ObjectReader {
    package let path: String
    package let problems: ProblemList
    private let members: [JSONMember]
    private var known: Set<String> = []

    /// Nil, and a problem, when the value is no object or has a key twice.
    package init?(_ value: JSONValue, path: String, problems: ProblemList) {
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
    package static func join(_ path: String, _ key: String) -> String {
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

    package func path(of key: String) -> String { Self.join(path, key) }

    package func report(_ key: String, _ message: String) { problems.add(path(of: key), message) }

    /// The member's value; null is absent.
    package mutating func value(_ key: String) -> JSONValue? {
        known.insert(key)
        guard let value = members.first(where: { $0.key == key })?.value, value != .null else { return nil }
        return value
    }

    /// As `value`, but a null that stands there is the value null: what is expected may be null.
    package mutating func valueOrNull(_ key: String) -> JSONValue? {
        known.insert(key)
        return members.first { $0.key == key }?.value
    }

    package mutating func text(_ key: String, maximumByteCount: Int) -> String? {
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
    package mutating func requiredText(_ key: String, maximumByteCount: Int) -> String? {
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

    package mutating func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let flag) = value else {
            report(key, "true or false is due here, not \(value.kindName)")
            return nil
        }
        return flag
    }

    package mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
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

    package mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
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
    package mutating func name<Name: RawRepresentable & CaseIterable>(_ key: String, of type: Name.Type) -> Name?
    where Name.RawValue == String {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value, let name = Name(rawValue: text) else {
            report(key, "one of \(Name.allCases.map(\.rawValue).joined(separator: ", ")) is due here")
            return nil
        }
        return name
    }

    package mutating func array(_ key: String, maximumCount: Int) -> [JSONValue]? {
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
    package mutating func texts(_ key: String, maximumCount: Int, maximumByteCount: Int) -> [String]? {
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

    package mutating func object(_ key: String) -> [JSONMember]? {
        guard let value = value(key) else { return nil }
        guard ObjectReader(value, path: path(of: key), problems: problems) != nil else { return nil }
        return value.objectValue
    }

    /// To be called when all is read: members nobody asked for are problems.
    package func finish() {
        for member in members where !known.contains(member.key) {
            report(member.key, "nothing is known by this name here: \(known.sorted().joined(separator: ", "))")
        }
    }
}
