import SeededRandom
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Payload writer")
struct PayloadWriterTests {
    @Test("whatever is stored comes back, also when pages fill and their raw bytes have to go", arguments: [64 << 20, 4 << 20, 0])
    func roundTrip(recentByteCount: Int) throws {
        var texts = TextsToCut()
        let payloads = try Payloads(recentByteCount: recentByteCount)
        var histories = [[UInt8]](repeating: Array("[".utf8), count: 5)
        var stored: [(cells: Range<Int>, text: [UInt8], type: UInt8)] = []
        for round in 0..<150 {
            let text: [UInt8], trace = texts.number(0...4), type = UInt8(texts.number(0...9) == 0 ? 5 : 0)
            if texts.number(0...2) == 0 {
                text = texts.next()
            } else {
                let json = (0..<6).map { _ in texts.json(depth: 2) }.joined(separator: ", ")
                histories[trace] += Array((histories[trace].count == 1 ? "" : ", ").utf8) + Array(json.utf8)
                if histories[trace].count > 200_000 { histories[trace] = Array("[\(round)".utf8) }
                text = histories[trace] + Array("]".utf8)
            }
            stored.append((payloads.append(text, trace: UInt64(trace), type: type), text, type))
        }
        for sealed in [false, true] {
            if sealed { #expect(try payloads.finish() > 0) }
            for value in stored {
                #expect(try payloads.text(value.cells) == value.text)
                #expect(value.cells.allSatisfy { payloads.cells[$0].type == value.type })
            }
        }
    }

    @Test("a history that is sent again with a message more adds the message")
    func growingHistory() throws {
        let payloads = try Payloads()
        var messages: [String] = []
        var before = 0
        for number in 0..<40 {
            messages.append(#"{"role": "user", "content": "\#(String(repeating: "message \(number) ", count: 80))"}"#)
            let cells = payloads.append(Array("[\(messages.joined(separator: ", "))]".utf8))
            let added = payloads.rawByteCount - before
            before = payloads.rawByteCount
            #expect(added <= (messages.last ?? "").utf8.count + 64)
            #expect(cells.count <= number + 1)
        }
    }

    @Test("the same text costs nothing the second time, in any trace")
    func repetition() throws {
        let payloads = try Payloads()
        let text = Array(
            ("["
                + (0..<20).map { #"{"name": "tool \#($0)", "description": "\#(String(repeating: "does \($0) ", count: 90))"}"# }.joined(
                    separator: ", ")).utf8)
        let first = payloads.append(text), size = payloads.rawByteCount
        for trace in 2..<20 {
            let cells = payloads.append(text, trace: UInt64(trace))
            #expect(cells.count == 1 && payloads.cells[cells.lowerBound].ordinal == payloads.cells[first.lowerBound].ordinal)
        }
        #expect(payloads.rawByteCount == size)
    }

    @Test("values of different types share nothing, and short parts and whole values need no parts")
    func types() throws {
        let payloads = try Payloads()
        let text = Array(String(repeating: "no line feed in here ", count: 100).utf8)
        let asText = payloads.append(text), asBytes = payloads.append(text, type: 4)
        #expect(payloads.cells[asText.lowerBound].ordinal != payloads.cells[asBytes.lowerBound].ordinal)
        #expect(payloads.cells[asText.lowerBound].partCount == 0)
        #expect(!payloads.writer.hasParts)
    }

    @Test("a value in very many pieces is stored in one piece the next time")
    func pieces() throws {
        let payloads = try Payloads()
        var text = Array("[".utf8)
        var most = 0, afterwards = Int.max
        for number in 0..<300 {
            text += Array(#"{"content": "\#(String(repeating: "turn \(number) ", count: 70))"}, "#.utf8)
            // Something else in between, or the parts would lie one behind the other.
            _ = payloads.append(Array(String(repeating: "other \(number) ", count: 100).utf8), place: 1)
            let cells = payloads.append(text)
            if cells.count < most { afterwards = min(afterwards, cells.count) }
            most = max(most, cells.count)
            #expect(try payloads.text(cells) == text)
        }
        #expect(most <= PayloadWriter.maximumPieceCount + 2 && afterwards == 1)
    }

    @Test("raw bytes of all memtables together stay within their budget, and go with the memtable")
    func budget() throws {
        let queue = try CompressionQueue(recentByteCount: 8 << 20)
        var all = (0..<3).map { _ in Payloads(queue: queue) }
        for number in UInt8(0)..<10 {
            for (index, payloads) in all.enumerated() {
                _ = payloads.append([UInt8](repeating: number * 3 + UInt8(index), count: 1_500_000))
            }
            #expect(queue.recentPages.contents.withLock { $0.byteCount } <= 8 << 20)
        }
        #expect(queue.recentPages.contents.withLock { $0.byteCount } > 0)
        _ = try all[0].finish()
        all.removeAll()
        #expect(queue.recentPages.contents.withLock { $0.byteCount } == 0)
    }

    @Test("tables that are full forget instead of growing")
    func table() {
        var table = PartTable(maximumSlotCount: 256)
        for ordinal in UInt32(0)..<10_000 {
            table.insert(ordinal, hash: UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15, isLive: { _ in true })
            #expect(table.ordinal(ofHash: UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15, where: { $0 == ordinal }) == ordinal)
        }
        #expect(table.byteCount <= 256 * 8)
        // Those that are gone make room for those that are not.
        var other = PartTable(maximumSlotCount: 256)
        for ordinal in UInt32(0)..<10_000 {
            other.insert(ordinal, hash: UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15, isLive: { $0 + 40 > ordinal })
        }
        for ordinal in UInt32(9_960)..<10_000 {
            #expect(other.ordinal(ofHash: UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15, where: { $0 == ordinal }) == ordinal)
        }
    }

    @Test("the last value of a trace and place is found until newer traces took its place")
    func lastValues() {
        var table = LastValueTable(seed: 7)
        for number in UInt32(0)..<40_000 {
            let trace = TraceID(high: UInt64(number), low: 1)
            table.set(trace, 3, firstCell: number, cellCount: 2)
            #expect(table.find(trace, 3)?.firstCell == number)
            #expect(table.find(trace, 4) == nil)
        }
        #expect(table.byteCount <= 1 << 20)
        let kept = (UInt32(39_000)..<40_000).count { table.find(TraceID(high: UInt64($0), low: 1), 3)?.firstCell == $0 }
        #expect(kept > 990, "\(kept) of 1,000")
    }
}

/// A writer and what it wrote.
private final class Payloads {
    let cells = AppendOnlyBuffer<PayloadCell>()
    let payloads: MemtablePayloads
    let writer: PayloadWriter
    private(set) var rawByteCount = 0

    init(queue: CompressionQueue) {
        payloads = MemtablePayloads(compression: queue)
        writer = PayloadWriter(payloads: payloads, cells: cells, seed: TestSeed.value)
    }

    convenience init(recentByteCount: Int = 64 << 20) throws { try self.init(queue: CompressionQueue(recentByteCount: recentByteCount)) }

    func append(_ text: [UInt8], trace: UInt64 = 1, place: UInt32 = 0, type: UInt8 = 0) -> Range<Int> {
        let first = cells.count
        text.withUnsafeBytes { writer.append($0, type: type, placeCode: place, trace: TraceID(high: trace, low: 1)) }
        rawByteCount = payloads.byteCount
        return first..<cells.count
    }

    func finish() throws -> Int {
        writer.finish()
        return try payloads.finish().count
    }

    func text(_ value: Range<Int>) throws -> [UInt8] {
        var assembly = PayloadAssembly()
        assembly.append(value.map { cells[$0].run })
        var found: [UInt8] = []
        try assembly.forEach(read: payloads.forEach) { _, text in found = Array(text) }
        return found
    }
}
