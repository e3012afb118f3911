/// One attempt at a request for drafts: asks a model for cases of one source after the other, as long as the spending cap and the number of
/// drafts allow, and ends the request. Calls are made one by one, so that the cap is passed by the last at most.

import ByteCoding
import Evaluation
import EvaluationModel
import JobQueue
import Metastore
import OTLP
import TraceModel

/// The model that drafts, as `ProjectModels` has it.
protocol DraftModel: Sendable {
    /// Notes its calls in the `ModelCallLog`. Throws `ScoreError`, `CancellationError`.
    func draft(_ question: JudgeQuestion) async throws -> JudgeAnswer
}

extension ProjectModels: DraftModel {
    func draft(_ question: JudgeQuestion) async throws -> JudgeAnswer {
        try await ask(question, purposes: ["draft", "judge"], formatName: "test_cases")
    }
}

struct DraftExecution: Sendable {
    let leased: LeasedDraftRequest
    let repository: DraftRepository
    /// Of a project. Throws `CellFault`, MetastoreError.
    let model: @Sendable (ProjectID) async throws -> any DraftModel
    /// From 0 to 1: for the pause before another attempt.
    var random = Double.random(in: 0...1)

    /// Throws `CancellationError`, MetastoreError; whatever else happens ends the attempt, and is written.
    func run() async throws {
        while let request = try await repository.proceed(leased) {
            guard leased.job.attempt <= DraftLimits.maximumAttemptCount else {
                return try await repository.end(leased, .failed, message: "given up after \(leased.job.attempt - 1) attempts")
            }
            guard let (position, source) = request.next, !request.isCapSpent, request.nextDraftCount > 0 else {
                return try await conclude(request)
            }
            guard try await work(on: source, at: position, request) else { return }
        }
    }

    /// False: the attempt has ended.
    private func work(on source: DraftSource, at position: Int, _ request: DraftRequest) async throws -> Bool {
        let excerpt = (try? JSONValue.parse(source.content)) ?? .null
        let prompt = DraftPrompt(
            source.origin.entry == nil ? .conversation(excerpt) : .entry(excerpt), instruction: request.instruction,
            count: request.nextDraftCount)
        let log = ModelCallLog()
        func spans(_ problem: String?) -> [UInt8]? {
            let trace = DraftTrace(
                request, position: position, source: source, attempt: leased.job.attempt, log.calls, problem: problem)
            return log.calls.isEmpty ? nil : ExportTraceRequestEncoder.encode(trace.spans)
        }
        do {
            let model = try await model(request.projectID)
            let text = try await ModelCallLog.$current.withValue(log) { try await model.draft(prompt.question(model: request.model)).text }
            var answer = DraftAnswer(
                text, source: source.origin,
                maximumCount: min(request.nextDraftCount, DraftLimits.maximumCallDraftCount))
            answer.makeKeysUnique(taken: try await repository.takenKeys(of: answer.possibleKeys, in: request.suiteID))
            let drafted = DraftedCases(
                cases: answer.cases, problem: answer.problem, costNanoUSD: log.cost.spentNanoUSD, spans: spans(answer.problem))
            return try await repository.save(drafted, at: position, of: source, leased)
        } catch let error as ScoreError {
            let said = log.calls.last?.error.map { "\(error.message) (\($0.kind): \($0.message))" } ?? error.message
            let delay = log.transientFault?.retryDelay(
                afterAttempt: leased.job.attempt, maximumAttemptCount: DraftLimits.maximumAttemptCount, random: random)
            try await repository.end(
                leased, delay.map { .retry(afterSeconds: $0) } ?? .failed, message: said, costNanoUSD: log.cost.spentNanoUSD,
                spans: spans(said))
        } catch let fault as CellFault {
            try await repository.end(leased, .failed, message: fault.message)
        }
        return false
    }

    /// A request of which no draft came has failed, and says why.
    private func conclude(_ request: DraftRequest) async throws {
        let stop = request.next == nil ? nil : request.isCapSpent ? "the spending cap was reached" : "the drafts asked for are written"
        let problems = (try? JSONValue.parse(request.problems)) ?? .array([])
        guard request.draftCount > 0 else {
            let reasons = ([stop] + (problems.arrayValue ?? []).map { $0["message"]?.stringValue }).compactMap(\.self)
            return try await repository.end(leased, .failed, message: "no draft was written: " + reasons.joined(separator: "; "))
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("drafts", Int64(request.draftCount))
        writer.member("sources", Int64(request.sourceCount - request.openSourceCount))
        writer.member("cost_usd", Double(request.costNanoUSD) / 1e9)
        writer.key("stopped")
        if let stop { writer.string(stop) } else { writer.null() }
        writer.member("problems", raw: problems.bytes)
        writer.endObject()
        try await repository.end(leased, .succeeded, result: writer.bytes)
    }
}
