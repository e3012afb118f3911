/// Looking for many patterns in bytes at once: ten thousand trace ids cost little more than one.
///
/// The first two bytes of each pattern decide whether a place is looked at more closely.
struct BytePatterns: Sendable {
    /// Each of two bytes at least, and none twice.
    let patterns: [[UInt8]]
    /// Indexes of patterns by their first two bytes.
    private let byPrefix: [UInt16: [Int]]
    private let isPrefix: [Bool]
    let maximumByteCount: Int

    init(_ patterns: [[UInt8]]) {
        self.patterns = Array(Set(patterns.filter { $0.count >= 2 }))
        var byPrefix: [UInt16: [Int]] = [:]
        var isPrefix = Array(repeating: false, count: 1 << 16)
        for (index, pattern) in self.patterns.enumerated() {
            let prefix = UInt16(pattern[0]) << 8 | UInt16(pattern[1])
            byPrefix[prefix, default: []].append(index)
            isPrefix[Int(prefix)] = true
        }
        self.byPrefix = byPrefix
        self.isPrefix = isPrefix
        maximumByteCount = self.patterns.map(\.count).max() ?? 0
    }

    func occur(in bytes: [UInt8]) -> Bool {
        var isFound = false
        forEachPlace(in: bytes) { _, _ in
            isFound = true
            return false
        }
        return isFound
    }

    /// Where a pattern begins, and how long it is, ascending; places may overlap. Ends when the body answers false.
    func forEachPlace(in bytes: [UInt8], _ body: (Int, Int) -> Bool) {
        guard bytes.count >= 2, !patterns.isEmpty else { return }
        bytes.withUnsafeBytes { raw in
            isPrefix.withUnsafeBufferPointer { isPrefix in
                var prefix = UInt16(raw[0])
                for start in 0..<(raw.count - 1) {
                    prefix = prefix << 8 | UInt16(raw[start + 1])
                    guard isPrefix[Int(prefix)], let candidates = byPrefix[prefix] else { continue }
                    for candidate in candidates {
                        let pattern = patterns[candidate]
                        guard start + pattern.count <= raw.count,
                            UnsafeRawBufferPointer(rebasing: raw[start..<start + pattern.count]).elementsEqual(pattern)
                        else { continue }
                        if !body(start, pattern.count) { return }
                    }
                }
            }
        }
    }
}
