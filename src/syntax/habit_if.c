/* syntax/habit_if.c: `if(a > 1, $5, $6)`, as spreadsheets write a choice, also one within another. */
#include "syntax/habit.h"

/* Where a piece of the text ends: at a comma or the closing bracket of its own level; NULL: neither. */
static const char *piece_end(const char *p, const char *limit) {
    uint32_t depth = 0;
    for (; p < limit; p++) {
        if (*p == '"') {
            for (p++; p < limit && *p != '"' && *p != '\n'; p++)
                if (*p == '\\') p++;
        } else if (*p == '(') {
            depth++;
        } else if (depth == 0 && (*p == ',' || *p == ')')) {
            bool thousands = *p == ',' && p[-1] >= '0' && p[-1] <= '9' && p + 1 < limit && p[1] >= '0' &&
                             p[1] <= '9'; /* $1,000 */
            if (!thousands) return p;
        } else if (*p == ')') {
            depth--;
        }
    }
    return NULL;
}

/* The bracket of `if (` where it has three pieces; NULL otherwise. */
static const char *three_pieces(const struct at_parse_habit *h, const char *word, const char *comma[2],
                                const char **end) {
    const char *limit = h->lexer->limit, *p = word;
    unsigned n;
    if (limit - p < 4 || (p[0] | 32) != 'i' || (p[1] | 32) != 'f') return NULL;
    for (p += 2; p < limit && at_parse_habit_blank(*p);)
        p++;
    if (p == limit || *p != '(' || at_lex_word_char(word + 2, limit, &n)) return NULL;
    comma[0] = piece_end(p + 1, limit);
    comma[1] = comma[0] && *comma[0] == ',' ? piece_end(comma[0] + 1, limit) : NULL;
    *end = comma[1] && *comma[1] == ',' ? piece_end(comma[1] + 1, limit) : NULL;
    return *end && **end == ')' ? p : NULL;
}

static void replace_char(struct at_parse_habit *h, const char *p, const char *text) {
    uint32_t at = at_parse_habit_offset(h, p);
    at_parse_habit_replace(h, (at_span){at, at + 1}, text);
}

static bool is_within_word(const struct at_parse_habit *h, const char *p) {
    unsigned n;
    return p > h->lexer->file->text.p && at_lex_word_char(p - 1, h->lexer->limit, &n);
}

static void rewrite(struct at_parse_habit *h, const char *word, const char *open,
                    const char *const comma[2]) {
    at_span head = {at_parse_habit_offset(h, word), at_parse_habit_offset(h, open) + 1};
    at_parse_habit_replace(h, head, "(if ");
    replace_char(h, comma[0], " then");
    replace_char(h, comma[1], " else");
}

/* `if(` becomes `(if `, so that the choice is one value wherever it is. What was found is its first comma,
 * or, behind an operator, `if` itself. */
bool at_parse_habit_if(struct at_parse_habit *h) {
    bool choice = h->found == AT_TOK_IF && h->expected->set['('] && !at_parse_habit_after_value(h);
    if (!choice && (h->found != ',' || h->lexer->depth == 0)) return false;
    if (!h->lexer->opener_span.end) return false;
    const char *limit = h->lexer->limit, *found = at_parse_habit_source(h, h->span.start), *last = NULL;
    const char *p = choice ? found : at_parse_habit_source(h, h->lexer->opener_span.start);
    for (const char *comma[2], *end; p < limit && (!last || p < last); p++) {
        const char *open = is_within_word(h, p) ? NULL : three_pieces(h, p, comma, &end);
        if (!open || (!last && !choice && comma[0] != found)) continue;
        if (!last && choice && p != found) break;
        if (!last || end > last) last = end;
        rewrite(h, p, open, comma);
    }
    if (last)
        at_diag_help(h->diag, "write `if … then … else …`");
    else if (choice)
        at_diag_help(h->diag, "put the choice in parentheses: `(if … then … else …)`");
    return last || choice;
}
