/// What was decided of a span, as the ledger has it.

import ContentReading

package enum ScoreDecision: String, CaseIterable, Sendable {
    case notMatched = "not_matched"
    case sampledOut = "sampled_out"
    /// Matched and drawn, and not scored for the reason given.
    case skipped
    /// The only one that changes.
    case queued
    case scored
    case failed

    package var isFinal: Bool { self != .queued }
}

/// Decides over a span that matched a filter, before anything is read of it. Pure: the same answer whenever it is asked again.
package struct SpanAdmission: Equatable, Sendable {
    package var samplingRate: Double
    /// Whether the money of the day, or of the backfill, is spent.
    package var isCapSpent: Bool
    /// Jobs that may still be added to those that wait.
    package var room: Int

    package init(samplingRate: Double, isCapSpent: Bool, room: Int) {
        self.samplingRate = samplingRate
        self.isCapSpent = isCapSpent
        self.room = room
    }

    package enum Answer: Equatable, Sendable {
        case admitted
        case refused(ScoreDecision, reason: String)
    }

    /// Takes a place where it admits.
    package mutating func decide(_ draw: SamplingDraw) -> Answer {
        guard draw.isTaken(rate: samplingRate) else {
            return .refused(.sampledOut, reason: "the draw is \(Self.text(draw.value)), the rate \(samplingRate.shortText)")
        }
        if isCapSpent { return .refused(.skipped, reason: Self.capReason) }
        guard room > 0 else {
            return .refused(.skipped, reason: "\(ScoreRuleLimits.maximumQueuedCount) spans wait to be scored already")
        }
        room -= 1
        return .admitted
    }

    package static let capReason = "the spending cap is reached"

    private static func text(_ value: Double) -> String { ((value * 1e6).rounded(.down) / 1e6).shortText }
}
