/* curve/open.c: constants that are made of an open param (plan.h: at_plan_open). */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

value at_curve_open(struct at_curve_eval *e, const struct at_plan_open *open) {
    value in[8];
    if (open->param) return at_curve_of_x(e);
    if (open->op == AT_P_CONST) return at_curve_of_value(e, open->value, AT_STATE_OK);
    if (open->n_in > AT_COUNT(in)) return at_curve_unknown(AT_NO_NODE);
    for (uint16_t i = 0; i < open->n_in; i++)
        in[i] = at_curve_open(e, open->in[i]);
    return at_curve_map(e, AT_NO_NODE, open->node, in, open->n_in);
}

bool at_curve_open_payload(const struct at_plan_node *node) {
    bool open = false;
    if (node->op == AT_P_STEP || node->op == AT_P_THROUGH) {
        const struct at_plan_steps *steps = node->data;
        for (uint32_t i = 0; i < steps->n; i++)
            open |= (steps->open_thresholds && steps->open_thresholds[i]) ||
                    (steps->open_values && steps->open_values[i]);
    } else if (node->op == AT_P_LOOKUP) {
        const struct at_plan_lookup *table = node->data;
        for (uint32_t i = 0; i < table->n_rows * table->n_columns; i++)
            open |= table->open && table->open[i];
        for (uint32_t i = 0; i < table->n_rows; i++)
            open |= table->rows[i].open != NULL;
        for (uint32_t i = 0; i < table->n_columns; i++)
            open |= table->columns[i].open != NULL;
    }
    return open;
}
