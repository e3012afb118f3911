import TraceModel

/// The descriptors of all published segments, packed: what memory holds of a segment that nobody asks for.
///
/// Of ten thousand projects most are idle, and each has segments of every month it is kept. So descriptors lie behind one another in blocks
/// of a few kilobytes, about fifty bytes each (`SegmentBlockCoding`), sorted by project and sequence, with whatever equals the one before
/// left out. A lookup decodes one block; a change writes the blocks it touches anew. A value: copies share the blocks.
package struct SegmentTable: Sendable {
    private struct Block: Sendable {
        let first: SegmentPlace
        let bytes: [UInt8]
    }

    private var blocks: [Block] = []
    package private(set) var count = 0
    /// Rows of all segments, and bytes of their files.
    package private(set) var rowCount = 0
    package private(set) var byteCount = 0

    package init() {}

    package var isEmpty: Bool { blocks.isEmpty }

    /// What it takes of the heap: what is reserved counts, and what the allocator and an array's head add.
    package var memoryByteCount: Int {
        blocks.reduce(blocks.capacity * MemoryLayout<Block>.stride + Self.arrayHeadByteCount) {
            $0 + $1.bytes.capacity + Self.arrayHeadByteCount
        }
    }

    static let arrayHeadByteCount = 48

    /// Descriptors of a block as it is written; half as many again make two.
    private static let blockCount = 128
    /// A block of fewer takes its neighbour's in.
    private static let minimumBlockCount = 32

    // MARK: Asking

    package func segment(_ place: SegmentPlace) -> SegmentDescriptor? {
        guard let index = blockIndex(of: place) else { return nil }
        return decoded(index).first { $0.place == place }
    }

    /// By sequence, ascending.
    package func segments(of project: ProjectID) -> [SegmentDescriptor] {
        let first = SegmentPlace(project: project, sequence: 0)
        var found: [SegmentDescriptor] = [], index = blockIndex(of: first) ?? 0
        while index < blocks.count, index == 0 || blocks[index].first.project == project || blocks[index].first < first {
            found += decoded(index).lazy.filter { $0.project == project }
            index += 1
        }
        return found
    }

    /// Each once.
    package var projects: [ProjectID] {
        var projects: [ProjectID] = []
        for segment in self where segment.project != projects.last { projects.append(segment.project) }
        return projects
    }

    /// A segment whose project is known only by its hash; one whose hash is that of several is looked for in all of them.
    func segment(_ sequence: UInt64, projectHash: UInt16) -> SegmentDescriptor? {
        let first = SegmentPlace(lowestOfHash: projectHash)
        var index = blockIndex(of: first) ?? 0
        while index < blocks.count, blocks[index].first.projectHash <= projectHash {
            if let found = decoded(index).first(where: { $0.sequence == sequence }) { return found }
            index += 1
        }
        return nil
    }

    /// The last block that begins at or before the place; nil where none does.
    private func blockIndex(of place: SegmentPlace) -> Int? {
        var low = 0, high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if place < blocks[middle].first { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }

    private func decoded(_ index: Int) -> [SegmentDescriptor] { SegmentBlockCoding.decode(blocks[index].bytes) }

    // MARK: Changing

    package enum Change: Sendable {
        /// In the place of one of the same sequence, where there is one.
        case put(SegmentDescriptor)
        case remove(SegmentPlace)

        fileprivate var place: SegmentPlace {
            switch self {
            case .put(let segment): segment.place
            case .remove(let place): place
            }
        }
    }

    /// All changes of one step; of several to one segment the last counts.
    package mutating func apply(_ changes: [Change]) {
        let sorted = changes.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
        var next = 0
        while next < sorted.count {
            let index = blockIndex(of: sorted[next].place) ?? 0
            let end = index + 1 < blocks.count ? blocks[index + 1].first : nil
            var last = next
            while last < sorted.count, end.map({ sorted[last].place < $0 }) ?? true { last += 1 }
            rewrite(index, sorted[next..<last])
            next = last
        }
    }

    private mutating func rewrite(_ index: Int, _ changes: ArraySlice<Change>) {
        let old = index < blocks.count ? decoded(index) : []
        var new: [SegmentDescriptor] = [], next = 0
        new.reserveCapacity(old.count + changes.count)
        for change in changes {
            while next < old.count, old[next].place < change.place {
                new.append(old[next])
                next += 1
            }
            if next < old.count, old[next].place == change.place { next += 1 }
            // Put and removed in one step.
            if let segment = new.last, segment.place == change.place { new.removeLast() }
            if case .put(let segment) = change { new.append(segment) }
        }
        new += old[next...]
        count += new.count - old.count
        rowCount += new.reduce(0) { $0 + $1.spanRowCount } - old.reduce(0) { $0 + $1.spanRowCount }
        byteCount += new.reduce(0) { $0 + $1.byteCount } - old.reduce(0) { $0 + $1.byteCount }
        var replaced = index..<Swift.min(index + 1, blocks.count)
        if new.count < Self.minimumBlockCount, replaced.upperBound < blocks.count {
            new += decoded(replaced.upperBound)
            replaced = replaced.lowerBound..<replaced.upperBound + 1
        } else if new.count < Self.minimumBlockCount, replaced.lowerBound > 0 {
            new = decoded(replaced.lowerBound - 1) + new
            replaced = replaced.lowerBound - 1..<replaced.upperBound
        }
        blocks.replaceSubrange(replaced, with: Self.blocks(of: new))
    }

    private static func blocks(of segments: [SegmentDescriptor]) -> [Block] {
        guard let first = segments.first else { return [] }
        if segments.count < blockCount * 3 / 2 { return [Block(first: first.place, bytes: SegmentBlockCoding.encode(segments[...]))] }
        let parts = (segments.count + blockCount - 1) / blockCount
        return (0..<parts).map { part in
            let slice = segments[segments.count * part / parts..<segments.count * (part + 1) / parts]
            return Block(first: slice[slice.startIndex].place, bytes: SegmentBlockCoding.encode(slice))
        }
    }
}

/// By project, in an order of no meaning, and by sequence.
extension SegmentTable: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate let table: SegmentTable
        fileprivate var nextBlock = 0
        fileprivate var segments: [SegmentDescriptor] = []
        fileprivate var nextSegment = 0

        package mutating func next() -> SegmentDescriptor? {
            if nextSegment == segments.count {
                guard nextBlock < table.blocks.count else { return nil }
                segments = table.decoded(nextBlock)
                nextBlock += 1
                nextSegment = 0
            }
            nextSegment += 1
            return segments[nextSegment - 1]
        }
    }

    package func makeIterator() -> Iterator { Iterator(table: self) }
    package var underestimatedCount: Int { count }
}

extension SegmentTable: Equatable {
    package static func == (a: SegmentTable, b: SegmentTable) -> Bool { a.count == b.count && a.elementsEqual(b) }
}

/// Where a segment stands in the table. Projects are sorted by a short hash first, so that a sequence can be kept with two bytes that
/// lead to its project.
package struct SegmentPlace: Hashable, Comparable, Sendable {
    package let project: ProjectID
    package let sequence: UInt64
    let projectHash: UInt16

    package init(project: ProjectID, sequence: UInt64) {
        self.project = project
        self.sequence = sequence
        projectHash = Self.hash(of: project)
    }

    fileprivate init(lowestOfHash hash: UInt16) {
        project = ProjectID(high: 0, low: 0)
        sequence = 0
        projectHash = hash
    }

    static func hash(of project: ProjectID) -> UInt16 {
        let mixed = (project.high &* 0x9E37_79B9_7F4A_7C15) ^ project.low
        return UInt16(truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93) >> 48)
    }

    package static func < (a: SegmentPlace, b: SegmentPlace) -> Bool {
        (a.projectHash, a.project.high, a.project.low, a.sequence) < (b.projectHash, b.project.high, b.project.low, b.sequence)
    }
}

extension SegmentDescriptor {
    package var place: SegmentPlace { SegmentPlace(project: project, sequence: sequence) }
}
