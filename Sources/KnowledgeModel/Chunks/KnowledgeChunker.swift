/// Cuts contents into chunks: at headings first, then between blocks, then, where a block alone is too long, between sentences, lines,
/// words, at last characters. Linear in the text's length, whatever stands in it.

package enum KnowledgeChunker {
    /// At least one. Of the Markdown every character is in a chunk or in the heading path of one, in the order of the text.
    package static func chunks(of content: KnowledgeContent) -> [KnowledgeChunk] {
        let bytes = Array(content.markdown.utf8)
        let pieces = pieces(of: content.body.kind, bytes)
        if pieces.isEmpty {
            let text = content.title.isEmpty ? content.body.kind.rawValue : content.title
            return [chunk(0, of: content, [], text)]
        }
        return pieces.enumerated().map { position, piece in chunk(position, of: content, piece.path, piece.text(in: bytes)) }
    }

    private static func pieces(of kind: KnowledgeKind, _ bytes: [UInt8]) -> [ChunkPiece] {
        let whole = MarkdownLine.trimmed(bytes, bytes.indices)
        // What describes one operation or one table is found as one, if it is short enough.
        if kind != .article, !whole.isEmpty, TokenEstimate.weight(of: bytes[whole]) <= ChunkPieces.maximumWeight {
            return [ChunkPiece(range: whole, path: [])]
        }
        return ChunkPieces(bytes).pieces
    }

    private static func chunk(_ position: Int, of content: KnowledgeContent, _ path: [String], _ text: String) -> KnowledgeChunk {
        KnowledgeChunk(
            position: position, title: content.title, headingPath: path, text: text, tokenCount: TokenEstimate.tokenCount(of: text))
    }
}

/// Where a chunk lies in its text.
struct ChunkPiece {
    /// What it is the first to say.
    var range: Range<Int>
    var path: [String]
    /// What it repeats from the piece before it: what stands right before the range.
    var overlapCount = 0
    /// What it repeats from the beginning of its table or code.
    var opening: [UInt8] = []
    /// What it says at its end as its code does.
    var closing: [UInt8] = []

    func text(in bytes: [UInt8]) -> String {
        var lower = range.lowerBound - overlapCount, upper = range.upperBound
        // Blank lines at the beginning go, the first line's indentation stays.
        var index = lower
        while index < upper, MarkdownLine.isWhiteSpace(bytes[index]) {
            if bytes[index] == UInt8(ascii: "\n") { lower = index + 1 }
            index += 1
        }
        while upper > lower, MarkdownLine.isWhiteSpace(bytes[upper - 1]) { upper -= 1 }
        return String(decoding: opening + bytes[lower..<upper] + closing, as: UTF8.self)
    }
}
