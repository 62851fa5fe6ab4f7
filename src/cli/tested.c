/* cli/tested.c: the tests inside policies, run before their results are used. A test that fails is a warning,
 * because the data may be right where the test is not; --strict makes it an error. */
#include <string.h>

#include "cli/cli.h"

static int tell_failed(const char *name, const attain_tests *tests, bool strict) {
    size_t n = attain_tests_count(tests), failed = attain_tests_failed(tests);
    attain_test_result test = {0};
    for (size_t i = 0; i < n; i++)
        if (attain_tests_get(tests, i, &test) == ATTAIN_OK && !test.passed) break;
    return complain(
        EXIT_POLICY,
        strict ? "error: %zu of %zu tests of %s fail%s, first \"%.*s\"; `attain test %s` shows why"
               : "warning: %zu of %zu tests of %s fail%s, first \"%.*s\"; `attain test %s` shows why",
        failed, n, name, cli_text(failed == 1 ? "s" : ""), (int)test.name.length, test.name.bytes, name);
}

/* A policy is tested with its own rows, so nothing but the limits of the command applies. */
int keep_tests(const struct arguments *arguments, const char *name, attain_policy *policy,
               attain_tests **out) {
    attain_test_options options = {.watch = &cli_watch};
    attain_tests *tests = NULL;
    int exit_status = EXIT_PAID;
    if (opt_given(arguments, OPT_NO_TESTS)) return EXIT_PAID;
    if (!opt_hooks(arguments, &options.hook_steps, &options.hook_run_steps, &options.hook_memory) ||
        !opt_max_memory(arguments, &options.max_memory))
        return EXIT_USAGE;
    attain_status status = attain_test(policy, &options, &tests);
    if (status == ATTAIN_CANCELLED)
        exit_status = complain(EXIT_STOPPED, "stopped");
    else if (status != ATTAIN_OK)
        exit_status = complain(exit_of(status), "the tests of %s: %s", name, status_text(status));
    else if (attain_tests_failed(tests))
        exit_status = tell_failed(name, tests, opt_given(arguments, OPT_STRICT));
    *out = tests;
    /* A failed test alone does not stop the command. */
    return exit_status == EXIT_POLICY && !opt_given(arguments, OPT_STRICT) ? EXIT_PAID : exit_status;
}

int warn_of_tests(const struct arguments *arguments, const char *name, attain_policy *policy) {
    attain_tests *tests = NULL;
    int status = keep_tests(arguments, name, policy, &tests);
    attain_tests_free(tests);
    return status;
}
