/// Rows of one leaf, decoded and owned.
package struct DecodedLeaf: Sendable {
    /// Only values that are present: as many as definition levels that equal the maximum.
    package enum Values: Equatable, Sendable {
        case boolean([Bool])
        case int32([Int32])
        case int64([Int64])
        /// FLOAT leaves, too.
        case double([Double])
        /// INT96 leaves, too (width 12).
        case fixedLength([UInt8], width: Int)
        case byteArray(offsets: [UInt32], bytes: [UInt8])
        /// A code per value into entries that lie as in `byteArray`: a wholly dictionary-coded read is not expanded.
        case dictionary(codes: [UInt32], offsets: [UInt32], bytes: [UInt8])

        package var count: Int {
            switch self {
            case .boolean(let values): values.count
            case .int32(let values): values.count
            case .int64(let values): values.count
            case .double(let values): values.count
            case .fixedLength(let bytes, let width): width > 0 ? bytes.count / width : 0
            case .byteArray(let offsets, _): max(0, offsets.count - 1)
            case .dictionary(let codes, _, _): codes.count
            }
        }
    }

    package var values: Values
    /// One per entry; nil where all equal the leaf's maximum.
    package var definitionLevels: [UInt8]?
    /// One per entry; nil for flat leaves.
    package var repetitionLevels: [UInt8]?
    package var rowCount: Int
    package var maximumDefinitionLevel: Int

    package init(values: Values, definitionLevels: [UInt8]?, repetitionLevels: [UInt8]?, rowCount: Int, maximumDefinitionLevel: Int) {
        self.values = values
        self.definitionLevels = definitionLevels
        self.repetitionLevels = repetitionLevels
        self.rowCount = rowCount
        self.maximumDefinitionLevel = maximumDefinitionLevel
    }

    /// For flat leaves: whether each row has a value; nil where all have.
    package var presence: [Bool]? {
        guard let definitionLevels else { return nil }
        let maximum = UInt8(truncatingIfNeeded: maximumDefinitionLevel)
        return definitionLevels.map { $0 == maximum }
    }

    /// For flat leaves: one element a row, `filler` where there is no value. Works for any array with one element per value: numbers,
    /// booleans, dictionary codes.
    package func spread<Element>(_ values: [Element], filler: Element) -> [Element] {
        guard let definitionLevels else { return values }
        let maximum = UInt8(truncatingIfNeeded: maximumDefinitionLevel)
        var next = 0
        return definitionLevels.map { level in
            guard level == maximum, next < values.count else { return filler }
            defer { next += 1 }
            return values[next]
        }
    }

    /// For flat leaves of byte arrays: one text a row, empty where there is none (`presence` tells them apart).
    package func spreadOffsets(_ offsets: [UInt32]) -> [UInt32] {
        guard let definitionLevels, let first = offsets.first else { return offsets }
        let maximum = UInt8(truncatingIfNeeded: maximumDefinitionLevel)
        var spread = [first]
        spread.reserveCapacity(definitionLevels.count + 1)
        var next = 0
        for level in definitionLevels {
            if level == maximum, next + 1 < offsets.count { next += 1 }
            spread.append(offsets[next])
        }
        return spread
    }
}
