/* diff/quiet.c: implements quiet.h. */
#include "diff/quiet.h"

#include "diff/diff_int.h"
#include "diff/edits_int.h"

struct looking {
    const struct at_diff *diff;
    const struct at_diff_side *sides;
    const struct at_session_run *run; /* of both */
    struct at_arena *scratch;
};

/* ---- columns of the two versions */

static uint32_t cells_of(const struct looking *l) {
    return l->run->n_payees * l->sides[0].n_regular;
}

static bool is_covered(const struct looking *l, uint32_t cell) {
    return at_kernel_frame_covers(l->run->frame, cell % l->run->n_payees, cell / l->run->n_payees);
}

/* A number of a cell; false: it is not one, or cannot be calculated. */
static bool number_at(const struct looking *l, uint32_t node, uint32_t cell, at_num *out) {
    uint32_t state;
    bool constant = l->run->plan->nodes[node].grain == AT_G_CONST;
    struct at_plan_value value = at_session_run_value(l->run, node, constant ? 0 : cell, l->scratch, &state);
    if (state != AT_STATE_OK || value.missing || !at_plan_type_counts(value.type)) return false;
    *out = at_plan_value_num(&value);
    return true;
}

static bool has_cells(const struct looking *l, uint32_t node) {
    if (node == AT_NO_NODE) return false;
    uint8_t grain = l->run->plan->nodes[node].grain;
    return grain == AT_G_CELL || grain == AT_G_CONST;
}

/* Whether two nodes of the run are known and equal in every cell. */
static bool are_same(const struct looking *l, uint32_t a, uint32_t b) {
    if (a == b) return true;
    if (!has_cells(l, a) || !has_cells(l, b)) return false;
    bool same = true;
    for (uint32_t cell = 0; same && cell < cells_of(l); cell++) {
        struct at_arena_mark mark = at_arena_mark(l->scratch);
        at_num x, y;
        at_arena_poll(l->diff->arena);
        if (is_covered(l, cell))
            same =
                number_at(l, a, cell, &x) && number_at(l, b, cell, &y) && at_num_cmp(l->scratch, x, y) == 0;
        at_arena_reset(l->scratch, mark);
    }
    return same;
}

/* Whether the node is a flag that is known and false in every cell. */
static bool is_never(const struct looking *l, uint32_t node) {
    bool never = has_cells(l, node);
    for (uint32_t cell = 0; never && cell < cells_of(l); cell++) {
        struct at_arena_mark mark = at_arena_mark(l->scratch);
        uint32_t state, at = l->run->plan->nodes[node].grain == AT_G_CONST ? 0 : cell;
        at_arena_poll(l->diff->arena);
        if (is_covered(l, cell)) {
            struct at_plan_value value = at_session_run_value(l->run, node, at, l->scratch, &state);
            never = state == AT_STATE_OK && !value.missing && value.type.kind == AT_T_FLAG &&
                    !at_plan_value_yes(&value);
        }
        at_arena_reset(l->scratch, mark);
    }
    return never;
}

/* Whether the number is known and below the bound in every cell. */
static bool is_below(const struct looking *l, uint32_t node, at_num bound) {
    bool below = has_cells(l, node);
    for (uint32_t cell = 0; below && cell < cells_of(l); cell++) {
        struct at_arena_mark mark = at_arena_mark(l->scratch);
        at_num x;
        at_arena_poll(l->diff->arena);
        if (is_covered(l, cell)) below = number_at(l, node, cell, &x) && at_num_cmp(l->scratch, x, bound) < 0;
        at_arena_reset(l->scratch, mark);
    }
    return below;
}

static uint32_t node_of(const struct looking *l, int s, uint32_t node) {
    return at_diff_side_node(&l->sides[s], node);
}

/* ---- whether anyone is paid differently */

static int64_t component_of(const struct at_plan *plan, at_str name) {
    for (uint32_t c = 0; c < plan->n_components; c++)
        if (at_str_eq(plan->components[c].name, name)) return c;
    return -1;
}

/* By component of the version without the cause; -1: the other one does not have it. */
static int64_t *match_components(const struct looking *l) {
    const struct at_plan *plan = l->sides[0].plan;
    int64_t *of = AT_NEW_ARRAY(l->scratch, int64_t, plan->n_components + 1);
    for (uint32_t c = 0; c < plan->n_components; c++)
        of[c] = component_of(l->sides[1].plan, plan->components[c].name);
    return of;
}

/* Whether every payout is the same, or is withheld in both. *lines: also every line of it. */
static bool pays_same(const struct looking *l, bool *lines) {
    int64_t *minor[2], *of = match_components(l);
    *lines = true;
    for (int s = 0; s < 2; s++)
        minor[s] = AT_NEW_ARRAY(l->scratch, int64_t, l->sides[s].plan->n_components + 1);
    for (uint32_t cell = 0; cell < l->run->n_payees * l->run->n_periods; cell++) {
        at_i128 total[2] = {0};
        bool held[2];
        at_arena_poll(l->diff->arena);
        for (int s = 0; s < 2; s++) {
            struct at_arena_mark mark = at_arena_mark(l->scratch);
            held[s] = at_diff_side_cell(&l->sides[s], cell % l->run->n_payees, cell / l->run->n_payees,
                                        l->diff->digits, l->scratch, minor[s]);
            at_arena_reset(l->scratch, mark);
            for (uint32_t c = 0; c < l->sides[s].plan->n_components; c++)
                total[s] += minor[s][c];
        }
        if (held[0] != held[1] || total[0] != total[1]) return false;
        for (uint32_t c = 0; c < l->sides[0].plan->n_components; c++)
            *lines &= minor[0][c] == (of[c] < 0 ? 0 : minor[1][of[c]]);
    }
    return true;
}

/* ---- what absorbs a difference of amounts */

/* The adjustment of the other version that adjusts the same; NULL: none. */
static const struct at_plan_adjustment *fellow(const struct at_plan *plan,
                                               const struct at_plan_adjustment *a) {
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const struct at_ast_node *x = plan->adjustments[i].decl->node, *y = a->decl->node;
        if (x->kind == y->kind && at_str_eq(x->text, y->text)) return &plan->adjustments[i];
    }
    return NULL;
}

static bool absorbs(const struct looking *l, const struct at_plan_adjustment *a) {
    const struct at_plan_adjustment *b = fellow(l->sides[1].plan, a);
    if (!b || a->before == AT_NO_NODE || b->before == AT_NO_NODE || a->after == AT_NO_NODE) return false;
    return !are_same(l, node_of(l, 0, a->before), node_of(l, 1, b->before)) &&
           are_same(l, node_of(l, 0, a->after), node_of(l, 1, b->after));
}

/* "cap commission", as in the policy. */
static at_str name_of(const struct at_plan_adjustment *a, struct at_arena *arena) {
    static const char *const words[AT_N_COUNT] = {
        [AT_N_CAP] = "cap", [AT_N_FLOOR] = "floor", [AT_N_ADJUST] = "adjust", [AT_N_DRAW] = "draw"};
    const char *word = words[a->decl->node->kind];
    return at_str_format(arena, "%s%s%.*s", word ? word : "", word ? " " : "",
                         AT_STR_ARG(a->decl->node->text));
}

struct absorbed {
    uint32_t differ,
        rounded;  /* components whose amounts differ; and those of them that rounding makes equal */
    bool unknown; /* amounts of some component cannot be compared */
};

static struct absorbed compare_components(const struct looking *l) {
    struct absorbed out = {0};
    for (uint32_t c = 0; c < l->sides[0].plan->n_components; c++) {
        const struct at_plan_component *a = &l->sides[0].plan->components[c];
        int64_t other = component_of(l->sides[1].plan, a->name);
        const struct at_plan_component *b = other < 0 ? NULL : &l->sides[1].plan->components[other];
        if (!a->decl && !b) continue; /* a line of an adjustment */
        if (!b || !a->decl || a->exact == AT_NO_NODE || b->exact == AT_NO_NODE) {
            out.unknown |= !b || node_of(l, 0, a->value) != node_of(l, 1, b->value);
            continue;
        }
        if (are_same(l, node_of(l, 0, a->exact), node_of(l, 1, b->exact))) continue;
        out.differ++;
        out.rounded += are_same(l, node_of(l, 0, a->earned), node_of(l, 1, b->earned));
    }
    for (uint32_t c = 0; c < l->sides[1].plan->n_components; c++)
        out.unknown |= component_of(l->sides[0].plan, l->sides[1].plan->components[c].name) < 0;
    return out;
}

static void find_absorber(const struct looking *l, struct at_diff_cause *cause) {
    const struct at_plan *plan = l->sides[0].plan;
    const struct at_plan_adjustment *found = NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        if (!absorbs(l, &plan->adjustments[i])) continue;
        found = &plan->adjustments[i];
        n++;
    }
    if (n == 0) return;
    cause->quiet = AT_QUIET_ADJUSTED;
    if (n == 1) cause->quiet_by = name_of(found, l->diff->arena);
}

/* ---- why no amount is different */

/* In the versions that have the component, it has a condition, and no one meets it. */
static bool is_never_paid(const struct looking *l, at_str name) {
    for (int s = 0; s < 2; s++) {
        const struct at_plan *plan = l->sides[s].plan;
        int64_t c = component_of(plan, name);
        const struct at_check_component_decl *decl = c < 0 ? NULL : plan->components[c].decl;
        bool known = c < 0;
        if (c >= 0 && (!decl || !decl->when || decl->per_feed >= 0)) return false;
        for (uint32_t i = 0; c >= 0 && i < plan->n_sites; i++) {
            if (plan->sites[i].ast != decl->when) continue;
            if (!is_never(l, node_of(l, s, plan->sites[i].node))) return false;
            known = true;
        }
        if (!known) return false;
    }
    return true;
}

/* No payout is changed by the cap, floor, or adjustment, in the versions that have it. */
static bool is_idle(const struct looking *l, const struct at_ast_node *statement) {
    for (int s = 0; s < 2; s++)
        for (uint32_t i = 0; i < l->sides[s].plan->n_adjustments; i++) {
            const struct at_plan_adjustment *a = &l->sides[s].plan->adjustments[i];
            const struct at_ast_node *node = a->decl->node;
            if (node->kind != statement->kind || !at_str_eq(node->text, statement->text)) continue;
            if (a->before == AT_NO_NODE || a->after == AT_NO_NODE ||
                !are_same(l, node_of(l, s, a->before), node_of(l, s, a->after)))
                return false;
        }
    return true;
}

/* Where two lists of tiers begin to differ; false: they are points of lines, or do not differ. */
static bool first_difference(const struct looking *l, const struct at_plan_steps *a,
                             const struct at_plan_steps *b, at_num *out) {
    if (a->lines || b->lines) return false;
    for (uint32_t i = 0; i < a->n || i < b->n; i++) {
        if (i >= a->n || i >= b->n) {
            *out = i < a->n ? a->thresholds[i] : b->thresholds[i];
            return true;
        }
        int order = at_num_cmp(l->scratch, a->thresholds[i], b->thresholds[i]);
        if (order == 0 && a->above[i] == b->above[i] &&
            at_num_cmp(l->scratch, a->values[i], b->values[i]) == 0)
            continue;
        *out = order < 0 ? a->thresholds[i] : b->thresholds[i];
        return true;
    }
    return false;
}

static bool is_tiers(const struct at_plan_node *node) {
    return (node->op == AT_P_STEP || node->op == AT_P_THROUGH) && node->n_in == 1;
}

/* Whether the other version has this node, too. */
static bool is_shared(const struct looking *l, int s, uint32_t node) {
    uint32_t at = node_of(l, s, node);
    for (uint32_t id = 0; id < l->sides[!s].plan->n_nodes; id++)
        if (node_of(l, !s, id) == at) return true;
    return false;
}

/* The tiers of the version with the cause that take the place of these; NULL: none. */
static const struct at_plan_node *replaced(const struct looking *l, const struct at_plan_node *old) {
    const struct at_plan *plan = l->sides[1].plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (is_tiers(node) && node->op == old->op && node->grain == old->grain && !is_shared(l, 1, id) &&
            node_of(l, 1, node->in[0]) == node_of(l, 0, old->in[0]))
            return node;
    }
    return NULL;
}

/* Every list of tiers that differs does so above the values of all payees, in all periods. */
static bool is_out_of_reach(const struct looking *l) {
    const struct at_plan *plan = l->sides[0].plan;
    uint32_t n = 0;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id], *other;
        at_num from;
        bool steps = node->op == AT_P_STEP || node->op == AT_P_THROUGH;
        if (!steps || node_of(l, 0, id) == AT_NO_NODE || is_shared(l, 0, id)) continue;
        if (!is_tiers(node) || !(other = replaced(l, node))) return false;
        if (!first_difference(l, node->data, other->data, &from)) return false;
        if (!is_below(l, node_of(l, 0, node->in[0]), from)) return false;
        n++;
    }
    return n > 0;
}

static void find_reason(const struct looking *l, struct at_diff_cause *cause) {
    const struct at_diff_edit *edit = cause->n_edits == 1 ? &l->diff->edits->at[cause->edits[0]] : NULL;
    bool of_pair = edit && edit->pair < l->diff->edits->n_pairs; /* the order of adjustments is of none */
    const struct at_diff_edit_pair *pair = of_pair ? &l->diff->edits->pairs[edit->pair] : NULL;
    const struct at_ast_node *statement = !pair ? NULL : pair->new_node ? pair->new_node : pair->old_node;
    const struct at_ast_node *part = !edit ? NULL : edit->old_node ? edit->old_node : edit->new_node;
    if (!statement || !part) return;
    if (part->kind == AT_N_STEP && is_out_of_reach(l)) cause->quiet = AT_QUIET_TIER;
    if (at_diff_edit_adjusts(statement) && is_idle(l, statement)) cause->quiet = AT_QUIET_IDLE;
    if (statement->kind != AT_N_PAY || !is_never_paid(l, statement->text)) return;
    cause->quiet = AT_QUIET_WHEN;
    cause->quiet_by = statement->text;
}

void at_diff_quiet_find(const struct at_diff *diff, const struct at_diff_side sides[2],
                        struct at_diff_cause *cause) {
    struct looking l = {
        .diff = diff, .sides = sides, .run = sides[0].run, .scratch = at_arena_scratch(diff->arena)};
    cause->quiet = AT_QUIET_NOT;
    bool lines, same = pays_same(&l, &lines);
    if (same && l.run->n_views) {
        cause->quiet = AT_QUIET_UNKNOWN; /* columns of one view are not those of another */
    } else if (same) {
        struct absorbed amounts = compare_components(&l);
        cause->quiet = amounts.differ || amounts.unknown ? AT_QUIET_UNKNOWN : AT_QUIET_NOTHING;
        if (amounts.differ && amounts.differ == amounts.rounded && !amounts.unknown)
            cause->quiet = AT_QUIET_ROUNDED;
        if (amounts.differ && !amounts.rounded && !amounts.unknown) find_absorber(&l, cause);
        if (!amounts.differ) find_reason(&l, cause);
        /* A cap on the total can absorb what other lines gain. Otherwise, pay moves between lines. */
        if (!lines && cause->quiet != AT_QUIET_ADJUSTED) cause->quiet = AT_QUIET_NOT;
    }
    at_arena_free(l.scratch);
}
