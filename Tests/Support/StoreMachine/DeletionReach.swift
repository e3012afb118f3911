import SpanStore
import TraceModel

/// What a deletion takes, as this store promises it. The one place of the model that knows.
struct DeletionReach {
    /// A session or a user takes every trace in which a span carries it, not these spans alone.
    static let takesWholeTraces = true

    /// Gone for good when the deletion answers.
    private(set) var certain: Set<StoreModel.RowKey> = []
    /// Gone if something that may be there is there.
    private(set) var possible: Set<StoreModel.RowKey> = []
    private let selection: DeletionSelection

    init(_ selection: DeletionSelection, _ project: ProjectID, in model: StoreModel) {
        self.selection = selection
        let rows = model.rows(of: project).filter { $0.row.maximumCount > 0 }
        switch selection {
        case .project: certain = Set(rows.map(\.key))
        case .trace(let trace): certain = Set(rows.filter { $0.record.traceID == trace }.map(\.key))
        case .session(let session): take(rows, carrying: "session.id", session)
        case .user(let user): take(rows, carrying: "user.id", user)
        }
    }

    private mutating func take(
        _ rows: [(key: StoreModel.RowKey, row: StoreModel.Row, record: SpanRecord, isEvent: Bool)], carrying key: String, _ value: String
    ) {
        let carriers = rows.filter { $0.record.text(key) == value }
        certain = Set(carriers.map(\.key))
        func identity(_ record: SpanRecord) -> [UInt64] {
            [record.traceID.high, record.traceID.low] + (Self.takesWholeTraces ? [] : [record.spanID.rawValue])
        }
        let surely = Set(carriers.filter(\.row.mustBeThere).map { identity($0.record) }),
            perhaps = Set(carriers.map { identity($0.record) })
        for row in rows where Self.takesWholeTraces || row.isEvent {
            if surely.contains(identity(row.record)) {
                certain.insert(row.key)
            } else if perhaps.contains(identity(row.record)), !certain.contains(row.key) {
                possible.insert(row.key)
            }
        }
    }

    /// The counts of the answer lie between what must have been there and what may have been. A project's segment goes even where it cannot
    /// be read: its event records are told as spans then.
    func check(spanCount: Int, eventCount: Int, in model: StoreModel, readsMayFail: Bool) throws {
        var least = (spans: Set<[UInt64]>(), events: 0), most = (spans: 0, events: 0)
        for key in certain.union(possible) {
            guard let known = model.sent[key.request], let row = model.row(key) else { continue }
            let record = known.request.records[key.ordinal]
            let isLeast = row.mustBeThere && certain.contains(key)
            if known.request.isEvents {
                most.events += row.maximumCount
                if isLeast { least.events += 1 }
            } else {
                most.spans += row.maximumCount
                if isLeast { least.spans.insert([record.traceID.high, record.traceID.low, record.spanID.rawValue]) }
            }
        }
        if selection == .project, readsMayFail {
            least.events = 0
            most.spans += most.events
        }
        guard (least.spans.count...most.spans).contains(spanCount), (least.events...most.events).contains(eventCount) else {
            throw Violation(
                "the deletion of \(selection) counts \(spanCount) spans and \(eventCount) events, where \(least.spans.count) to \(most.spans) and "
                    + "\(least.events) to \(most.events) were there")
        }
    }
}
