/// What a piece of work asked of models: noted by `ProjectModels`, read by whoever pays for it and shows it.

import Evaluation
import EvaluationModel
import GenAIConventions
import ModelProviders
import Synchronization

struct ModelCall: Sendable, Equatable {
    enum Operation: String, Sendable { case chat, embeddings }

    var operation: Operation
    var provider: String
    var requestModel: String
    var startUnixNano: UInt64
    var endUnixNano: UInt64
    /// What was asked, in the roles it was asked in.
    var input: [PromptMessage] = []
    var output: String?
    /// nil with an error.
    var usage: ScorerUsage?
    var tokens: TokenUsage?
    /// US dollars, where it was billed.
    var reportedCost: Double?
    /// The kind of fault, and its words.
    var error: (kind: String, message: String)?

    static func == (a: ModelCall, b: ModelCall) -> Bool {
        a.operation == b.operation && a.provider == b.provider && a.requestModel == b.requestModel && a.startUnixNano == b.startUnixNano
            && a.output == b.output && a.error?.message == b.error?.message
    }
}

final class ModelCallLog: Sendable {
    /// Of the task that works, and of those it makes.
    @TaskLocal static var current: ModelCallLog?

    private struct State {
        var calls: [ModelCall] = []
        var transientFault: CellFault?
    }

    private let state = Mutex(State())

    var calls: [ModelCall] { state.withLock { $0.calls } }

    /// The last fault that may pass; nil: there was none, or none that does.
    var transientFault: CellFault? { state.withLock { $0.transientFault } }

    /// US dollars of what is priced.
    var cost: Double { calls.reduce(0) { $0 + ($1.usage?.cost ?? 0) } }

    func append(_ call: ModelCall) { state.withLock { $0.calls.append(call) } }

    func append(_ call: ModelCall, failed error: ProviderError) {
        let fault = CellFault(error)
        var call = call
        call.error = (fault.kind, fault.message)
        let failed = call
        state.withLock { state in
            state.calls.append(failed)
            if fault.isTransient { state.transientFault = fault }
        }
    }
}
