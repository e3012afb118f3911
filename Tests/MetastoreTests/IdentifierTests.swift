import PostgresTesting
import SeededRandom
import Testing
import TraceModel

@testable import Metastore

@Suite struct IdentifierTests {
    @Test("a UUIDv7 holds its time, version, variant and random bits where RFC 9562 puts them")
    func layout() {
        // Appendix A.6 of the RFC: 2022-02-22 19:22:22 UTC, with our fraction in rand_a.
        let bits = UUIDv7.make(unixNano: 1_645_557_742_000_000_000, random: .max)
        #expect(ProjectID(high: bits.high, low: bits.low).uuid == "017f22e2-79b0-7000-bfff-ffffffffffff")
        #expect(UUIDv7.make(unixNano: 999_999, random: 0).high == 0x7fff)
        #expect(UUIDv7.make(unixNano: -5, random: 0).low == 0x8000_0000_0000_0000)
    }

    @Test("ids sort by the time they were made, and differ")
    func order() {
        var random = SeededGenerator(seed: TestSeed.value)
        for _ in 0..<1_000 {
            let time = Int64.random(in: 0...(1 << 60), using: &random), later = time + Int64.random(in: 250...1_000_000_000, using: &random)
            #expect(UUIDv7.make(unixNano: time, random: random.next()).high < UUIDv7.make(unixNano: later, random: random.next()).high)
        }
        #expect(Set((0..<10_000).map { _ in TaskID.make() }).count == 10_000)
    }

    @Test("an id is read from its text and nothing else")
    func text() {
        let id = APIKeyID.make()
        #expect(APIKeyID(uuid: id.uuid) == id && APIKeyID(uuid: id.uuid.uppercased()) == id)
        for text in ["", "x", String(id.uuid.dropLast()), id.uuid + "0", "{\(id.uuid)}"] { #expect(APIKeyID(uuid: text) == nil) }
    }
}
