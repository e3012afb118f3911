/// The columns of a memtable: a value for every row (dense) or for some (sparse), numbers or text.
///
/// Sparse columns hold (row, value) pairs in row order, so that their cost follows the values present and not rows times
/// columns. All are written by the memtable's writer and read up to what it published.

/// Any 64-bit value (integers, doubles and booleans by bit pattern) at some rows.
final class SparseColumn {
    let rows = AppendOnlyBuffer<UInt32>()
    let values = AppendOnlyBuffer<UInt64>()

    @inline(__always)
    func append(row: UInt32, bits: UInt64) {
        rows.append(row)
        values.append(bits)
    }

    func publish() {
        values.publish()
        rows.publish()
    }

    var byteCount: Int { rows.byteCount + values.byteCount }
}

/// Text at some rows.
final class SparseTextColumn {
    let rows = AppendOnlyBuffer<UInt32>()
    let codes = AppendOnlyBuffer<UInt32>()
    let interner: StringInterner

    init(interner: StringInterner) { self.interner = interner }

    @inline(__always)
    func append(row: UInt32, _ base: UnsafeRawPointer, count: Int) {
        rows.append(row)
        codes.append(interner.code(base, count: count))
    }

    /// With the text's hash at hand.
    @inline(__always)
    func append(row: UInt32, _ base: UnsafeRawPointer, count: Int, hash: UInt64) {
        rows.append(row)
        codes.append(interner.code(base, count: count, hash: hash))
    }

    func publish() {
        interner.entries.publish()
        codes.publish()
        rows.publish()
    }

    var byteCount: Int { rows.byteCount + codes.byteCount + interner.byteCount }
}

/// Text at every row.
final class DenseTextColumn {
    let codes = AppendOnlyBuffer<UInt32>()
    let interner: StringInterner

    init(interner: StringInterner) { self.interner = interner }

    func publish() {
        interner.entries.publish()
        codes.publish()
    }

    var byteCount: Int { codes.byteCount + interner.byteCount }
}

/// One attribute of an owner that has a list of them (the map of a span, an event, a link).
struct AttributeCell: BitwiseCopyable {
    /// The value's bits; an `ArenaText` for string, bytes (content), array and key-value list (protobuf message).
    var bits: UInt64
    /// Code in the memtable's key interner.
    var keyCode: UInt32
    /// `AttributeType`'s raw value.
    var type: UInt8
}

/// A value that lies among the payloads, or a piece of one: the pieces of a value lie one behind the other.
struct PayloadCell: BitwiseCopyable {
    /// Ordinal of its first part among the memtable's payloads; the low half of `payload_id` once sealed.
    var ordinal: UInt32
    /// Code of the place ("attributes.KEY", "events.2.attributes.KEY") in the memtable's place interner.
    var placeCode: UInt32
    /// Bytes of the stored text, or of the piece.
    var byteCount: UInt32
    /// `StoredValue` type tag.
    var type: UInt8
    /// Parts of the piece, one behind the other; 0 for a value that is one part.
    var partCount: UInt32

    var run: PayloadRun { PayloadRun(id: Int64(ordinal), count: Int(max(1, partCount)), byteCount: Int(byteCount)) }
}

struct EventCell: BitwiseCopyable {
    var timeUnixNano: UInt64
    var nameCode: UInt32
    var droppedAttributesCount: UInt32
    /// Range among `Memtable.nestedAttributes`.
    var attributeStart: UInt32
    var attributeCount: UInt32
}

struct LinkCell: BitwiseCopyable {
    var traceHigh: UInt64
    var traceLow: UInt64
    var spanID: UInt64
    var traceState: ArenaText
    var flags: UInt32
    var droppedAttributesCount: UInt32
    var attributeStart: UInt32
    var attributeCount: UInt32
}
