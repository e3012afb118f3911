import Glibc
import SeededRandom
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Any attribute map is mapped")
struct AttributeMapPropertyTests {
    private static let keys: [String] =
        AttributeMapping.current.rules.map { rule in
            switch rule.key {
            case .exact(let key), .member(let key, _): key
            case .indexed(let prefix, let suffix): suffix.isEmpty ? "\(prefix).7.anything" : "\(prefix).0.\(suffix)"
            case .errorEvent(_, let key): key
            case .spanName: "name"
            }
        } + [
            "http.route", "", ".", "gen_ai", "llm.input_messages.", "llm.input_messages.x", "\u{FFFD}",
            "gen_ai.prompt.99999999999999999999", "logfire.pending_parent_id",
        ]

    private static let texts = [
        "", " ", "12", "-1", "1e400", "[", "[\"a\"", "[[[[[[[[[[", "{\"a\":", "null", "chat", "LLM", "openai", "XAI", "gpt-4.1-2025-04-14",
        "{'input': 1}", "{\"input\":12,\"output\":\"7\",\"total\":1e2,\"cache_read_input_tokens\":null}",
        "{\"input_token_details\":{\"cache_read\":3",
        "{\"name\":\"\\u00e9\\ud83d\",\"version\":[1]}", "{\"a\":{\"b\":{}},\"total\":-1}", "\"LLM\"", "\"\"", "pending_span", "tool",
        "log",
        "\"\\ud800\"", "a,b,,c", "\u{0}", "é", String(repeating: "x", count: 20_000), String(repeating: "9", count: 60),
    ]

    /// Parents that are spans of the batch, or none.
    private static func arrangeParents(_ batch: inout SpanBatch, _ random: inout SeededGenerator) {
        for span in 0..<batch.spanCount where Bool.random(using: &random) {
            batch.parentSpanIDs[span] = SpanID(rawValue: UInt64.random(in: 1...12, using: &random))
        }
    }

    private func value(_ random: inout SeededGenerator, depth: Int = 0) -> AttributeValue {
        switch Int.random(in: 0..<(depth > 3 ? 6 : 9), using: &random) {
        case 0, 1: .string(Self.texts.randomElement(using: &random) ?? "")
        case 2: .int([0, 1, -1, 512, .max, .min].randomElement(using: &random) ?? 0)
        case 3: .double([0, 0.5, -0.0, .nan, .infinity, 1e300, 42, -7].randomElement(using: &random) ?? 0)
        case 4: .bool(Bool.random(using: &random))
        case 5: .bytes((0..<Int.random(in: 0..<9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 6: .empty
        case 7: .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            .keyValueList((0..<Int.random(in: 0..<4, using: &random)).map { KeyValue("k\($0)", value(&random, depth: depth + 1)) })
        }
    }

    @Test("random keys, types, nesting and broken JSON never fail, leave the batch's attributes as they were, and give sound columns")
    func random() {
        let seed = TestSeed.next()
        print("AttributeMapPropertyTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var builder = BatchBuilder()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                let attributes = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                    (Self.keys.randomElement(using: &random) ?? "", value(&random))
                }
                let events = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
                    (name: ["exception", "log"].randomElement(using: &random) ?? "", attributes: [("exception.type", value(&random))])
                }
                builder.add(attributes, status: Int32.random(in: -1...3, using: &random), events: events)
            }
            Self.arrangeParents(&builder.batch, &random)
            let before = builder.batch
            var batch = before
            var fields = AttributeMapping.current.apply(to: &batch)
            ShippedPrices.book.price(&fields, batch: batch)
            #expect(isUntouched(batch, before))
            expectSound(fields, batch)
        }
    }

    @Test("arrays of random bytes are read without harm")
    func randomArrays() {
        let seed = TestSeed.next()
        print("AttributeMapPropertyTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var batch = BatchBuilder.span([("tag.tags", .array([]))])
            let likely: [UInt8] = [0x0A, 0x02, 0x08]
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : likely.randomElement(using: &random) ?? 0
            }
            batch.attributes[0].bits = batch.append(bytes).packed
            let fields = AttributeMapping.current.apply(to: &batch)
            expectSound(fields, batch)
        }
    }

    private func isUntouched(_ batch: SpanBatch, _ before: SpanBatch) -> Bool {
        batch.bytes.starts(with: before.bytes) && batch.bodyLength == before.bodyLength && batch.keys == before.keys
            && batch.attributeStarts == before.attributeStarts && batch.nestedAttributes.count == before.nestedAttributes.count
            && batch.attributes.elementsEqual(before.attributes) { a, b in
                a.bits == b.bits && a.keyIndex == b.keyIndex && a.type == b.type
            }
    }

    private func expectSound(_ fields: LLMFields, _ batch: SpanBatch) {
        let ranges =
            fields.providers + fields.requestModels + fields.responseModels + fields.sessionIDs + fields.userIDs + fields.promptNames
            + fields.promptVersions + fields.toolNames + fields.errorTypes + fields.tags
        for range in ranges where !range.isNone {
            #expect(range.start + range.count <= batch.bytes.count && range.count > 0)
            #expect(String(validating: batch.bytes[range.indices], as: UTF8.self) != nil)
        }
        for key in fields.inputKeys + fields.outputKeys where key != .max { #expect(Int(key) < batch.keys.count) }
        for count in fields.inputTokens + fields.outputTokens + fields.cacheReadTokens + fields.cacheWriteTokens + fields.reasoningTokens {
            #expect(count >= -1)
        }
        for cost in fields.costs + fields.reportedCosts where !cost.isNaN { #expect(cost >= 0 && cost.isFinite) }
        #expect(fields.tagStarts.count == batch.spanCount + 1 && fields.tagStarts == fields.tagStarts.sorted())
        #expect(Int(fields.tagStarts[batch.spanCount]) == fields.tags.count)
    }
}
