/// What a model is shown of an entry of the knowledge base: what it is, and its Markdown, within a number of bytes.

import ByteCoding

package struct EntryExcerpt: Sendable, Equatable {
    private let key: String
    private let title: String
    private let kind: String
    private let text: String

    /// - Parameters:
    ///   - kind: `article`, `operation`, `table`.
    ///   - markdown: as agents read it; its end is left out where it is too long.
    package init(key: String, title: String, kind: String, markdown: String) {
        (self.key, self.title, self.kind) = (key, title, kind)
        text = markdown.cut(toByteCount: DraftLimits.excerptByteCount)
    }

    package var json: JSONValue {
        .object([
            JSONMember(key: "key", value: .string(key)), JSONMember(key: "title", value: .string(title)),
            JSONMember(key: "kind", value: .string(kind)), JSONMember(key: "text", value: .string(text)),
        ])
    }
}
