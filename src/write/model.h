/* write/model.h: what plans cost if every payee reaches the same share of a target, as text and as JSON. */
#ifndef AT_WRITE_MODEL_H
#define AT_WRITE_MODEL_H

#include "base/num.h"
#include "base/type.h"
#include "write/report.h"

/* Of some payees of one policy, by point. */
struct at_write_model_cost {
    at_num *cost;
    uint32_t *unknown; /* payees whose pay is withheld, or is not known there; the cost is without them */
    uint32_t n_payees;
    at_num expected; /* with probabilities */
};

struct at_write_model_side {
    at_str name;      /* the file */
    uint32_t without; /* payees without a target, whose measure stays as in the data */
    struct at_write_model_cost all, *groups;
};

struct at_write_model {
    at_str vary, of, by; /* as the host writes them; by: empty without groups */
    at_currency currency;
    at_str first, last;             /* periods */
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

#endif
