/// Entries and contents as JSON: what the API takes and gives, what a content's row holds, what its hash is made of. Absent members and
/// empty ones are left out, so that a member that is added one day changes no hash of what does not have it.

import ByteCoding
import ContentReading

extension KnowledgeContent {
    /// Reads `{"title", "kind", "tags", "content": {...}}`. Lines of texts may end in any way; here they end in `\n`.
    ///
    /// Throws `InvalidContent` with every problem found, each with its path.
    package init(json value: JSONValue) throws(InvalidContent) {
        let problems = ProblemList()
        try Self.checkShape(value)
        var content: KnowledgeContent?
        if var reader = ObjectReader(value, path: "", problems: problems) {
            content = reader.knowledgeContent()
            reader.finish()
        }
        try problems.throwIfAny()
        guard let content else { throw InvalidContent("the entry cannot be read") }
        try content.checkSize()
        self = content
    }

    /// The content as if it had been read from its own JSON, for contents that were put together otherwise.
    ///
    /// Throws `InvalidContent` as the reading does.
    package func validated() throws(InvalidContent) -> KnowledgeContent { try KnowledgeContent(json: json) }

    /// `title`, `kind`, `tags` and `content`, in this order.
    package var json: JSONValue { .object(members) }

    fileprivate var members: [JSONMember] {
        let body =
            switch body {
            case .article(let article): article.json
            case .operation(let operation): operation.json
            case .table(let table): table.json
            }
        return [
            JSONMember(key: "title", value: .string(title)), JSONMember(key: "kind", value: .string(self.body.kind.rawValue)),
            JSONMember(key: "tags", value: .array(tags.map(JSONValue.string))), JSONMember(key: "content", value: body),
        ]
    }

    /// Equal for equal contents, however they were written: SHA-256 of the JSON with the members of every object in the order of their
    /// keys and whole numbers in one form.
    package var hash: KnowledgeHash { KnowledgeHash(of: json.canonical.bytes) }

    fileprivate static func checkShape(_ value: JSONValue) throws(InvalidContent) {
        if let problem = value.problemOfShape(maximumDepth: KnowledgeLimits.maximumDepth) { throw InvalidContent(problem) }
    }

    fileprivate func checkSize() throws(InvalidContent) {
        let byteCount = json.bytes.count, limit = KnowledgeLimits.maximumContentByteCount
        if byteCount > limit { throw InvalidContent("the entry has \(byteCount) bytes as JSON; at most \(limit) are allowed") }
    }
}

extension KnowledgeEntry {
    /// Reads `{"key", "title", "kind", "tags", "content": {...}}`.
    ///
    /// Throws `InvalidContent` with every problem found, each with its path.
    package init(json value: JSONValue) throws(InvalidContent) {
        let problems = ProblemList()
        try KnowledgeContent.checkShape(value)
        var key: String?
        var content: KnowledgeContent?
        if var reader = ObjectReader(value, path: "", problems: problems) {
            key = reader.requiredText("key", maximumByteCount: KnowledgeLimits.maximumKeyByteCount)
            if let key, let problem = Self.problem(ofKey: key) { reader.report("key", problem) }
            content = reader.knowledgeContent()
            reader.finish()
        }
        try problems.throwIfAny()
        guard let key, let content else { throw InvalidContent("the entry cannot be read") }
        try content.checkSize()
        self.init(key: key, content: content)
    }

    /// `key`, then as a content.
    package var json: JSONValue { .object([JSONMember(key: "key", value: .string(key))] + content.members) }

    /// Why no entry can have this key; nil for a key that is right. A key may look like a path, but never leads out of a folder.
    package static func problem(ofKey key: String) -> String? {
        if key.isEmpty { return "the key is empty" }
        let limit = KnowledgeLimits.maximumKeyByteCount
        if key.utf8.count > limit { return "the key has \(key.utf8.count) bytes; at most \(limit) are allowed" }
        if key.hasControlCharacters { return "a key has no control characters" }
        if key.utf8.first == UInt8(ascii: " ") || key.utf8.last == UInt8(ascii: " ") { return "a key neither begins nor ends with a space" }
        let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) {
            return "no part of a key between slashes is . or .."
        }
        return nil
    }
}

extension Article {
    package var json: JSONValue { .object([JSONMember(key: "markdown", value: .string(markdown))]) }
}

extension ObjectReader {
    /// The members of a content; nil only with a problem in the list.
    fileprivate mutating func knowledgeContent() -> KnowledgeContent? {
        let title = line("title", maximumByteCount: KnowledgeLimits.maximumNameByteCount)
        let kind = name("kind", of: KnowledgeKind.self)
        if kind == nil, value("kind") == nil { report("kind", "one of article, operation, table is due here") }
        let tags = texts("tags", maximumCount: KnowledgeLimits.maximumTagCount, maximumByteCount: KnowledgeLimits.maximumTagByteCount)
        for (index, tag) in (tags ?? []).enumerated() where tag.isEmpty || tag.hasControlCharacters {
            problems.add("\(path(of: "tags"))[\(index)]", "a tag is not empty and has no control characters")
        }
        guard let content = value("content") else {
            report("content", "an object is due here")
            return nil
        }
        guard let kind, var body = ObjectReader(content, path: path(of: "content"), problems: problems) else { return nil }
        let read: KnowledgeBody? =
            switch kind {
            case .article: body.article().map(KnowledgeBody.article)
            case .operation: body.apiOperation().map(KnowledgeBody.operation)
            case .table: body.tableDescription().map(KnowledgeBody.table)
            }
        body.finish()
        guard let title, let read else { return nil }
        return KnowledgeContent(title: title, tags: (tags ?? []).withoutRepetitions, body: read)
    }

    private mutating func article() -> Article? {
        guard value("markdown") != nil else {
            report("markdown", "a text is due here")
            return nil
        }
        return prose("markdown").map(Article.init)
    }

    /// A text of one line that must be there.
    mutating func line(_ key: String, maximumByteCount: Int = KnowledgeLimits.maximumNameByteCount) -> String? {
        guard let text = requiredText(key, maximumByteCount: maximumByteCount) else { return nil }
        if text.hasControlCharacters { report(key, "the text has control characters") }
        return text
    }

    /// As `line`, of a text that need not be there; an empty one is absent.
    mutating func optionalLine(_ key: String, maximumByteCount: Int = KnowledgeLimits.maximumNameByteCount) -> String? {
        guard let text = text(key, maximumByteCount: maximumByteCount), !text.isEmpty else { return nil }
        if text.hasControlCharacters { report(key, "the text has control characters") }
        return text
    }

    /// A text of any number of lines, which end in `\n` whatever they ended in.
    mutating func prose(_ key: String, maximumByteCount: Int = KnowledgeLimits.maximumContentByteCount) -> String? {
        text(key, maximumByteCount: maximumByteCount)?.withUnixLines
    }
}

extension String {
    /// Control characters, and what some systems take for ends of lines.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}" }
    }

    /// `\r\n` and `\r` become `\n`.
    package var withUnixLines: String {
        guard utf8.contains(UInt8(ascii: "\r")) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte == UInt8(ascii: "\r") {
                bytes.append(UInt8(ascii: "\n"))
            } else if byte != UInt8(ascii: "\n") || previous != UInt8(ascii: "\r") {
                bytes.append(byte)
            }
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
