/// `/api/v1/trace-features`: what users were trying to do, as analyses of traces found it.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct TraceFeaturesHandlers: Sendable {
    let features: FeatureRepository

    private static let trends: Set<String> = ["new", "growing", "steady", "shrinking"]
    /// Windows of the history of one feature: three months of days.
    private static let historyCount = 100

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/trace-features", one = root + "/{feature_id}"
        return [
            builder.operation(
                "listTraceFeatures", .get, root, .permission(.readTraces), query: ["trend", "include_archived", "limit", "cursor"],
                statuses: [200], handler: listTraceFeatures),
            builder.operation("getTraceFeature", .get, one, .permission(.readTraces), statuses: [200], handler: getTraceFeature),
            builder.operation(
                "updateTraceFeature", .patch, one, .permission(.startRuns), body: .json, statuses: [200], handler: updateTraceFeature),
            builder.operation(
                "listTracesOfFeature", .get, one + "/traces", .permission(.readTraces), query: ["analysis_id"], statuses: [200],
                handler: listTracesOfFeature),
        ]
    }

    func listTraceFeatures(_ request: APIRequest) async throws -> Response {
        let trend = request.query["trend"]
        if let trend, !Self.trends.contains(trend) { throw Problem.invalid("trend", "must be new, growing, steady or shrinking") }
        let page = try await features.list(
            in: try request.project, trend: trend, includingArchived: try request.boolean("include_archived"), page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { writer, feature in
            writer.beginObject()
            writer.feature(feature)
            writer.endObject()
        }
    }

    func getTraceFeature(_ request: APIRequest) async throws -> Response {
        let project = try request.project, id = try Self.id(request)
        guard let feature = try await features.find(id, in: project) else { throw Problem.notFound("feature") }
        return try await reply(feature)
    }

    func updateTraceFeature(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "description", "is_archived"])
        let description = request.body["description"]
        if let description, description.stringValue == nil { throw Problem.unprocessable("description", "must be a text") }
        let change = FeatureChange(
            name: try request.text("name", maximumByteCount: 400), description: description?.stringValue,
            isArchived: try request.bool("is_archived"))
        let feature = try await features.update(try Self.id(request), in: try request.project, change, audit: try request.audit)
        guard let feature else { throw Problem.notFound("feature") }
        return try await reply(feature)
    }

    private func reply(_ feature: Feature) async throws -> Response {
        let windows = try await features.windows(of: feature.id, in: feature.projectID, limit: Self.historyCount)
        return .json { writer in
            writer.beginObject()
            writer.feature(feature)
            writer.key("windows")
            writer.beginArray()
            for window in windows {
                writer.beginObject()
                writer.window(window)
                writer.member("examples", raw: window.examples)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    /// As many as an analysis looks at, at most.
    func listTracesOfFeature(_ request: APIRequest) async throws -> Response {
        let project = try request.project, id = try Self.id(request)
        var analysis: FeatureAnalysisID?
        if let text = request.query["analysis_id"] {
            guard let id = FeatureAnalysisID(uuid: text) else { throw Problem.invalid("analysis_id", "must be an analysis's id") }
            analysis = id
        }
        guard let members = try await features.members(of: id, in: project, analysis: analysis) else { throw Problem.notFound("feature") }
        return .json { writer in
            writer.beginObject()
            writer.key("window")
            writer.beginObject()
            writer.window(members.window)
            writer.endObject()
            writer.member("trace_ids", members.traceIDs.map(\.hex))
            writer.endObject()
        }
    }

    private static func id(_ request: APIRequest) throws(Problem) -> FeatureID {
        guard let id = FeatureID(uuid: request.path("feature_id")) else { throw .notFound("feature") }
        return id
    }
}

extension JSONWriter {
    fileprivate mutating func feature(_ feature: Feature) {
        member("id", feature.id.uuid)
        member("name", feature.name)
        member("description", feature.description)
        member("is_named", feature.isNamed)
        member("first_window_start", unixNano: feature.firstWindowStartUnixNano)
        member("last_window_end", unixNano: feature.lastWindowEndUnixNano)
        key("newest")
        if let newest = feature.newest {
            beginObject()
            window(newest)
            endObject()
        } else {
            null()
        }
        member("created_at", unixNano: feature.createdTimeUnixNano)
        member("archived_at", unixNano: feature.archivedTimeUnixNano)
    }

    fileprivate mutating func window(_ window: FeatureWindow) {
        let count = Double(window.traceCount)
        member("analysis_id", window.analysisID.uuid)
        member("start", unixNano: window.startUnixNano)
        member("end", unixNano: window.endUnixNano)
        member("trend", window.trend)
        member("trace_count", window.traceCount)
        member("share", window.analyzedTraceCount == 0 ? 0 : count / Double(window.analyzedTraceCount))
        member("error_count", window.errorCount)
        member("error_rate", window.traceCount == 0 ? nil : Double(window.errorCount) / count)
        member("cost_usd", Double(window.costNanoUSD) / 1e9)
        member("mean_duration_ms", window.traceCount == 0 ? nil : Double(window.durationNano) / 1e6 / count)
    }
}
