/* test_hooks: functions in Lua through the public interface: served by the host's loader, limited by its
 * options, seen anew when a policy is compiled again. Figures by hand: ana 10% of 120,000.00; bob 10%
 * of 50.55 and of 1,000.00.
 */
#include "host.h"

static const char POLICY[] =
    HEADER "function bonus(amount money, half flag) money from lua \"hooks/bonus.lua\"\n"
           "pay commission = bonus(bookings, bookings < $100)\n";

struct shelf { /* the host's files */
    const char *lua;
    int asked;
};

static bool serve(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct shelf *shelf = context;
    shelf->asked++;
    cr_expect_str_eq(from, "field.attain");
    if (strcmp(wanted, "hooks/bonus.lua") != 0 || !shelf->lua) {
        loaded->why = "the shelf is empty";
        return false;
    }
    loaded->bytes = shelf->lua;
    loaded->length = strlen(shelf->lua);
    return true;
}

static attain_status compile(const char *lua, attain_allocator *allocator, attain_policy **policy) {
    struct shelf shelf = {.lua = lua};
    attain_policy_options options = {.load = serve, .load_context = &shelf, .allocator = allocator};
    attain_status status = attain_policy_compile("field.attain", POLICY, strlen(POLICY), &options, policy);
    if (status != ATTAIN_NO_MEMORY) cr_expect_eq(shelf.asked, 1);
    return status;
}

static char *pay(const char *lua, const attain_run_options *options, attain_status *status, size_t *withheld,
                 char *why) {
    attain_policy *policy = NULL;
    attain_results *results = NULL;
    struct text out = {0};
    cr_assert_eq(compile(lua, NULL, &policy), ATTAIN_OK);
    attain_data *data = bound(REPS, DEALS);
    *status = attain_run(&policy, 1, data, options, &results);
    attain_policy_release(policy);
    attain_data_free(data);
    text_write(&out, "", 0);
    attain_status written = attain_results_write(results, ATTAIN_RESULTS_CSV, NULL, text_write, &out);
    cr_assert(written == ATTAIN_OK || *status != ATTAIN_OK);
    *withheld = attain_results_withheld_count(results);
    attain_withheld first;
    if (*withheld && attain_results_withheld(results, 0, &first) == ATTAIN_OK)
        snprintf(why, 300, "%s %.*s %.*s %.*s", first.code, (int)first.payee_key.length,
                 first.payee_key.bytes, (int)first.period.length, first.period.bytes,
                 (int)first.reason.length, first.reason.bytes);
    attain_results_free(results);
    return out.at;
}

#define HEAD "payee,period,component,line,amount,currency\n"

Test(test_hooks, a_host_serves_the_file_and_runs_it) {
    attain_status status;
    size_t withheld;
    char why[300] = "";
    char *paid =
        pay("function bonus(a, half) return a * attain.percent(10) end", NULL, &status, &withheld, why);
    cr_expect_eq(status, ATTAIN_OK);
    cr_expect_str_eq(paid, HEAD "ana,2026-Q1,commission,,12000.00,USD\nbob,2026-Q1,commission,,5.06,USD\n"
                                "bob,2026-Q2,commission,,100.00,USD\n");
    free(paid);
}

Test(test_hooks, a_failure_costs_one_cell_and_says_where) {
    attain_run_options options = {.hook_steps = 20000, .threads = 4};
    attain_status status;
    size_t withheld;
    char why[300] = "";
    /* bob's first quarter is below 100.00; ana has nothing in the second */
    char *paid = pay("function bonus(a, half)\n  while half and a > attain.money(0) do end\n  return a * "
                     "attain.percent(10)\nend",
                     &options, &status, &withheld, why);
    cr_expect_eq(status, ATTAIN_OK);
    cr_expect_eq(withheld, 1);
    cr_expect(strstr(why, "A0808 bob 2026-Q1") &&
                  strstr(why, "hooks/bonus.lua:2: stopped after 20,000 steps"),
              "%s", why);
    cr_expect_str_eq(paid, HEAD "ana,2026-Q1,commission,,12000.00,USD\nbob,2026-Q2,commission,,100.00,USD\n");
    free(paid);
}

Test(test_hooks, all_calls_together_have_a_limit) {
    attain_run_options options = {.hook_run_steps = 10000};
    attain_status status;
    size_t withheld;
    char why[300] = "";
    free(pay("function bonus(a, half) for i = 1, 20000 do end return a end", &options, &status, &withheld,
             why));
    cr_expect_eq(status, ATTAIN_BAD_DATA);
    options.hook_run_steps = 0;
    free(pay("function bonus(a, half) for i = 1, 20000 do end return a end", &options, &status, &withheld,
             why));
    cr_expect_eq(status, ATTAIN_OK);
}

Test(test_hooks, memory_is_limited_for_each_thread) {
    attain_run_options options = {.hook_memory = 300000};
    attain_status status;
    size_t withheld;
    char why[300] = "";
    free(pay("function bonus(a, half) local t = {} for i = 1, 100000 do t[i] = i end return a end", &options,
             &status, &withheld, why));
    cr_expect_eq(withheld, 4);
    cr_expect(strstr(why, "it needs more than 292 KB of memory"), "%s", why);
    options.hook_memory = 0;
    free(pay("function bonus(a, half) local t = {} for i = 1, 100000 do t[i] = i end return a end", &options,
             &status, &withheld, why));
    cr_expect_eq(withheld, 0);
}

Test(test_hooks, compiling_again_sees_the_new_file) {
    attain_status status;
    size_t withheld;
    char why[300] = "";
    free(pay("function bonus(a, half) return a end", NULL, &status, &withheld, why));
    char *paid = pay("function bonus(a, half) return attain.money(7) end", NULL, &status, &withheld, why);
    cr_expect(strstr(paid, "ana,2026-Q1,commission,,7.00,USD"), "%s", paid);
    free(paid);
}

Test(test_hooks, what_is_wrong_in_the_file_is_a_diagnostic) {
    attain_policy *policy = NULL;
    cr_assert_eq(compile("function bonus(a, half)\n  return a +\nend", NULL, &policy), ATTAIN_BAD_POLICY);
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect(strcmp(d.code, "A1002") == 0 && same(d.file, "hooks/bonus.lua") && d.line == 3, "%s", d.code);
    attain_policy_release(policy);
    cr_assert_eq(compile(NULL, NULL, &policy), ATTAIN_BAD_POLICY);
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect(strcmp(d.code, "A1001") == 0 && same(d.note, "the shelf is empty"), "%s", d.code);
    attain_policy_release(policy);
}

/* A host that has a module in the folder of the policy, or in that of the file that it uses. */
struct folders {
    const char *has;
    char asked[300];
};

static bool serve_module(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct folders *folders = context;
    char pair[100];
    snprintf(pair, sizeof pair, "%s>%s ", from, wanted);
    strncat(folders->asked, pair, sizeof folders->asked - strlen(folders->asked) - 1);
    const char *text = NULL;
    if (strcmp(wanted, "hooks/bonus.lua") == 0)
        text = "local m = require 'lib.m'\nfunction bonus(a, half) return m(a) end";
    if (strcmp(wanted, "shared/rules.attain") == 0) text = "param p = 1\n";
    if (strcmp(pair, folders->has) == 0) text = "return function(a) return a / 10 end";
    if (text) *loaded = (attain_loaded){.bytes = text, .length = strlen(text), .name = wanted};
    return text != NULL;
}

Test(test_hooks, a_host_is_asked_for_modules_in_each_folder) {
    static const char *const orders[] = {"hooks/bonus.lua>lib/m.lua ", "field.attain>lib/m.lua ",
                                         "shared/rules.attain>lib/m.lua ", "none"};
    char text[2000], wanted[300];
    snprintf(text, sizeof text, "%suse \"shared/rules.attain\"\n", POLICY);
    snprintf(wanted, sizeof wanted, "field.attain>shared/rules.attain field.attain>hooks/bonus.lua ");
    for (size_t i = 0; i < 4; i++) {
        struct folders folders = {.has = orders[i]};
        attain_policy_options options = {.load = serve_module, .load_context = &folders};
        attain_policy *policy = NULL;
        attain_status status = attain_policy_compile("field.attain", text, strlen(text), &options, &policy);
        cr_expect_eq(status, i < 3 ? ATTAIN_OK : ATTAIN_BAD_POLICY);
        if (i < 3) strcat(wanted, orders[i]);
        cr_expect_str_eq(folders.asked, wanted);
        if (i < 3) cr_expect_eq(attain_policy_file_count(policy), 3);
        attain_policy_release(policy);
    }
}

/* One failing allocation, wherever it falls: the status says so, or the work went on without it; nothing is
 * lost. */
Test(test_hooks, every_allocation_fails_once, .timeout = 120) {
    for (size_t n = 1;; n++) {
        struct host h;
        attain_policy *policy = NULL;
        attain_results *results = NULL;
        host_start(&h);
        h.fail_at = n;
        attain_run_options options = {.allocator = &h.allocator};
        attain_status status =
            compile("local tenure = require 'std/tenure'\n"
                    "function bonus(a, half)\n"
                    "  local day = attain.date(2026, 1, 1)\n"
                    "  return a * attain.number('1/3') + a * tenure.whole_years(day, day), 'third'\n"
                    "end",
                    &h.allocator, &policy);
        attain_data *data = bound(REPS, DEALS);
        if (status == ATTAIN_OK) status = attain_run(&policy, 1, data, &options, &results);
        cr_assert(status == ATTAIN_OK || status == ATTAIN_NO_MEMORY, "allocation %zu: status %d", n,
                  (int)status);
        if (status == ATTAIN_OK) cr_assert_eq(attain_results_withheld_count(results), 0, "allocation %zu", n);
        attain_results_free(results);
        attain_policy_release(policy);
        attain_data_free(data);
        cr_assert_eq(h.live, 0, "allocation %zu: %zu bytes are lost", n, h.live);
        if (h.calls < n) break;
    }
}

/* ---- what a person who writes hooks asks for */

static uint64_t tick(void *context) { /* one tick for each look at the clock */
    return ++*(uint64_t *)context;
}

static const char LOGS[] = "function bonus(amount, half)\n"
                           "  local rate = attain.percent(10)\n"
                           "  attain.log('rate', rate, half)\n"
                           "  attain.note('rate', rate)\n"
                           "  if amount < attain.money(0) then error('less than nothing') end\n"
                           "  return amount * rate, half and 'half' or 'whole'\n"
                           "end\n";

/* bonus($50, yes): 10% of 50 is 5. */
Test(test_hooks, an_expression_is_called_alone) {
    attain_policy *policy = NULL;
    attain_call *call = NULL;
    attain_called called;
    attain_text name, value;
    attain_log_entry entry;
    const attain_hook_options hooks = {.log = true, .callers = true};
    attain_call_options options = {.run = {.hooks = &hooks}, .expression = "bonus($50, yes)"};
    cr_assert_eq(compile(LOGS, NULL, &policy), ATTAIN_OK);
    cr_assert_eq(attain_call_run(policy, NULL, &options, &call), ATTAIN_OK);
    cr_assert_eq(attain_call_get(call, &called), ATTAIN_OK);
    cr_expect(same(called.shown, "$5.00") && same(called.exact, "5") && same(called.reason, "half"));
    cr_expect(called.type == ATTAIN_TYPE_MONEY && !called.failed && !called.missing);
    cr_assert_eq(called.note_count, 1);
    cr_assert_eq(attain_call_note(call, 0, &name, &value), ATTAIN_OK);
    cr_expect(same(name, "rate") && same(value, "0.1"));
    cr_assert_eq(attain_call_log_count(call), 1);
    cr_assert_eq(attain_call_log(call, 0, &entry), ATTAIN_OK);
    cr_expect(same(entry.text, "rate 0.1 true") && entry.line == 3 && same(entry.function, "bonus"));
    attain_call_free(call);
    attain_policy_release(policy);
}

Test(test_hooks, a_call_that_fails_has_its_place_and_its_callers) {
    attain_policy *policy = NULL;
    attain_call *call = NULL;
    attain_called called;
    const attain_hook_options hooks = {.callers = true};
    attain_call_options options = {.run = {.hooks = &hooks}, .expression = "bonus(-$1, no)"};
    cr_assert_eq(compile(LOGS, NULL, &policy), ATTAIN_OK);
    cr_assert_eq(attain_call_run(policy, NULL, &options, &call), ATTAIN_OK);
    cr_assert_eq(attain_call_get(call, &called), ATTAIN_OK);
    cr_expect(called.failed && same(called.message, "less than nothing"));
    cr_expect(same(called.lua_file, "hooks/bonus.lua") && called.lua_line == 5);
    cr_expect(same(called.trace, "bonus, hooks/bonus.lua:5: amount = -$1.00, half = false, rate = 0.1"));
    attain_call_free(call);
    options.expression = "bonus($1)";
    cr_assert_eq(attain_call_run(policy, NULL, &options, &call), ATTAIN_USAGE);
    cr_expect_eq(attain_diagnostics_errors(attain_call_diagnostics(call)), 1);
    cr_expect_eq(attain_call_get(call, &called), ATTAIN_USAGE);
    attain_call_free(call);
    options.expression = NULL;
    cr_assert_eq(attain_call_run(policy, NULL, &options, &call), ATTAIN_USAGE);
    attain_call_free(call);
    attain_policy_release(policy);
}

/* ana has bookings in Q1, bob in Q1 and Q2. Payees without bookings in a period are called, too. */
Test(test_hooks, logs_are_the_same_with_any_number_of_threads) {
    struct text logs[3] = {{0}};
    static const unsigned threads[] = {1, 2, 8};
    for (int k = 0; k < 3; k++) {
        attain_policy *policy = NULL;
        attain_results *results = NULL;
        attain_log_entry entry;
        const attain_hook_options hooks = {.log = true};
        attain_run_options options = {.hooks = &hooks, .threads = threads[k]};
        cr_assert_eq(compile(LOGS, NULL, &policy), ATTAIN_OK);
        attain_data *data = bound(REPS, DEALS);
        cr_assert_eq(attain_run(&policy, 1, data, &options, &results), ATTAIN_OK);
        cr_assert_eq(attain_results_log_count(results), 4);
        for (size_t i = 0; i < 4; i++) {
            cr_assert_eq(attain_results_log(results, i, &entry), ATTAIN_OK);
            text_write(&logs[k], entry.payee_key.bytes, entry.payee_key.length);
            text_write(&logs[k], entry.period.bytes, entry.period.length);
            text_write(&logs[k], entry.text.bytes, entry.text.length);
            text_write(&logs[k], "\n", 1);
        }
        attain_results_free(results);
        attain_data_free(data);
        attain_policy_release(policy);
    }
    cr_expect_str_eq(logs[0].at, "ana2026-Q1rate 0.1 false\nbob2026-Q1rate 0.1 true\n"
                                 "ana2026-Q2rate 0.1 true\nbob2026-Q2rate 0.1 false\n");
    cr_expect_str_eq(logs[1].at, logs[0].at);
    cr_expect_str_eq(logs[2].at, logs[0].at);
    for (int k = 0; k < 3; k++)
        free(logs[k].at);
}

/* The function is called for two payees in two periods. Each of its lines begins once in a call, and the
 * steps of the lines are those of the function. */
Test(test_hooks, a_profile_has_functions_and_lines) {
    attain_policy *policy = NULL;
    attain_results *results = NULL;
    attain_profile_entry entry;
    uint64_t now = 0, lines = 0, steps = 0;
    const attain_hook_options hooks = {.profile = true, .clock = tick, .clock_context = &now};
    attain_run_options options = {.hooks = &hooks};
    cr_assert_eq(compile(LOGS, NULL, &policy), ATTAIN_OK);
    attain_data *data = bound(REPS, DEALS);
    cr_assert_eq(attain_run(&policy, 1, data, &options, &results), ATTAIN_OK);
    cr_assert_eq(attain_results_profile_count(results), 6);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(attain_results_profile(results, i, &entry), ATTAIN_OK);
        cr_expect_eq(entry.calls, 4, "%zu", i);
        cr_expect_eq(entry.function.length > 0, i == 0);
        cr_expect_eq(entry.line == 0, i == 0);
        cr_expect_gt(entry.time, 0);
        if (i == 0) steps = entry.steps;
        if (i > 0) lines += entry.steps;
    }
    /* What follows the last instruction belongs to no line. */
    cr_expect_leq(lines, steps);
    cr_expect_geq(lines + 40, steps);
    cr_expect_eq(attain_results_profile(results, 6, &entry), ATTAIN_USAGE);
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
}
