/* explain/name.c: what values are called: "10% of bookings". */
#include "base/numtext.h"
#include "explain/explain_int.h"

/* A deeper name would be too long for a line anyway. It becomes the text of the policy. */
#define DEEPEST 5 /* of names made of names */

static at_words_operand phrase(const struct at_explain_tell *t, uint32_t node, unsigned depth);
static at_str name_of_node(const struct at_explain_tell *t, uint32_t node);

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
    const struct at_schema_field *own = &t->r->checked->schemas[table].fields[field];
    const struct at_kernel_frame *frame = t->r->run->frame;
    at_str name = own->name, value = {"", 0};
    if (!frame->versions[group].n_periods) {
        value = at_session_table_text(t->r->run->data, table, (uint32_t)field, t->payee, t->arena);
    } else { /* as of the last day of the period */
        uint32_t number = at_explain_group_at(t, group);
        if (number != UINT32_MAX)
            value = at_session_table_text(t->r->run->data, own->dated_table, own->dated_field,
                                          (uint32_t)frame->versions[group].row[number], t->arena);
    }
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
        if (node->a == AT_SINCE_START) return AT_SAID(t->arena, AT_W_SINCE, of);
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

/* A payee who has moved was in another group. */
static at_words_operand earlier_name(const struct at_explain_tell *t, const struct at_plan_node *node,
                                     unsigned depth) {
    uint32_t back;
    at_explain_past_source(t->r->run, node, t->period, &back);
    if (back > t->period) return phrase(t, node->in[0], depth + 1);
    struct at_explain_tell then = at_explain_in_period(t, node->in[0], t->period - back);
    return phrase(&then, node->in[0], depth + 1);
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
    if (node->op == AT_P_RUNCARRY && node->b > 0)
        return AT_SAID(t->arena, AT_W_RUNNING_IN, of, at_explain_span_name(node->b - 1));
    return node->op == AT_P_RUNCARRY ? AT_SAID(t->arena, AT_W_RUNNING, of) : scan_name(t, node, of);
}

/* Of the lines of a component, by its name. */
static at_words_operand running_name(const struct at_explain_tell *t, const struct at_plan_node *node,
                                     unsigned depth) {
    const struct at_ast_node *arg =
        node->ast && node->ast->kind == AT_N_CALL && node->ast->n > 0 ? node->ast->child[0] : NULL;
    const struct at_check_symbol *symbol = arg ? t->r->checked->symbols[arg->id] : NULL;
    bool lines = symbol && symbol->kind == AT_SYM_COMPONENT;
    return scan_name(t, node,
                     lines ? at_words_text(at_explain_name_of(symbol)) : phrase(t, node->in[0], depth + 1));
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
    case AT_P_ROUND:
        return (node->b & 3) == AT_ROUND_DOWN ? AT_W_ROUNDDOWN_OF
               : (node->b & 3) == AT_ROUND_UP ? AT_W_ROUNDUP_OF
                                              : AT_W_ROUND;
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
        bool turn = swapped(p) || (at_explain_is_percent(t, p->in[1]) && !at_explain_is_percent(t, p->in[0]));
        turned[0] = args[turn];
        turned[1] = args[!turn];
        args = turned;
    }
    if (p->op == AT_P_MUL)
        word =
            at_explain_is_percent(t, p->in[0]) || at_explain_is_percent(t, p->in[1]) ? AT_W_OF : AT_W_TIMES;
    if (word == AT_W_COUNT) return (at_words_operand){0};
    if (p->op == AT_P_NOT &&
        t->r->plan->nodes[p->in[0]].op == AT_P_MISSING) { /* of the value that is there */
        at_words_operand of = at_explain_phrase(t, t->r->plan->nodes[p->in[0]].in[0]);
        return AT_SAID(t->arena, AT_W_FILLED, of);
    }
    return at_words_inner(t->arena, word, args, n);
}

/* Sums, choices, and the like inside products need words that keep them together. */
static bool loose(const struct at_explain_tell *t, uint32_t node) {
    if (name_of_node(t, node).n) return false;
    node = at_explain_plain_node(t, node);
    if (t->r->pool_of[node] >= 0 || at_explain_call_at(t, node)) return false;
    switch ((enum at_plan_op)t->r->plan->nodes[node].op) {
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_IF:
    case AT_P_IFMISSING:
    case AT_P_DAYSBETWEEN:
    case AT_P_ROUND: return true;
    default: return false;
    }
}

/* The sentence of a function of the standard library has words that could belong to what follows. */
static bool is_phrase_of_library(const at_words_operand *name) {
    return name->kind == AT_OPERAND_SENTENCE && name->sentence->word >= AT_W_STD_LINE &&
           name->sentence->word <= AT_W_STD_WHOLE_MONTHS;
}

/* A constant follows the other side: 120% may meet a ratio of counts. */
bool at_explain_compares_percents(const struct at_explain_tell *t, const struct at_plan_node *p) {
    return p->n_in == 2 && at_plan_unit_join(t->r->plan, p->in[0], p->in[1]) == AT_UNIT_PERCENT;
}

/* Returns whether the factor is a part of a value, or one of several, which a sentence must state. */
static bool is_slice(const struct at_explain_tell *t, uint32_t node) {
    node = at_explain_plain_node(t, node);
    enum at_plan_op op = t->r->plan->nodes[node].op;
    bool part = op == AT_P_OVER || op == AT_P_UPTO || op == AT_P_BETWEEN || op == AT_P_MIN || op == AT_P_MAX;
    return t->r->measure_of[node] < 0 && part;
}

/* `a within 6 months of b` is two comparisons with days that are calculated from b. */
static at_words_operand within_name(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *nodes = t->r->plan->nodes, *p = &nodes[node], *first = &nodes[p->in[0]];
    if (!t->use || t->use->kind != AT_N_WITHIN || first->op != AT_P_LE) return (at_words_operand){0};
    const struct at_plan_node *from = &nodes[at_explain_plain_node(t, first->in[0])];
    if (from->op != AT_P_DATEADD || from->n_in > 1) return (at_words_operand){0};
    struct at_plan_value far = at_plan_value_of_num((at_type){.kind = AT_T_DURATION, .months = from->b != 0},
                                                    at_num_abs(t->arena, at_num_int(from->a)));
    bool shortened;
    return AT_SAID(t->arena, AT_W_WITHIN, phrase(t, first->in[1], depth + 1),
                   at_explain_value_shown(t, &far, false, &shortened), phrase(t, from->in[0], depth + 1));
}

/* What follows a choice in a sum would read as a part of its last case. */
static bool is_choice(const struct at_explain_tell *t, uint32_t node) {
    enum at_plan_op op = t->r->plan->nodes[at_explain_plain_node(t, node)].op;
    bool choice = op == AT_P_IF || op == AT_P_IFMISSING || op == AT_P_MIN || op == AT_P_MAX;
    return choice && name_of_node(t, node).n == 0 && !at_explain_call_at(t, at_explain_plain_node(t, node));
}

static bool compares(const struct at_plan_node *p) {
    return p->op == AT_P_EQ || p->op == AT_P_NE || p->op == AT_P_LT || p->op == AT_P_LE;
}

/* The names of what an operator takes, at most three. `depth` counts names inside names. phrase() ends the
 * recursion. */
static void name_inputs(const struct at_explain_tell *t, uint32_t node, at_words_operand *args,
                        unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    bool sum = p->op == AT_P_ADD || p->op == AT_P_SUB;
    bool tight = p->op == AT_P_MUL || p->op == AT_P_DIV || p->op == AT_P_OVER || p->op == AT_P_UPTO;
    for (uint16_t i = 0; i < p->n_in && i < 3; i++) {
        const struct at_plan_node *in = &t->r->plan->nodes[p->in[i]];
        bool shortened;
        args[i] = compares(p) && in->op == AT_P_CONST
                      ? at_explain_value_shown(t, in->data, at_explain_compares_percents(t, p), &shortened)
                      : phrase(t, p->in[i], depth + 1);
        if (sum && is_choice(t, p->in[i])) args[i] = AT_SAID(t->arena, AT_W_SUM_PART, args[i]);
        if (tight && (loose(t, p->in[i]) || is_phrase_of_library(&args[i])))
            args[i] = AT_SAID(t->arena, AT_W_SUM_PART, args[i]);
        else if (p->op == AT_P_MUL && is_slice(t, p->in[i]))
            args[i] = AT_SAID(t->arena, AT_W_PART, args[i]);
    }
}

/* Whether it is a value times the days of a stay. */
static bool of_days(const struct at_explain_tell *t, const struct at_plan_node *p) {
    const struct at_plan_node *nodes = t->r->plan->nodes, *share = &nodes[p->in[1]];
    return share->op == AT_P_DIV && nodes[share->in[0]].op == AT_P_STAYDAYS;
}

static at_words_operand phrase_of_op(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    at_words_operand args[3] = {{0}};
    if (word_of(p) == AT_W_COUNT && p->op != AT_P_MUL) return (at_words_operand){0};
    name_inputs(t, node, args, depth);
    return at_explain_put_op(t, node, args, p->n_in);
}

/* "kind is one of core, services" */
static at_words_operand listed_name(const struct at_explain_tell *t, uint32_t node, bool negated,
                                    unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_set *set = p->data;
    at_words_operand list = {0};
    for (uint32_t i = 0; i < set->n; i++) {
        bool shortened;
        at_words_operand item =
            at_explain_value_shown(t, &set->values[i], at_explain_is_percent(t, p->in[0]), &shortened);
        list = list.kind ? AT_SAID(t->arena, AT_W_LIST, list, item) : item;
    }
    enum at_words_word one = negated ? AT_W_NE : AT_W_EQ, many = negated ? AT_W_NOT_ONE_OF : AT_W_IS_ONE_OF;
    return AT_SAID(t->arena, set->n > 1 ? many : one, phrase(t, p->in[0], depth + 1), list);
}

/* `not (discount > 20%)` is "discount ≤ 20%". */
static at_words_operand negated_name(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    uint32_t in = at_explain_plain_node(t, t->r->plan->nodes[node].in[0]);
    const struct at_plan_node *p = &t->r->plan->nodes[in];
    if (at_explain_measure_at(t, in) >= 0) return (at_words_operand){0};
    if (p->op == AT_P_IN) return listed_name(t, in, true, depth);
    if (!compares(p)) return (at_words_operand){0};
    at_words_operand args[3] = {{0}};
    name_inputs(t, in, args, depth);
    enum at_words_word word = p->op == AT_P_EQ   ? AT_W_NE
                              : p->op == AT_P_NE ? AT_W_EQ
                              : p->op == AT_P_LT ? (swapped(p) ? AT_W_LE : AT_W_GE)
                                                 : (swapped(p) ? AT_W_LT : AT_W_GT);
    return AT_SAID(t->arena, word, args[swapped(p)], args[!swapped(p)]);
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

/* The rows that refer to a row: "the sum of amount from receipt". */
static at_words_operand gathered_name(const struct at_explain_tell *t, const struct at_plan_node *p,
                                      unsigned depth) {
    static const enum at_words_word words[] = {AT_W_SUM_FROM, AT_W_COUNT_FROM, AT_W_LEAST_FROM,
                                               AT_W_MOST_FROM};
    at_words_operand table = at_words_text(t->r->checked->schemas[t->r->plan->nodes[p->in[0]].place].name);
    if (p->a == AT_GATHER_COUNT) return AT_SAID(t->arena, AT_W_COUNT_FROM, table);
    return AT_SAID(t->arena, words[p->a], phrase(t, p->in[1], depth + 1), table);
}

/* The share of a recipient, or that of a period in a longer one. */
static enum at_words_word share_word(const struct at_explain_tell *t, const struct at_plan_node *p) {
    const struct at_plan_feed *feed = &t->r->plan->feeds[p->place];
    for (uint32_t i = 0; i < feed->n_to; i++)
        if (feed->to[i].share != AT_NO_NODE) return AT_W_SHARE;
    return feed->spread == AT_OP_NONE ? AT_W_SHARE : AT_W_SHARE_OF_PERIODS;
}

/* A dated field, with the day from which its row holds, and the row. Where the row is not known, the name
 * alone.
 */
static at_words_operand dated_name(const struct at_explain_tell *t, const struct at_plan_node *load,
                                   uint32_t row_node) {
    const struct at_check_policy *checked = t->r->checked;
    const struct at_plan_node *row = &t->r->plan->nodes[row_node];
    const struct at_schema *schema = &checked->schemas[row->type.table];
    at_words_operand name = at_words_text(
        at_str_format(t->arena, "%.*s.%.*s", AT_STR_ARG(checked->schemas[checked->payee_table].name),
                      AT_STR_ARG(schema->fields[load->a].name)));
    uint32_t state = AT_STATE_OK;
    if (!schema->dated || row->op != AT_P_DATEDROW) return name;
    struct at_plan_value value = at_explain_tell_value(t, row_node, &state);
    const struct at_table *table = &t->r->run->data->tables[row->type.table];
    if (state != AT_STATE_OK || value.missing || !table->resident) return name;
    uint32_t at = (uint32_t)at_plan_value_row(&value);
    const struct at_col *since = &table->cols[schema->since];
    uint64_t line = table->lines ? table->lines[at] : (uint64_t)at + 1;
    return AT_SAID(
        t->arena, AT_W_DATED_FIELD, name, at_words_day(since->day[since->one ? 0 : at]),
        at_words_text(at_table_dataset_row_name(t->r->run->data, row->type.table, line, t->arena)));
}

/* A field of another row, by the way that leads to it: `pilot.amount`. */
static at_words_operand followed_name(const struct at_explain_tell *t, const struct at_plan_node *p,
                                      unsigned depth) {
    const struct at_plan_node *in = &t->r->plan->nodes[p->in[0]], *by = &t->r->plan->nodes[p->in[1]];
    while (by->op == AT_P_TAKE)
        by = &t->r->plan->nodes[by->in[0]];
    if (in->op != AT_P_LOAD) { /* calculated for the other row, whose fields are named by the way there */
        struct at_explain_followed other = {.table = in->place, .name = phrase(t, p->in[1], depth + 1)};
        struct at_explain_tell at = *t;
        bool leads = by->op == AT_P_LOAD || by->op == AT_P_FOLLOW;
        if (leads) at.followed = &other;
        return phrase(&at, p->in[0], depth);
    }
    if (by->op == AT_P_DATEDROW && in->op == AT_P_LOAD)
        return dated_name(t, in, (uint32_t)(by - t->r->plan->nodes));
    if (by->op != AT_P_LOAD && by->op != AT_P_FOLLOW) return at_words_text(field_name(t, in, true));
    return AT_SAID(t->arena, AT_W_FIELD_OF, phrase(t, p->in[1], depth + 1),
                   at_words_text(field_name(t, in, false)));
}

/* A day some days or months before or after another. */
static at_words_operand moved_day(const struct at_explain_tell *t, const struct at_plan_node *p,
                                  unsigned depth) {
    at_words_operand of = phrase(t, p->in[0], depth + 1);
    if (p->n_in > 1) return AT_SAID(t->arena, AT_W_DATE_ON, of, phrase(t, p->in[1], depth + 1));
    struct at_plan_value far = at_plan_value_of_num((at_type){.kind = AT_T_DURATION, .months = p->b != 0},
                                                    at_num_abs(t->arena, at_num_int(p->a)));
    bool shortened;
    return AT_SAID(t->arena, p->a < 0 ? AT_W_DATE_BACK : AT_W_DATE_ON, of,
                   at_explain_value_shown(t, &far, false, &shortened));
}

struct at_explain_many at_explain_many_of(const struct at_explain_tell *t, uint32_t node) {
    AT_VEC(uint32_t) open = {0}, out = {0};
    enum at_plan_op op = t->r->plan->nodes[node].op;
    AT_VEC_PUSH(t->arena, &open, node);
    while (open.n > 0) {
        uint32_t id = open.at[--open.n];
        const struct at_plan_node *p = &t->r->plan->nodes[id];
        if (id != node && (p->op != op || at_explain_measure_at(t, id) >= 0 || at_explain_call_at(t, id))) {
            AT_VEC_PUSH(t->arena, &out, id);
            continue;
        }
        AT_VEC_PUSH(t->arena, &open, p->in[1]);
        AT_VEC_PUSH(t->arena, &open, p->in[0]);
    }
    return (struct at_explain_many){out.at, out.n};
}

static at_words_operand phrase_of_many(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    struct at_explain_many many = at_explain_many_of(t, node);
    at_words_operand list = {0};
    if (many.n <= 2) return phrase_of_op(t, node, depth);
    for (size_t i = 0; i < many.n; i++) {
        at_words_operand one = phrase(t, many.at[i], depth + 1);
        list = list.kind ? AT_SAID(t->arena, AT_W_LIST, list, one) : one;
    }
    bool least = t->r->plan->nodes[node].op == AT_P_MIN;
    return AT_SAID(t->arena, least ? AT_W_MIN_OF : AT_W_MAX_OF, list);
}

static at_words_operand phrase_by_op(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    at_words_operand within;
    bool shortened;
    switch ((enum at_plan_op)p->op) {
    case AT_P_CONST: return at_explain_value_shown(t, p->data, at_explain_is_percent(t, node), &shortened);
    case AT_P_LOAD:
        if (t->followed && t->followed->table == p->place)
            return AT_SAID(t->arena, AT_W_FIELD_OF, t->followed->name,
                           at_words_text(field_name(t, p, false)));
        return at_words_text(field_name(t, p, p->place == (uint16_t)t->r->checked->payee_table));
    case AT_P_AND:
        within = within_name(t, node, depth);
        return within.kind ? within : phrase_of_op(t, node, depth);
    case AT_P_MIN:
    case AT_P_MAX: return phrase_of_many(t, node, depth);
    case AT_P_CALL: return at_explain_hook_name(t, node, depth);
    case AT_P_FOLLOW: return followed_name(t, p, depth);
    case AT_P_GATHER: return gathered_name(t, p, depth);
    case AT_P_DATEDMEAN:
        return AT_SAID(t->arena, AT_W_PRORATED,
                       at_words_text(t->r->checked->schemas[p->a].fields[p->b].name));
    case AT_P_EXCHANGE:
        return AT_SAID(t->arena, AT_W_STEP,
                       at_words_text(t->r->checked->schemas[t->r->plan->nodes[p->in[0]].place].name),
                       phrase(t, p->in[3], depth + 1));
    case AT_P_MUL:
        if (of_days(t, p)) return AT_SAID(t->arena, AT_W_PRORATED, phrase(t, p->in[0], depth + 1));
        return at_explain_converts(t, node) ? phrase(t, p->in[0], depth) : phrase_of_op(t, node, depth);
    case AT_P_DATEADD: return moved_day(t, p, depth);
    case AT_P_CHOICETEXT:
    case AT_P_TAKE: return phrase(t, p->in[0], depth);
    case AT_P_ITEMSHARE: return at_words_fixed(share_word(t, p));
    case AT_P_LEVEL: return at_words_fixed(AT_W_LEVEL);
    case AT_P_COVERDAYS: return at_words_text(AT_STR("covered.days"));
    case AT_P_COVERLAST: return at_words_text(AT_STR("covered.last"));
    case AT_P_STAYDAYS: return at_words_fixed(AT_W_STAY_DAYS);
    case AT_P_STAYLAST: return at_words_fixed(AT_W_STAY_LAST);
    case AT_P_TOSTAY:
    case AT_P_FROMSTAY:
    case AT_P_COVERED: return phrase(t, p->in[0], depth);
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
    case AT_P_PRIOR: return scan_name(t, p, earlier_name(t, p, depth));
    case AT_P_TODATE:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_RANK: return scan_name(t, p, phrase(t, p->in[0], depth + 1));
    case AT_P_RUNNING: return running_name(t, p, depth);
    case AT_P_PAID:
        return AT_SAID(t->arena, AT_W_LINES_OF,
                       at_words_text(at_explain_name_of(t->r->checked->components[p->a].symbol)));
    case AT_P_LINEOF:
        return AT_SAID(t->arena, AT_W_LINE_OF,
                       at_words_text(at_explain_name_of(t->r->checked->components[p->b].symbol)),
                       phrase(t, p->in[1], depth + 1));
    case AT_P_STEP:
    case AT_P_THROUGH:
    case AT_P_LOOKUP: return phrase_of_rates(t, p, depth);
    case AT_P_ASOF:
        return AT_SAID(t->arena, AT_W_AS_OF, phrase(t, p->in[0], depth + 1), phrase(t, p->in[1], depth + 1));
    case AT_P_PERIODLAST: return AT_SAID(t->arena, AT_W_LAST_PERIOD, at_explain_span_name(p->a));
    case AT_P_IF:
        if (at_explain_is_at_end(t, node)) return phrase(t, p->in[1], depth + 1);
        return (at_words_operand){0};
    case AT_P_IN: return listed_name(t, node, false, depth);
    case AT_P_NOT:
        within = negated_name(t, node, depth);
        return within.kind ? within : phrase_of_op(t, node, depth);
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

/* The measure or component that has this node as its value, by label or name. */
static at_str name_of_node(const struct at_explain_tell *t, uint32_t node) {
    const struct at_explain_run *r = t->r;
    uint32_t plain = at_explain_plain_node(t, node);
    int32_t measure = at_explain_measure_at(t, node);
    if (measure < 0 && plain != node) measure = at_explain_measure_at(t, plain);
    if (measure >= 0) return at_explain_name_of(r->checked->measures[measure].symbol);
    int32_t component = at_explain_component_at(t, plain);
    if (component < 0 && t->adjusting && !at_explain_is_given(t, plain)) component = r->begins_of[plain];
    if (component >= 0) return at_explain_name_of(r->checked->components[component].symbol);
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

/* What is within the name is meant as the expression of the node means it. */
static at_words_operand phrase_within(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    struct at_explain_tell at = *t;
    const struct at_plan_site *call = at_explain_call_at(t, node);
    at.use = at_explain_site_of(t, node);
    return call ? at_explain_call_name(&at, node, call, depth) : phrase_by_op(&at, node, depth);
}

static at_words_operand phrase(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    at_str known = name_of_node(t, node);
    if (known.n) return at_words_text(known);
    node = at_explain_plain_node(t, node);
    if (t->adjusting && t->r->total[node]) return at_words_fixed(AT_W_TOTAL_SO_FAR);
    int32_t pool = t->r->pool_of[node];
    if (pool >= 0)
        return AT_SAID(t->arena, AT_W_POOL_AMOUNT,
                       at_words_text(at_explain_name_of(t->r->checked->components[pool].symbol)));
    if (t->r->balance_of[node] >= 0) return at_explain_owed_name(t, node);
    uint32_t before, value;
    enum at_explain_total total = at_explain_running_total(t, node, &before, &value);
    if (total != AT_TOTAL_NONE) return at_explain_total_name(t, total, value, depth);
    if (!t->followed && is_credited_amount(t, node)) return at_words_fixed(AT_W_CREDITED_AMOUNT);
    at_words_operand name = {0};
    if (depth <= DEEPEST) name = phrase_within(t, node, depth);
    return limited(t, node, name);
}

at_words_operand at_explain_phrase(const struct at_explain_tell *t, uint32_t node) {
    return phrase(t, node, 0);
}

at_words_operand at_explain_phrase_below(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    return phrase(t, node, depth + 1);
}

/* ---- thresholds */

at_words_operand at_explain_threshold_name(const struct at_explain_tell *t, const struct at_plan_steps *steps,
                                           uint32_t i, bool percent) {
    struct at_plan_value value = at_plan_value_of_num(steps->threshold, steps->thresholds[i]);
    bool shortened;
    at_words_operand text = at_explain_value_shown(t, &value, percent, &shortened);
    return AT_SAID(t->arena, steps->point[i] ? AT_W_POINT : steps->above[i] ? AT_W_ABOVE : AT_W_FROM, text);
}
