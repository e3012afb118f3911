import IPAddresses
import Testing

@Suite("Addresses and networks")
struct IPNetworkTests {
    @Test(
        "networks contain what they say",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("2001:db8::/32", "2001:db8:1::1", true),
            ("::/0", "10.0.0.1", true),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("2001:db8::/127", "2001:db8::2", false), ("fe80::/10", "fe80::1", true),
        ])
    func networks(_ network: String, _ address: String, _ expected: Bool) throws {
        let (network, address) = (try #require(IPNetwork(network)), try #require(IPAddress(address)))
        #expect(network.contains(address) == expected)
    }

    @Test(
        "networks contain those that are part of them",
        arguments: [
            ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "10.0.0.0/8", true), ("10.1.0.0/16", "10.0.0.0/8", false),
            ("0.0.0.0/0", "2001:db8::/32", false), ("::/0", "10.0.0.0/8", true), ("2001:db8::/32", "2001:db9::/48", false),
        ])
    func parts(_ network: String, _ part: String, _ expected: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPNetwork(part))) == expected)
    }

    @Test("addresses are written as they are read", arguments: ["192.0.2.1", "2001:db8::1", "::1"])
    func text(_ text: String) { #expect(IPAddress(text)?.description == text) }

    @Test(
        "a port is read only where it is asked for",
        arguments: [("192.0.2.1:80", "192.0.2.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("[::1]", "::1"), ("2001:db8::1", "2001:db8::1")])
    func ports(_ text: String, _ address: String) {
        #expect(IPAddress(maybeWithPort: text)?.description == address)
        #expect((IPAddress(text) == nil) == (text != address))
    }

    @Test(
        "reads networks as operators write them and refuses slips",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1/32"), ("::/0", "::/0"), ("0.0.0.0/0", "0.0.0.0/0"), ("::1", "::1/128"),
            ("10.1.0.0/8", nil), ("10.0.0.0/33", nil), ("10.0.0.0/-1", nil), ("10.0.0.0/", nil), ("10.0.0.0/8/8", nil), ("10/8", nil),
            ("010.0.0.1", nil), ("localhost", nil), ("", nil), ("/", nil), ("fe80::1%eth0", nil), ("0x7f000001", nil),
        ])
    func networks(text: String, expected: String?) {
        #expect(IPNetwork(text)?.description == expected)
    }
}
