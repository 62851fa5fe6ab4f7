/* table/cell.c: numbers, money, and words in every form in which people and spreadsheets write them, one
 * function a type. Reports values in other forms. */
#include "table/cell_int.h"

#include "base/fold.h"
#include "base/visible.h"

/* ---- numbers */

/* 4.5万 and 1.2亿 */
static const struct tens {
    at_str word;
    unsigned power;
} tens[] = {{AT_STR("万亿"), 12}, {AT_STR("萬億"), 12}, {AT_STR("亿"), 8},
            {AT_STR("億"), 8},    {AT_STR("万"), 4},    {AT_STR("萬"), 4}};

/* Takes the unit off the end, and returns its power of ten. */
static unsigned take_tens(at_str *text) {
    for (unsigned i = 0; i < AT_COUNT(tens); i++) {
        at_str word = tens[i].word;
        if (text->n < word.n || memcmp(text->p + text->n - word.n, word.p, word.n) != 0) continue;
        *text = at_str_trim((at_str){text->p, text->n - word.n});
        return tens[i].power;
    }
    return 0;
}

/* The same at the beginning, as in 万元. */
static unsigned take_tens_first(at_str *text) {
    for (unsigned i = 0; i < AT_COUNT(tens); i++) {
        if (!at_table_cell_begins(*text, tens[i].word)) continue;
        *text = at_str_trim(at_table_cell_from(*text, tens[i].word.n));
        return tens[i].power;
    }
    return 0;
}

static void raise_to(struct at_arena *arena, unsigned power, at_num *out) {
    if (power) *out = at_num_mul(arena, *out, at_num_int((int64_t)at_num_pow10[power]));
}

/* (5.00) is -5.00, as bookkeepers write it. */
static bool take_parentheses(at_str *text, bool *negative) {
    if (text->n < 3 || text->p[0] != '(' || text->p[text->n - 1] != ')') return false;
    *text = at_str_trim((at_str){text->p + 1, text->n - 2});
    *negative = true;
    return true;
}

/* Takes %, ‰, or bps off the end, and returns by which power of ten it divides. */
static unsigned take_part(at_str *text) {
    static const struct {
        at_str word;
        unsigned power;
    } parts[] = {{AT_STR("%"), 2}, {AT_STR("‰"), 3}, {AT_STR("bps"), 4}, {AT_STR("bp"), 4}};
    for (unsigned i = 0; i < AT_COUNT(parts); i++) {
        at_str word = parts[i].word;
        if (text->n < word.n || memcmp(text->p + text->n - word.n, word.p, word.n) != 0) continue;
        *text = at_str_trim((at_str){text->p, text->n - word.n});
        return parts[i].power;
    }
    return 0;
}

/* 25 in a column of percentages: the field decides. Zero is zero either way. */
static void read_bare(const struct at_schema_field *field, struct at_arena *arena,
                      struct at_table_cell *out) {
    if (field->percents == AT_PERCENTS_POINTS) out->num = at_num_mul(arena, out->num, at_num_decimal(1, 2));
    out->bare = field->percents == AT_PERCENTS_SIGNED && at_num_sign(out->num) != 0;
}

/* A percent sign divides by 100 exactly: 12.5% is 0.125. In parentheses, a sign is not read: (5) and -5
 * are two forms of one number, and (-5) is neither. */
static enum at_diag_code read_number(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     struct at_table_cell *out) {
    bool negative = false;
    bool enclosed = take_parentheses(&text, &negative);
    unsigned part = take_part(&text);
    if (!enclosed) at_table_cell_sign(&text, &negative);
    unsigned power = part ? 0 : take_tens(&text);
    enum at_diag_code code = at_table_cell_digits(text, field->decimal_comma, negative, arena, &out->num);
    if (code != AT_CELL_FINE) return code;
    if (part) out->num = at_num_mul(arena, out->num, at_num_decimal(1, part));
    raise_to(arena, power, &out->num);
    if (!part && field->type.unit == AT_UNIT_PERCENT) read_bare(field, arena, out);
    return AT_CELL_FINE;
}

/* ---- money */

/* Names of currencies that are neither a code nor a symbol. Several currencies may have one name. */
static bool is_name_of(at_str unit, at_currency currency) {
    static const struct {
        at_str name;
        const char *codes;
    } names[] = {{AT_STR("元"), "CNY TWD HKD MOP"},
                 {AT_STR("圆"), "CNY"},
                 {AT_STR("人民币"), "CNY"},
                 {AT_STR("RMB"), "CNY"},
                 {AT_STR("円"), "JPY"},
                 {AT_STR("日元"), "JPY"},
                 {AT_STR("美元"), "USD"},
                 {AT_STR("港元"), "HKD"},
                 {AT_STR("欧元"), "EUR"}};
    const struct at_currency_info *info = at_currency_info(currency);
    for (unsigned i = 0; i < AT_COUNT(names); i++)
        if (at_str_eq(unit, names[i].name))
            return currency == 0 || (info && strstr(names[i].codes, info->code));
    return false;
}

/* Checks the text before or after the digits: "", "$", "US$", "USD", "kr", "元". */
static enum at_diag_code check_unit(at_str unit, at_currency currency) {
    if (unit.n == 0 || is_name_of(unit, currency)) return AT_CELL_FINE;
    at_currency found = at_currency_find(unit);
    bool shared = false;
    if (!found) found = at_currency_of_symbol(unit, currency, &shared);
    if (found == currency && found) return AT_CELL_FINE;
    return found || shared || is_name_of(unit, 0) ? AT_A0723 : AT_A0722;
}

/* Everything before the first digit, sign, or parenthesis: "$", "US$", "USD". */
static at_str take_unit_before(at_str *text) {
    uint32_t n = 0;
    while (n < text->n && !at_str_is_digit(text->p[n]) && !memchr(".,-+() ", text->p[n], 7))
        n++;
    at_str unit = {text->p, n};
    *text = at_str_trim(at_table_cell_from(*text, n));
    return unit;
}

/* Everything after the last digit or point. What is left in `text` are the digits. */
static at_str take_unit_behind(at_str *text) {
    uint32_t n = text->n;
    while (n > 0 && !at_str_is_digit(text->p[n - 1]) && text->p[n - 1] != '.')
        n--;
    at_str unit = at_str_trim(at_table_cell_from(*text, n));
    text->n = n;
    return unit;
}

/* `$-` and `- €` are how spreadsheets show zero. A dash alone can also mean that the value is missing. */
static bool is_accounting_zero(at_str text, at_currency currency) {
    at_str unit = text;
    if (text.n && text.p[text.n - 1] == '-')
        unit.n--;
    else if (text.n > 1 && text.p[0] == '-' && text.p[1] == ' ')
        unit = at_table_cell_from(text, 1);
    else
        return false;
    unit = at_str_trim(unit);
    return unit.n && check_unit(unit, currency) == AT_CELL_FINE;
}

/* A sign can come before the unit or after it: -$5, $-5, ($5), $(5). A unit on both sides is permitted
 * only if the one after the digits is a currency code or a name: $5 USD, ¥5元. */
static enum at_diag_code read_money(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                    at_num *out) {
    at_currency currency = field->type.currency;
    if (is_accounting_zero(text, currency)) {
        *out = at_num_int(0);
        return AT_CELL_FINE;
    }
    bool negative = false;
    bool enclosed = take_parentheses(&text, &negative);
    bool sign = !enclosed && at_table_cell_sign(&text, &negative);
    text = at_str_trim(text);
    at_str before = take_unit_before(&text);
    if (!enclosed && !sign && before.n && !take_parentheses(&text, &negative))
        at_table_cell_sign(&text, &negative);
    text = at_str_trim(text);
    at_str behind = take_unit_behind(&text);
    unsigned power = take_tens_first(&behind);
    if (before.n && behind.n && !at_currency_find(behind) && !is_name_of(behind, 0)) return AT_A0722;
    enum at_diag_code code = at_table_cell_digits(text, field->decimal_comma, negative, arena, out);
    if (code != AT_CELL_FINE) return code == AT_A0720 ? AT_A0722 : code;
    raise_to(arena, power, out);
    code = check_unit(before, currency);
    return code != AT_CELL_FINE ? code : check_unit(behind, currency);
}

/* The currency of the row decides which unit is right. If the row has none, its currency is reported, and the
 * unit is not. */
enum at_diag_code at_table_cell_read_foreign(const struct at_schema_field *field, at_str text,
                                             at_str currency, struct at_arena *arena,
                                             struct at_table_cell *out) {
    struct at_schema_field known = *field;
    known.type = (at_type){.kind = AT_T_MONEY,
                           .currency = at_currency_find(at_str_trim(currency)),
                           .optional = field->type.optional};
    enum at_diag_code code = at_table_cell_read(&known, text, arena, out);
    return code == AT_A0723 && !known.type.currency ? AT_CELL_FINE : code;
}

/* ---- words */

/* `out` is set also if the text is neither yes nor no. The caller does not read it then. */
static enum at_diag_code read_flag(at_str text, bool *out) {
    static const char *const yes[] = {"yes", "true", "1", "y", "是", "√", "✓", "✔"}, *const no[] = {
                                                                                         "no", "false", "0",
                                                                                         "n",  "否",    "×",
                                                                                         "✗",  "✘"};
    for (unsigned i = 0; i < AT_COUNT(yes); i++) {
        *out = at_table_cell_word(text, yes[i]);
        if (*out || at_table_cell_word(text, no[i])) return AT_CELL_FINE;
    }
    return AT_A0728;
}

/* Choices are compared byte by byte, so upper and lower case differ. */
static enum at_diag_code read_choice(const struct at_type_choices *choices, at_str text, int32_t *out) {
    for (uint32_t i = 0; choices && i < choices->n; i++)
        if (at_str_eq(choices->at[i], text)) {
            *out = (int32_t)i;
            return AT_CELL_FINE;
        }
    return AT_A0729;
}

/* ---- any type */

/* Whether the text has a character that no one sees. */
static bool has_unseen(at_str text) {
    const char *end = text.p + text.n;
    for (const char *p = text.p; p < end;) {
        unsigned length;
        if (at_visible_hidden(at_utf8_next(p, end, &length))) return true;
        p += length;
    }
    return false;
}

/* Everything but words. The text is not empty. */
static enum at_diag_code read_plain(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                    struct at_table_cell *out) {
    switch ((enum at_type_kind)field->type.kind) {
    case AT_T_NUMBER: {
        enum at_diag_code code = read_number(field, text, arena, out);
        return code == AT_CELL_FINE && field->positive && at_num_sign(out->num) <= 0 ? AT_A1179 : code;
    }
    case AT_T_FOREIGN: return at_table_cell_read_foreign(field, text, (at_str){"", 0}, arena, out);
    case AT_T_MONEY: return read_money(field, text, arena, &out->num);
    case AT_T_DATE: return at_table_cell_date(field, text, arena, &out->day);
    case AT_T_PERIOD: return at_table_cell_period(text, arena, &out->period);
    case AT_T_DURATION: return at_table_cell_duration(field, text, arena, &out->num);
    case AT_T_FLAG: return read_flag(text, &out->flag);
    case AT_T_ENUM:
    case AT_T_TEXT:
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    return AT_CELL_FINE;
}

/* Invalid bytes are found first, because the functions below take UTF-8 for granted. Texts and references
 * keep their characters, and lose the spaces at their ends. Of all others, full-width characters count as the
 * plain ones. */
enum at_diag_code at_table_cell_read(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     struct at_table_cell *out) {
    out->missing = out->bare = false;
    if (memchr(text.p, 0, text.n)) return AT_A0718;
    if (at_utf8_invalid(text.p, text.n) < text.n) return AT_A0717;
    enum at_type_kind kind = field->type.kind;
    bool words = kind == AT_T_TEXT || kind == AT_T_ENUM || kind == AT_T_REF;
    if (text.n && (text.p[0] == ' ' || text.p[0] == '\t')) {
        at_str rest = at_str_trim(text);
        if (rest.n && rest.p[0] == '"') return AT_A0785;
    }
    text = at_str_trim(words ? text : at_str_narrow(arena, text));
    if (text.n == 0) {
        out->missing = true;
        return field->type.optional ? AT_CELL_FINE : AT_A0719;
    }
    /* Accents written in two ways are one text. What identifies a row keeps its bytes, because other programs
     * compare them. */
    if (kind == AT_T_ENUM || (kind == AT_T_TEXT && !field->key && !field->unique))
        text = at_text_compose(arena, text);
    if (kind == AT_T_ENUM) return read_choice(field->type.choices, text, &out->row);
    if (field->codes && kind == AT_T_TEXT && !at_currency_find(text) &&
        !(field->withdrawn && at_currency_withdrawn(text)))
        return AT_A1178;
    if (words || kind == AT_T_NONE) {
        out->text = text;
        return AT_CELL_FINE;
    }
    enum at_diag_code code = read_plain(field, text, arena, out);
    return code != AT_CELL_FINE && has_unseen(text) ? AT_A0736 : code;
}
