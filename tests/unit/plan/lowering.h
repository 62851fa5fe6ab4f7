/* lowering.h: from the text of a policy to its plan, and nodes shown as formulas, for the tests of the room.
 */
#ifndef AT_TESTS_LOWERING_H
#define AT_TESTS_LOWERING_H

#include <stdio.h>

#include <criterion/criterion.h>

#include "base/numtext.h"
#include "diag/render.h"
#include "plan/graph.h"

/* The tables and the credit that most tests want. Months; a team has reps, a deal two choices of product. */
#define POLICY                                                                                               \
    "policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period month\n"             \
    "payee rep from \"r.csv\" { id text key  team text  level number  quota money  manager rep optional }\n" \
    "data deal from \"d.csv\" { id text key  rep rep  product one of (\"core\", \"cloud\")  region text\n"   \
    "  amount money  closed_on date  paid_on date optional }\n"                                              \
    "data target from \"t.csv\" { rep rep  quarter period  amount money }\n"                                 \
    "credit booking from deal to rep on closed_on amount amount\n"                                           \
    "measure bookings = sum of amount from booking\n"

struct lowering {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_check_policy *checked;
    struct at_plan *plan;
    enum at_status status;
};

static struct lowering it;
static struct at_arena words; /* texts of the test itself */

static inline void begin_test(void) {
    at_arena_init(&words, NULL, NULL);
    at_arena_init(&it.arena, NULL, NULL);
}

static inline void end_test(void) {
    at_arena_free(&it.arena);
    at_arena_free(&words);
}

static inline int to_stderr(void *context, const char *bytes, size_t n) {
    (void)context;
    return fwrite(bytes, 1, n, stderr) == n ? 0 : 5;
}

static inline void lower_with(const char *text, const struct at_plan_setting *settings, uint32_t n) {
    struct at_ast *ast;
    at_arena_free(&it.arena);
    at_diag_sources_init(&it.sources, &it.arena);
    at_diag_list_init(&it.diags, &it.arena, &it.sources);
    it.status =
        at_parse(&it.sources, &it.arena, &it.diags, at_str_z("t.attain"), at_str_z(text), NULL, NULL, &ast);
    if (it.status == AT_OK) it.status = at_check(ast, &it.arena, &it.diags, NULL, NULL, &it.checked);
    if (it.status != AT_OK) {
        static struct at_sink out;
        struct at_diag_render_options plain = {0};
        at_sink_init(&out, to_stderr, NULL);
        at_diag_render_text(&it.diags, &plain, &out);
        at_sink_flush(&out);
        cr_assert_fail("the policy of the test is wrong");
    }
    it.status = at_plan_lower(it.checked, settings, n, &it.arena, &it.diags, &it.plan);
}

static inline void lower(const char *text) {
    lower_with(text, NULL, 0);
    cr_assert_eq(it.status, AT_OK);
    const char *broken = at_plan_verify(it.plan);
    cr_assert_null(broken, "%s", broken);
}

static inline at_str name_of_place(const struct at_plan_node *node) {
    const struct at_check_policy *checked = it.checked;
    at_str feed = node->place < checked->n_feeds ? checked->feeds[node->place].name : (at_str){0};
    switch (node->grain) {
    case AT_G_ROW: return checked->schemas[node->place].name;
    case AT_G_CREDIT: return feed.n ? feed : at_str_format(&words, "#%u", node->place);
    case AT_G_GROUP:
        if (it.plan->groups[node->place].field < 0) return AT_STR("all");
        return checked->schemas[checked->payee_table].fields[it.plan->groups[node->place].field].name;
    case AT_G_CELL: return AT_STR("cell");
    default: return AT_STR("const");
    }
}

static inline at_str show_value(const struct at_plan_value *value) {
    if (value->missing) return AT_STR("missing");
    switch (value->type.kind) {
    case AT_T_NUMBER: return at_num_print(&words, value->bits.num);
    case AT_T_MONEY: return at_str_format(&words, "$%.*s", AT_STR_ARG(at_num_print(&words, value->bits.num)));
    case AT_T_DURATION:
        return at_str_format(&words, "%.*sd", AT_STR_ARG(at_num_print(&words, value->bits.num)));
    case AT_T_TEXT: return at_str_format(&words, "'%.*s'", AT_STR_ARG(value->bits.text));
    case AT_T_DATE: return at_date_print(&words, value->bits.i);
    case AT_T_PERIOD: return at_period_print(&words, value->bits.period);
    case AT_T_FLAG: return value->bits.i ? AT_STR("yes") : AT_STR("no");
    case AT_T_ENUM: return value->type.choices->at[value->bits.i];
    default: return AT_STR("?");
    }
}

/* What distinguishes nodes of one kind: `:year`, `:2`, the place to which a value is moved. */
static inline at_str show_payload(const struct at_plan_node *node) {
    static const char *const kinds[] = {"week",    "semimonth", "month", "fiscal-month",
                                        "quarter", "half",      "year"};
    static const char *const parts[] = {"start", "end", "days", "months", "year", "index"};
    switch (node->op) {
    case AT_P_TODATE:
    case AT_P_DELTA:
    case AT_P_CAPTODATE:
        return at_str_format(&words, ":%s%s", kinds[node->a], node->b == 1 ? ":1" : node->b == 2 ? ":2" : "");
    case AT_P_PRIOR:
    case AT_P_TRAILING:
    case AT_P_RANK:
    case AT_P_DATEPART: return at_str_format(&words, ":%d", node->a);
    case AT_P_DATEADD: return at_str_format(&words, ":%d%s", node->a, node->b ? "m" : "d");
    case AT_P_PERIODPART: return at_str_format(&words, ":%s", parts[node->a]);
    case AT_P_ROUND: return at_str_format(&words, node->b ? ":%d:%d" : ":%d", node->a, node->b);
    case AT_P_SUM:
    case AT_P_COUNT:
    case AT_P_LEAST:
    case AT_P_MOST:
        return at_str_format(&words, ":%.*s",
                             AT_STR_ARG(name_of_place(
                                 &(struct at_plan_node){.grain = AT_G_CREDIT, .place = (uint16_t)node->a})));
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
    case AT_P_SPREAD:
    case AT_P_FOLLOW:
    case AT_P_TAKE:
    case AT_P_FROMCELL: return at_str_format(&words, ":%.*s", AT_STR_ARG(name_of_place(node)));
    default: return (at_str){0};
    }
}

/* A node as a formula: (* 0.1 (over bookings deal.amount)). Measures are named where `names` says so. */
static inline at_str show_inner(uint32_t id, bool top) {
    const struct at_plan_node *node = &it.plan->nodes[id];
    for (uint32_t i = 0; !top && i < it.plan->n_measures; i++)
        if (it.plan->measures[i].cell == id) return it.checked->measures[i].symbol->name;
    if (node->op == AT_P_CONST) return show_value(node->data);
    if (node->op == AT_P_LOAD) {
        const struct at_schema *schema = &it.checked->schemas[node->place];
        return at_str_format(&words, "%.*s.%.*s", AT_STR_ARG(schema->name),
                             AT_STR_ARG(schema->fields[node->a].name));
    }
    at_str out = at_str_format(&words, "%s%.*s", at_plan_op_name(node->op), AT_STR_ARG(show_payload(node)));
    if (node->n_in == 0) return out;
    for (uint16_t i = 0; i < node->n_in; i++)
        out = at_str_format(&words, "%.*s %.*s", AT_STR_ARG(out), AT_STR_ARG(show_inner(node->in[i], false)));
    return at_str_format(&words, "(%.*s)", AT_STR_ARG(out));
}

static inline const char *show(uint32_t id) {
    return id == AT_NO_NODE ? "none" : show_inner(id, true).p;
}

static inline const struct at_plan_component *component(const char *name) {
    for (uint32_t i = 0; i < it.plan->n_components; i++)
        if (at_str_eq(it.plan->components[i].name, at_str_z(name))) return &it.plan->components[i];
    cr_assert_fail("no component %s", name);
    return NULL;
}

static inline uint32_t measure(const char *name) {
    for (uint32_t i = 0; i < it.plan->n_measures; i++)
        if (at_str_eq(it.checked->measures[i].symbol->name, at_str_z(name))) return it.plan->measures[i].cell;
    cr_assert_fail("no measure %s", name);
    return 0;
}

/* The formula of the one component `p`, before rounding; the one way in which most tests look at a plan. */
static inline const char *paid(const char *statements) {
    lower(at_str_format(&words, "%s%s", POLICY, statements).p);
    return show(component("p")->exact);
}

#endif
