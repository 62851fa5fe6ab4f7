/* words/hook.c: messages of hooks in Chinese.
 *
 * lua/ writes its messages in English, because a call has one message in every language of the run. A message
 * is compared with the lines of hook_zh.def. A text that a hook gives to `error` fits none, and stays as it
 * is.
 */
#include "words/message.h"

static const struct line {
    const char *english, *text;
} lines[] = {
#define HOOK(english, text) {english, text},
#include "words/hook_zh.def"
#undef HOOK
};

enum { MOST_PARTS = 9, MOST_DEPTH = 4 };

/* Returns the first place of the n bytes in the text, or its length. */
static uint32_t find(at_str text, const char *bytes, uint32_t n) {
    for (uint32_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, bytes, n) == 0) return i;
    return text.n;
}

/* Matches the text with a line, in which {1}, {2}, … are in order. A part ends where the words after it first
 * come; the last one ends with the text. */
static bool match(const char *line, at_str text, at_str *part, unsigned *n) {
    *n = 0;
    for (;;) {
        const char *open = strchr(line, '{');
        uint32_t before = (uint32_t)(open ? open - line : (long)strlen(line));
        if (text.n < before || memcmp(text.p, line, before) != 0) return false;
        text = (at_str){text.p + before, text.n - before};
        if (!open) return text.n == 0;
        line = open + 3; /* "{1}" */
        const char *next = strchr(line, '{');
        uint32_t words = (uint32_t)(next ? next - line : (long)strlen(line));
        uint32_t end = find(text, line, words);
        if (!next) { /* the words are the end of the text */
            if (text.n < words) return false;
            end = text.n - words;
        }
        if (end == 0 || end >= text.n + (words == 0) || *n == MOST_PARTS) return false;
        part[(*n)++] = (at_str){text.p, end};
        text = (at_str){text.p + end, text.n - end};
    }
}

static at_str translate(struct at_arena *arena, const struct at_words *words, at_str text, int depth);

/* Translates the parts that the line does not quote, such as "money in USD". */
static at_str fill(struct at_arena *arena, const struct at_words *words, const char *line, const at_str *part,
                   int depth) {
    struct at_text out = {0};
    for (const char *p = line; *p;) {
        if (*p != '{') {
            at_text_add(arena, &out, (at_str){p, 1});
            p++;
            continue;
        }
        at_str value = part[p[1] - '1'];
        bool quoted = p > line && (p[-1] == '"' || (p >= line + 3 && memcmp(p - 3, "「", 3) == 0));
        at_text_add(arena, &out, quoted ? value : translate(arena, words, value, depth - 1));
        p += 3;
    }
    return (at_str){out.at ? out.at : "", (uint32_t)out.n};
}

static at_str translate(struct at_arena *arena, const struct at_words *words, at_str text, int depth) {
    at_str part[MOST_PARTS], out;
    unsigned n;
    for (size_t i = 0; depth > 0 && i < AT_COUNT(lines); i++)
        if (match(lines[i].english, text, part, &n)) return fill(arena, words, lines[i].text, part, depth);
    return at_words_phrase(arena, words, text, &out) ? out : text;
}

/* The place before the message, such as "hooks/bonus.lua:5: ", stays as it is. */
at_str at_words_hook(struct at_arena *arena, const struct at_words *words, at_str english) {
    if (!at_words_chinese(words)) return english;
    uint32_t place = find(english, ": ", 2), digit = place;
    while (digit > 0 && digit < english.n && english.p[digit - 1] >= '0' && english.p[digit - 1] <= '9')
        digit--;
    bool has_place = place < english.n && (digit < place ? english.p[digit - 1] == ':' : english.p[0] != '`');
    uint32_t from = has_place ? place + 2 : 0;
    at_str rest = {english.p + from, english.n - from}, text = translate(arena, words, rest, MOST_DEPTH);
    return at_str_format(arena, "%.*s%.*s", (int)from, english.p, AT_STR_ARG(text));
}
