import TraceModel

/// Finds the rows a deletion takes away. Reads segments only: what came in before has been sealed.
///
/// Spans first, in every segment; then, for what is not a whole trace, the event records of the spans that were found, which may lie in
/// other segments than they. Segments that appear while it searches (merged ones) are searched in turn.
struct DeletionSearch {
    struct Rows {
        /// Of the whole segment, ascending.
        var rows: [UInt32] = []
        var spanCount = 0
        var eventCount = 0
        /// Of the spans.
        var traces: Set<TraceID> = []
        var keptPayloadByteCount = 0
    }

    private struct SpanIdentity: Hashable {
        var trace: TraceID
        var span: SpanID
    }

    let selection: DeletionSelection
    private let costs = ScanCostCounter()
    private var deleted: Set<SpanIdentity> = []
    /// By sequence; a segment that was searched has an entry.
    private(set) var found: [UInt64: Rows] = [:]

    init(_ selection: DeletionSelection) { self.selection = selection }

    mutating func search(_ handles: [SegmentHandle]) throws {
        var spans: [UInt64: [[Int32]]] = [:], events: [UInt64: [[Int32]]] = [:]
        for handle in handles {
            for unit in units(handle) {
                let (found, foundEvents) = try rows(unit)
                spans[handle.descriptor.sequence, default: []].append(found)
                events[handle.descriptor.sequence, default: []].append(foundEvents)
                if case .trace = selection { continue }
                deleted.formUnion(try identities(unit, found))
            }
        }
        for handle in handles {
            let sequence = handle.descriptor.sequence, files = try handle.files()
            var all = Rows()
            for (group, unit) in units(handle).enumerated() {
                let chosen = spans[sequence]?[group] ?? []
                let belonging = Set(events[sequence]?[group] ?? []).union(try eventsOfDeletedSpans(unit)).sorted()
                let first = Int32(files.firstRow(ofRowGroup: group))
                all.rows += (chosen + belonging).sorted().map { UInt32(first + $0) }
                all.spanCount += chosen.count
                all.eventCount += belonging.count
                if !chosen.isEmpty, case .traceIDs(let traces) = try unit.gather(.traceID, rows: chosen) { all.traces.formUnion(traces) }
            }
            if !all.rows.isEmpty { all.keptPayloadByteCount = try keptPayloadByteCount(handle, files, all.rows) }
            found[sequence] = all
        }
    }

    private func units(_ handle: SegmentHandle) -> [SegmentUnit] {
        (0..<handle.descriptor.rowGroupCount).map { SegmentUnit(handle: handle, rowGroup: $0, costs: costs) }
    }

    /// Spans and event records that carry what is asked for and are not deleted already.
    private func rows(_ unit: SegmentUnit) throws -> (spans: [Int32], events: [Int32]) {
        let candidates: [Int32]
        switch selection {
        case .trace(let trace): candidates = try unit.rows(ofTrace: trace)
        case .session(let session): candidates = try rows(unit, .sessionID, session)
        case .user(let user): candidates = try rows(unit, .userID, user)
        case .project: candidates = []
        }
        guard !candidates.isEmpty else { return ([], []) }
        let events = Set(try unit.eventRows), masked = Set(try unit.maskedRows)
        return (candidates.filter { !masked.contains($0) }, candidates.filter { events.contains($0) })
    }

    private func rows(_ unit: SegmentUnit, _ column: ScanColumn, _ wanted: String) throws -> [Int32] {
        guard try unit.mayContain(wanted, in: column),
            case .dictionary(let codes, let dictionary) = try unit.read(column, rows: 0..<unit.rowCount)
        else { return [] }
        let matches = (0..<dictionary.count).map { dictionary[UInt32($0)] == wanted }
        return codes.indices.filter { codes[$0] != TextDictionary.null && matches[Int(codes[$0])] }.map { Int32($0) }
    }

    private func identities(_ unit: SegmentUnit, _ rows: [Int32]) throws -> [SpanIdentity] {
        guard !rows.isEmpty, case .traceIDs(let traces) = try unit.gather(.traceID, rows: rows),
            case .spanIDs(let spans) = try unit.gather(.spanID, rows: rows)
        else { return [] }
        return zip(traces, spans).map { SpanIdentity(trace: $0, span: $1) }
    }

    private func eventsOfDeletedSpans(_ unit: SegmentUnit) throws -> [Int32] {
        guard !deleted.isEmpty else { return [] }
        let events = try unit.eventRows
        return zip(events, try identities(unit, events)).compactMap { deleted.contains($1) ? $0 : nil }
    }

    /// Bytes of payloads that rows to be deleted and rows to be kept refer to.
    private func keptPayloadByteCount(_ handle: SegmentHandle, _ files: SegmentFiles, _ rows: [UInt32]) throws -> Int {
        guard let payloads = files.payloads else { return 0 }
        let gone = Set(rows.map { Int32($0) }), masked = Set(handle.mask)
        var going: [Range<Int64>] = [], staying: [Range<Int64>] = []
        for group in 0..<files.spans.rowGroupCount {
            let first = Int32(files.firstRow(ofRowGroup: group))
            let all = (0..<Int32(files.spans.rowCount(ofRowGroup: group)))
            let chosen = all.filter { gone.contains(first + $0) }
            if !chosen.isEmpty { going += try PayloadIDs.referred(from: chosen, ofRowGroup: group, files, costs) }
        }
        guard !going.isEmpty else { return 0 }
        for group in 0..<files.spans.rowGroupCount {
            let first = Int32(files.firstRow(ofRowGroup: group))
            let kept = (0..<Int32(files.spans.rowCount(ofRowGroup: group))).filter {
                !gone.contains(first + $0) && !masked.contains(first + $0)
            }
            if !kept.isEmpty { staying += try PayloadIDs.referred(from: kept, ofRowGroup: group, files, costs) }
        }
        var byteCount = 0
        try payloads.forEach(PayloadIDs(going).intersection(PayloadIDs(staying)), costs: costs) { _, text in byteCount += text.count }
        return byteCount
    }
}
