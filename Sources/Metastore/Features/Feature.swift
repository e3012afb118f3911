/// Something that users try to do, as traces show it, and what it came to in each window of time.

import PostgresClient
import TraceModel

package struct FeatureID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct Feature: Sendable, Equatable {
    package let id: FeatureID
    package let projectID: ProjectID
    package let name: String
    /// One sentence; empty if nobody wrote one.
    package let description: String
    /// By a model or a person; false: the name is what one user said.
    package let isNamed: Bool
    package let firstWindowStartUnixNano: Int64
    package let lastWindowEndUnixNano: Int64
    package let createdTimeUnixNano: Int64
    /// Since when lists leave it out; it goes on taking the traces that are its own.
    package let archivedTimeUnixNano: Int64?
    /// What it came to in the newest window that was analyzed since it is known.
    package let newest: FeatureWindow?
}

/// A feature in one window.
package struct FeatureWindow: Sendable, Equatable {
    package let analysisID: FeatureAnalysisID
    package let startUnixNano: Int64
    package let endUnixNano: Int64
    package let traceCount: Int
    /// Traces of the window that were looked at, of all features together and of none.
    package let analyzedTraceCount: Int
    package let errorCount: Int
    package let costNanoUSD: Int64
    /// Of all its traces together.
    package let durationNano: Int64
    /// `new`, `growing`, `steady` or `shrinking`.
    package let trend: String
    /// JSON text: `[{"trace_id", "text"}]`, the most typical first.
    package let examples: [UInt8]
}

/// The traces of a feature in one window, the most typical first.
package struct FeatureMembers: Sendable, Equatable {
    package let window: FeatureWindow
    package let traceIDs: [TraceID]
}

/// What a person changes of a feature; nil leaves it.
package struct FeatureChange: Sendable, Equatable {
    package var name: String?
    package var description: String?
    package var isArchived: Bool?

    package init(name: String? = nil, description: String? = nil, isArchived: Bool? = nil) {
        self.name = name
        self.description = description
        self.isArchived = isArchived
    }
}
