/* write/team.h: the writers of how payees depend on each other, in the form of writer.h. */
#ifndef AT_WRITE_TEAM_H
#define AT_WRITE_TEAM_H

#include "game/team.h"
#include "write/writer.h"

void at_write_team_text(const struct at_team *team, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out);
/* One object; slopes are texts with exact decimals or fractions. */
void at_write_team_json(const struct at_team *team, struct at_arena *scratch, struct at_sink *out);

void at_write_team_html(const struct at_team *team, const struct at_words *words, struct at_arena *scratch,
                        struct at_sink *out);

/* ---- what the formats share (team_words.c) */

struct at_write_team_words {
    const struct at_team *team;
    const struct at_words *words;
    struct at_arena *arena;
};

/* The text of the policy of a node; empty: it has none. */
at_str at_write_team_source(const struct at_team *team, uint32_t run, const struct at_ast_node *ast);
/* "field.attain:12"; empty: nowhere. */
at_str at_write_team_place(const struct at_team *team, uint32_t run, const struct at_ast_node *ast,
                           struct at_arena *arena);
/* What grows, in which period; empty: the policy has no such measure. */
at_str at_write_team_title(const struct at_write_team_words *w, uint32_t run);
/* "+0.1", "≈+0.333333", "+500 at once, then +0.1" */
at_str at_write_team_side(const struct at_write_team_words *w, uint32_t run, const struct at_team_side *side);
/* The effect above, and the one below if it is another. */
at_str at_write_team_effect(const struct at_write_team_words *w, const struct at_team_pair *pair);
/* The slope, with a mark where there is more to know: *marks. */
at_str at_write_team_cell(const struct at_write_team_words *w, const struct at_team_side *side, bool *marks);
/* The payees of the first run, by key. */
uint32_t *at_write_team_payees(const struct at_team *team, struct at_arena *arena, uint32_t *n);
at_str at_write_team_rule(const struct at_write_team_words *w, const struct at_team_rule *rule);
at_str at_write_team_proof(const struct at_write_team_words *w);

#endif
