import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Token columns mean the same whatever the sender means")
struct UsageTests {
    private let input = "gen_ai.usage.input_tokens", output = "gen_ai.usage.output_tokens"
    private let read = "gen_ai.usage.cache_read.input_tokens", write = "gen_ai.usage.cache_write.input_tokens"
    private let reasoning = "gen_ai.usage.reasoning.output_tokens"

    @Test("totals that can hold their details stay as sent")
    func included() {
        let found = mapped([(input, .int(1000)), (read, .int(600)), (write, .int(400)), (output, .int(50)), (reasoning, .int(50))])
        #expect(found["input_tokens"] == "1000")
        #expect(found["output_tokens"] == "50")
    }

    @Test("a total smaller than its details did not hold them: they are added")
    func excluded() {
        let found = mapped([(input, .int(3)), (read, .int(600)), (write, .int(400)), (output, .int(50)), (reasoning, .int(51))])
        #expect(found["input_tokens"] == "1003")
        #expect(found["output_tokens"] == "101")
        #expect(found["cache_read_tokens"] == "600")
    }

    @Test("an absent total stays absent")
    func absent() {
        #expect(mapped([(read, .int(600))]) == ["kind": "span", "cache_read_tokens": "600"])
    }

    @Test("a dialect whose totals leave details out has them added, by its rule and only where its total won")
    func dialects() {
        let mapping = AttributeMapping(
            version: 2, rules: AttributeMapping.current.rules,
            usageRules: [.openInference: UsageRule(inputIncludesCache: false, outputIncludesReasoning: false)])
        let details: [(String, AttributeValue)] = [(read, .int(10)), (write, .int(20)), (reasoning, .int(30))]
        let theirs = mapped([("llm.token_count.prompt", .int(100)), ("llm.token_count.completion", .int(100))] + details, mapping: mapping)
        #expect(theirs["input_tokens"] == "130")
        #expect(theirs["output_tokens"] == "130")
        let ours = mapped([("llm.token_count.prompt", .int(100)), (input, .int(200)), (output, .int(90))] + details, mapping: mapping)
        #expect(ours["input_tokens"] == "200")
        #expect(ours["output_tokens"] == "90")
    }

    @Test("the largest counts do not overflow")
    func largest() {
        let most = AttributeValue.int(GenAILimits.maximumTokenCount)
        #expect(mapped([(input, .int(1)), (read, most), (write, most)])["input_tokens"] == "18014398509481985")
    }
}
