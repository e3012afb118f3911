/// The budget of all workers together: a provider's limits are counted in a row of PostgreSQL for each provider, model and credential.
///
/// What callers of a process want from one row is done by one transaction after the other, each for all who have asked meanwhile:
/// a row is changed a hundred times a second at most, however many calls there are. A row that knew of no limit a moment ago
/// keeps nobody waiting: there is nothing to count, and it is looked at again beside the calls. While PostgreSQL does not answer
/// nobody gets a turn, and is told to try again.

import Logging
import Metastore
import ModelProviders

package actor SharedRateBudget: RateBudget {
    /// Somebody who wants a change, and waits for what comes of it.
    private struct Wish {
        let change: RateBudgetTurn.Change
        /// nil: nobody waits.
        let done: CheckedContinuation<Result<RateReservation, MetastoreError>, Never>?
    }

    private let budgets: RateBudgetRepository
    private let clock: ProviderClock
    private let logger: Logger
    /// Of the rows that are being changed.
    private var wishes: [[UInt8]: [Wish]] = [:]
    /// When rows were last seen to know of no limit, by `clock.uptime`.
    private var unlimitedAt: [[UInt8]: Duration] = [:]

    package init(_ budgets: RateBudgetRepository, clock: ProviderClock = .system, logger: Logger) {
        self.budgets = budgets
        self.clock = clock
        self.logger = logger
    }

    package func acquire(_ key: RateBudgetKey, tokens: Int, maximumWait: Duration?) async throws(ProviderError) {
        let row = key.storedKey
        if isUnlimited(row) { return }
        try await RateBudgetTurn(tokens: tokens, clock: clock).take(maximumWait: maximumWait) { change throws(ProviderError) in
            try await self.change(row, change)
        }
    }

    /// Nobody waits for it: the answer it came with is there already.
    package func report(_ key: RateBudgetKey, _ report: RateLimitReport) {
        let row = key.storedKey
        // What is given back to no bucket is no news.
        if !report.tellsLimits, isUnlimited(row) { return }
        unlimitedAt[row] = nil
        add(
            Wish(
                change: { state, now in
                    state.observe(report, limits: RateLimits(), nowUnixNano: now)
                    return .granted(delay: .zero)
                }, done: nil), to: row)
    }

    /// Asks anew, for later callers, when it was some time ago.
    private func isUnlimited(_ row: [UInt8]) -> Bool {
        guard let seen = unlimitedAt[row] else { return false }
        let age = clock.uptime() - seen
        if age > .milliseconds(RunExecutionLimits.unlimitedBudgetMilliseconds) { return false }
        if age > .milliseconds(RunExecutionLimits.unlimitedBudgetLookMilliseconds), wishes[row] == nil {
            add(Wish(change: { _, _ in .granted(delay: .zero) }, done: nil), to: row)
        }
        return true
    }

    private func change(
        _ row: [UInt8], _ change: @escaping RateBudgetTurn.Change
    ) async throws(ProviderError) -> RateReservation {
        let result = await withCheckedContinuation { add(Wish(change: change, done: $0), to: row) }
        switch result {
        case .success(let reservation): return reservation
        case .failure(let error):
            logger.warning("a rate budget cannot be reached", metadata: ["error": "\(error)"])
            throw ProviderError(.retryable, "the rate budget cannot be reached")
        }
    }

    private func add(_ wish: Wish, to row: [UInt8]) {
        if wishes[row] != nil {
            wishes[row]?.append(wish)
        } else {
            wishes[row] = [wish]
            // Of its own: it goes on for the others when the caller that came first is cancelled.
            Task { await self.work(on: row) }
        }
    }

    private func work(on row: [UInt8]) async {
        while let wishes = wishes[row], !wishes.isEmpty {
            self.wishes[row] = []
            let begun = clock.uptime()
            let result = await fulfil(wishes.map(\.change), row)
            for (index, wish) in wishes.enumerated() { wish.done?.resume(returning: result.map { $0[index] }) }
            let rest = .milliseconds(RunExecutionLimits.budgetChangeMilliseconds) - (clock.uptime() - begun)
            if rest > .zero { try? await clock.sleep(rest) }
        }
        wishes[row] = nil
    }

    private func fulfil(_ changes: [RateBudgetTurn.Change], _ row: [UInt8]) async -> Result<[RateReservation], MetastoreError> {
        do throws(MetastoreError) {
            let (reservations, isUnlimited) = try await budgets.change(row) { budget, now in
                var state = budget?.state ?? RateBudgetState()
                let reservations = changes.map { $0(&state, now) }
                budget = StoredRateBudget(state)
                return (reservations, state.requests == nil && state.tokens == nil && state.blockedDelay(now) == .zero)
            }
            if unlimitedAt.count >= RunExecutionLimits.unlimitedBudgetCount { unlimitedAt = [:] }
            // What was reported meanwhile waits among the wishes, and may know of a limit.
            unlimitedAt[row] = isUnlimited && wishes[row]?.isEmpty ?? true ? clock.uptime() : nil
            return .success(reservations)
        } catch {
            unlimitedAt[row] = nil
            return .failure(error)
        }
    }
}
