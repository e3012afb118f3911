/// The content of a simulated file: what a reader sees, what a crash would leave, and which sectors differ.
import SeededRandom
struct SimulatedInode {
    static let sectorByteCount = 512

    /// What reads return: the system's cache.
    private(set) var cached: [UInt8] = []
    /// What is on the platter.
    private(set) var durable: [UInt8] = []
    /// Sectors written since the last synchronize. A sector that is neither here nor equal in both was dropped by a failed
    /// synchronize: it counts as clean and will never be written.
    private var dirty: Set<Int> = []
    /// Size changes since the last synchronize count like a dirty sector.
    private var isSizeDirty = false

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard !bytes.isEmpty else { return }
        let end = offset + bytes.count
        if end > cached.count { cached += [UInt8](repeating: 0, count: end - cached.count) }
        // Also when a failed synchronize had left the size behind: writing a block anew brings the size with it.
        if end > durable.count { isSizeDirty = true }
        // Not `replaceSubrange`, which goes byte by byte in unoptimized builds.
        cached.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[offset..<end]).copyMemory(from: bytes) }
        dirty.formUnion(offset / Self.sectorByteCount...(end - 1) / Self.sectorByteCount)
    }

    mutating func truncate(to size: Int) {
        if size < cached.count {
            cached.removeLast(cached.count - size)
        } else {
            cached += [UInt8](repeating: 0, count: size - cached.count)
        }
        isSizeDirty = true
        if size > 0 { dirty.insert((size - 1) / Self.sectorByteCount) }
    }

    /// Everything dirty reaches the platter.
    mutating func synchronize() {
        resize(to: isSizeDirty ? cached.count : durable.count)
        for sector in dirty { persist(sector) }
        clean()
    }

    /// A synchronize that fails: any part of what is dirty reaches the platter, and all of it counts as clean afterwards.
    mutating func failSynchronize(_ generator: inout SeededGenerator) {
        persistAnything(&generator)
        clean()
    }

    /// The machine stops: the system may have written any of the dirty sectors on its own, in any order.
    mutating func crash(_ generator: inout SeededGenerator) {
        persistAnything(&generator)
        clean()
        cached = durable
    }

    /// Flips bits behind everyone's back.
    mutating func corrupt(at offset: Int, xor mask: UInt8) {
        if offset < durable.count { durable[offset] ^= mask }
        if offset < cached.count { cached[offset] ^= mask }
    }

    private mutating func clean() {
        dirty.removeAll()
        isSizeDirty = false
    }

    private mutating func persistAnything(_ generator: inout SeededGenerator) {
        // All, nothing and some of it each happen often.
        let style = Int.random(in: 0..<4, using: &generator)
        if isSizeDirty {
            let low = min(durable.count, cached.count)
            let high = max(durable.count, cached.count)
            switch style {
            case 0: resize(to: cached.count)
            case 1: break
            default: resize(to: low == high ? low : min(high, (Int.random(in: low...high, using: &generator) + 511) / 512 * 512))
            }
        }
        for sector in dirty.sorted() {
            let isWritten = style == 0 || (style > 1 && Bool.random(using: &generator))
            if isWritten { persist(sector) }
        }
    }

    private mutating func resize(to size: Int) {
        if size < durable.count {
            durable.removeLast(durable.count - size)
        } else {
            durable += [UInt8](repeating: 0, count: size - durable.count)
        }
    }

    private mutating func persist(_ sector: Int) {
        let start = sector * Self.sectorByteCount
        let end = min(start + Self.sectorByteCount, min(cached.count, durable.count))
        guard start < end else { return }
        cached.withUnsafeBytes { cached in
            durable.withUnsafeMutableBytes { durable in
                UnsafeMutableRawBufferPointer(rebasing: durable[start..<end]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: cached[start..<end]))
            }
        }
    }
}
