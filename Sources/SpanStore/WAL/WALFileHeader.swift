import ByteCoding

/// The first 4 KiB of a log file.
///
/// The header proper has 128 bytes and stands twice in the page, at 0 and at 2,048, so that each copy lies within one
/// disk sector: a crash while a recycled file gets its new header leaves in each place the old or the new one, whole.
/// The copy whose file number is the one in the file's name counts. The rest of the page is zeros. Little-endian.
///
///     offset  bytes  field
///          0      8  magic "SPNDLWAL"
///          8      4  format version (2; in files of version 1 are no groups of copies, and bytes 72 to 79 are zeros)
///         12      4  size of the header page (4,096): where the first group starts
///         16      8  salt: random per use of the file; goes into every checksum of its groups
///         24      8  file number, as in the name
///         32      8  LSN from which this file's entries start
///         40      8  number of the file before; 0 for none
///         48      8  LSN to which the file before is valid: what it holds beyond was never acknowledged
///         56      8  node id
///         64      8  size of the file
///         72      8  byte offset to which the file before is valid; 0 where that is not known
///         80     44  zeros
///        124      4  CRC-32C of bytes 0 to 123; in this place in every version
struct WALFileHeader: Equatable, Sendable {
    var salt: UInt64
    var fileNumber: UInt64
    var firstLSN: UInt64
    var previousFileNumber: UInt64
    var previousValidThroughLSN: UInt64
    var nodeID: UInt64
    var fileByteCount: UInt64
    /// 0 where it is not known.
    var previousEndByteOffset: UInt64 = 0

    static let magic: [UInt8] = Array("SPNDLWAL".utf8)
    static let version: UInt32 = 2
    private static let firstVersion: UInt32 = 1
    static let byteCount = 128
    static let copyOffsets = [0, 2048]
    /// Not reached in a thousand years; keeps arithmetic with LSNs that were read from overflowing.
    static let maximumLSN = UInt64.max / 4
    /// The unit of the whole file: the header page and every group start on a multiple of it.
    static let pageByteCount = 4096

    /// The whole page.
    func encoded() -> [UInt8] {
        var copy = ByteWriter(reserving: Self.byteCount)
        copy.append(Self.magic)
        copy.integer(Self.version)
        copy.integer(UInt32(Self.pageByteCount))
        copy.integer(salt)
        copy.integer(fileNumber)
        copy.integer(firstLSN)
        copy.integer(previousFileNumber)
        copy.integer(previousValidThroughLSN)
        copy.integer(nodeID)
        copy.integer(fileByteCount)
        copy.integer(previousEndByteOffset)
        copy.append(zeros: Self.byteCount - 4 - copy.count)
        copy.integer(CRC32C.checksum(copy.bytes))
        var page = [UInt8](repeating: 0, count: Self.pageByteCount)
        for offset in Self.copyOffsets { page.replaceSubrange(offset..<offset + Self.byteCount, with: copy.bytes) }
        return page
    }

    /// What a header page says about its file.
    enum Reading: Equatable {
        case begun(WALFileHeader)
        /// Empty, zeros, or the header of an earlier use: nothing of this number was ever acknowledged from it.
        case notBegun
        case damaged
        case newerVersion(UInt32)
    }

    static func read(page: UnsafeRawBufferPointer, fileNumber: UInt64) -> Reading {
        var sawOther = false
        for offset in copyOffsets where offset + byteCount <= page.count {
            switch read(copy: UnsafeRawBufferPointer(rebasing: page[offset..<offset + byteCount])) {
            case .begun(let header) where header.fileNumber == fileNumber: return .begun(header)
            case .newerVersion(let version): return .newerVersion(version)
            case .begun, .notBegun: sawOther = true
            case .damaged: break
            }
        }
        return sawOther || page.count < byteCount ? .notBegun : .damaged
    }

    private static func read(copy: UnsafeRawBufferPointer) -> Reading {
        if copy.allSatisfy({ $0 == 0 }) { return .notBegun }
        var reader = ByteReader(copy)
        do throws(ByteCodingError) {
            let magic = try reader.take(8)
            let version: UInt32 = try reader.integer()
            let pageByteCount: UInt32 = try reader.integer()
            var header = WALFileHeader(
                salt: 0, fileNumber: 0, firstLSN: 0, previousFileNumber: 0, previousValidThroughLSN: 0, nodeID: 0, fileByteCount: 0)
            header.salt = try reader.integer()
            header.fileNumber = try reader.integer()
            header.firstLSN = try reader.integer()
            header.previousFileNumber = try reader.integer()
            header.previousValidThroughLSN = try reader.integer()
            header.nodeID = try reader.integer()
            header.fileByteCount = try reader.integer()
            header.previousEndByteOffset = try reader.integer()
            try reader.skip(44)
            let checksum: UInt32 = try reader.integer()
            guard magic.elementsEqual(Self.magic), checksum == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: copy[..<124])) else {
                return .damaged
            }
            if version > Self.version { return .newerVersion(version) }
            guard version >= Self.firstVersion, pageByteCount == UInt32(Self.pageByteCount),
                max(header.firstLSN, header.previousValidThroughLSN) <= Self.maximumLSN
            else { return .damaged }
            return .begun(header)
        } catch {
            return .damaged
        }
    }
}
