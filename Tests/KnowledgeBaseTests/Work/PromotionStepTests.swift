import EvaluationModel
import Metastore
import RunExecution
import Testing

@testable import KnowledgeBase

@Suite struct PromotionStepTests {
    private func facts(
        _ phase: KnowledgePromotion.Phase, unembedded: Int = 0, gate: Bool = false, run: PromotionFacts.Run? = nil
    ) -> PromotionFacts {
        PromotionFacts(phase: phase, unembeddedCount: unembedded, hasGate: gate, run: run)
    }

    @Test("texts without a vector come first, then the gate if there is one, then publishing")
    func order() {
        #expect(PromotionStep.next(facts(.building, unembedded: 3, gate: true)) == .embed)
        #expect(PromotionStep.next(facts(.building, gate: true)) == .startGate)
        #expect(PromotionStep.next(facts(.building)) == .beginPublishing)
        #expect(PromotionStep.next(facts(.publishing, unembedded: 3, gate: true)) == .publish)
        #expect(PromotionStep.next(facts(.ended)) == .end)
    }

    @Test("a gate's run is waited for while it is under way", arguments: [RunState.queued, .running, .paused])
    func waiting(state: RunState) { #expect(PromotionStep.next(facts(.gate, run: .init(state: state))) == .awaitGate) }

    @Test("only a run that passed lets a promotion go on; every other end says why")
    func verdicts() {
        func step(_ verdict: VerdictResult?) -> PromotionStep {
            PromotionStep.next(facts(.gate, run: .init(state: .finished, verdict: verdict, verdictReason: "2 of 9 cases passed")))
        }
        #expect(step(.pass) == .beginPublishing)
        #expect(step(.fail) == .fail("the gate's run did not pass: 2 of 9 cases passed"))
        #expect(step(.notEnoughEvidence) == .fail("the gate's run has not enough evidence: 2 of 9 cases passed"))
        #expect(step(nil) == .fail("the gate's run came to no verdict"))
        #expect(
            PromotionStep.next(facts(.gate, run: .init(state: .cancelled, stateReason: "by hand")))
                == .fail("the gate's run was cancelled: by hand"))
        #expect(PromotionStep.next(facts(.gate, run: .init(state: .failed))) == .fail("the gate's run failed"))
        #expect(PromotionStep.next(facts(.gate)) == .fail("the gate's run is gone"))
    }

    @Test("words are counted anew when a draft brings a twentieth of all chunks, and after every sixteenth promotion")
    func counting() {
        #expect(WordCountRule.isDue(brought: 5, all: 100, revision: 2))
        #expect(!WordCountRule.isDue(brought: 4, all: 100, revision: 2))
        #expect(WordCountRule.isDue(brought: 0, all: 100, revision: 32))
        #expect(!WordCountRule.isDue(brought: 0, all: 0, revision: 16))
    }

    @Test("what may pass is tried again later and later, at most so often; all else ends it")
    func ends() {
        func end(_ error: any Error, attempt: Int = 1) -> AttemptEnd { AttemptEnd(error, attempt: attempt, maximumAttemptCount: 4) }
        #expect(end(KnowledgeWorkFault.gone) == .nothing)
        #expect(end(KnowledgeWorkFault.released) == .released)
        #expect(end(CancellationError()) == .released)
        #expect(end(KnowledgeWorkFault.final("no")) == .failed("no"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: nil)) == .retry(afterSeconds: 2, "busy"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: nil), attempt: 3) == .retry(afterSeconds: 8, "busy"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: 60)) == .retry(afterSeconds: 60, "busy"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: .nan)) == .retry(afterSeconds: 2, "busy"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: 1e9)) == .failed("busy"))
        #expect(end(KnowledgeWorkFault.transient("busy", retryAfterSeconds: nil), attempt: 4) == .failed("busy"))
        #expect(end(MetastoreError(.unavailable, "away")) != .failed("away"))
        #expect(end(MetastoreError(.invalid, "wrong")) == .failed("wrong"))
        #expect(end(CellFault("no_credential", "no key")) == .failed("no key"))
    }
}
