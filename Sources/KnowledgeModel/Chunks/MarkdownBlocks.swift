/// The blocks of a Markdown text, one after another without gaps, in one pass over its lines: headings, code blocks, tables, and the rest
/// by paragraphs and list items. What stands inside of list items, quotes, code and raw HTML is no heading of the text.

struct MarkdownBlock {
    enum Kind {
        /// The words without marks; at most one line of them where the heading is of `#`, any number where it is underlined.
        case heading(level: Int, text: Range<Int>)
        /// The opening line is at the start.
        case code(MarkdownFence, opening: Range<Int>)
        /// The first two lines.
        case table(head: Range<Int>)
        case text
    }

    var kind: Kind
    /// Bytes of the text, with the blank lines that follow.
    var range: Range<Int>
}

struct MarkdownBlocks {
    /// All of the text is in them, unless it is blank: then there are none.
    private(set) var blocks: [MarkdownBlock] = []
    private let bytes: [UInt8]
    private var open = Open.nothing
    /// While in a list: by how many columns lines are indented that belong to its last outermost item.
    private var listIndentation: Int?

    private enum Open {
        case nothing
        /// With the line that came last; of quotes, items and indented code no heading can be made.
        case paragraph(last: MarkdownLine, canBeHeading: Bool)
        case code(MarkdownFence)
        /// As `MarkdownLine.htmlEnd`.
        case html(end: [UInt8])
        case table
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var start = 0
        while start < bytes.count {
            let line = MarkdownLine(bytes, from: start)
            take(line)
            start = line.range.upperBound
        }
    }

    private mutating func take(_ line: MarkdownLine) {
        if continuesRaw(line) { return }
        if line.isBlank {
            open = .nothing
            extend(to: line)
        } else if let indentation = listIndentation, line.indentation >= indentation {
            takeInsideItem(line)
        } else {
            takeOutside(line)
        }
    }

    /// Lines of code and raw HTML are not looked at, but for their end.
    private mutating func continuesRaw(_ line: MarkdownLine) -> Bool {
        switch open {
        case .code(let fence):
            // Whatever is indented less than a list item ends the item, and its code with it.
            if let listIndentation, !line.isBlank, line.indentation < listIndentation {
                open = .nothing
                return false
            }
            if line.closes(fence), listIndentation != nil || line.indentation <= 3 { open = .nothing }
        case .html(let end) where end.isEmpty:
            if line.isBlank { open = .nothing }
        case .html(let end):
            if line.contains(end) { open = .nothing }
        default: return false
        }
        extend(to: line)
        return true
    }

    private mutating func takeInsideItem(_ line: MarkdownLine) {
        if let fence = line.fence(from: line.content.lowerBound) {
            beginCode(fence, line)
        } else if let item = line.listItem {
            beginItem(item, line)
        } else {
            takeProse(line, canBeHeading: false)
        }
    }

    private mutating func takeOutside(_ line: MarkdownLine) {
        if let level = line.underlineLevel, case .paragraph(_, canBeHeading: true) = open, let block = blocks.last {
            let words = MarkdownLine.trimmed(bytes, block.range.lowerBound..<line.range.lowerBound)
            blocks[blocks.count - 1].kind = .heading(level: level, text: words)
            extend(to: line)
            open = .nothing
            listIndentation = nil
        } else if let heading = line.heading {
            listIndentation = nil
            begin(.heading(level: heading.level, text: heading.text), line)
        } else if line.isThematicBreak, line.indentation <= 3 {
            listIndentation = nil
            begin(.text, line)
        } else if line.indentation <= 3, let fence = line.fence(from: line.content.lowerBound) {
            listIndentation = nil
            beginCode(fence, line)
        } else if let end = line.htmlEnd {
            listIndentation = nil
            begin(.text, line)
            if end.isEmpty || !line.contains(end) { open = .html(end: end) }
        } else if let item = line.listItem, isListItem(item, line) {
            listIndentation = item.indentation
            beginItem(item, line)
        } else {
            takeProse(line, canBeHeading: line.indentation <= 3 && !line.isQuote)
        }
    }

    private func isListItem(_ item: MarkdownListItem, _ line: MarkdownLine) -> Bool {
        if listIndentation != nil { return true }
        if case .paragraph = open, !item.mayInterruptParagraph { return false }
        return line.indentation <= 3
    }

    private mutating func takeProse(_ line: MarkdownLine, canBeHeading: Bool) {
        switch open {
        case .table where !line.isQuote:
            extend(to: line)
        case .paragraph(let last, _) where line.isTableDelimiter && last.cellCount == line.cellCount:
            beginTable(head: last, line)
        case .paragraph(_, let could):
            extend(to: line)
            open = .paragraph(last: line, canBeHeading: could)
        default:
            // Nothing that the line could go on: a list ends with a line that is not indented.
            let isInsideItem = listIndentation.map { line.indentation >= $0 } ?? false
            if !isInsideItem { listIndentation = nil }
            begin(.text, line)
            open = .paragraph(last: line, canBeHeading: canBeHeading)
        }
    }

    private mutating func beginItem(_ item: MarkdownListItem, _ line: MarkdownLine) {
        if let fence = line.fence(from: item.content) {
            beginCode(fence, line)
        } else {
            begin(.text, line)
            open = .paragraph(last: line, canBeHeading: false)
        }
    }

    private mutating func beginCode(_ fence: MarkdownFence, _ line: MarkdownLine) {
        begin(.code(fence, opening: line.range), line)
        open = .code(fence)
    }

    /// The head is the last line of the paragraph before, which may have others.
    private mutating func beginTable(head: MarkdownLine, _ line: MarkdownLine) {
        let paragraph = blocks[blocks.count - 1].range
        let range = head.range.lowerBound..<line.range.upperBound
        // What is above the text's first line is blank, and belongs to its first block.
        if !MarkdownLine.trimmed(bytes, paragraph.lowerBound..<head.range.lowerBound).isEmpty {
            blocks[blocks.count - 1].range = paragraph.lowerBound..<head.range.lowerBound
            blocks.append(MarkdownBlock(kind: .table(head: range), range: range))
        } else {
            blocks[blocks.count - 1] = MarkdownBlock(kind: .table(head: range), range: paragraph.lowerBound..<range.upperBound)
        }
        open = .table
    }

    private mutating func begin(_ kind: MarkdownBlock.Kind, _ line: MarkdownLine) {
        open = .nothing
        blocks.append(MarkdownBlock(kind: kind, range: blocks.isEmpty ? 0..<line.range.upperBound : line.range))
    }

    private mutating func extend(to line: MarkdownLine) {
        guard let last = blocks.last else { return }
        blocks[blocks.count - 1].range = last.range.lowerBound..<line.range.upperBound
    }
}
