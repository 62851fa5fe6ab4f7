/* write/md.c: escapes characters that Markdown, and the sites that show it, interpret. */
#include "write/md.h"

#include "base/visible.h"

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static bool alnum(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A byte of a word: beyond ASCII, all are. */
static bool in_word(char c) {
    return alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool hex(char c) {
    return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct text {
    const char *start, *p, *end;
    bool first, last;            /* of a line: no code span is next to it */
    const char *word, *word_end; /* the last one that could be a commit */
};

static char next(const struct text *t, size_t i) {
    return (size_t)(t->end - t->p) > i ? t->p[i] : '\0';
}

static char last(const struct text *t, size_t i) {
    return (size_t)(t->p - t->start) >= i ? t->p[-(ptrdiff_t)i] : '\0';
}

static bool letter_is(char c, char small) {
    return c == small || c == small - 32;
}

static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* :smile: and, because a colon may follow the text, :smile at its end. A line of a file, plan.attain:31, is
 * not one there. */
static bool emoji(const struct text *t) {
    size_t i = 1, digits = 1;
    while (alnum(next(t, i)) || next(t, i) == '_' || next(t, i) == '-' || next(t, i) == '+') {
        digits += next(t, i) >= '0' && next(t, i) <= '9';
        i++;
    }
    bool line = digits == i && letter(last(t, 1));
    return i > 1 && (next(t, i) == ':' || (t->p + i == t->end && !line));
}

/* Inside a word of 7 or more hexadecimal digits, which could be a commit, every sixth: no part is long
 * enough. */
static bool commit(struct text *t) {
    if (t->p >= t->word_end) {
        const char *p = t->p;
        if (!hex(*p) || in_word(last(t, 1))) return false;
        while (p < t->end && hex(*p))
            p++;
        if (p - t->p < 7 || (p < t->end && in_word(*p))) return false;
        t->word = t->p;
        t->word_end = p;
    }
    return (t->p - t->word) % 6 == 0;
}

/* Whether a site would find something that begins, or continues, with this character. */
static bool is_live(struct text *t) {
    char c = next(t, 0), after = next(t, 1);
    switch (c) {
    case '@': return true;
    case '#':
    case '!':
    case '~':
    case '%':
    case '^': return in_word(after) || after == '"';
    case '&': return digit(after);
    case '$': return !digit(after);
    case ':': return (after == '/' && next(t, 2) == '/') || emoji(t);
    case '-': return digit(after) && letter_is(last(t, 1), 'h') && letter_is(last(t, 2), 'g');
    case '.': return letter_is(last(t, 1), 'w') && letter_is(last(t, 2), 'w') && letter_is(last(t, 3), 'w');
    default: return commit(t);
    }
}

/* A space that a page would drop: the first, the last, and one after another. */
static bool lost_space(const struct text *t) {
    if (next(t, 0) != ' ') return false;
    return (t->p == t->start && t->first) || (t->p + 1 == t->end && t->last) || last(t, 1) == ' ';
}

static void put_char(struct at_sink *out, char c) {
    switch (c) {
    case '<': at_sink_z(out, "&lt;"); return;
    case '&': at_sink_z(out, "&amp;"); return;
    default:
        if (strchr("\\`*_[]|#~>", c)) at_sink_z(out, "\\");
        at_sink_put(out, &c, 1);
    }
}

/* Returns how many bytes at the start of an item are digits before `.` or `)`, or 0 if it is not a list
 * number. */
static size_t number(at_str text) {
    size_t n = 0;
    while (n < text.n && digit(text.p[n]))
        n++;
    return n > 0 && n < text.n && (text.p[n] == '.' || text.p[n] == ')') ? n : 0;
}

static void put_glyph(struct at_sink *out, const struct text *t, const struct at_visible_glyph *g,
                      bool escaped) {
    if (g->same && g->n > 1) {
        at_sink_put(out, g->text, g->n);
    } else if (g->same && lost_space(t)) {
        at_sink_z(out, "&#32;");
    } else {
        if (escaped) at_sink_z(out, "\\");
        for (unsigned i = 0; i < g->n; i++)
            put_char(out, g->text[i]);
    }
}

/* The character at `escaped` is one that would begin a list. */
static void put_text(struct at_sink *out, struct text t, size_t escaped) {
    while (t.p < t.end) {
        struct at_visible_glyph g = at_visible_glyph_at(t.start, t.p, t.end);
        bool live = is_live(&t);
        if (live) at_sink_z(out, "<span>");
        put_glyph(out, &t, &g, (size_t)(t.p - t.start) == escaped);
        if (live) at_sink_z(out, "</span>");
        t.p += g.bytes;
    }
}

#define NONE SIZE_MAX

static struct text text_of(at_str s, bool first, bool last) {
    return (struct text){s.p, s.p, s.p + s.n, first, last, s.p, s.p};
}

static void put_item(struct at_sink *out, at_str text, bool last) {
    size_t n = number(text);
    if (text.n == 0) return;
    put_text(out, text_of(text, true, last), n ? n : memchr("-+=", text.p[0], 3) ? 0 : NONE);
}

void at_write_md_text(struct at_sink *out, at_str text) {
    if (text.n) put_text(out, text_of(text, true, true), NONE);
}

void at_write_md_item(struct at_sink *out, at_str text) {
    put_item(out, text, true);
}

static void put_fence(struct at_sink *out, unsigned n) {
    while (n-- > 0)
        at_sink_z(out, "`");
}

void at_write_md_code(struct at_sink *out, at_str text) {
    unsigned longest = 0, run = 0, spaces = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        if (run > longest) longest = run;
        spaces += text.p[i] == ' ';
    }
    if (spaces == text.n) {
        at_write_md_text(out, text);
        return;
    }
    /* One space at each end is dropped if there is one at both. */
    bool pad =
        text.p[0] == '`' || text.p[text.n - 1] == '`' || (text.p[0] == ' ' && text.p[text.n - 1] == ' ');
    put_fence(out, longest + 1);
    if (pad) at_sink_z(out, " ");
    at_sink_visible(out, text);
    if (pad) at_sink_z(out, " ");
    put_fence(out, longest + 1);
}

void at_write_md_sentence(struct at_sink *out, at_str text) {
    struct at_words_sentence_part part;
    for (bool first = true; at_words_sentence_next(&text, &part); first = false)
        if (part.code)
            at_write_md_code(out, part.text);
        else if (first)
            put_item(out, part.text, text.n == 0);
        else
            put_text(out, text_of(part.text, false, text.n == 0), NONE);
}
