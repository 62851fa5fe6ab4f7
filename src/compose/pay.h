/* compose/pay.h: how the parts of a plan that pay are written: components, pools, adjustments, and what acts
 * on single deals. */
#ifndef AT_COMPOSE_PAY_H
#define AT_COMPOSE_PAY_H

#include "compose/compose_int.h"

/* ---- pay.c */
void at_compose_pay(struct at_compose *c, const struct at_ast_node *earlier, const struct at_ast_node *later);
void at_compose_adjust(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later);
/* The head of a component, up to its `=`. */
void at_compose_head(struct at_compose *c, int side, const struct at_ast_node *node);
/* The amount in parentheses, or no money where the condition is false or `node` is NULL. */
void at_compose_line(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node);
/* The last day of the span or rhythm of a component that contains the day before the change. */
at_date at_compose_span_end(const struct at_compose *c, const struct at_ast_node *node);
bool at_compose_same_child(const struct at_ast_node *a, const struct at_ast_node *b, uint32_t i);
/* pool.c */
void at_compose_pool(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later);
/* part.c */
void at_compose_part(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later);

#endif
