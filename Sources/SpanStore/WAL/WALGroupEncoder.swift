import ByteCoding
import FileSystem

/// A group on its way to the disk: a header, the entries without gaps, zeros to the next page. Their heads are written here, their bodies
/// are taken from where the requests left them, and both go to the file in as few writes as its writer's memory allows.
struct WALGroupEncoder {
    let header: WALGroupHeader
    private let entries: [WALEntry]
    /// The group's header, and behind it the entries' heads.
    private let heads: [UInt8]
    /// Where the head of each entry ends; that of the first one begins with the group's header.
    private let headEnds: [Int]

    /// `entries` carry their LSNs, those of new ones rising by one, and their final receive times.
    init(
        _ kind: WALGroupHeader.Kind = .entries, entries: [WALEntry], firstLSN: UInt64, durableLSN: UInt64, byteOffset: Int, salt: UInt64
    ) {
        var writer = ByteWriter(reserving: WALFileHeader.pageByteCount), headEnds: [Int] = []
        var checksum = WALGroupHeader.checksum(salt: salt), payloadByteCount = 0
        writer.append(zeros: WALGroupHeader.byteCount)
        for entry in entries {
            let start = writer.count
            WALEntryCoding.encodeHead(of: entry, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, into: &writer)
            headEnds.append(writer.count)
            checksum = writer.bytes.withUnsafeBytes {
                CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[start...]), continuing: checksum)
            }
            checksum = entry.withUnsafeBody { CRC32C.checksum($0, continuing: checksum) }
            payloadByteCount += writer.count - start + entry.bodyLength
        }
        header = WALGroupHeader(
            payloadChecksum: checksum, payloadByteCount: payloadByteCount, entryCount: entries.count, kind: kind,
            firstLSN: firstLSN, durableLSN: durableLSN, byteOffset: byteOffset)
        writer.bytes.replaceSubrange(0..<WALGroupHeader.byteCount, with: header.encoded(salt: salt))
        self.entries = entries
        self.headEnds = headEnds
        heads = writer.bytes
    }

    /// Header, payload and padding.
    var byteCount: Int { header.paddedByteCount }

    func write(to file: any File, through writer: DirectWriter) throws(FileSystemError) {
        writer.begin(file, at: header.byteOffset)
        try heads.withUnsafeBufferPointer { (bytes) throws(FileSystemError) in
            let heads = UnsafeRawBufferPointer(bytes)
            var start = 0
            for (entry, end) in zip(entries, headEnds) {
                try writer.append(UnsafeRawBufferPointer(rebasing: heads[start..<end]))
                try entry.withUnsafeBody { (body) throws(FileSystemError) in try writer.append(body) }
                start = end
            }
            try writer.append(UnsafeRawBufferPointer(rebasing: heads[start...]))
        }
        try writer.finish()
    }
}

extension WALEntry {
    fileprivate func withUnsafeBody<R, E: Error>(_ read: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try bytes.withUnsafeBufferPointer { (bytes) throws(E) in
            try read(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<bodyLength])))
        }
    }
}
