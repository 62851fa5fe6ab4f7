/* write/diff_marks.c: marks the words of an edit that differ. */
#include "write/diff_decision.h"

#include "base/vec.h"
#include "write/marks.h"

/* ---------------------------------------------------------------- words of a formula */

static bool in_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80 || strchr("_.,%$", c);
}

/* The end of the word that begins at `from`: a name, a number with its signs, or one other byte. */
static uint32_t word_end(at_str s, uint32_t from) {
    uint32_t to = from + 1;
    while (in_word(s.p[from]) && to < s.n && in_word(s.p[to]))
        to++;
    return to;
}

static uint32_t word_begin(at_str s, uint32_t to) {
    uint32_t from = to - 1;
    while (in_word(s.p[from]) && from > 0 && in_word(s.p[from - 1]))
        from--;
    return from;
}

/* Cuts off the words that both begin with, and then those that both end with. */
static void find_middle(at_str a, at_str b, uint32_t from[1], uint32_t to[2]) {
    uint32_t begin = 0, ends[2] = {a.n, b.n};
    while (begin < a.n && begin < b.n) {
        uint32_t x = word_end(a, begin), y = word_end(b, begin);
        if (x != y || memcmp(a.p + begin, b.p + begin, x - begin) != 0) break;
        begin = x;
    }
    while (ends[0] > begin && ends[1] > begin) {
        uint32_t x = word_begin(a, ends[0]), y = word_begin(b, ends[1]), n = ends[0] - x;
        if (x < begin || y < begin || n != ends[1] - y || memcmp(a.p + x, b.p + y, n) != 0) break;
        ends[0] = x;
        ends[1] = y;
    }
    from[0] = begin;
    to[0] = ends[0];
    to[1] = ends[1];
}

static at_str mark(struct at_arena *arena, at_str s, uint32_t from, uint32_t to, int kind) {
    if (from == to) return s;
    return at_str_format(arena, "%.*s%c%.*s%c%.*s", (int)from, s.p, kind, (int)(to - from), s.p + from,
                         AT_MARK_END, (int)(s.n - to), s.p + to);
}

/* ---------------------------------------------------------------- operands */

/* Where the old text is among the operands of the sentence, the new one after it; -1: it has none. */
static int old_place(enum at_words_word word) {
    switch (word) {
    case AT_W_EDIT_TO: return 0;
    case AT_W_EDIT_ROLE_TO:
    case AT_W_EDIT_TIER_FROM:
    case AT_W_EDIT_TIER_ABOVE:
    case AT_W_EDIT_POINT: return 1;
    default: return -1;
    }
}

static bool is_text(const at_words_operand *operand) {
    return operand->kind == AT_OPERAND_TEXT || operand->kind == AT_OPERAND_CODE;
}

static at_words_operand marked(struct at_arena *arena, const at_words_operand *operand) {
    if (operand->kind != AT_OPERAND_SENTENCE) return *operand;
    const struct at_words_sentence *sentence = operand->sentence;
    at_words_operand *parts = AT_NEW_ARRAY(arena, at_words_operand, sentence->n + 1);
    int old = old_place(sentence->word);
    for (unsigned i = 0; i < sentence->n; i++)
        parts[i] = marked(arena, &sentence->operand[i]);
    if (old >= 0 && (unsigned)old + 1 < sentence->n && is_text(&parts[old]) && is_text(&parts[old + 1])) {
        uint32_t from, to[2];
        at_str a = parts[old].text, b = parts[old + 1].text;
        find_middle(a, b, &from, to);
        parts[old].text = mark(arena, a, from, to[0], AT_MARK_REMOVED);
        parts[old + 1].text = mark(arena, b, from, to[1], AT_MARK_ADDED);
    }
    return at_words_inner(arena, sentence->word, parts, sentence->n);
}

at_str at_write_diff_marked(const struct at_diff *diff, struct at_arena *arena,
                            const struct at_diff_edit *edit) {
    const at_words_operand change = marked(arena, &edit->change);
    return at_words_write_operand(arena, diff->words, &change);
}

struct at_write_diff_piece *at_write_diff_pieces(const struct at_diff *diff, struct at_arena *arena,
                                                 const struct at_diff_edit *edit, uint32_t *n) {
    at_str text = at_write_diff_marked(diff, arena, edit);
    AT_VEC(struct at_write_diff_piece) pieces = {0};
    uint8_t kind = AT_PIECE_SAME;
    for (uint32_t from = 0, i = 0; i <= text.n; i++) {
        bool edge = i == text.n || text.p[i] == AT_MARK_REMOVED || text.p[i] == AT_MARK_ADDED ||
                    text.p[i] == AT_MARK_END;
        if (!edge) continue;
        if (i > from) {
            struct at_write_diff_piece piece = {{text.p + from, i - from}, kind};
            AT_VEC_PUSH(arena, &pieces, piece);
        }
        if (i == text.n) break;
        kind = text.p[i] == AT_MARK_REMOVED ? AT_PIECE_REMOVED
               : text.p[i] == AT_MARK_ADDED ? AT_PIECE_ADDED
                                            : AT_PIECE_SAME;
        from = i + 1;
    }
    *n = (uint32_t)pieces.n;
    return pieces.at;
}
