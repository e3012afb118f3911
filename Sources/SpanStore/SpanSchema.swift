import ByteCoding
import Parquet
import TraceModel

/// The one list of columns of a spans file, and of the payloads file beside it.
///
/// Core columns are in every file, in this order. Typed attribute columns follow for those promoted keys that the file's
/// rows use. `docs/segment-format.md` tells users what each column holds; a test keeps the two together.
struct SpanSchema {
    /// The promoted keys with a column, in column order. Indexes are the registry's.
    let spanKeys: [(index: Int, key: PromotedKey)]
    let resourceKeys: [(index: Int, key: PromotedKey)]
    let parquet: ParquetSchema
    let fingerprint: UInt64

    init(spanKeys: [(index: Int, key: PromotedKey)], resourceKeys: [(index: Int, key: PromotedKey)]) throws {
        self.spanKeys = spanKeys
        self.resourceKeys = resourceKeys
        let promoted =
            spanKeys.map {
                ParquetSchema.Node.optional(
                    Self.spanColumn($0.key.key), Self.physicalType($0.key.attributeType), $0.key.type == .string ? .string : .none)
            }
            + resourceKeys.map {
                ParquetSchema.Node.optional(
                    Self.resourceColumn($0.key.key), Self.physicalType($0.key.attributeType), $0.key.type == .string ? .string : .none)
            }
        parquet = try ParquetSchema(Self.coreColumns + promoted + Self.nestedColumns)
        fingerprint = Self.fingerprint(of: parquet)
    }

    /// What a row is a record of, by `RecordKind`. Files of before it was there have spans only.
    static let recordColumn = "record"

    static func spanColumn(_ key: String) -> String { "attributes." + key }
    static func resourceColumn(_ key: String) -> String { "resource." + key }

    /// Whether a column says nothing that a whole span is put together from: a trace's tree, parts of the encoded resource and scope, what
    /// was asked before.
    static func isRepetition(_ column: String) -> Bool {
        column == "parent_row" || column == recordColumn || column.hasPrefix("scope.") || column.hasPrefix("resource.")
            || column.hasPrefix("resource_attribute")
    }

    static func physicalType(_ type: AttributeType) -> PhysicalType {
        switch type {
        case .string, .bytes, .array, .keyValueList, .empty: .byteArray
        case .bool: .boolean
        case .int: .int64
        case .double: .double
        }
    }

    static let coreColumns: [ParquetSchema.Node] =
        [
            .required("trace_id", .fixedLengthByteArray(16)),
            .required("span_id", .fixedLengthByteArray(8)),
            .optional("parent_span_id", .fixedLengthByteArray(8)),
            .optional("parent_row", .int32),
            .required("start_time", .int64, .timestampNanosecondsUTC),
            .required("duration", .int64),
            .required("name", .byteArray, .string),
            .required("span_kind", .int32),
            .required("flags", .int32),
            .optional("trace_state", .byteArray, .string),
            .optional("status_code", .int32),
            .optional("status_message", .byteArray, .string),
            .required("dropped_attributes_count", .int32),
            .required("dropped_events_count", .int32),
            .required("dropped_links_count", .int32),
            .optional("resource", .byteArray),
            .optional("resource_schema_url", .byteArray, .string),
            .optional("scope", .byteArray),
            .optional("scope_schema_url", .byteArray, .string),
            .optional("scope.name", .byteArray, .string),
            .optional("scope.version", .byteArray, .string),
            .required("kind", .byteArray, .string),
        ]
        + LLMTextField.allCases.map { .optional($0.rawValue, .byteArray, .string) }
        + LLMNumberField.allCases.map { .optional($0.rawValue, $0.isAmount ? .double : .int64) }
        + [
            .optional("input_attribute", .byteArray, .string),
            .optional("output_attribute", .byteArray, .string),
            .required(recordColumn, .byteArray, .string),
        ]

    static let nestedColumns: [ParquetSchema.Node] = [
        .list("tags", .required, element: .required("element", .byteArray, .string)),
        .map("attributes", .required, value: .required("value", .byteArray, .string)),
        .optional("attribute_types", .byteArray),
        .optional("attributes_duplicate", .byteArray),
        .map("resource_attributes", .required, value: .required("value", .byteArray, .string)),
        .optional("resource_attribute_types", .byteArray),
        .list(
            "events", .required,
            element: .group(
                "element", .required,
                [
                    .required("time", .int64, .timestampNanosecondsUTC),
                    .required("name", .byteArray, .string),
                    .map("attributes", .required, value: .required("value", .byteArray, .string)),
                    .optional("attribute_types", .byteArray),
                    .optional("attributes_duplicate", .byteArray),
                    .required("dropped_attributes_count", .int32),
                ])),
        .list(
            "links", .required,
            element: .group(
                "element", .required,
                [
                    .required("trace_id", .fixedLengthByteArray(16)),
                    .required("span_id", .fixedLengthByteArray(8)),
                    .required("trace_state", .byteArray, .string),
                    .map("attributes", .required, value: .required("value", .byteArray, .string)),
                    .optional("attribute_types", .byteArray),
                    .optional("attributes_duplicate", .byteArray),
                    .required("dropped_attributes_count", .int32),
                    .required("flags", .int32),
                ])),
        .list(
            "payloads", .required,
            element: .group(
                "element", .required,
                [
                    .required("place", .byteArray, .string),
                    .required("payload_id", .int64),
                    .required("byte_count", .int64),
                    .required("type", .int32),
                    .optional(partCountColumn, .int32),
                ])),
    ]

    /// Of how many payloads an element is a piece of a value. Files of before values had parts lack the column.
    static let partCountColumn = "part_count"

    /// Whether the numbers of a nested column repeat those before them, as those of a value that grows from span to span do.
    static func isRepetitive(_ path: [String]) -> Bool {
        path.first == "payloads" && ["payload_id", "byte_count", partCountColumn].contains(path.last)
    }

    static let payloadColumns: [ParquetSchema.Node] = [.required("payload_id", .int64), .required("payload", .byteArray, .string)]

    /// Equal for files whose row groups can stand in one file.
    static func fingerprint(of schema: ParquetSchema) -> UInt64 {
        var writer = ByteWriter()
        for leaf in schema.leaves {
            for name in leaf.path { writer.lengthPrefixed(name) }
            writer.lengthPrefixed("\(leaf.type) \(leaf.repetition) \(leaf.logicalType)")
        }
        return writer.bytes.withUnsafeBytes { XXH64.hash($0) }
    }
}

/// Names of footer key-values of both files of a pair.
enum SegmentKey {
    static let formatVersion = "spandrel.format_version"
    static let schemaFingerprint = "spandrel.schema_fingerprint"
    static let project = "spandrel.project"
    static let receiveDay = "spandrel.received"
    static let sequence = "spandrel.sequence"
    static let minimumLSN = "spandrel.minimum_lsn"
    static let maximumLSN = "spandrel.maximum_lsn"
    static let nodeID = "spandrel.node_id"
    static let mappingVersion = "spandrel.mapping_version"
    /// Of payloads files: `cold` where they were compressed again for long keeping.
    static let payloadTier = "spandrel.payload_tier"
}

enum SegmentFormat {
    /// Raised when a reader of the version before would answer wrongly. Readers refuse newer ones by name.
    static let version = 3

    /// The lowest that says what a file has: a reader of version 1 takes event records for spans, one of version 2 the first part of a
    /// value for all of it.
    static func version(hasEvents: Bool, hasParts: Bool) -> Int { hasParts ? 3 : hasEvents ? 2 : 1 }
}
