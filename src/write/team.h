/* write/team.h: the writers of how payees depend on each other, in the form of writer.h. */
#ifndef AT_WRITE_TEAM_H
#define AT_WRITE_TEAM_H

#include "game/team.h"
#include "write/writer.h"

void at_write_team_text(const struct at_team *team, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out);
/* One object; slopes are texts with exact decimals or fractions. */
void at_write_team_json(const struct at_team *team, struct at_arena *scratch, struct at_sink *out);

/* The text of the policy of a node; empty: it has none. */
at_str at_write_team_source(const struct at_team *team, uint32_t run, const struct at_ast_node *ast);
/* "field.attain:12"; empty: nowhere. */
at_str at_write_team_place(const struct at_team *team, uint32_t run, const struct at_ast_node *ast,
                           struct at_arena *arena);

#endif
