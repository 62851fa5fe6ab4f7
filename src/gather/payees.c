/* gather/payees.c: payees in the order of their keys, managers, and who belongs to which
 * group. */
#include "base/order.h"
#include "diag/say.h"
#include "gather/part.h"

static bool key_before(const void *context, uint32_t b, uint32_t a) {
    const at_str *keys = context;
    return at_str_cmp(keys[b], keys[a]) < 0;
}

/* Payees are ordered by the bytes of their keys, which is the order of code points in UTF-8. */
static void order_payees(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    const struct at_table *table = &gather->data->tables[gather->frame->payee_table];
    int key = table->schema->key;
    at_str *keys = AT_NEW_ARRAY(gather->scratch, at_str, frame->n_payees + 1);
    for (uint32_t e = 0; e < frame->n_payees && key >= 0; e++)
        keys[e] = table->cols[key].form == AT_COL_TEXT
                      ? table->cols[key].text[e]
                      : at_col_print(gather->scratch, &table->schema->fields[key].type, &table->cols[key], e);
    frame->payees_by_key = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
    for (uint32_t e = 0; e < frame->n_payees; e++)
        frame->payees_by_key[e] = e;
    at_sort(gather->scratch, frame->payees_by_key, frame->n_payees, key_before, keys);
    frame->payee_rank = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
    for (uint32_t k = 0; k < frame->n_payees; k++)
        frame->payee_rank[frame->payees_by_key[k]] = k;
}

static bool feeds_have_managers(const struct at_plan *plan) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        for (uint32_t k = 0; k < plan->feeds[f].n_to; k++)
            if (plan->feeds[f].to[k].managers) return true;
    return false;
}

/* Checks that every chain of managers ends. Colors: 0 not seen, 1 on the current chain, 2 ends. */
static enum at_status check_managers(struct at_gather *gather) {
    const struct at_kernel_frame *frame = gather->frame;
    const struct at_table *table = &gather->data->tables[gather->frame->payee_table];
    uint8_t *colour = AT_NEW_ARRAY(gather->scratch, uint8_t, frame->n_payees + 1);
    enum at_status status = AT_OK;
    for (uint32_t start = 0; start < frame->n_payees; start++) {
        int32_t e = (int32_t)start;
        for (; e >= 0 && colour[e] == 0; e = gather->managers[e])
            colour[e] = 1;
        /* The walk met its own chain, so the chain is circular. Color 2 afterwards makes sure that it is
         * reported once. */
        if (e >= 0 && colour[e] == 1) {
            bool self = gather->managers[e] == e;
            uint64_t line = table->lines ? table->lines[e] : (uint64_t)e + 1;
            struct at_diag_data_place place =
                at_table_dataset_place(gather->data, gather->frame->payee_table,
                                       gather->plan->checked->manager_field, line, gather->scratch);
            at_str name =
                at_table_dataset_print(gather->data, gather->scratch, gather->frame->payee_table,
                                       table->schema->key, &table->cols[table->schema->key], (uint32_t)e);
            struct at_diag *d = at_diag_say(
                gather->diags, AT_A0812, (at_span){0}, &place,
                AT_SENTENCE(self ? AT_W_RUN_SELF_MANAGER : AT_W_RUN_MANAGER, at_words_text(name)));
            at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_NO_MANAGER));
            status = AT_REJECTED;
        }
        for (e = (int32_t)start; e >= 0 && colour[e] == 1; e = gather->managers[e])
            colour[e] = 2;
    }
    return status;
}

/* The length of the longest chain. Each payee is walked over twice: to who is known above them, and back. */
static int32_t longest_chain(struct at_gather *gather) {
    uint32_t n = gather->frame->n_payees;
    int32_t *above = AT_NEW_ARRAY(gather->scratch, int32_t, n + 1), most = 0; /* 1 more than the managers */
    for (uint32_t start = 0; start < n; start++) {
        int32_t length = 0, e = (int32_t)start;
        for (; e >= 0 && above[e] == 0; e = gather->managers[e])
            length++;
        length += e >= 0 ? above[e] : 0;
        if (length - 1 > most) most = length - 1;
        for (e = (int32_t)start; e >= 0 && above[e] == 0; e = gather->managers[e])
            above[e] = length--;
    }
    return most;
}

/* Only feeds that credit managers need the chains. Other policies may have circular ones in their data. */
static enum at_status find_managers(struct at_gather *gather) {
    const struct at_plan *plan = gather->plan;
    int32_t field = plan->checked->manager_field;
    if (field < 0 || !feeds_have_managers(plan)) return AT_OK;
    if (gather->frame->n_payees == 0) return AT_OK;
    const struct at_table *table = &gather->data->tables[gather->frame->payee_table];
    if (field >= (int32_t)table->schema->n_fields) return at_gather_dated_managers(gather);
    const struct at_col *col = &table->cols[field];
    int32_t *managers = at_arena_get(gather->arena, gather->frame->n_payees * sizeof *managers);
    for (uint32_t e = 0; e < gather->frame->n_payees; e++)
        managers[e] = at_col_state(col, e) == AT_STATE_OK ? col->row[col->one ? 0 : e] : -1;
    gather->managers = managers;
    enum at_status status = check_managers(gather);
    if (status == AT_OK) gather->levels = longest_chain(gather);
    return status;
}

enum at_status at_gather_payees(struct at_gather *gather) {
    order_payees(gather);
    return find_managers(gather);
}

/* ---- groups and their members */

struct by_value {
    const struct at_gather *gather;
    const struct at_col *col;
    const at_type *type;
    struct at_arena *scratch;
    uint32_t n; /* rows of the column */
};

/* Values may have different forms or scales, so they are compared as values, not as bytes. */
static int compare_values(const struct by_value *by, uint32_t a, uint32_t b) {
    struct at_plan_value x = at_kernel_col_value(by->col, a, by->type),
                         y = at_kernel_col_value(by->col, b, by->type);
    return at_plan_value_cmp(by->gather->calendar, by->scratch, &x, &y);
}

static bool value_before(const void *context, uint32_t b, uint32_t a) {
    return compare_values(context, b, a) < 0;
}

/* Rows with a value, by that value and then by row; returns how many. */
static uint32_t sorted_rows(const struct by_value *by, uint32_t *rows) {
    uint32_t n = 0;
    for (uint32_t e = 0; e < by->n; e++)
        if (!at_kernel_col_value(by->col, e, by->type).missing) rows[n++] = e;
    at_sort(by->scratch, rows, n, value_before, by);
    return n;
}

/* Numbers of groups in the order of their values. */
static uint32_t number_by_value(const struct by_value *by, uint32_t *group) {
    uint32_t *sorted = at_arena_get(by->scratch, ((size_t)by->n + 1) * sizeof *sorted);
    uint32_t n = sorted_rows(by, sorted), groups = 0;
    memset(group, 0xFF, by->n * sizeof *group);
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0 && compare_values(by, sorted[i - 1], sorted[i]) != 0) groups++;
        group[sorted[i]] = groups;
    }
    return groups + (n > 0);
}

uint32_t at_gather_number_values(const struct at_gather *gather, const struct at_col *col,
                                 const at_type *type, uint32_t n, uint32_t *group) {
    struct by_value by = {gather, col, type, gather->scratch, n};
    return number_by_value(&by, group);
}

/* Numbers of groups: by value for text, else by the first payee's row. */
static uint32_t number_groups(const struct by_value *by, uint32_t *group) {
    uint32_t groups = number_by_value(by, group);
    if (by->type->kind == AT_T_TEXT) return groups;
    /* Groups by a reference or a choice are numbered again, in the order in which payees name them. */
    uint32_t *renamed = at_arena_get(by->scratch, (groups + 1) * sizeof *renamed), next = 0;
    memset(renamed, 0xFF, (groups + 1) * sizeof *renamed);
    for (uint32_t e = 0; e < by->n; e++) {
        if (group[e] == AT_NOBODY) continue;
        if (renamed[group[e]] == AT_NOBODY) renamed[group[e]] = next++;
        group[e] = renamed[group[e]];
    }
    return groups;
}

/* Counts, then places. During placing, start[g + 1] is where the next member of g is put. At the end, it
 * is the end of g and the start of g + 1. */
void at_gather_list_members(struct at_gather *gather, const uint32_t *of, uint32_t groups,
                            struct at_kernel_members *members) {
    struct at_kernel_frame *frame = gather->frame;
    members->start = AT_NEW_ARRAY(gather->arena, uint32_t, groups + 2);
    members->payee = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
    for (uint32_t e = 0; e < frame->n_payees; e++)
        if (frame->covered[e] && of[e] != AT_NOBODY) members->start[of[e] + 2]++;
    for (uint32_t k = 2; k < groups + 2; k++)
        members->start[k] += members->start[k - 1];
    for (uint32_t r = 0; r < frame->n_payees; r++) {
        uint32_t e = frame->payees_by_key[r];
        if (frame->covered[e] && of[e] != AT_NOBODY) members->payee[members->start[of[e] + 1]++] = e;
    }
}

/* The numbers of groups by value, for feeds that match rows with them. Texts and choices are keyed by their
 * text, and references by the bytes of the row number. */
void at_gather_index_values(struct at_gather *gather, uint32_t g, const struct at_col *col,
                            const at_type *type, const uint32_t *of, uint32_t n) {
    struct at_map *map = &gather->groups_by_value[g];
    at_map_init(map, gather->arena);
    for (uint32_t e = 0; e < n; e++) {
        uint32_t group = of[e], at = col->one ? 0 : e;
        at_str key = {0};
        if (group == AT_NOBODY) continue;
        if (type->kind == AT_T_TEXT) key = col->text[at];
        if (type->kind == AT_T_ENUM) key = type->choices->at[col->row[at]];
        if (type->kind == AT_T_REF) key = (at_str){(const char *)&col->row[at], sizeof *col->row};
        if (key.p && !at_map_get(map, key)) at_map_put(map, key, (void *)(uintptr_t)(group + 1));
    }
}

static void index_groups(struct at_gather *gather, uint32_t g) {
    const struct at_kernel_frame *frame = gather->frame;
    int32_t field = gather->plan->groups[g].field;
    at_map_init(&gather->groups_by_value[g], gather->arena);
    if (field < 0) return;
    const struct at_table *payees = &gather->data->tables[frame->payee_table];
    at_gather_index_values(gather, g, &payees->cols[field], &payees->schema->fields[field].type,
                           frame->group_of[g], frame->n_payees);
}

static bool feed_matches(const struct at_plan *plan, uint32_t group) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        for (uint32_t k = 0; k < plan->feeds[f].n_to; k++)
            if (plan->feeds[f].to[k].by == (int32_t)group) return true;
    return false;
}

/* A group without a field is all payees: number 0 for each, and a size of 1. */
static void make_groups(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    const struct at_plan *plan = gather->plan;
    frame->group_of = AT_NEW_ARRAY(gather->arena, uint32_t *, plan->n_groups + 1);
    frame->group_sizes = AT_NEW_ARRAY(gather->arena, uint32_t, plan->n_groups + 1);
    gather->groups_by_fold = AT_NEW_ARRAY(gather->arena, struct at_map, plan->n_groups + 1);
    gather->groups_by_value = AT_NEW_ARRAY(gather->arena, struct at_map, plan->n_groups + 1);
    gather->frame->members = AT_NEW_ARRAY(gather->arena, struct at_kernel_members, plan->n_groups + 1);
    frame->versions = AT_NEW_ARRAY(gather->arena, struct at_kernel_versions, plan->n_groups + 1);
    gather->dated_groups = AT_NEW_ARRAY(gather->arena, struct at_gather_dated_group, plan->n_groups + 1);
    const struct at_table *payees = &gather->data->tables[gather->frame->payee_table];
    frame->stays = AT_NEW_ARRAY(gather->arena, struct at_kernel_stays, plan->n_groups + 1);
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        int32_t field = plan->groups[g].field;
        if (plan->groups[g].of) { /* comes after its groups */
            at_gather_stays(gather, g);
            continue;
        }
        if (field >= (int32_t)payees->schema->n_fields) {
            at_gather_dated_members(gather, g);
            continue;
        }
        frame->group_of[g] = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
        frame->group_sizes[g] = 1;
        if (field >= 0) {
            struct by_value by = {gather, &payees->cols[field], &payees->schema->fields[field].type,
                                  gather->scratch, frame->n_payees};
            frame->group_sizes[g] = number_groups(&by, frame->group_of[g]);
        }
        at_gather_list_members(gather, frame->group_of[g], frame->group_sizes[g], &frame->members[g]);
        if (field >= 0) at_gather_near_groups(gather, g, frame->group_of[g], frame->n_payees);
        if (feed_matches(plan, g)) index_groups(gather, g);
    }
}

enum at_status at_gather_members(struct at_gather *gather) {
    enum at_status status = at_gather_cover(gather);
    if (status == AT_OK) make_groups(gather);
    return status;
}
