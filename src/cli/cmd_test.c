/* cli/cmd_test.c: attain test. Runs the tests in policies, and reports as text or TAP. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define T(text) (int)(text).length, (text).bytes

/* Counts over all policies. TAP numbers tests from 1 through all files. */
struct tally {
    bool tap, quiet, color;
    size_t number, passed, failed;
};

#define say_line(...) (say(stdout, __VA_ARGS__), (void)putchar('\n'))

/* In TAP, a # begins a directive, unless a backslash is before it. */
static int write_tap(void *context, const char *bytes, size_t n) {
    (void)context;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '#' || bytes[i] == '\\') putchar('\\');
        putchar(bytes[i]);
    }
    return 0;
}

static void tap_text(attain_text text) {
    attain_status status = attain_visible_write(text.bytes, text.length, write_tap, NULL);
    (void)status;
}

/* Prints one value of an expectation, unless it is empty. Names are padded, so the values are aligned. */
static void line(const char *prefix, const char *name, attain_text text) {
    if (text.length) say_line("%s%-11s%.*s", prefix, name, T(text));
}

static void print_expectation(const char *prefix, const attain_expectation *e) {
    char inner[32];
    snprintf(inner, sizeof inner, "%s  ", prefix);
    say_line("%s%.*s:%llu:%u: expect %.*s", prefix, T(e->file), (unsigned long long)e->line, e->column,
             T(e->text));
    line(inner, "expected", e->expected);
    line(inner, "got", e->got);
    line(inner, "difference", e->difference);
    line(inner, "because", e->note);
}

static void print_failure(const attain_tests *tests, size_t index, const attain_test_result *test,
                          const char *prefix) {
    if (test->problem.length)
        say_line("%s%.*s:%llu:%u: %.*s", prefix, T(test->file), (unsigned long long)test->line, test->column,
                 T(test->problem));
    for (size_t i = 0; i < test->expectation_count; i++) {
        attain_expectation e;
        if (attain_tests_expectation(tests, index, i, &e) == ATTAIN_OK && !e.passed)
            print_expectation(prefix, &e);
    }
}

static void print_test(struct tally *tally, const attain_tests *tests, size_t index) {
    attain_test_result test;
    if (attain_tests_get(tests, index, &test) != ATTAIN_OK) return;
    tally->number++;
    tally->passed += test.passed;
    tally->failed += !test.passed;
    if (tally->tap) {
        say(stdout, "%s %zu - ", test.passed ? "ok" : "not ok", tally->number);
        tap_text(test.name);
        putchar('\n');
        if (!test.passed) print_failure(tests, index, &test, "# ");
    } else if (!test.passed) {
        fputs(tally->color ? "  \033[1;31mFAIL\033[0m  " : "  FAIL  ", stdout);
        say_line("%.*s", T(test.name));
        print_failure(tests, index, &test, "        ");
    } else if (!tally->quiet) {
        fputs(tally->color ? "  \033[1;32mok\033[0m    " : "  ok    ", stdout);
        say_line("%.*s", T(test.name));
    }
}

/* Prints the results of one policy. A canceled run prints the tests that ended before. */
static int run_tests(struct tally *tally, const struct arguments *arguments, const char *path,
                     attain_policy *policy) {
    attain_test_options options = {.filter = opt_last(arguments, OPT_FILTER), .watch = &cli_watch};
    attain_tests *tests = NULL;
    if (!opt_hooks(arguments, &options.hook_steps, &options.hook_run_steps, &options.hook_memory))
        return EXIT_USAGE;
    if (!opt_max_memory(arguments, &options.max_memory)) return EXIT_USAGE;
    attain_status status = attain_test(policy, &options, &tests);
    if (status != ATTAIN_OK && status != ATTAIN_CANCELLED) {
        attain_tests_free(tests);
        return complain(exit_of(status), "%s: %s", path, status_text(status));
    }
    if (!tally->tap && (!tally->quiet || attain_tests_failed(tests))) say_line("%s", path);
    for (size_t i = 0; i < attain_tests_count(tests); i++)
        print_test(tally, tests, i);
    attain_tests_free(tests);
    return exit_of(status);
}

static int test(const struct arguments *arguments) {
    const char *format = opt_last(arguments, OPT_FORMAT);
    struct tally tally = {.quiet = opt_given(arguments, OPT_QUIET),
                          .color = term_color(arguments, STDOUT_FILENO)};
    struct policies policies;
    unsigned limit;
    if (!opt_number(arguments, OPT_LIMIT, 1, 100, &limit)) return EXIT_USAGE;
    if (format && strcmp(format, "tap") != 0 && strcmp(format, "text") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain test` writes text or tap", format);
    tally.tap = format && strcmp(format, "tap") == 0;
    int status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    int guarded = guard_command(arguments, &policies, NULL);
    if (guarded != EXIT_PAID) {
        release_policies(&policies);
        return guarded;
    }
    if (tally.tap) printf("TAP version 13\n");
    for (size_t i = 0; i < policies.n && status != EXIT_STOPPED; i++) {
        /* Its errors are shown, and `status` has them. Tests of the other policies still run. */
        if (!attain_policy_ok(policies.at[i])) continue;
        int ran = run_tests(&tally, arguments, policies.names[i], policies.at[i]);
        if (status == EXIT_PAID) status = ran;
    }
    if (tally.tap)
        printf("1..%zu\n", tally.number);
    else
        printf(cli_text("%zu passed, %zu failed\n"), tally.passed, tally.failed);
    release_policies(&policies);
    if (status == EXIT_PAID && tally.failed) status = EXIT_POLICY;
    /* A filter that matches nothing is more likely a typing error than a success. */
    if (status == EXIT_PAID && tally.number == 0 && opt_given(arguments, OPT_FILTER))
        return complain(EXIT_USAGE, "no test with `%s` in its name", opt_last(arguments, OPT_FILTER));
    return status;
}

int cmd_test(const struct arguments *arguments) {
    struct expanded expanded;
    int status = expand_folders(arguments, &expanded);
    if (status == EXIT_PAID) status = test(&expanded.arguments);
    expanded_free(&expanded);
    return status;
}
