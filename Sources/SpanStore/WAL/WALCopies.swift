import ByteCoding
import FileSystem

/// Entries of the log's oldest file that are to stand in the current one as well, so that the old one can be let go without sealing them.
///
/// A project that sends a span an hour would else pin a file of a quarter of a gigabyte, or have a segment of one row written each time the
/// log has turned over; of ten thousand such projects beside a busy one, that is ten thousand segments every few seconds. Their entries are
/// copied instead, LSN and all, into a group of their own. They are small by choice (`LogRoom`), so the log grows by a few percent.
///
///     file 7 | ... P:5 ... P:9 ... |   file 8 | ... P:50 ... |   file 9 | Q:88 | copies P:5 P:9 | P:90 ... |
///
/// Copies are durable before the old file is let go, and both may be there after a crash. A start reads the copies of all files first and
/// hands them over in the order of LSNs among the other entries, each once (`WALRecovery`).
struct WALCopies: Sendable {
    /// The file they are from.
    let fileNumber: UInt64
    let partitions: Set<PartitionID>
    /// All that these partitions have in the file, in the order of LSNs.
    let entries: [WALEntry]

    /// The copies that stand in a file, without those that are not whole or make no sense, and where its last group ends. Reads the headers
    /// of the other groups alone.
    static func entries(in file: any File, _ link: WALChain.Link) throws(FileSystemError) -> (entries: [WALEntry], end: Int) {
        var reader = try WALFileReader(file: file, header: link.header), entries: [WALEntry] = []
        while let group = try reader.nextHeader(through: link.endByteOffset) {
            guard group.kind == .copies, let payload = try reader.payload(of: group) else { continue }
            entries += (try? WALEntryCoding.decode(payload, count: group.entryCount)) ?? []
        }
        return (entries, reader.position)
    }

    /// Reads the entries of some partitions from a file that takes no more entries. Partitions of which not all can be read are left out.
    ///
    /// - Parameter shares: what the partitions have in the file; what is there of theirs beyond was never acknowledged.
    static func read(
        _ shares: [PartitionID: WALFileTable.Share], from fileNumber: UInt64, _ fileSystem: any FileSystem, directory: String
    ) throws(FileSystemError) -> WALCopies? {
        let file = try fileSystem.open(FilePath.join(directory, WALFileName.name(of: fileNumber)), .read)
        defer { file.close() }
        let page = try file.read(count: WALFileHeader.pageByteCount, at: 0)
        // Sealed meanwhile, and begun as another one.
        guard case .begun(let header) = page.withUnsafeBytes({ WALFileHeader.read(page: $0, fileNumber: fileNumber) }) else { return nil }
        var reader = try WALFileReader(file: file, header: header)
        var entries: [WALEntry] = [], counts: [PartitionID: Int] = [:]
        let expectedCount = shares.values.reduce(0) { $0 + $1.entryCount }
        while entries.count < expectedCount, case .group(let group, let payload) = try reader.next(), !group.isFinalMarker {
            guard let decoded = try? WALEntryCoding.decode(payload, count: group.entryCount, of: { shares[$0] != nil }) else { break }
            for entry in decoded where entry.lsn <= shares[entry.partition]?.lastLSN ?? 0 {
                entries.append(entry)
                counts[entry.partition, default: 0] += 1
            }
        }
        let whole = Set(shares.filter { counts[$0.key] == $0.value.entryCount }.keys)
        entries.removeAll { !whole.contains($0.partition) }
        entries.sort { $0.lsn < $1.lsn }
        return whole.isEmpty ? nil : WALCopies(fileNumber: fileNumber, partitions: whole, entries: entries)
    }
}
