import HTTPTypes
import IPAddresses
import NIOCore
import Testing

@testable import HTTPServer

@Suite("Where requests come from")
struct AddressTests {
    private static func networks(_ texts: String...) -> [IPNetwork] { texts.compactMap { IPNetwork($0) } }

    @Test(
        "of the forwarded addresses the rightmost that is no trusted proxy counts, and none from anybody else",
        arguments: [
            ("10.0.0.1", "203.0.113.5", "203.0.113.5"), ("10.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
            ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"), ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "unknown", "10.0.0.1"), ("10.0.0.1", "203.0.113.5:1234", "203.0.113.5"),
            ("10.0.0.1", "[2001:db8::1]:99", "2001:db8::1"),
            ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ])
    func forwarded(_ peer: String, _ header: String, _ expected: String) {
        let origin = ForwardedOrigin(
            peer: IPAddress(peer), isSecure: false,
            headers: [.forwardedFor: header, .forwardedProto: "https", .forwardedHost: "api.example"],
            trustedProxies: Self.networks("10.0.0.0/8"))
        #expect(origin.remoteAddress?.description == expected)
        #expect(origin.isSecure == peer.hasPrefix("10."))
        #expect(origin.host == (peer.hasPrefix("10.") ? "api.example" : nil))
    }

    @Test("PROXY headers of both versions are read to their last byte")
    func proxyHeaders() {
        func read(_ bytes: [UInt8]) -> ProxyHeader { ProxyHeader(ByteBuffer(bytes: bytes).readableBytesView) }
        let text = Array("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\nGET".utf8)
        #expect(read(text) == .source(IPAddress("192.0.2.1"), byteCount: text.count - 3))
        #expect(read(Array("PROXY UNKNOWN\r\n".utf8)) == .source(nil, byteCount: 15))
        #expect(read(Array("PRO".utf8)) == .needsMore)
        let binary = ProxyHeader.signature + [0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 7, 1, 2, 3, 4]
        #expect(read(binary + [71]) == .source(IPAddress("192.0.2.1"), byteCount: binary.count))
        #expect(read(Array(binary.dropLast())) == .needsMore)
        #expect(read(ProxyHeader.signature + [0x20, 0, 0, 0]) == .source(nil, byteCount: 16))
        for bad in [
            "GET / HTTP/1.1\r\n", "PROXY TCP4 x y 1 2\r\n", "PROXY \(String(repeating: "x", count: 120))",
            "PROXY TCP4 1.2.3.4 1.2.3.4 1 99999\r\n",
        ] {
            guard case .invalid = read(Array(bad.utf8)) else {
                Issue.record("\(bad) was read")
                continue
            }
        }
    }
}
