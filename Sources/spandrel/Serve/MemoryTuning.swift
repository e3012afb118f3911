/// glibc's allocator, told to behave as a server under a memory limit needs it.

import Glibc

enum MemoryTuning {
    /// Before any thread is made. Two arenas instead of eight per core: freed memory of one thread serves the others. A fixed
    /// threshold for `mmap` keeps bodies and columns, which are large and short-lived, out of the heaps they would fragment, and
    /// gives them back to the system when they are freed.
    static func apply() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 2 << 20)
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
    }
}
