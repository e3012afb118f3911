/// `spandrel kb promote`: takes a draft from open to promoted, as far as it comes without other people, or with `--wait` until it is there.

import ArgumentParser
import ByteCoding
import RunClient
import Synchronization
import UnixSignals

@preconcurrency import Glibc

struct KnowledgePromotionWait: Sendable {
    let server: KnowledgeServer
    let draft: String
    /// Stands in the history; nil: nothing.
    let message: String?
    let waits: Bool

    /// Throws `ExitCode` or `CommandFailure` for every end but a promotion, or the beginning of one where it does not wait.
    func run() async throws {
        try await minded {
            var found = try await shown()
            if found.state == "open" {
                found = try KnowledgeServer.Draft(await server.step("submit", of: draft))
                CommandText.tell("the draft \(draft) was submitted")
            }
            if found.state == "in_review" { found = try await reviewed(found) }
            let promotion: String
            switch found.state {
            case "approved": promotion = try await begun()
            case "promoting": promotion = found.promotionID ?? ""
            case "promoted":
                print("promoted: revision \(found.json["promoted_revision"]?.integerValue ?? 0)")
                return
            case "open": throw CommandFailure("the draft \(draft) is open again: \(Self.lastWord(found))")
            default: throw CommandFailure("the draft \(draft) is \(KnowledgePush.words(found.state))")
            }
            guard waits else {
                print(promotion)
                CommandText.tell("Follow it with:\n  \(following)")
                return
            }
            try await end(of: promotion)
        }
    }

    private var following: String { "\(CommandLine.arguments.first ?? "spandrel") kb promote --draft \(draft) --wait" }

    private func shown() async throws -> KnowledgeServer.Draft {
        guard let found = try await server.draft(draft) else { throw CommandFailure("there is no draft \(draft)") }
        return found
    }

    // MARK: Review

    private func reviewed(_ found: KnowledgeServer.Draft) async throws -> KnowledgeServer.Draft {
        CommandText.tell(try await who(found))
        guard waits else { throw ExitCode(1) }
        let follower = TaskFollower(server: server.server, task: found.id, show: { _ in })
        return try KnowledgeServer.Draft(
            await follower.follow {
                let now = try await shown()
                return now.state == "in_review" ? nil : now.json
            })
    }

    /// Who has to do what before the draft can be promoted.
    private func who(_ found: KnowledgeServer.Draft) async throws -> String {
        let version = found.json["version"]?.integerValue
        let approvals = (found.json["reviews"]?.arrayValue ?? []).filter {
            $0["draft_version"]?.integerValue == version && $0["decision"]?.stringValue == "approve"
        }
        let names = approvals.compactMap { $0["reviewer"]?.stringValue }.map(CommandText.line).joined(separator: ", ")
        let required = try await server.settings()["required_approvals"]?.integerValue ?? 0
        return """
            the draft \(draft) is in review, and has \(approvals.count) of \(max(required, 1)) approvals\(names.isEmpty ? "" : " (\(names))"). \
            Members of the project who neither wrote in it nor submitted it may approve it: POST /api/v1/kb/drafts/\(draft)/review \
            {"version": \(version ?? 0), "decision": "approve"}
            """
    }

    private static func lastWord(_ found: KnowledgeServer.Draft) -> String {
        guard let review = found.json["reviews"]?.arrayValue?.last(where: { $0["decision"]?.stringValue == "request_changes" }) else {
            return "it was withdrawn"
        }
        let who = CommandText.line(review["reviewer"]?.stringValue ?? ""), what = CommandText.line(review["comment"]?.stringValue ?? "")
        return "\(who) asks for changes" + (what.isEmpty ? "" : ": \(what)")
    }

    // MARK: Promotion

    private func begun() async throws -> String {
        let body = JSONValue.object(message.map { [JSONMember(key: "message", value: .string($0))] } ?? [])
        do {
            guard let id = try await server.step("promote", of: draft, body: body)["id"]?.stringValue else {
                throw CommandFailure("the server began a promotion without an id")
            }
            return id
        } catch let fault as RunServer.Fault {
            let isMoved = fault.problem?["errors"]?.arrayValue?.contains { $0["field"]?.stringValue == "base_moved" } == true
            let advice =
                isMoved ? "\nAnother revision became active: `spandrel kb push --draft \(draft) --withdraw` brings the draft onto it." : ""
            throw CommandFailure("the draft \(draft) could not be promoted: \(fault)\(advice)")
        }
    }

    private func end(of promotion: String) async throws {
        guard promotion.utf8.count == 36, promotion.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == "-") }) else {
            throw CommandFailure("the server names no promotion of the draft")
        }
        CommandText.tell("promotion \(promotion). It goes on whatever becomes of this command; follow it with:\n  \(following)")
        let display = PromotionDisplay()
        let task = try await TaskFollower(server: server.server, task: promotion, show: display.show).follow {
            let task = try await server.server.once("GET", "/api/v1/tasks/\(promotion)")
            return ["succeeded", "failed", "cancelled"].contains(task["state"]?.stringValue ?? "") ? task : nil
        }
        if task["state"]?.stringValue == "succeeded" {
            print("promoted: revision \(task["result"]?["revision"]?.integerValue ?? 0)")
            return
        }
        let reason = task["error"]?["message"]?.stringValue ?? "it was cancelled"
        print("not promoted: \(CommandText.line(reason))")
        throw ExitCode(try await status(ofGate: task["error"]?["run_id"]?.stringValue))
    }

    /// That of `spandrel run`, where it was the gate that failed.
    private func status(ofGate run: String?) async throws -> Int32 {
        guard let run, let answer = try? await server.server.patiently("GET", "/api/v1/runs/\(KnowledgeServer.encoded(run))") else {
            return 1
        }
        let status = RunEnding(run: answer).exitStatus
        CommandText.tell("the gate's run: spandrel run show \(run)")
        // A gate that was passed was not the reason.
        return status == 0 ? 1 : status
    }

    /// With signals minded: what was begun goes on.
    private func minded(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await body()
                return nil
            }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
                    return signal == .sigint ? SIGINT : signal == .sigterm ? SIGTERM : SIGHUP
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard case .some(.some(let signal)) = try await group.next() else { return }
            CommandText.tell("What was begun goes on. Follow it with:\n  \(following)")
            throw ExitCode(128 + signal)
        }
    }
}

/// What is told of a promotion while it goes on, on standard error.
final class PromotionDisplay: Sendable {
    private struct State {
        var lastLine = ""
        var lastSeconds = -Double.infinity
    }

    private let state = Mutex(State())

    /// Seconds between two lines of progress.
    private static let lineSeconds: Double = 2

    func show(_ message: JSONValue) {
        let data = message["data"] ?? .null
        switch message["type"]?.stringValue {
        case "progress": progress(data)
        case "promotion.gate": CommandText.tell("gate: run \(data["run_id"]?.stringValue ?? "")")
        case "promotion.publishing": CommandText.tell("publishing")
        default: break
        }
    }

    private func progress(_ data: JSONValue) {
        guard let done = data["done"]?.integerValue, let total = data["total"]?.integerValue, total > 0 else { return }
        let line = "building: \(done) of \(total) texts embedded", now = MonotonicClock.seconds
        state.withLock { state in
            guard line != state.lastLine, now - state.lastSeconds >= Self.lineSeconds else { return }
            (state.lastLine, state.lastSeconds) = (line, now)
            CommandText.tell(line)
        }
    }
}
