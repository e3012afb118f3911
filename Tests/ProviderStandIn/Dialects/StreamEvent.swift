/// One piece of a streamed answer as it goes over the wire, and how text is cut into pieces.

import ByteCoding

struct StreamEvent {
    let bytes: [UInt8]
    /// Belongs to the end of the answer: what a stream without a finish lacks.
    let isClosing: Bool

    /// A server-sent event; `name` for dialects that name theirs.
    static func sent(_ data: JSONValue, name: String? = nil, isClosing: Bool = false) -> StreamEvent {
        var bytes: [UInt8] = []
        if let name { bytes += "event: \(name)\n".utf8 }
        bytes += "data: ".utf8
        bytes += data.bytes
        bytes += "\n\n".utf8
        return StreamEvent(bytes: bytes, isClosing: isClosing)
    }

    private static let usualPieceCount = 32

    /// The text in pieces, between words as far as there are enough of them; no piece for no text.
    static func pieces(of text: String, count: Int?) -> [String] {
        guard !text.isEmpty else { return [] }
        var units: [Substring] = []
        var start = text.startIndex
        for index in text.indices where text[index] == " " {
            let next = text.index(after: index)
            units.append(text[start..<next])
            start = next
        }
        if start < text.endIndex { units.append(text[start...]) }
        if let count, units.count < count { units = text.indices.map { text[$0...$0] } }
        let pieceCount = max(1, min(units.count, count ?? usualPieceCount))
        return (0..<pieceCount).map { piece in
            units[piece * units.count / pieceCount..<(piece + 1) * units.count / pieceCount].joined()
        }
    }
}
