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

    /// Throws `CancellationError`, and `RunFault` for a run that cannot go on.
    func run() async throws -> EndedCell {
        let trace = CellTrace.identity(of: cell)
        let prepared: PreparedCase
        do { prepared = try run.prepared(cell) } catch {
            return EndedCell(cell, key: "", .outcome(Self.errored(CellFault("invalid_case", "\(error)"), trace)))
        }
        let key = prepared.content.key
        // Workers that die take their attempt with them: who kills one worker after the other is stopped here.
        guard cell.job.attempt <= RunLimits.maximumAttemptCount else {
            let fault = CellFault("lost", "\(cell.job.attempt - 1) workers died at it")
            return EndedCell(cell, key: key, .outcome(Self.errored(fault, trace)))
        }
        do {
            let output = try await answer(prepared)
            let baseline = try await baselineOutput(of: prepared, output)
            let results = try await prepared.scorers.run(
                ScorerInput(
                    content: prepared.content, output: output.scored, prompt: output.prompt.isEmpty ? nil : output.prompt,
                    baseline: baseline))
            return EndedCell(
                cell, key: key, .outcome(outcome(output, results, trace)),
                spans: CellTrace(trace, cell, key, run, output: output, results: results).exportRequest)
        } catch let fault as CellFault {
            let ending = Self.ending(of: cell, fault)
            if case .retry = ending { return EndedCell(cell, key: key, ending) }
            return EndedCell(cell, key: key, ending, spans: CellTrace(trace, cell, key, run, fault: fault).exportRequest)
        }
    }

    /// Another attempt if the fault may pass and there is one left, else an outcome that is no trial.
    static func ending(of cell: LeasedCell, _ fault: CellFault) -> EndedCell.Ending {
        let delay = fault.retryDelay(
            afterAttempt: cell.job.attempt, maximumAttemptCount: RunLimits.maximumAttemptCount, random: .random(in: 0...1))
        if let delay { return .retry(afterSeconds: delay, error: fault.json, spent: fault.spent) }
        return .outcome(errored(fault, CellTrace.identity(of: cell)))
    }

    private func answer(_ prepared: PreparedCase) async throws -> CellOutput {
        if let checkpoint = cell.job.checkpoint {
            if let fault = CellFault(checkpoint: checkpoint) { throw fault }
            if let output = CellOutput(checkpoint: checkpoint) { return output }
        }
        guard let target = run.targets[cell.target] else {
            throw CellFault("no_target", "the target's cells are done by the command line, which left no output")
        }
        let retrieved = target.usesContext ? try await context(for: prepared.content) : nil
        var output: CellOutput
        do { output = try await target.answer(prepared.content, context: retrieved?.text) } catch var fault as CellFault {
            fault.spent = fault.spent + (retrieved?.spent ?? CellSpending())
            throw fault
        }
        output.retrieval = retrieved.map(CellRetrieval.init)
        // What was paid for is not paid for again when a judge fails.
        if prepared.callsOut {
            let isMine: Bool
            do { isMine = try await saveCheckpoint(output.checkpoint) } catch { throw try fault(error, spent: output.spent) }
            if !isMine { throw CancellationError() }
        }
        return output
    }

    /// nil for a run that nothing is retrieved for: its templates say so themselves.
    private func context(for content: TestCaseContent) async throws -> RetrievedContext? {
        guard let retrieve = run.retrieve else { return nil }
        guard let question = CaseQuestion.text(of: content.input) else {
            throw CellFault("retrieval", "the case has no text to look up in the knowledge base")
        }
        let trace = CellTrace.identity(of: cell)
        return try await retrieve(question, trace.traceID, trace.rootSpanID)
    }

    private func baselineOutput(of prepared: PreparedCase, _ output: CellOutput) async throws -> CaseOutput? {
        do { return try await run.baselineOutput(of: prepared, cell) } catch {
            // With a checkpoint the next attempt begins with this answer, and counts it.
            throw try fault(error, spent: prepared.callsOut ? CellSpending() : output.spent)
        }
    }

    /// What the database did not do is done at the next attempt.
    private func fault(_ error: any Error, spent: CellSpending) throws(CancellationError) -> CellFault {
        if let cancellation = error as? CancellationError { throw cancellation }
        var fault = CellFault("worker", "\(error)", isTransient: true)
        fault.spent = spent
        return fault
    }

    private func outcome(_ output: CellOutput, _ results: ScorerResults, _ trace: CellTrace.Identity) -> NewOutcome {
        let kind: CellResultKind =
            switch results.outcome {
            case .passed: .passed
            case .failed: .failed
            case .errored: .errored
            }
        let spent = output.spent
        var outcome = NewOutcome(
            result: kind, output: output.json.bytes, traceID: trace.traceID, spanID: trace.rootSpanID, durationNano: output.durationNano,
            firstTokenNano: output.firstTokenNano, inputTokens: spent.inputTokens, outputTokens: spent.outputTokens,
            costNanoUSD: spent.costNanoUSD + (results.cost ?? 0).spentNanoUSD, scores: results.scores)
        if kind == .errored {
            let failed = results.scores.first { $0.error != nil }
            outcome.error = CellFault("scorer", failed.map { "\($0.name): \($0.reason)" } ?? "a scorer failed").json
        }
        return outcome
    }

    private static func errored(_ fault: CellFault, _ trace: CellTrace.Identity) -> NewOutcome {
        NewOutcome(
            result: .errored, error: fault.json, traceID: trace.traceID, spanID: trace.rootSpanID, durationNano: 0,
            inputTokens: fault.spent.inputTokens, outputTokens: fault.spent.outputTokens, costNanoUSD: fault.spent.costNanoUSD)
    }
}
