/// Where a run stands, out of the messages of its events (docs/events.md): a pure value that a follower feeds and shows.

import ByteCoding

package struct RunProgress: Equatable, Sendable {
    /// What to resume after.
    package private(set) var lastSequence: Int64
    /// `queued`, `running`, `paused`, `finished`, `failed`, `cancelled`; nil until the first message.
    package private(set) var state: String?
    package private(set) var total = 0
    package private(set) var passed = 0
    package private(set) var failed = 0
    package private(set) var errored = 0
    package private(set) var costUSD = 0.0
    package private(set) var secondsLeft: Double?

    package init(after sequence: Int64 = 0) { lastSequence = sequence }

    package var done: Int { passed + failed + errored }

    /// Whether nothing more is to come.
    package var isFinal: Bool { state.map(Self.isFinal) ?? false }

    package static func isFinal(_ state: String) -> Bool { ["finished", "failed", "cancelled"].contains(state) }

    /// What is worth a line of its own.
    package enum Note: Equatable, Sendable {
        case state(String, reason: String)
        /// A case that did not pass.
        case notPassed(CaseNote)
        /// Events that the server keeps no more.
        case gap(from: Int64, to: Int64)
    }

    package struct CaseNote: Equatable, Sendable {
        package var key: String
        /// Index into the run's targets.
        package var target: Int
        package var repetition: Int
        /// `failed` or `errored`.
        package var result: String
        package var reason: String

        package init(key: String, target: Int, repetition: Int, result: String, reason: String) {
            self.key = key
            self.target = target
            self.repetition = repetition
            self.result = result
            self.reason = reason
        }
    }

    /// Takes in a message. Nil for one that was taken in before: a stream that is resumed may repeat itself.
    package mutating func apply(_ message: JSONValue) -> [Note]? {
        guard let type = message["type"]?.stringValue, let sequence = message["sequence"]?.integerValue else { return nil }
        let data = message["data"] ?? .null
        if type == "hello" || type == "progress" {
            lastSequence = max(lastSequence, sequence)
            count(data)
            return []
        }
        guard sequence > lastSequence else { return nil }
        lastSequence = sequence
        switch type {
        case "gap": return [.gap(from: data["from"]?.integerValue ?? sequence, to: data["to"]?.integerValue ?? sequence)]
        case "case.finished": return Self.note(data).map { [.notPassed($0)] } ?? []
        default:
            guard type.hasPrefix("run."), let new = data["state"]?.stringValue else { return [] }
            state = new
            return [.state(new, reason: data["reason"]?.stringValue ?? "")]
        }
    }

    /// Takes in the run as `GET /api/v1/runs/{id}` shows it: what counts in the end.
    package mutating func apply(run: JSONValue) {
        state = run["state"]?.stringValue ?? state
        let counts = run["counts"]
        total = Self.number(counts?["cells"]) ?? total
        passed = Self.number(counts?["passed"]) ?? passed
        failed = Self.number(counts?["failed"]) ?? failed
        errored = Self.number(counts?["errored"]) ?? errored
        costUSD = run["cost_usd"]?.doubleValue ?? costUSD
        secondsLeft = nil
    }

    /// A count that can be added to others; nil for what is none.
    private static func number(_ value: JSONValue?) -> Int? {
        value?.integerValue.map { Int(min(max(0, $0), Int64(RunClientLimits.maximumCount))) }
    }

    private mutating func count(_ data: JSONValue) {
        total = Self.number(data["total"]) ?? total
        secondsLeft = data["estimated_seconds_left"]?.doubleValue
        guard let run = data["run"] else { return }
        passed = Self.number(run["passed"]) ?? passed
        failed = Self.number(run["failed"]) ?? failed
        errored = Self.number(run["errored"]) ?? errored
        costUSD = run["cost_usd"]?.doubleValue ?? costUSD
        // The events of its states come after a hello that tells the last one: only the events end a run.
        if state == nil, let current = run["state"]?.stringValue, !Self.isFinal(current) { state = current }
    }

    private static func note(_ data: JSONValue) -> CaseNote? {
        guard let result = data["result"]?.stringValue, result != "passed" else { return nil }
        return CaseNote(
            key: data["key"]?.stringValue ?? "", target: data["target"]?.integerValue.map(Int.init) ?? 0,
            repetition: data["repetition"]?.integerValue.map(Int.init) ?? 1, result: result,
            reason: data["reason"]?.stringValue ?? data["error"]?["message"]?.stringValue ?? "")
    }
}
