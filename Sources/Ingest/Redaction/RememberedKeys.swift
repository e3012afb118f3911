/// What was found out about the keys of a request: thousands of spans share a few dozen.
///
/// Looked up by a seeded hash of 64 bits and confirmed byte by byte, so that no sender can make one key pass for another.
struct RememberedKeys {
    enum Rule: Equatable {
        case none
        /// Known to hold a payload.
        case payload
        /// A rule of the project, by its place.
        case key(Int)
    }

    private struct Entry {
        var bytes: [UInt8]
        var rule: Rule?
        /// No pattern finds anything in it.
        var isClean = false
    }

    private var entries: [Int: Entry] = [:]

    func rule(of key: UnsafeRawBufferPointer) -> Rule? { entry(Self.hash(key), key)?.rule }

    mutating func remember(_ rule: Rule, of key: UnsafeRawBufferPointer) { change(Self.hash(key), key) { $0.rule = rule } }

    func isKnownClean(_ key: UnsafeRawBufferPointer) -> Bool { entry(Self.hash(key), key)?.isClean ?? false }

    mutating func rememberClean(_ key: UnsafeRawBufferPointer) { change(Self.hash(key), key) { $0.isClean = true } }

    private func entry(_ hash: Int, _ key: UnsafeRawBufferPointer) -> Entry? {
        guard let entry = entries[hash], entry.bytes.elementsEqual(key) else { return nil }
        return entry
    }

    private mutating func change(_ hash: Int, _ key: UnsafeRawBufferPointer, _ change: (inout Entry) -> Void) {
        guard var entry = entry(hash, key) else {
            guard entries.count < RedactionLimits.maximumRememberedKeyCount, key.count <= RedactionLimits.maximumGlobByteCount else {
                return
            }
            var entry = Entry(bytes: Array(key))
            change(&entry)
            entries[hash] = entry
            return
        }
        change(&entry)
        entries[hash] = entry
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: key)
        return hasher.finalize()
    }
}
