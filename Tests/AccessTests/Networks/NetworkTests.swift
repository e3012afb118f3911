import PostgresTesting
import Testing

@testable import Access

@Suite struct NetworkTests {
    @Test("addresses and networks are read and written as PostgreSQL does")
    func texts() {
        for text in ["192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0", "::1/128"] {
            #expect(Network(text)?.description == text)
        }
        #expect(Network("192.0.2.1")?.description == "192.0.2.1/32")
        #expect(NetworkAddress("::ffff:192.0.2.1") == NetworkAddress("192.0.2.1"))
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "/", "192.0.2.1/24", "192.0.2.0/33", "192.0.2/24", "::/129", "::1/64", "192.0.2.0/-1", "192.0.2.0/ 24", "192.0.2.0/024x",
            "a",
            "192.0.2.0/24/1", "01.2.3.4", "1.2.3.4%eth0",
        ])
    func refused(text: String) { #expect(Network(text) == nil) }

    @Test("a network holds exactly the addresses that share its first bits")
    func containment() {
        var generator = SeededGenerator(seed: TestSeed.value)
        for _ in 0..<2_000 {
            let address = NetworkAddress(high: generator.next(), low: generator.next()), prefix = Int.random(in: 0...128, using: &generator)
            let network = Network("\(address.masked(to: prefix))/\(prefix)")
            guard let network, !address.masked(to: prefix).isIPv4 else { continue }
            #expect(network.contains(address))
            let bit = Int.random(in: 0..<128, using: &generator)
            let flipped =
                bit < 64
                ? NetworkAddress(high: address.high ^ 1 << UInt64(63 - bit), low: address.low)
                : NetworkAddress(high: address.high, low: address.low ^ 1 << UInt64(127 - bit))
            #expect(network.contains(flipped) == (bit >= prefix), "bit \(bit) of /\(prefix)")
        }
    }

    @Test("a list that cannot be read allows nothing; an empty one allows all")
    func lists() {
        #expect(AllowedNetworks([]).allow(nil))
        #expect(!AllowedNetworks(["nonsense"]).allow(NetworkAddress("192.0.2.1")))
        #expect(!AllowedNetworks(["0.0.0.0/0"]).allow(nil))
        #expect(!AllowedNetworks(["0.0.0.0/0"]).allow(NetworkAddress("2001:db8::1")), "IPv4's whole is not IPv6's")
    }
}
