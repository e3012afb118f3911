import Evaluation
import EvaluationModel
import Testing

@Suite("Cases that do better or worse than in the baseline")
struct CaseChangesTests {
    private func changes(_ run: [CaseTally], _ baseline: [CaseTally]) -> CaseChanges {
        CaseChanges(CasePairing(run: run, baseline: baseline))
    }

    @Test("the share of passed trials decides, whatever their number; the largest change comes first")
    func shares() {
        let found = changes(
            [
                CaseTally(key: "slightly worse", passed: 2, failed: 1), CaseTally(key: "same", passed: 1, failed: 2),
                CaseTally(key: "much worse", failed: 3), CaseTally(key: "better", passed: 3), CaseTally(key: "much better", passed: 1),
            ],
            [
                CaseTally(key: "slightly worse", passed: 3), CaseTally(key: "same", passed: 2, failed: 4),
                CaseTally(key: "much worse", passed: 5),
                CaseTally(key: "better", passed: 2, failed: 1), CaseTally(key: "much better", failed: 9),
            ])
        #expect(found.regressed.map(\.run.key) == ["much worse", "slightly worse"])
        #expect(found.improved.map(\.run.key) == ["much better", "better"])
        #expect(found.sameCount == 1)
    }

    @Test("a case without a trial on one side is neither better nor worse nor the same")
    func unpaired() {
        let found = changes(
            [CaseTally(key: "new", failed: 1), CaseTally(key: "errored", errored: 3)],
            [CaseTally(key: "old", passed: 1), CaseTally(key: "errored", passed: 1)])
        #expect(found.regressed.isEmpty && found.improved.isEmpty && found.sameCount == 0)
    }
}
