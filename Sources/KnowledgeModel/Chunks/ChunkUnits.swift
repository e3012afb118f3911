/// What chunks are put together from: blocks that fit into one, and pieces of those that do not. All in passes over the bytes, so in
/// linear time, and without a gap, so that nothing is lost.

struct ChunkUnit {
    /// Bytes of the text.
    var range: Range<Int>
    /// In hundredths of tokens.
    var weight: Int
    /// Whether the next chunk may repeat some of it: of prose, not of code and tables.
    var isProse: Bool
    /// What a chunk that begins with this unit says first: the head of its table, the opening line of its code.
    var opening: Repeated?
    /// What a chunk that ends with this unit says last: the fence that closes its code.
    var closing: Repeated?

    struct Repeated: Equatable {
        var bytes: [UInt8]
        var weight: Int
    }
}

struct ChunkUnits {
    let bytes: [UInt8]
    /// The weight that a chunk may have.
    let maximumWeight: Int
    private(set) var units: [ChunkUnit] = []

    init(_ bytes: [UInt8], maximumWeight: Int) {
        self.bytes = bytes
        self.maximumWeight = maximumWeight
    }

    /// Where a text that is too long is cut, the best places first.
    private enum Cut: Int {
        case sentences, lines, words, characters
    }

    mutating func append(_ block: MarkdownBlock) {
        let weight = TokenEstimate.weight(of: bytes[block.range])
        switch block.kind {
        case .heading, .text:
            append(block.range, weight, maximum: maximumWeight, cut: .sentences) { range, weight in
                ChunkUnit(range: range, weight: weight, isProse: true)
            }
        case .code, .table:
            if weight <= maximumWeight {
                units.append(ChunkUnit(range: block.range, weight: weight, isProse: false))
            } else {
                appendParts(of: block, weight)
            }
        }
    }

    /// Lines of a table or of code that needs several chunks.
    private mutating func appendParts(of block: MarkdownBlock, _ weight: Int) {
        let repeated = repeated(of: block)
        let reserve = (repeated.opening?.weight ?? 0) + (repeated.closing?.weight ?? 0)
        let first = units.count
        append(block.range, weight, maximum: maximumWeight - reserve, cut: .lines) { range, weight in
            ChunkUnit(range: range, weight: weight, isProse: false, opening: repeated.opening, closing: repeated.closing)
        }
        // The first says itself what opens the block, the last what closes it.
        units[first].opening = nil
        units[units.count - 1].closing = nil
    }

    private func repeated(of block: MarkdownBlock) -> (opening: ChunkUnit.Repeated?, closing: ChunkUnit.Repeated?) {
        func repeated(_ bytes: some Sequence<UInt8>) -> ChunkUnit.Repeated? {
            let weight = TokenEstimate.weight(of: bytes)
            let limit = KnowledgeLimits.maximumRepeatedTokenCount * TokenEstimate.weightOfToken
            return weight <= limit ? ChunkUnit.Repeated(bytes: Array(bytes), weight: weight) : nil
        }
        switch block.kind {
        case .table(let head): return (repeated(bytes[head]), nil)
        case .code(let fence, let opening):
            guard let opening = repeated(bytes[opening]) else { return (nil, nil) }
            return (opening, repeated([UInt8(ascii: "\n")] + [UInt8](repeating: fence.mark, count: fence.length)))
        case .heading, .text: return (nil, nil)
        }
    }

    private mutating func append(
        _ range: Range<Int>, _ weight: Int, maximum: Int, cut: Cut, _ unit: (Range<Int>, Int) -> ChunkUnit
    ) {
        if weight <= maximum {
            units.append(unit(range, weight))
            return
        }
        var start = range.lowerBound, sum = 0, index = start
        let finer = Cut(rawValue: cut.rawValue + 1) ?? .characters
        while index < range.upperBound {
            sum += TokenEstimate.weight(of: bytes[index])
            index += 1
            guard index == range.upperBound || isCut(cut, at: index) else { continue }
            if sum <= maximum {
                units.append(unit(start..<index, sum))
            } else {
                append(start..<index, sum, maximum: maximum, cut: finer, unit)
            }
            start = index
            sum = 0
        }
    }

    /// Whether a sentence, a line, a word or a character begins at a byte that is not the first.
    private func isCut(_ cut: Cut, at index: Int) -> Bool {
        switch cut {
        case .sentences: Self.isSentenceStart(bytes, at: index)
        case .lines: bytes[index - 1] == UInt8(ascii: "\n")
        case .words: Self.isWordStart(bytes, at: index)
        case .characters: bytes[index] & 0xc0 != 0x80
        }
    }

    static func isWordStart(_ bytes: [UInt8], at index: Int) -> Bool {
        MarkdownLine.isWhiteSpace(bytes[index - 1]) && !MarkdownLine.isWhiteSpace(bytes[index])
    }

    /// After white space that follows `.`, `!` or `?`, or right after one of their full-width sisters.
    static func isSentenceStart(_ bytes: [UInt8], at index: Int) -> Bool {
        if index >= 3, bytes[index - 3] >= 0xe3 {
            let last = (bytes[index - 3], bytes[index - 2], bytes[index - 1])
            if last == (0xe3, 0x80, 0x82) || last == (0xef, 0xbc, 0x81) || last == (0xef, 0xbc, 0x9f) { return true }
        }
        guard index >= 2, isWordStart(bytes, at: index) else { return false }
        return [UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?")].contains(bytes[index - 2])
    }
}
