/* base/fold.c: calls those functions of libutf8proc that work on a buffer of ours. Its others take memory
 * from malloc, and are not used (tests/symbols.sh). */
#include "base/fold.h"

#include <utf8proc.h>

/* ---- composed text */

/* Code points that a composition cannot change or join: ASCII, Latin, Cyrillic, Chinese, and Hangul
 * syllables, by the first byte. A mark that joins the one before has another first byte. Others are looked at
 * closely. */
static bool plain_lead(unsigned char c) {
    return c < 0xCC || c == 0xD0 || c == 0xD1 || (c >= 0xE4 && c <= 0xE9) || c == 0xEB || c == 0xEC;
}

static bool surely_composed(at_str text) {
    for (uint32_t i = 0; i < text.n; i++)
        if (!plain_lead((unsigned char)text.p[i])) return false;
    return true;
}

/* Normalizes with the options. The result is in `arena`; empty only if the text is, or is not UTF-8. */
static at_str normalize(struct at_arena *arena, at_str text, utf8proc_option_t options) {
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.p;
    utf8proc_ssize_t n = utf8proc_decompose(bytes, text.n, NULL, 0, options);
    if (n <= 0) return (at_str){"", 0};
    /* One code point more: the encoded text is followed by a NUL. */
    utf8proc_int32_t *points = at_arena_get(arena, ((size_t)n + 1) * sizeof *points);
    n = utf8proc_decompose(bytes, text.n, points, n, options);
    n = n > 0 ? utf8proc_reencode(points, n, options) : 0;
    return (at_str){(const char *)points, n > 0 ? (uint32_t)n : 0};
}

at_str at_text_compose(struct at_arena *arena, at_str text) {
    if (surely_composed(text)) return text;
    at_str composed = normalize(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return composed.n == 0 || at_str_eq(composed, text) ? text : composed;
}

/* ---- folded text */

/* Chinese and Japanese put no spaces between words, so a space next to their characters counts for nothing.
 */
static bool joins(uint32_t c) {
    return c >= 0x2E80;
}

static at_str drop_blanks(struct at_arena *arena, at_str text) {
    text = at_str_trim(text);
    char *out = at_arena_get(arena, (size_t)text.n + 1);
    uint32_t n = 0, last = 0; /* the character before, without blanks */
    for (uint32_t i = 0; i < text.n;) {
        unsigned length;
        uint32_t c = at_utf8_next(text.p + i, text.p + text.n, &length);
        bool blank = at_utf8_blank(c),
             wide = blank && utf8proc_category((utf8proc_int32_t)c) != UTF8PROC_CATEGORY_CF;
        if (!blank) {
            if (n && out[n - 1] == ' ' && joins(c)) n--;
            memcpy(out + n, text.p + i, length), n += length;
            last = c;
        } else if (wide && n && out[n - 1] != ' ' && !joins(last)) {
            out[n++] = ' ';
        }
        i += length;
    }
    return (at_str){out, n};
}

/* Of ASCII, folding leaves out blanks and capitals only. False if there is something else. */
static bool fold_plain(at_str text, char *out, uint32_t *n) {
    *n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((unsigned char)c < 0x20 || (unsigned char)c >= 0x7F) return false;
        if (c >= 'A' && c <= 'Z') c = (char)(c + ('a' - 'A'));
        if (c != ' ' || (*n && out[*n - 1] != ' ')) out[(*n)++] = c;
    }
    if (*n && out[*n - 1] == ' ') --*n;
    return true;
}

/* Without marks and controls that no one sees. */
static at_str drop_unseen(struct at_arena *arena, at_str text, utf8proc_option_t options) {
    at_str seen =
        normalize(arena, drop_blanks(arena, text),
                  options | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
    return seen.n ? seen : drop_blanks(arena, text);
}

at_str at_text_fold(struct at_arena *arena, at_str text) {
    char *plain = at_arena_get(arena, (size_t)text.n + 1);
    uint32_t n;
    if (fold_plain(text, plain, &n)) return (at_str){plain, n};
    return drop_unseen(arena, text, UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}

enum at_text_difference at_text_differ(struct at_arena *arena, at_str a, at_str b) {
    const utf8proc_option_t cases = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    if (at_str_eq(a, b)) return AT_TEXTS_SAME;
    at_str x = at_text_compose(arena, a), y = at_text_compose(arena, b);
    if (at_str_eq(x, y)) return AT_TEXTS_COMPOSED;
    if (at_str_eq(normalize(arena, x, cases), normalize(arena, y, cases))) return AT_TEXTS_CASE;
    return at_str_eq(drop_unseen(arena, x, 0), drop_unseen(arena, y, 0)) ? AT_TEXTS_BLANKS : AT_TEXTS_SEVERAL;
}
