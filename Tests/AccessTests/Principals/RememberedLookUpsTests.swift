import Metastore
import PostgresTesting
import Testing

@testable import Access

/// A database that keeps silent: it neither answers nor refuses.
@Suite struct RememberedLookUpsTests {
    private typealias LookUps = RememberedLookUps<String, Int>

    private let clock = TestClock()
    /// Look-ups that are held up; nil lets them pass.
    private let held = Shared<[CheckedContinuation<Void, Never>]?>(nil)
    private let value = Shared(1)

    private func lookUps(patience: @escaping @Sendable () async -> Void) -> LookUps {
        RememberedLookUps(clock: clock, unknown: .unauthenticated(.unknown), patience: patience) { [held, value] _ in
            if held.value != nil { await withCheckedContinuation { continuation in held.change { $0?.append(continuation) } } }
            return .found(value.value, expiryTimeUnixNano: nil)
        }
    }

    @Test("while the database keeps silent known keys go on, for as long as when it refuses; what it says later counts")
    func silence() async throws {
        let lookUps = lookUps {}
        #expect(try await lookUps.entry("key").value == 1)
        held.change { $0 = [] }
        for _ in 0..<14 {
            clock.advance(seconds: 60)
            #expect(try await lookUps.entry("key").value == 1)
        }
        try await eventually("the look-up") { held.value?.count == 1 }
        value.change { $0 = 2 }
        for continuation in held.value ?? [] { continuation.resume() }
        held.change { $0 = nil }
        while try await lookUps.entry("key").value != 2 { await Task.yield() }
    }

    @Test("after the stated time of silence a key waits for the answer, as one does that was never seen")
    func silenceTooLong() async throws {
        let lookUps = lookUps {}
        #expect(try await lookUps.entry("key").value == 1)
        held.change { $0 = [] }
        clock.advance(seconds: 900)
        let waiting = Task { try await lookUps.entry("key").value }, stranger = Task { try await lookUps.entry("other").value }
        try await eventually("both look-ups") { held.value?.count == 2 }
        value.change { $0 = 2 }
        for continuation in held.value ?? [] { continuation.resume() }
        #expect(try await waiting.value == 2)
        #expect(try await stranger.value == 2)
    }

    @Test("an answer that comes in time is the one that counts")
    func inTime() async throws {
        let lookUps = lookUps { try? await Task.sleep(for: .seconds(60)) }
        #expect(try await lookUps.entry("key").value == 1)
        value.change { $0 = 2 }
        clock.advance(seconds: 60)
        #expect(try await lookUps.entry("key").value == 2)
    }
}
