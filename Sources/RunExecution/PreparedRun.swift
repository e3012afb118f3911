/// A run made ready to work on: its targets with their keys, its cases with their scorers compiled. Shared by all of its cells.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import Metastore
import OTLP
import Synchronization
import TraceModel

struct PreparedCase: Sendable {
    let content: TestCaseContent
    let scorers: ScorerRunner
    /// Whether a scorer calls a model.
    let callsOut: Bool
}

final class PreparedRun: Sendable {
    let record: RunRecord
    let specification: RunSpecification
    /// By index; nil for those that the command line does.
    let targets: [(any CellTarget)?]
    let resource: SpanRecord.Resource
    let scope: SpanRecord.Scope
    private let judge: (any JudgeModel)?
    private let embedding: (any EmbeddingModel)?
    /// What the baseline's target of the same name answered; nil without a baseline.
    private let baseline: (@Sendable (BaselineCell) async throws -> CaseOutput?)?
    /// What stands for `{{context}}` in a cell whose question and trace these are; nil: nothing is retrieved for the run.
    let retrieve: (@Sendable (String, TraceID, SpanID) async throws -> RetrievedContext)?
    private let cases = Mutex(Cases())

    private struct Cases {
        var prepared: [TestCaseVersionID: PreparedCase] = [:]
        /// Of their JSON texts.
        var byteCount = 0
    }

    struct BaselineCell: Hashable, Sendable {
        let target: String
        let key: String
        let repetition: Int
    }

    init(
        record: RunRecord, specification: RunSpecification, targets: [(any CellTarget)?], judge: (any JudgeModel)?,
        embedding: (any EmbeddingModel)?, baseline: (@Sendable (BaselineCell) async throws -> CaseOutput?)?,
        retrieve: (@Sendable (String, TraceID, SpanID) async throws -> RetrievedContext)? = nil
    ) {
        self.record = record
        self.specification = specification
        self.targets = targets
        self.judge = judge
        self.embedding = embedding
        self.baseline = baseline
        self.retrieve = retrieve
        resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [KeyValue("service.name", .string(OwnServiceNames.testCaseWorker))])))
        scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: "spandrel.runs", version: "")))
    }

    /// Throws `InvalidContent` for a stored case that cannot be read.
    func prepared(_ cell: LeasedCell) throws -> PreparedCase {
        if let known = cases.withLock({ $0.prepared[cell.caseVersion] }) { return known }
        let value: JSONValue
        do { value = try JSONValue.parse(cell.content) } catch { throw InvalidContent("the stored case is no JSON") }
        let content = try TestCaseContent(json: value)
        let scorers = content.scorers + specification.scorers
        let prepared = PreparedCase(
            content: content, scorers: ScorerRunner(scorers: scorers, judge: judge, embedding: embedding),
            callsOut: scorers.contains { $0.kind.callsOut })
        cases.withLock {
            // Cases come in no order that favours some: whichever is there may go.
            if $0.prepared.count >= RunExecutionLimits.preparedCaseCount
                || $0.byteCount + cell.content.count > RunExecutionLimits.preparedCaseByteCount
            {
                $0 = Cases()
            }
            if $0.prepared.updateValue(prepared, forKey: cell.caseVersion) == nil { $0.byteCount += cell.content.count }
        }
        return prepared
    }

    /// Cases that are kept ready.
    var preparedCaseCount: Int { cases.withLock { $0.prepared.count } }

    /// For pairwise judges; others do not look at it.
    func baselineOutput(of prepared: PreparedCase, _ cell: LeasedCell) async throws -> CaseOutput? {
        guard let baseline, prepared.scorers.scorers.contains(where: { $0.kind == .pairwiseJudge }) else { return nil }
        return try await baseline(
            BaselineCell(target: specification.targets[cell.target].name, key: prepared.content.key, repetition: cell.repetition))
    }
}
