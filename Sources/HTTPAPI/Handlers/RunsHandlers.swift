/// `/api/v1/runs`: a suite run against targets by the server's workers. The handlers write rows; workers do the rest.

import Access
import ByteCoding
import ContentReading
import Crypto
import Evaluation
import EvaluationModel
import GenAIConventions
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct RunsHandlers: Sendable {
    let runs: RunRepository
    let suites: SuiteRepository
    /// What estimates are priced with.
    let prices: CurrentPriceBook

    private static let maximumBodyByteCount = 4 << 20

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/runs", one = root + "/{run_id}"
        func command(_ id: String, _ name: String, _ handler: @escaping @Sendable (APIRequest) async throws -> Response) -> Route {
            builder.operation(id, .post, one + "/" + name, .permission(.startRuns), statuses: [200, 409], handler: handler)
        }
        return [
            builder.operation(
                "startRun", .post, root, .permission(.startRuns), body: .json, maximumBodyByteCount: Self.maximumBodyByteCount,
                statuses: [200, 202, 409], handler: startRun),
            builder.operation(
                "estimateRun", .post, root + "/estimate", .permission(.startRuns), body: .json,
                maximumBodyByteCount: Self.maximumBodyByteCount, statuses: [200], handler: estimateRun),
            builder.operation(
                "listRuns", .get, root, .permission(.readRuns), query: ["suite_id", "limit", "cursor"], statuses: [200], handler: listRuns),
            builder.operation("getRun", .get, one, .permission(.readRuns), statuses: [200], handler: getRun),
            builder.operation(
                "updateRun", .patch, one, .permission(.startRuns), body: .json, statuses: [200, 409], handler: updateRun),
            command("pauseRun", "pause") { try await self.command(.pause, $0) },
            command("resumeRun", "resume") { try await self.command(.resume, $0) },
            command("cancelRun", "cancel") { try await self.command(.cancel, $0) },
        ]
    }

    func startRun(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        let (suite, version, specification) = try await read(request)
        // What is found goes to the targets, wherever those are: that is reading it.
        if specification.retrieval != nil { try request.principal.require(.readKnowledge as Permission) }
        if let gate = specification.gate, case .invalid(let problems) = Gate.read(gate, repetitions: specification.repetitions) {
            throw InvalidContent(
                problems.map { ContentProblem(path: $0.field.isEmpty ? "gate" : "gate.\($0.field)", message: $0.message) })
        }
        let new = NewRun(
            suite: suite.id, suiteVersion: version,
            specification: specification, baseline: try await runs.baseline(specification.baseline, of: suite.id, in: project),
            idempotency: try Self.idempotency(request))
        let (run, isNew) = try await runs.create(new, in: project, audit: try request.audit)
        return Response.json(isNew ? .accepted : .ok) { $0.run(run) }
    }

    /// What a run of the same body would probably take. Nothing is written.
    func estimateRun(_ request: APIRequest) async throws -> Response {
        let (suite, version, specification) = try await read(request)
        guard version ?? 0 <= suite.currentVersion else { throw Problem.unprocessable("suite_version", "the suite has no such version") }
        let cases = try await runs.cases(of: suite.id, version: version ?? suite.currentVersion, specification)
        let book = prices.book(of: try request.project), now = WallClock.nowUnixNano()
        let estimate = RunEstimate(
            specification, caseCount: cases.caseCount, inputByteCount: cases.inputByteCount, meanOutputTokens: cases.meanOutputTokens
        ) { provider, model, input, output in
            book.cost(provider: provider, model: model, usage: TokenUsage(input: Int64(input), output: Int64(output)), at: now)
        }
        return .json { $0.estimate(estimate, spendingCap: specification.spendingCap) }
    }

    private func read(_ request: APIRequest) async throws -> (suite: Suite, version: Int?, specification: RunSpecification) {
        guard case .object(let members) = request.body else { throw Problem(.unprocessableContent, "the body must be a JSON object") }
        let specification = try RunSpecification(json: .object(members.filter { $0.key != "suite" && $0.key != "suite_version" }))
        let project = try request.project, name = try request.requiredText("suite", maximumByteCount: 400)
        var suite = try await suites.find(name: name, in: project)
        if suite == nil, let id = SuiteID(uuid: name) { suite = try await suites.find(id, in: project) }
        guard let suite else { throw Problem.unprocessable("suite", "the project has no suite of this name or id") }
        return (suite, try request.integer("suite_version", in: 1...Int64(Int32.max)).map(Int.init), specification)
    }

    private static func idempotency(_ request: APIRequest) throws -> (key: String, requestHash: [UInt8])? {
        guard let key = request.headers.value(ofName: "idempotency-key") else { return nil }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw Problem.invalid("Idempotency-Key", "must have 1 to 200 printable ASCII characters")
        }
        return (key, Array(SHA256.hash(data: request.body.bytes)))
    }

    func listRuns(_ request: APIRequest) async throws -> Response {
        var suite: SuiteID?
        if let text = request.query["suite_id"] {
            guard let id = SuiteID(uuid: text) else { throw Problem.invalid("suite_id", "must be a suite's id") }
            suite = id
        }
        let page = try await runs.list(in: try request.project, suite: suite, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.run($1) }
    }

    func getRun(_ request: APIRequest) async throws -> Response {
        guard let run = try await runs.find(try request.runID, in: try request.project) else { throw Problem.notFound("run") }
        return .json { $0.run(run) }
    }

    func updateRun(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["concurrency"])
        guard let count = try request.integer("concurrency", in: 1...Int64(RunLimits.maximumConcurrency)) else {
            throw Problem.unprocessable("concurrency", "is missing")
        }
        return try Self.reply(
            await runs.setConcurrency(Int(count), of: try request.runID, in: try request.project, audit: try request.audit))
    }

    private func command(_ command: RunState.Command, _ request: APIRequest) async throws -> Response {
        try Self.reply(await runs.command(command, try request.runID, in: try request.project, audit: try request.audit))
    }

    private static func reply(_ result: RunRepository.CommandResult?) throws(Problem) -> Response {
        switch result {
        case nil: throw Problem.notFound("run")
        case .done(let run): .json { $0.run(run) }
        case .refused(let run): throw Problem(.conflict, "a run that is \(run.state.rawValue) cannot do this", kind: "run-state")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func estimate(_ estimate: RunEstimate, spendingCap: Double?) {
        beginObject()
        member("cases", estimate.caseCount)
        member("cells", estimate.cellCount)
        member("exceeds_maximum_cells", estimate.cellCount > RunLimits.maximumCellCount)
        member("cost_usd", estimate.cost)
        member("exceeds_spending_cap", spendingCap.map { estimate.cost > $0 } ?? false)
        member("basis", estimate.isFromHistory ? "earlier_runs" : "guess")
        key("targets")
        beginArray()
        for target in estimate.targets {
            beginObject()
            member("name", target.name)
            member("cells", target.cellCount)
            member("input_tokens", target.inputTokens)
            member("output_tokens", target.outputTokens)
            member("cost_usd", target.cost)
            endObject()
        }
        endArray()
        endObject()
    }

    mutating func run(_ run: RunRecord) {
        beginObject()
        member("id", run.id.uuid)
        member("name", run.name)
        member("suite_id", run.suiteID.uuid)
        member("suite_version", run.suiteVersion)
        member("state", run.state.rawValue)
        member("state_reason", run.stateReason)
        member("concurrency", run.concurrency)
        member("baseline_run_id", run.baselineRunID?.uuid)
        key("counts")
        beginObject()
        member("cells", run.counts.cellCount)
        member("done", run.counts.doneCount)
        member("passed", run.counts.passedCount)
        member("failed", run.counts.failedCount)
        member("errored", run.counts.erroredCount)
        endObject()
        member("cost_usd", Double(run.counts.costNanoUSD) / 1e9)
        member("input_tokens", run.counts.inputTokens)
        member("output_tokens", run.counts.outputTokens)
        member("specification", raw: ShownSpecification.json(run.specification))
        key("verdict")
        if let verdict = run.verdict { raw(verdict) } else { null() }
        member("created_at", unixNano: run.createdTimeUnixNano)
        member("started_at", unixNano: run.startTimeUnixNano)
        member("finished_at", unixNano: run.finishTimeUnixNano)
        endObject()
    }
}
