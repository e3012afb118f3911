/// `/api/v1/suites`: suites of test cases, their versions, and edits that make new ones.

import Access
import ByteCoding
import ContentReading
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore

struct SuitesHandlers: Sendable {
    let suites: SuiteRepository

    private static let maximumNameByteCount = 400, maximumDescriptionByteCount = 40_000, maximumMessageByteCount = 4_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/suites", one = root + "/{suite_id}", cases = one + "/test-cases"
        return [
            builder.operation(
                "createSuite", .post, root, .permission(.writeSuites), body: .json, statuses: [201, 409], handler: createSuite),
            builder.operation(
                "listSuites", .get, root, .permission(.readSuites), query: ["limit", "cursor", "include_archived"], statuses: [200],
                handler: listSuites),
            builder.operation("getSuite", .get, one, .permission(.readSuites), statuses: [200], handler: getSuite),
            builder.operation(
                "updateSuite", .patch, one, .permission(.writeSuites), body: .json, statuses: [200, 409], handler: updateSuite),
            builder.operation("archiveSuite", .delete, one, .permission(.writeSuites), statuses: [204], handler: archiveSuite),
            builder.operation(
                "listSuiteVersions", .get, one + "/versions", .permission(.readSuites), query: ["limit", "cursor"], statuses: [200],
                handler: listSuiteVersions),
            builder.operation(
                "listTestCases", .get, cases, .permission(.readSuites), query: ["version", "limit", "cursor"], statuses: [200],
                handler: listTestCases),
            builder.operation(
                "editTestCases", .post, cases, .permission(.writeSuites), body: .json, maximumBodyByteCount: APILimits.maximumEditByteCount,
                statuses: [200, 409], handler: editTestCases),
            builder.operation(
                "getTestCase", .get, cases + "/{key}", .permission(.readSuites), statuses: [200], handler: getTestCase),
        ]
    }

    func createSuite(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "description"])
        let suite = try await suites.create(
            name: try request.requiredText("name", maximumByteCount: Self.maximumNameByteCount),
            description: try request.text("description", maximumByteCount: Self.maximumDescriptionByteCount) ?? "",
            in: try request.project, audit: try request.audit)
        return .json(.created) { $0.suite(suite) }
    }

    func listSuites(_ request: APIRequest) async throws -> Response {
        let page = try await suites.list(
            in: try request.project, includingArchived: try request.boolean("include_archived"), page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.suite($1) }
    }

    func getSuite(_ request: APIRequest) async throws -> Response {
        let suite = try await suite(request)
        return .json { $0.suite(suite) }
    }

    func updateSuite(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "description"])
        let changed = try await suites.update(
            try request.suiteID, in: try request.project,
            name: try request.text("name", maximumByteCount: Self.maximumNameByteCount),
            description: try request.text("description", maximumByteCount: Self.maximumDescriptionByteCount), audit: try request.audit)
        guard let changed else { throw Problem.notFound("suite") }
        return .json { $0.suite(changed) }
    }

    func archiveSuite(_ request: APIRequest) async throws -> Response {
        guard try await suites.archive(try request.suiteID, in: try request.project, audit: try request.audit) != nil else {
            throw Problem.notFound("suite")
        }
        return .empty(.noContent)
    }

    func listSuiteVersions(_ request: APIRequest) async throws -> Response {
        let suite = try await suite(request)
        let limit = try request.limit()
        let before = try request.query["cursor"].map { text throws(Problem) in
            guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
                throw Problem.invalid("cursor", "is not one of this list; start without it")
            }
            return number
        }
        let versions = try await suites.versions(of: suite.id, before: before, limit: limit + 1)
        let next = versions.count > limit ? String(versions[limit - 1].number) : nil
        return .list(Array(versions.prefix(limit)), nextCursor: next) { $0.suiteVersion($1) }
    }

    func listTestCases(_ request: APIRequest) async throws -> Response {
        let suite = try await suite(request)
        let limit = try request.limit()
        let version = try request.integer("version", in: 0...Int(Int32.max), default: suite.currentVersion)
        guard version <= suite.currentVersion else { throw Problem.notFound("version of the suite") }
        let cursor = request.query["cursor"]
        guard cursor?.utf8.contains(0) != true else { throw Problem.invalid("cursor", "is not one of this list; start without it") }
        let cases = try await suites.cases(of: suite.id, version: version, after: cursor, limit: limit + 1)
        let next = cases.count > limit ? cases[limit - 1].key : nil
        return .list(Array(cases.prefix(limit)), nextCursor: next) { $0.testCase($1) }
    }

    func getTestCase(_ request: APIRequest) async throws -> Response {
        let suite = try await suite(request)
        let history = try await suites.history(of: request.path("key"), in: suite.id)
        guard let newest = history.first else { throw Problem.notFound("test case") }
        return .json { writer in
            writer.beginObject()
            writer.key("test_case")
            writer.testCase(newest)
            writer.key("history")
            writer.beginArray()
            for old in history { writer.testCase(old) }
            writer.endArray()
            writer.endObject()
        }
    }

    func editTestCases(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["put", "remove", "replace_all", "message", "expected_version"])
        let edit = SuiteEdit(
            puts: try Self.puts(request), removals: try Self.removals(request), replacesAll: try request.bool("replace_all") ?? false,
            source: .api, message: try request.text("message", maximumByteCount: Self.maximumMessageByteCount) ?? "",
            expectedVersion: try request.integer("expected_version", in: 0...Int64(Int32.max)).map(Int.init))
        let result = try await suites.edit(try request.suiteID, in: try request.project, edit, audit: try request.audit)
        guard let result else { throw Problem.notFound("suite") }
        return .json { $0.suiteEdit(result) }
    }

    private static func puts(_ request: APIRequest) throws -> [TestCaseContent] {
        guard let value = request.body["put"], !value.isNull else { return [] }
        guard let list = value.arrayValue else { throw Problem.unprocessable("put", "must be a list of test cases") }
        guard list.count <= TestCaseLimits.maximumCaseCount else { throw Problem.unprocessable("put", "has too many cases") }
        var problems: [ContentProblem] = [], cases: [TestCaseContent] = [], keys: Set<String> = []
        for (index, value) in list.enumerated() {
            do throws(InvalidContent) {
                let content = try TestCaseContent(json: value)
                if !keys.insert(content.key).inserted { problems.append(.init(path: "put[\(index)].key", message: "stands there twice")) }
                cases.append(content)
            } catch {
                let place = "put[\(index)]"
                problems += error.problems.map { .init(path: $0.path.isEmpty ? place : "\(place).\($0.path)", message: $0.message) }
            }
            if problems.count >= ContentReadingLimits.maximumProblemCount { break }
        }
        guard problems.isEmpty else { throw InvalidContent(problems) }
        return cases
    }

    private static func removals(_ request: APIRequest) throws(Problem) -> [String] {
        guard let value = request.body["remove"], !value.isNull else { return [] }
        guard let list = value.arrayValue, list.count <= TestCaseLimits.maximumCaseCount else {
            throw Problem.unprocessable("remove", "must be a list of keys")
        }
        let keys = list.compactMap(\.stringValue)
        guard keys.count == list.count else { throw Problem.unprocessable("remove", "must be a list of keys") }
        return keys
    }

    private func suite(_ request: APIRequest) async throws -> Suite {
        guard let suite = try await suites.find(try request.suiteID, in: try request.project) else { throw Problem.notFound("suite") }
        return suite
    }
}

extension JSONWriter {
    mutating func suite(_ suite: Suite) {
        beginObject()
        member("id", suite.id.uuid)
        member("name", suite.name)
        member("description", suite.description)
        member("version", suite.currentVersion)
        member("case_count", suite.caseCount)
        member("created_at", unixNano: suite.createdTimeUnixNano)
        member("archived_at", unixNano: suite.archivedTimeUnixNano)
        endObject()
    }

    mutating func suiteVersion(_ version: SuiteVersion) {
        beginObject()
        member("version", version.number)
        member("source", version.source.rawValue)
        member("message", version.message)
        member("case_count", version.caseCount)
        member("created_at", unixNano: version.createdTimeUnixNano)
        endObject()
    }

    mutating func testCase(_ stored: StoredTestCase) {
        beginObject()
        member("id", stored.id.uuid)
        member("version_id", stored.versionID.uuid)
        member("introduced_in", stored.introducedIn)
        member("removed_in", stored.removedIn)
        member("content", raw: stored.content)
        endObject()
    }

    mutating func suiteEdit(_ result: SuiteEditResult) {
        beginObject()
        suiteEditMembers(result)
        endObject()
    }

    mutating func suiteEditMembers(_ result: SuiteEditResult) {
        key("version")
        if let version = result.version { suiteVersion(version) } else { null() }
        member("added_count", result.addedCount)
        member("changed_count", result.changedCount)
        member("removed_count", result.removedCount)
    }
}
