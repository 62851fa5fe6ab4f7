/* syntax/habit.h: what the files about habits share: the token that the parser did not expect, what is around
 * it, and the edits of its report. */
#ifndef AT_SYNTAX_HABIT_H
#define AT_SYNTAX_HABIT_H

#include "attain_parse.h"
#include "syntax/build.h"

struct at_parse_habit {
    struct at_lex_state *lexer;
    const struct at_parse_expected *expected;
    struct at_diag *diag;
    int found, last;
    at_span span, before; /* of the token found, and of the one before it */
    at_str word;          /* the token found */
};

static inline at_str at_parse_habit_text(const struct at_parse_habit *h, at_span span) {
    return at_diag_sources_text(h->lexer->ast->sources, span);
}

static inline const char *at_parse_habit_source(const struct at_parse_habit *h, uint32_t offset) {
    return h->lexer->file->text.p + (offset - h->lexer->file->base);
}

static inline uint32_t at_parse_habit_offset(const struct at_parse_habit *h, const char *p) {
    return h->lexer->file->base + (uint32_t)(p - h->lexer->file->text.p);
}

static inline bool at_parse_habit_blank(char c) {
    return c == ' ' || c == '\t';
}

static inline void at_parse_habit_replace(struct at_parse_habit *h, at_span span, const char *text) {
    at_diag_fix(h->diag, span, "%s", text);
}

static inline void at_parse_habit_insert(struct at_parse_habit *h, uint32_t offset, const char *text) {
    at_parse_habit_replace(h, (at_span){offset, offset}, text);
}

/* Deletes a piece with the blanks before it. */
static inline void at_parse_habit_cut(struct at_parse_habit *h, at_span span) {
    while (span.start > h->lexer->file->base &&
           at_parse_habit_blank(*at_parse_habit_source(h, span.start - 1)))
        span.start--;
    at_parse_habit_replace(h, span, "");
}

/* Whether a value could be continued by an operator here, so a complete value is before the token found. */
static inline bool at_parse_habit_after_value(const struct at_parse_habit *h) {
    return h->expected->set['+'] && h->expected->set['*'];
}

/* The habits of each file. True: the report now has help. */
bool at_parse_habit_head(struct at_parse_habit *h);
bool at_parse_habit_if(struct at_parse_habit *h);
bool at_parse_habit_value(struct at_parse_habit *h);
bool at_parse_habit_condition(struct at_parse_habit *h);
bool at_parse_habit_clause(struct at_parse_habit *h);

#endif
