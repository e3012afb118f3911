import ByteCoding
import FileSystem
import Synchronization
import TraceModel

/// A vector file in use by this process: rows are found by chunk, added at the end, and searched by whoever holds a view of them.
///
/// One writer at a time. What it adds lies behind every row that readers know of, and they are told only once it is written: a reader's
/// bytes never change under it. Calls block on the disk.
final class VectorIndex: Sendable {
    let format: VectorFileFormat
    private let file: LockedFile
    private let writer: Mutex<Writer>
    private let published: Mutex<VectorRows>

    private struct Writer {
        var rows: [VectorKey: UInt32] = [:]
        var rowCount = 0
        /// Rows that the published mapping has room for.
        var capacity: Int
    }

    private init(_ file: LockedFile, _ format: VectorFileFormat, keys: [VectorKey]) throws(FileSystemError) {
        self.file = file
        self.format = format
        let capacity = Self.capacity(holding: keys.count)
        var state = Writer(rowCount: keys.count, capacity: capacity)
        state.rows.reserveCapacity(keys.count)
        for (row, key) in keys.enumerated() { state.rows[key] = UInt32(row) }
        let mapping = try file.mapping(byteCount: format.byteCount(rowCount: capacity))
        writer = Mutex(state)
        published = Mutex(VectorRows(format: format, mapping: mapping, rowCount: keys.count))
    }

    /// Begins a file that was just made.
    static func begin(_ file: LockedFile, _ format: VectorFileFormat) throws(FileSystemError) -> VectorIndex {
        try file.write(format.header, at: 0)
        return try VectorIndex(file, format, keys: [])
    }

    /// Reads a file from an earlier time, whole; what is torn or damaged is cut off. nil if it has no good header, or is of something else.
    static func read(_ file: LockedFile, _ expected: VectorFileFormat) throws(FileSystemError) -> VectorIndex? {
        let size = try file.size()
        let bytes = try file.mapping(byteCount: size)
        guard let format = VectorFileFormat(header: bytes.bytes), format.project == expected.project,
            format.model == expected.model, format.dimensionCount == expected.dimensionCount
        else { return nil }
        let keys = format.keys(in: bytes.bytes)
        guard keys.count <= KnowledgeSearchLimits.maximumRowCount else { return nil }
        let whole = format.byteCount(rowCount: keys.count)
        if whole < size { try file.truncate(to: whole) }
        return try VectorIndex(file, format, keys: keys)
    }

    /// The rows there are now; later ones do not join.
    var rows: VectorRows { published.withLock { $0 } }

    /// The rows of these chunks; nil where there is none.
    func rows(of keys: some Sequence<VectorKey>) -> [UInt32?] { writer.withLock { writer in keys.map { writer.rows[$0] } } }

    /// Adds vectors, those of keys that have none yet. Throws `internal` for a vector of another length or without direction, `unavailable`.
    func append(_ vectors: [(key: VectorKey, vector: [Float])]) throws(KnowledgeSearchError) {
        try writer.withLock { (writer) throws(KnowledgeSearchError) in
            var bytes = ByteWriter(reserving: vectors.count * format.rowByteCount)
            var added: [VectorKey: UInt32] = [:]
            for (key, vector) in vectors where writer.rows[key] == nil && added[key] == nil {
                guard vector.count == format.dimensionCount else {
                    throw KnowledgeSearchError(
                        .internal,
                        "a chunk's vector has \(vector.count) numbers and not \(format.dimensionCount) as the others of its model")
                }
                guard let unit = VectorMath.unit(vector) else {
                    throw KnowledgeSearchError(.internal, "the vector of chunk \(key.chunkID) has no direction")
                }
                let row = writer.rowCount + added.count
                guard row < KnowledgeSearchLimits.maximumRowCount else {
                    throw KnowledgeSearchError(
                        .unavailable, "the file of vectors holds \(row) rows already, which is all it takes: remove it, and it is made anew"
                    )
                }
                format.append(key, unit, row: row, to: &bytes)
                added[key] = UInt32(row)
            }
            guard !added.isEmpty else { return }
            do throws(FileSystemError) { try publish(bytes.bytes, added, &writer) } catch { throw KnowledgeSearchError(error) }
        }
    }

    private func publish(_ bytes: [UInt8], _ added: [VectorKey: UInt32], _ writer: inout Writer) throws(FileSystemError) {
        try file.write(bytes, at: format.offset(ofRow: writer.rowCount))
        let rowCount = writer.rowCount + added.count
        var mapping = rows.mapping
        if rowCount > writer.capacity {
            let capacity = Self.capacity(holding: rowCount)
            mapping = try file.mapping(byteCount: format.byteCount(rowCount: capacity))
            writer.capacity = capacity
        }
        writer.rows.merge(added) { $1 }
        writer.rowCount = rowCount
        published.withLock { $0 = VectorRows(format: format, mapping: mapping, rowCount: rowCount) }
    }

    /// Takes the file's name away; views of it stay good.
    func remove() throws(FileSystemError) { try file.remove() }

    /// With room to grow: addresses cost nothing.
    private static func capacity(holding rowCount: Int) -> Int { max(KnowledgeSearchLimits.firstRowCapacity, 2 * rowCount) }
}
