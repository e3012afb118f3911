#include <xxhash.h>

// XXH3-128 by the widest instructions of the processor at hand: the library's plain function keeps to those that every processor of its
// kind has. Both make the same hash.
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
static inline XXH128_hash_t spandrel_xxh3_128(const void *bytes, size_t count, XXH64_hash_t seed) {
    return XXH3_128bits_withSeed_dispatch(bytes, count, seed);
}
#else
static inline XXH128_hash_t spandrel_xxh3_128(const void *bytes, size_t count, XXH64_hash_t seed) {
    return XXH3_128bits_withSeed(bytes, count, seed);
}
#endif
