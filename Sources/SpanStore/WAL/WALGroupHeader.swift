import ByteCoding

/// The head of a group: what one fdatasync made durable together. A group starts on a 4 KiB boundary, its entries follow
/// the header without gaps, zeros fill the last page. Little-endian.
///
///     offset  bytes  field
///          0      4  magic "SPWG"
///          4      4  CRC-32C over the file's salt (8 bytes) and bytes 8 to 63 of this header
///          8      4  CRC-32C over the file's salt and the payload
///         12      4  payload length in bytes, without header and padding
///         16      4  number of entries; 0 only in the final marker
///         20      4  flags: 1 = final marker, the log was closed in order; 2 = copies of entries of older files (WALCopies)
///         24      8  LSN of the first entry (of marker and copies: the next LSN)
///         32      8  durable LSN: every entry up to it was on disk when this group was written
///         40      8  byte offset of this group in the file
///         48     16  zeros
///
/// Both checksums contain the salt, so neither the bytes of an earlier use of the file nor bytes a sender put into a body
/// can pass for a group. The header has a checksum of its own so that a length is known to be right before that many
/// bytes are read.
struct WALGroupHeader: Equatable, Sendable {
    var payloadChecksum: UInt32 = 0
    var payloadByteCount: Int
    var entryCount: Int
    var kind: Kind
    var firstLSN: UInt64
    var durableLSN: UInt64
    var byteOffset: Int

    static let magic: UInt32 = 0x4757_5053
    static let byteCount = 64

    /// The raw value stands in the flags.
    enum Kind: UInt32 {
        case entries = 0
        case finalMarker = 1
        /// Its entries have LSNs of their own, which rise and lie below the group's.
        case copies = 2
    }

    var isFinalMarker: Bool { kind == .finalMarker }

    /// LSN of the last entry that is new; for a group without one the LSN before the next.
    var lastLSN: UInt64 { kind == .entries ? firstLSN &+ UInt64(entryCount) &- 1 : firstLSN &- 1 }
    /// Header, payload and padding.
    var paddedByteCount: Int { Self.paddedByteCount(payloadByteCount: payloadByteCount) }

    static func paddedByteCount(payloadByteCount: Int) -> Int {
        let page = WALFileHeader.pageByteCount
        return (byteCount + payloadByteCount + page - 1) / page * page
    }

    func encoded(salt: UInt64) -> [UInt8] {
        var writer = ByteWriter(reserving: Self.byteCount)
        writer.integer(Self.magic)
        writer.integer(UInt32(0))
        writer.integer(payloadChecksum)
        writer.integer(UInt32(payloadByteCount))
        writer.integer(UInt32(entryCount))
        writer.integer(kind.rawValue)
        writer.integer(firstLSN)
        writer.integer(durableLSN)
        writer.integer(UInt64(byteOffset))
        writer.append(zeros: Self.byteCount - writer.count)
        let checksum = writer.bytes.withUnsafeBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[8...]), continuing: Self.checksum(salt: salt))
        }
        writer.overwrite(checksum, at: 4)
        return writer.bytes
    }

    /// The header at `byteOffset` of a file, or nil if what stands there is none of this use of the file.
    static func read(_ bytes: UnsafeRawBufferPointer, salt: UInt64, byteOffset: Int) -> WALGroupHeader? {
        guard bytes.count >= byteCount else { return nil }
        let head = UnsafeRawBufferPointer(rebasing: bytes[..<byteCount])
        var reader = ByteReader(head)
        do throws(ByteCodingError) {
            guard try reader.integer(UInt32.self) == magic else { return nil }
            let checksum: UInt32 = try reader.integer()
            guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: head[8...]), continuing: Self.checksum(salt: salt)) == checksum else {
                return nil
            }
            let payloadChecksum: UInt32 = try reader.integer()
            let payloadByteCount: UInt32 = try reader.integer()
            let entryCount: UInt32 = try reader.integer()
            let kind = Kind(rawValue: try reader.integer())
            let firstLSN: UInt64 = try reader.integer()
            let durableLSN: UInt64 = try reader.integer()
            let offset: UInt64 = try reader.integer()
            guard let kind, offset == UInt64(byteOffset), (kind == .finalMarker) == (entryCount == 0), firstLSN > 0,
                durableLSN < firstLSN, firstLSN <= WALFileHeader.maximumLSN
            else { return nil }
            return WALGroupHeader(
                payloadChecksum: payloadChecksum, payloadByteCount: Int(payloadByteCount), entryCount: Int(entryCount),
                kind: kind, firstLSN: firstLSN, durableLSN: durableLSN, byteOffset: byteOffset)
        } catch {
            return nil
        }
    }

    /// The checksum after the salt, from which both checksums go on.
    static func checksum(salt: UInt64) -> UInt32 {
        withUnsafeBytes(of: salt.littleEndian) { CRC32C.checksum($0) }
    }
}
