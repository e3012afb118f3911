import CurlClient
import ModelProviders
import Testing

@Suite("A token bucket")
struct TokenBucketTests {
    private let second: UInt64 = 1_000_000_000

    @Test("makes callers wait one after the other once it is empty")
    func queue() {
        var bucket = TokenBucket(capacity: 2, refillPerSecond: 2, nowUnixNano: 0)
        var delays: [Duration] = []
        for _ in 0..<5 {
            delays.append(bucket.delay(for: 1, nowUnixNano: 0))
            bucket.take(1, nowUnixNano: 0)
        }
        #expect(delays == [.zero, .zero, .milliseconds(500), .seconds(1), .milliseconds(1500)])
        #expect(bucket.delay(for: 1, nowUnixNano: 3 * second) == .zero)
        bucket.giveBack(100, nowUnixNano: 3 * second)
        #expect(bucket.delay(for: 2, nowUnixNano: 3 * second) == .zero)
    }

    @Test("lets more than its capacity go when it is full, and is overdrawn then")
    func large() {
        var bucket = TokenBucket(capacity: 10, refillPerSecond: 1, nowUnixNano: 0)
        #expect(bucket.delay(for: 30, nowUnixNano: 0) == .zero)
        bucket.take(30, nowUnixNano: 0)
        #expect(bucket.delay(for: 1, nowUnixNano: 0) == .seconds(21))
        #expect(bucket.delay(for: 30, nowUnixNano: 0) == .seconds(30))
    }

    @Test("is never overdrawn for longer than a day, whatever a provider counts", arguments: [1e15, 1e18, 1e300])
    func bounded(used: Double) {
        var bucket = TokenBucket(capacity: 1, refillPerSecond: 0, nowUnixNano: 0)
        for _ in 0..<100 { bucket.take(used, nowUnixNano: 0) }
        #expect(bucket.delay(for: 1, nowUnixNano: 0) <= .seconds(86_400))
        #expect(bucket.delay(for: 1, nowUnixNano: 3 * 86_400 * second) == .zero)
        var huge = TokenBucket(capacity: 1e18, refillPerSecond: 0, nowUnixNano: 0)
        huge.take(used, nowUnixNano: 0)
        #expect(huge.delay(for: used, nowUnixNano: 0) <= .seconds(86_400))
    }

    @Test("a provider's word on waiting silences a key for an hour at most")
    func silence() {
        var state = RateBudgetState()
        var report = RateLimitReport()
        report.retryAfter = .seconds(30_000_000)
        state.observe(report, limits: RateLimits(), nowUnixNano: second)
        #expect(state.blockedDelay(second) == .seconds(3600))
    }

    @Test("does not run backwards with the clock")
    func clock() {
        var bucket = TokenBucket(capacity: 10, refillPerSecond: 1, nowUnixNano: 10 * second)
        bucket.take(10, nowUnixNano: 10 * second)
        bucket.take(0, nowUnixNano: 5 * second)
        #expect(bucket.level == 0 && bucket.delay(for: 1, nowUnixNano: 11 * second) == .zero)
    }

    @Test("learns limits per minute, and slower ones from the time to their reset; trusts no more than the provider has left")
    func observe() {
        var bucket = TokenBucket(capacity: 1, refillPerSecond: 1, nowUnixNano: 0)
        bucket.observe(.init(limit: 600, remaining: 599, reset: .seconds(1)), nowUnixNano: 0)
        #expect(bucket.capacity == 600 && bucket.refillPerSecond == 10 && bucket.level == 1)
        bucket.observe(.init(limit: 200, remaining: 199, reset: .seconds(432)), nowUnixNano: 60 * second)
        #expect(bucket.capacity == 200 && bucket.refillPerSecond == 1.0 / 432 && bucket.level == 199)
        bucket.observe(.init(remaining: 3), nowUnixNano: 60 * second)
        #expect(bucket.level == 3)
    }
}

@Suite("The state of a budget")
struct RateBudgetStateTests {
    private let second: UInt64 = 1_000_000_000

    @Test("takes requests and tokens together, and nothing when the turn comes too late")
    func reserve() {
        var state = RateBudgetState(RateLimits(requestsPerMinute: 60, tokensPerMinute: 600), nowUnixNano: 0)
        #expect(state.reserve(tokens: 600, maximumWait: nil, nowUnixNano: 0) == .granted(delay: .zero))
        #expect(state.reserve(tokens: 100, maximumWait: .seconds(9), nowUnixNano: 0) == .refused(delay: .seconds(10)))
        #expect(state.requests?.level == 59)
        #expect(state.reserve(tokens: 100, maximumWait: .seconds(10), nowUnixNano: 0) == .granted(delay: .seconds(10)))
        #expect(state.reserve(tokens: 100, maximumWait: nil, nowUnixNano: 0) == .granted(delay: .seconds(20)))
        state.giveBack(tokens: 100, nowUnixNano: 0)
        #expect(state.reserve(tokens: 100, maximumWait: nil, nowUnixNano: 0) == .granted(delay: .seconds(20)))
    }

    @Test("keeps silent for as long as the provider asks, and learns the limits that nobody set")
    func observe() {
        var state = RateBudgetState()
        #expect(state.reserve(tokens: 1_000_000, maximumWait: .zero, nowUnixNano: 0) == .granted(delay: .zero))
        var report = RateLimitReport(["x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"], nowUnixNano: 0)
        report.retryAfter = .seconds(30)
        state.observe(report, limits: RateLimits(), nowUnixNano: 0)
        #expect(state.reserve(tokens: 1, maximumWait: nil, nowUnixNano: 0) == .granted(delay: .seconds(30)))
        #expect(state.blockedDelay(10 * second) == .seconds(20) && state.blockedDelay(31 * second) == .zero)
        #expect(state.requests?.capacity == 60 && state.tokens == nil)
    }

    @Test("does not let the provider's limit replace one that was set; unused tokens come back")
    func settings() {
        let limits = RateLimits(requestsPerMinute: 6, tokensPerMinute: 600)
        var state = RateBudgetState(limits, nowUnixNano: 0)
        _ = state.reserve(tokens: 500, maximumWait: nil, nowUnixNano: 0)
        var report = RateLimitReport(["x-ratelimit-limit-requests": "5000", "x-ratelimit-remaining-requests": "4999"], nowUnixNano: 0)
        report.unusedTokenCount = 400
        state.observe(report, limits: limits, nowUnixNano: 0)
        #expect(state.requests?.capacity == 6 && state.requests?.level == 5 && state.tokens?.level == 500)
        report = RateLimitReport()
        report.wasSent = false
        report.unusedTokenCount = 100
        state.observe(report, limits: limits, nowUnixNano: 0)
        #expect(state.requests?.level == 6 && state.tokens?.level == 600)
    }
}
