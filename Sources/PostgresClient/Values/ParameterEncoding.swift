/// Parameters in PostgreSQL's wire form.
///
/// The server tells the types of a prepared statement's parameters (Describe), and each value is encoded as that type. So a
/// statement's types come from the columns it touches, never from the value at hand, and one text is one prepared statement.
///
///     type                     bytes (all numbers big-endian)
///     bool                     1: 0 or 1
///     int2 int4 int8           2, 4, 8: two's complement
///     float4 float8            4, 8: IEEE 754
///     text varchar name        UTF-8
///     bytea                    as is
///     uuid                     16
///     timestamptz              8: microseconds since 2000-01-01 UTC
///     jsonb                    1: version 1, then UTF-8 text          json: UTF-8 text
///     one-dimensional array    4: 1 dimension (0 when empty)  4: 0 = no nulls  4: element type
///                              4: count  4: lower bound 1     then per element 4: length, bytes
///     numeric                  sent as text (its binary form is base 10,000; the text is exact and short)

/// All parameters of one execution in one buffer, as libpq wants them: values, lengths, formats.
struct EncodedParameters {
    /// Where a value lies in `bytes`; nil is SQL NULL.
    private(set) var ranges: [Range<Int>?] = []
    private(set) var bytes: [UInt8] = []
    /// 1 binary, 0 text (then the value ends with a zero byte in `bytes`).
    private(set) var formats: [Int32] = []

    init(_ values: [PostgresValue], types: [PostgresType]) throws(PostgresError) {
        guard values.count == types.count else {
            throw PostgresError(.parameter, "the statement takes \(types.count) parameters and got \(values.count)")
        }
        for (index, value) in values.enumerated() {
            do { try append(value, as: types[index]) } catch {
                throw PostgresError(.parameter, "parameter $\(index + 1): \(error.message)", advice: error.advice)
            }
        }
    }

    private mutating func append(_ value: PostgresValue, as type: PostgresType) throws(PostgresError) {
        let start = bytes.count
        var isBinary = true
        switch (value, type) {
        case (.null, _):
            ranges.append(nil)
            formats.append(1)
            return
        case (.bool(let value), .bool): bytes.append(value ? 1 : 0)
        case (.integer(let value), .int8): bytes.appendBigEndian(value)
        case (.integer(let value), .int4): bytes.appendBigEndian(try narrow(value, to: Int32.self, type: "int4"))
        case (.integer(let value), .int2): bytes.appendBigEndian(try narrow(value, to: Int16.self, type: "int2"))
        case (.integer(let value), .float8): bytes.appendBigEndian(Double(value).bitPattern)
        case (.double(let value), .float8): bytes.appendBigEndian(value.bitPattern)
        case (.double(let value), .float4): bytes.appendBigEndian(Float(value).bitPattern)
        case (.integer(let value), .numeric): isBinary = try appendText(String(value))
        case (.double(let value), .numeric): isBinary = try appendText(value.description)
        case (.bytes(let value), .bytea): bytes += value
        case (.uuid(let value), .uuid): bytes.append(value)
        case (.timestamp(let unixNano), .timestamptz): bytes.appendBigEndian(PostgresTimestamp.serverMicroseconds(unixNano: unixNano))
        case (.json(let value), .jsonb): bytes += [1] + value
        case (.json(let value), .json): bytes += value
        case (.text(let value), _) where type.isText:
            try refuseNUL(value)
            bytes += value.utf8
        case (.text(let value), _): isBinary = try appendText(value)
        case (.texts(let values), .textArray):
            for value in values { try refuseNUL(value) }
            appendArray(values, of: .text) { $0 += $1.utf8 }
        case (.integers(let values), .int8Array): appendArray(values, of: .int8) { $0.appendBigEndian($1) }
        case (.doubles(let values), .float8Array): appendArray(values, of: .float8) { $0.appendBigEndian($1.bitPattern) }
        case (.uuids(let values), .uuidArray): appendArray(values, of: .uuid) { $0.append($1) }
        case (.timestamps(let values), .timestamptzArray):
            appendArray(values, of: .timestamptz) { $0.appendBigEndian(PostgresTimestamp.serverMicroseconds(unixNano: $1)) }
        default: throw PostgresError(.parameter, "\(value.kind) cannot be sent as PostgreSQL's type number \(type.rawValue)")
        }
        let byteCount = bytes.count - start
        guard byteCount <= PostgresLimits.maximumParameterByteCount else {
            throw PostgresError(
                .parameter, "\(byteCount) bytes are over the limit of \(PostgresLimits.maximumParameterByteCount)", advice: "send less")
        }
        ranges.append(start..<bytes.count)
        formats.append(isBinary ? 1 : 0)
    }

    /// libpq measures text parameters with strlen: a zero inside would cut the value short.
    private func refuseNUL(_ value: String) throws(PostgresError) {
        if value.utf8.contains(0) { throw PostgresError(.parameter, "text contains U+0000, which PostgreSQL cannot store") }
    }

    private mutating func appendText(_ value: String) throws(PostgresError) -> Bool {
        try refuseNUL(value)
        bytes += value.utf8
        bytes.append(0)
        return false
    }

    private func narrow<T: FixedWidthInteger>(_ value: Int64, to: T.Type, type: String) throws(PostgresError) -> T {
        guard let narrow = T(exactly: value) else { throw PostgresError(.parameter, "\(value) does not fit into \(type)") }
        return narrow
    }

    private mutating func appendArray<T>(_ values: [T], of type: PostgresType, _ append: (inout [UInt8], T) -> Void) {
        bytes.appendBigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian(type.rawValue)
        guard !values.isEmpty else { return }
        bytes.appendBigEndian(Int32(clamping: values.count))
        bytes.appendBigEndian(Int32(1))
        for value in values {
            let lengthOffset = bytes.count
            bytes.appendBigEndian(Int32(0))
            append(&bytes, value)
            let length = Int32(clamping: bytes.count - lengthOffset - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(lengthOffset..<lengthOffset + 4, with: $0) }
        }
    }

    /// Calls `body` with libpq's three parallel arrays; they live as long as the call.
    func withPointers<R>(_ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> R) -> R {
        // One byte is always there, so that an empty value still has an address: NULL would mean SQL NULL.
        var buffer = bytes
        buffer.append(0)
        return buffer.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            return body(
                ranges.map { range in range.flatMap { base?.advanced(by: $0.lowerBound) } }, ranges.map { Int32(clamping: $0?.count ?? 0) },
                formats)
        }
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func append(_ value: PostgresUUID) {
        appendBigEndian(value.high)
        appendBigEndian(value.low)
    }
}
