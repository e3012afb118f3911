import ByteCoding
import ContentReading
import EvaluationModel
import TraceModel

/// What a column of a CSV file holds, and how a case becomes fields and fields a case.
enum CSVColumn: Equatable {
    case key, input, messages, expected, expectedJSON, tags, split, scorers, traceID, spanID, entryJSON
    case variable(String, isJSON: Bool)
    case metadata(String, isJSON: Bool)

    private static let fixed: [(CSVColumn, String)] = [
        (.key, "key"), (.input, "input"), (.messages, "messages"), (.expected, "expected"), (.expectedJSON, "expected_json"),
        (.tags, "tags"), (.split, "split"), (.scorers, "scorers"), (.traceID, "source.trace_id"), (.spanID, "source.span_id"),
        (.entryJSON, "source.entry_json"),
    ]

    init?(name: String) {
        if let (column, _) = Self.fixed.first(where: { $0.1 == name }) {
            self = column
            return
        }
        for (prefix, isJSON) in [("vars.", false), ("vars_json.", true)] where name.hasPrefix(prefix) {
            self = .variable(String(name.dropFirst(prefix.count)), isJSON: isJSON)
            return
        }
        for (prefix, isJSON) in [("metadata.", false), ("metadata_json.", true)] where name.hasPrefix(prefix) {
            self = .metadata(String(name.dropFirst(prefix.count)), isJSON: isJSON)
            return
        }
        return nil
    }

    var name: String {
        switch self {
        case .variable(let name, let isJSON): (isJSON ? "vars_json." : "vars.") + name
        case .metadata(let name, let isJSON): (isJSON ? "metadata_json." : "metadata.") + name
        default: Self.fixed.first { $0.0 == self }?.1 ?? ""
        }
    }

    /// What tells columns apart: é is another name than e with an accent behind it, which Swift's equality of texts takes for the same.
    var nameBytes: [UInt8] { Array(name.utf8) }

    var isInput: Bool {
        switch self {
        case .input, .messages, .variable: true
        default: false
        }
    }

    // MARK: From fields

    /// The case as JSON.
    static func json(_ columns: [CSVColumn?], _ fields: [String]) throws(InvalidContent) -> JSONValue {
        var members: [JSONMember] = []
        var variables: [JSONMember] = []
        var metadata: [JSONMember] = []
        var source: [JSONMember] = []
        var messages: JSONValue?
        for (column, text) in zip(columns, fields) where !text.isEmpty {
            switch column {
            case nil: break
            case .key: members.append(JSONMember(key: "key", value: .string(text)))
            case .input: variables.append(JSONMember(key: "input", value: .string(text)))
            case .messages: messages = try parse(text, "messages")
            case .expected: members.append(JSONMember(key: "expected", value: .string(text)))
            case .expectedJSON: members.append(JSONMember(key: "expected", value: try parse(text, "expected_json")))
            case .tags: members.append(JSONMember(key: "tags", value: try tags(text)))
            case .split: members.append(JSONMember(key: "split", value: .string(text)))
            case .scorers: members.append(JSONMember(key: "scorers", value: try parse(text, "scorers")))
            case .traceID: source.append(JSONMember(key: "trace_id", value: .string(text)))
            case .spanID: source.append(JSONMember(key: "span_id", value: .string(text)))
            case .entryJSON: source.append(JSONMember(key: "entry", value: try parse(text, "source.entry_json")))
            case .variable(let name, let isJSON):
                variables.append(JSONMember(key: name, value: isJSON ? try parse(text, "vars_json.\(name)") : .string(text)))
            case .metadata(let name, let isJSON):
                metadata.append(JSONMember(key: name, value: isJSON ? try parse(text, "metadata_json.\(name)") : .string(text)))
            }
        }
        var input: [JSONMember] = []
        if let messages { input.append(JSONMember(key: "messages", value: messages)) }
        // Neither means variables without any, as a case whose prompt asks for none has.
        if messages == nil || !variables.isEmpty { input.append(JSONMember(key: "variables", value: .object(variables))) }
        members.append(JSONMember(key: "input", value: .object(input)))
        if !metadata.isEmpty { members.append(JSONMember(key: "metadata", value: .object(metadata))) }
        if !source.isEmpty { members.append(JSONMember(key: "source", value: .object(source))) }
        return .object(members)
    }

    private static func parse(_ text: String, _ column: String) throws(InvalidContent) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(text)
        } catch {
            throw InvalidContent(path: column, "this is not JSON: \(error)")
        }
    }

    private static func tags(_ text: String) throws(InvalidContent) -> JSONValue {
        if text.hasPrefix("[") { return try parse(text, "tags") }
        return .array(text.split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }.map(JSONValue.string))
    }

    // MARK: To fields

    /// The fields of a case that are not empty.
    static func fields(of content: TestCaseContent) -> [(CSVColumn, String)] {
        var fields: [(CSVColumn, String)] = [(.key, content.key)]
        func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
        /// A text stands as it is; the empty one, which would be absent, as JSON.
        func column(_ value: JSONValue, _ make: (Bool) -> CSVColumn) -> (CSVColumn, String) {
            if case .string(let text) = value, !text.isEmpty { (make(false), text) } else { (make(true), text(value)) }
        }
        switch content.input {
        case .messages(let messages): fields.append((.messages, text(.array(messages.map(\.json)))))
        case .variables(let members):
            for member in members {
                if member.key == "input", case .string(let text) = member.value, !text.isEmpty {
                    fields.append((.input, text))
                } else {
                    fields.append(column(member.value) { .variable(member.key, isJSON: $0) })
                }
            }
            // A column of input there must be, even if no case has any.
            if members.isEmpty { fields.append((.input, "")) }
        }
        if let expected = content.expected { fields.append(column(expected) { $0 ? .expectedJSON : .expected }) }
        if !content.tags.isEmpty {
            let isPlain = content.tags.allSatisfy { !$0.isEmpty && $0.trimmed == $0 && !$0.contains(";") && !$0.hasPrefix("[") }
            fields.append((.tags, isPlain ? content.tags.joined(separator: ";") : text(.array(content.tags.map(JSONValue.string)))))
        }
        if let split = content.split { fields.append((.split, split)) }
        if !content.scorers.isEmpty { fields.append((.scorers, text(.array(content.scorers.map(\.json))))) }
        for member in content.metadata { fields.append(column(member.value) { .metadata(member.key, isJSON: $0) }) }
        switch content.source {
        case nil: break
        case .span(let traceID, let spanID)?:
            fields.append((.traceID, traceID.hex))
            if let spanID { fields.append((.spanID, spanID.hex)) }
        case .entry?: if let entry = content.source?.json["entry"] { fields.append((.entryJSON, text(entry))) }
        }
        return fields
    }
}
