/// Whose turn it is: the port through which all callers of one key share its rate limits, within a process or across many.

/// What a limit is counted for.
package struct RateBudgetKey: Sendable, Hashable {
    package var provider: Provider
    package var baseURL: String
    package var model: String
    /// The stored credential's id; never the secret.
    package var credentialID: String

    package init(provider: Provider, baseURL: String, model: String, credentialID: String) {
        self.provider = provider
        self.baseURL = baseURL
        self.model = model
        self.credentialID = credentialID
    }
}

package protocol RateBudget: Sendable {
    /// Waits for one request with so many tokens to have its turn.
    ///
    /// - Parameter maximumWait: nil: however long it takes.
    /// Errors: `limited` at once when the turn comes later than that, with the delay; `cancelled`; `retryable` when the budget itself
    /// cannot be reached.
    func acquire(_ key: RateBudgetKey, tokens: Int, maximumWait: Duration?) async throws(ProviderError)

    /// What the provider said in answer to a request for which `acquire` returned. Not called when there is nothing to say. It must not
    /// fail a call that succeeded: whatever goes wrong in it is the budget's own to tell.
    func report(_ key: RateBudgetKey, _ report: RateLimitReport) async
}

/// No limits: for a stand-in, or where another limits.
package struct UnlimitedRateBudget: RateBudget {
    package init() {}

    package func acquire(_ key: RateBudgetKey, tokens: Int, maximumWait: Duration?) async throws(ProviderError) {}

    package func report(_ key: RateBudgetKey, _ report: RateLimitReport) async {}
}
