import ByteCoding
import Testing

@Suite("Equality of short texts") struct ShortBytesTests {
    @Test("texts of any length are equal to themselves, and no longer once one byte is another")
    func everyByte() {
        for count in 0..<70 {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            var other = text
            func isEqual() -> Bool {
                // Of an empty text no byte is read.
                text.withUnsafeBytes { a in
                    other.withUnsafeBytes { b in
                        guard let a = a.baseAddress, let b = b.baseAddress else { return text.isEmpty }
                        return ShortBytes.isEqual(a, b, count)
                    }
                }
            }
            #expect(isEqual(), "\(count) bytes")
            for place in 0..<count {
                other[place] ^= 0x40
                #expect(!isEqual(), "byte \(place) of \(count)")
                other[place] ^= 0x40
            }
        }
    }
}
