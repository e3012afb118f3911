import Testing
import TraceModel

@testable import GenAIConventions

@Suite("The first usable attribute in the order of the table wins")
struct PrecedenceTests {
    /// A usable value for a reading, told apart by a number.
    private func value(for reading: MappingRule.Reading, _ number: Int) -> AttributeValue? {
        switch reading {
        case .text, .provider, .providerAndAPI: .string("value-\(number)")
        case .reference: .string("x")
        case .count: .int(Int64(number + 1))
        case .amount: .double(Double(number + 1))
        case .tags: .string("tag-\(number)")
        case .kind, .presence, .amountMembers, .amountPart, .toolText, .errorLevel, .serviceTier: nil
        }
    }

    @Test("of two rules of a field the earlier one wins, in whatever order the attributes come")
    func pairs() {
        var compared = 0
        for field in LLMField.allCases {
            let isEvidence = [.reportedTotal, .passedOnInput, .passedOnOutput, .providerInput].contains(field)
            let rules = AttributeMapping.current.rules.filter { $0.field == field && !isEvidence }
            for (place, better) in rules.enumerated() {
                for worse in rules[(place + 1)...] {
                    guard case .exact(let first) = better.key, case .exact(let second) = worse.key,
                        let winning = value(for: better.reading, 1), let losing = value(for: worse.reading, 2)
                    else { continue }
                    let alone = mapped([(first, winning)])[field.name]
                    #expect(alone != nil)
                    #expect(mapped([(first, winning), (second, losing)])[field.name] == alone, "\(first) before \(second)")
                    #expect(mapped([(second, losing), (first, winning)])[field.name] == alone, "\(first) after \(second)")
                    compared += 1
                }
            }
        }
        #expect(compared > 50)
    }

    @Test("an empty or unusable value leaves the field to the next rule")
    func fallThrough() {
        #expect(mapped([("gen_ai.provider.name", ""), ("gen_ai.system", "openai")])["provider"] == "openai")
        #expect(mapped([("gen_ai.conversation.id", .empty), ("session.id", "s")])["session_id"] == "s")
        #expect(mapped([("gen_ai.usage.input_tokens", "many"), ("gen_ai.usage.prompt_tokens", .int(4))])["input_tokens"] == "4")
        #expect(mapped([("gen_ai.input.messages", .array([])), ("input.value", "x")])["input"] == "input.value")
        #expect(mapped([("openinference.span.kind", "UNKNOWN"), ("gen_ai.operation.name", "chat")])["kind"] == "llm")
        #expect(mapped([("gen_ai.operation.name", "agent_step"), ("gen_ai.tool.name", "t")])["kind"] == "tool")
        #expect(mapped([("gen_ai.usage.input_tokens", .int(-5)), ("llm.token_count.prompt", .int(3))])["input_tokens"] == "3")
    }

    @Test("of a key sent twice the first one counts")
    func duplicates() {
        #expect(mapped([("session.id", "a"), ("session.id", "b")])["session_id"] == "a")
        #expect(mapped([("llm.cost.prompt", .double(1)), ("llm.cost.prompt", .double(1))])["reported_cost"] == "1.0")
        #expect(mapped([("tag.tags", "a"), ("tag.tags", "b")])["tags"] == "a")
    }

    @Test("an explicit kind beats an operation, an operation beats a tool name, a tool name beats a model")
    func kinds() {
        let model: (String, AttributeValue) = ("gen_ai.request.model", "m"), tool: (String, AttributeValue) = ("gen_ai.tool.name", "t")
        #expect(mapped([model])["kind"] == "llm")
        #expect(mapped([model, tool])["kind"] == "tool")
        #expect(mapped([model, tool, ("gen_ai.operation.name", "invoke_agent")])["kind"] == "agent")
        #expect(
            mapped([model, tool, ("gen_ai.operation.name", "invoke_agent"), ("openinference.span.kind", "CHAIN")])["kind"] == "chain")
        #expect(mapped([("llm.model_name", "m"), ("embedding.model_name", "m")])["kind"] == "embedding")
    }

    @Test("a whole value is referred to before a flattened list, and its first content before its other keys")
    func indexed() {
        let flat: [(String, AttributeValue)] = [
            ("llm.input_messages.0.message.role", "system"), ("llm.input_messages.0.message.content", "be kind"),
            ("llm.input_messages.1.message.content", "hello"),
        ]
        #expect(mapped(flat)["input"] == "llm.input_messages.0.message.content")
        #expect(mapped(flat + [("input.value", "{}")])["input"] == "input.value")
        #expect(
            mapped([("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.tool_calls.0.x", "y")])["output"]
                == "llm.output_messages.0.message.role")
    }

    @Test("parts of a cost are added up unless a total is there")
    func costParts() {
        let parts: [(String, AttributeValue)] = [("llm.cost.completion", .double(0.5)), ("llm.cost.prompt", .double(0.25))]
        #expect(mapped(parts)["reported_cost"] == "0.75")
        #expect(mapped(parts + [("llm.cost.total", .double(1))])["reported_cost"] == "1.0")
        #expect(mapped([("llm.cost.total", .double(1))] + parts)["reported_cost"] == "1.0")
        #expect(mapped([("gen_ai.usage.cost", .double(2))] + parts)["reported_cost"] == "2.0")
    }

    @Test("a cost that was sent by kinds of tokens is the sum of all of them, cached ones too, in any order")
    func costKinds() {
        let kinds = #"{"input":0.25,"cache_read_input_tokens":0.125,"cache_creation_input_tokens":"1","output":0.5}"#
        #expect(mapped([("langfuse.observation.cost_details", .string(kinds))])["reported_cost"] == "1.875")
        let details: [(String, AttributeValue)] = [
            ("llm.cost.prompt_details.cache_read", .double(0.125)), ("llm.cost.prompt_details.cache_write", .double(1)),
            ("llm.cost.prompt_details.input", .double(0.25)), ("llm.cost.completion_details.reasoning", .double(2)),
            ("llm.cost.completion_details.output", .double(4)),
        ]
        for order in [details, details.reversed()] {
            #expect(mapped(order)["reported_cost"] == "7.375")
            // A sum holds its details.
            #expect(mapped(order + [("llm.cost.prompt", .double(1.5))])["reported_cost"] == "7.5")
            #expect(mapped([("llm.cost.completion", .double(8))] + order)["reported_cost"] == "9.375")
        }
    }

    @Test("of two conventions that send a cost by parts the better one counts, whichever came first")
    func costPartsOfTwo() {
        let langfuse: [(String, AttributeValue)] = [("langfuse.observation.cost_details", #"{"input":1,"output":2}"#)]
        let openInference: [(String, AttributeValue)] = [("llm.cost.prompt", .double(4)), ("llm.cost.completion", .double(8))]
        #expect(mapped(langfuse + openInference)["reported_cost"] == "3.0")
        #expect(mapped(openInference + langfuse)["reported_cost"] == "3.0")
        let useless: [(String, AttributeValue)] = [("langfuse.observation.cost_details", #"{"input":null}"#)]
        #expect(mapped(openInference + useless)["reported_cost"] == "12.0")
    }

    @Test("an API behind a known provider's name is dropped, whoever names it; other names keep their dots")
    func providerAPIs() {
        #expect(mapped([("gen_ai.system", "mistral.chat"), ("ai.model.provider", "mistral.chat")])["provider"] == "mistral_ai")
        #expect(mapped([("gen_ai.system", "openai.responses")])["provider"] == "openai")
        #expect(mapped([("gen_ai.provider.name", "google.vertex.chat")])["provider"] == "gcp.vertex_ai")
        #expect(mapped([("gen_ai.provider.name", "az.ai.openai")])["provider"] == "azure.ai.openai")
        #expect(mapped([("gen_ai.system", "acme.chat")])["provider"] == "acme.chat")
        #expect(mapped([("ai.model.provider", "acme.chat")])["provider"] == "acme")
    }

    @Test("one span's values never reach the next span")
    func spansAreApart() {
        var builder = BatchBuilder()
        builder.add([("gen_ai.provider.name", "openai"), ("tag.tags", "a,b"), ("llm.cost.prompt", .double(1))])
        builder.add([("http.route", "/")])
        builder.add([("gen_ai.system", "anthropic"), ("tag.tags", "c"), ("llm.cost.completion", .double(2))])
        builder.add([])
        var batch = builder.batch
        let result = AttributeMapping.current.apply(to: &batch)
        #expect(
            fields(of: 0, result, batch) == ["kind": "span", "provider": "openai", "tags": "a|b", "reported_cost": "1.0", "cost": "1.0"])
        #expect(fields(of: 1, result, batch) == ["kind": "span"])
        #expect(
            fields(of: 2, result, batch) == ["kind": "span", "provider": "anthropic", "tags": "c", "reported_cost": "2.0", "cost": "2.0"])
        #expect(fields(of: 3, result, batch) == ["kind": "span"])
    }
}
