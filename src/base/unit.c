/* base/unit.c: the words for units of a currency: cents, dollars, and their like. */
#include "base/money.h"

static const struct {
    const char *word, *code;
    uint8_t digits;
} units[] = {
#define UNIT(word, code, digits) {word, code, digits},
#include "base/units.def"
#undef UNIT
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `word` is this one or its plural: "dollars" for "dollar". Capitals do not count. */
static bool is_word(at_str word, const char *p, size_t n) {
    bool plural = word.n == n + 1 && lower(word.p[n]) == 's';
    if (word.n != n && !plural) return false;
    for (size_t i = 0; i < n; i++)
        if (lower(word.p[i]) != lower(p[i])) return false;
    return true;
}

/* Whether `word` is one of the words of a name. Short ones, such as "US", do not count. */
static bool names(at_str word, const char *name) {
    for (const char *p = name; *p;) {
        const char *space = strchr(p, ' ');
        size_t n = space ? (size_t)(space - p) : strlen(p);
        if (n > 2 && is_word(word, p, n)) return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

uint32_t at_money_unit(at_currency currency, at_str word) {
    const struct at_currency_info *info = at_currency_info(currency);
    unsigned digits = info ? info->digits : 2;
    if (is_word(word, "cent", 4)) return 1;
    if (!info) return 0;
    for (size_t i = 0; i < AT_COUNT(units); i++)
        if (strcmp(units[i].code, info->code) == 0 && is_word(word, units[i].word, strlen(units[i].word)))
            return (uint32_t)at_num_pow10[digits - units[i].digits];
    return names(word, info->name) ? (uint32_t)at_num_pow10[digits] : 0;
}

at_str at_money_unit_name(at_currency currency, unsigned i) {
    const struct at_currency_info *info = at_currency_info(currency);
    if (i == 0) return AT_STR("cents");
    for (size_t k = 0; info && k < AT_COUNT(units); k++)
        if (strcmp(units[k].code, info->code) == 0 && --i == 0) return at_str_z(units[k].word);
    return (at_str){0};
}
