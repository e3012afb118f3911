import OTLP
import Testing

@testable import OTLPReceiver

@Suite("Deadlines of gRPC")
struct GRPCDeadlineTests {
    private static let now = ContinuousClock.now

    private static func isOver(_ header: String?, after duration: Duration) throws -> Bool {
        let deadline = try GRPCDeadline(header: header, now: now)
        do {
            try deadline.check(now: now + duration)
            return false
        } catch {
            #expect(error.code == .deadlineExceeded)
            return true
        }
    }

    @Test(
        "a deadline is over after as long as its header says",
        arguments: [
            ("2H", Duration.seconds(7200)), ("3M", .seconds(180)), ("10S", .seconds(10)), ("250m", .milliseconds(250)),
            ("99999999u", .microseconds(99_999_999)), ("5n", .nanoseconds(5)), ("0S", .zero),
        ])
    func units(_ header: String, _ duration: Duration) throws {
        #expect(try Self.isOver(header, after: duration))
        if duration > .zero { #expect(try !Self.isOver(header, after: duration - .nanoseconds(1))) }
    }

    @Test("without the header there is none")
    func none() throws { #expect(try !Self.isOver(nil, after: .seconds(1_000_000))) }

    @Test("what is no time is refused", arguments: ["", "S", "10", "10s", "-1S", "+1S", "1.5S", "123456789S", "1 S", "１S", "10é"])
    func malformed(_ header: String) {
        #expect(throws: ExportRefusal.self) { try GRPCDeadline(header: header, now: Self.now) }
    }
}
