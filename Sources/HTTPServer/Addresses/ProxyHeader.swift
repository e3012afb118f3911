/// The header of the PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): what a load balancer sends before the first byte of
/// its client, so that the server learns the client's address. Pure reading; `ProxyHeaderHandler` does the rest.
///
///     v1   PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n        at most 107 bytes
///     v2   12 bytes signature, 1 version and command, 1 family and protocol, 2 length (big-endian), addresses, further fields

import IPAddresses
import NIOCore

package enum ProxyHeader: Equatable, Sendable {
    /// Whose connection it is; nil when the proxy speaks for itself (health checks) or says it does not know.
    case source(IPAddress?, byteCount: Int)
    case needsMore
    case invalid(String)

    package static let maximumTextByteCount = 107
    /// A balancer's further fields: certificates' names, ids. More is no header.
    package static let maximumBinaryByteCount = 4096
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    package init(_ bytes: ByteBufferView) {
        if bytes.starts(with: Self.signature.prefix(bytes.count)) {
            self = Self.binary(Array(bytes.prefix(Self.maximumBinaryByteCount + 1)))
        } else if bytes.starts(with: Array("PROXY ".utf8).prefix(bytes.count)) {
            self = Self.text(Array(bytes.prefix(Self.maximumTextByteCount)))
        } else {
            self = .invalid("the connection does not begin with a PROXY header")
        }
    }

    private static func text(_ bytes: [UInt8]) -> ProxyHeader {
        guard let end = bytes.firstRange(of: [13, 10])?.lowerBound else {
            return bytes.count < maximumTextByteCount ? .needsMore : .invalid("a PROXY header of version 1 has no end")
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        let byteCount = end + 2
        guard words.count >= 2 else { return .invalid("a PROXY header of version 1 names no protocol") }
        if words[1] == "UNKNOWN" { return .source(nil, byteCount: byteCount) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6", let source = IPAddress(words[2]), IPAddress(words[3]) != nil,
            UInt16(words[4]) != nil, UInt16(words[5]) != nil
        else { return .invalid("a PROXY header of version 1 is malformed") }
        return .source(source, byteCount: byteCount)
    }

    private static func binary(_ bytes: [UInt8]) -> ProxyHeader {
        guard bytes.count >= 16 else { return .needsMore }
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        let byteCount = 16 + length
        guard byteCount <= maximumBinaryByteCount else { return .invalid("a PROXY header of version 2 is too long") }
        guard bytes[12] >> 4 == 2 else { return .invalid("a PROXY header has a version that this server does not read") }
        guard bytes.count >= byteCount else { return .needsMore }
        let command = bytes[12] & 0xf
        if command == 0 { return .source(nil, byteCount: byteCount) }
        guard command == 1 else { return .invalid("a PROXY header of version 2 has an unknown command") }
        switch (bytes[13] >> 4, length) {
        case (1, 12...):
            let address = bytes[16..<20].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return .source(IPAddress(version4: address), byteCount: byteCount)
        case (2, 36...): return .source(bytes[16..<32].withUnsafeBytes { IPAddress(bytes: $0) }, byteCount: byteCount)
        case (0, _), (3, _): return .source(nil, byteCount: byteCount)
        default: return .invalid("a PROXY header of version 2 has no addresses of its family")
        }
    }
}
