/* cli/pagename.c: names of the pages of payees: safe in every file system, unique, and readable.
 *
 * A key with only plain characters is the name of its page: `ana` has ana.html, and `王芳` has 王芳.html. The
 * name of any other key gets a number that depends on the whole key (`Ana` has Ana-5d41402abc.html), and
 * unsafe characters become
 * `_`. The name depends only on the key, so it is the same in each run.
 *
 * Plain characters exclude capitals, compatibility forms, and combining marks, because a file system may
 * treat them as equal to other characters. A plain name never looks like a name with a number. So two names
 * can only be equal if two numbers are equal. Then the later key, in the order of keys, gets another number.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

enum { STEM_LIMIT = 80, DIGITS = 10, NAME_ROOM = STEM_LIMIT + DIGITS + 40 };

/* ---- characters */

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t n, uint32_t c) {
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last) return true;
    return false;
}
#define IN(ranges, c) is_in(ranges, sizeof(ranges) / sizeof *(ranges), c)

/* Small letters of Latin Extended-A, in which small and capital letters alternate. */
static bool is_small_extended(uint32_t c) {
    if (c >= 0x0100 && c <= 0x0137) return c % 2 == 1 && c != 0x0131;
    if (c >= 0x0139 && c <= 0x0148) return c % 2 == 0;
    if (c >= 0x014A && c <= 0x0177) return c % 2 == 1;
    return c == 0x017A || c == 0x017C || c == 0x017E;
}

/* At most one form of each letter is plain. Sharp s (`ss`), dotless i, and the final sigma have others. */
static bool is_plain(uint32_t c) {
    static const struct range plain[] = {
        {'0', '9'},         {'a', 'z'},         {'_', '_'},         {'-', '-'},
        {0x00E0, 0x00F6},   {0x00F8, 0x00FF},   {0x03AC, 0x03AF},   {0x03B1, 0x03C1},
        {0x03C3, 0x03C9},   {0x03CC, 0x03CE},                     /* Greek */
        {0x0430, 0x045F},                                         /* Cyrillic */
        {0x05D0, 0x05EA},   {0x0621, 0x063A},   {0x0641, 0x064A}, /* Hebrew, Arabic */
        {0x3041, 0x3096},   {0x30A1, 0x30FA},   {0x30FC, 0x30FC}, /* Kana */
        {0x3400, 0x4DB5},   {0x4E00, 0x9FEF},   {0xAC00, 0xD7A3}, /* Chinese, Hangul */
        {0x20000, 0x2A6D6}, {0x2A700, 0x2B734}, {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1}};
    return IN(plain, c) || is_small_extended(c);
}

/* May be in a name, together with a number. Not here: controls, spaces, invisible characters, signs that turn
 * the direction, punctuation and symbols (some systems turn them into a slash), private use. */
static bool is_safe(uint32_t c) {
    static const struct range unsafe[] = {
        {0x0080, 0x00BF}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7}, {0x034F, 0x034F}, {0x061C, 0x061C},
        {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x2BFF},
        {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3164, 0x3164}, {0xD800, 0xF8FF},
        {0xFDD0, 0xFDEF}, {0xFE00, 0xFE6F}, {0xFEFF, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40},
        {0xFF5B, 0xFF65}, {0xFFA0, 0xFFA0}, {0xFFE0, 0xFFFF}};
    if (c < 0x80) return (c >= 'A' && c <= 'Z') || c == '@' || c == '+' || c == '.' || is_plain(c);
    return c < 0x10000 ? !IN(unsafe, c) : c >= 0x20000 && c <= 0x2FA1D;
}

/* ---- one name */

/* Returns whether the text begins with ten hexadecimal digits in small letters, as write_name prints them.
 * */
static bool is_number(const char *text, size_t n) {
    size_t digits = 0;
    while (digits < n && digits < DIGITS &&
           ((text[digits] >= '0' && text[digits] <= '9') || (text[digits] >= 'a' && text[digits] <= 'f')))
        digits++;
    return digits == DIGITS;
}

/* The key has what could be taken for the number of another key. */
static bool looks_numbered(const char *key, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (key[i] == '-' && is_number(key + i + 1, n - i - 1)) return true;
    return false;
}

/* Names of devices of Windows, with any ending: "con", "com1.ana". */
static bool is_reserved(const char *name) {
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    size_t n = strcspn(name, ".");
    for (size_t i = 0; n == 3 && i < sizeof devices / sizeof *devices; i++)
        if (strncasecmp(name, devices[i], 3) == 0) return true;
    return n == 4 && (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0) &&
           name[3] >= '0' && name[3] <= '9';
}

/* Writes the readable part of a name, ended by NUL, and returns whether it is the key as it is. */
static bool write_stem(attain_text key, char out[NAME_ROOM]) {
    const char *p = key.bytes, *end = key.bytes + key.length;
    size_t n = 0;
    bool same = key.length > 0;
    while (p < end) {
        const char *from = p;
        uint32_t c = utf8_next(&p, end);
        size_t length = (size_t)(p - from);
        /* A dot is plain only inside a name, and not before another dot. A name does not begin with a dot,
         * a dash, or a combining mark. */
        bool first = n == 0, dot = c == '.' && !first && p < end && *p != '.';
        bool mark = first && (c == '-' || c == '.' || (c >= 0x0300 && c <= 0x036F));
        same = same && !mark && (is_plain(c) || dot);
        if (n + length > STEM_LIMIT) {
            same = false;
            break;
        }
        if (is_safe(c) && !mark)
            memcpy(out + n, from, length), n += length;
        else
            out[n++] = '_';
    }
    out[n] = '\0';
    return same;
}

/* The digits are the highest 40 bits of the hash. A device of Windows also gets `_` in front, because
 * Windows ignores what follows the first dot. */
static void write_name(attain_text key, char out[NAME_ROOM]) {
    char stem[NAME_ROOM];
    bool same = write_stem(key, stem) && !looks_numbered(key.bytes, key.length);
    bool reserved = is_reserved(stem);
    if (same && !reserved && strcmp(stem, "index") != 0) {
        snprintf(out, NAME_ROOM, "%.*s.html", STEM_LIMIT, stem);
        return;
    }
    unsigned long long number = hash_bytes(key.bytes, key.length) >> (64 - 4 * DIGITS);
    snprintf(out, NAME_ROOM, "%s%.*s-%0*llx.html", reserved ? "_" : "", STEM_LIMIT, stem, DIGITS, number);
}

/* ---- all names of a run */

/* The key is a view of the results. The name is owned. */
struct entry {
    attain_text key;
    char *name;
};

struct page_names {
    struct entry *at; /* in the order of keys */
    size_t n;
};

/* The order of bytes, as in results. */
static int compare_keys(attain_text a, attain_text b) {
    size_t n = a.length < b.length ? a.length : b.length;
    int order = n ? memcmp(a.bytes, b.bytes, n) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int by_key(const void *a, const void *b) {
    return compare_keys(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

/* The number of a name and what follows it; empty for a plain name. */
static const char *number_of(const char *name) {
    size_t n = strlen(name), at = n >= DIGITS + 6 ? n - DIGITS - 5 : 0;
    return at > 0 && name[at - 1] == '-' && is_number(name + at, DIGITS) ? name + at : "";
}

static int by_number(const void *a, const void *b) {
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    int order = strcmp(number_of(x->name), number_of(y->name));
    return order ? order : compare_keys(x->key, y->key);
}

/* Keys with one number: the second gets "-2", the third "-3". */
static bool part(struct page_names *names) {
    struct entry **order = calloc(names->n + 1, sizeof *order);
    if (!order) return false;
    for (size_t i = 0; i < names->n; i++)
        order[i] = &names->at[i];
    qsort(order, names->n, sizeof *order, by_number);
    unsigned count = 1;
    char number[DIGITS + 8] = "";
    for (size_t i = 0; i < names->n; i++) {
        char *name = order[i]->name;
        const char *own = number_of(name);
        count = own[0] && strcmp(own, number) == 0 ? count + 1 : 1;
        snprintf(number, sizeof number, "%s", own);
        if (count > 1) snprintf(name + strlen(name) - 5, 20, "-%u.html", count);
    }
    free(order);
    return true;
}

/* Makes the names of all payees, also of those without a page, so that a name does not depend on --payee.
 * */
static bool fill(struct page_names *names, const attain_results *results) {
    size_t n = attain_results_payee_count(results);
    names->at = calloc(n + 1, sizeof *names->at);
    if (!names->at) return false;
    for (size_t i = 0; i < n; i++) {
        attain_payee payee;
        attain_status status = attain_results_payee(results, i, &payee);
        if (status != ATTAIN_OK && status != ATTAIN_OVERFLOW) continue; /* a key needs no amounts */
        struct entry *entry = &names->at[names->n];
        entry->key = payee.key;
        entry->name = malloc(NAME_ROOM);
        if (!entry->name) return false;
        write_name(payee.key, entry->name);
        names->n++;
    }
    qsort(names->at, names->n, sizeof *names->at, by_key);
    return part(names);
}

struct page_names *page_names_new(const attain_results *results) {
    struct page_names *names = calloc(1, sizeof *names);
    if (names && fill(names, results)) return names;
    page_names_free(names);
    return NULL;
}

const char *page_name(const struct page_names *names, attain_text key) {
    const struct entry wanted = {key, NULL};
    const struct entry *found = bsearch(&wanted, names->at, names->n, sizeof *names->at, by_key);
    return found ? found->name : NULL;
}

/* Stops before a character that does not fit with its three bytes and the zero byte. */
size_t page_address(const char *name, char *out, size_t room) {
    size_t n = 0;
    for (const char *p = name; *p && n + 4 <= room; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                     strchr("-._~", *p);
        n += (size_t)snprintf(out + n, room - n, plain ? "%c" : "%%%02X", (unsigned char)*p);
    }
    return n;
}

void page_names_free(struct page_names *names) {
    for (size_t i = 0; names && i < names->n; i++)
        free(names->at[i].name);
    if (names) free(names->at);
    free(names);
}
