import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Values are read leniently and never fail")
struct LenientValueTests {
    @Test(
        "a count is any whole number from 0 in any type",
        arguments: [
            (AttributeValue.int(0), "0"), (.int(12), "12"), (.double(12), "12"), (.string("12"), "12"), (.string(" 12\n"), "12"),
            (.string("12.0"), "12"), (.string("1e3"), "1000"), (.int(1 << 53), "9007199254740992"),
        ] as [(AttributeValue, String)])
    func counts(_ value: AttributeValue, _ expected: String) {
        #expect(mapped([("gen_ai.usage.input_tokens", value)])["input_tokens"] == expected)
    }

    @Test(
        "what is no count is absent",
        arguments: [
            .int(-1), .int(.max), .int(.min), .double(1.5), .double(.nan), .double(.infinity), .double(-3), .double(1e300), .string(""),
            .string("12 tokens"), .string("inf"), .string("0x10"), .string("1e999"), .string(String(repeating: "1", count: 65)),
            .bool(true), .bytes([1]), .array([.int(1)]), .keyValueList([]), .empty,
        ] as [AttributeValue])
    func noCounts(_ value: AttributeValue) {
        #expect(mapped([("gen_ai.usage.input_tokens", value)]) == ["kind": "span"])
    }

    @Test("an amount may be an integer, a double or a string; negative and non-finite ones are absent")
    func amounts() {
        func amount(_ value: AttributeValue) -> String? { mapped([("gen_ai.usage.cost", value)])["reported_cost"] }
        #expect(amount(.double(0.000123)) == "0.000123")
        #expect(amount(.int(2)) == "2.0")
        #expect(amount(.string("0.5")) == "0.5")
        #expect(amount(.double(-0.1)) == nil)
        #expect(amount(.double(.infinity)) == nil)
        #expect(amount(.string("nan")) == nil)
        #expect(amount(.string("$1")) == nil)
    }

    @Test("identities may be numbers")
    func numbersAsText() {
        #expect(mapped([("user.id", .int(42))])["user_id"] == "42")
        #expect(mapped([("user.id", .double(42))])["user_id"] == "42")
        #expect(mapped([("gen_ai.prompt.version", .double(1.5))])["prompt_version"] == "1.5")
        #expect(mapped([("user.id", .double(.nan))])["user_id"] == nil)
        #expect(mapped([("user.id", .bool(true))])["user_id"] == nil)
    }

    @Test(
        "tags come as arrays, JSON text or comma-separated text",
        arguments: [
            (.array(["a", "b"]), "a|b"), (.array([" a ", "", "a", .int(3), "b"]), "a|b"), (.string("[\"a\", \"b\\u00e9\"]"), "a|bé"),
            (.string("a, b ,,a"), "a|b"), (.string("one"), "one"), (.string(" [\"a\", 3, null, [\"x\"], {}]"), "a"),
            (.string("[a, b"), "[a|b"), (.string("[]"), nil), (.string(" , "), nil), (.int(3), nil),
            (.string(String(repeating: "x", count: 257)), nil), (.array([]), nil),
        ] as [(AttributeValue, String?)])
    func tags(_ value: AttributeValue, _ expected: String?) {
        #expect(mapped([("tag.tags", value)])["tags"] == expected)
    }

    @Test("at most the maximum number of tags is kept")
    func tagLimit() {
        let many = (0..<300).map { AttributeValue.string("t\($0)") }
        #expect(mapped([("tag.tags", .array(many))])["tags"]?.split(separator: "|").count == GenAILimits.maximumTagCount)
        let text = (0..<300).map { "t\($0)" }.joined(separator: ",")
        #expect(mapped([("tag.tags", .string(text))])["tags"]?.split(separator: "|").count == GenAILimits.maximumTagCount)
    }

    @Test("an array that is no protobuf gives the tags before the damage, and bad UTF-8 is replaced")
    func damagedArray() {
        var batch = BatchBuilder.span([("tag.tags", .array(["abc", "def"]))])
        let whole = batch.attributes[0].range
        batch.attributes[0].bits = ByteRange(offset: whole.start, length: whole.count - 1).packed
        let cut = AttributeMapping.current.apply(to: &batch)
        #expect(fields(cut, batch)["tags"] == "abc")

        var bad = BatchBuilder.span([("tag.tags", .array(["abc"]))])
        bad.bytes[bad.attributes[0].range.start + 4] = 0xFF
        let mended = AttributeMapping.current.apply(to: &bad)
        #expect(fields(mended, bad)["tags"] == "\u{FFFD}bc")
    }

    @Test("every spelling of a provider becomes one, unknown providers stay as sent")
    func providers() {
        for (canonical, others) in ProviderNames.spellings {
            for spelling in [canonical] + others {
                #expect(mapped([("gen_ai.provider.name", .string(spelling))])["provider"] == canonical)
                #expect(mapped([("gen_ai.system", .string(spelling.uppercased()))])["provider"] == canonical)
            }
        }
        #expect(mapped([("gen_ai.provider.name", "MyGateway")])["provider"] == "MyGateway")
        #expect(mapped([("llm.provider", .string(String(repeating: "g", count: 5_000)))])["provider"]?.count == 5_000)
        let all = ProviderNames.spellings.flatMap { [$0.canonical] + $0.others }
        #expect(Set(all).count == all.count)
    }

    @Test("a text that needs no change is a range of the attribute itself, and a folded provider is appended once")
    func ranges() {
        var builder = BatchBuilder()
        for _ in 0..<3 { builder.add([("gen_ai.provider.name", "openai"), ("session.id", "s"), ("llm.system", "xai")]) }
        for _ in 0..<3 { builder.add([("gen_ai.system", "xai")]) }
        var batch = builder.batch
        let before = batch.bytes.count
        let result = AttributeMapping.current.apply(to: &batch)
        #expect(result.providers[0] == batch.attributes[0].range)
        #expect(result.sessionIDs[1] == batch.attributes[4].range)
        #expect(batch.text(result.providers[4]) == "x_ai")
        #expect(batch.bytes.count == before + 4)
        #expect(result.providers[3] == result.providers[5])
    }
}
