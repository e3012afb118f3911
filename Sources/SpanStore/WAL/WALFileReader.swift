import ByteCoding
import FileSystem

/// Reads the groups of one log file in order, one group in memory at a time.
///
/// What a group is worth is decided here by its checksums, its place and its LSNs alone; whether a gap between groups is
/// corruption or a torn tail is `WALRecovery`'s to judge.
struct WALFileReader {
    let file: any File
    let header: WALFileHeader
    /// Behind it nothing is looked for: the file's size, or where its last group is known to end.
    let byteCount: Int
    private(set) var position = WALFileHeader.pageByteCount
    /// Of the last group read; before the first, the LSN before the file's first.
    private(set) var lastLSN: UInt64

    enum Step {
        case group(WALGroupHeader, payload: [UInt8])
        case gap(WALGap)
    }

    init(file: any File, header: WALFileHeader, end: Int = .max) throws(FileSystemError) {
        self.file = file
        self.header = header
        byteCount = min(try file.size(), end)
        // A header with first LSN 0 was never written by this program and passes no group either.
        lastLSN = header.firstLSN == 0 ? 0 : header.firstLSN - 1
    }

    /// The group at the current position, or the gap from here to the next one. After a gap without a next group nothing
    /// follows.
    mutating func next() throws(FileSystemError) -> Step {
        if let (group, payload) = try group(at: position) {
            position += group.paddedByteCount
            lastLSN = max(lastLSN, group.lastLSN)
            return .group(group, payload: payload)
        }
        let broken = try groupHeader(at: position)
        let next = try nextGroup(after: position, skipping: broken)
        let gap = WALGap(byteOffset: position, byteCount: max(0, (next?.byteOffset ?? byteCount) - position), broken: broken, next: next)
        position = next?.byteOffset ?? byteCount
        return .gap(gap)
    }

    /// The header of the next group, whose payload may not be whole; nil where none follows. The position is behind the group then.
    ///
    /// - Parameter end: where the groups end, as far as that is known: what is damaged in front of it is passed over.
    mutating func nextHeader(through end: Int?) throws(FileSystemError) -> WALGroupHeader? {
        if let end, position >= end { return nil }
        var group = try groupHeader(at: position)
        if group.map({ $0.firstLSN <= lastLSN }) ?? true { group = try nextGroup(after: position, skipping: nil) }
        guard let group else { return nil }
        position = group.byteOffset + group.paddedByteCount
        lastLSN = max(lastLSN, group.lastLSN)
        return group
    }

    /// Nil where it is not whole.
    func payload(of group: WALGroupHeader) throws(FileSystemError) -> [UInt8]? {
        let payload = try file.read(count: group.payloadByteCount, at: group.byteOffset + WALGroupHeader.byteCount)
        let seed = WALGroupHeader.checksum(salt: header.salt)
        guard payload.count == group.payloadByteCount, CRC32C.checksum(payload, continuing: seed) == group.payloadChecksum else {
            return nil
        }
        return payload
    }

    /// A group that is whole and goes on where the last one ended.
    private func group(at offset: Int) throws(FileSystemError) -> (WALGroupHeader, [UInt8])? {
        guard let group = try groupHeader(at: offset), group.firstLSN > lastLSN, let payload = try payload(of: group) else { return nil }
        return (group, payload)
    }

    /// A group header that is whole; its payload may not be.
    private func groupHeader(at offset: Int) throws(FileSystemError) -> WALGroupHeader? {
        guard offset + WALGroupHeader.byteCount <= byteCount else { return nil }
        let bytes = try file.read(count: WALGroupHeader.byteCount, at: offset)
        return bytes.withUnsafeBytes { read($0, at: offset) }
    }

    private func read(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> WALGroupHeader? {
        guard let group = WALGroupHeader.read(bytes, salt: header.salt, byteOffset: offset),
            group.payloadByteCount <= byteCount - offset - WALGroupHeader.byteCount
        else { return nil }
        return group
    }

    /// Only page boundaries are looked at: what stands inside a body is never taken for a group, salt or no salt.
    private func nextGroup(after offset: Int, skipping broken: WALGroupHeader?) throws(FileSystemError) -> WALGroupHeader? {
        if let broken, let (group, _) = try group(at: offset + broken.paddedByteCount) { return group }
        let page = WALFileHeader.pageByteCount
        var chunkStart = offset + page
        while chunkStart < byteCount {
            let chunk = try file.read(count: min(Self.scanByteCount, byteCount - chunkStart), at: chunkStart)
            if chunk.isEmpty { return nil }
            for start in stride(from: 0, to: chunk.count, by: page) {
                let candidate = chunk.withUnsafeBytes { read(UnsafeRawBufferPointer(rebasing: $0[start...]), at: chunkStart + start) }
                if candidate != nil, let (group, _) = try group(at: chunkStart + start) { return group }
            }
            chunkStart += Self.scanByteCount
        }
        return nil
    }

    /// Bytes read at a time when looking for the next group.
    private static let scanByteCount = 1 << 20
}

/// A place where a group should stand and none does.
struct WALGap: Equatable {
    var byteOffset: Int
    var byteCount: Int
    /// The header at the gap's start, if that much is whole.
    var broken: WALGroupHeader?
    /// The first whole group behind it.
    var next: WALGroupHeader?
}
