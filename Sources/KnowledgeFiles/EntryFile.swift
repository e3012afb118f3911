/// An entry as a file and back, with nothing lost: an article as Markdown with its head in YAML, an operation or a table as YAML.
///
///     refunds/policy.md               tables/public.orders.yaml
///     ---                             title: public.orders
///     title: Refunds                  kind: table
///     tags:                           content:
///       - billing                       schema: public
///     ---                               name: orders
///     # Refunds                         ...
///
/// The path without its suffix is the key, unless `key` says another. Members have one order, so that equal entries are equal files.

import ByteCoding
import ContentReading
import KnowledgeImport
import KnowledgeModel
import YAML

package enum EntryFile {
    /// The file's bytes at this path.
    package static func bytes(of entry: KnowledgeEntry, at path: String) -> [UInt8] {
        var head: [JSONMember] = []
        if !EntryPath.key(ofFile: path).utf8.elementsEqual(entry.key.utf8) {
            head.append(JSONMember(key: "key", value: .string(entry.key)))
        }
        let content = entry.content
        head.append(JSONMember(key: "title", value: .string(content.title)))
        let tags = JSONMember(key: "tags", value: .array(content.tags.map(JSONValue.string)))
        switch content.body {
        case .article(let article):
            if !content.tags.isEmpty { head.append(tags) }
            return FrontMatter.file(head, article.markdown)
        case .operation, .table:
            head.append(JSONMember(key: "kind", value: .string(content.body.kind.rawValue)))
            if !content.tags.isEmpty { head.append(tags) }
            head.append(JSONMember(key: "content", value: sorted(content.json["content"] ?? .null)))
            return Array(YAMLText.write(.object(head)).utf8)
        }
    }

    /// What OpenAPI has is in the order of its names: whoever wrote it wrote it in another each time.
    private static func sorted(_ content: JSONValue) -> JSONValue {
        guard case .object(let members) = content else { return content }
        return .object(members.map { $0.key == "details" ? JSONMember(key: $0.key, value: $0.value.canonical) : $0 })
    }

    /// Throws every problem that the file has, with its place.
    package static func entry(_ bytes: [UInt8], at path: String) throws(KnowledgeFilesError) -> KnowledgeEntry {
        let parts = path.hasSuffix(EntryPath.articleSuffix) ? try article(bytes, path) : try structure(bytes, path)
        var members = parts.members
        if !members.contains(where: { $0.key == "key" }) {
            members.insert(JSONMember(key: "key", value: .string(EntryPath.key(ofFile: path))), at: 0)
        }
        do throws(InvalidContent) { return try KnowledgeEntry(json: .object(members)) } catch {
            let problems = error.problems.map { problem in
                let position = parts.position(problem.path)
                return FileProblem(path, line: position?.line, column: position?.column, problem.description)
            }
            let more = error.omittedCount > 0 ? [FileProblem(path, "and \(error.omittedCount) more problems")] : []
            throw KnowledgeFilesError(problems + more)
        }
    }

    private struct Parts {
        var members: [JSONMember]
        /// Where what a problem's path names stands in the file.
        var position: (String) -> YAMLPosition?
    }

    private static func article(_ bytes: [UInt8], _ path: String) throws(KnowledgeFilesError) -> Parts {
        let file: FrontMatter
        do throws(ImportProblem) {
            file = try FrontMatter(bytes, maximumByteCount: KnowledgeFilesLimits.maximumFileByteCount)
        } catch { throw KnowledgeFilesError([FileProblem(path, line: error.place.line, column: error.place.column, error.message)]) }
        var members = file.members?.objectValue ?? []
        func problem(_ key: String, _ message: String) -> KnowledgeFilesError {
            KnowledgeFilesError([FileProblem(path, line: file.line(of: key), "\(key): \(message)")])
        }
        if let kind = members.first(where: { $0.key == "kind" })?.value, kind != .string(KnowledgeKind.article.rawValue) {
            throw problem("kind", "a file \(EntryPath.articleSuffix) is an article; others are \(EntryPath.structureSuffix)")
        }
        if members.contains(where: { $0.key == "content" }) { throw problem("content", "what an article says stands behind its head") }
        members.removeAll { $0.key == "kind" }
        if !members.contains(where: { $0.key == "title" }) {
            let name = EntryPath.key(ofFile: String(path.split(separator: "/").last ?? ""))
            members.append(JSONMember(key: "title", value: .string(MarkdownFile.firstHeading(of: file.text) ?? name)))
        }
        members.append(JSONMember(key: "kind", value: .string(KnowledgeKind.article.rawValue)))
        members.append(JSONMember(key: "content", value: .object([JSONMember(key: "markdown", value: .string(file.text))])))
        return Parts(members: members) { place in
            let key = place.prefix { $0 != "." && $0 != "[" }
            return key == "content" ? nil : YAMLPosition(line: file.line(of: String(key)), column: 1)
        }
    }

    private static func structure(_ bytes: [UInt8], _ path: String) throws(KnowledgeFilesError) -> Parts {
        do throws(YAMLError) {
            let document = try YAMLDocument(bytes, maximumByteCount: KnowledgeFilesLimits.maximumFileByteCount)
            guard case .object(let members) = document.value else {
                throw YAMLError("an entry is a mapping: title, kind, tags, content", at: YAMLPosition(line: 1, column: 1))
            }
            return Parts(members: members) { $0.isEmpty ? nil : document.position(ofPath: $0) }
        } catch {
            throw KnowledgeFilesError([FileProblem(path, line: error.position.line, column: error.position.column, error.message)])
        }
    }
}
