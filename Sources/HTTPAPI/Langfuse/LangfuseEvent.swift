/// One event of a batch of `POST /api/public/ingestion`, read: a change of a span, a score, or one of a type that is not stored.

import ByteCoding
import Ingest
import Metastore
import TraceModel
import TraceQuery

/// Why an event is not taken; it may stand beside others that are.
struct LangfuseFault: Error, Equatable {
    var status = 400
    let message: String
}

struct LangfuseEvent {
    enum Content {
        case change(SpanChange)
        case score(LangfuseScore)
        /// Of this type nothing is kept.
        case ignored(type: String)
    }

    /// Of the event, not of what it is about; empty where it has none that can be shown.
    let id: String
    let content: Content
}

/// Reads the events of one batch, in their order.
struct LangfuseEventReader {
    /// Of every span of the batch.
    let resource: SpanRecord.Resource
    let scope: SpanRecord.Scope
    /// Nanoseconds since 1970, where an event has no time.
    let now: UInt64
    /// Which trace an observation of this batch said it is of: updates may leave it out.
    private var traces: [String: TraceID] = [:]

    init(resource: SpanRecord.Resource, scope: SpanRecord.Scope, now: UInt64) {
        self.resource = resource
        self.scope = scope
        self.now = now
    }

    /// The types of observations by the names that their events begin with.
    private static let observationTypes: Set<String> = [
        "span", "generation", "event", "agent", "tool", "chain", "retriever", "evaluator", "embedding", "guardrail",
    ]

    /// `id`: of the event, as it is answered.
    mutating func read(_ event: JSONValue, id: String) throws(LangfuseFault) -> LangfuseEvent.Content {
        guard event.objectValue != nil else { throw LangfuseFault(message: "an event must be a JSON object") }
        guard let type = event["type"]?.stringValue else { throw LangfuseFault(message: "type is missing") }
        let time = try Self.time(event, "timestamp") ?? now
        func body() throws(LangfuseFault) -> JSONValue {
            guard let body = event["body"], body.objectValue != nil else { throw LangfuseFault(message: "body must be a JSON object") }
            return body
        }
        switch type {
        case "trace-create": return .change(try trace(try body(), id, time))
        case "score-create": return .score(try LangfuseScore(try body(), fallbackID: id))
        case "observation-create", "observation-update":
            let body = try body(), kind = body["type"]?.stringValue?.lowercased() ?? "span"
            guard Self.observationTypes.contains(kind) else { throw LangfuseFault(message: "body.type is no type of an observation") }
            return .change(try observation(kind, isUpdate: type.hasSuffix("update"), body, id, time))
        default:
            for (suffix, isUpdate) in [("-create", false), ("-update", true)] where type.hasSuffix(suffix) {
                let kind = String(type.dropLast(suffix.count))
                if Self.observationTypes.contains(kind) { return .change(try observation(kind, isUpdate: isUpdate, try body(), id, time)) }
            }
            return .ignored(type: type)
        }
    }

    // MARK: Traces

    private func trace(_ body: JSONValue, _ eventID: String, _ time: UInt64) throws(LangfuseFault) -> SpanChange {
        let text = try Self.id(body, "id") ?? eventID
        guard !text.isEmpty else { throw LangfuseFault(message: "body.id is missing") }
        let trace = LangfuseIDs.trace(text)
        var said = SpanRecord(
            traceID: trace, spanID: LangfuseIDs.root(of: trace), name: try Self.text(body, "name") ?? "",
            startTimeUnixNano: try Self.time(body, "timestamp") ?? 0, endTimeUnixNano: 0)
        var attributes = AttributeList(body)
        try attributes.text("langfuse.trace.name", "name")
        if trace.hex != text { try attributes.text("langfuse.trace.id", "id") }
        try attributes.text("langfuse.trace.external_id", "externalId")
        try attributes.text("user.id", "userId")
        try attributes.text("session.id", "sessionId")
        try attributes.text("langfuse.release", "release")
        attributes.json("langfuse.trace.input", "input")
        attributes.json("langfuse.trace.output", "output")
        attributes.json("langfuse.trace.public", "public")
        try attributes.common(metadata: "langfuse.trace.metadata")
        if let tags = body["tags"], !tags.isNull {
            guard let texts = tags.arrayValue?.map(\.stringValue), texts.allSatisfy({ $0 != nil }) else {
                throw LangfuseFault(message: "body.tags must be a list of texts")
            }
            attributes.all.append(KeyValue("langfuse.trace.tags", .array(texts.compactMap { $0 }.map { .string($0) })))
        }
        said.attributes = attributes.all
        return change(said, time, "trace")
    }

    // MARK: Observations

    private mutating func observation(
        _ kind: String, isUpdate: Bool, _ body: JSONValue, _ eventID: String, _ time: UInt64
    ) throws(LangfuseFault) -> SpanChange {
        let named = try Self.id(body, "id")
        guard let text = named ?? (isUpdate ? nil : eventID), !text.isEmpty else { throw LangfuseFault(message: "body.id is missing") }
        let trace: TraceID
        if let named = try Self.id(body, "traceId") {
            trace = LangfuseIDs.trace(named)
        } else if let known = traces[text] {
            trace = known
        } else if isUpdate {
            throw LangfuseFault(message: "body.traceId is missing: an update names the trace of what it updates")
        } else {
            // One without a trace is a trace of its own.
            trace = LangfuseIDs.trace(text)
        }
        traces[text] = trace
        let start = try Self.time(body, "startTime") ?? 0, end = try Self.time(body, "endTime") ?? 0
        var said = SpanRecord(
            traceID: trace, spanID: LangfuseIDs.span(text, in: trace), name: try Self.text(body, "name") ?? "", startTimeUnixNano: start,
            endTimeUnixNano: end)
        if let parent = try Self.id(body, "parentObservationId") {
            said.parentSpanID = LangfuseIDs.span(parent, in: trace)
        } else if !isUpdate {
            said.parentSpanID = LangfuseIDs.root(of: trace)
        }
        var attributes = AttributeList(body)
        attributes.all.append(KeyValue("langfuse.observation.type", .string(kind)))
        if said.spanID.hex != text { attributes.all.append(KeyValue("langfuse.observation.id", .string(text))) }
        attributes.json("langfuse.observation.input", "input")
        attributes.json("langfuse.observation.output", "output")
        try attributes.common(metadata: "langfuse.observation.metadata")
        try attributes.text("langfuse.observation.model.name", "model")
        attributes.json("langfuse.observation.model.parameters", "modelParameters")
        try attributes.text("langfuse.observation.completion_start_time", "completionStartTime")
        try attributes.text("langfuse.observation.prompt.name", "promptName")
        if let version = body["promptVersion"]?.integerValue {
            attributes.all.append(KeyValue("langfuse.observation.prompt.version", .int(version)))
        }
        attributes.usage()
        try attributes.text("langfuse.observation.status_message", "statusMessage")
        if let level = try Self.text(body, "level") {
            attributes.all.append(KeyValue("langfuse.observation.level", .string(level)))
            let isError = level == "ERROR"
            said.status = SpanRecord.Status(code: isError ? 2 : 0, message: isError ? try Self.text(body, "statusMessage") ?? "" : "")
        }
        said.attributes = attributes.all
        return change(said, time, kind)
    }

    private func change(_ said: SpanRecord, _ time: UInt64, _ name: String) -> SpanChange {
        var said = said
        // Internal: nothing in Langfuse's model says that it calls or serves.
        said.kind = 1
        said.resource = resource
        said.scope = scope
        return SpanChange(said: said, timeUnixNano: time, fallbackName: name)
    }

    // MARK: Members

    static func id(_ body: JSONValue, _ name: String) throws(LangfuseFault) -> String? {
        guard let text = try text(body, name), !text.isEmpty else { return nil }
        guard text.utf8.count <= APILimits.maximumLangfuseIDByteCount else {
            throw LangfuseFault(message: "body.\(name) must have at most \(APILimits.maximumLangfuseIDByteCount) bytes")
        }
        return text
    }

    static func text(_ body: JSONValue, _ name: String) throws(LangfuseFault) -> String? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw LangfuseFault(message: "\(name) must be a text") }
        return text
    }

    /// Nanoseconds since 1970; nil where it is missing.
    static func time(_ body: JSONValue, _ name: String) throws(LangfuseFault) -> UInt64? {
        guard let text = try text(body, name) else { return nil }
        guard let time = TimeText.unixNano(text), time > 0 else {
            throw LangfuseFault(message: "\(name) must be a time after 1970 like 2026-11-22T10:00:00.000Z")
        }
        return UInt64(time)
    }
}

/// Attributes made of the members of a body.
private struct AttributeList {
    let body: JSONValue
    var all: [KeyValue] = []

    init(_ body: JSONValue) { self.body = body }

    mutating func text(_ key: String, _ name: String) throws(LangfuseFault) {
        if let text = try LangfuseEventReader.text(body, name) { all.append(KeyValue(key, .string(text))) }
    }

    /// Any value: a text as it is, others as JSON.
    mutating func json(_ key: String, _ name: String) {
        if let value = body[name], !value.isNull { all.append(KeyValue(key, .string(LangfuseText.of(value)))) }
    }

    /// What traces and observations both have.
    mutating func common(metadata prefix: String) throws(LangfuseFault) {
        try text("langfuse.version", "version")
        try text("langfuse.environment", "environment")
        if let metadata = body["metadata"], !metadata.isNull { all += LangfuseText.metadata(metadata, prefix: prefix) }
    }

    mutating func usage() {
        let usage = body["usage"] ?? .null
        for (key, name, other) in [
            ("langfuse.observation.usage_details", "usageDetails", LangfuseText.usageDetails(usage)),
            ("langfuse.observation.cost_details", "costDetails", LangfuseText.costDetails(usage)),
        ] {
            let own = body[name].flatMap { $0.objectValue?.isEmpty == false ? $0 : nil }
            if let details = own ?? other { all.append(KeyValue(key, .string(LangfuseText.of(details)))) }
        }
        // Characters, seconds, images: no tokens.
        if !usage.isNull, LangfuseText.usageDetails(usage) == nil { json("langfuse.observation.usage", "usage") }
    }
}
