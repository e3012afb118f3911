import Testing
import TraceModel

@testable import Metastore

@Suite struct FeatureFlagTests {
    @Test("a percentage picks about that many projects, always the same, and more of it only adds")
    func percentage() {
        let projects = (0..<2_000).map { ProjectID(high: UInt64($0) &* 0x9e37_79b9_7f4a_7c15, low: UInt64($0)) }
        func enabled(_ percentage: Int) -> Set<ProjectID> {
            Set(projects.filter { FeatureFlag(name: "new-view", percentage: percentage, overrides: [:]).isEnabled(for: $0) })
        }
        #expect(enabled(0).isEmpty && enabled(100).count == 2_000)
        #expect((400...600).contains(enabled(25).count), "\(enabled(25).count)")
        #expect(enabled(25).isSubset(of: enabled(50)) && enabled(25) == enabled(25))
    }

    @Test("flags are set, overridden per project, listed and removed, each in its organization")
    func repository() async throws {
        let test = try await TestMetastore.open()
        let flags = test.metastore.featureFlags, organization = test.organization.id
        let flag = FeatureFlag(name: "new-view", percentage: 0, overrides: [test.project.id: true])
        try await flags.set(flag, in: organization, audit: test.audit)
        #expect(try await flags.list(in: organization) == [flag])
        #expect(try await flags.list(in: organization)[0].isEnabled(for: test.project.id))
        try await flags.set(FeatureFlag(name: "new-view", percentage: 100, overrides: [:]), in: organization, audit: test.audit)
        #expect(try await flags.list(in: organization).map(\.percentage) == [100])
        let foreign = try await test.metastore.organizations.create(name: "Other")
        #expect(try await flags.list(in: foreign.id).isEmpty)
        #expect(await failure { try await flags.set(flag, in: foreign.id, audit: test.audit) }?.code == .notFound)
        #expect(
            await failure {
                try await flags.set(FeatureFlag(name: "x", percentage: 101, overrides: [:]), in: organization, audit: test.audit)
            }?.field == "percentage")
        #expect(try await flags.remove("new-view", in: foreign.id, audit: test.audit) == false)
        #expect(try await flags.remove("new-view", in: organization, audit: test.audit))
        #expect(try await flags.list(in: organization).isEmpty)
    }
}
