import ByteCoding
import FileSystem

/// The folder for what the log could not be trusted with: damaged ranges as they were found, and entries whose replay
/// ended the process twice. Names follow from what is kept, so that a repeated recovery keeps everything once.
///
///     wal-<file number>-<byte offset>.damaged    the bytes of a range, as they are
///     wal-<file number>.damaged                  a whole file whose header is gone
///     entry-<LSN>.poisonous                      one entry, encoded as in a group (see WALEntryCoding)
struct Quarantine {
    let fileSystem: any FileSystem
    let directory: String

    /// Copies a range of a log file. Returns the path.
    func keep(_ file: any File, fileNumber: UInt64, byteOffset: Int, byteCount: Int) throws(FileSystemError) -> String {
        let name = "wal-\(Self.padded(fileNumber))-\(Self.padded(UInt64(byteOffset))).damaged"
        return try write(name) { (target) throws(FileSystemError) in
            var done = 0
            while done < byteCount {
                let bytes = try file.read(count: min(1 << 20, byteCount - done), at: byteOffset + done)
                if bytes.isEmpty { break }
                try target.write(bytes, at: done)
                done += bytes.count
            }
        }
    }

    /// Moves a log file away.
    func keep(wholeFile path: String, fileNumber: UInt64) throws(FileSystemError) -> String {
        let target = FilePath.join(directory, "wal-\(Self.padded(fileNumber)).damaged")
        try fileSystem.rename(path, to: target)
        try fileSystem.synchronizeDirectory(directory)
        try fileSystem.synchronizeDirectory(FilePath.parent(of: path))
        return target
    }

    func keep(_ entry: WALEntry) throws(FileSystemError) {
        var writer = ByteWriter(reserving: WALEntryCoding.maximumByteCount(of: entry))
        WALEntryCoding.encodeHead(of: entry, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, into: &writer)
        entry.bytes.withUnsafeBytes { writer.append(UnsafeRawBufferPointer(rebasing: $0[..<entry.bodyLength])) }
        let bytes = writer.bytes
        _ = try write("entry-\(Self.padded(entry.lsn)).poisonous") { (target) throws(FileSystemError) in try target.write(bytes, at: 0) }
    }

    /// The entries that were put aside at earlier starts.
    func poisonousLSNs() throws(FileSystemError) -> Set<UInt64> {
        var found: Set<UInt64> = []
        for name in try fileSystem.list(directory) where name.hasPrefix("entry-") && name.hasSuffix(".poisonous") {
            if let lsn = UInt64(name.dropFirst("entry-".count).dropLast(".poisonous".count)) { found.insert(lsn) }
        }
        return found
    }

    /// Whole and durable under its name, or not there.
    private func write(_ name: String, _ body: (any File) throws(FileSystemError) -> Void) throws(FileSystemError) -> String {
        let path = FilePath.join(directory, name)
        if try fileSystem.exists(path) { return path }
        let temporary = path + ".tmp"
        let file = try fileSystem.open(temporary, .readWriteCreating)
        defer { file.close() }
        try file.truncate(to: 0)
        try body(file)
        try file.synchronizeData()
        try fileSystem.rename(temporary, to: path)
        try fileSystem.synchronizeDirectory(directory)
        return path
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}
