/* write/impact.h: the writers of what a change of rows can affect. */
#ifndef AT_WRITE_IMPACT_H
#define AT_WRITE_IMPACT_H

#include "depend/impact.h"
#include "write/report.h"

/* A payee and component, in order of payee keys. `through` is empty without an end. */
struct at_write_affected {
    at_str payee, component, from, through;
};
struct at_write_impact {
    struct at_write_affected *at;
    size_t n;
    size_t n_payees, all_payees, n_components, all_components;
    bool longer; /* the last period can move */
};
/* Periods within the effective range, in `arena`. Texts are views of the impact or of the arena. */
void at_write_impact_make(const struct at_depend_impact *impact, struct at_arena *arena,
                          struct at_write_impact *out);
void at_write_impact_text(const struct at_write_report *r, const struct at_write_impact *list);
void at_write_impact_json(const struct at_write_report *r, const struct at_write_impact *list);

#endif
