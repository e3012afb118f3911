import ByteCoding

/// A set of row numbers of one segment, kept as runs: what is masked tends to lie together (a trace's rows are adjacent).
///
/// Encoded: the number of runs, then for each run its distance to the end of the run before (the first: its start) and
/// its length less one, all varints. Runs are ascending and do not touch.
package struct RowSet: Hashable, Sendable {
    /// Ascending, not empty, not touching each other.
    package private(set) var runs: [Range<UInt32>] = []

    package init() {}

    /// Any order, repeats allowed. Rows are below 2^32 - 1.
    package init(_ rows: some Sequence<UInt32>) {
        for row in rows.sorted() where row < UInt32.max {
            if let last = runs.last, last.upperBound == row {
                runs[runs.count - 1] = last.lowerBound..<row + 1
            } else if runs.last.map({ $0.upperBound < row }) ?? true {
                runs.append(row..<row + 1)
            }
        }
    }

    package var isEmpty: Bool { runs.isEmpty }
    package var count: Int { runs.reduce(0) { $0 + $1.count } }

    /// Ascending.
    package var rows: [Int32] { runs.flatMap { $0.map { Int32(bitPattern: $0) } } }

    /// Binary search.
    package func contains(_ row: UInt32) -> Bool {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].contains(row)
    }

    package func union(_ other: RowSet) -> RowSet {
        var merged = RowSet()
        var left = runs[...]
        var right = other.runs[...]
        while let run = Self.takeLower(&left, &right) {
            if let last = merged.runs.last, run.lowerBound <= last.upperBound {
                merged.runs[merged.runs.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
            } else {
                merged.runs.append(run)
            }
        }
        return merged
    }

    private static func takeLower(_ a: inout ArraySlice<Range<UInt32>>, _ b: inout ArraySlice<Range<UInt32>>) -> Range<UInt32>? {
        guard let x = a.first else { return b.popFirst() }
        guard let y = b.first else { return a.popFirst() }
        return x.lowerBound <= y.lowerBound ? a.popFirst() : b.popFirst()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.varint(runs.count)
        var previous: UInt32 = 0
        for run in runs {
            writer.varint(UInt64(run.lowerBound - previous))
            writer.varint(run.count - 1)
            previous = run.upperBound
        }
    }

    package init(decoding reader: inout ByteReader) throws(ByteCodingError) {
        let count = try reader.count()
        // A run takes two bytes at least: an absurd count cannot reserve memory.
        guard count <= reader.remaining / 2 else { throw .truncated }
        runs.reserveCapacity(count)
        var previous: UInt64 = 0
        for index in 0..<count {
            let distance = try reader.varint()
            let length = try reader.varint()
            guard index == 0 || distance > 0, distance <= UInt64(UInt32.max), length < UInt64(UInt32.max) else { throw .malformedVarint }
            let start = previous + distance
            let end = start + length + 1
            guard end <= UInt64(UInt32.max) else { throw .malformedVarint }
            runs.append(UInt32(start)..<UInt32(end))
            previous = end
        }
    }
}

/// Rows of a segment that no answer may contain (deleted or superseded), until a rewrite leaves them out.
package struct RowMask: Hashable, Sendable {
    package var rows: RowSet
    /// The mask was computed over everything up to this LSN: a rewrite that read less must look again.
    package var horizonLSN: UInt64

    package init(rows: RowSet, horizonLSN: UInt64) {
        self.rows = rows
        self.horizonLSN = horizonLSN
    }
}
