/* write/order_int.h: what the files that describe the order of calculation share. */
#ifndef AT_WRITE_ORDER_INT_H
#define AT_WRITE_ORDER_INT_H

#include "write/order.h"

struct at_write_steps {
    const struct at_check_policy *policy;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
    const struct at_ast_node *total; /* the statement whose total is meant */
    uint32_t n;                      /* steps so far */
};

#define AT_STEP_SAY(s, word, ...)                                                                            \
    at_words_say_plain((s)->arena, (s)->words, (word), (const at_str[]){__VA_ARGS__},                        \
                       sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))

/* A part of the policy on one line; empty for NULL. */
at_str at_write_step_code(const struct at_write_steps *s, const struct at_ast_node *node);
/* The name of what a statement declares, with its label. */
at_str at_write_step_name(const struct at_write_steps *s, at_str name, at_str label);
/* A component by its name; for `total`, what it adds up. */
at_str at_write_step_component(const struct at_write_steps *s, at_str name);
at_str at_write_step_span(const struct at_write_steps *s, at_str word); /* "quarter", in the language */
/* The period of a statement: its own rhythm, or that of the policy. */
at_str at_write_step_period(const struct at_write_steps *s, const struct at_ast_node *node);
/* The sentence with one more clause; without it if the node is NULL. */
at_str at_write_step_with(const struct at_write_steps *s, at_str sentence, enum at_words_word clause,
                          const struct at_ast_node *node);
at_str at_write_step_list(const struct at_write_steps *s, at_str list, at_str name);
at_str at_write_step_and(const struct at_write_steps *s, at_str sentence, at_str clause);

/* order_pay.c, order_change.c: the sentence of a statement. Empty: it is of another type. */
at_str at_write_step_pay(const struct at_write_steps *s, const struct at_ast_node *node);
at_str at_write_step_change(const struct at_write_steps *s, const struct at_ast_node *node);

#endif
