/* report/words.c: the catalogues of sentences, and places filled in. */
#include "report/words.h"

static const char *const en[] = {
#define WORD(id, text) [AT_W_##id] = text,
#include "report/words_en.def"
#undef WORD
};

static const char *const zh[] = {
#define WORD(id, text) [AT_W_##id] = text,
#include "report/words_zh.def"
#undef WORD
};

/* Every language has the same sentences in the same order. */
enum {
#define WORD(id, text) ZH_##id,
#include "report/words_zh.def"
#undef WORD
    ZH_COUNT
};
_Static_assert((int)ZH_COUNT == (int)AT_W_COUNT, "words_zh.def has not the sentences of words_en.def");
#define WORD(id, text)                                                                                       \
    _Static_assert((int)ZH_##id == (int)AT_W_##id, "words_zh.def: " #id " is out of order");
#include "report/words_zh.def"
#undef WORD

static const struct at_words languages[] = {{"en", en}, {"zh", zh}};

const struct at_words *at_words_find(at_str code) {
    if (code.n == 0) return &languages[0];
    for (size_t i = 0; i < AT_COUNT(languages); i++)
        if (at_str_eq(code, at_str_z(languages[i].code))) return &languages[i];
    return NULL;
}

const char *at_words_codes(void) {
    return "en, zh";
}

at_str at_word(const struct at_words *words, enum at_word word) {
    return at_str_z(words->texts[word]);
}

at_str at_say(struct at_arena *arena, const struct at_words *words, enum at_word word, const at_str *args,
              unsigned n) {
    const char *text = words->texts[word];
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
            *to++ = code ? AT_CODE_END : AT_CODE_BEGIN;
            code = !code;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return (at_str){out, (uint32_t)(to - out)};
}

static bool is_mark(char c) {
    return c == AT_CODE_BEGIN || c == AT_CODE_END;
}

bool at_sentence_next(at_str *rest, struct at_sentence_part *part) {
    uint32_t n = 0;
    *part = (struct at_sentence_part){0};
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

at_str at_sentence_plain(struct at_arena *arena, at_str sentence) {
    char *out = NULL;
    for (uint32_t i = 0; i < sentence.n; i++) {
        if (!is_mark(sentence.p[i])) continue;
        if (!out) out = (char *)(uintptr_t)at_str_copy(arena, sentence).p;
        out[i] = '`';
    }
    return out ? (at_str){out, sentence.n} : sentence;
}
