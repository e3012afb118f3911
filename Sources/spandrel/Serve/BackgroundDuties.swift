/// What the server does from time to time.

import Access
import ByteCoding
import FeatureCollection
import HTTPAPI
import Ingest
import Logging
import Metastore
import ProcessSetup
import SpanStore

extension PeriodicDuty {
    /// Memtables whose day is over or whose rows have waited are sealed; failed seals are tried again.
    static func maintenance(of store: SpanStore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "store maintenance", interval: .seconds(5), logger: logger) { await store.maintain() }
    }

    /// Bodies that come in rarely do not have memory kept for them.
    static func unusedBodyMemory(_ ingestor: Ingestor, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "memory of bodies", interval: .seconds(10), logger: logger) {
            if ingestor.bodies.removeUnused() { MemoryTuning.trim() }
        }
    }

    /// How full the disk is, and what has to give way for it.
    static func disk(of store: SpanStore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "disk", interval: .seconds(1), logger: logger) { await store.lookAtDisk() }
    }

    /// Segments that have outlived their project's retention are dropped. Every ten seconds: a busy project is soon over what it may keep
    /// in bytes.
    static func retention(_ store: SpanStore, _ metastore: Metastore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "retention", interval: .seconds(10), logger: logger) {
            let rules = try await metastore.projects.retention().mapValues {
                RetentionRule(days: $0.days, byteCount: $0.byteCount.map { Int($0) })
            }
            let report = try await store.sweepRetention(rules)
            guard report.droppedSegmentCount > 0 else { return }
            logger.info(
                "retention dropped segments",
                metadata: [
                    "segments": "\(report.droppedSegmentCount)", "spans": "\(report.droppedSpanCount)", "bytes": "\(report.freedByteCount)",
                ])
        }
    }

    /// Another server may have changed settings; and what a project has stored is held against its quota.
    static func settingsRefresh(
        _ settings: SettingsInForce, _ quotas: ByteQuotas, logger: Logger
    ) -> PeriodicDuty {
        PeriodicDuty(name: "settings refresh", interval: .seconds(10), logger: logger) {
            // First: it needs no database.
            quotas.count()
            try await settings.refresh()
        }
    }

    /// Sessions that ended long ago are forgotten.
    static func expiredSessions(_ metastore: Metastore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "expired sessions", interval: .seconds(3600), logger: logger) { try await metastore.sessions.removeExpired() }
    }

    /// Windows of schedules that are over are ordered to be analyzed, and what users said in them is read for the workers.
    static func featureCollection(_ collector: FeatureCollector, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "feature collection", interval: .seconds(1), logger: logger) { try await collector.run() }
    }

    /// The ledger of scoring is kept within bounds, some rows at a time.
    static func oldDecisions(_ metastore: Metastore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "decisions of scoring", interval: .seconds(600), logger: logger) {
            while !Task.isCancelled, try await metastore.scoreDecisions.sweep() {}
        }
    }

    /// When keys were last used goes to the database in batches.
    static func keyUses(_ authenticator: Authenticator, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "key use record", interval: .nanoseconds(AccessLimits.useRecordIntervalNanoseconds), logger: logger) {
            await authenticator.recordUses()
        }
    }

    /// What is left of providers' limits is forgotten where nobody has called for long.
    static func unusedRateBudgets(_ metastore: Metastore, logger: Logger) -> PeriodicDuty {
        PeriodicDuty(name: "unused rate budgets", interval: .seconds(3600), logger: logger) {
            try await metastore.rateBudgets.deleteUnused(forSeconds: unusedRateBudgetSeconds)
        }
    }

    /// Two days: the longest windows that providers count in are of one.
    private static let unusedRateBudgetSeconds = 172_800.0
}
