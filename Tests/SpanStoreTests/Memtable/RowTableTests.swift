import SeededRandom
import Testing

@testable import SpanStore

@Suite("Rows by hash") struct RowTableTests {
    @Test("finds what a dictionary finds, through growth, replacement and hashes that collide")
    func dictionary() {
        for hashBits in [64, 40, 35] {
            let seed = UInt64.random(in: 0 ... .max)
            var random = SeededGenerator(seed: seed)
            var table = RowTable(slotCount: 4)
            var rowOfKey: [UInt64: UInt32] = [:], keyOfRow: [UInt64] = []
            // Few bits of hash: many keys share what slots keep of it.
            func hash(_ key: UInt64) -> UInt64 { (key &* 0x9E37_79B9_7F4A_7C15) & (hashBits == 64 ? .max : (1 << UInt64(hashBits)) - 1) }
            for step in 0..<1_200 {
                let key = random.next() % 300
                #expect(
                    table.row(hash(key)) { keyOfRow[Int($0)] == key } == rowOfKey[key], "seed \(seed), \(hashBits) bits, step \(step)")
                let row = UInt32(keyOfRow.count)
                keyOfRow.append(key)
                table.reserve(step % 97 == 0 ? 50 : 1)
                let before = table.put(row, hash(key)) { keyOfRow[Int($0)] == key }
                #expect(before == rowOfKey[key], "seed \(seed), \(hashBits) bits, step \(step)")
                rowOfKey[key] = row
            }
            for (key, row) in rowOfKey {
                #expect(table.row(hash(key)) { keyOfRow[Int($0)] == key } == row, "seed \(seed), \(hashBits) bits")
            }
        }
    }
}
