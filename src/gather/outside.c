/* gather/outside.c: counts rows outside the effective range, and finds dates that are probably wrong. */
#include "gather/outside.h"

#include "diag/say.h"
#include "gather/gather.h"

#define FAR 5 /* years between a date and all others */

static unsigned year_index(at_date day) {
    int year, month, date;
    at_date_split(day, &year, &month, &date);
    year -= AT_FIRST_YEAR;
    return year < 0 ? 0 : year >= AT_YEARS ? AT_YEARS - 1 : (unsigned)year;
}

static void add_year(struct at_gather_outside *outside, unsigned at, struct at_gather_year more,
                     struct at_arena *arena) {
    if (!outside->years) outside->years = AT_NEW_ARRAY(arena, struct at_gather_year, AT_YEARS);
    struct at_gather_year *year = &outside->years[at];
    bool first = year->n == 0 || more.line < year->line;
    more.n += year->n;
    if (first)
        *year = more;
    else
        year->n = more.n;
}

void at_gather_outside_add(struct at_gather_outside *outside, at_date day, uint64_t line, bool inside,
                           struct at_arena *arena) {
    add_year(outside, year_index(day), (struct at_gather_year){1, line, day}, arena);
    if (inside) return;
    if (outside->n == 0 || day < outside->first) outside->first = day;
    if (outside->n == 0 || day > outside->last) outside->last = day;
    outside->n++;
}

void at_gather_outside_join(struct at_gather_outside *outside, const struct at_gather_outside *more,
                            struct at_arena *arena) {
    if (more->n && (outside->n == 0 || more->first < outside->first)) outside->first = more->first;
    if (more->n && (outside->n == 0 || more->last > outside->last)) outside->last = more->last;
    outside->n += more->n;
    outside->undated += more->undated;
    outside->alone += more->alone;
    outside->inside += more->inside;
    for (unsigned i = 0; more->years && i < AT_YEARS; i++)
        if (more->years[i].n) add_year(outside, i, more->years[i], arena);
}

/* ---- warnings */

/* The row, and the field that dates it if a field does. */
static struct at_diag_data_place place_of(struct at_gather *gather, const struct at_plan_feed *feed,
                                          uint64_t line) {
    const struct at_plan_node *on = feed->on == AT_NO_NODE ? NULL : &gather->plan->nodes[feed->on];
    int field = on && on->op == AT_P_LOAD ? on->a : -1;
    return at_table_dataset_place(gather->data, feed->table, field, line, gather->scratch);
}

/* Years of the effective range have rows, or may have some. */
static void tell_far(struct at_gather *gather, const struct at_plan_feed *feed,
                     const struct at_gather_outside *outside) {
    const struct at_check_policy *checked = gather->plan->checked;
    unsigned from = year_index(checked->from),
             to = checked->to == AT_DATE_MAX ? from : year_index(checked->to);
    struct at_gather_year far = {0};
    for (unsigned y = 0; y < AT_YEARS; y++) {
        const struct at_gather_year *year = &outside->years[y];
        bool near = year->n == 0;
        for (unsigned i = y < FAR ? 0 : y - FAR + 1; i < y + FAR && i < AT_YEARS; i++)
            near |= (i >= from && i <= to) || (i != y && outside->years[i].n > 0);
        if (near) continue;
        if (far.n == 0 || year->line < far.line) far.line = year->line, far.day = year->day;
        far.n += year->n;
    }
    if (far.n == 0) return;
    struct at_diag_data_place place = place_of(gather, feed, far.line);
    struct at_diag *d = at_diag_say(gather->diags, AT_A0883, (at_span){0}, &place,
                                    AT_SENTENCE(AT_W_RUN_FAR_FROM_ALL, at_words_day(far.day)));
    if (far.n > 1) at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_FAR_ROWS, at_words_count(far.n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_CORRECT_FAR));
}

static void tell_none(struct at_gather *gather, const struct at_plan_feed *feed,
                      const struct at_gather_outside *outside) {
    struct at_gather_year first = {0};
    for (unsigned y = 0; y < AT_YEARS; y++)
        if (outside->years[y].n && (first.n == 0 || outside->years[y].line < first.line))
            first = outside->years[y];
    struct at_diag_data_place place = place_of(gather, feed, first.line);
    struct at_diag *d = at_diag_say(
        gather->diags, AT_A0884, (at_span){0}, &place,
        AT_SENTENCE(AT_W_RUN_NONE_INSIDE, at_words_text(gather->data->tables[feed->table].schema->name)));
    at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_ROWS_OUTSIDE, at_words_count(outside->n),
                                    at_words_day(outside->first), at_words_day(outside->last)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_CORRECT_RANGE));
}

void at_gather_outside_tell(struct at_gather *gather, uint32_t feed) {
    const struct at_gather_outside *outside = &gather->outside[feed];
    if (!outside->years) return;
    if (outside->inside == 0 && outside->n)
        tell_none(gather, &gather->plan->feeds[feed], outside);
    else
        tell_far(gather, &gather->plan->feeds[feed], outside);
}
