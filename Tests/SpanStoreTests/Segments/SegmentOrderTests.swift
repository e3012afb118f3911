import SeededRandom
import Testing

@testable import SpanStore

@Suite("Sorting rows by a key")
struct SegmentOrderTests {
    @Test("gives the order of the leading bits, and keeps that of equal ones", arguments: TestSeed.several(20))
    func radixSort(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = [0, 1, 2, 100, 511, 512, 5_000].randomElement(using: &random)!
        let leading = [1, 11, 33, 64].randomElement(using: &random)!
        // Keys that differ everywhere, in their upper or lower bits only, or hardly at all.
        let mask = [UInt64.max, 0xFFFF_FF00_0000_0000, 0xFFFF, 3 << 40, 0].randomElement(using: &random)!
        let common = UInt64.random(in: .min ... .max, using: &random) & ~mask
        let items = (0..<count).map {
            RadixSort.Item(key: common | UInt64.random(in: .min ... .max, using: &random) & mask, row: UInt32($0))
        }
        var sorted = items
        RadixSort.sort(&sorted, byLeadingBits: leading)
        let expected = items.sorted { ($0.key >> (64 - leading), $0.row) < ($1.key >> (64 - leading), $1.row) }
        #expect(sorted.map(\.row) == expected.map(\.row), "\(TestSeed.hint(seed))")
        #expect(sorted.map(\.key) == expected.map(\.key))
    }
}
