/* fuzz_run: policies of the tests and their data, both changed a little, through whole runs in process:
 * whole.h.
 *
 *     fuzz_run SECONDS SEED PATH…    a folder with a policy and its data, or a file of several cases (below)
 *     fuzz_run 0 SEED PATH…          tries each case once, as it is
 *
 * The changes keep most policies valid: a number gives way to a number, a date to a date, a condition is made
 * of two fields of one type. The same seed makes the same cases. AT_FUZZ_LAST names a file for the case that
 * is tried. A file of cases has a line `=== NAME` before each case and a line `--- FILE` before each of its
 * files.
 *
 * With libFuzzer, the input decides each choice, and AT_FUZZ_CASES names the paths, with spaces in between.
 */
#include <ctype.h>
#include <dirent.h>
#include <time.h>

#include "whole.h"

#define MOST_CASES 20000
#define MOST_TEXT ((size_t)256 << 10)

static struct whole_case *cases;
static size_t n_cases;

/* ---- choices */

static uint64_t state;
#ifdef AT_LIBFUZZER
static const uint8_t *choices;
static size_t n_choices;
#endif

static uint32_t dice(size_t n) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t value = state >> 33;
#ifdef AT_LIBFUZZER
    if (n_choices > 1) {
        value = (uint64_t)choices[0] << 8 | choices[1];
        choices += 2;
        n_choices -= 2;
    }
#endif
    return (uint32_t)(value % (n ? n : 1));
}
#define PICK(list) ((list)[dice(sizeof(list) / sizeof *(list))])

/* ---- texts that grow */

struct text {
    char at[MOST_TEXT];
    size_t n;
};

static void put(struct text *text, size_t at, size_t out, const char *in, size_t n) {
    if (at > text->n || out > text->n - at || text->n - out + n >= sizeof text->at) return;
    memmove(text->at + at + n, text->at + at + out, text->n - at - out);
    memcpy(text->at + at, in, n);
    text->n += n - out;
}

/* ---- the words of a policy */

enum class { BLANK, WORD, NUMBER, DATE, PERIOD, QUOTED, COMPARE, ARITH, OTHER };
struct word {
    size_t at, n;
    enum class class;
};
static struct word words[20000];
static size_t n_words;

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t number_end(const char *p, size_t n) {
    size_t i = 0;
    while (i < n && (isalnum((unsigned char)p[i]) || p[i] == '%' ||
                     (p[i] == '.' && i + 1 < n && isdigit((unsigned char)p[i + 1])) ||
                     (p[i] == ',' && i + 3 < n && isdigit((unsigned char)p[i + 1]) &&
                      isdigit((unsigned char)p[i + 2]) && isdigit((unsigned char)p[i + 3]))))
        i++;
    return i;
}

static struct word word_at(const char *p, size_t n) {
    size_t i = 1;
    if (*p == '#') {
        while (i < n && p[i] != '\n')
            i++;
        return (struct word){0, i, BLANK};
    }
    if (isspace((unsigned char)*p)) return (struct word){0, 1, BLANK};
    if (*p == '"') {
        while (i < n && p[i] != '"' && p[i] != '\n')
            i += p[i] == '\\' ? 2 : 1;
        return (struct word){0, i < n ? i + 1 : n, QUOTED};
    }
    if (n > 6 && isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[3]) && p[4] == '-') {
        if (n >= 10 && isdigit((unsigned char)p[5]) && p[7] == '-') return (struct word){0, 10, DATE};
        return (struct word){0, 7, PERIOD};
    }
    if (isdigit((unsigned char)*p)) return (struct word){0, number_end(p, n), NUMBER};
    if (*p == '$' && n > 1 && isdigit((unsigned char)p[1]))
        return (struct word){0, 1 + number_end(p + 1, n - 1), NUMBER};
    if (is_word(*p)) {
        while (i < n && is_word(p[i]))
            i++;
        return (struct word){0, i, WORD};
    }
    if (strchr("<>=!", *p)) return (struct word){0, n > 1 && (p[1] == '=' || p[1] == '>') ? 2 : 1, COMPARE};
    return (struct word){0, 1, strchr("+-*/", *p) ? ARITH : OTHER};
}

static void read_words(const struct text *text) {
    n_words = 0;
    for (size_t at = 0; at < text->n && n_words < sizeof words / sizeof *words;) {
        struct word word = word_at(text->at + at, text->n - at);
        word.at = at;
        at += word.n;
        if (word.class != BLANK) words[n_words++] = word;
    }
}

static bool word_is(const struct text *text, size_t i, const char *word) {
    return i < n_words && words[i].n == strlen(word) && memcmp(text->at + words[i].at, word, words[i].n) == 0;
}

static size_t some_of(enum class class) {
    size_t n = 0, at = n_words;
    for (size_t i = 0; i < n_words; i++)
        if (words[i].class == class && dice(++n) == 0) at = i;
    return at;
}

/* ---- what a policy declares */

struct field {
    char table[40], name[40], type[24];
};
static struct field fields[200];
static size_t n_fields;
static char payee[40], names[64][40];
static size_t n_names;

static void copy(const struct text *text, size_t i, char *out, size_t room) {
    snprintf(out, room, "%.*s", (int)words[i].n, text->at + words[i].at);
}

static void read_fields(const struct text *text) {
    n_fields = n_names = 0;
    payee[0] = 0;
    for (size_t i = 0; i + 3 < n_words; i++) {
        bool people = word_is(text, i, "payee");
        static const char *const named[] = {"measure", "pay", "pool", "param"};
        for (size_t k = 0; k < 4; k++)
            if (word_is(text, i, named[k]) && words[i + 1].class == WORD && n_names < 64)
                copy(text, i + 1, names[n_names++], 40);
        if ((!people && !word_is(text, i, "data")) || words[i + 1].class != WORD) continue;
        if (people) copy(text, i + 1, payee, sizeof payee);
        size_t table = i + 1;
        while (i < n_words && !word_is(text, i, "{"))
            i++;
        for (i++; i + 1 < n_words && !word_is(text, i, "}"); i++) {
            static const char *const types[] = {"number", "money", "text",     "date",
                                                "period", "flag",  "duration", "one"};
            for (size_t k = 0; k < 8; k++)
                if (word_is(text, i, types[k]) && words[i - 1].class == WORD && n_fields < 200) {
                    copy(text, table, fields[n_fields].table, 40);
                    copy(text, i - 1, fields[n_fields].name, 40);
                    copy(text, i, fields[n_fields++].type, 24);
                }
        }
    }
}

/* ---- pieces of policies */

static void some_date(char *out, size_t room) {
    snprintf(out, room, "%04d-%02d-%02d", dice(12) ? 2026 : 2020 + (int)dice(12), 1 + (int)dice(12),
             1 + (int)dice(28));
}

static void some_period(char *out, size_t room) {
    static const char *const forms[] = {"2026-Q%u", "2026-H%u", "2026-%02u", "202%u"};
    static const unsigned most[] = {4, 2, 12, 9};
    unsigned k = dice(4);
    snprintf(out, room, forms[k], 1 + dice(most[k]));
}

static void some_number(char *out, size_t room, bool money) {
    static const char *const numbers[] = {"0",
                                          "1",
                                          "2",
                                          "3",
                                          "7",
                                          "100",
                                          "0.5",
                                          "12.345",
                                          "1,000",
                                          "40k",
                                          "5%",
                                          "110%",
                                          "1.5x",
                                          "25 bps",
                                          "999999999999",
                                          "123456789012345678",
                                          "0.000000000001",
                                          "98765432109876543210.123"};
    const char *number = PICK(numbers);
    bool plain = !strpbrk(number, "%xb");
    snprintf(out, room, "%s%s", money && plain ? "$" : "", number);
}

static void literal(const char *type, char *out, size_t room) {
    static const char *const texts[] = {"\"core\"", "\"won\"", "\"a\"", "\"\"", "\"east\""};
    if (strcmp(type, "date") == 0)
        some_date(out, room);
    else if (strcmp(type, "period") == 0)
        some_period(out, room);
    else if (strcmp(type, "flag") == 0)
        snprintf(out, room, "%s", dice(2) ? "yes" : "no");
    else if (strcmp(type, "duration") == 0)
        snprintf(out, room, "%u %s", dice(100), dice(2) ? "days" : "months");
    else if (strcmp(type, "text") == 0 || strcmp(type, "one") == 0)
        snprintf(out, room, "%s", PICK(texts));
    else
        some_number(out, room, strcmp(type, "money") == 0);
}

static void operand(const char *type, const char *table, char *out, size_t room) {
    size_t n = 0, at = n_fields;
    for (size_t i = 0; i < n_fields; i++)
        if (strcmp(fields[i].type, type) == 0 && (!*table || strcmp(fields[i].table, table) == 0) &&
            dice(++n) == 0)
            at = i;
    if (strcmp(type, "date") == 0 && !strcmp(table, payee) && dice(3) == 0)
        snprintf(out, room, "period.%s", dice(2) ? "start" : "end");
    else if (at < n_fields && dice(4))
        snprintf(out, room, "%s.%s", fields[at].table, fields[at].name);
    else if (n_names && dice(4) == 0)
        snprintf(out, room, "%s", names[dice(n_names)]);
    else
        literal(type, out, room);
}

static void condition(const char *table, char *out, size_t room) {
    static const char *const ops[] = {"=", "<>", "<", "<=", ">", ">=", "is", "is not"};
    static const char *const types[] = {"number", "money", "text", "date", "date", "period", "flag", "one"};
    const char *type = n_fields && dice(4) ? fields[dice(n_fields)].type : PICK(types);
    char a[120], b[120], c[120];
    operand(type, table, a, sizeof a);
    operand(type, table, b, sizeof b);
    operand(type, table, c, sizeof c);
    switch (dice(8)) {
    case 0: snprintf(out, room, "%s is%s missing", a, dice(2) ? " not" : ""); break;
    case 1: snprintf(out, room, "%s in (%s, %s)", a, b, c); break;
    case 2: snprintf(out, room, "%s %s %s and not (%s %s %s)", a, PICK(ops), b, b, PICK(ops), c); break;
    case 3: snprintf(out, room, "%s %s %s or %s %s %s", a, PICK(ops), b, a, PICK(ops), c); break;
    default: snprintf(out, room, "%s %s %s", a, PICK(ops), b);
    }
}

/* ---- changes of a policy */

static void swap_word(struct text *text, const struct text *other) {
    static const enum class classes[] = {WORD, WORD, NUMBER, NUMBER, DATE, PERIOD, QUOTED, COMPARE, ARITH};
    enum class class = PICK(classes);
    size_t to = some_of(class);
    if (to == n_words) return;
    struct word out = words[to];
    if (dice(4) == 0)
        read_words(other);
    else
        other = text;
    size_t from = some_of(class);
    static char kept[4096];
    if (from == n_words || words[from].n > sizeof kept) return;
    size_t n = words[from].n;
    memcpy(kept, other->at + words[from].at, n);
    put(text, out.at, out.n, kept, n);
}

static void new_literal(struct text *text) {
    static const enum class classes[] = {NUMBER, NUMBER, DATE, PERIOD};
    enum class class = PICK(classes);
    size_t to = some_of(class);
    char in[120];
    if (to == n_words) return;
    bool money = text->at[words[to].at] == '$';
    if (class == DATE)
        some_date(in, sizeof in);
    else if (class == PERIOD)
        some_period(in, sizeof in);
    else
        some_number(in, sizeof in, money);
    put(text, words[to].at, words[to].n, in, strlen(in));
}

static void other_word(struct text *text) {
    static const char *const groups[][8] = {
        {"number", "money", "text", "date", "period", "flag", "duration", "cell"},
        {"month", "quarter", "half", "year"},
        {"USD", "JPY", "EUR", "KWD"},
        {"sum", "count", "average", "min", "max"},
        {"up", "even", "down"},
        {"key", "label", "optional"},
        {"equally", "by"},
        {"over", "through", "of"},
        {"cap", "floor"},
        {"and", "or"}};
    size_t group = dice(sizeof groups / sizeof *groups), n = 0, at = n_words, size = 0;
    while (size < 8 && groups[group][size])
        size++;
    for (size_t i = 0; i < n_words; i++)
        for (size_t k = 0; k < size; k++)
            if (word_is(text, i, groups[group][k]) && dice(++n) == 0) at = i;
    const char *in = groups[group][dice(size)];
    if (at < n_words) put(text, words[at].at, words[at].n, in, strlen(in));
}

/* A value becomes an expression around it. */
static void wrap(struct text *text) {
    static const char *const around[] = {
        "(%.*s + %s)",       "(%.*s - %s)",    "(%.*s * %s)",         "(%.*s / %s)",       "round(%.*s, 2)",
        "min(%.*s, %s)",     "max(%.*s, %s)",  "ifmissing(%.*s, %s)", "(-%.*s)",           "prior(%.*s)",
        "trailing(%.*s, 2)", "ytd(%.*s)",      "qtd(%.*s)",           "htd(%.*s)",         "rank(%.*s)",
        "share(%.*s)",       "total(%.*s)",    "abs(%.*s)",           "roundup(%.*s)",     "(%.*s over %s)",
        "(%.*s up to %s)",   "(10%% of %.*s)", "running(%.*s)",       "average(%.*s, %s)", "year(%.*s)",
        "days(%.*s, %s)"};
    size_t to = some_of(dice(2) ? NUMBER : WORD);
    char in[1400], other[120];
    if (to == n_words || words[to].n > 200) return;
    const char *old = text->at + words[to].at;
    operand(*old == '$' ? "money" : "number", payee, other, sizeof other);
    if (dice(5) == 0) {
        char cond[800];
        condition(payee, cond, sizeof cond);
        snprintf(in, sizeof in, "(if %s then %.*s else %s)", cond, (int)words[to].n, old, other);
    } else {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(in, sizeof in, PICK(around), (int)words[to].n, old, other);
#pragma GCC diagnostic pop
    }
    put(text, words[to].at, words[to].n, in, strlen(in));
}

static bool begins_statement(const struct text *text, size_t i) {
    static const char *const begin[] = {"payee",    "data",    "credit", "measure", "param", "rates",
                                        "table",    "pay",     "pool",   "cap",     "floor", "adjust",
                                        "function", "require", "test",   "applies"};
    size_t at = words[i].at;
    if (at > 0 && text->at[at - 1] != '\n') return false;
    for (size_t k = 0; k < sizeof begin / sizeof *begin; k++)
        if (word_is(text, i, begin[k])) return true;
    return false;
}

/* Where a statement begins, and where the next one does. */
static bool some_statement(const struct text *text, const char *kind, size_t *start, size_t *end) {
    size_t n = 0, at = n_words;
    for (size_t i = 0; i < n_words; i++)
        if (begins_statement(text, i) && (!kind || word_is(text, i, kind)) && dice(++n) == 0) at = i;
    if (at == n_words) return false;
    size_t next = at + 1;
    while (next < n_words && !begins_statement(text, next))
        next++;
    *start = words[at].at;
    *end = words[next - 1].at + words[next - 1].n;
    return true;
}

static void move_statement(struct text *text) {
    size_t start, end, to, unused;
    static char kept[8192];
    if (!some_statement(text, NULL, &start, &end) || end - start + 1 > sizeof kept) return;
    size_t n = end - start;
    memcpy(kept, text->at + start, n);
    kept[n++] = '\n';
    unsigned how = dice(3);
    if (how > 0) put(text, start, end - start, "", 0);
    read_words(text);
    if (how < 2 && some_statement(text, NULL, &to, &unused)) put(text, to, 0, kept, n);
}

static void add_when(struct text *text) {
    static const char *const kinds[] = {"pay", "pay", "pool", "cap", "floor", "adjust"};
    size_t start, end;
    char cond[800], in[820];
    if (!some_statement(text, PICK(kinds), &start, &end)) return;
    condition(dice(6) ? payee : "", cond, sizeof cond);
    snprintf(in, sizeof in, " when %s", cond);
    put(text, end, 0, in, strlen(in));
}

static void add_statement(struct text *text, unsigned serial) {
    char cond[800], a[120], b[120], in[2600];
    const char *name = n_names ? names[dice(n_names)] : "total";
    const struct field *field = n_fields ? &fields[dice(n_fields)] : NULL;
    condition(payee, cond, sizeof cond);
    operand("money", payee, a, sizeof a);
    operand("money", payee, b, sizeof b);
    switch (dice(11)) {
    case 0: snprintf(in, sizeof in, "\npay fz%u = %s when %s\n", serial, a, cond); break;
    case 1: snprintf(in, sizeof in, "\npool fz%u = %s split equally when %s\n", serial, a, cond); break;
    case 2: snprintf(in, sizeof in, "\ncap %s at %s when %s\n", name, a, cond); break;
    case 3: snprintf(in, sizeof in, "\nfloor %s at %s when %s\n", name, a, cond); break;
    case 4: snprintf(in, sizeof in, "\nadjust %s = %s when %s because \"fz\"\n", name, a, cond); break;
    case 5: snprintf(in, sizeof in, "\nrequire %s or 1 = 1 else \"fz\"\n", cond); break;
    case 6: snprintf(in, sizeof in, "\napplies to %s where %s\n", payee, cond); break;
    case 7: snprintf(in, sizeof in, "\npay fz%u = if %s then %s else %s\n", serial, cond, a, b); break;
    case 8: snprintf(in, sizeof in, "\npool fz%u = %s split by %s\n", serial, a, b); break;
    case 9:
        if (!field) return;
        condition(field->table, cond, sizeof cond);
        snprintf(in, sizeof in, "\nmeasure fz%u = %s of %s from %s where %s\npay fy%u = $1 when fz%u %s %s\n",
                 serial,
                 dice(2)   ? "min"
                 : dice(2) ? "max"
                           : "sum",
                 field->name, n_names ? names[dice(n_names)] : field->table, cond, serial, serial,
                 dice(2) ? ">=" : "=", dice(2) ? "period.start" : a);
        break;
    default: snprintf(in, sizeof in, "\nmeasure fz%u = %s\npay fy%u = fz%u\n", serial, a, serial, serial);
    }
    put(text, text->n, 0, in, strlen(in));
}

static void change_policy(struct text *text, const struct text *other, unsigned serial) {
    read_words(text);
    read_fields(text);
    switch (dice(12)) {
    case 0:
    case 1: swap_word(text, other); break;
    case 2:
    case 3: new_literal(text); break;
    case 4: other_word(text); break;
    case 5:
    case 6: wrap(text); break;
    case 7: move_statement(text); break;
    case 8: add_when(text); break;
    default: add_statement(text, serial);
    }
}

/* ---- changes of data */

/* A cell of a line that is not the first: its place, and its length. */
static size_t some_cell(const struct text *csv, size_t *n, size_t *column) {
    size_t first = 0, at, end;
    while (first < csv->n && csv->at[first] != '\n')
        first++;
    if (first + 1 >= csv->n) return csv->n;
    at = first + 1 + dice(csv->n - first - 1);
    while (at > first + 1 && csv->at[at - 1] != ',' && csv->at[at - 1] != '\n')
        at--;
    for (end = at; end < csv->n && csv->at[end] != ',' && csv->at[end] != '\n' && csv->at[end] != '\r';)
        end++;
    *n = end - at;
    *column = 0;
    for (size_t i = at; i > first + 1 && csv->at[i - 1] != '\n'; i--)
        *column += csv->at[i - 1] == ',';
    return at;
}

static void change_line(struct text *csv) {
    size_t n, column, at = some_cell(csv, &n, &column), end = at;
    static char line[4096];
    if (at >= csv->n) return;
    while (at > 0 && csv->at[at - 1] != '\n')
        at--;
    while (end < csv->n && csv->at[end] != '\n')
        end++;
    if (end < csv->n) end++;
    if (dice(2) || end - at + 1 > sizeof line) {
        put(csv, at, end - at, "", 0);
        return;
    }
    memcpy(line, csv->at + at, end - at);
    line[0] = (char)(line[0] == '"' ? '"' : 'a' + (char)dice(26)); /* another key, as a rule */
    put(csv, at, 0, line, end - at);
}

static void change_data(struct text *csv) {
    size_t n, column, at = some_cell(csv, &n, &column);
    char in[200];
    if (at >= csv->n) return;
    const char *old = csv->at + at;
    if (dice(6) == 0) {
        change_line(csv);
        return;
    }
    if (dice(3) == 0) { /* another row's */
        for (int i = 0; i < 30; i++) {
            size_t m, other, from = some_cell(csv, &m, &other);
            if (from >= csv->n || other != column || m > sizeof in) continue;
            memcpy(in, csv->at + from, m);
            put(csv, at, n, in, m);
            return;
        }
        return;
    }
    if (n == 10 && old[4] == '-' && old[7] == '-')
        some_date(in, sizeof in);
    else if (n >= 4 && n <= 7 && old[0] == '2' && (n == 4 || old[4] == '-'))
        some_period(in, sizeof in);
    else if (n && (isdigit((unsigned char)old[0]) || old[0] == '-') && n < 30) {
        static const char *const numbers[] = {
            "0", "-1", "1", "0.01", "-99999.99", "99999999999999", "123456789012345.67", "1e3", "3"};
        snprintf(in, sizeof in, "%s", dice(2) ? PICK(numbers) : "");
        if (!in[0]) snprintf(in, sizeof in, "%u.%02u", dice(100000), dice(100));
    } else if (n && dice(8) == 0)
        snprintf(in, sizeof in, "%s", dice(2) ? "" : "\xff\xfe");
    else
        return;
    put(csv, at, n, in, strlen(in));
}

/* ---- one case */

static void set_file(struct whole_file *file, const struct text *text) {
    free(file->text);
    file->text = malloc(text->n + 1); /* exact, so that reading past the end is seen */
    if (!file->text) abort();
    memcpy(file->text, text->at, text->n);
    file->n = text->n;
}

static void get_file(struct text *text, const struct whole_file *file) {
    text->n = file->n < sizeof text->at ? file->n : sizeof text->at - 1;
    memcpy(text->at, file->text, text->n);
}

static struct whole_file file_copy(const struct whole_file *file) {
    static struct text text;
    struct whole_file out = *file;
    out.text = NULL;
    get_file(&text, file);
    set_file(&out, &text);
    return out;
}

static void try_changed(void) {
    static struct text text, other;
    static unsigned serial;
    const struct whole_case *original = &cases[dice(n_cases)];
    struct whole_case changed = *original;
    changed.policy = file_copy(&original->policy);
    for (size_t i = 0; i < changed.n_files; i++)
        changed.files[i] = file_copy(&original->files[i]);
    get_file(&text, &changed.policy);
    get_file(&other, &cases[dice(n_cases)].policy);
    for (unsigned k = dice(5); k > 0; k--)
        change_policy(&text, &other, serial++);
    set_file(&changed.policy, &text);
    for (unsigned k = changed.n_files ? dice(3) : 0; k > 0; k--) {
        struct whole_file *file = &changed.files[dice(changed.n_files)];
        if (!strstr(file->name, ".csv") || file->n == 0) continue;
        get_file(&text, file);
        change_data(&text);
        set_file(file, &text);
    }
    whole_try(&changed, original, dice(32));
    free(changed.policy.text);
    for (size_t i = 0; i < changed.n_files; i++)
        free(changed.files[i].text);
}

/* ---- the cases of the tests */

static bool ends_in(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

static void add_file(struct whole_case *c, const char *path, const char *name) {
    static struct text text;
    FILE *file = fopen(path, "rb");
    if (!file) return;
    text.n = fread(text.at, 1, sizeof text.at, file);
    fclose(file);
    if (text.n == sizeof text.at) return; /* too long to be changed with profit */
    bool policy = ends_in(name, ".attain") && (!c->policy.text || strcmp(name, "policy.attain") == 0);
    struct whole_file *to = policy ? &c->policy : c->n_files < WHOLE_FILES ? &c->files[c->n_files++] : NULL;
    if (!to) return;
    snprintf(to->name, sizeof to->name, "%s", name);
    set_file(to, &text);
}

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

static void add_folder(struct whole_case *c, const char *path, int deep) {
    static const char *const kinds[] = {".attain", ".csv", ".lua"};
    char found[64][256];
    size_t n = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && n < 64 && (entry = readdir(folder));)
        if (entry->d_name[0] != '.') snprintf(found[n++], sizeof found[0], "%.250s", entry->d_name);
    if (folder) closedir(folder);
    qsort(found, n, sizeof found[0], by_name); /* whatever order the disk has */
    for (size_t i = 0; i < n; i++) {
        char inside[20000];
        snprintf(inside, sizeof inside, "%s/%s", path, found[i]);
        for (int k = 0; k < 3; k++)
            if (ends_in(found[i], kinds[k])) add_file(c, inside, found[i]);
        if (deep > 0 && !strchr(found[i], '.')) add_folder(c, inside, deep - 1);
    }
}

/* A file of cases. */
static void add_bundle(const char *path) {
    static struct text text;
    static char line[65536];
    FILE *file = fopen(path, "rb");
    struct whole_case *c = NULL;
    struct whole_file *into = NULL, unused;
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        bool next = strncmp(line, "=== ", 4) == 0, part = strncmp(line, "--- ", 4) == 0;
        if (!next && !part) {
            put(&text, text.n, 0, line, strlen(line));
            continue;
        }
        if (into) set_file(into, &text);
        into = NULL;
        text.n = 0;
        line[strcspn(line, "\n")] = 0;
        if (next && n_cases < MOST_CASES) {
            c = &cases[n_cases++];
            snprintf(c->name, sizeof c->name, "%.250s", line + 4);
        } else if (c) {
            into = strcmp(line + 4, "policy.attain") == 0 ? &c->policy
                   : c->n_files < WHOLE_FILES             ? &c->files[c->n_files++]
                                                          : &unused;
            snprintf(into->name, sizeof into->name, "%.90s", line + 4);
        }
    }
    if (into) set_file(into, &text);
    fclose(file);
}

static void add_cases(const char *path) {
    if (!cases) cases = calloc(MOST_CASES, sizeof *cases);
    DIR *folder = cases ? opendir(path) : NULL;
    if (!folder) {
        add_bundle(path);
        return;
    }
    closedir(folder);
    if (n_cases == MOST_CASES) return;
    struct whole_case *c = &cases[n_cases];
    snprintf(c->name, sizeof c->name, "%s", path);
    add_folder(c, path, 2);
    if (c->policy.text) n_cases++;
}

#ifdef AT_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!cases) {
        static char paths[1 << 16];
        const char *given = getenv("AT_FUZZ_CASES");
        snprintf(paths, sizeof paths, "%s", given ? given : "");
        for (char *path = strtok(paths, " \n"); path; path = strtok(NULL, " \n"))
            add_cases(path);
    }
    if (n_cases == 0) abort();
    state = 1;
    choices = data;
    n_choices = size;
    try_changed();
    return 0;
}
#else
int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "usage: fuzz_run SECONDS SEED PATH...\n"), 2;
    time_t end = time(NULL) + atoi(argv[1]);
    for (int i = 3; i < argc; i++)
        add_cases(argv[i]);
    if (n_cases == 0) return fprintf(stderr, "fuzz_run: no cases\n"), 2;
    state = strtoull(argv[2], NULL, 10) * 2 + 1;
    for (size_t i = 0; i < n_cases && atoi(argv[1]) == 0; i++)
        whole_try(&cases[i], NULL, 3);
    while (time(NULL) < end)
        try_changed();
    printf("fuzz_run: %lu whole runs: %lu compiled, %lu paid, %lu explained, %lu compared; nothing found\n",
           whole_counts.tried, whole_counts.compiled, whole_counts.paid, whole_counts.explained,
           whole_counts.compared);
    return 0;
}
#endif
