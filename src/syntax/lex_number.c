/* syntax/lex_number.c: tokens that begin with a digit or a currency sign.
 *
 *     1,250.50   40k   1.2m   5万   1.5x   12.5%   50 bps   90 days   40,000 USD   $40,000   2026-03-31
 * 2026-Q1
 *
 * A comma belongs to a number when exactly three digits follow it directly. The node's text keeps the
 * source text of the number. The node's value is its meaning, exact to the last digit.
 */
#include "attain_parse.h"
#include "base/money.h"
#include "base/numtext.h"
#include "base/period_near.h"
#include "syntax/build.h"
#include "syntax/plain.h"

static bool is_digit(const char *p, const char *limit) {
    return p < limit && *p >= '0' && *p <= '9';
}

static const char *digits(const char *p, const char *limit) {
    while (is_digit(p, limit))
        p++;
    return p;
}

static bool word_char(const char *p, const char *limit) {
    unsigned n;
    return at_lex_word_char(p, limit, &n);
}

static const char *word_end(const char *p, const char *limit) {
    for (unsigned n; p < limit && at_lex_word_char(p, limit, &n);)
        p += n;
    return p;
}

static const char *spaces(const char *p, const char *limit) {
    while (p < limit && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* The text of the node is a view of the source. The formatter prints numbers as they are written. */
static struct at_ast_node *literal(struct at_lex_state *lexer, enum at_ast_kind kind, const char *from,
                                   const char *to) {
    struct at_ast_node *node = at_ast_new(lexer, at_lex_span(lexer, from, to), kind, 0);
    node->text = (at_str){from, (uint32_t)(to - from)};
    node->name_span = node->span;
    return node;
}

/* ---- dates and periods */

/* The shape of what begins with four digits and a dash: its end, or NULL. */
static const char *date_shape(const char *p, const char *limit, bool *date) {
    const char *year = digits(p, limit);
    *date = false;
    if (year - p != 4 || year == limit) return NULL;
    if (memchr("QHWPqhwp", *year, 8)) { /* 2026W05: reported as a period, not as a number with a unit */
        const char *end = digits(year + 1, limit);
        return end == year + 1 || end > year + 3 || word_char(end, limit) ? NULL : end;
    }
    if (*year != '-') return NULL;
    const char *q = year + 1;
    if (q < limit && memchr("QHWPqhwp", *q, 8)) q++;
    const char *end = digits(q, limit);
    if (end == q || word_char(end, limit)) return NULL;
    if (q > year + 1) return end;
    if (end - q == 2 && limit - end > 2 && *end == '-' && (end[1] == 'H' || end[1] == 'h') &&
        is_digit(end + 2, limit)) {
        end = digits(end + 2, limit);
        return word_char(end, limit) ? NULL : end;
    }
    if (end - q != 2) return NULL;
    if (end < limit && *end == '-' && is_digit(end + 1, limit)) {
        *date = true;
        end = digits(end + 1, limit);
        return word_char(end, limit) ? NULL : end;
    }
    return end;
}

/* Reads the period that was meant, so that only its spelling is reported. Without one, the value is an error
 * that is already reported. */
static void strange_period(struct at_lex_state *lexer, struct at_ast_node *node) {
    at_str meant = at_period_meant(lexer->arena, node->text);
    if (!at_period_parse(meant, &node->period)) node->kind = AT_N_ERROR;
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0111, node->span, "invalid period `%.*s`", AT_STR_ARG(node->text));
    if (!diag) return;
    if (meant.n) {
        at_diag_help(diag, "write `%.*s`", AT_STR_ARG(meant));
        at_diag_fix(diag, node->span, "%.*s", AT_STR_ARG(meant));
    } else {
        at_diag_help(diag,
                     "write a period such as 2026-Q1, 2026-03, 2026-H1, or 2026-W05. For a subtraction, put "
                     "spaces around `-`");
    }
}

/* A shape of a date is always a date, even if it is invalid. Reading 2026-02-30 as a subtraction
 * would hide the error. */
static int date_or_period(struct at_lex_state *lexer, AT_YYSTYPE *value, const char *end, bool date) {
    struct at_ast_node *node = literal(lexer, date ? AT_N_DATE : AT_N_PERIOD, lexer->token, end);
    lexer->at = end;
    value->node = node;
    if (!date) {
        if (!at_period_parse(node->text, &node->period)) strange_period(lexer, node);
        return AT_TOK_PERIODLIT;
    }
    at_date day = 0;
    bool ok = at_date_parse_iso(node->text, &day);
    node->day = day;
    if (!ok) {
        struct at_diag *diag =
            at_lex_mistake(lexer, AT_A0111, node->span, "invalid date `%.*s`", AT_STR_ARG(node->text));
        if (diag) at_diag_help(diag, "write the year, the month, and the day, such as 2026-03-31");
    }
    return AT_TOK_DATE;
}

/* ---- the digits of a number */

struct number {
    const char *start, *end; /* digits, commas, point */
    const char *after;       /* behind its suffix */
    int power;               /* of ten, by k, m, bn, 万, 亿 */
    bool percent, bps;
    bool permille; /* ‰, which is a percentage as well */
};

/* Groups of three after commas. */
static const char *groups(const char *p, const char *limit) {
    while (p < limit && *p == ',' && digits(p + 1, limit) - p == 4)
        p += 4;
    return p;
}

/* Quotes at most 40 bytes of the number, because a number may have thousands of digits. */
static const char *bad_number(struct at_lex_state *lexer, const char *from, const char *to,
                              const char *help) {
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0109, at_lex_span(lexer, from, to), "`%.*s` is not a number",
                       (int)(to - from > 40 ? 40 : to - from), from);
    if (diag) at_diag_help(diag, "%s", help);
    lexer->doubt = 1; /* a number may not be possible here either, but that does not make a second error */
    return to;
}

/* Compares the whole word, so that `5km` is an error instead of 5k with a name after it. `x` has
 * no effect on the value. */
static bool suffix(const char *p, const char *end, int *power) {
    static const struct {
        const char *text;
        int power;
    } SUFFIXES[] = {{"k", 3}, {"K", 3},  {"m", 6},  {"M", 6},  {"bn", 9}, {"Bn", 9},   {"BN", 9},
                    {"x", 0}, {"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8}, {"万亿", 12}};
    for (size_t i = 0; i < AT_COUNT(SUFFIXES); i++) {
        size_t n = strlen(SUFFIXES[i].text);
        if ((size_t)(end - p) != n || memcmp(p, SUFFIXES[i].text, n) != 0) continue;
        *power = SUFFIXES[i].power;
        return true;
    }
    return false;
}

/* `10 %`: reports the blank, and reads the percentage that was meant, so that nothing more is reported. */
static bool percent_apart(struct at_lex_state *lexer, struct number *number) {
    const char *limit = lexer->limit, *sign = spaces(number->end, limit);
    bool permille = limit - sign >= 3 && memcmp(sign, "‰", 3) == 0;
    if (sign == number->end || lexer->token != number->start) return false;
    if (!permille && (sign == limit || *sign != '%')) return false;
    number->after = sign + (permille ? 3 : 1);
    number->percent = true;
    number->permille = permille;
    at_span blank = at_lex_span(lexer, number->end, sign);
    const char *shown = permille ? "‰" : "%";
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0109, at_lex_span(lexer, sign, number->after),
                                          "a space before `%s`", shown);
    if (!diag) return true;
    at_diag_help(diag, "write `%.*s%s`", (int)(number->end - number->start), number->start, shown);
    at_diag_fix(diag, blank, "%s", "");
    return true;
}

/* What is attached to the digits: a magnitude, %, bps. */
static void read_suffix(struct at_lex_state *lexer, struct number *number) {
    const char *limit = lexer->limit, *p = number->end, *end = word_end(p, limit);
    if (end == p && percent_apart(lexer, number)) return;
    if (end > p && end - p == 3 && memcmp(p, "bps", 3) == 0) {
        number->bps = true;
    } else if (end > p && !suffix(p, end, &number->power)) {
        bool power_of_ten = (*p == 'e' || *p == 'E') && is_digit(p + 1, limit);
        bad_number(
            lexer, number->start, end,
            power_of_ten
                ? "write all digits, or use k, m, or bn"
                : "after the digits, write only k, m, bn, x, 万, 亿, or %. A name cannot start with a digit");
    }
    bool permille = limit - end >= 3 && memcmp(end, "‰", 3) == 0;
    if (permille || (end < limit && *end == '%')) {
        number->percent = true;
        number->permille = permille;
        end += permille ? 3 : 1;
        if (number->bps || number->power)
            bad_number(lexer, number->start, end, "write a percentage with digits only, such as 12.5%");
        if (end < limit && *end == '%') {
            while (end < limit && *end == '%')
                end++;
            bad_number(lexer, number->start, end, "write one `%`");
        }
    }
    number->after = end;
}

/* At a digit. */
static struct number read_number(struct at_lex_state *lexer, const char *p) {
    const char *limit = lexer->limit, *whole = digits(p, limit);
    struct number number = {.start = p};
    const char *q = groups(whole, limit);
    /* In `max(1000,200)`, the comma separates arguments, but it reads like a group. An error is
     * safer than either reading. */
    if (q > whole && whole - p > 3)
        bad_number(lexer, p, q,
                   "put commas between groups of three digits. In a list, write a space after the comma");
    if (q < limit && *q == '.' && is_digit(q + 1, limit)) q = digits(q + 1, limit);
    if (q < limit && *q == '.' && is_digit(q + 1, limit)) {
        while (q < limit && (*q == '.' || *q == ',') && is_digit(q + 1, limit))
            q = digits(q + 1, limit);
        bad_number(lexer, p, q,
                   "write one decimal point, and commas between groups of three digits, such as 1,250.50");
        /* The value is that of the digits before the first mark. The policy is rejected anyway. */
        number.end = digits(p, limit);
        number.after = q;
        return number;
    }
    number.end = q;
    read_suffix(lexer, &number);
    return number;
}

/* The value of the digits times the power of ten of the suffix, exact. */
static at_num value_of(struct at_lex_state *lexer, const struct number *number) {
    struct at_arena *arena = lexer->arena;
    at_num value = at_num_int(0);
    size_t n = (size_t)(number->end - number->start);
    size_t n_digits = 0;
    for (const char *p = number->start; p < number->end; p++)
        n_digits += *p >= '0' && *p <= '9';
    /* Checked before parsing, so that a very long number costs no arithmetic. */
    if (n_digits <= AT_MAX_DIGITS)
        at_num_parse(arena, (at_str){number->start, (uint32_t)n}, true, &value);
    else
        value.form = AT_NUM_OVERFLOW;
    /* At most 10 to the 12th (万亿), which fits in 64 bits. */
    int64_t factor = 1;
    for (int i = 0; i < number->power; i++)
        factor *= 10;
    if (value.form != AT_NUM_OVERFLOW && factor > 1) value = at_num_mul(arena, value, at_num_int(factor));
    if (value.form != AT_NUM_OVERFLOW && (number->percent || number->bps))
        value = at_num_div(arena, value, at_num_int(number->bps ? 10000 : number->permille ? 1000 : 100));
    if (value.form == AT_NUM_OVERFLOW) {
        struct at_diag *diag = at_lex_mistake(lexer, AT_A0110, at_lex_span(lexer, number->start, number->end),
                                              "this number is too long");
        if (diag) at_diag_help(diag, "shorten it to at most %d digits", AT_MAX_DIGITS);
        value = at_num_int(0);
    }
    return value;
}

/* ---- what may follow a number: bps, a unit of time, a currency */

/* Days and months are different units, because a month has no fixed number of days. Weeks are 7
 * days, and years are 12 months. */
static int factor_of_unit(at_str word, bool *months) {
    static const struct {
        const char *word;
        int factor;
        bool months;
    } UNITS[] = {{"day", 1, false},  {"days", 1, false},  {"week", 7, false}, {"weeks", 7, false},
                 {"month", 1, true}, {"months", 1, true}, {"year", 12, true}, {"years", 12, true}};
    for (size_t i = 0; i < AT_COUNT(UNITS); i++)
        if (at_str_eq(at_str_z(UNITS[i].word), word)) {
            *months = UNITS[i].months;
            return UNITS[i].factor;
        }
    return 0;
}

static int money_token(AT_YYSTYPE *value, struct at_ast_node *node, at_num amount, at_str unit) {
    node->value = amount;
    node->unit = unit;
    value->node = node;
    return AT_TOK_MONEY;
}

/* Returns whether a currency follows a number. Three letters after a number are a currency. Outside a table,
 * that is true even if there is no such currency: the checker reports it. In a table, the name that begins
 * the next row may follow the number. */
static bool currency_follows(struct at_lex_state *lexer, at_str *currency) {
    char upper[3];
    at_str word = *currency;
    if (at_str_eq(word, AT_STR("kr"))) return true;
    if (word.n != 3) return false;
    if (at_currency_find(word)) return true;
    bool capitals = true;
    for (int i = 0; i < 3; i++) {
        bool small = word.p[i] >= 'a' && word.p[i] <= 'z';
        if (!small && !(word.p[i] >= 'A' && word.p[i] <= 'Z')) return false;
        upper[i] = small ? (char)(word.p[i] - 'a' + 'A') : word.p[i];
        capitals = capitals && !small;
    }
    if (lexer->opener == AT_TOK_TABLE) return false;
    if (capitals || !at_currency_find((at_str){upper, 3})) return capitals;
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0112, at_lex_span(lexer, word.p, word.p + 3),
                                          "unknown currency `%.3s`", word.p);
    if (diag) {
        at_diag_help(diag, "write the currency in capitals: `%.3s`", upper);
        at_diag_fix(diag, diag->span, "%.3s", upper);
    }
    *currency = at_str_copy(lexer->arena, (at_str){upper, 3});
    return true;
}

/* `5$`, also `5 €`: the length of a sign that no amount follows, after blanks. 0 if there is none. */
static unsigned sign_behind(const char *p, const char *limit) {
    unsigned n = 0, more;
    if (p == limit) return 0;
    uint32_t c = at_utf8_next(p, limit, &n);
    bool sign = c == '$' || (c >= 0xa2 && c <= 0xa5) || (c >= 0x20a0 && c <= 0x20cf) || c == 0xff04 ||
                (c >= 0xffe0 && c <= 0xffe1) || (c >= 0xffe5 && c <= 0xffe6);
    const char *next = spaces(p + n, limit);
    return sign && !(next < limit && (*next == '-' || at_lex_word_char(next, limit, &more))) ? n : 0;
}

static int sign_after_amount(struct at_lex_state *lexer, AT_YYSTYPE *value, at_num amount, const char *from,
                             unsigned n) {
    at_str number = {lexer->token, (uint32_t)(lexer->at - lexer->token)};
    at_str sign = at_lex_plain(lexer->arena, (at_str){from, n});
    lexer->at = from + n;
    at_span whole = at_lex_span(lexer, lexer->token, lexer->at);
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0112, whole, "the currency symbol must come before the amount");
    if (diag) {
        at_diag_help(diag, "write `%.*s%.*s`", AT_STR_ARG(sign), AT_STR_ARG(number));
        at_diag_fix(diag, whole, "%.*s%.*s", AT_STR_ARG(sign), AT_STR_ARG(number));
    }
    return money_token(value, literal(lexer, AT_N_MONEY, lexer->token, lexer->at), amount, sign);
}

static int plain_number(struct at_lex_state *lexer, AT_YYSTYPE *value) {
    bool date, months = false;
    const char *end = date_shape(lexer->token, lexer->limit, &date);
    if (end) return date_or_period(lexer, value, end, date);
    struct number number = read_number(lexer, lexer->token);
    const char *word = spaces(number.after, lexer->limit), *stop = word_end(word, lexer->limit);
    at_str next = {word, (uint32_t)(stop - word)};
    lexer->at = number.after;
    /* A unit needs a space before it, and it cannot follow a percentage. */
    bool bare = !number.percent && !number.bps && word > number.after;
    if (bare && at_str_eq(next, AT_STR("bps"))) {
        number.bps = true;
        lexer->at = stop;
    }
    at_num amount = value_of(lexer, &number);
    unsigned sign = number.percent || number.bps ? 0 : sign_behind(word, lexer->limit);
    if (sign) return sign_after_amount(lexer, value, amount, word, sign);
    int factor = bare ? factor_of_unit(next, &months) : 0;
    bool money = bare && currency_follows(lexer, &next);
    if (factor || money) lexer->at = stop;
    enum at_ast_kind kind = factor ? AT_N_DURATION : money ? AT_N_MONEY : AT_N_NUMBER;
    struct at_ast_node *node = literal(lexer, kind, lexer->token, lexer->at);
    node->value = factor > 1 ? at_num_mul(lexer->arena, amount, at_num_int(factor)) : amount;
    node->flags = (number.percent ? AT_F_PERCENT : 0) | (number.bps ? AT_F_BPS : 0);
    if (factor && months) node->flags |= AT_F_MONTHS;
    value->node = node;
    if (money) return money_token(value, node, amount, next);
    return factor ? AT_TOK_DURATION : AT_TOK_NUMBER;
}

/* The scanner has read the sign. */
static int plain_money(struct at_lex_state *lexer, AT_YYSTYPE *value) {
    const char *amount = lexer->at, *limit = lexer->limit;
    at_str sign = at_lex_plain(lexer->arena, (at_str){lexer->token, (uint32_t)(amount - lexer->token)});
    /* The token takes in a minus or a space after the sign, which are errors, so that the fix can
     * replace the whole. */
    bool minus = amount < limit && *amount == '-';
    const char *p = spaces(amount + minus, limit);
    if (!is_digit(p, limit)) {
        struct at_diag *diag = at_lex_mistake(lexer, AT_A0112, at_lex_span(lexer, lexer->token, lexer->at),
                                              "expected an amount after `%.*s`", AT_STR_ARG(sign));
        if (diag)
            at_diag_help(diag, "write the amount directly after the symbol, such as `%.*s1,000`",
                         AT_STR_ARG(sign));
        return money_token(value, literal(lexer, AT_N_MONEY, lexer->token, lexer->at), at_num_int(0), sign);
    }
    struct number number = read_number(lexer, p);
    lexer->at = number.after;
    struct at_diag *diag = NULL;
    if (p > amount)
        diag = at_lex_mistake(lexer, AT_A0112, at_lex_span(lexer, lexer->token, lexer->at),
                              minus ? "minus after the currency symbol"
                                    : "space between the currency symbol and the amount");
    if (diag && minus)
        at_diag_help(diag, "write the minus first: `-%.*s%.*s`", AT_STR_ARG(sign),
                     (int)(number.after - number.start), number.start);
    else if (diag)
        at_diag_help(diag, "delete the space: `%.*s%.*s`", AT_STR_ARG(sign),
                     (int)(number.after - number.start), number.start);
    if (diag)
        at_diag_fix(diag, diag->span, "%s%.*s%.*s", minus ? "-" : "", AT_STR_ARG(sign),
                    (int)(number.after - number.start), number.start);
    at_num exact = value_of(lexer, &number);
    const char *word = spaces(lexer->at, limit), *stop = word_end(word, limit);
    at_str code = {word, (uint32_t)(stop - word)};
    if (word > lexer->at && code.n == 3 && at_currency_find(code)) {
        lexer->at = stop;
        diag = at_lex_mistake(lexer, AT_A0112, at_lex_span(lexer, lexer->token, stop),
                              "an amount cannot have both a symbol and a code");
        if (diag)
            at_diag_help(diag, "write only one of them, such as `%.*s %.*s`",
                         (int)(number.after - number.start), number.start, AT_STR_ARG(code));
    } else if (number.percent || number.bps) {
        diag = at_lex_mistake(lexer, AT_A0112, at_lex_span(lexer, lexer->token, lexer->at),
                              "an amount of money cannot be a percentage");
        if (diag)
            at_diag_help(diag, "write `%.*s%.*s` or `%.*s`", AT_STR_ARG(sign),
                         (int)(number.end - number.start), number.start, (int)(number.after - number.start),
                         number.start);
    }
    return money_token(value, literal(lexer, AT_N_MONEY, lexer->token, lexer->at), exact, sign);
}

/* ---- full-width characters */

/* How many digits follow, full-width ones too; at most 4. */
static int wide_digits(const char *p, const char *limit) {
    int found = 0;
    for (unsigned n; found < 4 && p < limit; found++, p += n) {
        n = 1;
        char plain = is_digit(p, limit) ? *p : at_lex_plain_mark(p, limit, &n);
        if (plain < '0' || plain > '9') break;
    }
    return found;
}

/* The end of what may be one number with its unit: up to the second blank. */
static const char *run_end(const char *p, const char *limit, bool *wide) {
    int blanks = 0;
    *wide = false;
    while (p < limit) {
        unsigned n = 1;
        char plain = (unsigned char)*p < 0x80 ? *p : at_lex_plain_mark(p, limit, &n);
        if (plain == ' ' && ++blanks > 1) return p;
        bool mark = plain && strchr(" .,%-$", plain);
        if (!mark && !at_lex_word_char(p, limit, &n)) return p;
        *wide = *wide || (plain && n > 1);
        p += n;
        /* A comma belongs to a number only before three digits. A long list is not one number. */
        if (plain == ',' && wide_digits(p, limit) != 3) return p;
    }
    return p;
}

/* Lets `read` see plain characters. Places of messages are those in the file, and the node keeps the plain
 * text, which `fmt` writes. */
static int in_plain(struct at_lex_state *lexer, AT_YYSTYPE *value,
                    int (*read)(struct at_lex_state *, AT_YYSTYPE *)) {
    const char *token = lexer->token, *limit = lexer->limit, *at = lexer->at;
    bool wide;
    const char *end = run_end(at, limit, &wide), *run = token;
    if (!wide && !at_lex_is_wide((at_str){token, (uint32_t)(at - token)})) return read(lexer, value);
    size_t most = (size_t)(end - run), n = 0;
    char *copy = at_arena_get(lexer->arena, most + 1);
    const char **of = at_arena_get(lexer->arena, (most + 1) * sizeof *of);
    const char *copy_at = copy;
    for (const char *p = run; p < end;) {
        unsigned bytes;
        char plain = at_lex_plain_mark(p, end, &bytes);
        if (p == at) copy_at = copy + n;
        if (!plain || (unsigned char)*p < 0x80) bytes = 1;
        of[n] = p;
        copy[n++] = plain ? plain : *p;
        p += bytes;
    }
    if (at == end) copy_at = copy + n;
    of[n] = end;
    lexer->copy = lexer->token = copy;
    lexer->copy_of = of;
    lexer->copy_n = n;
    lexer->at = copy_at;
    lexer->limit = copy + n;
    int result = read(lexer, value);
    lexer->at = of[lexer->at - copy];
    lexer->token = token;
    lexer->limit = limit;
    lexer->copy_n = 0;
    return result;
}

int at_lex_number(struct at_lex_state *lexer, AT_YYSTYPE *value) {
    lexer->at = lexer->token;
    return in_plain(lexer, value, plain_number);
}

int at_lex_money(struct at_lex_state *lexer, AT_YYSTYPE *value) {
    return in_plain(lexer, value, plain_money);
}
