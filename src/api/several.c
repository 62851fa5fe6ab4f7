/* api/several.c: several policies of one run, or several tables of one policy, read the same files: their
 * errors are reported and counted once. */
#include "api/run.h"

/* ---- rows left out */

/* A slot that has the line, or is free. The table is never full, so the search ends. Line 0 does not exist,
 * so 0 marks a free slot. */
static size_t slot_of(const struct at_api_left_out *set, uint64_t line) {
    size_t slot = (size_t)(line * 0x9e3779b97f4a7c15u >> 20) & (set->room - 1);
    while (set->slots[slot] && set->slots[slot] != line)
        slot = (slot + 1) & (set->room - 1);
    return slot;
}

static void grow(struct at_arena *arena, struct at_api_left_out *set) {
    struct at_api_left_out old = *set;
    set->room = old.room ? old.room * 2 : 1024;
    set->slots = AT_NEW_ARRAY(arena, uint64_t, set->room);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i]) set->slots[slot_of(set, old.slots[i])] = old.slots[i];
}

/* Returns the set of a file, which is made if necessary. A run reads few files. */
static struct at_api_left_out *lines_of(struct at_api_job *job, at_str file) {
    for (size_t i = 0; i < job->left_out.n; i++)
        if (at_str_eq(job->left_out.at[i].file, file)) return &job->left_out.at[i];
    AT_VEC_PUSH(&job->r->own.arena, &job->left_out, ((struct at_api_left_out){.file = file}));
    return &job->left_out.at[job->left_out.n - 1];
}

bool at_api_job_leave_out(struct at_api_job *job, at_str file, uint64_t line) {
    if (job->r->n_policies < 2 && !job->shares_files) return true;
    struct at_api_left_out *set = lines_of(job, file);
    if (set->n * 2 >= set->room) grow(&job->r->own.arena, set);
    size_t slot = slot_of(set, line);
    if (set->slots[slot]) return false;
    set->slots[slot] = line;
    set->n++;
    return true;
}

uint64_t at_api_job_rows_left_out(const struct at_api_job *job) {
    uint64_t n = 0;
    for (size_t i = 0; i < job->left_out.n; i++)
        n += job->left_out.at[i].n;
    return n;
}

/* ---- diagnostics */

/* One file in the same column and with the same code is the same fault, whichever policy found it. */
void at_api_job_count_untold(struct at_api_job *job, uint32_t p, const struct at_table_dataset *data) {
    struct at_diag_list *diags = &job->r->per_policy[p];
    for (size_t i = 0; i < data->untold.of.n; i++) {
        struct at_table_fault_count more = data->untold.of.at[i];
        for (size_t k = 0; k < job->untold.of.n; k++) {
            const struct at_table_fault_count *seen = &job->untold.of.at[k];
            if (seen->column != more.column || seen->code != more.code || !at_str_eq(seen->file, more.file))
                continue;
            uint64_t again = seen->n < more.n ? seen->n : more.n;
            diags->errors -= again;
            diags->added -= again;
            more.n -= again;
        }
        at_table_fault_counts_add(&job->r->own.arena, &job->untold, more);
    }
}

/* The message with its place, as one text; empty for what is not of a data file. */
static at_str whole(struct at_arena *arena, const struct at_diag *diag) {
    const struct at_diag_data_place *place = diag->place;
    if (!place) return AT_STR("");
    return at_str_format(arena, "%d:%.*s:%llu:%u:%.*s", (int)diag->code, AT_STR_ARG(place->file),
                         (unsigned long long)place->row, place->column, AT_STR_ARG(diag->message));
}

/* Removes a diagnostic from the counts of its list. */
static void drop(struct at_diag_list *diags, const struct at_diag *diag) {
    diags->errors -= diag->severity == AT_SEV_ERROR;
    diags->warnings -= diag->severity == AT_SEV_WARNING;
    diags->added--;
}

void at_api_job_drop_repeated(struct attain_results *r) {
    struct at_arena *arena = &r->own.arena;
    struct at_map said;
    if (r->n_policies < 2) return;
    at_map_init(&said, arena);
    for (uint32_t p = 0; p < r->n_policies; p++) {
        struct at_diag_list *diags = &r->per_policy[p];
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

void at_api_job_check_tables(struct at_api_job *job) {
    const struct attain_results *r = job->r;
    const struct at_schema *first = payees_of(r->policies[0]);
    for (uint32_t p = 1; p < r->n_policies; p++) {
        const struct at_schema *other = payees_of(r->policies[p]);
        if (!at_str_eq(first->name, other->name) || at_str_eq(key_of(first), key_of(other))) continue;
        at_str one = r->policies[0]->checked->name, two = r->policies[p]->checked->name;
        struct at_diag *diag =
            at_diag_add(&job->r->arguments, AT_A0910, (at_span){0},
                        "\"%.*s\" identifies payees by `%.*s`, but \"%.*s\" by `%.*s`", AT_STR_ARG(one),
                        AT_STR_ARG(key_of(first)), AT_STR_ARG(two), AT_STR_ARG(key_of(other)));
        at_diag_help(diag, "use the same key in all policies of a run");
    }
}
