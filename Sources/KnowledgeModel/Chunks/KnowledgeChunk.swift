/// A piece of a content: what is searched, what is embedded, what an answer quotes.

package struct KnowledgeChunk: Sendable, Equatable {
    /// From 0, without gaps.
    package var position: Int
    /// Of the whole content.
    package var title: String
    /// Headings above the text, the outermost first; each at most `KnowledgeLimits.maximumHeadingByteCount` long.
    package var headingPath: [String]
    package var text: String
    /// Estimated, of the text alone; at least 1.
    package var tokenCount: Int

    package init(position: Int, title: String, headingPath: [String], text: String, tokenCount: Int) {
        self.position = position
        self.title = title
        self.headingPath = headingPath
        self.text = text
        self.tokenCount = tokenCount
    }

    /// The text with what it is about: the title and the headings in a line each, then the text. A first heading that repeats the title
    /// is said once.
    package var embeddedText: String {
        let headings = headingPath.first == title ? headingPath.dropFirst() : headingPath[...]
        return ([title] + headings).joined(separator: "\n") + "\n\n" + text
    }

    package var embeddedHash: KnowledgeHash { KnowledgeHash(of: embeddedText.utf8) }
}
