import IPAddresses
import Testing

@testable import Access

@Suite struct AllowedNetworksTests {
    @Test("a list that cannot be read allows nothing; an empty one allows all")
    func lists() {
        #expect(AllowedNetworks([]).allow(nil))
        #expect(!AllowedNetworks(["nonsense"]).allow(IPAddress("192.0.2.1")))
        #expect(!AllowedNetworks(["0.0.0.0/0"]).allow(nil))
        #expect(!AllowedNetworks(["0.0.0.0/0"]).allow(IPAddress("2001:db8::1")), "IPv4's whole is not IPv6's")
        #expect(AllowedNetworks(["10.0.0.0/8", "192.0.2.1"]).allow(IPAddress("192.0.2.1")))
    }
}
