/// What `spandrel mappings reapply` and `spandrel prices reapply` have in common: the order, the wait, and what came of it.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct ReapplyOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions

    @Flag(help: "Print the server's JSON instead of a table.")
    var json = false

    @Option(help: "The project, by its id. (default: the key's, or the session's)")
    var project: String?

    @Flag(name: .customLong("dry-run"), help: "Only count what would change.")
    var isDryRun = false

    @Option(name: .customLong("received-from"), help: "Only what came in from this UTC day on: 2026-01-31. (default: everything)")
    var receivedFrom: String?

    @Option(name: .customLong("received-to"), help: "Only what came in up to this UTC day, the day included.")
    var receivedTo: String?

    @Flag(name: .customLong("no-wait"), help: "Print the task and do not wait for its end.")
    var isLeftAlone = false

    /// - Parameter subject: `mappings` or `prices`.
    func run(_ subject: String) async throws {
        var client = try server.client()
        client.project = project ?? client.project
        var members = [JSONMember(key: "dry_run", value: .bool(isDryRun))]
        if let receivedFrom { members.append(JSONMember(key: "received_from", value: .string(receivedFrom))) }
        if let receivedTo { members.append(JSONMember(key: "received_to", value: .string(receivedTo))) }
        var task = try await client.json(.POST, "/api/v1/\(subject)/reapply", body: .object(members))
        guard let id = task["id"]?.stringValue else { throw CommandFailure("the server's answer names no task: are both of one version?") }
        if isLeftAlone { return Swift.print(String(decoding: task.bytes, as: UTF8.self)) }
        var told = ""
        while let state = task["state"]?.stringValue, state == "queued" || state == "running" {
            let text = Self.progress(task)
            if text != told { CommandText.tell(text) }
            told = text
            try await Task.sleep(for: .milliseconds(500))
            task = try await client.json(.GET, "/api/v1/tasks/\(id)")
        }
        guard task["state"]?.stringValue == "succeeded", let result = task["result"] else {
            let reason = task["error"]?["message"]?.stringValue
            throw CommandFailure(reason ?? "the task \(id) was cancelled; what it has rewritten stays, and a new one goes on")
        }
        if json { return Swift.print(String(decoding: result.bytes, as: UTF8.self)) }
        show(result)
    }

    private static func progress(_ task: JSONValue) -> String {
        guard let done = task["progress"]?["done"]?.integerValue, let total = task["progress"]?["total"]?.integerValue, total > 0 else {
            return "waiting"
        }
        return "\(done) of \(total) rows (\(done * 100 / total) %)"
    }

    private func show(_ result: JSONValue) {
        func number(_ name: String) -> Int64 { result[name]?.integerValue ?? 0 }
        let changed = number("changed_spans"), spans = number("spans"), verb = isDryRun ? "would change" : "changed"
        Swift.print(
            "\(changed) of \(spans) spans \(verb), mapping version \(number("mapping_version")), price version \(number("price_version"))")
        if isDryRun, let sample = result["sample"]?.arrayValue, !sample.isEmpty {
            let rows = sample.flatMap { span in
                (span["fields"]?.arrayValue ?? []).map { field -> [JSONValue] in
                    [
                        span["trace_id"] ?? .null, span["span_id"] ?? .null, field["field"] ?? .null, field["before"] ?? .null,
                        field["after"] ?? .null,
                    ]
                }
            }
            Swift.print(TextTable(columns: ["trace_id", "span_id", "field", "before", "after"], rows: rows).text)
        }
        if case .object(let fields)? = result["fields"], !fields.isEmpty {
            Swift.print(TextTable(columns: ["field", "spans"], rows: fields.map { [.string($0.key), $0.value] }).text)
        }
        let models = result["models"]?.arrayValue ?? []
        let columns = ["model", "changed_spans", "cost_before", "cost_after"]
        if !models.isEmpty {
            Swift.print(TextTable(columns: columns, rows: models.map { model in columns.map { model[$0] ?? .null } }).text)
        }
        let sums = ["cost", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens"]
        let rows = sums.map { [.string($0), result["before"]?[$0] ?? .null, result["after"]?[$0] ?? .null] }
        Swift.print(TextTable(columns: ["sum", "before", "after"], rows: rows).text)
        for segment in result["skipped_segments"]?.arrayValue ?? [] {
            CommandText.tell("segment \(segment["segment"]?.integerValue ?? 0) was left as it is: \(segment["reason"]?.stringValue ?? "")")
        }
    }
}
