/// A key by its bytes, as the server tells keys apart: Swift's texts are equal when they look the same (`é` in one or two code points).

package struct EntryKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }

    package static func == (left: EntryKey, right: EntryKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    package static func < (left: EntryKey, right: EntryKey) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xff))
    }
}
