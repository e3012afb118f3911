/// A pull scanner for JSON (RFC 8259) over borrowed bytes. It allocates nothing and copies nothing: strings and numbers
/// are handed out as ranges of the text.
///
/// The caller says what it expects and the scanner throws when the text disagrees:
///
///     try scanner.beginObject()
///     while let key = try scanner.nextKey() {
///         if scanner.matches(key, "name") { name = try scanner.string() } else { try scanner.skipValue() }
///     }
///     try scanner.finish()
///
/// After each `nextKey` and each true `nextElement`, exactly one value must be read or skipped. The grammar is strict: no
/// comments, no trailing commas, no leading zeros, no control characters inside strings, no byte-order mark. UTF-8 is not checked
/// here: a `JSONString` says whether it has anything beyond ASCII, and its reader decides what bad bytes mean.
///
/// Memory safety: the only unchecked reads are the eight-byte loads of `scanString`, each behind `offset + 8 <= bytes.count`;
/// everything else goes through `bytes[...]` behind a comparison with `bytes.count`.
package struct JSONScanner {
    package let bytes: UnsafeRawBufferPointer
    /// The next unread byte.
    package private(set) var offset: Int
    /// Containers open at `offset`.
    package private(set) var depth = 0
    package let maximumDepth: Int
    /// Right behind a `{` or `[`, where no comma is due.
    private var isAtContainerStart = false

    /// The bytes must outlive the scanner. `maximumDepth` bounds nested containers, and with them the recursion of readers.
    package init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        offset = 0
    }

    package enum Kind: Sendable { case object, array, string, number, bool, null }

    /// What the next value is. Reads nothing but white space.
    package mutating func peek() throws(JSONError) -> Kind {
        skipWhitespace()
        guard offset < bytes.count else { throw error("the text ends where a value is due") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw error("a value cannot start with this byte")
        }
    }

    package mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{"), "an object") }
    package mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "["), "an array") }

    /// The next key of the object last begun, its colon read; nil when the object ends.
    package mutating func nextKey() throws(JSONError) -> JSONString? {
        guard try advance(until: UInt8(ascii: "}")) else { return nil }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw error("a key is due here, in quotes") }
        let key = try scanString()
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { throw error("a colon is due after a key") }
        offset += 1
        return key
    }

    /// Whether another element of the array last begun follows; false reads its end.
    package mutating func nextElement() throws(JSONError) -> Bool {
        try advance(until: UInt8(ascii: "]"))
    }

    package mutating func string() throws(JSONError) -> JSONString {
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw error("a string is due here") }
        return try scanString()
    }

    package mutating func number() throws(JSONError) -> JSONNumber {
        skipWhitespace()
        return try scanNumber()
    }

    package mutating func bool() throws(JSONError) -> Bool {
        skipWhitespace()
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    package mutating func null() throws(JSONError) {
        skipWhitespace()
        try literal("null")
    }

    /// Reads a value of any kind and checks its grammar, keeping nothing.
    package mutating func skipValue() throws(JSONError) {
        // The open containers, innermost lowest: 1 is an object. Every 64 levels take one level of recursion.
        var objects: UInt64 = 0
        var openCount = 0
        repeat {
            let kind = try peek()
            switch kind {
            case .string: _ = try scanString()
            case .number: _ = try scanNumber()
            case .bool: _ = try bool()
            case .null: try null()
            case .object, .array:
                if openCount == 64 {
                    try skipValue()
                } else if kind == .object {
                    try beginObject()
                    objects = objects << 1 | 1
                    openCount += 1
                } else {
                    try beginArray()
                    objects <<= 1
                    openCount += 1
                }
            }
            // On to the next value, out of the containers that end here.
            while openCount > 0 {
                let hasNext = objects & 1 == 1 ? try nextKey() != nil : try nextElement()
                if hasNext { break }
                objects >>= 1
                openCount -= 1
            }
        } while openCount > 0
    }

    /// Reads white space up to the end of the text and refuses anything else.
    package mutating func finish() throws(JSONError) {
        skipWhitespace()
        guard offset == bytes.count else { throw error("there is text after the value") }
    }

    /// Reads white space: after it, `offset` is where the next value starts.
    package mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0a, 0x0d, 0x09: offset &+= 1
            default: return
            }
        }
    }

    package func error(_ message: String) -> JSONError { JSONError(message, byteOffset: offset) }

    // MARK: Containers

    private mutating func begin(_ opening: UInt8, _ expected: String) throws(JSONError) {
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] == opening else { throw error("\(expected) is due here") }
        guard depth < maximumDepth else { throw error("values nest deeper than \(maximumDepth)") }
        depth += 1
        offset += 1
        isAtContainerStart = true
    }

    /// Reads the comma before the next member, or the end of the container (then false).
    private mutating func advance(until closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard offset < bytes.count else { throw error("the text ends inside a container") }
        let byte = bytes[offset]
        if byte == closing {
            offset += 1
            depth -= 1
            isAtContainerStart = false
            return false
        }
        if isAtContainerStart {
            isAtContainerStart = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw error("a comma or the end of the container is due here") }
        offset += 1
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] != closing else { throw error("a comma must be followed by a value") }
        return true
    }

    // MARK: Tokens

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        let expected = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes.count - offset >= expected.count, bytes[offset..<offset + expected.count].elementsEqual(expected) else {
            throw error("\(text) is due here")
        }
        offset += expected.count
    }

    /// Reads a string; `offset` is at its opening quote.
    private mutating func scanString() throws(JSONError) -> JSONString {
        let start = offset + 1
        var position = start
        var nonASCII: UInt64 = 0
        var hasEscapes = false
        while true {
            // Eight bytes at a time up to the first quote, backslash or control character.
            while position &+ 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let stops = JSONBytes.stops(in: word)
                if stops == 0 {
                    nonASCII |= word
                    position &+= 8
                    continue
                }
                let length = UInt64(stops.trailingZeroBitCount &>> 3)
                nonASCII |= word & ((1 &<< (length &* 8)) &- 1)
                position &+= Int(length)
                break
            }
            guard position < bytes.count else { throw JSONError("the text ends inside a string", byteOffset: bytes.count) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position = try skipEscape(at: position)
            } else if byte < 0x20 {
                throw JSONError("a control character inside a string must be escaped", byteOffset: position)
            } else {
                nonASCII |= UInt64(byte)
                position &+= 1
            }
        }
        offset = position + 1
        return JSONString(
            start: start, count: position - start, hasEscapes: hasEscapes, isASCII: nonASCII & JSONBytes.highBits == 0)
    }

    /// The offset behind the escape whose backslash is at `position`.
    private func skipEscape(at position: Int) throws(JSONError) -> Int {
        guard position + 1 < bytes.count else { throw JSONError("the text ends inside a string", byteOffset: bytes.count) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return position + 2
        case UInt8(ascii: "u"):
            guard JSONBytes.codeUnit(in: bytes, at: position + 2) != nil else {
                throw JSONError("\\u must be followed by four hex digits", byteOffset: position)
            }
            return position + 6
        default: throw JSONError("no escape of JSON starts like this", byteOffset: position)
        }
    }

    private mutating func scanNumber() throws(JSONError) -> JSONNumber {
        let start = offset
        var position = offset
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = position
        try skipDigits(&position)
        if bytes[digits] == UInt8(ascii: "0"), position - digits > 1 { throw JSONError("a number cannot start with 0", byteOffset: digits) }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try skipDigits(&position)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            try skipDigits(&position)
        }
        offset = position
        return JSONNumber(start: start, count: position - start, isInteger: isInteger)
    }

    /// Reads one digit or more.
    private func skipDigits(_ position: inout Int) throws(JSONError) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        guard position > start else { throw JSONError("a digit is due here", byteOffset: position) }
    }
}
