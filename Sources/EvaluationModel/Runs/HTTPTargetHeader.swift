/// Which header fields a run may send to an endpoint of the user's: those that reach it as they are, and say nothing of how the request is
/// framed.

import ByteCoding

enum HTTPTargetHeader {
    /// Fields that the client writes itself. With a length of one's own the rest of the body would be another request, on a connection that
    /// others use afterwards.
    static let framing: Set<String> = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Why the field cannot be sent; nil when it can.
    static func problem(_ header: JSONMember) -> String? {
        guard let value = header.value.stringValue else { return "is not a text" }
        guard !header.key.isEmpty, header.key.utf8.allSatisfy(isToken) else { return "is no name of a header field" }
        guard !framing.contains(header.key.lowercased()) else { return "is not for a run to say: it frames the request" }
        guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }) else { return "has a value with control characters" }
        return nil
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
