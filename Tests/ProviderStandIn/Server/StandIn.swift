/// From a call to its reply: which dialect, who calls, what is asked, what the directive says. Everything but the counts is pure.

import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1
import Synchronization

final class StandIn: Sendable {
    let ledger = CallLedger()
    private let counters = CallCounters()
    private let sequence = Atomic<Int>(0)
    private let delayMilliseconds: Int

    /// - Parameter delayMilliseconds: before every model's answer whose directive has no delay of its own.
    init(delayMilliseconds: Int) { self.delayMilliseconds = delayMilliseconds }

    /// The reply, and the ledger's entry to be ended with it: nil for what is not a provider's.
    func reply(to call: HTTPCall) -> (Reply, CallLedger.Entry?) {
        if call.path.hasPrefix("/stand-in/") { return (ownReply(to: call), nil) }
        let number = sequence.add(1, ordering: .relaxed).newValue
        var record = CallLedger.Call(path: call.path, outcome: "")
        record.headers = call.headers.map { (name: $0.name, value: $0.value) }
        record.body = call.body
        guard let endpoint = Endpoint(call) else {
            record.outcome = "404"
            let refusal = Refusal(
                404, "Unknown request URL: \(call.method.rawValue) \(call.path). Please check the URL for typos.", code: "unknown_url")
            let reply = DialectErrors.reply(refusal, .openAI, requestID: "req_\(number)", time: time(nil), directive: Directive())
            return (reply, ledger.began(record))
        }
        var exchange = Exchange(call: call, endpoint: endpoint, number: number, counters: counters, delayMilliseconds: delayMilliseconds)
        let reply = exchange.reply()
        record.model = exchange.model
        record.credential = Credentials.key(call, exchange.dialect)
        record.key = exchange.directive.key
        record.isStreaming = exchange.isStreaming
        record.outcome = exchange.outcome
        return (reply, ledger.began(record))
    }

    private func ownReply(to call: HTTPCall) -> Reply {
        switch (call.method, call.path) {
        case (.GET, "/stand-in/calls"): return .whole(status: 200, ledger.report.bytes)
        case (.POST, "/stand-in/reset"):
            ledger.reset()
            counters.reset()
            return .whole(status: 200, JSONValue.object([]).bytes)
        default: return .whole(status: 404, (["error": "there are GET /stand-in/calls and POST /stand-in/reset"] as JSONValue).bytes)
        }
    }
}
