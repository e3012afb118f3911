import GenAIConventions
import PostgresClient

/// Prices with the day they hold from. Every change is a version; what people set is never overwritten by what the program
/// brings along.
package struct PriceRepository: Sendable {
    let pool: PostgresPool

    /// The newest version with all prices. Errors: `unavailable`.
    package func book() async throws(MetastoreError) -> PriceBook {
        try await translatingErrors { () throws(PostgresError) in
            // One statement, so one version: the version and its prices from the same instant.
            let rows = try await pool.query(
                """
                SELECT v.version, p.provider, p.model_pattern, p.effective_from, p.input_per_million::float8 AS input,
                    p.output_per_million::float8 AS output, p.cache_read_per_million::float8 AS cache_read,
                    p.cache_write_per_million::float8 AS cache_write, p.reasoning_per_million::float8 AS reasoning, p.source
                FROM (SELECT coalesce(max(version), 0) AS version FROM price_versions) v LEFT JOIN prices p ON true
                ORDER BY p.provider, p.model_pattern, p.effective_from
                """)
            let version = try rows.first?.decode("version", as: Int64.self) ?? 0
            let prices = try rows.decoded { row throws(PostgresError) in try Self.price(row) }
            return PriceBook(version: version, prices: prices.compactMap(\.self))
        }
    }

    /// Adds or replaces prices set by people, as one new version, which is returned; `organization`: in
    /// whose audit log it is noted. Errors: `invalid`, `unavailable`.
    package func set(
        _ prices: [Price], in organization: OrganizationID? = nil, audit: AuditDraft = .system("addPrices")
    ) async throws(MetastoreError) -> Int64 {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Int64, AuditedChange?) in
            let version = try await Self.store(prices, shippedVersion: nil, on: connection)
            return (version, AuditedChange(organization: organization, resourceKind: "price_version", resourceID: String(version)))
        }
    }

    /// Brings in the program's own prices if they are newer than those of all earlier programs; returns whether they were.
    /// Errors: `unavailable`.
    package func seed(_ prices: [Price], shippedVersion: Int64) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let latest = try await Self.lockVersions(on: connection).shippedVersion
                guard shippedVersion > latest else { return false }
                _ = try await Self.store(prices, shippedVersion: shippedVersion, on: connection)
                return true
            }
        }
    }

    private struct LatestVersions {
        /// 0: none yet.
        let version: Int64
        let shippedVersion: Int64
    }

    /// Versions are given one at a time.
    private static func lockVersions(on connection: PostgresConnection) async throws(PostgresError) -> LatestVersions {
        try await connection.query("LOCK TABLE price_versions IN EXCLUSIVE MODE")
        return try await connection.query(
            "SELECT coalesce(max(version), 0) AS version, coalesce(max(shipped_version), 0) AS shipped FROM price_versions"
        ).only { row throws(PostgresError) in
            LatestVersions(version: try row.decode("version"), shippedVersion: try row.decode("shipped"))
        }
    }

    private static func store(
        _ prices: [Price], shippedVersion: Int64?, on connection: PostgresConnection
    ) async throws(PostgresError) -> Int64 {
        let version = try await lockVersions(on: connection).version + 1
        try await connection.query(
            "INSERT INTO price_versions (version, shipped_version) VALUES ($1, $2)",
            [.integer(version), .optional(shippedVersion) { .integer($0) }])
        for price in prices {
            try await connection.query(
                """
                INSERT INTO prices (provider, model_pattern, effective_from, input_per_million, output_per_million,
                    cache_read_per_million, cache_write_per_million, reasoning_per_million, source, is_shipped, price_version)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE SET
                    input_per_million = excluded.input_per_million, output_per_million = excluded.output_per_million,
                    cache_read_per_million = excluded.cache_read_per_million, cache_write_per_million = excluded.cache_write_per_million,
                    reasoning_per_million = excluded.reasoning_per_million, source = excluded.source, is_shipped = excluded.is_shipped,
                    price_version = excluded.price_version
                WHERE prices.is_shipped OR NOT excluded.is_shipped
                """,
                [
                    .text(price.provider ?? ""), .text(price.modelPattern),
                    .timestamp(unixNano: Int64(clamping: price.effectiveFromUnixNano)),
                    .double(price.inputPerMillion), .double(price.outputPerMillion), .optional(price.cacheReadPerMillion) { .double($0) },
                    .optional(price.cacheWritePerMillion) { .double($0) }, .optional(price.reasoningPerMillion) { .double($0) },
                    .text(price.source), .bool(shippedVersion != nil), .integer(version),
                ])
        }
        return version
    }

    /// nil for the row without a price that an empty table answers with.
    private static func price(_ row: PostgresRow) throws(PostgresError) -> Price? {
        guard let provider = try row.decodeIfPresent("provider", as: String.self) else { return nil }
        return Price(
            provider: provider.isEmpty ? nil : provider, modelPattern: try row.decode("model_pattern"),
            effectiveFromUnixNano: UInt64(clamping: try row.unixNano("effective_from")), inputPerMillion: try row.decode("input"),
            outputPerMillion: try row.decode("output"), cacheReadPerMillion: try row.decodeIfPresent("cache_read"),
            cacheWritePerMillion: try row.decodeIfPresent("cache_write"), reasoningPerMillion: try row.decodeIfPresent("reasoning"),
            source: try row.decode("source"))
    }
}
