/* base/text.h: text as a view of UTF-8 bytes, with a length, not ended by NUL.
 *
 * Comparison is by code points, which in UTF-8 is the order of the bytes. Nothing here looks at a locale.
 */
#ifndef AT_BASE_TEXT_H
#define AT_BASE_TEXT_H

#include <stdarg.h>

#include "base/arena.h"

static inline bool at_str_eq(at_str a, at_str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool at_str_is_digit(char c) {
    return c >= '0' && c <= '9';
}

int at_str_cmp(at_str a, at_str b);                    /* <0, 0, >0 by code points */
at_str at_str_z(const char *z);                        /* view of a NUL-ended string */
at_str at_str_copy(struct at_arena *arena, at_str s);  /* the copy is followed by a NUL */
at_str at_str_trim(at_str s);                          /* view without blanks at both ends */
at_str at_str_lower(struct at_arena *arena, at_str s); /* with small letters of ASCII; others stay */
at_str at_str_format(struct at_arena *arena, const char *format, ...) AT_PRINTF(2, 3); /* NUL-ended too */
at_str at_str_vformat(struct at_arena *arena, const char *format, va_list args);
uint64_t at_str_hash(at_str s);

/* Offset of the first byte that is not valid UTF-8 (overlong, surrogate, beyond U+10FFFF), or s.n. */
size_t at_utf8_invalid(const char *p, size_t n);
/* The code point at p and its length in bytes; an invalid byte counts as U+FFFD of length 1. */
uint32_t at_utf8_next(const char *p, const char *end, unsigned *length);
/* Writes the code point, returns its length (1 to 4). */
unsigned at_utf8_put(uint32_t code_point, char out[4]);
/* Spaces of every width, line ends, and marks without width. */
bool at_utf8_blank(uint32_t code_point);
/* Columns on a terminal: wide East Asian characters take two, combining marks none. */
unsigned at_utf8_width(at_str s);

/* A text that grows in an arena, in time in proportion to what is added. It is followed by a NUL. */
struct at_text {
    char *at;
    size_t n, room;
};
void at_text_add(struct at_arena *arena, struct at_text *text, at_str more);
static inline at_str at_text_str(const struct at_text *text) {
    return (at_str){text->n ? text->at : "", (uint32_t)text->n};
}

/* How many single edits (insert, drop, replace, swap of neighbours) lie between two names, ASCII case
 * ignored; counts code points. Stops at `limit` + 1. For suggestions. */
unsigned at_str_distance(at_str a, at_str b, unsigned limit);

#endif
