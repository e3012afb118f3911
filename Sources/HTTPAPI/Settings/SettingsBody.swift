/// A body of `PUT /api/v1/settings`, read: every member is set, one that is missing goes back to its default.

import ByteCoding
import HTTPServer
import HTTPTypes
import Ingest
import Metastore

struct SettingsBody {
    static let maximumModelCount = 20
    static let maximumModelByteCount = 200
    static let maximumOriginCount = 50
    static let maximumOriginByteCount = 300

    private let request: APIRequest

    /// - Throws: 422 for members that are none.
    init(_ request: APIRequest) throws(Problem) {
        try request.requireOnly([
            "retention_days", "retention_bytes", "byte_quota", "ingest_requests_per_second", "ingest_bytes_per_second", "redaction",
            "default_models", "allowed_origins",
        ])
        self.request = request
    }

    func settings() throws(Problem) -> ProjectSettings {
        ProjectSettings(
            retentionDays: try request.integer("retention_days", in: 1...Int64(MetastoreLimits.maximumRetentionDayCount)).map { Int($0) },
            retentionByteCount: try request.integer("retention_bytes", in: 1 << 20...1 << 50),
            byteQuota: try request.integer("byte_quota", in: 1 << 20...1 << 50),
            ingestRequestsPerSecond: try request.integer("ingest_requests_per_second", in: 1...1_000_000).map { Int($0) },
            ingestBytesPerSecond: try request.integer("ingest_bytes_per_second", in: 1024...1_000_000_000_000),
            redactionRules: try Self.rules(request.body["redaction"] ?? .null).json.bytes, defaultModels: try models(),
            allowedOrigins: try origins())
    }

    /// Null for no rules.
    static func rules(_ value: JSONValue) throws(Problem) -> RedactionRules {
        guard !value.isNull else { return RedactionRules() }
        do throws(RedactionRulesError) { return try RedactionRules(json: value) } catch {
            throw Problem(
                .unprocessableContent, "the redaction rules cannot be used: \(error)", kind: "invalid-field",
                errors: error.faults.map { .init(field: $0.path.isEmpty ? "redaction" : "redaction.\($0.path)", message: $0.message) })
        }
    }

    private func models() throws(Problem) -> [UInt8] {
        guard let value = request.body["default_models"], !value.isNull else { return Array("{}".utf8) }
        guard let members = value.objectValue, members.count <= Self.maximumModelCount,
            members.allSatisfy({ member in
                [member.key, member.value.stringValue ?? ""].allSatisfy { (1...Self.maximumModelByteCount).contains($0.utf8.count) }
            })
        else { throw .unprocessable("default_models", "must be an object of at most \(Self.maximumModelCount) purposes and their models") }
        return value.bytes
    }

    private func origins() throws(Problem) -> [String] {
        guard let value = request.body["allowed_origins"], !value.isNull else { return [] }
        guard let elements = value.arrayValue, elements.count <= Self.maximumOriginCount else {
            throw .unprocessable("allowed_origins", "must be a list of at most \(Self.maximumOriginCount) origins")
        }
        var origins: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue, Self.isOrigin(text) else {
                throw .unprocessable(
                    "allowed_origins[\(index)]", "must be an origin as browsers send it, like https://app.example or http://localhost:3000")
            }
            if !origins.contains(text) { origins.append(text) }
        }
        return origins
    }

    /// `scheme://host` or `scheme://host:port` in lower case.
    private static func isOrigin(_ text: String) -> Bool {
        text.utf8.count <= maximumOriginByteCount
            && text.wholeMatch(of: /https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(:[0-9]{1,5})?/) != nil
    }
}
