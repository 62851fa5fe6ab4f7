/* write/order.c: the order of calculation in words: what is read and credited, then measures, components,
 * changes, and the payout.
 *
 * Statements of used files come before those of the files that use them, as in the calculation.
 */
#include "write/order_int.h"

#include "base/numtext.h"
#include "base/visible.h"

/* ---- the list of statements */

typedef void visit(struct at_write_steps *s, const struct at_ast_node *node);

static void each_statement(struct at_write_steps *s, visit *see) {
    const struct at_ast *ast = s->policy->ast;
    for (uint32_t f = ast->n_files; f-- > 0;) {
        const struct at_ast_node *file = ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++)
            if (file->child[i]) see(s, file->child[i]);
    }
}

/* ---- writing */

static void section(struct at_write_steps *s, enum at_words_word word) {
    at_sink_z(s->out, "\n");
    at_sink_visible(s->out, at_words_word(s->words, word));
    at_sink_z(s->out, "\n");
}

static void step(struct at_write_steps *s, at_str sentence) {
    if (sentence.n == 0) return;
    at_sink_printf(s->out, "  %u. ", ++s->n);
    at_sink_visible(s->out, AT_STEP_SAY(s, AT_W_ORDER_STEP, sentence));
    at_sink_z(s->out, "\n");
}

/* ---- before the calculation */

static void read_table(struct at_write_steps *s, const struct at_ast_node *node) {
    at_str file = at_str_format(s->arena, "%.*s", AT_STR_ARG(node->text2));
    if (file.n == 0)
        step(s, AT_STEP_SAY(s, AT_W_ORDER_READ_HOST, node->text));
    else if (node->kind == AT_N_HISTORY)
        step(s, AT_STEP_SAY(s, AT_W_ORDER_HISTORY, node->text, file, node->text3));
    else
        step(s, AT_STEP_SAY(s, node->kind == AT_N_PAYEE ? AT_W_ORDER_PAYEES : AT_W_ORDER_READ, node->text,
                            file));
}

static at_str recipients(const struct at_write_steps *s, const struct at_ast_node *to) {
    at_str list = {0};
    for (uint32_t i = 0; i < to->n; i++)
        if (to->child[i])
            list = at_write_step_list(
                s, list, at_str_format(s->arena, "`%.*s`", AT_STR_ARG(at_write_step_code(s, to->child[i]))));
    return list;
}

static void credit(struct at_write_steps *s, const struct at_ast_node *node) {
    at_str text = AT_STEP_SAY(s, AT_W_ORDER_CREDIT, node->text, node->text2);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *clause = node->child[i];
        const struct at_ast_node *value = clause && clause->n ? clause->child[0] : NULL;
        if (!clause) continue;
        switch (clause->kind) {
        case AT_N_WHERE: text = at_write_step_with(s, text, AT_W_ORDER_CREDIT_WHERE, value); break;
        case AT_N_ON: text = at_write_step_with(s, text, AT_W_ORDER_CREDIT_ON, value); break;
        case AT_N_AMOUNT: text = at_write_step_with(s, text, AT_W_ORDER_CREDIT_AMOUNT, value); break;
        case AT_N_KNOWN: text = at_write_step_with(s, text, AT_W_ORDER_KNOWN, value); break;
        case AT_N_UNTIL: text = at_write_step_with(s, text, AT_W_ORDER_UNTIL, value); break;
        case AT_N_TO:
            text = at_write_step_and(s, text, AT_STEP_SAY(s, AT_W_ORDER_CREDIT_TO, recipients(s, clause)));
            break;
        default: text = at_write_step_and(s, text, at_write_step_code(s, clause));
        }
    }
    step(s, text);
}

/* "from `rep.hired` to `rep.left`" */
static at_str days(const struct at_write_steps *s, const struct at_ast_node *range) {
    const struct at_ast_node *from = range->child[0], *to = range->child[1];
    if (!to) return AT_STEP_SAY(s, AT_W_ORDER_DAYS_FROM, at_write_step_code(s, from));
    if (!from) return AT_STEP_SAY(s, AT_W_ORDER_DAYS_TO, at_write_step_code(s, to));
    return AT_STEP_SAY(s, AT_W_ORDER_DAYS, at_write_step_code(s, from), at_write_step_code(s, to));
}

static void covers(struct at_write_steps *s, const struct at_ast_node *node) {
    const struct at_ast_node *where = node->n ? node->child[0] : NULL,
                             *range = node->n > 1 ? node->child[1] : NULL;
    at_str text = at_words_word(s->words, AT_W_ORDER_COVERS_ALL);
    if (range) text = AT_STEP_SAY(s, AT_W_ORDER_COVERS_DAYS, days(s, range));
    for (uint32_t i = 2; i < node->n; i++)
        if (node->child[i])
            text = at_write_step_and(s, text, AT_STEP_SAY(s, AT_W_ORDER_EXCEPT, days(s, node->child[i])));
    if (where && !range && node->n <= 2)
        text = AT_STEP_SAY(s, AT_W_ORDER_COVERS, at_write_step_code(s, where));
    else
        text = at_write_step_with(s, text, AT_W_ORDER_CREDIT_WHERE, where);
    step(s, text);
}

/* Statements that say nothing about the order, or that have a part of their own. */
static bool is_elsewhere(const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_POLICY:
    case AT_N_USE:
    case AT_N_RATES:
    case AT_N_LOOKUP:
    case AT_N_FUNCTION:
    case AT_N_TEST:
    case AT_N_ERROR:
    case AT_N_MEASURE:
    case AT_N_PAY:
    case AT_N_POOL:
    case AT_N_REQUIRE:
    case AT_N_INDEPENDENT:
    case AT_N_HELPING:
    case AT_N_ROUND:
    case AT_N_SHOW: return true;
    default: return false;
    }
}

/* "cap commission", or a name alone. */
static at_str left_out(const struct at_write_steps *s, const struct at_ast_node *node) {
    if (node->text2.n == 0) return node->text;
    return at_str_format(s->arena, "%.*s %.*s", AT_STR_ARG(node->text2), AT_STR_ARG(node->text));
}

static void before(struct at_write_steps *s, const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_PAYEE:
    case AT_N_DATA:
    case AT_N_HISTORY: read_table(s, node); break;
    case AT_N_CREDIT: credit(s, node); break;
    case AT_N_EXTENDS: step(s, AT_STEP_SAY(s, AT_W_ORDER_EXTENDS, node->text)); break;
    case AT_N_CONTINUES: step(s, AT_STEP_SAY(s, AT_W_ORDER_CONTINUES, node->text)); break;
    case AT_N_WITHOUT: step(s, AT_STEP_SAY(s, AT_W_ORDER_WITHOUT, left_out(s, node))); break;
    case AT_N_EXCHANGE: step(s, AT_STEP_SAY(s, AT_W_ORDER_EXCHANGE, node->text, node->text2)); break;
    case AT_N_PARAM:
        step(s, AT_STEP_SAY(s, AT_W_ORDER_PARAM, at_write_step_name(s, node->text, node->text2),
                            at_write_step_code(s, node->child[0])));
        break;
    case AT_N_APPLIES: covers(s, node); break;
    default:
        if (!is_elsewhere(node) && at_write_step_change(s, node).n == 0)
            step(s, AT_STEP_SAY(s, AT_W_ORDER_OTHER, at_write_step_code(s, node)));
    }
}

/* ---- the calculation */

static void measures(struct at_write_steps *s, const struct at_ast_node *node) {
    if (node->kind != AT_N_MEASURE || node->n == 0) return;
    step(s, AT_STEP_SAY(s, AT_W_ORDER_MEASURE, at_write_step_name(s, node->text, node->text2),
                        at_write_step_period(s, node), at_write_step_code(s, node->child[0])));
}

static void components(struct at_write_steps *s, const struct at_ast_node *node) {
    step(s, at_write_step_pay(s, node));
}

static void changes(struct at_write_steps *s, const struct at_ast_node *node) {
    s->total = node;
    step(s, at_write_step_change(s, node));
}

/* ---- the payout */

static void requirements(struct at_write_steps *s, const struct at_ast_node *node) {
    if (node->kind == AT_N_REQUIRE && node->n)
        step(s, AT_STEP_SAY(s, AT_W_ORDER_REQUIRE, at_write_step_code(s, node->child[0])));
}

static void rounding(struct at_write_steps *s) {
    const struct at_check_policy *p = s->policy;
    enum at_words_word how = p->rounding == AT_ROUND_HALF_EVEN ? AT_W_ORDER_HALF_EVEN
                             : p->rounding == AT_ROUND_DOWN    ? AT_W_ORDER_DOWN
                                                               : AT_W_ORDER_HALF_UP;
    const struct at_currency_info *currency = at_currency_info(p->currency);
    at_num unit = at_num_div(s->arena, at_num_int(p->round_unit ? p->round_unit : 1),
                             at_num_int((int64_t)at_num_pow10[currency ? currency->digits : 2]));
    at_str text = at_str_format(s->arena, "%.*s %s", AT_STR_ARG(at_num_print(s->arena, unit)),
                                currency ? currency->code : "");
    step(s, AT_STEP_SAY(s, AT_W_ORDER_ROUND, at_words_word(s->words, how), text));
}

/* An attribute of the policy. */
static void currencies(struct at_write_steps *s, const struct at_ast_node *node) {
    const struct at_ast_node *pays = node->kind == AT_N_POLICY ? at_ast_child(node, AT_N_PAYS) : NULL;
    if (!pays || pays->n < 2) return;
    step(s, AT_STEP_SAY(s, AT_W_ORDER_PAYS, at_write_step_code(s, pays->child[0]),
                        at_write_step_code(s, pays->child[1])));
}

/* Rows that become known late change what earlier periods would have paid. */
static bool knows_late(const struct at_write_steps *s) {
    const struct at_ast *ast = s->policy->ast;
    for (uint32_t f = 0; f < ast->n_files; f++)
        for (uint32_t i = 0; ast->files[f] && i < ast->files[f]->n; i++) {
            const struct at_ast_node *node = ast->files[f]->child[i];
            if (node && node->kind == AT_N_CREDIT &&
                (at_ast_child(node, AT_N_KNOWN) || at_ast_child(node, AT_N_UNTIL)))
                return true;
        }
    return false;
}

static void timing(struct at_write_steps *s, const struct at_ast_node *node) {
    if (node->kind != AT_N_PAY && node->kind != AT_N_POOL) return;
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH), *after = at_ast_child(node, AT_N_AFTER);
    at_str name = at_write_step_name(s, node->text, node->text2);
    if (each) step(s, AT_STEP_SAY(s, AT_W_ORDER_PAY_AT_END, name, at_write_step_span(s, each->text)));
    if (after) {
        at_str far = at_write_step_code(s, after->n ? after->child[0] : after);
        if (after->n && after->child[0]->kind == AT_N_NUMBER) far = at_write_step_code(s, after);
        step(s, AT_STEP_SAY(s, AT_W_ORDER_PAY_LATER, name, far));
    }
}

static void shown(struct at_write_steps *s, const struct at_ast_node *node) {
    at_str list = {0};
    if (node->kind != AT_N_SHOW) return;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i])
            list = at_write_step_list(s, list,
                                      at_write_step_name(s, node->child[i]->text, node->child[i]->text2));
    step(s, AT_STEP_SAY(s, AT_W_ORDER_SHOW, list));
}

/* ---- all of it */

struct found {
    bool measures, components, changes;
};

static struct found find(struct at_write_steps *s) {
    struct found found = {0};
    const struct at_ast *ast = s->policy->ast;
    for (uint32_t f = 0; f < ast->n_files; f++) {
        const struct at_ast_node *file = ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            const struct at_ast_node *node = file->child[i];
            if (!node) continue;
            found.measures |= node->kind == AT_N_MEASURE;
            found.components |= node->kind == AT_N_PAY || node->kind == AT_N_POOL;
            found.changes |= at_write_step_change(s, node).n > 0;
        }
    }
    return found;
}

static void head(struct at_write_steps *s) {
    const struct at_check_policy *p = s->policy;
    const struct at_currency_info *currency = at_currency_info(p->currency);
    bool open = p->to >= AT_DATE_MAX;
    at_str to = open ? (at_str){0} : at_words_date(s->arena, s->words, p->to);
    at_sink_visible(s->out,
                    AT_STEP_SAY(s, open ? AT_W_ORDER_POLICY_OPEN : AT_W_ORDER_POLICY, p->name,
                                at_words_date(s->arena, s->words, p->from), to, at_write_step_period(s, NULL),
                                at_str_z(currency ? currency->code : "")));
    at_sink_z(s->out, "\n");
}

void at_write_order(const struct at_check_policy *policy, const struct at_words *words,
                    struct at_arena *arena, struct at_sink *out) {
    struct at_write_steps s = {.policy = policy, .words = words, .arena = arena, .out = out};
    struct found found = find(&s);
    head(&s);
    section(&s, AT_W_ORDER_FIRST);
    each_statement(&s, before);
    if (found.measures) section(&s, AT_W_ORDER_MEASURES);
    each_statement(&s, measures);
    if (found.components) section(&s, AT_W_ORDER_COMPONENTS);
    each_statement(&s, components);
    if (found.changes) section(&s, AT_W_ORDER_CHANGES);
    each_statement(&s, changes);
    section(&s, AT_W_ORDER_LAST);
    each_statement(&s, requirements);
    rounding(&s);
    if (knows_late(&s)) step(&s, at_words_word(words, AT_W_ORDER_LATE));
    each_statement(&s, currencies);
    each_statement(&s, timing);
    each_statement(&s, shown);
}
