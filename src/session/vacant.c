/* session/vacant.c: which roles of a pool with `split at … per role` no member has, and their shares.
 *
 * Roles are known from all payees, and from the rows of the table that gives the shares. The share of a role
 * is that of the payees who have it, or that of its row. It is unknown if these differ, and the role is then
 * not listed. Roles are in order of their names, which does not depend on the order of rows.
 */
#include "session/vacant.h"

#include "base/sort.h"

/* ---- roles of the table of shares */

static bool is_role_field(const struct at_session_vacant *v, uint32_t id) {
    const struct at_plan *plan = v->run->plan;
    while (plan->nodes[id].op == AT_P_FOLLOW || plan->nodes[id].op == AT_P_CHOICETEXT)
        id = plan->nodes[id].in[0];
    const struct at_plan_node *node = &plan->nodes[id];
    return node->op == AT_P_LOAD && node->place == v->run->frame->payee_table &&
           node->a == plan->groups[v->group].field;
}

/* The table that is looked up by the role alone, or NULL. */
static const struct at_plan_lookup *table_of(const struct at_session_vacant *v) {
    const struct at_plan *plan = v->run->plan;
    uint32_t id = v->allot->in[1];
    while (plan->nodes[id].op == AT_P_FOLLOW || plan->nodes[id].op == AT_P_SPREAD)
        id = plan->nodes[id].in[0];
    const struct at_plan_node *node = &plan->nodes[id];
    return node->op == AT_P_LOOKUP && node->n_in == 1 && is_role_field(v, node->in[0]) ? node->data : NULL;
}

static at_str name_of_key(const struct at_plan_value *key) {
    if (key->type.kind == AT_T_TEXT) return at_plan_value_text(key);
    if (key->type.kind != AT_T_ENUM || !key->type.choices) return AT_STR("");
    return key->type.choices->at[at_plan_value_ordinal(key)];
}

static struct at_session_role *role_named(struct at_session_vacant *v, at_str name) {
    uintptr_t known = (uintptr_t)at_map_get(&v->by_name, name);
    if (known) return &v->roles.at[known - 1];
    AT_VEC_PUSH(v->arena, &v->roles, (struct at_session_role){.name = name});
    at_map_put(&v->by_name, name, (void *)(uintptr_t)v->roles.n);
    return &v->roles.at[v->roles.n - 1];
}

static void add_roles_of_table(struct at_session_vacant *v) {
    const struct at_plan_lookup *table = table_of(v);
    for (uint32_t i = 0; table && i < table->n_rows; i++) {
        if (table->rows[i].kind != AT_KEY_VALUE) continue;
        struct at_session_role *role = role_named(v, name_of_key(&table->rows[i].value));
        role->fixed = true;
        role->share = at_plan_value_num(&table->values[(size_t)i * table->n_columns]);
    }
}

static void add_roles_of_payees(struct at_session_vacant *v) {
    const struct at_session_run *run = v->run;
    uint32_t n = run->group_sizes[v->group];
    v->index_of = AT_NEW_ARRAY(v->arena, uint32_t, n + 1);
    bool *seen = AT_NEW_ARRAY(v->arena, bool, n + 1);
    const struct at_kernel_versions *versions = &run->frame->versions[v->group];
    const struct at_schema_field *dated =
        &run->plan->checked->schemas[run->frame->payee_table].fields[run->plan->groups[v->group].field];
    for (uint32_t number = 0; versions->n_periods && number < n; number++) {
        at_str name = at_session_table_text(run->data, dated->dated_table, dated->dated_field,
                                            (uint32_t)versions->row[number], v->arena);
        v->index_of[number] = (uint32_t)(role_named(v, name) - v->roles.at);
        seen[number] = true;
    }
    for (uint32_t payee = 0; payee < run->n_payees; payee++) {
        uint32_t number = run->group_of[v->group][payee];
        if (number >= n || seen[number]) continue;
        at_str name = at_session_table_text(run->data, run->frame->payee_table,
                                            (uint32_t)run->plan->groups[v->group].field, payee, v->arena);
        v->index_of[number] = (uint32_t)(role_named(v, name) - v->roles.at);
        seen[number] = true;
    }
}

void at_session_vacant_find(struct at_session_vacant *v, const struct at_session_run *run, uint32_t allot,
                            struct at_arena *arena) {
    *v = (struct at_session_vacant){
        .run = run, .allot = &run->plan->nodes[allot], .arena = arena, .period = UINT32_MAX};
    v->any = (v->allot->b & AT_ALLOT_SHARES) && v->allot->a > 0;
    if (!v->any) return;
    v->group = (uint16_t)(v->allot->a - 1);
    at_map_init(&v->by_name, arena);
    add_roles_of_table(v);
    add_roles_of_payees(v);
}

/* ---- shares in a period */

/* The value of an input of the pool for a payee; false if it does not have one. */
static bool value_of(const struct at_session_vacant *v, unsigned input, uint32_t payee,
                     struct at_plan_value *out) {
    uint32_t id = v->allot->in[input], state;
    uint8_t grain = v->run->plan->nodes[id].grain;
    uint32_t index = grain == AT_G_CELL  ? v->period * v->run->n_payees + payee
                     : grain == AT_G_ROW ? payee
                                         : 0;
    *out = at_session_run_value(v->run, id, index, v->arena, &state);
    return state == AT_STATE_OK;
}

static struct at_session_role *role_of(const struct at_session_vacant *v, uint32_t payee) {
    uint32_t number = at_kernel_frame_groups(v->run->frame, v->group, v->period)[payee];
    return number < v->run->group_sizes[v->group] ? &v->roles.at[v->index_of[number]] : NULL;
}

static void find_shares(struct at_session_vacant *v, uint32_t period) {
    if (v->period == period) return;
    v->period = period;
    for (size_t i = 0; i < v->roles.n; i++) {
        v->roles.at[i].known = v->roles.at[i].fixed;
        v->roles.at[i].differ = false;
    }
    for (uint32_t payee = 0; payee < v->run->n_payees; payee++) {
        struct at_session_role *role = role_of(v, payee);
        struct at_plan_value share;
        if (!role || role->fixed || !value_of(v, 1, payee, &share)) continue;
        role->differ |= role->known && at_num_cmp(v->arena, role->share, at_plan_value_num(&share)) != 0;
        role->share = at_plan_value_num(&share);
        role->known = true;
    }
}

/* ---- the parts of a rest */

static bool shares(const struct at_session_vacant *v, uint32_t payee, at_num *share) {
    struct at_plan_value value;
    unsigned among = at_plan_allot_input(v->allot, AT_ALLOT_AMONG);
    if (among && (!value_of(v, among, payee, &value) || !at_plan_value_yes(&value))) return false;
    if (!value_of(v, 1, payee, &value)) return false;
    *share = at_plan_value_num(&value);
    return true;
}

/* Marks the roles of the members who share, and returns what no role and no member has of the whole. */
static at_num hold_roles(struct at_session_vacant *v, uint32_t group) {
    const struct at_kernel_members *members =
        at_kernel_frame_members(v->run->frame, v->run->plan->nodes[v->allot->in[0]].place, v->period);
    at_num left = at_num_int(1);
    for (size_t i = 0; i < v->roles.n; i++)
        v->roles.at[i].holders = 0;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
            struct at_session_role *role = role_of(v, members->payee[k]);
            at_num share;
            if (!shares(v, members->payee[k], &share)) continue;
            if (pass == 0 && role) role->holders++;
            if (pass == 0 || at_num_sign(share) < 0) continue;
            if (role) share = at_num_div(v->arena, share, at_num_int(role->holders));
            left = at_num_sub(v->arena, left, share);
        }
    return left;
}

static int by_name(const void *a, const void *b) {
    return at_str_cmp(((const struct at_session_role *)a)->name, ((const struct at_session_role *)b)->name);
}

uint32_t at_session_vacant_divide(struct at_session_vacant *v, const struct at_kernel_rest *rest,
                                  struct at_session_vacancy *out) {
    uint32_t n = 0;
    int64_t unit = at_plan_allot_unit(v->allot);
    *out = (struct at_session_vacancy){.minor = rest->minor};
    if (!v->any) return 1;
    find_shares(v, rest->period);
    at_num left = hold_roles(v, rest->group);
    struct at_session_role *vacant = AT_NEW_ARRAY(v->arena, struct at_session_role, v->roles.n + 1);
    for (size_t i = 0; i < v->roles.n; i++) {
        const struct at_session_role *role = &v->roles.at[i];
        if (role->known && !role->differ && !role->holders && at_num_sign(role->share) > 0)
            vacant[n++] = *role;
    }
    at_sort_items(v->arena, vacant, n, sizeof *vacant, by_name);
    at_num *weights = AT_NEW_ARRAY(v->arena, at_num, n + 1);
    int64_t *parts = AT_NEW_ARRAY(v->arena, int64_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        weights[i] = vacant[i].share;
        left = at_num_sub(v->arena, left, weights[i]);
    }
    weights[n] = left; /* below zero, it counts as zero */
    if (!at_allot(v->arena, rest->minor / unit, weights, n + 1, false, parts)) return 1;
    uint32_t used = 0;
    for (uint32_t i = 0; i <= n; i++)
        if (parts[i] != 0)
            out[used++] = (struct at_session_vacancy){i < n ? vacant[i].name : AT_STR(""), parts[i] * unit};
    return used;
}
