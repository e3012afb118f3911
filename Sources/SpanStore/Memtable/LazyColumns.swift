import Synchronization

/// A fixed number of columns, each made when its first value comes: by the memtable's writer, while readers look.
///
/// `@unchecked Sendable`: the slots are written once each, atomically, by one writer; a reader gets a column whole or nil, and of a column
/// only what was published. The memory goes in `deinit`, when neither side is left.
final class LazyColumns<Column: AnyObject>: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<AtomicLazyReference<Column>>
    let count: Int

    init(count: Int) {
        self.count = count
        slots = .allocate(capacity: count)
        for index in 0..<count { (slots + index).initialize(to: AtomicLazyReference()) }
    }

    deinit {
        slots.deinitialize(count: count)
        slots.deallocate()
    }

    subscript(index: Int) -> Column? {
        precondition(index < count, "a memtable has a place for every key of its registry")
        return slots[index].load()
    }

    /// The column at a place; writer only.
    func make(_ index: Int, _ column: () -> Column) -> Column { self[index] ?? slots[index].storeIfNil(column()) }

    func forEach(_ body: (Column) -> Void) { for index in 0..<count { if let column = slots[index].load() { body(column) } } }
}
