import Metastore
import Testing

@testable import KnowledgeBase

/// How well questions are answered, on the labelled set: hybrid search is no worse than either of its parts.
@Suite struct RetrievalQualityTests {
    @Test("the labelled set is whole: every grade is of a document, and no question stands twice")
    func theSetIsWhole() {
        let keys = Set(LabelledDocuments.all.map(\.key))
        #expect(keys.count == LabelledDocuments.all.count && keys.count >= 60)
        #expect(Set(LabelledQuestions.all.map(\.text)).count == LabelledQuestions.all.count && LabelledQuestions.all.count >= 40)
        for question in LabelledQuestions.all {
            #expect(Set(question.grades.keys).isSubset(of: keys), "\(question.text)")
            #expect(question.grades.values.allSatisfy { (1...2).contains($0) } && question.grades.values.contains(2), "\(question.text)")
        }
    }

    @Test("hybrid search is at least as good as words alone and as vectors alone, by nDCG@10")
    func hybridIsBest() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(LabelledDocuments.all.map { TestKnowledge.article($0.key, $0.title, $0.text) })
        try await base.metastore.knowledge.countWords(in: base.project.id)
        try await base.withRetriever { retriever async throws in
            var sums: [KnowledgeSearchMode: Double] = [:]
            var byKind: [String: [KnowledgeSearchMode: [Double]]] = [:]
            for question in LabelledQuestions.all {
                for mode in KnowledgeSearchMode.allCases {
                    let answer = try await retriever.search(KnowledgeQuery(text: question.text, limit: 20, mode: mode), in: base.project.id)
                    #expect(answer.mode == mode)
                    let gain = DiscountedGain.normalized(answer.hits.map(\.key), grades: question.grades, at: 10)
                    sums[mode, default: 0] += gain / Double(LabelledQuestions.all.count)
                    byKind[question.kind, default: [:]][mode, default: []].append(gain)
                }
            }
            let hybrid = try #require(sums[.hybrid]), text = try #require(sums[.text]), vector = try #require(sums[.vector])
            print("nDCG@10: hybrid \(hybrid), text \(text), vector \(vector)")
            for (kind, gains) in byKind.sorted(by: { $0.key < $1.key }) {
                print("  \(kind): \(gains.map { "\($0.key) \($0.value.reduce(0, +) / Double($0.value.count))" }.sorted())")
            }
            #expect(hybrid >= text)
            #expect(hybrid >= vector)
            // The set asks for both: questions that words alone answer, and questions that pieces of words alone do.
            func mean(_ kind: String, _ mode: KnowledgeSearchMode) -> Double {
                let gains = byKind[kind]?[mode] ?? []
                return gains.reduce(0, +) / Double(max(1, gains.count))
            }
            #expect(mean("w", .text) > mean("w", .vector))
            #expect(mean("s", .vector) > mean("s", .text))
        }
    }
}
