/* write/statement_curve.h: owns the drawing in a commission statement: pay as a function of the measure on
 * which most of it depends, with a dot where the payee is, and the same in sentences.
 *
 * It shows no other payee (curve/own.h), and is left out where the payee has no such curve.
 */
#ifndef AT_WRITE_STATEMENT_CURVE_H
#define AT_WRITE_STATEMENT_CURVE_H

#include "curve/many.h"
#include "write/explain.h"

struct at_write_statement_curve {
    at_str measure, pay; /* what people read */
    at_type type;        /* of the measure */
    struct at_curve_many many;
};

/* NULL: there is none. */
struct at_write_statement_curve *at_write_statement_curve(const struct at_session_results *results,
                                                          const struct at_explain_story *story,
                                                          const struct at_words *words,
                                                          struct at_arena *arena);
/* `curve` may be NULL. */
void at_write_statement_curve_html(const struct at_session_results *results,
                                   const struct at_explain_story *story,
                                   const struct at_write_statement_curve *curve, const struct at_words *words,
                                   struct at_arena *arena, struct at_sink *out);

#endif
