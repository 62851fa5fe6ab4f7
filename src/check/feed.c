/* check/feed.c: rows on their way to payees: `credit`, and the clauses where, to, on of a measure that draws
 * from a table. */
#include "check/check_int.h"

/* In each of these, `where` names the place in messages, such as "a credit". It must be valid as
 * long as the check. */
struct at_check_env at_check_env_const(const char *where) {
    return (struct at_check_env){.place = AT_IN_CONST, .where = where, .group_field = -1};
}

struct at_check_env at_check_env_row(const struct at_check *ck, uint16_t table, const char *where) {
    (void)ck;
    return (struct at_check_env){.place = AT_IN_ROW, .table = table, .where = where, .group_field = -1};
}

struct at_check_env at_check_env_cell(const struct at_check *ck, const char *where) {
    return (struct at_check_env){.place = AT_IN_CELL,
                                 .where = where,
                                 .group_field = -1,
                                 .facts = ck->payee_facts,
                                 .table = UINT16_MAX};
}

struct at_check_env at_check_env_credit(const struct at_check *ck, uint32_t feed, const char *where) {
    const struct at_check_feed_decl *f = &ck->out->feeds[feed];
    struct at_check_env env = {
        .place = AT_IN_CREDIT, .feed = feed, .table = f->table, .where = where, .group_field = -1};
    env.managed = f->managed;
    /* what the credit's own `where` makes sure of holds for every credited row */
    env.facts = at_check_facts_if((struct at_check *)ck, ck->payee_facts, f->where, true);
    return env;
}

/* ---- clauses */

static void check_share(struct at_check *ck, const struct at_check_env *env,
                        const struct at_ast_node *share) {
    at_type type = at_check_value(ck, env, share);
    at_num value;
    if (type.kind == AT_T_NONE) return;
    if (type.kind != AT_T_NUMBER) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0416, share->span, "a share must be a number such as 50%%, found %.*s",
                        AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, share);
        at_diag_help(d, "write the recipient's part of the row, such as `to rep at 80%%`");
        return;
    }
    /* Only a bare literal above 1 is likely to be a slip, such as `80` instead of `80%`. */
    if (!at_check_is_literal(share) || at_check_is_percent(share) || !at_check_fold_num(ck, share, &value))
        return;
    if (at_num_cmp(ck->arena, value, at_num_int(1)) <= 0) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0329, share->span, "a share of %.*s is %.*s times the amount",
                    AT_STR_ARG(share->text), AT_STR_ARG(share->text));
    at_diag_help(d, "did you mean `%.*s%%`?", AT_STR_ARG(share->text));
    at_diag_fix(d, share->span, "%.*s%%", AT_STR_ARG(share->text));
}

static void not_a_payee(struct at_check *ck, uint32_t table, const struct at_ast_node *path, at_type type) {
    at_str payee = ck->out->schemas[ck->out->payee_table].name;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0415, path->span, "a recipient must be a %.*s, found %.*s",
                                    AT_STR_ARG(payee), AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, path);
    int32_t field = at_check_payee_reference(ck, table, NULL);
    if (field >= 0)
        at_diag_help(d, "name a field that refers to a %.*s, such as `to %.*s`", AT_STR_ARG(payee),
                     AT_STR_ARG(ck->out->schemas[table].fields[field].name));
    else
        at_diag_help(d, "declare the field as a reference: `%.*s %.*s`", AT_STR_ARG(path->text),
                     AT_STR_ARG(payee));
}

/* The chain of managers follows one field. With several candidates, the policy has to decide. */
static void check_managers(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node) {
    const struct at_schema *payee = &ck->out->schemas[ck->out->payee_table];
    uint32_t n = 0;
    uint32_t all = at_schema_all(payee);
    for (uint32_t i = 0; i < all; i++)
        n += at_check_is_manager(ck, (int32_t)i);
    if (n == 1) {
        at_check_field_use(ck, (uint32_t)ck->out->payee_table, ck->out->manager_field);
        at_check_dated_use(ck, env, node, ck->out->manager_field);
        return;
    }
    if (n == 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0418, node->span,
                                        "the manager of a %.*s is not declared", AT_STR_ARG(payee->name));
        at_diag_label(d, at_check_name_span(ck->tables[ck->out->payee_table]),
                      "no field refers to another %.*s", AT_STR_ARG(payee->name));
        at_diag_help(d, "add a field such as `manager %.*s optional` to the payee statement",
                     AT_STR_ARG(payee->name));
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0435, node->span, "unclear manager: %u fields of %.*s refer to a %.*s", n,
                    AT_STR_ARG(payee->name), AT_STR_ARG(payee->name));
    for (uint32_t i = 0; i < all; i++)
        if (at_check_is_manager(ck, (int32_t)i))
            at_diag_label(d, ck->fields[ck->out->payee_table][i]->span, "a %.*s", AT_STR_ARG(payee->name));
    at_diag_help(d, "declare the other fields as text");
}

/* A text is the key of a payee. Its row is known only when the payee table is. */
static at_type check_person(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node) {
    at_type type = at_check_expr(ck, env, node);
    if (!node || node->kind != AT_N_TEXT || ck->out->payee_table < 0) return type;
    const struct at_schema *payee = &ck->out->schemas[ck->out->payee_table];
    if (payee->key >= 0 && payee->fields[payee->key].type.kind == AT_T_TEXT)
        at_check_field_use(ck, (uint32_t)ck->out->payee_table, payee->key);
    else
        return type; /* reported as no payee: only keys that are texts can be written */
    type = (at_type){.kind = AT_T_REF, .table = (uint16_t)ck->out->payee_table};
    return at_check_set_type(ck, node, type);
}

at_type at_check_otherwise(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node) {
    const struct at_ast_node *first = at_check_child(node, 0);
    at_type type = check_person(ck, env, first), other = check_person(ck, env, at_check_child(node, 1));
    if (type.kind == AT_T_NONE || other.kind == AT_T_NONE) return at_check_type_make(AT_T_NONE);
    if (!type.optional && !at_check_may_have_no_row(ck, first)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0364, first->span, "`%.*s` is never missing",
                                        AT_STR_ARG(at_check_quote(ck, first)));
        at_check_show_origin(ck, d, first);
        at_diag_help(d, "delete `otherwise` and what follows it, or declare the field optional");
    }
    /* Either side of another type is reported once, by the recipient. */
    return at_type_same(type, other) ? other : type.kind == AT_T_REF ? other : type;
}

/* Reports a recipient that may be missing, with the two ways to decide such rows. */
static void no_one(struct at_check *ck, const struct at_ast_node *node, at_type type) {
    const struct at_schema *payee = &ck->out->schemas[ck->out->payee_table];
    const struct at_ast_node *last = node->kind == AT_N_OTHERWISE ? at_check_child(node, 1) : node;
    at_str quoted = at_check_quote(ck, last), all = at_check_quote(ck, node);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0310, node->span, "`%.*s` may be missing", AT_STR_ARG(all));
    const struct at_check_symbol *symbol = ck->out->symbols[last->id];
    if (symbol && symbol->kind == AT_SYM_FIELD && symbol->type.optional)
        at_diag_label(d, at_check_decl_of(symbol)->span, "declared optional here");
    if (type.kind != AT_T_REF || type.table != ck->out->payee_table) return;
    at_diag_help(
        d,
        "name who gets such rows, as in `to %.*s otherwise \"KEY\"` with the key of a %.*s, or leave "
        "them out with `where %.*s is not missing`",
        AT_STR_ARG(all), AT_STR_ARG(payee->name), AT_STR_ARG(quoted));
}

/* Rows for all payees in whom a field has the row's value. */
static void check_by(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                     struct at_check_recipient *to) {
    if (ck->out->payee_table < 0) return;
    uint32_t payees = (uint32_t)ck->out->payee_table;
    const struct at_schema *payee = &ck->out->schemas[payees];
    at_type type = at_check_expr(ck, env, to->path);
    int32_t field = at_check_field_find(ck, payees, node->by);
    if (node->text.n && !at_str_eq(node->text, payee->name)) field = -1;
    if (field < 0) {
        struct at_str_nearest suggest = {.wanted = node->by};
        at_check_suggest_fields(ck, &suggest, payees);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0225, node->by_span, "%.*s has no field `%.*s`",
                                        AT_STR_ARG(payee->name), AT_STR_ARG(node->by));
        if (!at_check_suggest_help(d, &suggest))
            at_diag_help(d, "name the field of the payee: `by %.*s is %.*s.FIELD`",
                         AT_STR_ARG(to->path->text), AT_STR_ARG(payee->name));
        return;
    }
    to->by = field;
    at_check_field_use(ck, payees, field);
    at_check_dated_use(ck, env, node, field);
    at_type own = payee->fields[field].type;
    bool words = (type.kind == AT_T_TEXT || type.kind == AT_T_ENUM) &&
                 (own.kind == AT_T_TEXT || own.kind == AT_T_ENUM);
    bool same = type.kind == AT_T_REF && own.kind == AT_T_REF && type.table == own.table;
    if (type.kind == AT_T_NONE || words || same) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0467, to->path->span, "cannot match %.*s with %.*s",
                    AT_STR_ARG(at_check_type_say(ck, type)), AT_STR_ARG(at_check_type_say(ck, own)));
    at_check_show_origin(ck, d, to->path);
    at_diag_label(d, ck->fields[payees][field]->span, "the payee's field");
    at_diag_help(d, "match texts or choices with texts or choices, or two references to one table");
}

static void check_recipient(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node, struct at_check_recipient *to) {
    const struct at_ast_node *path = at_check_child(node, 0), *share = at_check_child(node, 1);
    *to = (struct at_check_recipient){path, share, (node->flags & AT_F_MANAGERS) != 0, -1};
    if (node->by.n) {
        check_by(ck, env, node, to);
        return;
    }
    at_type type = check_person(ck, env, path);
    if (type.optional && type.kind != AT_T_NONE && ck->out->payee_table >= 0) no_one(ck, path, type);
    type.optional = false;
    if (share) check_share(ck, env, share);
    if (ck->out->payee_table < 0) return;
    if (type.kind != AT_T_NONE && (type.kind != AT_T_REF || type.table != ck->out->payee_table))
        not_a_payee(ck, env->table, path, type);
    if (to->managers) check_managers(ck, env, node);
}

enum { MOST_LABELS = 24 }; /* a message shows no more; printing them takes the square of their number */

/* Checks that shares which are all literals of the policy sum to 100%. The message names the clause that
 * would make them 100%. */
static void check_shares(struct at_check *ck, const struct at_ast_node *clause,
                         const struct at_check_feed_decl *feed) {
    at_num sum = at_num_int(0);
    bool any = false;
    const struct at_ast_node *last = NULL;
    for (uint32_t i = 0; i < feed->n_to; i++) {
        at_num share = at_num_int(1);
        /* Managers get credit in addition to the recipients, so they do not count toward 100%. */
        if (feed->to[i].managers) continue;
        if (feed->to[i].share &&
            !(at_check_is_literal(feed->to[i].share) && at_check_fold_num(ck, feed->to[i].share, &share)))
            return;
        any |= feed->to[i].share != NULL;
        last = feed->to[i].share ? feed->to[i].share : last;
        sum = at_num_add(ck->arena, sum, share);
    }
    at_num whole = at_num_int(1);
    int order = at_num_cmp(ck->arena, sum, whole);
    /* Without a written share, each recipient gets the whole row, which is a common rule and not
     * a slip. */
    if (!any || !last || order == 0) return;
    at_num hundred = at_num_int(100), percent = at_num_mul(ck->arena, sum, hundred);
    at_num gap = at_num_mul(ck->arena, at_num_abs(ck->arena, at_num_sub(ck->arena, whole, sum)), hundred);
    at_str shown = at_num_print_short(ck->arena, percent, 4, false, NULL),
           rest = at_num_print_short(ck->arena, gap, 4, false, NULL);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0417, clause->span, "the shares sum to %.*s%%, not 100%%",
                                    AT_STR_ARG(shown));
    uint32_t n_shown = feed->n_to < MOST_LABELS ? feed->n_to : MOST_LABELS;
    for (uint32_t i = 0; i < n_shown; i++)
        if (!feed->to[i].managers && feed->to[i].path)
            at_diag_label(d, feed->to[i].share ? feed->to[i].share->span : feed->to[i].path->span,
                          feed->to[i].share ? "" : "100%%");
    int32_t other = at_check_payee_reference(ck, feed->table, feed);
    at_str who = other >= 0 ? ck->out->schemas[feed->table].fields[other].name : AT_STR("…");
    if (order < 0)
        at_diag_help(d, "%.*s%% of each row is not credited: add `, %.*s at %.*s%%`, or increase a share",
                     AT_STR_ARG(rest), AT_STR_ARG(who), AT_STR_ARG(rest));
    else
        at_diag_help(d, "%.*s%% of each row is credited twice: reduce a share by %.*s%%", AT_STR_ARG(rest),
                     AT_STR_ARG(rest));
}

static void check_to(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *clause,
                     struct at_check_feed_decl *feed) {
    /* A second clause is an error that the parser has reported. */
    if (feed->to) return;
    feed->to = AT_NEW_ARRAY(ck->arena, struct at_check_recipient, clause->n + 1);
    for (uint32_t i = 0; i < clause->n; i++)
        if (clause->child[i] && clause->child[i]->kind == AT_N_RECIPIENT)
            check_recipient(ck, env, clause->child[i], &feed->to[feed->n_to++]);
    check_shares(ck, clause, feed);
}

static void check_on(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *on) {
    at_type type = at_check_value(ck, env, on);
    if (!on || type.kind == AT_T_NONE || type.kind == AT_T_DATE || type.kind == AT_T_PERIOD) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0413, on->span, "expected a date or a period after `on`, found %.*s",
                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, on);
    if (type.kind == AT_T_TEXT && ck->out->symbols[on->id])
        at_diag_help(d,
                     "declare the field as a date: `%.*s date`, with `format \"DD/MM/YYYY\"` if the file "
                     "uses another format",
                     AT_STR_ARG(on->text));
    else
        at_diag_help(d, "name a field that is a date or a period, such as `closed_on`");
}

/* The days of `known from` and `until`, which may be missing. A period has no one day. */
static void check_day(struct at_check *ck, const struct at_check_env *env, const char *word,
                      const struct at_ast_node *day) {
    at_type type = at_check_expr(ck, env, day);
    if (!day || type.kind == AT_T_NONE || type.kind == AT_T_DATE) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1136, day->span, "expected a date after `%s`, found %.*s",
                                    word, AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, day);
    at_diag_help(d, "name a field that is a date, such as `%s %s`", word,
                 *word == 'k' ? "entered_on" : "cancelled_on");
}

static bool has_managers(const struct at_ast_node *owner) {
    const struct at_ast_node *to = at_ast_child(owner, AT_N_TO);
    for (uint32_t i = 0; to && i < to->n; i++)
        if (to->child[i] && to->child[i]->flags & AT_F_MANAGERS) return true;
    return false;
}

static bool find_period(void *context, const struct at_ast_node *node) {
    bool *found = context;
    *found |= node->kind == AT_N_NAME && at_str_eq(node->text, AT_STR("period"));
    return !*found;
}

/* `where due_on <= period.end`, without `on`: the rows that are there in each period. */
static bool is_stock(struct at_check *ck, const struct at_check_feed_decl *feed,
                     const struct at_ast_node *owner) {
    const struct at_ast_node *where = at_ast_child(owner, AT_N_WHERE);
    bool found = false;
    if (owner->kind != AT_N_AGGREGATE || !where || at_ast_child(owner, AT_N_ON) ||
        at_ast_child(owner, AT_N_SPREAD))
        return false;
    if (at_check_field_find(ck, feed->table, AT_STR("period")) >= 0) return false;
    at_ast_walk(where, find_period, &found);
    return found;
}

/* Checks the clauses of a CREDIT or AGGREGATE from child `first` on, at row grain of feed->table. Checks
 * `where` first: what it ensures holds for the other clauses, in any order. */
void at_check_feed_table(struct at_check *ck, struct at_check_feed_decl *feed,
                         const struct at_ast_node *owner, uint32_t first) {
    struct at_check_env env =
        at_check_env_row(ck, feed->table, owner->kind == AT_N_CREDIT ? "a credit" : "this measure");
    env.stock = feed->stock = is_stock(ck, feed, owner);
    env.managed = feed->managed = has_managers(owner);
    env.on = at_ast_child(owner, AT_N_ON) != NULL;
    for (uint32_t i = first; i < owner->n; i++) {
        const struct at_ast_node *clause = owner->child[i];
        if (!clause || clause->kind != AT_N_WHERE || feed->where) continue;
        feed->where = at_check_child(clause, 0);
        at_check_condition(ck, &env, feed->where);
    }
    env.stock = false; /* recipients are those of the row, in all periods */
    env.facts = at_check_facts_if(ck, NULL, feed->where, true);
    for (uint32_t i = first; i < owner->n; i++) {
        const struct at_ast_node *clause = owner->child[i];
        if (!clause) continue;
        if (clause->kind == AT_N_TO) check_to(ck, &env, clause, feed);
        const bool dated = env.on;
        env.on = false; /* what decides the day cannot depend on it */
        if (clause->kind == AT_N_ON && !feed->on) check_on(ck, &env, feed->on = at_check_child(clause, 0));
        if (clause->kind == AT_N_KNOWN && !feed->known)
            check_day(ck, &env, "known from", feed->known = at_check_child(clause, 0));
        if (clause->kind == AT_N_UNTIL && !feed->until)
            check_day(ck, &env, "until", feed->until = at_check_child(clause, 0));
        env.on = dated;
        if (clause->kind == AT_N_SPREAD && !feed->spread) feed->spread = clause;
        if (clause->kind == AT_N_AMOUNT && !feed->amount) {
            feed->amount = at_check_child(clause, 0);
            feed->amount_type = at_check_value(ck, &env, feed->amount);
        }
    }
}

/* ---- credit */

static bool source_table(struct at_check *ck, const struct at_ast_node *node,
                         struct at_check_feed_decl *feed) {
    struct at_check_decl *decl = at_check_global(ck, node->text2);
    at_span span = node->span2.end ? node->span2 : at_check_name_span(node);
    if (decl && decl->symbol.kind == AT_SYM_TABLE) {
        feed->table = (uint16_t)decl->symbol.index;
        decl->symbol.used = true;
        return true;
    }
    if (node->text2.n == 0) return false;
    struct at_str_nearest suggest = {.wanted = node->text2};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_TABLE);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, span, "`%.*s` is %s, but a credit needs a table",
                        AT_STR_ARG(node->text2), at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, span, "unknown table `%.*s`", AT_STR_ARG(node->text2));
    }
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a `data` statement after `from`");
    return false;
}

/* Uses the row's own field named `amount`, if it has one, for a credit without `amount`. The new node
 * represents the field under the id of the credit. */
static void own_amount(struct at_check *ck, struct at_check_feed_decl *feed, const struct at_ast_node *node) {
    int32_t field = at_check_field_find(ck, feed->table, AT_STR("amount"));
    if (field < 0) return;
    at_type type = ck->out->schemas[feed->table].fields[field].type;
    if (!at_check_is_numeric(type) || type.optional) return;
    struct at_ast_node *name = AT_NEW(ck->arena, struct at_ast_node);
    *name = (struct at_ast_node){.kind = AT_N_NAME,
                                 .id = node->id,
                                 .span = at_check_name_span(node),
                                 .name_span = at_check_name_span(node),
                                 .text = AT_STR("amount")};
    ck->out->symbols[node->id] = &at_check_field_use(ck, feed->table, field)->symbol;
    at_check_set_type(ck, node, type);
    feed->amount = name;
    feed->amount_type = type;
}

static void check_amount(struct at_check *ck, struct at_check_feed_decl *feed) {
    at_type type = feed->amount_type;
    if (type.kind == AT_T_NONE || at_check_is_numeric(type)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0419, feed->amount->span,
                                    "the amount of a credit must be money or a number, found %.*s",
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, feed->amount);
    at_diag_help(d, "to count rows, write `count from %.*s` in a measure", AT_STR_ARG(feed->name));
    feed->amount_type = at_check_type_make(AT_T_NONE);
}

/* An ERROR among the clauses may be the clause that seems to be missing. */
static bool has_clause(const struct at_ast_node *node, enum at_ast_kind kind) {
    return at_ast_child(node, kind) != NULL;
}

void at_check_credit(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_feed_decl *feed = &ck->out->feeds[decl->symbol.index];
    if (!source_table(ck, node, feed)) {
        /* No table has this index. Users of the credit test it, and report nothing more. */
        feed->table = UINT16_MAX;
        return;
    }
    at_check_feed_table(ck, feed, node, 0);
    if (!has_clause(node, AT_N_AMOUNT))
        own_amount(ck, feed, node);
    else
        check_amount(ck, feed);
    decl->symbol.type = feed->amount_type;
    decl->symbol.table = feed->table;
    at_str payee = ck->out->payee_table >= 0 ? ck->out->schemas[ck->out->payee_table].name : AT_STR("rep");
    if (!has_clause(node, AT_N_TO) && !has_clause(node, AT_N_ERROR)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0420, at_check_name_span(node),
                        "the credit `%.*s` does not specify a recipient", AT_STR_ARG(node->text));
        at_diag_help(d, "add `to` with a field that refers to a %.*s, such as `to %.*s`", AT_STR_ARG(payee),
                     AT_STR_ARG(payee));
    }
    if (!has_clause(node, AT_N_ON) && !has_clause(node, AT_N_ERROR)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0420, at_check_name_span(node),
                                        "the credit `%.*s` does not specify a date", AT_STR_ARG(node->text));
        at_diag_help(d, "add `on` with a field that is a date or a period, such as `on closed_on`");
    }
}
