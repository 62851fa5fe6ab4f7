/* diff/causes.c: implements causes.h. */
#include "diff/causes.h"
#include "base/map.h"
#include "base/sort.h"
#include "base/vec.h"

enum {
    MAX_TRIED = 10,   /* causes of which every choice is tried; beyond it only those of one order */
    MAX_FAILED = 100, /* trials of one beginning, each with one more cause */
    MOST_CAUSES = 63  /* a choice has a bit for each */
};

/* ---------------------------------------------------------------- a version in between */

static struct at_plan_setting *settings_of(const struct at_diff_causes *causes,
                                           const struct at_check_policy *checked, uint32_t *n) {
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(causes->arena, struct at_plan_setting, causes->how->n_settings + 1);
    struct at_map params;
    at_map_init(&params, causes->arena);
    for (uint32_t p = 0; causes->how->n_settings && p < checked->n_params; p++)
        at_map_put(&params, checked->params[p]->name, settings);
    for (uint32_t i = 0; i < causes->how->n_settings; i++)
        if (at_map_get(&params, causes->how->settings[i].name)) settings[(*n)++] = causes->how->settings[i];
    return settings;
}

const struct at_plan *at_diff_causes_plan(const struct at_diff_causes *causes, uint64_t choice) {
    const struct at_diff_edits *edits = causes->diff->edits;
    bool *chosen = AT_NEW_ARRAY(causes->arena, bool, edits->n + 1);
    struct at_diag_list *diags = AT_NEW(causes->arena, struct at_diag_list);
    struct at_check_policy *checked = NULL;
    struct at_plan *plan = NULL;
    for (uint32_t k = 0; k < causes->n; k++)
        for (uint32_t i = 0; (choice >> (k < 64 ? k : 63) & 1) && i < causes->at[k].n; i++)
            chosen[causes->at[k].edits[i]] = true;
    struct at_ast *ast = at_diff_edits_apply(edits, chosen, causes->arena);
    at_diag_list_init(diags, causes->arena, ast->sources);
    if (at_check(ast, causes->arena, diags, causes->how->load, causes->how->load_context, &checked) != AT_OK)
        return NULL;
    if (checked->currency != causes->diff->currency ||
        !at_calendar_same_periods(&checked->calendar, &causes->diff->checked[1]->calendar))
        return NULL;
    uint32_t n = 0;
    struct at_plan_setting *settings = settings_of(causes, checked, &n);
    return at_plan_lower(checked, settings, n, causes->arena, diags, &plan) == AT_OK ? plan : NULL;
}

/* The check may read files into the sources, which go with the memory. */
static bool works(struct at_diff_causes *causes, uint64_t choice) {
    struct at_arena_mark mark = at_arena_mark(causes->arena);
    struct at_diag_sources *sources = causes->diff->edits->old_ast->sources, kept = *sources;
    bool works = at_diff_causes_plan(causes, choice) != NULL;
    *sources = kept;
    at_arena_reset(causes->arena, mark);
    return works;
}

/* ---------------------------------------------------------------- causes that are not valid alone */

static int edit_cmp(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Makes one cause of the causes `first` to `last`, in the place of the first one. */
static void join_all(struct at_diff_causes *causes, uint32_t first, uint32_t last) {
    uint32_t n = 0;
    for (uint32_t k = first; k <= last; k++)
        n += causes->at[k].n;
    uint32_t *edits = AT_NEW_ARRAY(causes->arena, uint32_t, n), *end = edits;
    for (uint32_t k = first; k <= last; end += causes->at[k++].n)
        memcpy(end, causes->at[k].edits, causes->at[k].n * sizeof *edits);
    at_sort_items(causes->arena, edits, n, sizeof *edits, edit_cmp);
    causes->at[first] = (struct at_diff_cause_edits){edits, n};
    memmove(&causes->at[first + 1], &causes->at[last + 1], (causes->n - last - 1) * sizeof *causes->at);
    causes->n -= last - first;
}

static void join(struct at_diff_causes *causes, uint32_t a, uint32_t b) {
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    struct at_diff_cause_edits other = causes->at[high];
    memmove(&causes->at[low + 2], &causes->at[low + 1], (high - low - 1) * sizeof *causes->at);
    causes->at[low + 1] = other;
    join_all(causes, low, low + 1);
}

/* Returns a cause outside the choice that makes it valid, or else any cause outside. The choice is neither
 * empty nor complete. */
static void mend(struct at_diff_causes *causes, uint64_t choice) {
    uint32_t inside = (uint32_t)__builtin_ctzll(choice), outside = 0;
    while (choice >> outside & 1)
        outside++;
    for (uint32_t k = 0; k < causes->n; k++)
        if (!(choice >> k & 1) && works(causes, choice | (uint64_t)1 << k)) {
            outside = k;
            break;
        }
    join(causes, inside, outside);
}

/* Tries the choices, small ones first, and joins causes until every one works. */
static void try_all(struct at_diff_causes *causes) {
    for (uint32_t size = 1; size < causes->n; size++)
        for (uint64_t choice = 1; choice < ((uint64_t)1 << causes->n) - 1; choice++) {
            if ((uint32_t)__builtin_popcountll(choice) != size || works(causes, choice)) continue;
            mend(causes, choice);
            size = 0;
            break;
        }
}

/* The same for one order only: a beginning that does not work takes the next cause with it. Each trial checks
 * the whole policy, so a beginning that has failed often takes twice as many with it each time. */
static void try_in_order(struct at_diff_causes *causes) {
    uint32_t failed = 0, more = 1;
    for (uint32_t k = 1; k < causes->n && k < MOST_CAUSES;)
        if (works(causes, ((uint64_t)1 << k) - 1)) {
            k++;
            failed = 0;
            more = 1;
        } else {
            if (++failed > MAX_FAILED) more *= 2;
            join_all(causes, k - 1, more < causes->n - k ? k - 1 + more : causes->n - 1);
        }
    if (causes->n > MOST_CAUSES) join_all(causes, MOST_CAUSES - 1, causes->n - 1);
}

enum at_status at_diff_causes_find(struct at_diff_causes *causes, const struct at_diff *diff,
                                   const struct at_diff_attribution *how) {
    *causes = (struct at_diff_causes){.arena = diff->arena, .diff = diff, .how = how};
    uint32_t n = diff->edits ? diff->edits->n : 0;
    causes->at = AT_NEW_ARRAY(diff->arena, struct at_diff_cause_edits, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (!diff->edits->at[i].pays) continue;
        uint32_t *edit = AT_NEW(diff->arena, uint32_t);
        *edit = i;
        causes->at[causes->n++] = (struct at_diff_cause_edits){edit, 1};
    }
    if (causes->n == 0) return AT_OK;
    if (causes->n <= MAX_TRIED)
        try_all(causes);
    else
        try_in_order(causes);
    uint64_t all = causes->n >= 64 ? UINT64_MAX : ((uint64_t)1 << causes->n) - 1;
    return works(causes, 0) && works(causes, all) ? AT_OK : AT_REJECTED;
}

/* ---------------------------------------------------------------- how many deals a cell has */

struct count {
    struct at_diff_causes *causes;
    const uint32_t *payee_of; /* by row of the payee table: index in the diff */
    int32_t shift;            /* period index of the run to that of the counts */
};

static bool count_item(void *context, const struct at_gather_item *item) {
    struct count *count = context;
    int64_t period = (int64_t)item->period + count->shift;
    uint32_t payee = count->payee_of[item->payee];
    if (payee != UINT32_MAX && period >= 0 && period < count->causes->n_periods)
        count->causes->deals[(size_t)payee * count->causes->n_periods + (size_t)period]++;
    return true;
}

enum at_status at_diff_causes_count_deals(struct at_diff_causes *causes, const struct at_diff_side *side) {
    const struct at_diff *diff = causes->diff;
    const struct at_session_run *run = side->run;
    if (diff->n_rows == 0 || diff->n_payees == 0) return AT_OK;
    causes->first_period = run->first_position;
    causes->n_periods = run->n_periods;
    causes->deals = AT_NEW_ARRAY(causes->arena, uint64_t, (size_t)diff->n_payees * run->n_periods + 1);
    uint32_t *payee_of = AT_NEW_ARRAY(causes->arena, uint32_t, run->n_payees + 1);
    memset(payee_of, 0xff, sizeof *payee_of * (run->n_payees + 1));
    const int32_t *rows = at_diff_side_rows(side, diff, causes->arena);
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if (rows[p] >= 0) payee_of[rows[p]] = p;
    struct count count = {causes, payee_of, 0};
    struct at_plan_wanted *feeds =
        AT_NEW_ARRAY(causes->arena, struct at_plan_wanted, side->plan->n_feeds + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < side->plan->n_feeds; i++) {
        const struct at_plan_feed *feed = &side->plan->feeds[i];
        if (!feed->decl || feed->decl->name.n == 0 || feed->n_to == 0 || feed->on == AT_NO_NODE) continue;
        feeds[n++].feed = side->map ? side->map->feed[i] : i;
    }
    return at_session_run_items(run, feeds, n, UINT32_MAX, UINT32_MAX, count_item, &count);
}

uint64_t at_diff_causes_deals(const struct at_diff_causes *causes, uint32_t payee, int32_t period) {
    int64_t index = (int64_t)period - causes->first_period;
    if (!causes->deals || index < 0 || index >= causes->n_periods) return 0;
    return causes->deals[(size_t)payee * causes->n_periods + (size_t)index];
}
