import Synchronization
import TraceModel

/// The snapshot that the store hands out: memtables up to what was visible, and the segments then published. It keeps both
/// alive; a segment that is dropped meanwhile keeps its files until the last snapshot that has it is gone.
struct PinnedSnapshot: StoreSnapshot {
    let project: ProjectID
    let units: [any ScanUnit]
    private let costs: ScanCostCounter

    init(project: ProjectID, memtables: [MemtableUnit], segments: [SegmentHandle], columns: ColumnCache? = nil) {
        self.project = project
        let costs = ScanCostCounter()
        self.costs = costs
        let newest = segments.sorted {
            ($1.descriptor.receiveDay, $1.descriptor.sequence) < ($0.descriptor.receiveDay, $0.descriptor.sequence)
        }
        let sealed = newest.flatMap { handle in
            (0..<handle.descriptor.rowGroupCount).reversed().map {
                SegmentUnit(handle: handle, rowGroup: $0, costs: costs, columns: columns)
            }
        }
        units = memtables.filter { $0.rowCount > 0 } + sealed
    }

    var cost: ScanCost { costs.total }
}

/// Adds up what reads cost, from any thread.
final class ScanCostCounter: Sendable {
    private let sum = Mutex(ScanCost())

    func add(bytes: Int, pages: Int, payloadBytes: Int = 0) {
        sum.withLock { sum in
            sum.bytesRead += bytes
            sum.pagesRead += pages
            sum.payloadBytesRead += payloadBytes
        }
    }

    var total: ScanCost { sum.withLock { $0 } }
}
