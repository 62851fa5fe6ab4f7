/* api/run.h: the state of one call of attain_run. Private to api/. */
#ifndef AT_API_RUN_H
#define AT_API_RUN_H

#include "api/handle.h"
#include "api/record.h"
#include "base/map.h"

/* Lines of one file, as a set. */
struct at_api_left_out {
    at_str file;
    uint64_t *slots; /* 0: free */
    size_t n, room;
};

struct at_api_job {
    struct attain_results *r; /* all that lasts is made in its arena */
    const attain_data *data;  /* may be NULL */
    const attain_run_options *options;
    struct at_watch *watch;       /* of the handle that the call made */
    struct at_session_run **runs; /* by policy */
    struct at_session_results_filter filter;
    AT_VEC(struct at_api_left_out)
    left_out;                            /* by file: bad rows, where several policies read the same files */
    struct at_table_fault_counts untold; /* faults of files read so far that are only counted */
    bool shares_files;                   /* two tables read one file */
    uint32_t keeps;                      /* 1 + a table that is to stay in memory for the caller; 0: none */
    bool looks_ahead;    /* attain_diff_run: finds what waits, in both versions, and reports nothing */
    const int64_t *also; /* by policy: position of a period that is paid, too; NULL: none */
    bool pays;           /* attain_run and sessions: asks how far to pay, and reports what waits after that */
    bool any_helping;    /* `require helping never hurts` is not looked at */
    const struct at_settle_assumed *assumed; /* a value in place of what rows give; NULL: none */
    /* Called when the tables are there, before the run. May be NULL. */
    void (*loaded)(void *context, const struct at_table_dataset *data, struct at_api_record *record);
    void *loaded_context;
    bool measures;            /* all measures are calculated, needed or not */
    struct at_map data_names; /* identity of a data file -> at_str: its name in messages, as first spelled */
};

/* The first and last period to be paid of one policy, from the options' texts. False with a diagnostic where
 * they fit no period of it. Where nothing is restricted, through->kind is AT_YEAR + 1. */
bool at_api_periods_of(struct at_api_job *job, const struct at_check_policy *checked, at_period *from,
                       at_period *through);

/* The tables of the version, read from where `from` binds them, or from their default sources in the
 * version's folder. Policy `p` gets the diagnostics. */
struct at_table_dataset *at_api_job_dataset(struct at_api_job *job, uint32_t p, const attain_data *from,
                                            const struct at_api_version *version);

/* Runs `plan` over data that is loaded, with the version's functions in Lua. What is wrong goes to the
 * diagnostics of policy `p`. */
enum at_status at_api_job_run(struct at_api_job *job, uint32_t p, const struct at_api_version *version,
                              const struct at_session_plan *plan, struct at_table_dataset *data,
                              at_period from, at_period through, struct at_session_run **out);
/* helping.c: looks at `require helping never hurts`. AT_REJECTED with a message: it is refuted. */
enum at_status at_api_helping(const struct at_session_run *run, struct at_watch *watch,
                              struct at_arena *arena, struct at_diag_list *diags);
/* Loads `data`, then the same. */
enum at_status at_api_job_execute(struct at_api_job *job, uint32_t p, const struct at_api_version *version,
                                  const struct at_plan *plan, struct at_table_dataset *data, at_period from,
                                  at_period through, struct at_session_run **out);

/* ---- setting.c: what settings mean where a plan has several versions */

/* How closely a setting means the param; 0: not at all. The closest one counts, and of several the first. */
uint32_t at_api_setting_means(const struct attain_policy *policy, at_str setting, at_str param,
                              struct at_arena *arena);
bool at_api_setting_known(const struct attain_policy *policy, at_str setting, struct at_arena *arena);

/* Reads the values that the options set for a policy's params, at most one for each. Returns false with a
 * diagnostic if a value cannot be read. They are made in `arena`. */
bool at_api_job_settings(struct at_api_job *job, const struct attain_policy *policy, struct at_arena *arena,
                         struct at_plan_setting *out, uint32_t *n);
/* Reports bindings and settings that fit none of the policies. */
void at_api_job_check_arguments(struct at_api_job *job);
/* Copies the payees that the options select. */
void at_api_job_make_filter(struct at_api_job *job);
/* disclose.c. Warns of what commission statements of policy `p` would disclose. */
void at_api_disclosures(struct at_api_job *job, uint32_t p, const struct at_session_run *run);
/* shape.c. Warns of the shape of pay in the run of policy `p`. */
enum at_status at_api_shapes(struct at_api_job *job, uint32_t p, const struct at_session_run *run);
/* Joins the runs of all policies into job->r->results, and checks the payees. */
attain_status at_api_job_join(struct at_api_job *job);
/* The work of attain_run: holds the policies, runs them, and joins their results in job->r. */
attain_status at_api_job_pay(struct at_api_job *job, attain_policy *const *policies, size_t n);
/* Ends the call with `status`: sorts the diagnostics. Without ATTAIN_OK, there are no results. */
void at_api_job_end(struct at_api_job *job, attain_status status);
void at_api_results_clear(struct attain_results *r);
/* Empty lists: `arguments`, and one for each of the policies. */
void at_api_job_make_lists(struct attain_results *r);

/* ---- several.c: what several policies share is reported and counted once */

/* False where the row was left out before, by another policy. */
bool at_api_job_leave_out(struct at_api_job *job, at_str file, uint64_t line);
/* How many rows at_api_job_leave_out saw. */
uint64_t at_api_job_rows_left_out(const struct at_api_job *job);
/* Takes out of the count of policy `p` what an earlier policy counted in the same columns of the same files.
 */
void at_api_job_count_untold(struct at_api_job *job, uint32_t p, const struct at_table_dataset *data);
/* What a policy's list says of data that an earlier one's says as well. */
void at_api_job_drop_repeated(struct attain_results *r);
/* Checks that one file has one key for all policies. Keys distinguish payees. */
void at_api_job_check_tables(struct at_api_job *job);

#endif
