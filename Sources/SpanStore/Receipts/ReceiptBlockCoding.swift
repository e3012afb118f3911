import ByteCoding

/// Files of receipts, little-endian. A file is a header and blocks; a block is what was made durable together, its receipts in the order
/// of their LSNs.
///
///     file header
///          0      8  "SPNDLRCP"
///          8      4  version, 1
///         12      4  zeros
///
///     block header
///          0      4  CRC-32C of bytes 4 to 47
///          4      4  length of the payload
///          8      4  CRC-32C of the payload
///         12      4  number of receipts
///         16      8  first LSN
///         24      8  last LSN
///         32      8  receive time of the first, ns since 1970
///         40      8  receive time of the last
///
///     payload, for each receipt
///     varint    LSN, as its distance from the one before (the first from the block's first)
///     varint    receive time, likewise
///     varint    from there to when its spans were visible, ns
///     varint    stored spans
///     varint    refused spans as told in the reply
///     varint n, n bytes of UTF-8: the reply's message
///     the refused spans, as ReceiptRejection has them
///
/// Where a block's header makes no sense the file ends: that is what a crash in the middle of a write leaves, whose receipts the log
/// still has.
enum ReceiptBlockCoding {
    static let magic = Array("SPNDLRCP".utf8)
    static let fileHeaderByteCount = 16
    static let headerByteCount = 48

    /// A block's header.
    struct Header: Equatable, Sendable {
        var payloadByteCount: Int
        var payloadChecksum: UInt32
        var count: Int
        var lsns: ClosedRange<UInt64>
        var firstReceivedUnixNano: UInt64
        var lastReceivedUnixNano: UInt64
    }

    static var fileHeader: [UInt8] {
        var writer = ByteWriter()
        writer.append(magic)
        writer.integer(UInt32(1))
        writer.integer(UInt32(0))
        return writer.bytes
    }

    /// - Parameter receipts: at least one, in the order of their LSNs.
    static func encode(_ receipts: ArraySlice<ExportReceipt>, into writer: inout ByteWriter) -> Header? {
        guard let first = receipts.first, let last = receipts.last else { return nil }
        var payload = ByteWriter(reserving: receipts.count * 16)
        var lsn = first.lsn, received = first.receivedUnixNano
        for receipt in receipts {
            payload.varint(receipt.lsn &- lsn)
            payload.varint(receipt.receivedUnixNano &- received)
            payload.varint(receipt.visibleUnixNano &- receipt.receivedUnixNano)
            payload.varint(max(0, receipt.storedSpanCount))
            payload.varint(max(0, receipt.reply.rejectedSpanCount))
            payload.lengthPrefixed(receipt.reply.errorMessage)
            ReceiptRejection.encode(receipt.rejections, into: &payload)
            lsn = receipt.lsn
            received = receipt.receivedUnixNano
        }
        let header = Header(
            payloadByteCount: payload.count, payloadChecksum: checksum(payload.bytes), count: receipts.count, lsns: first.lsn...last.lsn,
            firstReceivedUnixNano: first.receivedUnixNano, lastReceivedUnixNano: last.receivedUnixNano)
        let start = writer.count
        writer.integer(UInt32(0))
        writer.integer(UInt32(payload.count))
        writer.integer(header.payloadChecksum)
        writer.integer(UInt32(receipts.count))
        writer.integer(first.lsn)
        writer.integer(last.lsn)
        writer.integer(first.receivedUnixNano)
        writer.integer(last.receivedUnixNano)
        writer.overwrite(checksum(Array(writer.bytes[(start + 4)...])), at: start)
        writer.append(payload.bytes)
        return header
    }

    /// Nil where no block begins.
    static func header(_ bytes: [UInt8]) -> Header? {
        guard bytes.count == headerByteCount else { return nil }
        return bytes.withUnsafeBytes { raw -> Header? in
            var reader = ByteReader(raw)
            do throws(ByteCodingError) {
                let sum: UInt32 = try reader.integer()
                guard sum == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[4...])) else { return nil }
                let payloadByteCount: UInt32 = try reader.integer()
                let payloadChecksum: UInt32 = try reader.integer()
                let count: UInt32 = try reader.integer()
                let firstLSN: UInt64 = try reader.integer()
                let lastLSN: UInt64 = try reader.integer()
                let firstReceived: UInt64 = try reader.integer()
                let lastReceived: UInt64 = try reader.integer()
                guard firstLSN <= lastLSN else { return nil }
                return Header(
                    payloadByteCount: Int(payloadByteCount), payloadChecksum: payloadChecksum, count: Int(count), lsns: firstLSN...lastLSN,
                    firstReceivedUnixNano: firstReceived, lastReceivedUnixNano: lastReceived)
            } catch {
                return nil
            }
        }
    }

    /// The receipt of an LSN in a block's payload; nil when it has none or is damaged.
    static func receipt(_ lsn: UInt64, in payload: [UInt8], _ header: Header) -> ExportReceipt? {
        var found: ExportReceipt?
        guard isWhole(payload, header) else { return nil }
        let isRead = forEach(in: payload, header) { receipt in
            if receipt.lsn == lsn { found = receipt }
            return receipt.lsn < lsn
        }
        return isRead ? found : nil
    }

    /// All receipts of a block; nil when it is damaged.
    static func receipts(in payload: [UInt8], _ header: Header) -> [ExportReceipt]? {
        guard isWhole(payload, header) else { return nil }
        var receipts: [ExportReceipt] = []
        let isRead = forEach(in: payload, header) { receipt in
            receipts.append(receipt)
            return true
        }
        return isRead ? receipts : nil
    }

    /// In order, until the body answers false. False where one cannot be read.
    private static func forEach(in payload: [UInt8], _ header: Header, _ body: (ExportReceipt) -> Bool) -> Bool {
        payload.withUnsafeBytes { raw -> Bool in
            var reader = ByteReader(raw)
            var current = header.lsns.lowerBound, received = header.firstReceivedUnixNano
            do throws(ByteCodingError) {
                for _ in 0..<header.count {
                    current &+= try reader.varint()
                    received &+= try reader.varint()
                    let receipt = ExportReceipt(
                        lsn: current, receivedUnixNano: received, visibleUnixNano: received &+ (try reader.varint()),
                        storedSpanCount: try reader.count(),
                        reply: StoredReply(
                            rejectedSpanCount: try reader.count(),
                            errorMessage: String(decoding: try reader.lengthPrefixed(), as: UTF8.self)),
                        rejections: try ReceiptRejection.decode(&reader))
                    if !body(receipt) { return true }
                }
            } catch {
                return false
            }
            return true
        }
    }

    /// Whether a payload is the one that its header was written for.
    static func isWhole(_ payload: [UInt8], _ header: Header) -> Bool {
        payload.count == header.payloadByteCount && checksum(payload) == header.payloadChecksum
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.checksum($0) } }
}
