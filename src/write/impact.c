/* write/impact.c: what a change of rows can affect, for a terminal and as JSON. */
#include "write/impact.h"

#include "base/sort.h"
#include "write/grid.h"

static int by_payee(const void *left, const void *right) {
    return at_str_cmp(((const struct at_write_affected *)left)->payee,
                      ((const struct at_write_affected *)right)->payee);
}

/* Empty: before the effective range, or after it. */
static bool periods_of(const struct at_plan *plan, const struct at_depend_affected *of,
                       struct at_arena *arena, struct at_write_affected *out) {
    const struct at_check_policy *checked = plan->checked;
    enum at_period_kind kind = (enum at_period_kind)checked->calendar.period_kind;
    at_date last = checked->to;
    for (uint32_t i = 0; i < plan->n_components; i++)
        if (plan->components[i].delay.unit != AT_DELAY_NONE || plan->components[i].parted != AT_NO_NODE)
            last = AT_DATE_MAX; /* what is moved can be paid after the range */
    at_date from = of->from < checked->from ? checked->from : of->from, to = of->to > last ? last : of->to;
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (at_plan_feed_late(&plan->feeds[f]) && of->to > last) last = AT_DATE_MAX; /* what is known late */
    to = of->to > last ? last : of->to;
    if (from > to) return false;
    out->from = at_period_print(arena, at_period_of_date(&checked->calendar, kind, from));
    if (to != AT_DATE_MAX)
        out->through = at_period_print(arena, at_period_of_date(&checked->calendar, kind, to));
    return true;
}

void at_write_impact_make(const struct at_depend_impact *impact, struct at_arena *arena,
                          struct at_write_impact *out) {
    const struct at_plan *plan = impact->plan;
    bool *payees = AT_NEW_ARRAY(arena, bool, impact->keys.n + 1);
    bool *components = AT_NEW_ARRAY(arena, bool, plan->n_components + 1);
    *out = (struct at_write_impact){.all_payees = impact->keys.n, .all_components = plan->n_components};
    out->at = AT_NEW_ARRAY(arena, struct at_write_affected, impact->n_out + 1);
    out->longer = impact->longer;
    for (uint32_t i = 0; i < impact->n_out; i++) {
        const struct at_depend_affected *of = &impact->out[i];
        struct at_write_affected full = {.payee = impact->keys.at[of->payee],
                                         .component = plan->components[of->component].name};
        if (!periods_of(plan, of, arena, &full)) continue;
        out->at[out->n++] = full;
        out->n_payees += !payees[of->payee];
        out->n_components += !components[of->component];
        payees[of->payee] = components[of->component] = true;
    }
    at_sort_items(arena, out->at, out->n, sizeof *out->at, by_payee);
}

static void line(const struct at_write_report *r, at_str text) {
    at_sink_visible(r->out, text);
    at_sink_z(r->out, "\n");
}

void at_write_impact_text(const struct at_write_report *r, const struct at_write_impact *list) {
    struct at_write_grid grid;
    if (list->n == 0) {
        line(r, at_words_word(r->words, AT_W_IMPACT_NOTHING));
        return;
    }
    const at_str counts[] = {at_str_format(r->arena, "%zu", list->n_payees),
                             at_str_format(r->arena, "%zu", list->all_payees),
                             at_str_format(r->arena, "%zu", list->n_components),
                             at_str_format(r->arena, "%zu", list->all_components)};
    line(r, at_words_say_plain(r->arena, r->words, AT_W_IMPACT_SOME, counts, 4));
    if (list->longer) line(r, at_words_word(r->words, AT_W_IMPACT_LONGER));
    at_sink_z(r->out, "\n");
    at_write_grid_init(&grid, r->arena, 3, 3);
    grid.color = r->color;
    for (size_t i = 0; i < list->n; i++) {
        const struct at_write_affected *of = &list->at[i];
        at_str *cells = at_write_grid_add(&grid, AT_GRID_ROW);
        const at_str range[] = {of->from, of->through.n ? of->through : AT_STR("…")};
        cells[0] = of->payee;
        cells[1] = of->component;
        cells[2] = at_str_eq(of->from, of->through)
                       ? of->from
                       : at_words_say_plain(r->arena, r->words, AT_W_IMPACT_PERIODS, range, 2);
    }
    at_write_grid_print(&grid, r->out);
}

void at_write_impact_json(const struct at_write_report *r, const struct at_write_impact *list) {
    at_sink_printf(
        r->out,
        "{\n  \"payees\": %zu,\n  \"of_payees\": %zu,\n  \"components\": %zu,\n  \"of_components\": %zu,\n"
        "  \"last_period_can_move\": %s,\n  \"affected\": [",
        list->n_payees, list->all_payees, list->n_components, list->all_components,
        list->longer ? "true" : "false");
    for (size_t i = 0; i < list->n; i++) {
        const struct at_write_affected *of = &list->at[i];
        at_sink_z(r->out, i ? ",\n    {\"payee\": " : "\n    {\"payee\": ");
        at_sink_json(r->out, of->payee);
        at_sink_z(r->out, ", \"component\": ");
        at_sink_json(r->out, of->component);
        at_sink_z(r->out, ", \"from\": ");
        at_sink_json(r->out, of->from);
        at_sink_z(r->out, ", \"through\": ");
        if (of->through.n)
            at_sink_json(r->out, of->through);
        else
            at_sink_z(r->out, "null");
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, list->n ? "\n  ]\n}\n" : "]\n}\n");
}
