/* api/explain.c: attain_explain: writes explanations and commission statements, and checks that they add up.
 */
#include "api/explain.h"
#include "api/argument.h"
#include "base/visible.h"
#include "write/statement.h"

struct explaining {
    struct at_api_own own;
    struct at_arena cell; /* emptied between cells */
    struct at_sink sink;
    struct attain_results *results;
    const attain_explain_options *options;
    struct at_explain_options wanted;
    struct at_write_explain_style style;
    const struct at_session_result_payee *manager; /* whose team is shown; or NULL */
    struct at_explain_job *explainer;
    uint64_t *checked, *wrong;           /* NULL: explanations are written */
    const attain_statement_pages *pages; /* NULL: one page */
    bool page_begun;                     /* `end` is still to be called */
    struct attain_explanation *tree;     /* NULL: explanations are written */
    attain_statement_name_fn name;
    void *name_context;
};

/* ---- arguments */

/* Payees of results are in the order of their keys. */
static const struct at_session_result_payee *payee_of(const struct at_session_results *results, at_str key) {
    uint32_t low = 0, high = results->n_payees;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (at_str_cmp(results->payees[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < results->n_payees && at_str_eq(results->payees[low].key, key) ? &results->payees[low] : NULL;
}

/* Finds the payee that the options name, or reports that no policy covers it or that it is unknown. */
static bool find_payee(struct explaining *job, const char *text) {
    const struct at_session_results *results = &job->results->results;
    at_str wanted = at_str_trim(at_str_z(text));
    const struct at_session_result_payee *payee = payee_of(results, wanted);
    if (payee && payee->run >= 0) {
        job->wanted.payee = payee->key;
        return true;
    }
    if (payee) {
        at_diag_add(&job->results->arguments, AT_A0915, (at_span){0},
                    "no policy of the run covers the payee `%s`", text);
        return false;
    }
    struct at_api_people people = at_api_people_of(&job->results->own.arena, results);
    at_api_unknown_payee(&job->results->arguments, &people, wanted);
    return false;
}

/* The payees who report to the manager in some period. Whether in the one that is shown, the page decides. */
static bool find_team(struct explaining *job) {
    const struct at_session_results *results = &job->results->results;
    bool *only = AT_NEW_ARRAY(&job->own.arena, bool, results->n_payees + 1), any = false, field = false;
    job->manager = payee_of(results, job->wanted.payee);
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        field |= r->checked->manager_field >= 0;
        for (uint32_t p = 0; p < r->run->n_periods; p++)
            for (uint32_t payee = 0; payee < r->run->n_payees; payee++) {
                int32_t row = at_session_manager_of(r->run, payee, p);
                if (row < 0 || !at_str_eq(r->keys[row], job->wanted.payee)) continue;
                only[r->payee_of[payee]] = any = true;
            }
    }
    if (!any) {
        struct at_diag *diag = at_diag_add(&job->results->arguments, AT_A1311, (at_span){0},
                                           "no payee reports to `%.*s`", AT_STR_ARG(job->wanted.payee));
        if (!field)
            at_diag_help(
                diag, "add a field to the payees that refers to the manager, such as `manager rep optional`");
        return false;
    }
    job->wanted.payee = (at_str){0};
    job->wanted.only = only;
    return true;
}

/* The name may be in several policies. The explainer compares names, so any of them is enough. */
static bool find_component(struct explaining *job, const char *text) {
    const struct at_session_results *results = &job->results->results;
    struct at_str_nearest nearest = {.wanted = at_str_trim(at_str_z(text))};
    for (uint32_t i = 0; i < results->n_components; i++) {
        at_str name = results->components[i].decl->name;
        if (at_str_eq(name, nearest.wanted)) {
            job->wanted.component = name;
            return true;
        }
        at_str_nearest_try(&nearest, name);
    }
    struct at_diag *diag =
        at_diag_add(&job->results->arguments, AT_A0912, (at_span){0}, "unknown component `%s`", text);
    if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return false;
}

/* A period after the last one is not paid yet, and the run can be continued. */
static bool refuse_period(struct explaining *job, const char *text, at_period period) {
    const struct at_session_result_run *r = &job->results->results.runs[0];
    const struct at_calendar *calendar = &r->checked->calendar;
    const struct at_session_run *run = r->run;
    struct at_diag *diag = at_diag_add(&job->results->arguments, AT_A0906, (at_span){0},
                                       "the run does not contain a period of `%s`", text);
    if (run->paid_periods == 0) return false;
    at_period last = at_session_run_period(run, run->paid_from + run->paid_periods - 1);
    at_str name = at_period_print(&job->results->own.arena, last);
    if (at_period_start(calendar, period) <= at_period_end(calendar, last)) return false;
    at_diag_note(diag, "the last period that is paid is %.*s", AT_STR_ARG(name));
    if (at_period_start(calendar, period) <= r->checked->to)
        at_diag_help(diag, "pay later periods, too: `--through %s`", text);
    return false;
}

/* Accepts a longer period if the run has a period in it. A period that is outside of the run is an error,
 * not an empty explanation. */
static bool find_period(struct explaining *job, const char *text) {
    const struct at_session_result_run *r = &job->results->results.runs[0];
    const struct at_calendar *calendar = &r->checked->calendar;
    at_period period;
    if (!at_api_read_period(&job->results->arguments, text, &period)) return false;
    job->wanted.from = job->wanted.through = period;
    for (uint32_t k = 0; k < job->results->results.n_runs; k++) {
        const struct at_session_run *run = job->results->results.runs[k].run;
        for (uint32_t p = 0; p < run->n_periods; p++) {
            at_period own = at_session_run_period(run, p);
            if (at_period_start(calendar, own) >= at_period_start(calendar, period) &&
                at_period_end(calendar, own) <= at_period_end(calendar, period))
                return true;
        }
    }
    return refuse_period(job, text, period);
}

static bool read_options(struct explaining *job) {
    const attain_explain_options *o = job->options;
    if (!AT_RESERVED_CLEAR(o)) {
        at_api_refuse_reserved(&job->results->arguments, "attain_explain_options");
        return false;
    }
    if (job->pages && !AT_RESERVED_CLEAR(job->pages)) {
        at_api_refuse_reserved(&job->results->arguments, "attain_statement_pages");
        return false;
    }
    const struct at_words *words = at_api_language(&job->results->arguments, o->language);
    job->wanted.all = o->all;
    job->wanted.through.kind = AT_YEAR + 1;
    if (!words) return false;
    job->style = (struct at_write_explain_style){words, o->width, o->color,
                                                 o->contact ? at_str_z(o->contact) : (at_str){0}, o->sign};
    if (o->format == ATTAIN_EXPLAIN_STATEMENT || job->pages) {
        /* A statement is for its payee, so it must not show data of others. */
        job->wanted.discreet = job->wanted.deals = true;
        if (!o->payee && !job->checked && !job->pages) return false;
    }
    if (o->payee && !job->pages && !find_payee(job, o->payee)) return false;
    if (o->team && o->format == ATTAIN_EXPLAIN_STATEMENT && !job->pages && !find_team(job)) return false;
    if (o->component && !find_component(job, o->component)) return false;
    return !o->period || find_period(job, o->period);
}

/* ---- writing */

/* The arena of the cell is emptied after each story, so memory does not grow with the number of payouts. */
static void write_stories(struct explaining *job) {
    const struct at_session_results *results = &job->results->results;
    struct at_arena *arena = &job->cell;
    struct at_explain_story *story;
    bool json = job->options->format == ATTAIN_EXPLAIN_JSON, first = true;
    if (json) at_sink_z(&job->sink, "[");
    while (!job->sink.error && (story = at_explain_next(job->explainer, arena))) {
        if (json) {
            at_sink_z(&job->sink, first ? "\n" : ",\n");
            at_write_explain_json(results, story, &job->style, arena, &job->sink);
        } else {
            if (!first) at_sink_z(&job->sink, "\n");
            if (job->options->format == ATTAIN_EXPLAIN_MARKDOWN)
                at_write_explain_md(results, story, &job->style, arena, &job->sink);
            else
                at_write_explain_text(results, story, &job->style, arena, &job->sink);
        }
        first = false;
        at_arena_reset(arena, (struct at_arena_mark){0});
    }
    if (json) at_sink_z(&job->sink, first ? "]\n" : "\n]\n");
}

/* Writes a line for each explanation that does not add up, and counts all. */
static void check_stories(struct explaining *job) {
    struct at_arena *arena = &job->cell;
    struct at_explain_story *story;
    while (!job->sink.error && (story = at_explain_next(job->explainer, arena))) {
        struct at_explain_story_fault wrong = at_explain_story_verify(&job->results->results, story, arena);
        ++*job->checked;
        if (wrong.step) {
            ++*job->wrong;
            at_sink_visible(&job->sink, story->key);
            at_sink_z(&job->sink, " ");
            at_sink_visible(&job->sink, story->period_text);
            at_sink_z(&job->sink, ": ");
            at_sink_visible(&job->sink, at_write_explain_fault(job->style.words, &wrong, arena));
            at_sink_z(&job->sink, "\n");
        }
        at_arena_reset(arena, (struct at_arena_mark){0});
    }
}

/* The tree has copies of all texts. */
static attain_status add_stories(struct explaining *job) {
    struct attain_explanation *tree = job->tree;
    struct at_explain_story *story;
    tree->words = job->style.words;
    while ((story = at_explain_next(job->explainer, &job->cell))) {
        at_api_explanation_add(tree, &job->results->results, story);
        at_arena_reset(&job->cell, (struct at_arena_mark){0});
    }
    return ATTAIN_OK;
}

/* A page for each payee. */
static attain_status write_pages(struct explaining *job) {
    const attain_statement_pages *pages = job->pages;
    struct at_arena *arena = &job->cell;
    for (uint32_t i; (i = at_explain_next_payee(job->explainer)) != UINT32_MAX;) {
        int wanted = pages->begin(pages->context, i);
        if (wanted < 0) return ATTAIN_IO;
        job->page_begun = wanted == 0;
        at_sink_init(&job->sink, pages->write, pages->context);
        at_sink_stop(&job->sink, &job->own.arena);
        /* Skips the stories of a payee that the host does not want. */
        if (wanted > 0)
            while (at_explain_next_payee(job->explainer) == i)
                at_explain_next(job->explainer, arena);
        else
            at_write_statement(&job->results->results, job->explainer, &job->style, arena, &job->sink);
        at_arena_reset(arena, (struct at_arena_mark){0});
        attain_status status = at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
        job->page_begun = false;
        if (wanted == 0 && pages->end(pages->context, status) != 0) return ATTAIN_IO;
    }
    return ATTAIN_OK;
}

/* The run's callback belonged to the call that made it. */
static void forget_callback(struct attain_results *results) {
    for (uint32_t i = 0; i < results->results.n_runs; i++)
        results->results.runs[i].run->data->bad.on_row = NULL;
}

static attain_status explain_inside(void *context) {
    struct explaining *job = context;
    struct attain_results *results = job->results;
    if (!read_options(job)) return ATTAIN_USAGE;
    forget_callback(results);
    enum at_status status =
        at_explain_open(&results->results, &job->wanted, &job->own.arena, &job->explainer);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_DATA);
    if (job->pages) return write_pages(job);
    if (job->tree) return add_stories(job);
    if (job->checked)
        check_stories(job);
    else if (job->manager)
        at_write_statement_team(&results->results, job->explainer, job->manager, &job->style, &job->own.arena,
                                &job->sink);
    else if (job->options->format == ATTAIN_EXPLAIN_STATEMENT)
        at_write_statement(&results->results, job->explainer, &job->style, &job->own.arena, &job->sink);
    else
        write_stories(job);
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

/* The results are as before if memory fails or the host stops: without what was said of the arguments, and
 * ready to be passed over again. */
static attain_status run_guarded(struct explaining *job, attain_status (*work)(void *job)) {
    struct attain_results *results = job->results;
    struct at_diag_list said = results->arguments;
    attain_status status = at_api_own_run(&results->own, work, job);
    if (!at_api_lacked_memory(status) && status != ATTAIN_CANCELLED) return status;
    said.at = results->arguments.at; /* it may have grown */
    said.room = results->arguments.room;
    results->arguments = said;
    for (uint32_t i = 0; i < results->results.n_runs; i++)
        at_session_run_forget_items(results->results.runs[i].run);
    if (job->page_begun) job->pages->end(job->pages->context, status);
    return status;
}

/* Makes the scratch of the call in the memory of the results. */
static struct explaining *job_new(attain_results *results, const attain_explain_options *options,
                                  attain_write_fn write, void *context) {
    static const attain_explain_options defaults = {0};
    struct explaining *job = at_api_handle_beside(&results->own, sizeof *job);
    if (!job) return NULL;
    job->options = options ? options : &defaults;
    at_api_own_watch(&results->own, job->options->watch);
    job->own.arena.oom = &results->own.guard; /* one guard and one watch for all that the call takes */
    job->own.arena.watch = results->own.arena.watch;
    at_arena_init_beside(&job->cell, &job->own.arena);
    job->results = results;
    at_sink_init(&job->sink, write, context);
    at_sink_stop(&job->sink, &job->own.arena);
    return job;
}

static void job_free(struct explaining *job) {
    at_arena_free(&job->cell);
    at_api_handle_free(job, sizeof *job);
}

attain_status attain_statements(attain_results *results, const attain_explain_options *options,
                                const attain_statement_pages *pages) {
    if (!results || !results->done || !pages || !pages->begin || !pages->write || !pages->end)
        return ATTAIN_USAGE;
    struct explaining *job = job_new(results, options, pages->write, pages->context);
    if (!job) return at_api_handle_lack(&results->own);
    job->pages = pages;
    attain_status status = run_guarded(job, explain_inside);
    job_free(job);
    return status;
}

static attain_status explain(attain_results *results, const attain_explain_options *options,
                             uint64_t *checked, uint64_t *wrong, attain_write_fn write, void *context) {
    if (!results || !write || !results->done) return ATTAIN_USAGE;
    if (options && (unsigned)options->format > ATTAIN_EXPLAIN_STATEMENT) return ATTAIN_USAGE;
    struct explaining *job = job_new(results, options, write, context);
    if (!job) return at_api_handle_lack(&results->own);
    job->checked = checked;
    job->wrong = wrong;
    attain_status status = run_guarded(job, explain_inside);
    job_free(job);
    return status;
}

attain_status attain_explain(attain_results *results, const attain_explain_options *options,
                             attain_write_fn write, void *context) {
    return explain(results, options, NULL, NULL, write, context);
}

attain_status attain_explain_check(attain_results *results, const attain_explain_options *options,
                                   uint64_t *checked, uint64_t *wrong, attain_write_fn write, void *context) {
    if (!checked || !wrong) return ATTAIN_USAGE;
    *checked = *wrong = 0;
    return explain(results, options, checked, wrong, write, context);
}

static int write_nothing(void *context, const char *bytes, size_t n) {
    (void)context, (void)bytes, (void)n;
    return 0;
}

attain_status attain_explain_tree(attain_results *results, const attain_explain_options *options,
                                  attain_explanation **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!results || !results->done) return ATTAIN_USAGE;
    struct attain_explanation *tree = at_api_handle_beside(&results->own, sizeof *tree);
    if (!tree) return at_api_handle_lack(&results->own);
    struct explaining *job = job_new(results, options, write_nothing, NULL);
    if (!job) {
        attain_explanation_free(tree);
        return at_api_handle_lack(&results->own);
    }
    tree->own.arena.oom = &results->own.guard;
    tree->own.arena.watch = job->own.arena.watch;
    tree->last_payout = SIZE_MAX;
    job->tree = tree;
    attain_status status = run_guarded(job, explain_inside);
    job_free(job);
    tree->own.arena.watch = NULL;
    if (status == ATTAIN_OK)
        *out = tree;
    else
        attain_explanation_free(tree);
    return status;
}

/* ---- the list of statements */

/* Payees without a page have an empty name in `files`. */
static attain_status index_inside(void *context) {
    struct explaining *job = context;
    const struct at_words *words = at_api_language(&job->results->arguments, job->options->language);
    if (!words) return ATTAIN_USAGE;
    struct at_arena *arena = &job->own.arena;
    size_t n = attain_results_payee_count(job->results);
    at_str *files = AT_NEW_ARRAY(arena, at_str, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct at_session_result_payee *payee = &job->results->results.payees[i];
        char file[1024];
        if (payee->run < 0 || !payee->wanted) continue;
        size_t length = job->name(job->name_context, i, file, sizeof file);
        files[i] = at_str_copy(arena, (at_str){file, (uint32_t)(length < sizeof file ? length : 0)});
    }
    at_write_statement_index(&job->results->results, files, words, arena, &job->sink);
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

attain_status attain_statement_index(attain_results *results, const char *language,
                                     attain_statement_name_fn name, void *name_context, attain_write_fn write,
                                     void *context) {
    if (!results || !write || !name || !results->done) return ATTAIN_USAGE;
    const attain_explain_options options = {.language = language};
    struct explaining *job = job_new(results, &options, write, context);
    if (!job) return at_api_handle_lack(&results->own);
    job->name = name;
    job->name_context = name_context;
    attain_status status = run_guarded(job, index_inside);
    job_free(job);
    return status;
}
