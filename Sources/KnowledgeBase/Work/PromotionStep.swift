/// What a promotion does next, decided by what is stored of it alone: whoever takes it over after a worker's death goes on where that ended.
///
///     building:    texts without a vector? -- embed --+
///                    | none                           |
///                    +--> gate in the settings? -- start its run --> gate
///                    +--> no gate --> publishing
///     gate:        run under way -- wait; passed --> publishing; else: the promotion fails, and says why
///     publishing:  one transaction

import ByteCoding
import EvaluationModel
import Metastore

struct PromotionFacts: Equatable {
    var phase: KnowledgePromotion.Phase
    /// Texts without a vector of the promotion's model; 0 without a model.
    var unembeddedCount = 0
    /// Whether the settings name a gate.
    var hasGate = false
    /// The gate's run; nil: none was started, or it is gone.
    var run: Run?

    struct Run: Equatable {
        var state: RunState
        /// For people.
        var stateReason = ""
        /// Of a finished run; nil: it says none that is known.
        var verdict: VerdictResult?
        /// The verdict's deciding sentence.
        var verdictReason = ""
    }
}

enum PromotionStep: Equatable {
    /// The next texts are embedded.
    case embed
    case startGate
    case awaitGate
    case beginPublishing
    case publish
    /// The promotion fails; the active revision stays.
    case fail(String)
    /// There is nothing to do: it has ended.
    case end

    static func next(_ facts: PromotionFacts) -> PromotionStep {
        switch facts.phase {
        case .building:
            if facts.unembeddedCount > 0 { return .embed }
            return facts.hasGate ? .startGate : .beginPublishing
        case .gate: return afterGate(facts.run)
        case .publishing: return .publish
        case .ended: return .end
        }
    }

    private static func afterGate(_ run: PromotionFacts.Run?) -> PromotionStep {
        guard let run else { return .fail("the gate's run is gone") }
        switch run.state {
        case .queued, .running, .paused: return .awaitGate
        case .cancelled: return .fail(sentence("the gate's run was cancelled", run.stateReason))
        case .failed: return .fail(sentence("the gate's run failed", run.stateReason))
        case .finished:
            switch run.verdict {
            case .pass: return .beginPublishing
            case .fail: return .fail(sentence("the gate's run did not pass", run.verdictReason))
            case .notEnoughEvidence: return .fail(sentence("the gate's run has not enough evidence", run.verdictReason))
            case nil: return .fail("the gate's run came to no verdict")
            }
        }
    }

    private static func sentence(_ what: String, _ why: String) -> String { why.isEmpty ? what : "\(what): \(why)" }
}

extension PromotionFacts.Run {
    init(_ record: RunRecord) {
        let verdict = record.verdict.flatMap { try? JSONValue.parse($0) }
        let result = verdict?["result"]?.stringValue
        // The sentence of the first target that came to what the whole did.
        let deciding = verdict?["targets"]?.arrayValue?.first { $0["result"]?.stringValue == result }
        self.init(
            state: record.state, stateReason: record.stateReason, verdict: result.flatMap(VerdictResult.init),
            verdictReason: deciding?["reasons"]?.arrayValue?.first?.stringValue ?? record.stateReason)
    }
}

/// Whether a promotion counts its project's words anew before it is published: common words are told from rare ones by these counts, which
/// need not be exact.
enum WordCountRule {
    /// - Parameters:
    ///   - brought: chunks that the draft brings.
    ///   - all: chunks of the project.
    ///   - revision: the number that the promotion's revision would have.
    static func isDue(brought: Int, all: Int, revision: Int) -> Bool {
        guard all > 0 else { return false }
        return brought * KnowledgeWorkLimits.countedShare >= all || revision % KnowledgeWorkLimits.countedRevisionCount == 0
    }
}
