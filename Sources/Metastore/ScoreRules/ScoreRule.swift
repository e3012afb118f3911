/// A rule by which spans are scored as they come in, and what it decided on a day.

import PostgresClient
import TraceModel

/// Also the group of its jobs: both have the same bits.
package struct ScoreRuleID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct ScoreRule: Sendable, Equatable {
    package let id: ScoreRuleID
    package let projectID: ProjectID
    package let name: String
    /// JSON text of a filter.
    package let filter: [UInt8]
    /// JSON text of a list of scorers.
    package let scorers: [UInt8]
    package let samplingRate: Double
    package let isEnabled: Bool
    /// nil: it may spend what it takes.
    package let dailyCapNanoUSD: Int64?
    package let concurrency: Int
    package let createdTimeUnixNano: Int64
    package let updatedTimeUnixNano: Int64
    package let enabledTimeUnixNano: Int64
    package let archivedTimeUnixNano: Int64?
    /// Of the current UTC day.
    package let today: ScoringCounts

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        name = try row.decode("name")
        filter = try row.decode("filter", as: PostgresJSON.self).bytes
        scorers = try row.decode("scorers", as: PostgresJSON.self).bytes
        samplingRate = try row.decode("sampling_rate")
        isEnabled = try row.decode("is_enabled")
        dailyCapNanoUSD = try row.decodeIfPresent("daily_cap_nano_usd")
        concurrency = try row.decode("concurrency")
        createdTimeUnixNano = try row.unixNano("created_at")
        updatedTimeUnixNano = try row.unixNano("updated_at")
        enabledTimeUnixNano = try row.unixNano("enabled_at")
        archivedTimeUnixNano = try row.unixNanoIfPresent("archived_at")
        today = try ScoringCounts(row)
    }

    package var isCapSpent: Bool { dailyCapNanoUSD.map { today.costNanoUSD >= $0 } ?? false }
}

/// Decisions by kind, and what they cost.
package struct ScoringCounts: Sendable, Equatable {
    package var notMatched: Int64 = 0
    package var sampledOut: Int64 = 0
    /// Of a rule's day: those decided so; of a backfill: those that wait or are being scored.
    package var queued: Int64 = 0
    package var skipped: Int64 = 0
    package var scored: Int64 = 0
    package var failed: Int64 = 0
    package var costNanoUSD: Int64 = 0

    package init() {}

    init(_ row: PostgresRow) throws(PostgresError) {
        sampledOut = try row.decode("sampled_out_count")
        queued = try row.decode("queued_count")
        skipped = try row.decode("skipped_count")
        scored = try row.decode("scored_count")
        failed = try row.decode("failed_count")
        costNanoUSD = try row.decode("cost_nano_usd")
        notMatched = try row.decode("not_matched_count")
    }
}

/// What a rule is made from.
package struct NewScoreRule: Sendable {
    package var name: String
    package var filter: [UInt8]
    package var scorers: [UInt8]
    package var samplingRate: Double
    package var isEnabled: Bool
    package var dailyCapNanoUSD: Int64?
    package var concurrency: Int

    package init(
        name: String, filter: [UInt8], scorers: [UInt8], samplingRate: Double, isEnabled: Bool, dailyCapNanoUSD: Int64?, concurrency: Int
    ) {
        self.name = name
        self.filter = filter
        self.scorers = scorers
        self.samplingRate = samplingRate
        self.isEnabled = isEnabled
        self.dailyCapNanoUSD = dailyCapNanoUSD
        self.concurrency = concurrency
    }
}

/// What of a rule is to change; nil stays as it is.
package struct ScoreRuleChange: Sendable {
    package var name: String?
    package var filter: [UInt8]?
    package var scorers: [UInt8]?
    package var samplingRate: Double?
    package var isEnabled: Bool?
    /// `.some(nil)`: no cap any more.
    package var dailyCapNanoUSD: Int64??
    package var concurrency: Int?

    package init() {}
}

/// How far a store was followed, or is to be from now on.
package struct StorePosition: Sendable, Equatable {
    /// The store's own number.
    package let node: UInt64
    package let lsn: UInt64

    package init(node: UInt64, lsn: UInt64) {
        self.node = node
        self.lsn = lsn
    }

    var nodeBits: PostgresValue { .integer(Int64(bitPattern: node)) }
    var lsnValue: PostgresValue { .integer(Int64(clamping: lsn)) }
}
