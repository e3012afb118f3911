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

    /// What `entries(in:)` finds.
    struct Found {
        var entries: [WALEntry] = []
        /// Where the file's last group ends.
        var end = 0
        /// What a newer program wrote and this one does not know.
        var unknown: String?
    }

    /// The copies that stand in a file, without those that are not whole or make no sense. Reads the headers of the other groups alone.
    static func entries(in file: any File, _ link: WALChain.Link) throws(FileSystemError) -> Found {
        var reader = try WALFileReader(file: file, header: link.header), found = Found()
        while let group = try reader.nextHeader(through: link.endByteOffset) {
            guard group.kind == .copies, let payload = try reader.payload(of: group) else { continue }
            do throws(WALDecodingError) {
                found.entries += try WALEntryCoding.decode(payload, count: group.entryCount)
            } catch {
                if case .unknown(let what) = error { found.unknown = what }
            }
        }
        found.end = reader.position
        return found
    }

    /// Reads the entries of some partitions from a file that takes no more entries. Partitions of which not all can be read are left out.
    ///
    /// - Parameter shares: what the partitions have in the file. What is there of theirs besides keeps them from being copied: it was put aside, or
    ///   is sealed, and nobody could tell what is missing.
    static func read(
        _ shares: [PartitionID: WALFileTable.Share], from fileNumber: UInt64, _ fileSystem: any FileSystem, directory: String
    ) throws(FileSystemError) -> WALCopies? {
        let file = try fileSystem.open(FilePath.join(directory, WALFileName.name(of: fileNumber)), .read)
        defer { file.close() }
        let page = try file.read(count: WALFileHeader.pageByteCount, at: 0)
        // Sealed meanwhile, and begun as another one.
        guard case .begun(let header) = page.withUnsafeBytes({ WALFileHeader.read(page: $0, fileNumber: fileNumber) }) else { return nil }
        var reader = try WALFileReader(file: file, header: header)
        var entries: [WALEntry] = [], found: [PartitionID: WALFileTable.Share] = [:], lsns: Set<UInt64> = []
        // To the end: copies of earlier entries may stand behind the last one.
        while case .group(let group, let payload) = try reader.next(), !group.isFinalMarker {
            guard let decoded = try? WALEntryCoding.decode(payload, count: group.entryCount, of: { shares[$0] != nil }) else { break }
            // Above the last one are those of a group that failed.
            for entry in decoded where entry.lsn <= shares[entry.partition]?.lastLSN ?? 0 && lsns.insert(entry.lsn).inserted {
                entries.append(entry)
                found[entry.partition, default: WALFileTable.Share()].record(entry)
            }
        }
        let whole = Set(shares.filter { found[$0.key] == $0.value }.keys)
        entries.removeAll { !whole.contains($0.partition) }
        entries.sort { $0.lsn < $1.lsn }
        return whole.isEmpty ? nil : WALCopies(fileNumber: fileNumber, partitions: whole, entries: entries)
    }
}
