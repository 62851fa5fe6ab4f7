/* check/steps.c: rate tables: thresholds that rise, of one kind, with rates of one kind; and how the tables
 * are used. */
#include "check/check_int.h"

static bool check_step(struct at_check *ck, const struct at_ast_node *node, struct at_check_rates_decl *rates,
                       struct at_check_step *step) {
    struct at_check_env env = at_check_env_const("rates");
    *step = (struct at_check_step){at_check_child(node, 0), at_check_child(node, 1),
                                   /* `tie below` is another way to exclude the threshold, so both
                                    * are one field from here on. */
                                   node->op == AT_OP_ABOVE || (node->flags & AT_F_TIE_BELOW) != 0,
                                   node->op == AT_OP_POINT};
    at_type threshold = at_check_value(ck, &env, step->threshold),
            rate = at_check_value(ck, &env, step->rate);
    bool sound = threshold.kind != AT_T_NONE && rate.kind != AT_T_NONE;
    if (threshold.kind != AT_T_NONE && !at_check_is_numeric(threshold)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0503, step->threshold->span,
                                        "a threshold must be money or a number, found %.*s",
                                        AT_STR_ARG(at_check_type_say(ck, threshold)));
        at_diag_help(d, "write, for example, `from 100%%: 12%%` or `from $50,000: 8%%`");
        return false;
    }
    if (rate.kind != AT_T_NONE && !at_check_is_numeric(rate)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0504, step->rate->span, "a rate must be a number or money, found %.*s",
                        AT_STR_ARG(at_check_type_say(ck, rate)));
        at_diag_help(d, "write, for example, `from 100%%: 12%%`");
        return false;
    }
    /* The first known type is that of the whole table. */
    if (threshold.kind != AT_T_NONE && rates->threshold.kind == AT_T_NONE) rates->threshold = threshold;
    if (rate.kind != AT_T_NONE && rates->rate.kind == AT_T_NONE) rates->rate = rate;
    return sound;
}

static bool kinds_agree(struct at_check *ck, const struct at_check_rates_decl *rates,
                        const struct at_check_step *step) {
    at_type threshold = at_check_type_at(ck, step->threshold), rate = at_check_type_at(ck, step->rate);
    const struct at_check_step *first = &rates->steps[0];
    bool same = true;
    if (threshold.kind != AT_T_NONE && !at_type_same(threshold, rates->threshold)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0503, step->threshold->span,
                                        "this threshold is %.*s, but the thresholds before it are %.*s",
                                        AT_STR_ARG(at_check_type_say(ck, threshold)),
                                        AT_STR_ARG(at_check_type_plural(ck, rates->threshold)));
        at_diag_label(d, first->threshold->span, "%.*s",
                      AT_STR_ARG(at_check_type_short(ck, rates->threshold)));
        at_diag_help(d, "make all thresholds money, or all numbers such as 100%%");
        same = false;
    }
    if (rate.kind != AT_T_NONE && !at_type_same(rate, rates->rate)) {
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0504, step->rate->span, "this rate is %.*s, but the rates before it are %.*s",
            AT_STR_ARG(at_check_type_say(ck, rate)), AT_STR_ARG(at_check_type_plural(ck, rates->rate)));
        at_diag_label(d, first->rate->span, "%.*s", AT_STR_ARG(at_check_type_short(ck, rates->rate)));
        at_diag_help(d, "make all rates numbers such as 8%%, or all money");
        same = false;
    }
    return same;
}

static void check_order(struct at_check *ck, const struct at_check_step *before,
                        const struct at_check_step *step, const struct at_ast_node *node,
                        const struct at_ast_node *before_node) {
    at_num a, b;
    if (!at_check_fold_num(ck, before->threshold, &a) || !at_check_fold_num(ck, step->threshold, &b)) return;
    int order = at_num_cmp(ck->arena, a, b);
    /* `from 50%` and then `above 50%` is in order: the first covers exactly 50%. */
    if (order < 0 || (order == 0 && !before->above && step->above)) return;
    if (order == 0 && before->above == step->above) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0502, step->threshold->span, "two tiers start at `%.*s`",
                        AT_STR_ARG(at_check_quote(ck, step->threshold)));
        at_diag_label(d, before->threshold->span, "the first");
        at_diag_label(d, step->threshold->span, "the second");
        at_diag_help(d, "change one of the thresholds, or delete one of the tiers");
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0501, step->threshold->span, "the tiers are not in increasing order");
    at_diag_label(d, before->threshold->span, "this comes first");
    at_diag_label(d, step->threshold->span, "and is %s", order ? "larger than this" : "above this");
    at_diag_help(d, "put `%.*s` before `%.*s`", AT_STR_ARG(at_check_quote(ck, node)),
                 AT_STR_ARG(at_check_quote(ck, before_node)));
}

/* 15 among 10% and 12%, or 800% among 5% and 8%: a slip of the pen rather than a rate. */
static void warn_rate(struct at_check *ck, const struct at_check_rates_decl *rates, uint32_t i) {
    const struct at_ast_node *rate = rates->steps[i].rate;
    at_num value, other, one = at_num_int(1), five = at_num_int(5);
    if (rate->kind != AT_N_NUMBER || rates->n_steps < 2 || rates->n_steps > 1000 || /* none that was typed */
        (rate->text.n && rate->text.p[rate->text.n - 1] == 'x'))
        return;
    value = rate->value;
    if (at_num_cmp(ck->arena, value, one) < 0) return;
    for (uint32_t k = 0; k < rates->n_steps; k++) {
        const struct at_ast_node *compared = rates->steps[k].rate;
        if (k == i) continue;
        if (!at_check_fold_num(ck, compared, &other)) return;
        if (!at_check_is_percent(rate) && !at_check_is_percent(compared))
            return; /* plain numbers all along */
        if (at_num_cmp(ck->arena, value, at_num_mul(ck->arena, at_num_abs(ck->arena, other), five)) < 0)
            return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0519, rate->span,
                                    "a rate of %.*s is much larger than the others", AT_STR_ARG(rate->text));
    if (at_check_is_percent(rate))
        at_diag_help(d, "check it: it pays %.*s of the amount", AT_STR_ARG(rate->text));
    else {
        at_diag_help(d, "did you mean `%.*s%%`?", AT_STR_ARG(rate->text));
        at_diag_fix(d, rate->span, "%.*s%%", AT_STR_ARG(rate->text));
    }
}

void at_check_rates(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_rates_decl *rates = &ck->out->rates[decl->symbol.index];
    const struct at_ast_node **nodes = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, node->n + 1);
    rates->steps = AT_NEW_ARRAY(ck->arena, struct at_check_step, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *step = node->child[i];
        if (!step || step->kind != AT_N_STEP) continue;
        nodes[rates->n_steps] = step;
        bool sound = check_step(ck, step, rates, &rates->steps[rates->n_steps]);
        if (!rates->steps[rates->n_steps].threshold || !rates->steps[rates->n_steps].rate) continue;
        rates->n_steps++;
        if (!sound) rates->threshold.kind = rates->n_steps == 1 ? AT_T_NONE : rates->threshold.kind;
    }
    for (uint32_t i = 1; i < rates->n_steps; i++)
        if (kinds_agree(ck, rates, &rates->steps[i]))
            check_order(ck, &rates->steps[i - 1], &rates->steps[i], nodes[i], nodes[i - 1]);
    for (uint32_t i = 0; i < rates->n_steps; i++)
        warn_rate(ck, rates, i);
    decl->symbol.type = rates->rate;
}

/* Nothing, written as `like` is written: $0, 0%, or 0. */
static const char *zero_like(struct at_check *ck, at_type type, const struct at_ast_node *like) {
    const struct at_currency_info *own = at_currency_info(type.currency);
    if (type.kind != AT_T_MONEY) return at_check_is_percent(like) ? "0%" : "0";
    if (!own) return "$0";
    return own->symbol[0] ? at_str_format(ck->arena, "%s0", own->symbol).p
                          : at_str_format(ck->arena, "0 %s", own->code).p;
}

/* Checks values below the first tier: `through` pays nothing for them, a whole amount finds no rate. */
static void check_first(struct at_check *ck, const struct at_check_rates_decl *rates) {
    const struct at_check_decl *decl = at_check_decl_of(rates->symbol);
    at_num first;
    if (rates->n_steps == 0 || !at_check_fold_num(ck, rates->steps[0].threshold, &first)) return;
    int sign = at_num_sign(first);
    at_str shown = at_check_quote(ck, rates->steps[0].threshold);
    const char *zero = zero_like(ck, rates->threshold, rates->steps[0].threshold);
    const char *nothing = zero_like(ck, rates->rate, rates->steps[0].rate);
    if (decl->called_through && sign > 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0505, rates->steps[0].threshold->span,
                                        "the amount below %.*s is paid nothing", AT_STR_ARG(shown));
        at_diag_label(d, decl->called_through->span, "goes through these rates");
        at_diag_help(d, "if you mean this, add a first tier: `from %s: %s`", zero, nothing);
    }
    if (decl->called_whole && (sign > 0 || (sign == 0 && rates->steps[0].above))) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0506, rates->steps[0].threshold->span,
                        sign > 0 ? "a value below %.*s has no rate, so the payee would not be paid"
                                 : "a value of %.*s has no rate, so the payee would not be paid",
                        AT_STR_ARG(shown));
        at_diag_label(d, decl->called_whole->span, "looks up a rate here");
        at_diag_help(d, "add a first tier: `from %s: %s`", zero, nothing);
    }
}

/* A line gives the rate of a whole amount. Slices at a rate that changes within each slice are not what a
 * payout curve means. */
static void check_lines(struct at_check *ck, const struct at_check_rates_decl *rates) {
    const struct at_check_decl *decl = at_check_decl_of(rates->symbol);
    for (uint32_t i = 0; i < rates->n_steps && decl->called_through; i++) {
        if (!rates->steps[i].point) continue;
        at_str name = rates->symbol->name;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0572, decl->called_through->span,
                        "`through` cannot use rates with points, such as those of `%.*s`", AT_STR_ARG(name));
        at_diag_label(d, rates->steps[i].threshold->span, "a point");
        at_diag_help(d,
                     "for the rate on the line, write `%.*s(x) of y`; for slices, write `from` instead of "
                     "`at`",
                     AT_STR_ARG(name));
        return;
    }
}

static bool whole_number(struct at_check *ck, const struct at_ast_node *rate) {
    if (rate->kind != AT_N_NUMBER || at_check_is_percent(rate) || rate->text.n == 0) return false;
    char last = rate->text.p[rate->text.n - 1];
    return last >= '0' && last <= '9' && at_num_cmp(ck->arena, rate->value, at_num_int(1)) > 0;
}

/* Warns of `from $0: 8` where money goes through the rates, once for all tiers. */
static void warn_whole(struct at_check *ck, const struct at_check_rates_decl *rates) {
    const struct at_check_decl *decl = at_check_decl_of(rates->symbol);
    const struct at_ast_node *first = NULL;
    uint32_t n = 0;
    if (!decl->called_through || rates->rate.kind != AT_T_NUMBER || rates->threshold.kind != AT_T_MONEY)
        return;
    for (uint32_t i = 0; i < rates->n_steps; i++) {
        if (at_check_is_percent(rates->steps[i].rate)) return; /* warn_rate compares them */
        if (!whole_number(ck, rates->steps[i].rate)) continue;
        if (n++ == 0) first = rates->steps[i].rate;
    }
    if (n == 0) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0329, first->span, "this rate is %.*s times the amount",
                                    AT_STR_ARG(first->text));
    if (n > 1) at_diag_note(d, "%u tiers of these rates have a rate above 100%%", (unsigned)n);
    at_diag_help(d, "did you mean `%.*s%%`? For a multiplier, write `%.*sx`", AT_STR_ARG(first->text),
                 AT_STR_ARG(first->text));
}

/* After all statements, when the uses of each table are known. */
void at_check_rates_use(struct at_check *ck) {
    for (uint32_t i = 0; i < ck->out->n_rates; i++) {
        check_first(ck, &ck->out->rates[i]);
        check_lines(ck, &ck->out->rates[i]);
        warn_whole(ck, &ck->out->rates[i]);
    }
}
