import ByteCoding
import HTTPTesting
import Testing

@Suite("Searches of the knowledge base over HTTP")
struct KnowledgeSearchRouteTests {
    private static let path = KnowledgeRoutes.root + "/search"

    @Test("the active revision is searched, or an earlier one by its number, or a draft by its name")
    func sources() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client
            func keys(_ body: String) async throws -> [String] {
                try await client.send("searchKnowledge", Self.path, body: body, expect: 200).data.map { $0.text("key") }
            }
            #expect(try await keys(#"{"query": "refunds"}"#) == [])
            try await routes.draft("one", ["refunds": "Refunds take thirty days.", "parking": "Two hours are free."])
            try await routes.promote("one")
            try await routes.draft("two", ["refunds": "Refunds take sixty days."])
            #expect(try await keys(#"{"query": "sixty"}"#) == [])
            #expect(try await keys(#"{"query": "sixty", "source": {"draft": "two"}}"#) == ["refunds"])
            #expect(try await keys(#"{"query": "thirty", "source": "active", "kinds": ["article"], "limit": 1}"#) == ["refunds"])
            #expect(try await keys(#"{"query": "thirty", "kinds": ["table"]}"#) == [])
            #expect(try await keys(#"{"query": "thirty", "tags": ["none"]}"#) == [])
            try await routes.promote("two")
            #expect(try await keys(#"{"query": "sixty"}"#) == ["refunds"])
            #expect(try await keys(#"{"query": "thirty", "source": {"revision": 1}}"#) == ["refunds"])
            let answer = try await client.send("searchKnowledge", Self.path, body: #"{"query": "sixty days"}"#, expect: 200)
            #expect(answer["revision"]?.integerValue == 2 && answer["draft_id"]?.isNull == true)
            #expect(answer.text("mode") == "text" && answer.text("mode_reason").contains("default_models.embedding"))
            let hit = try #require(answer.data.first)
            #expect(hit.text("text").contains("sixty") && hit["explanation"]?["text"]?["rank"]?.integerValue == 1)
            #expect(hit["explanation"]?["vector"]?.isNull == true)
            let stranger = try await routes.stranger()
            #expect(try await stranger.send("searchKnowledge", Self.path, body: #"{"query": "sixty"}"#, expect: 200).data.isEmpty)
        }
    }

    @Test("what cannot be asked is refused")
    func refusals() async throws {
        try await KnowledgeRoutes.with { routes in
            let invalid = [
                "{}", #"{"query": " "}"#, #"{"query": "x", "source": "newest"}"#, #"{"query": "x", "source": {"revision": 0}}"#,
                #"{"query": "x", "kinds": ["film"]}"#, #"{"query": "x", "limit": 51}"#, #"{"query": "x", "mode": "magic"}"#,
                #"{"query": "x", "tags": [1]}"#, #"{"query": "x", "trace_id": "12"}"#, #"{"query": "x", "more": 1}"#,
            ]
            for body in invalid { try await routes.client.send("searchKnowledge", Self.path, body: body, expect: 422) }
            for source in [#"{"revision": 9}"#, #"{"draft": "none"}"#] {
                try await routes.client.send("searchKnowledge", Self.path, body: #"{"query": "x", "source": \#(source)}"#, expect: 404)
            }
        }
    }
}
