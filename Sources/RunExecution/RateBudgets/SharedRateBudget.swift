/// The budget of all workers together: a provider's limits are counted in a row of PostgreSQL for each provider, model and credential.
///
/// What callers of a process want from one row is done by one transaction after the other, each for all who have asked meanwhile: a
/// row is changed a hundred times a second at most, however many calls there are. While PostgreSQL does not answer nobody gets a
/// turn, and is told to try again.

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

    package init(_ budgets: RateBudgetRepository, clock: ProviderClock = .system, logger: Logger) {
        self.budgets = budgets
        self.clock = clock
        self.logger = logger
    }

    package func acquire(_ key: RateBudgetKey, tokens: Int, maximumWait: Duration?) async throws(ProviderError) {
        let row = key.storedKey
        try await RateBudgetTurn(tokens: tokens, clock: clock).take(maximumWait: maximumWait) { change throws(ProviderError) in
            try await self.change(row, change)
        }
    }

    /// Nobody waits for it: the answer it came with is there already.
    package func report(_ key: RateBudgetKey, _ report: RateLimitReport) {
        add(
            Wish(
                change: { state, now in
                    state.observe(report, limits: RateLimits(), nowUnixNano: now)
                    return .granted(delay: .zero)
                }, done: nil), to: key.storedKey)
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
            return .success(
                try await budgets.change(row) { budget, now in
                    var state = budget?.state ?? RateBudgetState()
                    let reservations = changes.map { $0(&state, now) }
                    budget = StoredRateBudget(state)
                    return reservations
                })
        } catch { return .failure(error) }
    }
}
