import TraceModel

/// Finds the rows a deletion takes away: every row of every trace that it is about. Reads segments only: what came in before has been
/// sealed.
///
/// A session or a user means the traces in which a row carries it: first its column is read, where a row group may have the value; then the
/// rows of the traces that were found so. To a trace belong those in which models judged it, which quote it: their spans name it in an
/// attribute. Segments that appear while it searches (merged ones) are searched in turn.
struct DeletionSearch: Sendable {
    struct Rows: Sendable {
        /// Of the whole segment, ascending.
        var rows: [UInt32] = []
        var spanCount = 0
        var eventCount = 0
        /// Of the spans.
        var traces: Set<TraceID> = []
        var keptPayloadByteCount = 0
    }

    let selection: DeletionSelection
    private let costs = ScanCostCounter()
    /// What is to go: the trace itself, or those that carry the session or user.
    private(set) var traces: Set<TraceID>
    /// By sequence; a segment that was searched has an entry.
    private(set) var found: [UInt64: Rows] = [:]

    /// Up to so many traces are looked up one by one, by bloom filter and page index; of more the whole column is read.
    private static let maximumLookUpCount = 32

    /// - Parameter known: traces that an earlier try, cut off by a crash, found to be of the session or user.
    init(_ selection: DeletionSelection, known: Set<TraceID> = []) {
        self.selection = selection
        traces = known
        if case .trace(let trace) = selection { traces.insert(trace) }
    }

    /// - Parameter handles: all segments that may have rows; those that were searched before cost nothing.
    mutating func search(_ handles: [SegmentHandle]) throws {
        let knownCount = traces.count
        let new = handles.filter { found[$0.descriptor.sequence] == nil }
        if let (column, value) = carrier {
            for unit in new.flatMap(units) { traces.formUnion(try tracesCarrying(value, in: column, unit)) }
        }
        // Traces of judgements name the judged one in any segment, whichever was searched before.
        for unit in (traces.count == knownCount ? new : handles).flatMap(units) { traces.formUnion(try tracesJudgingFound(unit)) }
        // A trace that only a new segment names may have rows in those that were searched before.
        let searched = traces.count == knownCount ? new : handles
        for handle in searched { found[handle.descriptor.sequence] = try rows(handle) }
    }

    private var carrier: (column: ScanColumn, value: String)? {
        switch selection {
        case .session(let session): (.sessionID, session)
        case .user(let user): (.userID, user)
        case .trace, .project: nil
        }
    }

    private func units(_ handle: SegmentHandle) -> [SegmentUnit] {
        (0..<handle.descriptor.rowGroupCount).map { SegmentUnit(handle: handle, rowGroup: $0, costs: costs) }
    }

    /// Traces of rows, spans or event records, that carry the value and are not deleted already.
    private func tracesCarrying(_ wanted: String, in column: ScanColumn, _ unit: SegmentUnit) throws -> Set<TraceID> {
        guard try unit.mayContain(wanted, in: column),
            case .dictionary(let codes, let dictionary) = try unit.read(column, rows: 0..<unit.rowCount)
        else { return [] }
        let matches = (0..<dictionary.count).map { dictionary[UInt32($0)] == wanted }
        let carrying = codes.indices.filter { codes[$0] != TextDictionary.null && matches[Int(codes[$0])] }.map { Int32($0) }
        guard !carrying.isEmpty else { return [] }
        let (spans, events) = try present(carrying, unit)
        guard case .traceIDs(let traces) = try unit.gather(.traceID, rows: (spans + events).sorted()) else { return [] }
        return Set(traces)
    }

    /// Scorers write this attribute (`ScoringTrace`).
    static let judgedTraceKey = "spandrel.scored.trace_id"

    private func tracesJudgingFound(_ unit: SegmentUnit) throws -> Set<TraceID> {
        let files = try unit.handle.files()
        guard !traces.isEmpty else { return [] }
        let hasColumn = files.leaf(SpanSchema.spanColumn(Self.judgedTraceKey)) != nil
        guard try hasColumn || unit.mayHaveOutsideColumn(Self.judgedTraceKey, files) else { return [] }
        let values = try unit.read(.attribute(Self.judgedTraceKey), rows: 0..<unit.rowCount).attributeValues
        let judging = values.indices.filter { row in
            guard case .string(let text)? = values[row], let trace = TraceID(hex: text) else { return false }
            return traces.contains(trace)
        }.map { Int32($0) }
        guard !judging.isEmpty, case .traceIDs(let ids) = try unit.gather(.traceID, rows: present(judging, unit).spans) else { return [] }
        return Set(ids)
    }

    /// Of some rows those that are not deleted already.
    private func present(_ rows: [Int32], _ unit: SegmentUnit) throws -> (spans: [Int32], events: [Int32]) {
        let events = Set(try unit.eventRows), hidden = Set(try unit.maskedRows)
        return (rows.filter { !hidden.contains($0) }, rows.filter { events.contains($0) })
    }

    private func rows(_ handle: SegmentHandle) throws -> Rows {
        var all = Rows()
        guard !traces.isEmpty else { return all }
        let files = try handle.files()
        for (group, unit) in units(handle).enumerated() {
            let candidates = try rowsOfTraces(unit)
            guard !candidates.isEmpty else { continue }
            let (spans, events) = try present(candidates, unit)
            let first = Int32(files.firstRow(ofRowGroup: group))
            all.rows += (spans + events).sorted().map { UInt32(first + $0) }
            all.spanCount += spans.count
            all.eventCount += events.count
            if !spans.isEmpty, case .traceIDs(let traces) = try unit.gather(.traceID, rows: spans) { all.traces.formUnion(traces) }
        }
        if !all.rows.isEmpty { all.keptPayloadByteCount = try keptPayloadByteCount(handle, files, all.rows) }
        return all
    }

    /// Ascending.
    private func rowsOfTraces(_ unit: SegmentUnit) throws -> [Int32] {
        if traces.count <= Self.maximumLookUpCount { return try traces.flatMap { try unit.rows(ofTrace: $0) }.sorted() }
        guard case .traceIDs(let ids) = try unit.read(.traceID, rows: 0..<unit.rowCount) else { return [] }
        return ids.indices.filter { traces.contains(ids[$0]) }.map { Int32($0) }
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
