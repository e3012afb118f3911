/// Which header fields may be put into a request that libcurl frames: those that reach the server as they are, and say nothing of where
/// the request ends or what becomes of its connection.

package enum HTTPFieldRules {
    package enum Fault: Sendable, Equatable { case name, framing, value }

    /// Fields that the client writes itself. With a length of one's own the rest of the body would be another request, on a connection that
    /// others use afterwards.
    private static let framing: Set<String> = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Why the field cannot be sent; nil when it can.
    package static func fault(name: String, value: String) -> Fault? {
        guard !name.isEmpty, name.utf8.allSatisfy(isToken) else { return .name }
        guard !framing.contains(name.lowercased()) else { return .framing }
        return value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) } ? nil : .value
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
