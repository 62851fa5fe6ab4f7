/* words/words.c: fills in the sentences of each language, and writes periods, dates, and signs. */
#include "words/words.h"

static const char *const en[] = {
#define WORD(id, text) [AT_W_##id] = text,
#include "words/en.def"
#undef WORD
};

static const char *const zh[] = {
#define WORD(id, text) [AT_W_##id] = text,
#include "words/zh.def"
#undef WORD
};

/* Every language has the same sentences in the same order. */
enum {
#define WORD(id, text) ZH_##id,
#include "words/zh.def"
#undef WORD
    ZH_COUNT
};
_Static_assert((int)ZH_COUNT == (int)AT_W_COUNT, "the files of zh and en have different sentences");
#define WORD(id, text) _Static_assert((int)ZH_##id == (int)AT_W_##id, "zh.def: " #id " is out of order");
#include "words/zh.def"
#undef WORD

static const struct at_words languages[] = {{"en", en}, {"zh", zh}};

const struct at_words *at_words_find(at_str code) {
    if (code.n == 0) return &languages[0];
    if (code.n > 3 && (code.p[2] == '-' || code.p[2] == '_')) code.n = 2; /* zh-CN, zh_CN.UTF-8 */
    for (size_t i = 0; i < AT_COUNT(languages); i++)
        if (at_str_eq(code, at_str_z(languages[i].code))) return &languages[i];
    return NULL;
}

size_t at_words_longest(enum at_words_word word) {
    size_t most = 0;
    for (size_t i = 0; i < AT_COUNT(languages); i++) {
        size_t n = strlen(languages[i].texts[word]);
        if (n > most) most = n;
    }
    return most;
}

unsigned at_words_times(enum at_words_word word, unsigned place) {
    const char mark[] = {'{', (char)('0' + place), '}', '\0'};
    unsigned most = 0;
    for (size_t i = 0; i < AT_COUNT(languages); i++) {
        unsigned n = 0;
        for (const char *p = languages[i].texts[word]; (p = strstr(p, mark)); p++)
            n++;
        if (n > most) most = n;
    }
    return most;
}

const char *at_words_codes(void) {
    return "en, zh";
}

at_str at_words_word(const struct at_words *words, enum at_words_word word) {
    return at_str_z(words->texts[word]);
}

/* Fills in the places, and puts `begin` and `end` for the back quotes around code. */
static at_str fill(struct at_arena *arena, const char *text, const at_str *args, unsigned n, char begin,
                   char end) {
    size_t length = strlen(text);
    for (const char *p = text; *p; p++)
        if (p[0] == '{' && p[1] >= '0' && p[1] <= '9' && (unsigned)(p[1] - '0') < n)
            length += args[p[1] - '0'].n;
    char *out = at_arena_get(arena, length + 1), *to = out;
    bool code = false;
    for (const char *p = text; *p; p++) {
        if (p[0] == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}') {
            unsigned i = (unsigned)(p[1] - '0');
            if (i < n && args[i].n) {
                memcpy(to, args[i].p, args[i].n);
                to += args[i].n;
            }
            p += 2;
            continue;
        }
        if (*p == '`') {
            *to++ = code ? end : begin;
            code = !code;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return (at_str){out, (uint32_t)(to - out)};
}

at_str at_words_say(struct at_arena *arena, const struct at_words *words, enum at_words_word word,
                    const at_str *args, unsigned n) {
    return fill(arena, words->texts[word], args, n, AT_CODE_BEGIN, AT_CODE_END);
}

at_str at_words_say_plain(struct at_arena *arena, const struct at_words *words, enum at_words_word word,
                          const at_str *args, unsigned n) {
    return fill(arena, words->texts[word], args, n, '`', '`');
}

at_str at_words_period(struct at_arena *arena, const struct at_words *words, at_period period) {
    static const enum at_words_word kinds[] = {
        [AT_WEEK] = AT_W_PERIOD_WEEK,   [AT_SEMIMONTH] = AT_W_PERIOD_SEMIMONTH1,
        [AT_MONTH] = AT_W_PERIOD_MONTH, [AT_FISCAL_MONTH] = AT_W_PERIOD_FISCAL_MONTH,
        [AT_HALF] = AT_W_PERIOD_HALF1,  [AT_QUARTER] = AT_W_PERIOD_QUARTER,
        [AT_YEAR] = AT_W_PERIOD_YEAR};
    at_str text = at_period_print(arena, period), year = text, part = {0};
    bool second = text.n && text.p[text.n - 1] == '2';
    if (period.kind == AT_SEMIMONTH) text.n -= 3; /* 2026-01 of 2026-01-H1 */
    for (uint32_t i = 1; i < text.n; i++)
        if (text.p[i] == '-') {
            year = (at_str){text.p, i};
            part = (at_str){text.p + i + 1, text.n - i - 1};
        }
    if (part.n && part.p[0] >= 'A') part = (at_str){part.p + 1, part.n - 1};
    at_str plain = part.n > 1 && part.p[0] == '0' ? (at_str){part.p + 1, part.n - 1} : part;
    enum at_words_word word = kinds[period.kind <= AT_YEAR ? period.kind : AT_YEAR];
    if (period.kind == AT_HALF && second) word = AT_W_PERIOD_HALF2;
    if (period.kind == AT_SEMIMONTH && second) word = AT_W_PERIOD_SEMIMONTH2;
    return AT_SAY(arena, words, word, year, part, plain);
}

at_str at_words_period_text(struct at_arena *arena, const struct at_words *words, at_str text) {
    at_period period;
    return at_period_parse(text, &period) ? at_words_period(arena, words, period) : text;
}

at_str at_words_date(struct at_arena *arena, const struct at_words *words, at_date date) {
    at_str text = at_date_print(arena, date); /* 2026-01-15 */
    if (text.n < 8) return text;
    const char *p = text.p + text.n - 5;
    at_str year = {text.p, text.n - 6}, month = {p, 2}, day = {p + 3, 2};
    return AT_SAY(arena, words, AT_W_DATE_IS, year, month, day,
                  month.p[0] == '0' ? (at_str){p + 1, 1} : month, day.p[0] == '0' ? (at_str){p + 4, 1} : day);
}

at_str at_words_number(struct at_arena *arena, const struct at_words *words, at_str number) {
    const at_str about = AT_STR("≈");
    at_str minus = at_words_word(words, AT_W_MINUS), rest = number;
    bool shortened = number.n > about.n && memcmp(number.p, about.p, about.n) == 0;
    if (shortened) rest = (at_str){number.p + about.n, number.n - about.n};
    if (rest.n == 0 || rest.p[0] != '-' || at_str_eq(minus, AT_STR("-"))) return number;
    return at_str_format(arena, "%s%.*s%.*s", shortened ? "≈" : "", AT_STR_ARG(minus), (int)(rest.n - 1),
                         rest.p + 1);
}

static bool is_mark(char c) {
    return c == AT_CODE_BEGIN || c == AT_CODE_END;
}

bool at_words_sentence_next(at_str *rest, struct at_words_sentence_part *part) {
    uint32_t n = 0;
    *part = (struct at_words_sentence_part){0};
    while (rest->n && is_mark(rest->p[0])) {
        part->code = rest->p[0] == AT_CODE_BEGIN;
        rest->p++, rest->n--;
    }
    while (n < rest->n && !is_mark(rest->p[n]))
        n++;
    part->text = (at_str){rest->p, n};
    rest->p += n, rest->n -= n;
    return n > 0;
}

at_str at_words_sentence_plain(struct at_arena *arena, at_str sentence) {
    char *out = NULL;
    for (uint32_t i = 0; i < sentence.n; i++) {
        if (!is_mark(sentence.p[i])) continue;
        if (!out) out = (char *)(uintptr_t)at_str_copy(arena, sentence).p;
        out[i] = '`';
    }
    return out ? (at_str){out, sentence.n} : sentence;
}
