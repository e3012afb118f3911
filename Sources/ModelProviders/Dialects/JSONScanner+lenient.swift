/// Reading what others wrote: a member of another kind than expected is passed over instead of failing the whole answer. A dialect
/// that grows a new shape for a field we only like to know must not take the answer with it.

import ByteCoding

extension JSONScanner {
    /// Reads a text with one value in it.
    static func scan(_ text: [UInt8], _ read: (inout JSONScanner) throws(JSONError) -> Void) throws(JSONError) {
        try text.withUnsafeBufferPointer { bytes throws(JSONError) in
            var scanner = JSONScanner(UnsafeRawBufferPointer(bytes), maximumDepth: ModelProvidersLimits.answerDepth)
            try read(&scanner)
            try scanner.finish()
        }
    }

    /// The next value when it is a string; anything else is skipped.
    mutating func text() throws(JSONError) -> String? {
        guard try peek() == .string else {
            try skipValue()
            return nil
        }
        return text(of: try string())
    }

    /// The next value when it is an integer that fits; anything else is skipped.
    mutating func integer() throws(JSONError) -> Int64? {
        guard try peek() == .number else {
            try skipValue()
            return nil
        }
        return int64(try number())
    }

    /// Whether the next value is `true`.
    mutating func isTrue() throws(JSONError) -> Bool {
        guard try peek() == .bool else {
            try skipValue()
            return false
        }
        return try bool()
    }

    /// Begins the next value when it is an object; anything else is skipped.
    mutating func entersObject() throws(JSONError) -> Bool {
        guard try peek() == .object else {
            try skipValue()
            return false
        }
        try beginObject()
        return true
    }

    /// Begins the next value when it is an array; anything else is skipped.
    mutating func entersArray() throws(JSONError) -> Bool {
        guard try peek() == .array else {
            try skipValue()
            return false
        }
        try beginArray()
        return true
    }

    /// The next value's JSON text, its grammar checked.
    mutating func jsonText() throws(JSONError) -> String {
        skipWhitespace()
        let start = offset
        try skipValue()
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}
