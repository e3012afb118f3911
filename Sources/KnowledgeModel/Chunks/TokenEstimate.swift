/// How many tokens a text is, about, for whichever model will read it: no vocabulary is at hand, and none fits them all.
///
/// Each character weighs a fixed part of a token, in hundredths: an ASCII letter 25 (English words are 4 to 5 letters and a space to
/// 1.3 tokens), white space 12, a digit 40, other ASCII 60 (punctuation is often a token of its own), letters of two bytes in UTF-8 60
/// (accents, Greek, Cyrillic, Hebrew, Arabic), of three 100 (Chinese, Japanese, Korean), of four 200 (emoji). So the estimate of two
/// texts together is that of their parts, and every token has at most 9 bytes.
enum TokenEstimate {
    /// Hundredths that make a token.
    static let weightOfToken = 100

    /// The weight of a character by its first byte; the others of the same character weigh nothing.
    private static let weights: [UInt8] = (0...255).map { (byte: UInt8) -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): 25
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): 12
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 40
        case 0..<0x80: 60
        case 0x80..<0xc0: 0
        case 0xc0..<0xe0: 60
        case 0xe0..<0xf0: 100
        default: 200
        }
    }

    static func weight(of byte: UInt8) -> Int { Int(weights[Int(byte)]) }

    static func weight(of bytes: some Sequence<UInt8>) -> Int {
        var sum = 0
        for byte in bytes { sum += Int(weights[Int(byte)]) }
        return sum
    }

    /// At least 1 for any text that is not empty.
    static func tokenCount(ofWeight weight: Int) -> Int { (weight + weightOfToken - 1) / weightOfToken }

    static func tokenCount(of text: String) -> Int { tokenCount(ofWeight: weight(of: text.utf8)) }
}
