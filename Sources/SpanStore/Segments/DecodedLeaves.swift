import Dispatch
import Parquet
import Synchronization

/// The leaves a whole span is put together from, and the payload pages that its long values lie in, decoded for some rows of a row group
/// ahead of their use.
///
/// A span has about a hundred columns, and a trace read decodes a page of each; its payloads lie in a few pages that take a millisecond
/// each. Both are shared between two threads (the caller's and one of Dispatch's, if one is free), as this is what the reader of a trace
/// waits for. The leaves that name the payloads come first, so that the pages are begun before the small work runs out.
struct DecodedLeaves: Sendable {
    fileprivate var leaves: [DecodedLeaf?]
    /// The long values each row refers to.
    private(set) var payloadReferences: [[SegmentUnit.PayloadReference]]?
    private(set) var payloads: UnpackedPages?

    /// Two: a trace should come quickly and still leave the rest of the machine to others.
    private static let laneCount = 2
    /// Text of long values that is unpacked ahead: who reads more does so page by page as it is put together.
    private static let maximumUnpackedByteCount = 16 << 20
    private static let maximumUnpackedPartCount = 1 << 16

    fileprivate struct Progress: Sendable {
        var nextLeaf = 0
        var nextPage = 0
        /// Leaves that name payloads and are not decoded yet.
        var missingReferenceCount: Int
        var pages: [PayloadFile.PageRead] = []
        var found: DecodedLeaves
        var failure: (any Error)?
    }

    fileprivate enum Work {
        case leaf(Int)
        case page(PayloadFile.PageRead)
    }

    private init(leafCount: Int) { leaves = Array(repeating: nil, count: leafCount) }

    /// Errors: that of the first leaf or page that cannot be read.
    init(of unit: SegmentUnit, _ rows: RowSelection, _ files: SegmentFiles) throws {
        let progress = Mutex(
            Progress(
                missingReferenceCount: files.payloads == nil ? 0 : files.referenceLeaves.count,
                found: DecodedLeaves(leafCount: files.spans.schema.leaves.count)))
        let wanted = files.referenceLeaves + files.recordLeaves
        DispatchQueue.concurrentPerform(iterations: Self.laneCount) { _ in
            do {
                while let work = progress.withLock({ $0.take(wanted) }) {
                    switch work {
                    case .leaf(let index):
                        let leaf = try unit.leaf(index, rows, files)
                        guard let known = progress.withLock({ $0.put(leaf, at: index, files) }) else { continue }
                        let (references, pages) = try Self.payloadPages(of: unit, known, rows, files)
                        progress.withLock {
                            $0.found.payloadReferences = references
                            $0.pages = pages
                            if !pages.isEmpty { $0.found.payloads = UnpackedPages() }
                        }
                    case .page(let read):
                        guard let page = try files.payloads?.unpack(read, costs: unit.costs) else { continue }
                        progress.withLock { $0.found.payloads?[read.group, read.page] = page }
                    }
                }
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let done = progress.withLock { $0 }
        if let failure = done.failure { throw failure }
        self = done.found
    }

    /// Which pages are to be unpacked, once all that names payloads is decoded.
    private static func payloadPages(
        of unit: SegmentUnit, _ known: DecodedLeaves, _ rows: RowSelection, _ files: SegmentFiles
    ) throws -> ([[SegmentUnit.PayloadReference]], [PayloadFile.PageRead]) {
        var unit = unit
        unit.decoded = known
        let references = try unit.payloadReferences(rows, files)
        var assembly = PayloadAssembly()
        for reference in references.joined() { assembly.append(reference.runs) }
        guard let payloads = files.payloads, assembly.count > 0,
            let ids = try assembly.ids(maximumByteCount: maximumUnpackedByteCount, maximumCount: maximumUnpackedPartCount)
        else { return (references, []) }
        return (references, try payloads.pageReads(of: ids, costs: unit.costs))
    }

    subscript(index: Int) -> DecodedLeaf? { leaves[index] }
}

extension DecodedLeaves.Progress {
    /// Pages first: each takes as long as many leaves.
    fileprivate mutating func take(_ wanted: [Int]) -> DecodedLeaves.Work? {
        guard failure == nil else { return nil }
        if nextPage < pages.count {
            nextPage += 1
            return .page(pages[nextPage - 1])
        }
        guard nextLeaf < wanted.count else { return nil }
        nextLeaf += 1
        return .leaf(wanted[nextLeaf - 1])
    }

    /// Answers what is decoded when this was the last leaf that names payloads.
    fileprivate mutating func put(_ leaf: DecodedLeaf, at index: Int, _ files: SegmentFiles) -> DecodedLeaves? {
        found.leaves[index] = leaf
        guard missingReferenceCount > 0, files.referenceLeaves.contains(index) else { return nil }
        missingReferenceCount -= 1
        return missingReferenceCount == 0 ? found : nil
    }
}
