/* tests/embed/example.c: the smallest program that pays people: a policy and data in memory, lines out.
 *
 *     cc example.c $(pkg-config --cflags --libs attain)
 */
#include <attain.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char policy_text[] = "policy \"Embedded\"\n"
                                  "  effective from 2026-01-01 to 2026-12-31\n"
                                  "  currency USD\n"
                                  "  period quarter\n"
                                  "payee rep { id text key  name text label }\n"
                                  "data deal { rep rep  amount money  closed_on date }\n"
                                  "credit booking from deal to rep on closed_on amount amount\n"
                                  "measure bookings = sum of amount from booking\n"
                                  "pay commission on bookings = 10% up to $100,000 + 15% over $100,000\n";

static const char reps[] = "id,name\nana,Ana\nbob,Bob\n";
static const char deals[] = "rep,amount,closed_on\n"
                            "ana,120000.00,2026-02-03\n"
                            "bob,50.55,2026-01-01\n"
                            "bob,\"1,000.00\",2026-04-01\n";

static int write_stderr(void *context, const char *bytes, size_t length) {
    (void)context;
    return fwrite(bytes, 1, length, stderr) == length ? 0 : 1;
}

static int fail(attain_status status, const attain_diagnostics *list) {
    fprintf(stderr, "%s\n", attain_status_text(status));
    if (list && attain_diagnostics_write(list, ATTAIN_DIAGNOSTICS_TEXT, 0, write_stderr, NULL) != ATTAIN_OK)
        return 2;
    return 1;
}

static void print_lines(const attain_results *results) {
    uint64_t i, n = attain_results_line_count(results);
    for (i = 0; i < n; i++) {
        attain_line line;
        if (attain_results_line(results, i, &line) != ATTAIN_OK) return;
        printf("%.*s %.*s %.*s: %lld %s cents\n", (int)line.payee_label.length, line.payee_label.bytes,
               (int)line.period.length, line.period.bytes, (int)line.component.length, line.component.bytes,
               (long long)line.amount, line.currency);
    }
}

static attain_status bind(attain_data *data) {
    attain_status status = attain_data_bind_memory(data, "rep", reps, sizeof reps - 1, NULL);
    if (status == ATTAIN_OK) status = attain_data_bind_memory(data, "deal", deals, sizeof deals - 1, NULL);
    return status;
}

static volatile sig_atomic_t stop;
static void on_signal(int number) {
    stop = number;
}
static bool is_stopped(void *context) {
    (void)context;
    return stop != 0;
}

int main(void) {
    attain_policy *policy = NULL;
    attain_data *data = NULL;
    attain_results *results = NULL;
    attain_run_options options;
    attain_watch watch;
    int failed = 0;
    memset(&options, 0, sizeof options);
    memset(&watch, 0, sizeof watch);
    watch.cancelled = is_stopped; /* Ctrl-C ends the run with ATTAIN_CANCELLED */
    options.watch = &watch;
    signal(SIGINT, on_signal);
    attain_status status = attain_policy_compile("embedded", policy_text, strlen(policy_text), NULL, &policy);
    if (status != ATTAIN_OK) {
        failed = fail(status, attain_policy_diagnostics(policy));
        attain_policy_release(policy);
        return failed;
    }
    status = attain_data_new(NULL, &data);
    if (status == ATTAIN_OK) status = bind(data);
    if (status == ATTAIN_OK) status = attain_run(&policy, 1, data, &options, &results);
    if (status == ATTAIN_OK)
        print_lines(results);
    else
        failed = fail(status, attain_results_diagnostics(results));
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
    return failed;
}
