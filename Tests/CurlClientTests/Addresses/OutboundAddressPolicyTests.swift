import CurlClient
import IPAddresses
import Testing

@Suite("The outbound address policy")
struct OutboundAddressPolicyTests {
    @Test(
        "refuses what is not public",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
            "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
            "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::2", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1", "2001:2::1",
            "2001:10::1", "2001:20::1", "3fff::1", "5f00::1", "4000::1", "64:ff9b:1::808:808",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:169.254.169.254", "::127.0.0.1", "::10.1.2.3", "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::5",
            "2001:0:7f00:1::f7f7:f7f7", "2001:0:808:808::80ff:fffe",
        ])
    func refused(text: String) throws {
        #expect(OutboundAddressPolicy.publicOnly.refusal(of: try #require(IPAddress(text))) != nil)
    }

    @Test(
        "lets public addresses pass, wrapped ones too",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
            "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0",
            "223.255.255.255", "2606:4700::1111", "2a00:1450:4001:829::200e", "2001:4860:4860::8888", "::ffff:8.8.8.8",
            "64:ff9b::808:808", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7",
        ])
    func allowed(text: String) throws {
        #expect(OutboundAddressPolicy.publicOnly.refusal(of: try #require(IPAddress(text))) == nil)
    }

    @Test("lets the networks pass which the operator allows, and no others")
    func operatorNetworks() throws {
        let policy = OutboundAddressPolicy(allowing: try ["10.1.0.0/16", "fd00::/8"].map { try #require(IPNetwork($0)) })
        for text in ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "fd12::1", "8.8.8.8"] {
            #expect(policy.refusal(of: try #require(IPAddress(text))) == nil, "\(text)")
        }
        for text in ["10.2.0.0", "10.0.255.255", "127.0.0.1", "fc00::1"] {
            #expect(policy.refusal(of: try #require(IPAddress(text))) != nil, "\(text)")
        }
        #expect(OutboundAddressPolicy.operatorConfigured.refusal(of: try #require(IPAddress("127.0.0.1"))) == nil)
    }

    @Test(
        "says what an address is",
        arguments: [("127.0.0.1", "loopback"), ("::ffff:10.0.0.1", "private"), ("fd00::1", "unique local")])
    func reasons(text: String, reason: String) throws {
        #expect(OutboundAddressPolicy.publicOnly.refusal(of: try #require(IPAddress(text))) == reason)
    }
}
