/// Values of Langfuse's bodies as attributes of spans have them: what its OpenTelemetry SDKs send of the same.

import ByteCoding
import TraceModel

enum LangfuseText {
    /// A text as it is, anything else as JSON.
    static func of(_ value: JSONValue) -> String { value.stringValue ?? String(decoding: value.bytes, as: UTF8.self) }

    /// `PREFIX.KEY` for each member of an object, `PREFIX` for anything else.
    static func metadata(_ value: JSONValue, prefix: String) -> [KeyValue] {
        guard let members = value.objectValue, members.count <= APILimits.maximumLangfuseMetadataCount,
            members.allSatisfy({ (1...APILimits.maximumLangfuseKeyByteCount).contains($0.key.utf8.count) })
        else { return [KeyValue(prefix, .string(of(value)))] }
        return members.map { KeyValue("\(prefix).\($0.key)", .string(of($0.value))) }
    }

    /// `usage` of older SDKs as `usage_details`: tokens in and out. nil where it counts something else, or nothing.
    static func usageDetails(_ usage: JSONValue) -> JSONValue? {
        if let unit = usage["unit"], !unit.isNull, unit.stringValue != "TOKENS" { return nil }
        return details(
            [("input", ["input", "promptTokens"]), ("output", ["output", "completionTokens"]), ("total", ["total", "totalTokens"])], usage)
    }

    static func costDetails(_ usage: JSONValue) -> JSONValue? {
        details([("input", ["inputCost"]), ("output", ["outputCost"]), ("total", ["totalCost"])], usage)
    }

    private static func details(_ names: [(name: String, sources: [String])], _ usage: JSONValue) -> JSONValue? {
        let members = names.compactMap { name, sources in
            sources.lazy.compactMap { usage[$0] }.first { $0.doubleValue != nil }.map { JSONMember(key: name, value: $0) }
        }
        return members.isEmpty ? nil : .object(members)
    }
}
