/// What was called, for `GET /stand-in/calls`: counts by path, model, credential and caller's key, calls in progress and the most there
/// ever were, and the newest requests.

import ByteCoding
import Synchronization

final class CallLedger: Sendable {
    /// One call in progress.
    struct Entry: Sendable {
        let model: String?
        /// Of which life of the ledger; a call from before a reset does not count down in the next.
        let generation: Int
    }

    struct Call: Sendable {
        var path: String
        var model: String?
        var credential: String?
        /// The `key` of the directive, when it has one.
        var key: String?
        /// What was sent: a status, or how the connection ended.
        var outcome: String
        var isStreaming = false
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
    }

    static let recentCallCount = 200
    static let maximumBodyByteCount = 16 << 10
    /// Names in one table of counts; more are counted together, so that a test of 100,000 keys takes no memory for them.
    static let maximumNameCount = 10_000

    private struct Gauge {
        var inProgress = 0
        var most = 0
    }

    private struct State {
        var generation = 0
        var total = 0
        var byPath: [String: Int] = [:]
        var byModel: [String: Int] = [:]
        var byCredential: [String: Int] = [:]
        var byKey: [String: Int] = [:]
        var byOutcome: [String: Int] = [:]
        var concurrency = Gauge()
        var concurrencyByModel: [String: Gauge] = [:]
        var recent: [Call] = []
        var nextRecent = 0
    }

    private let state = Mutex(State())

    /// Counts a call; `ended` takes what this answers.
    func began(_ call: Call) -> Entry {
        var call = call
        if call.body.count > Self.maximumBodyByteCount { call.body.removeLast(call.body.count - Self.maximumBodyByteCount) }
        return state.withLock { state in
            state.total += 1
            Self.count(call.path, in: &state.byPath)
            Self.count(call.outcome, in: &state.byOutcome)
            if let model = call.model { Self.count(model, in: &state.byModel) }
            if let credential = call.credential { Self.count(credential, in: &state.byCredential) }
            if let key = call.key { Self.count(key, in: &state.byKey) }
            Self.enter(&state.concurrency)
            if let model = call.model, state.concurrencyByModel[model] != nil || state.concurrencyByModel.count < Self.maximumNameCount {
                Self.enter(&state.concurrencyByModel[model, default: Gauge()])
            }
            if state.recent.count < Self.recentCallCount {
                state.recent.append(call)
            } else {
                state.recent[state.nextRecent] = call
                state.nextRecent = (state.nextRecent + 1) % Self.recentCallCount
            }
            return Entry(model: call.model, generation: state.generation)
        }
    }

    func ended(_ entry: Entry) {
        state.withLock { state in
            guard entry.generation == state.generation else { return }
            state.concurrency.inProgress -= 1
            if let model = entry.model { state.concurrencyByModel[model]?.inProgress -= 1 }
        }
    }

    func reset() {
        state.withLock { state in
            let generation = state.generation + 1
            state = State()
            state.generation = generation
        }
    }

    private static func count(_ name: String, in table: inout [String: Int]) {
        table[table[name] != nil || table.count < maximumNameCount ? name : "(others)", default: 0] += 1
    }

    private static func enter(_ gauge: inout Gauge) {
        gauge.inProgress += 1
        gauge.most = max(gauge.most, gauge.inProgress)
    }

    /// The report; the newest request last.
    var report: JSONValue {
        let state = state.withLock { $0 }
        func table(_ counts: [String: Int]) -> JSONValue {
            .object(counts.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: .count($0.value)) })
        }
        func gauge(_ gauge: Gauge) -> JSONValue { ["in_progress": .count(gauge.inProgress), "most": .count(gauge.most)] }
        let ordered = state.recent[state.nextRecent...] + state.recent[..<state.nextRecent]
        return [
            "total": .count(state.total),
            "by_path": table(state.byPath), "by_model": table(state.byModel), "by_credential": table(state.byCredential),
            "by_key": table(state.byKey), "by_outcome": table(state.byOutcome),
            "concurrency": gauge(state.concurrency),
            "concurrency_by_model": .object(
                state.concurrencyByModel.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: gauge($0.value)) }),
            "recent": .array(ordered.map(\.report)),
        ]
    }
}

extension CallLedger.Call {
    fileprivate var report: JSONValue {
        [
            "path": .string(path), "model": .text(model), "credential": .text(credential), "key": .text(key), "outcome": .string(outcome),
            "stream": .bool(isStreaming),
            "headers": .object(headers.map { JSONMember(key: $0.name.lowercased(), value: .string($0.value)) }),
            "body": (try? JSONValue.parse(body)) ?? .string(String(decoding: body, as: UTF8.self)),
        ]
    }
}
