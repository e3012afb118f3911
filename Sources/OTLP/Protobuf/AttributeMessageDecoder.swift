import TraceModel

/// Reads `KeyValue` messages into the columns' form: key index, type tag, 64 bits.
///
///     KeyValue      1 key  2 value  (3 key_strindex: profiles only, skipped)
///     AnyValue      oneof 1 string_value  2 bool_value  3 int_value  4 double_value  5 array_value  6 kvlist_value  7 bytes_value
///                   (8 string_value_strindex: profiles only, read as empty)
extension SpanMessageDecoder {
    @inline(__always)
    mutating func attribute(_ message: WireCursor) throws(SpanFault) -> SpanBatch.Attribute {
        var cursor = message
        var key = cursor
        var hasKey = false
        var type = AttributeType.empty
        var bits: UInt64 = 0
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                key = try cursor.message()
                hasKey = true
            case 2 << 3 | 2: try anyValue(try cursor.message(), &type, &bits)
            default: try cursor.skip(tag, known: 1...2)
            }
        }
        var attribute = blankAttribute
        attribute.keyIndex =
            hasKey
            ? try builder.keyIndex(key.pointer, offset: key.shift &+ key.offset, count: key.count)
            : try builder.keyIndex(message.base, offset: 0, count: 0)
        attribute.type = type
        attribute.bits = try checked(bits, type, cursor)
        return attribute
    }

    /// An attribute whose value stands by itself, as a log record's body does: `messages` are its parts, in their order.
    mutating func attribute(keyIndex: UInt32, values messages: [WireCursor]) throws(SpanFault) -> SpanBatch.Attribute {
        var type = AttributeType.empty
        var bits: UInt64 = 0
        for message in messages { try anyValue(message, &type, &bits) }
        var attribute = blankAttribute
        attribute.keyIndex = keyIndex
        attribute.type = type
        if let message = messages.last { attribute.bits = try checked(bits, type, message) }
        return attribute
    }

    /// The bits of a value after a look at its size and its text. `owner`: any cursor over the bytes it lies in.
    @inline(__always)
    private mutating func checked(_ bits: UInt64, _ type: AttributeType, _ owner: WireCursor) throws(SpanFault) -> UInt64 {
        switch type {
        case .bool, .int, .double, .empty: return bits
        case .string:
            // Strings do not merge: this one lies in the message itself, at the packed offset and length.
            let count = Int(bits & 0xFFFF_FFFF)
            if count > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
            let base = owner.base + (Int(bits &>> 32) &- owner.shift)
            if UTF8Text.isValid(base, count: count) { return bits }
            return builder.repaired(UnsafeRawBufferPointer(start: base, count: count)).packed
        case .bytes:
            if Int(bits & 0xFFFF_FFFF) > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
            return bits
        case .array, .keyValueList: return try nestedValue(type, ByteRange(packed: bits), owner).packed
        }
    }

    /// Reads the member that is set. Called again when a `KeyValue` has several values: members replace each other, equal
    /// messages merge, which for lists means one behind the other.
    @inline(__always)
    private mutating func anyValue(_ message: WireCursor, _ type: inout AttributeType, _ bits: inout UInt64) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                bits = try cursor.message().packedRange
                type = .string
            case 2 << 3 | 0:
                bits = try cursor.varint() == 0 ? 0 : 1
                type = .bool
            case 3 << 3 | 0:
                bits = try cursor.varint()
                type = .int
            case 4 << 3 | 1:
                bits = try cursor.fixed64()
                type = .double
            case 5 << 3 | 2: try list(.array, try cursor.message(), &type, &bits)
            case 6 << 3 | 2: try list(.keyValueList, try cursor.message(), &type, &bits)
            case 7 << 3 | 2:
                bits = try cursor.message().packedRange
                type = .bytes
            case 8 << 3 | 0:
                _ = try cursor.varint()
                bits = 0
                type = .empty
            default: try cursor.skip(tag, known: 1...8)
            }
        }
    }

    private mutating func list(
        _ newType: AttributeType, _ message: WireCursor, _ type: inout AttributeType, _ bits: inout UInt64
    ) throws(SpanFault) {
        let isMerge = type == newType
        type = newType
        guard isMerge else {
            bits = message.packedRange
            return
        }
        bits = builder.append(message.range, behind: ByteRange(packed: bits)).packed
    }

    /// Checks a list and everything in it; lists with bad UTF-8 are written anew.
    private mutating func nestedValue(_ type: AttributeType, _ range: ByteRange, _ owner: WireCursor) throws(SpanFault) -> ByteRange {
        if range.count > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
        var check = NestedValueCheck(maximumDepth: builder.limits.nestingDepth)
        let start = range.start - owner.shift
        if start >= 0, range.start + range.count <= owner.shift + owner.end {
            try check.list(type, WireCursor(base: owner.base, offset: start, end: start + range.count, shift: owner.shift), depth: 1)
        } else {
            try builder.copy(range).withUnsafeBufferPointer { merged throws(SpanFault) in
                try check.list(type, WireCursor(UnsafeRawBufferPointer(merged), shift: range.start), depth: 1)
            }
        }
        guard check.invalidStringCount > 0 else { return range }
        builder.batch.replacedStringCount += check.invalidStringCount
        guard let repaired = try? AttributeValueEncoder.repairedList(type, builder.copy(range)) else { throw .malformed }
        if repaired.count > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
        return builder.append(repaired)
    }
}
