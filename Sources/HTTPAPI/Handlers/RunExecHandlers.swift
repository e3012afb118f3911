/// `/api/v1/runs/{run_id}/exec`: cells that a command line does beside the code under test. It leases some, extends the leases while
/// its commands run, hands in what they answered, and gives back what it does not do after all.
///
///     lease --> (extend ...) --> outputs | release
///
/// None of these is in the audit log: they are the run's work, as exports are a trace's. The log has who started the run, the attempts of
/// each outcome have who did it.

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

struct RunExecHandlers: Sendable {
    let runs: RunRepository

    /// Cells of one request: what a machine does at a time, with room.
    static let maximumCellCount = 100
    /// Bytes of the outputs of one request, JSON's escapes included; more come in several.
    private static let maximumBodyByteCount = 8 << 20
    private static let maximumHolderByteCount = 200

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/runs/{run_id}/exec/"
        func exec(
            _ id: String, _ name: String, body: OperationBuilder.Body = .json,
            _ handler: @escaping @Sendable (APIRequest) async throws -> Response
        ) -> Route {
            builder.operation(
                id, .post, root + name, .permission(.startRuns), body: body, maximumBodyByteCount: Self.maximumBodyByteCount,
                statuses: [200], handler: handler)
        }
        return [
            exec("leaseExecCells", "lease", leaseExecCells), exec("extendExecLeases", "extend", extendExecLeases),
            exec("submitExecOutputs", "outputs", body: .jsonOfAnyText, submitExecOutputs),
            exec("releaseExecCells", "release", releaseExecCells),
        ]
    }

    func leaseExecCells(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["holder", "capacity"])
        let holder = try request.requiredText("holder", maximumByteCount: Self.maximumHolderByteCount)
        let capacity = try request.integer("capacity", in: 1...Int64(Self.maximumCellCount)) ?? 1
        let id = try request.runID, project = try request.project
        guard let cells = try await runs.leaseExecCells(of: id, in: project, holder: holder, capacity: Int(capacity)),
            let run = try await runs.find(id, in: project)
        else { throw Problem.notFound("run") }
        return .json { writer in
            writer.beginObject()
            writer.member("run_state", run.state.rawValue)
            writer.member("lease_seconds", JobLimits.leaseSeconds)
            writer.key("cells")
            writer.beginArray()
            for cell in cells { writer.execCell(cell) }
            writer.endArray()
            writer.endObject()
        }
    }

    func extendExecLeases(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["leases"])
        let leases = try Self.leases(request), id = try request.runID, project = try request.project
        guard let held = try await runs.extendExecLeases(leases, of: id, in: project), let run = try await runs.find(id, in: project) else {
            throw Problem.notFound("run")
        }
        return .json { writer in
            writer.beginObject()
            writer.member("run_state", run.state.rawValue)
            writer.jobs("held", held)
            writer.endObject()
        }
    }

    func submitExecOutputs(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["outputs"])
        let outputs = try Self.elements(request, "outputs").map { path, value in
            let (job, lease) = try Self.lease(value, path)
            return ExecOutput(job, lease, checkpoint: try ExecAnswer(value, path).checkpoint)
        }
        guard let accepted = try await runs.submitOutputs(outputs, of: try request.runID, in: try request.project) else {
            throw Problem.notFound("run")
        }
        return .json { writer in
            writer.beginObject()
            writer.jobs("accepted", accepted)
            writer.endObject()
        }
    }

    func releaseExecCells(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["leases"])
        let leases = try Self.leases(request)
        guard let released = try await runs.releaseExecCells(leases, of: try request.runID, in: try request.project) else {
            throw Problem.notFound("run")
        }
        return .json { writer in
            writer.beginObject()
            writer.jobs("released", released)
            writer.endObject()
        }
    }

    // MARK: Reading

    private static func leases(_ request: APIRequest) throws(Problem) -> [JobID: JobLease] {
        var leases: [JobID: JobLease] = [:]
        for (path, value) in try elements(request, "leases") {
            let (job, lease) = try lease(value, path)
            leases[job] = lease
        }
        return leases
    }

    /// The objects of a list of the body, each with its place.
    private static func elements(_ request: APIRequest, _ name: String) throws(Problem) -> [(path: String, value: JSONValue)] {
        guard let elements = request.body[name]?.arrayValue, elements.count <= maximumCellCount else {
            throw .unprocessable(name, "must be a list of at most \(maximumCellCount) objects")
        }
        return elements.enumerated().map { ("\(name)[\($0)]", $1) }
    }

    private static func lease(_ value: JSONValue, _ path: String) throws(Problem) -> (JobID, JobLease) {
        guard let job = value["job"]?.integerValue else { throw .unprocessable(path + ".job", "must be the number of a leased job") }
        guard let lease = value["lease"]?.stringValue.flatMap({ JobLease(uuid: $0) }) else {
            throw .unprocessable(path + ".lease", "must be the lease it was given out with")
        }
        return (JobID(job), lease)
    }
}

extension APIRequest {
    /// The run that the path names.
    var runID: RunID {
        get throws(Problem) {
            guard let id = RunID(uuid: path("run_id")) else { throw .notFound("run") }
            return id
        }
    }
}

extension JSONWriter {
    fileprivate mutating func execCell(_ cell: LeasedCell) {
        let value = (try? JSONValue.parse(cell.content)) ?? .null
        beginObject()
        member("job", cell.job.id.number)
        member("lease", cell.job.lease.uuid)
        member("key", value["key"]?.stringValue)
        member("target", cell.target)
        member("repetition", cell.repetition)
        member("attempt", cell.job.attempt)
        member("traceparent", cell.traceParent)
        member("input", raw: (value["input"] ?? .null).bytes)
        // What a model would be sent; a case with variables of other names has no such form.
        if let content = try? TestCaseContent(json: value), let renderer = try? PromptRenderer(system: nil, prompt: nil),
            let messages = try? renderer.render(content.input)
        {
            member("prompt", raw: JSONValue.array(messages.map(\.json)).bytes)
        }
        endObject()
    }

    fileprivate mutating func jobs(_ name: String, _ jobs: Set<JobID>) {
        key(name)
        beginArray()
        for job in jobs.sorted() { integer(job.number) }
        endArray()
    }
}
