/* api/vary.h: what a curve varies, as the host writes it: `bookings` (a measure), `base` (a param), or
 * `deal:d1.amount` (a field of a row: table, key, field). Private to api/.
 */
#ifndef AT_API_VARY_H
#define AT_API_VARY_H

#include "api/run.h"

enum at_api_vary_kind { AT_VARY_MEASURE, AT_VARY_PARAM, AT_VARY_FIELD };

struct at_api_vary {
    uint8_t kind;   /* enum at_api_vary_kind */
    at_str name;    /* as written, without blanks around it */
    at_str label;   /* what people read: the label of the measure, or the name */
    uint32_t index; /* of the measure, the param, or the table */
    uint32_t field; /* FIELD: of the table */
    at_str key;     /* FIELD: of the row */
    at_type type;   /* money, or a number */
};

/* Reports a name that is unknown, or that is not a number or money. */
bool at_api_vary_read(struct at_diag_list *diags, const struct at_check_policy *checked,
                      struct at_arena *arena, const char *text, struct at_api_vary *out);

/* The first sum of a credit, in money, on which something depends: index of the measure, or -1. */
int64_t at_api_vary_credited(const struct attain_policy *policy);

/* Reads a number of the type: `$40,000` or `40000` of money, `110%` of a percentage. False: it is not one, or
 * not of the type, which is reported as a part of `of`. */
bool at_api_vary_number(struct at_diag_list *diags, const struct at_check_policy *checked,
                        struct at_arena *arena, at_str text, at_type type, const char *of, at_num *out);
/* Reads the range LOW..HIGH; false: it is reported. */
bool at_api_vary_range(struct at_diag_list *diags, const struct at_check_policy *checked,
                       struct at_arena *arena, const char *text, at_type type, at_num *low, at_num *high);

#endif
