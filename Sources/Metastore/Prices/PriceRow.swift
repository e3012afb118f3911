/// A price as a row: the columns in both directions.

import ByteCoding
import GenAIConventions
import PostgresClient
import TraceModel

enum PriceRow {
    private static func column(_ kind: TokenKind) -> String { kind.rateName }

    /// Amounts as doubles: their shortest texts have no more decimals than the columns keep.
    static let columns =
        "provider, model_pattern, effective_from, tiers, source, "
        + TokenKind.allCases.map { "\(column($0))::float8 AS \(column($0))" }.joined(separator: ", ")

    /// `values(_:)`, then is_shipped, price_version, organization_id, project_id. What people set is not touched by the program's own.
    static let upsert: String = {
        let names =
            ["provider", "model_pattern", "effective_from", "tiers", "source"] + TokenKind.allCases.map(column)
            + ["is_shipped", "price_version", "organization_id", "project_id"]
        let changed = names.dropFirst(3).dropLast(2).map { "\($0) = excluded.\($0)" }
        return """
            INSERT INTO prices (\(names.joined(separator: ", ")))
            VALUES (\(names.indices.map { "$\($0 + 1)" }.joined(separator: ", ")))
            ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE SET \(changed.joined(separator: ", "))
            WHERE prices.is_shipped OR NOT excluded.is_shipped
            """
    }()

    static func values(_ price: Price) -> [PostgresValue] {
        var tiers = JSONWriter()
        tiers.priceTiers(price.tiers)
        return [
            .text(price.provider ?? ""), .text(price.modelPattern),
            .timestamp(unixNano: Int64(clamping: price.effectiveFromUnixNano)), .json(tiers.bytes), .text(price.source),
        ] + TokenKind.allCases.map { kind in .optional(price.rates[kind]) { .double($0) } }
    }

    /// nil for the row without a price that an empty table answers with.
    static func price(_ row: PostgresRow) throws(PostgresError) -> Price? {
        guard let provider = try row.decodeIfPresent("provider", as: String.self) else { return nil }
        var rates = TokenRates()
        for kind in TokenKind.allCases { rates[kind] = try row.decodeIfPresent(column(kind), as: Double.self) }
        return Price(
            provider: provider.isEmpty ? nil : provider, modelPattern: try row.decode("model_pattern"),
            effectiveFromUnixNano: UInt64(clamping: try row.unixNano("effective_from")), rates: rates,
            tiers: tiers(try row.decode("tiers", as: PostgresJSON.self)), source: try row.decode("source"))
    }

    static func owner(_ row: PostgresRow) throws(PostgresError) -> PriceOwner {
        if let project = try row.decodeIfPresent("project_id", as: ProjectID.self) { return .project(project) }
        if let organization = try row.decodeIfPresent("organization_id", as: OrganizationID.self) { return .organization(organization) }
        return .installation
    }

    /// What somebody wrote there by hand and is no list of tiers is none.
    private static func tiers(_ json: PostgresJSON) -> [PriceTier] {
        guard let value = try? JSONValue.parse(json.bytes) else { return [] }
        return (try? Price.tiers(value)) ?? []
    }
}
