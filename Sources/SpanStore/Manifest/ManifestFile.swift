import ByteCoding
import FileSystem

/// The bytes of a manifest file: a header and edits behind each other, the first of them a checkpoint of everything before.
/// Little-endian.
///
///     header, 64 bytes                              edit, at a multiple of 8
///     offset  bytes  field                          offset  bytes  field
///          0      8  magic "SPNDLMAN"                    0      4  magic "SPME"
///          8      4  format version (1)                  4      4  CRC-32C over the salt and bytes 8 to 23
///         12      4  zeros                               8      4  CRC-32C over the salt and the payload
///         16      8  salt, random per file              12      4  payload length
///         24      8  file number, as in the name        16      8  edit number: one more than the edit before
///         32     28  zeros                              24      n  payload (see ManifestRecordCoding)
///         60      4  CRC-32C of bytes 0 to 59                      zeros up to a multiple of 8
///
/// Every edit is synchronized before the next is written, so at most the last one can be torn. An edit that is not whole
/// with a whole one behind it is therefore corruption, and the file is refused: a store with a hole in its history would
/// lose or resurrect spans. As in the log, damage to the very last edit cannot be told from a torn write.
enum ManifestFile {
    static let version: UInt32 = 1
    static let headerByteCount = 64
    static let editHeaderByteCount = 24
    private static let magic: [UInt8] = Array("SPNDLMAN".utf8)
    private static let editMagic: UInt32 = 0x454D_5053
    static let alignment = 8
    /// A file whose checkpoint is that of an empty store.
    static var emptyFileByteCount: Int {
        headerByteCount + encodeEdit(ManifestRecordCoding.encode(ManifestState().checkpoint), number: 1, salt: 0).count
    }

    static func encodeHeader(number: UInt64, salt: UInt64) -> [UInt8] {
        var writer = ByteWriter(reserving: headerByteCount)
        writer.append(magic)
        writer.integer(version)
        writer.integer(UInt32(0))
        writer.integer(salt)
        writer.integer(number)
        writer.append(zeros: headerByteCount - 4 - writer.count)
        writer.integer(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    static func encodeEdit(_ payload: [UInt8], number: UInt64, salt: UInt64) -> [UInt8] {
        let seed = checksum(salt: salt)
        var writer = ByteWriter(reserving: editHeaderByteCount + payload.count + alignment)
        writer.integer(editMagic)
        writer.integer(UInt32(0))
        writer.integer(CRC32C.checksum(payload, continuing: seed))
        writer.integer(UInt32(payload.count))
        writer.integer(number)
        let head = writer.bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[8...]), continuing: seed) }
        writer.overwrite(head, at: 4)
        writer.append(payload)
        writer.append(zeros: (alignment - writer.count % alignment) % alignment)
        return writer.bytes
    }

    /// What a manifest file holds.
    struct Contents {
        var number: UInt64
        var editNumber: UInt64
        /// Everything up to the last whole edit.
        var state: ManifestState
        var editCount: Int
        /// The last edit was cut off by a crash; it was never acknowledged.
        var hasTornTail: Bool
    }

    /// Reads a whole file. `name` is for the errors, which always say which file is meant.
    static func read(_ bytes: UnsafeRawBufferPointer, name: String) throws(StoreError) -> Contents {
        let (number, salt) = try readHeader(bytes, name: name)
        var contents = Contents(number: number, editNumber: 0, state: ManifestState(), editCount: 0, hasTornTail: false)
        var offset = headerByteCount
        while let edit = edit(in: bytes, at: offset, salt: salt) {
            guard contents.editCount == 0 || edit.number == contents.editNumber + 1 else {
                throw damaged(name, offset, "edit \(edit.number) follows edit \(contents.editNumber)")
            }
            let decoded: ManifestEdit
            do throws(ManifestDecodingError) {
                decoded = try ManifestRecordCoding.decode(edit.payload)
            } catch {
                switch error {
                case .malformed: throw damaged(name, offset, "edit \(edit.number) is whole and makes no sense")
                case .unknown(let what):
                    throw StoreError(.newerFormat, "\(name) holds \(what), which this program does not know; use the newer program")
                }
            }
            do throws(StoreError) { try contents.state.apply(decoded) } catch { throw damaged(name, offset, error.message) }
            contents.editNumber = edit.number
            contents.editCount += 1
            offset = edit.end
        }
        // The file came in force only after its checkpoint was durable.
        guard contents.editCount > 0 else { throw damaged(name, offset, "its checkpoint is not whole") }
        if let later = laterEdit(in: bytes, after: offset, salt: salt, number: contents.editNumber) {
            throw damaged(name, offset, "an edit is not whole, and the one at \(later) behind it is")
        }
        contents.hasTornTail = bytes.dropFirst(offset).contains { $0 != 0 }
        return contents
    }

    static func readHeader(_ bytes: UnsafeRawBufferPointer, name: String) throws(StoreError) -> (number: UInt64, salt: UInt64) {
        var reader = ByteReader(bytes)
        let version: UInt32
        let salt: UInt64
        let number: UInt64
        do throws(ByteCodingError) {
            let magic = try reader.take(8)
            version = try reader.integer()
            try reader.skip(4)
            salt = try reader.integer()
            number = try reader.integer()
            try reader.skip(28)
            let checksum: UInt32 = try reader.integer()
            guard magic.elementsEqual(Self.magic), checksum == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<60])) else {
                throw .truncated
            }
        } catch {
            throw damaged(name, 0, "its header is damaged")
        }
        guard version == Self.version else {
            throw StoreError(
                .newerFormat, "\(name) has manifest format \(version), this program reads \(Self.version); use the newer program")
        }
        return (number, salt)
    }

    struct Edit {
        let number: UInt64
        let payload: UnsafeRawBufferPointer
        /// Where the next edit starts.
        let end: Int
    }

    static func edit(in bytes: UnsafeRawBufferPointer, at offset: Int, salt: UInt64) -> Edit? {
        guard let head = editHead(in: bytes, at: offset, salt: salt) else { return nil }
        var reader = ByteReader(bytes, offset: offset + editHeaderByteCount)
        do throws(ByteCodingError) {
            let payload = try reader.take(head.payloadByteCount)
            guard CRC32C.checksum(payload, continuing: checksum(salt: salt)) == head.payloadChecksum else { return nil }
            return Edit(number: head.number, payload: payload, end: (reader.offset + alignment - 1) / alignment * alignment)
        } catch {
            return nil
        }
    }

    struct EditHead {
        let payloadChecksum: UInt32
        let payloadByteCount: Int
        let number: UInt64
    }

    /// The head of an edit that is whole; its payload may not be.
    static func editHead(in bytes: UnsafeRawBufferPointer, at offset: Int, salt: UInt64) -> EditHead? {
        guard offset + editHeaderByteCount <= bytes.count else { return nil }
        var reader = ByteReader(bytes, offset: offset)
        do throws(ByteCodingError) {
            guard try reader.integer(UInt32.self) == editMagic else { return nil }
            let head: UInt32 = try reader.integer()
            let covered = UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + editHeaderByteCount])
            guard CRC32C.checksum(covered, continuing: checksum(salt: salt)) == head else { return nil }
            let payloadChecksum: UInt32 = try reader.integer()
            let payloadByteCount: UInt32 = try reader.integer()
            return EditHead(
                payloadChecksum: payloadChecksum, payloadByteCount: Int(payloadByteCount), number: try reader.integer())
        } catch {
            return nil
        }
    }

    /// Where a whole edit later than `number` starts behind `offset`. Headers have a checksum of their own, so this is one
    /// cheap pass whatever the bytes are.
    private static func laterEdit(in bytes: UnsafeRawBufferPointer, after offset: Int, salt: UInt64, number: UInt64) -> Int? {
        for candidate in stride(from: offset + alignment, to: bytes.count, by: alignment) {
            if let edit = edit(in: bytes, at: candidate, salt: salt), edit.number > number { return candidate }
        }
        return nil
    }

    private static func checksum(salt: UInt64) -> UInt32 { withUnsafeBytes(of: salt.littleEndian) { CRC32C.checksum($0) } }

    private static func damaged(_ name: String, _ offset: Int, _ reason: String) -> StoreError {
        StoreError(.corrupt, "\(name) is damaged at \(offset): \(reason); restore the data directory from a backup")
    }
}
