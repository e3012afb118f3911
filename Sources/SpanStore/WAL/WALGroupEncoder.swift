import ByteCoding
import FileSystem

/// A group on its way to the disk: everything but large bodies in one contiguous run of bytes, large bodies where the
/// request left them.
///
/// Small bodies are copied beside their heads (a memcpy is far cheaper than a system call's bookkeeping), so that a
/// typical group is a single write; a large body is written from its own array.
struct WALGroupEncoder {
    let header: WALGroupHeader
    private let salt: UInt64
    private let entries: [WALEntry]
    /// Header, heads, small bodies and padding, in file order with the large bodies cut out.
    private let assembled: [UInt8]
    private let pieces: [Piece]

    private enum Piece {
        case assembled(Range<Int>)
        case body(entry: Int)
    }

    /// `entries` carry their LSNs, rising by one, and their final receive times.
    init(
        entries: [WALEntry], firstLSN: UInt64, durableLSN: UInt64, isFinalMarker: Bool = false, byteOffset: Int, salt: UInt64,
        maximumCopiedBodyByteCount: Int
    ) {
        var writer = ByteWriter(reserving: WALFileHeader.pageByteCount)
        var pieces: [Piece] = []
        var checksum = WALGroupHeader.checksum(salt: salt)
        var payloadByteCount = 0
        writer.append(zeros: WALGroupHeader.byteCount)
        var runStart = 0
        for (index, entry) in entries.enumerated() {
            let start = writer.count
            WALEntryCoding.encodeHead(of: entry, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, into: &writer)
            let copied = entry.bodyLength <= maximumCopiedBodyByteCount
            entry.bytes.withUnsafeBytes { bytes in
                let body = UnsafeRawBufferPointer(rebasing: bytes[..<entry.bodyLength])
                if copied { writer.append(body) }
                checksum = writer.bytes.withUnsafeBytes {
                    CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[start...]), continuing: checksum)
                }
                if !copied { checksum = CRC32C.checksum(body, continuing: checksum) }
            }
            payloadByteCount += writer.count - start + (copied ? 0 : entry.bodyLength)
            if !copied {
                pieces.append(.assembled(runStart..<writer.count))
                pieces.append(.body(entry: index))
                runStart = writer.count
            }
        }
        let total = WALGroupHeader.paddedByteCount(payloadByteCount: payloadByteCount)
        writer.append(zeros: total - WALGroupHeader.byteCount - payloadByteCount)
        if runStart < writer.count { pieces.append(.assembled(runStart..<writer.count)) }
        let header = WALGroupHeader(
            payloadChecksum: checksum, payloadByteCount: payloadByteCount, entryCount: entries.count, isFinalMarker: isFinalMarker,
            firstLSN: firstLSN, durableLSN: durableLSN, byteOffset: byteOffset)
        writer.bytes.replaceSubrange(0..<WALGroupHeader.byteCount, with: header.encoded(salt: salt))
        self.header = header
        self.salt = salt
        self.entries = entries
        self.pieces = pieces
        assembled = writer.bytes
    }

    /// Header, payload and padding.
    var byteCount: Int { header.paddedByteCount }

    func write(to file: any File) throws(FileSystemError) {
        var offset = header.byteOffset
        for piece in pieces {
            switch piece {
            case .assembled(let range):
                try assembled.withUnsafeBufferPointer { (bytes) throws(FileSystemError) in
                    try file.write([UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[range]))], at: offset)
                }
                offset += range.count
            case .body(let index):
                let entry = entries[index]
                try entry.bytes.withUnsafeBufferPointer { (bytes) throws(FileSystemError) in
                    try file.write([UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<entry.bodyLength]))], at: offset)
                }
                offset += entry.bodyLength
            }
        }
    }
}
