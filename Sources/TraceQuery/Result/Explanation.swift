import ByteCoding
import SpanStore

/// What a query looked at and what it could leave out: the `explain` of an answer.
package struct Explanation: Equatable, Sendable {
    package var memtables = 0
    package var segments = 0
    /// Segments of which no row group was read.
    package var segmentsSkipped = 0
    package var rowGroups = 0
    package var rowGroupsRead = 0
    /// Row groups and memtables left out, by reason: time, zone, dictionary, bloom, order.
    package var skipped = [Int](repeating: 0, count: PruningReason.allCases.count)
    /// Rows the filter looked at.
    package var rowsScanned = 0
    package var rowsMatched = 0
    package var cost = ScanCost()
    package var elapsedNanoseconds: UInt64 = 0

    package init() {}

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("memtables", memtables)
        writer.member("segments", segments)
        writer.member("segments_read", segments - segmentsSkipped)
        writer.member("segments_skipped", segmentsSkipped)
        writer.member("row_groups", rowGroups)
        writer.member("row_groups_read", rowGroupsRead)
        writer.key("skipped")
        writer.beginObject()
        for reason in PruningReason.allCases { writer.member(reason.name, skipped[reason.rawValue]) }
        writer.endObject()
        writer.member("rows_scanned", rowsScanned)
        writer.member("rows_matched", rowsMatched)
        writer.member("bytes_read", cost.bytesRead)
        writer.member("pages_read", cost.pagesRead)
        writer.member("payload_bytes_read", cost.payloadBytesRead)
        writer.member("elapsed_ms", Double(elapsedNanoseconds) / 1e6)
        writer.endObject()
    }
}

/// What one lane of a query counted; lanes are added up at the end.
struct ScanCounts: Sendable {
    var skipped = [Int](repeating: 0, count: PruningReason.allCases.count)
    /// Places of the units that were read.
    var readUnits: [Int] = []
    var rowsScanned = 0
    var rowsMatched = 0

    /// Answers the rows a filter left of the unit at the place.
    mutating func add(_ outcome: FilterOutcome, unit: Int) -> [Int32] {
        if let reason = outcome.skipped {
            skipped[reason.rawValue] += 1
            return []
        }
        readUnits.append(unit)
        rowsScanned += outcome.scannedRowCount
        rowsMatched += outcome.rows.count
        return outcome.rows
    }

    mutating func merge(_ other: ScanCounts) {
        for index in skipped.indices { skipped[index] += other.skipped[index] }
        readUnits.append(contentsOf: other.readUnits)
        rowsScanned += other.rowsScanned
        rowsMatched += other.rowsMatched
    }

    func explanation(of units: [any ScanUnit], cost: ScanCost, since before: ScanCost, elapsedNanoseconds: UInt64) -> Explanation {
        var result = Explanation()
        var segments = Set<UInt64>(), segmentsRead = Set<UInt64>()
        for unit in units {
            if unit.isSealed {
                result.rowGroups += 1
                if let sequence = unit.segmentSequence { segments.insert(sequence) }
            } else {
                result.memtables += 1
            }
        }
        for index in readUnits where units[index].isSealed {
            result.rowGroupsRead += 1
            if let sequence = units[index].segmentSequence { segmentsRead.insert(sequence) }
        }
        result.segments = segments.count
        result.segmentsSkipped = segments.count - segmentsRead.count
        result.skipped = skipped
        result.rowsScanned = rowsScanned
        result.rowsMatched = rowsMatched
        result.cost.bytesRead = cost.bytesRead - before.bytesRead
        result.cost.pagesRead = cost.pagesRead - before.pagesRead
        result.cost.payloadBytesRead = cost.payloadBytesRead - before.payloadBytesRead
        result.elapsedNanoseconds = elapsedNanoseconds
        return result
    }
}
