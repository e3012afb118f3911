import TraceModel

/// Attributes and their values, nested ones included.
extension TraceRequestRewriter {
    /// An attribute of a span, event, link, resource or scope.
    mutating func attribute(_ field: Int, _ message: WireCursor) throws(SpanFault) { try keyValue(field, message, below: nil, depth: 0) }

    /// - Parameter path: the keys around a member of a map; nil for attributes themselves.
    private mutating func keyValue(_ field: Int, _ message: WireCursor, below path: [UInt8]?, depth: Int) throws(SpanFault) {
        var cursor = message
        var key = WireCursor(base: message.base, offset: message.offset, end: message.offset, shift: 0)
        var lastValue: WireCursor?
        // The key may stand behind its value, and of several the last counts.
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: key = try cursor.message()
            case 2 << 3 | 2: lastValue = try cursor.message()
            default: try cursor.skip(tag, known: 1...2)
            }
        }
        let memberPath = path.map { $0 + [UInt8(ascii: ".")] + key.buffer }
        let action = memberPath.map { path in path.withUnsafeBytes { self.action(onPath: $0) } } ?? self.action(onPath: key.buffer)
        if action == .drop { return }
        let before = writer.bytes.count
        let start = writer.begin(field)
        if let replacement = replacement(ofKey: key.buffer) {
            writer.content(1, replacement)
        } else if key.count > 0 {
            writer.content(1, key.buffer)
        }
        if action == .digest {
            let value = writer.begin(2)
            if let lastValue { writer.content(1, try digest(of: lastValue)) }
            writer.end(value)
        } else {
            cursor = message
            while cursor.hasMore {
                let tag = try cursor.tag()
                guard tag == 2 << 3 | 2 else {
                    try cursor.skip(tag, known: 2...2)
                    continue
                }
                let value = writer.begin(2)
                // Only maps inside values need the path; most attributes are no such thing.
                guard try anyValue(try cursor.message(), path: { memberPath ?? Array(key.buffer) }, depth: depth) else {
                    foundLongValue()
                    return writer.truncate(to: before)
                }
                writer.end(value)
            }
        }
        writer.end(start)
    }

    /// Writes the content of an `AnyValue`; false when it is longer than may be kept.
    private mutating func anyValue(_ message: WireCursor, path: () -> [UInt8], depth: Int) throws(SpanFault) -> Bool {
        guard depth < OTLPLimits.maximumRecursionDepth else { throw .malformed }
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                let raw = try cursor.message().buffer
                guard raw.count <= filter.maximumValueByteCount else { return false }
                if let replacement = replacement(of: raw) { writer.content(1, replacement) } else { writer.content(1, raw) }
            case 2 << 3 | 0: writer.varint(2, try cursor.varint(), evenIfZero: true)
            case 3 << 3 | 0:
                let bits = try cursor.varint()
                if let replacement = replacement(of: Int64(bitPattern: bits)) {
                    writer.content(1, replacement)
                } else {
                    writer.varint(3, bits, evenIfZero: true)
                }
            case 4 << 3 | 1: writer.fixed64(4, try cursor.fixed64(), evenIfZero: true)
            case 5 << 3 | 2, 6 << 3 | 2:
                let list = try cursor.message()
                guard list.count <= filter.maximumValueByteCount else { return false }
                guard try elements(of: list, field: Int(tag >> 3), path: path(), depth: depth + 1) else { return false }
            case 7 << 3 | 2:
                let raw = try cursor.message().buffer
                guard raw.count <= filter.maximumValueByteCount else { return false }
                if let start = raw.baseAddress, UTF8Text.isValid(start, count: raw.count), let replacement = replacement(of: raw) {
                    writer.content(7, replacement)
                } else {
                    writer.content(7, raw)
                }
            default: try cursor.skip(tag, known: 1...7)
            }
        }
        return true
    }

    /// An `ArrayValue` (field 5) or `KeyValueList` (field 6).
    private mutating func elements(of list: WireCursor, field: Int, path: [UInt8], depth: Int) throws(SpanFault) -> Bool {
        let start = writer.begin(field)
        var cursor = list
        while cursor.hasMore {
            let tag = try cursor.tag()
            guard tag == 1 << 3 | 2 else {
                try cursor.skip(tag, known: 1...1)
                continue
            }
            let element = try cursor.message()
            if field == 6 {
                try keyValue(1, element, below: path, depth: depth)
                continue
            }
            let elementStart = writer.begin(1)
            guard try anyValue(element, path: { path }, depth: depth) else { return false }
            writer.end(elementStart)
        }
        writer.end(start)
        return true
    }

    /// Of text its bytes, of an integer its digits, of anything else its encoding: equal values have equal digests.
    private mutating func digest(of value: WireCursor) throws(SpanFault) -> [UInt8] {
        var cursor = value
        var text: WireCursor?
        var integer: Int64?
        while cursor.hasMore {
            let tag = try cursor.tag()
            (text, integer) = (nil, nil)
            switch tag {
            case 1 << 3 | 2, 7 << 3 | 2: text = try cursor.message()
            case 3 << 3 | 0: integer = Int64(bitPattern: try cursor.varint())
            default: try cursor.skip(tag, known: 10...10)
            }
        }
        if let text { return digest(text.buffer) }
        if let integer { return Array(String(integer).utf8).withUnsafeBytes { digest($0) } }
        return digest(value.buffer)
    }
}
