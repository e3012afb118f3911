import TraceModel

/// The spans of one trace while it is made: a clock that moves forward, and spans that are opened and closed on it.
struct TraceBuilder {
    let traceID: TraceID
    /// Root first, then in the order they were opened.
    private(set) var spans: [SpanRecord] = []
    /// Nanoseconds since 1970.
    private(set) var now: UInt64
    var random: DemoRandom

    init(start: UInt64, random: DemoRandom) {
        self.random = random
        now = start
        traceID = TraceID(high: self.random.next(), low: self.random.nonzero())
    }

    // Bits of OTLP's `Span.flags`: W3C's sampled flag, and whether the parent is in another process.
    private static let sampled: UInt32 = 0x1
    private static let hasIsRemote: UInt32 = 0x100
    private static let isRemote: UInt32 = 0x200

    /// Moves the clock by `median` nanoseconds, give or take a third.
    mutating func pass(_ median: UInt64) { now += median * 2 / 3 + random.below(median * 2 / 3 + 1) }

    mutating func pass(exactly nanoseconds: UInt64) { now += nanoseconds }

    /// Opens a span now; its place in `spans`.
    mutating func open(
        _ name: String, _ kind: SpanKind, in service: DemoService, below parent: Int?, _ attributes: [KeyValue]
    ) -> Int {
        var span = SpanRecord(
            traceID: traceID, spanID: SpanID(rawValue: random.nonzero()), name: name, startTimeUnixNano: now, endTimeUnixNano: now)
        span.parentSpanID = parent.map { spans[$0].spanID } ?? .none
        span.kind = kind.rawValue
        span.flags = Self.sampled | Self.hasIsRemote
        if let parent, spans[parent].resource != service.resource { span.flags |= Self.isRemote }
        span.resource = service.resource
        span.scope = service.scope
        span.attributes = attributes
        spans.append(span)
        return spans.count - 1
    }

    mutating func add(_ attributes: [KeyValue], to span: Int) { spans[span].attributes += attributes }

    /// Closes a span now.
    mutating func close(_ span: Int) { spans[span].endTimeUnixNano = now }

    /// Closes a span now as failed, with the exception that ended it when there is one.
    mutating func fail(_ span: Int, type: String, message: String, exception: Bool) {
        spans[span].endTimeUnixNano = now
        spans[span].status = SpanRecord.Status(code: 2, message: message)
        spans[span].attributes.append(KeyValue("error.type", .string(type)))
        guard exception else { return }
        spans[span].events.append(
            SpanRecord.Event(
                timeUnixNano: now, name: "exception",
                attributes: [
                    KeyValue("exception.type", .string(type)), KeyValue("exception.message", .string(message)),
                    KeyValue(
                        "exception.stacktrace",
                        .string(
                            "Traceback (most recent call last):\n  File \"/app/assistant/calls.py\", line 88, in call\n"
                                + "\(type): \(message)")),
                ], droppedAttributesCount: 0))
    }

    /// The numbers of OTLP's `SpanKind`.
    enum SpanKind: Int32 {
        case `internal` = 1
        case server = 2
        case client = 3
    }
}

/// A service of the sample: what its exporter says of it with every span.
struct DemoService: Sendable {
    var resource: SpanRecord.Resource
    var scope: SpanRecord.Scope

    init(name: String, version: String, language: String, scope: String, scopeVersion: String) {
        resource = SpanRecord.Resource(
            encoded: TraceRequestEncoder.resource([
                KeyValue("service.name", .string(name)), KeyValue("service.version", .string(version)),
                KeyValue("deployment.environment.name", .string("demo")), KeyValue("telemetry.sdk.name", .string("opentelemetry")),
                KeyValue("telemetry.sdk.language", .string(language)),
            ]))
        self.scope = SpanRecord.Scope(encoded: TraceRequestEncoder.scope(name: scope, version: scopeVersion))
    }

    static let web = DemoService(
        name: "storefront-web", version: "3.12.0", language: "nodejs", scope: "@opentelemetry/instrumentation-http",
        scopeVersion: "0.205.0")
    static let agent = DemoService(
        name: "support-agent", version: "1.8.2", language: "python", scope: "support_agent.telemetry", scopeVersion: "1.8.2")
    static let orders = DemoService(
        name: "order-service", version: "2.4.1", language: "java", scope: "io.opentelemetry.jdbc", scopeVersion: "2.20.0")
}
