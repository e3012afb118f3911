/// Calls of one provider with one key: the face of this room.
///
///     ChatRequest -> ProviderDialect (WireRequest) -> CallAttempts (budget, circuit, retries) -> CurlClient
///                 <- ChatAccumulator <- body or server-sent events                    <-
///
/// A call never sends the key anywhere but to the endpoint's base URL, follows no redirects, and ends its transfer when its task is
/// cancelled.

import CurlClient
import GenAIConventions

package struct ModelProvider: Sendable {
    package let endpoint: ProviderEndpoint
    private let client: CurlClient
    private let budget: any RateBudget
    private let breakers: CircuitBreakers
    private let policy: RetryPolicy
    private let timeouts: ProviderTimeouts
    private let addressPolicy: OutboundAddressPolicy
    private let clock: ProviderClock

    /// - Parameter breakers: shared by all who call in this process.
    package init(
        endpoint: ProviderEndpoint, client: CurlClient, budget: any RateBudget, breakers: CircuitBreakers,
        policy: RetryPolicy = RetryPolicy(), timeouts: ProviderTimeouts = ProviderTimeouts(),
        addressPolicy: OutboundAddressPolicy = .publicOnly, clock: ProviderClock = .system
    ) {
        self.endpoint = endpoint
        self.client = client
        self.budget = budget
        self.breakers = breakers
        self.policy = policy
        self.timeouts = timeouts
        self.addressPolicy = addressPolicy
        self.clock = clock
    }

    /// Asks the model, trying again where that is of use.
    ///
    /// - Parameter onDelta: is given each piece of a streamed answer as it comes; the provider is made to wait meanwhile. Once it was
    ///   called, a failure is final. Without it a broken stream is tried again.
    /// Errors: the last try's fault, with every try.
    package func chat(
        _ request: ChatRequest, onDelta: (@Sendable (ChatDelta) async -> Void)? = nil
    ) async throws(ProviderError) -> ChatResponse {
        let wire = try endpoint.dialect.wireRequest(for: request, provider: endpoint.provider)
        let prepared = try endpoint.request(wire, addressPolicy: addressPolicy)
        let calls = calls(model: request.model, estimatedTokenCount: request.estimatedTokenCount)
        var (response, attempts) = try await calls.run { remaining in
            var relay = DeltaRelay(onDelta: onDelta, clock: clock)
            return await attempt(prepared, remaining, maximumByteCount: ModelProvidersLimits.answerByteCount, relay: &relay) {
                (response, relay) async throws(ProviderError) in
                let answer = try await read(response, isStream: request.stream, &relay)
                return (answer, answer.usage)
            }
        }
        response.attempts = attempts
        return response
    }

    /// Turns texts into vectors. Errors: as `chat`; `invalid` where the provider has no embeddings.
    package func embed(_ request: EmbeddingRequest) async throws(ProviderError) -> EmbeddingResponse {
        let wire = try endpoint.dialect.wireRequest(for: request)
        let prepared = try endpoint.request(wire, addressPolicy: addressPolicy)
        let calls = calls(model: request.model, estimatedTokenCount: request.estimatedTokenCount)
        let maximum = ModelProvidersLimits.embeddingAnswerByteCount
        var (response, attempts) = try await calls.run { remaining in
            var relay = DeltaRelay(onDelta: nil, clock: clock)
            return await attempt(prepared, remaining, maximumByteCount: maximum, relay: &relay) {
                (response, _) async throws(ProviderError) in
                let body = try await Self.collect(response, maximumByteCount: maximum)
                let answer = try endpoint.dialect.embeddings(from: body, inputCount: request.inputs.count)
                return (answer, answer.usage)
            }
        }
        response.attempts = attempts
        return response
    }

    /// What budgets and circuits are kept by.
    package func budgetKey(model: String) -> RateBudgetKey {
        RateBudgetKey(
            provider: endpoint.provider, baseURL: endpoint.baseURL, model: model, credentialID: endpoint.credentialID)
    }

    // MARK: One try

    private func calls(model: String, estimatedTokenCount: Int) -> CallAttempts {
        CallAttempts(
            key: budgetKey(model: model), estimatedTokenCount: estimatedTokenCount, budget: budget, breakers: breakers, policy: policy,
            totalTimeout: timeouts.total, clock: clock, secret: endpoint.key)
    }

    private func attempt<Answer: Sendable>(
        _ prepared: CurlRequest, _ remaining: Duration?, maximumByteCount: Int, relay: inout DeltaRelay,
        _ read: (CurlResponse, inout DeltaRelay) async throws(ProviderError) -> (Answer, TokenUsage?)
    ) async -> AttemptOutcome<Answer> {
        var request = prepared
        request.timeouts = CurlTimeouts(
            connect: timeouts.connect, firstByte: timeouts.firstByte, idle: timeouts.idle, total: remaining)
        request.maximumBodyByteCount = maximumByteCount
        let response: CurlResponse
        do { response = try await client.send(request) } catch {
            return .failed(FaultClassification.fault(error), nil, hasPassedOn: false)
        }
        guard response.status == 200 else {
            let body = await Self.beginning(of: response, byteCount: ModelProvidersLimits.errorBodyByteCount)
            if Task.isCancelled { return .failed(ProviderError.cancelled.fault, response.headers, hasPassedOn: false) }
            let fault = FaultClassification.fault(
                status: response.status, headers: response.headers, body: body, nowUnixNano: clock.nowUnixNano())
            return .failed(fault, response.headers, hasPassedOn: false)
        }
        do {
            let (answer, usage) = try await read(response, &relay)
            return .answered(answer, response.headers, usedTokenCount: usage.map { Int(clamping: $0.input + $0.output) })
        } catch {
            return .failed(error.fault, response.headers, hasPassedOn: relay.hasPassedOn, usage: relay.usage)
        }
    }

    /// A server that was asked for a stream and answers with one body is taken as it is.
    private func read(
        _ response: CurlResponse, isStream: Bool, _ relay: inout DeltaRelay
    ) async throws(ProviderError) -> ChatResponse {
        var accumulator = ChatAccumulator(dialect: endpoint.dialect)
        defer { relay.usage = accumulator.usage }
        guard isStream, response.headers["content-type"]?.lowercased().hasPrefix("application/json") != true else {
            try accumulator.read(body: try await Self.collect(response, maximumByteCount: ModelProvidersLimits.answerByteCount))
            return try accumulator.finish(isStream: false)
        }
        do {
            var events = response.body.serverSentEvents.makeAsyncIterator()
            while let event = try await events.next() { await relay.pass(try accumulator.read(event)) }
        } catch let error as ProviderError {
            throw error
        } catch let error as CurlError {
            // After the stream's last word only its connection was left to end.
            if !accumulator.isTerminated { throw ProviderError(FaultClassification.fault(error)) }
        } catch {
            throw ProviderError(.retryable, "the stream could not be read")
        }
        var answer = try accumulator.finish(isStream: true)
        answer.timeToFirstToken = relay.timeToFirstToken
        return answer
    }

    private static func collect(_ response: CurlResponse, maximumByteCount: Int) async throws(ProviderError) -> [UInt8] {
        do { return try await response.body.collect(maximumByteCount: maximumByteCount) } catch {
            throw ProviderError(FaultClassification.fault(error))
        }
    }

    /// As much of an error's body as comes: what it says is of use, that it is cut is not.
    private static func beginning(of response: CurlResponse, byteCount: Int) async -> [UInt8] {
        var body: [UInt8] = []
        do throws(CurlError) {
            for try await piece in response.body {
                body += piece.prefix(byteCount - body.count)
                if body.count >= byteCount { break }
            }
        } catch { return body }
        return body
    }
}

/// Hands the pieces of one try on, and knows when the first came and what the provider had counted at the end.
private struct DeltaRelay {
    let onDelta: (@Sendable (ChatDelta) async -> Void)?
    let clock: ProviderClock
    let start: Duration
    private(set) var hasPassedOn = false
    private(set) var timeToFirstToken: Duration?
    var usage: TokenUsage?

    init(onDelta: (@Sendable (ChatDelta) async -> Void)?, clock: ProviderClock) {
        self.onDelta = onDelta
        self.clock = clock
        start = clock.uptime()
    }

    mutating func pass(_ deltas: [ChatDelta]) async {
        guard !deltas.isEmpty else { return }
        if timeToFirstToken == nil { timeToFirstToken = clock.uptime() - start }
        guard let onDelta else { return }
        hasPassedOn = true
        for delta in deltas { await onDelta(delta) }
    }
}
