import Testing
import TraceModel

@testable import Metastore

@Suite struct SettingsRepositoryTests {
    @Test("settings start as defaults of version 0 and are replaced whole, by whoever knows their version")
    func replacing() async throws {
        let test = try await TestMetastore.open()
        let settings = test.metastore.settings, project = test.project.id, organization = test.organization.id
        #expect(
            try await settings.read(project, in: organization)
                == VersionedSettings(settings: ProjectSettings(retentionDays: 30), version: 0))
        #expect(try await settings.read(project, in: .make()) == nil)
        let wanted = ProjectSettings(
            retentionDays: 7, retentionByteCount: 1 << 31, byteQuota: 1 << 30, ingestRequestsPerSecond: 100, ingestBytesPerSecond: 1 << 20,
            redactionRules: Array(#"{"mode": "metadata_only"}"#.utf8), defaultModels: Array(#"{"chat": "m"}"#.utf8),
            allowedOrigins: ["https://a.example"])
        let first = try await settings.replace(project, in: organization, with: wanted, version: 0, audit: test.audit)
        #expect(first == .replaced(VersionedSettings(settings: wanted, version: 1)))
        #expect(try await test.metastore.projects.retention() == [project: ProjectRetention(days: 7, byteCount: 1 << 31)])
        #expect(try await settings.replace(project, in: organization, with: wanted, version: 0, audit: test.audit) == .outdated(version: 1))
        #expect(try await settings.replace(.make(), in: organization, with: wanted, version: nil, audit: test.audit) == .notFound)
        let second = try await settings.replace(project, in: organization, with: ProjectSettings(), version: nil, audit: test.audit)
        #expect(second == .replaced(VersionedSettings(settings: ProjectSettings(), version: 2)))
        #expect(try await test.metastore.projects.find(project, in: organization)?.retentionDays == nil)
        #expect(try await settings.all() == [project: VersionedSettings(settings: ProjectSettings(), version: 2)])
        let entries = try await test.metastore.auditEntries.list(in: organization, page: PageRequest()).items.filter {
            $0.resourceKind == "settings"
        }
        #expect(entries.count == 2)
        #expect(String(decoding: entries[0].before ?? [], as: UTF8.self).contains("metadata_only"))
    }

    @Test("each setting out of its bounds is refused by its name")
    func bounds() async throws {
        let test = try await TestMetastore.open()
        func field(_ wanted: ProjectSettings) async -> String? {
            await failure {
                try await test.metastore.settings.replace(
                    test.project.id, in: test.organization.id, with: wanted, version: nil, audit: test.audit)
            }?.field
        }
        #expect(await field(ProjectSettings(retentionDays: 0)) == "retention_days")
        #expect(await field(ProjectSettings(byteQuota: 0)) == "byte_quota")
        #expect(await field(ProjectSettings(retentionByteCount: 1)) == "retention_bytes")
        #expect(await field(ProjectSettings(ingestRequestsPerSecond: -1)) == "ingest_requests_per_second")
        #expect(await field(ProjectSettings(redactionRules: Array("[]".utf8))) == "redaction_rules")
        #expect(try await test.metastore.settings.read(test.project.id, in: test.organization.id)?.version == 0, "nothing of it was stored")
    }
}
