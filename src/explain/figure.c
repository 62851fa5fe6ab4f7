/* explain/figure.c: writes values and names as text, and reads the text of the policy. */
#include "base/numtext.h"
#include "explain/explain_int.h"
#include "syntax/plain.h"

/* A deeper name would be too long for a line anyway. It becomes the text of the policy. */
#define DEEPEST 5 /* of names made of names */

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
        if (run->group_of[p->place][t->payee] == UINT32_MAX) { /* belongs to no group */
            *state = AT_STATE_MISSING;
            return (struct at_plan_value){.type = p->type, .missing = true};
        }
        index = t->period * run->group_sizes[p->place] + run->group_of[p->place][t->payee];
        break;
    case AT_G_ROW:
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

/* Six decimals of the percentage suffice for rates. The caller adds the sign for shortened numbers. */
static at_str percent_text(const struct at_explain_tell *t, at_num num, bool *shortened) {
    at_num hundred = at_num_mul(t->arena, num, at_num_int(100));
    at_str text = at_num_print_short(t->arena, hundred, 6, true, shortened);
    return at_str_format(t->arena, "%.*s%%", AT_STR_ARG(text));
}

static at_str number_text(const struct at_explain_tell *t, const struct at_plan_value *value, bool percent,
                          bool *shortened) {
    if (value->type.kind == AT_T_MONEY) {
        const struct at_currency_info *info = at_currency_info(value->type.currency);
        /* Money is shown with all minor units of its currency. at_money_print decides the text; the call
         * before it only finds whether digits are lost. */
        unsigned digits = info && info->digits > 6 ? info->digits : 6;
        at_num_print_short(t->arena, at_plan_value_num(value), digits, false, shortened);
        return at_money_print(t->arena, at_plan_value_num(value), value->type.currency);
    }
    return percent ? percent_text(t, at_plan_value_num(value), shortened)
                   : at_num_print_short(t->arena, at_plan_value_num(value), 6, true, shortened);
}

static at_words_operand number_shown(const struct at_explain_tell *t, const struct at_plan_value *value,
                                     bool percent, bool *shortened) {
    bool days = value->type.kind == AT_T_DURATION;
    at_str text = number_text(t, value, percent && !days, shortened);
    if (*shortened) text = at_str_format(t->arena, "≈%.*s", AT_STR_ARG(text));
    if (!days) return at_words_digits(text);
    return AT_SAID(t->arena, value->type.months ? AT_W_MONTHS : AT_W_DAYS, at_words_text(text));
}

/* A reference is shown as the key of its row. */
static at_str ref_text(const struct at_explain_tell *t, const struct at_plan_value *value) {
    const struct at_schema *schema = &t->r->checked->schemas[value->type.table];
    if (schema->key < 0 || at_plan_value_row(value) < 0) return AT_STR("?");
    return at_session_table_text(t->r->run->data, value->type.table, (uint32_t)schema->key,
                                 (uint64_t)at_plan_value_row(value), t->arena);
}

at_words_operand at_explain_value_shown(const struct at_explain_tell *t, const struct at_plan_value *value,
                                        bool percent, bool *shortened) {
    *shortened = false;
    if (value->missing) return at_words_fixed(AT_W_NONE);
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_DURATION: return number_shown(t, value, percent, shortened);
    case AT_T_TEXT: return at_words_quoted(at_plan_value_text(value));
    case AT_T_DATE: return at_words_day(at_plan_value_day(value));
    case AT_T_PERIOD: return at_words_month(at_plan_value_period(value));
    case AT_T_FLAG: return at_words_fixed(at_plan_value_yes(value) ? AT_W_YES : AT_W_NO);
    case AT_T_ENUM:
        if (!value->type.choices || at_plan_value_row(value) < 0 ||
            (uint32_t)at_plan_value_row(value) >= value->type.choices->n)
            break;
        return at_words_quoted(value->type.choices->at[at_plan_value_row(value)]);
    case AT_T_REF: return at_words_quoted(ref_text(t, value));
    case AT_T_NONE: break;
    }
    return at_words_text(AT_STR("?"));
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
    return at_explain_tell_figure(t, step, &value, t->r->percent[node]);
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

/* Stops the walk at the first percentage or basis point. */
static bool find_percent(void *context, const struct at_ast_node *node) {
    bool *found = context;
    if (node->kind == AT_N_NUMBER && (node->flags & (AT_F_PERCENT | AT_F_BPS))) *found = true;
    return !*found;
}

bool at_explain_percent_literal(const struct at_ast_node *ast) {
    bool found = false;
    if (ast) at_ast_walk(ast, find_percent, &found);
    return found;
}

/* Rates without a declaration in the tree have percentages as values, and no percentages as thresholds. */
bool at_explain_rates_percent(const struct at_plan *plan, const struct at_plan_node *node, bool thresholds) {
    const struct at_check_policy *checked = plan->checked;
    const struct at_check_symbol *symbol = node->ast ? checked->symbols[node->ast->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_RATES) return !thresholds;
    const struct at_check_rates_decl *rates = &checked->rates[symbol->index];
    for (uint32_t i = 0; i < rates->n_steps; i++)
        if (at_explain_percent_literal(thresholds ? rates->steps[i].threshold : rates->steps[i].rate))
            return true;
    return false;
}

static bool lookup_percent(const struct at_plan *plan, const struct at_plan_node *node) {
    const struct at_plan_lookup *table = node->data;
    for (uint32_t i = 0; i < plan->checked->n_lookups; i++) {
        const struct at_check_lookup_decl *lookup = &plan->checked->lookups[i];
        if (!at_str_eq(lookup->symbol->name, table->name)) continue;
        for (uint32_t k = 0; lookup->values && k < lookup->n_rows * lookup->n_columns; k++)
            if (at_explain_percent_literal(lookup->values[k])) return true;
    }
    return false;
}

/* A percentage, or a number by which percentages are multiplied: a constant, a value of a table, or one made
 * of such values. A number of the data is neither. */
static bool is_factor(const struct at_plan *plan, uint32_t id, const bool *percent, const bool *factor) {
    const struct at_plan_node *node = &plan->nodes[id];
    bool all = node->n_in > 0;
    if (percent[id]) return true;
    for (uint16_t i = node->op == AT_P_IF ? 1 : 0; i < node->n_in; i++)
        all &= factor[node->in[i]];
    switch ((enum at_plan_op)node->op) {
    case AT_P_CONST:
    case AT_P_STEP:
    case AT_P_LOOKUP:
    case AT_P_CALL:
    case AT_P_DIV: return true;
    case AT_P_SPREAD:
    case AT_P_FROMCELL:
    case AT_P_FROMGROUP:
    case AT_P_TAKE: return factor[node->in[0]];
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MUL:
    case AT_P_NEG:
    case AT_P_ABS:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_IF:
    case AT_P_IFMISSING: return all;
    default: return false;
    }
}

static bool is_percent(const struct at_plan *plan, const struct at_plan_node *node, const bool *percent,
                       const bool *factor) {
    bool any = false;
    if (node->type.kind != AT_T_NUMBER) return false;
    for (uint16_t i = 0; i < node->n_in; i++)
        any |= percent[node->in[i]];
    switch ((enum at_plan_op)node->op) {
    case AT_P_CONST: return at_explain_percent_literal(node->ast) && node->ast->kind >= AT_N_NUMBER;
    case AT_P_ITEMSHARE: return true;
    /* Money over money is a ratio such as attainment, which people write as a percentage. */
    case AT_P_DIV: return plan->nodes[node->in[0]].type.kind == AT_T_MONEY;
    case AT_P_MUL: /* 60% of a score of 88 is 52.8; 1.2 times 5% is 6% */
        return any && factor[node->in[0]] && factor[node->in[1]];
    case AT_P_STEP: return at_explain_rates_percent(plan, node, false);
    case AT_P_LOOKUP: return lookup_percent(plan, node);
    case AT_P_COUNT:
    case AT_P_RANK:
    case AT_P_CALL:
    case AT_P_DATEPART:
    case AT_P_PERIODPART:
    case AT_P_DAYSBETWEEN: return false;
    case AT_P_FOLLOW: return percent[node->in[0]];
    case AT_P_CARRY:
    case AT_P_RUNCARRY: return percent[plan->carries[node->a].source];
    default: return any;
    }
}

bool *at_explain_find_percents(const struct at_plan *plan, struct at_arena *arena) {
    bool *percent = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    bool *factor = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    /* A value of an earlier period is written as its source is, which comes later: then once more. */
    for (uint32_t round = 0; round < (plan->n_carries ? 3 : 1); round++)
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            percent[id] = is_percent(plan, &plan->nodes[id], percent, factor);
            factor[id] = is_factor(plan, id, percent, factor);
        }
    return percent;
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

/* ---- names */

static at_words_operand phrase(const struct at_explain_tell *t, uint32_t node, unsigned depth);

static at_str field_name(const struct at_explain_tell *t, const struct at_plan_node *load, bool of_table) {
    const struct at_schema *schema = &t->r->checked->schemas[load->place];
    at_str field = schema->fields[load->a].name;
    if (!of_table) return field;
    return at_str_format(t->arena, "%.*s.%.*s", AT_STR_ARG(schema->name), AT_STR_ARG(field));
}

static at_str rates_name(const struct at_explain_tell *t, const struct at_plan_node *node) {
    const struct at_check_symbol *symbol = node->ast ? t->r->checked->symbols[node->ast->id] : NULL;
    return symbol && symbol->kind == AT_SYM_RATES ? symbol->name : AT_STR("rates");
}

static at_str feed_name(const struct at_explain_tell *t, uint32_t feed) {
    const struct at_check_feed_decl *decl = t->r->plan->feeds[feed].decl;
    if (decl && decl->name.n) return decl->name;
    return t->r->checked->schemas[t->r->plan->feeds[feed].table].name;
}

/* Field a of an aggregate is its feed. */
static at_words_operand aggregate_name(const struct at_explain_tell *t, const struct at_plan_node *node,
                                       unsigned depth) {
    at_words_operand feed = at_words_text(feed_name(t, (uint32_t)node->a));
    if (node->op == AT_P_COUNT) return AT_SAID(t->arena, AT_W_COUNT_FROM, feed);
    enum at_words_word word = node->op == AT_P_SUM     ? AT_W_SUM_FROM
                              : node->op == AT_P_LEAST ? AT_W_LEAST_FROM
                                                       : AT_W_MOST_FROM;
    return AT_SAID(t->arena, word, phrase(t, node->in[0], depth + 1), feed);
}

at_words_operand at_explain_group_name(const struct at_explain_tell *t, uint16_t group) {
    int32_t field = t->r->plan->groups[group].field;
    if (field < 0) return at_words_fixed(AT_W_GROUP_ALL);
    uint32_t table = (uint32_t)t->r->checked->payee_table;
    at_str name = t->r->checked->schemas[table].fields[field].name;
    at_str value = at_session_table_text(t->r->run->data, table, (uint32_t)field, t->payee, t->arena);
    return AT_SAID(t->arena, AT_W_GROUP_NAMED, at_words_text(name), at_words_text(value));
}

at_words_operand at_explain_period_kind_name(int kind) {
    static const enum at_words_word words[] = {
        [AT_WEEK] = AT_W_WEEK,          [AT_SEMIMONTH] = AT_W_MONTH, [AT_MONTH] = AT_W_MONTH,
        [AT_FISCAL_MONTH] = AT_W_MONTH, [AT_QUARTER] = AT_W_QUARTER, [AT_HALF] = AT_W_HALF,
        [AT_YEAR] = AT_W_YEAR};
    return at_words_fixed(words[kind >= AT_WEEK && kind <= AT_YEAR ? kind : AT_YEAR]);
}

/* The word for a prior period: in months, or the previous year, depending on the policy's periods. */
static enum at_words_word prior_word(const struct at_explain_tell *t, int back) {
    /* Periods in a year. A year has 52 or 53 weeks, so no number of weeks is a year. */
    static const int in_year[] = {[AT_SEMIMONTH] = 24, [AT_MONTH] = 12, [AT_FISCAL_MONTH] = 12,
                                  [AT_QUARTER] = 4,    [AT_HALF] = 2,   [AT_YEAR] = 1};
    uint8_t kind = t->r->run->first_period.kind;
    if (kind <= AT_YEAR && back == in_year[kind]) return AT_W_PRIOR_YEAR;
    return kind == AT_MONTH ? AT_W_PRIOR_MONTHS : AT_W_PRIOR_N;
}

static at_words_operand scan_name(const struct at_explain_tell *t, const struct at_plan_node *node,
                                  at_words_operand of) {
    static const enum at_words_word todate[] = {
        [AT_WEEK] = AT_W_TODATE_MONTH,      [AT_SEMIMONTH] = AT_W_TODATE_MONTH,
        [AT_MONTH] = AT_W_TODATE_MONTH,     [AT_FISCAL_MONTH] = AT_W_TODATE_MONTH,
        [AT_QUARTER] = AT_W_TODATE_QUARTER, [AT_HALF] = AT_W_TODATE_HALF,
        [AT_YEAR] = AT_W_TODATE_YEAR};
    uint32_t back;
    uint8_t rhythm;
    switch ((enum at_plan_op)node->op) {
    case AT_P_TODATE: return AT_SAID(t->arena, todate[node->a], of);
    case AT_P_PRIOR:
    case AT_P_CARRY:
        back = at_explain_past_count(t->r->plan, node, &rhythm);
        if (rhythm)
            return AT_SAID(t->arena, back == 1 ? AT_W_PRIOR_SPAN : AT_W_PRIOR_SPANS, of,
                           at_explain_span_name(rhythm - 1), at_explain_tell_count(t, back));
        if (back == 1) return AT_SAID(t->arena, AT_W_PRIOR, of);
        return AT_SAID(t->arena, prior_word(t, (int)back), of, at_explain_tell_count(t, back));
    case AT_P_TRAILING:
        if (node->b / 4)
            return AT_SAID(t->arena, AT_W_TRAILING_SPANS, of, at_explain_span_name(node->b / 4 - 1),
                           at_explain_tell_count(t, (uint64_t)node->a));
        return AT_SAID(t->arena, AT_W_TRAILING, of, at_explain_tell_count(t, (uint64_t)node->a));
    case AT_P_DELTA: return AT_SAID(t->arena, AT_W_DELTA, of);
    case AT_P_RANK: return AT_SAID(t->arena, AT_W_RANK, of);
    case AT_P_RUNNING: return AT_SAID(t->arena, AT_W_RUNNING, of);
    default: return of;
    }
}

/* Of what reads its own past: by the name that the policy writes, because its formula contains itself. */
static at_words_operand carry_name(const struct at_explain_tell *t, const struct at_plan_node *node,
                                   unsigned depth) {
    const struct at_ast_node *arg =
        node->ast && node->ast->kind == AT_N_CALL && node->ast->n > 0 ? node->ast->child[0] : NULL;
    const struct at_check_symbol *symbol = arg ? t->r->checked->symbols[arg->id] : NULL;
    bool named = symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT);
    at_words_operand of = named ? at_words_text(at_explain_name_of(symbol))
                                : phrase(t, t->r->plan->carries[node->a].source, depth + 1);
    return node->op == AT_P_RUNCARRY ? AT_SAID(t->arena, AT_W_RUNNING, of) : scan_name(t, node, of);
}

/* The plan has only < and <=. A comparison that the policy writes with > or >= is shown as written. */
static bool swapped(const struct at_plan_node *node) {
    return node->ast && node->ast->kind == AT_N_COMPARE && (node->op == AT_P_LT || node->op == AT_P_LE) &&
           (node->ast->op == AT_OP_GT || node->ast->op == AT_OP_GE);
}

/* Places in the catalogue for an operator; AT_W_COUNT where there is none. */
static enum at_words_word word_of(const struct at_plan_node *node) {
    switch ((enum at_plan_op)node->op) {
    case AT_P_ADD: return AT_W_ADD;
    case AT_P_SUB: return AT_W_SUB;
    case AT_P_DIV: return AT_W_DIV;
    case AT_P_NEG: return AT_W_NEG;
    case AT_P_ABS: return AT_W_ABS;
    case AT_P_MIN: return AT_W_MIN;
    case AT_P_MAX: return AT_W_MAX;
    case AT_P_OVER: return AT_W_OVER;
    case AT_P_UPTO: return AT_W_UPTO;
    case AT_P_BETWEEN: return AT_W_BETWEEN;
    case AT_P_EQ: return AT_W_EQ;
    case AT_P_NE: return AT_W_NE;
    case AT_P_LT: return swapped(node) ? AT_W_GT : AT_W_LT;
    case AT_P_LE: return swapped(node) ? AT_W_GE : AT_W_LE;
    case AT_P_AND: return AT_W_AND;
    case AT_P_OR: return AT_W_OR;
    case AT_P_NOT: return AT_W_NOT;
    case AT_P_MISSING: return AT_W_MISSING;
    case AT_P_IFMISSING: return AT_W_IFMISSING;
    case AT_P_DAYSBETWEEN: return AT_W_DAYS_FROM;
    case AT_P_ROUND: return AT_W_ROUND;
    default: return AT_W_COUNT;
    }
}

/* Writes an operator with the texts of its inputs, which are names or values. */
at_words_operand at_explain_put_op(const struct at_explain_tell *t, uint32_t node,
                                   const at_words_operand *args, uint32_t n) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    at_words_operand turned[2];
    enum at_words_word word = word_of(p);
    if (p->op == AT_P_MUL || swapped(p)) {
        /* A percentage is always the first factor, because sentences say "10% of bookings". */
        bool turn = swapped(p) || (t->r->percent[p->in[1]] && !t->r->percent[p->in[0]]);
        turned[0] = args[turn];
        turned[1] = args[!turn];
        args = turned;
    }
    if (p->op == AT_P_MUL) word = t->r->percent[p->in[0]] || t->r->percent[p->in[1]] ? AT_W_OF : AT_W_TIMES;
    if (word == AT_W_COUNT) return (at_words_operand){0};
    if (p->op == AT_P_NOT &&
        t->r->plan->nodes[p->in[0]].op == AT_P_MISSING) { /* of the value that is there */
        at_words_operand of = at_explain_phrase(t, t->r->plan->nodes[p->in[0]].in[0]);
        return AT_SAID(t->arena, AT_W_FILLED, of);
    }
    return at_words_inner(t->arena, word, args, n);
}

/* Sums inside products need words that keep them together. */
static bool loose(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[at_explain_plain_node(t, node)];
    return (p->op == AT_P_ADD || p->op == AT_P_SUB) && t->r->measure_of[at_explain_plain_node(t, node)] < 0;
}

/* A constant follows the other side: 0 and 0% are one node, and 120% may meet a ratio of counts. */
bool at_explain_compares_percents(const struct at_explain_tell *t, const struct at_plan_node *p) {
    bool percent = false;
    for (uint16_t i = 0; i < p->n_in && i < 2; i++) {
        const struct at_plan_node *in = &t->r->plan->nodes[p->in[i]];
        const struct at_plan_value *value = in->data;
        bool zero = in->op == AT_P_CONST && at_plan_type_counts(value->type) && !value->missing &&
                    at_num_is_zero(at_plan_value_num(value));
        percent |= t->r->percent[p->in[i]] && !zero;
    }
    return percent;
}

/* Returns whether the factor is a part of a value, which a sentence must state. */
static bool is_slice(const struct at_explain_tell *t, uint32_t node) {
    node = at_explain_plain_node(t, node);
    enum at_plan_op op = t->r->plan->nodes[node].op;
    return t->r->measure_of[node] < 0 && (op == AT_P_OVER || op == AT_P_UPTO || op == AT_P_BETWEEN);
}

/* `depth` counts names inside names. phrase() ends the recursion. */
static at_words_operand phrase_of_op(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    at_words_operand args[3] = {{0}};
    if (word_of(p) == AT_W_COUNT && p->op != AT_P_MUL) return (at_words_operand){0};
    bool tight = p->op == AT_P_MUL || p->op == AT_P_DIV || p->op == AT_P_OVER || p->op == AT_P_UPTO;
    bool compares = p->op == AT_P_EQ || p->op == AT_P_NE || p->op == AT_P_LT || p->op == AT_P_LE;
    for (uint16_t i = 0; i < p->n_in && i < 3; i++) {
        const struct at_plan_node *in = &t->r->plan->nodes[p->in[i]];
        bool shortened;
        args[i] = compares && in->op == AT_P_CONST
                      ? at_explain_value_shown(t, in->data, at_explain_compares_percents(t, p), &shortened)
                      : phrase(t, p->in[i], depth + 1);
        if (tight && loose(t, p->in[i]))
            args[i] = AT_SAID(t->arena, AT_W_SUM_PART, args[i]);
        else if (p->op == AT_P_MUL && is_slice(t, p->in[i]))
            args[i] = AT_SAID(t->arena, AT_W_PART, args[i]);
    }
    return at_explain_put_op(t, node, args, p->n_in);
}

static at_words_operand phrase_of_rates(const struct at_explain_tell *t, const struct at_plan_node *p,
                                        unsigned depth) {
    at_words_operand x = phrase(t, p->in[0], depth + 1), rates = at_words_text(rates_name(t, p));
    if (p->op == AT_P_STEP) return AT_SAID(t->arena, AT_W_STEP, rates, x);
    if (p->op == AT_P_THROUGH && p->n_in > 1)
        return AT_SAID(t->arena, AT_W_THROUGH_OF, x, rates, phrase(t, p->in[1], depth + 1));
    if (p->op == AT_P_THROUGH) return AT_SAID(t->arena, AT_W_THROUGH, x, rates);
    at_words_operand name = at_words_text(((const struct at_plan_lookup *)p->data)->name);
    if (p->n_in < 2) return AT_SAID(t->arena, AT_W_STEP, name, x);
    return AT_SAID(t->arena, AT_W_LOOKUP2, name, x, phrase(t, p->in[1], depth + 1));
}

static at_words_operand phrase_by_op(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_node *in = p->n_in ? &t->r->plan->nodes[p->in[0]] : NULL;
    bool shortened;
    switch ((enum at_plan_op)p->op) {
    case AT_P_CONST: return at_explain_value_shown(t, p->data, t->r->percent[node], &shortened);
    case AT_P_LOAD: return at_words_text(field_name(t, p, p->place == (uint16_t)t->r->checked->payee_table));
    case AT_P_FOLLOW:
        return in->op == AT_P_LOAD ? at_words_text(field_name(t, in, true)) : phrase(t, p->in[0], depth);
    case AT_P_CHOICETEXT:
    case AT_P_TAKE: return phrase(t, p->in[0], depth);
    case AT_P_ITEMSHARE: return at_words_fixed(AT_W_SHARE);
    case AT_P_CELLPERIOD:
    case AT_P_ITEMPERIOD: return at_words_fixed(AT_W_PERIOD);
    case AT_P_SUM:
    case AT_P_COUNT:
    case AT_P_LEAST:
    case AT_P_MOST: return aggregate_name(t, p, depth);
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
        if (p->a == p->place + 1) return phrase(t, p->in[0], depth);
        return AT_SAID(t->arena, AT_W_GROUP_OF, phrase(t, p->in[0], depth + 1),
                       at_explain_group_name(t, p->place));
    case AT_P_CARRY:
    case AT_P_RUNCARRY: return carry_name(t, p, depth);
    case AT_P_TODATE:
    case AT_P_PRIOR:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_RANK:
    case AT_P_RUNNING: return scan_name(t, p, phrase(t, p->in[0], depth + 1));
    case AT_P_STEP:
    case AT_P_THROUGH:
    case AT_P_LOOKUP: return phrase_of_rates(t, p, depth);
    case AT_P_PERIODLAST: return AT_SAID(t->arena, AT_W_LAST_PERIOD, at_explain_span_name(p->a));
    case AT_P_IF:
        if (at_explain_is_at_end(t, node)) return phrase(t, p->in[1], depth + 1);
        return (at_words_operand){0};
    default: return phrase_of_op(t, node, depth);
    }
}

/* What a credit says of its amount is called so by the policy as well. */
static bool is_credited_amount(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    while (p->op == AT_P_TAKE)
        p = &t->r->plan->nodes[p->in[0]];
    for (uint32_t i = 0; p->ast && t->row && p->op != AT_P_CONST && i < t->r->checked->n_feeds; i++)
        if (t->r->checked->feeds[i].amount == p->ast) return true;
    return false;
}

/* A label is written for the people who read explanations; the name is for the policy. */
at_str at_explain_name_of(const struct at_check_symbol *symbol) {
    return symbol->label.n ? symbol->label : symbol->name;
}

/* The measure or component that has this node as its value, by label or name.
 * Order: a measure at this node, a measure at the plain node, a measure that is spread from it, then a
 * component. */
static at_str name_of_node(const struct at_explain_tell *t, uint32_t node) {
    const struct at_explain_run *r = t->r;
    uint32_t plain = at_explain_plain_node(t, node);
    int32_t measure = r->measure_of[node] >= 0    ? r->measure_of[node]
                      : r->measure_of[plain] >= 0 ? r->measure_of[plain]
                                                  : r->name_of[plain];
    if (measure >= 0) return at_explain_name_of(r->checked->measures[measure].symbol);
    if (r->component_of[plain] >= 0)
        return at_explain_name_of(r->checked->components[r->component_of[plain]].symbol);
    if (t->adjusting && r->begins_of[plain] >= 0)
        return at_explain_name_of(r->checked->components[r->begins_of[plain]].symbol);
    return (at_str){0};
}

/* A name that is too long for a line is the text of the policy instead. How long a sentence is depends on the
 * language, so it carries that text.
 * NONE means that the node has no name. The source text is then the only name left. */
static at_words_operand limited(const struct at_explain_tell *t, uint32_t node, at_words_operand name) {
    if (name.kind != AT_OPERAND_NONE && at_words_bound(&name) <= AT_WORDS_WIDEST) return name;
    at_str source = at_explain_line_of_source(t, t->r->plan->nodes[node].ast, 200);
    if (name.kind == AT_OPERAND_NONE) return at_words_text(source.n ? source : AT_STR("…"));
    if (source.n == 0) return name;
    if (name.kind == AT_OPERAND_SENTENCE) return at_words_or(t->arena, name, source);
    bool text =
        name.kind == AT_OPERAND_TEXT || name.kind == AT_OPERAND_NUMBER || name.kind == AT_OPERAND_QUOTED;
    return text && at_utf8_width(name.text) > AT_WORDS_WIDEST ? at_words_text(source) : name;
}

static at_words_operand phrase(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    at_str known = name_of_node(t, node);
    if (known.n) return at_words_text(known);
    node = at_explain_plain_node(t, node);
    int32_t pool = t->r->pool_of[node];
    if (pool >= 0)
        return AT_SAID(t->arena, AT_W_POOL_AMOUNT,
                       at_words_text(t->r->checked->components[pool].symbol->name));
    if (is_credited_amount(t, node)) return at_words_fixed(AT_W_CREDITED_AMOUNT);
    at_words_operand name = {0};
    if (depth <= DEEPEST) name = phrase_by_op(t, node, depth);
    return limited(t, node, name);
}

at_words_operand at_explain_phrase(const struct at_explain_tell *t, uint32_t node) {
    return phrase(t, node, 0);
}

/* ---- thresholds */

at_words_operand at_explain_threshold_name(const struct at_explain_tell *t, const struct at_plan_steps *steps,
                                           uint32_t i, bool percent) {
    struct at_plan_value value = at_plan_value_of_num(steps->threshold, steps->thresholds[i]);
    bool shortened;
    at_words_operand text = at_explain_value_shown(t, &value, percent, &shortened);
    return AT_SAID(t->arena, steps->point[i] ? AT_W_POINT : steps->above[i] ? AT_W_ABOVE : AT_W_FROM, text);
}
