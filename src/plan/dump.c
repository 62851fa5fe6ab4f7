/* plan/dump.c: a plan as a table for people (--explain-plan) and as a drawing (Graphviz). */
#include <stdio.h>

#include "base/numtext.h"
#include "base/visible.h"
#include "plan/graph.h"

struct line { /* a short text that is built piece by piece; what does not fit is cut */
    char at[512];
    size_t n;
    struct at_arena *scratch; /* view: for texts of values */
};

/* The first bytes of a text, without a part of a character. */
static at_str cut(at_str text, uint32_t most) {
    if (text.n <= most) return text;
    while (most > 0 && ((unsigned char)text.p[most] & 0xC0) == 0x80)
        most--;
    return (at_str){text.p, most};
}

static void AT_PRINTF(2, 3) put(struct line *line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    size_t room = sizeof line->at - line->n;
    int n = vsnprintf(line->at + line->n, room, format, args);
    va_end(args);
    if (n > 0) line->n += (size_t)n < room ? (size_t)n : room - 1;
}

/* The line without the part of a character with which a full one can end. */
static at_str whole(const struct line *line) {
    return cut((at_str){line->at, (uint32_t)line->n}, sizeof line->at - 4);
}

/* Names and texts of the policy are in it: it is shown through here only. */
static void show(struct at_sink *out, const struct line *line, unsigned width) {
    at_str text = whole(line);
    at_sink_visible(out, text);
    for (unsigned i = at_visible_width(text); i < width; i++)
        at_sink_z(out, " ");
}

static const struct at_schema *schema(const struct at_plan *plan, uint16_t table) {
    return plan->checked && table < plan->checked->n_schemas ? &plan->checked->schemas[table] : NULL;
}

static void put_table(struct line *line, const struct at_plan *plan, uint16_t table) {
    const struct at_schema *found = schema(plan, table);
    if (found)
        put(line, "%.*s", AT_STR_ARG(found->name));
    else
        put(line, "table %u", table);
}

static void put_field(struct line *line, const struct at_plan *plan, uint16_t table, int32_t field) {
    const struct at_schema *found = schema(plan, table);
    if (found && field >= 0 && (uint32_t)field < found->n_fields)
        put(line, "%.*s", AT_STR_ARG(found->fields[field].name));
    else
        put(line, "field %d", field);
}

static void put_feed(struct line *line, const struct at_plan *plan, uint16_t feed) {
    const struct at_plan_feed *found = feed < plan->n_feeds ? &plan->feeds[feed] : NULL;
    /* Feeds that lowering added share the declaration of another feed. Their number distinguishes
     * them. */
    if (found && found->decl && found->decl->name.n > 0 && (!plan->checked || feed < plan->checked->n_feeds))
        put(line, "%.*s", AT_STR_ARG(found->decl->name));
    else
        put(line, "#%u", feed);
}

static void put_grain(struct line *line, const struct at_plan *plan, const struct at_plan_node *node) {
    static const char *const names[] = {"const", "row ", "credit ", "cell", "group "};
    put(line, "%s", names[node->grain]);
    if (node->grain == AT_G_ROW) put_table(line, plan, node->place);
    if (node->grain == AT_G_CREDIT) put_feed(line, plan, node->place);
    if (node->grain != AT_G_GROUP) return;
    bool known = node->place < plan->n_groups;
    int32_t field = known ? plan->groups[node->place].field : -1;
    if (known && plan->groups[node->place].of) put(line, "stays ");
    if (known && plan->groups[node->place].stays) put(line, "by day ");
    if (field < 0)
        put(line, "all");
    else
        put_field(line, plan, plan->checked ? (uint16_t)plan->checked->payee_table : 0, field);
}

/* Shows at most 60 characters: a number may have thousands of digits. */
static void put_num(struct line *line, at_num num) {
    struct at_arena_mark mark = at_arena_mark(line->scratch);
    if (num.form == AT_NUM_OVERFLOW) {
        put(line, "too large");
    } else {
        at_str text = at_num_print(line->scratch, num);
        if (text.n <= 60)
            put(line, "%.*s", AT_STR_ARG(text));
        else
            put(line, "%.57s…", text.p);
    }
    at_arena_reset(line->scratch, mark);
}

static void put_value(struct line *line, const struct at_plan_value *value) {
    if (value->missing) {
        put(line, "missing");
        return;
    }
    struct at_arena_mark mark = at_arena_mark(line->scratch);
    const struct at_currency_info *currency = at_currency_info(value->type.currency);
    switch (value->type.kind) {
    case AT_T_NUMBER: put_num(line, at_plan_value_num(value)); break;
    case AT_T_MONEY:
    case AT_T_FOREIGN:
        put_num(line, at_plan_value_num(value));
        if (currency) put(line, " %s", currency->code);
        break;
    case AT_T_DURATION:
        put_num(line, at_plan_value_num(value));
        put(line, value->type.months ? " months" : " days");
        break;
    case AT_T_TEXT: put(line, "\"%.*s\"", AT_STR_ARG(cut(at_plan_value_text(value), 60))); break;
    case AT_T_DATE:
        put(line, "%.*s", AT_STR_ARG(at_date_print(line->scratch, at_plan_value_day(value))));
        break;
    case AT_T_PERIOD:
        put(line, "%.*s", AT_STR_ARG(at_period_print(line->scratch, at_plan_value_period(value))));
        break;
    case AT_T_FLAG: put(line, at_plan_value_yes(value) ? "yes" : "no"); break;
    case AT_T_ENUM:
        if (value->type.choices && at_plan_value_row(value) >= 0 &&
            (uint32_t)at_plan_value_row(value) < value->type.choices->n) {
            put(line, "choice \"%.*s\"", AT_STR_ARG(value->type.choices->at[at_plan_value_row(value)]));
            break;
        } /* fall through */
    default: put(line, "#%d", at_plan_value_row(value));
    }
    at_arena_reset(line->scratch, mark);
}

/* Stops at 300 bytes, so that a line has room for the name after the payload. */
static void put_steps(struct line *line, const struct at_plan_steps *steps) {
    for (uint32_t i = 0; i < steps->n && line->n < 300; i++) {
        put(line, i ? ", %s " : "%s ",
            steps->point && steps->point[i] ? "at"
            : steps->above[i]               ? "above"
                                            : "from");
        put_num(line, steps->thresholds[i]);
        put(line, ": ");
        put_num(line, steps->values[i]);
    }
}

static const char *const period_names[] = {[AT_WEEK] = "week",       [AT_SEMIMONTH] = "semimonth",
                                           [AT_MONTH] = "month",     [AT_FISCAL_MONTH] = "fiscal-month",
                                           [AT_QUARTER] = "quarter", [AT_HALF] = "half",
                                           [AT_YEAR] = "year"};
static const char *const allotments[] = {
    "including negatives", "ignoring missing", "among", "limited", "to level", "shares"};
static const char *const combined[] = {"", " least", " most"};

/* What the payload says; empty where there is none. */
static void put_payload(struct line *line, const struct at_plan *plan, const struct at_plan_node *node) {
    static const char *const roundings[] = {"half up", "half even", "down", "up"};
    static const char *const date_parts[] = {"year", "month", "day"};
    static const char *const period_parts[] = {"start", "end", "days", "months", "year", "index"};
    static const char *const functions[] = {
#define AT_BUILTIN(NAME, name, signature, en, zh) name,
#include "check/builtins.def"
#undef AT_BUILTIN
    };
    switch (node->op) {
    case AT_P_CONST: put_value(line, node->data); break;
    case AT_P_LOAD: put_field(line, plan, node->place, node->a); break;
    case AT_P_SUM:
    case AT_P_COUNT:
    case AT_P_LEAST:
    case AT_P_MOST:
        put(line, "of ");
        put_feed(line, plan, (uint16_t)node->a);
        break;
    case AT_P_TODATE: put(line, "%s%s", period_names[(unsigned)node->a % 7], combined[node->b % 3]); break;
    case AT_P_TRAILING: put(line, "%d%s", node->a, combined[node->b % 3]); break;
    case AT_P_DELTA: put(line, "%s", period_names[(unsigned)node->a % 7]); break;
    case AT_P_CAPTODATE:
        put(line, "%s%s", period_names[(unsigned)node->a % 7], node->b ? " floor" : "");
        break;
    case AT_P_PRIOR: put(line, "%d", node->a); break;
    case AT_P_MOVED: {
        static const char *const units[] = {"", "days", "months", "periods"};
        put(line, "%d %s", node->a, units[node->b % 4]);
        break;
    }
    case AT_P_PAID:
        put(line, "lines of %.*s", AT_STR_ARG(plan->checked->components[node->a].symbol->name));
        break;
    case AT_P_LEDGER: {
        static const char *const kinds[] = {"in shares of ", "as added by ", "as the lines of ", "of "};
        put(line, "%s", kinds[node->b & AT_LEDGER_KIND]);
        put_feed(line, plan, (uint16_t)node->a);
        break;
    }
    case AT_P_PARTMOVE: put(line, "statement %d", node->a + 1); break;
    case AT_P_LINEOF:
        put(line, "lines of ");
        put_feed(line, plan, (uint16_t)node->a);
        break;
    case AT_P_CARRY:
        put(line, "of %u, %u back", plan->carries[node->a].source, plan->carries[node->a].back);
        break;
    case AT_P_RUNCARRY: put(line, "of %u, rows before", plan->carries[node->a].source); break;
    case AT_P_PRIZE:
    case AT_P_RANK: put(line, "in group %d", node->a); break;
    case AT_P_ALLOT:
        for (unsigned k = 0; k < 6; k++)
            if (node->b >> k & 1) put(line, "%s%s", node->b & ((1 << k) - 1) ? ", " : "", allotments[k]);
        if (at_plan_allot_unit(node) > 1) put(line, " in units of %u", at_plan_allot_unit(node));
        break;
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF:
    case AT_P_ROUND:
        put(line, "%d decimals, %s", node->a, roundings[node->b & 3]);
        if (node->b >> 2) put(line, ", multiples of %d", (node->b >> 2) + 1);
        break;
    case AT_P_STEP:
    case AT_P_THROUGH: put_steps(line, node->data); break;
    case AT_P_LOOKUP: put(line, "%.*s", AT_STR_ARG(((const struct at_plan_lookup *)node->data)->name)); break;
    case AT_P_IN:
        for (uint32_t i = 0; i < ((const struct at_plan_set *)node->data)->n && line->n < 300; i++) {
            if (i) put(line, ", ");
            put_value(line, &((const struct at_plan_set *)node->data)->values[i]);
        }
        break;
    case AT_P_DATEPART: put(line, "%s", date_parts[node->a % 3]); break;
    case AT_P_DATEADD:
        if (node->n_in == 1) put(line, "%d ", node->a);
        put(line, "%s", node->b ? "months" : "days");
        break;
    case AT_P_PERIODPART: put(line, "%s", period_parts[node->a % 6]); break;
    case AT_P_DATEDROW: put(line, "%.*s", AT_STR_ARG(plan->checked->schemas[node->type.table].name)); break;
    case AT_P_DATEDMEAN: put_field(line, plan, (uint16_t)node->a, node->b); break;
    case AT_P_TEXTFN: put(line, "%s", functions[node->a]); break;
    case AT_P_CALL:
        if (plan->checked && (uint32_t)node->a < plan->checked->n_functions)
            put(line, "%.*s", AT_STR_ARG(plan->checked->functions[node->a].symbol->name));
        break;
    default: break;
    }
}

static void put_inputs(struct line *line, const struct at_plan_node *node) {
    for (uint16_t i = 0; i < node->n_in; i++)
        put(line, i ? " %u" : "%u", node->in[i]);
    if (node->n_in == 0) put(line, "-");
}

/* ---------------------------------------------------------------- names of nodes */

/* The first name wins, because equal nodes of several statements are one node. */
static void name(at_str *names, uint32_t node, at_str text) {
    if (node != AT_NO_NODE && names[node].n == 0) names[node] = text;
}

/* What the plan's parts call their nodes: measures and components. */
static void collect_names(const struct at_plan *plan, at_str *names) {
    for (uint32_t i = 0; i < plan->n_components; i++)
        name(names, plan->components[i].value, plan->components[i].name);
    for (uint32_t i = 0; i < plan->n_components; i++)
        name(names, plan->components[i].lines, plan->components[i].name);
    for (uint32_t i = 0; i < plan->n_components; i++)
        name(names, plan->components[i].earned, plan->components[i].name);
    name(names, plan->total, AT_STR("total"));
    for (uint32_t i = 0; plan->checked && i < plan->n_measures; i++)
        name(names, plan->measures[i].cell, plan->checked->measures[i].symbol->name);
}

static void dump_node(const struct at_plan *plan, uint32_t id, at_str named, struct at_arena *scratch,
                      struct at_sink *out) {
    const struct at_plan_node *node = &plan->nodes[id];
    struct line grain = {0}, inputs = {0}, payload = {.scratch = scratch};
    put_grain(&grain, plan, node);
    put_inputs(&inputs, node);
    put_payload(&payload, plan, node);
    if (named.n > 0) put(&payload, "%s= %.*s", payload.n ? "  " : "", AT_STR_ARG(named));
    at_sink_printf(out, "%-4u %-11s ", id, at_plan_op_name(node->op));
    show(out, &grain, 15);
    /* `-` after the pass: a run does not calculate this node. */
    at_sink_printf(out, " %u%c  ", node->pass, node->needed ? ' ' : '-');
    show(out, &inputs, payload.n > 0 && inputs.n < 10 ? 12 : 0);
    if (payload.n > 0 && inputs.n >= 10) at_sink_z(out, "  ");
    show(out, &payload, 0);
    at_sink_z(out, "\n");
}

static void put_ref(struct at_sink *out, const char *label, uint32_t node) {
    if (node != AT_NO_NODE) at_sink_printf(out, " %s %u", label, node);
}

static void dump_feed(const struct at_plan *plan, uint32_t index, struct at_sink *out) {
    const struct at_plan_feed *feed = &plan->feeds[index];
    struct line text = {0};
    put_feed(&text, plan, (uint16_t)index);
    put(&text, " from ");
    put_table(&text, plan, feed->table);
    at_sink_z(out, "feed ");
    show(out, &text, 0);
    put_ref(out, "where", feed->where);
    for (uint32_t i = 0; i < feed->n_to; i++) {
        put_ref(out, feed->to[i].managers ? "to managers of" : "to", feed->to[i].payee);
        put_ref(out, "at", feed->to[i].share);
    }
    put_ref(out, "on", feed->on);
    put_ref(out, "known from", feed->known);
    put_ref(out, "until", feed->until);
    if (feed->leveled) at_sink_z(out, " leveled");
    if (feed->stock) at_sink_z(out, " stock");
    if (feed->spread == AT_OP_EVENLY) at_sink_z(out, " spread evenly");
    if (feed->spread == AT_OP_BY_DAYS) at_sink_z(out, " spread by days");
    if (feed->spread == AT_OP_PER) at_sink_printf(out, " per %s", period_names[feed->spread_kind % 7]);
    at_sink_z(out, "\n");
}

static void dump_component(const struct at_plan_component *component, struct at_sink *out) {
    static const char *const roles[] = {"pay", "pool", "adjustment"};
    at_sink_printf(out, "%s ", roles[component->role % 3]);
    at_sink_visible(out, component->name);
    put_ref(out, "exact", component->exact);
    put_ref(out, "earned", component->earned);
    put_ref(out, "lines", component->lines);
    put_ref(out, "adjusted", component->adjusted);
    put_ref(out, "value", component->value);
    at_sink_z(out, "\n");
}

void at_plan_dump(const struct at_plan *plan, struct at_arena *scratch, struct at_sink *out) {
    at_str *names = AT_NEW_ARRAY(scratch, at_str, plan->n_nodes + 1);
    collect_names(plan, names);
    at_sink_z(out, "id   op          grain        pass inputs      description\n");
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        dump_node(plan, id, names[id], scratch, out);
    for (uint32_t i = 0; i < plan->n_feeds; i++)
        dump_feed(plan, i, out);
    if (plan->applies != AT_NO_NODE) at_sink_printf(out, "applies %u\n", plan->applies);
    for (uint32_t i = 0; i < plan->n_covers; i++)
        at_sink_printf(out, "%s %d to %d of %d\n", plan->covers[i].decl->except ? "except" : "covers",
                       (int)plan->covers[i].from, (int)plan->covers[i].to, (int)plan->covers[i].payee);
    for (uint32_t i = 0; i < plan->n_components; i++)
        dump_component(&plan->components[i], out);
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const struct at_plan_adjustment *done = &plan->adjustments[i];
        at_sink_z(out, "adjusts ");
        at_sink_visible(out, plan->components[done->component].name);
        at_sink_printf(out, " before %u after %u", done->before, done->after);
        put_ref(out, "at", done->at);
        put_ref(out, "when", done->when);
        at_sink_z(out, "\n");
    }
    for (uint32_t i = 0; i < plan->n_requires; i++)
        at_sink_printf(out, "require %u\n", plan->requires[i].cond);
    at_sink_printf(out, "%u nodes, %u %s\n", plan->n_nodes, plan->n_passes,
                   plan->n_passes == 1 ? "pass" : "passes");
}

/* ---------------------------------------------------------------- Graphviz */

/* A label between double quotes, in which Graphviz reads escapes and entities. */
static void put_label(struct at_sink *out, at_str text) {
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\') at_sink_z(out, "\\");
        at_sink_put(out, &text.p[i], 1);
        if (text.p[i] == '&') at_sink_z(out, "amp;");
    }
}

void at_plan_dump_dot(const struct at_plan *plan, struct at_arena *scratch, struct at_sink *out) {
    static const char *const colours[] = {"#eeeeee", "#cfe2f3", "#d9ead3", "#fff2cc", "#f4cccc"};
    at_str *names = AT_NEW_ARRAY(scratch, at_str, plan->n_nodes + 1);
    collect_names(plan, names);
    at_sink_z(out,
              "digraph plan {\n  rankdir=BT;\n  node [shape=box, style=filled, fontname=\"Helvetica\"];\n");
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        struct line label = {.scratch = scratch};
        put(&label, "%u %s ", id, at_plan_op_name(node->op));
        put_payload(&label, plan, node);
        if (names[id].n > 0) put(&label, " = %.*s", AT_STR_ARG(names[id]));
        at_sink_printf(out, "  n%u [fillcolor=\"%s\", label=\"", id, colours[node->grain]);
        put_label(out, at_visible(scratch, whole(&label)));
        at_sink_z(out, "\"];\n");
        for (uint16_t i = 0; i < node->n_in; i++)
            at_sink_printf(out, "  n%u -> n%u;\n", node->in[i], id);
        /* Dashed arrows are the only ones that lead from a higher id to a lower id. */
        if (node->op == AT_P_CARRY || node->op == AT_P_RUNCARRY)
            at_sink_printf(out, "  n%u -> n%u [style=dashed];\n", plan->carries[node->a].source, id);
    }
    at_sink_z(out, "}\n");
}
