import ByteCoding
import FileSystem
import TraceModel

/// The bytes of a vector file: the vectors of one project and one embedding model, each with the chunk it is of. Little-endian, numbers in
/// the form the processor computes with, so that the file is searched where it lies.
///
///     header, 64 bytes                              row, at a multiple of 32
///     offset  bytes  field                          offset  bytes  field
///          0      8  magic "SPNDLVEC"                    0      8  chunk id
///          8      4  format version (1)                  8      8  beginning of the hash of the chunk's embedded text
///         12      4  d, numbers of a vector             16      4  CRC-32C over salt, row number, bytes 0 to 15, vector
///         16     16  project                            20     12  zeros
///         32     16  XXH3-128 of the model's name       32     4d  the vector, 32-bit floats, of length one
///         48      8  salt, random per file                      n  zeros up to a multiple of 32
///         56      4  zeros
///         60      4  CRC-32C of bytes 0 to 59
///
/// Rows are only ever added, nothing is synchronized, and PostgreSQL has every vector. So a reader believes the rows from the first to the
/// one before the first whose checksum is wrong, whatever tore or damaged that one, and cuts the file there; what is missing is loaded
/// again. A file whose header is wrong is removed. The number of the row is in its checksum: rows that a disk moved are damage, too.
///
/// The hash beside the chunk's id tells whether a row is still of that chunk: a database restored from a backup gives ids a second time.
struct VectorFileFormat: Sendable, Equatable {
    static let version: UInt32 = 1
    static let headerByteCount = 64
    static let rowHeaderByteCount = 32
    private static let magic: [UInt8] = Array("SPNDLVEC".utf8)
    private static let alignment = 32

    let dimensionCount: Int
    let project: ProjectID
    let model: ContentHash
    let salt: UInt64

    init(dimensionCount: Int, project: ProjectID, model: String, salt: UInt64 = .random(in: 1...UInt64.max)) {
        self.dimensionCount = dimensionCount
        self.project = project
        self.model = Self.hash(ofModel: model)
        self.salt = salt
    }

    static func hash(ofModel model: String) -> ContentHash { Array(model.utf8).withUnsafeBytes { ContentHash(of: $0, seed: 0) } }

    var rowByteCount: Int { (Self.rowHeaderByteCount + 4 * dimensionCount + Self.alignment - 1) / Self.alignment * Self.alignment }

    func byteCount(rowCount: Int) -> Int { Self.headerByteCount + rowCount * rowByteCount }

    func offset(ofRow row: Int) -> Int { Self.headerByteCount + row * rowByteCount }

    // MARK: Header

    var header: [UInt8] {
        var writer = ByteWriter(reserving: Self.headerByteCount)
        writer.append(Self.magic)
        writer.integer(Self.version)
        writer.integer(UInt32(dimensionCount))
        for number in [project.high, project.low, model.high, model.low, salt] { writer.integer(number) }
        writer.integer(UInt32(0))
        writer.integer(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    /// nil if these bytes do not begin with a whole header of this version.
    init?(header bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.headerByteCount else { return nil }
        let header = UnsafeRawBufferPointer(rebasing: bytes[..<Self.headerByteCount])
        var reader = ByteReader(header, offset: Self.magic.count)
        do throws(ByteCodingError) {
            guard header.starts(with: Self.magic), try reader.integer(UInt32.self) == Self.version else { return nil }
            guard let dimensionCount = Int(exactly: try reader.integer(UInt32.self)),
                (1...KnowledgeSearchLimits.maximumDimensionCount).contains(dimensionCount)
            else { return nil }
            self.dimensionCount = dimensionCount
            project = ProjectID(high: try reader.integer(), low: try reader.integer())
            model = ContentHash(high: try reader.integer(), low: try reader.integer())
            salt = try reader.integer()
            try reader.skip(4)
            guard try reader.integer(UInt32.self) == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: header[..<60])) else { return nil }
        } catch { return nil }
    }

    // MARK: Rows

    /// Appends the bytes of a row. `vector`: `dimensionCount` numbers.
    func append(_ key: VectorKey, _ vector: [Float], row: Int, to writer: inout ByteWriter) {
        let start = writer.count
        writer.integer(key.chunkID)
        writer.integer(key.textHash)
        writer.append(zeros: Self.rowHeaderByteCount - 16)
        for number in vector { writer.integer(number.bitPattern) }
        writer.append(zeros: rowByteCount - (writer.count - start))
        let sum = writer.bytes.withUnsafeBytes { bytes in checksum(ofRow: row, UnsafeRawBufferPointer(rebasing: bytes[start...])) }
        writer.overwrite(sum, at: start + 16)
    }

    /// The key of a row; nil if its checksum is wrong. `bytes`: of a file, at least up to the row's end.
    func key(ofRow row: Int, in bytes: UnsafeRawBufferPointer) -> VectorKey? {
        let start = offset(ofRow: row)
        let found = UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowByteCount])
        guard UInt32(littleEndian: found.load(fromByteOffset: 16, as: UInt32.self)) == checksum(ofRow: row, found) else { return nil }
        return VectorKey(
            chunkID: Int64(littleEndian: found.load(as: Int64.self)),
            textHash: UInt64(littleEndian: found.load(fromByteOffset: 8, as: UInt64.self)))
    }

    private func checksum(ofRow row: Int, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let seed = [salt.littleEndian, UInt64(row).littleEndian].withUnsafeBytes { bytes in CRC32C.checksum(bytes) }
        let key = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<16]), continuing: seed)
        return CRC32C.checksum(
            UnsafeRawBufferPointer(rebasing: bytes[Self.rowHeaderByteCount..<Self.rowHeaderByteCount + 4 * dimensionCount]),
            continuing: key)
    }

    // MARK: Whole files

    /// The rows that a file's bytes hold, up to the first that is not whole.
    func keys(in bytes: UnsafeRawBufferPointer) -> [VectorKey] {
        let count = max(0, bytes.count - Self.headerByteCount) / rowByteCount
        var keys: [VectorKey] = []
        keys.reserveCapacity(count)
        for row in 0..<count {
            guard let key = key(ofRow: row, in: bytes) else { break }
            keys.append(key)
        }
        return keys
    }
}

/// What a vector is of: a chunk, and the first eight bytes of the hash of its embedded text.
struct VectorKey: Sendable, Hashable {
    var chunkID: Int64
    var textHash: UInt64
}
