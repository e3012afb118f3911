/// `/api/v1/feature-analyses` and `/api/v1/feature-schedule`: when the traces of a project are looked through for what users were trying to
/// do. The handlers write rows; the server's collector and the workers do the rest.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel
import TraceQuery

struct FeatureAnalysesHandlers: Sendable {
    let features: FeatureRepository

    private static let defaultTraceCount: Int64 = 1_000
    private static let defaultSpendingCapUSD = 1.0
    private static let defaultPeriodHours: Int64 = 24

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/feature-analyses", one = root + "/{analysis_id}", schedule = "/api/v1/feature-schedule"
        return [
            builder.operation(
                "startFeatureAnalysis", .post, root, .permission(.startRuns), body: .json, statuses: [200, 202],
                handler: startFeatureAnalysis),
            builder.operation(
                "listFeatureAnalyses", .get, root, .permission(.readTraces), query: ["limit", "cursor"], statuses: [200],
                handler: listFeatureAnalyses),
            builder.operation("getFeatureAnalysis", .get, one, .permission(.readTraces), statuses: [200], handler: getFeatureAnalysis),
            builder.operation(
                "cancelFeatureAnalysis", .post, one + "/cancel", .permission(.startRuns), statuses: [200, 409],
                handler: cancelFeatureAnalysis),
            builder.operation("getFeatureSchedule", .get, schedule, .permission(.readTraces), statuses: [200], handler: getFeatureSchedule),
            builder.operation(
                "replaceFeatureSchedule", .put, schedule, .permission(.startRuns), body: .json, statuses: [200],
                handler: replaceFeatureSchedule),
        ]
    }

    // MARK: - Analyses

    func startFeatureAnalysis(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["start", "end", "maximum_traces", "spending_cap_usd", "filter"])
        let start = try Self.time(request, "start"), end = try Self.time(request, "end")
        guard start < end else { throw Problem.unprocessable("end", "must be after start") }
        guard end <= Int64(clamping: WallClock.nowUnixNano()) else {
            throw Problem.unprocessable("end", "must not be in the future: a window is analyzed once, and whole")
        }
        let order = FeatureAnalysisOrder(
            windowStartUnixNano: start, windowEndUnixNano: end, maximumTraceCount: try Self.traceCount(request),
            spendingCapNanoUSD: try Self.spendingCap(request), filter: try Self.filter(request))
        let (analysis, isNew) = try await features.order(order, in: try request.project, audit: try request.audit)
        return .json(isNew ? .accepted : .ok) { $0.analysis(analysis) }
    }

    func listFeatureAnalyses(_ request: APIRequest) async throws -> Response {
        let page = try await features.listAnalyses(in: try request.project, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.analysis($1) }
    }

    func getFeatureAnalysis(_ request: APIRequest) async throws -> Response {
        guard let analysis = try await features.findAnalysis(try Self.id(request), in: try request.project) else {
            throw Problem.notFound("analysis")
        }
        return .json { $0.analysis(analysis) }
    }

    func cancelFeatureAnalysis(_ request: APIRequest) async throws -> Response {
        let ended = try await features.cancelAnalysis(try Self.id(request), in: try request.project, audit: try request.audit)
        guard let ended else { throw Problem.notFound("analysis") }
        guard ended.wasOpen else {
            throw Problem(.conflict, "an analysis that is \(ended.analysis.state.rawValue) cannot be cancelled", kind: "analysis-state")
        }
        return .json { $0.analysis(ended.analysis) }
    }

    private static func id(_ request: APIRequest) throws(Problem) -> FeatureAnalysisID {
        guard let id = FeatureAnalysisID(uuid: request.path("analysis_id")) else { throw .notFound("analysis") }
        return id
    }

    // MARK: - The schedule

    /// Of a project without one: disabled, with what would hold.
    func getFeatureSchedule(_ request: APIRequest) async throws -> Response {
        let stored = try await features.schedule(of: try request.project)
        return .json { writer in
            let schedule =
                stored?.schedule
                ?? FeatureSchedule(
                    isEnabled: false, periodHours: Int(Self.defaultPeriodHours), maximumTraceCount: Int(Self.defaultTraceCount),
                    spendingCapNanoUSD: Int64(Self.defaultSpendingCapUSD * 1e9), filter: Array("{}".utf8))
            writer.schedule(schedule, stored)
        }
    }

    func replaceFeatureSchedule(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["is_enabled", "period_hours", "maximum_traces", "spending_cap_usd", "filter"])
        guard let isEnabled = try request.bool("is_enabled") else { throw Problem.unprocessable("is_enabled", "is missing") }
        let schedule = FeatureSchedule(
            isEnabled: isEnabled, periodHours: Int(try request.integer("period_hours", in: 1...744) ?? Self.defaultPeriodHours),
            maximumTraceCount: try Self.traceCount(request), spendingCapNanoUSD: try Self.spendingCap(request),
            filter: try Self.filter(request))
        let stored = try await features.replaceSchedule(of: try request.project, with: schedule, audit: try request.audit)
        return .json { $0.schedule(stored.schedule, stored) }
    }

    // MARK: - Members of both

    private static func time(_ request: APIRequest, _ name: String) throws(Problem) -> Int64 {
        guard let time = TimeText.unixNano(try request.requiredText(name, maximumByteCount: 64)), time >= 0 else {
            throw .unprocessable(name, "must be a time like 2026-01-01T00:00:00Z")
        }
        // As PostgreSQL keeps it: a repeated request has to find its window.
        return time / 1_000 * 1_000
    }

    private static func traceCount(_ request: APIRequest) throws(Problem) -> Int {
        Int(try request.integer("maximum_traces", in: 10...4_096) ?? defaultTraceCount)
    }

    private static func spendingCap(_ request: APIRequest) throws(Problem) -> Int64 {
        Int64(((try request.double("spending_cap_usd", in: 0.000_001...1_000_000) ?? defaultSpendingCapUSD) * 1e9).rounded())
    }

    private static func filter(_ request: APIRequest) throws -> [UInt8] {
        guard let filter = request.body["filter"], !filter.isNull else { return Array("{}".utf8) }
        guard filter.objectValue != nil else { throw Problem.unprocessable("filter", "must be a filter of spans: an object") }
        do throws(QueryError) { _ = try FilterParser.parse(filter) } catch {
            throw Problem.unprocessable(error.path.isEmpty ? "filter" : error.path, error.message)
        }
        return filter.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func analysis(_ analysis: FeatureAnalysisRecord) {
        beginObject()
        member("id", analysis.id.uuid)
        member("state", analysis.state.rawValue)
        member("start", unixNano: analysis.order.windowStartUnixNano)
        member("end", unixNano: analysis.order.windowEndUnixNano)
        member("maximum_traces", analysis.order.maximumTraceCount)
        member("spending_cap_usd", Double(analysis.order.spendingCapNanoUSD) / 1e9)
        member("filter", raw: analysis.order.filter)
        member("window_trace_count", analysis.windowTraceCount)
        member("trace_count", analysis.traceCount)
        member("cost_usd", Double(analysis.costNanoUSD) / 1e9)
        member("embedding_model", analysis.embeddingModel)
        member("created_at", unixNano: analysis.createdTimeUnixNano)
        member("finished_at", unixNano: analysis.finishTimeUnixNano)
        endObject()
    }

    fileprivate mutating func schedule(_ schedule: FeatureSchedule, _ stored: StoredFeatureSchedule?) {
        beginObject()
        member("is_enabled", schedule.isEnabled)
        member("period_hours", schedule.periodHours)
        member("maximum_traces", schedule.maximumTraceCount)
        member("spending_cap_usd", Double(schedule.spendingCapNanoUSD) / 1e9)
        member("filter", raw: schedule.filter)
        member("next_window_start", unixNano: schedule.isEnabled ? stored?.nextWindowStartUnixNano : nil)
        member("updated_at", unixNano: stored?.updateTimeUnixNano)
        endObject()
    }
}
