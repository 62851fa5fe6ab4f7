/* tests/bench/session.c: what a call of a session costs, beside a function written by hand for the same plan.
 *
 *     session POLICY CALLS
 *
 * A call gives one payee five deals, runs, and reads the four lines: tiers, a kicker, a share of a pool that
 * is given, and a cap. Each line must be what the hand-written function pays. Processor time counts, since
 * other programs on the machine do not show in it. The program fails if a line differs, if a call after the
 * first ones takes memory, or if a call takes more than 10 microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attain.h"

enum { DEALS = 5, LINES = 4, PROMISE_NS = 10000, AIM_NS = 2000 };

static const int64_t quota = 10000000, share = 85000, most = 1800000; /* cents */
static const int64_t first_day = 20454;                               /* 2026-01-01 */

struct deal {
    int64_t amount, day;
};

/* ---- by hand: cents, rounded half away from zero */

static int64_t divide(int64_t number, int64_t by) {
    return number < 0 ? -((-number + by / 2) / by) : (number + by / 2) / by;
}

static int64_t slice(int64_t amount, int64_t from, int64_t to) {
    if (amount < from) return 0;
    return (amount < to ? amount : to) - from;
}

/* In a function of its own, as a program would call it. */
static __attribute__((noinline)) void pay_by_hand(const struct deal *deals, int64_t *lines) {
    int64_t bookings = 0, eighty = quota / 10 * 8;
    for (int i = 0; i < DEALS; i++)
        if (deals[i].day >= first_day && deals[i].day < first_day + 90) bookings += deals[i].amount;
    lines[0] = divide(6 * slice(bookings, 0, eighty) + 8 * slice(bookings, eighty, quota) +
                          12 * slice(bookings, quota, INT64_MAX),
                      100);
    lines[1] = bookings * 10 >= quota * 11 ? divide(bookings * 25, 1000) : 0;
    lines[2] = share;
    int64_t total = lines[0] + lines[1] + lines[2];
    lines[3] = total > most ? most - total : 0;
}

/* ---- the session */

static size_t allocations;
static void *counting(void *context, void *ptr, size_t old_size, size_t new_size) {
    (void)context, (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    allocations++;
    return realloc(ptr, new_size);
}

static int to_stderr(void *context, const char *bytes, size_t n) {
    (void)context;
    return fwrite(bytes, 1, n, stderr) == n ? 0 : 5;
}

static void must(attain_status status, const attain_diagnostics *why, const char *what) {
    if (status == ATTAIN_OK) return;
    fprintf(stderr, "session: %s: %s\n", what, attain_status_text(status));
    if (why && attain_diagnostics_write(why, ATTAIN_DIAGNOSTICS_TEXT, 0, to_stderr, NULL) != ATTAIN_OK)
        exit(1);
    exit(1);
}

static void bind(attain_data *data, const char *table, const char *csv) {
    must(attain_data_bind_memory(data, table, csv, strlen(csv), NULL), NULL, table);
}

static attain_session *open_session(const char *path, attain_policy **policy, attain_data **data) {
    static const attain_allocator allocator = {counting, NULL};
    const attain_run_options options = {.allocator = &allocator, .zeros = true};
    attain_session *session;
    must(attain_policy_open(path, NULL, policy), NULL, path);
    must(attain_data_new(NULL, data), NULL, "data");
    bind(*data, "rep", "id,pool_share\nana,850.00\n");
    bind(*data, "deal", "id,rep,amount,closed_on\n");
    bind(*data, "target", "rep,quarter,amount\nana,2026-Q1,100000.00\n");
    must(attain_session_new(policy, 1, *data, &options, &session), attain_session_diagnostics(session),
         "new");
    return session;
}

static void pay_by_session(attain_session *session, const struct deal *deals, int64_t *lines) {
    static const char *const keys[DEALS] = {"d1", "d2", "d3", "d4", "d5"};
    attain_cell cells[DEALS * 4];
    for (int i = 0; i < DEALS; i++) {
        cells[i * 4] = (attain_cell){.kind = ATTAIN_CELL_TEXT, .text = {keys[i], 2}};
        cells[i * 4 + 1] = (attain_cell){.kind = ATTAIN_CELL_TEXT, .text = {"ana", 3}};
        cells[i * 4 + 2] = (attain_cell){.kind = ATTAIN_CELL_NUMBER, .scale = 2, .number = deals[i].amount};
        cells[i * 4 + 3] = (attain_cell){.kind = ATTAIN_CELL_DAY, .number = deals[i].day};
    }
    const attain_rows rows = {.cells = cells, .row_count = DEALS};
    attain_results *results;
    must(attain_session_set_rows(session, "deal", "rep", "ana", &rows), attain_session_diagnostics(session),
         "rows");
    must(attain_session_run(session, NULL, &results), attain_session_diagnostics(session), "run");
    if (attain_results_line_count(results) != LINES) must(ATTAIN_BAD_DATA, NULL, "number of lines");
    for (uint64_t i = 0; i < LINES; i++) {
        attain_line line;
        must(attain_results_line(results, i, &line), NULL, "line");
        lines[i] = line.amount;
    }
}

/* ---- both, on the same deals */

static uint64_t seed = 1;
static void draw(struct deal *deals) {
    for (int i = 0; i < DEALS; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        deals[i] =
            (struct deal){(int64_t)(seed >> 40) % 5000000 - 100000, first_day + (int64_t)(seed >> 33) % 90};
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check_once(attain_session *session) {
    struct deal deals[DEALS];
    int64_t own[LINES], hand[LINES];
    draw(deals);
    pay_by_hand(deals, hand);
    pay_by_session(session, deals, own);
    if (memcmp(own, hand, sizeof own) == 0) return;
    fprintf(stderr, "session: a line differs from that of the hand-written function\n");
    exit(1);
}

/* Nanoseconds a call, drawing of the deals included. */
static double time_of(attain_session *session, int calls, int64_t *sum) {
    struct deal deals[DEALS];
    int64_t lines[LINES];
    double start = seconds();
    for (int i = 0; i < calls; i++) {
        draw(deals);
        if (session)
            pay_by_session(session, deals, lines);
        else
            pay_by_hand(deals, lines);
        *sum += lines[0] + lines[3];
    }
    return (seconds() - start) / calls * 1e9;
}

int main(int argc, char **argv) {
    attain_policy *policy;
    attain_data *data;
    if (argc != 3) return 2;
    int calls = atoi(argv[2]) > 0 ? atoi(argv[2]) : 1;
    attain_session *session = open_session(argv[1], &policy, &data);
    for (int i = 0; i < 2000; i++)
        check_once(session);
    size_t before = allocations;
    int64_t sum = 0;
    double best = 1e30, hand = 1e30;
    for (int round = 0; round < 5; round++) {
        double own_time = time_of(session, calls, &sum), hand_time = time_of(NULL, calls, &sum);
        best = own_time < best ? own_time : best;
        hand = hand_time < hand ? hand_time : hand;
    }
    printf("one payee: %.2f us a call (promise: %.0f, aim: %.0f; a run of version 0.1: 630), by hand %.3f "
           "us; %zu allocations in %d "
           "calls\n",
           best / 1000, PROMISE_NS / 1000.0, AIM_NS / 1000.0, hand / 1000, allocations - before, calls * 5);
    attain_session_free(session);
    attain_data_free(data);
    attain_policy_release(policy);
    if (allocations > before) fprintf(stderr, "session: calls take memory\n");
    if (best > PROMISE_NS) fprintf(stderr, "session: a call is slower than promised\n");
    return allocations > before || best > PROMISE_NS || sum == 1;
}
