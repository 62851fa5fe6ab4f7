/* check/builtin.c: the rules of each built-in function: how many values, of which types, where they may
 * stand. */
#include "check/check_int.h"

static const char *const SIGNATURES[] = {
#define AT_BUILTIN(NAME, name, signature, en, zh) [AT_B_##NAME] = signature,
#include "check/builtins.def"
#undef AT_BUILTIN
};

/* The signature without the letter of the result, which comes after the last parenthesis. */
#define SIGNATURE_ARG(which) (int)(strrchr(SIGNATURES[which], ')') + 1 - SIGNATURES[which]), SIGNATURES[which]

/* How many values a function takes. Most take exactly one, so only the others are listed. */
static void bounds_of(enum at_check_builtin_id which, uint32_t *least, uint32_t *most) {
    *least = *most = 1;
    switch (which) {
    case AT_B_MIN:
    case AT_B_MAX: *least = 2, *most = UINT32_MAX; break;
    case AT_B_AVERAGE: *most = UINT32_MAX; break;
    case AT_B_ROUND:
    case AT_B_ROUNDDOWN:
    case AT_B_ROUNDUP:
    case AT_B_PRIOR: *most = 2; break;
    case AT_B_IFMISSING:
    case AT_B_TRAILING:
    case AT_B_SINCE:
    case AT_B_DAYS:
    case AT_B_CONTAINS:
    case AT_B_STARTS:
    case AT_B_ENDS: *least = *most = 2; break;
    default: break;
    }
}

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

static at_str name_of(const struct at_check *ck, enum at_check_builtin_id which) {
    return ck->builtins[which].symbol.name;
}

/* Reports an argument of another type, with the form of the function, so that the reader need not
 * look it up. */
static struct at_diag *wants(struct at_check *ck, const struct at_ast_node *arg,
                             enum at_check_builtin_id which, const char *what) {
    at_type type = at_check_type_at(ck, arg);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0315, arg->span, "`%.*s` requires %s, found %.*s",
                    AT_STR_ARG(name_of(ck, which)), what, AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, arg);
    at_diag_help(d, "its form is `%.*s`: %s", SIGNATURE_ARG(which), ck->builtins[which].symbol.label.p);
    return d;
}

/* `where` after the only argument, or NULL. */
static const struct at_ast_node *where_of(const struct at_ast_node *node) {
    const struct at_ast_node *last = at_check_child(node, node->n - 1);
    return node->n && last && last->kind == AT_N_WHERE ? last : NULL;
}

static bool count_fits(struct at_check *ck, const struct at_ast_node *node, enum at_check_builtin_id which) {
    uint32_t least, most, n = node->n - (where_of(node) ? 1 : 0);
    bounds_of(which, &least, &most);
    if (n >= least && n <= most) return true;
    struct at_diag *d;
    if (least == most)
        d = at_diag_add(ck->diags, AT_A0314, node->span, "`%.*s` takes %u value%s, not %u",
                        AT_STR_ARG(name_of(ck, which)), least, least == 1 ? "" : "s", node->n);
    else if (most == 2)
        d = at_diag_add(ck->diags, AT_A0314, node->span, "`%.*s` takes one value or two, not %u",
                        AT_STR_ARG(name_of(ck, which)), node->n);
    else
        d = at_diag_add(ck->diags, AT_A0314, node->span, "`%.*s` takes at least %u value%s, not %u",
                        AT_STR_ARG(name_of(ck, which)), least, least == 1 ? "" : "s", node->n);
    /* The help depends on the likely wish: to aggregate rows, or to add values. */
    if ((which == AT_B_MIN || which == AT_B_MAX) && node->n == 1)
        at_diag_help(d, "to aggregate rows, declare a measure: `measure NAME = %.*s of … from …`",
                     AT_STR_ARG(name_of(ck, which)));
    else if (which == AT_B_SUM)
        at_diag_help(d, "add values with `+`");
    else
        at_diag_help(d, "its form is `%.*s`: %s", SIGNATURE_ARG(which), ck->builtins[which].symbol.label.p);
    return false;
}

at_type at_check_alike(struct at_check *ck, const struct at_ast_node *const *nodes, uint32_t n,
                       const char *what) {
    const struct at_ast_node *first = NULL;
    bool sound = true;
    for (uint32_t i = 0; i < n; i++) {
        at_type type = at_check_type_at(ck, nodes[i]);
        if (type.kind == AT_T_NONE) {
            sound = false;
        } else if (!at_check_is_numeric(type)) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0315, nodes[i]->span,
                                            "`%s` requires money or a number, found %.*s", what,
                                            AT_STR_ARG(at_check_type_say(ck, type)));
            at_check_show_origin(ck, d, nodes[i]);
            sound = false;
        } else if (!first) {
            first = nodes[i];
        } else if (!at_type_same(at_check_type_at(ck, first), type)) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0315, nodes[i]->span,
                                            "`%s` requires values of one type, found %.*s and %.*s", what,
                                            AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, first))),
                                            AT_STR_ARG(at_check_type_say(ck, type)));
            at_check_show(ck, d, first);
            at_check_show(ck, d, nodes[i]);
            const struct at_currency_info *own = at_currency_info(ck->out->currency);
            const struct at_ast_node *number = type.kind == AT_T_NUMBER ? nodes[i] : first;
            if (number->kind == AT_N_NUMBER && !at_check_is_percent(number) && own && own->symbol[0]) {
                at_diag_help(d, "did you mean `%s%.*s`?", own->symbol, AT_STR_ARG(number->text));
                at_diag_fix(d, number->span, "%s%.*s", own->symbol, AT_STR_ARG(number->text));
            } else if (at_check_is_percent(number))
                at_diag_help(d, "write the amount that the rate applies to, such as `%.*s of bookings`",
                             AT_STR_ARG(number->text));
            else
                at_diag_help(d, "make all of them money, or all of them numbers");
            sound = false;
        }
    }
    at_type type = sound && first ? at_check_type_at(ck, first) : none();
    type.optional = false;
    return type;
}

static at_type alike(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                     enum at_check_builtin_id which) {
    for (uint32_t i = 0; i < node->n; i++)
        at_check_value(ck, env, node->child[i]);
    for (uint32_t i = 1; i < node->n; i++)
        at_check_near_compare(ck, node->child[0], node->child[i]);
    return at_check_alike(ck, (const struct at_ast_node *const *)node->child, node->n, name_of(ck, which).p);
}

/* Requires a whole number that is written as a literal. The planner relies on this. */
static void whole_number(struct at_check *ck, const struct at_ast_node *arg, enum at_check_builtin_id which,
                         int64_t least, int64_t most) {
    struct at_check_env constant = at_check_env_const("this value");
    int64_t value = 0;
    if (!arg || at_check_value(ck, &constant, arg).kind == AT_T_NONE) return;
    at_num number;
    bool literal = at_check_is_literal(arg) && at_check_fold_num(ck, arg, &number) &&
                   at_check_type_at(ck, arg).kind == AT_T_NUMBER;
    if (literal && at_num_to_i64(ck->arena, number, 0, &value) && value >= least && value <= most) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0336, arg->span, "`%.*s` requires a whole number from %lld to %lld",
                    AT_STR_ARG(name_of(ck, which)), (long long)least, (long long)most);
    at_diag_help(d,
                 which == AT_B_PRIOR || which == AT_B_TRAILING
                     ? "write a number of periods, such as `%s(bookings, 3)`"
                     : "write a number of decimals, such as `%s(x, 2)`",
                 name_of(ck, which).p);
}

/* `abs` comes here too: it keeps the type, and takes one value only. */
static at_type rounding(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        enum at_check_builtin_id which) {
    at_type type = at_check_value(ck, env, at_check_child(node, 0));
    if (node->n > 1) whole_number(ck, at_check_child(node, 1), which, -12, 12);
    if (type.kind == AT_T_NONE || at_check_is_numeric(type)) return type;
    wants(ck, node->child[0], which, "money or a number");
    return none();
}

static at_type if_missing(struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *y = at_check_child(node, 1);
    at_type type = at_check_expr(ck, env, x), other = at_check_expr(ck, env, y);
    /* An error in x leaves the type of the replacement, so that one error does not hide the
     * others. */
    if (type.kind == AT_T_NONE || other.kind == AT_T_NONE) return other.kind == AT_T_NONE ? none() : other;
    if (!type.optional && !at_check_may_have_no_row(ck, x)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0311, x->span, "`%.*s` is never missing",
                                        AT_STR_ARG(at_check_quote(ck, x)));
        const struct at_check_symbol *symbol = ck->out->symbols[x->id];
        if (symbol && symbol->kind == AT_SYM_FIELD)
            at_diag_label(d, at_check_decl_of(symbol)->span,
                          symbol->type.optional ? "a condition already guarantees this"
                                                : "not declared optional");
        at_diag_help(d, "write `%.*s` alone", AT_STR_ARG(at_check_quote(ck, x)));
        at_diag_fix(d, node->span, "%.*s", AT_STR_ARG(at_diag_sources_text(ck->ast->sources, x->span)));
    }
    bool fits = at_check_fits(ck, y, other, type) ||
                (at_check_is_literal(y) && y->kind == AT_N_NUMBER && type.kind == AT_T_NUMBER);
    if (!fits) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0313, y->span, "the replacement for %.*s is %.*s",
                        AT_STR_ARG(at_check_type_say(ck, type)), AT_STR_ARG(at_check_type_say(ck, other)));
        at_check_show(ck, d, x);
        at_check_show(ck, d, y);
        const struct at_currency_info *own = at_currency_info(ck->out->currency);
        if (type.kind == AT_T_MONEY && y->kind == AT_N_NUMBER && own && own->symbol[0]) {
            at_diag_help(d, "write `%s%.*s`", own->symbol, AT_STR_ARG(y->text));
            at_diag_fix(d, y->span, "%s%.*s", own->symbol, AT_STR_ARG(y->text));
        } else
            at_diag_help(d, "use the same type for both");
        return none();
    }
    /* The result can be missing only if the replacement can. */
    type.optional = other.optional;
    if (type.kind == AT_T_ENUM && other.kind == AT_T_TEXT && y->kind != AT_N_TEXT) type = other;
    return type;
}

/* ---- over periods and over people: cells only */

static bool over_cells(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                       enum at_check_builtin_id which, struct at_check_env *cell) {
    /* A function of periods or people needs the value of a cell. In a credit, that is the cell of
     * the row. */
    *cell = *env;
    if (env->place == AT_IN_CREDIT) *cell = at_check_env_cell(ck, env->where);
    cell->rhythm = env->rhythm;
    cell->where = at_str_format(ck->arena, "`%.*s`", AT_STR_ARG(name_of(ck, which))).p;
    cell->based = false;
    if (env->place == AT_IN_CREDIT || env->place == AT_IN_CELL || env->place == AT_IN_GROUP) return true;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0405, at_check_name_span(node),
                                    "`%.*s` needs payees and periods, which %s does not have",
                                    AT_STR_ARG(name_of(ck, which)), env->where);
    at_diag_help(d, "use it in a measure or a `pay` statement");
    return false;
}

static at_type over_periods(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node, enum at_check_builtin_id which) {
    struct at_check_env cell;
    bool sound = over_cells(ck, env, node, which, &cell);
    const struct at_ast_node *arg = at_check_child(node, 0);
    struct at_check_reach reach = ck->reach;
    /* Only `prior` leaves out the current period. `ytd` and `trailing` include it, so they can
     * close a circular reference. */
    ck->reach.past |= which == AT_B_PRIOR;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    uint8_t summed = which == AT_B_PRIOR ? 0 : at_check_summed_rhythm(ck, env, node);
    struct at_check_env inner = cell;
    if (which != AT_B_PRIOR) inner.rhythm = summed ? summed : at_check_rhythm_of(ck, &cell, arg);
    /* The value of an earlier period may be missing anyway. */
    bool maybe = which == AT_B_PRIOR && !cell.rhythm && at_check_rhythm_of(ck, &cell, arg);
    at_type type = !sound ? none() : maybe ? at_check_expr(ck, &inner, arg) : at_check_value(ck, &inner, arg);
    ck->reach = reach;
    if (which == AT_B_PRIOR || which == AT_B_TRAILING)
        whole_number(ck, at_check_child(node, 1), which, 1, 1000);
    int span = which == AT_B_QTD   ? AT_QUARTER
               : which == AT_B_HTD ? AT_HALF
               : which == AT_B_YTD ? AT_YEAR
                                   : -1;
    if (sound && span >= 0 && span < ck->out->calendar.period_kind) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0437, at_check_name_span(node),
                                        "a %s is shorter than the periods of this policy, which are %ss",
                                        at_check_period_kind_say(span),
                                        at_check_period_kind_say(ck->out->calendar.period_kind));
        at_diag_help(d, "use `ytd`, or the value of the period: `%.*s`", AT_STR_ARG(at_check_quote(ck, arg)));
    }
    if (type.kind == AT_T_NONE) return none();
    if (which == AT_B_PRIOR) {
        type.optional = true;
        return type;
    }
    if (at_check_is_numeric(type)) {
        AT_VEC_PUSH(ck->arena, &ck->timed,
                    (struct at_check_timed){node, summed ? summed : cell.rhythm, summed != 0});
        return type;
    }
    wants(ck, arg, which, "money or a number");
    return none();
}

bool at_check_by_member(const struct at_ast_node *node) {
    return at_str_eq(node->text, AT_STR("sum")) && at_str_eq(node->by, AT_STR("member"));
}

static at_type recalculated(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node) {
    at_type type = at_check_expr(ck, env, at_check_child(node, 0));
    if (type.kind == AT_T_NONE) return none();
    if (!at_check_is_numeric(type)) {
        wants(ck, node->child[0], AT_B_RECALCULATED, "money or a number");
        return none();
    }
    return type;
}

/* ---- since(x, day) */

/* What x or the day may not name. */
struct bad_name {
    const struct at_check *ck;
    const struct at_ast_node *found;
    bool day;
};

static bool visit_name(void *context, const struct at_ast_node *node) {
    struct bad_name *bad = context;
    const struct at_check_symbol *symbol = bad->ck->out->symbols[node->id];
    if (!symbol || bad->found) return !bad->found;
    bool measure = symbol->kind == AT_SYM_MEASURE;
    if (symbol->kind == AT_SYM_COMPONENT || symbol->kind == AT_SYM_TOTAL ||
        (bad->day && (measure || symbol->kind == AT_SYM_PERIOD)))
        bad->found = node;
    const struct at_check_measure_decl *decl = measure ? &bad->ck->out->measures[symbol->index] : NULL;
    if (!bad->found && decl && decl->expr && !symbol->loop) at_ast_walk(decl->expr, visit_name, bad);
    return !bad->found;
}

static const struct at_ast_node *bad_name_in(const struct at_check *ck, const struct at_ast_node *node,
                                             bool day) {
    struct bad_name bad = {ck, NULL, day};
    if (node) at_ast_walk(node, visit_name, &bad);
    return bad.found;
}

/* A measure in x whose dated rows belong to no single payee. */
static bool visit_rows(void *context, const struct at_ast_node *node) {
    struct bad_name *bad = context;
    const struct at_check_symbol *symbol = bad->ck->out->symbols[node->id];
    if (bad->found || !symbol || symbol->kind != AT_SYM_MEASURE) return !bad->found;
    const struct at_check_measure_decl *decl = &bad->ck->out->measures[symbol->index];
    const struct at_check_feed_decl *feed = decl->aggregate ? &bad->ck->out->feeds[decl->feed] : NULL;
    if (feed && (feed->on || decl->on) && (feed->n_to == 0 || feed->to[0].by >= 0)) bad->found = node;
    if (!bad->found && decl->expr && !symbol->loop) at_ast_walk(decl->expr, visit_rows, bad);
    return !bad->found;
}

/* The day is one of a payee, so that only rows of that payee can be counted from it. */
static bool has_own_rows(struct at_check *ck, const struct at_ast_node *node) {
    struct bad_name bad = {ck, NULL, false};
    at_ast_walk(node->child[0], visit_rows, &bad);
    if (!bad.found) return true;
    const struct at_check_symbol *measure = ck->out->symbols[bad.found->id];
    const struct at_check_feed_decl *feed = &ck->out->feeds[ck->out->measures[measure->index].feed];
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0456, node->child[0]->span,
                    feed->n_to ? "`since` cannot count `%.*s`, whose rows belong to several payees"
                               : "`since` cannot count `%.*s`, whose rows belong to no payee",
                    AT_STR_ARG(measure->name));
    at_diag_label(d, bad.found->span, "this measure");
    at_diag_help(d, "count a measure with `to` and a single payee, or take `%.*s` out of `since`",
                 AT_STR_ARG(measure->name));
    return false;
}

static bool fits_since(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                       at_type type, at_type day) {
    const struct at_ast_node *pay = bad_name_in(ck, node->child[0], false),
                             *late = bad_name_in(ck, node->child[1], true);
    struct at_diag *d;
    if (!at_check_is_numeric(type)) {
        wants(ck, node->child[0], AT_B_SINCE, "money or a number");
    } else if (day.kind != AT_T_DATE) {
        wants(ck, node->child[1], AT_B_SINCE, "a date");
    } else if (late) {
        d = at_diag_add(ck->diags, AT_A0454, late->span, "the day of `since` belongs to the payee");
        at_diag_help(d, "name a field of the `payee` statement, or write a date");
    } else if (pay) {
        d = at_diag_add(ck->diags, AT_A0455, node->child[0]->span, "cannot count a component from a day");
        if (pay != node->child[0]) at_diag_label(d, pay->span, "a component");
        at_diag_help(d, "count the measures from which it is calculated");
    } else if (env->place == AT_IN_GROUP) {
        d = at_diag_add(ck->diags, AT_A0408, node->span,
                        "`since` counts from a day of a payee, but %s is calculated for a group", env->where);
        at_diag_help(d, "write `sum(%.*s by member)`", AT_STR_ARG(at_check_source(ck, node)));
    } else {
        return has_own_rows(ck, node);
    }
    return false;
}

static at_type since(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    struct at_check_env cell;
    bool sound = over_cells(ck, env, node, AT_B_SINCE, &cell);
    struct at_check_reach reach = ck->reach;
    struct at_check_decl *working = ck->working;
    cell.rhythm = 0;
    if (sound) cell.place = AT_IN_CELL;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    at_type type = at_check_value(ck, &cell, node->child[0]);
    ck->working = NULL; /* of the day, only that there is one matters */
    at_type day = at_check_expr(ck, &cell, node->child[1]);
    ck->working = working;
    ck->reach = reach;
    if (!sound || type.kind == AT_T_NONE || day.kind == AT_T_NONE) return none();
    if (!fits_since(ck, env, node, type, day)) return none();
    if (env->place == AT_IN_CELL) at_check_block(ck, -1, node);
    AT_VEC_PUSH(ck->arena, &ck->timed, (struct at_check_timed){node, 0, false});
    type.optional = day.optional;
    return type;
}

/* paid(x): x is the name of a component. */
static at_type paid(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    struct at_check_env cell;
    const struct at_ast_node *arg = at_check_child(node, 0);
    bool sound = over_cells(ck, env, node, AT_B_PAID, &cell);
    struct at_check_reach reach = ck->reach;
    struct at_check_decl *working = ck->working;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    /* A group has the sum of its members' lines, so what x needs of a payee does not matter to it. */
    ck->working = NULL;
    if (sound) cell.place = AT_IN_CELL;
    at_type type = at_check_value(ck, &cell, arg);
    ck->working = working;
    ck->reach = reach;
    const struct at_check_symbol *symbol = arg ? ck->out->symbols[arg->id] : NULL;
    if (!sound || type.kind == AT_T_NONE) return none();
    if (arg->kind == AT_N_NAME && symbol && symbol->kind == AT_SYM_COMPONENT) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0453, arg->span, "`paid` requires the name of a component");
    at_diag_help(d, "name a `pay` or a `pool`, such as `paid(commission)`");
    return none();
}

int8_t at_check_running_span(const struct at_ast_node *call) {
    if (at_str_eq(call->by, AT_STR("year"))) return AT_YEAR;
    if (at_str_eq(call->by, AT_STR("half"))) return AT_HALF;
    return at_str_eq(call->by, AT_STR("quarter")) ? AT_QUARTER : -1;
}

static at_type running(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *arg = at_check_child(node, 0);
    if (env->place != AT_IN_CREDIT) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0406, at_check_name_span(node), "`running` needs a single credit");
        at_diag_help(d,
                     "use it in `pay … per CREDIT = …`, or write `ytd(%.*s)` for the sum of the year to date",
                     AT_STR_ARG(at_check_quote(ck, arg)));
        return none();
    }
    struct at_check_env cell = at_check_env_cell(ck, "`running`");
    cell.rhythm = env->rhythm;
    struct at_check_reach reach = ck->reach;
    ck->reach.earlier = true;
    at_type type = at_check_value(ck, &cell, arg);
    ck->reach = reach;
    const struct at_check_symbol *symbol = arg ? ck->out->symbols[arg->id] : NULL;
    if (type.kind == AT_T_NONE) return none();
    const struct at_check_measure_decl *measure =
        symbol && symbol->kind == AT_SYM_MEASURE ? &ck->out->measures[symbol->index] : NULL;
    /* The lines of a component, also of the one that this formula belongs to. */
    bool lines = symbol && symbol->kind == AT_SYM_COMPONENT && arg->kind == AT_N_NAME &&
                 ck->out->components[symbol->index].per_feed == (int32_t)env->feed;
    if (lines && ck->out->components[symbol->index].rhythm == env->rhythm) return type;
    bool sums = measure && measure->aggregate &&
                (measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT);
    /* The rows before this one are rows of the same credit. Another credit has other rows, in no
     * order with these. */
    if (sums && measure->feed == env->feed) return type;
    at_str feed = ck->out->feeds[env->feed].name;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0407, arg->span,
                    "`running` requires a measure that sums the credit `%.*s`, or a component `per` it",
                    AT_STR_ARG(feed));
    if (symbol && symbol->node) at_diag_label(d, at_check_decl_of(symbol)->span, "this one does not");
    at_diag_help(d, "declare one: `measure NAME = sum of amount from %.*s`", AT_STR_ARG(feed));
    return none();
}

static void group_field(struct at_check *ck, const struct at_ast_node *node) {
    int32_t payee = ck->out->payee_table;
    if (node->by.n == 0 || payee < 0) return;
    int32_t field = at_check_field_find(ck, (uint32_t)payee, node->by);
    at_span span = node->by_span.end ? node->by_span : node->span;
    if (field < 0) {
        struct at_str_nearest suggest = {.wanted = node->by};
        at_check_suggest_fields(ck, &suggest, (uint32_t)payee);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0225, span, "%.*s has no field `%.*s`",
                                        AT_STR_ARG(ck->out->schemas[payee].name), AT_STR_ARG(node->by));
        if (!at_check_suggest_help(d, &suggest))
            at_diag_help(d, "after `by`, name a field of the `payee` statement, such as a team or a region");
        return;
    }
    struct at_check_decl *decl = at_check_field_use(ck, (uint32_t)payee, field);
    ck->out->groups[node->id] = field;
    /* A payee without a group would get an exception. `applies to … where FIELD is not missing`
     * rules this out. */
    if (!ck->out->schemas[payee].fields[field].type.optional) return;
    for (const struct at_check_fact *fact = ck->payee_facts; fact; fact = fact->up)
        if (ck->out->symbols[fact->expr->id] == &decl->symbol) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0436, span, "`%.*s` may be missing, so a payee may have no group",
                    AT_STR_ARG(node->by));
    at_diag_label(d, decl->span, "declared optional here");
    at_diag_help(d,
                 "declare it without `optional`, or leave such payees out with `applies to %.*s where %.*s "
                 "is not missing`",
                 AT_STR_ARG(ck->out->schemas[payee].name), AT_STR_ARG(node->by));
}

static at_type over_people(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node, enum at_check_builtin_id which) {
    struct at_check_env cell;
    bool sound = over_cells(ck, env, node, which, &cell);
    group_field(ck, node);
    int32_t group = ck->out->groups[node->id];
    /* Everyone's total, and that of the pool's own groups, is one value in a pool. */
    bool shared = which == AT_B_TOTAL && (group < 0 || group == env->group_field);
    if (sound && env->place == AT_IN_GROUP && !shared) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0408, node->span,
                                        "`%.*s` compares payees, but %s is calculated for a group",
                                        AT_STR_ARG(name_of(ck, which)), env->where);
        at_diag_help(d,
                     "use a measure, which is the group's total here, or compare members after `split by`");
        return none();
    }
    if (env->place == AT_IN_GROUP) cell = at_check_env_cell(ck, "`total`");
    struct at_check_decl *working = ck->working;
    ck->working =
        NULL; /* what its argument needs of a payee does not matter to the group in which the call is */
    struct at_check_reach reach = ck->reach;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    bool ignoring = (node->flags & AT_F_IGNORING) != 0;
    /* `rank(m where qualifies)`: who does not qualify has no rank, and does not need a value. */
    const struct at_ast_node *where = where_of(node) ? at_check_child(where_of(node), 0) : NULL;
    if (sound && where) at_check_condition(ck, &cell, where);
    if (where) cell.facts = at_check_facts_if(ck, cell.facts, where, true);
    at_type type = !sound     ? none()
                   : ignoring ? at_check_expr(ck, &cell, at_check_child(node, 0))
                              : at_check_value(ck, &cell, at_check_child(node, 0));
    ck->reach = reach;
    ck->working = working;
    /* A measure with a comparison of payees belongs to one payee, so a pool cannot use it. A total belongs to
     * its group. */
    if (env->place == AT_IN_CELL && (which != AT_B_TOTAL || group >= 0))
        at_check_block(ck, which == AT_B_TOTAL ? group : -1, node);
    if (type.kind == AT_T_NONE) return which == AT_B_TOTAL ? none() : at_check_type_make(AT_T_NUMBER);
    if (!at_check_is_numeric(type)) {
        wants(ck, node->child[0], which, "money or a number");
        return none();
    }
    if (which == AT_B_TOTAL) AT_VEC_PUSH(ck->arena, &ck->totals, node);
    bool missing = type.optional || where; /* a member whose own value is missing has no rank and no share */
    if (which != AT_B_TOTAL) type = at_check_type_make(AT_T_NUMBER);
    type.optional = missing && which != AT_B_TOTAL;
    return type;
}

/* sum(m by member): of each member of a group. */
static at_type of_members(struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node) {
    struct at_check_env cell = *env;
    if (env->place == AT_IN_GROUP) cell = at_check_env_cell(ck, "`sum`");
    cell.based = false;
    if (cell.place != AT_IN_CELL) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0405, node->span,
                        "`sum(… by member)` needs a group of payees, which %s does not have", env->where);
        at_diag_help(d, "use it in a pool, or in `total(…)`");
        return none();
    }
    struct at_check_decl *working = ck->working;
    ck->working = NULL; /* what belongs to one payee is what it sums */
    at_type type = at_check_value(ck, &cell, at_check_child(node, 0));
    ck->working = working;
    if (type.kind == AT_T_NONE || at_check_is_numeric(type)) return type;
    wants(ck, node->child[0], AT_B_SUM, "money or a number");
    return none();
}

static at_type over_run(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        enum at_check_builtin_id which) {
    if (!env->over_run) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0409, at_check_name_span(node),
                                        "`%.*s(…)` covers all payees and periods and works only in `require`",
                                        AT_STR_ARG(name_of(ck, which)));
        const struct at_ast_node *arg = at_check_child(node, 0);
        if (which == AT_B_AVERAGE)
            at_diag_help(d, "for several values, write `average(a, b)`. For rows, declare a measure: "
                            "`measure NAME = average of … from …`");
        else
            at_diag_help(d,
                         "for the payees of one period, write `total(%.*s)`. For rows, declare a measure: "
                         "`measure NAME = %.*s%s from …`",
                         AT_STR_ARG(at_check_quote(ck, arg)), AT_STR_ARG(name_of(ck, which)),
                         which == AT_B_SUM ? " of …" : "");
        return none();
    }
    struct at_check_env cell =
        at_check_env_cell(ck, at_str_format(ck->arena, "`%.*s`", AT_STR_ARG(name_of(ck, which))).p);
    /* Requirements are checked after all adjustments, so they see the values that are paid. */
    cell.adjusting = true;
    at_type type = at_check_value(ck, &cell, at_check_child(node, 0));
    if (type.kind != AT_T_NONE && !at_check_is_numeric(type))
        wants(ck, node->child[0], which, "money or a number");
    return which == AT_B_COUNT ? at_check_type_make(AT_T_NUMBER) : type;
}

/* ---- dates and text */

static at_type each_of(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                       enum at_check_builtin_id which, enum at_type_kind kind, const char *what,
                       enum at_type_kind result) {
    for (uint32_t i = 0; i < node->n; i++) {
        at_type type = at_check_value(ck, env, node->child[i]);
        if (type.kind == AT_T_NONE || type.kind == kind || (kind == AT_T_TEXT && type.kind == AT_T_ENUM))
            continue;
        wants(ck, node->child[i], which, what);
    }
    return at_check_type_make(result);
}

/* `by period` sums the values of the periods, and `by year` recalculates. */
static const char *const TO_DATE[][2] = {
    [AT_B_YTD] = {"period", "year"}, [AT_B_HTD] = {"period", "half"}, [AT_B_QTD] = {"period", "quarter"}};

/* `running(x by year)`: the rows before, of all periods of the year. */
static bool running_span(struct at_check *ck, const struct at_ast_node *node) {
    int8_t span = at_check_running_span(node);
    if (span < 0) return false;
    if (span >= (int8_t)ck->out->calendar.period_kind) return true;
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0437, node->by_span, "a %s is shorter than the periods of this policy, which are %ss",
        at_check_period_kind_say(span), at_check_period_kind_say(ck->out->calendar.period_kind));
    at_diag_help(d, "delete `by %.*s`", AT_STR_ARG(node->by));
    return true;
}

static void check_by(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                     enum at_check_builtin_id which) {
    if (at_check_summed_rhythm(ck, env, node) && (which < AT_COUNT(TO_DATE) || which == AT_B_TRAILING))
        return;
    if (node->by.n == 0 || which == AT_B_TOTAL || which == AT_B_RANK || which == AT_B_SHARE) return;
    if (at_check_by_member(node)) return;
    if (which == AT_B_RUNNING && running_span(ck, node)) return;
    const char *span = which < AT_COUNT(TO_DATE) ? TO_DATE[which][1] : NULL;
    bool window = which == AT_B_TRAILING || which == AT_B_SINCE;
    bool summed = at_str_eq(node->by, AT_STR("period")) && (span || window);
    if (summed || (span && at_str_eq(node->by, at_str_z(span)))) return;
    at_span place = node->by_span.end ? node->by_span : node->span;
    struct at_diag *d;
    if (span || window) {
        d = at_diag_add(ck->diags, AT_A0334, place, "unknown reading `by %.*s` of `%.*s`",
                        AT_STR_ARG(node->by), AT_STR_ARG(node->text));
        at_diag_help(d,
                     span ? "write `by period` to sum the values of the periods, or `by %s` to recalculate"
                          : "write `by period` to sum the values of the periods",
                     span);
        return;
    }
    d = at_diag_add(ck->diags, AT_A0334, place, "`by` belongs to total, rank and share, not to `%.*s`",
                    AT_STR_ARG(node->text));
    at_diag_help(d, "delete `by %.*s`", AT_STR_ARG(node->by));
}

static void check_ignoring(struct at_check *ck, const struct at_ast_node *node,
                           enum at_check_builtin_id which) {
    bool people = which == AT_B_TOTAL || which == AT_B_RANK || which == AT_B_SHARE;
    if (!(node->flags & AT_F_IGNORING) || people) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0334, at_check_name_span(node),
                                    "`ignoring missing` belongs to total, rank and share, not to `%.*s`",
                                    AT_STR_ARG(node->text));
    at_diag_help(d, "delete `ignoring missing`");
}

at_type at_check_builtin(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                         enum at_check_builtin_id which) {
    if (at_check_rows_of(ck, node) >= 0 && (env->place == AT_IN_ROW || env->place == AT_IN_CREDIT))
        return at_check_rows(ck, env, node, which);
    if (which != AT_B_RANK && where_of(node)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0464, node->child[node->n - 1]->span,
                                        "`where` needs rows that refer to a row");
        at_diag_help(d, "aggregate the rows in a measure: `measure NAME = sum of … from … where …`");
        return none();
    }
    check_by(ck, env, node, which);
    check_ignoring(ck, node, which);
    /* The arguments are still checked, to report their own errors and to mark the names in them
     * as used. */
    if (!count_fits(ck, node, which)) {
        for (uint32_t i = 0; i < node->n; i++)
            at_check_expr(ck, env, node->child[i]);
        return none();
    }
    switch (which) {
    case AT_B_BALANCE: return at_check_balance(ck, env, node);
    case AT_B_PRORATED: {
        struct at_check_env cell;
        return over_cells(ck, env, node, which, &cell) ? at_check_prorated(ck, &cell, node) : none();
    }
    case AT_B_MIN:
    case AT_B_MAX: return alike(ck, env, node, which);
    case AT_B_AVERAGE: return node->n > 1 ? alike(ck, env, node, which) : over_run(ck, env, node, which);
    case AT_B_SUM:
        if (at_check_by_member(node)) return of_members(ck, env, node);
        return over_run(ck, env, node, which);
    case AT_B_COUNT: return over_run(ck, env, node, which);
    case AT_B_ABS:
    case AT_B_ROUND:
    case AT_B_ROUNDDOWN:
    case AT_B_ROUNDUP: return rounding(ck, env, node, which);
    case AT_B_IFMISSING: return if_missing(ck, env, node);
    case AT_B_YTD:
    case AT_B_HTD:
    case AT_B_QTD:
    case AT_B_PRIOR:
    case AT_B_TRAILING: return over_periods(ck, env, node, which);
    case AT_B_SINCE: return since(ck, env, node);
    case AT_B_PAID: return paid(ck, env, node);
    case AT_B_RECALCULATED: return recalculated(ck, env, node);
    case AT_B_RUNNING: return running(ck, env, node);
    case AT_B_TOTAL:
    case AT_B_RANK:
    case AT_B_SHARE: return over_people(ck, env, node, which);
    case AT_B_YEAR:
    case AT_B_MONTH:
    case AT_B_DAY:
    case AT_B_DAYS: return each_of(ck, env, node, which, AT_T_DATE, "a date", AT_T_NUMBER);
    case AT_B_LOWER:
    case AT_B_TRIM: return each_of(ck, env, node, which, AT_T_TEXT, "text", AT_T_TEXT);
    case AT_B_CONTAINS:
    case AT_B_STARTS:
    case AT_B_ENDS: return each_of(ck, env, node, which, AT_T_TEXT, "text", AT_T_FLAG);
    case AT_B_COUNT_OF: break;
    }
    return none();
}
