import ByteCoding
import Glibc
import Synchronization
import TraceModel

/// Takes the long texts of a memtable in, part by part, and stores each part once.
///
/// Most of what agents send they have sent before. A text is first compared with the previous one of the same trace and place, whose parts
/// are used again as they stand for as long as the bytes are the same; the rest is cut, and each part of some length is looked up by a
/// seeded hash among the parts of the memtable. A hash only says where to look: parts are the same when their bytes are. What is compared
/// with are raw bytes still in memory, those of the open page and of `RecentPayloadPages`; a part that was stored long ago is stored again.
///
/// Belongs to the memtable's writer (one thread at a time), its `finish` to the seal once nobody appends any more.
final class PayloadWriter {
    /// Parts of fewer bytes are not looked up: a reference that leads elsewhere costs more than they do.
    static let minimumSharedPartByteCount = 256
    /// A value in more pieces than this is stored whole the next time: reading it goes everywhere otherwise.
    static let maximumPieceCount = 128
    private static let firstPageByteCount = 16 << 10

    private let payloads: MemtablePayloads
    private let recentPages: RecentPayloadPages
    private let cells: AppendOnlyBuffer<PayloadCell>
    private let seed: UInt64
    private var table = PartTable(maximumSlotCount: 1 << 18)
    private var lastValues: LastValueTable

    /// Filled pages in the order of ordinals.
    private var pages: [RawPayloadPage] = []
    /// Of each page its first ordinal: what a search goes through without touching the pages.
    private var firstOrdinals: [UInt32] = []
    private var open: PayloadPageMemory?
    /// Of the open page's memory, which `open` holds: asked for each part, where the object would be counted each time.
    private var openBase: UnsafeMutableRawPointer?
    private var openCapacity = 0
    private var openParts: [PartPlace] = []
    private var openFirstOrdinal: UInt32 = 0
    private var openByteCount = 0
    /// The page in which a part was found last.
    private var likelyPage = 0

    /// Whether some value is more than one payload.
    private(set) var hasParts = false

    init(payloads: MemtablePayloads, cells: AppendOnlyBuffer<PayloadCell>, seed: UInt64) {
        self.payloads = payloads
        self.cells = cells
        self.seed = seed
        recentPages = payloads.compression.recentPages
        lastValues = LastValueTable(seed: seed)
    }

    deinit { recentPages.remove(pages) }

    /// Memory of its tables. The raw bytes of pages are the memtable's until they are compressed, and then within the store's own bound.
    var byteCount: Int { table.byteCount + lastValues.byteCount + openParts.count * MemoryLayout<PartPlace>.stride }

    /// Lets go of what was kept to compare with.
    func finish() {
        recentPages.remove(pages)
        pages = []
        firstOrdinals = []
    }

    // MARK: Values

    /// Stores a text and appends the cells that refer to it.
    func append(_ text: UnsafeRawBufferPointer, type: UInt8, placeCode: UInt32, trace: TraceID) {
        let firstCell = cells.count
        recentPages.contents.withLock { recent in
            var value = Value(cells: cells, placeCode: placeCode, type: type, byteCount: text.count)
            let last = lastValues.find(trace, placeCode)
            let isStoredWhole = last.map { $0.cellCount >= Self.maximumPieceCount } ?? false
            var state: PayloadCutter.State?
            if let last, !isStoredWhole { state = appendPrefix(of: text, last, to: &value, &recent) }
            var cutter = PayloadCutter(text, from: value.position, state: state)
            while let range = cutter.next() {
                let part = UnsafeRawBufferPointer(rebasing: text[range])
                value.append(
                    isStoredWhole
                        ? add(part, type, cutter.state, &recent) : ordinal(of: part, type, cutter.state, after: value.end, &recent),
                    byteCount: part.count)
            }
            // A reference needs something to lead to.
            if text.isEmpty { value.append(add(text, type, .plain, &recent), byteCount: 0) }
            value.finish()
        }
        let cellCount = cells.count - firstCell
        hasParts = hasParts || cellCount > 1 || cells[firstCell].partCount > 0
        lastValues.set(trace, placeCode, firstCell: UInt32(firstCell), cellCount: UInt32(cellCount))
        if let open { payloads.publish(open: .init(memory: open, byteCount: openByteCount, count: openParts.count)) }
    }

    /// Refers to the parts of the trace's last value for as long as the text goes on as they do. Answers the state behind them.
    private func appendPrefix(
        of text: UnsafeRawBufferPointer, _ last: LastValueTable.Entry, to value: inout Value, _ recent: inout RecentPayloadPages.Contents
    ) -> PayloadCutter.State? {
        var state: PayloadCutter.State?
        for index in Int(last.firstCell)..<Int(last.firstCell) + Int(last.cellCount) {
            let cell = cells[index]
            guard cell.type == value.type else { return state }
            for ordinal in cell.ordinal..<cell.ordinal + max(1, cell.partCount) {
                guard let part = part(ordinal, &recent), part.bytes.count <= text.count - value.position,
                    Self.isEqual(part.bytes, text.baseAddress.unsafelyUnwrapped + value.position)
                else { return state }
                value.append(ordinal, byteCount: part.bytes.count)
                state = part.place.endState
            }
        }
        return state
    }

    /// Where a part of a text is stored: where it was before, or anew.
    private func ordinal(
        of part: UnsafeRawBufferPointer, _ type: UInt8, _ endState: PayloadCutter.State, after previous: UInt32?,
        _ recent: inout RecentPayloadPages.Contents
    ) -> UInt32 {
        guard part.count >= Self.minimumSharedPartByteCount else {
            // Behind a part that was found, the text most likely goes on as it did there.
            if let previous, isStored(part, type, at: previous, &recent) { return previous }
            return add(part, type, endState, &recent)
        }
        if let previous, isStored(part, type, at: previous, &recent) { return previous }
        let hash = ContentHash(of: part, seed: seed).high
        if let known = table.ordinal(ofHash: hash, where: { isStored(part, type, at: $0, &recent) }) { return known }
        let ordinal = add(part, type, endState, &recent)
        table.insert(ordinal, hash: hash) { isInMemory($0) }
        return ordinal
    }

    private func isStored(
        _ part: UnsafeRawBufferPointer, _ type: UInt8, at ordinal: UInt32, _ recent: inout RecentPayloadPages.Contents
    ) -> Bool {
        guard let stored = self.part(ordinal, &recent) else { return false }
        return stored.place.type == type && stored.bytes.count == part.count
            && Self.isEqual(stored.bytes, part.baseAddress.unsafelyUnwrapped)
    }

    /// The caller has made sure that there are as many bytes at `other`.
    private static func isEqual(_ bytes: UnsafeRawBufferPointer, _ other: UnsafeRawPointer) -> Bool {
        bytes.count == 0 || memcmp(bytes.baseAddress.unsafelyUnwrapped, other, bytes.count) == 0
    }

    // MARK: Parts

    /// The bytes of a part, while they are in memory.
    private func part(
        _ ordinal: UInt32, _ recent: inout RecentPayloadPages.Contents
    ) -> (bytes: UnsafeRawBufferPointer, place: PartPlace)? {
        if ordinal >= openFirstOrdinal {
            let index = Int(ordinal - openFirstOrdinal)
            guard let openBase, index < openParts.count else { return nil }
            return (Self.bytes(openBase, openParts[index]), openParts[index])
        }
        guard let page = page(of: ordinal), let memory = page.memory else { return nil }
        recent.use(page)
        let place = page.parts[Int(ordinal) - page.firstOrdinal]
        return (Self.bytes(memory.base, place), place)
    }

    private func isInMemory(_ ordinal: UInt32) -> Bool { ordinal >= openFirstOrdinal || (page(of: ordinal)?.memory != nil) }

    private static func bytes(_ base: UnsafeMutableRawPointer, _ place: PartPlace) -> UnsafeRawBufferPointer {
        let offset = Int(place.offset)
        // As `add` wrote it.
        let count = Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        return UnsafeRawBufferPointer(start: base + offset + 4, count: count)
    }

    /// The filled page of an ordinal below `openFirstOrdinal`.
    private func page(of ordinal: UInt32) -> RawPayloadPage? {
        func holds(_ index: Int) -> Bool {
            guard index < firstOrdinals.count, firstOrdinals[index] <= ordinal else { return false }
            return ordinal < (index + 1 < firstOrdinals.count ? firstOrdinals[index + 1] : openFirstOrdinal)
        }
        if holds(likelyPage) { return pages[likelyPage] }
        var low = 0, high = firstOrdinals.count
        while low < high {
            let middle = (low + high) / 2
            if firstOrdinals[middle] <= ordinal { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        likelyPage = low - 1
        return pages[likelyPage]
    }

    /// Copies a part in; answers its ordinal.
    private func add(
        _ part: UnsafeRawBufferPointer, _ type: UInt8, _ endState: PayloadCutter.State, _ recent: inout RecentPayloadPages.Contents
    ) -> UInt32 {
        let needed = part.count + 4
        if openByteCount > 0, openByteCount + needed > StoreLimits.payloadPageByteCount { closePage(&recent) }
        let memory = room(for: needed)
        memory.storeBytes(of: UInt32(part.count).littleEndian, toByteOffset: openByteCount, as: UInt32.self)
        if let base = part.baseAddress { (memory + openByteCount + 4).copyMemory(from: base, byteCount: part.count) }
        openParts.append(PartPlace(offset: UInt32(openByteCount), type: type, endState: endState))
        openByteCount += needed
        return openFirstOrdinal + UInt32(openParts.count - 1)
    }

    /// The open page with room for so many more bytes. A memtable's first page grows: many hold a few payloads only. Readers of a smaller
    /// one keep theirs.
    private func room(for needed: Int) -> UnsafeMutableRawPointer {
        if let openBase, openByteCount + needed <= openCapacity { return openBase }
        return newRoom(for: needed)
    }

    @inline(never)
    private func newRoom(for needed: Int) -> UnsafeMutableRawPointer {
        var capacity =
            pages.isEmpty && openFirstOrdinal == 0
            ? max(Self.firstPageByteCount, openCapacity * 2) : StoreLimits.payloadPageByteCount
        while capacity < openByteCount + needed, capacity < StoreLimits.payloadPageByteCount { capacity *= 2 }
        capacity = max(min(capacity, StoreLimits.payloadPageByteCount), openByteCount + needed)
        let memory = PayloadPageMemory(capacity: capacity, pool: payloads.compression.pool)
        if let open { memory.base.copyMemory(from: open.base, byteCount: openByteCount) }
        open = memory
        openBase = memory.base
        openCapacity = capacity
        return memory.base
    }

    private func closePage(_ recent: inout RecentPayloadPages.Contents) {
        guard let memory = open else { return }
        let page = RawPayloadPage(firstOrdinal: Int(openFirstOrdinal), memory: memory, parts: openParts)
        payloads.close(.init(memory: memory, byteCount: openByteCount, count: openParts.count))
        pages.append(page)
        firstOrdinals.append(openFirstOrdinal)
        recentPages.insert(page, into: &recent)
        openFirstOrdinal += UInt32(openParts.count)
        openParts.removeAll(keepingCapacity: false)
        open = nil
        openBase = nil
        openCapacity = 0
        openByteCount = 0
    }
}

/// A value that is being put together from parts: parts that lie one behind the other become one cell.
private struct Value {
    let cells: AppendOnlyBuffer<PayloadCell>
    let placeCode: UInt32
    let type: UInt8
    let byteCount: Int
    /// Bytes that have their parts.
    private(set) var position = 0
    /// The ordinal behind the last part.
    private(set) var end: UInt32?
    private var run = (first: UInt32(0), count: UInt32(0), byteCount: 0)

    init(cells: AppendOnlyBuffer<PayloadCell>, placeCode: UInt32, type: UInt8, byteCount: Int) {
        self.cells = cells
        self.placeCode = placeCode
        self.type = type
        self.byteCount = byteCount
    }

    mutating func append(_ ordinal: UInt32, byteCount: Int) {
        if end != ordinal || run.count == 0 {
            finish()
            run = (ordinal, 0, 0)
        }
        run.count += 1
        run.byteCount += byteCount
        position += byteCount
        end = ordinal + 1
    }

    mutating func finish() {
        guard run.count > 0 else { return }
        let isWhole = run.count == 1 && run.byteCount == byteCount
        cells.append(
            PayloadCell(
                ordinal: run.first, placeCode: placeCode, byteCount: UInt32(run.byteCount), type: type, partCount: isWhole ? 0 : run.count))
        run.count = 0
    }
}
