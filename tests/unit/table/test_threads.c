/* Any number of threads gives the same rows, the same lines and the same faults, in the order of the file. */
#include "fixture.h"

#define MAX_PARTS 64

struct parts {
    unsigned n;
    char *text[MAX_PARTS];
    size_t size[MAX_PARTS], room[MAX_PARTS];
    struct fixture *f;
};

static void begin(void *context, unsigned n) {
    struct parts *parts = context;
    parts->n = n;
}

static enum at_status on_batch(void *context, unsigned part, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    struct parts *parts = context;
    for (uint32_t r = 0; r < batch->n; r++) {
        at_str a = at_table_dataset_print(&parts->f->data, scratch, 1, 0, &batch->cols[0], r);
        at_str b = at_table_dataset_print(&parts->f->data, scratch, 1, 1, &batch->cols[1], r);
        size_t need = parts->size[part] + a.n + b.n + 32;
        if (need > parts->room[part])
            parts->text[part] = realloc(parts->text[part], parts->room[part] = need * 2);
        parts->size[part] +=
            (size_t)sprintf(parts->text[part] + parts->size[part], "%llu %.*s %.*s\n",
                            (unsigned long long)batch->lines[r], AT_STR_ARG(a), AT_STR_ARG(b));
    }
    return AT_OK;
}

/* Everything that a pass gave, as one text. */
static char *all_of(const char *csv, size_t n, unsigned threads, bool skip, unsigned *n_parts) {
    struct fixture *f = fixture_new();
    struct parts parts = {.f = f};
    f->threads = threads;
    f->skip = skip;
    f->diags.limit = 50;
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "k:text* v:number", csv, n);
    cr_assert_eq(fixture_load(f), AT_OK);
    struct at_table_scan scan = {.begin = begin, .on_batch = on_batch, .context = &parts};
    enum at_status status = at_table_dataset_scan(&f->data, 1, &scan);
    const char *faults = fixture_faults(f);
    size_t total = strlen(faults) + f->left_out.n + 128;
    for (unsigned i = 0; i < parts.n; i++)
        total += parts.size[i];
    char *all = malloc(total);
    size_t at =
        (size_t)sprintf(all, "%d %llu %llu\n%s%s", status, (unsigned long long)f->diags.errors,
                        (unsigned long long)f->data.bad.n_rows, faults, f->left_out.at ? f->left_out.at : "");
    /* Where data is refused, how many rows were handed on before is nobody's business. */
    for (unsigned i = 0; i < parts.n; i++) {
        if (status == AT_OK && parts.size[i])
            memcpy(all + at, parts.text[i], parts.size[i]), at += parts.size[i];
        free(parts.text[i]);
    }
    all[at] = 0;
    *n_parts = parts.n;
    fixture_free(f);
    return all;
}

static void same_for_all(const char *csv, size_t n, bool skip) {
    unsigned n_parts, most = 0;
    char *one = all_of(csv, n, 1, skip, &n_parts);
    cr_expect_eq(n_parts, 1);
    for (unsigned threads = 2; threads <= 7; threads++) {
        char *many = all_of(csv, n, threads, skip, &n_parts);
        if (n_parts > most) most = n_parts;
        size_t at = 0;
        while (one[at] && one[at] == many[at])
            at++;
        size_t from = at > 80 ? at - 80 : 0;
        cr_expect(one[at] == many[at], "%u threads differ: %.160s\n--- and ---\n%.160s", threads, one + from,
                  many + from);
        free(many);
    }
    cr_expect_gt(most, 1);
    free(one);
}

static uint64_t seed = 7;
static unsigned dice(unsigned n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

/* About 2.5 MB: `quotes` of 100 rows have quotes around a key with a line end, a comma, or what looks like
 * rows. */
static char *make(unsigned quotes, unsigned bad, bool sorted, const char *eol, size_t *n) {
    enum { ROWS = 60000 };
    char *csv = malloc(ROWS * 80), *p = csv;
    p += sprintf(p, "pad,v,k%s", eol);
    for (int i = 0; i < ROWS; i++) {
        int key = sorted ? i : (int)(i * 7919L % 1000003);
        const char *value = dice(1000) < bad ? "oops" : "12.5";
        p += sprintf(p, "some padding to be long %u,%s,", dice(10), value);
        if (dice(100) >= quotes)
            p += sprintf(p, "key%06d%s", key, eol);
        else if (dice(2))
            p += sprintf(p, "\"key%06d,\nx,1,\"\"y\"\"\r\n\"%s", key, eol);
        else
            p += sprintf(p, "\"key%06d\"%s", key, eol);
        if (dice(500) == 0) p += sprintf(p, "%s", eol);
    }
    *n = (size_t)(p - csv);
    return csv;
}

#define SAME(quotes, bad, sorted, eol, skip)                                                                 \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        char *csv_ = make(quotes, bad, sorted, eol, &n_);                                                    \
        same_for_all(csv_, n_, skip);                                                                        \
        free(csv_);                                                                                          \
    } while (0)

Test(threads, plain_rows) {
    SAME(0, 0, true, "\n", false);
}
Test(threads, windows_lines) {
    SAME(0, 0, true, "\r\n", false);
}
Test(threads, mac_lines) {
    SAME(0, 0, true, "\r", false);
}
Test(threads, quoted_line_ends) {
    SAME(30, 0, true, "\n", false);
}
Test(threads, nearly_all_quoted) {
    SAME(95, 0, true, "\r\n", false);
}
Test(threads, bad_rows_refused) {
    SAME(5, 3, true, "\n", false);
}
Test(threads, bad_rows_left_out) {
    SAME(5, 3, true, "\n", true);
}
Test(threads, unsorted_keys) {
    SAME(5, 1, false, "\n", false);
}
Test(threads, unsorted_keys_left_out) {
    SAME(5, 1, false, "\r\n", true);
}

Test(threads, keys_repeated_across_parts) {
    size_t n;
    char *csv = make(10, 1, true, "\n", &n);
    csv = realloc(csv, n + 4096);
    for (int i = 0; i < 10; i++)
        n += (size_t)sprintf(csv + n, "pad,1,key%06d\n", i * 5000);
    same_for_all(csv, n, false);
    same_for_all(csv, n, true);
    free(csv);
}

Test(threads, a_quote_never_closed) {
    size_t n;
    char *csv = make(0, 1, true, "\n", &n);
    csv[n / 3] = '\n', csv[n / 3 + 1] = '"';
    same_for_all(csv, n, false);
    free(csv);
}

Test(threads, everything_within_one_quote) {
    size_t n;
    char *csv = make(0, 0, true, "\n", &n), *whole = malloc(n + 64);
    size_t at = (size_t)sprintf(whole, "k,v\nfirst,1\n\"");
    memcpy(whole + at, csv, n);
    at += n;
    at += (size_t)sprintf(whole + at, "\",2\nlast,3\n");
    unsigned n_parts;
    char *one = all_of(whole, at, 1, false, &n_parts), *four = all_of(whole, at, 4, false, &n_parts);
    cr_expect_str_eq(one, four);
    free(one), free(four), free(csv), free(whole);
}

Test(threads, a_resident_table_is_scanned_in_parts_in_order) {
    size_t n;
    char *csv = make(10, 0, true, "\n", &n);
    struct fixture *f = fixture_new();
    struct parts parts = {.f = f};
    f->threads = 3;
    f->keep[1] = true;
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "k:text* v:number", csv, n);
    cr_assert_eq(fixture_load(f), AT_OK);
    struct at_table_scan scan = {.begin = begin, .on_batch = on_batch, .context = &parts};
    cr_expect_eq(at_table_dataset_scan(&f->data, 1, &scan), AT_OK);
    cr_expect_eq(parts.n, 3);
    cr_expect_eq(f->data.tables[1].n_rows, 60000);
    uint64_t before = 0, rows = 0;
    for (unsigned i = 0; i < parts.n; i++) {
        parts.text[i][parts.size[i]] = 0;
        for (const char *p = parts.text[i]; *p;) { /* "12 key000010 12.5\n" */
            while (*p != 'y')
                p++;
            uint64_t key = strtoull(p + 1, NULL, 10);
            cr_assert(rows == 0 || key == before + 1);
            before = key;
            rows++;
            while (p[0] != '5' || p[1] != '\n')
                p++;
            p += 2;
        }
        free(parts.text[i]);
    }
    cr_expect_eq(rows, 60000);
    fixture_free(f);
    free(csv);
}

/* ---- the host's wishes */

static enum at_status stop_at_once(void *context, unsigned part, const struct at_table_batch *batch,
                                   struct at_arena *scratch) {
    (void)part, (void)batch, (void)scratch;
    ++*(_Atomic unsigned *)context;
    return AT_REJECTED;
}

Test(threads, a_batch_may_stop_the_pass) {
    size_t n;
    char *csv = make(0, 0, true, "\n", &n);
    struct fixture *f = fixture_new();
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "k:text* v:number", csv, n);
    cr_assert_eq(fixture_load(f), AT_OK);
    _Atomic unsigned calls = 0;
    struct at_table_scan scan = {.on_batch = stop_at_once, .context = (void *)&calls};
    cr_expect_eq(at_table_dataset_scan(&f->data, 1, &scan), AT_REJECTED);
    cr_expect_eq(calls, 1);
    fixture_free(f);
    free(csv);
}

struct host {
    uint64_t done, all;
    unsigned calls;
    bool stop;
    pthread_t thread;
};

static void on_progress(void *context, const struct at_watch_progress *progress) {
    struct host *host = context;
    cr_expect_eq(progress->stage, AT_WATCH_READ);
    cr_expect(at_str_eq(progress->name, AT_STR("t.csv")));
    cr_expect_geq(progress->done, host->done);
    cr_expect_leq(progress->done, progress->total);
    cr_expect(pthread_equal(host->thread, pthread_self()));
    host->done = progress->done;
    host->all = progress->total;
    host->calls++;
}

static bool on_ask(void *context) {
    const struct host *host = context;
    cr_expect(pthread_equal(host->thread, pthread_self()));
    return host->stop;
}

Test(threads, progress_and_cancelling) {
    size_t n;
    char *csv = make(0, 0, true, "\n", &n);
    for (int cancel = 0; cancel <= 1; cancel++) {
        struct fixture *f = fixture_new();
        struct host host = {.thread = pthread_self(), .stop = cancel};
        struct at_watch watch;
        fixture_table(f, "x", "k:text*", "k\n");
        fixture_bytes(f, "t", "k:text* v:number", csv, n);
        cr_assert_eq(fixture_load(f), AT_OK);
        at_watch_init(&watch);
        watch.cancelled = on_ask;
        watch.progress = on_progress;
        watch.cancel_context = watch.progress_context = &host;
        f->data.watch = &watch;
        cr_expect_eq(fixture_scan(f, 1), cancel ? AT_CANCELLED : AT_OK);
        if (!cancel) cr_expect_gt(host.calls, 5);
        if (!cancel) cr_expect_eq(host.all, n + 2);
        fixture_free(f);
    }
    free(csv);
}

/* ---- memory that fails, at any thread: every allocation once */

struct stingy {
    _Atomic long left;
    _Atomic long live;
};

static void *stingy_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct stingy *stingy = context;
    if (new_size == 0) {
        stingy->live -= (long)old_size;
        free(ptr);
        return NULL;
    }
    if (stingy->left-- <= 0) return NULL;
    void *p = realloc(ptr, new_size);
    if (p) stingy->live += (long)new_size - (long)old_size;
    return p;
}

static enum at_status look(void *context, unsigned part, const struct at_table_batch *batch,
                           struct at_arena *scratch) {
    (void)context, (void)part;
    at_arena_get(scratch, batch->n);
    return AT_OK;
}

struct trial {
    struct at_arena arena;
    struct fixture *f;
    unsigned threads;
    enum at_status status;
};

static void load_and_scan(void *context) {
    struct trial *trial = context;
    struct at_diag_list diags;
    struct at_table_dataset data;
    at_diag_list_init(&diags, &trial->arena, NULL);
    at_table_dataset_init(&data, &trial->arena, &diags, trial->f->schemas, trial->f->n);
    for (uint32_t t = 0; t < trial->f->n; t++)
        data.tables[t].binding = trial->f->bindings[t];
    data.threads = trial->threads;
    trial->status = at_table_dataset_load(&data, NULL);
    struct at_table_scan scan = {.on_batch = look};
    if (trial->status == AT_OK) trial->status = at_table_dataset_scan(&data, 1, &scan);
}

static enum at_status run_stingily(struct stingy *stingy, const char *csv, size_t n, unsigned threads) {
    struct at_alloc alloc = {stingy_resize, stingy};
    struct fixture *f = fixture_new();
    fixture_table(f, "x", "k:text* boss:ref0?", "k,boss\nana,\nbob,ana\n");
    fixture_bytes(f, "t", "k:text* v:number", csv, n);
    struct trial trial = {.f = f, .threads = threads};
    struct at_guard guard = {0};
    at_arena_init(&trial.arena, &alloc, &guard);
    if (!at_guard_run(&guard, load_and_scan, &trial)) trial.status = AT_NOMEM;
    at_arena_free(&trial.arena);
    cr_assert_eq(stingy->live, 0);
    fixture_free(f);
    return trial.status;
}

Test(threads, every_allocation_may_fail) {
    size_t n;
    char *csv = make(5, 1, false, "\n", &n);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        long allowed = 0;
        for (; allowed < 5000; allowed++) {
            struct stingy stingy = {.left = allowed};
            enum at_status status = run_stingily(&stingy, csv, n, threads);
            if (status == AT_REJECTED) break; /* there are bad rows: it went through */
            cr_assert_eq(status, AT_NOMEM, "%ld allowed: status %d", allowed, status);
        }
        cr_expect_lt(allowed, 5000);
        cr_expect_gt(allowed, 10);
    }
    free(csv);
}
