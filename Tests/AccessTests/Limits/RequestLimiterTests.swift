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
            limiter.end(permit, byteCount: 0)
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
        limiter.end(first, byteCount: 10)
        #expect(try limiter.begin(caller) != nil)
    }

    @Test("bytes are counted when they were read: a key over its bytes waits at its next request")
    func bytes() throws {
        let clock = TestClock(), limiter = RequestLimiter(clock: clock), caller = principal(RequestLimits(bytesPerSecond: 1_000))
        limiter.end(try #require(try limiter.begin(caller)), byteCount: 3_500)
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
        limiter.countIngest(1_000, into: project)
        clock.advance(seconds: 3)
        guard case .rateLimited(let state)? = error({ () throws(AccessError) in _ = try limiter.beginIngest(project) }) else {
            Issue.record("let in")
            return
        }
        #expect(state.kind == .projectBytes)
        #expect(try limiter.beginIngest(.make()) == nil, "no other project is")
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
