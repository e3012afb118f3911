import ByteCoding
import Testing

@testable import SpanStore

@Suite struct RecentRequestsTests {
    private let project = testProject(1)
    private let minute: UInt64 = 60_000_000_000

    private func hash(_ number: UInt64) -> ContentHash { ContentHash(high: number, low: ~number) }

    private let reply = StoredReply(rejectedSpanCount: 1, errorMessage: "one span refused")

    @Test("a twin in flight waits, hears the first one's outcome, and later ones are duplicates")
    func transcript() {
        var requests = RecentRequests()
        #expect(requests.begin(project, hash(1), waiter: 10, nowUnixNano: testDay) == .new)
        #expect(requests.begin(project, hash(1), waiter: 11, nowUnixNano: testDay) == .wait)
        #expect(requests.begin(project, hash(1), waiter: 12, nowUnixNano: testDay) == .wait)
        #expect(requests.begin(testProject(2), hash(1), waiter: 13, nowUnixNano: testDay) == .new)
        requests.cancel(project, hash(1), waiter: 11)
        #expect(requests.finish(project, hash(1), .stored(reply, receivedUnixNano: testDay, lsn: 5)) == [12])
        #expect(requests.begin(project, hash(1), waiter: 14, nowUnixNano: testDay + minute) == .duplicate(reply, lsn: 5))
        #expect(requests.count == 1 && requests.inFlightCount == 1)
    }

    @Test("after a failure the waiters are told, and the next one is new")
    func failure() {
        var requests = RecentRequests()
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay) == .new)
        #expect(requests.begin(project, hash(1), waiter: 2, nowUnixNano: testDay) == .wait)
        #expect(requests.finish(project, hash(1), .failed) == [2])
        #expect(requests.begin(project, hash(1), waiter: 3, nowUnixNano: testDay) == .new)
    }

    @Test("requests whose spans were deleted are forgotten, and no others")
    func deleted() {
        var requests = RecentRequests()
        for number in 1...4 as ClosedRange<UInt64> {
            requests.restore(
                RecentRequest(
                    project: testProject(number == 4 ? 2 : 1), hash: hash(number), lsn: number, receivedUnixNano: testDay, reply: reply))
        }
        requests.forget(project, storedIn: [1...1, 3...9])
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay) == .new)
        #expect(requests.begin(project, hash(2), waiter: 2, nowUnixNano: testDay) == .duplicate(reply, lsn: 2))
        #expect(requests.begin(testProject(2), hash(4), waiter: 3, nowUnixNano: testDay) == .duplicate(reply, lsn: 4))
        // Stored anew, it is known again, and for its own time.
        _ = requests.finish(project, hash(1), .stored(reply, receivedUnixNano: testDay + 10 * minute, lsn: 12))
        #expect(requests.begin(project, hash(1), waiter: 4, nowUnixNano: testDay + 20 * minute) == .duplicate(reply, lsn: 12))
        #expect(requests.begin(project, hash(2), waiter: 5, nowUnixNano: testDay + 20 * minute) == .new)
    }

    @Test("a request is forgotten after 15 minutes and not before")
    func window() {
        var requests = RecentRequests()
        requests.restore(RecentRequest(project: project, hash: hash(1), lsn: 1, receivedUnixNano: testDay, reply: reply))
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay + 15 * minute) == .duplicate(reply, lsn: 1))
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay + 15 * minute + 1) == .new)
        #expect(requests.count == 0)
    }

    @Test("the number remembered is bounded, and the oldest go first")
    func bound() {
        var requests = RecentRequests(maximumCount: 3)
        for number in UInt64(1)...5000 {
            requests.restore(RecentRequest(project: project, hash: hash(number), lsn: number, receivedUnixNano: testDay, reply: reply))
        }
        #expect(requests.count == 3)
        #expect(requests.begin(project, hash(4997), waiter: 1, nowUnixNano: testDay) == .new)
        #expect(requests.begin(project, hash(4998), waiter: 1, nowUnixNano: testDay) == .duplicate(reply, lsn: 4998))
    }

    @Test("a request stored anew after its time is remembered by its new time")
    func again() {
        var requests = RecentRequests()
        for (lsn, received) in [(UInt64(1), testDay), (2, testDay + 16 * minute)] {
            #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: received) == .new)
            _ = requests.finish(project, hash(1), .stored(reply, receivedUnixNano: received, lsn: lsn))
        }
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay + 20 * minute) == .duplicate(reply, lsn: 2))
        // An older sighting of a replay changes nothing.
        requests.restore(RecentRequest(project: project, hash: hash(1), lsn: 1, receivedUnixNano: testDay, reply: StoredReply()))
        #expect(requests.begin(project, hash(1), waiter: 1, nowUnixNano: testDay + 20 * minute) == .duplicate(reply, lsn: 2))
    }

    @Test("a seal carries the requests of its partition that are young enough and sealed")
    func carried() {
        var requests = RecentRequests()
        let day = PartitionID(project: project, receivedUnixNano: testDay)
        let entries: [(UInt64, UInt64, UInt64)] = [(1, 1, 0), (2, 1, 20), (3, 2, 21), (4, 1, 22), (5, 1, 23)]
        for (lsn, owner, minutes) in entries.dropFirst() {
            requests.restore(
                RecentRequest(
                    project: testProject(owner), hash: hash(lsn), lsn: lsn, receivedUnixNano: testDay + minutes * minute, reply: reply))
        }
        let carried = requests.requests(of: day, throughLSN: 4, nowUnixNano: testDay + 23 * minute)
        #expect(carried.map(\.lsn) == [2, 4])
        #expect(requests.requests(of: day, throughLSN: 9, nowUnixNano: testDay + 37 * minute).map(\.lsn) == [4, 5])
    }

    @Test("requests are read back as they were written, and cut ones refused")
    func coding() throws {
        let requests = (UInt64(1)...4).map {
            RecentRequest(project: testProject($0), hash: hash($0), lsn: $0 << 30, receivedUnixNano: testDay + $0, reply: reply)
        }
        var writer = ByteWriter()
        RecentRequest.encode(requests, into: &writer)
        func decode(_ bytes: [UInt8]) throws -> [RecentRequest] {
            try bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(bytes)
                return try RecentRequest.decode(&reader)
            }
        }
        #expect(try decode(writer.bytes) == requests)
        for length in 0..<writer.count {
            #expect(throws: ByteCodingError.self) { _ = try decode(Array(writer.bytes[..<length])) }
        }
    }
}
