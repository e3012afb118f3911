import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import Access

@Suite struct RequestLimiterTests {
    private func principal(_ limits: RequestLimits, key: APIKeyID = .make()) -> Principal {
        Principal(
            caller: .key(key), name: "k", organizationID: .make(), projectID: ProjectID(high: 1, low: 1), grants: .scopes([.read]),
            limits: limits)
    }

    private func error(_ body: () throws(AccessError) -> Void) -> AccessError? {
        do throws(AccessError) {
            try body()
            return nil
        } catch { return error }
    }

    @Test("a key gets its requests a second, is told what is left and when to come again, and gets them again then")
    func requests() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock)
        let caller = principal(RequestLimits(requestsPerSecond: 3))
        for left in [2, 1, 0] as [Int64] {
            let permit = try #require(try limiter.begin(caller))
            #expect(permit.rate?.remaining == left && permit.rate?.limit == 3)
            limiter.end(permit)
        }
        guard case .rateLimited(let state)? = error({ () throws(AccessError) in _ = try limiter.begin(caller) }) else {
            Issue.record("let in")
            return
        }
        #expect(state.kind == .keyRequests && state.remaining == 0 && state.retryAfterSeconds >= 1)
        clock.nano.change { $0 += state.waitNanoseconds }
        #expect(try limiter.begin(caller) != nil)
        #expect(try limiter.begin(principal(RequestLimits(requestsPerSecond: 3))) != nil, "another key's are its own")
        #expect(try limiter.begin(principal(RequestLimits())) == nil)
    }

    @Test("no more requests of a key are under way than it may have")
    func concurrency() throws {
        let limiter = RequestLimiter(clock: TestClock()), caller = principal(RequestLimits(maximumConcurrency: 2))
        let first = try #require(try limiter.begin(caller))
        _ = try limiter.begin(caller)
        #expect(error { () throws(AccessError) in _ = try limiter.begin(caller) } == .tooManyConcurrentRequests(limit: 2))
        limiter.end(first)
        #expect(try limiter.begin(caller) != nil)
    }

    @Test("bytes are counted as they arrive, also of a body that ends early: a key over its bytes waits at its next request")
    func bytes() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock), caller = principal(RequestLimits(bytesPerSecond: 1_000))
        let allowance = RequestAllowance(limiter, try limiter.begin(caller), project: nil)
        try allowance.arrived(500)
        try allowance.arrived(3_000)
        allowance.end()
        guard case .rateLimited(let state)? = error({ () throws(AccessError) in _ = try limiter.begin(caller) }) else {
            Issue.record("let in")
            return
        }
        #expect(state.kind == .keyBytes && state.waitNanoseconds > 2_500_000_000)
        clock.nano.change { $0 += state.waitNanoseconds }
        #expect(try limiter.begin(caller) != nil)
    }

    @Test("a project's ingest is held to its settings, whichever key it comes with")
    func ingest() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock), project = ProjectID.make()
        let limits = RequestLimits(requestsPerSecond: 1, bytesPerSecond: 100)
        limiter.setIngestLimits(limits, of: project)
        #expect(try limiter.beginIngest(project)?.remaining == 0)
        #expect(error { () throws(AccessError) in _ = try limiter.beginIngest(project) } != nil)
        clock.advance(seconds: 2)
        _ = try limiter.beginIngest(project)
        try RequestAllowance(limiter, nil, project: project).arrived(1_000)
        clock.advance(seconds: 3)
        guard case .rateLimited(let state)? = error({ () throws(AccessError) in _ = try limiter.beginIngest(project) }) else {
            Issue.record("let in")
            return
        }
        #expect(state.kind == .projectBytes)
        #expect(try limiter.beginIngest(.make()) == nil, "no other project is")
    }

    @Test("an announced body counts at once; what of it does not come is given back")
    func announced() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock), project = ProjectID.make()
        limiter.setIngestLimits(RequestLimits(bytesPerSecond: 1_000), of: project)
        _ = try limiter.beginIngest(project)
        let allowance = RequestAllowance(limiter, nil, project: project)
        try allowance.announce(30_000)
        #expect(error { () throws(AccessError) in _ = try limiter.beginIngest(project) } != nil)
        try allowance.arrived(200)
        allowance.end()
        #expect(try limiter.beginIngest(project)?.remaining == 800)
    }

    @Test("no body of one key shuts a project's other keys out for much more than a minute, however many come at once")
    func boundedDebt() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock), project = ProjectID.make()
        limiter.setIngestLimits(RequestLimits(bytesPerSecond: 1_024), of: project)
        let allowances = try (0..<20).map { _ in
            _ = try limiter.beginIngest(project)
            return RequestAllowance(limiter, nil, project: project)
        }
        #expect(allowances[0].maximumBodyByteCount == 60 * 1_024)
        var refusedCount = 0
        for allowance in allowances {
            if error({ () throws(AccessError) in try allowance.announce(allowance.maximumBodyByteCount) }) != nil { refusedCount += 1 }
        }
        #expect(refusedCount == 19)
        guard case .rateLimited(let state)? = error({ () throws(AccessError) in _ = try limiter.beginIngest(project) }) else {
            Issue.record("let in")
            return
        }
        #expect(state.retryAfterSeconds <= 62)
        clock.advance(seconds: 62)
        #expect(try limiter.beginIngest(project) != nil)
        for allowance in allowances.dropFirst() { allowance.end() }
        #expect(RequestAllowance(limiter, nil, project: .make()).maximumBodyByteCount == .max)
    }

    @Test("counters of idle keys are forgotten, those of requests under way are not")
    func memory() throws {
        var state = RequestLimiterState(maximumCount: 100)
        let busy = APIKeyID.make()
        _ = try state.begin(busy, RequestLimits(maximumConcurrency: 1), now: 0)
        for number in 0..<10_000 {
            _ = try state.begin(.make(), RequestLimits(requestsPerSecond: 10), now: Int64(number) * 1_000_000_000)
            #expect(state.count <= 101)
        }
        #expect(throws: AccessError.tooManyConcurrentRequests(limit: 1)) {
            try state.begin(busy, RequestLimits(maximumConcurrency: 1), now: 20_000_000_000_000)
        }
    }
}
