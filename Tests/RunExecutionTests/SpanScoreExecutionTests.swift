import ByteCoding
import Evaluation
import EvaluationModel
import ModelProviders
import PostgresClient
import Testing
import TraceModel

@testable import JobQueue
@testable import Metastore
@testable import RunExecution

@Suite("An attempt at scoring a span") struct SpanScoreExecutionTests {
    /// A judge that answers, or fails as a provider does, and notes its calls as `ProjectModels` does.
    private struct Judge: JudgeModel {
        var fault: ProviderError?
        var answer = #"{"score": 0.75, "reason": "kind words"}"#

        func ask(_ question: JudgeQuestion) async throws -> JudgeAnswer {
            var call = ModelCall(operation: .chat, provider: "openai", requestModel: "m", startUnixNano: 1_000, endUnixNano: 2_000)
            call.input = [PromptMessage(.user, question.user)]
            if let fault {
                ModelCallLog.current?.append(call, failed: fault)
                throw ScoreError(.unavailable, "openai/m could not be asked: \(fault.message)")
            }
            call.output = answer
            call.usage = ScorerUsage(model: "openai/m-2025", inputTokenCount: 3, outputTokenCount: 2, cost: 0.5)
            ModelCallLog.current?.append(call)
            return JudgeAnswer(text: answer, usage: ScorerUsage(model: "openai/m-2025", cost: 0.5))
        }
    }

    private func leased(attempt: Int = 1, isCapSpent: Bool = false) throws -> LeasedSpan {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "chat", startTimeUnixNano: 1, endTimeUnixNano: 2_000_001)
        span.attributes = [KeyValue("o", .string("an answer"))]
        span.llm.outputKey = "o"
        let id = PostgresUUID(high: 7, low: 8)
        let job = LeasedJob(
            id: JobID(1), lease: JobLease(id: id), group: id, payload: [], checkpoint: nil, attempt: attempt)
        return LeasedSpan(
            job: job, source: .rule(ScoreRuleID(high: 7, low: 8)), projectID: ProjectID(high: 1, low: 1), scorers: [],
            isCapSpent: isCapSpent,
            decision: ScoreDecisionID(high: 5, low: 6), payload: try ScoringPayload(span, scorers: []))
    }

    private func run(_ judge: Judge, _ scorers: String, attempt: Int = 1) async throws -> EndedSpan {
        let runner = ScorerRunner(scorers: try StoredSpanScorers.read(json: try JSONValue.parse(scorers)), judge: judge)
        return try await SpanScoreExecution(span: try leased(attempt: attempt), scorers: runner, random: 0.5).run()
    }

    private static let polite = #"[{"kind": "judge", "name": "polite", "rubric": "r", "threshold": 0.5}]"#

    @Test("a judge's score comes with its cost and the spans of its calls")
    func scored() async throws {
        let ended = try await run(Judge(), Self.polite)
        guard case .scored(let scores) = ended.ending else {
            Issue.record("\(ended.ending)")
            return
        }
        #expect(scores.map(\.value) == [0.75] && scores.map(\.passed) == [true])
        #expect(ended.costNanoUSD == 500_000_000 && ended.spans?.isEmpty == false)
    }

    @Test("scorers that call nobody cost nothing and make no span")
    func inPlace() async throws {
        let ended = try await run(Judge(), #"[{"kind": "contains", "all": ["answer"]}, {"kind": "latency", "maximum_ms": 1}]"#)
        guard case .scored(let scores) = ended.ending else {
            Issue.record("\(ended.ending)")
            return
        }
        #expect(scores.map(\.passed) == [true, false] && ended.costNanoUSD == 0 && ended.spans == nil)
    }

    @Test("a judge that answers nonsense is a failure with its reason, never a value, and what it cost counts")
    func nonsense() async throws {
        let ended = try await run(Judge(answer: "seven"), Self.polite)
        guard case .failed(let scores, let reason) = ended.ending else {
            Issue.record("\(ended.ending)")
            return
        }
        #expect(scores.count == 1 && scores[0].value == nil && scores[0].passed == nil && reason.hasPrefix("polite: "))
        #expect(ended.costNanoUSD == 1_000_000_000, "asked twice")
    }

    @Test("a fault that may pass is tried again later, up to a last attempt; another is not")
    func faults() async throws {
        guard case .retry(let delay, _) = try await run(Judge(fault: ProviderError(.retryable, "overloaded")), Self.polite).ending else {
            Issue.record("not retried")
            return
        }
        #expect(delay > 0 && delay <= 1)
        for (kind, attempt) in [(ProviderFault.Kind.auth, 1), (.retryable, ScoreRuleLimits.maximumAttemptCount)] {
            guard case .failed(_, let reason) = try await run(Judge(fault: ProviderError(kind, "no")), Self.polite, attempt: attempt).ending
            else {
                Issue.record("\(kind) was not final")
                continue
            }
            #expect(reason == "polite: openai/m could not be asked: no")
        }
    }

    @Test("nothing is tried once the cap is spent, or when workers keep dying at it")
    func refusals() throws {
        guard case .skipped(SpanAdmission.capReason)? = SpanScoreExecution.refusal(try leased(isCapSpent: true))?.ending,
            case .failed? = SpanScoreExecution.refusal(try leased(attempt: ScoreRuleLimits.maximumAttemptCount + 1))?.ending
        else {
            Issue.record("tried all the same")
            return
        }
        #expect(SpanScoreExecution.refusal(try leased()).map(\.costNanoUSD) == nil)
    }

    @Test("the trace of an attempt is its own, linked to the span, the same each time it is made")
    func trace() async throws {
        let results = try await ScorerRunner(scorers: [], judge: nil).run(try leased().payload.scorerInput)
        var call = ModelCall(operation: .chat, provider: "openai", requestModel: "m", startUnixNano: 1_000, endUnixNano: 2_000)
        call.output = "yes"
        func spans(_ attempt: Int) throws -> [SpanRecord] { ScoringTrace(try leased(attempt: attempt), results, [call], start: 500).spans }
        let first = try spans(1), second = try spans(2)
        #expect(try spans(1) == first && first[0].traceID != second[0].traceID)
        #expect(first.map(\.name) == ["score chat", "chat m"] && first[1].parentSpanID == first[0].spanID)
        #expect(first[0].links.map(\.spanID) == [SpanID(rawValue: 3)] && Set(first.map(\.spanID)).count == 2)
        #expect(first[0].endTimeUnixNano >= first[1].endTimeUnixNano)
    }
}
