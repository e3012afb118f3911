/// The id of a receipt: what it is of, sealed with the store's secret for one project.
///
///     15 bytes  tag: HMAC-SHA-256 over project and content, its beginning
///     17 bytes  content, masked by HMAC-SHA-256 over the tag: kind, LSN, receive time
///
/// As 64 hexadecimal digits. Nothing has to be kept for an id to be known: that of a request whose answer was lost in a crash is as good as
/// any, and so is that of a repetition, of which nothing else is stored. Nobody without the secret can make one, or tell from one how many
/// requests came in between; and the id of one project is noise in another.

import ByteCoding
import Crypto
import TraceModel

package struct ReceiptID: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        /// Of a request that is in the log.
        case first = 1
        /// Of a repetition; the LSN is the first one's.
        case repetition = 2
        /// Of a request without spans: nothing is stored of it, and its LSN is 0.
        case empty = 3
    }

    package var kind: Kind
    package var lsn: UInt64
    package var receivedUnixNano: UInt64

    package init(_ kind: Kind, lsn: UInt64, receivedUnixNano: UInt64) {
        self.kind = kind
        self.lsn = lsn
        self.receivedUnixNano = receivedUnixNano
    }

    private static let contentByteCount = 17

    fileprivate var content: [UInt8] {
        var writer = ByteWriter(reserving: Self.contentByteCount)
        writer.integer(kind.rawValue)
        writer.integer(lsn)
        writer.integer(receivedUnixNano)
        return writer.bytes
    }

    fileprivate init?(content: [UInt8]) {
        let decoded = content.withUnsafeBytes { raw -> ReceiptID? in
            var reader = ByteReader(raw)
            guard let kind = try? Kind(rawValue: reader.integer(UInt8.self)), let lsn = try? reader.integer(UInt64.self),
                let received = try? reader.integer(UInt64.self), reader.isAtEnd
            else { return nil }
            return ReceiptID(kind, lsn: lsn, receivedUnixNano: received)
        }
        guard let decoded else { return nil }
        self = decoded
    }
}

/// Makes ids of receipts, and reads them.
package struct ReceiptSeal: Sendable {
    private let key: SymmetricKey

    private static let tagByteCount = 15
    /// Of an id as text.
    package static let digitCount = 64

    /// - Parameter secret: of the store, at least 16 bytes.
    package init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    package func text(_ id: ReceiptID, of project: ProjectID) -> String {
        let content = id.content, tag = tag(content, project)
        return Self.hex(tag + masked(content, tag))
    }

    /// Nil for what is no id, was made up, or belongs to another project.
    package func id(_ text: String, of project: ProjectID) -> ReceiptID? {
        guard let bytes = Self.bytes(text) else { return nil }
        let tag = Array(bytes.prefix(Self.tagByteCount)), content = masked(Array(bytes.dropFirst(Self.tagByteCount)), tag)
        let expected = self.tag(content, project)
        // Every byte is looked at, so that time says nothing of how many are right.
        guard zip(tag, expected).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
        return ReceiptID(content: content)
    }

    private func tag(_ content: [UInt8], _ project: ProjectID) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("spandrel receipt".utf8))
        var writer = ByteWriter(reserving: 16)
        writer.integer(project.high)
        writer.integer(project.low)
        code.update(data: writer.bytes)
        code.update(data: content)
        return Array(code.finalize().prefix(Self.tagByteCount))
    }

    private func masked(_ content: [UInt8], _ tag: [UInt8]) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("spandrel receipt mask".utf8))
        code.update(data: tag)
        return zip(content, code.finalize()).map { $0 ^ $1 }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == digitCount else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digitCount, by: 2) {
            guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
