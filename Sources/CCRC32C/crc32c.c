// CRC-32C for every framed byte the store writes. The processor's own instruction where there is one, a table otherwise. The choice is
// made once, at load time.
//
// The instruction takes three cycles and one can begin each cycle: three stretches of a block are summed side by side (about 30 GB/s
// where one alone makes 10) and put together by what so many zero bytes do to a sum, which is linear and stands in tables.
#include "CCRC32C.h"
#include <string.h>

static uint32_t table[256];

static uint32_t crc32c_table(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    while (count--) crc = table[(crc ^ *p++) & 0xff] ^ (crc >> 8);
    return ~crc;
}

#if (defined(__x86_64__)) || (defined(__aarch64__) && defined(__ARM_FEATURE_CRC32))
#define HAS_INSTRUCTION 1
#if defined(__x86_64__)
#include <nmmintrin.h>
#define INSTRUCTION_TARGET __attribute__((target("sse4.2")))
#define SUM_WORD(crc, word) ((uint32_t)_mm_crc32_u64((crc), (word)))
#define SUM_BYTE(crc, byte) _mm_crc32_u8((crc), (byte))

static int has_instruction(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2");
}
#else
#include <arm_acle.h>
#define INSTRUCTION_TARGET
#define SUM_WORD(crc, word) __crc32cd((crc), (word))
#define SUM_BYTE(crc, byte) __crc32cb((crc), (byte))

static int has_instruction(void) { return 1; }
#endif

// Bytes of one of three stretches: a multiple of 8. Putting a block together takes eight look-ups.
#define STRETCH 1024

// What STRETCH zero bytes behind it make of a sum, by each of its four bytes: a sum is linear in its start.
static uint32_t shift[4][256];

static uint32_t shifted(uint32_t crc) {
    return shift[0][crc & 0xff] ^ shift[1][crc >> 8 & 0xff] ^ shift[2][crc >> 16 & 0xff] ^ shift[3][crc >> 24];
}

static void make_shift(void) {
    uint32_t bits[32];
    for (int bit = 0; bit < 32; bit++) {
        uint32_t c = (uint32_t)1 << bit;
        for (int i = 0; i < STRETCH; i++) c = table[c & 0xff] ^ (c >> 8);
        bits[bit] = c;
    }
    for (int place = 0; place < 4; place++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t c = 0;
            for (int bit = 0; bit < 8; bit++)
                if (byte >> bit & 1) c ^= bits[8 * place + bit];
            shift[place][byte] = c;
        }
}

static inline uint64_t word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

INSTRUCTION_TARGET static uint32_t crc32c_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    while (count >= 3 * STRETCH) {
        uint32_t second = 0, third = 0;
        for (const uint8_t *end = p + STRETCH; p < end; p += 8) {
            crc = SUM_WORD(crc, word_at(p));
            second = SUM_WORD(second, word_at(p + STRETCH));
            third = SUM_WORD(third, word_at(p + 2 * STRETCH));
        }
        crc = shifted(shifted(crc) ^ second) ^ third;
        p += 2 * STRETCH;
        count -= 3 * STRETCH;
    }
    for (; count >= 8; count -= 8, p += 8) crc = SUM_WORD(crc, word_at(p));
    while (count--) crc = SUM_BYTE(crc, *p++);
    return ~crc;
}
#endif

static uint32_t (*implementation)(uint32_t, const void *, size_t) = crc32c_table;

__attribute__((constructor)) static void choose_implementation(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) c = (c >> 1) ^ (0x82F63B78u & -(c & 1));
        table[i] = c;
    }
#ifdef HAS_INSTRUCTION
    if (has_instruction()) {
        make_shift();
        implementation = crc32c_instruction;
    }
#endif
}

uint32_t spandrel_crc32c(uint32_t crc, const void *bytes, size_t count) { return implementation(crc, bytes, count); }
