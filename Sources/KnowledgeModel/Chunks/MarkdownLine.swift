/// One line of a Markdown text, and what it would begin: the rules of CommonMark that are about lines.

struct MarkdownLine {
    let bytes: [UInt8]
    /// With its line feed, if it has one.
    let range: Range<Int>
    /// Without white space at both ends.
    let content: Range<Int>
    /// Columns of white space before the content; a tab leads to the next multiple of four.
    let indentation: Int

    init(_ bytes: [UInt8], from start: Int) {
        var end = start, first = start, last = start, column = 0, isLeading = true
        while end < bytes.count {
            let byte = bytes[end]
            end += 1
            if byte == UInt8(ascii: "\n") { break }
            switch byte {
            case UInt8(ascii: " ") where isLeading: column += 1
            case UInt8(ascii: "\t") where isLeading: column += 4 - column % 4
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default:
                if isLeading { first = end - 1 }
                isLeading = false
                last = end
            }
        }
        self.bytes = bytes
        range = start..<end
        content = isLeading ? end..<end : first..<last
        indentation = column
    }

    var isBlank: Bool { content.isEmpty }
    var text: ArraySlice<UInt8> { bytes[content] }

    /// The level and the words of a heading of `#`.
    var heading: (level: Int, text: Range<Int>)? {
        let level = text.prefix { $0 == UInt8(ascii: "#") }.count
        guard indentation <= 3, 1...6 ~= level else { return nil }
        var words = content.lowerBound + level..<content.upperBound
        guard words.isEmpty || Self.isSpace(bytes[words.lowerBound]) else { return nil }
        // A closing sequence stands after a space, or alone.
        let closing = bytes[words].reversed().prefix { $0 == UInt8(ascii: "#") }.count
        let kept = words.upperBound - closing
        if closing > 0, kept > words.lowerBound, Self.isSpace(bytes[kept - 1]) { words = words.lowerBound..<kept }
        return (level, Self.trimmed(bytes, words))
    }

    /// 1 for a line of `=`, 2 for one of `-`, which make a heading of the paragraph above.
    var underlineLevel: Int? {
        guard indentation <= 3, let first = text.first, text.allSatisfy({ $0 == first }) else { return nil }
        return first == UInt8(ascii: "=") ? 1 : first == UInt8(ascii: "-") ? 2 : nil
    }

    /// Three or more of `-`, `*` or `_`, with any spaces between.
    var isThematicBreak: Bool {
        guard let first = text.first, [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_")].contains(first) else { return false }
        return text.allSatisfy { $0 == first || Self.isSpace($0) } && text.lazy.filter { $0 == first }.count >= 3
    }

    /// The fence of a code block that opens at `start`.
    func fence(from start: Int) -> MarkdownFence? {
        guard start < content.upperBound, [UInt8(ascii: "`"), UInt8(ascii: "~")].contains(bytes[start]) else { return nil }
        let mark = bytes[start]
        let length = bytes[start..<content.upperBound].prefix { $0 == mark }.count
        guard length >= 3 else { return nil }
        if mark == UInt8(ascii: "`"), bytes[start + length..<content.upperBound].contains(mark) { return nil }
        return MarkdownFence(mark: mark, length: length)
    }

    func closes(_ fence: MarkdownFence) -> Bool {
        content.count >= fence.length && text.allSatisfy { $0 == fence.mark }
    }

    var isQuote: Bool { text.first == UInt8(ascii: ">") }

    /// The marker of a list item: the offset of what stands after it, and by how many columns the item's further lines are indented.
    var listItem: MarkdownListItem? {
        guard let first = text.first, !isThematicBreak else { return nil }
        var end = content.lowerBound, mayInterrupt = true
        if [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*")].contains(first) {
            end += 1
        } else {
            let digits = text.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard 1...9 ~= digits.count, digits.endIndex < content.upperBound,
                [UInt8(ascii: "."), UInt8(ascii: ")")].contains(bytes[digits.endIndex])
            else { return nil }
            end = digits.endIndex + 1
            mayInterrupt = digits.elementsEqual("1".utf8)
        }
        let width = indentation + (end - content.lowerBound)
        guard end < content.upperBound else { return MarkdownListItem(content: end, indentation: width + 1, mayInterruptParagraph: false) }
        guard Self.isSpace(bytes[end]) else { return nil }
        let spaces = bytes[end..<content.upperBound].prefix(while: Self.isSpace).count
        return MarkdownListItem(
            content: end + spaces, indentation: width + (spaces > 4 ? 1 : spaces), mayInterruptParagraph: mayInterrupt)
    }

    /// The line below a table's head: `|---|:--:|`.
    var isTableDelimiter: Bool {
        var hasPipe = false, hasHyphen = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "|"): hasPipe = true
            case UInt8(ascii: "-"): hasHyphen = true
            case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: return false
            }
        }
        return hasPipe && hasHyphen
    }

    /// Cells of a row of a table.
    var cellCount: Int {
        var pipes = 0, isEscaped = false
        for byte in text {
            if byte == UInt8(ascii: "|"), !isEscaped { pipes += 1 }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        let outer = (text.first == UInt8(ascii: "|") ? 1 : 0) + (text.last == UInt8(ascii: "|") && content.count > 1 ? 1 : 0)
        return pipes + 1 - outer
    }

    /// What ends the raw HTML that begins with this line: of a comment and of elements whose text is not Markdown their end, of other
    /// blocks a blank line, for which the empty text stands.
    var htmlEnd: [UInt8]? {
        guard indentation <= 3, text.first == UInt8(ascii: "<") else { return nil }
        let opening = text.prefix(16).map(Self.lowercased)
        if opening.starts(with: "<!--".utf8) { return Array("-->".utf8) }
        for name in ["pre", "script", "style", "textarea"] where opening.starts(with: "<\(name)".utf8) {
            let next = opening.dropFirst(name.utf8.count + 1).first
            if next == nil || next == UInt8(ascii: ">") || Self.isSpace(next ?? 0) { return Array("</\(name)>".utf8) }
        }
        let tag = opening.dropFirst(opening.dropFirst().first == UInt8(ascii: "/") ? 2 : 1)
        let name = tag.prefix { Self.lettersAndDigits.contains($0) }
        let next = tag.dropFirst(name.count).first
        guard next == nil || next == UInt8(ascii: ">") || next == UInt8(ascii: "/") || Self.isSpace(next ?? 0) else { return nil }
        return Self.htmlBlocks.contains(String(decoding: name, as: UTF8.self)) ? [] : nil
    }

    private static let lettersAndDigits = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    /// Elements that are blocks, as CommonMark lists them.
    private static let htmlBlocks: Set<String> = [
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3",
        "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes",
        "ol", "optgroup", "option", "p", "param", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title",
        "tr", "track", "ul",
    ]

    func contains(_ word: [UInt8]) -> Bool {
        guard content.count >= word.count else { return false }
        for start in content.lowerBound...content.upperBound - word.count
        where bytes[start] == word[0] && zip(bytes[start...], word).allSatisfy({ Self.lowercased($0) == $1 }) {
            return true
        }
        return false
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Of any number of lines.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound, upper = range.upperBound
        while lower < upper, isWhiteSpace(bytes[lower]) { lower += 1 }
        while lower < upper, isWhiteSpace(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool { isSpace(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
    }
}

/// What a code block is opened and closed by.
struct MarkdownFence: Equatable {
    var mark: UInt8
    var length: Int
}

/// Where a list item begins to say something.
struct MarkdownListItem {
    var content: Int
    var indentation: Int
    var mayInterruptParagraph: Bool
}
