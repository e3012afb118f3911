import EvaluationModel
import KnowledgeModel
import Metastore
import RunExecution
import Testing
import TraceModel

@testable import KnowledgeBase

@Suite struct ContextTextTests {
    private func hit(_ key: String, _ title: String, _ path: [String], _ text: String) -> KnowledgeHit {
        KnowledgeHit(
            chunkID: 1, key: key, kind: .article, title: title, tags: [], position: 0, headingPath: path, text: text, score: 1)
    }

    @Test("each passage stands under its entry's key, title and headings, the best first")
    func passages() {
        let hits = [
            hit("refunds", "Refunds", ["Refunds", "By card"], "Thirty days."), hit("parking", "Parking", ["Cars"], "Two hours are free."),
        ]
        #expect(
            ContextText.text(of: hits) == """
                [refunds] Refunds > By card
                Thirty days.

                [parking] Parking > Cars
                Two hours are free.
                """)
        #expect(ContextText.text(of: []) == "")
    }

    @Test("a passage that does not fit is left out with those after it; the first is cut")
    func bounds() {
        let hits = ["a", "b", "c"].map { hit($0, "T", [], String(repeating: $0, count: 100)) }
        let text = ContextText.text(of: hits, maximumByteCount: 220)
        #expect(text.contains("[b] T") && !text.contains("[c] T") && text.utf8.count <= 220)
        #expect(ContextText.text(of: hits, maximumByteCount: 50).utf8.count <= 50)
    }

    @Test("an answer of another state than the run's, or one that lacks the vectors, is none")
    func faults() {
        let draft = KnowledgeDraftID(high: 1, low: 2), project = ProjectID(high: 1, low: 1)
        func answer(_ revision: Int, _ version: Int?, isDegraded: Bool = false) -> KnowledgeAnswer {
            KnowledgeAnswer(
                view: KnowledgeView(
                    projectID: project, revision: revision, draft: version.map { KnowledgeView.DraftVersion(id: draft, version: $0) }),
                mode: .text, modeReason: isDegraded ? "away" : nil, isDegraded: isDegraded, embeddingModel: nil, unembeddedChunkCount: 0,
                hits: [])
        }
        let ofDraft = RunRetrieval.View(revision: 3, draftID: draft.uuid, draftVersion: 5)
        #expect(throws: Never.self) { try KnowledgeContext.check(answer(3, 5), ofDraft) }
        for other in [answer(3, 6), answer(4, 6), answer(4, 5), answer(3, 6, isDegraded: true)] {
            let fault = #expect(throws: RunFault.self) { try KnowledgeContext.check(other, ofDraft) }
            #expect(fault?.reason.contains("version 5") == true)
        }
        let fault = #expect(throws: CellFault.self) { try KnowledgeContext.check(answer(3, 5, isDegraded: true), ofDraft) }
        #expect(fault?.isTransient == true)
        #expect(throws: Never.self) { try KnowledgeContext.check(answer(3, nil), RunRetrieval.View(revision: 3)) }
    }

    @Test("runs know the kinds that entries have")
    func kinds() { #expect(Set(RunLimits.knowledgeKinds) == Set(KnowledgeKind.allCases.map(\.rawValue))) }
}
