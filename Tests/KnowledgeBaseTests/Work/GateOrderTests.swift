import EvaluationModel
import Testing

@testable import KnowledgeBase

@Suite struct GateOrderTests {
    private static let target = #"{"name": "a", "kind": "model", "provider": "openai", "model": "m", "prompt": "{{context}} {{input}}"}"#

    private func order(_ text: String) throws -> GateOrder {
        try GateOrder(settings: Array(text.utf8), source: .draft("next"), embeddingModel: "openai/e")
    }

    @Test("the run is asked with the draft, whatever the settings say it is asked with; the rest of its retrieval stays")
    func binding() throws {
        let plain = try order(#"{"suite": "s", "suite_version": 3, "targets": [\#(Self.target)]}"#)
        #expect(plain.suite == "s" && plain.suiteVersion == 3)
        #expect(plain.specification.retrieval == RunRetrieval(source: .draft("next"), embeddingModel: "openai/e"))
        let more = try order(
            #"{"suite": "s", "targets": [\#(Self.target)], "retrieval": {"source": "active", "limit": 3, "tags": ["public"]}}"#)
        #expect(
            more.specification.retrieval
                == RunRetrieval(source: .draft("next"), limit: 3, tags: ["public"], embeddingModel: "openai/e"))
    }

    @Test("what is built without a model is judged by words alone, whatever model its base was promoted with")
    func withoutModel() throws {
        let target = Self.target
        for retrieval in ["", #", "retrieval": {"limit": 3, "mode": "hybrid", "embedding_model": "openai/e"}"#] {
            let text = #"{"suite": "s", "targets": [\#(target)]\#(retrieval)}"#
            let order = try GateOrder(settings: Array(text.utf8), source: .draft("next"), embeddingModel: nil)
            #expect(order.specification.retrieval?.mode == .text && order.specification.retrieval?.embeddingModel == nil)
            #expect(try RunSpecification(json: order.specification.json).retrieval?.mode == .text)
        }
    }

    @Test(
        "settings that name no run make the promotion fail, and say why",
        arguments: [
            ("[]", "names no suite"), (#"{"targets": []}"#, "names no suite"), (#"{"suite": "s"}"#, "is no run"),
            (#"{"suite": "s", "targets": [{"name": "a", "kind": "exec"}]}"#, "exec"),
            (#"{"suite": "s", "targets": [\#(Self.target.replacing("{{context}}", with: ""))]}"#, "would not see what is to become active"),
            (#"{"suite": "s", "targets": [{"name": "a", "kind": "http", "url": "http://a.test"}]}"#, "{{context}}"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: KnowledgeWorkFault.self) { try order(text) }
        guard case .final(let message)? = error else { return #expect(Bool(false), "not final") }
        #expect(message.contains(reason))
    }
}
