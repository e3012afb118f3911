import SeededRandom
import Testing
import TraceModel

@testable import Ingest

@Suite("Ids of receipts")
struct ReceiptIDTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 1)
    private static let other = ProjectID(high: 0x0190_0000_0000_7000, low: 2)
    private let seal = ReceiptSeal(secret: [UInt8](repeating: 7, count: 32))

    @Test("an id is read back as it was made, in its own project and with its own secret alone")
    func roundTrip() {
        for id in [
            ReceiptID(.first, lsn: 1, receivedUnixNano: 2), ReceiptID(.repetition, lsn: .max / 4, receivedUnixNano: .max),
            ReceiptID(.empty, lsn: 0, receivedUnixNano: 1_790_000_000_000_000_000),
        ] {
            let text = seal.text(id, of: Self.project)
            #expect(text.utf8.count == ReceiptSeal.digitCount && text == text.lowercased())
            #expect(seal.id(text, of: Self.project) == id)
            #expect(seal.id(text, of: Self.other) == nil)
            #expect(ReceiptSeal(secret: [UInt8](repeating: 8, count: 32)).id(text, of: Self.project) == nil)
        }
    }

    @Test("ids of neighbours have nothing in common, and one that was changed is none")
    func changes() {
        let texts = (1...200 as ClosedRange<UInt64>).map {
            Array(seal.text(ReceiptID(.first, lsn: $0, receivedUnixNano: 5), of: Self.project).utf8)
        }
        for place in 0..<ReceiptSeal.digitCount { #expect(Set(texts.map { $0[place] }).count > 8, "digit \(place)") }
        for place in 0..<ReceiptSeal.digitCount {
            var text = texts[0]
            text[place] = text[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(seal.id(String(decoding: text, as: UTF8.self), of: Self.project) == nil, "digit \(place)")
        }
    }

    @Test("other texts are no ids", arguments: ["", "x", String(repeating: "0", count: 64), String(repeating: "G", count: 64)])
    func nonsense(text: String) {
        #expect(seal.id(text, of: Self.project) == nil)
    }
}
