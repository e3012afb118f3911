/// A pattern for attribute keys: `*` stands for any number of bytes, dots included, `?` for one; the rest for itself, ASCII letters
/// in either case. Matched in time linear in the key for each `*`, without recursion.
package struct Glob: Equatable, Sendable {
    package let text: String
    private let bytes: [UInt8]

    package init(_ text: String) {
        self.text = text
        bytes = text.utf8.map(Self.lowercased)
    }

    package func matches(_ key: UnsafeRawBufferPointer) -> Bool {
        var pattern = 0
        var position = 0
        var starPattern = -1
        var starPosition = 0
        while position < key.count {
            if pattern < bytes.count, bytes[pattern] == UInt8(ascii: "*") {
                starPattern = pattern
                starPosition = position
                pattern += 1
            } else if pattern < bytes.count, bytes[pattern] == UInt8(ascii: "?") || bytes[pattern] == Self.lowercased(key[position]) {
                pattern += 1
                position += 1
            } else if starPattern >= 0 {
                // The last star takes one byte more; stars before it never need to change.
                starPosition += 1
                position = starPosition
                pattern = starPattern + 1
            } else {
                return false
            }
        }
        while pattern < bytes.count, bytes[pattern] == UInt8(ascii: "*") { pattern += 1 }
        return pattern == bytes.count
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
}
