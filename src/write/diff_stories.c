/* write/diff_stories.c: writes the old and new explanations of the payees whose pay changes most, up to a
 * size limit. */

#include "base/sort.h"
#include "base/vec.h"
#include "write/diff_writer.h"
#include "write/explain.h"

enum {
    MOST_PAYEES = 40, /* explaining one costs a pass over the data */
    MOST_OF_MANY = 5, /* where the data is large */
    MANY_ITEMS = 50000,
    MOST_PERIODS = 3, /* of each payee */
    MOST_TEXT = 12000 /* bytes of one explanation */
};

/* ---------------------------------------------------------------- whom and when */

struct choice {
    int32_t period;
    at_i128 size;
    bool differs; /* withheld in one version only */
};

static int by_size(const void *a, const void *b) {
    const struct choice *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->period < y->period ? -1 : 1;
}

static int by_period(const void *a, const void *b) {
    return ((const struct choice *)a)->period < ((const struct choice *)b)->period ? -1 : 1;
}

struct stories {
    AT_VEC(struct at_write_diff_story) all;
};

/* The periods in which most changes, in their own order. Rows of a payee stand by period. */
static void choose_periods(const struct at_diff *diff, uint32_t payee, struct stories *stories) {
    AT_VEC(struct choice) found = {0};
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        if (row->payee != payee) continue;
        if (found.n == 0 || found.at[found.n - 1].period != row->period)
            AT_VEC_PUSH(diff->arena, &found, (struct choice){.period = row->period});
        found.at[found.n - 1].size += (at_i128)row->minor[1] - row->minor[0];
        found.at[found.n - 1].differs |= row->withheld[0] != row->withheld[1];
    }
    size_t n = 0;
    for (size_t i = 0; i < found.n; i++) {
        if (found.at[i].size < 0) found.at[i].size = -found.at[i].size;
        if (found.at[i].size || found.at[i].differs) found.at[n++] = found.at[i];
    }
    at_sort_items(diff->arena, found.at, n, sizeof *found.at, by_size);
    if (n > MOST_PERIODS) n = MOST_PERIODS;
    at_sort_items(diff->arena, found.at, n, sizeof *found.at, by_period);
    for (size_t i = 0; i < n; i++)
        AT_VEC_PUSH(diff->arena, &stories->all,
                    (struct at_write_diff_story){.payee = payee, .period = found.at[i].period});
}

struct at_write_diff_stories *at_write_diff_choose_stories(const struct at_diff *diff, uint64_t items) {
    struct at_write_diff_stories *out = AT_NEW(diff->arena, struct at_write_diff_stories);
    struct stories stories = {0};
    uint32_t n, *order = at_write_diff_by_change(diff, diff->arena, &n),
                most = items > MANY_ITEMS ? MOST_OF_MANY : MOST_PAYEES;
    for (uint32_t i = 0; i < n && i < most; i++)
        choose_periods(diff, order[i], &stories);
    *out = (struct at_write_diff_stories){stories.all.at, (uint32_t)stories.all.n};
    return out;
}

/* ---------------------------------------------------------------- their texts */

struct text {
    struct at_arena *arena;
    AT_VEC(char) bytes;
    bool full;
};

/* Cuts only at the end of a line, so no character is divided. */
static int keep(void *context, const char *bytes, size_t n) {
    struct text *text = context;
    for (size_t i = 0; i < n && !text->full; i++) {
        text->full = text->bytes.n >= MOST_TEXT && bytes[i] == '\n';
        AT_VEC_PUSH(text->arena, &text->bytes, bytes[i]);
    }
    return 0;
}

static at_str written(const struct at_words *words, const struct at_session_results *results,
                      const struct at_explain_story *story, struct at_arena *arena) {
    static const char more[] = "…\n";
    struct at_write_explain_style style = {.words = words, .width = 64};
    struct text text = {.arena = arena};
    struct at_sink *sink = AT_NEW(arena, struct at_sink);
    at_sink_init(sink, keep, &text);
    at_write_explain_text(results, story, &style, arena, sink);
    at_sink_flush(sink);
    for (const char *p = more; text.full && *p; p++)
        AT_VEC_PUSH(arena, &text.bytes, *p);
    return (at_str){text.bytes.at, (uint32_t)text.bytes.n};
}

/* All stories of one payee, in one pass over the data. */
static enum at_status explain_payee(struct at_write_diff_stories *stories, const struct at_diff *diff,
                                    uint32_t first, uint32_t n, int side,
                                    const struct at_session_results *results, struct at_arena *scratch) {
    struct at_explain_options options = {.payee = diff->payees[stories->at[first].payee].key,
                                         .through = {.kind = AT_YEAR + 1}};
    struct at_explain_job *x = NULL;
    if (diff->payees[stories->at[first].payee].row[side] < 0) return AT_OK;
    enum at_status status = at_explain_open(results, &options, scratch, &x);
    if (status != AT_OK) return status;
    for (const struct at_explain_story *story; (story = at_explain_next(x, scratch));) {
        int32_t period = results->runs[0].run->first_position + (int32_t)story->period;
        for (uint32_t i = first; i < first + n; i++)
            if (stories->at[i].period == period)
                stories->at[i].text[side] =
                    at_str_copy(diff->arena, written(diff->words, results, story, scratch));
    }
    return AT_OK;
}

enum at_status at_write_diff_explain(struct at_write_diff_stories *stories, const struct at_diff *diff,
                                     int side, struct at_session_run *run, struct at_arena *scratch) {
    struct at_session_results *results = AT_NEW(scratch, struct at_session_results);
    struct at_session_results_filter filter = {0};
    at_session_results_make(results, &run, 1, &filter, scratch);
    for (uint32_t i = 0, n; i < stories->n; i += n) {
        for (n = 1; i + n < stories->n && stories->at[i + n].payee == stories->at[i].payee;)
            n++;
        struct at_arena_mark mark = at_arena_mark(scratch);
        enum at_status status = explain_payee(stories, diff, i, n, side, results, scratch);
        at_arena_reset(scratch, mark);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}
