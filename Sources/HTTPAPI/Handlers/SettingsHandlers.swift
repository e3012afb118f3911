/// `/api/v1/settings`: what a project's administrators decide for it, read and replaced as a whole; and `/api/v1/redaction/preview`,
/// which tries rules on a pasted span.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Metastore

struct SettingsHandlers: Sendable {
    let metastore: Metastore
    let inForce: SettingsInForce
    /// One at a time, and apart from ingest's.
    private let threads = RedactionThreads(laneCount: 1, maximumWaitingCount: RedactionLimits.maximumWaitingPreviewCount)

    init(metastore: Metastore, inForce: SettingsInForce) {
        self.metastore = metastore
        self.inForce = inForce
    }

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation("getSettings", .get, "/api/v1/settings", .permission(.readSettings), statuses: [200], handler: getSettings),
            builder.operation(
                "replaceSettings", .put, "/api/v1/settings", .permission(.manageSettings), body: .json, statuses: [200, 412],
                handler: replaceSettings),
            builder.operation(
                "previewRedaction", .post, "/api/v1/redaction/preview", .permission(.previewRedaction), body: .jsonOfAnyText,
                statuses: [200],
                handler: previewRedaction),
        ]
    }

    func getSettings(_ request: APIRequest) async throws -> Response { try Self.reply(try await current(request)) }

    func replaceSettings(_ request: APIRequest) async throws -> Response {
        let settings = try SettingsBody(request).settings()
        let project = try request.project
        let outcome = try await metastore.settings.replace(
            project, in: try request.principal.organizationID, with: settings, version: try Self.expectedVersion(request),
            audit: try request.audit)
        switch outcome {
        case .replaced(let stored):
            try await inForce.apply(stored, to: project)
            return try Self.reply(stored)
        case .outdated(let version):
            throw Problem(.preconditionFailed, "the settings have version \(version) by now: read them again", kind: "changed")
        case .notFound: throw AccessError.unknownProject
        }
    }

    func previewRedaction(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["span", "redaction"])
        guard let span = request.body["span"], span.objectValue != nil else {
            throw Problem.unprocessable("span", "must be a span in OTLP's JSON: an object with members like name and attributes")
        }
        let rules: RedactionRules
        if let given = request.body["redaction"], !given.isNull {
            rules = try SettingsBody.rules(given)
        } else {
            rules = try RedactionRules(json: try await current(request).settings.redactionRules)
        }
        // Each call has its own salt: the hashes say what would be hashed, never whether a guess equals what is stored.
        let program = RedactionProgram(trying: rules)
        let preview: RedactionPreview
        do throws(IngestError) {
            preview = try await threads.run { [bytes = span.bytes] (stop) throws(IngestError) in
                try RedactionPreview(of: bytes, under: program, stop: stop)
            }
        } catch {
            throw error.retryAfterSeconds == nil ? Problem.unprocessable("span", error.message) : Problem(describing: error)
        }
        return .json { writer in
            writer.beginObject()
            writer.key("span")
            writer.raw(preview.span)
            writer.key("counts")
            writer.beginObject()
            for (rule, count) in preview.counts.byRule.sorted(by: { $0.key < $1.key }) { writer.member(rule, count) }
            writer.endObject()
            writer.endObject()
        }
    }

    private func current(_ request: APIRequest) async throws -> VersionedSettings {
        guard let settings = try await metastore.settings.read(try request.project, in: try request.principal.organizationID) else {
            throw AccessError.unknownProject
        }
        return settings
    }

    /// Of `If-Match: "3"`; nil without the header or for `*`.
    private static func expectedVersion(_ request: APIRequest) throws(Problem) -> Int64? {
        guard let text = request.headers[.ifMatch], text != "*" else { return nil }
        guard text.count > 2, text.hasPrefix("\""), text.hasSuffix("\""), let version = Int64(text.dropFirst().dropLast()) else {
            throw .invalid("If-Match", "must be the version in quotes, like \"3\"")
        }
        return version
    }

    private static func reply(_ settings: VersionedSettings) throws -> Response {
        .json(headers: [.eTag: "\"\(settings.version)\""]) { writer in
            let values = settings.settings
            writer.beginObject()
            writer.member("version", settings.version)
            writer.member("retention_days", values.retentionDays)
            writer.member("retention_bytes", values.retentionByteCount)
            writer.member("byte_quota", values.byteQuota)
            writer.member("ingest_requests_per_second", values.ingestRequestsPerSecond)
            writer.member("ingest_bytes_per_second", values.ingestBytesPerSecond)
            writer.key("redaction")
            writer.raw(values.redactionRules)
            writer.key("default_models")
            writer.raw(values.defaultModels)
            writer.member("allowed_origins", values.allowedOrigins)
            writer.endObject()
        }
    }
}
