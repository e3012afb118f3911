/// One attempt at scoring a stored span: what its scorers say, what that cost, and how it ends. Knows no database.

import ByteCoding
import Evaluation
import EvaluationModel
import JobQueue
import Metastore
import OTLP
import TraceModel

struct SpanScoreExecution: Sendable {
    let span: LeasedSpan
    let scorers: ScorerRunner
    /// From 0 to 1: for the pause before another attempt.
    var random = Double.random(in: 0...1)

    /// Why it is not even tried; nil: it is.
    static func refusal(_ span: LeasedSpan) -> EndedSpan? {
        if span.isCapSpent { return EndedSpan(span, .skipped(reason: SpanAdmission.capReason)) }
        guard span.job.attempt <= ScoreRuleLimits.maximumAttemptCount else {
            return EndedSpan(span, .failed([], reason: "\(span.job.attempt - 1) workers died at it"))
        }
        return nil
    }

    /// Throws `CancellationError` alone.
    func run() async throws -> EndedSpan {
        let log = ModelCallLog(), start = WallClock.nowUnixNano()
        let results = try await ModelCallLog.$current.withValue(log) { try await scorers.run(span.payload.scorerInput) }
        let calls = log.calls
        let spans = calls.isEmpty ? nil : ExportTraceRequestEncoder.encode(ScoringTrace(span, results, calls, start: start).spans)
        func ended(_ ending: EndedSpan.Ending) -> EndedSpan { EndedSpan(span, ending, costNanoUSD: log.cost.spentNanoUSD, spans: spans) }
        guard let failed = results.scores.first(where: { $0.error != nil }) else { return ended(.scored(results.scores)) }
        if let fault = log.transientFault,
            let delay = fault.retryDelay(
                afterAttempt: span.job.attempt, maximumAttemptCount: ScoreRuleLimits.maximumAttemptCount, random: random)
        {
            return ended(.retry(afterSeconds: delay, error: fault.json))
        }
        return ended(.failed(results.scores, reason: "\(failed.name): \(failed.reason)"))
    }
}

extension ScoringPayload {
    /// As scorers see it: no case stands behind it, and nothing is expected.
    var scorerInput: ScorerInput {
        ScorerInput(
            content: TestCaseContent(key: spanID.hex, input: messages.isEmpty ? .variables([]) : .messages(messages)),
            output: CaseOutput(
                text: text ?? "", toolCalls: toolCalls, latencyMilliseconds: Double(durationNano) / 1e6,
                inputTokenCount: inputTokens.map { Int($0) }, outputTokenCount: outputTokens.map { Int($0) }, cost: cost),
            prompt: messages.isEmpty ? nil : messages)
    }
}
