import Foundation
import OTLP
import SeededRandom
import SpanStore
import TraceModel

/// Spans of every shape OTLP allows, from a seed.
struct RandomSpans {
    var random: SeededGenerator
    var traceCount = 40

    init(_ random: SeededGenerator = SeededGenerator(seed: TestSeed.value)) { self.random = random }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    mutating func pick<T>(_ options: [T]) -> T { options[number(0...options.count - 1)] }

    mutating func text(maximum: Int = 40) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz äöü€😀\"\\\n\t/{}[]:,0123456789")
        return String((0..<number(0...maximum)).map { _ in pick(alphabet) })
    }

    mutating func value(depth: Int = 0) -> AttributeValue {
        switch number(0...(depth < 3 ? 9 : 6)) {
        case 0: return .string(text(maximum: chance(10) ? 3000 : 40))
        case 1: return .bool(chance(50))
        case 2: return .int(Int64(bitPattern: random.next()))
        case 3: return .int(Int64(number(-5...500)))
        case 4: return .double(pick([0, -0.0, 1, 0.1, 1e300, -3.25, .infinity, -.infinity, Double(number(0...1000)) / 7]))
        case 5: return .bytes((0..<number(0...(chance(10) ? 2000 : 20))).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 6: return .empty
        case 7, 8: return .array((0..<number(0...5)).map { _ in value(depth: depth + 1) })
        default: return .keyValueList((0..<number(0...5)).map { _ in KeyValue(text(maximum: 8), value(depth: depth + 1)) })
        }
    }

    mutating func attributes(_ maximum: Int) -> [KeyValue] {
        (0..<number(0...maximum)).map { _ in
            let key = pick([
                "http.route", "http.request.method", "server.port", "gen_ai.input.messages", "gen_ai.usage.input_tokens", "custom.key",
                "Custom.Key", "gen_ai.request.temperature", "x", "", "tags", "events.0.attributes.x", text(maximum: 12),
            ])
            let value = value()
            // Promoted keys mostly have their own type, and sometimes another.
            if chance(70) {
                switch key {
                case "server.port", "gen_ai.usage.input_tokens": return KeyValue(key, .int(Int64(number(0...10_000))))
                case "gen_ai.request.temperature": return KeyValue(key, .double(Double(number(0...10)) / 10))
                case "gen_ai.input.messages": return KeyValue(key, .string(text(maximum: 5000)))
                default: return KeyValue(key, .string(text()))
                }
            }
            return KeyValue(key, value)
        }
    }

    mutating func record(index: Int, start: UInt64) -> SpanRecord {
        let trace = TraceID(high: UInt64(number(1...traceCount)), low: 0x1234_5678_9abc_def0)
        var record = SpanRecord(
            traceID: trace, spanID: SpanID(rawValue: UInt64(index + 1)), name: pick(["GET /", "chat gpt", "", text()]),
            startTimeUnixNano: start,
            endTimeUnixNano: start &+ UInt64(number(0...5_000_000)))
        if chance(10) { record.endTimeUnixNano = start - 1_000 }
        if chance(60) { record.parentSpanID = SpanID(rawValue: UInt64(number(1...max(1, index)))) }
        if chance(20) { record.traceState = "vendor=\(number(0...9))" }
        record.flags = pick([0, 1, 256, 769])
        record.kind = Int32(number(0...5))
        if chance(60) { record.status = .init(code: Int32(number(0...2)), message: chance(30) ? text() : "") }
        record.attributes = attributes(8)
        record.droppedAttributesCount = chance(10) ? UInt32(number(1...9)) : 0
        record.droppedEventsCount = chance(5) ? 3 : 0
        record.droppedLinksCount = chance(5) ? 4 : 0
        if chance(30) {
            record.events = (0..<number(1...3)).map { _ in
                .init(
                    timeUnixNano: start, name: pick(["exception", "", text()]), attributes: attributes(4),
                    droppedAttributesCount: chance(10) ? 2 : 0)
            }
        }
        if chance(20) {
            record.links = (0..<number(1...3)).map { _ in
                .init(
                    traceID: TraceID(high: random.next(), low: 7), spanID: SpanID(rawValue: random.next() | 1),
                    traceState: chance(30) ? "a=b" : "",
                    attributes: attributes(3), droppedAttributesCount: chance(10) ? 1 : 0, flags: pick([0, 1, 256]))
            }
        }
        let resource = number(0...3)
        if resource > 0 {
            record.resource = .init(
                encoded: ResourceEncoder.encode(
                    DecodedResource(
                        attributes: [
                            KeyValue("service.name", .string("service-\(resource)")), KeyValue("process.pid", .int(Int64(resource))),
                        ],
                        droppedAttributesCount: resource == 3 ? 2 : 0)), schemaURL: resource == 2 ? "https://example.org/schema" : "")
        }
        if chance(80) {
            record.scope = .init(
                encoded: ScopeEncoder.encode(DecodedScope(name: "scope", version: "1", attributes: [KeyValue("s", .bool(true))])),
                schemaURL: "")
        }
        return record
    }

    mutating func records(_ count: Int, startingAt index: Int = 0, start: UInt64 = 1_700_000_000_000_000_000) -> [SpanRecord] {
        (0..<count).map { record(index: index + $0, start: start + UInt64(number(0...1_000_000_000))) }
    }
}

extension SpanRecord {
    /// Order of attributes is not kept, and LLM fields follow from attributes: what two records are compared by.
    var canonical: SpanRecord {
        var record = self
        func sorted(_ attributes: [KeyValue]) -> [KeyValue] {
            attributes.map { ($0, "\($0)") }.sorted { $0.1 < $1.1 }.map(\.0)
        }
        record.attributes = sorted(attributes)
        for index in record.events.indices { record.events[index].attributes = sorted(events[index].attributes) }
        for index in record.links.indices { record.links[index].attributes = sorted(links[index].attributes) }
        record.llm = .init()
        return record
    }
}
