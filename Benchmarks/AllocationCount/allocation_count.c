// Stands in front of glibc's allocator and counts: the benchmarks' allocations per span.
#include "AllocationCount.h"
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static _Atomic uint64_t count;
static _Atomic uint64_t byte_count;

static void note(size_t bytes) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&byte_count, bytes, memory_order_relaxed);
}

void *malloc(size_t bytes) {
    note(bytes);
    return __libc_malloc(bytes);
}

void *calloc(size_t elements, size_t bytes) {
    note(elements * bytes);
    return __libc_calloc(elements, bytes);
}

void *realloc(void *old, size_t bytes) {
    note(bytes);
    return __libc_realloc(old, bytes);
}

struct AllocationCounts allocation_counts(void) {
    struct AllocationCounts counts = {atomic_load(&count), atomic_load(&byte_count)};
    return counts;
}
