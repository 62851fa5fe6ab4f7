/* source/csv_index.c: marks of a block: with AVX2 where the processor has it, SSE2 otherwise, plain words
 * elsewhere. */
#include "source/csv_index.h"

/* Bit i of each mask describes byte i of the current 64. */
struct masks {
    uint64_t separator, lf, cr, quote;
    uint64_t high, zero; /* not zero where there is any */
};

/* Writes the place of each bit. Eight are written at a time, whether there are so many or not: the places
 * behind are overwritten by the next call, and the array has room for them. */
static inline __attribute__((always_inline)) uint32_t flatten(uint32_t *out, uint32_t base, uint64_t bits) {
    uint32_t n = (uint32_t)__builtin_popcountll(bits);
    for (uint32_t done = 0; done < n; done += 8)
        for (uint32_t k = 0; k < 8; k++) {
            out[done + k] = base + (bits ? (uint32_t)__builtin_ctzll(bits) : 0);
            bits &= bits - 1;
        }
    return n;
}

/* One step of 64 bytes; `valid` has the bits of the bytes that belong to the text. */
static inline __attribute__((always_inline)) void step(const char *text, uint32_t base, uint64_t valid,
                                                       struct masks m, struct at_source_marks *marks) {
    uint64_t rows = m.lf & valid;
    if (m.cr & valid) {
        uint64_t next = (m.lf >> 1) | ((uint64_t)(text[base + 64] == '\n') << 63);
        rows |= m.cr & ~next & valid;
        marks->cr = true;
    }
    uint64_t bits = ((m.separator | m.quote) & valid) | rows;
    marks->quote |= (m.quote & valid) != 0;
    marks->rows += (uint32_t)__builtin_popcountll(rows);
    marks->n += flatten(marks->at + marks->n, base, bits);
}

#define WALK(masks_of)                                                                                       \
    uint64_t high = 0, zero = 0;                                                                             \
    uint32_t at = from;                                                                                      \
    for (; to - at >= 64; at += 64) {                                                                        \
        struct masks m = masks_of(text + at, separator);                                                     \
        high |= m.high, zero |= m.zero;                                                                      \
        step(text, at, ~UINT64_C(0), m, marks);                                                              \
    }                                                                                                        \
    if (at < to) {                                                                                           \
        struct masks m = masks_of(text + at, separator);                                                     \
        uint64_t valid = (UINT64_C(1) << (to - at)) - 1;                                                     \
        high |= m.high & valid, zero |= m.zero & valid;                                                      \
        step(text, at, valid, m, marks);                                                                     \
    }                                                                                                        \
    marks->high = high != 0;                                                                                 \
    marks->zero = zero != 0

#if defined(__SSE2__)
#include <immintrin.h>

static inline __attribute__((always_inline)) struct masks masks_sse2(const char *p, char separator) {
    struct masks m = {0};
    for (int k = 0; k < 4; k++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * k));
        unsigned shift = 16 * (unsigned)k;
#define BITS(x) ((uint64_t)(uint32_t)_mm_movemask_epi8(x) << shift)
        m.separator |= BITS(_mm_cmpeq_epi8(v, _mm_set1_epi8(separator)));
        m.lf |= BITS(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
        m.cr |= BITS(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
        m.quote |= BITS(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
        m.zero |= BITS(_mm_cmpeq_epi8(v, _mm_setzero_si128()));
        m.high |= BITS(v);
#undef BITS
    }
    return m;
}

static void index_plain(const char *text, uint32_t from, uint32_t to, char separator,
                        struct at_source_marks *marks) {
    WALK(masks_sse2);
}

__attribute__((target("avx2"))) static inline struct masks masks_avx2(const char *p, char separator) {
    struct masks m = {0};
    for (int k = 0; k < 2; k++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32 * k));
        unsigned shift = 32 * (unsigned)k;
#define BITS(x) ((uint64_t)(uint32_t)_mm256_movemask_epi8(x) << shift)
        m.separator |= BITS(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(separator)));
        m.lf |= BITS(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\n')));
        m.cr |= BITS(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\r')));
        m.quote |= BITS(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')));
        m.zero |= BITS(_mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
        m.high |= BITS(v);
#undef BITS
    }
    return m;
}

__attribute__((target("avx2,bmi,popcnt"))) static void
index_avx2(const char *text, uint32_t from, uint32_t to, char separator, struct at_source_marks *marks) {
    WALK(masks_avx2);
}

void at_source_index(const char *text, uint32_t from, uint32_t to, char separator,
                     struct at_source_marks *marks) {
    marks->n = marks->rows = 0;
    marks->quote = marks->cr = false;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
        index_avx2(text, from, to, separator, marks);
    else
        index_plain(text, from, to, separator, marks);
}

uint64_t at_source_count_byte(const char *p, size_t n, char byte) {
    const __m128i wanted = _mm_set1_epi8(byte);
    __m128i sums = _mm_setzero_si128();
    size_t i = 0;
    while (n - i >= 16) {
        /* Each byte of `counts` grows by at most 1 a step, and is emptied before it is full. */
        __m128i counts = _mm_setzero_si128();
        for (int k = 0; k < 255 && n - i >= 16; k++, i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
            counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(v, wanted));
        }
        sums = _mm_add_epi64(sums, _mm_sad_epu8(counts, _mm_setzero_si128()));
    }
    uint64_t two[2];
    _mm_storeu_si128((__m128i *)(void *)two, sums);
    uint64_t count = two[0] + two[1];
    for (; i < n; i++)
        count += p[i] == byte;
    return count;
}

#else

/* The high bit of each byte of `word` that equals `byte` (exact: no borrow crosses a byte). */
static inline uint64_t equal(uint64_t word, unsigned char byte) {
    uint64_t x = word ^ (UINT64_C(0x0101010101010101) * byte);
    uint64_t low = (x & UINT64_C(0x7f7f7f7f7f7f7f7f)) + UINT64_C(0x7f7f7f7f7f7f7f7f);
    return ~(low | x) & UINT64_C(0x8080808080808080);
}

/* Gathers the high bits of eight bytes, the first byte lowest. */
static inline uint64_t gather(uint64_t high_bits) {
    return ((high_bits >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static inline struct masks masks_words(const char *p, char separator) {
    struct masks m = {0};
    for (unsigned k = 0; k < 8; k++) {
        uint64_t v = 0;
        for (unsigned b = 0; b < 8; b++)
            v |= (uint64_t)(unsigned char)p[8 * k + b] << (8 * b);
        m.separator |= gather(equal(v, (unsigned char)separator)) << (8 * k);
        m.lf |= gather(equal(v, '\n')) << (8 * k);
        m.cr |= gather(equal(v, '\r')) << (8 * k);
        m.quote |= gather(equal(v, '"')) << (8 * k);
        m.zero |= gather(equal(v, 0)) << (8 * k);
        m.high |= gather(v & UINT64_C(0x8080808080808080)) << (8 * k);
    }
    return m;
}

void at_source_index(const char *text, uint32_t from, uint32_t to, char separator,
                     struct at_source_marks *marks) {
    marks->n = marks->rows = 0;
    marks->quote = marks->cr = false;
    WALK(masks_words);
}

uint64_t at_source_count_byte(const char *p, size_t n, char byte) {
    uint64_t count = 0;
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t v;
        memcpy(&v, p + i, 8);
        count += ((equal(v, (unsigned char)byte) >> 7) * UINT64_C(0x0101010101010101)) >> 56;
    }
    for (; i < n; i++)
        count += p[i] == byte;
    return count;
}
#endif
