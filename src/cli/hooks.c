/* cli/hooks.c: what a person who writes hooks asks for: logs, traces, and profiles. It is written to standard
 * error, because standard output has the results. */
#include <inttypes.h>
#include <time.h>

#include "cli/cli.h"

#define T(text) (int)(text).length, (text).bytes

/* Nanoseconds. */
static uint64_t clock_now(void *context) {
    struct timespec now = {0};
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void hook_options(const struct arguments *arguments, struct attain_hook_options *out,
                  attain_run_options *options) {
    *out = (attain_hook_options){.log = opt_given(arguments, OPT_HOOK_LOG),
                                 .callers = opt_given(arguments, OPT_HOOK_LOG),
                                 .profile = opt_given(arguments, OPT_PROFILE_HOOKS),
                                 .trace = opt_last(arguments, OPT_TRACE_HOOK),
                                 .clock = clock_now};
    options->hooks = out;
}

static void write_text(const attain_log_entry *entry) {
    say(stderr, "%.*s:%llu: ", T(entry->file), (unsigned long long)entry->line);
    if (entry->payee_key.length) say(stderr, "%.*s ", T(entry->payee_key));
    if (entry->period.length) say(stderr, "%.*s ", T(entry->period));
    say(stderr, "%.*s", T(entry->text));
    fputc('\n', stderr);
}

void write_log_entry(const attain_log_entry *entry) {
    switch (entry->kind) {
    case ATTAIN_LOG_TEXT: write_text(entry); return;
    case ATTAIN_LOG_CALL: say(stderr, "%.*s(%.*s)", T(entry->function), T(entry->text)); break;
    case ATTAIN_LOG_LINE:
        say(stderr, "  %.*s:%llu: %.*s", T(entry->file), (unsigned long long)entry->line, T(entry->text));
        break;
    case ATTAIN_LOG_LOCAL: say(stderr, "      %.*s", T(entry->text)); break;
    case ATTAIN_LOG_RETURN: say(stderr, "  returns %.*s", T(entry->text)); break;
    }
    fputc('\n', stderr);
}

static void write_profile(const attain_results *results) {
    size_t n = attain_results_profile_count(results);
    attain_profile_entry entry;
    if (n) say(stderr, "    calls         steps     time µs  function or line"), fputc('\n', stderr);
    for (size_t i = 0; i < n; i++) {
        if (attain_results_profile(results, i, &entry) != ATTAIN_OK) continue;
        fprintf(stderr, "%9" PRIu64 " %13" PRIu64 " %11" PRIu64 "  ", entry.calls, entry.steps,
                entry.time / 1000);
        if (entry.function.length)
            say(stderr, "%.*s (%.*s)", T(entry.function), T(entry.file));
        else
            say(stderr, "%.*s:%llu", T(entry.file), (unsigned long long)entry.line);
        fputc('\n', stderr);
    }
}

/* A payout can have several reasons, and one call can be the reason of several payouts. */
static void write_callers(const attain_results *results) {
    attain_withheld withheld;
    attain_reason reason;
    for (size_t i = 0; i < attain_results_withheld_count(results); i++) {
        if (attain_results_withheld(results, i, &withheld) != ATTAIN_OK) continue;
        for (size_t k = 0; k < withheld.reason_count; k++) {
            if (attain_results_reason(results, i, k, &reason) != ATTAIN_OK || !reason.trace.length) continue;
            say(stderr, "%.*s %.*s: %.*s", T(withheld.payee_key), T(withheld.period), T(reason.text));
            fputc('\n', stderr);
            for (size_t from = 0, end; from < reason.trace.length; from = end + 1) {
                for (end = from; end < reason.trace.length && reason.trace.bytes[end] != '\n';)
                    end++;
                say(stderr, "  in %.*s", (int)(end - from), reason.trace.bytes + from);
                fputc('\n', stderr);
            }
        }
    }
}

void show_hooks(const struct arguments *arguments, const attain_results *results) {
    attain_log_entry entry;
    for (size_t i = 0; i < attain_results_log_count(results); i++)
        if (attain_results_log(results, i, &entry) == ATTAIN_OK) write_log_entry(&entry);
    if (opt_given(arguments, OPT_HOOK_LOG)) write_callers(results);
    write_profile(results);
}
