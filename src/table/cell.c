/* table/cell.c: every form in which people and spreadsheets write a value, one function a type. Reports
 * values in other forms. */
#include "table/cell.h"

#include "base/near.h"
#include "base/numtext.h"
#include "diag/say.h"

#define MAX_SHOWN 40 /* bytes of a value that a message repeats */

/* Not isdigit: that depends on the locale, and its behavior is undefined for bytes above 127. */
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool begins(at_str text, at_str with) {
    return text.n >= with.n && memcmp(text.p, with.p, with.n) == 0;
}

static at_str from(at_str text, uint32_t n) {
    return (at_str){text.p + n, text.n - n};
}

/* ASCII letters only: the words that are compared so are English. */
static bool same_word(at_str text, const char *word) {
    uint32_t i = 0;
    for (; i < text.n && word[i]; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + ('a' - 'A'));
        if (c != word[i]) return false;
    }
    return i == text.n && !word[i];
}

/* Spaces, and the no-break spaces that spreadsheets put between an amount and its symbol. */
static at_str trim(at_str text) {
    static const at_str wide[] = {AT_STR("\u00A0"), AT_STR("\u202F")};
    for (bool again = true; again;) {
        again = false;
        text = at_str_trim(text);
        for (unsigned i = 0; i < AT_COUNT(wide); i++) {
            at_str w = wide[i];
            if (begins(text, w)) text = from(text, w.n), again = true;
            if (text.n >= w.n && memcmp(text.p + text.n - w.n, w.p, w.n) == 0) text.n -= w.n, again = true;
        }
    }
    return text;
}

/* ---- numbers */

/* A sign at the beginning is taken off; the typographic minus counts. */
static bool take_sign(at_str *text, bool *negative) {
    static const at_str minus = AT_STR("\u2212");
    if (text->n && (text->p[0] == '-' || text->p[0] == '+')) {
        *negative ^= text->p[0] == '-';
        *text = from(*text, 1);
        return true;
    }
    if (!begins(*text, minus)) return false;
    *negative ^= true;
    *text = from(*text, minus.n);
    return true;
}

/* Digits with a point, commas between groups, an exponent; no sign. ".5" and "5." are numbers too. */
static enum at_diag_code read_digits(at_str text, bool negative, struct at_arena *arena, at_num *out) {
    /* at_num_parse wants a digit before the point, so a zero is put there. */
    bool point_first = text.n > 1 && text.p[0] == '.' && is_digit(text.p[1]);
    if (text.n == 0 || !(is_digit(text.p[0]) || point_first)) return AT_A0720;
    if (point_first) {
        char *p = at_arena_get(arena, (size_t)text.n + 1);
        p[0] = '0';
        memcpy(p + 1, text.p, text.n);
        text = (at_str){p, text.n + 1};
    }
    if (text.n > 1 && text.p[text.n - 1] == '.') text.n--;
    if (!at_num_parse(arena, text, true, out)) return AT_A0720;
    if (out->form == AT_NUM_OVERFLOW) return AT_A0721;
    if (negative) *out = at_num_neg(arena, *out);
    return AT_CELL_FINE;
}

/* (5.00) is -5.00, as bookkeepers write it. */
static bool take_parentheses(at_str *text, bool *negative) {
    if (text->n < 3 || text->p[0] != '(' || text->p[text->n - 1] != ')') return false;
    *text = trim((at_str){text->p + 1, text->n - 2});
    *negative = true;
    return true;
}

/* A percent sign divides by 100 exactly: 12.5% is 0.125. In parentheses, a sign is not read: (5) and -5
 * are two forms of one number, and (-5) is neither. */
static enum at_diag_code read_number(at_str text, struct at_arena *arena, at_num *out) {
    bool negative = false, percent = false;
    bool enclosed = take_parentheses(&text, &negative);
    if (text.n && text.p[text.n - 1] == '%') {
        percent = true;
        text = trim((at_str){text.p, text.n - 1});
    }
    if (!enclosed) take_sign(&text, &negative);
    enum at_diag_code code = read_digits(text, negative, arena, out);
    if (code == AT_CELL_FINE && percent) *out = at_num_mul(arena, *out, at_num_decimal(1, 2));
    return code;
}

/* ---- money */

/* Checks the text before or after the digits: "", "$", "US$", "USD", "kr". */
static enum at_diag_code check_unit(at_str unit, at_currency currency) {
    if (unit.n == 0) return AT_CELL_FINE;
    at_currency found = at_currency_find(unit);
    bool shared = false;
    if (!found) found = at_currency_of_symbol(unit, currency, &shared);
    if (found == currency && found) return AT_CELL_FINE;
    return found || shared ? AT_A0723 : AT_A0722;
}

/* Everything before the first digit, sign, or parenthesis: "$", "US$", "USD". */
static at_str take_unit_before(at_str *text) {
    uint32_t n = 0;
    while (n < text->n && !is_digit(text->p[n]) && !memchr(".,-+() ", text->p[n], 7))
        n++;
    /* A typographic minus or no-break space is not a part of the symbol. */
    for (uint32_t i = 0; i < n; i++) {
        at_str rest = from((at_str){text->p, n}, i);
        if (begins(rest, AT_STR("\u2212")) || begins(rest, AT_STR("\u00A0")) ||
            begins(rest, AT_STR("\u202F")))
            n = i;
    }
    at_str unit = {text->p, n};
    *text = trim(from(*text, n));
    return unit;
}

/* Everything after the last digit or point. What is left in `text` are the digits. */
static at_str take_unit_behind(at_str *text) {
    uint32_t n = text->n;
    while (n > 0 && !is_digit(text->p[n - 1]) && text->p[n - 1] != '.')
        n--;
    at_str unit = trim(from(*text, n));
    text->n = n;
    return unit;
}

/* A sign can come before the unit or after it: -$5, $-5, ($5), $(5). A unit on both sides is permitted
 * only if the one after the digits is a currency code: $5 USD. */
static enum at_diag_code read_money(at_str text, at_currency currency, struct at_arena *arena, at_num *out) {
    bool negative = false;
    bool enclosed = take_parentheses(&text, &negative);
    bool sign = !enclosed && take_sign(&text, &negative);
    text = trim(text);
    at_str before = take_unit_before(&text);
    if (!enclosed && !sign && before.n && !take_parentheses(&text, &negative)) take_sign(&text, &negative);
    text = trim(text);
    at_str behind = take_unit_behind(&text);
    if (before.n && behind.n && !at_currency_find(behind)) return AT_A0722;
    enum at_diag_code code = read_digits(text, negative, arena, out);
    if (code != AT_CELL_FINE) return code == AT_A0720 ? AT_A0722 : code;
    code = check_unit(before, currency);
    return code != AT_CELL_FINE ? code : check_unit(behind, currency);
}

/* ---- time */

/* Whether a text has the form of a date. Then its day is wrong, not its form, and the message differs. */
static bool iso_shape(at_str text) {
    static const char shape[] = "dddd-dd-dd";
    if (text.n != 10) return false;
    for (unsigned i = 0; i < 10; i++)
        if (shape[i] == 'd' ? !is_digit(text.p[i]) : text.p[i] != '-') return false;
    return true;
}

/* A field with a format accepts this format only, because 01/02/2026 could otherwise be two dates. */
static enum at_diag_code read_date(const struct at_schema_field *field, at_str text, at_date *out) {
    if (field->format.n) return at_date_parse_format(text, field->format, out) ? AT_CELL_FINE : AT_A0724;
    if (at_date_parse_iso(text, out)) return AT_CELL_FINE;
    return iso_shape(text) ? AT_A0725 : AT_A0724;
}

/* "90 days", "6 months", "2 weeks", "1 year": in days or in months, as the field counts. */
static enum at_diag_code read_duration(const struct at_schema_field *field, at_str text,
                                       struct at_arena *arena, at_num *out) {
    static const struct {
        const char *one, *many;
        bool months;
        int64_t times;
    } units[] = {{"day", "days", false, 1},
                 {"week", "weeks", false, 7},
                 {"month", "months", true, 1},
                 {"year", "years", true, 12}};
    uint32_t n = 0;
    bool negative = false;
    take_sign(&text, &negative);
    while (n < text.n && is_digit(text.p[n]))
        n++;
    at_str unit = trim(from(text, n));
    for (unsigned i = 0; i < AT_COUNT(units); i++) {
        if (n == 0 || n > 9 || !(same_word(unit, units[i].one) || same_word(unit, units[i].many))) continue;
        if (units[i].months != field->type.months) return AT_A0727;
        enum at_diag_code code = read_digits((at_str){text.p, n}, negative, arena, out);
        if (code == AT_CELL_FINE) *out = at_num_mul(arena, *out, at_num_int(units[i].times));
        return code == AT_CELL_FINE ? code : AT_A0727;
    }
    return AT_A0727;
}

/* ---- words */

/* `out` is set also if the text is neither yes nor no. The caller does not read it then. */
static enum at_diag_code read_flag(at_str text, bool *out) {
    static const char *const yes[] = {"yes", "true", "1"}, *const no[] = {"no", "false", "0"};
    for (unsigned i = 0; i < AT_COUNT(yes); i++) {
        *out = same_word(text, yes[i]);
        if (*out || same_word(text, no[i])) return AT_CELL_FINE;
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

/* Invalid bytes are found first, because the functions below take UTF-8 for granted. Texts keep no-break
 * spaces at their ends, and lose other spaces. */
enum at_diag_code at_table_cell_read(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     struct at_table_cell *out) {
    out->missing = false;
    if (memchr(text.p, 0, text.n)) return AT_A0718;
    if (at_utf8_invalid(text.p, text.n) < text.n) return AT_A0717;
    bool words = field->type.kind == AT_T_TEXT || field->type.kind == AT_T_ENUM;
    text = words ? at_str_trim(text) : trim(text);
    if (text.n == 0) {
        out->missing = true;
        return field->type.optional ? AT_CELL_FINE : AT_A0719;
    }
    switch ((enum at_type_kind)field->type.kind) {
    case AT_T_NUMBER: return read_number(text, arena, &out->num);
    case AT_T_MONEY: return read_money(text, field->type.currency, arena, &out->num);
    case AT_T_DATE: return read_date(field, text, &out->day);
    case AT_T_PERIOD: return at_period_parse(text, &out->period) ? AT_CELL_FINE : AT_A0726;
    case AT_T_DURATION: return read_duration(field, text, arena, &out->num);
    case AT_T_FLAG: return read_flag(text, &out->flag);
    case AT_T_ENUM: return read_choice(field->type.choices, text, &out->row);
    case AT_T_TEXT:
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    out->text = text;
    return AT_CELL_FINE;
}

/* ---- messages */

/* The form that the message expected. Codes that are not here have a sentence of their own (word_of). */
static enum at_words_word expected(enum at_diag_code code) {
    switch ((int)code) {
    case AT_A0720: return AT_W_DATA_A_NUMBER;
    case AT_A0721: return AT_W_DATA_AT_MOST;
    case AT_A0722: return AT_W_DATA_MONEY;
    case AT_A0724: return AT_W_DATA_A_DATE;
    case AT_A0726: return AT_W_DATA_A_PERIOD;
    case AT_A0727: return AT_W_DATA_A_DURATION;
    case AT_A0728: return AT_W_DATA_YES_OR_NO;
    default: return AT_W_A_VALUE;
    }
}

/* Suggests a format that fits the value. If the value fits two formats next to each other in the list, day
 * and month can be exchanged, and the help names both. */
static void help_date(struct at_diag *diag, const struct at_schema_field *field, at_str value) {
    static const at_str formats[] = {AT_STR("MM/DD/YYYY"), AT_STR("DD/MM/YYYY"),  AT_STR("M/D/YYYY"),
                                     AT_STR("D/M/YYYY"),   AT_STR("DD.MM.YYYY"),  AT_STR("D.M.YYYY"),
                                     AT_STR("DD-MM-YYYY"), AT_STR("YYYY/MM/DD"),  AT_STR("YYYY/M/D"),
                                     AT_STR("YYYYMMDD"),   AT_STR("D MMM YYYY"),  AT_STR("D-MMM-YY"),
                                     AT_STR("M/D/YY"),     AT_STR("YYYY年M月D日")};
    at_words_operand name = at_words_text(field->name);
    if (field->format.n) {
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_FORMAT, at_words_text(field->format)));
        return;
    }
    at_date date;
    unsigned fits[2] = {0}, n = 0; /* 05/01/2026 is in May for some and in January for others */
    for (unsigned i = 0; i < AT_COUNT(formats) && n < 2; i++)
        if (at_date_format_ok(formats[i]) && at_date_parse_format(value, formats[i], &date)) fits[n++] = i;
    at_words_operand one = at_words_text(formats[fits[0]]), two = at_words_text(formats[fits[1]]);
    if (n == 2 && fits[1] == fits[0] + 1)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_TWO_FORMATS, name, one, two));
    else if (n)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_ONE_FORMAT, name, one));
    else if (value.n > 10 && iso_shape((at_str){value.p, 10}))
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_NO_TIME));
    else
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_DATE));
}

/* Names the nearest choice, or up to eight of all choices if none is near. */
static void help_choice(struct at_diag *diag, const struct at_schema_field *field, at_str value,
                        struct at_arena *scratch) {
    const struct at_type_choices *choices = field->type.choices;
    struct at_str_nearest near = {.wanted = value};
    at_words_operand all = {0};
    for (uint32_t i = 0; choices && i < choices->n; i++) {
        at_str_nearest_title(&near, choices->at[i]);
        at_words_operand choice = at_words_quoted(choices->at[i]);
        if (i < 8) all = i ? AT_SAID(scratch, AT_W_LIST, all, choice) : choice;
    }
    bool more = choices && choices->n > 8;
    if (near.best.n)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_NEAR_CHOICE, at_words_text(near.best)));
    else
        at_diag_say_help(diag, AT_SENTENCE(more ? AT_W_DATA_SOME_CHOICES : AT_W_DATA_ALL_CHOICES, all));
}

static void help_period(struct at_diag *diag, at_str value) {
    at_date date;
    at_str month = {value.p, value.n < 7 ? value.n : 7};
    if (at_date_parse_iso(value, &date))
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_MONTH, at_words_text(month)));
    else
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_PERIOD));
}

/* The help for each code. Codes without an entry have no help. */
static void help_cell(struct at_diag *diag, const struct at_schema_field *field, enum at_diag_code code,
                      at_str value, struct at_arena *scratch) {
    const struct at_currency_info *currency = at_currency_info(field->type.currency);
    bool months = field->type.months;
    switch ((int)code) {
    case AT_A0717: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_SAVE_UTF8)); break;
    case AT_A0719:
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_ADD_VALUE, at_words_text(field->name)));
        break;
    case AT_A0720: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_NUMBER)); break;
    case AT_A0722:
    case AT_A0723:
        if (!currency) break;
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_MONEY, at_words_text(at_str_z(currency->code))));
        break;
    case AT_A0724: help_date(diag, field, value); break;
    case AT_A0725: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_CORRECT_DAY)); break;
    case AT_A0726: help_period(diag, value); break;
    case AT_A0727:
        at_diag_say_help(diag, AT_SENTENCE(months ? AT_W_DATA_WRITE_MONTHS : AT_W_DATA_WRITE_DAYS));
        break;
    case AT_A0728: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_YES_NO)); break;
    case AT_A0729: help_choice(diag, field, value, scratch); break;
    default: break;
    }
}

/* Not longer than a message bears; never cut within a character. */
static at_str shown(at_str value, struct at_arena *scratch) {
    if (value.n <= MAX_SHOWN) return value;
    uint32_t n = MAX_SHOWN;
    while (n > 0 && ((unsigned char)value.p[n] & 0xC0) == 0x80)
        n--;
    return at_str_format(scratch, "%.*s…", (int)n, value.p);
}

/* The sentence for each code. All others have the form "expected X, found Y". */
static enum at_words_word word_of(enum at_diag_code code) {
    switch ((int)code) {
    case AT_A0719: return AT_W_DATA_MISSING;
    case AT_A0717: return AT_W_DATA_NOT_UTF8;
    case AT_A0718: return AT_W_DATA_ZERO_BYTE;
    case AT_A0725: return AT_W_DATA_BAD_DATE;
    case AT_A0729: return AT_W_DATA_BAD_CHOICE;
    default: return AT_W_DATA_EXPECTED;
    }
}

struct at_diag *at_table_cell_tell(struct at_diag_list *diags, const struct at_schema_field *field,
                                   enum at_diag_code code, at_str value,
                                   const struct at_diag_data_place *place, struct at_arena *scratch) {
    value = trim(value);
    at_words_operand name = at_words_text(field->name), found = at_words_text(shown(value, scratch));
    const struct at_currency_info *currency = at_currency_info(field->type.currency);
    enum at_words_word word = word_of(code);
    struct at_diag *d;
    if (word == AT_W_DATA_EXPECTED) {
        at_words_operand wanted = at_words_fixed(expected(code));
        if (code == AT_A0723 && currency) wanted = at_words_text(at_str_z(currency->code));
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, wanted, name, found));
    } else if (word == AT_W_DATA_BAD_DATE || word == AT_W_DATA_BAD_CHOICE) {
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, found, name));
    } else {
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, name));
    }
    help_cell(d, field, code, value, scratch);
    return d;
}
