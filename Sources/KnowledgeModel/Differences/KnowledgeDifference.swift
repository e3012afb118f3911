/// What is different between two versions of an entry: its fields, and the lines of what people read.

import ByteCoding

package enum KnowledgeChange: String, Sendable, Hashable, CaseIterable {
    case added, changed, removed

    /// Nil where nothing has changed.
    package init?(from old: KnowledgeHash?, to new: KnowledgeHash?) {
        switch (old, new) {
        case (nil, nil): return nil
        case (nil, _?): self = .added
        case (_?, nil): self = .removed
        case (let old?, let new?):
            if old == new { return nil }
            self = .changed
        }
    }
}

package struct KnowledgeDifference: Sendable, Equatable {
    /// In the order of the newer JSON, then what only the older has. The text of an article is not among them: its lines tell.
    package var fields: [FieldDifference]
    /// Of the Markdown, with three lines around each change.
    package var lines: [LineDifference]

    /// An entry that is not there has no fields and no lines.
    package init(from old: KnowledgeContent?, to new: KnowledgeContent?) {
        fields = FieldDifference.differences(from: Self.fields(of: old), to: Self.fields(of: new))
        lines = LineDifference.differences(from: old?.markdown ?? "", to: new?.markdown ?? "")
    }

    package var isEmpty: Bool { fields.isEmpty && lines.isEmpty }

    /// As `diff -u` prints it, without the names of files; empty for no difference.
    package var unified: String { lines.map(\.unified).joined() }

    private static func fields(of content: KnowledgeContent?) -> JSONValue {
        guard var content else { return .object([]) }
        if case .article = content.body { content.body = .article(Article(markdown: "")) }
        guard case .object(var members) = content.json else { return .object([]) }
        if case .article = content.body { members.removeAll { $0.key == "content" } }
        return .object(members)
    }
}
