/// Why an attempt at an upload or a promotion came to no end.

import Metastore
import ModelProviders
import RunExecution

enum KnowledgeWorkFault: Error, Equatable {
    /// Another attempt would meet the same: it fails. For people, without a key.
    case final(String)
    /// Another attempt may succeed.
    case transient(String, retryAfterSeconds: Double?)
    /// It was cancelled, or is another worker's by now: nothing of this attempt counts any more.
    case gone
    /// The worker stops: the next one goes on.
    case released

    /// Of a model that was asked.
    static func asking(_ model: String, _ error: ProviderError) -> any Error {
        if error.kind == .cancelled { return CancellationError() }
        var message = "\(model) could not be asked: \(error.message)"
        if let said = error.fault.providerMessage { message += ": \(said)" }
        return error.fault.mayBeRetried
            ? KnowledgeWorkFault.transient(message, retryAfterSeconds: error.fault.retryAfter.map { $0 / .seconds(1) })
            : KnowledgeWorkFault.final(message)
    }
}

/// What comes of an attempt that threw.
enum AttemptEnd: Equatable {
    /// Nothing is to be written.
    case nothing
    case failed(String)
    case retry(afterSeconds: Double, String)
    case released

    /// - Parameter attempt: from 1.
    init(_ error: any Error, attempt: Int, maximumAttemptCount: Int) {
        switch error {
        case KnowledgeWorkFault.gone: self = .nothing
        case KnowledgeWorkFault.released, is CancellationError: self = .released
        case KnowledgeWorkFault.final(let message): self = .failed(message)
        case KnowledgeWorkFault.transient(let message, let delay): self = .again(message, delay, attempt, maximumAttemptCount)
        case let error as MetastoreError where error.code == .cancelled: self = .released
        case let error as MetastoreError where error.code != .unavailable: self = .failed(error.message)
        case let error as CellFault where !error.isTransient: self = .failed(error.message)
        case let error as CellFault: self = .again(error.message, error.retryAfterSeconds, attempt, maximumAttemptCount)
        default: self = .again("\(error)", nil, attempt, maximumAttemptCount)
        }
    }

    private static func again(_ message: String, _ asked: Double?, _ attempt: Int, _ maximum: Int) -> AttemptEnd {
        // A header may spell any number, or none.
        let asked = asked.flatMap { $0.isNaN ? nil : $0 } ?? 0
        guard attempt < maximum, asked <= KnowledgeWorkLimits.maximumObeyedDelaySeconds else { return .failed(message) }
        let doubled = KnowledgeWorkLimits.firstRetryDelaySeconds * Double(1 << min(max(attempt, 1) - 1, 16))
        return .retry(afterSeconds: max(asked, min(KnowledgeWorkLimits.maximumRetryDelaySeconds, doubled)), message)
    }
}
