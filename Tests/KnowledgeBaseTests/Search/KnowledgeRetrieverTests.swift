import KnowledgeModel
import Metastore
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import KnowledgeBase

/// Searches of a real knowledge base in PostgreSQL.
@Suite struct KnowledgeRetrieverTests {
    private static let entries = [
        TestKnowledge.article("refunds", "Refunds", "Money goes back within thirty days.", tags: ["billing", "public"]),
        TestKnowledge.article("invoices", "Invoices", "Companies pay by invoice. Refunds are booked on the next one.", tags: ["billing"]),
        TestKnowledge.article("parking", "Parking", "Two hours in the car park are free.", tags: ["public"]),
        KnowledgeEntry(
            key: "table/refunds",
            content: KnowledgeContent(
                title: "Table refunds", tags: ["internal"],
                body: .table(TableDescription(name: "refunds", columns: [.init(name: "amount_cents", type: "bigint")])))),
    ]

    @Test("a hybrid answer explains where each hit stands in both lists, and adds its ranks up")
    func hybrid() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        try await base.withRetriever { retriever async throws in
            let answer = try await retriever.search(KnowledgeQuery(text: "refunds for companies"), in: base.project.id)
            #expect(answer.mode == .hybrid && answer.modeReason == nil && answer.embeddingModel == TestKnowledge.model)
            #expect(answer.view == KnowledgeView(projectID: base.project.id, revision: 1))
            #expect(answer.unembeddedChunkCount == 0)
            #expect(Set(answer.hits.map(\.key)) == ["refunds", "invoices", "parking", "table/refunds"])
            let first = try #require(answer.hits.first)
            #expect(first.key == "invoices" && first.kind == .article && first.title == "Invoices" && first.tags == ["billing"])
            #expect(first.text.contains("Companies pay by invoice."))
            for hit in answer.hits {
                let ranks = [hit.textRank?.rank, hit.vectorRank?.rank].compactMap { $0 }
                #expect(abs(hit.score - ranks.reduce(0) { $0 + 1 / Double(60 + $1) }) < 1e-12)
            }
            let parking = try #require(answer.hits.first { $0.key == "parking" })
            #expect(parking.textRank == nil && parking.vectorRank != nil)
            #expect(answer.hits == answer.hits.sorted { $0.score > $1.score })
        }
    }

    @Test("without a model, or with one that cannot be asked, it is answered by words, and the answer says why")
    func textAlone() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries, model: nil)
        let reasons = [
            (NGramEmbedder(configured: nil), "default_models.embedding"),
            (NGramEmbedder(configured: "test/other"), "nothing of it has a vector of test/other yet"),
        ]
        for (embedder, reason) in reasons {
            try await base.withRetriever(embedder: embedder) { retriever async throws in
                for mode in [KnowledgeSearchMode.hybrid, .vector] {
                    let answer = try await retriever.search(KnowledgeQuery(text: "invoice", mode: mode), in: base.project.id)
                    #expect(answer.mode == .text && answer.modeReason?.contains(reason) == true && answer.embeddingModel == nil)
                    #expect(answer.hits.map(\.key) == ["invoices"])
                }
                let asked = try await retriever.search(KnowledgeQuery(text: "invoice", mode: .text), in: base.project.id)
                #expect(asked.mode == .text && asked.modeReason == nil)
            }
        }
        try await base.publish([], removing: ["parking"])
        let broken = NGramEmbedder(fault: KnowledgeSearchError(.embedding, "the provider is down"))
        try await base.withRetriever(embedder: broken) { retriever async throws in
            let answer = try await retriever.search(KnowledgeQuery(text: "invoice"), in: base.project.id)
            #expect(answer.mode == .text && answer.modeReason == "the provider is down")
            #expect(answer.hits.map(\.key) == ["invoices"])
        }
    }

    @Test("a question's vector of another dimension than the knowledge base's is answered by words, and the answer says why")
    func otherDimension() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        try await base.withRetriever(embedder: NGramEmbedder(dimension: 100)) { retriever async throws in
            for mode in [KnowledgeSearchMode.hybrid, .vector] {
                let answer = try await retriever.search(KnowledgeQuery(text: "invoice", mode: mode), in: base.project.id)
                #expect(answer.mode == .text && answer.isDegraded && answer.hits.map(\.key) == ["invoices"])
                #expect(answer.modeReason?.contains("a vector of 100 numbers") == true)
            }
        }
    }

    @Test("models that nothing was embedded with are asked nothing, and close nobody's files")
    func madeUpModels() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let embedder = NGramEmbedder()
        let retriever = try KnowledgeRetriever(
            knowledge: base.metastore.knowledge, directory: path, embedder: embedder, traces: KeptTraces())
        #expect(try await retriever.search(KnowledgeQuery(text: "invoice"), in: base.project.id).mode == .hybrid)
        for number in 0...KnowledgeSearchLimits.maximumOpenFileCount {
            let answer = try await retriever.search(
                KnowledgeQuery(text: "invoice", embeddingModel: "made-up/\(number)"), in: base.project.id)
            #expect(answer.mode == .text && answer.modeReason == "nothing of it has a vector of made-up/\(number) yet")
        }
        // Without them in PostgreSQL, only a file that is still open can have them.
        try await base.connection.query("DELETE FROM knowledge_embeddings")
        #expect(try await retriever.search(KnowledgeQuery(text: "invoice"), in: base.project.id).mode == .hybrid)
        #expect(Set(embedder.asked.value) == [TestKnowledge.model])
    }

    @Test("each state is searched by itself: the active one, an earlier one, a draft with what it adds, changes and removes")
    func views() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        try await base.publish([TestKnowledge.article("refunds", "Refunds", "Money goes back within sixty days.")])
        let draft = try await base.draft("next")
        try await base.edit(
            draft, putting: [TestKnowledge.article("vouchers", "Vouchers", "Sixty vouchers a day.")], removing: ["invoices"])
        try await base.withRetriever { retriever async throws in
            func found(_ text: String, _ source: KnowledgeSource) async throws -> [String] {
                try await retriever.search(KnowledgeQuery(text: text, source: source, mode: .text), in: base.project.id).hits.map(\.key)
            }
            #expect(try await found("thirty", .active) == [])
            #expect(try await found("sixty", .active) == ["refunds"])
            #expect(try await found("thirty", .revision(1)) == ["refunds"])
            #expect(try await found("sixty", .revision(1)) == [])
            #expect(try await Set(found("sixty", .draft(draft))) == ["refunds", "vouchers"])
            #expect(try await found("invoice", .draft(draft)) == [])
            #expect(try await found("invoice", .active) == ["invoices"])
            // The draft's new chunk has no vector yet: it is found by words, and counted.
            let answer = try await retriever.search(KnowledgeQuery(text: "vouchers", source: .draft(draft)), in: base.project.id)
            #expect(answer.mode == .hybrid && answer.unembeddedChunkCount == 1 && answer.hits.first?.key == "vouchers")
            #expect(answer.view.draft == KnowledgeView.DraftVersion(id: draft, version: 1) && answer.view.revision == 2)
            #expect(!answer.hits.contains { $0.key == "invoices" })
            // Edited again, it is another state.
            try await base.edit(draft, removing: ["vouchers"])
            #expect(try await found("vouchers", .draft(draft)) == [])
            for source in [KnowledgeSource.revision(3), .draft(.make())] {
                let error = await #expect(throws: KnowledgeSearchError.self) { try await found("x", source) }
                #expect(error?.code == .notFound)
            }
        }
    }

    @Test("kinds and tags narrow both lists", arguments: KnowledgeSearchMode.allCases)
    func filters(mode: KnowledgeSearchMode) async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        try await base.withRetriever { retriever async throws in
            func found(kinds: Set<KnowledgeKind> = [], tags: [String] = []) async throws -> Set<String> {
                let query = KnowledgeQuery(text: "refunds", kinds: kinds, tags: tags, mode: mode)
                return Set(try await retriever.search(query, in: base.project.id).hits.map(\.key))
            }
            #expect(try await found(kinds: [.table]) == ["table/refunds"])
            #expect(try await found(tags: ["billing", "public"]) == ["refunds"])
            #expect(try await found(kinds: [.article], tags: ["billing"]) == ["refunds", "invoices"])
            #expect(try await found(kinds: [.operation]) == [])
            #expect(try await found(tags: ["Billing"]) == [])
        }
    }

    @Test(
        "any text is a question: signs, operators, quotes, other languages, stop words alone",
        arguments: [
            "refunds & !money | (x", #"it's a \ "backslash" '' :*"#, "'); DROP TABLE knowledge_chunks; --", "Rückerstattung für Größe 😀",
            "the of and", "%_$1", String(repeating: "refunds ", count: 1_000), "amount_cents", "<->", "\u{202e}\u{1}",
        ])
    func anyText(text: String) async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        try await base.withRetriever { retriever async throws in
            let answer = try await retriever.search(KnowledgeQuery(text: text), in: base.project.id)
            #expect(answer.mode == .hybrid && answer.hits.count == 4)
        }
    }

    @Test("what is no query is refused with the reason")
    func refusals() async throws {
        let base = try await TestKnowledge.open()
        try await base.withRetriever { retriever async throws in
            var queries = ["", " \n", String(repeating: "x", count: 8_193), "a\0b"].map { KnowledgeQuery(text: $0) }
            queries += [0, 51].map { KnowledgeQuery(text: "x", limit: $0) }
            queries.append(KnowledgeQuery(text: "x", tags: Array(repeating: "t", count: 65)))
            for query in queries {
                let error = await #expect(throws: KnowledgeSearchError.self) { try await retriever.search(query, in: base.project.id) }
                #expect(error?.code == .invalid)
            }
            let nothing = try await retriever.search(KnowledgeQuery(text: "x"), in: base.project.id)
            #expect(nothing.hits.isEmpty && nothing.view.revision == 0)
        }
    }

    @Test("entries that say the same are found as the first of them; another project's are not found")
    func sameContents() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(["b", "a", "c"].map { TestKnowledge.article($0, "Parking", "Two hours are free.") })
        let other = try await base.metastore.projects.create(name: "Other", retentionDays: nil, in: base.organization.id)
        try await base.withRetriever { retriever async throws in
            let answer = try await retriever.search(KnowledgeQuery(text: "hours"), in: base.project.id)
            #expect(answer.hits.map(\.key) == ["a"])
            #expect(try await retriever.search(KnowledgeQuery(text: "hours"), in: other.id).hits.isEmpty)
        }
    }

    @Test("a search is a span with question, revision, hits and scores, below the span of whoever asked")
    func spans() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let traces = KeptTraces()
        try await base.withRetriever(traces: traces) { retriever async throws in
            let parent = KnowledgeQuery.Parent(traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3))
            let answer = try await retriever.search(
                KnowledgeQuery(text: "invoice", tags: ["billing"], limit: 2, parent: parent), in: base.project.id)
            _ = try? await retriever.search(KnowledgeQuery(text: "invoice", source: .revision(9)), in: base.project.id)
            let searches = traces.searches.value
            #expect(searches.count == 2 && searches[0].count == 2)
            let root = searches[0][0], call = searches[0][1]
            func value(_ span: SpanRecord, _ key: String) -> AttributeValue? { span.attributes.first { $0.key == key }?.value }
            #expect(root.traceID == parent.traceID && root.parentSpanID == parent.spanID && call.parentSpanID == root.spanID)
            #expect(value(root, "gen_ai.operation.name") == .string("retrieval"))
            #expect(value(root, "openinference.span.kind") == .string("RETRIEVER"))
            #expect(value(root, "gen_ai.retrieval.query.text") == .string("invoice"))
            #expect(value(root, "spandrel.knowledge.source") == .string("active"))
            #expect(value(root, "spandrel.knowledge.revision") == .int(1))
            #expect(value(root, "spandrel.knowledge.mode") == .string("hybrid"))
            #expect(value(root, "spandrel.knowledge.tags") == .string("billing"))
            #expect(value(root, "retrieval.documents.0.document.id") == .string("invoices#0"))
            #expect(value(root, "retrieval.documents.0.document.score") == .double(answer.hits[0].score))
            #expect(value(root, "retrieval.documents.2.document.id") == nil)
            #expect(value(call, "gen_ai.operation.name") == .string("embeddings"))
            #expect(value(call, "gen_ai.request.model") == .string("n-grams") && value(call, "gen_ai.provider.name") == .string("test"))
            #expect(root.endTimeUnixNano >= call.endTimeUnixNano && call.startTimeUnixNano >= root.startTimeUnixNano)
            let failed = searches[1][0]
            #expect(failed.status?.code == 2 && value(failed, "error.type") == .string("not_found"))
        }
    }

    @Test("the vectors asked for are those of the model that the revision was promoted with, whatever the settings say now")
    func pinnedModel() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let embedder = NGramEmbedder(configured: "test/newer")
        try await base.withRetriever(embedder: embedder) { retriever async throws in
            #expect(try await retriever.search(KnowledgeQuery(text: "invoice"), in: base.project.id).embeddingModel == TestKnowledge.model)
        }
        #expect(embedder.asked.value == [TestKnowledge.model])
    }

    @Test("words are counted, and rare ones decide")
    func countedWords() async throws {
        let base = try await TestKnowledge.open()
        var entries = (0..<30).map { TestKnowledge.article("common/\($0)", "Order \($0)", "An order of item number \($0).") }
        entries.append(TestKnowledge.article("rare", "Zebra", "A zebra without stripes."))
        try await base.publish(entries, model: nil)
        try await base.metastore.knowledge.countWords(in: base.project.id)
        try await base.metastore.knowledge.countWords(in: base.project.id)
        let words = try await base.metastore.knowledge.questionWords("The orders, a ZEBRA's stripes?", in: base.project.id)
        #expect(words.map(\.word) == ["a", "orders", "s", "stripes", "the", "zebra"])
        #expect(words.map(\.isStopWord) == [true, false, true, false, true, false])
        #expect(words.map(\.stemChunkCount) == [nil, 30, nil, 1, nil, 1])
        try await base.withRetriever(embedder: NGramEmbedder(configured: nil)) { retriever async throws in
            let answer = try await retriever.search(KnowledgeQuery(text: "order of zebra"), in: base.project.id)
            #expect(answer.hits.first?.key == "rare" && answer.hits.count == 10)
        }
    }

    @Test("while a draft is edited all along, an answer has nothing but what the version that it names has")
    func editedAllAlong() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let draft = try await base.draft("busy")
        try await base.edit(draft, putting: [TestKnowledge.article("version/1", "Version", "A zebra, number 1.")])
        try await base.withRetriever { retriever async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for version in 2...25 {
                        let entry = TestKnowledge.article("version/\(version)", "Version", "A zebra, number \(version).")
                        let made = try await base.edit(draft, putting: [entry], removing: ["version/\(version - 1)"])
                        #expect(made == version)
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        var seen = 0
                        while seen < 25 {
                            let answer = try await retriever.search(
                                KnowledgeQuery(text: "zebra", source: .draft(draft)), in: base.project.id)
                            let version = try #require(answer.view.draft?.version)
                            let found = answer.hits.map(\.key).filter { $0.hasPrefix("version/") }
                            #expect(found.isEmpty || found == ["version/\(version)"])
                            #expect(version >= seen)
                            seen = version
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
