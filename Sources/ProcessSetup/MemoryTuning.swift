/// glibc's allocator, told to behave as a server under a memory limit needs it.

import Glibc

package enum MemoryTuning {
    /// Before any thread is made. Two arenas instead of eight per core: freed memory of one thread serves the others. A fixed
    /// threshold for `mmap` keeps bodies and columns, which are large and short-lived, out of the heaps they would fragment, and
    /// gives them back to the system when they are freed.
    package static func apply() {
        // Swift's Glibc module leaves malloc.h out. The symbol, where there is one, has the signature `int mallopt(int, int)` of
        // the manual page, so the cast is to its own type.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        _ = mallopt(arenaMaximum, 2)
        _ = mallopt(mmapThreshold, 32 << 20)
        _ = mallopt(trimThreshold, 16 << 20)
    }

    /// Gives free memory back to the system. A sealed memtable leaves some hundred megabytes in blocks too small to have been mapped
    /// one by one.
    package static func trim() {
        // The manual page's signature: `int malloc_trim(size_t)`.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }

    // M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h.
    private static let arenaMaximum: CInt = -8
    private static let mmapThreshold: CInt = -3
    private static let trimThreshold: CInt = -1
}
