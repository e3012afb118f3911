import Testing

@testable import HTTPServer

@Suite("UTF-8 in pieces") struct UTF8StreamTests {
    /// Every split of the bytes into two pieces says the same.
    private func isValid(_ bytes: [UInt8]) -> Bool {
        let verdicts = Set(
            (0...bytes.count).map { split in
                var stream = UTF8Stream()
                return stream.accept(bytes[..<split]) && stream.accept(bytes[split...]) && stream.isComplete
            })
        return verdicts == [true]
    }

    @Test("every first byte with the second and third ones that matter is judged as the standard library judges it, however it is cut")
    func everything() {
        let seconds: [UInt8] = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
        let tails: [[UInt8]] = [[], [0x80], [0xbf], [0x41], [0x80, 0x80], [0xbf, 0xbf], [0x80, 0x41], [0xc2, 0x80]]
        var differing: [[UInt8]] = []
        for first in UInt8.min...UInt8.max {
            for second in seconds {
                for tail in tails {
                    let bytes = [first, second] + tail
                    if isValid(bytes) != (String(validating: bytes, as: UTF8.self) != nil) { differing.append(bytes) }
                }
            }
            if isValid([first]) != (first < 0x80) { differing.append([first]) }
        }
        #expect(differing.isEmpty)
    }
}
