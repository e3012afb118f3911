/// One span as an owned value: what a read path hands to an encoder. (`Span` alone is Swift's own buffer view.)
package struct SpanRecord: Equatable, Sendable {
    package var traceID: TraceID
    package var spanID: SpanID
    package var parentSpanID: SpanID
    package var traceState: String
    package var flags: UInt32
    package var name: String
    /// OTLP's `SpanKind` number.
    package var kind: Int32
    package var startTimeUnixNano: UInt64
    package var endTimeUnixNano: UInt64
    /// Payload values are already in their place.
    package var attributes: [KeyValue]
    package var droppedAttributesCount: UInt32
    package var events: [Event]
    package var droppedEventsCount: UInt32
    package var links: [Link]
    package var droppedLinksCount: UInt32
    /// Nil when the sender sent no status message.
    package var status: Status?
    /// Shared between the spans of one sender.
    package var resource: Resource
    package var scope: Scope
    package var llm: LLM

    package init(traceID: TraceID, spanID: SpanID, name: String, startTimeUnixNano: UInt64, endTimeUnixNano: UInt64) {
        self.traceID = traceID
        self.spanID = spanID
        self.name = name
        self.startTimeUnixNano = startTimeUnixNano
        self.endTimeUnixNano = endTimeUnixNano
        parentSpanID = .none
        traceState = ""
        flags = 0
        kind = 0
        attributes = []
        droppedAttributesCount = 0
        events = []
        droppedEventsCount = 0
        links = []
        droppedLinksCount = 0
        status = nil
        resource = Resource()
        scope = Scope()
        llm = LLM()
    }

    /// Signed: a clock may have gone backwards.
    package var durationNano: Int64 { Int64(bitPattern: endTimeUnixNano &- startTimeUnixNano) }

    package struct Status: Equatable, Sendable {
        package var code: Int32
        package var message: String
        package init(code: Int32, message: String) {
            self.code = code
            self.message = message
        }
    }

    package struct Event: Equatable, Sendable {
        package var timeUnixNano: UInt64
        package var name: String
        package var attributes: [KeyValue]
        package var droppedAttributesCount: UInt32
        package init(timeUnixNano: UInt64, name: String, attributes: [KeyValue], droppedAttributesCount: UInt32) {
            self.timeUnixNano = timeUnixNano
            self.name = name
            self.attributes = attributes
            self.droppedAttributesCount = droppedAttributesCount
        }
    }

    package struct Link: Equatable, Sendable {
        package var traceID: TraceID
        package var spanID: SpanID
        package var traceState: String
        package var attributes: [KeyValue]
        package var droppedAttributesCount: UInt32
        package var flags: UInt32
        package init(
            traceID: TraceID, spanID: SpanID, traceState: String, attributes: [KeyValue], droppedAttributesCount: UInt32, flags: UInt32
        ) {
            self.traceID = traceID
            self.spanID = spanID
            self.traceState = traceState
            self.attributes = attributes
            self.droppedAttributesCount = droppedAttributesCount
            self.flags = flags
        }
    }

    package struct Resource: Hashable, Sendable {
        /// The `Resource` message in protobuf, as received; nil when there was none.
        package var encoded: [UInt8]?
        package var schemaURL: String
        package init(encoded: [UInt8]? = nil, schemaURL: String = "") {
            self.encoded = encoded
            self.schemaURL = schemaURL
        }
    }

    package struct Scope: Hashable, Sendable {
        /// The `InstrumentationScope` message in protobuf, as received; nil when there was none.
        package var encoded: [UInt8]?
        package var schemaURL: String
        package init(encoded: [UInt8]? = nil, schemaURL: String = "") {
            self.encoded = encoded
            self.schemaURL = schemaURL
        }
    }

    /// `LLMFields` of one span.
    package struct LLM: Equatable, Sendable {
        package var kind = LLMKind.span
        package var provider: String?
        package var requestModel: String?
        package var responseModel: String?
        /// The key of the attribute that holds the input.
        package var inputKey: String?
        package var outputKey: String?
        package var inputTokens: Int64?
        package var outputTokens: Int64?
        package var cacheReadTokens: Int64?
        package var cacheWriteTokens: Int64?
        package var reasoningTokens: Int64?
        package var cost: Double?
        package var reportedCost: Double?
        package var sessionID: String?
        package var userID: String?
        package var promptName: String?
        package var promptVersion: String?
        package var toolName: String?
        package var errorType: String?
        package var tags: [String] = []

        package init() {}
        package var model: String? { responseModel ?? requestModel }
        /// Input that was neither read from a cache nor written to one: at least 0, nil without an input.
        package var inputUncachedTokens: Int64? { inputTokens.map { Self.rest($0, [cacheReadTokens, cacheWriteTokens]) } }
        /// Output that is no reasoning: at least 0, nil without an output.
        package var outputVisibleTokens: Int64? { outputTokens.map { Self.rest($0, [reasoningTokens]) } }

        private static func rest(_ total: Int64, _ parts: [Int64?]) -> Int64 {
            max(0, parts.reduce(total) { $0 &- max(0, $1 ?? 0) })
        }
    }
}
