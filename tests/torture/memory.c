/* tests/torture/memory.c: memory fails in every public function, at every allocation; and the host stops it,
 * at every time that it is asked.
 *
 *     memory src/attain.h [quick|long]
 *
 * Each case calls one or more functions of attain.h. Its allocations fail in three ways: the n-th one, all
 * from the n-th on, and those beyond a number of bytes. Each time, the call must return ATTAIN_NO_MEMORY, or
 * succeed with the same bytes as without a failure. The same call with enough memory must then give these
 * bytes too. At the end nothing is live. Where the C library allows it, the library's own calls of malloc are
 * found.
 *
 * Every case is also stopped, when its attain_watch is asked for the n-th time. It must then return
 * ATTAIN_CANCELLED, not ask again, and leave all as it was before the call.
 *
 * The header is read, and a function without a case fails the test. `long` tries every n; otherwise n rises
 * by a tenth from 150 on, and with `quick` (for slow builds) by a third from 12 on.
 */
#include <pthread.h>

#include "scene.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WATCH_MALLOC 1
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void __libc_free(void *ptr);
#define raw_realloc __libc_realloc
#define raw_free __libc_free
#else
#define raw_realloc realloc
#define raw_free free
#endif

enum { HEAD = 16, MOST = 200000 };

enum mode { NEVER, ONCE, ONWARD, BYTES, STOP };

struct meter {
    pthread_mutex_t lock;
    enum mode mode;
    size_t calls, limit; /* number of the call, of the question whether to stop, or bytes */
    size_t asked;
    pthread_t thread; /* that calls the library */
    size_t live, peak;
    bool failed;
    const char *broken; /* what the library did wrong with its memory */
};

struct world {
    struct meter meter;
    attain_allocator allocator;
    attain_watch watch;
    attain_policy *policy, *other;
    attain_data *data;
    attain_results *results;
    attain_diff *diff;
    int lent; /* texts that the loader lent, not yet released */
};

struct trial { /* a case: what is made before, and the call */
    const char *covers;
    const char *what; /* folder of rules/, or an argument */
    void (*set_up)(struct world *w, const char *what);
    attain_status (*call)(struct world *w, const char *what, struct out *out);
    attain_status expected;
    bool threads; /* pthread_create may call malloc */
};

/* ---- the allocator */

static void *meter_resize_locked(struct meter *m, char *ptr, size_t old_size, size_t new_size) {
    if (ptr) {
        ptr -= HEAD;
        if (*(size_t *)(void *)ptr != old_size) m->broken = "a size at release is wrong";
    }
    if (new_size == 0) {
        if (ptr) {
            m->live -= old_size;
            memset(ptr, 0xDD, old_size + HEAD);
            raw_free(ptr);
        }
        return NULL;
    }
    m->calls++;
    size_t live = m->live - (ptr ? old_size : 0) + new_size;
    bool fails = (m->mode == ONCE && m->calls == m->limit) || (m->mode == ONWARD && m->calls >= m->limit) ||
                 (m->mode == BYTES && live > m->limit);
    if (fails) {
        m->failed = true;
        return NULL;
    }
    char *moved = raw_realloc(ptr, new_size + HEAD);
    if (!moved) return NULL;
    if (!ptr) memset(moved + HEAD, 0xAA, new_size);
    *(size_t *)(void *)moved = new_size;
    m->live = live;
    if (live > m->peak) m->peak = live;
    return moved + HEAD;
}

static void *meter_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct meter *m = context;
    pthread_mutex_lock(&m->lock);
    void *out = meter_resize_locked(m, ptr, old_size, new_size);
    pthread_mutex_unlock(&m->lock);
    return out;
}

/* The host's answer, and what it may be asked: on the thread of the call, and not after it said to stop.
 * Under the lock, because other threads note a failure of memory in the meantime. */
static bool meter_stops(void *context) {
    struct meter *m = context;
    pthread_mutex_lock(&m->lock);
    if (!pthread_equal(m->thread, pthread_self())) m->broken = "another thread asks the host";
    if (m->mode == STOP && m->failed) m->broken = "the host is asked again after it said to stop";
    m->asked++;
    m->failed |= m->mode == STOP && m->asked >= m->limit;
    bool stops = m->mode == STOP && m->failed;
    pthread_mutex_unlock(&m->lock);
    return stops;
}

static void meter_show(void *context, const attain_progress *progress) {
    struct meter *m = context;
    if (!pthread_equal(m->thread, pthread_self())) m->broken = "another thread shows its progress";
    if (progress->total && progress->done > progress->total) m->broken = "more is done than there is";
    if (progress->text.length == 0) m->broken = "progress without a text";
}

static void meter_set(struct meter *m, enum mode mode, size_t limit) {
    m->mode = mode;
    m->limit = limit;
    m->calls = m->peak = m->asked = 0;
    m->failed = false;
}

/* ---- malloc, while the library works */

static bool inside;
static unsigned bypasses;

#ifdef WATCH_MALLOC
void *malloc(size_t size) {
    bypasses += inside;
    return __libc_malloc(size);
}
void *calloc(size_t n, size_t size) {
    bypasses += inside;
    return __libc_calloc(n, size);
}
void *realloc(void *ptr, size_t size) {
    bypasses += inside;
    return __libc_realloc(ptr, size);
}
void free(void *ptr) {
    __libc_free(ptr);
}
#endif

/* ---- policies and data */

#define RULE(folder) "rules/" folder "/policy.attain"

static const char *in_folder(const char *folder, const char *name) {
    static char path[4][300];
    static unsigned turn;
    snprintf(path[turn % 4], sizeof path[0], "rules/%s/%s", folder, name);
    return path[turn++ % 4];
}

static void must(attain_status status, const char *what) {
    if (status == ATTAIN_OK) return;
    fprintf(stderr, "%s: %s\n", what, attain_status_text(status));
    exit(2);
}

static void open_policy(struct world *w, const char *folder) {
    attain_policy_options options = {.allocator = &w->allocator, .watch = &w->watch};
    must(attain_policy_open(in_folder(folder, "policy.attain"), &options, &w->policy), folder);
}

static void open_data(struct world *w, const char *folder) {
    must(attain_data_new(&w->allocator, &w->data), folder);
    must(attain_data_set_directory(w->data, in_folder(folder, "data")), folder);
}

static void open_both(struct world *w, const char *folder) {
    open_policy(w, folder);
    open_data(w, folder);
}

static void open_results(struct world *w, const char *folder) {
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch, .zeros = true};
    open_both(w, folder);
    must(attain_run(&w->policy, 1, w->data, &options, &w->results), folder);
}

static const char *const EDITS[][3] = {{"field-sales", "15% over quota", "16% over quota"},
                                       {"field-sales", "at $40,000", "at $39,000"},
                                       {"field-sales", "1% of bookings", "2% of bookings"},
                                       {"hooks/fairness-floor", "10% of bookings", "11% of bookings"},
                                       {"hooks/fairness-floor", ">= $50,000", ">= $60,000"},
                                       {"weekly-pay", "$60 * meetings", "$70 * meetings"},
                                       {"weekly-pay", "= $200", "= $300"},
                                       {"agency", "when level = 1: 10%", "when level = 1: 9%"}};

/* The policy of the folder with all edits, made with the loader of the file. */
static bool load_beside(void *context, const char *from, const char *wanted, attain_loaded *loaded);
static void open_versions(struct world *w, const char *folder) {
    struct out text = file_read(in_folder(folder, "policy.attain"));
    for (size_t i = 0; i < sizeof EDITS / sizeof *EDITS; i++) {
        if (strcmp(EDITS[i][0], folder) != 0) continue;
        struct out edited = replaced(&text, EDITS[i][1], EDITS[i][2]);
        free(text.at);
        text = edited;
    }
    attain_policy_options options = {
        .allocator = &w->allocator, .watch = &w->watch, .load = load_beside, .load_context = w};
    open_both(w, folder);
    must(attain_policy_compile(in_folder(folder, "policy.attain"), text.at, text.n, &options, &w->other),
         folder);
    free(text.at);
}

static attain_status diff_of(struct world *w, attain_diff **out) {
    static const char *const limits[] = {"any payee < -1%", "withheld > 0", "losers > 90%"};
    attain_diff_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch},
                                   .attribution = true,
                                   .explanations = true,
                                   .limits = limits,
                                   .limit_count = 3,
                                   .sources = true,
                                   .command = "attain diff"};
    return attain_diff_run(w->policy, w->other, w->data, &options, out);
}

static void open_diff(struct world *w, const char *folder) {
    open_versions(w, folder);
    must(diff_of(w, &w->diff), folder);
}

/* ---- a loader that lends */

struct file {
    char name[300];
    struct out text;
};
static struct file files[16]; /* read once: a call of the library reads no file of ours */

static const struct out *file_beside(const char *from, const char *wanted) {
    char path[300];
    const char *slash = strrchr(from, '/');
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash + 1 - from) : 0, from, wanted);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!files[i].name[0]) {
            bool was = inside;
            inside = false;
            memcpy(files[i].name, path, sizeof path);
            files[i].text = file_read(path);
            inside = was;
        }
        if (strcmp(files[i].name, path) == 0) return &files[i].text;
    }
    exit(2);
}

static void give_back(void *context, attain_loaded *loaded) {
    ((struct world *)context)->lent--;
    loaded->bytes = NULL;
}

static bool load_beside(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct world *w = context;
    const struct out *text = file_beside(from, wanted);
    w->lent++;
    loaded->bytes = text->at;
    loaded->length = text->n;
    loaded->release = give_back;
    return true;
}

/* ---- calls. Each frees what it makes. */

static const char *refused_with_object = "ATTAIN_NO_MEMORY with an object";
static attain_status none_if_no_memory(struct world *w, attain_status status, const void *object) {
    if (status == ATTAIN_NO_MEMORY && object) w->meter.broken = refused_with_object;
    if (status == ATTAIN_CANCELLED) return status; /* a policy is none, the others say nothing */
    if (status != ATTAIN_NO_MEMORY && !object) w->meter.broken = "no object, and not ATTAIN_NO_MEMORY";
    return status;
}

static attain_status end_policy(struct world *w, attain_status status, attain_policy *policy,
                                struct out *out) {
    none_if_no_memory(w, status, policy);
    if (status == ATTAIN_CANCELLED && policy) w->meter.broken = "ATTAIN_CANCELLED with a policy";
    if (policy) {
        tell_policy(policy, out);
        attain_status written = attain_diagnostics_write(attain_policy_diagnostics(policy),
                                                         ATTAIN_DIAGNOSTICS_COLOR, 0, out_put, out);
        if (written == ATTAIN_OK)
            written = attain_diagnostics_write(attain_policy_diagnostics(policy), ATTAIN_DIAGNOSTICS_JSON, 0,
                                               out_put, out);
        if (written != ATTAIN_OK) status = written;
    }
    attain_policy_release(policy);
    return status;
}

static attain_status call_open(struct world *w, const char *path, struct out *out) {
    attain_policy_options options = {.allocator = &w->allocator, .watch = &w->watch};
    attain_policy *policy = NULL;
    attain_status status = attain_policy_open(path, &options, &policy);
    return end_policy(w, status, policy, out);
}

static attain_status compile_stage(struct world *w, const char *path, attain_stage stage, struct out *out) {
    const struct out *text = file_beside("", path);
    attain_policy_options options = {.stage = stage,
                                     .load = load_beside,
                                     .load_context = w,
                                     .allocator = &w->allocator,
                                     .watch = &w->watch};
    attain_policy *policy = NULL;
    attain_status status = attain_policy_compile(path, text->at, text->n, &options, &policy);
    if (w->lent) w->meter.broken = "a text that was lent is not released";
    w->lent = 0;
    return end_policy(w, status, policy, out);
}
static attain_status call_compile(struct world *w, const char *path, struct out *out) {
    return compile_stage(w, path, ATTAIN_STAGE_CHECK, out);
}
static attain_status call_syntax(struct world *w, const char *path, struct out *out) {
    return compile_stage(w, path, ATTAIN_STAGE_SYNTAX, out);
}
static attain_status call_tokens(struct world *w, const char *path, struct out *out) {
    return compile_stage(w, path, ATTAIN_STAGE_TOKENS, out);
}

static attain_status call_dumps(struct world *w, const char *what, struct out *out) {
    attain_status status = ATTAIN_OK;
    (void)what;
    for (int k = ATTAIN_DUMP_TOKENS; k <= ATTAIN_DUMP_ORDER && status == ATTAIN_OK; k++)
        status = attain_policy_dump(w->policy, (attain_dump)k, &w->watch, out_put, out);
    if (status == ATTAIN_OK) status = attain_policy_format(w->policy, &w->watch, out_put, out);
    return status;
}

static attain_status call_names(struct world *w, const char *what, struct out *out) {
    attain_names *names = NULL;
    attain_name name;
    attain_use use;
    size_t offset = 0;
    (void)what;
    attain_status status = attain_names_new(w->policy, &w->allocator, &names);
    for (size_t i = 0; status == ATTAIN_OK && attain_names_get(names, i, &name) == ATTAIN_OK; i++) {
        out_text(out, name.name);
        out_text(out, name.documentation);
        for (size_t k = 0; attain_names_use(names, i, k, &use) == ATTAIN_OK; k++)
            out_int(out, (long long)use.start);
        status = attain_names_type(names, i, "zh", out_put, out);
    }
    out_int(out, (long long)attain_names_count(names));
    if (status == ATTAIN_OK) status = attain_names_offset(names, NULL, 3, 5, &offset);
    if (status == ATTAIN_OK) status = attain_names_at(names, NULL, offset, &use);
    for (offset = 0; status == ATTAIN_OK && offset < 1200; offset += 40)
        status = attain_names_hover(names, NULL, offset, NULL, out_put, out);
    attain_names_free(names);
    return status;
}

static attain_status call_owners(struct world *w, const char *what, struct out *out) {
    (void)what;
    attain_policy_release(attain_policy_retain(w->policy));
    tell_policy(w->policy, out);
    return ATTAIN_OK;
}

static attain_status call_version(struct world *w, const char *what, struct out *out) {
    attain_text name, text;
    (void)w, (void)what;
    out_z(out, attain_version());
    out_int(out, attain_version_number() + attain_check_version(ATTAIN_VERSION_NUMBER));
    out_z(out, attain_status_text(ATTAIN_NO_MEMORY));
    for (size_t i = 0; attain_standard_file(i, &name, &text); i++)
        out_text(out, name);
    return attain_visible_write("\033[1m", 4, out_put, out);
}

static const char REPS[] = "id,name,team\nana,Ana,east\nben,Ben,west\n";
static const char TARGETS[] = "rep,quarter,amount\nana,2026-Q1,\"100,000\"\nben,2026-Q1,50000\n";
static const char DEALS[] = "id,rep,product,amount,closed_on,stage\n"
                            "d1,ana,core,120000,2026-02-03,won\nd2,ben,services,90.55,2026-01-05,won\n";
static const char BAD_DEALS[] = "id,rep,product,amount,closed_on,stage\n"
                                "d1,ana,core,x,2026-02-03,won\nd1,ben,services,90.55,2026-13-05,won\n"
                                "d1,cy,core,5,2026-02-03,gone\nd2,ben,core,5,2026-02-03,won\n";

static attain_status bind(attain_data *data, const char *deals) {
    attain_status status = attain_data_bind_memory(data, "rep", REPS, strlen(REPS), "reps");
    if (status == ATTAIN_OK) status = attain_data_bind_memory(data, "target", TARGETS, strlen(TARGETS), NULL);
    if (status == ATTAIN_OK) status = attain_data_bind_memory(data, "deal", deals, strlen(deals), "deals");
    return status;
}

static attain_status end_run(struct world *w, attain_status status, attain_results *results,
                             struct out *out) {
    none_if_no_memory(w, status, results);
    if (results) tell_results(results, out);
    attain_results_free(results);
    return status;
}

/* Bindings, and a run on them. */
static attain_status call_data(struct world *w, const char *what, struct out *out) {
    attain_data *data = NULL;
    attain_results *results = NULL;
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch};
    attain_status status = attain_data_new(&w->allocator, &data);
    (void)what;
    if (status == ATTAIN_OK) status = attain_data_set_directory(data, "nowhere");
    if (status == ATTAIN_OK) status = attain_data_bind_file(data, "rep", "rules/field-sales/data/reps.csv");
    if (status == ATTAIN_OK) status = bind(data, DEALS);
    if (status == ATTAIN_OK) status = attain_run(&w->policy, 1, data, &options, &results);
    if (data && (results || status == ATTAIN_OK)) status = end_run(w, status, results, out);
    attain_data_free(data);
    return status;
}

/* A binding that fails leaves the others as they were. */
static attain_status call_bind(struct world *w, const char *what, struct out *out) {
    static const char *const names[] = {"rep", "target", "deal", "a", "b", "c", "d", "e", "f", "g"};
    attain_status status = ATTAIN_OK;
    (void)what, (void)out;
    for (size_t i = 0; i < sizeof names / sizeof *names && status == ATTAIN_OK; i++)
        status = attain_data_bind_file(w->data, names[i], "rules/field-sales/data/reps.csv");
    if (status == ATTAIN_OK) status = attain_data_set_directory(w->data, "rules/field-sales/data");
    attain_data_allow_outside(w->data, true);
    return status;
}

static void count_row(void *context, attain_text file, uint64_t line, attain_text row) {
    (void)file;
    out_int(context, (long long)line);
    out_text(context, row);
}

static attain_status run_with(struct world *w, attain_run_options *options, struct out *out) {
    attain_results *results = NULL;
    options->allocator = &w->allocator;
    options->watch = &w->watch;
    attain_status status = attain_run(&w->policy, 1, w->data, options, &results);
    return end_run(w, status, results, out);
}
static attain_status call_run(struct world *w, const char *what, struct out *out) {
    (void)what;
    return run_with(w, &(attain_run_options){.zeros = true}, out);
}
static attain_status call_run_skipping(struct world *w, const char *what, struct out *out) {
    (void)what;
    out->n = 0;
    return run_with(
        w, &(attain_run_options){.skip_bad_rows = true, .on_bad_row = count_row, .bad_row_context = out},
        out);
}
static attain_status call_run_threads(struct world *w, const char *what, struct out *out) {
    (void)what;
    return run_with(w, &(attain_run_options){.threads = 3}, out);
}
static attain_status call_run_set(struct world *w, const char *value, struct out *out) {
    const attain_setting set[] = {{"rate", value}};
    return run_with(w, &(attain_run_options){.settings = set, .setting_count = 1, .period = "2026"}, out);
}
static attain_status call_run_period(struct world *w, const char *period, struct out *out) {
    return run_with(w, &(attain_run_options){.period = period}, out);
}
static attain_status call_run_payee(struct world *w, const char *payee, struct out *out) {
    return run_with(w, &(attain_run_options){.payees = &payee, .payee_count = 1}, out);
}

static attain_status call_run_several(struct world *w, const char *what, struct out *out) {
    attain_policy *policies[] = {w->policy, w->other};
    attain_results *results = NULL;
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch};
    (void)what;
    attain_status status = attain_run(policies, 2, w->data, &options, &results);
    return end_run(w, status, results, out);
}

static attain_status call_write(struct world *w, const char *what, struct out *out) {
    attain_results_options options = {.width = 40, .color = true, .safe_csv = true, .watch = &w->watch};
    attain_status status = ATTAIN_OK;
    (void)what;
    for (int k = ATTAIN_RESULTS_TABLE; k <= ATTAIN_RESULTS_SUMMARY && status == ATTAIN_OK; k++)
        status = attain_results_write(w->results, (attain_results_format)k, &options, out_put, out);
    if (status == ATTAIN_OK) tell_results(w->results, out);
    return status;
}

/* The values of `show`, twice each: the texts of the second replace those of the first. */
static attain_status call_shown(struct world *w, const char *what, struct out *out) {
    attain_status status = ATTAIN_OK;
    attain_shown shown;
    (void)what;
    for (uint64_t i = 0; i < 2 * attain_results_shown_count(w->results) && status == ATTAIN_OK; i++) {
        status = attain_results_shown(w->results, i / 2, &shown);
        if (status != ATTAIN_OK) break;
        out_text(out, shown.label);
        out_text(out, shown.exact);
        out_text(out, shown.shown);
    }
    if (status == ATTAIN_OK)
        status = attain_results_write(w->results, ATTAIN_RESULTS_MEASURES, NULL, out_put, out);
    return status;
}

static attain_status call_balances(struct world *w, const char *what, struct out *out) {
    attain_balance balance;
    (void)what;
    for (uint64_t i = 0; i < attain_results_balance_count(w->results); i++)
        if (attain_results_balance(w->results, i, &balance) == ATTAIN_OK) out_text(out, balance.draw);
    attain_status status = attain_results_write(w->results, ATTAIN_RESULTS_HELD, NULL, out_put, out);
    if (status == ATTAIN_OK)
        status = attain_results_write(w->results, ATTAIN_RESULTS_COVERAGE, NULL, out_put, out);
    if (status != ATTAIN_OK) return status;
    return attain_results_write(w->results, ATTAIN_RESULTS_BALANCES, NULL, out_put, out);
}

static attain_status call_held(struct world *w, const char *what, struct out *out) {
    attain_held held;
    uint64_t n = 0;
    (void)what;
    attain_status status = attain_results_held_count(w->results, &n);
    for (uint64_t i = 0; i < n && status == ATTAIN_OK; i++) {
        status = attain_results_held(w->results, i, &held);
        if (status == ATTAIN_OK) out_text(out, held.row_key);
        if (status == ATTAIN_OK) out_text(out, held.due);
    }
    return status;
}

/* A run of its own, because `by_deal` is an option of the run. */
static attain_status call_parts(struct world *w, const char *what, struct out *out) {
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch, .by_deal = true};
    attain_results *results = NULL;
    attain_part part;
    (void)what;
    attain_status status = attain_run(&w->policy, 1, w->data, &options, &results);
    none_if_no_memory(w, status, results);
    for (uint64_t i = 0; status == ATTAIN_OK && i < attain_results_part_count(results); i++)
        if (attain_results_part(results, i, &part) == ATTAIN_OK) out_text(out, part.row_key);
    if (status == ATTAIN_OK) status = attain_results_write(results, ATTAIN_RESULTS_DEALS, NULL, out_put, out);
    attain_results_free(results);
    return status;
}

static attain_status call_paid(struct world *w, const char *what, struct out *out) {
    attain_total total;
    (void)what;
    for (size_t i = 0; i < attain_results_paid_count(w->results); i++)
        if (attain_results_paid(w->results, i, &total) == ATTAIN_OK)
            out_text(out, (attain_text){total.currency, strlen(total.currency)});
    return attain_results_write(w->results, ATTAIN_RESULTS_JSON, NULL, out_put, out);
}

static attain_status call_test(struct world *w, const char *what, struct out *out) {
    attain_test_options options = {.allocator = &w->allocator, .watch = &w->watch, .shapes = true};
    attain_tests *tests = NULL;
    (void)what;
    attain_status status = attain_test(w->policy, &options, &tests);
    none_if_no_memory(w, status, tests);
    if (tests) tell_tests(tests, out);
    out_int(out, (int64_t)attain_diagnostics_count(attain_tests_diagnostics(tests)));
    attain_tests_free(tests);
    return status;
}

static attain_status call_diff(struct world *w, const char *what, struct out *out) {
    attain_diff *diff = NULL;
    (void)what;
    attain_status status = diff_of(w, &diff);
    none_if_no_memory(w, status, diff);
    if (diff) tell_diff(diff, out);
    attain_diff_free(diff);
    return status;
}

static attain_status call_diff_payee(struct world *w, const char *payee, struct out *out) {
    attain_diff_options options = {.run = {.allocator = &w->allocator,
                                           .watch = &w->watch,
                                           .payees = &payee,
                                           .payee_count = 1,
                                           .through = "2026-Q1"}};
    attain_diff *diff = NULL;
    attain_status status = attain_diff_run(w->policy, w->other, w->data, &options, &diff);
    none_if_no_memory(w, status, diff);
    if (diff) tell_diff(diff, out);
    attain_diff_free(diff);
    return status;
}

static attain_status call_depends(struct world *w, const char *field, struct out *out) {
    const attain_depends_options options = {.field = field, .allocator = &w->allocator, .watch = &w->watch};
    attain_depends *depends = NULL;
    attain_dependence of;
    attain_dependence_step step;
    attain_status status = attain_depends_run(w->policy, &options, &depends);
    none_if_no_memory(w, status, depends);
    out_int(out, (int64_t)attain_diagnostics_count(attain_depends_diagnostics(depends)));
    for (size_t i = 0; attain_depends_get(depends, i, &of) == ATTAIN_OK; i++) {
        out_text(out, of.component);
        out_text(out, of.name);
        for (size_t k = 0; attain_depends_step(depends, i, k, &step) == ATTAIN_OK; k++)
            out_text(out, step.name);
    }
    out_int(out, (int64_t)attain_depends_count(depends));
    const attain_report_options looks = {.watch = &w->watch};
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_JSON && status == ATTAIN_OK; k++)
        status = attain_depends_write(depends, (attain_report_format)k, &looks, out_put, out);
    attain_depends_free(depends);
    return status;
}

static attain_status call_impact(struct world *w, const char *table, struct out *out) {
    static const char csv[] = "id,rep,product,amount,closed_on,stage\nd001,ben,core,50000,2026-04-02,won\n";
    const attain_changed_rows rows = {.table = table, .csv = csv, .length = sizeof csv - 1};
    const attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch};
    attain_impact *impact = NULL;
    attain_affected of;
    attain_status status = attain_impact_run(w->policy, w->data, &rows, 1, &options, &impact);
    none_if_no_memory(w, status, impact);
    out_int(out, (int64_t)attain_diagnostics_count(attain_impact_diagnostics(impact)));
    for (size_t i = 0; attain_impact_get(impact, i, &of) == ATTAIN_OK; i++) {
        out_text(out, of.payee_key);
        out_text(out, of.component);
        out_text(out, of.from);
        out_text(out, of.through);
    }
    out_int(out, (int64_t)attain_impact_count(impact));
    const attain_report_options looks = {.watch = &w->watch};
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_JSON && status == ATTAIN_OK; k++)
        status = attain_impact_write(impact, (attain_report_format)k, &looks, out_put, out);
    attain_impact_free(impact);
    return status;
}

static attain_status call_fairness(struct world *w, const char *field, struct out *out) {
    attain_fairness_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch}};
    attain_fairness *fairness = NULL;
    attain_figure figure;
    options.fields = &field;
    options.field_count = field != NULL;
    attain_status status = attain_fairness_run(&w->policy, 1, w->data, &options, &fairness);
    none_if_no_memory(w, status, fairness);
    out_int(out, (int64_t)attain_diagnostics_count(attain_fairness_diagnostics(fairness)));
    for (size_t i = 0; attain_fairness_get(fairness, i, &figure) == ATTAIN_OK; i++) {
        out_z(out, figure.id);
        out_text(out, figure.exact);
        out_text(out, figure.shown);
        out_text(out, figure.meaning);
    }
    out_int(out, (int64_t)attain_fairness_count(fairness));
    const attain_report_options looks = {.watch = &w->watch};
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_HTML && status == ATTAIN_OK; k++)
        status = attain_fairness_write(fairness, (attain_report_format)k, &looks, out_put, out);
    attain_fairness_free(fairness);
    return status;
}

static attain_status call_diff_write(struct world *w, const char *what, struct out *out) {
    const attain_results_options options = {.watch = &w->watch};
    attain_status status = ATTAIN_OK;
    attain_text who = {0}, period = {0};
    bool hit = false;
    (void)what;
    for (int k = ATTAIN_DIFF_TABLE; k <= ATTAIN_DIFF_HTML && status == ATTAIN_OK; k++)
        status = attain_diff_write(w->diff, (attain_diff_format)k, &options, out_put, out);
    if (status == ATTAIN_OK) status = attain_diff_limit(w->diff, "any payee > 0.1%", &hit, &who);
    out_int(out, hit);
    out_text(out, who);
    if (status == ATTAIN_OK) status = attain_diff_limit_in(w->diff, "any payee > 0.1%", &hit, &who, &period);
    out_text(out, period);
    return status;
}

/* Names a table: "" is all of them. */
static attain_status call_game(struct world *w, const char *what, struct out *out) {
    const attain_game_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch},
                                         .table = strcmp(what, "reps") == 0 ? "rep" : NULL};
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_game *game = NULL;
    attain_status status = attain_game_run(&w->policy, 1, w->data, &options, &game);
    none_if_no_memory(w, status, game);
    attain_game_summary sum;
    attain_game_kind kind;
    attain_choice choice;
    out_int(out, attain_diagnostics_count(attain_game_diagnostics(game)) > 0);
    if (attain_game_summary_get(game, &sum) == ATTAIN_OK) out_int(out, sum.gain);
    if (attain_game_kind_get(game, ATTAIN_CHOICE_MERGE, &kind) == ATTAIN_OK) out_int(out, kind.gain);
    if (attain_choice_get(game, 0, &choice) == ATTAIN_OK) out_text(out, choice.component);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_HTML && status == ATTAIN_OK; k++)
        status = attain_game_write(game, (attain_report_format)k, &looks, out_put, out);
    attain_game_free(game);
    return status;
}

/* `what`: an amount. With an earlier version, whose edits are tried, too. */
static attain_status call_expected(struct world *w, const char *what, struct out *out) {
    static const char *const payee[] = {"hana"};
    const attain_expected_options options = {.run = {.allocator = &w->allocator,
                                                     .watch = &w->watch,
                                                     .period = "2026-Q1",
                                                     .payees = payee,
                                                     .payee_count = 1,
                                                     .language = "zh"},
                                             .amount = strcmp(what, "field-sales") == 0 ? "3600" : what,
                                             .component = "commission",
                                             .earlier = w->other};
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_expected *expected = NULL;
    attain_status status = attain_expected_run(&w->policy, 1, w->data, &options, &expected);
    none_if_no_memory(w, status, expected);
    attain_expected_summary sum;
    attain_change change;
    out_int(out, attain_diagnostics_count(attain_expected_diagnostics(expected)) > 0);
    if (attain_expected_summary_get(expected, &sum) == ATTAIN_OK) out_int(out, (int64_t)sum.matches);
    if (attain_expected_get(expected, 0, &change) == ATTAIN_OK) out_text(out, change.sentence);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_JSON && status == ATTAIN_OK; k++)
        status = attain_expected_write(expected, (attain_report_format)k, &looks, out_put, out);
    attain_expected_free(expected);
    return status;
}

/* `what`: a period, or the folder of the policy, of which a payee is compared with another one. */
static attain_status call_against(struct world *w, const char *what, struct out *out) {
    static const char *const payee[] = {"hana"};
    bool other = strcmp(what, "field-sales") == 0;
    const attain_against_options options = {.run = {.allocator = &w->allocator,
                                                    .watch = &w->watch,
                                                    .period = "2026-Q2",
                                                    .payees = payee,
                                                    .payee_count = 1,
                                                    .language = "zh"},
                                            .component = other ? "commission" : NULL,
                                            .payee = other ? "ana" : NULL,
                                            .period = other ? NULL : what};
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_against *against = NULL;
    attain_status status = attain_against_run(&w->policy, 1, w->data, &options, &against);
    none_if_no_memory(w, status, against);
    attain_against_summary sum;
    attain_against_part part;
    out_int(out, attain_diagnostics_count(attain_against_diagnostics(against)) > 0);
    if (attain_against_summary_get(against, &sum) == ATTAIN_OK) out_int(out, sum.paid - sum.other_paid);
    if (attain_against_part_get(against, 0, &part) == ATTAIN_OK) out_text(out, part.sentence);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_MARKDOWN && status == ATTAIN_OK; k++)
        if (k != ATTAIN_REPORT_SVG)
            status = attain_against_write(against, (attain_report_format)k, &looks, out_put, out);
    attain_against_free(against);
    return status;
}

/* `what`: CSV text, or the folder of the policy. */
static attain_status call_reconcile(struct world *w, const char *what, struct out *out) {
    static const char *const limits[] = {"different > 0", "total > 5%"};
    static const char *const payee[] = {"hana"};
    const char *csv = strchr(what, ',') ? what : "payee,period,amount\nhana,2026-Q1,9600.00\nzoe,2026-Q1,5\n";
    const attain_reconcile_options options = {.run = {.allocator = &w->allocator,
                                                      .watch = &w->watch,
                                                      .payees = payee,
                                                      .payee_count = 1,
                                                      .period = "2026-Q1",
                                                      .language = "zh"},
                                              .csv = csv,
                                              .length = strlen(csv),
                                              .earlier = w->other,
                                              .limits = limits,
                                              .limit_count = 2};
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_reconciliation *made = NULL;
    attain_status status = attain_reconcile_run(&w->policy, 1, w->data, &options, &made);
    none_if_no_memory(w, status, made);
    attain_reconciliation_summary sum;
    attain_reconciled payout;
    out_int(out, attain_diagnostics_count(attain_reconciliation_diagnostics(made)) > 0);
    if (attain_reconciliation_summary_get(made, &sum) == ATTAIN_OK) out_int(out, (int64_t)sum.different);
    if (attain_reconciled_get(made, 0, &payout) == ATTAIN_OK) out_text(out, payout.cause);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_HTML && status == ATTAIN_OK; k++)
        status = attain_reconciliation_write(made, (attain_report_format)k, &looks, out_put, out);
    attain_reconciliation_free(made);
    return status;
}

static void tell_curves(const attain_curves *curves, struct out *out) {
    attain_curve curve;
    attain_curve_payee payee;
    attain_curve_piece piece;
    attain_curve_shape shape;
    attain_curve_sample sample;
    out_int(out, (int64_t)attain_diagnostics_count(attain_curve_diagnostics(curves)));
    for (size_t i = 0; attain_curve_get(curves, i, &curve) == ATTAIN_OK; i++) {
        for (size_t k = 0; attain_curve_payee_get(curves, i, k, &payee) == ATTAIN_OK; k++)
            out_text(out, payee.key);
        for (size_t k = 0; attain_curve_piece_get(curves, i, k, &piece) == ATTAIN_OK; k++)
            out_text(out, piece.formula);
        for (size_t k = 0; attain_curve_shape_get(curves, i, k, &shape) == ATTAIN_OK; k++)
            out_text(out, shape.text);
        for (size_t k = 0; attain_curve_sample_get(curves, i, k, &sample) == ATTAIN_OK; k++)
            out_text(out, sample.pay);
    }
    out_int(out, (int64_t)attain_curve_count(curves));
}

static attain_status call_curve(struct world *w, const char *vary, struct out *out) {
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_curve_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch},
                                    .vary = vary,
                                    .between = "0..300000",
                                    .against = w->other,
                                    .samples = 2};
    attain_curves *curves = NULL;
    attain_status status = attain_curve_run(w->policy, w->data, &options, &curves);
    none_if_no_memory(w, status, curves);
    if (curves) tell_curves(curves, out);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_SVG && status == ATTAIN_OK; k++)
        status = attain_curve_write(curves, (attain_report_format)k, &looks, out_put, out);
    attain_curve_free(curves);
    return status;
}

static attain_status call_team(struct world *w, const char *what, struct out *out) {
    const attain_team_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch},
                                         .vary = strcmp(what, "none") == 0 ? what : NULL};
    const attain_report_options looks = {.language = "zh", .watch = &w->watch};
    attain_team *team = NULL;
    attain_status status = attain_team_run(&w->policy, 1, w->data, &options, &team);
    none_if_no_memory(w, status, team);
    attain_team_summary sum;
    attain_team_pair pair;
    out_int(out, attain_diagnostics_count(attain_team_diagnostics(team)) > 0);
    if (attain_team_summary_get(team, &sum) == ATTAIN_OK) out_int(out, (int64_t)sum.pairs);
    if (attain_team_pair_get(team, 0, &pair) == ATTAIN_OK) out_text(out, pair.above);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_HTML && status == ATTAIN_OK; k++)
        status = attain_team_write(team, (attain_report_format)k, &looks, out_put, out);
    attain_team_free(team);
    return status;
}

static attain_status call_solve(struct world *w, const char *vary, struct out *out) {
    const attain_solve_options options = {
        .run = {.allocator = &w->allocator, .watch = &w->watch}, .vary = vary, .so_that = "total = 100"};
    attain_solution *solution = NULL;
    attain_status status = attain_solve_run(w->policy, w->data, &options, &solution);
    none_if_no_memory(w, status, solution);
    if (solution) out_int(out, (int64_t)attain_diagnostics_count(attain_solution_diagnostics(solution)));
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_JSON && status == ATTAIN_OK; k++)
        status = attain_solution_write(solution, (attain_report_format)k, NULL, out_put, out);
    attain_solution_free(solution);
    return status;
}

/* What hooks write is kept, too. */
static attain_status call_call(struct world *w, const char *expression, struct out *out) {
    static const char *const payees[] = {"ana"};
    const attain_hook_options hooks = {.log = true, .callers = true, .profile = true, .trace = "scaled"};
    attain_call_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch, .hooks = &hooks},
                                   .expression = expression};
    if (strstr(expression, "bookings")) {
        options.run.payees = payees;
        options.run.payee_count = 1;
        options.run.period = "2026-Q1";
    }
    attain_call *call = NULL;
    attain_called called;
    attain_log_entry entry;
    attain_text name, value;
    attain_status status = attain_call_run(w->policy, w->data, &options, &call);
    none_if_no_memory(w, status, call);
    if (call) out_int(out, (int64_t)attain_diagnostics_count(attain_call_diagnostics(call)));
    if (attain_call_get(call, &called) == ATTAIN_OK) out_text(out, called.shown), out_text(out, called.trace);
    for (size_t i = 0; i < attain_call_log_count(call); i++)
        if (attain_call_log(call, i, &entry) == ATTAIN_OK) out_text(out, entry.text);
    if (attain_call_note(call, 0, &name, &value) == ATTAIN_OK) out_text(out, value);
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_JSON && status == ATTAIN_OK; k++)
        status = attain_call_write(call, (attain_report_format)k, NULL, out_put, out);
    attain_call_free(call);
    return status;
}

static uint64_t no_time(void *context) {
    (void)context;
    return 0;
}

static attain_status call_run_hooks(struct world *w, const char *what, struct out *out) {
    const attain_hook_options hooks = {.log = true, .callers = true, .profile = true, .clock = no_time};
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch, .hooks = &hooks};
    attain_results *results = NULL;
    attain_log_entry entry;
    attain_profile_entry line;
    (void)what;
    attain_status status = attain_run(&w->policy, 1, w->data, &options, &results);
    none_if_no_memory(w, status, results);
    for (size_t i = 0; i < attain_results_log_count(results); i++)
        if (attain_results_log(results, i, &entry) == ATTAIN_OK) out_text(out, entry.text);
    for (size_t i = 0; i < attain_results_profile_count(results); i++)
        if (attain_results_profile(results, i, &line) == ATTAIN_OK) out_int(out, (int64_t)line.steps);
    attain_results_free(results);
    return status;
}

/* `distribution`: its text; empty: a range. */
static attain_status call_model(struct world *w, const char *distribution, struct out *out) {
    const attain_model_options options = {.run = {.allocator = &w->allocator, .watch = &w->watch},
                                          .vary = "bookings",
                                          .curves = true,
                                          .distribution = distribution[0] ? distribution : NULL,
                                          .distribution_length = strlen(distribution)};
    const attain_report_options looks = {.watch = &w->watch};
    attain_model *model = NULL;
    attain_model_cost cost;
    attain_policy *const policies[] = {w->policy, w->policy};
    attain_status status = attain_model_run(policies, 2, w->data, &options, &model);
    none_if_no_memory(w, status, model);
    if (model) out_int(out, (int64_t)attain_diagnostics_count(attain_model_diagnostics(model)));
    for (size_t i = 0; attain_model_get(model, i, &cost) == ATTAIN_OK; i++)
        out_text(out, cost.cost);
    out_int(out, (int64_t)attain_model_count(model));
    for (int k = ATTAIN_REPORT_TEXT; k <= ATTAIN_REPORT_HTML && status == ATTAIN_OK; k++)
        status = attain_model_write(model, (attain_report_format)k, &looks, out_put, out);
    attain_model_free(model);
    return status;
}

/* The last diagnostic of the results: refusals add to them. */
static void tell_last(const attain_results *results, struct out *out) {
    const attain_diagnostics *list = attain_results_diagnostics(results);
    attain_diagnostic d;
    size_t n = attain_diagnostics_count(list);
    if (n == 0 || attain_diagnostics_get(list, n - 1, &d) != ATTAIN_OK) return;
    out_z(out, d.code);
    out_text(out, d.message);
    out_text(out, d.help);
}

static attain_status explain_with(struct world *w, attain_explain_options *options, struct out *out) {
    options->watch = &w->watch;
    attain_status status = attain_explain(w->results, options, out_put, out);
    if (status == ATTAIN_USAGE) tell_last(w->results, out);
    return status;
}
static attain_status call_explain(struct world *w, const char *what, struct out *out) {
    attain_status status = ATTAIN_OK;
    (void)what;
    for (int k = ATTAIN_EXPLAIN_TEXT; k <= ATTAIN_EXPLAIN_JSON && status == ATTAIN_OK; k++)
        status =
            explain_with(w, &(attain_explain_options){.format = (attain_explain_format)k, .all = k > 0}, out);
    return status;
}
/* Reads rows again after a run, which decodes them again. */
static attain_status call_decoded(struct world *w, const char *what, struct out *out) {
    attain_run_options run = {.allocator = &w->allocator, .watch = &w->watch};
    attain_explain_options options = {.watch = &w->watch, .all = true};
    attain_results *results = NULL;
    attain_status status = attain_run(&w->policy, 1, w->data, &run, &results);
    (void)what;
    none_if_no_memory(w, status, results);
    if (results) tell_results(results, out);
    if (status == ATTAIN_OK) status = attain_explain(results, &options, out_put, out);
    attain_results_free(results);
    return status;
}
static attain_status call_explain_page(struct world *w, const char *payee, struct out *out) {
    return explain_with(
        w, &(attain_explain_options){.payee = payee, .format = ATTAIN_EXPLAIN_STATEMENT, .language = "zh"},
        out);
}
static attain_status call_explain_payee(struct world *w, const char *payee, struct out *out) {
    return explain_with(w, &(attain_explain_options){.payee = payee}, out);
}
static attain_status call_explain_period(struct world *w, const char *period, struct out *out) {
    return explain_with(w, &(attain_explain_options){.period = period}, out);
}
static attain_status call_explain_component(struct world *w, const char *component, struct out *out) {
    return explain_with(w, &(attain_explain_options){.component = component}, out);
}
static attain_status call_explain_language(struct world *w, const char *language, struct out *out) {
    return explain_with(w, &(attain_explain_options){.language = language}, out);
}

static attain_status call_explain_check(struct world *w, const char *what, struct out *out) {
    const attain_explain_options options = {.watch = &w->watch};
    uint64_t checked = 0, wrong = 0;
    (void)what;
    attain_status status = attain_explain_check(w->results, &options, &checked, &wrong, out_put, out);
    out_int(out, (long long)checked);
    out_int(out, (long long)wrong);
    return status;
}

static attain_text key_of(const attain_results *results, size_t index) {
    attain_payee payee = {0};
    attain_status status = attain_results_payee(results, index, &payee);
    return status == ATTAIN_OK || status == ATTAIN_OVERFLOW ? payee.key : (attain_text){"", 0};
}

struct pages {
    const attain_results *results;
    struct out *out;
    int begun, ended; /* pages to be written */
    attain_status last;
};
static int page_begin(void *context, size_t payee) {
    struct pages *pages = context;
    attain_text key = key_of(pages->results, payee);
    out_text(pages->out, key);
    if (key.length > 0 && key.bytes[0] == 'b') return 1;
    pages->begun++;
    return 0;
}
static int page_write(void *context, const char *bytes, size_t n) {
    return out_put(((struct pages *)context)->out, bytes, n);
}
static int page_end(void *context, attain_status status) {
    struct pages *pages = context;
    pages->ended++;
    pages->last = status;
    return 0;
}
static attain_status call_statements(struct world *w, const char *what, struct out *out) {
    const attain_explain_options options = {.watch = &w->watch};
    struct pages pages = {.results = w->results, .out = out};
    const attain_statement_pages how = {
        .begin = page_begin, .write = page_write, .end = page_end, .context = &pages};
    (void)what;
    attain_status status = attain_statements(w->results, &options, &how);
    if (pages.begun != pages.ended) w->meter.broken = "a page that was begun is not ended";
    return status;
}

static size_t page_name(void *context, size_t payee, char *out, size_t room) {
    attain_text key = key_of(context, payee);
    return (size_t)snprintf(out, room, "%.*s.html", (int)key.length, key.bytes);
}
static attain_status call_tree(struct world *w, const char *language, struct out *out) {
    attain_explanation *explanation = NULL;
    attain_step step;
    attain_reason reason;
    const attain_explain_options options = {.language = language, .all = true};
    attain_status status = attain_explain_tree(w->results, &options, &explanation);
    for (size_t i = 0; attain_explanation_step(explanation, i, &step) == ATTAIN_OK; i++) {
        out_text(out, step.text);
        out_text(out, step.exact);
        out_int(out, (long long)step.next);
    }
    out_int(out, (long long)attain_explanation_count(explanation));
    for (size_t i = 0; attain_results_reason(w->results, 0, i, &reason) == ATTAIN_OK; i++)
        out_text(out, reason.text);
    attain_explanation_free(explanation);
    return status;
}

static attain_status call_index(struct world *w, const char *language, struct out *out) {
    attain_status status = attain_statement_index(w->results, language, page_name, w->results, out_put, out);
    if (status == ATTAIN_USAGE) tell_last(w->results, out);
    return status;
}

/* ---- sessions */

/* What may be left out of a call is in `what`: its last change. */
static attain_status change_session(attain_session *session, const char *amount) {
    const char *const fields[] = {"rep", "id", "sold_on", "amount"};
    const attain_cell cells[] = {{.kind = ATTAIN_CELL_TEXT, .text = {"ines", 4}},
                                 {.kind = ATTAIN_CELL_TEXT, .text = {"s77", 3}},
                                 {.kind = ATTAIN_CELL_DAY, .number = 20454},
                                 {.kind = ATTAIN_CELL_TEXT, .text = {amount, strlen(amount)}}};
    const attain_cell karl[] = {{.kind = ATTAIN_CELL_TEXT, .text = {"karl", 4}},
                                {.kind = ATTAIN_CELL_TEXT, .text = {"Karl", 4}}};
    const attain_rows rows = {.fields = fields, .field_count = 4, .cells = cells, .row_count = 1},
                      payee = {.cells = karl, .row_count = 1};
    attain_status status = attain_session_set_rows(session, "sale", "rep", "ines", NULL);
    if (status == ATTAIN_OK) status = attain_session_add_rows(session, "sale", &rows);
    if (status == ATTAIN_OK) status = attain_session_set_rows(session, "rep", "id", "karl", &payee);
    if (status == ATTAIN_OK) status = attain_session_keep(session);
    if (status == ATTAIN_OK) status = attain_session_set_rows(session, "sale", NULL, NULL, NULL);
    if (status == ATTAIN_OK) status = attain_session_undo(session);
    if (status == ATTAIN_OK) status = attain_session_set_param(session, "rate", "7%");
    return status;
}

static attain_status call_session(struct world *w, const char *amount, struct out *out) {
    attain_session *session = NULL;
    attain_results *results = NULL;
    const attain_run_options options = {.allocator = &w->allocator, .zeros = true};
    attain_status status = attain_session_new(&w->policy, 1, w->data, &options, &session);
    none_if_no_memory(w, status, session);
    if (status == ATTAIN_OK) status = change_session(session, amount);
    if (status == ATTAIN_OK) status = attain_session_run(session, NULL, &results);
    if (results) tell_results(results, out);
    attain_diagnostic d = {0};
    if (session && attain_diagnostics_get(attain_session_diagnostics(session), 0, &d) == ATTAIN_OK)
        out_text(out, d.message);
    attain_session_free(session);
    return status;
}

/* ---- set-ups of single cases */

static void open_bound(struct world *w, const char *deals) {
    open_policy(w, "field-sales");
    must(attain_data_new(&w->allocator, &w->data), "data");
    must(bind(w->data, deals), "data");
}
static void open_bad(struct world *w, const char *what) {
    (void)what;
    open_bound(w, BAD_DEALS);
}
static void open_good_results(struct world *w, const char *what) {
    attain_run_options options = {.allocator = &w->allocator, .watch = &w->watch};
    (void)what;
    open_bound(w, DEALS);
    must(attain_run(&w->policy, 1, w->data, &options, &w->results), "run");
}
static void open_flat(struct world *w, const char *what) {
    (void)what;
    open_both(w, "flat-rate");
}
static void open_field(struct world *w, const char *what) {
    (void)what;
    open_both(w, "field-sales");
}
static void open_margin(struct world *w, const char *what) {
    (void)what;
    open_both(w, "hooks/margin-scaling");
}
static void open_field_versions(struct world *w, const char *what) {
    (void)what;
    open_versions(w, "field-sales");
}
static void open_only_data(struct world *w, const char *what) {
    (void)what;
    must(attain_data_new(&w->allocator, &w->data), "data");
}

/* Enough rows for three threads: parts have 256 KB. */
static struct out many_deals;
static void open_many(struct world *w, const char *what) {
    char line[100];
    (void)what;
    if (!many_deals.n) {
        out_put(&many_deals, "id,rep,product,amount,closed_on,stage\n", 38);
        for (int i = 0; i < 25000; i++)
            out_put(&many_deals, line,
                    (size_t)snprintf(line, sizeof line, "d%d,%s,core,%d.%02d,2026-0%d-1%d,won\n", i,
                                     i % 2 ? "ana" : "ben", i % 1000, i % 100, i % 9 + 1, i % 9));
    }
    open_bound(w, many_deals.at);
}

/* Two deals, packed by Python: gzip.compress(text, mtime=0). */
static const char GZIP[] =
    "\037\213\010\000\000\000\000\000\002\003\065\312\133\012\200\040\020\106\341\167\327\362\027\152"
    "\124\313\011\163\206\010\152\106\274\320\366\023\242\363\172\276\223\220\071\041\145\245\026\053"
    "\302\255\115\052\342\245\205\151\123\101\251\341\140\103\016\101\002\242\146\306\152\173\360\326"
    "\057\203\365\203\165\170\124\014\171\354\054\037\230\373\037\347\237\114\077\171\001\142\370\121"
    "\150\152\000\000\000";

/* Binds deals in a form that a decoder reads. Their names are Chinese in GB18030, and else ASCII. */
static void open_decoded(struct world *w, const char *form) {
    static const char text[] = "id,rep,product,amount,closed_on,stage\n"
                               "d1,ana,core,70000,2026-02-01,won\n"
                               "\xD5\xC5\xC8\xFD,ben,core,5000.50,2026-03-01,won\n";
    static char wide[2 * sizeof text];
    const char *bytes = text;
    size_t n = sizeof text - 1;
    if (strcmp(form, "gzip") == 0) bytes = GZIP, n = sizeof GZIP - 1;
    if (strcmp(form, "UTF-16") == 0) {
        for (size_t i = 0; i < n; i++) /* Latin letters in place of Chinese ones: a code unit has its byte */
            wide[2 * i] = text[i];
        bytes = wide, n *= 2;
    }
    open_bound(w, DEALS);
    must(attain_data_bind_memory(w->data, "deal", bytes, n, "deals"), form);
}

static void open_several(struct world *w, const char *what) {
    attain_policy_options options = {.allocator = &w->allocator, .watch = &w->watch};
    (void)what;
    must(attain_policy_open("rules/several-policies/ae.attain", &options, &w->policy), "ae");
    must(attain_policy_open("rules/several-policies/sdr.attain", &options, &w->other), "sdr");
    open_data(w, "several-policies");
}

/* ---- the cases */

#define DIAGNOSTICS                                                                                          \
    " attain_diagnostics_count attain_diagnostics_errors attain_diagnostics_warnings "                       \
    "attain_diagnostics_get attain_diagnostics_label attain_diagnostics_fix attain_diagnostics_write "
#define SESSION                                                                                              \
    "attain_session_new attain_session_free attain_session_diagnostics attain_session_set_rows "             \
    "attain_session_add_rows attain_session_set_param attain_session_undo attain_session_keep "              \
    "attain_session_run"
#define POLICY                                                                                               \
    " attain_policy_retain attain_policy_release attain_policy_diagnostics attain_policy_ok "                \
    "attain_policy_name attain_policy_version attain_policy_shown_count attain_policy_currency "             \
    "attain_policy_digits "                                                                                  \
    "attain_policy_table_count attain_policy_table attain_policy_file_count attain_policy_file "
#define RESULTS                                                                                              \
    " attain_results_free attain_results_diagnostics attain_results_line_count attain_results_line "         \
    "attain_results_payee_count attain_results_payee attain_results_component_count "                        \
    "attain_results_component attain_results_total_count attain_results_total "                              \
    "attain_results_withheld_count attain_results_withheld attain_results_waiting_count "                    \
    "attain_results_waiting attain_results_rest_count attain_results_rest attain_results_shown_count "       \
    "attain_results_summary "
#define DATA                                                                                                 \
    " attain_data_new attain_data_free attain_data_set_directory attain_data_bind_file "                     \
    "attain_data_bind_memory attain_data_allow_outside "
#define TESTS                                                                                                \
    " attain_test attain_tests_free attain_tests_count attain_tests_failed attain_tests_get "                \
    "attain_tests_expectation attain_tests_diagnostics "
#define CURVE                                                                                                \
    " attain_curve_run attain_curve_free attain_curve_diagnostics attain_curve_count attain_curve_get "      \
    "attain_curve_payee_get attain_curve_piece_get attain_curve_shape_get attain_curve_sample_get "          \
    "attain_curve_write "
#define SOLVE " attain_solve_run attain_solution_free attain_solution_diagnostics attain_solution_write "
#define CALL                                                                                                 \
    " attain_call_run attain_call_free attain_call_diagnostics attain_call_get attain_call_note "            \
    "attain_call_log_count attain_call_log attain_call_write "
#define MODEL                                                                                                \
    " attain_model_run attain_model_free attain_model_diagnostics attain_model_count attain_model_get "      \
    "attain_model_write "
#define DIFF                                                                                                 \
    " attain_diff_run attain_diff_free attain_diff_diagnostics attain_diff_summary_get "                     \
    "attain_diff_waiting_get attain_diff_row_get attain_diff_edit_get attain_diff_cause_get "                \
    "attain_diff_part attain_diff_decision_get attain_diff_limit_get attain_diff_newly_get "                 \
    "attain_diff_group_get attain_diff_risk_get "

#define GAME                                                                                                 \
    " attain_game_run attain_game_free attain_game_diagnostics attain_game_summary_get "                     \
    "attain_game_kind_get attain_choice_get attain_game_write "

#define TEAM                                                                                                 \
    " attain_team_run attain_team_free attain_team_diagnostics attain_team_summary_get "                     \
    "attain_team_pair_get attain_team_write "

#define EXPECTED                                                                                             \
    " attain_expected_run attain_expected_free attain_expected_diagnostics attain_expected_summary_get "     \
    "attain_expected_get attain_expected_write "

#define AGAINST                                                                                              \
    " attain_against_run attain_against_free attain_against_diagnostics attain_against_summary_get "         \
    "attain_against_part_get attain_against_write "

#define RECONCILE                                                                                            \
    " attain_reconcile_run attain_reconciliation_free attain_reconciliation_diagnostics "                    \
    "attain_reconciliation_summary_get attain_reconciled_get attain_reconciliation_write "

static const struct trial trials[] = {
    {"attain_version attain_version_number attain_check_version attain_status_text attain_standard_file "
     "attain_visible_write",
     NULL, NULL, call_version, ATTAIN_OK, false},
    {"attain_policy_open" DIAGNOSTICS, RULE("field-sales"), NULL, call_open, ATTAIN_OK, false},
    {"attain_policy_open", "rules/several-policies/sdr.attain", NULL, call_open, ATTAIN_OK, false},
    {"attain_policy_open", RULE("hooks/fairness-floor"), NULL, call_open, ATTAIN_OK, false},
    {"attain_policy_open", RULE("deal-matrix"), NULL, call_open, ATTAIN_OK, false},
    {"attain_policy_open", RULE("kpi-scorecard"), NULL, call_open, ATTAIN_OK, false},
    {"attain_policy_open", "rules/nowhere/policy.attain", NULL, call_open, ATTAIN_IO, false},
    {"attain_policy_open", "tests/docs/mistakes.attain", NULL, call_open, ATTAIN_BAD_POLICY, false},
    {"attain_policy_compile" DIAGNOSTICS POLICY, "rules/several-policies/ae.attain", NULL, call_compile,
     ATTAIN_OK, false},
    {"attain_policy_compile", RULE("hooks/margin-scaling"), NULL, call_compile, ATTAIN_OK, false},
    {"attain_policy_compile", "tests/docs/mistakes.attain", NULL, call_compile, ATTAIN_BAD_POLICY, false},
    {"attain_policy_compile", RULE("zh-sales"), NULL, call_syntax, ATTAIN_OK, false},
    {"attain_policy_compile", RULE("field-sales"), NULL, call_tokens, ATTAIN_OK, false},
    {"attain_policy_dump attain_policy_format", "kpi-scorecard", open_policy, call_dumps, ATTAIN_OK, false},
    {"attain_policy_dump attain_policy_format", "deal-matrix", open_policy, call_dumps, ATTAIN_OK, false},
    {POLICY, "field-sales", open_policy, call_owners, ATTAIN_OK, false},
    {"attain_names_new attain_names_free attain_names_count attain_names_get attain_names_use "
     "attain_names_at attain_names_offset attain_names_type attain_names_hover",
     "field-sales", open_policy, call_names, ATTAIN_OK, false},
    {DATA, "field-sales", open_policy, call_data, ATTAIN_OK, false},
    {DATA, NULL, open_only_data, call_bind, ATTAIN_OK, false},
    {"attain_run" RESULTS, "field-sales", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "hooks/fairness-floor", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "hooks/margin-scaling", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "deal-matrix", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "manager-override", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "ytd-accelerator", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "kpi-scorecard", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "weekly-pay", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "bonus-pools", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "quarterly-true-up", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "channel-partners", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "agency", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", "receivables", open_both, call_run, ATTAIN_OK, false},
    {"attain_run", NULL, open_several, call_run_several, ATTAIN_OK, false},
    {"attain_run", NULL, open_many, call_run_threads, ATTAIN_OK, true},
    {"attain_run", "gzip", open_decoded, call_decoded, ATTAIN_OK, false},
    {"attain_run", "GB18030", open_decoded, call_decoded, ATTAIN_OK, false},
    {"attain_run", "UTF-16", open_decoded, call_decoded, ATTAIN_OK, false},
    {"attain_run", NULL, open_bad, call_run, ATTAIN_BAD_DATA, false},
    {"attain_run", NULL, open_bad, call_run_skipping, ATTAIN_OK, false},
    {"attain_run", "6.5%", open_flat, call_run_set, ATTAIN_OK, false},
    {"attain_run", "1 + x", open_flat, call_run_set, ATTAIN_USAGE, false},
    {"attain_run", "6%", open_field, call_run_set, ATTAIN_USAGE, false},
    {"attain_run", "2026-Q9", open_field, call_run_period, ATTAIN_USAGE, false},
    {"attain_run", "2026-Q2", open_field, call_run_period, ATTAIN_OK, false},
    {"attain_run", "anna", open_field, call_run_payee, ATTAIN_USAGE, false},
    {"attain_results_write" RESULTS, "field-sales", open_results, call_write, ATTAIN_OK, false},
    {"attain_results_write" RESULTS, "hooks/fairness-floor", open_results, call_write, ATTAIN_OK, false},
    {"attain_results_shown attain_results_write", "quota-by-month", open_results, call_shown, ATTAIN_OK,
     false},
    {"attain_results_balance_count attain_results_balance attain_results_write", "draws", open_results,
     call_balances, ATTAIN_OK, false},
    {"attain_results_held_count attain_results_held", "installments", open_results, call_held, ATTAIN_OK,
     false},
    {"attain_run attain_results_part_count attain_results_part attain_results_write", "by-deal", open_both,
     call_parts, ATTAIN_OK, false},
    {"attain_run attain_results_part_count attain_results_part attain_results_write", "field-sales",
     open_both, call_parts, ATTAIN_OK, false},
    {"attain_results_paid_count attain_results_paid attain_results_write", "currencies", open_results,
     call_paid, ATTAIN_OK, false},
    {TESTS, "field-sales", open_policy, call_test, ATTAIN_OK, false},
    {TESTS, "hooks/fairness-floor", open_policy, call_test, ATTAIN_OK, false},
    {DIFF, "field-sales", open_versions, call_diff, ATTAIN_OK, false},
    {DIFF, "hooks/fairness-floor", open_versions, call_diff, ATTAIN_OK, false},
    {DIFF, "weekly-pay", open_versions, call_diff, ATTAIN_OK, false},
    {DIFF, "agency", open_versions, call_diff, ATTAIN_OK, false},
    {DIFF, "ana", open_field_versions, call_diff_payee, ATTAIN_OK, false},
    {DIFF, "anna", open_field_versions, call_diff_payee, ATTAIN_USAGE, false},
    {GAME, "agency", open_both, call_game, ATTAIN_OK, false},
    {TEAM, "field-sales", open_both, call_team, ATTAIN_OK, false},
    {EXPECTED, "field-sales", open_versions, call_expected, ATTAIN_OK, false},
    {AGAINST, "field-sales", open_both, call_against, ATTAIN_OK, false},
    {AGAINST, "2026-Q9", open_field, call_against, ATTAIN_USAGE, false},
    {AGAINST, "2026-Q1", open_field, call_against, ATTAIN_OK, false},
    {RECONCILE, "field-sales", open_versions, call_reconcile, ATTAIN_OK, false},
    {RECONCILE, "payee,period\n", open_field, call_reconcile, ATTAIN_USAGE, false},
    {EXPECTED, "five", open_field, call_expected, ATTAIN_USAGE, false},
    {TEAM, "none", open_field, call_team, ATTAIN_USAGE, false},
    {GAME, "reps", open_field, call_game, ATTAIN_USAGE, false},
    {"attain_diff_write attain_diff_limit attain_diff_limit_in", "field-sales", open_diff, call_diff_write,
     ATTAIN_OK, false},
    {"attain_depends_run attain_depends_free attain_depends_diagnostics attain_depends_count "
     "attain_depends_get "
     "attain_depends_step attain_depends_write",
     NULL, open_field, call_depends, ATTAIN_OK, false},
    {"attain_impact_run attain_impact_free attain_impact_diagnostics attain_impact_count attain_impact_get "
     "attain_impact_write",
     "deal", open_field, call_impact, ATTAIN_OK, false},
    {"attain_impact_run", "deel", open_field, call_impact, ATTAIN_USAGE, false},
    {"attain_fairness_run attain_fairness_free attain_fairness_diagnostics attain_fairness_count "
     "attain_fairness_get attain_fairness_write",
     NULL, open_field, call_fairness, ATTAIN_OK, false},
    {"attain_fairness_run", "tiem", open_field, call_fairness, ATTAIN_USAGE, false},
    {"attain_depends_run", "rep.nobody", open_field, call_depends, ATTAIN_USAGE, false},
    {CURVE, "bookings", open_field, call_curve, ATTAIN_OK, false},
    {CURVE, "bookings", open_field_versions, call_curve, ATTAIN_OK, false},
    {CURVE, "booking", open_field, call_curve, ATTAIN_USAGE, false},
    {CALL, "scaled($100, $70)", open_margin, call_call, ATTAIN_OK, false},
    {CALL, "scaled($0, $70)", open_margin, call_call, ATTAIN_OK, false},
    {CALL, "scaled(bookings, $70)", open_margin, call_call, ATTAIN_OK, false},
    {CALL, "scald($0, $70)", open_margin, call_call, ATTAIN_USAGE, false},
    {"attain_run attain_results_log_count attain_results_log attain_results_profile_count "
     "attain_results_profile",
     "hooks/margin-scaling", open_both, call_run_hooks, ATTAIN_OK, false},
    {SOLVE, "deal:d001.amount", open_field, call_solve, ATTAIN_OK, false},
    {SOLVE, "bookings", open_field, call_solve, ATTAIN_USAGE, false},
    {MODEL, "", open_field, call_model, ATTAIN_OK, false},
    {MODEL, "attainment,probability\n80%,40%\n120%,60%\n", open_field, call_model, ATTAIN_OK, false},
    {MODEL, "attainment,probability\n80%,40%\n", open_field, call_model, ATTAIN_USAGE, false},
    {"attain_explain", "kpi-scorecard", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "hooks/fairness-floor", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "hooks/margin-scaling", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "weekly-pay", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "bonus-pools", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "agency", open_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "ana", open_good_results, call_explain, ATTAIN_OK, false},
    {"attain_explain", "ana", open_good_results, call_explain_page, ATTAIN_OK, false},
    {"attain_explain", "anna", open_good_results, call_explain_payee, ATTAIN_USAGE, false},
    {"attain_explain", "2026-Q4", open_good_results, call_explain_period, ATTAIN_USAGE, false},
    {"attain_explain", "soon", open_good_results, call_explain_period, ATTAIN_USAGE, false},
    {"attain_explain", "comission", open_good_results, call_explain_component, ATTAIN_USAGE, false},
    {"attain_explain", "tlh", open_good_results, call_explain_language, ATTAIN_USAGE, false},
    {"attain_explain_tree attain_explanation_free attain_explanation_count attain_explanation_step "
     "attain_results_reason",
     "zh", open_good_results, call_tree, ATTAIN_OK, false},
    {"attain_explain_tree", "tlh", open_good_results, call_tree, ATTAIN_USAGE, false},
    {"attain_explain_check", "field-sales", open_results, call_explain_check, ATTAIN_OK, false},
    {"attain_statements", "field-sales", open_results, call_statements, ATTAIN_OK, false},
    {"attain_statement_index", "en", open_good_results, call_index, ATTAIN_OK, false},
    {"attain_statement_index", "tlh", open_good_results, call_index, ATTAIN_USAGE, false},
    {SESSION, "1234.50", open_flat, call_session, ATTAIN_OK, false},
    {SESSION, "lots", open_flat, call_session, ATTAIN_BAD_DATA, false},
};
enum { N_TRIALS = sizeof trials / sizeof *trials };

/* ---- running a case */

static int failures;
static size_t calls_made;

static void fail(const struct trial *t, size_t i, const char *how, size_t limit, const char *why) {
    if (failures++ < 20)
        printf("FAILED case %zu, %.60s (%s), %s %zu: %s\n", i, t->covers, t->what ? t->what : "", how, limit,
               why);
}

static attain_status call(struct world *w, const struct trial *t, struct out *out) {
    out->n = 0;
    bypasses = 0;
    inside = !t->threads;
    attain_status status = t->call(w, t->what, out);
    inside = false;
    calls_made++;
    return status;
}

static void world_start(struct world *w) {
    *w = (struct world){.meter.lock = PTHREAD_MUTEX_INITIALIZER};
    w->meter.thread = pthread_self();
    w->allocator = (attain_allocator){meter_resize, &w->meter};
    w->watch = (attain_watch){meter_stops, meter_show, &w->meter, "zh"};
}

static void world_end(struct world *w) {
    attain_diff_free(w->diff);
    attain_results_free(w->results);
    attain_data_free(w->data);
    attain_policy_release(w->other);
    attain_policy_release(w->policy);
}

struct run {
    const struct trial *t;
    size_t index;
    struct world w;
    struct out expected, out;
};

/* One failure; false where none happened, so that the tries are at their end. */
static bool try_once(struct run *run, enum mode mode, size_t limit) {
    static const char *const names[] = {"", "failing once at", "failing from", "with bytes up to",
                                        "stopped at"};
    struct world *w = &run->w;
    const struct trial *t = run->t;
    meter_set(&w->meter, mode, limit);
    attain_status status = call(w, t, &run->out);
    bool failed = w->meter.failed;
    meter_set(&w->meter, NEVER, 0);
    if (w->meter.broken) fail(t, run->index, names[mode], limit, w->meter.broken);
    w->meter.broken = NULL;
    /* The C library allocates for iconv. */
    if (bypasses && t->set_up != open_decoded) fail(t, run->index, names[mode], limit, "malloc was called");
    attain_status ends = mode == STOP ? ATTAIN_CANCELLED : ATTAIN_NO_MEMORY;
    if (status != ends) {
        if (mode == STOP && failed) fail(t, run->index, names[mode], limit, "the host was not heard");
        if (status != t->expected) fail(t, run->index, names[mode], limit, attain_status_text(status));
        if (!out_same(&run->out, &run->expected)) fail(t, run->index, names[mode], limit, "other bytes");
    } else if (!failed) {
        fail(t, run->index, names[mode], limit, "it ends, though nothing failed");
    }
    if (!failed) return false;
    status = call(w, t, &run->out);
    if (status != t->expected) fail(t, run->index, names[mode], limit, "the call afterwards fails");
    if (!out_same(&run->out, &run->expected))
        fail(t, run->index, names[mode], limit, "the call afterwards gives other bytes");
    return true;
}

struct pace { /* how n rises: by one up to `every`, then by a part of itself */
    size_t every, part, byte_steps;
};

static size_t after(size_t n, const struct pace *pace) {
    return n < pace->every ? n + 1 : n + n / pace->part;
}

static void run_trial(struct run *run, const struct pace *pace) {
    const struct trial *t = run->t;
    struct world *w = &run->w;
    int before = failures;
    world_start(w);
    if (t->set_up) t->set_up(w, t->what);
    meter_set(&w->meter, NEVER, 0);
    size_t held = w->meter.live;
    attain_status status = call(w, t, &run->expected);
    if (status != t->expected) fail(t, run->index, "with memory, call", 1, attain_status_text(status));
    size_t allocations = w->meter.calls, asked = w->meter.asked, peak = w->meter.peak;
    if (allocations == 0) peak = held;
    for (size_t n = 1; n < MOST && failures < before + 5 && try_once(run, ONCE, n);)
        n = after(n, pace);
    for (size_t n = 1; n < MOST && failures < before + 5 && try_once(run, ONWARD, n);)
        n = after(n, pace);
    for (size_t n = 1; n < MOST && failures < before + 5 && try_once(run, STOP, n);)
        n = after(n, pace);
    size_t steps = pace->byte_steps;
    for (size_t k = 0; k < steps && failures < before + 5; k++)
        try_once(run, BYTES, held + (peak - held) / steps * k);
    world_end(w);
    if (w->meter.live) fail(t, run->index, "bytes live at the end:", w->meter.live, "a leak");
    if (getenv("VERBOSE"))
        printf("  %3zu %6zu allocations %8zu bytes %6zu questions  %.50s %s\n", run->index, allocations, peak,
               asked, t->covers, t->what ? t->what : "");
}

/* ---- every function of the header has a case */

static bool covered(const char *name, size_t n) {
    for (size_t i = 0; i < N_TRIALS; i++)
        for (const char *at = trials[i].covers; (at = strstr(at, "attain_")); at += 7)
            if (strncmp(at, name, n) == 0 && (at[n] == ' ' || at[n] == 0)) return true;
    return false;
}

static size_t check_header(const char *path) {
    struct out header = file_read(path);
    size_t functions = 0;
    for (const char *at = header.at; (at = strstr(at, "\nATTAIN_API ")); at++) {
        const char *paren = strchr(at, '('), *name = paren;
        while (name && !strchr(" *\n", name[-1]))
            name--;
        if (!name) continue;
        functions++;
        if (covered(name, (size_t)(paren - name))) continue;
        printf("FAILED %.*s has no case in tests/torture/memory.c\n", (int)(paren - name), name);
        failures++;
    }
    free(header.at);
    return functions;
}

int main(int argc, char **argv) {
    static struct run run; /* its buffers are used by all cases, and never grow within a call */
    if (argc < 2) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    const struct pace whole = {MOST, 1, 200}, quick = {12, 3, 5}, usual = {150, 10, 20};
    const char *word = argc > 2 ? argv[2] : "";
    const struct pace *pace = strcmp(word, "long") == 0    ? &whole
                              : strcmp(word, "quick") == 0 ? &quick
                                                           : &usual;
    size_t functions = check_header(argv[1]);
    run.expected.room = run.out.room = 8u << 20;
    run.expected.at = malloc(run.expected.room);
    run.out.at = malloc(run.out.room);
    if (functions < 50 || !run.expected.at || !run.out.at) return 2;
    for (size_t i = 0; i < N_TRIALS; i++) {
        run.t = &trials[i];
        run.index = i;
        run_trial(&run, pace);
    }
    printf("%zu functions, %d cases, %zu calls: %d failed\n", functions, (int)N_TRIALS, calls_made, failures);
    return failures != 0;
}
