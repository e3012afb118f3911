import ByteCoding
import SpanStore
import TraceModel

/// What traces are added up by: the session they belong to, or the user of the application who caused them.
package enum TraceSubject: String, Sendable {
    case session
    case endUser = "end_user"

    var field: SpanField { self == .session ? .sessionID : .userID }
    var column: ScanColumn { self == .session ? .sessionID : .userID }
    /// The other one, whose first names a row lists.
    var counterpart: SpanField { self == .session ? .userID : .sessionID }
    /// A conversation is read from its beginning; of a user the latest is of interest.
    var isNewestFirst: Bool { self == .endUser }
}

/// A session, or an end user, as a row of a list: the traces that share the id, added up.
package struct SessionSummary: Equatable, Sendable {
    package var id: String
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
    /// The first users of a session, or sessions of a user.
    package var counterparts: [String]
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

/// The names of a row's fields.
package protocol SessionField: RawRepresentable<String>, CaseIterable, Sendable {
    func value(of session: SessionSummary) -> QueryValue
}

package enum SessionListField: String, SessionField {
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
        case .sessionID: .string(session.id)
        case .firstTime: .time(session.firstTimeUnixNano)
        case .lastTime: .time(session.lastTimeUnixNano)
        case .traceCount: .int(Int64(session.traceCount))
        case .spanCount: .int(Int64(session.spanCount))
        case .errorCount: .int(Int64(session.errorCount))
        case .inputTokens: QueryValue(session.inputTokens)
        case .outputTokens: QueryValue(session.outputTokens)
        case .totalTokens: QueryValue(session.totalTokens)
        case .cost: QueryValue(session.cost)
        case .users: .list(session.counterparts.map(QueryValue.string))
        case .models: .list(session.models.map(QueryValue.string))
        }
    }
}

package enum EndUserListField: String, SessionField {
    case userID = "user_id"
    case firstTime = "first_time"
    case lastTime = "last_time"
    case traceCount = "trace_count"
    case spanCount = "span_count"
    case errorCount = "error_count"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case cost, sessions, models

    package func value(of user: SessionSummary) -> QueryValue {
        switch self {
        case .userID: .string(user.id)
        case .sessions: .list(user.counterparts.map(QueryValue.string))
        default: SessionListField(rawValue: rawValue)?.value(of: user) ?? .null
        }
    }
}

package typealias EndUserListRequest = ListRequest<SessionSortField, EndUserListField>
package typealias SessionListRequest = ListRequest<SessionSortField, SessionListField>

extension SessionSummary {
    package func write(to writer: inout JSONWriter, fields: [some SessionField]) {
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
    package func encode(fields: [some SessionField]) -> [UInt8] {
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

/// One session, or end user, with its traces.
package struct SessionDetail: Equatable, Sendable {
    package var session: SessionSummary
    package var traces: [TraceSummary]
    /// Continues the traces.
    package var nextCursor: String?

    /// The session's members, and `traces`, and `next_cursor`.
    package func encode<Field: SessionField>(_ fields: [Field]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for field in fields {
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
