/// The sections of a Markdown text: what stands between one heading and the next, with the headings above it.

struct ChunkSection {
    /// The words of headings, the outermost first, none longer than a path may hold.
    var path: [String]
    /// Where the lines of each heading of the path begin.
    var headingStarts: [Int]
    /// The first byte of the headings that stand right above the body, without a body of their own between.
    var runStart: Int
    var blocks: [MarkdownBlock]
}

struct ChunkSections {
    /// In the order of the text. A heading whose words are in no section's path stands in its section as text.
    private(set) var sections: [ChunkSection] = []
    private let bytes: [UInt8]
    private var stack: [(level: Int, text: String, start: Int)] = []
    /// Where the headings begin since which there was no body.
    private var runStart = 0
    private var body: [MarkdownBlock] = []
    /// The heading read last, while it has neither body nor subsection.
    private var pending: (level: Int, block: MarkdownBlock)?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for block in MarkdownBlocks(bytes).blocks {
            if case .heading(let level, let text) = block.kind {
                begin(level, text, block)
            } else {
                pending = nil
                body.append(block)
            }
        }
        end(before: 0)
    }

    private mutating func begin(_ level: Int, _ words: Range<Int>, _ block: MarkdownBlock) {
        let hadBody = !body.isEmpty
        let wasCovered = pending.map { level > $0.level } ?? true
        end(before: level)
        while let last = stack.last, last.level >= level { stack.removeLast() }
        if hadBody || !wasCovered { runStart = block.range.lowerBound }
        guard !words.isEmpty else { return }
        let text = Self.pathText(bytes[words])
        stack.append((level, text, block.range.lowerBound))
        if words.count > KnowledgeLimits.maximumHeadingByteCount {
            // The path has not all of it.
            body = [MarkdownBlock(kind: .text, range: block.range)]
            pending = nil
        } else {
            pending = (level, block)
        }
    }

    /// Ends the section that is open; the heading that follows has this level, 0 at the end of the text.
    private mutating func end(before level: Int) {
        if let heading = pending, level <= heading.level {
            body = [MarkdownBlock(kind: .text, range: heading.block.range)]
            pending = nil
        }
        guard !body.isEmpty else { return }
        sections.append(
            ChunkSection(path: stack.map(\.text), headingStarts: stack.map(\.start), runStart: runStart, blocks: body))
        body = []
    }

    /// In one line, cut where a character begins.
    static func pathText(_ words: ArraySlice<UInt8>) -> String {
        var end = words.endIndex
        if words.count > KnowledgeLimits.maximumHeadingByteCount {
            end = words.startIndex + KnowledgeLimits.maximumHeadingByteCount
            while end > words.startIndex, words[end] & 0xc0 == 0x80 { end -= 1 }
        }
        return String(decoding: oneLine(words[..<end]), as: UTF8.self)
    }

    static func oneLine(_ words: ArraySlice<UInt8>) -> [UInt8] {
        Array(words.split(whereSeparator: MarkdownLine.isWhiteSpace).joined(separator: [UInt8(ascii: " ")]))
    }
}
