/* fair/group.c: pay per credited amount of groups. Small groups are shown together, if they are enough
 * people.
 *
 * What is hidden must not follow from the rest: if fewer than AT_FAIR_LEAST people were left over, the
 * smallest group is joined with them.
 */
#include "base/sort.h"
#include "fair/fair.h"

static int by_size(const void *left, const void *right) {
    const struct at_fair_group *a = left, *b = right;
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

static int by_rate(const void *left, const void *right) {
    const struct at_fair_group *a = left, *b = right;
    if (a->rated != b->rated) return a->rated ? -1 : 1;
    int order = a->rated ? at_num_cmp_slow(b->rate, a->rate) : 0;
    return order ? order : (a->group > b->group) - (a->group < b->group);
}

static void join(struct at_fair_group *into, const struct at_fair_group *from, struct at_arena *arena) {
    into->n += from->n;
    into->n_groups += from->n_groups;
    into->pay = at_num_add(arena, into->pay, from->pay);
    into->credited = at_num_add(arena, into->credited, from->credited);
}

void at_fair_groups_make(const at_num *pay, const at_num *credited, const uint32_t *group, uint32_t n,
                         uint32_t n_groups, struct at_arena *arena, struct at_fair_groups *out) {
    struct at_fair_group *all = AT_NEW_ARRAY(arena, struct at_fair_group, n_groups + 1);
    struct at_fair_group others = {.group = UINT32_MAX};
    *out = (struct at_fair_groups){.at = AT_NEW_ARRAY(arena, struct at_fair_group, n_groups + 1)};
    for (uint32_t g = 0; g < n_groups; g++)
        all[g] = (struct at_fair_group){.group = g, .n_groups = 1};
    for (uint32_t i = 0; i < n; i++) {
        const struct at_fair_group one = {.n = 1, .pay = pay[i], .credited = credited[i]};
        if (group[i] != UINT32_MAX) join(&all[group[i]], &one, arena);
    }
    at_sort_items(arena, all, n_groups, sizeof *all, by_size);
    uint32_t k = 0;
    for (; k < n_groups && all[k].n == 0; k++)
        continue;
    for (; k < n_groups && (all[k].n < AT_FAIR_LEAST || (others.n > 0 && others.n < AT_FAIR_LEAST)); k++)
        join(&others, &all[k], arena);
    for (; k < n_groups; k++)
        out->at[out->n++] = all[k];
    if (others.n >= AT_FAIR_LEAST)
        out->at[out->n++] = others;
    else
        out->hidden = others.n;
    for (uint32_t i = 0; i < out->n; i++) {
        struct at_fair_group *g = &out->at[i];
        g->rated = !at_num_is_zero(g->credited);
        if (g->rated) g->rate = at_num_div(arena, g->pay, g->credited);
    }
    at_sort_items(arena, out->at, out->n, sizeof *out->at, by_rate);
}
