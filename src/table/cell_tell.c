/* table/cell_tell.c: the message for a cell that is not a value of its field: what was expected, and how to
 * fix it. */
#include "base/date_format.h"
#include "base/near.h"
#include "base/period_near.h"
#include "base/visible.h"
#include "diag/say.h"
#include "table/cell_int.h"

#define MAX_SHOWN 40 /* bytes of a value that a message repeats */

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
    case AT_A0723: return AT_W_DATA_ROW_MONEY;
    case AT_A1178: return AT_W_DATA_A_CURRENCY;
    case AT_A1179: return AT_W_DATA_ABOVE_ZERO;
    default: return AT_W_A_VALUE;
    }
}

/* Suggests a format that fits the value. If the value fits two formats next to each other in the list, day
 * and month can be exchanged, and the help names both. */
static void help_format(struct at_diag *diag, const struct at_schema_field *field, at_str value) {
    static const at_str formats[] = {AT_STR("MM/DD/YYYY"),
                                     AT_STR("DD/MM/YYYY"),
                                     AT_STR("M/D/YYYY"),
                                     AT_STR("D/M/YYYY"),
                                     AT_STR("DD.MM.YYYY"),
                                     AT_STR("D.M.YYYY"),
                                     AT_STR("DD-MM-YYYY"),
                                     AT_STR("YYYY/MM/DD"),
                                     AT_STR("YYYY/M/D"),
                                     AT_STR("YYYY-M-D"),
                                     AT_STR("YYYY.M.D"),
                                     AT_STR("YYYYMMDD"),
                                     AT_STR("D MMM YYYY"),
                                     AT_STR("D-MMM-YY"),
                                     AT_STR("M/D/YY"),
                                     AT_STR("YYYY-MM-DDThh:mm:ssZ"),
                                     AT_STR("YYYY-MM-DDThh:mm:ss"),
                                     AT_STR("YYYY-MM-DD hh:mm:ss"),
                                     AT_STR("YYYY-MM-DD hh:mm"),
                                     AT_STR("M/D/YYYY h:mm"),
                                     AT_STR("D/M/YYYY h:mm"),
                                     AT_STR("M/D/YYYY h:mm AM"),
                                     AT_STR("D/M/YYYY h:mm AM"),
                                     AT_STR("YYYY/M/D h:mm"),
                                     AT_STR("YYYY/M/D h:mm:ss")};
    at_words_operand name = at_words_text(field->name);
    at_date date;
    unsigned fits[2] = {0}, n = 0; /* 05/01/2026 is in May for some and in January for others */
    for (unsigned i = 0; i < AT_COUNT(formats) && n < 2; i++)
        if (at_date_parse_format(value, formats[i], &date) == AT_DATE_FITS) fits[n++] = i;
    at_words_operand one = at_words_text(formats[fits[0]]), two = at_words_text(formats[fits[1]]);
    if (n == 2 && fits[1] == fits[0] + 1)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_TWO_FORMATS, name, one, two));
    else if (n)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_ONE_FORMAT, name, one));
    else if (value.n > 10 && at_table_cell_iso_shape((at_str){value.p, 10}))
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_NO_TIME));
    else
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_DATE));
}

static void help_date(struct at_diag *diag, const struct at_schema_field *field, at_str value,
                      struct at_arena *scratch) {
    at_words_operand all = {0};
    for (uint32_t i = 0; i < field->n_formats; i++) {
        at_words_operand format = at_words_text(field->formats[i]);
        all = i ? AT_SAID(scratch, AT_W_DATA_OR, all, format) : format;
    }
    if (field->n_formats)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_FORMAT, all));
    else
        help_format(diag, field, value);
}

/* A dash can be a zero or a missing value, so it is neither until the file specifies it. */
static void help_number(struct at_diag *diag, const struct at_schema_field *field, at_str value) {
    const struct at_currency_info *currency = at_currency_info(field->type.currency);
    if (at_str_eq(value, AT_STR("-")) || at_str_eq(value, AT_STR("–")) || at_str_eq(value, AT_STR("—")))
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_DASH));
    else if (field->decimal_comma)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_COMMA));
    else if (field->type.kind == AT_T_NUMBER)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_NUMBER));
    else if (currency)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_MONEY, at_words_text(at_str_z(currency->code))));
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

/* The numbers of a text, at most three. */
static unsigned numbers_of(at_str text, int64_t number[3]) {
    unsigned n = 0;
    for (uint32_t i = 0; i < text.n;) {
        int64_t value = 0;
        uint32_t from = i;
        while (i < text.n && i - from < 4 && at_str_is_digit(text.p[i]))
            value = value * 10 + (text.p[i++] - '0');
        if (i == from)
            i++;
        else if (n == 3)
            return 4;
        else
            number[n++] = value;
    }
    return n;
}

/* A date of a month that has fewer days: its day is the only number beyond 12. */
static void help_day(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    int64_t number[3] = {0}, year = 0, month = 0, day = 0;
    if (numbers_of(value, number) == 3)
        for (unsigned i = 0; i < 3; i++)
            *(number[i] > 31 ? &year : number[i] > 12 ? &day : &month) = number[i];
    if (year >= 1 && year <= 9999 && month && day)
        at_diag_say_note(
            diag, AT_SENTENCE(AT_W_DATA_DAYS_OF_MONTH,
                              at_words_text(at_str_format(scratch, "%04d-%02d", (int)year, (int)month)),
                              at_words_count((uint64_t)at_date_days_in_month((int)year, (int)month))));
    at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_CORRECT_DAY));
}

static void help_period(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    at_date date;
    at_str month = {value.p, value.n < 7 ? value.n : 7}, meant = at_period_meant(scratch, value);
    if (at_date_parse_iso(value, &date))
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_MONTH, at_words_text(month)));
    else if (meant.n)
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_MEANT, at_words_text(meant)));
    else
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_PERIOD));
}

/* The number of 1.234,56 with a decimal point: 1234.56. */
static at_str with_point(struct at_arena *scratch, at_str value) {
    char *out = at_arena_get(scratch, (size_t)value.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == ',') out[n++] = '.';
        if (c == '-' || (c >= '0' && c <= '9')) out[n++] = c;
    }
    return (at_str){out, n};
}

/* `usd`, `RMB`, `US$`: the code that is meant. */
static void help_currency(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    char *upper = at_arena_get(scratch, (size_t)value.n + 1);
    for (uint32_t i = 0; i < value.n; i++)
        upper[i] = (char)(value.p[i] >= 'a' && value.p[i] <= 'z' ? value.p[i] - 'a' + 'A' : value.p[i]);
    at_str capitals = {upper, value.n};
    bool shared;
    at_currency found = at_currency_find(capitals);
    if (!found) found = at_currency_of_symbol(capitals, 0, &shared);
    if (!found && (at_str_eq(capitals, AT_STR("RMB")) || at_str_eq(capitals, AT_STR("人民币"))))
        found = at_currency_find(AT_STR("CNY"));
    if (found)
        at_diag_say_help(
            diag, AT_SENTENCE(AT_W_DATA_NEAR_CHOICE, at_words_text(at_str_z(at_currency_info(found)->code))));
    else
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_CURRENCY));
}

/* Both readings of 1,234, and what to write for each. */
static void help_comma(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    char *out = at_arena_get(scratch, value.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < value.n; i++)
        if (value.p[i] != ',') out[n++] = value.p[i];
    char *dot = at_arena_get(scratch, value.n);
    for (uint32_t i = 0; i < value.n; i++)
        dot[i] = value.p[i] == ',' ? '.' : value.p[i];
    at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_CHOOSE_DECIMAL, at_words_text((at_str){dot, value.n}),
                                       at_words_text((at_str){out, n})));
}

/* The help for each code. Codes without an entry have no help. */
static void help_cell(struct at_diag *diag, const struct at_schema_field *field, enum at_diag_code code,
                      at_str value, struct at_arena *scratch) {
    bool months = field->type.months;
    if (at_table_cell_habit(diag, code, value, scratch)) return;
    switch ((int)code) {
    case AT_A0717: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_SAVE_UTF8)); break;
    case AT_A0719:
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_ADD_VALUE, at_words_text(field->name)));
        break;
    case AT_A0720:
    case AT_A0722:
    case AT_A0723: help_number(diag, field, value); break;
    case AT_A0737:
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_DECLARE_COMMA, at_words_text(field->name),
                                           at_words_text(with_point(scratch, value))));
        break;
    case AT_A0742: help_comma(diag, value, scratch); break;
    case AT_A0736:
    case AT_A0738:
        at_diag_say_help(diag, AT_SENTENCE(code == AT_A0736 ? AT_W_DATA_DELETE_MARK : AT_W_DATA_ONE_DAY));
        break;
    case AT_A0785: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_DELETE_SPACE)); break;
    case AT_A0724: help_date(diag, field, value, scratch); break;
    case AT_A0725: help_day(diag, value, scratch); break;
    case AT_A0726: help_period(diag, value, scratch); break;
    case AT_A0727:
        at_diag_say_help(diag, AT_SENTENCE(months ? AT_W_DATA_WRITE_MONTHS : AT_W_DATA_WRITE_DAYS));
        break;
    case AT_A0728: at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_YES_NO)); break;
    case AT_A0729: help_choice(diag, field, value, scratch); break;
    case AT_A1178: help_currency(diag, value, scratch); break;
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
    case AT_A0736: return AT_W_DATA_UNSEEN;
    case AT_A0737: return AT_W_DATA_COMMA;
    case AT_A0738: return AT_W_DATA_TWO_DAYS;
    case AT_A0742: return AT_W_DATA_TWO_NUMBERS;
    case AT_A0785: return AT_W_DATA_SPACE_QUOTE;
    default: return AT_W_DATA_EXPECTED;
    }
}

/* The first character that no one sees, as U+200B. */
static at_words_operand unseen(struct at_arena *scratch, at_str value) {
    const char *end = value.p + value.n;
    for (const char *p = value.p; p < end;) {
        unsigned length;
        uint32_t c = at_utf8_next(p, end, &length);
        if (at_visible_hidden(c)) return at_words_text(at_str_format(scratch, "U+%04X", (unsigned)c));
        p += length;
    }
    return at_words_text((at_str){"", 0});
}

struct at_diag *at_table_cell_tell(struct at_diag_list *diags, const struct at_schema_field *field,
                                   enum at_diag_code code, at_str value, at_str encoding,
                                   const struct at_diag_data_place *place, struct at_arena *scratch) {
    value = at_str_trim(at_str_narrow(scratch, value));
    at_words_operand name = at_words_text(field->name), found = at_words_text(shown(value, scratch));
    const struct at_currency_info *currency = at_currency_info(field->type.currency);
    enum at_words_word word = word_of(code);
    struct at_diag *d;
    if (word == AT_W_DATA_EXPECTED) {
        at_words_operand wanted = at_words_fixed(expected(code));
        if (code == AT_A0723 && currency) wanted = at_words_text(at_str_z(currency->code));
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, wanted, name, found));
    } else if (word == AT_W_DATA_BAD_DATE || word == AT_W_DATA_BAD_CHOICE || word == AT_W_DATA_COMMA ||
               word == AT_W_DATA_TWO_DAYS || word == AT_W_DATA_TWO_NUMBERS) {
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, found, name));
    } else if (word == AT_W_DATA_UNSEEN) {
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, name, unseen(scratch, value)));
    } else {
        d = at_diag_say(diags, code, (at_span){0}, place, AT_SENTENCE(word, name, at_words_text(encoding)));
    }
    help_cell(d, field, code, value, scratch);
    return d;
}
