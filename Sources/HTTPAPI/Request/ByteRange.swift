/// The `Range` of a request (RFC 9110, section 14.2): one range of bytes. Several, other units and what cannot be read mean the whole.

enum ByteRange: Equatable, Sendable {
    case whole
    /// Not empty.
    case part(Range<Int>)
    case unsatisfiable

    init(_ header: String?, byteCount: Int) {
        self = .whole
        guard let header, header.lowercased().hasPrefix("bytes=") else { return }
        let ends = header.dropFirst("bytes=".count).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else { return }
        switch (first, last) {
        case (nil, nil): return
        case (nil, let length?): self = Self.part(from: byteCount - min(length, byteCount), below: byteCount)
        case (let first?, let last):
            if let last, last < first { return }
            self = Self.part(from: first, below: min(byteCount, min(last ?? byteCount, byteCount) + 1))
        }
    }

    private static func part(from first: Int, below end: Int) -> ByteRange { first < end ? .part(first..<end) : .unsatisfiable }

    /// The outer nil: it is no number. The inner one: there is none.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        // A number too large for any payload lies behind its end.
        return .some(Int(text) ?? .max)
    }
}
