// CRC-32C for every framed byte the store writes. The processor's own instruction where there is one (about 10 GB/s),
// a table otherwise. The choice is made once, at load time.
#include "CCRC32C.h"
#include <string.h>

static uint32_t table[256];

static uint32_t crc32c_table(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    while (count--) crc = table[(crc ^ *p++) & 0xff] ^ (crc >> 8);
    return ~crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    uint64_t wide = (uint32_t)~crc;
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = _mm_crc32_u64(wide, word);
        p += 8;
        count -= 8;
    }
    uint32_t narrow = (uint32_t)wide;
    while (count--) narrow = _mm_crc32_u8(narrow, *p++);
    return ~narrow;
}

static int has_instruction(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2");
}
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

static uint32_t crc32c_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        crc = __crc32cd(crc, word);
        p += 8;
        count -= 8;
    }
    while (count--) crc = __crc32cb(crc, *p++);
    return ~crc;
}

static int has_instruction(void) { return 1; }
#else
#define crc32c_instruction crc32c_table
static int has_instruction(void) { return 0; }
#endif

static uint32_t (*implementation)(uint32_t, const void *, size_t) = crc32c_table;

__attribute__((constructor)) static void choose_implementation(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) c = (c >> 1) ^ (0x82F63B78u & -(c & 1));
        table[i] = c;
    }
    if (has_instruction()) implementation = crc32c_instruction;
}

uint32_t spandrel_crc32c(uint32_t crc, const void *bytes, size_t count) { return implementation(crc, bytes, count); }
