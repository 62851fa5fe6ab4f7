/* check/name.c: determines what a name means at its place: in a row, a credit, a cell (payee and period), a
 * group, a function, a constant. It rejects a value that is finer than its place. The message suggests the
 * words that would make the value coarser. */
#include "check/check_int.h"

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

/* Every name that is resolved ends here, so that the side array has its symbol, and the
 * declaration counts as used. */
static at_type take(struct at_check *ck, const struct at_ast_node *node, struct at_check_decl *decl,
                    at_type type) {
    ck->out->symbols[node->id] = &decl->symbol;
    decl->symbol.used = true;
    return type;
}

/* ---- what belongs to one payee cannot be calculated for a group */

bool at_check_adds_up(const struct at_check *ck, int32_t field) {
    int32_t payee = ck->out->payee_table;
    if (field < 0 || payee < 0) return false;
    at_type type = ck->out->schemas[payee].fields[field].type;
    for (const struct at_check_fact *fact = ck->payee_facts; fact && type.optional; fact = fact->up)
        if (ck->out->symbols[fact->expr->id] == &ck->fields[payee][field]->symbol) type.optional = false;
    return type.kind == AT_T_MONEY && !type.optional;
}

void at_check_block(struct at_check *ck, int32_t field, const struct at_ast_node *node) {
    if (!ck->working || at_check_adds_up(ck, field)) return;
    /* One blocker for each field is enough for a message. */
    for (struct at_check_blocker *b = ck->working->blockers; b; b = b->next)
        if (b->field == field) return;
    struct at_check_blocker *blocker = AT_NEW(ck->arena, struct at_check_blocker);
    *blocker = (struct at_check_blocker){field, node, ck->working->blockers};
    ck->working->blockers = blocker;
}

static void not_of_a_group(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node, int32_t field) {
    const struct at_schema *payee = &ck->out->schemas[ck->out->payee_table];
    if (field < 0) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0404, node->span,
                        "`%.*s` is one payee, but this is calculated for a group", AT_STR_ARG(payee->name));
        at_diag_help(d, "use measures, which are the group's totals in a pool");
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0404, node->span, "`%.*s` differs between the members of a group",
                    AT_STR_ARG(payee->fields[field].name));
    at_diag_label(d, ck->fields[ck->out->payee_table][field]->span, "a field of each %.*s",
                  AT_STR_ARG(payee->name));
    at_type type = payee->fields[field].type;
    if (at_check_is_numeric(type) && !type.optional)
        at_diag_help(d,
                     "write `sum(%.*s by member)` to sum it over the members, or write what differs between "
                     "members after `split by`",
                     AT_STR_ARG(at_check_source(ck, node)));
    else if (type.kind == AT_T_MONEY)
        at_diag_help(d, "write `sum(ifmissing(%.*s, …) by member)` to sum it over the members",
                     AT_STR_ARG(at_check_source(ck, node)));
    else if (env->group_field >= 0)
        at_diag_help(d, "use `%.*s` or a measure, or write what differs between members after `split by`",
                     AT_STR_ARG(payee->fields[env->group_field].name));
    else
        at_diag_help(d, "use a measure, or write what differs between members after `split by`");
}

/* A measure in a group, or in another measure: what in it belongs to one payee. */
void at_check_blockers(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                       struct at_check_decl *decl) {
    if (env->place == AT_IN_GROUP)
        AT_VEC_PUSH(ck->arena, &ck->group_uses, (struct at_check_group_use){decl, node, env->group_field});
    for (const struct at_check_blocker *b = decl->blockers; b; b = b->next) {
        if (env->place != AT_IN_GROUP) {
            at_check_block(ck, b->field, b->node);
            continue;
        }
        /* All members of a group have the same value in the field by which they are grouped. */
        if (b->field >= 0 && b->field == env->group_field) continue;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0404, node->span, "cannot calculate `%.*s` for a group of payees",
                        AT_STR_ARG(decl->symbol.name));
        at_diag_label(d, b->node->span, "this belongs to one payee");
        if (at_check_is_numeric(decl->symbol.type))
            at_diag_help(d, "write `sum(%.*s by member)` to sum its values of the members",
                         AT_STR_ARG(at_check_source(ck, node)));
        else
            at_diag_help(d, "use a measure that does not need a single payee: in a pool, it is recalculated "
                            "from the members' totals");
        return;
    }
}

/* ---- values that are finer than the place */

static const char *what_for(const struct at_check_env *env) {
    switch ((enum at_check_place_kind)env->place) {
    case AT_IN_CONST: return "one value for the whole policy";
    case AT_IN_ROW: return "one value for each row";
    case AT_IN_CREDIT: return "one value for each credited row";
    case AT_IN_CELL: return "one value for each payee and period";
    case AT_IN_GROUP: return "one value for each group and period";
    case AT_IN_FUNCTION: return "only parameters";
    }
    return "";
}

/* A credit of the table is the better source, because its rows have recipients already. */
static void help_sum(struct at_check *ck, struct at_diag *d, uint32_t table, int32_t field) {
    const struct at_schema *schema = &ck->out->schemas[table];
    at_str source = schema->name;
    for (uint32_t i = 0; i < ck->out->n_feeds; i++) {
        const struct at_ast_node *node = ck->out->feeds[i].node;
        if (node && node->kind == AT_N_CREDIT && at_str_eq(node->text2, schema->name)) {
            source = node->text;
            break;
        }
    }
    bool number = field >= 0 && at_check_is_numeric(schema->fields[field].type);
    if (number)
        at_diag_help(d, "sum the rows in a measure: `measure NAME = sum of %.*s from %.*s`",
                     AT_STR_ARG(schema->fields[field].name), AT_STR_ARG(source));
    else
        at_diag_help(d, "aggregate the rows in a measure, such as `measure NAME = count from %.*s`",
                     AT_STR_ARG(source));
}

static at_type too_fine(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        uint32_t table, int32_t field) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0401, node->span,
                                    "`%.*s` has one value for each row of %.*s, but %s needs %s",
                                    AT_STR_ARG(at_check_quote(ck, node)),
                                    AT_STR_ARG(ck->out->schemas[table].name), env->where, what_for(env));
    if (field >= 0)
        at_diag_label(d, ck->fields[table][field]->span, "a field of %.*s",
                      AT_STR_ARG(ck->out->schemas[table].name));
    help_sum(ck, d, table, field);
    return none();
}

static at_type only_constant(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, const struct at_check_decl *decl) {
    const char *format = env->place == AT_IN_FUNCTION
                             ? "`%.*s` is %s, which is not available in %s"
                             : "`%.*s` is %s, which changes, but %s must be constant";
    struct at_diag *d = at_diag_add(ck->diags, AT_A0403, node->span, format, AT_STR_ARG(decl->symbol.name),
                                    at_check_kind_say(ck, &decl->symbol), env->where);
    at_diag_label(d, decl->span, "declared here");
    if (env->place == AT_IN_FUNCTION)
        at_diag_help(d, "add a parameter to the function, and pass `%.*s` when you call it",
                     AT_STR_ARG(decl->symbol.name));
    else
        at_diag_help(d, "write a number, an amount, or the name of a `param`");
    return none();
}

static at_type not_credited_yet(struct at_check *ck, const struct at_check_env *env,
                                const struct at_ast_node *node, const struct at_check_decl *decl) {
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0402, node->span,
        "`%.*s` has a value for each payee and period, but %s looks at rows before they are credited",
        AT_STR_ARG(decl->symbol.name), env->where);
    at_diag_label(d, decl->span, "%s", at_check_kind_say(ck, &decl->symbol));
    at_diag_help(d, "use it in a `measure … from` the credit, or in `pay … per` the credit");
    return none();
}

static at_type wrong_kind(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                          const struct at_check_decl *decl) {
    at_str name = decl->symbol.name;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0203, node->span, "`%.*s` is %s, which has no value here",
                                    AT_STR_ARG(name), at_check_kind_say(ck, &decl->symbol));
    at_diag_label(d, decl->span, "declared here");
    switch ((enum at_check_symbol_kind)decl->symbol.kind) {
    case AT_SYM_DRAW:
        at_diag_help(d, "write `balance(%.*s)` for what is owed of it", AT_STR_ARG(name));
        at_diag_fix(d, node->span, "balance(%.*s)", AT_STR_ARG(name));
        break;
    case AT_SYM_CREDIT:
        if (env->place == AT_IN_CREDIT)
            at_diag_help(d, "write `amount` for the credited amount");
        else
            at_diag_help(d, "declare a measure: `measure NAME = sum of amount from %.*s`", AT_STR_ARG(name));
        break;
    case AT_SYM_RATES:
        at_diag_help(d, "call it with a value, such as `%.*s(attainment)`, or write `bookings through %.*s`",
                     AT_STR_ARG(name), AT_STR_ARG(name));
        break;
    case AT_SYM_FUNCTION: at_diag_help(d, "call it with its arguments: `%.*s(…)`", AT_STR_ARG(name)); break;
    case AT_SYM_TABLE:
        at_diag_help(d, "use it in a `credit … from %.*s`, or in a `measure … from %.*s`", AT_STR_ARG(name),
                     AT_STR_ARG(name));
        break;
    default: break;
    }
    return none();
}

/* ---- names of each kind */

/* The row's own fields come before the payee's, as lower_bare_lookup in plan/lower_name.c has it. */
static at_type bare_lookup(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node, struct at_check_decl *decl) {
    at_check_need(ck, decl, node->span);
    const struct at_check_lookup_decl *lookup = &ck->out->lookups[decl->symbol.index];
    int32_t payee = ck->out->payee_table;
    for (uint32_t i = 0; i < lookup->n_keys; i++) {
        bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
        int32_t table = rows ? env->table : -1;
        int32_t field = rows ? at_check_field_find(ck, env->table, lookup->key_name[i]) : -1;
        if (field < 0 && payee >= 0 && (env->place == AT_IN_CREDIT || env->place == AT_IN_CELL)) {
            table = payee;
            field = at_check_field_find(ck, (uint32_t)payee, lookup->key_name[i]);
        }
        if (field < 0) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0518, node->span,
                                            "no field `%.*s` for the table `%.*s` to look up",
                                            AT_STR_ARG(lookup->key_name[i]), AT_STR_ARG(decl->symbol.name));
            at_diag_label(d, decl->span, "declared here");
            at_diag_help(d,
                         lookup->n_keys == 2 ? "call it with the values to look up: `%.*s(…, …)`"
                                             : "call it with the value to look up: `%.*s(…)`",
                         AT_STR_ARG(decl->symbol.name));
            return lookup->value;
        }
        at_check_field_use(ck, (uint32_t)table, field);
        if (table == payee) at_check_dated_use(ck, env, node, field);
        if (env->place == AT_IN_CELL) at_check_block(ck, field, node);
        at_type type = ck->out->schemas[table].fields[field].type;
        if (!type.optional) continue;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0310, node->span, "`%.*s`, which `%.*s` looks up, may be missing",
                        AT_STR_ARG(lookup->key_name[i]), AT_STR_ARG(decl->symbol.name));
        at_diag_label(d, ck->fields[table][field]->span, "declared optional here");
        at_diag_help(d, "write `%.*s(ifmissing(%.*s, …))`", AT_STR_ARG(decl->symbol.name),
                     AT_STR_ARG(lookup->key_name[i]));
    }
    return lookup->value;
}

static at_type of_field(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        uint32_t table, int32_t field) {
    struct at_check_decl *decl = at_check_field_use(ck, table, field);
    at_type type = take(ck, node, decl, ck->out->schemas[table].fields[field].type);
    if ((int32_t)table == ck->out->payee_table) at_check_dated_use(ck, env, node, field);
    if (env->place == AT_IN_CELL && (int32_t)table == ck->out->payee_table) at_check_block(ck, field, node);
    return type;
}

static at_type of_table(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        struct at_check_decl *decl) {
    uint32_t table = decl->symbol.index;
    bool payee = (int32_t)table == ck->out->payee_table;
    switch ((enum at_check_place_kind)env->place) {
    case AT_IN_CONST:
    case AT_IN_FUNCTION: return only_constant(ck, env, node, decl);
    case AT_IN_ROW: {
        if (table == env->table) return take(ck, node, decl, decl->symbol.type);
        if (!payee) return wrong_kind(ck, env, node, decl);
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0402, node->span, "unclear %.*s: %s looks at rows of %.*s",
            AT_STR_ARG(decl->symbol.name), env->where, AT_STR_ARG(ck->out->schemas[env->table].name));
        int32_t field = at_check_payee_reference(ck, env->table, NULL);
        if (field >= 0)
            at_diag_help(d, "a row of %.*s refers to its %.*s as `%.*s`",
                         AT_STR_ARG(ck->out->schemas[env->table].name), AT_STR_ARG(decl->symbol.name),
                         AT_STR_ARG(ck->out->schemas[env->table].fields[field].name));
        else
            at_diag_help(d, "no field of %.*s refers to a %.*s",
                         AT_STR_ARG(ck->out->schemas[env->table].name), AT_STR_ARG(decl->symbol.name));
        return none();
    }
    case AT_IN_CREDIT:
        if (table == env->table || payee) return take(ck, node, decl, decl->symbol.type);
        return wrong_kind(ck, env, node, decl);
    case AT_IN_CELL:
        if (!payee) return too_fine(ck, env, node, table, -1);
        at_check_block(ck, -1, node);
        return take(ck, node, decl, decl->symbol.type);
    case AT_IN_GROUP:
        if (!payee) return too_fine(ck, env, node, table, -1);
        not_of_a_group(ck, env, node, -1);
        return none();
    }
    return none();
}

static at_type of_cell_value(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, struct at_check_decl *decl) {
    if (env->place == AT_IN_CONST || env->place == AT_IN_FUNCTION) return only_constant(ck, env, node, decl);
    if (env->place == AT_IN_ROW) return not_credited_yet(ck, env, node, decl);
    bool rows = ck->reach.rows, own = ck->path.n > 0 && ck->path.at[ck->path.n - 1].decl == decl;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    /* adjustments and invariants come after all components: no order of work is at stake */
    bool known =
        (env->adjusting && decl->symbol.kind == AT_SYM_COMPONENT) || at_check_need(ck, decl, node->span);
    ck->reach.rows = rows;
    if (!known) return none();
    if (env->place == AT_IN_CELL || env->place == AT_IN_GROUP) at_check_blockers(ck, env, node, decl);
    bool used = decl->symbol.used;
    at_type type = take(ck, node, decl,
                        decl->state == AT_BUSY_DECL ? at_check_past_type(ck, decl, node) : decl->symbol.type);
    if (env->line != node) type = at_check_rhythm_type(ck, env, node, decl, type);
    if (own) decl->symbol.used = used; /* a measure that only it itself uses is not used */
    return type;
}

static at_type of_global(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                         struct at_check_decl *decl) {
    switch ((enum at_check_symbol_kind)decl->symbol.kind) {
    case AT_SYM_TABLE: return of_table(ck, env, node, decl);
    case AT_SYM_MEASURE:
    case AT_SYM_COMPONENT: return of_cell_value(ck, env, node, decl);
    case AT_SYM_PARAM:
        if (!at_check_need(ck, decl, node->span)) return none();
        return take(ck, node, decl, decl->symbol.type);
    case AT_SYM_LOOKUP:
        if (env->place == AT_IN_CONST || env->place == AT_IN_FUNCTION || env->place == AT_IN_GROUP) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0335, node->span,
                            "`%.*s` is a lookup table and needs a value to look up", AT_STR_ARG(node->text));
            at_diag_label(d, decl->span, "declared here");
            at_diag_help(d, "call it with a value for each key: `%.*s(…)`", AT_STR_ARG(node->text));
            return none();
        }
        return take(ck, node, decl, bare_lookup(ck, env, node, decl));
    default: decl->symbol.used = true; return wrong_kind(ck, env, node, decl);
    }
}

/* ---- words that mean something by themselves */

static at_type of_total(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    if (env->adjusting && env->place == AT_IN_CELL)
        return take(ck, node, &ck->total, at_check_money_type(ck));
    struct at_diag *d = at_diag_add(ck->diags, AT_A0410, node->span,
                                    "`total` is known only after all components are calculated");
    at_diag_help(d, "use it in `cap`, `floor`, `adjust`, and `require`. For the sum of a measure over all "
                    "payees, write `total(bookings)`");
    return none();
}

static at_type of_period(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    if (env->place == AT_IN_CREDIT || env->place == AT_IN_CELL || env->place == AT_IN_GROUP || env->stock)
        return take(ck, node, &ck->period, at_check_type_make(AT_T_PERIOD));
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0412, node->span, "`period` has no value here: %s %s", env->where,
                    env->place == AT_IN_ROW ? "looks at rows before they belong to a period"
                                            : "is the same for all periods");
    at_diag_help(d, env->place == AT_IN_ROW ? "compare dates instead, such as `closed_on >= 2026-01-01`"
                                            : "use `period` in a measure or a `pay` statement");
    return none();
}

static at_type of_amount(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    if (env->place == AT_IN_CREDIT) {
        const struct at_check_feed_decl *feed = &ck->out->feeds[env->feed];
        if (feed->amount || feed->amount_type.kind != AT_T_NONE || !feed->node ||
            feed->node->kind != AT_N_CREDIT)
            return take(ck, node, &ck->amount, feed->amount_type);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0411, node->span, "the credit `%.*s` has no amount",
                                        AT_STR_ARG(feed->name));
        at_diag_label(d, at_check_name_span(feed->node), "declared here");
        int32_t foreign = at_check_field_find(ck, feed->table, AT_STR("amount"));
        if (foreign >= 0 && ck->out->schemas[feed->table].fields[foreign].type.kind == AT_T_FOREIGN) {
            at_diag_note(d, "`amount` of the row is in the currency of the row");
            at_diag_help(d, "convert it in the credit: `amount %.*s`",
                         AT_STR_ARG(at_check_conversion_say(ck, AT_STR("amount"), feed->table)));
            return none();
        }
        at_diag_help(d, "add a clause to the credit, such as `amount price * quantity`");
        return none();
    }
    if (env->place == AT_IN_CONST || env->place == AT_IN_FUNCTION)
        return at_check_unknown(ck, node, node->text, node->span, env), none();
    if (env->place == AT_IN_ROW) return at_check_unknown(ck, node, node->text, node->span, env), none();
    struct at_diag *d = at_diag_add(ck->diags, AT_A0401, node->span,
                                    "`amount` has one value for each credited row, but %s needs %s",
                                    env->where, what_for(env));
    at_diag_help(d, "use a measure, such as `measure bookings = sum of amount from booking`");
    return none();
}

/* A name that only some table's fields have, at a place where there are no rows. */
static bool field_of_some_table(struct at_check *ck, const struct at_check_env *env,
                                const struct at_ast_node *node) {
    if (env->place != AT_IN_CELL && env->place != AT_IN_GROUP) return false;
    for (uint32_t i = 0; i < ck->out->n_schemas; i++) {
        int32_t field = at_check_field_find(ck, i, node->text);
        if (field < 0 || (int32_t)i == ck->out->payee_table) continue;
        too_fine(ck, env, node, i, field);
        return true;
    }
    return false;
}

/* In a credit, a bare name is of the row. A field of the payee needs its table's name, so that
 * readers see whose it is. */
static bool payee_field_at_credit(struct at_check *ck, const struct at_check_env *env,
                                  const struct at_ast_node *node) {
    int32_t payee = ck->out->payee_table;
    if (env->place != AT_IN_CREDIT || payee < 0 || at_check_field_find(ck, (uint32_t)payee, node->text) < 0)
        return false;
    at_str name = ck->out->schemas[payee].name;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0202, node->span, "%.*s has no field `%.*s`",
                                    AT_STR_ARG(ck->out->schemas[env->table].name), AT_STR_ARG(node->text));
    at_diag_help(d, "write a field of the credited %.*s as `%.*s.%.*s`", AT_STR_ARG(name), AT_STR_ARG(name),
                 AT_STR_ARG(node->text));
    return true;
}

/* The field wins, so that a new measure cannot change the meaning of an old credit. */
static void warn_hidden(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        uint32_t table, int32_t field) {
    struct at_check_decl *other = at_check_global(ck, node->text);
    bool usable = other && (other->symbol.kind == AT_SYM_PARAM || other->symbol.kind == AT_SYM_LOOKUP ||
                            (other->symbol.kind == AT_SYM_MEASURE && env->place == AT_IN_CREDIT));
    if (!usable || other == ck->working) return;
    at_str owner = ck->out->schemas[table].name;
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0613, node->span, "`%.*s` is the field of %.*s here, not the %s of that name",
        AT_STR_ARG(node->text), AT_STR_ARG(owner), at_check_kind_say(ck, &other->symbol) + 2);
    at_diag_label(d, ck->fields[table][field]->span, "this field is meant");
    at_diag_label(d, other->span, "not this");
    at_diag_help(d, "write `%.*s.%.*s`, or rename one of them", AT_STR_ARG(owner), AT_STR_ARG(node->text));
}

static int parameter_of(const struct at_check_env *env, at_str name) {
    for (uint32_t i = 0; env->function && i < env->function->n; i++)
        if (at_str_eq(env->function->names[i], name)) return (int)i;
    return -1;
}

static at_type of_parameter(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node, int index) {
    const struct at_ast_node *function = env->function->symbol->node;
    struct at_check_decl *decl = AT_NEW(ck->arena, struct at_check_decl);
    decl->symbol = (struct at_check_symbol){.kind = AT_SYM_PARAMETER,
                                            .index = (uint32_t)index,
                                            .name = node->text,
                                            .type = env->function->types[index],
                                            .node = at_check_child(function, (uint32_t)index)};
    return take(ck, node, decl, decl->symbol.type);
}

/* `stage is won`: the quotes are missing, whatever else may be called `won`. */
static bool quotes_missing(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node) {
    if (ck->text_hint != node || !ck->text_hint_other) return false;
    at_type type = at_check_type_at(ck, ck->text_hint_other);
    bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
    if (type.kind != AT_T_ENUM || !at_check_has_choice(type.choices, node->text)) return false;
    if (rows && at_check_field_find(ck, env->table, node->text) >= 0) return false;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0202, node->span, "`%.*s` is a value of `%.*s`, not a name",
                    AT_STR_ARG(node->text), AT_STR_ARG(at_check_quote(ck, ck->text_hint_other)));
    at_diag_help(d, "write text in double quotes: \"%.*s\"", AT_STR_ARG(node->text));
    at_check_fix_text(d, node, node->text);
    return true;
}

/* The order of meanings: a parameter, the row, its fields, `total` and `period`, the group, other
 * declarations, the payee's fields. Every step after that only chooses a message. */
at_type at_check_name(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    int32_t payee = ck->out->payee_table, field;
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (node->text.n == 0 || quotes_missing(ck, env, node)) return none();
    int parameter = parameter_of(env, node->text);
    if (parameter >= 0) return of_parameter(ck, env, node, parameter);
    bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
    if (env->place == AT_IN_CREDIT && at_str_eq(node->text, AT_STR("amount")))
        return of_amount(ck, env, node);
    bool whole = decl && decl->symbol.kind == AT_SYM_TABLE &&
                 (decl->symbol.index == env->table ||
                  (env->place == AT_IN_CREDIT && (int32_t)decl->symbol.index == payee));
    if (rows && whole) return of_table(ck, env, node, decl);
    if (rows && (field = at_check_field_find(ck, env->table, node->text)) >= 0) {
        warn_hidden(ck, env, node, env->table, field);
        return of_field(ck, env, node, env->table, field);
    }
    if (at_str_eq(node->text, AT_STR("total")) && !decl) return of_total(ck, env, node);
    if (at_str_eq(node->text, AT_STR("period")) && !decl) return of_period(ck, env, node);
    if (at_str_eq(node->text, AT_STR("level")) && !decl && env->managed)
        return take(ck, node, &ck->level, at_check_type_make(AT_T_NUMBER));
    /* `pool team`: in its amount the name is that of the group, not of the pool itself */
    bool own_group = env->place == AT_IN_GROUP && env->group_field >= 0 && payee >= 0 &&
                     at_check_field_find(ck, (uint32_t)payee, node->text) == env->group_field;
    if (own_group && (!decl || decl->symbol.kind == AT_SYM_COMPONENT))
        return of_field(ck, env, node, (uint32_t)payee, env->group_field);
    if (decl) return of_global(ck, env, node, decl);
    if (payee >= 0 && (field = at_check_field_find(ck, (uint32_t)payee, node->text)) >= 0) {
        if (env->place == AT_IN_CELL) return of_field(ck, env, node, (uint32_t)payee, field);
        if (env->place == AT_IN_GROUP && at_check_adds_up(ck, field))
            return of_field(ck, env, node, (uint32_t)payee, field);
        if (env->place == AT_IN_GROUP) return not_of_a_group(ck, env, node, field), none();
    }
    if (at_str_eq(node->text, AT_STR("amount"))) return of_amount(ck, env, node);
    if (field_of_some_table(ck, env, node) || payee_field_at_credit(ck, env, node)) return none();
    at_check_unknown(ck, node, node->text, node->span, env);
    return none();
}

/* ---- after a dot */

static at_type period_member(struct at_check *ck, const struct at_ast_node *node) {
    static const struct {
        const char *name;
        enum at_type_kind kind;
    } MEMBERS[] = {{"start", AT_T_DATE},    {"end", AT_T_DATE},    {"days", AT_T_NUMBER},
                   {"months", AT_T_NUMBER}, {"year", AT_T_NUMBER}, {"index", AT_T_NUMBER}};
    struct at_str_nearest suggest = {.wanted = node->text};
    for (size_t i = 0; i < AT_COUNT(MEMBERS); i++) {
        if (at_str_eq(node->text, at_str_z(MEMBERS[i].name))) return at_check_type_make(MEMBERS[i].kind);
        at_str_nearest_try(&suggest, at_str_z(MEMBERS[i].name));
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0225, at_check_name_span(node),
                                    "unknown part `%.*s` of a period", AT_STR_ARG(node->text));
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "a period has start, end, days, months, year, and index (its number in the year)");
    return none();
}

static at_type no_fields(struct at_check *ck, const struct at_ast_node *node, at_type base) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0330, at_check_name_span(node), "%.*s has no fields",
                                    AT_STR_ARG(at_check_type_say(ck, base)));
    at_check_show(ck, d, node->child[0]);
    bool part = at_str_eq(node->text, AT_STR("year")) || at_str_eq(node->text, AT_STR("month")) ||
                at_str_eq(node->text, AT_STR("day"));
    if (base.kind == AT_T_DATE && part)
        at_diag_help(d, "write `%.*s(%.*s)`", AT_STR_ARG(node->text),
                     AT_STR_ARG(at_check_quote(ck, node->child[0])));
    else
        at_diag_help(d, "write a dot after a reference to a row, such as `rep.team`, or after a period, such "
                        "as `period.end`");
    return none();
}

static at_type no_such_field(struct at_check *ck, const struct at_ast_node *node, uint32_t table) {
    struct at_str_nearest suggest = {.wanted = node->text};
    at_check_suggest_fields(ck, &suggest, table);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0225, at_check_name_span(node), "%.*s has no field `%.*s`",
                                    AT_STR_ARG(ck->out->schemas[table].name), AT_STR_ARG(node->text));
    at_diag_label(d, at_check_name_span(ck->tables[table]), "its fields are declared here");
    at_check_suggest_help(d, &suggest);
    return none();
}

/* Checks `rep.team` in a pool. The name before the dot is not a value there, but the grouping field may be
 * written this way. */
static bool group_member(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                         at_type *type) {
    const struct at_ast_node *base = at_check_child(node, 0);
    int32_t payee = ck->out->payee_table;
    if (env->place != AT_IN_GROUP || !base || base->kind != AT_N_NAME || payee < 0) return false;
    if (!at_str_eq(base->text, ck->out->schemas[payee].name)) return false;
    int32_t field = at_check_field_find(ck, (uint32_t)payee, node->text);
    struct at_check_decl *decl = at_check_global(ck, base->text);
    if (decl) take(ck, base, decl, at_check_set_type(ck, base, decl->symbol.type));
    if (field < 0)
        *type = no_such_field(ck, node, (uint32_t)payee);
    else if (field == env->group_field || at_check_adds_up(ck, field))
        *type = of_field(ck, env, node, (uint32_t)payee, field);
    else
        not_of_a_group(ck, env, node, field), *type = none();
    return true;
}

/* Checks `deal.amount` where there is no current deal. A message about the field is better than one about the
 * table. */
static bool fine_member(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *base = at_check_child(node, 0);
    if ((env->place != AT_IN_CELL && env->place != AT_IN_GROUP) || !base || base->kind != AT_N_NAME)
        return false;
    struct at_check_decl *decl = at_check_global(ck, base->text);
    if (!decl || decl->symbol.kind != AT_SYM_TABLE || (int32_t)decl->symbol.index == ck->out->payee_table)
        return false;
    int32_t field = at_check_field_find(ck, decl->symbol.index, node->text);
    if (field < 0)
        no_such_field(ck, node, decl->symbol.index);
    else
        too_fine(ck, env, node, decl->symbol.index, field);
    return true;
}

at_type at_check_member(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    at_type type;
    if (at_check_covered(ck, env, node, &type)) return type;
    if (group_member(ck, env, node, &type)) return type;
    if (fine_member(ck, env, node)) return none();
    /* Only the field can block a group, not the name before the dot. `rep.team` may be in a measure for a
     * group by team. */
    const struct at_ast_node *child = at_check_child(node, 0);
    struct at_check_decl *owner = child && child->kind == AT_N_NAME ? at_check_global(ck, child->text) : NULL;
    bool payee_field = env->place == AT_IN_CELL && owner && owner->symbol.kind == AT_SYM_TABLE &&
                       (int32_t)owner->symbol.index == ck->out->payee_table;
    struct at_check_decl *working = ck->working;
    if (payee_field) ck->working = NULL;
    at_type base = at_check_expr(ck, env, child);
    ck->working = working;
    if (base.kind == AT_T_NONE || node->text.n == 0) return none();
    if (base.kind == AT_T_PERIOD) {
        type = period_member(ck, node);
        type.optional = base.optional;
        return type;
    }
    if (base.kind != AT_T_REF) return no_fields(ck, node, base);
    int32_t field = at_check_field_find(ck, base.table, node->text);
    if (field < 0) return no_such_field(ck, node, base.table);
    struct at_check_decl *decl = at_check_field_use(ck, base.table, field);
    if ((int32_t)base.table == ck->out->payee_table) at_check_dated_use(ck, env, node, field);
    if (payee_field) at_check_block(ck, field, node);
    type = take(ck, node, decl, ck->out->schemas[base.table].fields[field].type);
    /* A field of a row that may not exist may be missing too. */
    type.optional |= base.optional;
    return type;
}
