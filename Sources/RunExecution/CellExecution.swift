/// One attempt at a cell: call the target unless an earlier attempt's answer is there, score it, and say what came of it. Knows no
/// database: what it does is decided by its arguments.

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import JobQueue
import Metastore

struct CellExecution: Sendable {
    let cell: LeasedCell
    let run: PreparedRun
    /// Keeps the answer before scorers call out; false: the cell is somebody else's by now.
    let saveCheckpoint: @Sendable ([UInt8]) async throws -> Bool

    struct Result: Sendable {
        let key: String
        let ending: EndedCell.Ending
        /// nil when nothing was called.
        let trace: CellTrace?
    }

    /// Throws `CancellationError` alone.
    func run() async throws -> Result {
        let trace = CellTrace.identity(of: cell)
        let prepared: PreparedCase
        do { prepared = try run.prepared(cell) } catch {
            return ended("", .outcome(errored(CellFault("invalid_case", "\(error)"), trace)), nil)
        }
        let key = prepared.content.key
        // Workers that die take their attempt with them: who kills one worker after the other is stopped here.
        guard cell.job.attempt <= RunLimits.maximumAttemptCount else {
            return ended(key, .outcome(errored(CellFault("lost", "\(cell.job.attempt - 1) workers died at it"), trace)), nil)
        }
        let output: CellOutput
        do { output = try await answer(prepared) } catch let fault as CellFault {
            let delay = fault.retryDelay(
                afterAttempt: cell.job.attempt, maximumAttemptCount: RunLimits.maximumAttemptCount, random: .random(in: 0...1))
            if let delay { return ended(key, .retry(afterSeconds: delay, error: fault.json), nil) }
            return ended(key, .outcome(errored(fault, trace)), CellTrace(trace, cell, key, run, fault: fault))
        }
        let results = try await prepared.scorers.run(
            ScorerInput(
                content: prepared.content, output: output.scored, prompt: output.prompt.isEmpty ? nil : output.prompt,
                baseline: try await run.baselineOutput(of: prepared, cell)))
        return ended(key, .outcome(outcome(output, results, trace)), CellTrace(trace, cell, key, run, output: output, results: results))
    }

    private func answer(_ prepared: PreparedCase) async throws -> CellOutput {
        if let checkpoint = cell.job.checkpoint {
            if let fault = CellFault(checkpoint: checkpoint) { throw fault }
            if let output = CellOutput(checkpoint: checkpoint) { return output }
        }
        guard let target = run.targets[cell.target] else {
            throw CellFault("no_target", "the target's cells are done by the command line, which left no output")
        }
        let output = try await target.answer(prepared.content)
        // What was paid for is not paid for again when a judge fails.
        if prepared.callsOut, try await !saveCheckpoint(output.checkpoint) { throw CancellationError() }
        return output
    }

    private func outcome(_ output: CellOutput, _ results: ScorerResults, _ trace: CellTrace.Identity) -> NewOutcome {
        let kind: CellResultKind =
            switch results.outcome {
            case .passed: .passed
            case .failed: .failed
            case .errored: .errored
            }
        var outcome = NewOutcome(
            result: kind, output: output.json.bytes, traceID: trace.traceID, spanID: trace.rootSpanID, durationNano: output.durationNano,
            firstTokenNano: output.firstTokenNano, inputTokens: output.usage?.input ?? 0, outputTokens: output.usage?.output ?? 0,
            costNanoUSD: (output.cost ?? 0).nanoUSD + (results.cost ?? 0).nanoUSD, scores: results.scores)
        if kind == .errored {
            let failed = results.scores.first { $0.error != nil }
            outcome.error = CellFault("scorer", failed.map { "\($0.name): \($0.reason)" } ?? "a scorer failed").json
        }
        return outcome
    }

    private func errored(_ fault: CellFault, _ trace: CellTrace.Identity) -> NewOutcome {
        NewOutcome(result: .errored, error: fault.json, traceID: trace.traceID, spanID: trace.rootSpanID, durationNano: 0)
    }

    private func ended(_ key: String, _ ending: EndedCell.Ending, _ trace: CellTrace?) -> Result {
        Result(key: key, ending: ending, trace: trace)
    }
}
