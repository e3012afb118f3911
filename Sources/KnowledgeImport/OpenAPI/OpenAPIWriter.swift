/// Operations as an OpenAPI 3.1 document again. Reading it gives the same operations: the document is read once before it is given out, and
/// what would come back otherwise is written beside it (`OperationExtension`).

import ByteCoding
import KnowledgeModel

enum OpenAPIWriter {
    typealias Operation = (entry: KnowledgeEntry, operation: APIOperation)

    /// The operations of a document in parts of about as many bytes as one document of an export has.
    static func parts(of operations: [Operation]) -> [[Operation]] {
        var parts: [[Operation]] = []
        var byteCount = 0
        for operation in operations {
            var measure = Measure.sum(operation.operation.description)
            measure.add(operation.operation.details, level: 0)
            if byteCount > KnowledgeImportLimits.maximumExportedPartByteCount - measure.byteCount || parts.isEmpty {
                parts.append([])
                byteCount = 0
            }
            parts[parts.count - 1].append(operation)
            byteCount += measure.byteCount
        }
        return parts
    }

    /// Operations with keys of their own. `name`: their document's; empty for those without one.
    static func document(of operations: [Operation], named name: String) -> JSONValue {
        var builder = Builder(name: name)
        for (entry, operation) in operations { builder.add(entry, operation, [:]) }
        // What is read back, by key; an operation whose own key is another than the usual one is not found and so is said.
        var budget = ImportBudget()
        let found = OpenAPIDocument.entries(of: builder.document, .v31, named: name, within: &budget).entries
        var entries: [String: KnowledgeEntry] = [:]
        for entry in found { entries[entry.key] = entry }
        var corrected = Builder(name: name)
        for (entry, operation) in operations {
            corrected.add(entry, operation, corrections(of: entry, operation, readAs: entries[OperationReader.key(of: operation)]))
        }
        return corrected.document
    }

    /// What `x-spandrel` must say for an entry to come back as it is.
    private static func corrections(
        of entry: KnowledgeEntry, _ operation: APIOperation, readAs found: KnowledgeEntry?
    ) -> [String: JSONValue] {
        var corrections: [String: JSONValue] = [:]
        let usualKey = OperationReader.key(of: operation)
        if entry.key != usualKey { corrections["key"] = .string(entry.key) }
        if entry.content.title != OperationReader.title(of: operation) { corrections["title"] = .string(entry.content.title) }
        guard let found, case .operation(let body) = found.content.body, body.details == operation.details else {
            corrections["details"] = operation.details
            return corrections
        }
        return corrections
    }

    private struct Builder {
        let name: String
        private var paths: [JSONMember] = []
        private var pathIndexes: [String: Int] = [:]
        private var others: [JSONValue] = []
        private var components: [String: [JSONMember]] = [:]
        private var componentValues: [String: JSONValue] = [:]

        init(name: String) { self.name = name }

        mutating func add(_ entry: KnowledgeEntry, _ operation: APIOperation, _ corrections: [String: JSONValue]) {
            let method = operation.method.lowercased()
            let value = value(of: entry, operation, corrections)
            let index = pathIndexes[operation.path]
            let isTaken = index.map { paths[$0].value[method] != nil } ?? false
            guard operation.method == operation.method.uppercased(), OperationReader.methods.contains(method),
                operation.path.hasPrefix("/"), !isTaken
            else {
                others.append(
                    .object([
                        JSONMember(key: "method", value: .string(operation.method)),
                        JSONMember(key: "path", value: .string(operation.path)),
                        JSONMember(key: "operation", value: value),
                    ]))
                return
            }
            if let index, case .object(let members) = paths[index].value {
                paths[index].value = .object(members + [JSONMember(key: method, value: value)])
            } else {
                pathIndexes[operation.path] = paths.count
                paths.append(JSONMember(key: operation.path, value: .object([JSONMember(key: method, value: value)])))
            }
        }

        private mutating func value(
            of entry: KnowledgeEntry, _ operation: APIOperation, _ corrections: [String: JSONValue]
        ) -> JSONValue {
            var members: [JSONMember] = []
            if !entry.content.tags.isEmpty {
                members.append(JSONMember(key: "tags", value: .array(entry.content.tags.map(JSONValue.string))))
            }
            if !operation.summary.isEmpty { members.append(JSONMember(key: "summary", value: .string(operation.summary))) }
            if !operation.description.isEmpty { members.append(JSONMember(key: "description", value: .string(operation.description))) }
            if let id = operation.operationID { members.append(JSONMember(key: "operationId", value: .string(id))) }
            let details = operation.details.objectValue ?? []
            for member in details where ["parameters", "requestBody", "responses", "security", "servers"].contains(member.key) {
                members.append(member)
            }
            if operation.isDeprecated { members.append(JSONMember(key: "deprecated", value: .bool(true))) }
            for part in operation.details["components"]?.objectValue ?? [] where ["schemas", "securitySchemes"].contains(part.key) {
                for member in part.value.objectValue ?? [] where componentValues[part.key + "/" + member.key] == nil {
                    // Of two that differ the first stands here; an operation with the other has its own details beside it.
                    componentValues[part.key + "/" + member.key] = member.value
                    components[part.key, default: []].append(member)
                }
            }
            if !corrections.isEmpty {
                let own = corrections.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: $0.value) }
                members.append(JSONMember(key: OperationExtension.name, value: .object(own)))
            }
            return .object(members)
        }

        var document: JSONValue {
            var members = [
                JSONMember(key: "openapi", value: .string("3.1.0")),
                JSONMember(
                    key: "info",
                    value: .object([
                        JSONMember(key: "title", value: .string(name.isEmpty ? "Operations" : name)),
                        JSONMember(key: "version", value: .string("1")),
                    ])),
                JSONMember(key: "paths", value: .object(paths)),
            ]
            if !components.isEmpty {
                let parts = components.sorted { $0.key < $1.key }.map { part in
                    JSONMember(key: part.key, value: .object(part.value.sorted { $0.key < $1.key }))
                }
                members.append(JSONMember(key: "components", value: .object(parts)))
            }
            var own = [JSONMember(key: "document", value: name.isEmpty ? .null : .string(name))]
            if !others.isEmpty { own.append(JSONMember(key: "operations", value: .array(others))) }
            members.append(JSONMember(key: OperationExtension.name, value: .object(own)))
            return .object(members)
        }
    }
}
