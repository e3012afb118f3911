import TraceModel

/// Which attribute keys have a typed column of their own in a project's segments.
///
/// A promoted key has one type for ever; a value of another type goes to the attribute map beside its tag. The registry of
/// a project starts with the keys of the semantic conventions below and changes only at the UTC day boundary, when keys
/// that at least one row in a hundred had the day before join it, up to `maximumKeyCount` in all. What joined is recorded
/// in the manifest. A segment has columns only for promoted keys that its rows use.
package struct PromotionRegistry: Equatable, Sendable {
    package static let maximumKeyCount = StoreLimits.maximumPromotedKeyCount

    package private(set) var spanKeys: [PromotedKey]
    package private(set) var resourceKeys: [PromotedKey]

    /// The keys every project starts with.
    package init() {
        spanKeys = Self.conventionalSpanKeys
        resourceKeys = Self.conventionalResourceKeys
    }

    package init(adding keys: [PromotedKey]) {
        self.init()
        for key in keys { add(key) }
    }

    package var count: Int { spanKeys.count + resourceKeys.count }

    /// Adds a key unless it is there already, there is no room, or its name cannot be a column's.
    @discardableResult
    package mutating func add(_ key: PromotedKey) -> Bool {
        guard count < Self.maximumKeyCount, Self.isPromotable(key.key) else { return false }
        switch key.scope {
        case .span:
            guard !spanKeys.contains(where: { $0.key == key.key }) else { return false }
            spanKeys.append(key)
        case .resource:
            guard !resourceKeys.contains(where: { $0.key == key.key }) else { return false }
            resourceKeys.append(key)
        }
        return true
    }

    /// Column names that every reader tells apart: DuckDB ignores case, so only lower case is promoted.
    package static func isPromotable(_ key: String) -> Bool {
        (1...128).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The keys to add at a day's end: those of `statistics` that one row in a hundred or more had, most frequent first.
    package func candidates(from statistics: [KeyStatistics], rowCount: Int, day: Int32) -> [PromotedKey] {
        var room = Self.maximumKeyCount - count
        var chosen: [PromotedKey] = []
        for statistic in statistics.sorted(by: { ($1.valueCount, $0.key) < ($0.valueCount, $1.key) }) {
            guard room > 0, statistic.valueCount * 100 >= rowCount, statistic.valueCount > 0 else { break }
            guard Self.isPromotable(statistic.key), !spanKeys.contains(where: { $0.key == statistic.key }) else { continue }
            chosen.append(PromotedKey(scope: .span, key: statistic.key, type: statistic.type, day: day))
            room -= 1
        }
        return chosen
    }

    /// What a day's rows had under a key that is not promoted.
    package struct KeyStatistics: Equatable, Sendable {
        package var key: String
        /// The type most values had.
        package var type: PromotedKey.ColumnType
        package var valueCount: Int

        package init(key: String, type: PromotedKey.ColumnType, valueCount: Int) {
            self.key = key
            self.type = type
            self.valueCount = valueCount
        }
    }

    private static func span(_ type: PromotedKey.ColumnType, _ keys: String) -> [PromotedKey] {
        keys.split(separator: " ").map { PromotedKey(scope: .span, key: String($0), type: type, day: 0) }
    }

    private static let conventionalSpanKeys: [PromotedKey] =
        span(
            .string,
            """
            http.request.method http.route url.path url.full user_agent.original client.address server.address network.protocol.version \
            error.type session.id user.id db.system.name db.namespace db.operation.name db.collection.name db.query.text rpc.system \
            rpc.service rpc.method messaging.system messaging.destination.name messaging.operation.type gen_ai.operation.name \
            gen_ai.provider.name gen_ai.system gen_ai.request.model gen_ai.response.model gen_ai.response.id gen_ai.conversation.id \
            gen_ai.agent.name gen_ai.tool.name gen_ai.tool.call.id gen_ai.tool.call.arguments gen_ai.tool.call.result \
            gen_ai.input.messages gen_ai.output.messages gen_ai.system_instructions openinference.span.kind input.value output.value \
            llm.model_name code.function.name
            """)
        + span(
            .integer,
            """
            http.response.status_code server.port db.response.returned_rows gen_ai.request.max_tokens gen_ai.usage.input_tokens \
            gen_ai.usage.output_tokens gen_ai.usage.cache_read.input_tokens gen_ai.usage.cache_write.input_tokens \
            gen_ai.usage.reasoning.output_tokens llm.token_count.prompt llm.token_count.completion llm.token_count.total
            """) + span(.double, "gen_ai.request.temperature gen_ai.request.top_p")

    private static let conventionalResourceKeys: [PromotedKey] =
        """
        service.name service.version service.namespace service.instance.id deployment.environment deployment.environment.name host.name \
        k8s.pod.name k8s.namespace.name k8s.deployment.name k8s.node.name container.id telemetry.sdk.name telemetry.sdk.language \
        telemetry.sdk.version
        """.split(separator: " ").map { PromotedKey(scope: .resource, key: String($0), type: .string, day: 0) }
}

extension PromotedKey {
    /// The type of attribute values that go into the column.
    var attributeType: AttributeType {
        switch type {
        case .string: .string
        case .boolean: .bool
        case .integer: .int
        case .double: .double
        }
    }
}

extension PromotedKey.ColumnType {
    /// The column type for an attribute type that can have one.
    init?(_ type: AttributeType) {
        switch type {
        case .string: self = .string
        case .bool: self = .boolean
        case .int: self = .integer
        case .double: self = .double
        case .bytes, .array, .keyValueList, .empty: return nil
        }
    }
}
