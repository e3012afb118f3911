/// `spandrel delete trace|session|user|project`: deletes telemetry, after asking, and shows the receipt.

import ArgumentParser
import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1
import TraceModel

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a trace, a session, a user's data or a project's telemetry.",
        discussion: """
            It is in no answer any more when the command ends, and its bytes are gone from the server's files by the deadline of the
            receipt. Keep the receipt (--json): spandrel inspect store --verify-deleted --deletion FILE proves it over the files.
            """,
        subcommands: [Trace.self, Session.self, User.self, Project.self, Show.self])

    struct Trace: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "trace", abstract: "Deletes a trace.")

        @OptionGroup var options: DeleteOptions

        @Argument(help: "The trace's id: 32 hexadecimal digits.")
        var traceID: String

        func validate() throws {
            if TraceID(hex: traceID)?.isZero ?? true {
                throw ValidationError("a trace id is 32 hexadecimal digits, not all of them zero")
            }
        }

        func run() async throws { try await options.delete("trace_id", traceID, named: "the trace \(traceID)") }
    }

    struct Session: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "session", abstract: "Deletes every trace of a session, whole.")

        @OptionGroup var options: DeleteOptions

        @Argument(help: "The session's id.")
        var sessionID: String

        func run() async throws { try await options.delete("session_id", sessionID, named: "every trace of the session \(sessionID)") }
    }

    struct User: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "user", abstract: "Deletes every trace in which a user has a part, whole, whoever else has one.")

        @OptionGroup var options: DeleteOptions

        @Argument(help: "The user's id, as applications send it.")
        var userID: String

        func run() async throws {
            try await options.delete(
                "user_id", userID, named: "every trace in which the user \(userID) has a part, with what other users said in it")
        }
    }

    struct Project: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "project", abstract: "Deletes all telemetry of a project; its suites, knowledge base and settings stay.")

        @OptionGroup var options: DeleteOptions

        @Argument(help: "The project's own name, to confirm that all of it is to go.")
        var name: String

        func run() async throws { try await options.delete("project_name", name, named: "all telemetry of the project \(name)") }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a deletion's receipt, or all of them.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The deletion's id. (default: a list of all)")
        var deletionID: String?

        func validate() throws {
            guard let deletionID else { return }
            guard ProjectID(uuid: deletionID) != nil else { throw ValidationError("a deletion's id is a UUID") }
        }

        func run() async throws {
            let client = try server.client()
            guard let deletionID else {
                return output.print(
                    try await client.everyItem("/api/v1/deletions"),
                    columns: ["id", "kind", "state", "requested_by", "created_at", "deadline", "done_at"])
            }
            DeletionReceipt(json: try await client.json(.GET, "/api/v1/deletions/\(deletionID)")).print(asJSON: output.json)
        }
    }
}

/// What the deleting commands have in common.
struct DeleteOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Do not ask.")
    var yes = false

    func delete(_ member: String, _ value: String, named what: String) async throws {
        let client = try server.client()
        if !yes { try confirm(CommandText.line(what)) }
        let receipt = try await client.json(
            .POST, "/api/v1/deletions", body: .object([JSONMember(key: member, value: .string(value))]))
        DeletionReceipt(json: receipt).print(asJSON: output.json)
    }

    private func confirm(_ what: String) throws {
        guard isatty(STDIN_FILENO) == 1 else { throw CommandFailure("nobody can be asked here: give --yes to delete \(what)") }
        fputs("Delete \(what)? It cannot be brought back. Type yes: ", stderr)
        guard readLine(strippingNewline: true) == "yes" else { throw CommandFailure("nothing was deleted") }
    }
}

/// A receipt as a person reads it.
struct DeletionReceipt {
    let json: JSONValue

    func print(asJSON: Bool) {
        if asJSON { return Swift.print(String(decoding: json.bytes, as: UTF8.self)) }
        func text(_ name: String) -> String { json[name]?.stringValue ?? "-" }
        func count(_ group: String, _ name: String) -> Int64 { json[group]?[name]?.integerValue ?? 0 }
        Swift.print("deletion \(text("id")): \(text("state"))")
        Swift.print("goes: \(text("scope"))")
        if let problem = json["problem"]?.stringValue { Swift.print(CommandText.lines("problem: \(problem)")) }
        guard json["deleted"]?.objectValue != nil else { return Swift.print("it is under way: spandrel delete show \(text("id"))") }
        let traces = json["deleted"]?["traces"]?.integerValue.map { " of \($0) traces" } ?? ""
        Swift.print("deleted: \(count("deleted", "spans")) spans and \(count("deleted", "events")) events\(traces)")
        Swift.print("         \(count("deleted", "refused_spans")) refused spans, \(count("removed", "scores")) scores")
        if count("deleted", "kept_payload_bytes") > 0 {
            Swift.print("stays: \(count("deleted", "kept_payload_bytes")) bytes of values that other spans have as well")
        }
        let kept = ["test_cases", "test_case_drafts", "knowledge_entries", "run_outcomes"].filter { count("kept", $0) > 0 }
        if !kept.isEmpty {
            Swift.print(
                "stays: " + kept.map { "\(count("kept", $0)) \($0.replacing("_", with: " "))" }.joined(separator: ", ") + " made from it")
        }
        if let done = json["done_at"]?.stringValue { return Swift.print("bytes gone since \(done)") }
        Swift.print("bytes gone by \(text("deadline"))")
    }
}
