/// A backfill: scorers over spans that are stored already. It is also a task, of the same id.

import PostgresClient
import TraceModel

package struct ScoreBackfill: Sendable, Equatable {
    package let id: TaskID
    package let projectID: ProjectID
    /// JSON text of a filter, and of a list of scorers.
    package let filter: [UInt8]
    package let scorers: [UInt8]
    package let samplingRate: Double
    /// Start times, nanoseconds since 1970: from here, to before there.
    package let from: Int64?
    package let to: Int64?
    package let maximumSpanCount: Int
    package let capNanoUSD: Int64?
    package let concurrency: Int
    /// Where the search goes on; nil: from the beginning.
    package let cursor: String?
    /// All spans are found.
    package let isPlanned: Bool
    package let matchedCount: Int64
    package let counts: ScoringCounts

    static let columns = """
        id, project_id, filter, scorers, sampling_rate, from_unix_nano, to_unix_nano, maximum_span_count, cap_nano_usd, concurrency, cursor,
        is_planned, matched_count, 0::bigint AS not_matched_count, sampled_out_count, queued_count, skipped_count, scored_count, failed_count,
        cost_nano_usd
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        filter = try row.decode("filter", as: PostgresJSON.self).bytes
        scorers = try row.decode("scorers", as: PostgresJSON.self).bytes
        samplingRate = try row.decode("sampling_rate")
        from = try row.decodeIfPresent("from_unix_nano")
        to = try row.decodeIfPresent("to_unix_nano")
        maximumSpanCount = try row.decode("maximum_span_count")
        capNanoUSD = try row.decodeIfPresent("cap_nano_usd")
        concurrency = try row.decode("concurrency")
        let cursor: String = try row.decode("cursor")
        self.cursor = cursor.isEmpty ? nil : cursor
        isPlanned = try row.decode("is_planned")
        matchedCount = try row.decode("matched_count")
        counts = try ScoringCounts(row)
    }

    package var isCapSpent: Bool { capNanoUSD.map { counts.costNanoUSD >= $0 } ?? false }

    /// Calls at a time that the rest of the money allows.
    var allowance: SpendingAllowance {
        SpendingAllowance(
            asked: concurrency, capNanoUSD: capNanoUSD, costNanoUSD: counts.costNanoUSD,
            trialCount: Int(clamping: counts.scored))
    }
}

/// What a backfill is made from.
package struct NewScoreBackfill: Sendable {
    package var filter: [UInt8]
    package var scorers: [UInt8]
    package var samplingRate: Double
    package var from: Int64?
    package var to: Int64?
    package var maximumSpanCount: Int
    package var capNanoUSD: Int64?
    package var concurrency: Int
    /// Whose store it is about.
    package var node: UInt64

    package init(
        filter: [UInt8], scorers: [UInt8], samplingRate: Double, from: Int64?, to: Int64?, maximumSpanCount: Int, capNanoUSD: Int64?,
        concurrency: Int, node: UInt64
    ) {
        self.filter = filter
        self.scorers = scorers
        self.samplingRate = samplingRate
        self.from = from
        self.to = to
        self.maximumSpanCount = maximumSpanCount
        self.capNanoUSD = capNanoUSD
        self.concurrency = concurrency
        self.node = node
    }
}
