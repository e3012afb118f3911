import Metastore
import PostgresTesting
import Testing
import TraceModel

@Suite struct ProjectRepositoryTests {
    @Test("a project is found as it was made, changed, archived")
    func life() async throws {
        let test = try await TestMetastore.open()
        let projects = test.metastore.projects, organization = test.organization.id
        #expect(try await projects.find(test.project.id, in: organization) == test.project)
        #expect(try await test.metastore.organizations.find(organization) == test.organization)
        #expect(test.project.retentionDays == 30)
        let renamed = try #require(try await projects.update(test.project.id, in: organization, ProjectChange(name: "Store")))
        #expect(renamed.name == "Store" && renamed.retentionDays == 30)
        let kept = try #require(try await projects.update(test.project.id, in: organization, ProjectChange(retention: .forEver)))
        #expect(kept.retentionDays == nil && kept.name == "Store")
        #expect(try await projects.retention().isEmpty)
        _ = try await projects.update(test.project.id, in: organization, ProjectChange(retention: .days(7)))
        #expect(try await projects.retention() == [test.project.id: ProjectRetention(days: 7)])
        let archived = try #require(try await projects.archive(test.project.id, in: organization))
        #expect(archived.archivedTimeUnixNano != nil)
        #expect(try await projects.archive(test.project.id, in: organization) == archived, "again changes nothing")
        #expect(try await projects.list(in: organization, page: PageRequest()).items.isEmpty)
        #expect(try await projects.list(in: organization, includingArchived: true, page: PageRequest()).items == [archived])
    }

    @Test("another organization's project is as good as none")
    func isolation() async throws {
        let test = try await TestMetastore.open()
        let stranger = try await test.metastore.organizations.create(name: "Other").id
        let projects = test.metastore.projects
        #expect(try await projects.find(test.project.id, in: stranger) == nil)
        #expect(try await projects.update(test.project.id, in: stranger, ProjectChange(name: "Mine")) == nil)
        #expect(try await projects.archive(test.project.id, in: stranger) == nil)
        #expect(try await projects.list(in: stranger, page: PageRequest()).items.isEmpty)
        #expect(try await projects.find(test.project.id, in: test.organization.id) == test.project)
    }

    @Test("a wrong value is refused by its field's name")
    func refusals() async throws {
        let test = try await TestMetastore.open()
        let projects = test.metastore.projects, organization = test.organization.id
        for name in ["", " x", "x\n", String(repeating: "x", count: 101), "a\u{0}"] {
            let error = try #require(await failure { try await projects.create(name: name, in: organization) })
            #expect(error.code == .invalid && (error.field == "name" || name.contains("\u{0}")), "\(error)")
        }
        for days in [0, -1, 36_501, .max, .min] {
            let error = try #require(await failure { try await projects.create(name: "p", retentionDays: days, in: organization) })
            #expect(error.code == .invalid && error.field == "retention_days")
        }
        let conflict = try #require(await failure { try await projects.create(name: "Shop", in: organization) })
        #expect(conflict.code == .conflict && conflict.field == "name")
        #expect(await failure { try await projects.create(name: "p", in: OrganizationID.make()) }?.code == .notFound)
    }

    @Test("names that look like SQL are stored literally")
    func literally() async throws {
        let test = try await TestMetastore.open()
        let names = [
            "'; DROP TABLE projects; --", "\\'; SELECT 1", "$1", "a' OR '1'='1", "<script>", "\u{202e}😀",
            String(repeating: "é", count: 100),
        ]
        for name in names {
            let project = try await test.metastore.projects.create(name: name, in: test.organization.id)
            #expect(try await test.metastore.projects.find(project.id, in: test.organization.id)?.name == name)
        }
        #expect(try await test.metastore.projects.list(in: test.organization.id, page: PageRequest()).items.count == names.count + 1)
    }

    @Test("a list pages through everything once, newest first, whatever is added meanwhile")
    func paging() async throws {
        let test = try await TestMetastore.open()
        var expected = [test.project.id]
        for number in 0..<12 {
            expected.insert(try await test.metastore.projects.create(name: "p\(number)", in: test.organization.id).id, at: 0)
        }
        var seen: [ProjectID] = []
        var cursor: String?
        repeat {
            let page = try await test.metastore.projects.list(in: test.organization.id, page: PageRequest(limit: 5, cursor: cursor))
            #expect(page.items.count <= 5)
            seen += page.items.map(\.id)
            cursor = page.nextCursor
            _ = try await test.metastore.projects.create(name: "new \(seen.count)", in: test.organization.id)
        } while cursor != nil
        #expect(seen == expected)
    }

    @Test("a made-up cursor, or one of another list, and a limit out of range are refused")
    func wrongPages() async throws {
        let test = try await TestMetastore.open()
        for cursor in [
            "", "p", "x", "k" + String(repeating: "0", count: 32), "p" + String(repeating: "g", count: 32),
            "p+" + String(repeating: "0", count: 31), "p" + String(repeating: "0", count: 33), "' OR 1=1",
        ] {
            let error = await failure {
                try await test.metastore.projects.list(in: test.organization.id, page: PageRequest(cursor: cursor))
            }
            #expect(error?.code == .invalid && error?.field == "cursor", "\(cursor)")
        }
        for limit in [0, -1, 501] { #expect(throws: MetastoreError.self) { try PageRequest(limit: limit) } }
    }
}
