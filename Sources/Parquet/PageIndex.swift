/// The page index of one column chunk: where its pages lie (OffsetIndex) and what values they may hold (ColumnIndex).
///
/// Lies between the last row group and the footer, so that a reader can fetch one page without seeing the others.
package struct OffsetIndex: Equatable, Sendable {
    /// Ascending in the file and in rows: made by the writer, or checked when read, and by nobody else.
    package internal(set) var pages: [PageLocation]

    package struct PageLocation: Equatable, Sendable {
        /// Of the page header.
        package var offset: Int64
        /// Header and compressed page.
        package var byteCount: Int
        /// Within the row group.
        package var firstRow: Int
    }

    func encode() -> [UInt8] {
        var writer = ThriftCompactWriter()
        writer.structElement { writer in
            writer.list(1, of: .structure, count: pages.count)
            for page in pages {
                writer.structElement {
                    $0.i64(1, page.offset)
                    $0.i32(2, Int32(page.byteCount))
                    $0.i64(3, Int64(page.firstRow))
                }
            }
        }
        return writer.bytes
    }
}

/// Bounds per page, in the form of `ColumnStatistics`. A page of nulls only has empty bounds that mean nothing.
package struct ColumnIndex: Equatable, Sendable {
    package var nullPages: [Bool]
    package var minimums: [[UInt8]]
    package var maximums: [[UInt8]]
    package var boundaryOrder: BoundaryOrder
    package var nullCounts: [Int64]?

    func encode() -> [UInt8] {
        var writer = ThriftCompactWriter()
        writer.structElement { writer in
            writer.list(1, of: .booleanFalse, count: nullPages.count)
            for isNull in nullPages { writer.boolElement(isNull) }
            writer.list(2, of: .binary, count: minimums.count)
            for minimum in minimums { writer.binaryElement(minimum) }
            writer.list(3, of: .binary, count: maximums.count)
            for maximum in maximums { writer.binaryElement(maximum) }
            writer.i32(4, boundaryOrder.rawValue)
            if let nullCounts {
                writer.list(5, of: .i64, count: nullCounts.count)
                for count in nullCounts { writer.integerElement(count) }
            }
        }
        return writer.bytes
    }
}

/// Collects a chunk's ColumnIndex page by page. `index` is nil once a page has values without usable bounds: the format has no way
/// to say "not known" for one page.
struct ColumnIndexBuilder {
    private var built = ColumnIndex(nullPages: [], minimums: [], maximums: [], boundaryOrder: .unordered, nullCounts: [])
    private var isUsable = true
    private var ascends = true
    private var descends = true
    private var previous: (bounds: ValueBounds, encoded: EncodedBounds)?
    private let type: PhysicalType

    init(type: PhysicalType) { self.type = type }

    mutating func add(bounds: ValueBounds?, encoded: EncodedBounds?, presentCount: Int, nullCount: Int) {
        built.nullCounts?.append(Int64(nullCount))
        built.nullPages.append(presentCount == 0)
        guard presentCount > 0 else {
            built.minimums.append([])
            built.maximums.append([])
            return
        }
        guard let bounds, let encoded, let maximum = encoded.maximum else {
            isUsable = false
            return
        }
        built.minimums.append(encoded.minimum)
        built.maximums.append(maximum)
        if let previous {
            ascends = ascends && !isLess((bounds, encoded), previous)
            descends = descends && !isLess(previous, (bounds, encoded))
        }
        previous = (bounds, encoded)
    }

    var index: ColumnIndex? {
        guard isUsable, !built.nullPages.isEmpty else { return nil }
        var index = built
        index.boundaryOrder = ascends ? .ascending : (descends ? .descending : .unordered)
        return index
    }

    /// Whether either bound of `a` is below that of `b`. Text is compared as it is written: cut bounds may order otherwise than whole ones.
    private func isLess(_ a: (bounds: ValueBounds, encoded: EncodedBounds), _ b: (bounds: ValueBounds, encoded: EncodedBounds)) -> Bool {
        switch (a.bounds, b.bounds) {
        case (.integer(let a, let b), .integer(let c, let d)): return a < c || b < d
        case (.double(let a, let b), .double(let c, let d)): return a < c || b < d
        default:
            return a.encoded.minimum.lexicographicallyPrecedes(b.encoded.minimum)
                || (a.encoded.maximum ?? []).lexicographicallyPrecedes(b.encoded.maximum ?? [])
        }
    }
}
