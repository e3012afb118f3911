#ifndef CCRC32C_H
#define CCRC32C_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `count` bytes, continuing from `crc`; start with 0.
uint32_t spandrel_crc32c(uint32_t crc, const void *bytes, size_t count);

#endif
