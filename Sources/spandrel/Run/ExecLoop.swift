/// `--exec`: leases a run's cases from the server, runs the user's command for each, and hands the outputs back: the shell around
/// `ExecSchedule` and `ExecCommand`.

import ByteCoding
@preconcurrency import Glibc
import RunClient

struct ExecLoop: Sendable {
    let server: RunServer
    let run: String
    let command: ExecCommand
    /// Names of the run's targets.
    let targets: [String]
    /// Commands at a time.
    let capacity: Int

    private enum Event: Sendable {
        case ended([UInt8], ExecResult)
        case tick
    }

    /// Until the run has ended. When the task is cancelled, commands are stopped and what is still leased is given back. Errors:
    /// `RunServer.Fault`, `CancellationError`.
    func work() async throws {
        try await withThrowingTaskGroup(of: Event.self) { group in
            var schedule = ExecSchedule(capacity: capacity)
            var tasks: [[UInt8]: Task<ExecResult, Never>] = [:]
            var reconnection = Reconnection(maximumSilenceSeconds: .infinity, now: MonotonicClock.seconds)
            do {
                while true {
                    try Task.checkCancellation()
                    let step = schedule.next(now: MonotonicClock.seconds)
                    switch step {
                    case .finished:
                        for task in tasks.values { task.cancel() }
                        return group.cancelAll()
                    case .wait(let until):
                        if case .ended(let id, let result) = try await next(&group, until: until) {
                            tasks[id] = nil
                            _ = schedule.ended(id, result, now: MonotonicClock.seconds)
                        }
                    case .submit, .extend, .lease:
                        do {
                            let begun = try await take(step, &schedule)
                            reconnection.heard(now: MonotonicClock.seconds)
                            for cell in begun.started { tasks[cell.id] = start(cell, &group) }
                            for id in begun.lost { tasks.removeValue(forKey: id)?.cancel() }
                        } catch let fault as RunServer.Fault where fault.isTransient {
                            let now = MonotonicClock.seconds
                            let wait = reconnection.failed(now: now, retryAfter: fault.retryAfter, random: .random(in: 0...1))
                            schedule.failed(step, retryAt: now + (wait ?? RunClientLimits.maximumRetrySeconds))
                        }
                    }
                }
            } catch {
                for task in tasks.values { task.cancel() }
                group.cancelAll()
                // The group's end waits for the commands' ends; the server is told meanwhile, on a task that is not cancelled.
                let rest = schedule
                await Task { await giveBack(rest) }.value
                throw error
            }
        }
    }

    /// The next thing that happens until then.
    private func next(_ group: inout ThrowingTaskGroup<Event, any Error>, until time: Double) async throws -> Event {
        let timer = Task { try? await Task.sleep(for: .seconds(max(0.01, min(time - MonotonicClock.seconds, 3600)))) }
        group.addTask {
            await withTaskCancellationHandler {
                await timer.value
            } onCancel: {
                timer.cancel()
            }
            return .tick
        }
        // A timer that is not needed any more ends now; its tick is one look too many, and harmless.
        defer { timer.cancel() }
        return try await group.next() ?? .tick
    }

    private func start(_ cell: ExecCell, _ group: inout ThrowingTaskGroup<Event, any Error>) -> Task<ExecResult, Never> {
        let name = targets.indices.contains(cell.target) ? targets[cell.target] : ""
        let task = Task { [command, run] in
            await command.run(
                input: cell.standardInput(run: run, targetName: name), environment: cell.environment(run: run, targetName: name))
        }
        group.addTask {
            let result = await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            return .ended(cell.id, result)
        }
        return task
    }

    /// Asks the server what the step says, and tells the schedule what it answered.
    private func take(
        _ step: ExecSchedule.Step, _ schedule: inout ExecSchedule
    ) async throws -> (started: [ExecCell], lost: [[UInt8]]) {
        switch step {
        case .submit(let outputs, let cells):
            let answer = try await ask("outputs", [JSONMember(key: "outputs", value: .array(outputs))])
            schedule.heard(runState: answer["run_state"]?.stringValue)
            schedule.submitted(cells, now: MonotonicClock.seconds)
        case .extend(let leases):
            let answer = try await ask("extend", [JSONMember(key: "leases", value: .array(leases))])
            schedule.heard(runState: answer["run_state"]?.stringValue)
            return ([], schedule.extended(held: answer["held"]?.arrayValue ?? [], now: MonotonicClock.seconds))
        case .lease(let capacity):
            let answer = try await ask(
                "lease",
                [JSONMember(key: "holder", value: .string(Self.holder)), JSONMember(key: "capacity", value: .integer(Int64(capacity)))])
            schedule.heard(runState: answer["run_state"]?.stringValue)
            let cells = (answer["cells"]?.arrayValue ?? []).compactMap(ExecCell.init)
            return (
                schedule.leased(cells, leaseSeconds: answer["lease_seconds"]?.doubleValue, now: MonotonicClock.seconds), []
            )
        case .wait, .finished: break
        }
        return ([], [])
    }

    /// What is done is handed over once more, the rest is for others at once; if the server cannot be asked, its leases run out.
    private func giveBack(_ schedule: ExecSchedule) async {
        var schedule = schedule
        do {
            while case .submit(let outputs, let cells) = schedule.next(now: .infinity) {
                _ = try await ask("outputs", [JSONMember(key: "outputs", value: .array(outputs))])
                schedule.submitted(cells, now: 0)
            }
            let leases = schedule.leases
            if !leases.isEmpty { _ = try await ask("release", [JSONMember(key: "leases", value: .array(leases))]) }
        } catch { fputs("what was leased could not be given back: \(error); the server takes it back by itself\n", stderr) }
    }

    private func ask(_ what: String, _ members: [JSONMember]) async throws -> JSONValue {
        try await server.once("POST", "/api/v1/runs/\(run)/exec/\(what)", body: JSONValue.object(members).bytes)
    }

    /// Who holds the leases, for people who look: `ci-17 (4711)`.
    private static let holder: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(PlainText.line(host, maximumCharacterCount: 150)) (\(getpid()))"
    }()
}
