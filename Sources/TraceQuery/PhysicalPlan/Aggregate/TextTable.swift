import ByteCoding

/// Numbers distinct texts from 0, in the order they come: open addressing over hashes, the texts themselves in one buffer.
/// Looking up a known text allocates nothing.
struct TextTable {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = [0]
    private var hashes: [UInt64] = []
    /// Number + 1 of the text in each slot; 0 where there is none.
    private var slots = [UInt32](repeating: 0, count: 16)

    /// Memory, roughly.
    var byteCount: Int { bytes.count + hashes.count * 24 }

    mutating func number(of text: UnsafeRawBufferPointer) -> UInt32 {
        // An empty buffer may have no address; its hash is the seed's.
        let hash = text.baseAddress.map { ShortHash.hash($0, count: text.count, seed: DenseTable.seed) } ?? DenseTable.seed
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot] &- 1)
            if hashes[number] == hash, isEqual(number, text) { return UInt32(number) }
            slot = (slot &+ 1) & mask
        }
        bytes.append(contentsOf: text)
        offsets.append(bytes.count)
        hashes.append(hash)
        slots[slot] = UInt32(hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return UInt32(hashes.count - 1)
    }

    /// The text of a number that was given.
    func text(of number: Int) -> String { withBytes(of: number) { String(decoding: $0, as: UTF8.self) } }

    func withBytes<Result>(of number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offsets[number]..<offsets[number + 1]])) }
    }

    private func isEqual(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        withBytes(of: number) { ByteSearch.equal($0, text) }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        let mask = slots.count &- 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }
}
