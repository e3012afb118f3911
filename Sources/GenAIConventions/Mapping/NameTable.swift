/// A fixed set of names with a number each, asked with borrowed bytes: no string is made for a question.
///
/// Open addressing, at most a quarter full, over a hash of the length and four of the bytes: attribute keys share long
/// beginnings, so what tells them apart is sampled, and equality is tried from the end. The names are ours, so nobody
/// can make them collide; a name from outside costs one hash, and none at all when it is longer than every name here.
struct NameTable: Sendable {
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Index into `entries` plus one; 0 is free.
    private var slots: [UInt16]
    private var maximumLength = 0
    private let ignoringCase: Bool

    private struct Entry {
        var start: Int
        var count: Int
        var value: UInt16
    }

    /// Of equal names the first counts; empty ones are left out.
    init(_ names: [(String, UInt16)], ignoringCase: Bool) {
        self.ignoringCase = ignoringCase
        var size = 8
        while size < names.count * 4 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        for (name, value) in names {
            let text = Array(name.utf8)
            guard !text.isEmpty, self.value(of: text.span) == nil else { continue }
            var slot = Int(truncatingIfNeeded: hash(text.span)) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            entries.append(Entry(start: bytes.count, count: text.count, value: value))
            slots[slot] = UInt16(entries.count)
            bytes += text.map { ignoringCase ? Self.lowercased($0) : $0 }
            maximumLength = max(maximumLength, text.count)
        }
    }

    /// The number of a name, nil when it is not in the table.
    func value(of name: borrowing Span<UInt8>) -> UInt16? {
        guard name.count <= maximumLength, !name.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash(name)) & mask
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.count == name.count, equals(name, entry) { return entry.value }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func equals(_ name: borrowing Span<UInt8>, _ entry: Entry) -> Bool {
        var place = entry.count
        while place > 0 {
            place -= 1
            let byte = ignoringCase ? Self.lowercased(name[place]) : name[place]
            if byte != bytes[entry.start + place] { return false }
        }
        return true
    }

    /// Of a name that is not empty. Case is dropped by setting the bit that tells ASCII letters apart.
    @inline(__always)
    private func hash(_ name: borrowing Span<UInt8>) -> UInt64 {
        let last = name.count - 1
        let sample =
            UInt64(name[0] | 0x20) | UInt64(name[last] | 0x20) &<< 8 | UInt64(name[last / 2] | 0x20) &<< 16
            | UInt64(name[last - last / 4] | 0x20) &<< 24 | UInt64(truncatingIfNeeded: name.count) &<< 32
        let mixed = sample &* 0x9E37_79B9_7F4A_7C15
        return mixed >> 32
    }

    @inline(__always)
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
