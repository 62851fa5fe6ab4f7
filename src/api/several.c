/* api/several.c: several policies of one run read the same files: what is wrong with these is told and
 * counted once. */
#include "api/run.h"

bool at_job_leave_out(struct at_job *job, at_str file, uint64_t line) {
    struct at_arena *arena = &job->r->own.arena;
    if (job->r->n_policies < 2) return true;
    if (!job->left_out.arena) at_map_init(&job->left_out, arena);
    at_str place = at_str_format(arena, "%.*s:%llu", AT_STR_ARG(file), (unsigned long long)line);
    return !at_map_put(&job->left_out, place, job);
}

/* The message with its place, as one text; empty for what is not of a data file. */
static at_str whole(struct at_arena *arena, const struct at_diag *diag) {
    const struct at_data_place *place = diag->place;
    if (!place) return AT_STR("");
    return at_str_format(arena, "%d:%.*s:%llu:%u:%.*s", (int)diag->code, AT_STR_ARG(place->file),
                         (unsigned long long)place->row, place->column, AT_STR_ARG(diag->message));
}

static void drop(struct at_diags *diags, const struct at_diag *diag) {
    diags->errors -= diag->severity == AT_SEV_ERROR;
    diags->warnings -= diag->severity == AT_SEV_WARNING;
    diags->added--;
}

void at_job_drop_repeated(struct attain_results *r) {
    struct at_arena *arena = &r->own.arena;
    struct at_map said;
    if (r->n_policies < 2) return;
    at_map_init(&said, arena);
    for (uint32_t p = 0; p < r->n_policies; p++) {
        struct at_diags *diags = &r->per_policy[p];
        uint32_t n = 0;
        for (uint32_t i = 0; i < diags->n; i++) {
            at_str text = whole(arena, diags->at[i]);
            if (text.n && at_map_put(&said, text, diags))
                drop(diags, diags->at[i]);
            else
                diags->at[n++] = diags->at[i];
        }
        diags->n = n;
    }
}

static const struct at_schema *payees_of(const struct attain_policy *policy) {
    return &policy->checked->schemas[policy->checked->payee_table];
}

static at_str key_of(const struct at_schema *payees) {
    return payees->fields[payees->key].header;
}

void at_job_check_tables(struct at_job *job) {
    const struct attain_results *r = job->r;
    const struct at_schema *first = payees_of(r->policies[0]);
    for (uint32_t p = 1; p < r->n_policies; p++) {
        const struct at_schema *other = payees_of(r->policies[p]);
        if (!at_str_eq(first->name, other->name) || at_str_eq(key_of(first), key_of(other))) continue;
        at_str one = r->policies[0]->checked->name, two = r->policies[p]->checked->name;
        struct at_diag *diag =
            at_diag_add(&job->r->arguments, AT_A0910, (at_span){0},
                        "\"%.*s\" tells its payees apart by `%.*s` and \"%.*s\" by `%.*s`", AT_STR_ARG(one),
                        AT_STR_ARG(key_of(first)), AT_STR_ARG(two), AT_STR_ARG(key_of(other)));
        at_diag_help(diag,
                     "policies that run together need one key, or nobody can tell who is covered twice");
    }
}
