import OTLP
import SeededRandom
import SpanStore
import TraceModel

/// The requests of one history, each made from the seed and its number alone: whoever knows both knows every byte.
///
/// Several projects; traces that many requests add to; sessions and users that some spans of a trace carry; conversations that grow, so that
/// long values share parts; spans that come again in another version; event records of spans that came before.
package struct Workload: Sendable {
    /// Which operations and attributes histories have: a seed goes on meaning what it meant.
    package enum Edition: Sendable { case first, second }

    package let seed: UInt64
    let edition: Edition
    let oracle = FieldOracle()
    package static let projects = (1...3).map { ProjectID(high: 0x0190_0000_0000_7000, low: UInt64($0)) }
    static let requestKey = "machine.request", ordinalKey = "machine.ordinal"
    static let words = ["river", "basalt", "lantern", "copper", "willow", "harbour"]

    package init(seed: UInt64, edition: Edition = .second) {
        self.seed = seed
        self.edition = edition
    }

    package struct Request: Sendable {
        package var number: Int
        package var project: ProjectID
        package var isEvents: Bool
        package var records: [SpanRecord]
    }

    package func request(_ number: Int) -> Request {
        var random = generator(number, 1)
        let project = project(number)
        if isEvents(number) {
            let earlier = earlierSpans(of: project, before: number, &random)
            let records = earlier.prefix(5).enumerated().map { ordinal, span in event(ordinal, of: span, number, &random) }
            return Request(number: number, project: project, isEvents: true, records: records)
        }
        var records = ownSpans(number)
        if random.oneIn(6) {
            let earlier = earlierSpans(of: project, before: number, &random)
            for span in earlier.prefix(2) { records.append(twin(of: span, records.count, number, &random)) }
        }
        return Request(number: number, project: project, isEvents: false, records: records)
    }

    package func appendRequest(_ number: Int) throws -> AppendRequest {
        let request = request(number)
        var batch = try FieldOracle.batch(of: request)
        let fields = FieldOracle.fields(of: &batch, sent.mapping, sent.prices)
        return AppendRequest(
            project: request.project, batch: batch, fields: fields, codec: request.isEvents ? .rewrittenProtobuf : .otlpProtobuf,
            reply: StoredReply())
    }

    /// The mapping and the prices by which requests come in.
    var sent: FieldOracle.State { edition == .first ? .init(.current, prices: 0) : .init(.older, prices: 1) }

    /// Whether a full disk takes data within its retention.
    var dropsOldest: Bool { seed % 3 != 0 }

    private func generator(_ number: Int, _ purpose: UInt64) -> SeededGenerator {
        var mixed = SeededGenerator(seed: seed ^ (UInt64(number) &* 0x9E37_79B9) ^ (purpose << 56))
        return SeededGenerator(seed: mixed.next())
    }

    private func project(_ number: Int) -> ProjectID {
        var random = generator(number, 2)
        return random.pick([Self.projects[0], Self.projects[0], Self.projects[1], Self.projects[2]])
    }

    private func isEvents(_ number: Int) -> Bool {
        var random = generator(number, 3)
        return number > 3 && random.oneIn(8)
    }

    /// The spans that the request brings first; twins of others come behind them.
    private func ownSpans(_ number: Int) -> [SpanRecord] {
        guard !isEvents(number) else { return [] }
        var random = generator(number, 4)
        let count = random.oneIn(12) ? Int.random(in: 12...24, using: &random) : Int.random(in: 1...8, using: &random)
        return (0..<count).map { span($0, number, &random) }
    }

    private func earlierSpans(of project: ProjectID, before number: Int, _ random: inout SeededGenerator) -> [SpanRecord] {
        guard number > 0 else { return [] }
        let first = Int.random(in: max(0, number - 12)..<number, using: &random)
        for candidate in Array(first..<number) + Array(0..<first) where self.project(candidate) == project {
            let spans = ownSpans(candidate)
            if !spans.isEmpty { return spans.shuffled(using: &random) }
        }
        return []
    }

    private func span(_ ordinal: Int, _ number: Int, _ random: inout SeededGenerator) -> SpanRecord {
        let trace = UInt64(number / 7 + Int.random(in: 0...2, using: &random) + 1)
        let start = 1_700_000_000_000_000_000 + UInt64(number) * 1_000_000_000 + UInt64.random(in: 0..<3_000_000_000, using: &random)
        var record = SpanRecord(
            traceID: TraceID(high: trace &* 0x9E37_79B9_7F4A_7C15, low: trace), spanID: SpanID(rawValue: UInt64(number * 64 + ordinal + 1)),
            name: random.pick(["chat", "GET /", "tool call", "retrieve", ""]), startTimeUnixNano: start,
            // Ends are unlike each other and even: which of two versions counts is never a matter of which came last.
            endTimeUnixNano: (start + UInt64.random(in: 0..<4_000_000_000, using: &random)) & ~1)
        if ordinal > 0, random.oneIn(2) { record.parentSpanID = SpanID(rawValue: UInt64(number * 64 + ordinal)) }
        record.kind = Int32.random(in: 0...5, using: &random)
        if random.oneIn(3) { record.status = .init(code: Int32.random(in: 0...2, using: &random), message: random.oneIn(2) ? "why" : "") }
        record.attributes = attributes(ordinal, number, trace, &random)
        if edition != .first, ordinal == 0 { record.attributes += call(number) }
        if random.oneIn(6) {
            record.events = [
                .init(
                    timeUnixNano: start, name: "exception", attributes: [KeyValue("exception.message", .string(text(1...60, &random)))],
                    droppedAttributesCount: 0)
            ]
        }
        if random.oneIn(8) {
            record.links = [
                .init(
                    traceID: TraceID(high: 5, low: trace), spanID: SpanID(rawValue: 7), traceState: "a=b", attributes: [],
                    droppedAttributesCount: 0, flags: 1)
            ]
        }
        if random.oneIn(2) {
            let service = "service-\(Int.random(in: 1...3, using: &random))"
            record.resource = .init(
                encoded: ResourceEncoder.encode(
                    DecodedResource(attributes: [KeyValue("service.name", .string(service))], droppedAttributesCount: 0)), schemaURL: "")
        }
        return record
    }

    private func attributes(_ ordinal: Int, _ number: Int, _ trace: UInt64, _ random: inout SeededGenerator) -> [KeyValue] {
        var attributes = [KeyValue(Self.requestKey, .int(Int64(number))), KeyValue(Self.ordinalKey, .int(Int64(ordinal)))]
        if random.oneIn(2) { attributes.append(KeyValue("session.id", .string("session-\(trace % 5)"))) }
        if random.oneIn(3) { attributes.append(KeyValue("user.id", .string("user-\(Int.random(in: 0...4, using: &random))"))) }
        if random.oneIn(2) { attributes.append(KeyValue("http.route", .string("/route/\(Int.random(in: 0...4, using: &random))"))) }
        if random.oneIn(4) { attributes.append(KeyValue("odd key", .double(Double(Int.random(in: 0...99, using: &random)) / 8))) }
        if random.oneIn(3) {
            attributes.append(KeyValue("gen_ai.input.messages", .string(conversation(trace, Int.random(in: 1...8, using: &random)))))
        }
        if random.oneIn(9) { attributes.append(KeyValue("note", .string(text(1_100...3_000, &random)))) }
        if random.oneIn(12) { attributes.append(KeyValue("blob", .bytes(random.bytes(Int.random(in: 0...1_500, using: &random))))) }
        return attributes
    }

    /// A call of a model, of a span without a parent: no other span repeats it.
    private func call(_ number: Int) -> [KeyValue] {
        var random = generator(number, 5)
        guard random.oneIn(2) else { return [] }
        return [
            KeyValue("gen_ai.request.model", .string(random.pick(["gpt-5", "claude-opus-4", "x-1"]))),
            KeyValue("gen_ai.provider.name", .string(random.pick(["openai", "anthropic"]))),
            KeyValue("gen_ai.usage.input_tokens", .int(Int64.random(in: 0...9_000, using: &random))),
            KeyValue("gen_ai.usage.output_tokens", .int(Int64.random(in: 1...900, using: &random))),
        ]
    }

    /// What a trace's agent has said so far: a longer one begins with all of a shorter one.
    private func conversation(_ trace: UInt64, _ length: Int) -> String {
        var random = SeededGenerator(seed: seed ^ trace)
        let turns = (0..<length).map { "{\"role\":\"\($0 % 2 == 0 ? "user" : "assistant")\",\"content\":\"\(text(200...700, &random))\"}" }
        return "[" + turns.joined(separator: ",") + "]"
    }

    private func text(_ length: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        let wanted = Int.random(in: length, using: &random)
        var text = ""
        while text.utf8.count < wanted { text += random.pick(Self.words) + (random.oneIn(9) ? "\n" : " ") }
        return text
    }

    private func twin(of span: SpanRecord, _ ordinal: Int, _ number: Int, _ random: inout SeededGenerator) -> SpanRecord {
        var twin = span
        twin.attributes.removeAll { [Self.requestKey, Self.ordinalKey].contains($0.key) }
        twin.attributes += [
            KeyValue(Self.requestKey, .int(Int64(number))), KeyValue(Self.ordinalKey, .int(Int64(ordinal))), KeyValue("version", .int(2)),
        ]
        let change = UInt64(number) * 200 + UInt64(ordinal) * 2 + 1
        twin.endTimeUnixNano = random.oneIn(3) ? span.endTimeUnixNano - change : span.endTimeUnixNano + change
        return twin
    }

    private func event(_ ordinal: Int, of span: SpanRecord, _ number: Int, _ random: inout SeededGenerator) -> SpanRecord {
        var event = SpanRecord(
            traceID: span.traceID, spanID: span.spanID, name: "event.\(number).\(ordinal)", startTimeUnixNano: span.startTimeUnixNano,
            endTimeUnixNano: span.startTimeUnixNano)
        event.attributes = [
            KeyValue(Self.requestKey, .int(Int64(number))), KeyValue(Self.ordinalKey, .int(Int64(ordinal))),
            KeyValue("gen_ai.event.content", .string(text(10...1_500, &random))),
        ]
        return event
    }
}

extension SpanRecord {
    func value(_ key: String) -> AttributeValue? { attributes.first { $0.key == key }?.value }

    func text(_ key: String) -> String? { if case .string(let text)? = value(key) { text } else { nil } }

    func number(_ key: String) -> Int? { if case .int(let number)? = value(key) { Int(number) } else { nil } }

    /// What two records are compared by: order of attributes is not kept, and LLM fields follow from attributes.
    var comparable: SpanRecord {
        var record = self
        record.attributes.sort { $0.key < $1.key }
        record.llm = .init()
        return record
    }
}

/// Something the store promises was not so.
package struct Violation: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}
