/* explain/figure.c: writes values as text, and reads the text of the policy. */
#include "base/numtext.h"
#include "explain/explain_int.h"
#include "syntax/plain.h"

/* ---- values of the current payee and period */

/* The explained row is from the payee table, so a column of payees has two values: that of the row, and that
 * of the credited payee. */
static bool row_of_payees(const struct at_explain_tell *t) {
    return t->row && t->r->plan->feeds[t->feed].table == (uint16_t)t->r->checked->payee_table;
}

/* A measure ends the walk, because it has a name of its own. */
uint32_t at_explain_plain_node(const struct at_explain_tell *t, uint32_t node) {
    for (;;) {
        const struct at_plan_node *p = &t->r->plan->nodes[node];
        bool through = p->op == AT_P_SPREAD || p->op == AT_P_FROMCELL || p->op == AT_P_FROMGROUP;
        if (p->op == AT_P_FOLLOW) { /* a value calculated for each payee, not a field */
            const struct at_plan_node *in = &t->r->plan->nodes[p->in[0]];
            uint32_t by = t->r->plan->nodes[p->in[1]].op;
            through = in->op != AT_P_LOAD && (by == AT_P_PAYEE || by == AT_P_RECIPIENT) && !row_of_payees(t);
        }
        /* Its condition has been told. */
        bool at_end = t->r->measure_of[node] < 0 && t->r->component_of[node] < 0 &&
                      at_explain_is_at_end(t, node) && at_explain_tell_holds(t, p->in[0]);
        if (!at_end && (!through || t->r->measure_of[node] >= 0)) return node;
        node = p->in[at_end ? 1 : 0];
    }
}

/* Values of a row are only known for the nodes that rows.c collected. Others count as missing. */
static struct at_plan_value value_of_row(const struct at_explain_tell *t, uint32_t node, uint32_t *state) {
    for (uint32_t i = 0; t->row && i < t->r->n_slots[t->feed]; i++) {
        if (t->r->slots[t->feed][i] != node) continue;
        *state = t->row->states[i];
        return t->row->values[i];
    }
    *state = AT_STATE_MISSING;
    return (struct at_plan_value){.type = t->r->plan->nodes[node].type, .missing = true};
}

/* Where the value is, by grain:
 *
 *     CELL    period * n_payees + payee     GROUP   period * n_groups + group of the payee
 *     ROW     row of the payee table, or a value kept with the credited row
 *     CREDIT  kept with the credited row    CONST   one value for all */
struct at_plan_value at_explain_tell_value(const struct at_explain_tell *t, uint32_t node, uint32_t *state) {
    const struct at_session_run *run = t->r->run;
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (p->op == AT_P_CONST) {
        const struct at_plan_value *value = p->data;
        *state = value->missing ? AT_STATE_MISSING : AT_STATE_OK;
        return *value;
    }
    uint32_t index = 0;
    switch ((enum at_check_grain)p->grain) {
    case AT_G_CELL: index = t->period * run->n_payees + t->payee; break;
    case AT_G_GROUP:
        index = at_explain_group_at(t, p->place);
        if (index == UINT32_MAX) { /* belongs to no group */
            *state = AT_STATE_MISSING;
            return (struct at_plan_value){.type = p->type, .missing = true};
        }
        index += t->period * run->group_sizes[p->place];
        break;
    case AT_G_ROW:
        if (t->followed && t->followed->table == p->place) {
            index = t->followed->row;
            break;
        }
        if (row_of_payees(t) || p->place != (uint16_t)t->r->checked->payee_table)
            return value_of_row(t, node, state);
        index = t->payee;
        break;
    case AT_G_CREDIT: return value_of_row(t, node, state);
    case AT_G_CONST: break;
    }
    return at_session_run_value(run, node, index, t->arena, state);
}

/* An overflowed number counts as not known, so that callers can calculate without a check. */
at_num at_explain_tell_number(const struct at_explain_tell *t, uint32_t node, bool *known) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    bool number = state == AT_STATE_OK && !value.missing && at_plan_type_counts(value.type) &&
                  at_plan_value_num(&value).form != AT_NUM_OVERFLOW;
    if (known) *known = number;
    return number ? at_plan_value_num(&value) : at_num_int(0);
}

int at_explain_tell_order(const struct at_plan_value *a, const struct at_plan_value *b) {
    if (at_plan_type_counts(a->type)) return at_num_cmp(NULL, at_plan_value_num(a), at_plan_value_num(b));
    if (a->type.kind != AT_T_DATE) return 0;
    at_date x = at_plan_value_day(a), y = at_plan_value_day(b);
    return (x > y) - (x < y);
}

bool at_explain_tell_holds(const struct at_explain_tell *t, uint32_t cond) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, cond, &state);
    return state == AT_STATE_OK && value.type.kind == AT_T_FLAG && at_plan_value_yes(&value);
}

/* ---- values as text */

at_words_operand at_explain_value_shown(const struct at_explain_tell *t, const struct at_plan_value *value,
                                        bool percent, bool *shortened) {
    return at_session_value_shown(t->r->run, value, percent, t->arena, shortened);
}

at_words_operand at_explain_tell_figure(const struct at_explain_tell *t, struct at_explain_node *step,
                                        const struct at_plan_value *value, bool percent) {
    struct at_explain_figure figure = {.value = *value};
    figure.shown = at_explain_value_shown(t, value, percent, &figure.shortened);
    /* Doubles the room, because a sum can have any number of summands. */
    if (step->n_figures == step->figures_room) {
        uint32_t room = step->figures_room ? step->figures_room * 2 : 4;
        step->figures =
            at_arena_grow(t->arena, step->figures, step->figures_room * sizeof figure, room * sizeof figure);
        step->figures_room = room;
    }
    step->figures[step->n_figures++] = figure;
    return figure.shown;
}

at_words_operand at_explain_tell_node_figure(const struct at_explain_tell *t, struct at_explain_node *step,
                                             uint32_t node) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    return at_explain_tell_figure(t, step, &value, at_explain_is_percent(t, node));
}

at_words_operand at_explain_tell_num(const struct at_explain_tell *t, struct at_explain_node *step,
                                     at_num num, at_type type, bool percent) {
    struct at_plan_value value = at_plan_value_of_num(type, num);
    value.type.optional = false;
    return at_explain_tell_figure(t, step, &value, percent);
}

at_words_operand at_explain_tell_count(const struct at_explain_tell *t, uint64_t n) {
    return at_words_text(at_num_print_short(t->arena, at_num_int((int64_t)n), 0, true, NULL));
}

at_words_operand at_explain_tell_many(const struct at_explain_tell *t, uint64_t n, enum at_words_word one,
                                      enum at_words_word many) {
    if (n == 1) return at_words_fixed(one);
    return AT_SAID(t->arena, many, at_explain_tell_count(t, n));
}

/* ---- what people write as a percentage */

/* Rates without a payload have percentages as values, and no percentages as thresholds. */
bool at_explain_rates_percent(const struct at_plan *plan, const struct at_plan_node *node, bool thresholds) {
    const struct at_plan_steps *steps = node->data;
    (void)plan;
    if (!steps) return !thresholds;
    return (thresholds ? steps->threshold.unit : steps->value.unit) == AT_UNIT_PERCENT;
}

bool at_explain_is_percent(const struct at_explain_tell *t, uint32_t node) {
    return t->r->plan->nodes[node].type.unit == AT_UNIT_PERCENT;
}

/* ---- the text of the policy */

/* Removes comments and joins lines. A cut text loses its last whole character and ends with `…`, which
 * takes 3 bytes of the spare 4. */
at_str at_explain_line_of_source(const struct at_explain_tell *t, const struct at_ast_node *ast,
                                 unsigned most) {
    if (!ast || ast->span.end == 0) return (at_str){0};
    at_str text = at_lex_plain(t->arena, at_diag_sources_text(t->r->checked->ast->sources, ast->span));
    char *out = at_arena_get(t->arena, text.n + 4);
    uint32_t n = 0;
    bool comment = false, quoted = false;
    for (uint32_t i = 0; i < text.n && n < most; i++) {
        char c = text.p[i];
        if (c == '"' && !comment) quoted = !quoted;
        if (c == '#' && !quoted) comment = true;
        if (c == '\n') comment = false;
        if (comment) continue;
        bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (blank && (n == 0 || out[n - 1] == ' ')) continue;
        out[n++] = blank ? ' ' : c;
    }
    bool cut = n >= most;
    while (cut && n > 0 && ((uint8_t)out[n - 1] & 0xC0) == 0x80) /* never through a character */
        n--;
    if (cut && n > 0) n--;
    while (n > 0 && out[n - 1] == ' ')
        n--;
    if (cut) {
        memcpy(out + n, "…", 3);
        n += 3;
    }
    return (at_str){out, n};
}
