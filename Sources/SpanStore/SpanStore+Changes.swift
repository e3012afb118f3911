import Dispatch
import Synchronization
import TraceModel

/// What came in since: the rows of a project in the order of arrival, for those who follow the store.
///
/// The order is that of LSNs: an entry of the write-ahead log has a larger one than all before it, also after a restart. A memtable knows
/// which of its rows came after an LSN; a segment, whose rows lie in another order, knows only its first and last LSN, and one that was
/// made of several those of all. So a follower keeps the memtables it saw until its next look: one that was sealed meanwhile is read to its
/// end from memory, and its segment is passed over, also once it is merged with older ones. Only who could not look for a while (a restart,
/// a database that was away) finds a segment with both sides of its position.
package struct ChangeCursor: Sendable {
    /// Everything up to here was seen.
    package var lsn: UInt64
    /// What was live when it was seen.
    fileprivate var held: [Memtable]

    package init(lsn: UInt64) {
        self.lsn = lsn
        held = []
    }

    /// Lets go of memory; the next look may find more than is new.
    package func released() -> ChangeCursor { ChangeCursor(lsn: lsn) }
}

package struct StoreChanges: Sendable {
    package struct Unit: Sendable {
        package let rows: any ScanUnit
        /// Whether rows that were seen already may be among them.
        package let mayHaveSeenRows: Bool
        /// Once this unit and those before it are seen, everything up to here is.
        package fileprivate(set) var seenThroughLSN: UInt64
        fileprivate let minimumLSN: UInt64
    }

    /// In the order to be seen.
    package let units: [Unit]
    /// Where to go on after all of them.
    package let next: ChangeCursor
}

extension SpanStore {
    /// Tells stores apart, whose LSNs mean nothing to one another; the same as long as the directory lives.
    package var identity: UInt64 { nodeID }

    /// What came after a cursor. Taken where batches are applied, so that none is half there.
    package func changes(of project: ProjectID, after cursor: ChangeCursor) async -> StoreChanges {
        await onApplyQueue { [self] in
            let (live, segments, handles) = state.withLock { state in
                let descriptors = state.descriptors(of: project)
                // Most of those who follow have seen all that is sealed.
                let isNew = descriptors.contains { $0.maximumLSN > cursor.lsn }
                return (Self.memtables(of: project, state), descriptors, isNew ? state.handles(of: project) : [])
            }
            let sealed = cursor.held.filter { memtable in !live.contains { $0 === memtable } && memtable.maximumLSN > cursor.lsn }
            var units: [StoreChanges.Unit] = []
            for memtable in sealed + live where memtable.maximumLSN > cursor.lsn {
                let first = memtable.firstRow(afterLSN: cursor.lsn)
                units.append(
                    StoreChanges.Unit(
                        rows: MemtableUnit(memtable, fromRow: first), mayHaveSeenRows: false, seenThroughLSN: 0,
                        minimumLSN: max(memtable.minimumLSN, cursor.lsn + 1)))
            }
            let costs = ScanCostCounter()
            // A memtable that took rows when the cursor was made has all that came behind the cursor up to its own last.
            let readThrough = Dictionary(sealed.map { ($0.partition, $0.maximumLSN) }, uniquingKeysWith: { max($0, $1) })
            for handle in handles where handle.descriptor.maximumLSN > cursor.lsn {
                let descriptor = handle.descriptor
                let days = descriptor.firstReceiveDay...descriptor.receiveDay
                let read = days.compactMap { readThrough[PartitionID(project: project, receiveDay: $0)] }.max() ?? 0
                // Of a segment of several days a memtable that was read has those of one.
                let readLSN = days.count == 1 ? max(cursor.lsn, read) : cursor.lsn
                // Made from memtables that are read from memory, and of rows that were seen.
                if descriptor.maximumLSN <= readLSN { continue }
                for group in 0..<descriptor.rowGroupCount {
                    units.append(
                        StoreChanges.Unit(
                            rows: SegmentUnit(handle: handle, rowGroup: group, costs: costs),
                            mayHaveSeenRows: descriptor.minimumLSN <= max(cursor.lsn, read), seenThroughLSN: 0,
                            minimumLSN: max(descriptor.minimumLSN, cursor.lsn + 1)))
                }
            }
            units.sort { $0.minimumLSN < $1.minimumLSN }
            var next = ChangeCursor(lsn: max(cursor.lsn, Self.lastLSN(live, segments)))
            next.held = live
            for index in units.indices {
                units[index].seenThroughLSN = index + 1 < units.count ? units[index + 1].minimumLSN - 1 : next.lsn
            }
            return StoreChanges(units: units, next: next)
        }
    }

    /// Where to begin with what comes in from now on.
    package func newestCursor(of project: ProjectID) async -> ChangeCursor {
        await onApplyQueue { [self] in
            let (live, segments) = liveParts(of: project)
            var cursor = ChangeCursor(lsn: Self.lastLSN(live, segments))
            cursor.held = live
            return cursor
        }
    }

    /// How far what can be seen of a project reaches in the order of arrival: a snapshot that is taken afterwards has everything up to here.
    /// Waits for nothing. Batches are applied in the order of LSNs, so whoever sees one of them visible finds those before it.
    package func arrivalPosition(of project: ProjectID) -> UInt64 {
        let (live, segments) = liveParts(of: project)
        return max(live.map(\.visibleThroughLSN).max() ?? 0, segments.map(\.maximumLSN).max() ?? 0)
    }

    private func onApplyQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in applyQueue.async { continuation.resume(returning: body()) } }
    }

    private func liveParts(of project: ProjectID) -> ([Memtable], [SegmentDescriptor]) {
        state.withLock { (Self.memtables(of: project, $0), $0.descriptors(of: project)) }
    }

    private static func memtables(of project: ProjectID, _ state: borrowing StoreState) -> [Memtable] {
        state.frozen.filter { $0.partition.project == project } + state.active.values.filter { $0.partition.project == project }
    }

    private static func lastLSN(_ memtables: [Memtable], _ segments: [SegmentDescriptor]) -> UInt64 {
        max(memtables.map(\.maximumLSN).max() ?? 0, segments.map(\.maximumLSN).max() ?? 0)
    }
}
