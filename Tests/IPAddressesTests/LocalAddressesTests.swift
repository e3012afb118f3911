import IPAddresses
import Testing

@Suite("Addresses of this machine")
struct LocalAddressesTests {
    @Test("include the loopback interface's")
    func own() { #expect(IPAddress.ofThisMachine().contains { $0.isLoopback }) }

    @Test("are found behind names and behind addresses as text")
    func resolving() throws {
        #expect(IPAddress.resolving("localhost").contains { $0.isLoopback })
        #expect(IPAddress.resolving("192.0.2.1") == [try #require(IPAddress("192.0.2.1"))])
        #expect(IPAddress.resolving("2001:db8::1") == [try #require(IPAddress("2001:db8::1"))])
        #expect(IPAddress.resolving("").isEmpty)
    }

    @Test("are loopback's, or none at all", arguments: ["127.0.0.1", "127.255.0.9", "::ffff:127.0.0.1", "::1", "0.0.0.0", "::"])
    func loopback(text: String) throws { #expect(try #require(IPAddress(text)).isLoopback) }

    @Test("are not those of others", arguments: ["128.0.0.1", "10.0.0.1", "::2", "2001:db8::1"])
    func others(text: String) throws { #expect(try !#require(IPAddress(text)).isLoopback) }
}
