import Dispatch
import Parquet
import Synchronization

/// The leaves a whole span is put together from, decoded for some rows of a row group ahead of their use.
///
/// A span has about a hundred columns, and a trace read decodes a page of each: shared between two threads (the caller's and one of
/// Dispatch's, if one is free), as this is what the reader of a trace waits for.
struct DecodedLeaves: Sendable {
    private let leaves: [DecodedLeaf?]

    /// Two: a trace should come quickly and still leave the rest of the machine to others.
    private static let laneCount = 2

    /// Errors: that of the first leaf that cannot be read.
    init(of unit: SegmentUnit, _ rows: RowSelection, _ files: SegmentFiles) throws {
        struct Progress: Sendable {
            var next = 0
            var leaves: [DecodedLeaf?]
            var failure: (any Error)?
        }
        let wanted = files.recordLeaves
        let progress = Mutex(Progress(leaves: Array(repeating: nil, count: files.spans.schema.leaves.count)))
        DispatchQueue.concurrentPerform(iterations: Self.laneCount) { _ in
            while let index = progress.withLock({ progress -> Int? in
                guard progress.next < wanted.count, progress.failure == nil else { return nil }
                progress.next += 1
                return wanted[progress.next - 1]
            }) {
                let leaf = Result { try unit.leaf(index, rows, files) }
                progress.withLock { progress in
                    switch leaf {
                    case .success(let leaf): progress.leaves[index] = leaf
                    case .failure(let error): progress.failure = progress.failure ?? error
                    }
                }
            }
        }
        let done = progress.withLock { $0 }
        if let failure = done.failure { throw failure }
        leaves = done.leaves
    }

    subscript(index: Int) -> DecodedLeaf? { leaves[index] }
}
