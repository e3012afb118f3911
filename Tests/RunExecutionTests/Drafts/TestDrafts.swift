import ByteCoding
import Evaluation
import EvaluationModel
import MetastoreTesting
import ModelProviders
import PostgresClient
import PostgresTesting
import Synchronization
import TraceModel

@testable import JobQueue
@testable import Metastore
@testable import RunExecution

/// A suite on a database of its own, and requests for drafts of its cases.
struct TestDrafts {
    let metastore: Metastore
    let connection: PostgresConnection
    let project: ProjectID
    let suite: SuiteID

    var repository: DraftRepository { metastore.drafts }

    static func make() async throws -> TestDrafts {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: 4, logger: TestServer.logger))
        let organization = try await metastore.organizations.create(name: "Acme")
        let project = try await metastore.projects.create(name: "Shop", retentionDays: nil, in: organization.id)
        let suite = try await metastore.suites.create(name: "s", description: "", in: project.id, audit: .system("test"))
        let connection = try await PostgresConnection.connect(database)
        return TestDrafts(metastore: metastore, connection: connection, project: project.id, suite: suite.id)
    }

    static func source(_ number: Int) -> DraftSource {
        DraftSource(
            TestCaseSource(traceID: TraceID(high: 1, low: UInt64(number + 1)), spanID: SpanID(rawValue: UInt64(number + 1))),
            content: Array(#"{"messages":[{"role":"user","content":"question \#(number)"}]}"#.utf8))
    }

    /// Of so many traces; `cap` in nano-dollars.
    func request(_ traceCount: Int, maximumDraftCount: Int = 10, cap: Int64 = 1_000_000_000_000) async throws -> TaskID {
        let new = NewDraftRequest(
            instruction: "", model: nil, maximumDraftCount: maximumDraftCount, capNanoUSD: cap,
            sources: (0..<traceCount).map(Self.source))
        return try await repository.create(new, for: suite, in: project, audit: .system("test"))
    }

    func lease(_ worker: String = "w") async throws -> LeasedDraftRequest {
        guard let leased = try await repository.lease(worker: worker) else { throw PostgresError(.decoding, "there is no request") }
        return leased
    }

    /// One attempt, which is tried again without a pause.
    func execute(_ leased: LeasedDraftRequest, _ model: ScriptedDraftModel) async throws {
        try await DraftExecution(leased: leased, repository: repository, model: { _ in model }, random: 0).run()
    }

    /// The lease of whoever has the request ends, and is found to have ended.
    func loseLease() async throws {
        try await connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
        _ = try await metastore.runs.rescue()
    }

    func task(_ id: TaskID) async throws -> TaskRecord {
        guard let task = try await metastore.tasks.find(id, in: project) else { throw PostgresError(.decoding, "there is no such task") }
        return task
    }

    /// The message of a task that failed.
    func failure(_ id: TaskID) async throws -> String? {
        try await task(id).error.flatMap { try JSONValue.parse($0)["message"]?.stringValue }
    }

    /// Oldest first.
    func drafts() async throws -> [TestCaseDraft] {
        try await repository.list(of: suite, page: PageRequest()).items.reversed()
    }

    /// Export requests that wait for the server.
    func waitingSpanCount() async throws -> Int { Int(try await metastore.spanOutbox.backlog().count) }

    /// The state of a request's job, and how many attempts at it counted.
    func job(_ id: TaskID) async throws -> String {
        try await connection.query("SELECT state || ' ' || attempt_count AS text FROM jobs WHERE group_id = $1", [id.value]).only {
            row throws(PostgresError) in try row.decode("text")
        }
    }
}

/// A model that answers call by call as a test says, and notes its calls as `ProjectModels` does. Each costs half a dollar.
final class ScriptedDraftModel: DraftModel {
    typealias Answer = @Sendable (_ call: Int) async throws -> String

    /// One case of the key `peru`.
    static let peru = #"""
        {"test_cases": [{"key": "peru", "messages": [{"role": "user", "content": "Capital of Peru?"}], "expected": "Lima", "reason": "alike"}]}
        """#
    static let callNanoUSD: Int64 = 500_000_000

    private let answer: Answer
    private let questions = Mutex<[JudgeQuestion]>([])

    /// - Parameter answer: to the call of a number from 0; throws `ProviderError` or `CancellationError`.
    init(_ answer: @escaping Answer = { _ in peru }) { self.answer = answer }

    /// What was asked, call by call: the number in the trace's question.
    var askedTraces: [Int] {
        asked.compactMap {
            $0["conversation"]?["messages"]?.arrayValue?.first?["content"]?.stringValue.flatMap { Int($0.dropFirst("question ".count)) }
        }
    }

    /// How many cases, call by call.
    var askedCounts: [Int64] { asked.compactMap { $0["count"]?.integerValue } }

    private var asked: [JSONValue] { questions.withLock { $0 }.compactMap { try? JSONValue.parse($0.user) } }

    func draft(_ question: JudgeQuestion) async throws -> JudgeAnswer {
        let number = questions.withLock { questions in
            questions.append(question)
            return questions.count - 1
        }
        var call = ModelCall.made()
        do {
            let text = try await answer(number)
            call.output = text
            let usage = ScorerUsage(model: "openai/m", inputTokenCount: 3, outputTokenCount: 2, cost: 0.5)
            call.usage = usage
            ModelCallLog.current?.append(call)
            return JudgeAnswer(text: text, usage: usage)
        } catch let error as ProviderError {
            ModelCallLog.current?.append(call, failed: error)
            throw ScoreError(.unavailable, "openai/m could not be asked")
        }
    }
}

extension ModelCall {
    static func made() -> ModelCall {
        ModelCall(operation: .chat, provider: "openai", requestModel: "m", startUnixNano: 1_000, endUnixNano: 2_000)
    }
}
