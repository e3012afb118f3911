/// `/api/v1/runs/{run_id}/outcomes` and `/comparison`: what came of each case, of each target beside the baseline, and one case done again.

import Access
import ByteCoding
import Evaluation
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import JobQueue
import Metastore
import RunExecution
import TraceModel

struct OutcomesHandlers: Sendable {
    let runs: RunRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        let run = "/api/v1/runs/{run_id}", root = run + "/outcomes"
        return [
            builder.operation(
                "listOutcomes", .get, root, .permission(.readRuns),
                query: ["result", "target", "key", "superseded", "order", "limit", "cursor"], statuses: [200], handler: listOutcomes),
            builder.operation(
                "getOutcome", .get, root + "/{outcome_id}", .permission(.readRuns), statuses: [200], handler: getOutcome),
            builder.operation("compareRun", .get, run + "/comparison", .permission(.readRuns), statuses: [200], handler: compareRun),
            builder.operation(
                "requeueTestCase", .post, run + "/requeue", .permission(.startRuns), body: .json, statuses: [200, 409],
                handler: requeueTestCase),
        ]
    }

    func listOutcomes(_ request: APIRequest) async throws -> Response {
        let id = try request.runID, project = try request.project
        var filter = OutcomeFilter(includesSuperseded: try request.boolean("superseded"))
        if let text = request.query["result"] {
            guard let result = CellResultKind(rawValue: text) else { throw Problem.invalid("result", "must be passed, failed or errored") }
            filter.result = result
        }
        if request.query["target"] != nil {
            filter.target = try request.integer("target", in: 0...RunLimits.maximumTargetCount - 1, default: 0)
        }
        if let key = request.query["key"] {
            guard !key.utf8.contains(0) else { throw Problem.invalid("key", "is no key of a test case") }
            filter.key = key
        }
        let order: OutcomeOrder
        switch request.query["order"] {
        case nil, "newest": order = .newest
        case "key": order = .key
        default: throw Problem.invalid("order", "must be newest or key")
        }
        let page = try request.page()
        guard try await runs.find(id, in: project) != nil else { throw Problem.notFound("run") }
        let found = try await runs.outcomes(of: id, in: project, filter: filter, order: order, page: page)
        return .list(found.items, nextCursor: found.nextCursor) { writer, outcome in
            writer.beginObject()
            writer.outcome(outcome)
            writer.endObject()
        }
    }

    func getOutcome(_ request: APIRequest) async throws -> Response {
        guard let id = OutcomeID(uuid: request.path("outcome_id")),
            let details = try await runs.outcome(id, of: try request.runID, in: try request.project)
        else { throw Problem.notFound("outcome") }
        return .json { writer in
            writer.beginObject()
            writer.outcome(details.outcome)
            writer.member("output", json: details.outcome.output)
            writer.key("attempts")
            writer.beginArray()
            for attempt in details.attempts { writer.attempt(attempt) }
            writer.endArray()
            writer.endObject()
        }
    }

    func compareRun(_ request: APIRequest) async throws -> Response {
        guard let run = try await runs.find(try request.runID, in: try request.project) else { throw Problem.notFound("run") }
        let targets = try await RunConclusion(runs: runs).targets(of: run)
        return .json { writer in
            writer.beginObject()
            writer.member("baseline_run_id", run.baselineRunID?.uuid)
            writer.key("targets")
            writer.beginArray()
            for target in targets { writer.comparison(target) }
            writer.endArray()
            writer.endObject()
        }
    }

    func requeueTestCase(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["key", "target", "repetition"])
        let choice = CellChoice(
            key: try request.requiredText("key", maximumByteCount: TestCaseLimits.maximumKeyByteCount),
            target: try request.integer("target", in: 0...Int64(RunLimits.maximumTargetCount - 1)).map(Int.init),
            repetition: try request.integer("repetition", in: 1...Int64(RunLimits.maximumRepetitionCount)).map(Int.init))
        switch try await runs.requeue(choice, of: try request.runID, in: try request.project, audit: try request.audit) {
        case nil: throw Problem.notFound("run")
        case .refused(let run):
            let reason =
                run.state == .running || run.state == .paused
                ? "it is being concluded, or its money is spent" : "it is \(run.state.rawValue)"
            throw Problem(.conflict, "nothing of the run can be done again: \(reason)", kind: "run-state")
        case .requeued(let run, let count):
            return .json { writer in
                writer.beginObject()
                writer.key("run")
                writer.run(run)
                writer.member("requeued", count)
                writer.endObject()
            }
        }
    }
}

extension JSONWriter {
    /// The members that lists show of an outcome.
    fileprivate mutating func outcome(_ outcome: OutcomeRecord) {
        member("id", outcome.id.uuid)
        member("run_id", outcome.runID.uuid)
        member("target", outcome.target)
        member("key", outcome.key)
        member("repetition", outcome.repetition)
        member("result", outcome.result.rawValue)
        member("error", json: outcome.error)
        member("trace_id", outcome.traceID.hex)
        member("span_id", outcome.spanID.hex)
        member("duration_ms", Double(outcome.durationNano) / 1e6)
        member("first_token_ms", outcome.firstTokenNano.map { Double($0) / 1e6 })
        member("input_tokens", outcome.inputTokens)
        member("output_tokens", outcome.outputTokens)
        member("cost_usd", Double(outcome.costNanoUSD) / 1e9)
        member("attempt_count", outcome.attemptCount)
        member("created_at", unixNano: outcome.createdTimeUnixNano)
        member("superseded_at", unixNano: outcome.supersededTimeUnixNano)
        key("scores")
        beginArray()
        for score in outcome.scores { self.score(score) }
        endArray()
    }

    fileprivate mutating func comparison(_ target: RunConclusion.Target) {
        let cases = target.tallies.cases
        let cost = cases.reduce(0) { $0 + $1.costUSD.sum }, latency = cases.reduce(0) { $0 + $1.latencyMilliseconds.sum }
        let cellCount = cases.reduce(0) { $0 + $1.passed + $1.failed + $1.errored }
        beginObject()
        member("target", target.name)
        member("passed", cases.reduce(0) { $0 + $1.passed })
        member("failed", cases.reduce(0) { $0 + $1.failed })
        member("errored", cases.reduce(0) { $0 + $1.errored })
        member("cost_usd", cost)
        member("mean_duration_ms", cellCount > 0 ? latency / Double(cellCount) : nil)
        key("baseline")
        if let baseline = target.baseline {
            let pairing = CasePairing(run: cases, baseline: baseline.cases), changes = CaseChanges(pairing)
            beginObject()
            member("regressed_count", changes.regressed.count)
            member("improved_count", changes.improved.count)
            member("same_count", changes.sameCount)
            member("only_in_run_count", pairing.onlyInRun.count)
            member("only_in_baseline_count", pairing.onlyInBaseline.count)
            self.changes("regressed", changes.regressed)
            self.changes("improved", changes.improved)
            endObject()
        } else {
            null()
        }
        endObject()
    }

    private mutating func changes(_ name: String, _ pairs: [CasePairing.Pair]) {
        key(name)
        beginArray()
        for pair in pairs.prefix(APILimits.maximumListedChangeCount) {
            beginObject()
            member("key", pair.run.key)
            member("passed", pair.run.passed)
            member("trials", pair.run.trials)
            member("baseline_passed", pair.baseline.passed)
            member("baseline_trials", pair.baseline.trials)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func attempt(_ attempt: JobAttempt) {
        beginObject()
        member("number", attempt.number)
        member("worker", attempt.worker)
        member("started_at", unixNano: attempt.startTimeUnixNano)
        member("finished_at", unixNano: attempt.finishTimeUnixNano)
        member("result", attempt.result.rawValue)
        member("error", json: attempt.error)
        endObject()
    }
}
