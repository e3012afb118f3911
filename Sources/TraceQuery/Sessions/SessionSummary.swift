import ByteCoding
import TraceModel

/// A session as a row of a list: the traces that share a session id, added up.
package struct SessionSummary: Equatable, Sendable {
    package var sessionID: String
    /// Earliest start.
    package var firstTimeUnixNano: Int64
    /// Latest end.
    package var lastTimeUnixNano: Int64
    package var traceCount: Int
    package var spanCount: Int
    package var errorCount: Int
    package var inputTokens: Int64?
    package var outputTokens: Int64?
    package var totalTokens: Int64?
    package var cost: Double?
    package var users: [String]
    package var models: [String]
}

package enum SessionSortField: String, CaseIterable, Sendable {
    case lastTime = "last_time"
    case firstTime = "first_time"
    case traceCount = "trace_count"
    case spanCount = "span_count"
    case errorCount = "error_count"
    case totalTokens = "total_tokens"
    case cost
}

package enum SessionListField: String, CaseIterable, Sendable {
    case sessionID = "session_id"
    case firstTime = "first_time"
    case lastTime = "last_time"
    case traceCount = "trace_count"
    case spanCount = "span_count"
    case errorCount = "error_count"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case cost, users, models

    package func value(of session: SessionSummary) -> QueryValue {
        switch self {
        case .sessionID: .string(session.sessionID)
        case .firstTime: .time(session.firstTimeUnixNano)
        case .lastTime: .time(session.lastTimeUnixNano)
        case .traceCount: .int(Int64(session.traceCount))
        case .spanCount: .int(Int64(session.spanCount))
        case .errorCount: .int(Int64(session.errorCount))
        case .inputTokens: QueryValue(session.inputTokens)
        case .outputTokens: QueryValue(session.outputTokens)
        case .totalTokens: QueryValue(session.totalTokens)
        case .cost: QueryValue(session.cost)
        case .users: .list(session.users.map(QueryValue.string))
        case .models: .list(session.models.map(QueryValue.string))
        }
    }
}

package typealias SessionListRequest = ListRequest<SessionSortField, SessionListField>

extension SessionSummary {
    package func write(to writer: inout JSONWriter, fields: [SessionListField] = SessionListField.allCases) {
        writer.beginObject()
        for field in fields {
            writer.key(field.rawValue)
            field.value(of: self).write(to: &writer)
        }
        writer.endObject()
    }
}

/// A page of the list of sessions.
package struct SessionListPage: Equatable, Sendable {
    package var sessions: [SessionSummary]
    package var nextCursor: String?
    package var explanation: Explanation?

    /// `{"data":[...],"next_cursor":...}`
    package func encode(fields: [SessionListField] = SessionListField.allCases) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for session in sessions { session.write(to: &writer, fields: fields) }
        writer.endArray()
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        if let explanation {
            writer.key("explain")
            explanation.write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// One session with its traces, in the order they began.
package struct SessionDetail: Equatable, Sendable {
    package var session: SessionSummary
    package var traces: [TraceSummary]
    /// Continues the traces.
    package var nextCursor: String?

    /// The session's members, and `traces`, and `next_cursor`.
    package func encode() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for field in SessionListField.allCases {
            writer.key(field.rawValue)
            field.value(of: session).write(to: &writer)
        }
        writer.key("traces")
        writer.beginArray()
        for trace in traces { trace.write(to: &writer) }
        writer.endArray()
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        writer.endObject()
        return writer.bytes
    }
}
