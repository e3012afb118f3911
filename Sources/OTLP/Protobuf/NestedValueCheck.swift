import TraceModel

/// Walks an `ArrayValue` or `KeyValueList` with everything in it: that it is well-formed, how deep it nests, and how many of
/// its strings are no UTF-8. After this check `AttributeValueDecoder` reads the same bytes without fault.
struct NestedValueCheck {
    /// Lists around the innermost value, the outermost included.
    let maximumDepth: Int
    private(set) var invalidStringCount = 0

    init(maximumDepth: Int) { self.maximumDepth = maximumDepth }

    /// `depth` counts this list.
    mutating func list(_ type: AttributeType, _ message: WireCursor, depth: Int) throws(SpanFault) {
        if depth > maximumDepth { throw SpanFault(.nestingTooDeep) }
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            guard tag == 1 << 3 | 2 else {
                try cursor.skip(tag, known: 1...1)
                continue
            }
            let element = try cursor.message()
            if type == .array {
                try anyValue(element, depth: depth)
            } else {
                try keyValue(element, depth: depth)
            }
        }
    }

    private mutating func keyValue(_ message: WireCursor, depth: Int) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: text(try cursor.message())
            case 2 << 3 | 2: try anyValue(try cursor.message(), depth: depth)
            default: try cursor.skip(tag, known: 1...2)
            }
        }
    }

    private mutating func anyValue(_ message: WireCursor, depth: Int) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: text(try cursor.message())
            case 2 << 3 | 0, 3 << 3 | 0, 8 << 3 | 0: _ = try cursor.varint()
            case 4 << 3 | 1: _ = try cursor.fixed64()
            case 5 << 3 | 2: try list(.array, try cursor.message(), depth: depth + 1)
            case 6 << 3 | 2: try list(.keyValueList, try cursor.message(), depth: depth + 1)
            case 7 << 3 | 2: _ = try cursor.message()
            default: try cursor.skip(tag, known: 1...8)
            }
        }
    }

    private mutating func text(_ text: WireCursor) {
        if !UTF8Text.isValid(text.pointer, count: text.count) { invalidStringCount += 1 }
    }
}
