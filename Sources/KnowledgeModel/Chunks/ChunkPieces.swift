/// The pieces of a text: sections filled into chunks, small neighbours put together.

struct ChunkPieces {
    static let maximumWeight = KnowledgeLimits.maximumChunkTokenCount * TokenEstimate.weightOfToken
    static let overlapWeight = KnowledgeLimits.chunkOverlapTokenCount * TokenEstimate.weightOfToken
    static let smallWeight = KnowledgeLimits.smallChunkTokenCount * TokenEstimate.weightOfToken

    /// In the order of the text; none for a text without words.
    private(set) var pieces: [ChunkPiece] = []
    private let bytes: [UInt8]
    /// Of the piece that came last, while it is a small one of whole sections.
    private var small: (headingStarts: [Int], runStart: Int, weight: Int)?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for section in ChunkSections(bytes).sections { append(section) }
    }

    private mutating func append(_ section: ChunkSection) {
        var units = ChunkUnits(bytes, maximumWeight: Self.maximumWeight)
        for block in section.blocks { units.append(block) }
        let weight = units.units.reduce(0) { $0 + $1.weight }
        guard weight < Self.smallWeight, let first = units.units.first, let last = units.units.last else {
            small = nil
            fill(units.units, section.path)
            return
        }
        let range = first.range.lowerBound..<last.range.upperBound
        if join(section, range, weight) { return }
        pieces.append(ChunkPiece(range: range, path: section.path))
        small = (section.headingStarts, section.runStart, weight)
    }

    /// Puts a small section to the small piece before it. Their path is what both have in common; the other headings of either are to be
    /// in the text then.
    private mutating func join(_ section: ChunkSection, _ range: Range<Int>, _ weight: Int) -> Bool {
        guard let small, small.weight < Self.smallWeight, var piece = pieces.last else { return false }
        let common = zip(piece.path, section.path).prefix { $0 == $1 }.count
        var start = piece.range.lowerBound
        if common < piece.path.count {
            // Headings of other chunks stand further above than these.
            guard small.headingStarts[common] >= small.runStart else { return false }
            start = min(start, small.headingStarts[common])
        }
        let sum =
            small.weight + weight + TokenEstimate.weight(of: bytes[start..<piece.range.lowerBound])
            + TokenEstimate.weight(of: bytes[piece.range.upperBound..<range.lowerBound])
        guard sum <= Self.maximumWeight else { return false }
        piece.range = start..<range.upperBound
        piece.path.removeSubrange(common...)
        pieces[pieces.count - 1] = piece
        self.small = (Array(small.headingStarts.prefix(common)), small.runStart, sum)
        return true
    }

    /// As many units into each piece as fit.
    private mutating func fill(_ units: [ChunkUnit], _ path: [String]) {
        var start = 0
        while start < units.count {
            let first = units[start]
            var piece = ChunkPiece(range: first.range, path: path, opening: first.opening?.bytes ?? [])
            var weight = first.opening?.weight ?? 0
            if start > 0, first.opening == nil {
                piece.overlapCount = overlapCount(before: start, units)
                let range = first.range.lowerBound - piece.overlapCount..<first.range.lowerBound
                weight += TokenEstimate.weight(of: bytes[range])
            }
            var end = start
            while end < units.count, weight + units[end].weight + (units[end].closing?.weight ?? 0) <= Self.maximumWeight {
                weight += units[end].weight
                end += 1
            }
            // One unit fits always: overlaps leave room for it, and units leave room for what is repeated around them.
            end = max(end, start + 1)
            piece.range = first.range.lowerBound..<units[end - 1].range.upperBound
            piece.closing = units[end - 1].closing?.bytes ?? []
            if !MarkdownLine.trimmed(bytes, piece.range).isEmpty { pieces.append(piece) }
            start = end
        }
    }

    /// Bytes right before a unit that its piece repeats: from the beginning of a sentence, else of a word, and only prose.
    private func overlapCount(before start: Int, _ units: [ChunkUnit]) -> Int {
        let end = units[start].range.lowerBound
        let room = Self.maximumWeight - units[start].weight - (units[start].closing?.weight ?? 0)
        let budget = min(Self.overlapWeight, room)
        var lower = end, weight = 0, unit = start, word: Int?, sentence: Int?
        while unit > 0, units[unit - 1].isProse {
            unit -= 1
            while lower > units[unit].range.lowerBound {
                weight += TokenEstimate.weight(of: bytes[lower - 1])
                if weight > budget { return end - (sentence ?? word ?? end) }
                lower -= 1
                if lower == 0 || ChunkUnits.isWordStart(bytes, at: lower) { word = lower }
                if ChunkUnits.isSentenceStart(bytes, at: lower) || isParagraphStart(lower) { sentence = lower }
            }
        }
        return end - (sentence ?? word ?? end)
    }

    private func isParagraphStart(_ index: Int) -> Bool {
        index >= 2 && bytes[index - 1] == UInt8(ascii: "\n") && bytes[index - 2] == UInt8(ascii: "\n") && bytes[index] != UInt8(ascii: "\n")
    }
}
