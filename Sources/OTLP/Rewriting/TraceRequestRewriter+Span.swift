import TraceModel

/// Spans, events, links, resources and scopes, field by field. The fields are listed in `SpanMessageDecoder.swift`,
/// `ResourceCodec.swift` and `ScopeCodec.swift`.
extension TraceRequestRewriter {
    mutating func span(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: identifier(1, try cursor.message(), byteCount: 16)
            case 2 << 3 | 2: identifier(2, try cursor.message(), byteCount: 8)
            case 4 << 3 | 2: identifier(4, try cursor.message(), byteCount: 8)
            case 3 << 3 | 2, 5 << 3 | 2: text(Int(tag >> 3), try cursor.message())
            case 6 << 3 | 0, 10 << 3 | 0, 12 << 3 | 0, 14 << 3 | 0:
                writer.varint(Int(tag >> 3), try cursor.varint(), evenIfZero: true)
            case 7 << 3 | 1, 8 << 3 | 1: writer.fixed64(Int(tag >> 3), try cursor.fixed64(), evenIfZero: true)
            case 9 << 3 | 2: try attribute(9, try cursor.message())
            case 11 << 3 | 2: try event(try cursor.message())
            case 13 << 3 | 2: try link(try cursor.message())
            case 15 << 3 | 2: try status(try cursor.message())
            case 16 << 3 | 5: writer.fixed32(16, try cursor.fixed32(), evenIfZero: true)
            default: try cursor.skip(tag, known: 1...16)
            }
        }
    }

    private mutating func event(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(11)
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 1: writer.fixed64(1, try cursor.fixed64(), evenIfZero: true)
            case 2 << 3 | 2: text(2, try cursor.message())
            case 3 << 3 | 2: try attribute(3, try cursor.message())
            case 4 << 3 | 0: writer.varint(4, try cursor.varint(), evenIfZero: true)
            default: try cursor.skip(tag, known: 1...4)
            }
        }
        writer.end(start)
    }

    private mutating func link(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(13)
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: identifier(1, try cursor.message(), byteCount: 16)
            case 2 << 3 | 2: identifier(2, try cursor.message(), byteCount: 8)
            case 3 << 3 | 2: text(3, try cursor.message())
            case 4 << 3 | 2: try attribute(4, try cursor.message())
            case 5 << 3 | 0: writer.varint(5, try cursor.varint(), evenIfZero: true)
            case 6 << 3 | 5: writer.fixed32(6, try cursor.fixed32(), evenIfZero: true)
            default: try cursor.skip(tag, known: 1...6)
            }
        }
        writer.end(start)
    }

    private mutating func status(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(15)
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 2 << 3 | 2: text(2, try cursor.message())
            case 3 << 3 | 0: writer.varint(3, try cursor.varint(), evenIfZero: true)
            default: try cursor.skip(tag, known: 2...3)
            }
        }
        writer.end(start)
    }

    mutating func resource(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(1)
        try resourceFields(message)
        writer.end(start)
    }

    mutating func resourceFields(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: try attribute(1, try cursor.message())
            case 2 << 3 | 0: writer.varint(2, try cursor.varint(), evenIfZero: true)
            case 3 << 3 | 2: try entityRef(try cursor.message())
            default: try cursor.skip(tag, known: 1...3)
            }
        }
    }

    private mutating func entityRef(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(3)
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2: text(Int(tag >> 3), try cursor.message())
            default: try cursor.skip(tag, known: 1...4)
            }
        }
        writer.end(start)
    }

    mutating func scope(_ message: WireCursor) throws(SpanFault) {
        let start = writer.begin(1)
        try scopeFields(message)
        writer.end(start)
    }

    mutating func scopeFields(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2, 2 << 3 | 2: text(Int(tag >> 3), try cursor.message())
            case 3 << 3 | 2: try attribute(3, try cursor.message())
            case 4 << 3 | 0: writer.varint(4, try cursor.varint(), evenIfZero: true)
            default: try cursor.skip(tag, known: 1...4)
            }
        }
    }
}
