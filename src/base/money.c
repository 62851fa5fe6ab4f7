/* base/money.c: the table of currencies, and amounts as people read them. */
#include "base/money.h"

#include "base/numtext.h"

static const struct at_currency_info currencies[] = {
#define CURRENCY(code, digits, symbol, unique, name) {#code, symbol, unique, name, digits},
#include "base/currencies.def"
#undef CURRENCY
};

const struct at_currency_info *at_currency_info(at_currency currency) {
    return currency >= 1 && currency <= AT_COUNT(currencies) ? &currencies[currency - 1] : NULL;
}

/* A binary search: currencies.def is in the order of the codes. */
at_currency at_currency_find(at_str code) {
    if (code.n != 3) return 0;
    size_t low = 0, high = AT_COUNT(currencies);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(currencies[middle].code, code.p, 3);
        if (order == 0) return (at_currency)(middle + 1);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

bool at_currency_withdrawn(at_str code) {
    static const char CODES[] =
        "ADP AFA ALK AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BOP BRB BRC "
        "BRE BRN BRR BYB BYR CHC CSD CSJ CSK CUC CYP DDM DEM ECS ECV EEK ESA ESB ESP FIM FRF "
        "GEK GHC GHP GNE GNS GQE GRD GWE GWP HRD HRK IDR IEP ILP ILR ISJ ITL LAJ LSM LTL LTT "
        "LUC LUF LUL LVL LVR MGF MLF MRO MTL MTP MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ PTE "
        "RHD ROK ROL RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UGS UGW UYN UYP "
        "VEB VEF VNC XEU XFO XFU YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR";
    for (const char *p = CODES; code.n == 3 && *p; p += p[3] ? 4 : 3)
        if (memcmp(p, code.p, 3) == 0) return true;
    return false;
}

/* Full-width symbols, as East Asian keyboards write them, mean the same as narrow ones. */
static at_str narrow_symbol(at_str symbol) {
    static const char *const forms[][2] = {{"￥", "¥"}, {"＄", "$"}, {"￡", "£"}, {"￦", "₩"}};
    for (size_t i = 0; i < AT_COUNT(forms); i++)
        if (at_str_eq(symbol, at_str_z(forms[i][0]))) return at_str_z(forms[i][1]);
    return symbol;
}

/* A symbol of several currencies means `own` if it is one of them. Otherwise it is ambiguous, and *shared
 * is true. */
at_currency at_currency_of_symbol(at_str symbol, at_currency own, bool *shared) {
    at_currency found = 0;
    unsigned users = 0;
    *shared = false;
    if (symbol.n == 0) return 0;
    symbol = narrow_symbol(symbol);
    for (at_currency c = 1; c <= AT_COUNT(currencies); c++) {
        const struct at_currency_info *info = &currencies[c - 1];
        if (at_str_eq(symbol, at_str_z(info->unique))) return c;
        if (!at_str_eq(symbol, at_str_z(info->symbol))) continue;
        if (c == own) return c;
        found = c;
        users++;
    }
    *shared = users > 1;
    return users == 1 ? found : 0;
}

/* ---- printing */

/* `text` with zeros added until it has `digits` decimals. */
static at_str pad_decimals(struct at_arena *arena, at_str text, unsigned digits) {
    const char *point = memchr(text.p, '.', text.n);
    uint32_t has = point ? (uint32_t)(text.p + text.n - point - 1) : 0;
    if (has >= digits) return text;
    uint32_t extra = digits - has + (point ? 0 : 1);
    char *p = at_arena_get(arena, (size_t)text.n + extra + 1);
    memcpy(p, text.p, text.n);
    memset(p + text.n, '0', extra);
    if (!point) p[text.n] = '.';
    p[text.n + extra] = '\0';
    return (at_str){p, text.n + extra};
}

/* Without printf, because a run prints the amounts of every reason for which it withholds. */
static at_str with_symbol(struct at_arena *arena, const char *symbol, bool space, at_str text) {
    bool negative = text.n > 0 && text.p[0] == '-';
    size_t n = strlen(symbol);
    char *p = at_arena_get(arena, text.n + n + 2), *end = p;
    if (negative) *end++ = '-';
    memcpy(end, symbol, n);
    end += n;
    if (space) *end++ = ' ';
    memcpy(end, text.p + negative, text.n - negative);
    end += text.n - negative;
    *end = '\0';
    return (at_str){p, (uint32_t)(end - p)};
}

at_str at_money_print(struct at_arena *arena, at_num amount, at_currency currency) {
    const struct at_currency_info *info = at_currency_info(currency);
    if (amount.form == AT_NUM_OVERFLOW) return at_num_print(arena, amount);
    unsigned digits = info ? info->digits : 2;
    at_str text = at_num_print_short(arena, amount, digits > 6 ? digits : 6, true, NULL);
    text = pad_decimals(arena, text, digits);
    if (!info) return text;
    if (!info->symbol[0]) return at_str_format(arena, "%.*s %s", AT_STR_ARG(text), info->code);
    /* A symbol that ends in a letter stands off: "kr 100". */
    char last = info->symbol[strlen(info->symbol) - 1];
    bool letter = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z');
    return with_symbol(arena, info->symbol, letter, text);
}

size_t at_money_write_minor(char out[48], int64_t minor, unsigned digits) {
    char reversed[48];
    size_t n = 0, length = 0;
    uint64_t left = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    if (digits > 20) digits = 20;
    do {
        if (n == digits && digits) reversed[n++] = '.';
        reversed[n++] = (char)('0' + left % 10);
        left /= 10;
    } while (left || n <= digits);
    if (minor < 0) out[length++] = '-';
    while (n)
        out[length++] = reversed[--n];
    out[length] = '\0';
    return length;
}
