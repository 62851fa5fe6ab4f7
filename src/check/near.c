/* check/near.c: warns of numbers that probably are percentages without their sign, and of amounts with a dot
 * between thousands. Each warning names both forms, so that a policy can specify which one is meant. */
#include "check/check_int.h"

#define MOST_DEEP 16 /* branches within branches that are looked into */

/* `8` and `0.5`, not `8%`, `8x`, or `8k`: a number that does not specify what it counts. */
static bool is_bare(const struct at_ast_node *node) {
    if (!node || node->kind != AT_N_NUMBER || node->text.n == 0) return false;
    if (node->flags & (AT_F_PERCENT | AT_F_BPS)) return false;
    char last = node->text.p[node->text.n - 1];
    return last >= '0' && last <= '9';
}

/* ---- ratios */

static bool contains(at_str name, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= name.n; i++)
        if (memcmp(name.p + i, word, n) == 0) return true;
    return false;
}

/* Names of values that people think of as percentages. */
static bool named_ratio(at_str name) {
    static const char *const words[] = {"attain", "achiev", "percent", "pct", "达成", "完成率", "比例"};
    for (unsigned i = 0; i < AT_COUNT(words); i++)
        if (contains(name, words[i])) return true;
    return false;
}

/* Whether a number is one amount divided by another, so that 0.5 and 50% are what people call 50. */
static bool is_ratio(struct at_check *ck, const struct at_ast_node *node, unsigned depth) {
    if (!node || depth > MOST_DEEP || at_check_type_at(ck, node).kind != AT_T_NUMBER) return false;
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (node->kind == AT_N_MEMBER || (symbol && symbol->kind == AT_SYM_FIELD))
        return at_check_type_at(ck, node).unit == AT_UNIT_PERCENT;
    switch ((int)node->kind) {
    case AT_N_ARITH:
        /* `bookings / $1,000` counts thousands. */
        return node->op == AT_OP_DIV && at_check_type_at(ck, at_check_child(node, 0)).kind == AT_T_MONEY &&
               at_check_child(node, 1)->kind != AT_N_MONEY;
    case AT_N_IF:
        return is_ratio(ck, at_check_child(node, 1), depth + 1) ||
               is_ratio(ck, at_check_child(node, 2), depth + 1);
    case AT_N_NAME:
        if (!symbol || symbol->kind != AT_SYM_MEASURE || !symbol->node) return false;
        for (uint32_t i = 0; i < symbol->node->n; i++)
            if (is_ratio(ck, symbol->node->child[i], depth + 1)) return true;
        return named_ratio(symbol->name);
    case AT_N_CALL: /* share(x), min(x, …), round(x), ytd(x) */
        return (!symbol || symbol->kind == AT_SYM_BUILTIN) &&
               (at_str_eq(node->text, AT_STR("share")) || is_ratio(ck, at_check_child(node, 0), depth + 1));
    default: return false;
    }
}

/* The constant of a param, or the node itself. */
static const struct at_ast_node *constant_of(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    bool param = symbol && node->kind == AT_N_NAME && symbol->kind == AT_SYM_PARAM && symbol->node;
    return param ? at_check_child(symbol->node, 0) : node;
}

static void warn_whole(struct at_check *ck, const struct at_ast_node *number, const struct at_ast_node *ratio,
                       bool all) {
    number = constant_of(ck, number);
    if (!is_bare(number) || at_num_cmp(ck->arena, number->value, at_num_int(10)) < 0) return;
    if (!is_ratio(ck, ratio, 0)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0384, number->span, "`%.*s` is compared with a ratio",
                                    AT_STR_ARG(number->text));
    bool percent = at_check_type_at(ck, ratio).unit == AT_UNIT_PERCENT && ratio->kind == AT_N_MEMBER;
    at_diag_label(d, ratio->span,
                  percent ? "a percentage, 0.5 for 50%%" : "a quotient, such as 0.5 for 50%%");
    if (all) {
        at_diag_help(d, "write all thresholds as percentages, such as `%.*s%%`. For multiples, write `%.*sx`",
                     AT_STR_ARG(number->text), AT_STR_ARG(number->text));
        return;
    }
    at_diag_help(d, "did you mean `%.*s%%`? For a multiple, write `%.*sx`", AT_STR_ARG(number->text),
                 AT_STR_ARG(number->text));
    at_diag_fix(d, number->span, "%.*s%%", AT_STR_ARG(number->text));
}

void at_check_near_compare(struct at_check *ck, const struct at_ast_node *left,
                           const struct at_ast_node *right) {
    warn_whole(ck, left, right, false);
    warn_whole(ck, right, left, false);
}

/* `x through rates of quota`: thresholds are parts of the quota. */
void at_check_near_unit(struct at_check *ck, const struct at_ast_node *unit, const struct at_ast_node *last) {
    if (!is_bare(last) || at_num_cmp(ck->arena, last->value, at_num_int(10)) < 0) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0384, last->span, "this threshold is %.*s times `%.*s`",
                                    AT_STR_ARG(last->text), AT_STR_ARG(at_check_quote(ck, unit)));
    at_diag_help(d, "write all thresholds as percentages, such as `%.*s%%`. For multiples, write `%.*sx`",
                 AT_STR_ARG(last->text), AT_STR_ARG(last->text));
}

/* The last threshold is the largest one: if it is a percentage, all are. */
void at_check_near_threshold(struct at_check *ck, const struct at_ast_node *value,
                             const struct at_ast_node *last) {
    if (value && last) warn_whole(ck, last, value, true);
}

/* ---- rates */

/* Names that people give to multipliers. */
static bool named_multiplier(at_str name) {
    static const char *const words[] = {"mult",  "factor", "accel", "weight", "kicker",
                                        "boost", "coef",   "系数",  "倍",     "权重"};
    for (unsigned i = 0; i < AT_COUNT(words); i++)
        if (contains(name, words[i])) return true;
    return false;
}

static bool is_large(struct at_check *ck, const struct at_ast_node *rate) {
    return is_bare(rate) && at_num_cmp(ck->arena, rate->value, at_num_int(1)) > 0;
}

/* Below one basis point. Who writes `0.5 bps` means it. */
static bool is_small(struct at_check *ck, const struct at_ast_node *rate) {
    return rate->kind == AT_N_NUMBER && rate->text.n && !(rate->flags & AT_F_BPS) &&
           (unsigned char)rate->text.p[rate->text.n - 1] < 0x80 && at_num_sign(rate->value) > 0 &&
           at_num_cmp(ck->arena, rate->value, at_num_decimal(1, 4)) < 0;
}

static void warn_large(struct at_check *ck, const struct at_ast_node *rate, at_str of, unsigned more) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0329, rate->span, "this rate is %.*s times %.*s",
                                    AT_STR_ARG(rate->text), AT_STR_ARG(of));
    if (more) at_diag_note(d, "%u rates of this table are above 100%%", more + 1);
    at_diag_help(d, "did you mean `%.*s%%`? For a multiplier, write `%.*sx`", AT_STR_ARG(rate->text),
                 AT_STR_ARG(rate->text));
}

/* Of a table, all values are compared: one percentage among them shows that the others are meant. */
static void warn_values(struct at_check *ck, const struct at_ast_node *const *values, uint32_t n) {
    const struct at_ast_node *first = NULL;
    unsigned more = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!values[i]) continue;
        if (at_check_is_percent(values[i])) return;
        if (!is_large(ck, values[i])) continue;
        if (first)
            more++;
        else
            first = values[i];
    }
    if (first) warn_large(ck, first, AT_STR("the amount"), more);
}

static void warn_table(struct at_check *ck, const struct at_check_symbol *symbol) {
    if (named_multiplier(symbol->name)) return;
    if (symbol->kind == AT_SYM_LOOKUP) {
        const struct at_check_lookup_decl *lookup = &ck->out->lookups[symbol->index];
        if (lookup->value.kind == AT_T_NUMBER)
            warn_values(ck, lookup->values, lookup->n_rows * lookup->n_columns);
    } else if (symbol->kind == AT_SYM_RATES) {
        const struct at_check_rates_decl *rates = &ck->out->rates[symbol->index];
        const struct at_ast_node **values =
            AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, rates->n_steps + 1);
        for (uint32_t i = 0; i < rates->n_steps; i++)
            values[i] = rates->steps[i].rate;
        if (rates->rate.kind == AT_T_NUMBER) warn_values(ck, values, rates->n_steps);
    }
}

/* The last part of a declaration; NULL for an aggregate, and for a function in Lua. */
static const struct at_ast_node *formula_of(const struct at_ast_node *node) {
    return node->n ? node->child[node->n - 1] : NULL;
}

/* A multiplier such as 1.5x is explicit, so it gets no warning. */
static void warn_rate(struct at_check *ck, const struct at_ast_node *rate, at_str of, bool money,
                      unsigned depth) {
    if (!rate || depth > MOST_DEEP) return;
    const struct at_check_symbol *symbol = ck->out->symbols[rate->id];
    if (rate->kind == AT_N_NUMBER && is_large(ck, rate)) {
        warn_large(ck, rate, of, 0);
    } else if (rate->kind == AT_N_NUMBER && money && is_small(ck, rate)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0329, rate->span,
                                        "this rate is less than 0.01%% of %.*s", AT_STR_ARG(of));
        at_diag_help(d, "check it. For a rate below a basis point, write it in `bps`, such as `0.5 bps`");
    } else if (!money) {
        return;
    } else if (rate->kind == AT_N_IF) {
        warn_rate(ck, at_check_child(rate, 1), of, money, depth + 1);
        warn_rate(ck, at_check_child(rate, 2), of, money, depth + 1);
    } else if (rate->kind == AT_N_CHOOSE) {
        for (uint32_t i = 0; i < rate->n; i++) {
            const struct at_ast_node *arm = rate->child[i];
            warn_rate(ck, arm && arm->kind == AT_N_ARM ? at_check_child(arm, 1) : arm, of, money, depth + 1);
        }
    } else if (symbol && symbol->kind == AT_SYM_PARAM && symbol->node && !named_multiplier(symbol->name)) {
        warn_rate(ck, at_check_child(symbol->node, 0), AT_STR("the amount"), money, depth + 1);
    } else if (symbol && symbol->kind == AT_SYM_MEASURE && symbol->node && !named_multiplier(symbol->name)) {
        warn_rate(ck, formula_of(symbol->node), AT_STR("the amount"), money, depth + 1);
    } else if (symbol && symbol->kind == AT_SYM_FUNCTION && symbol->node && !named_multiplier(symbol->name)) {
        warn_rate(ck, formula_of(symbol->node), AT_STR("the amount"), money, depth + 1);
    } else if (symbol && (rate->kind == AT_N_CALL || symbol->kind == AT_SYM_LOOKUP)) {
        warn_table(ck, symbol);
    }
}

void at_check_near_rate(struct at_check *ck, const struct at_ast_node *rate, const struct at_ast_node *base) {
    bool money = at_check_type_at(ck, base).kind == AT_T_MONEY;
    at_str of = at_str_format(ck->arena, "`%.*s`", AT_STR_ARG(at_check_quote(ck, base)));
    warn_rate(ck, rate, of, money, 0);
}

/* In a test, a param that the policy writes as a percentage. */
void at_check_near_given(struct at_check *ck, const struct at_ast_node *own,
                         const struct at_ast_node *given) {
    if (at_check_is_percent(own) && is_large(ck, given)) warn_large(ck, given, AT_STR("the amount"), 0);
}

/* ---- amounts */

/* €3.000 is three euros to some, and three thousand to others. Currencies of three decimals write it so. */
void at_check_near_dots(struct at_check *ck, const struct at_ast_node *amount, at_currency currency) {
    const struct at_currency_info *info = at_currency_info(currency);
    at_str text = amount->text;
    uint32_t dot = 0, before = 0, after = 0;
    while (dot < text.n && text.p[dot] != '.')
        dot++;
    while (before < dot && text.p[dot - before - 1] >= '0' && text.p[dot - before - 1] <= '9')
        before++;
    while (dot + 1 + after < text.n && text.p[dot + 1 + after] >= '0' && text.p[dot + 1 + after] <= '9')
        after++;
    if (after != 3 || before < 1 || before > 3 || text.p[dot - before] == '0' || (info && info->digits > 2))
        return;
    if (before < dot && text.p[dot - before - 1] == ',') return;
    if (dot + 4 < text.n && text.p[dot + 4] != ' ' && (unsigned char)text.p[dot + 4] < 'A') return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0385, amount->span,
                                    "the dot in `%.*s` is read as a decimal point", AT_STR_ARG(text));
    at_str head = {text.p, dot}, tail = {text.p + dot + 1, text.n - dot - 1},
           rest = {text.p + dot + 4, text.n - dot - 4};
    at_diag_help(d,
                 "for thousands, write `%.*s,%.*s`; otherwise write other decimals, such as `%.*s.%.2s%.*s`",
                 AT_STR_ARG(head), AT_STR_ARG(tail), AT_STR_ARG(head), tail.p, AT_STR_ARG(rest));
    at_diag_fix(d, amount->span, "%.*s,%.*s", AT_STR_ARG(head), AT_STR_ARG(tail));
}
