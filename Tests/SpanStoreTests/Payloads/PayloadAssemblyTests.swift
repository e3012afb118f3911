import Glibc
import SeededRandom
import Testing

@testable import SpanStore

@Suite("Payload assembly")
struct PayloadAssemblyTests {
    @Test("values are put together from runs in any order, shared or not, and every part is read once")
    func assembly() throws {
        var random = SeededGenerator(seed: TestSeed.value)
        let parts = (0..<300).map { _ in random.bytes(Int.random(in: 0...40, using: &random)) }
        for _ in 0..<50 {
            var assembly = PayloadAssembly()
            var expected: [[UInt8]] = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                var value: [UInt8] = [], runs: [PayloadRun] = []
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let first = Int.random(in: 0..<parts.count, using: &random)
                    let count = Int.random(in: 1...min(9, parts.count - first), using: &random)
                    let bytes = parts[first..<first + count].flatMap { $0 }
                    runs.append(PayloadRun(id: Int64(first), count: count, byteCount: bytes.count))
                    value += bytes
                }
                assembly.append(runs)
                expected.append(value)
            }
            var found = [[UInt8]?](repeating: nil, count: expected.count)
            try assembly.forEach(read: Self.reader(parts)) { index, text in
                #expect(found[index] == nil)
                found[index] = Array(text)
            }
            #expect(found == expected)
        }
    }

    @Test("values of more bytes than a group are put together too")
    func groups() throws {
        let parts = (0..<8).map { [UInt8](repeating: UInt8($0), count: 3 << 20) }
        var assembly = PayloadAssembly()
        for first in 0..<3 {
            assembly.append([PayloadRun(id: 4, count: 3, byteCount: 9 << 20), PayloadRun(id: Int64(first), count: 2, byteCount: 6 << 20)])
        }
        assembly.append([PayloadRun(id: 7, count: 1, byteCount: 3 << 20)])
        var seen = Set<Int>()
        try assembly.forEach(read: Self.reader(parts)) { index, text in
            seen.insert(index)
            let expected = index == 3 ? parts[7] : parts[4] + parts[5] + parts[6] + parts[index] + parts[index + 1]
            let isEqual = expected.withUnsafeBytes { expected in
                guard let a = text.baseAddress, let b = expected.baseAddress, text.count == expected.count else { return false }
                return memcmp(a, b, text.count) == 0
            }
            #expect(isEqual)
        }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test(
        "what does not fit what it refers to is damage",
        arguments: [
            PayloadRun(id: 0, count: 2, byteCount: 21), PayloadRun(id: 0, count: 2, byteCount: 19),
            PayloadRun(id: -1, count: 2, byteCount: 20),
            PayloadRun(id: 0, count: 0, byteCount: 0), PayloadRun(id: .max, count: 2, byteCount: 20),
            PayloadRun(id: 0, count: 2, byteCount: .max), PayloadRun(id: 0, count: .max, byteCount: 20),
        ])
    func damage(_ run: PayloadRun) {
        var assembly = PayloadAssembly()
        assembly.append([run])
        #expect {
            try assembly.forEach(read: Self.reader([[UInt8](repeating: 1, count: 10), [UInt8](repeating: 2, count: 10)])) { _, _ in }
        } throws: {
            ($0 as? StoreError)?.code == .corrupt
        }
    }

    private static func reader(_ parts: [[UInt8]]) -> ([Int64], (Int, UnsafeRawBufferPointer) throws -> Void) throws -> Void {
        { ids, part in
            #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
            for (index, id) in ids.enumerated() { try parts[Int(id)].withUnsafeBytes { try part(index, $0) } }
        }
    }
}
