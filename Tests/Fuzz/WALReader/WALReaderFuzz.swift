import ByteCoding
import FileSystem
import SimulatedDisk

@testable import SpanStore

/// libFuzzer entry: any bytes as the rest of a log file behind a good header, and as the payload of a group whose
/// checksums are right, so that the entry decoder is reached too. A recovery must end, with entries in order, whatever it
/// reads; what it reads must write back to the same bytes; and a manifest edit likewise.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWALReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    recover(input)
    recover(group(around: input))
    input.withUnsafeBytes { bytes in
        decodeEntry(bytes)
        guard let edit = try? ManifestRecordCoding.decode(bytes) else { return }
        let again = ManifestRecordCoding.encode(edit)
        precondition((try? again.withUnsafeBytes { try ManifestRecordCoding.decode($0) }) == edit, "an edit must read back")
        var state = ManifestState()
        guard (try? state.apply(edit)) != nil else { return }
        var copy = ManifestState()
        precondition((try? copy.apply(state.checkpoint)) != nil && copy == state, "a checkpoint must make the same state")
    }
    input.withUnsafeBytes { _ = try? ManifestFile.read($0, name: "fuzz") }
    return 0
}

private let salt: UInt64 = 7

/// The input as the payload of one group; its first two bytes say how many entries the header promises.
private func group(around input: [UInt8]) -> [UInt8] {
    let entryCount = input.count < 2 ? 1 : 1 + Int(input[0]) % 4
    let payload = Array(input.dropFirst(2))
    let checksum = CRC32C.checksum(payload, continuing: WALGroupHeader.checksum(salt: salt))
    let header = WALGroupHeader(
        payloadChecksum: checksum, payloadByteCount: payload.count, entryCount: entryCount, kind: .entries, firstLSN: 1,
        durableLSN: 0,
        byteOffset: WALFileHeader.pageByteCount)
    return header.encoded(salt: salt) + payload
}

private func recover(_ rest: [UInt8]) {
    let disk = SimulatedDisk(seed: 1)
    var configuration = WALConfiguration(directory: "/wal", quarantineDirectory: "/quarantine", nodeID: 1)
    configuration.fileByteCount = 1 << 20
    let header = WALFileHeader(
        salt: salt, fileNumber: 1, firstLSN: 1, previousFileNumber: 0, previousValidThroughLSN: 0, nodeID: 1, fileByteCount: 1 << 20)
    do {
        try disk.createDirectory("/wal")
        try disk.open("/wal/" + WALFileName.name(of: 1), .create).write(header.encoded() + rest, at: 0)
    } catch {
        preconditionFailure("the simulated disk takes everything")
    }
    var last: UInt64 = 0
    _ = try? WALRecovery(fileSystem: disk, configuration: configuration, manifest: ManifestState()).run { (entry) throws(StoreError) in
        precondition(entry.lsn > last, "entries come in LSN order")
        last = entry.lsn
    }
}

private func decodeEntry(_ bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    guard let entry = try? WALEntryCoding.decode(&reader) else { return }
    var writer = ByteWriter()
    WALEntryCoding.encodeHead(of: entry, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, into: &writer)
    writer.append(Array(entry.bytes[..<entry.bodyLength]))
    writer.bytes.withUnsafeBytes { written in
        var again = ByteReader(written)
        let read = try? WALEntryCoding.decode(&again)
        precondition(
            read?.lsn == entry.lsn && read?.bytes == entry.bytes && read?.rejectedOrdinals == entry.rejectedOrdinals,
            "an entry must read back")
    }
}
