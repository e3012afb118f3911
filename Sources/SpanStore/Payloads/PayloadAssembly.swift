/// Rows of payloads one behind the other.
struct PayloadRun: Equatable, Sendable {
    /// Of the first.
    var id: Int64
    var count: Int
    /// Of all of them.
    var byteCount: Int
}

/// Puts long values together from their parts.
///
/// Parts lie in pages that take a millisecond to unpack, many of them in several values; so they are read in the order in which they lie,
/// each once, and copied to every value they belong to. Values are taken in groups of so many bytes, in the order of their last parts:
/// values that came one after the other have most of their parts in the same pages.
struct PayloadAssembly {
    /// Text that is put together at a time, one value at least.
    static let groupByteCount = 16 << 20
    /// More than any value that was ever let in: what a damaged file says is not believed.
    static let maximumValueByteCount = 1 << 30
    static let maximumPartCount = 1 << 24

    /// Of all values, one behind the other.
    private(set) var runs: [PayloadRun] = []
    /// Of each value, behind its last.
    private(set) var ends: [Int] = []

    var count: Int { ends.count }

    mutating func append(_ value: some Sequence<PayloadRun>) {
        runs.append(contentsOf: value)
        ends.append(runs.count)
    }

    private func range(_ value: Int) -> Range<Int> { (value == 0 ? 0 : ends[value - 1])..<ends[value] }

    /// A value in one part needs no memory of its own: it is handed on where it lies.
    private func isWhole(_ value: Int) -> Bool {
        let range = range(value)
        return range.count == 1 && runs[range.lowerBound].count == 1
    }

    /// Calls back with the parts of ids that ascend strictly, in this order, by index; each is borrowed for the call.
    typealias Reader = (_ ids: [Int64], _ part: (Int, UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// Calls `body` with the index and text of every value, in any order.
    func forEach(
        read: @escaping Reader,
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try check()
        let lastIDs = ends.indices.map { value in range(value).reduce(Int64.min) { max($0, runs[$1].id + Int64(runs[$1].count)) } }
        let order = ends.indices.sorted { lastIDs[$0] < lastIDs[$1] }
        let memory = Memory()
        var group: [Int] = [], byteCount = 0
        for value in order {
            let needed = isWhole(value) ? 0 : range(value).reduce(0) { $0 + runs[$1].byteCount }
            if byteCount + needed > Self.groupByteCount, byteCount > 0 {
                try assemble(group, in: memory.reserve(byteCount), read, body)
                group.removeAll(keepingCapacity: true)
                byteCount = 0
            }
            group.append(value)
            byteCount += needed
        }
        try assemble(group, in: memory.reserve(byteCount), read, body)
    }

    /// The ids of all parts, ascending, each once; nil where there are more, or more text, than that.
    func ids(maximumByteCount: Int, maximumCount: Int) throws(StoreError) -> [Int64]? {
        try check()
        var byteCount = 0, count = 0
        for run in runs {
            byteCount += run.byteCount
            count += run.count
            guard byteCount <= maximumByteCount, count <= maximumCount else { return nil }
        }
        return Self.ids(of: runs.sorted { $0.id < $1.id })
    }

    /// The ids of runs, whose ids ascend, each once.
    private static func ids(of runs: some Sequence<PayloadRun>) -> [Int64] {
        var ids: [Int64] = [], idEnd = Int64.min
        for run in runs {
            let end = run.id + Int64(run.count)
            ids.append(contentsOf: max(run.id, idEnd)..<max(end, idEnd))
            idEnd = max(end, idEnd)
        }
        return ids
    }

    private func check() throws(StoreError) {
        for value in ends.indices {
            var byteCount = 0
            for run in runs[range(value)] {
                guard run.id >= 0, (1...Self.maximumPartCount).contains(run.count),
                    (0...Self.maximumValueByteCount).contains(run.byteCount),
                    run.id <= Int64.max - Int64(run.count)
                else { throw StoreError(.corrupt, "a value refers to \(run.count) payloads of \(run.byteCount) bytes from \(run.id) on") }
                byteCount += run.byteCount
            }
            guard byteCount <= Self.maximumValueByteCount else {
                throw StoreError(.corrupt, "a value of \(byteCount) bytes among the payloads")
            }
        }
    }

    /// A run that is being filled.
    private struct Filling {
        var value: Int
        var run: PayloadRun
        /// Where its next part goes, and where it ends.
        var place: Int
        var end: Int
    }

    private func assemble(
        _ values: [Int], in memory: UnsafeMutableRawBufferPointer,
        _ read: @escaping Reader,
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard !values.isEmpty else { return }
        var fillings: [Filling] = [], starts: [Int: Int] = [:], pending: [Int: Int] = [:]
        var place = 0
        for value in values {
            if isWhole(value) {
                fillings.append(Filling(value: value, run: runs[range(value).lowerBound], place: -1, end: -1))
                continue
            }
            starts[value] = place
            pending[value] = range(value).count
            for run in runs[range(value)] {
                fillings.append(Filling(value: value, run: run, place: place, end: place + run.byteCount))
                place += run.byteCount
            }
        }
        fillings.sort { $0.run.id < $1.run.id }
        let ids = Self.ids(of: fillings.lazy.map(\.run))
        var next = 0
        // Runs that the next part may belong to.
        var active: [Filling] = []
        try read(ids) { index, part in
            while next < fillings.count, fillings[next].run.id <= ids[index] {
                active.append(fillings[next])
                next += 1
            }
            var place = 0
            while place < active.count {
                if active[place].place < 0 {
                    let value = active[place].value
                    active.swapAt(place, active.count - 1)
                    active.removeLast()
                    try body(value, part)
                    continue
                }
                guard part.count <= active[place].end - active[place].place else {
                    throw StoreError(.corrupt, "payload \(ids[index]) is longer than what refers to it says")
                }
                UnsafeMutableRawBufferPointer(rebasing: memory[active[place].place...]).copyMemory(from: part)
                active[place].place += part.count
                active[place].run.count -= 1
                guard active[place].run.count == 0 else {
                    place += 1
                    continue
                }
                let filled = active[place]
                active.swapAt(place, active.count - 1)
                active.removeLast()
                guard filled.place == filled.end else {
                    throw StoreError(.corrupt, "the payloads up to \(ids[index]) are shorter than what refers to them says")
                }
                pending[filled.value, default: 1] -= 1
                if pending[filled.value] == 0, let start = starts[filled.value] {
                    let byteCount = range(filled.value).reduce(0) { $0 + runs[$1].byteCount }
                    try body(filled.value, UnsafeRawBufferPointer(rebasing: memory[start..<start + byteCount]))
                }
            }
        }
    }

    /// Memory for the values of one group after the other.
    private final class Memory {
        private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)

        deinit { bytes.deallocate() }

        func reserve(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
            if bytes.count < byteCount {
                bytes.deallocate()
                bytes = .allocate(byteCount: byteCount, alignment: 16)
            }
            return bytes
        }
    }
}
