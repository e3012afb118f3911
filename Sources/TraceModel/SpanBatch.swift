/// Spans in transit: the columns a decoder writes and everything after it reads.
///
/// A batch owns one byte array. Its first `bodyLength` bytes are the request body exactly as received (decompressed);
/// behind them lies the appendix: text that could not be used as it stood in the body (JSON strings with escapes,
/// strings with invalid UTF-8 after replacement, nested values of JSON bodies re-encoded, text that a mapping made).
/// Every text in the columns is a `ByteRange` into that array, so decoding a span allocates nothing of its own.
///
/// Columns of spans have `spanCount` elements, in the order of the body. Lists (attributes, events, links, tags) lie
/// flat behind one array of starts with `spanCount + 1` elements: the elements of span `i` are `starts[i]..<starts[i+1]`.
/// A decoder fills a batch; `Ingest` lets the mapping add to it; from then on it is only read.
package struct SpanBatch: Sendable {
    package var bytes: [UInt8]
    package var bodyLength: Int
    /// Of all rows.
    package var record = RecordKind.span

    // Spans
    package var traceIDs: [TraceID] = []
    package var spanIDs: [SpanID] = []
    /// `.none` for a root.
    package var parentSpanIDs: [SpanID] = []
    /// Nanoseconds since 1970; below 2^63 (decoders refuse larger ones).
    package var startTimesUnixNano: [UInt64] = []
    /// As sent: may lie before the start.
    package var endTimesUnixNano: [UInt64] = []
    package var names: [ByteRange] = []
    package var traceStates: [ByteRange] = []
    /// OTLP's `SpanKind` number as sent, unknown ones included.
    package var kinds: [Int32] = []
    package var flags: [UInt32] = []
    /// OTLP's `StatusCode` number as sent, until the mapping gives spans that failed by their level the status of an error.
    package var statusCodes: [Int32] = []
    package var statusMessages: [ByteRange] = []
    /// Whether the span had a status message at all: `{}` and "no status" differ on the wire and come back as sent.
    package var hasStatus: [Bool] = []
    package var droppedAttributesCounts: [UInt32] = []
    package var droppedEventsCounts: [UInt32] = []
    package var droppedLinksCounts: [UInt32] = []
    /// Index into `resources`.
    package var resourceIndexes: [UInt32] = []
    /// Index into `scopes`.
    package var scopeIndexes: [UInt32] = []
    /// Starts in `attributes` (`spanCount + 1`).
    package var attributeStarts: [UInt32] = [0]
    /// Starts in `events` (`spanCount + 1`).
    package var eventStarts: [UInt32] = [0]
    /// Starts in `links` (`spanCount + 1`).
    package var linkStarts: [UInt32] = [0]

    // What spans refer to
    /// The distinct attribute keys of the whole batch; an `Attribute` names its key by index.
    package var keys: [ByteRange] = []
    /// Attributes of spans only, span by span.
    package var attributes: [Attribute] = []
    package var events: [Event] = []
    package var links: [Link] = []
    /// Attributes of events, links, resources and scopes.
    package var nestedAttributes: [Attribute] = []
    package var resources: [Resource] = []
    package var scopes: [Scope] = []

    // What was refused or mended
    package var rejections: [SpanRejection] = []
    /// Spans in the body, stored and rejected together.
    package var receivedSpanCount = 0
    /// Strings with invalid UTF-8 whose bad bytes were replaced by U+FFFD.
    package var replacedStringCount = 0
    /// Log records in the body that are of no kind that is stored (`StoredLogRecords`): neither rows nor rejections.
    package var otherRecordCount = 0

    package init(body: consuming [UInt8]) {
        bodyLength = body.count
        bytes = body
    }

    package var spanCount: Int { traceIDs.count }

    /// One attribute: key by index, type, and 64 bits whose meaning follows the type: 0 or 1; the integer's or double's
    /// bit pattern; for `string` and `bytes` a packed `ByteRange` of the content; for `array` and `keyValueList` a packed
    /// `ByteRange` of the protobuf encoding of the member's message (`ArrayValue` or `KeyValueList`, without tag and length).
    @frozen
    package struct Attribute: Sendable, BitwiseCopyable {
        package var bits: UInt64
        package var keyIndex: UInt32
        package var type: AttributeType

        @inlinable
        package init(keyIndex: UInt32, type: AttributeType, bits: UInt64) {
            self.keyIndex = keyIndex
            self.type = type
            self.bits = bits
        }

        @inlinable package var range: ByteRange { ByteRange(packed: bits) }
    }

    @frozen
    package struct Event: Sendable, BitwiseCopyable {
        package var timeUnixNano: UInt64
        package var name: ByteRange
        /// Range in `nestedAttributes`.
        package var attributeStart: UInt32
        package var attributeCount: UInt32
        package var droppedAttributesCount: UInt32

        @inlinable
        package init(timeUnixNano: UInt64, name: ByteRange, attributeStart: UInt32, attributeCount: UInt32, droppedAttributesCount: UInt32)
        {
            self.timeUnixNano = timeUnixNano
            self.name = name
            self.attributeStart = attributeStart
            self.attributeCount = attributeCount
            self.droppedAttributesCount = droppedAttributesCount
        }
    }

    @frozen
    package struct Link: Sendable, BitwiseCopyable {
        package var traceID: TraceID
        package var spanID: SpanID
        package var traceState: ByteRange
        package var flags: UInt32
        /// Range in `nestedAttributes`.
        package var attributeStart: UInt32
        package var attributeCount: UInt32
        package var droppedAttributesCount: UInt32

        @inlinable
        package init(
            traceID: TraceID, spanID: SpanID, traceState: ByteRange, flags: UInt32, attributeStart: UInt32, attributeCount: UInt32,
            droppedAttributesCount: UInt32
        ) {
            self.traceID = traceID
            self.spanID = spanID
            self.traceState = traceState
            self.flags = flags
            self.attributeStart = attributeStart
            self.attributeCount = attributeCount
            self.droppedAttributesCount = droppedAttributesCount
        }
    }

    /// A resource and the schema URL of its `ResourceSpans`.
    package struct Resource: Sendable, BitwiseCopyable {
        /// Range in `nestedAttributes`.
        package var attributeStart: UInt32 = 0
        package var attributeCount: UInt32 = 0
        /// The `Resource` message in protobuf, entity references included (JSON bodies: re-encoded into the appendix).
        /// `.none` when the request had no resource at all.
        package var encoded = ByteRange.none
        package var schemaURL = ByteRange.none

        package init() {}
    }

    /// An instrumentation scope and the schema URL of its `ScopeSpans`.
    package struct Scope: Sendable, BitwiseCopyable {
        package var name = ByteRange.none
        package var version = ByteRange.none
        /// Range in `nestedAttributes`.
        package var attributeStart: UInt32 = 0
        package var attributeCount: UInt32 = 0
        /// The `InstrumentationScope` message in protobuf; `.none` when there was none.
        package var encoded = ByteRange.none
        package var schemaURL = ByteRange.none

        package init() {}
    }
}

/// A piece of `SpanBatch.bytes`.
///
/// Public, like the ids: the compiler inlines members of public types into other rooms, of package ones it does not.
@frozen
public struct ByteRange: Hashable, Sendable, BitwiseCopyable {
    public var offset: UInt32
    public var length: UInt32

    @inlinable
    public init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    @inlinable
    public init(packed bits: UInt64) {
        offset = UInt32(truncatingIfNeeded: bits >> 32)
        length = UInt32(truncatingIfNeeded: bits)
    }

    /// Absent, where absent and empty differ. Reads as empty.
    @inlinable public static var none: ByteRange { ByteRange(packed: UInt64(UInt32.max) << 32) }
    @inlinable public static var empty: ByteRange { ByteRange(packed: 0) }

    @inlinable public var isNone: Bool { offset == UInt32.max }
    @inlinable public var packed: UInt64 { UInt64(offset) << 32 | UInt64(length) }
    @inlinable public var start: Int { Int(offset) }
    @inlinable public var count: Int { Int(length) }
    @inlinable public var indices: Range<Int> { isNone ? 0..<0 : Int(offset)..<Int(offset) + Int(length) }
}

/// A span that is not stored, and why. `partial_success` counts it, the quarantine keeps it.
package struct SpanRejection: Sendable {
    /// Position among all spans of the body, in its order, from 0.
    package var ordinal: Int
    package var reason: Reason
    /// The `Span` message as it stands in the body (protobuf), or the span's JSON object.
    package var source: ByteRange

    package init(ordinal: Int, reason: Reason, source: ByteRange) {
        self.ordinal = ordinal
        self.reason = reason
        self.source = source
    }

    /// The raw values are stored in the quarantine and label a counter; they never change.
    package enum Reason: String, Sendable, CaseIterable {
        case traceIDLength = "trace_id_length"
        case traceIDZero = "trace_id_zero"
        case spanIDLength = "span_id_length"
        case spanIDZero = "span_id_zero"
        case parentSpanIDLength = "parent_span_id_length"
        case linkIDLength = "link_id_length"
        case timeOutOfRange = "time_out_of_range"
        case tooManyAttributes = "too_many_attributes"
        case keyTooLong = "key_too_long"
        case valueTooLarge = "value_too_large"
        case nestingTooDeep = "nesting_too_deep"
        case malformed = "malformed"
        /// Nothing is wrong with the span: its resource names a project that its sender's key may not send to.
        case projectNotChoosable = "project_not_choosable"
    }
}

extension SpanBatch {
    /// The text of a range, for edges and tests.
    package func text(_ range: ByteRange) -> String { String(decoding: bytes[range.indices], as: UTF8.self) }

    /// Appends text to the appendix.
    package mutating func append(_ text: some Sequence<UInt8>) -> ByteRange {
        let offset = bytes.count
        bytes.append(contentsOf: text)
        return ByteRange(offset: offset, length: bytes.count - offset)
    }

    package func attributes(ofSpan span: Int) -> ArraySlice<Attribute> {
        attributes[Int(attributeStarts[span])..<Int(attributeStarts[span + 1])]
    }
}
