import TraceModel

/// One column of some rows, decoded. The unit of work of every operator: switch on the case once, then loop over the
/// arrays.
package enum ColumnVector: Sendable {
    case int64([Int64], Validity)
    case double([Double], Validity)
    case boolean([Bool], Validity)
    /// A code per row into `TextDictionary`; `TextDictionary.null` where there is no value.
    case dictionary([UInt32], TextDictionary)
    case traceIDs([TraceID])
    case spanIDs([SpanID])
    /// Values of any type; nil where there is none. The slow form: keys that are not promoted, or of mixed types.
    case attributes([AttributeValue?])

    package var count: Int {
        switch self {
        case .int64(let values, _): values.count
        case .double(let values, _): values.count
        case .boolean(let values, _): values.count
        case .dictionary(let codes, _): codes.count
        case .traceIDs(let values): values.count
        case .spanIDs(let values): values.count
        case .attributes(let values): values.count
        }
    }
}

extension ColumnVector {
    /// Bytes of memory, roughly.
    package var approximateByteCount: Int {
        switch self {
        case .int64(let values, _): values.count * 9
        case .double(let values, _): values.count * 9
        case .boolean(let values, _): values.count * 2
        case .dictionary(let codes, let dictionary): codes.count * 4 + dictionary.bytes.count + dictionary.count * 4
        case .traceIDs(let ids): ids.count * 16
        case .spanIDs(let ids): ids.count * 8
        case .attributes(let values): values.count * 16
        }
    }
}

/// Which rows of a vector have a value.
package enum Validity: Sendable {
    case all
    case none
    /// One element per row; true where there is a value.
    case some([Bool])

    @inlinable
    package func isValid(_ row: Int) -> Bool {
        switch self {
        case .all: true
        case .none: false
        case .some(let flags): flags[row]
        }
    }
}

/// Distinct texts of a column, all in one buffer. Entry `code` is `bytes[offsets[code]..<offsets[code + 1]]`.
package struct TextDictionary: Sendable {
    package var offsets: [UInt32]
    package var bytes: [UInt8]

    /// The code of a row without a value.
    @inlinable package static var null: UInt32 { .max }

    package init(offsets: [UInt32] = [0], bytes: [UInt8] = []) {
        self.offsets = offsets
        self.bytes = bytes
    }

    @inlinable package var count: Int { offsets.count - 1 }

    package subscript(code: UInt32) -> String {
        String(decoding: bytes[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])], as: UTF8.self)
    }

    /// Adds an entry without looking for an equal one; answers its code.
    package mutating func append(_ text: UnsafeRawBufferPointer) -> UInt32 {
        bytes.append(contentsOf: text)
        offsets.append(UInt32(bytes.count))
        return UInt32(offsets.count - 2)
    }

    /// Calls `body` with the bytes of each entry in turn: how a text predicate is evaluated once per distinct value.
    package func forEach(_ body: (UInt32, UnsafeRawBufferPointer) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { buffer in
            for code in 0..<count {
                try body(UInt32(code), UnsafeRawBufferPointer(rebasing: buffer[Int(offsets[code])..<Int(offsets[code + 1])]))
            }
        }
    }
}
