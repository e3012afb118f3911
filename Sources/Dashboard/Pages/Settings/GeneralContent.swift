/// What is kept of a project and for how long, and what its exporters may send.

import ByteCoding

enum GeneralContent {
    private static let numbers = [
        "retention_days", "retention_bytes", "byte_quota", "ingest_requests_per_second", "ingest_bytes_per_second",
    ]

    /// `files`: the store's sealed files; nil where the user may not see them.
    static func set(_ settings: JSONValue, files: [JSONValue]?, in context: inout PageContext) {
        context.set("etag", etag(settings))
        for name in numbers { context.set(name, settings.integer(name).map { String($0) }) }
        context.set("allowed_origins_text", settings.texts("allowed_origins").joined(separator: "\n"))
        context.set("redaction_json", text(settings["redaction"]))
        context.set("default_models_json", text(settings["default_models"]))
        context.set("stored_text", storedText(files))
    }

    private static func storedText(_ files: [JSONValue]?) -> String {
        guard let files else { return "The oldest spans go first." }
        let bytes = files.reduce(Int64(0)) { $0 + ($1.integer("spans_bytes") ?? 0) + ($1.integer("payloads_bytes") ?? 0) }
        return "\(Figures.bytes(bytes)) in \(Figures.counted(files.count, "file", "files")) now. The oldest spans go first."
    }

    /// The version of the settings, as the API's `ETag` has it.
    static func etag(_ settings: JSONValue) -> String { "\"\(settings.integer("version") ?? 0)\"" }

    static func text(_ value: JSONValue?) -> String {
        value.map { $0.isNull ? "{}" : String(decoding: $0.bytes, as: UTF8.self) } ?? "{}"
    }
}

extension Figures {
    static func counted(_ value: Int, _ one: String, _ many: String) -> String { counted(Int64(value), one, many) }
}
