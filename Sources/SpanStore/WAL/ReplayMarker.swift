import ByteCoding
import FileSystem

/// Tells the next start which entry was being replayed when the process died.
///
/// The file `replaying` in the log's folder is overwritten before every entry and not synchronized: it is to survive the
/// process, not the machine. At the end of a replay it is cleared, durably, so that no later loss of power brings an
/// old blame back. An entry at which the process died twice is put aside at the third start, so that one body cannot
/// keep the server from starting for ever.
///
///     offset  bytes  field
///          0      8  magic "SPNDLRPL"
///          8      8  LSN being replayed; 0 when no replay is under way
///         16      8  LSN at which the process died before; 0 for none
///         24      4  how often it died there
///         28      4  CRC-32C of bytes 0 to 27
package struct ReplayMarker {
    package static let fileName = "replaying"
    /// Deaths after which an entry is put aside.
    package static let maximumDeathCount: UInt32 = 2
    private static let magic: [UInt8] = Array("SPNDLRPL".utf8)
    private static let byteCount = 32

    private let file: any File
    private(set) var suspectLSN: UInt64 = 0
    private(set) var deathCount: UInt32 = 0

    /// Reads what the last replay left, and begins anew.
    init(fileSystem: any FileSystem, directory: String) throws(FileSystemError) {
        file = try fileSystem.open(FilePath.join(directory, Self.fileName), .readWriteCreating)
        let bytes = try file.read(count: Self.byteCount, at: 0)
        if let left = bytes.withUnsafeBytes({ Self.decode($0) }), left.lsn != 0 {
            suspectLSN = left.lsn
            deathCount = left.suspect == left.lsn ? left.deathCount + 1 : 1
        } else {
            // Takes the file's space now, so that a disk that fills up later does not stop the replay.
            try write(0)
        }
    }

    /// Called before an entry is handed over. True if it must not be.
    func enter(_ lsn: UInt64) throws(FileSystemError) -> Bool {
        if lsn == suspectLSN, deathCount >= Self.maximumDeathCount { return true }
        try write(lsn)
        return false
    }

    /// The replay has ended, well or with an error that was told.
    func clear() throws(FileSystemError) {
        defer { file.close() }
        try write(0)
        try file.synchronizeData()
    }

    private func write(_ lsn: UInt64) throws(FileSystemError) {
        var writer = ByteWriter(reserving: Self.byteCount)
        writer.append(Self.magic)
        writer.integer(lsn)
        writer.integer(suspectLSN)
        writer.integer(deathCount)
        writer.integer(CRC32C.checksum(writer.bytes))
        try file.write(writer.bytes, at: 0)
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer) -> (lsn: UInt64, suspect: UInt64, deathCount: UInt32)? {
        guard bytes.count == byteCount else { return nil }
        var reader = ByteReader(bytes)
        do throws(ByteCodingError) {
            let magic = try reader.take(8)
            let lsn: UInt64 = try reader.integer()
            let suspect: UInt64 = try reader.integer()
            let deathCount: UInt32 = try reader.integer()
            let checksum: UInt32 = try reader.integer()
            guard magic.elementsEqual(Self.magic), checksum == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<28])),
                deathCount < UInt32.max
            else { return nil }
            return (lsn, suspect, deathCount)
        } catch {
            return nil
        }
    }
}
