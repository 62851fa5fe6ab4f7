/* base/narrow.c: full-width characters as plain ones. */
#include "base/narrow.h"

/* 0: the character has no plain form of another code point. */
static uint32_t plain_of(uint32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!'; /* ！ to ～, in the order of ASCII */
    if (c >= 0x2000 && c <= 0x200A) return ' ';
    switch (c) {
    case 0x00A0:
    case 0x202F:
    case 0x205F:
    case 0x3000: return ' ';
    case 0x2212: return '-';
    case 0x3002: return '.'; /* 。 comes from the key of the dot */
    case 0xFFE0: return 0x00A2;
    case 0xFFE1: return 0x00A3;
    case 0xFFE5: return 0x00A5;
    case 0xFFE6: return 0x20A9;
    default: return 0;
    }
}

at_str at_str_narrow(struct at_arena *arena, at_str s) {
    const char *p = s.p, *end = s.p + s.n;
    while (p < end && (unsigned char)*p < 0x80)
        p++;
    if (p == end) return s;
    /* A plain form is never longer than the character. */
    char *out = at_arena_get(arena, (size_t)s.n + 1);
    uint32_t n = 0;
    bool changed = false;
    for (p = s.p; p < end;) {
        unsigned length;
        uint32_t plain = plain_of(at_utf8_next(p, end, &length));
        if (plain) {
            n += at_utf8_put(plain, out + n);
            changed = true;
        } else {
            memcpy(out + n, p, length);
            n += length;
        }
        p += length;
    }
    out[n] = 0;
    return changed ? (at_str){out, n} : s;
}
