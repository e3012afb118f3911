/// A knowledge base as a zip of files that people can read, edit and keep under version control:
///
///     refunds/policy.md           an article; its path is its key, front matter says title and tags
///     tables/public.orders.md     a table, its structure in the front matter
///     openapi/petstore.json       the operations of one OpenAPI document, as OpenAPI 3.1
///
/// Any folder of Markdown files is such an archive too. What is written is read back the same.

import ByteCoding
import KnowledgeModel

package enum KnowledgeArchive {
    private static let documentSuffixes = [".json", ".yaml", ".yml"]

    /// Reads every file of an archive that is an article, a table or, in a folder `openapi`, an OpenAPI document; other files are named in one
    /// problem. `progress` hears of every file.
    ///
    /// Throws `KnowledgeImportError`: no archive, or one beyond the limits.
    package static func read(
        _ bytes: [UInt8], progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(KnowledgeImportError) -> ImportedKnowledge {
        try read(bytes, within: ImportBudget(), progress)
    }

    /// `budget`: of all files together.
    static func read(
        _ bytes: [UInt8], within budget: ImportBudget, _ progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(KnowledgeImportError) -> ImportedKnowledge {
        let zip = try ZipReader(bytes)
        var contents = ArchiveContents(budget: budget)
        for problem in zip.problems { contents.result.add(problem) }
        for (index, file) in zip.files.enumerated() {
            do throws(ImportProblem) {
                if let name = documentName(file.path) {
                    try contents.readDocument(file, named: name, zip)
                } else if file.path.hasSuffix(MarkdownFile.suffix), !isHidden(file.path) {
                    try contents.readMarkdown(file, zip)
                } else {
                    contents.otherFiles.append(file.path)
                }
            } catch {
                contents.result.add(error)
            }
            progress(index + 1, zip.files.count)
        }
        return contents.finished
    }

    /// Files of the system the archive was made on.
    private static func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
    }

    /// The name of the document in a file, as far as its path says it.
    private static func documentName(_ path: String) -> String? {
        guard path.hasPrefix("openapi/"), let suffix = documentSuffixes.first(where: { path.hasSuffix($0) }) else { return nil }
        return String(path.dropFirst("openapi/".count).dropLast(suffix.count))
    }

    // MARK: Writing

    /// The archive of entries with keys of their own; the same entries, in whatever order, make the same bytes.
    ///
    /// Throws `KnowledgeImportError`: the archive would be beyond the limits of reading.
    package static func write(_ entries: [KnowledgeEntry]) throws(KnowledgeImportError) -> [UInt8] {
        var files: [(path: String, bytes: [UInt8])] = []
        var paths: Set<String> = []
        // By the path that was wanted: up to which number it is taken.
        var taken: [String: Int] = [:]
        var operations: [String: [OpenAPIWriter.Operation]] = [:]
        func path(_ wanted: String, _ suffix: String) -> String {
            let safe = SafePath.path(wanted)
            let plain = (safe + suffix).lowercased()
            var number = taken[plain] ?? 1
            var path = number == 1 ? safe + suffix : "\(safe)~\(number)\(suffix)"
            // Also told apart where file systems do not tell upper and lower case apart.
            while !paths.insert(path.lowercased()).inserted {
                number += 1
                path = "\(safe)~\(number)\(suffix)"
            }
            taken[plain] = number
            return path
        }
        for entry in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            switch entry.content.body {
            case .article(let article):
                let path = path(entry.key, MarkdownFile.suffix)
                files.append((path, MarkdownFile.file(of: entry, article, at: path)))
            case .table(let table): files.append((path(entry.key, MarkdownFile.suffix), TableFile.file(of: entry, table)))
            case .operation(let operation): operations[operation.document ?? "", default: []].append((entry, operation))
            }
        }
        for (name, operations) in operations.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            // A document that would be too long to be read comes in parts, which say the document's name.
            for part in OpenAPIWriter.parts(of: operations) {
                let document = OpenAPIWriter.document(of: part, named: name)
                files.append((path("openapi/" + (name.isEmpty ? "operations" : name), ".json"), JSONText.indented(document)))
            }
        }
        let total = files.reduce(0) { $0 + $1.bytes.count }
        guard total <= KnowledgeImportLimits.maximumUnpackedByteCount else {
            throw KnowledgeImportError(
                "the files have \(total) bytes; an archive of at most \(KnowledgeImportLimits.maximumUnpackedByteCount) can be read back")
        }
        return try ZipWriter.archive(files)
    }
}
