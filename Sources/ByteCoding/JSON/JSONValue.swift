/// A JSON value, owned: request bodies of the API, model answers, configuration. Hot paths read with `JSONScanner` instead.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction or exponent that fits.
    case integer(Int64)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the text; duplicates are kept.
    case object([JSONMember])

    /// Deep enough for any request of the API, shallow enough for any thread's stack.
    package static let defaultMaximumDepth = 128

    /// Reads one value with nothing but white space around it. Bad UTF-8 inside strings becomes U+FFFD.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) -> JSONValue {
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        let value = try JSONValue(from: &scanner)
        try scanner.finish()
        return value
    }

    package static func parse(_ bytes: [UInt8], maximumDepth: Int = defaultMaximumDepth) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            try parse(UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth)
        }
    }

    package static func parse(_ text: String, maximumDepth: Int = defaultMaximumDepth) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), maximumDepth: maximumDepth)
    }

    /// Reads the scanner's next value.
    package init(from scanner: inout JSONScanner) throws(JSONError) {
        switch try scanner.peek() {
        case .null:
            try scanner.null()
            self = .null
        case .bool: self = .bool(try scanner.bool())
        case .string: self = .string(scanner.text(of: try scanner.string()))
        case .number:
            let number = try scanner.number()
            if let integer = scanner.int64(number) {
                self = .integer(integer)
            } else if let double = scanner.double(number) {
                self = .double(double)
            } else {
                throw JSONError("the number is beyond the range of doubles", byteOffset: number.start)
            }
        case .array:
            var elements: [JSONValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() { elements.append(try JSONValue(from: &scanner)) }
            self = .array(elements)
        case .object:
            var members: [JSONMember] = []
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                members.append(JSONMember(key: scanner.text(of: key), value: try JSONValue(from: &scanner)))
            }
            self = .object(members)
        }
    }

    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .double(let value): writer.double(value)
        case .string(let value): writer.string(value)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members { writer.member(member.key, member.value) }
            writer.endObject()
        }
    }

    /// The value as text.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The value of a member of an object; of equal keys the last, as JavaScript reads them. Nil for anything but objects.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    package var isNull: Bool { self == .null }

    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var objectValue: [JSONMember]? { if case .object(let value) = self { value } else { nil } }

    /// Any number.
    package var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

/// A key of an object and its value.
package struct JSONMember: Equatable, Sendable {
    package var key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}
