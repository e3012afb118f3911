/// What a command line does next with the cells of a run: ask for some, say that it still has them, hand outputs over, wait. Pure: times
/// come in as seconds of a clock that never goes back, what was answered comes in as values.
///
///     lease -> running -> (command ends) -> outputs -> submit
///                 ^ extend, while any cell is held

import ByteCoding

package struct ExecSchedule: Sendable {
    package enum Step: Equatable, Sendable {
        case submit([JSONValue], cells: [[UInt8]])
        case extend([JSONValue])
        case lease(capacity: Int)
        /// Nothing is due before this time.
        case wait(until: Double)
        /// The run has ended, and nothing is left to hand over.
        case finished
    }

    private let capacity: Int
    private var running: [[UInt8]: ExecCell] = [:]
    /// What commands answered, by cell, oldest first; each still leased.
    private var outputs: [(cell: ExecCell, json: JSONValue, byteCount: Int)] = []
    private var leaseSeconds = 60.0
    private var nextLease = 0.0
    private var nextExtend = Double.infinity
    private var nextSubmit = 0.0
    private var leasePause = RunClientLimits.firstLeasePauseSeconds
    private var hasEnded = false

    /// - Parameter capacity: commands at a time.
    package init(capacity: Int) { self.capacity = max(1, capacity) }

    package var runningCount: Int { running.count }

    /// All cells that are leased, done or not: to be given back when the command line stops.
    package var leases: [JSONValue] { running.values.map(\.leaseJSON) + outputs.map(\.cell.leaseJSON) }

    package func next(now: Double) -> Step {
        if hasEnded { return .finished }
        if !outputs.isEmpty, now >= nextSubmit { return batch }
        if !leases.isEmpty, now >= nextExtend { return .extend(leases) }
        // Outputs that could not be handed over hold back new cells: else they would pile up.
        let free = capacity - running.count - outputs.count
        if free > 0, now >= nextLease { return .lease(capacity: free) }
        var times = [leases.isEmpty ? .infinity : nextExtend]
        if !outputs.isEmpty { times.append(nextSubmit) }
        if free > 0 { times.append(nextLease) }
        return .wait(until: times.min() ?? .infinity)
    }

    private var batch: Step {
        var count = 0, byteCount = 0
        while count < min(outputs.count, RunClientLimits.maximumOutputCount) {
            byteCount += outputs[count].byteCount
            guard count == 0 || byteCount <= RunClientLimits.maximumOutputsByteCount else { break }
            count += 1
        }
        let some = outputs.prefix(count)
        return .submit(some.map(\.json), cells: some.map(\.cell.id))
    }

    // MARK: What was answered

    /// Answers with the cells whose commands are to be begun: as many as there is room for, whatever the server sent, and none twice.
    ///
    /// - Parameters:
    ///   - leaseSeconds: for how long they are held unless extended.
    @discardableResult
    package mutating func leased(_ cells: [ExecCell], leaseSeconds: Double?, now: Double) -> [ExecCell] {
        if let leaseSeconds, leaseSeconds > 0 { self.leaseSeconds = leaseSeconds }
        if leases.isEmpty { nextExtend = now + self.leaseSeconds / 3 }
        var begun: [ExecCell] = []
        for cell in cells where running.count + outputs.count < capacity && running[cell.id] == nil {
            running[cell.id] = cell
            begun.append(cell)
        }
        if begun.isEmpty {
            nextLease = now + leasePause
            leasePause = min(leasePause * 2, RunClientLimits.maximumLeasePauseSeconds)
        } else {
            nextLease = now
            leasePause = RunClientLimits.firstLeasePauseSeconds
        }
        return begun
    }

    /// The command for a cell has ended; false when the cell is not held any more.
    package mutating func ended(_ id: [UInt8], _ result: ExecResult, now: Double) -> Bool {
        guard let cell = running.removeValue(forKey: id) else { return false }
        guard result.end != .stopped else { return true }
        let json = Self.output(cell, result)
        outputs.append((cell, json, json.bytes.count))
        return true
    }

    /// The server took in what it still held of a batch; the rest counts for nothing.
    package mutating func submitted(_ cells: [[UInt8]], now: Double) {
        let done = Set(cells)
        outputs.removeAll { done.contains($0.cell.id) }
        nextSubmit = now
        // Somebody may wait for the next cells already.
        nextLease = min(nextLease, now)
        leasePause = RunClientLimits.firstLeasePauseSeconds
    }

    /// The cells that are still held; answers with those whose commands are to be given up.
    package mutating func extended(held: [JSONValue], now: Double) -> [[UInt8]] {
        nextExtend = now + leaseSeconds / 3
        let held = Set(held.map(\.bytes))
        outputs.removeAll { !held.contains($0.cell.id) }
        let lost = running.keys.filter { !held.contains($0) }
        for id in lost { running[id] = nil }
        return lost
    }

    /// The state of the run, as every answer tells it.
    package mutating func heard(runState: String?) { if let runState, RunProgress.isFinal(runState) { hasEnded = true } }

    /// The server could not be asked: the same is tried again then.
    package mutating func failed(_ step: Step, retryAt: Double) {
        switch step {
        case .submit: nextSubmit = retryAt
        case .extend: nextExtend = retryAt
        case .lease: nextLease = retryAt
        case .wait, .finished: break
        }
    }

    private static func output(_ cell: ExecCell, _ result: ExecResult) -> JSONValue {
        guard case .object(var members) = cell.leaseJSON else { return cell.leaseJSON }
        if let message = result.errorMessage {
            members.append(JSONMember(key: "error", value: .object([JSONMember(key: "message", value: .string(message))])))
        } else {
            members.append(JSONMember(key: "text", value: .string(result.text)))
        }
        members.append(JSONMember(key: "duration_nano", value: .integer(Int64(clamping: result.durationNano))))
        members.append(JSONMember(key: "started_at_unix_nano", value: .integer(Int64(clamping: result.startUnixNano))))
        if case .exited(let status) = result.end { members.append(JSONMember(key: "exit_status", value: .integer(Int64(status)))) }
        return .object(members)
    }
}
