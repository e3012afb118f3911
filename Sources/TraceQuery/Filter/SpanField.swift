import ByteCoding
import SpanStore

/// The fields users name in filters, selections, groupings and orders. `docs/query.md` lists them with their types.
package enum SpanField: Hashable, Sendable {
    case traceID, spanID, parentSpanID
    case startTime, endTime
    case duration, durationMilliseconds
    case name, spanKind, status, statusMessage, traceState, flags
    case scopeName, scopeVersion
    /// `resource.service.name` as a text.
    case service
    case kind, provider
    /// The response's model, else the request's.
    case model
    case requestModel, responseModel
    case input, output
    case inputTokens, outputTokens
    /// Input and output together; null where both are.
    case totalTokens
    case cacheReadTokens, cacheWriteTokens, reasoningTokens
    /// Input without what a cache was read or written for, and output without reasoning: at least 0.
    case inputUncachedTokens, outputVisibleTokens
    case cost, reportedCost
    case sessionID, userID, promptName, promptVersion, toolName, errorType
    case tags
    case attribute(String)
    case resource(String)

    static let fixedNames: [(name: String, field: SpanField)] = [
        ("trace_id", .traceID), ("span_id", .spanID), ("parent_span_id", .parentSpanID), ("start_time", .startTime),
        ("end_time", .endTime), ("duration", .duration), ("duration_ms", .durationMilliseconds), ("name", .name),
        ("span_kind", .spanKind), ("status", .status), ("status_message", .statusMessage), ("trace_state", .traceState),
        ("flags", .flags), ("scope.name", .scopeName), ("scope.version", .scopeVersion), ("service", .service), ("kind", .kind),
        ("provider", .provider), ("model", .model), ("request_model", .requestModel), ("response_model", .responseModel),
        ("input", .input), ("output", .output), ("input_tokens", .inputTokens), ("output_tokens", .outputTokens),
        ("total_tokens", .totalTokens), ("cache_read_tokens", .cacheReadTokens), ("cache_write_tokens", .cacheWriteTokens),
        ("reasoning_tokens", .reasoningTokens), ("input_uncached_tokens", .inputUncachedTokens),
        ("output_visible_tokens", .outputVisibleTokens), ("cost", .cost), ("reported_cost", .reportedCost), ("session_id", .sessionID),
        ("user_id", .userID), ("prompt_name", .promptName), ("prompt_version", .promptVersion), ("tool_name", .toolName),
        ("error_type", .errorType), ("tags", .tags),
    ]
    private static let fieldsByName = Dictionary(uniqueKeysWithValues: fixedNames.map { ($0.name, $0.field) })
    private static let namesByField = Dictionary(uniqueKeysWithValues: fixedNames.map { ($0.field, $0.name) })

    package init?(name: String) {
        if let field = Self.fieldsByName[name] {
            self = field
        } else if let key = name.text(behind: "attributes."), !key.isEmpty {
            self = .attribute(key)
        } else if let key = name.text(behind: "resource."), !key.isEmpty {
            self = .resource(key)
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .attribute(let key): "attributes." + key
        case .resource(let key): "resource." + key
        default: Self.namesByField[self] ?? ""
        }
    }

    var type: FieldType {
        switch self {
        case .traceID: .traceID
        case .spanID, .parentSpanID: .spanID
        case .startTime, .endTime: .time
        case .duration, .flags, .inputTokens, .outputTokens, .totalTokens, .cacheReadTokens, .cacheWriteTokens, .reasoningTokens,
            .inputUncachedTokens, .outputVisibleTokens:
            .integer
        case .durationMilliseconds, .cost, .reportedCost: .decimal
        case .spanKind: .spanKind
        case .status: .status
        case .tags: .texts
        case .input, .output: .payload
        case .attribute, .resource: .any
        default: .text
        }
    }

    /// The stored column that holds the field as it is; nil for derived fields.
    var column: ScanColumn? {
        switch self {
        case .traceID: .traceID
        case .spanID: .spanID
        case .parentSpanID: .parentSpanID
        case .startTime: .startTime
        case .duration: .duration
        case .name: .name
        case .spanKind: .spanKind
        case .status: .statusCode
        case .statusMessage: .statusMessage
        case .traceState: .traceState
        case .flags: .flags
        case .scopeName: .scopeName
        case .scopeVersion: .scopeVersion
        case .service: .resourceAttribute("service.name")
        case .kind: .kind
        case .provider: .provider
        case .requestModel: .requestModel
        case .responseModel: .responseModel
        case .input: .input
        case .output: .output
        case .inputTokens: .inputTokens
        case .outputTokens: .outputTokens
        case .cacheReadTokens: .cacheReadTokens
        case .cacheWriteTokens: .cacheWriteTokens
        case .reasoningTokens: .reasoningTokens
        case .cost: .cost
        case .reportedCost: .reportedCost
        case .sessionID: .sessionID
        case .userID: .userID
        case .promptName: .promptName
        case .promptVersion: .promptVersion
        case .toolName: .toolName
        case .errorType: .errorType
        case .tags: .tags
        case .attribute(let key): .attribute(key)
        case .resource(let key): .resourceAttribute(key)
        case .endTime, .durationMilliseconds, .model, .totalTokens, .inputUncachedTokens, .outputVisibleTokens: nil
        }
    }
}

/// What values a field has; decides which operators and literals fit.
enum FieldType: Sendable {
    case traceID, spanID
    /// Nanoseconds since 1970.
    case time
    case integer, decimal
    case text
    /// OTLP's number, written as its name.
    case spanKind, status
    /// Any attribute value.
    case any
    /// A list of texts.
    case texts
    /// A text that may be long and lie apart.
    case payload

    /// The type as answers and documentation call it.
    var name: String {
        switch self {
        case .traceID, .spanID, .text, .spanKind, .status: "string"
        case .time: "time"
        case .integer: "integer"
        case .decimal: "number"
        case .any, .payload: "any"
        case .texts: "list"
        }
    }

    var isNumeric: Bool { self == .integer || self == .decimal || self == .any }
}

/// OTLP's numbers and the names they are written with.
enum EnumerationNames {
    static let spanKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"]
    static let statuses = ["unset", "ok", "error"]
    static let statusError: Int64 = 2

    /// Numbers OTLP does not know are written as digits.
    static func name(_ number: Int64, of names: [String]) -> String {
        number >= 0 && number < Int64(names.count) ? names[Int(number)] : String(number)
    }

    static func number(_ name: String, of names: [String]) -> Int64? { names.firstIndex(of: name).map(Int64.init) ?? Int64(name) }
}
