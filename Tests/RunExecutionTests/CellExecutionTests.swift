import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import JobQueue
@testable import Metastore
@testable import RunExecution

/// A target that answers what it is told to, and counts how often it was asked.
private final class ScriptedTarget: CellTarget {
    let answer: @Sendable () throws -> CellOutput
    let callCount = Shared(0)
    let span = TargetSpan(operation: "chat", provider: "openai", requestModel: "m")

    init(usesContext: Bool = false, _ answer: @escaping @Sendable () throws -> CellOutput) {
        self.usesContext = usesContext
        self.answer = answer
    }

    let usesContext: Bool
    let contexts = Shared<[String?]>([])

    func answer(_ content: TestCaseContent, context: String?) async throws -> CellOutput {
        callCount.change { $0 += 1 }
        contexts.change { $0.append(context) }
        return try answer()
    }
}

@Suite("One attempt at a cell")
struct CellExecutionTests {
    /// An answer that cost 3,000 nano-dollars, and 500 before.
    private static let output: CellOutput = {
        var output = CellOutput()
        output.text = "yes"
        output.cost = 0.000_003
        output.usage = TokenUsage(input: 7, output: 11)
        output.spentInVain = CellSpending(costNanoUSD: 500, inputTokens: 1, outputTokens: 2)
        return output
    }()
    private static let spent = CellSpending(costNanoUSD: 3_500, inputTokens: 8, outputTokens: 13)

    private struct Broken: Error {}

    @Test("what another side says of when to come back is no reason to wait for ever, or to ask PostgreSQL for nonsense")
    func retryAfter() throws {
        for seconds in [Double.nan, -Double.infinity, -1] {
            let delay = try #require(
                CellFault("target", "busy", isTransient: true, retryAfterSeconds: seconds)
                    .retryDelay(afterAttempt: 1, maximumAttemptCount: 5, random: 0.5))
            #expect(delay == 0.5, "of \(seconds)")
        }
        #expect(
            CellFault("target", "busy", isTransient: true, retryAfterSeconds: 7).retryDelay(
                afterAttempt: 1, maximumAttemptCount: 5, random: 0.5) == 7)
    }

    @Test(
        "a provider that reports an absurd cost or usage brings nobody down: sums stay numbers", arguments: [1e300, Double.infinity, 1e10])
    func absurdCost(_ cost: Double) async throws {
        let target = ScriptedTarget {
            var output = Self.output
            output.cost = cost
            output.usage = TokenUsage(input: .max, output: .max)
            output.spentInVain = CellSpending(costNanoUSD: cost.nanoUSD, inputTokens: 1, outputTokens: 2)
            return output
        }
        let outcome = try Self.outcome(try await Self.execute(target))
        #expect(outcome.costNanoUSD == MetastoreLimits.maximumAttemptNanoUSD)
        // As many as a batch may have.
        #expect((0..<128).reduce(Int64(0)) { sum, _ in sum + outcome.costNanoUSD + outcome.inputTokens } > 0)
    }

    /// `scorer`: JSON of one, or none.
    private static func execute(
        _ target: ScriptedTarget, scorer: String = "", attempt: Int = 1, checkpoint: [UInt8]? = nil,
        saving save: @escaping @Sendable ([UInt8]) async throws -> Bool = { _ in true },
        retrieve: (@Sendable (String, TraceID, SpanID) async throws -> RetrievedContext)? = nil
    ) async throws -> EndedCell {
        let specification = try RunSpecification(
            json: try JSONValue.parse(#"{"name": "r", "targets": [{"name": "a", "kind": "http", "url": "http://x/", "body": {}}]}"#))
        let record = RunRecord(
            id: RunID(high: 1, low: 1), projectID: ProjectID(high: 1, low: 1), suiteID: SuiteID(high: 1, low: 1), suiteVersion: 1,
            name: "r",
            state: .running, stateReason: "", specification: [], concurrency: 1, spendingCapNanoUSD: nil, baselineRunID: nil,
            counts: RunCounts(), verdict: nil, createdTimeUnixNano: 0, startTimeUnixNano: nil, finishTimeUnixNano: nil, execGroup: nil)
        let run = PreparedRun(
            record: record, specification: specification, targets: [target], judge: nil, embedding: nil, baseline: nil,
            retrieve: retrieve)
        let content = #"{"key": "case-1", "input": "question", "scorers": [\#(scorer)]}"#
        let cell = LeasedCell(
            job: LeasedJob(
                id: JobID(1), lease: JobLease(id: PostgresUUID(high: 1, low: 1)), group: PostgresUUID(high: 2, low: 2), payload: [],
                checkpoint: checkpoint, attempt: attempt),
            run: record.id, target: 0, caseVersion: TestCaseVersionID(high: 1, low: 1), repetition: 1, content: Array(content.utf8))
        return try await CellExecution(cell: cell, run: run, saveCheckpoint: save).run()
    }

    private static func outcome(_ ended: EndedCell) throws -> NewOutcome {
        guard case .outcome(let outcome) = ended.ending else { throw Broken() }
        return outcome
    }

    private static let judged = #"{"kind": "judge", "rubric": "is it right?", "threshold": 1}"#

    @Test("what stands for the context is looked up by the case's input where it is asked for, once, and its spans go with the outcome")
    func context() async throws {
        let asked = Shared<[String]>([]), plain = ScriptedTarget { Self.output }, asking = ScriptedTarget(usesContext: true) { Self.output }
        let retrieve: @Sendable (String, TraceID, SpanID) async throws -> RetrievedContext = { question, trace, parent in
            asked.change { $0.append(question) }
            var span = SpanRecord(
                traceID: trace, spanID: SpanID(rawValue: 9), name: "retrieval", startTimeUnixNano: 1, endTimeUnixNano: 2)
            span.parentSpanID = parent
            return RetrievedContext(text: "passages", spans: [span])
        }
        let without = try await Self.execute(plain, retrieve: retrieve)
        #expect(asked.value.isEmpty && plain.contexts.value == [nil])
        let with = try await Self.execute(asking, retrieve: retrieve)
        #expect(asked.value == ["question"] && asking.contexts.value == ["passages"])
        #expect(with.spans.count > without.spans.count)
        // A run without retrieval leaves it to the template to say what is missing.
        _ = try await Self.execute(asking)
        #expect(asking.contexts.value == ["passages", nil])
        let failing = try await Self.execute(
            asking, retrieve: { _, _, _ in throw CellFault("retrieval", "it was edited") })
        #expect(try Self.outcome(failing).result == .errored && asking.callCount.value == 2)
    }

    @Test(
        "the vector of a case's question costs the cell something, whether or not its target answers; a run that cannot go on is no outcome"
    )
    func retrievalCost() async throws {
        let retrieve: @Sendable (String, TraceID, SpanID) async throws -> RetrievedContext = { _, _, _ in
            RetrievedContext(text: "passages", spans: [], spent: CellSpending(costNanoUSD: 7))
        }
        let answered = try Self.outcome(
            try await Self.execute(ScriptedTarget(usesContext: true) { Self.output }, retrieve: retrieve))
        #expect(answered.costNanoUSD == Self.spent.costNanoUSD + 7 && answered.inputTokens == Self.spent.inputTokens)
        let failing = ScriptedTarget(usesContext: true) { throw CellFault("invalid", "no") }
        #expect(try Self.outcome(try await Self.execute(failing, retrieve: retrieve)).costNanoUSD == 7)
        await #expect(throws: RunFault("edited")) {
            _ = try await Self.execute(
                ScriptedTarget(usesContext: true) { Self.output }, retrieve: { _, _, _ in throw RunFault("edited") })
        }
    }

    @Test("an outcome costs what its answer took, with the tries before it")
    func cost() async throws {
        let ended = try await Self.execute(ScriptedTarget { Self.output })
        let outcome = try Self.outcome(ended)
        #expect(outcome.result == .passed && outcome.costNanoUSD == Self.spent.costNanoUSD)
        #expect(outcome.inputTokens == Self.spent.inputTokens && outcome.outputTokens == Self.spent.outputTokens)
        #expect(ended.key == "case-1" && !ended.spans.isEmpty)
    }

    @Test("a fault that may pass is tried again, and what it cost counts; at the last attempt it is an error that cost the same")
    func faults() async throws {
        let target = ScriptedTarget {
            var fault = CellFault("limited", "too much", isTransient: true)
            fault.spent = Self.spent
            throw fault
        }
        let retried = try await Self.execute(target)
        guard case .retry(_, _, let spent) = retried.ending else { throw Broken() }
        #expect(spent == Self.spent && retried.spans.isEmpty)
        let last = try await Self.execute(target, attempt: RunLimits.maximumAttemptCount), outcome = try Self.outcome(last)
        #expect(outcome.result == .errored && outcome.costNanoUSD == Self.spent.costNanoUSD && !last.spans.isEmpty)
    }

    @Test("an answer that could not be kept for its judge counts, as it will be paid for again")
    func unkept() async throws {
        let ended = try await Self.execute(ScriptedTarget { Self.output }, scorer: Self.judged) { _ in throw Broken() }
        guard case .retry(_, _, let spent) = ended.ending else { throw Broken() }
        #expect(spent == Self.spent)
    }

    @Test("an answer that an earlier attempt has kept is not asked for again, and is counted once, with the tries before it")
    func checkpoint() async throws {
        let target = ScriptedTarget { throw Broken() }
        let outcome = try Self.outcome(try await Self.execute(target, attempt: 2, checkpoint: Self.output.checkpoint))
        #expect(target.callCount.value == 0 && outcome.costNanoUSD == Self.spent.costNanoUSD)
    }

    @Test("a cell that is somebody else's when its answer is there is given up")
    func taken() async throws {
        await #expect(throws: CancellationError.self) {
            try await Self.execute(ScriptedTarget { Self.output }, scorer: Self.judged) { _ in false }
        }
    }

    @Test("a cell at which five workers died is not begun a sixth time")
    func deadly() async throws {
        let target = ScriptedTarget { Self.output }
        let outcome = try Self.outcome(try await Self.execute(target, attempt: RunLimits.maximumAttemptCount + 1))
        #expect(outcome.result == .errored && target.callCount.value == 0)
        #expect(String(decoding: outcome.error ?? [], as: UTF8.self).contains("lost"))
    }

    @Test("spans that are too large to be stored go without their messages, all else is there")
    func largeTrace() {
        let identity = CellTrace.identity(of: .made(1))
        var span = SpanRecord(
            traceID: identity.traceID, spanID: identity.rootSpanID, name: "chat m", startTimeUnixNano: 1, endTimeUnixNano: 2)
        span.attributes = [
            KeyValue("gen_ai.output.messages", .string(String(repeating: "x", count: 10_000))),
            KeyValue("gen_ai.request.model", .string("m")),
        ]
        let trace = CellTrace(spans: [span])
        #expect(trace.exportRequest.count > 10_000)
        let small = trace.exportRequest(maximumByteCount: 5_000)
        #expect(small.count < 200 && String(decoding: small, as: UTF8.self).contains("gen_ai.request.model"))
    }
}
