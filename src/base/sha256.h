/* base/sha256.h: the SHA-256 of bytes (FIPS 180-4), by which people compare files. */
#ifndef AT_BASE_SHA256_H
#define AT_BASE_SHA256_H

#include "base/base.h"

struct at_base_sha256 {
    uint32_t state[8];
    uint64_t n;              /* bytes so far */
    unsigned char block[64]; /* the last n % 64 of them */
};
enum { AT_BASE_SHA256_TEXT = 65 };

void at_base_sha256_begin(struct at_base_sha256 *hash);
void at_base_sha256_add(struct at_base_sha256 *hash, const void *bytes, size_t n);
void at_base_sha256_end(struct at_base_sha256 *hash, char text[AT_BASE_SHA256_TEXT]); /* small letters */

#endif
