/* explain/index.c: finds the lines, the withheld payout, and the group of a payee and period.
 *
 * The indexes are made once for a run, so that one explanation takes no time in proportion to all payees or
 * all lines. What is the same for all members of a group is calculated once, and kept with the explainer.
 */
#include "explain/explain_int.h"

/* ---- lines and withheld payouts, both in the order of payees, then periods */

/* Lines are grouped by payee, so first and end of each group suffice. `end` of 0 means that the payee has
 * none. */
static void find_lines(struct at_explain_run *r, struct at_arena *arena) {
    const struct at_session_run *run = r->result->run;
    r->lines_of = AT_NEW_ARRAY(arena, struct at_explain_explained_part, run->n_payees + 1);
    r->withheld_of = AT_NEW_ARRAY(arena, struct at_explain_explained_part, run->n_payees + 1);
    for (uint64_t i = 0; i < run->n_lines; i++) {
        struct at_explain_explained_part *part = &r->lines_of[run->lines[i].payee];
        if (part->end == 0) part->first = i;
        part->end = i + 1;
    }
    for (uint32_t i = 0; i < run->n_withheld; i++) {
        struct at_explain_explained_part *part = &r->withheld_of[run->withheld[i].payee];
        if (part->end == 0) part->first = i;
        part->end = i + 1;
    }
}

/* The first line of the part that is not of an earlier period. */
static uint64_t line_from(const struct at_session_run *run, struct at_explain_explained_part part,
                          uint64_t period) {
    while (part.first < part.end) {
        uint64_t middle = part.first + (part.end - part.first) / 2;
        if (run->lines[middle].period < period)
            part.first = middle + 1;
        else
            part.end = middle;
    }
    return part.first;
}

struct at_explain_explained_part at_explain_lines_of(const struct at_explain_run *r, uint32_t payee,
                                                     uint32_t period) {
    struct at_explain_explained_part part = r->lines_of[payee];
    return (struct at_explain_explained_part){line_from(r->result->run, part, period),
                                              line_from(r->result->run, part, (uint64_t)period + 1)};
}

const struct at_settle_withheld_cell *at_explain_withheld_of(const struct at_explain_run *r, uint32_t payee,
                                                             uint32_t period) {
    struct at_explain_explained_part part = r->withheld_of[payee];
    const struct at_settle_withheld_cell *withheld = r->result->run->withheld;
    while (part.first < part.end) {
        uint64_t middle = part.first + (part.end - part.first) / 2;
        if (withheld[middle].period == period) return &withheld[middle];
        if (withheld[middle].period < period)
            part.first = middle + 1;
        else
            part.end = middle;
    }
    return NULL;
}

/* ---- groups */

/* Covered members, group by group, each by key. Payees without a group are the last one.
 * A counting sort. start[k + 1] first counts the members of group k; the sum over all groups then makes it
 * the position after them. members has the rows:
 *
 *     start    0      3    5  6    n + 2 elements, here with n = 2
 *              |      |    |
 *     members  a b c  d e  f       group 0, group 1, payees without a group */
static struct at_explain_explained_group group_of(const struct at_session_run *run, const uint32_t *numbers,
                                                  struct at_arena *arena) {
    struct at_explain_explained_group out = {.number_of = AT_NEW_ARRAY(arena, uint32_t, run->n_payees + 1)};
    for (uint32_t i = 0; i < run->n_payees; i++)
        if (numbers[i] != UINT32_MAX && numbers[i] >= out.n) out.n = numbers[i] + 1;
    out.start = AT_NEW_ARRAY(arena, uint32_t, out.n + 2);
    out.members = AT_NEW_ARRAY(arena, uint32_t, run->n_payees + 1);
    for (uint32_t i = 0; i < run->n_payees; i++) {
        uint32_t number = numbers[i];
        out.number_of[i] = number == UINT32_MAX ? out.n : number;
        if (run->covered[i]) out.start[out.number_of[i] + 1]++;
    }
    for (uint32_t k = 0; k <= out.n; k++)
        out.start[k + 1] += out.start[k];
    uint32_t *next = AT_NEW_ARRAY(arena, uint32_t, out.n + 1);
    memcpy(next, out.start, (out.n + 1) * sizeof *next);
    for (uint32_t i = 0; i < run->n_payees; i++) {
        /* Payees are placed in the order of their keys, so members of each group are sorted by key. */
        uint32_t payee = run->payees_by_key[i];
        if (run->covered[payee]) out.members[next[out.number_of[payee]]++] = payee;
    }
    return out;
}

/* As they are in the explained period. */
static const struct at_explain_explained_group *explained(const struct at_explain_tell *t, uint16_t group) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    bool changes = frame->versions[group].n_periods > 0;
    return &t->r->groups[group][changes ? at_kernel_frame_version(frame, group, t->period) : 0];
}

uint32_t at_explain_members_of(const struct at_explain_tell *t, uint16_t group, const uint32_t **out) {
    const struct at_explain_explained_group *of = explained(t, group);
    uint32_t number = of->number_of[t->payee];
    *out = &of->members[of->start[number]];
    if (number == of->n) return 0; /* payees without a group are not a group */
    return of->start[number + 1] - of->start[number];
}

/* ---- what all members share */

/* All bytes are the key of the map, so the struct must not have padding. */
struct shared_key {
    const struct at_explain_run *r;
    uint32_t node, group, number, period, what;
    uint32_t none; /* the bytes are the key, so there are none of no name */
};

void **at_explain_group_shared(const struct at_explain_tell *t, enum at_explain_shared what, uint32_t node,
                               uint16_t group) {
    struct shared_key key = {.r = t->r, .node = node, .group = group, .period = t->period, .what = what};
    bool of_stay = t->stay && t->r->plan->groups[group].stays == t->stays;
    key.number = of_stay ? at_explain_group_at(t, group) : explained(t, group)->number_of[t->payee];
    at_str text = {(const char *)&key, sizeof key};
    void **known = at_map_get(&t->x->shared, text);
    if (known) return known;
    known = AT_NEW(t->x->arena, void *);
    at_map_put(&t->x->shared, at_str_copy(t->x->arena, text), known);
    return known;
}

void at_explain_index(struct at_explain_run *r, struct at_arena *arena) {
    find_lines(r, arena);
    const struct at_kernel_frame *frame = r->run->frame;
    r->groups = AT_NEW_ARRAY(arena, struct at_explain_explained_group *, r->plan->n_groups + 1);
    for (uint32_t g = 0; g < r->plan->n_groups; g++) {
        const struct at_kernel_versions *versions = &frame->versions[g];
        uint32_t n = versions->n_periods ? versions->n : 1;
        r->groups[g] = AT_NEW_ARRAY(arena, struct at_explain_explained_group, n);
        for (uint32_t v = 0; v < n; v++)
            r->groups[g][v] =
                group_of(r->run, versions->n_periods ? versions->of[v] : frame->group_of[g], arena);
    }
}
