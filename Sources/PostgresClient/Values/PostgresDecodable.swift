/// Columns into Swift values, from the binary forms drawn in ParameterEncoding.swift. The bytes come from the server, which
/// may be any: lengths and types are checked, nothing traps.

/// A type which a column can be read as.
package protocol PostgresDecodable: Sendable {
    /// Reads the binary form of a value of `type`; nil if it is not one this type can hold.
    static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Self?
}

extension Int64: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Int64? {
        switch (type, bytes.count) {
        case (.int8, 8): bytes.bigEndian(Int64.self)
        case (.int4, 4): bytes.bigEndian(Int32.self).map(Int64.init)
        case (.int2, 2): bytes.bigEndian(Int16.self).map(Int64.init)
        default: nil
        }
    }
}

extension Int: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Int? {
        Int64.decode(bytes, type: type).flatMap { Int(exactly: $0) }
    }
}

extension Double: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Double? {
        switch (type, bytes.count) {
        case (.float8, 8): bytes.bigEndian(UInt64.self).map { Double(bitPattern: $0) }
        case (.float4, 4): bytes.bigEndian(UInt32.self).map { Double(Float(bitPattern: $0)) }
        default: nil
        }
    }
}

extension Bool: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Bool? {
        type == .bool && bytes.count == 1 ? bytes[0] != 0 : nil
    }
}

extension String: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> String? {
        type.isText ? String(decoding: bytes, as: UTF8.self) : nil
    }
}

extension PostgresUUID: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> PostgresUUID? {
        guard type == .uuid, bytes.count == 16, let high = bytes.bigEndian(UInt64.self), let low = bytes.bigEndian(UInt64.self, at: 8)
        else {
            return nil
        }
        return PostgresUUID(high: high, low: low)
    }
}

extension PostgresTimestamp: PostgresDecodable {
    /// nil for `infinity` and for times outside of the years 1678 to 2262, which 64 bits of nanoseconds cannot hold.
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> PostgresTimestamp? {
        guard type == .timestamptz, bytes.count == 8, let microseconds = bytes.bigEndian(Int64.self) else { return nil }
        let (sinceUnixEpoch, tooLate) = microseconds.addingReportingOverflow(epochMicroseconds)
        let (unixNano, tooLong) = sinceUnixEpoch.multipliedReportingOverflow(by: 1_000)
        return tooLate || tooLong ? nil : PostgresTimestamp(unixNano: unixNano)
    }
}

extension PostgresJSON: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> PostgresJSON? {
        switch type {
        case .json: PostgresJSON(bytes: [UInt8](bytes))
        case .jsonb where bytes.first == 1: PostgresJSON(bytes: [UInt8](bytes.dropFirst()))
        default: nil
        }
    }
}

extension [UInt8]: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> [UInt8]? {
        type == .bytea ? [UInt8](bytes) : nil
    }
}

/// A one-dimensional `text[]` without nulls.
package struct PostgresTextArray: PostgresDecodable, Hashable {
    package var values: [String]

    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> PostgresTextArray? {
        guard type == .textArray, let dimensionCount = bytes.bigEndian(Int32.self), let elementType = bytes.bigEndian(UInt32.self, at: 8),
            PostgresType(rawValue: elementType).isText
        else { return nil }
        if dimensionCount == 0 { return PostgresTextArray(values: []) }
        guard dimensionCount == 1, let count = bytes.bigEndian(Int32.self, at: 12), count >= 0 else { return nil }
        var values: [String] = []
        var offset = 20
        for _ in 0..<count {
            guard let length = bytes.bigEndian(Int32.self, at: offset), length >= 0, offset + 4 + Int(length) <= bytes.count else {
                return nil
            }
            values.append(String(decoding: bytes[offset + 4..<offset + 4 + Int(length)], as: UTF8.self))
            offset += 4 + Int(length)
        }
        return offset == bytes.count ? PostgresTextArray(values: values) : nil
    }
}

extension UnsafeRawBufferPointer {
    /// A big-endian number, or nil past the end.
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, at offset: Int = 0) -> T? {
        guard offset >= 0, offset + MemoryLayout<T>.size <= count else { return nil }
        return T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
