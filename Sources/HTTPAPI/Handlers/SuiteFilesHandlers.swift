/// `/api/v1/suites/.../import`, `/export` and `/api/v1/suites/sync`: test cases as files.

import Access
import ByteCoding
import Evaluation
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import NIOCore
import TraceModel

struct SuiteFilesHandlers: Sendable {
    let suites: SuiteRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/suites", one = root + "/{suite_id}"
        return [
            builder.operation(
                "importTestCases", .post, one + "/import", .permission(.writeSuites), query: ["format", "dry_run"], body: .file,
                maximumBodyByteCount: APILimits.maximumImportByteCount, statuses: [200], handler: importTestCases),
            builder.operation(
                "exportTestCases", .get, one + "/export", .permission(.readSuites), query: ["format", "version"], statuses: [200, 422],
                handler: exportTestCases),
            builder.operation(
                "syncSuiteFile", .post, root + "/sync", .permission(.writeSuites), body: .file,
                maximumBodyByteCount: APILimits.maximumYAMLByteCount, statuses: [200, 409], handler: syncSuiteFile),
        ]
    }

    // MARK: Import

    func importTestCases(_ request: APIRequest) async throws -> Response {
        let format = try Self.format(request), isDryRun = try request.boolean("dry_run")
        let id = try request.suiteID, project = try request.project
        let file = try await ImportedFile(request, format)
        guard !file.cases.isEmpty || file.report.problems.isEmpty else {
            throw Problem(describing: file.report, "no case of the file can be taken")
        }
        let edit = SuiteEdit(frozen: file.cases, source: .import)
        let result =
            isDryRun
            ? try await suites.preview(edit, of: id, in: project)
            : try await suites.edit(id, in: project, edit, audit: try request.audit)
        guard let result else { throw Problem.notFound("suite") }
        return .json { writer in
            writer.beginObject()
            writer.member("version", result.newestVersion)
            writer.member("added", result.addedCount)
            writer.member("changed", result.changedCount)
            writer.member("unchanged", file.cases.count - result.addedCount - result.changedCount)
            writer.member("left_out", file.report.leftOutCount)
            writer.member("problems", raw: JSONValue.array(file.report.problems.map(\.json)).bytes)
            writer.member("omitted_problem_count", file.report.omittedProblemCount)
            writer.endObject()
        }
    }

    // MARK: Export

    func exportTestCases(_ request: APIRequest) async throws -> Response {
        let format = try Self.format(request)
        guard let suite = try await suites.find(try request.suiteID, in: try request.project) else { throw Problem.notFound("suite") }
        let version = try request.integer("version", in: 0...Int(Int32.max), default: suite.currentVersion)
        guard version <= suite.currentVersion else { throw Problem.notFound("version of the suite") }
        let export = SuiteExport(suites: suites, suite: suite.id, version: version)
        let body =
            switch format {
            case .jsonl: export.jsonLines
            case .csv: export.csv
            case .promptfoo: ResponseBody(byteBuffer: ByteBuffer(string: try await export.promptfoo()))
            }
        let name = String(suite.name.unicodeScalars.map { Self.isPlain($0) ? Character($0) : "_" })
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType,
                .contentDisposition: "attachment; filename=\"\(name)-v\(version).\(format.fileNameExtension)\"",
            ], body: body)
    }

    private static func isPlain(_ scalar: UnicodeScalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".unicodeScalars.contains(scalar))
    }

    // MARK: Sync

    /// All or nothing: a case left out for a fault would be a case removed.
    func syncSuiteFile(_ request: APIRequest) async throws -> Response {
        try request.reserve(request.file.count * APILimits.valueBytesPerBodyByte)
        let (file, report) = SuiteFile.read(request.file)
        guard let file, report.problems.isEmpty else { throw Problem(describing: report, "the suite file is not valid") }
        let cases = file.cases.map(FrozenTestCase.init)
        let (suite, result) = try await suites.sync(
            name: file.name, description: file.description, cases: cases, in: try request.project, audit: try request.audit)
        return .json { writer in
            writer.beginObject()
            writer.key("suite")
            writer.suite(suite)
            writer.member("version", result.newestVersion)
            writer.member("added", result.addedCount)
            writer.member("changed", result.changedCount)
            writer.member("removed", result.removedCount)
            writer.member("unchanged", cases.count - result.addedCount - result.changedCount)
            writer.endObject()
        }
    }

    private static func format(_ request: APIRequest) throws(Problem) -> CaseFileFormat {
        guard let name = request.query["format"] else { return .jsonl }
        guard let format = CaseFileFormat(rawValue: name) else {
            throw .invalid("format", "must be one of \(CaseFileFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }
}

extension APIRequest {
    /// The suite that the path names.
    var suiteID: SuiteID {
        get throws(Problem) {
            guard let id = SuiteID(uuid: path("suite_id")) else { throw .notFound("suite") }
            return id
        }
    }
}

extension Problem {
    /// A file of which nothing was taken: 422, with the first problems by their lines.
    fileprivate init(describing report: ImportReport, _ detail: String) {
        let errors = report.problems.prefix(APILimits.maximumNamedErrorCount).map { problem in
            let path = problem.path.isEmpty ? "" : ": " + problem.path.prefix(APILimits.maximumErrorNameCharacterCount)
            return FieldError(field: "line \(problem.line)\(path)", message: problem.message)
        }
        self.init(.unprocessableContent, detail, kind: "invalid-file", errors: Array(errors))
    }
}

extension HTTPField.Name {
    // A valid token, so not nil.
    static let contentDisposition = HTTPField.Name("content-disposition")!
}
