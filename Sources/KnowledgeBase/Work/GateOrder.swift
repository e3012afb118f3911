/// The run that a promotion must pass, read from the project's settings: a run as `POST /api/v1/runs` takes it, with `{{context}}` bound to
/// what is to become active.

import ByteCoding
import ContentReading
import EvaluationModel
import KnowledgeModel
import Metastore

struct GateOrder: Sendable, Equatable {
    /// Name or id.
    var suite: String
    /// nil: the newest.
    var suiteVersion: Int?
    var specification: RunSpecification

    /// - Parameters:
    ///   - settings: JSON text.
    ///   - source: what is to become active.
    ///   - embeddingModel: that the promotion was built with; nil: it is found by words alone.
    /// Throws `KnowledgeWorkFault.final`: the settings name no run that can be made.
    init(settings: [UInt8], source: RunRetrieval.Source, embeddingModel: String?) throws(KnowledgeWorkFault) {
        guard let value = try? JSONValue.parse(settings), let members = value.objectValue, let suite = value["suite"]?.stringValue else {
            throw .final("the gate in the knowledge base's settings names no suite")
        }
        self.suite = suite
        suiteVersion = value["suite_version"]?.integerValue.map { Int($0) }
        do throws(InvalidContent) {
            specification = try RunSpecification(json: .object(members.filter { $0.key != "suite" && $0.key != "suite_version" }))
        } catch {
            throw .final("the gate in the knowledge base's settings is no run: \(error.description)")
        }
        if let gate = specification.gate, case .invalid(let problems) = Gate.read(gate, repetitions: specification.repetitions) {
            throw .final("the gate's rule cannot be read: \(problems.first.map { "\($0.field): \($0.message)" } ?? "")")
        }
        if let problem = GateRule.problem(of: specification) {
            throw .final("the run in the knowledge base's settings is no gate: \(problem.message)")
        }
        // What else it says of retrieval stays, but for what is to become active without vectors: the vectors of its base tell nothing of it.
        var retrieval = specification.retrieval ?? RunRetrieval(source: source)
        retrieval.source = source
        retrieval.embeddingModel = embeddingModel
        if embeddingModel == nil { retrieval.mode = .text }
        retrieval.view = nil
        specification.retrieval = retrieval
    }

    /// The same promotion makes the same run, however often it is asked for. The key has a character that the header `Idempotency-Key`
    /// cannot have: nobody takes it before.
    static func idempotency(of promotion: KnowledgePromotion) -> (key: String, requestHash: [UInt8]) {
        ("knowledge-promotion\u{1f}\(promotion.id.uuid)", KnowledgeHash(of: promotion.id.uuid.utf8).bytes)
    }
}
