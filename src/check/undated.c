/* check/undated.c: warns of a value that has the rows of all periods, although its table has dates.
 *
 * Without `on`, a measure is one value of the whole range. A table with a field of type period or date could
 * also give a value for each period. A policy of one period, and a filter on such a field, leave no question.
 */
#include "check/check_int.h"

/* The field that a reader would write after `on`: a period rather than a date; -1: none. */
static int32_t time_field(const struct at_schema *schema) {
    int32_t found = -1;
    for (uint32_t i = 0; i < schema->n_fields; i++) {
        enum at_type_kind kind = schema->fields[i].type.kind;
        if (kind == AT_T_PERIOD) return (int32_t)i;
        if (kind == AT_T_DATE && found < 0) found = (int32_t)i;
    }
    return found;
}

struct date_search {
    const struct at_check *ck;
    bool found;
};

static bool names_time(void *context, const struct at_ast_node *node) {
    struct date_search *search = context;
    enum at_type_kind kind = at_check_type_at(search->ck, node).kind;
    search->found |= kind == AT_T_PERIOD || kind == AT_T_DATE;
    return !search->found;
}

static bool filters_time(const struct at_check *ck, const struct at_ast_node *where) {
    struct date_search search = {ck, false};
    if (where) at_ast_walk(where, names_time, &search);
    return search.found;
}

static bool of_one_period(const struct at_check *ck) {
    const struct at_check_policy *out = ck->out;
    if (out->to == AT_DATE_MAX) return false;
    enum at_period_kind kind = (enum at_period_kind)out->calendar.period_kind;
    at_period first = at_period_of_date(&out->calendar, kind, out->from),
              last = at_period_of_date(&out->calendar, kind, out->to);
    return at_period_cmp(&out->calendar, first, last) == 0;
}

static void check_measure(struct at_check *ck, const struct at_check_measure_decl *measure) {
    const struct at_ast_node *aggregate = measure->aggregate;
    if (!aggregate || !measure->symbol->used || measure->on || measure->feed >= ck->out->n_feeds) return;
    if (aggregate->op == AT_OP_MIN || aggregate->op == AT_OP_MAX) return;
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    if (feed->on || feed->table == UINT16_MAX || filters_time(ck, feed->where) ||
        filters_time(ck, measure->where))
        return;
    const struct at_schema *schema = &ck->out->schemas[feed->table];
    int32_t field = time_field(schema);
    if (field < 0 || (int32_t)feed->table == ck->out->payee_table) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0647, aggregate->span,
                                    "`%.*s` has the rows of all periods, although %.*s has the field `%.*s`",
                                    AT_STR_ARG(measure->symbol->name), AT_STR_ARG(schema->name),
                                    AT_STR_ARG(schema->fields[field].name));
    at_diag_label(d, ck->fields[feed->table][field]->span, "%s",
                  schema->fields[field].type.kind == AT_T_PERIOD ? "the period of a row"
                                                                 : "the date of a row");
    at_diag_help(d,
                 "add `on %.*s` for the rows of each period, or `allow A0647 because \"…\"` below `policy`",
                 AT_STR_ARG(schema->fields[field].name));
}

void at_check_undated(struct at_check *ck) {
    if (ck->diags->errors || of_one_period(ck)) return;
    for (uint32_t i = 0; i < ck->out->n_measures; i++)
        if (ck->out->measures[i].symbol) check_measure(ck, &ck->out->measures[i]);
}
