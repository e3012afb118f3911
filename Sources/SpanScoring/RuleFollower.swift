/// Holds what comes in against the rules of its project, in the order of arrival, beside the ingest path. Where it stands is a row in
/// PostgreSQL, written with the decisions it stands for (docs/scoring.md).

import ByteCoding
import EvaluationModel
import Logging
import Metastore
import SpanStore
import TraceModel
import TraceQuery

actor RuleFollower {
    private let store: SpanStore
    private let examiner: SpanExaminer
    private let ledger: ScoreDecisionRepository
    private let logger: Logger
    private var cursors: [ProjectID: ChangeCursor] = [:]
    /// Looks at the place where a project stands that failed to read.
    private var readFailures: [ProjectID: (lsn: UInt64, count: Int)] = [:]

    init(store: SpanStore, threads: ScanThreads, ledger: ScoreDecisionRepository, logger: Logger) {
        self.store = store
        examiner = SpanExaminer(threads: threads)
        self.ledger = ledger
        self.logger = logger
    }

    private struct FollowedRule {
        let rule: ScoreRule
        let filter: SpanFilter
        let scorers: [ScorerSpecification]
        var admission: SpanAdmission
    }

    /// Where the store stands: a rule that is enabled now holds from here on. What is live is kept in sight until the next look.
    func newestPosition(of project: ProjectID) async -> StorePosition {
        let cursor = await store.newestCursor(of: project)
        if cursors[project] == nil { cursors[project] = cursor }
        return StorePosition(node: store.identity, lsn: cursor.lsn)
    }

    /// One look at every project that has an enabled rule. Throws MetastoreError, `CancellationError`.
    func look() async throws {
        let projects = try await ledger.enabledRules(node: store.identity)
        let known = Set(projects.map(\.id))
        cursors = cursors.filter { known.contains($0.key) }
        readFailures = readFailures.filter { known.contains($0.key) }
        for project in projects {
            do { try await look(at: project) } catch {
                // Memory is not held while nothing can be written.
                cursors[project.id] = cursors[project.id]?.released()
                throw error
            }
        }
    }

    private func look(at project: FollowedProject) async throws {
        guard let position = project.position else {
            return try await ledger.begin(project.id, at: await newestPosition(of: project.id))
        }
        var cursor = ChangeCursor(lsn: position.lsn)
        if let mine = cursors[project.id], mine.lsn == position.lsn { cursor = mine }
        let changes = await store.changes(of: project.id, after: cursor)
        var rules = project.rules.compactMap { followed($0) }
        for unit in changes.units {
            let place = StorePosition(node: store.identity, lsn: unit.seenThroughLSN)
            do throws(QueryError) {
                let examination = try await examiner.examine(unit.rows, rules.map { $0.filter.parts.map(\.filter) }, limits: Self.limits)
                try await decide(unit, examination, &rules, of: project.id, before: position, place)
            } catch {
                if error.code == .cancelled { throw CancellationError() }
                try passOverIfHopeless(error, project.id, position)
                try await ledger.record([], of: project.id, through: place)
            }
        }
        readFailures[project.id] = nil
        cursors[project.id] = changes.next
    }

    /// Throws what it was given until it has come often enough.
    private func passOverIfHopeless(_ error: QueryError, _ project: ProjectID, _ position: StorePosition) throws(QueryError) {
        var failures = readFailures[project] ?? (position.lsn, 0)
        failures = failures.lsn == position.lsn ? (position.lsn, failures.count + 1) : (position.lsn, 1)
        readFailures[project] = failures
        guard failures.count >= SpanScoringLimits.maximumReadAttemptCount else { throw error }
        logger.error(
            "spans that cannot be read are not scored",
            metadata: ["project": "\(project.uuid)", "after_lsn": "\(position.lsn)", "error": "\(error.message)"])
    }

    /// nil, and a word in the log, for a rule that cannot be read: it was made by another version of the program.
    private func followed(_ given: FollowedProject.Rule) -> FollowedRule? {
        let rule = given.rule
        do {
            return FollowedRule(
                rule: rule, filter: try SpanFilter(json: try JSONValue.parse(rule.filter), for: .rule),
                scorers: try StoredSpanScorers.read(json: try JSONValue.parse(rule.scorers)),
                admission: SpanAdmission(
                    samplingRate: rule.samplingRate, isCapSpent: rule.isCapSpent,
                    room: ScoreRuleLimits.maximumQueuedCount - given.waitingCount))
        } catch {
            logger.error("a score rule cannot be read", metadata: ["rule": "\(rule.id.uuid)", "error": "\(error)"])
            return nil
        }
    }

    private func decide(
        _ unit: StoreChanges.Unit, _ examination: UnitExamination, _ rules: inout [FollowedRule], of project: ProjectID,
        before: StorePosition, _ place: StorePosition
    ) async throws(QueryError) {
        do {
            var pending: [RuleDecisions] = []
            for index in rules.indices {
                var rule = rules[index]
                let judged = UnitJudgement(
                    rule.rule.id, examination, failed: examination.failedParts[safe: index] ?? [], rule.filter, &rule.admission,
                    since: unit.mayHaveSeenRows ? rule.rule.enabledTimeUnixNano - SpanScoringLimits.exportDelayNanoseconds : nil)
                rules[index] = rule
                pending.append(judged.decisions)
                try await queue(judged.admitted, unit, rule, of: project, before)
            }
            try await ledger.record(pending, of: project, through: place)
        } catch let error as QueryError { throw error } catch { throw QueryError(.storage, "\(error)", cause: error) }
    }

    /// Jobs of admitted spans, some at a time; the position stays until all of the unit is written.
    private func queue(
        _ rows: [Int32], _ unit: StoreChanges.Unit, _ rule: FollowedRule, of project: ProjectID, _ position: StorePosition
    ) async throws {
        var batch = RuleDecisions(rule: rule.rule.id), byteCount = 0
        let snapshot = store.snapshot(of: project)
        for start in stride(from: 0, to: rows.count, by: SpanScoringLimits.recordCount) {
            let some = Array(rows[start..<min(start + SpanScoringLimits.recordCount, rows.count)])
            for span in try await examiner.records(at: some, in: unit.rows, joining: snapshot, limits: Self.limits) {
                let decision = NewScoreDecision.queued(span, scorers: rule.scorers)
                byteCount += decision.payload?.count ?? 0
                batch.listed.append(decision)
            }
            if batch.listed.count >= SpanScoringLimits.writtenDecisionCount || byteCount >= SpanScoringLimits.writtenByteCount {
                try await ledger.record([batch], of: project, through: position)
                batch = RuleDecisions(rule: rule.rule.id)
                byteCount = 0
            }
        }
        if !batch.listed.isEmpty { try await ledger.record([batch], of: project, through: position) }
    }

    /// Nobody waits for it; it must not take the machine, either.
    private static let limits = QueryLimits(timeMilliseconds: QueryLimits.maximumTimeMilliseconds)
}
