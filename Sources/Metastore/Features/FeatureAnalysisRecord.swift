/// One analysis of a window's traces, and the schedule by which they come about.

import PostgresClient
import TraceModel

/// An analysis is also a task: both have the same bits.
package struct FeatureAnalysisID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    package var task: TaskID { TaskID(high: high, low: low) }
}

/// What is asked for: which traces, how many of them, for how much money.
package struct FeatureAnalysisOrder: Sendable, Equatable {
    package var windowStartUnixNano: Int64
    package var windowEndUnixNano: Int64
    /// Traces looked at: of more, a sample.
    package var maximumTraceCount: Int
    package var spendingCapNanoUSD: Int64
    /// JSON text of a filter of spans; an empty object: every trace with an input.
    package var filter: [UInt8]

    package init(
        windowStartUnixNano: Int64, windowEndUnixNano: Int64, maximumTraceCount: Int, spendingCapNanoUSD: Int64, filter: [UInt8]
    ) {
        self.windowStartUnixNano = windowStartUnixNano
        self.windowEndUnixNano = windowEndUnixNano
        self.maximumTraceCount = maximumTraceCount
        self.spendingCapNanoUSD = spendingCapNanoUSD
        self.filter = filter
    }
}

package struct FeatureAnalysisRecord: Sendable, Equatable {
    package enum State: String, Sendable, Equatable, CaseIterable {
        /// The server reads what users said.
        case collecting
        /// Workers may embed, group and name.
        case ready
        case succeeded, failed, cancelled

        package var isFinal: Bool { self != .collecting && self != .ready }
    }

    package let id: FeatureAnalysisID
    package let projectID: ProjectID
    package let order: FeatureAnalysisOrder
    package let state: State
    /// Traces of the window; 0 while they are collected, as the next one.
    package let windowTraceCount: Int
    /// Traces whose texts are looked at.
    package let traceCount: Int
    package let costNanoUSD: Int64
    /// As `provider/model`; nil before the first embedding.
    package let embeddingModel: String?
    package let createdTimeUnixNano: Int64
    package let finishTimeUnixNano: Int64?
}

/// Analyses of one window after the other.
package struct FeatureSchedule: Sendable, Equatable {
    package var isEnabled: Bool
    /// Hours of a window.
    package var periodHours: Int
    package var maximumTraceCount: Int
    /// Of one analysis.
    package var spendingCapNanoUSD: Int64
    /// As in `FeatureAnalysisOrder`.
    package var filter: [UInt8]

    package init(isEnabled: Bool, periodHours: Int, maximumTraceCount: Int, spendingCapNanoUSD: Int64, filter: [UInt8]) {
        self.isEnabled = isEnabled
        self.periodHours = periodHours
        self.maximumTraceCount = maximumTraceCount
        self.spendingCapNanoUSD = spendingCapNanoUSD
        self.filter = filter
    }

    /// What the schema refuses is no reason to crash before it can.
    private var periodNano: Int64 { Int64(max(1, min(periodHours, 744))) * 3_600_000_000_000 }

    /// Where a schedule begins that is made or changed now: with the newest window that is complete, so that there is something to see
    /// at once. Windows are whole periods since 1970 UTC.
    package func firstWindowStart(nowUnixNano: Int64) -> Int64 { nowUnixNano / periodNano * periodNano - periodNano }

    /// The window to analyze next, once it is over and late spans had their time; nil: not yet. A server that was away for long leaves
    /// out all but the newest windows.
    package func dueWindow(next: Int64, nowUnixNano: Int64) -> (start: Int64, end: Int64)? {
        let now = nowUnixNano - MetastoreLimits.featureWindowGraceSeconds * 1_000_000_000
        let complete = (now - next) / periodNano
        guard now >= next, complete >= 1 else { return nil }
        let start = next + max(0, complete - MetastoreLimits.maximumDueFeatureWindowCount) * periodNano
        return (start, start + periodNano)
    }
}

/// A schedule as it stands.
package struct StoredFeatureSchedule: Sendable, Equatable {
    package let schedule: FeatureSchedule
    package let nextWindowStartUnixNano: Int64
    package let updateTimeUnixNano: Int64
}
