import CurlClient
import Testing

@testable import TelemetryExport

@Suite("A collector's answer")
struct SendOutcomeTests {
    private func outcome(_ status: Int, retryAfter: String? = nil, body: [UInt8] = []) -> SendOutcome {
        SendOutcome(status: status, retryAfter: retryAfter, body: body, from: "http://collector.example")
    }

    @Test("of 200 is the end, also for what it rejects")
    func taken() {
        #expect(outcome(200) == .taken(rejectedCount: 0))
        // partial_success { rejected_spans: 3, error_message: "no" }
        #expect(outcome(200, body: [0x0a, 0x06, 0x08, 0x03, 0x12, 0x02, 0x6e, 0x6f]) == .taken(rejectedCount: 3))
        #expect(outcome(202, body: Array("{}".utf8)) == .taken(rejectedCount: 0))
    }

    @Test("that OTLP calls retryable may be tried again", arguments: [429, 502, 503, 504])
    func later(status: Int) {
        let reason = "http://collector.example answered \(status)"
        #expect(outcome(status) == .later(nil, reason: reason))
        #expect(outcome(status, retryAfter: "7") == .later(.seconds(7), reason: reason))
        #expect(outcome(status, retryAfter: "-7") == .later(.zero, reason: reason))
        #expect(outcome(status, retryAfter: "99999") == .later(.seconds(300), reason: reason))
        #expect(outcome(status, retryAfter: "soon") == .later(nil, reason: reason))
    }

    @Test("of any other kind is final", arguments: [301, 307, 400, 401, 403, 404, 413, 500, 501])
    func refused(status: Int) { #expect(outcome(status) == .refused(reason: "http://collector.example answered \(status)")) }

    @Test("that does not come may come later, unless nobody can change that")
    func errors() {
        #expect(SendOutcome(CurlError(.connect, "gone")) == .later(nil, reason: "gone"))
        #expect(SendOutcome(CurlError(.timeout(.total), "slow")) == .later(nil, reason: "slow"))
        #expect(SendOutcome(CurlError(.cancelled, "cut short")) == .later(nil, reason: "cut short"))
        #expect(SendOutcome(CurlError(.tls, "not believed")) == .refused(reason: "not believed"))
    }
}
