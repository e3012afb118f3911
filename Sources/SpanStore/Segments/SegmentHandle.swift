import ByteCoding
import FileSystem
import Parquet
import Synchronization
import TraceModel

/// A published segment: its descriptor, its masked rows and its files.
///
/// Immutable: when rows are masked, a new handle with the same files takes its place, and snapshots that were taken before keep the old.
final class SegmentHandle: Sendable {
    let descriptor: SegmentDescriptor
    /// Masked rows of the whole segment, ascending.
    let mask: [Int32]
    private let life: SegmentLife

    init(_ descriptor: SegmentDescriptor, fileSystem: any FileSystem, root: String, mask: [Int32]) {
        self.descriptor = descriptor
        self.mask = mask
        life = SegmentLife(descriptor, fileSystem: fileSystem, root: root)
        life.began()
    }

    private init(_ other: SegmentHandle, _ descriptor: SegmentDescriptor, mask: [Int32]) {
        self.descriptor = descriptor
        self.mask = mask
        life = other.life
        life.began()
    }

    deinit { life.ended() }

    /// There is another handle of the same files: this one with another mask, that some reader still has.
    var isInUse: Bool { life.handleCount > 1 }

    /// The same segment with another mask.
    func masking(_ rows: [Int32]) -> SegmentHandle { SegmentHandle(self, descriptor, mask: rows) }

    /// The same segment, of whose fields more is known.
    func versioned(mapping: UInt16, prices: UInt64) -> SegmentHandle {
        var descriptor = descriptor
        descriptor.mappingVersion = max(descriptor.mappingVersion, mapping)
        descriptor.priceVersion = max(descriptor.priceVersion, prices)
        return SegmentHandle(self, descriptor, mask: mask)
    }

    /// The files go with the last reader.
    func drop() { life.drop() }

    /// Gives the descriptors and what is remembered of the footers back where nobody has asked since: of thousands of segments few are
    /// read.
    func closeUnused(sinceUnixNano horizon: UInt64, nowUnixNano now: UInt64) { life.closeUnused(since: horizon, now: now) }

    /// The opened files; the footers are read once.
    func files() throws(StoreError) -> SegmentFiles { try life.files() }
}

/// A segment's files, for as long as anybody holds them: once the segment is dropped, they are removed when the last handle lets go.
private final class SegmentLife: Sendable {
    private let descriptor: SegmentDescriptor
    private let fileSystem: any FileSystem
    private let root: String
    private let opened = Mutex(Opened())
    private let isDropped = Atomic<Bool>(false)
    private let handles = Atomic<Int>(0)

    private struct Opened {
        var files: SegmentFiles?
        /// Asked for since the last look at what is unused; the clock is not read for every column of every row group.
        var isUsed = false
        var lastUseUnixNano: UInt64 = 0
    }

    init(_ descriptor: SegmentDescriptor, fileSystem: any FileSystem, root: String) {
        self.descriptor = descriptor
        self.fileSystem = fileSystem
        self.root = root
    }

    /// Readers that are at work keep what they have.
    func closeUnused(since horizon: UInt64, now: UInt64) {
        let closed = opened.withLock { opened -> SegmentFiles? in
            if opened.isUsed {
                opened.isUsed = false
                opened.lastUseUnixNano = now
            } else if opened.lastUseUnixNano < horizon, let files = opened.files {
                opened.files = nil
                return files
            }
            return nil
        }
        withExtendedLifetime(closed) {}
    }

    func drop() { isDropped.store(true, ordering: .releasing) }

    var handleCount: Int { handles.load(ordering: .acquiring) }
    func began() { handles.wrappingAdd(1, ordering: .relaxed) }
    func ended() { handles.wrappingSubtract(1, ordering: .releasing) }

    deinit {
        guard isDropped.load(ordering: .acquiring) else { return }
        // What cannot be removed now is an orphan that the next start removes.
        try? fileSystem.remove(root + "/" + StoreFileNames.spans(descriptor.partition, descriptor.sequence))
        if descriptor.payloadFileByteCount > 0 {
            try? fileSystem.remove(root + "/" + StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
        }
    }

    func files() throws(StoreError) -> SegmentFiles {
        do {
            return try opened.withLock { opened in
                opened.isUsed = true
                if let files = opened.files { return files }
                let files = try SegmentFiles(descriptor, fileSystem: fileSystem, root: root)
                opened.files = files
                return files
            }
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "opening segment \(descriptor.sequence)")
        } catch {
            throw StoreError(.corrupt, "segment \(descriptor.sequence) cannot be read: \(error)", cause: error)
        }
    }
}

/// The opened pair of files of a segment. Immutable but for what is remembered of dictionaries.
final class SegmentFiles: Sendable {
    let spans: SegmentParquet
    let payloads: PayloadFile?
    /// Flat leaves by column name.
    private let flat: [String: Int]
    /// Nested leaves by their path, joined with "/".
    private let nested: [String: Int]
    private let firstRows: [Int]
    /// The leaves whole spans are put together from: the others say again what these say, in a form that queries like better.
    let recordLeaves: [Int]
    /// Those of them that name payloads, apart from the others.
    let referenceLeaves: [Int]
    /// The leaves of span attributes with a column, and their keys.
    let attributeLeaves: [(leaf: Int, key: String)]
    private let isWhollySpans: [Bool]
    private let knownKeys = Mutex<[String: Set<String>]>([:])
    /// By row group.
    private let knownEvents = Mutex<[Int: [Int32]]>([:])

    init(_ descriptor: SegmentDescriptor, fileSystem: any FileSystem, root: String) throws {
        let path = root + "/" + StoreFileNames.spans(descriptor.partition, descriptor.sequence)
        spans = try SegmentParquet(FileSource(fileSystem.open(path, .read)))
        try Self.checkVersion(spans, path)
        guard spans.rowGroupCount == descriptor.rowGroupCount else {
            throw StoreError(.corrupt, "\(path) has \(spans.rowGroupCount) row groups where the manifest says \(descriptor.rowGroupCount)")
        }
        if descriptor.payloadFileByteCount > 0 {
            let path = root + "/" + StoreFileNames.payloads(descriptor.partition, descriptor.sequence)
            let file = try SegmentParquet(FileSource(fileSystem.open(path, .read)))
            try Self.checkVersion(file, path)
            payloads = try PayloadFile(file)
        } else {
            payloads = nil
        }
        var flat: [String: Int] = [:], nested: [String: Int] = [:]
        for leaf in spans.schema.leaves {
            if leaf.path.count == 1 { flat[leaf.path[0]] = leaf.index } else { nested[leaf.path.joined(separator: "/")] = leaf.index }
        }
        self.flat = flat
        self.nested = nested
        var firstRows: [Int] = [], row = 0
        for group in 0..<spans.rowGroupCount {
            firstRows.append(row)
            row += spans.rowCount(ofRowGroup: group)
        }
        self.firstRows = firstRows
        referenceLeaves = spans.schema.leaves.filter { $0.path[0] == "payloads" }.map(\.index)
        recordLeaves = spans.schema.leaves.filter { $0.path[0] != "payloads" && !SpanSchema.isRepetition($0.path[0]) }.map(\.index)
        attributeLeaves = spans.schema.leaves.compactMap { leaf in
            leaf.path.count == 1 ? leaf.path[0].text(behind: "attributes.").map { (leaf: leaf.index, key: $0) } : nil
        }
        let span = Array(RecordKind.span.rawValue.utf8)
        isWhollySpans = (0..<spans.rowGroupCount).map { [spans] group in
            guard let leaf = flat[SpanSchema.recordColumn] else { return true }
            guard let statistics = spans.statistics(rowGroup: group, leaf: leaf) else { return false }
            return statistics.minimum == span && statistics.maximum == span
        }
    }

    private static func checkVersion(_ file: SegmentParquet, _ path: String) throws {
        guard let text = file.keyValue(SegmentKey.formatVersion), let version = Int(text) else {
            throw StoreError(.corrupt, "\(path) does not say which segment format it has")
        }
        guard version <= SegmentFormat.version else {
            throw StoreError(
                .newerFormat, "\(path) has segment format \(version); this program reads up to \(SegmentFormat.version): use a newer one")
        }
    }

    /// The first row of a row group, counted over the segment.
    func firstRow(ofRowGroup group: Int) -> Int { firstRows[group] }

    func leaf(_ column: String) -> Int? { flat[column] }

    /// The leaf at a path; nil where the file lacks the column.
    func leaf(at path: [String]) -> Int? { path.count == 1 ? flat[path[0]] : nested[path.joined(separator: "/")] }

    /// The rows of a row group that are event records, ascending: read once, and only where the chunk's bounds say that there are some.
    func eventRows(ofRowGroup group: Int, _ costs: ScanCostCounter) throws -> [Int32] {
        guard let leaf = flat[SpanSchema.recordColumn], !isWhollySpans[group] else { return [] }
        if let known = knownEvents.withLock({ $0[group] }) { return known }
        let rowCount = spans.rowCount(ofRowGroup: group)
        let decoded = try spans.readLeaf(rowGroup: group, leaf: leaf, rows: 0..<rowCount, costs: costs)
        guard case .dictionary(let codes, let dictionary) = decoded.vector(rowCount: rowCount) else {
            throw StoreError(.corrupt, "the column \(SpanSchema.recordColumn) of a segment has another type")
        }
        let isEvent = (0..<dictionary.count).map { dictionary[UInt32($0)] == RecordKind.event.rawValue }
        let rows = codes.indices.filter { codes[$0] != TextDictionary.null && isEvent[Int(codes[$0])] }.map { Int32($0) }
        knownEvents.withLock { $0[group] = rows }
        return rows
    }

    /// A nested leaf that every file has.
    func leaf(_ path: String...) throws(StoreError) -> Int {
        guard let index = nested[path.joined(separator: "/")] else { throw StoreError(.corrupt, "a segment has no column \(path)") }
        return index
    }

    /// Texts of a leaf in a row group that are kept as they are.
    static let maximumKnownTextCount = 1024

    /// The distinct texts of a leaf in one row group, read once where they are few; nil when it is not wholly dictionary-coded.
    func distinctTexts(leaf: Int, rowGroup: Int, _ read: () throws -> Set<String>?) rethrows -> Set<String>? {
        let name = "\(rowGroup)/\(leaf)"
        if let known = knownKeys.withLock({ $0[name] }) { return known }
        guard let texts = try read() else { return nil }
        if texts.count <= Self.maximumKnownTextCount { knownKeys.withLock { $0[name] = texts } }
        return texts
    }
}

/// A file of the store as Parquet reads it.
final class FileSource: ParquetSource {
    private let file: any File
    let byteCount: Int

    init(_ file: any File) throws {
        self.file = file
        byteCount = try file.size()
    }

    deinit { file.close() }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard try file.read(into: buffer, at: offset) == buffer.count else {
            throw StoreError(.corrupt, "\(file.path) ends before byte \(offset + buffer.count)")
        }
    }
}
