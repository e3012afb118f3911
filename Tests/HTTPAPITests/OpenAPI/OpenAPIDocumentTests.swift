import ByteCoding
import FileSystem
import Glibc
import HTTPServer
import HTTPTesting
import HTTPTypes
import Testing

import HTTPAPI

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    @Test("the built-in document is that of the folder")
    func embedded() throws {
        let files = LocalFileSystem(), folder = OpenAPIFolder.embeddedFolder
        let sources = try OpenAPIFolder.sources()
        let written = try files.list(folder).filter { $0.hasPrefix("OpenAPIDocument+") }
        if getenv("SPANDREL_WRITE_OPENAPI") != nil {
            for name in written where sources[name] == nil { try files.remove(folder + "/" + name) }
            for (name, text) in sources { try files.replace(folder + "/" + name, with: Array(text.utf8)) }
        }
        let advice: Comment = "run this test with SPANDREL_WRITE_OPENAPI=1 and build again"
        #expect(try files.list(folder).filter { $0.hasPrefix("OpenAPIDocument+") } == sources.keys.sorted(), advice)
        for (name, text) in sources {
            #expect(try files.readWhole(folder + "/" + name, maximumByteCount: 4 << 20) == Array(text.utf8), advice)
        }
    }

    @Test("no path, operation or schema is there twice, and every reference leads somewhere")
    func consistency() throws {
        let document = try OpenAPIFolder.assemble()
        for members in [document["paths"], document["components"]?["schemas"]] {
            let names = (members?.objectValue ?? []).map(\.key)
            #expect(!names.isEmpty)
            #expect(Set(names).count == names.count)
        }
        let operations = Contract(document).operations
        #expect(Set(operations.map(\.id)).count == operations.count)
        let checker = SchemaChecker(document: document)
        var used = Set<String>()
        func walk(_ value: JSONValue) {
            switch value {
            case .object(let members):
                for member in members {
                    if member.key == "$ref", let reference = member.value.stringValue {
                        used.insert(reference)
                        #expect(checker.resolve(reference) != nil, "\(reference)")
                    }
                    walk(member.value)
                }
            case .array(let elements): for element in elements { walk(element) }
            default: break
            }
        }
        walk(document)
        for (kind, values) in [("schemas", document["components"]?["schemas"]), ("responses", document["components"]?["responses"])] {
            for member in values?.objectValue ?? [] {
                #expect(used.contains("#/components/\(kind)/\(member.key)"), "\(member.key) is used nowhere")
            }
        }
    }

    @Test("routes and document have the same operations, permissions, parameters and statuses")
    func routes() async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run { installation, _ in
            let registered = installation.routes.map { route in
                Contract.Operation(
                    id: route.operationID, method: route.method.rawValue.lowercased(), path: route.path, access: route.access,
                    query: route.queryParameters.sorted(),
                    statuses: route.statuses.sorted())
            }
            for operation in registered {
                guard let documented = contract.operations.first(where: { $0.id == operation.id }) else {
                    Issue.record("\(operation.id) is not in the document")
                    continue
                }
                #expect(operation == documented)
            }
            for documented in contract.operations where !registered.contains(where: { $0.id == documented.id }) {
                Issue.record("\(documented.id) has no route")
            }
        }
        for operation in contract.operations {
            let placeholders = operation.path.matches(of: /\{([a-z_]+)\}/).map { String($0.1) }
            #expect(contract.pathParameters(of: operation.id) == placeholders.sorted(), "\(operation.id)")
        }
    }
}

/// The document's operations in the form routes are compared in.
struct Contract: Sendable {
    struct Operation: Equatable {
        var id: String
        var method: String
        var path: String
        var access: String
        var query: [String]
        var statuses: [Int]
    }

    let document: JSONValue
    let operations: [Operation]

    init(_ document: JSONValue) {
        self.document = document
        operations = (document["paths"]?.objectValue ?? []).flatMap { path in
            (path.value.objectValue ?? []).map { method in
                Operation(
                    id: method.value["operationId"]?.stringValue ?? "", method: method.key, path: path.key,
                    access: method.value["x-permission"]?.stringValue ?? "",
                    query: Self.parameters(method.value, in: "query"),
                    statuses: (method.value["responses"]?.objectValue ?? []).compactMap { Int($0.key) }.sorted())
            }
        }
    }

    func definition(of id: String) -> JSONValue? {
        guard let operation = operations.first(where: { $0.id == id }) else { return nil }
        return document["paths"]?[operation.path]?[operation.method]
    }

    func pathParameters(of id: String) -> [String] { definition(of: id).map { Self.parameters($0, in: "path") } ?? [] }

    /// The schema an answer of this status and content type must fit; nil when the document has none.
    func schema(of id: String, status: Int, contentType: String) -> JSONValue? {
        var response = definition(of: id)?["responses"]?[String(status)]
        if let reference = response?["$ref"]?.stringValue { response = SchemaChecker(document: document).resolve(reference) }
        return response?["content"]?[String(contentType.prefix { $0 != ";" })]?["schema"]
    }

    private static func parameters(_ operation: JSONValue, in place: String) -> [String] {
        (operation["parameters"]?.arrayValue ?? []).filter { $0["in"]?.stringValue == place }.compactMap { $0["name"]?.stringValue }
            .sorted()
    }
}
