/* base/near.c: the nearest of several names: by single edits, by number, and by whole words. */
#include "base/near.h"

unsigned at_str_letters(at_str s) {
    unsigned letters = 0;
    for (uint32_t i = 0; i < s.n; i++)
        letters += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return letters;
}

/* The most edits that may lie between two names of n and m letters. Names of one letter are near to every
 * other one, so they are never suggested, except with another case. */
static unsigned most_edits(unsigned n, unsigned m) {
    unsigned longest = n > m ? n : m, shortest = n < m ? n : m;
    if (shortest < 2) return 0;
    return longest == 2 ? 1 : longest / 3;
}

static bool keep(struct at_str_nearest *nearest, at_str name, unsigned distance) {
    if (nearest->best.n && distance >= nearest->distance) return false;
    nearest->best = name;
    nearest->distance = distance;
    return true;
}

bool at_str_nearest_try(struct at_str_nearest *nearest, at_str name) {
    if (name.n == 0 || nearest->wanted.n == 0) return false;
    unsigned most = most_edits(at_str_letters(nearest->wanted), at_str_letters(name));
    unsigned distance = at_str_distance(nearest->wanted, name, most);
    return distance <= most && keep(nearest, name, distance);
}

/* ---- keys */

/* Takes the digits at *p, without zeros before them. */
static at_str take_digits(const char **p, const char *end) {
    const char *from = *p;
    while (*p < end && at_str_is_digit(**p))
        ++*p;
    while (from < *p && *from == '0')
        from++;
    return (at_str){from, (uint32_t)(*p - from)};
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether two keys have the same letters, with digits in the same places. *numbers: whether their numbers
 * are the same too. */
static bool same_letters(at_str a, at_str b, bool *numbers) {
    const char *p = a.p, *q = b.p, *p_end = a.p + a.n, *q_end = b.p + b.n;
    *numbers = true;
    while (p < p_end && q < q_end) {
        if (at_str_is_digit(*p) && at_str_is_digit(*q)) {
            if (!at_str_eq(take_digits(&p, p_end), take_digits(&q, q_end))) *numbers = false;
        } else if (lower(*p++) != lower(*q++)) {
            return false;
        }
    }
    return p == p_end && q == q_end;
}

/* Whether two neighboring digits are swapped, and nothing else differs. */
static bool swapped(at_str a, at_str b) {
    uint32_t i = 0;
    if (a.n != b.n) return false;
    while (i < a.n && lower(a.p[i]) == lower(b.p[i]))
        i++;
    if (i + 1 >= a.n || a.p[i] != b.p[i + 1] || a.p[i + 1] != b.p[i]) return false;
    for (i += 2; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

bool at_str_nearest_key(struct at_str_nearest *nearest, at_str key) {
    bool numbers;
    if (!same_letters(nearest->wanted, key, &numbers)) return at_str_nearest_try(nearest, key);
    if (!numbers) return swapped(nearest->wanted, key) && keep(nearest, key, 1);
    return keep(nearest, key, 0);
}

/* ---- titles */

/* Letters and digits of ASCII belong to words. Other letters are words of their own: Chinese has no spaces.
 */
static bool in_word(const char *p) {
    char c = lower(*p);
    return at_str_is_digit(c) || (c >= 'a' && c <= 'z');
}

/* Where `part` is in `whole` as one or several whole words, ASCII case ignored. */
static bool has_words(at_str whole, at_str part) {
    for (uint32_t i = 0; i + part.n <= whole.n; i++) {
        uint32_t n = 0;
        while (n < part.n && lower(whole.p[i + n]) == lower(part.p[n]))
            n++;
        if (n < part.n) continue;
        bool begins = i == 0 || !in_word(whole.p + i) || !in_word(whole.p + i - 1);
        uint32_t end = i + n;
        bool ends = end == whole.n || !in_word(whole.p + end) || !in_word(whole.p + end - 1);
        if (begins && ends) return true;
    }
    return false;
}

bool at_str_nearest_title(struct at_str_nearest *nearest, at_str title) {
    if (at_str_nearest_try(nearest, title)) return true;
    unsigned n = at_str_letters(nearest->wanted), m = at_str_letters(title);
    if (n < 2 || m < 2) return false;
    bool contains = n < m ? has_words(title, nearest->wanted) : has_words(nearest->wanted, title);
    /* More than any number of edits, and more with each letter that is not in both. */
    return contains && keep(nearest, title, 1000 + (n < m ? m - n : n - m));
}
