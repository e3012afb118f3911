/// A request's path as the log may show it: short words and ids stay, anything else becomes `...`. A key or a token that somebody pasted
/// into a path is so kept nowhere, whether the path leads anywhere or not.

struct LoggedPath: Sendable {
    /// Bytes of a word: the longest one of the routes has 20, the shortest secret made here 26.
    static let maximumWordByteCount = 20
    /// Segments that are shown; a path with more is cut.
    static let maximumSegmentCount = 20

    let text: String

    init(_ path: String) {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: Self.maximumSegmentCount, omittingEmptySubsequences: false)
        text = segments.map { Self.isShown($0) ? String(decoding: $0, as: UTF8.self) : "..." }.joined(separator: "/")
    }

    private static func isShown(_ segment: some Collection<UInt8>) -> Bool {
        isID(segment) || (segment.count <= maximumWordByteCount && segment.allSatisfy(isOfWord))
    }

    /// A UUID, or the hex digits of a trace.
    private static func isID(_ segment: some Collection<UInt8>) -> Bool {
        let digits = segment.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 32 && [32, 36].contains(segment.count) && digits.allSatisfy(isHexDigit)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: "-_.~".utf8.contains(byte)
        }
    }
}
