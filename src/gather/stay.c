/* gather/stay.c: makes the stays of the members of groups: who is in which group on some day of the run. */
#include "gather/part.h"

/* Stays are numbered by group, then by the payee's key. */
static void number_stays(struct at_gather *gather, const struct at_kernel_members *ever, uint32_t groups,
                         struct at_kernel_stays *stays) {
    uint32_t payees = gather->frame->n_payees;
    stays->n = ever->start[groups];
    stays->payee = ever->payee;
    stays->group = AT_NEW_ARRAY(gather->arena, uint32_t, stays->n + 1);
    stays->in_group.start = ever->start;
    stays->in_group.payee = AT_NEW_ARRAY(gather->arena, uint32_t, stays->n + 1);
    stays->of_payee = AT_NEW_ARRAY(gather->arena, uint32_t, payees + 2);
    stays->stay = AT_NEW_ARRAY(gather->arena, uint32_t, stays->n + 1);
    for (uint32_t g = 0; g < groups; g++)
        for (uint32_t k = ever->start[g]; k < ever->start[g + 1]; k++) {
            stays->group[k] = g;
            stays->in_group.payee[k] = k;
            stays->of_payee[ever->payee[k] + 2]++;
        }
    for (uint32_t e = 2; e < payees + 2; e++)
        stays->of_payee[e] += stays->of_payee[e - 1];
    for (uint32_t k = 0; k < stays->n; k++)
        stays->stay[stays->of_payee[ever->payee[k] + 1]++] = k;
}

/* No payee is a member of a stay, so that what looks for the group of a payee finds none. */
void at_gather_stays(struct at_gather *gather, uint32_t g) {
    struct at_kernel_frame *frame = gather->frame;
    uint32_t of = gather->plan->groups[g].of - 1u;
    const struct at_gather_dated_group *dated = &gather->dated_groups[of];
    struct at_kernel_stays *stays = &frame->stays[g];
    number_stays(gather, dated->dated ? &dated->ever : &frame->members[of], frame->group_sizes[of], stays);
    stays->dated = dated->dated;
    stays->by_row = dated->by_row;
    frame->group_sizes[g] = stays->n;
    frame->group_of[g] = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
    for (uint32_t e = 0; e < frame->n_payees; e++)
        frame->group_of[g][e] = AT_NOBODY;
    at_gather_list_members(gather, frame->group_of[g], stays->n, &frame->members[g]);
}
