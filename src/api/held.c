/* api/held.c: what is held of deals at the end of a run, as a list that is made when it is first asked for.
 *
 * The list has an arena of its own, because a session makes results again and again and
 * does not ask for it each time. It is released with the results, or when the next run of a session begins.
 */
#include "api/handle.h"
#include "base/date.h"
#include "base/vec.h"

/* Texts of the host are views of the run, except those that are copied here. */
struct held {
    uint32_t run, row;
    struct at_session_held of;
    at_str key, due;
};

struct at_api_held {
    struct at_api_own own;
    AT_VEC(struct held) list;
    bool made;
};

void at_api_results_forget_held(struct attain_results *results) {
    if (results->held) at_api_handle_free(results->held, sizeof *results->held);
    results->held = NULL;
}

struct listing {
    struct attain_results *results;
    uint32_t run, row;
};

static void begin(void *context, uint32_t run, uint32_t row) {
    struct listing *l = context;
    l->run = run;
    l->row = row;
}

static void add(void *context, const struct at_session_held *of) {
    struct listing *l = context;
    struct at_arena *arena = &l->results->held->own.arena;
    struct held held = {.run = l->run, .row = l->row, .of = *of, .key = at_str_copy(arena, of->key)};
    if (of->dated) held.due = at_date_print(arena, of->due);
    AT_VEC_PUSH(arena, &l->results->held->list, held);
}

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static attain_status list(void *context) {
    struct listing *l = context;
    struct at_api_held *held = l->results->held;
    struct at_arena *scratch = AT_NEW(&held->own.arena, struct at_arena);
    at_arena_init_beside(scratch, &held->own.arena);
    at_arena_defer(&held->own.arena, free_arena, scratch);
    at_write_held_each(&l->results->results, scratch, begin, l, add);
    at_arena_free(scratch);
    held->made = true;
    return ATTAIN_OK;
}

attain_status attain_results_held_count(attain_results *results, uint64_t *count) {
    if (!results || !count) return ATTAIN_USAGE;
    *count = 0;
    if (!results->done) return ATTAIN_OK;
    if (!results->held) results->held = at_api_handle_beside(&results->own, sizeof *results->held);
    if (!results->held) return at_api_handle_lack(&results->own);
    struct listing l = {.results = results};
    attain_status status = results->held->made ? ATTAIN_OK : at_api_own_run(&results->held->own, list, &l);
    if (status == ATTAIN_OK)
        *count = results->held->list.n;
    else
        at_api_results_forget_held(results);
    return status;
}

attain_status(attain_results_held)(attain_results *results, uint64_t index, attain_held *out, size_t size) {
    uint64_t n;
    if (!AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    attain_status status = attain_results_held_count(results, &n);
    if (status != ATTAIN_OK) return status;
    if (index >= n) return ATTAIN_USAGE;
    const struct held *held = &results->held->list.at[index];
    const struct at_session_result_run *r = &results->results.runs[held->run];
    attain_held full = {.payee_key = at_api_text(r->keys[held->row]),
                        .payee_label = at_api_text(r->labels[held->row]),
                        .component = at_api_text(r->run->plan->components[held->of.component].name),
                        .row_key = at_api_text(held->key),
                        .earned_in = at_api_text(r->periods[held->of.earned]),
                        .due = at_api_text(held->due),
                        .release = held->of.statement->kind == AT_N_RELEASE,
                        .amount = held->of.minor,
                        .digits = r->currency->digits,
                        .currency = r->currency->code,
                        .policy = held->run};
    return AT_OUT_PUT(out, size, full);
}
