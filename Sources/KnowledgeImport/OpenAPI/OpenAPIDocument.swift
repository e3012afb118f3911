/// OpenAPI documents, 3.0 and 3.1, as entries: one for each operation, whole in itself.
///
/// What cannot be taken costs its operation and no other. The same bytes make the same entries.

import ByteCoding
import KnowledgeModel
import YAML

package enum OpenAPIDocument {
    /// Reads a document in JSON or YAML. Entries are called `api/NAME/METHOD /path`; `named` is that name; nil: the one that an exported
    /// document gives itself, or none, and then keys have no such part. `progress` hears of every operation: how many are done, of how many.
    ///
    /// Throws `KnowledgeImportError`: nothing could be read.
    package static func read(
        _ bytes: [UInt8], named name: String?, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(KnowledgeImportError) -> ImportedKnowledge {
        var budget = ImportBudget()
        return try read(bytes, named: name, orNamed: "", within: &budget, progress)
    }

    /// `fallback`: the name of a document that has none by itself. `budget`: what is left of the upload's.
    static func read(
        _ bytes: [UInt8], named name: String?, orNamed fallback: String, within budget: inout ImportBudget,
        _ progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(KnowledgeImportError) -> ImportedKnowledge {
        let source = try DocumentSource(bytes)
        let version: Version
        do throws(KnowledgeImportError) {
            version = try Version(of: source.root)
            try checkPaths(of: source.root)
        } catch {
            var error = error
            let position = source.positions(of: [JSONPointer(error.place.pointer.map { [String($0.dropFirst())] } ?? [])])[0]
            (error.place.line, error.place.column) = (position.line, position.column)
            throw error
        }
        let name = name ?? OperationExtension(source.root).documentName ?? fallback
        let (entries, unreadKeys, problems) = entries(of: source.root, version, named: name, within: &budget, progress)
        var result = ImportedKnowledge(entries: entries, unreadKeys: unreadKeys)
        for problem in source.repeatedKeys { result.add(problem) }
        let named = Self.named(of: problems)
        for (problem, position) in zip(named, source.positions(of: named.map(\.pointer))) {
            let place = ImportPlace(pointer: problem.pointer.description, line: position.line, column: position.column)
            result.add(ImportProblem(problem.severity, at: place, problem.message))
        }
        result.omittedProblemCount += problems.count - named.count
        return result
    }

    /// Those that are listed, in their order: an error before any warning, as it says why an operation is not there.
    private static func named(of problems: [Finding]) -> [Finding] {
        var errorCount = min(problems.count { $0.severity == .error }, KnowledgeImportLimits.maximumProblemCount)
        var warningCount = KnowledgeImportLimits.maximumProblemCount - errorCount
        return problems.filter { problem in
            let isError = problem.severity == .error
            let isNamed = (isError ? errorCount : warningCount) > 0
            if isError { errorCount -= 1 } else { warningCount -= 1 }
            return isNamed
        }
    }

    enum Version {
        case v30, v31

        init(of root: JSONValue) throws(KnowledgeImportError) {
            guard case .object = root else { throw KnowledgeImportError(at: ImportPlace(pointer: ""), "an OpenAPI document is an object") }
            guard let value = root["openapi"] else {
                if root["swagger"] != nil {
                    throw KnowledgeImportError(
                        at: ImportPlace(pointer: "/swagger"), "this is a Swagger 2.0 document; convert it to OpenAPI 3.0 or 3.1 first")
                }
                throw KnowledgeImportError(at: ImportPlace(pointer: ""), "this is no OpenAPI document: it has no member 'openapi'")
            }
            let text =
                switch value {
                case .string(let text): text
                // YAML without quotes.
                case .double(let number): number.description
                default: ""
                }
            if text == "3.0" || text.hasPrefix("3.0.") {
                self = .v30
            } else if text == "3.1" || text.hasPrefix("3.1.") {
                self = .v31
            } else {
                throw KnowledgeImportError(
                    at: ImportPlace(pointer: "/openapi"),
                    "OpenAPI 3.0 and 3.1 are read, not '\(ImportedText.heading(text, maximumByteCount: 32))'")
            }
        }
    }

    /// Without them nothing is known of what the document has, and of what it has not.
    private static func checkPaths(of root: JSONValue) throws(KnowledgeImportError) {
        switch root["paths"] {
        case nil, .null?, .object?: return
        default: throw KnowledgeImportError(at: ImportPlace(pointer: "/paths"), "paths are an object")
        }
    }

    typealias Finding = (pointer: JSONPointer, severity: ImportProblem.Severity, message: String)

    /// The entries of a document that is a value already.
    static func entries(
        of root: JSONValue, _ version: Version, named name: String, within budget: inout ImportBudget,
        _ progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) -> (entries: [KnowledgeEntry], unreadKeys: Set<EntryKey>, problems: [Finding]) {
        var reader = OperationReader(root: root, isVersion30: version == .v30, document: name, budget: budget)
        defer { budget = reader.budget }
        var operations: [(JSONValue, OperationReader.Site)] = []
        var unread: Set<EntryKey> = []
        for member in root["paths"]?.objectValue ?? [] where !member.key.hasPrefix("x-") {
            if let found = self.operations(of: member.value, at: member.key, &reader) {
                operations += found
            } else {
                unread.formUnion(reader.keys(ofPath: member.key).map(EntryKey.init))
            }
        }
        for member in ["webhooks"] where root[member].map({ $0 != .object([]) && $0 != .null }) == true {
            reader.report([member], .warning, "webhooks are not taken over")
        }
        operations += OperationExtension(root).operations
        if operations.isEmpty, reader.problems.isEmpty { reader.report(["paths"], .warning, "the document has no operations") }
        var entries: [KnowledgeEntry] = []
        var keys: Set<EntryKey> = []
        for (index, (operation, site)) in operations.enumerated() {
            let isWithinDocument = index < KnowledgeImportLimits.maximumOperationCount
            guard isWithinDocument, reader.spendOperation() else {
                reader.report(
                    site.pointer, .error,
                    isWithinDocument
                        ? "only \(KnowledgeLimits.maximumEntryCount) operations of an upload are taken"
                        : "only \(KnowledgeImportLimits.maximumOperationCount) operations of a document are taken")
                for (operation, site) in operations[index...] { unread.insert(EntryKey(reader.key(of: operation, at: site))) }
                break
            }
            if let entry = reader.entry(operation, at: site) {
                if keys.insert(EntryKey(entry.key)).inserted {
                    entries.append(entry)
                } else {
                    reader.report(site.pointer, .error, "another operation of the document has this key")
                }
            } else {
                unread.insert(EntryKey(reader.key(of: operation, at: site)))
            }
            progress(index + 1, operations.count)
        }
        return (entries, unread, reader.problems)
    }

    private static let pathMembers: Set<String> = ["parameters", "servers", "summary", "description", "$ref"]

    /// nil, and a problem, for a path that cannot be read.
    private static func operations(
        of item: JSONValue, at path: String, _ reader: inout OperationReader
    ) -> [(JSONValue, OperationReader.Site)]? {
        var pointer = ["paths", path]
        guard path.utf8.first == UInt8(ascii: "/") else {
            reader.report(pointer, .error, "a path begins with a slash")
            return nil
        }
        var item = item
        var hops = 0
        while let reference = item["$ref"]?.stringValue {
            hops += 1
            guard hops <= KnowledgeImportLimits.maximumReferenceChainLength, let target = reader.value(atReference: reference) else {
                reader.report(
                    pointer + ["$ref"], .error,
                    "the reference \(ImportedText.heading(reference, maximumByteCount: 256)) leads to no path of this document")
                return nil
            }
            // Operations beside the reference are undefined by OpenAPI; the target's count.
            item = target
            pointer = JSONPointer(fragment: reference.dropFirst())?.tokens ?? pointer
        }
        guard case .object(let members) = item else {
            reader.report(pointer, .error, "a path is an object with a member for each method")
            return nil
        }
        var operations: [(JSONValue, OperationReader.Site)] = []
        for member in members {
            if OperationReader.methods.contains(member.key) {
                let site = OperationReader.Site(
                    method: member.key.uppercased(), path: path, pointer: pointer + [member.key], pathItem: item, pathPointer: pointer)
                operations.append((member.value, site))
            } else if !pathMembers.contains(member.key), !member.key.hasPrefix("x-") {
                reader.report(pointer + [member.key], .warning, "no method is called so; it was left out")
            }
        }
        return operations
    }
}
