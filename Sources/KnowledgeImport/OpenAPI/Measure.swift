/// How large a value is as JSON text, and how deep, without writing it: references multiply, and what they come to is known before
/// anything is put together.

import ByteCoding

struct Measure: Equatable {
    var byteCount = 0
    /// Containers within containers; 0 for anything else.
    var depth = 0
    /// U+0000, which PostgreSQL cannot store, stands in a text.
    var hasNUL = false

    static let nothing = Measure()

    /// Counting stops here, far beyond every limit and far below overflow.
    static let maximumByteCount = 1 << 50

    mutating func add(byteCount count: Int) { byteCount = min(byteCount + min(count, Self.maximumByteCount), Self.maximumByteCount) }

    /// Counts a value that stands `level` containers down.
    mutating func add(_ value: JSONValue, level: Int) {
        switch value {
        case .null: add(byteCount: 4)
        case .bool(let flag): add(byteCount: flag ? 4 : 5)
        case .integer(let number): add(byteCount: number.description.utf8.count)
        case .double(let number): add(byteCount: number.description.utf8.count)
        case .string(let text): add(text)
        case .array(let elements):
            addContainer(memberCount: elements.count, level: level)
            for element in elements { add(element, level: level + 1) }
        case .object(let members):
            addContainer(memberCount: members.count, level: level)
            for member in members {
                addKey(member.key)
                add(member.value, level: level + 1)
            }
        }
    }

    /// The brackets and commas of a container.
    mutating func addContainer(memberCount: Int, level: Int) {
        add(byteCount: 2 + max(0, memberCount - 1))
        depth = max(depth, level + 1)
    }

    mutating func addKey(_ key: String) {
        add(key)
        add(byteCount: 1)
    }

    mutating func add(_ text: String) {
        var text = text
        let (count, hasZero) = text.withUTF8 { bytes in
            var count = 2
            var hasZero = false
            for byte in bytes {
                count += 1
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x0c, 0x0a, 0x0d, 0x09: count += 1
                default: count += 5
                }
                if byte == 0 { hasZero = true }
            }
            return (count, hasZero)
        }
        add(byteCount: count)
        if hasZero { hasNUL = true }
    }

    /// Counts something measured elsewhere that stands `level` containers down.
    mutating func add(_ other: Measure, level: Int) {
        add(byteCount: other.byteCount)
        depth = max(depth, other.depth == 0 ? 0 : level + other.depth)
        hasNUL = hasNUL || other.hasNUL
    }
}
