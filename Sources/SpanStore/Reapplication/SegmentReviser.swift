import GenAIConventions
import Parquet
import TraceModel

/// Works out the mapped columns of a segment's rows anew, row group by row group, and counts what changes. Reads only; a rewrite asks it
/// for the columns it writes, a dry run for the counts.
struct SegmentReviser {
    private let source: RewritePlan.Source
    private let outputs: [RewritePlan.Output]
    private let revision: FieldRevision
    private let limits: StoreLimits
    /// Whether values are kept to be written.
    private let isKept: Bool
    private let costs: ScanCostCounter
    private let check: () throws -> Void
    /// Told of rows that were looked at.
    private let progress: (Int) -> Void
    private(set) var report = ReapplicationReport()
    /// What was worked out to find the first output that changes, and is yet to be written.
    private var ahead: (output: Int, columns: RevisedColumns)?
    private var nextOutput = 0

    init(
        _ source: RewritePlan.Source, _ outputs: [RewritePlan.Output], _ revision: FieldRevision, limits: StoreLimits, isKept: Bool,
        costs: ScanCostCounter, check: @escaping () throws -> Void, progress: @escaping (Int) -> Void
    ) {
        self.source = source
        self.outputs = outputs
        self.revision = revision
        self.limits = limits
        self.isKept = isKept
        self.costs = costs
        self.check = check
        self.progress = progress
    }

    /// Goes on to the first output of which something changes. False where nothing does: then every row was looked at.
    mutating func findChange() throws -> Bool {
        while nextOutput < outputs.count {
            let output = nextOutput, columns = try next()
            if !columns.changed.isEmpty {
                ahead = (output, columns)
                return true
            }
        }
        return false
    }

    /// The columns of an output; nil where nothing changes. Outputs are asked for in their order, behind `findChange`.
    mutating func columns(ofOutput output: Int) throws -> RevisedColumns? {
        if let ahead {
            if output < ahead.output { return nil }
            if output == ahead.output {
                self.ahead = nil
                return ahead.columns
            }
        }
        let columns = try next()
        return columns.changed.isEmpty ? nil : columns
    }

    /// All of it, for the counts alone.
    mutating func countAll() throws { while nextOutput < outputs.count { _ = try next() } }

    private mutating func next() throws -> RevisedColumns {
        defer { nextOutput += 1 }
        let group: Int, rows: [Int32]
        switch outputs[nextOutput] {
        case .copied(_, let rowGroup):
            group = rowGroup
            rows = (0..<Int32(source.files.spans.rowCount(ofRowGroup: rowGroup))).map { $0 }
        case .merged(let merged):
            // In place: the kept rows of one row group, as they stand.
            (group, rows) = (merged.pieces[0].rowGroup, merged.pieces[0].rows)
        }
        let unit = SegmentUnit(handle: source.handle, rowGroup: group, costs: costs)
        var columns = RevisedColumns(revision.subject)
        if revision.subject == .mapping, unit.decidesCosts { columns.rewriteCosts() }
        var reader = RevisionReader(unit, source.files, revision, maximumByteCount: limits.revisedByteCount)
        let events = Set(try source.files.eventRows(ofRowGroup: group, costs))
        for chunk in try chunks(rows, unit) { try revise(chunk, events, unit, &reader, &columns) }
        return columns
    }

    /// Rows that are worked out together: whole traces.
    private func chunks(_ rows: [Int32], _ unit: SegmentUnit) throws -> [ArraySlice<Int32>] {
        guard case .traceIDs(let traces) = try unit.gather(.traceID, rows: rows) else {
            throw StoreError(.corrupt, "the trace ids of a segment have another type")
        }
        var chunks: [ArraySlice<Int32>] = [], start = 0
        for row in rows.indices.dropFirst() where row - start >= StoreLimits.revisedRowCount && traces[row] != traces[row - 1] {
            chunks.append(rows[start..<row])
            start = row
        }
        if start < rows.count { chunks.append(rows[start...]) }
        return chunks
    }

    private mutating func revise(
        _ chunk: ArraySlice<Int32>, _ events: Set<Int32>, _ unit: SegmentUnit, _ reader: inout RevisionReader,
        _ columns: inout RevisedColumns
    ) throws {
        try check()
        let rows = Array(chunk), stored = try unit.fields(RowSelection(contiguous: rows), source.files)
        var revised = stored.map { Revised(stored: $0) }
        let spanPlaces = rows.indices.filter { !events.contains(rows[$0]) }
        var identities: [RevisionBatch.Identity] = []
        for (record, places) in [(RecordKind.span, spanPlaces), (.event, rows.indices.filter { events.contains(rows[$0]) })] {
            guard !places.isEmpty, record == .span || revision.subject == .mapping else { continue }
            let found = try fields(places, rows, stored, record, &reader, &revised)
            if record == .span { identities = found }
        }
        var nextSpan = 0
        for place in rows.indices {
            let names = try columns.append(revised[place].after, stored: revised[place].before, isKept: isKept)
            if events.contains(rows[place]) {
                report.noteEvent(names)
            } else {
                report.note(identities[nextSpan], names, before: revised[place].before, after: revised[place].after)
                nextSpan += 1
            }
        }
        progress(rows.count)
    }

    private struct Revised {
        var before: RevisedColumns.Row
        var after: RevisedColumns.Row

        init(stored: SpanRecord.LLM) {
            before = RevisedColumns.Row(fields: stored)
            after = before
        }
    }

    /// Fills in what becomes of some of the rows; halves them where their values are too long to be read together.
    private func fields(
        _ places: [Int], _ rows: [Int32], _ stored: [SpanRecord.LLM], _ record: RecordKind, _ reader: inout RevisionReader,
        _ revised: inout [Revised]
    ) throws -> [RevisionBatch.Identity] {
        let fields = places.map { stored[$0] }
        guard let read = try reader.read(places.map { rows[$0] }, record, stored: fields) else {
            let half = places.count / 2
            return try self.fields(Array(places[..<half]), rows, stored, record, &reader, &revised)
                + self.fields(Array(places[half...]), rows, stored, record, &reader, &revised)
        }
        var batch = read.batch
        let identities = batch.traceIDs.indices.map { RevisionBatch.Identity(traceID: batch.traceIDs[$0], spanID: batch.spanIDs[$0]) }
        let after = revision.fields(of: &batch, stored: fields)
        for (index, place) in places.enumerated() {
            revised[place].before.statusCode = read.statusCodes[index]
            revised[place].before.statusMessage = read.statusMessages[index]
            revised[place].after = revised[place].before
            revised[place].after.fields = after[index]
            if revision.subject == .mapping, batch.hasStatus[index], batch.statusCodes[index] != read.statusCodes[index] ?? 0 {
                revised[place].after.statusCode = batch.statusCodes[index]
                let message = batch.statusMessages[index]
                revised[place].after.statusMessage = message.isNone || message.count == 0 ? read.statusMessages[index] : batch.text(message)
            }
        }
        return identities
    }
}
