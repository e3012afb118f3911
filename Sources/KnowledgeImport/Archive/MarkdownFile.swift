/// An article as a Markdown file and back: its path is its key, unless the front matter says another.

import ByteCoding
import KnowledgeModel

package enum MarkdownFile {
    static let suffix = ".md"

    /// The entry of a file: an article, or what the front matter says is a table. Throws `ImportProblem`; what is only left out of it is
    /// added to `problems`.
    static func entry(_ bytes: [UInt8], at path: String, _ problems: inout [ImportProblem]) throws(ImportProblem) -> KnowledgeEntry {
        let file: FrontMatter
        do throws(ImportProblem) {
            file = try FrontMatter(bytes, maximumByteCount: KnowledgeImportLimits.maximumMarkdownByteCount)
        } catch {
            throw error.inFile(path)
        }
        func place(_ key: String) -> ImportPlace { ImportPlace(file: path, pointer: "/" + key, line: file.line(of: key)) }
        let head = file.members ?? .object([])
        let isTable = TableFile.isTable(head)
        var key = String(path.dropLast(suffix.count))
        if let value = head["key"], value != .null {
            guard case .string(let text) = value else { throw ImportProblem(at: place("key"), "a key is a text") }
            key = text
        }
        if let problem = KnowledgeEntry.problem(ofKey: key) {
            throw ImportProblem(at: ImportPlace(file: path), problem)
        }
        let name = path.split(separator: "/").last.map { String($0.dropLast(suffix.count)) } ?? key
        let body: KnowledgeBody
        if isTable {
            body = .table(try TableFile.table(head, description: file.text, place))
        } else {
            body = .article(Article(markdown: file.text))
        }
        guard Measure.sum(file.text).byteCount <= KnowledgeImportLimits.maximumTextByteCount else {
            throw ImportProblem(
                at: ImportPlace(file: path), "the text has more than \(KnowledgeImportLimits.maximumTextByteCount) bytes as JSON")
        }
        let found = file.text.utf8.isEmpty || isTable ? nil : firstHeading(of: file.text)
        var title = ImportedText.heading(found ?? name, maximumByteCount: KnowledgeLimits.maximumNameByteCount)
        if let value = head["title"], value != .null {
            let text =
                value.stringValue
                ?? (value.arrayValue == nil && value.objectValue == nil ? String(decoding: value.bytes, as: UTF8.self) : "")
            let given = ImportedText.heading(text, maximumByteCount: KnowledgeLimits.maximumNameByteCount)
            if given.isEmpty {
                problems.append(ImportProblem(.warning, at: place("title"), "a title is a text that is not empty"))
            } else {
                title = given
            }
        }
        if title.isEmpty { title = ImportedText.heading(key, maximumByteCount: KnowledgeLimits.maximumNameByteCount) }
        if title.isEmpty { throw ImportProblem(at: ImportPlace(file: path), "there is nothing to make a title of") }
        let tags = tags(head["tags"], place("tags"), &problems)
        return KnowledgeEntry(key: key, content: KnowledgeContent(title: title, tags: tags, body: body))
    }

    private static func tags(_ value: JSONValue?, _ place: ImportPlace, _ problems: inout [ImportProblem]) -> [String] {
        guard let value, value != .null else { return [] }
        // A text is one tag, or several between commas, as many writers of Markdown have it.
        let texts: [String?] =
            switch value {
            case .array(let elements): elements.map { $0.stringValue ?? $0.integerValue.map(String.init) }
            case .string(let text): text.split(separator: ",").map { String($0) }
            default: [nil]
            }
        var tags: [String] = []
        for text in texts {
            let tag = ImportedText.heading(text ?? "", maximumByteCount: KnowledgeLimits.maximumTagByteCount + 1)
            guard !tag.isEmpty, tag.utf8.count <= KnowledgeLimits.maximumTagByteCount, tags.count < KnowledgeLimits.maximumTagCount else {
                problems.append(
                    ImportProblem(
                        .warning, at: place,
                        "tags are up to \(KnowledgeLimits.maximumTagCount) texts of 1 to \(KnowledgeLimits.maximumTagByteCount) bytes; others were left out"
                    ))
                break
            }
            if !tags.contains(tag) { tags.append(tag) }
        }
        return tags
    }

    /// The text of the first heading outside of fenced code, `# like this` or underlined.
    package static func firstHeading(of text: String) -> String? {
        var fence: Character?
        var previous: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            let indentation = line.utf8.count - content.utf8.count
            if let open = fence {
                if content.hasPrefix(String(repeating: open, count: 3)), content.allSatisfy({ $0 == open || $0 == " " }) { fence = nil }
                continue
            }
            if indentation < 4 {
                if content.hasPrefix("```") || content.hasPrefix("~~~") {
                    fence = content.first
                    previous = nil
                    continue
                }
                let marks = content.prefix { $0 == "#" }
                let rest = content.dropFirst(marks.count)
                if (1...6).contains(marks.count), rest.first == " " || rest.first == "\t" {
                    let heading = rest.trimmingSuffix { $0 == " " || $0 == "#" }.trimmingPrefix { $0 == " " || $0 == "\t" }
                    if !heading.isEmpty { return String(heading) }
                }
                let underline = content.trimmingSuffix { $0 == " " }
                if let title = previous, !underline.isEmpty, underline.allSatisfy({ $0 == "=" }) || underline.allSatisfy({ $0 == "-" }) {
                    return String(title)
                }
            }
            previous = content.isEmpty || indentation >= 4 ? nil : content
        }
        return nil
    }

    /// The file of an article, and its path.
    static func file(of entry: KnowledgeEntry, _ article: Article, at path: String) -> [UInt8] {
        var head: [JSONMember] = []
        if path != entry.key + suffix { head.append(JSONMember(key: "key", value: .string(entry.key))) }
        head.append(JSONMember(key: "title", value: .string(entry.content.title)))
        if !entry.content.tags.isEmpty { head.append(JSONMember(key: "tags", value: .array(entry.content.tags.map(JSONValue.string)))) }
        return FrontMatter.file(head, article.markdown)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, matches(last) { rest.removeLast() }
        return rest
    }
}

extension ImportProblem {
    func inFile(_ path: String) -> ImportProblem {
        var copy = self
        copy.place.file = path
        return copy
    }
}
