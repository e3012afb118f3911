import ByteCoding
import Parquet
import TraceModel

/// The narrow columns of one row group that hang together: ids, times, parents and references to payloads.
struct SegmentRows {
    private(set) var highs: [UInt64] = []
    private(set) var lows: [UInt64] = []
    private(set) var spanIDs: [UInt64] = []
    /// 0 where there is none.
    private(set) var parents: [UInt64] = []
    private(set) var distances: [Int32?] = []
    private(set) var starts: [UInt64] = []
    private(set) var durations: [Int64] = []
    /// Empty in files of before there were event records.
    private(set) var records: [String] = []
    private(set) var names: [String] = []
    private(set) var references: [Reference] = []
    private var hasParents = false
    private var hasRecords = false

    /// An element of `payloads`.
    struct Reference: Equatable {
        var payloadID: Int64 = 0
        var byteCount: Int64 = 0
        /// Payload rows one behind the other, from `payloadID` on.
        var partCount: Int64 = 1
    }

    private var payloadIDs: [Int64] = []
    private var byteCounts: [Int64] = []
    /// Nil for one part, or where the file has no such column.
    private var partCounts: [Int64?] = []

    /// Takes a page of any column; most are none of these.
    mutating func take(_ page: DecodedLeaf, of leaf: ParquetSchema.Leaf, keepsNames: Bool) {
        if leaf.path.count > 1 {
            if leaf.path[0] == "payloads", let name = leaf.path.last { takePayloads(page, name) }
            return
        }
        switch leaf.path[0] {
        case "trace_id":
            guard case .fixedLength(let bytes, 16) = page.values else { return }
            bytes.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count, by: 16) {
                    highs.append(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                    lows.append(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
                }
            }
        case "span_id": spanIDs += Self.ids(page)
        case "parent_span_id":
            hasParents = true
            parents += page.spread(Self.ids(page), filler: 0)
        case "parent_row":
            guard case .int32(let values) = page.values else { return }
            distances += page.spread(values.map { Optional($0) }, filler: nil)
        case "start_time":
            guard case .int64(let values) = page.values else { return }
            starts += values.map { UInt64(bitPattern: $0) }
        case "duration":
            guard keepsNames, case .int64(let values) = page.values else { return }
            durations += values
        case SpanSchema.recordColumn:
            hasRecords = true
            records += (0..<page.values.count).map { page.withText($0) { String(decoding: $0, as: UTF8.self) } }
        case "name":
            guard keepsNames else { return }
            names += (0..<page.values.count).map { page.withText($0) { String(decoding: $0, as: UTF8.self) } }
        default: break
        }
    }

    private static func ids(_ page: DecodedLeaf) -> [UInt64] {
        guard case .fixedLength(let bytes, 8) = page.values else { return [] }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)) }
        }
    }

    private mutating func takePayloads(_ page: DecodedLeaf, _ name: String) {
        switch name {
        case "payload_id": payloadIDs += (0..<page.values.count).map { page.integer($0) }
        case "byte_count": byteCounts += (0..<page.values.count).map { page.integer($0) }
        case "part_count":
            // One entry per element; an absent list has a lower level than an element without a count.
            let maximum = UInt8(clamping: page.maximumDefinitionLevel)
            let levels = page.definitionLevels ?? Array(repeating: maximum, count: page.values.count)
            var next = 0
            for level in levels where level + 1 >= maximum {
                partCounts.append(level == maximum ? page.integer(next) : nil)
                if level == maximum { next += 1 }
            }
        default: break
        }
    }

    /// Whether everything could be read.
    func isWhole(rowCount: Int) -> Bool {
        var columns = [highs.count, spanIDs.count, starts.count]
        if hasParents { columns += [parents.count, distances.count] }
        if hasRecords { columns.append(records.count) }
        return columns.allSatisfy { $0 == rowCount } && payloadIDs.count == byteCounts.count
            && (partCounts.isEmpty || partCounts.count == payloadIDs.count)
    }

    var eventCount: Int { records.count { $0 == RecordKind.event.rawValue } }

    var traceCount: Int {
        highs.indices.count { $0 == 0 || highs[$0] != highs[$0 - 1] || lows[$0] != lows[$0 - 1] }
    }

    /// What does not hang together. At most one sentence of a kind: the first row it is wrong in says enough.
    mutating func problems(payloads: PayloadIndex?, formatVersion: Int?) -> [String] {
        references = payloadIDs.indices.map { index in
            Reference(
                payloadID: payloadIDs[index], byteCount: byteCounts[index], partCount: index < partCounts.count ? partCounts[index] ?? 1 : 1
            )
        }
        return [orderProblem, recordProblem(formatVersion), parentProblem, payloadProblem(payloads)].compactMap { $0 }
    }

    private var orderProblem: String? {
        for row in highs.indices.dropFirst() {
            let before = (highs[row - 1], lows[row - 1], starts[row - 1]), key = (highs[row], lows[row], starts[row])
            if key < before { return "row \(row) stands behind a row of a higher trace id or a later start" }
        }
        return nil
    }

    private func recordProblem(_ formatVersion: Int?) -> String? {
        if let row = records.firstIndex(where: { RecordKind(rawValue: $0) == nil }) {
            return "row \(row) is a record of no kind that is known"
        }
        if formatVersion == 1, let row = records.firstIndex(of: RecordKind.event.rawValue) {
            return "row \(row) is an event record, which a file of format 1 has none of"
        }
        return nil
    }

    private var parentProblem: String? {
        guard hasParents else { return nil }
        let owners = records.isEmpty ? spanIDs : zip(spanIDs, records).map { $1 == RecordKind.event.rawValue ? 0 : $0 }
        let expected = SegmentRowGroup.parentDistances(highs: highs, lows: lows, spanIDs: owners, parents: parents)
        for row in expected.indices where expected[row] != distances[row] {
            guard let distance = distances[row] else { return "row \(row) does not say where its parent is, and it is there" }
            // Where a trace has two rows of the parent's id, either will do.
            let parent = row - Int(distance)
            guard owners.indices.contains(parent), parents[row] != 0, owners[parent] == parents[row],
                highs[parent] == highs[row], lows[parent] == lows[row]
            else { return "row \(row) has its parent \(distance) rows before, and another row is there" }
        }
        return nil
    }

    private func payloadProblem(_ payloads: PayloadIndex?) -> String? {
        guard let payloads else {
            return references.isEmpty ? nil : "rows refer to payloads, and there is no payloads file that can be read"
        }
        for reference in references {
            guard reference.partCount > 0, reference.byteCount >= 0 else {
                return "a reference to payload \(reference.payloadID) has no parts"
            }
            var byteCount: Int64 = 0
            for part in 0..<reference.partCount {
                let id = reference.payloadID &+ part
                guard let length = payloads.byteCount(of: id) else {
                    return "no row of the payloads file is payload \(id), which a row refers to"
                }
                byteCount += Int64(length)
            }
            if byteCount != reference.byteCount {
                return "payload \(reference.payloadID) has \(byteCount) bytes, the row that refers to it says \(reference.byteCount)"
            }
        }
        return nil
    }

    /// A row as a line of a listing.
    func members(of row: Int, segment: UInt64?, group: Int, firstRow: Int) -> [JSONMember] {
        let parent = hasParents ? parents[row] : 0
        return [
            JSONMember(key: "segment", value: segment.map { .integer(Int64(clamping: $0)) } ?? .null),
            JSONMember(key: "row_group", value: .integer(Int64(group))),
            JSONMember(key: "row", value: .integer(Int64(firstRow + row))),
            JSONMember(key: "trace_id", value: .string(TraceID(high: highs[row], low: lows[row]).hex)),
            JSONMember(key: "span_id", value: .string(SpanID(rawValue: spanIDs[row]).hex)),
            JSONMember(key: "parent_span_id", value: parent == 0 ? .null : .string(SpanID(rawValue: parent).hex)),
            JSONMember(key: "start_time_unix_nano", value: .string(String(starts[row]))),
            JSONMember(key: "duration", value: row < durations.count ? .integer(durations[row]) : .null),
            JSONMember(key: "name", value: row < names.count ? .string(names[row]) : .null),
            JSONMember(key: "record", value: .string(row < records.count ? records[row] : RecordKind.span.rawValue)),
        ]
    }
}

/// The ids and lengths of a payloads file.
struct PayloadIndex {
    /// Ascending runs of ids without a gap, and the place of the first in the file.
    private var runs: [(first: Int64, count: Int, place: Int)] = []
    private var lengths: [UInt32] = []
    private(set) var count = 0

    var lastID: Int64? { runs.last.map { $0.first + Int64($0.count - 1) } }

    /// False for an id that does not ascend; it is counted all the same.
    mutating func append(_ id: Int64) -> Bool {
        let last = lastID
        if let last, id == last &+ 1 {
            runs[runs.count - 1].count += 1
        } else if last.map({ $0 < id }) ?? true {
            runs.append((id, 1, count))
        }
        count += 1
        return last.map { $0 < id } ?? true
    }

    mutating func appendLengths(of values: DecodedLeaf.Values) {
        switch values {
        case .byteArray(let offsets, _): for index in 1..<max(1, offsets.count) { lengths.append(offsets[index] - offsets[index - 1]) }
        case .dictionary(let codes, let offsets, _): lengths += codes.map { offsets[Int($0) + 1] - offsets[Int($0)] }
        default: break
        }
    }

    /// Nil where no row has the id.
    func byteCount(of id: Int64) -> UInt32? {
        var low = 0, high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].first <= id { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let run = runs[low - 1]
        let place = run.place + Int(id - run.first)
        guard id - run.first < Int64(run.count), lengths.indices.contains(place) else { return nil }
        return lengths[place]
    }
}
