/* write/model.h: what plans cost if every payee reaches the same share of a target, as text, as JSON, and as
 * a page. */
#ifndef AT_WRITE_MODEL_H
#define AT_WRITE_MODEL_H

#include "curve/curve.h"
#include "write/report.h"

/* Of some payees of one policy, by point. */
struct at_write_model_cost {
    at_num *cost;
    uint32_t *unknown; /* payees whose pay is withheld, or is not known there; the cost is without them */
    uint32_t n_payees;
    at_num expected; /* with probabilities */
    /* As a function of the share; no pieces: it is not drawn. `steps` above zero: there are too many pieces,
     * and the curve is straight between so many exact costs and one more. */
    struct at_curve curve;
    struct at_curve_shapes shapes;
    uint32_t steps;
};

struct at_write_model_side {
    at_str name;      /* the file */
    uint32_t without; /* payees without a target, whose measure stays as in the data */
    struct at_write_model_cost all, *groups;
    const struct at_session_run *run;
};

struct at_write_model {
    at_str vary, of, by; /* as the host writes them; by: empty without groups */
    at_currency currency;
    at_period first, last;
    at_num *points, *probabilities; /* probabilities: NULL for a range */
    uint32_t n_points;
    at_str *groups; /* values of the field, as payees come; empty: it is missing */
    uint32_t n_groups;
    struct at_write_model_side *sides;
    uint32_t n_sides;
};

void at_write_model_text(const struct at_write_report *report, const struct at_write_model *model);
/* Numbers are exact: decimals, or fractions such as "1/3". */
void at_write_model_json(const struct at_write_report *report, const struct at_write_model *model);
void at_write_model_html(const struct at_write_report *report, const struct at_write_model *model);

/* ---- model_words.c: what the formats share. Sentences have the marks of words.h. */
at_str at_write_model_title(const struct at_write_report *r, const struct at_write_model *m);
at_str at_write_model_share(const struct at_write_report *r, at_num share);
at_str at_write_model_money(const struct at_write_report *r, const struct at_write_model *m, at_num amount);
/* The costs of a group; NULL: of all payees. */
const struct at_write_model_cost *at_write_model_cost_of(const struct at_write_model *m, uint32_t side,
                                                         const uint32_t *group);
at_str at_write_model_group(const struct at_write_report *r, const struct at_write_model *m, uint32_t group);
/* What a reader must know of the amounts. */
at_str *at_write_model_notes(const struct at_write_report *r, const struct at_write_model *m, uint32_t *n);

#endif
