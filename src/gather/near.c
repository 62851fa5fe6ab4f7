/* gather/near.c: finds groups that differ only in capitals, blanks, or accents, and rows that nearly match a
 * group. */
#include "base/near.h"
#include "base/fold.h"
#include "diag/say.h"
#include "gather/part.h"

/* Where the texts of a group's field are: in the payee table, or in a history. */
struct texts {
    uint32_t table;
    int32_t field; /* -1: all payees are one group */
};

static struct texts texts_of(const struct at_gather *gather, uint32_t g) {
    uint32_t payees = gather->frame->payee_table;
    int32_t field = gather->plan->groups[g].field;
    const struct at_schema *schema = gather->plan->checked ? &gather->plan->checked->schemas[payees] : NULL;
    if (!schema || field < (int32_t)schema->n_fields) return (struct texts){payees, field};
    return (struct texts){schema->fields[field].dated_table, (int32_t)schema->fields[field].dated_field};
}

/* The text of a row, of a payee or of a history; empty if the field is not a text. */
static at_str text_of(const struct at_gather *gather, uint32_t g, uint32_t row) {
    struct texts of = texts_of(gather, g);
    const struct at_table *table = &gather->data->tables[of.table];
    if (of.field < 0 || table->schema->fields[of.field].type.kind != AT_T_TEXT) return (at_str){0};
    const struct at_col *col = &table->cols[of.field];
    return at_col_state(col, row) == AT_STATE_OK ? col->text[col->one ? 0 : row] : (at_str){0};
}

static void tell_group(struct at_gather *gather, uint32_t g, uint32_t first, uint32_t second, uint64_t n) {
    struct texts of = texts_of(gather, g);
    const struct at_table *table = &gather->data->tables[of.table];
    uint64_t line = table->lines ? table->lines[second] : (uint64_t)second + 1;
    struct at_diag_data_place place =
        at_table_dataset_place(gather->data, of.table, of.field, line, gather->scratch);
    struct at_diag *d =
        at_diag_say(gather->diags, AT_A0786, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_RUN_NEAR_GROUP, at_words_text(text_of(gather, g, second)),
                                at_words_text(table->schema->fields[of.field].name),
                                at_words_text(text_of(gather, g, first))));
    if (n > 1) at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_NEAR_GROUPS, at_words_count(n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_WRITE_GROUP));
}

/* Each group is looked at once, by its first row. */
/* Groups of one field that come before it: those with the members of each day are named like the others. */
static bool is_known(const struct at_plan *plan, uint32_t g) {
    for (uint32_t i = 0; i < g; i++)
        if (plan->groups[i].field == plan->groups[g].field && !plan->groups[i].of) return true;
    return false;
}

void at_gather_near_groups(struct at_gather *gather, uint32_t g, const uint32_t *of, uint32_t rows) {
    struct at_map *folded = &gather->groups_by_fold[g];
    bool *seen = AT_NEW_ARRAY(gather->scratch, bool, (size_t)gather->frame->group_sizes[g] + 1);
    uint32_t first = 0, second = 0;
    uint64_t n = 0;
    at_map_init(folded, gather->arena);
    bool known = is_known(gather->plan, g);
    for (uint32_t e = 0; e < rows; e++) {
        uint32_t group = of[e];
        at_str text = text_of(gather, g, e);
        if (text.n == 0 || group == AT_NOBODY || seen[group]) continue;
        seen[group] = true;
        void *before = at_map_put(folded, at_text_fold(gather->arena, text), (void *)(uintptr_t)(e + 1));
        if (!before || known || n++) continue;
        first = (uint32_t)(uintptr_t)before - 1;
        second = e;
    }
    if (n) tell_group(gather, g, first, second, n);
}

/* ---- rows */

/* Of more texts than these, the rest are counted only. */
#define MOST_OTHERS 4096

static void add_other(struct at_gather_near *near, const struct at_gather_near *more,
                      struct at_arena *arena) {
    if (!near->others) {
        near->others = AT_NEW(arena, struct at_map);
        at_map_init(near->others, arena);
    }
    struct at_gather_near *other = at_map_get(near->others, more->text);
    if (other) {
        other->n += more->n;
        if (more->line < other->line) other->line = more->line;
        return;
    }
    if (near->others->n == MOST_OTHERS) return;
    other = AT_NEW(arena, struct at_gather_near);
    *other = *more;
    other->text = at_str_copy(arena, more->text);
    at_map_put(near->others, other->text, other);
}

void at_gather_near_add(struct at_gather_near *near, const struct at_gather *gather, uint32_t g, at_str text,
                        uint64_t line, struct at_arena *arena, struct at_arena *scratch) {
    struct at_arena_mark mark = at_arena_mark(scratch);
    uintptr_t payee = (uintptr_t)at_map_get(&gather->groups_by_fold[g], at_text_fold(scratch, text));
    at_arena_reset(scratch, mark);
    if (!payee) {
        add_other(near, &(struct at_gather_near){.n = 1, .line = line, .group = g, .text = text}, arena);
        return;
    }
    if (near->n++) return;
    struct at_map *others = near->others;
    *near = (struct at_gather_near){1, line, g, (uint32_t)payee - 1, at_str_copy(arena, text), others};
}

void at_gather_near_join(struct at_gather_near *near, const struct at_gather_near *more,
                         struct at_arena *arena) {
    for (uint32_t i = 0; more->others && i < more->others->n; i++)
        add_other(near, more->others->entries[i].value, arena);
    if (more->n == 0) return;
    uint64_t n = near->n + more->n;
    struct at_map *others = near->others;
    if (near->n == 0 || more->line < near->line) *near = *more;
    near->n = n;
    near->others = others;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether the place where two texts differ is inside a long word of both: `North` and `Nroth` are likely to
 * be one team, `Team A` and `Team B` are not. */
static bool in_long_word(at_str a, at_str b) {
    uint32_t at = 0, from, to;
    while (at < a.n && at < b.n && a.p[at] == b.p[at])
        at++;
    for (from = at; from > 0 && is_letter(a.p[from - 1]); from--) {
    }
    for (to = at; to < a.n && is_letter(a.p[to]); to++) {
    }
    if (to - from < 5) return false;
    for (to = at; to < b.n && is_letter(b.p[to]); to++) {
    }
    return to - from >= 5;
}

/* A team of no payee may be right, and the summary counts its rows. One that is nearly that of a payee is a
 * likely mistake. */
static bool find_payee(const struct at_gather *gather, struct at_gather_near *other) {
    const struct at_map *groups = &gather->groups_by_fold[other->group];
    struct at_str_nearest nearest = {.wanted = other->text};
    for (uint32_t i = 0; i < groups->n; i++) {
        uint32_t payee = (uint32_t)(uintptr_t)groups->entries[i].value - 1;
        at_str text = text_of(gather, other->group, payee);
        struct at_str_nearest one = nearest;
        if (!at_str_nearest_key(&one, text) || one.distance > 1 || !in_long_word(other->text, text)) continue;
        nearest = one;
        other->payee = payee;
    }
    return nearest.best.n > 0;
}

static void tell(struct at_gather *gather, uint32_t f, const struct at_gather_near *near) {
    const struct at_plan_feed *feed = &gather->plan->feeds[f];
    const struct at_plan_node *from = NULL;
    for (uint32_t k = 0; k < feed->n_to; k++)
        if (feed->to[k].by == (int32_t)near->group) from = &gather->plan->nodes[feed->to[k].payee];
    int field = from && from->op == AT_P_LOAD ? from->a : -1;
    struct at_diag_data_place place =
        at_table_dataset_place(gather->data, feed->table, field, near->line, gather->scratch);
    struct at_diag *d = at_diag_say(
        gather->diags, AT_A0784, (at_span){0}, &place,
        AT_SENTENCE(near->n == 1 ? AT_W_RUN_NEAR_ROW : AT_W_RUN_NEAR_ROWS, at_words_text(near->text),
                    at_words_text(text_of(gather, near->group, near->payee)), at_words_count(near->n)));
    at_diag_say_help(
        d, AT_SENTENCE(AT_W_DATA_WRITE_SAME, at_words_text(near->text), at_words_text(AT_STR("A0784"))));
}

void at_gather_near_tell(struct at_gather *gather, uint32_t f) {
    const struct at_gather_near *near = &gather->near[f];
    if (near->n) tell(gather, f, near);
    for (uint32_t i = 0; near->others && i < near->others->n; i++) {
        struct at_gather_near *other = near->others->entries[i].value;
        if (find_payee(gather, other)) tell(gather, f, other);
    }
}
