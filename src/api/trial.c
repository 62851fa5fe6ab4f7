/* api/trial.c: implements trial.h. */
#include "api/trial.h"

static void free_arena(void *arena) {
    at_arena_free(arena);
}

struct at_api_trial *at_api_trial_new(attain_session *session, struct at_arena *arena) {
    struct at_api_trial *trial = AT_NEW(arena, struct at_api_trial);
    trial->session = session;
    at_arena_init_beside(&trial->r.own.arena, arena);
    at_arena_defer(arena, free_arena, &trial->r.own.arena);
    trial->options = session->options;
    trial->options.on_bad_row = NULL;
    return trial;
}

static void open_trial(struct at_api_trial *trial) {
    attain_session *session = trial->session;
    trial->r.policies = session->r.policies; /* only looked at */
    trial->r.n_policies = session->r.n_policies;
    at_api_job_make_lists(&trial->r);
    trial->job = (struct at_api_job){.r = &trial->r,
                                     .options = &trial->options,
                                     .watch = &session->r.own.watch,
                                     .also = trial->also,
                                     .any_helping = true};
}

/* Makes a change of a policy's tables, which later ones follow. */
static enum at_status change(struct at_api_trial *trial, uint32_t p, const struct at_table_edit *edit) {
    struct at_table_edits *edits = trial->session->policies[p].edits;
    enum at_status status = at_table_edits_prepare(edits, edit, &trial->r.per_policy[p]);
    if (status == AT_OK) at_table_edits_commit(edits);
    return status;
}

static enum at_status run_all(struct at_api_trial *trial, struct at_session_run **runs) {
    attain_session *session = trial->session;
    const struct at_api_session_params *params = &session->params[session->current];
    enum at_status status = AT_OK;
    for (uint32_t p = 0; status == AT_OK && p < session->r.n_policies; p++) {
        const struct at_api_session_policy *own = &session->policies[p];
        const struct at_api_version version = at_api_policy_version(session->r.policies[p]);
        status = at_api_job_run(&trial->job, p, &version, params->plans[p], own->data, own->from,
                                own->through, &runs[p]);
    }
    return status;
}

enum at_status at_api_trial_run(void *context, const struct at_table_edit *const *edits,
                                struct at_session_run **runs) {
    struct at_api_trial *trial = context;
    enum at_status status = AT_OK;
    open_trial(trial);
    for (uint32_t p = 0; status == AT_OK && p < trial->session->r.n_policies; p++)
        if (edits[p]) status = change(trial, p, edits[p]);
    return status == AT_OK ? run_all(trial, runs) : status;
}

enum at_status at_api_trial_run_several(void *context, uint32_t policy,
                                        const struct at_table_edit *const *edits, uint32_t n,
                                        struct at_session_run **runs) {
    struct at_api_trial *trial = context;
    enum at_status status = AT_OK;
    open_trial(trial);
    for (uint32_t i = 0; status == AT_OK && i < n; i++)
        status = change(trial, policy, edits[i]);
    return status == AT_OK ? run_all(trial, runs) : status;
}

void at_api_trial_release(void *context) {
    struct at_api_trial *trial = context;
    attain_session *session = trial->session;
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        at_table_edits_undo(session->policies[p].edits);
        at_table_dataset_forget_scan(session->policies[p].data);
    }
    at_arena_free(&trial->r.own.arena);
}
