#pragma once
#include <stdint.h>

/// Calls of malloc, calloc and realloc by this process so far, and the bytes they asked for. Linking this in counts them.
struct AllocationCounts {
    uint64_t count;
    uint64_t byte_count;
};

struct AllocationCounts allocation_counts(void);
