/// `/api/v1/kb/drafts/{name}/openapi`, `/markdown` and `/tables`: documents that become entries of a draft. Those that take long are read by
/// a worker, as a task; tables are read at once.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeImport
import KnowledgeModel
import Metastore
import TraceModel

struct KnowledgeImportsHandlers: Sendable {
    let drafts: KnowledgeDraftRepository
    let uploads: KnowledgeUploadRepository
    let tasks: TaskRepository
    let catalogs: CatalogReader

    private static let maximumConnectionStringByteCount = 4_000, maximumSchemaByteCount = 128

    func routes(_ builder: OperationBuilder) -> [Route] {
        let one = "/api/v1/kb/drafts/{name}"
        return [
            builder.operation(
                "uploadKnowledgeOpenAPI", .post, one + "/openapi", .permission(.writeKnowledge), query: ["document"], body: .file,
                maximumBodyByteCount: APILimits.maximumKnowledgeUploadByteCount, statuses: [202, 409], handler: uploadKnowledgeOpenAPI),
            builder.operation(
                "uploadKnowledgeMarkdown", .post, one + "/markdown", .permission(.writeKnowledge), query: ["document"], body: .file,
                maximumBodyByteCount: APILimits.maximumKnowledgeUploadByteCount, statuses: [202, 409], handler: uploadKnowledgeMarkdown),
            builder.operation(
                "importKnowledgeTables", .post, one + "/tables", .permission(.writeKnowledge), body: .file,
                maximumBodyByteCount: KnowledgeImportLimits.maximumSQLByteCount, statuses: [200, 409], handler: importKnowledgeTables),
            builder.operation(
                "importKnowledgeTablesFromPostgreSQL", .post, one + "/tables/postgresql", .permission(.writeKnowledge), body: .json,
                statuses: [200, 409], handler: importKnowledgeTablesFromPostgreSQL),
        ]
    }

    // MARK: Uploads

    func uploadKnowledgeOpenAPI(_ request: APIRequest) async throws -> Response {
        guard let document = request.query["document"] else { throw Problem.invalid("document", "is missing: a name for the document") }
        return try await upload(.openAPI, document, request)
    }

    func uploadKnowledgeMarkdown(_ request: APIRequest) async throws -> Response {
        try await upload(.markdownZIP, request.query["document"] ?? "markdown", request)
    }

    private func upload(_ format: NewKnowledgeUpload.Format, _ document: String, _ request: APIRequest) async throws -> Response {
        guard Self.isName(document) else {
            throw Problem.invalid("document", "must be 1 to 100 of a-z, 0-9, dots, underscores and hyphens, the first a letter or a digit")
        }
        guard !request.file.isEmpty else { throw Problem(.unprocessableContent, "the body is empty", kind: "invalid-file") }
        let draft = try await drafts.named(request)
        let id = try await uploads.create(
            NewKnowledgeUpload(format: format, document: document, body: request.file), into: draft.id, in: draft.projectID,
            audit: try request.audit)
        guard let id else { throw Problem.notFound("draft") }
        guard let task = try await tasks.find(id, in: draft.projectID) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    private static func isName(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let bytes = text.utf8
        return (1...100).contains(bytes.count) && bytes.first.map(isAlphanumeric) == true
            && bytes.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    // MARK: Tables

    func importKnowledgeTables(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request), bytes = request.file
        return try await put(try await OwnThread.run { try CreateTableText.read(bytes) }, into: draft, request)
    }

    func importKnowledgeTablesFromPostgreSQL(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["connection_string", "schemas"])
        let text = try request.requiredText("connection_string", maximumByteCount: Self.maximumConnectionStringByteCount)
        let schemas = try Self.schemas(request)
        let draft = try await drafts.named(request)
        // What nobody can be given is not asked for.
        guard draft.state == .open else {
            throw MetastoreError(.conflict, "the draft is \(draft.state.rawValue); only open drafts are edited", field: "state")
        }
        return try await put(try await catalogs.read(connectionString: text, schemas: schemas), into: draft, request)
    }

    private static func schemas(_ request: APIRequest) throws(Problem) -> [String] {
        guard let value = request.body["schemas"], !value.isNull else { return [] }
        let limit = KnowledgeImportLimits.maximumSchemaCount
        guard let list = value.arrayValue, list.count <= limit else {
            throw .unprocessable("schemas", "must be a list of at most \(limit) names")
        }
        var names: [String] = []
        for (index, value) in list.enumerated() {
            guard let name = value.stringValue, (1...maximumSchemaByteCount).contains(name.utf8.count) else {
                throw .unprocessable("schemas[\(index)]", "must be a name of 1 to \(maximumSchemaByteCount) bytes")
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Throws a 422 when there is no table to take, with the first reasons.
    private func put(_ imported: ImportedKnowledge, into draft: KnowledgeDraft, _ request: APIRequest) async throws -> Response {
        guard !imported.entries.isEmpty else {
            let errors = imported.problems.prefix(APILimits.maximumNamedErrorCount).map { problem in
                Problem.FieldError(field: problem.place.description, message: problem.message)
            }
            throw Problem(.unprocessableContent, "there is no table to be taken", kind: "invalid-file", errors: errors)
        }
        let edit = KnowledgeEdit(puts: imported.entries)
        guard let result = try await drafts.edit(draft.id, in: draft.projectID, edit, audit: try request.audit) else {
            throw Problem.notFound("draft")
        }
        return .json { $0.knowledgeImport(result, imported) }
    }
}
