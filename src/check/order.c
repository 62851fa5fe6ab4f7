/* check/order.c: checks the order of statements where it decides the pay: adjustments of the total, and the
 * statements after them.
 *
 * The total is the sum of lines that are written. After a statement on the total, a component in it cannot
 * change any more. A component after a cap on the total is not limited by the cap. A hold is of what the
 * statements before it made of its component, so that a later one would change what is held already. */
#include "check/check_int.h"

/* Used files come first, as in plan/lower_adjust.c. Returns places by node id; 0 is not a statement. */
static uint32_t *places(struct at_check *ck) {
    const struct at_ast *ast = ck->ast;
    uint32_t *place = AT_NEW_ARRAY(ck->arena, uint32_t, ast->n_nodes + 1), next = 0;
    for (uint32_t i = ast->n_files; i-- > 0;) {
        const struct at_ast_node *file = ast->files[i];
        for (uint32_t k = 0; file && k < file->n; k++)
            if (file->child[k]) place[file->child[k]->id] = ++next;
    }
    return place;
}

static const char *word_of(const struct at_ast_node *node) {
    return at_ast_kind_name((enum at_ast_kind)node->kind);
}

/* The component that a statement changes, as it is written; empty for cap total without a name. */
static at_str changed(const struct at_ast_node *node) {
    return node->kind == AT_N_DRAW ? node->text3 : node->text;
}

static at_span changed_span(const struct at_ast_node *node) {
    return node->kind == AT_N_DRAW && node->span3.end ? node->span3 : at_check_name_span(node);
}

static void refuse(struct at_check *ck, const struct at_ast_node *late, const struct at_ast_node *total) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0452, changed_span(late),
                    "cannot change `%.*s` after a statement on the total", AT_STR_ARG(changed(late)));
    at_diag_label(d, changed_span(total), "contains it");
    at_diag_help(d, "write `%s %.*s` above `%s %.*s`", word_of(late), AT_STR_ARG(late->text), word_of(total),
                 AT_STR_ARG(total->text));
}

static void warn_beyond(struct at_check *ck, const struct at_ast_node *late, const struct at_ast_node *pay) {
    const char *does = late->kind == AT_N_CAP     ? "this cap does not limit"
                       : late->kind == AT_N_FLOOR ? "this floor does not count"
                                                  : "this total does not contain";
    struct at_diag *d = at_diag_add(ck->diags, AT_A0652, at_check_name_span(late),
                                    "%s `%.*s`, which is written after it", does, AT_STR_ARG(pay->text));
    at_diag_label(d, at_check_name_span(pay), "paid in addition");
    at_diag_help(d, "write `%s total` after all components, or name the component in `%s`", word_of(late),
                 word_of(late));
}

/* ---- holds */

static void refuse_after_hold(struct at_check *ck, const struct at_ast_node *late,
                              const struct at_ast_node *hold) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1118, changed_span(late),
                    "cannot change `%.*s` after a part of it is held", AT_STR_ARG(changed(late)));
    at_diag_label(d, at_check_name_span(hold), "holds a part");
    at_diag_help(d, "write `%s %.*s` above `%s …`", word_of(late), AT_STR_ARG(late->text), word_of(hold));
}

static void refuse_late_hold(struct at_check *ck, const struct at_ast_node *hold,
                             const struct at_ast_node *change, const struct at_ast_node *clawback) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1118, at_check_name_span(hold),
                    "cannot hold a part of `%.*s` that was changed after a clawback", AT_STR_ARG(hold->text));
    at_diag_label(d, at_check_name_span(clawback), "takes back deals' parts");
    at_diag_label(d, changed_span(change), "changes it");
    at_diag_help(d, "write `%s …` above `clawback %.*s`", word_of(hold), AT_STR_ARG(clawback->text));
}

/* The statements of a component, in order: what changes all of it, then holds; clawbacks anywhere. */
static void check_holds(struct at_check *ck) {
    const struct at_check_policy *out = ck->out;
    struct seen {
        const struct at_ast_node *hold, *clawback, *change;
    } *seen = AT_NEW_ARRAY(ck->arena, struct seen, out->n_components + 1);
    for (uint32_t i = 0; out->n_parts > 0 && i < out->n_adjustments; i++) {
        const struct at_ast_node *node = out->adjustments[i].node;
        if (out->adjustments[i].component < 0) continue;
        struct seen *s = &seen[out->adjustments[i].component];
        if (node->kind == AT_N_HOLD || node->kind == AT_N_RELEASE) {
            if (s->change) refuse_late_hold(ck, node, s->change, s->clawback);
            if (!s->hold) s->hold = node;
        } else if (node->kind == AT_N_CLAWBACK) {
            if (!s->clawback) s->clawback = node;
        } else if (s->hold) {
            refuse_after_hold(ck, node, s->hold);
        } else if (s->clawback && !s->change) {
            s->change = node;
        }
    }
}

/* By place: the next statement of a kind that is written after it, or NULL. */
typedef const struct at_ast_node *next_of;

static next_of *find_next(struct at_check *ck, const next_of *at, uint32_t n) {
    next_of *next = AT_NEW_ARRAY(ck->arena, next_of, n + 1);
    for (uint32_t p = n; p-- > 1;)
        next[p - 1] = at[p] ? at[p] : next[p];
    return next;
}

void at_check_order(struct at_check *ck) {
    const struct at_check_policy *out = ck->out;
    const uint32_t *place = places(ck);
    uint32_t n = ck->ast->n_nodes + 1;
    next_of *totals = AT_NEW_ARRAY(ck->arena, next_of, n + 1),
            *pays = AT_NEW_ARRAY(ck->arena, next_of, n + 1);
    for (uint32_t i = 0; i < out->n_adjustments; i++)
        if (out->adjustments[i].component < 0)
            totals[place[out->adjustments[i].node->id]] = out->adjustments[i].node;
    for (uint32_t i = 0; i < out->n_components; i++)
        pays[place[out->components[i].symbol->node->id]] = out->components[i].symbol->node;
    next_of *total_after = find_next(ck, totals, n), *pay_after = find_next(ck, pays, n);
    for (uint32_t i = 0; i < out->n_adjustments; i++) {
        const struct at_check_adjustment_decl *late = &out->adjustments[i];
        uint32_t at = place[late->node->id];
        if (late->component >= 0) {
            next_of total = total_after[place[out->components[late->component].symbol->node->id]];
            if (total && place[total->id] < at) refuse(ck, late->node, total);
        } else if (pay_after[at]) {
            warn_beyond(ck, late->node, pay_after[at]);
        }
    }
    check_holds(ck);
}
