/// Contents as Markdown: what agents and people read, what is cut into chunks, what two versions are compared by.

extension KnowledgeContent {
    /// An article's own; operations and tables are written out.
    package var markdown: String {
        switch body {
        case .article(let article): article.markdown
        case .operation(let operation): operation.markdown
        case .table(let table): table.markdown
        }
    }
}

/// Pieces of Markdown that texts from elsewhere are put into.
enum MarkdownText {
    /// A text as it may stand in a cell of a table or in a list item: in one line, its bars escaped.
    static func cell(_ text: String) -> String {
        var cell = "", isSpace = true
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                if !isSpace { cell.unicodeScalars.append(" ") }
                isSpace = true
                continue
            }
            isSpace = false
            if scalar == "|" { cell.unicodeScalars.append("\\") }
            cell.unicodeScalars.append(scalar)
        }
        if isSpace, !cell.isEmpty { cell.unicodeScalars.removeLast() }
        return cell
    }

    /// A name in the type of code, whatever it holds.
    static func code(_ text: String) -> String {
        var longest = 0, run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let pad = longest > 0 ? " " : ""
        return "\(fence)\(pad)\(cell(text))\(pad)\(fence)"
    }

    /// A Markdown text below a heading of another: its headings go down by so many levels, to the sixth at most.
    static func below(_ levels: Int, _ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for block in MarkdownBlocks(bytes).blocks {
            guard case .heading(let level, let words) = block.kind else {
                result += bytes[block.range]
                continue
            }
            result += [UInt8](repeating: UInt8(ascii: "#"), count: min(6, level + levels))
            if !words.isEmpty { result += [UInt8(ascii: " ")] + ChunkSections.oneLine(bytes[words]) }
            result += "\n\n".utf8
        }
        let range = MarkdownLine.trimmed(result, result.indices)
        return String(decoding: result[range], as: UTF8.self)
    }
}
