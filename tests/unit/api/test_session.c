/* tests/unit/api/test_session.c: sessions: rows and params replaced, runs, errors, memory, threads.
 *
 * Amounts are worked out by hand. The random test compares each run with attain_run on a CSV file of the same
 * rows, which the test keeps by itself.
 */
#include "host.h"

#define POLICY                                                                                               \
    "policy \"Session\"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period quarter\n"      \
    "param rate = 10%\n"                                                                                     \
    "payee rep from \"reps.csv\" { id text key  share number  manager rep optional }\n"                      \
    "data deal from \"deals.csv\" { id text key  rep rep  amount money  day date  won flag }\n"              \
    "data target from \"targets.csv\" { rep rep  quarter period  amount money }\n"                           \
    "credit booking from deal to rep on day where won amount deal.amount\n"                                  \
    "credit override from deal to managers of rep on day where won amount deal.amount\n"                     \
    "credit goal from target to rep on quarter amount target.amount\n"                                       \
    "measure bookings = sum of amount from booking\n"                                                        \
    "measure team = sum of amount from override\n"                                                           \
    "measure quota = sum of amount from goal\n"                                                              \
    "pay commission on bookings = rate\n"                                                                    \
    "pay overrides on team = 1%\n"                                                                           \
    "pay surplus on bookings = 5% over quota when quota > $0\n"                                              \
    "pool kitty = 1% of bookings split by rep.share\n"

static struct host host;
static attain_policy *policy;
static attain_session *session;

static void compile(const char *text) {
    attain_policy_options options = {.allocator = &host.allocator};
    cr_assert_eq(attain_policy_compile("s.attain", text, strlen(text), &options, &policy), ATTAIN_OK);
}

static attain_data *data_of(const char *reps, const char *deals, const char *targets) {
    attain_data *data;
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), NULL), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "deal", deals, strlen(deals), NULL), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "target", targets, strlen(targets), NULL), ATTAIN_OK);
    return data;
}

#define REPS "id,share,manager\nana,1,\nben,3,ana\n"
#define DEALS "id,rep,amount,day,won\nd1,ana,1000,2026-01-05,yes\nd2,ben,2000,2026-02-05,yes\n"
#define TARGETS "rep,quarter,amount\nben,2026-Q1,1500\n"

static void open_session(void) {
    host_start(&host);
    compile(POLICY);
    attain_data *data = data_of(REPS, DEALS, TARGETS);
    attain_run_options options = {.allocator = &host.allocator};
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
    attain_data_free(data);
}

/* A session of a policy that only has payees. */
static void open_one(const char *text, const char *reps) {
    attain_data *data;
    attain_run_options options = {.through = "2026-Q1", .allocator = &host.allocator};
    host_start(&host);
    compile(text);
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), NULL), ATTAIN_OK);
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
    attain_data_free(data);
}

static void close_session(void) {
    attain_session_free(session);
    attain_policy_release(policy);
    cr_assert_eq(host.live, 0);
}

TestSuite(session, .init = open_session, .fini = close_session);

static attain_cell text_cell(const char *text) {
    return (attain_cell){.kind = ATTAIN_CELL_TEXT, .text = {text, strlen(text)}};
}

static const char *csv_of(const attain_results *results) {
    static char out[1 << 20];
    struct text text = {0};
    cr_assert_eq(attain_results_write(results, ATTAIN_RESULTS_CSV, NULL, text_write, &text), ATTAIN_OK);
    cr_assert_lt(text.n, sizeof out);
    memcpy(out, text.at, text.n + 1);
    free(text.at);
    return out;
}

/* The lines of a run, without the header and the currency: "ana 2026-Q1 commission 100.00 …". */
static const char *paid(void) {
    static char out[4096];
    attain_results *results;
    out[0] = 0;
    cr_assert_eq(attain_session_run(session, NULL, &results), ATTAIN_OK);
    for (uint64_t i = 0; i < attain_results_line_count(results); i++) {
        attain_line line;
        cr_assert_eq(attain_results_line(results, i, &line), ATTAIN_OK);
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s %.*s %lld; ", (int)line.payee_key.length,
                 line.payee_key.bytes, (int)line.component.length, line.component.bytes,
                 (long long)line.amount);
    }
    return out;
}

/* 10% of 1,000 and 2,000; 1% of Ben's 2,000 to his manager; 5% of the 500 over his target of 1,500; 1% of
 * 3,000, divided 1 to 3. */
#define FIRST                                                                                                \
    "ana commission 10000; ana overrides 2000; ana kitty 750; "                                              \
    "ben commission 20000; ben surplus 2500; ben kitty 2250; "

Test(session, runs_what_was_loaded) {
    cr_expect_str_eq(paid(), FIRST);
    cr_expect_str_eq(paid(), FIRST, "and again");
}

Test(session, replaces_the_rows_of_a_payee) {
    const attain_cell cells[] = {text_cell("d7"),
                                 text_cell("ben"),
                                 {.kind = ATTAIN_CELL_NUMBER, .number = 40005, .scale = 2},
                                 {.kind = ATTAIN_CELL_DAY, .number = 20454}, /* 2026-01-01 */
                                 {.kind = ATTAIN_CELL_FLAG, .number = 1}};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    cr_assert_eq(attain_session_set_rows(session, "deal", "rep", "ben", &rows), ATTAIN_OK);
    /* 10% of 400.05 is 40.005, rounded half up; 1% is 4.0005; the pool is 14.0005, so 14.00: 3.50 and 10.50
     */
    cr_expect_str_eq(paid(), "ana commission 10000; ana overrides 400; ana kitty 350; "
                             "ben commission 4001; ben kitty 1050; ");
    cr_assert_eq(attain_session_set_rows(session, "deal", "rep", "ana", NULL), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana overrides 400; ana kitty 100; ben commission 4001; ben kitty 300; ");
    cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
    cr_expect_str_eq(paid(), FIRST);
}

Test(session, replaces_a_payee_whom_others_refer_to) {
    const char *fields[] = {"share", "id"};
    const attain_cell cells[] = {text_cell("9"), text_cell("ana")};
    const attain_rows rows = {.fields = fields, .field_count = 2, .cells = cells, .row_count = 1};
    cr_assert_eq(attain_session_set_rows(session, "rep", "id", "ana", &rows), ATTAIN_OK);
    /* the pool of 30.00 is divided 9 to 3, and Ana is still Ben's manager */
    cr_expect_str_eq(paid(), "ana commission 10000; ana overrides 2000; ana kitty 2250; "
                             "ben commission 20000; ben surplus 2500; ben kitty 750; ");
    cr_assert_eq(attain_session_set_rows(session, "rep", "id", "ana", NULL), ATTAIN_BAD_DATA);
    cr_expect_gt(attain_diagnostics_errors(attain_session_diagnostics(session)), 0);
}

Test(session, replaces_all_rows_and_references_follow) {
    const attain_cell cells[] = {text_cell("zoe"), text_cell("0"), text_cell("ben"),
                                 text_cell("ben"), text_cell("1"), text_cell("ana"),
                                 text_cell("ana"), text_cell("1"), text_cell("")};
    const attain_rows rows = {.cells = cells, .row_count = 3};
    cr_assert_eq(attain_session_set_rows(session, "rep", NULL, NULL, &rows), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana commission 10000; ana overrides 2000; ana kitty 1500; "
                             "ben commission 20000; ben surplus 2500; ben kitty 1500; ");
    const attain_cell deal[] = {text_cell("d3"), text_cell("zoe"), text_cell("$100.00"),
                                text_cell("2026-03-31"), text_cell("yes")};
    const attain_rows deals = {.cells = deal, .row_count = 1};
    cr_assert_eq(attain_session_add_rows(session, "deal", &deals), ATTAIN_OK);
    /* Zoe's deal counts for Ben and for Ana, his manager; the pool is 31.00 */
    cr_expect_str_eq(paid(), "ana commission 10000; ana overrides 2100; ana kitty 1550; "
                             "ben commission 20000; ben overrides 100; ben surplus 2500; ben kitty 1550; "
                             "zoe commission 1000; ");
}

static const char NEAR[] =
    "policy \"Near\"\n%s  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period quarter\n"
    "param rate = 10%%\npayee rep from \"reps.csv\" { id text key }\n"
    "data deal from \"deals.csv\" { id text key  rep rep  amount money  day date  stage text }\n"
    "credit booking from deal to rep on day where stage is \"won\" amount deal.amount\n"
    "measure bookings = sum of amount from booking\npay commission = rate of bookings\n";

static void open_near(const char *attributes, bool strict) {
    static const char reps[] = "id\nana\n", deals[] = "id,rep,amount,day,stage\nd1,ana,100,2026-01-05,won\n";
    char text[1024];
    attain_data *data;
    attain_run_options options = {.strict = strict, .allocator = &host.allocator};
    close_session();
    host_start(&host);
    snprintf(text, sizeof text, NEAR, attributes);
    compile(text);
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), NULL), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "deal", deals, strlen(deals), NULL), ATTAIN_OK);
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
    attain_data_free(data);
}

static attain_status add_near(void) {
    const attain_cell cells[] = {text_cell("d2"),
                                 text_cell("ana"),
                                 {.kind = ATTAIN_CELL_NUMBER, .number = 20000, .scale = 2},
                                 {.kind = ATTAIN_CELL_DAY, .number = 20458},
                                 text_cell("Won ")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    return attain_session_add_rows(session, "deal", &rows);
}

/* 10% of 100: the deal of 200 is not `won`. */
Test(session, warns_of_near_texts_in_new_rows) {
    attain_diagnostic d;
    open_near("", false);
    cr_assert_eq(add_near(), ATTAIN_OK);
    const attain_diagnostics *list = attain_session_diagnostics(session);
    cr_assert_eq(attain_diagnostics_warnings(list), 1);
    cr_assert_eq(attain_diagnostics_get(list, 0, &d), ATTAIN_OK);
    cr_expect_str_eq(d.code, "A0784");
    cr_expect_eq(d.line, 1);
    cr_expect_str_eq(paid(), "ana commission 1000; ");
    open_near("  allow A0784 because \"test\"\n", false);
    cr_assert_eq(add_near(), ATTAIN_OK);
    cr_expect_eq(attain_diagnostics_count(attain_session_diagnostics(session)), 0, "accepted");
}

/* What is refused changes nothing. */
Test(session, refuses_warnings_if_it_is_strict) {
    open_near("", true);
    cr_expect_eq(add_near(), ATTAIN_BAD_DATA);
    cr_expect_eq(attain_diagnostics_errors(attain_session_diagnostics(session)), 1);
    cr_expect_eq(attain_session_set_param(session, "rate", "9"), ATTAIN_USAGE, "A0983");
    cr_expect_str_eq(paid(), "ana commission 1000; ");
    open_near("  allow A0784 because \"test\"\n  allow A0983 because \"test\"\n", true);
    cr_expect_eq(add_near(), ATTAIN_OK);
    cr_expect_eq(attain_session_set_param(session, "rate", "9"), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana commission 90000; ", "9 times 100");
    open_near("", false);
    cr_expect_eq(attain_session_set_param(session, "rate", "9"), ATTAIN_OK);
    cr_expect_eq(attain_diagnostics_warnings(attain_session_diagnostics(session)), 1);
}

Test(session, sets_params) {
    cr_assert_eq(attain_session_set_param(session, "rate", "20%"), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana commission 20000; ana overrides 2000; ana kitty 750; "
                             "ben commission 40000; ben surplus 2500; ben kitty 2250; ");
    cr_assert_eq(attain_session_keep(session), ATTAIN_OK);
    cr_assert_eq(attain_session_set_param(session, "rate", NULL), ATTAIN_OK);
    cr_expect_str_eq(paid(), FIRST);
    cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
    cr_expect_neq(strstr(paid(), "ben commission 40000;"), NULL);
    cr_expect_eq(attain_session_set_param(session, "rates", "1%"), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_param(session, "rate", "east"), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_param(session, "rate", "$4"), ATTAIN_USAGE);
    cr_expect_neq(strstr(paid(), "ben commission 40000;"), NULL, "what fails changes nothing");
}

/* ---- rows that hold from a day on */

static attain_status set_stay(const char *of, const char *since, const char *until) {
    const attain_cell cells[] = {text_cell("ana"), text_cell(since), text_cell(until), text_cell("$7")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    return of ? attain_session_set_rows(session, "stay", "rep", of, &rows)
              : attain_session_add_rows(session, "stay", &rows);
}

/* Ana has $5 a month, in January and from February on. Each change would make days unclear; a change of all
 * of her rows is one change. */
Test(session, checks_the_days_of_a_history) {
    static const char text[] =
        "policy \"Stays\"\n  effective from 2026-01-01 to 2026-02-28\n  currency USD\n  "
        "period month\npayee rep { id text key }\n"
        "history stay of rep { rep rep  since date  until date optional  fee money }\n"
        "pay fee = rep.fee\n";
    static const struct {
        const char *since, *until, *code;
    } wrong[] = {{"2026-02-01", "", "A1157"},
                 {"2026-01-20", "", "A1158"},
                 {"2025-12-01", "2025-12-30", "A1159"},
                 {"2025-11-02", "2025-11-01", "A1160"}};
    attain_data *data;
    attain_diagnostic d;
    attain_run_options options = {.through = "2026-02", .allocator = &host.allocator};
    attain_session_free(session);
    attain_policy_release(policy);
    compile(text);
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    static const char reps[] = "id\nana\n", stays[] = "rep,since,until,fee\nana,2026-01-01,2026-01-31,5\n"
                                                      "ana,2026-02-01,,5\n";
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), NULL), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "stay", stays, strlen(stays), NULL), ATTAIN_OK);
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
    attain_data_free(data);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_assert_eq(set_stay(NULL, wrong[i].since, wrong[i].until), ATTAIN_BAD_DATA, "%s", wrong[i].code);
        cr_assert_eq(attain_diagnostics_get(attain_session_diagnostics(session), 0, &d), ATTAIN_OK);
        cr_expect_str_eq(d.code, wrong[i].code);
        cr_expect_str_eq(paid(), "ana fee 500; ana fee 500; ");
    }
    cr_assert_eq(set_stay("ana", "2026-01-01", ""), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana fee 700; ana fee 700; ");
}

/* ---- errors */

static void refused(const char *table, const char *field, const char *key, const attain_rows *rows,
                    attain_status status, const char *code) {
    cr_expect_eq(attain_session_set_rows(session, table, field, key, rows), status, "%s", code);
    const attain_diagnostics *list = attain_session_diagnostics(session);
    attain_diagnostic diagnostic = {0};
    cr_assert_geq(attain_diagnostics_count(list), 1, "%s", code);
    cr_assert_eq(attain_diagnostics_get(list, 0, &diagnostic), ATTAIN_OK);
    cr_expect_str_eq(diagnostic.code, code);
    cr_expect_str_eq(paid(), FIRST, "%s: what fails changes nothing", code);
}

static void refused_cell(size_t column, attain_cell cell, const char *code) {
    attain_cell cells[] = {text_cell("d7"), text_cell("ben"), text_cell("12.00"), text_cell("2026-01-05"),
                           text_cell("no")};
    cells[column] = cell;
    const attain_rows rows = {.cells = cells, .row_count = 1};
    refused("deal", "rep", "ana", &rows, ATTAIN_BAD_DATA, code);
}

/* What the run does not pay, as "team part SE 2026-Q1 3000 USD 2; ". */
static const char *not_paid(void) {
    static char out[1024];
    attain_results *results;
    attain_rest rest;
    out[0] = 0;
    cr_assert_eq(attain_session_run(session, NULL, &results), ATTAIN_OK);
    size_t n = attain_results_rest_count(results);
    for (size_t i = 0; i < n; i++) {
        cr_assert_eq(attain_results_rest(results, i, &rest), ATTAIN_OK);
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s %.*s %.*s %.*s %lld %s %u; ",
                 (int)rest.pool.length, rest.pool.bytes, (int)rest.group.length, rest.group.bytes,
                 (int)rest.role.length, rest.role.bytes, (int)rest.period.length, rest.period.bytes,
                 (long long)rest.amount, rest.currency, rest.digits);
    }
    cr_expect_eq(attain_results_rest(results, n, &rest), ATTAIN_USAGE);
    cr_expect_eq(attain_results_rest(results, 0, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_results_rest_count(NULL), 0);
    return out;
}

/* 100 for east: 60% for the AE; SE has 30%, and 10% belong to no role. Then ben is SE. */
Test(session, lists_what_pools_do_not_pay) {
    static const char text[] =
        "policy \"Roles\"\n  effective from 2026-01-01 to 2026-03-31\n  currency USD\n  period quarter\n"
        "payee rep from \"reps.csv\" { id text key  team text  role text }\n"
        "table part by role { \"AE\" | 60%  \"SE\" | 30% }\n"
        "pool launch per team = $100 split at part(role) per role\n";
    close_session();
    open_one(text, "id,team,role\nana,east,AE\n");
    cr_expect_str_eq(not_paid(), "launch east SE 2026-Q1 3000 USD 2; launch east  2026-Q1 1000 USD 2; ");
    const attain_cell cells[] = {text_cell("ben"), text_cell("east"), text_cell("SE")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    cr_assert_eq(attain_session_add_rows(session, "rep", &rows), ATTAIN_OK);
    cr_expect_str_eq(not_paid(), "launch east  2026-Q1 1000 USD 2; ");
    cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
    cr_expect_str_eq(not_paid(), "launch east SE 2026-Q1 3000 USD 2; launch east  2026-Q1 1000 USD 2; ");
}

Test(session, names_what_it_does_not_know) {
    const char *fields[] = {"id", "colour"}, *twice[] = {"id", "id"};
    const attain_cell cells[2] = {{.kind = ATTAIN_CELL_MISSING}};
    const attain_rows other = {.fields = fields, .field_count = 2, .cells = cells, .row_count = 1},
                      same_field = {.fields = twice, .field_count = 2, .cells = cells, .row_count = 1};
    refused("deals", NULL, NULL, NULL, ATTAIN_USAGE, "A0902");
    refused("deal", "reps", "ana", NULL, ATTAIN_USAGE, "A0918");
    refused("deal", "amount", "1000", NULL, ATTAIN_USAGE, "A0918");
    refused("deal", "rep", "bea", NULL, ATTAIN_USAGE, "A0907");
    refused("deal", NULL, NULL, &other, ATTAIN_USAGE, "A0918");
    refused("deal", NULL, NULL, &same_field, ATTAIN_USAGE, "A0918");
}

Test(session, checks_cells_as_those_of_files) {
    refused_cell(0, (attain_cell){.kind = ATTAIN_CELL_MISSING}, "A0719");
    refused_cell(0, text_cell("d2"), "A0732");
    refused_cell(1, text_cell("bea"), "A0730");
    refused_cell(1, (attain_cell){.kind = ATTAIN_CELL_NUMBER, .number = 1}, "A0917");
    refused_cell(2, text_cell("many"), "A0722");
    refused_cell(2, (attain_cell){.kind = ATTAIN_CELL_DAY, .number = 20000}, "A0917");
    refused_cell(3, text_cell("2026-02-30"), "A0725");
    refused_cell(3, (attain_cell){.kind = ATTAIN_CELL_NUMBER, .number = 20000}, "A0917");
    refused_cell(3, (attain_cell){.kind = ATTAIN_CELL_DAY, .number = INT64_MAX}, "A0917");
    refused_cell(4, text_cell("maybe"), "A0728");
    const attain_cell scaled[] = {
        text_cell("d7"), text_cell("ben"), {.kind = ATTAIN_CELL_NUMBER, .number = 1, .scale = 19}};
    const char *fields[] = {"id", "rep", "amount"};
    const attain_rows rows = {.fields = fields, .field_count = 3, .cells = scaled, .row_count = 1};
    refused("deal", NULL, NULL, &rows, ATTAIN_USAGE, "A0917");
}

Test(session, refuses_arguments_that_are_not_there) {
    attain_results *results;
    const attain_rows reserved = {.reserved = {1}}, no_cells = {.row_count = 1};
    cr_expect_eq(attain_session_set_rows(NULL, "deal", NULL, NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_rows(session, NULL, NULL, NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_rows(session, "deal", "rep", NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_rows(session, "deal", NULL, NULL, &reserved), ATTAIN_USAGE);
    cr_expect_eq(attain_session_add_rows(session, "deal", &no_cells), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_param(session, NULL, "1%"), ATTAIN_USAGE);
    cr_expect_eq(attain_session_run(NULL, NULL, &results), ATTAIN_USAGE);
    cr_expect_eq(attain_session_run(session, NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_session_undo(NULL), ATTAIN_USAGE);
    cr_expect_null(attain_session_diagnostics(NULL));
    cr_expect_str_eq(paid(), FIRST);
}

Test(session, is_made_for_its_diagnostics_where_data_is_bad) {
    attain_data *data = data_of(REPS, "id,rep,amount,day,won\nd1,bea,1000,2026-01-05,yes\n", TARGETS);
    attain_run_options options = {.allocator = &host.allocator};
    attain_session *bad;
    attain_results *results;
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &bad), ATTAIN_BAD_DATA);
    cr_expect_eq(attain_diagnostics_errors(attain_session_diagnostics(bad)), 1);
    cr_expect_eq(attain_session_run(bad, NULL, &results), ATTAIN_USAGE);
    cr_expect_eq(attain_session_set_rows(bad, "deal", NULL, NULL, NULL), ATTAIN_USAGE);
    attain_session_free(bad);
    attain_data_free(data);
}

/* ---- stopping */

static bool stop(void *context) {
    (void)context;
    return true;
}

Test(session, can_be_used_after_it_was_stopped) {
    const attain_watch watch = {.cancelled = stop};
    attain_results *results;
    cr_expect_eq(attain_session_run(session, &watch, &results), ATTAIN_CANCELLED);
    cr_expect_null(results);
    cr_expect_str_eq(paid(), FIRST);
}

/* ---- reading */

Test(session, explains_the_last_run) {
    attain_results *results;
    struct text text = {0};
    const attain_cell cells[] = {text_cell("d7"), text_cell("ben"), text_cell("500.00"),
                                 text_cell("2026-01-05"), text_cell("yes")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    const attain_explain_options options = {.payee = "ben", .period = "2026-Q1"};
    cr_assert_eq(attain_session_set_rows(session, "deal", "rep", "ben", &rows), ATTAIN_OK);
    cr_assert_eq(attain_session_run(session, NULL, &results), ATTAIN_OK);
    cr_assert_eq(attain_explain(results, &options, text_write, &text), ATTAIN_OK);
    cr_expect_neq(strstr(text.at, "500.00"), NULL, "%s", text.at);
    cr_expect_neq(strstr(text.at, "d7"), NULL, "%s", text.at);
    free(text.at);
    uint64_t checked, wrong;
    text = (struct text){0};
    cr_assert_eq(attain_explain_check(results, NULL, &checked, &wrong, text_write, &text), ATTAIN_OK);
    cr_expect_eq(wrong, 0);
    free(text.at);
}

/* ---- memory */

static attain_status set_deals(size_t n, int64_t amount) {
    static const char *const keys[] = {"e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"};
    attain_cell cells[8 * 5];
    for (size_t i = 0; i < n; i++) {
        cells[i * 5] = text_cell(keys[i]);
        cells[i * 5 + 1] = text_cell("ben");
        cells[i * 5 + 2] = (attain_cell){.kind = ATTAIN_CELL_NUMBER, .number = amount, .scale = 2};
        cells[i * 5 + 3] = (attain_cell){.kind = ATTAIN_CELL_DAY, .number = 20454 + (int64_t)i};
        cells[i * 5 + 4] = (attain_cell){.kind = ATTAIN_CELL_FLAG, .number = 1};
    }
    const attain_rows rows = {.cells = cells, .row_count = n};
    return attain_session_set_rows(session, "deal", "rep", "ben", &rows);
}

Test(session, takes_no_memory_after_the_first_calls) {
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(set_deals(8, 12345), ATTAIN_OK);
        paid();
    }
    size_t calls = host.calls;
    for (size_t i = 0; i < 100; i++) {
        cr_assert_eq(set_deals(1 + i % 8, 100 + (int64_t)i), ATTAIN_OK);
        paid();
        if (i % 10 == 0) cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
        if (i % 25 == 0) cr_assert_eq(attain_session_keep(session), ATTAIN_OK);
    }
    cr_expect_eq(host.calls, calls, "%zu allocations in 100 calls", host.calls - calls);
    attain_results *results;
    struct text text = {0};
    cr_assert_eq(attain_session_run(session, NULL, &results), ATTAIN_OK);
    cr_assert_eq(attain_explain(results, NULL, text_write, &text), ATTAIN_OK);
    free(text.at);
    cr_expect_gt(host.calls, calls, "explaining takes memory, and it is counted");
}

Test(session, is_as_before_where_memory_fails) {
    for (size_t n = 1; n < 400; n++) {
        attain_session *other;
        attain_data *data = data_of(REPS, DEALS, TARGETS);
        attain_run_options options = {.allocator = &host.allocator};
        cr_assert_eq(attain_session_new(&policy, 1, data, &options, &other), ATTAIN_OK);
        attain_data_free(data);
        attain_session *mine = session;
        session = other;
        host.fail_at = host.calls + n;
        attain_results *results;
        attain_status status = set_deals(3, 777);
        bool changed = status == ATTAIN_OK;
        if (changed) status = attain_session_run(session, NULL, &results);
        bool done = host.calls < host.fail_at;
        host.fail_at = 0;
        cr_assert(status == ATTAIN_OK || status == ATTAIN_NO_MEMORY);
        if (!changed) cr_expect_str_eq(paid(), FIRST);
        cr_expect_eq(set_deals(3, 777), ATTAIN_OK);
        /* three deals of 7.77: 10% of 23.31; 1% to Ana; the pool is 10.2331 */
        cr_expect_str_eq(paid(), "ana commission 10000; ana overrides 23; ana kitty 256; "
                                 "ben commission 233; ben kitty 767; ");
        attain_session_free(session);
        session = mine;
        if (done) return;
    }
    cr_assert_fail("it never had enough");
}

/* ---- random changes, compared with attain_run */

enum { MOST = 40 };

struct deal {
    char id[8], rep[8];
    int64_t amount, day;
    bool won;
};

struct books { /* the rows as the test keeps them */
    struct deal deals[MOST * 4], saved[MOST * 4];
    size_t n, n_saved, serial;
    int rate, saved_rate; /* 0: as the policy gives it */
    int shares[4], saved_shares[4];
};

static const char *const names[] = {"ana", "ben", "cem", "dia"};
static uint64_t seed;
static uint64_t draw(uint64_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 20) % below;
}

static struct deal draw_deal(struct books *books, const char *rep) {
    struct deal deal = {
        .amount = (int64_t)draw(2000000) - 200000, .day = 20454 + (int64_t)draw(364), .won = draw(5) > 0};
    snprintf(deal.id, sizeof deal.id, "x%zu", books->serial++ % 1000000);
    snprintf(deal.rep, sizeof deal.rep, "%s", rep);
    return deal;
}

static char csv[3][1 << 16];

/* All rows as CSV, as attain_run reads them. */
static attain_data *as_files(const struct books *books) {
    char *reps = csv[0], *deals = csv[1];
    reps += sprintf(reps, "id,share,manager\n");
    for (int i = 0; i < 4; i++)
        reps += sprintf(reps, "%s,%d,%s\n", names[i], books->shares[i], i ? names[(i - 1) / 2] : "");
    deals += sprintf(deals, "id,rep,amount,day,won\n");
    for (size_t i = 0; i < books->n; i++) {
        const struct deal *d = &books->deals[i];
        int month = 1, rest = (int)(d->day - 20454);
        static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        while (rest >= days[month - 1])
            rest -= days[month++ - 1];
        deals += sprintf(deals, "%s,%s,%s%lld.%02lld,2026-%02d-%02d,%s\n", d->id, d->rep,
                         d->amount < 0 ? "-" : "", llabs((long long)d->amount) / 100,
                         llabs((long long)d->amount) % 100, month, rest + 1, d->won ? "yes" : "no");
    }
    return data_of(csv[0], csv[1], TARGETS);
}

static void put_deal(attain_cell *cells, const struct deal *deal, char *amount) {
    cells[0] = text_cell(deal->id);
    cells[1] = text_cell(deal->rep);
    cells[2] = (attain_cell){.kind = ATTAIN_CELL_NUMBER, .number = deal->amount, .scale = 2};
    if (draw(3) == 0) {
        sprintf(amount, "%lld.%02lld", (long long)deal->amount / 100, llabs((long long)deal->amount) % 100);
        if (deal->amount >= 0) cells[2] = text_cell(amount);
    }
    cells[3] = (attain_cell){.kind = ATTAIN_CELL_DAY, .number = deal->day};
    cells[4] = (attain_cell){.kind = ATTAIN_CELL_FLAG, .number = deal->won};
}

/* Replaces the deals of one payee, or adds some, in both. */
static void change_deals(struct books *books, bool add) {
    static attain_cell cells[MOST * 5];
    static char amounts[MOST][24];
    const char *rep = names[draw(4)];
    size_t n = draw(8), at = books->n, kept = 0;
    struct deal fresh[8];
    if (books->n + n > MOST * 3) add = false;
    for (size_t i = 0; i < n; i++) {
        fresh[i] = draw_deal(books, add ? names[draw(4)] : rep);
        put_deal(&cells[i * 5], &fresh[i], amounts[i]);
    }
    const attain_rows rows = {.cells = cells, .row_count = n};
    struct deal before[MOST * 4];
    size_t n_before = books->n;
    memcpy(before, books->deals, sizeof before);
    for (size_t i = n_before; !add && i-- > 0;)
        if (strcmp(before[i].rep, rep) == 0) at = i;
    for (size_t i = 0; i < at; i++)
        books->deals[kept++] = before[i];
    for (size_t i = 0; i < n; i++)
        books->deals[kept++] = fresh[i];
    for (size_t i = at; i < n_before; i++)
        if (strcmp(before[i].rep, rep) != 0) books->deals[kept++] = before[i];
    books->n = kept;
    cr_assert_eq(add ? attain_session_add_rows(session, "deal", &rows)
                     : attain_session_set_rows(session, "deal", "rep", rep, &rows),
                 ATTAIN_OK);
}

static void change_share(struct books *books) {
    size_t i = draw(4);
    char share[16];
    books->shares[i] = (int)draw(9) + 1;
    sprintf(share, "%d", books->shares[i]);
    const attain_cell cells[] = {text_cell(names[i]), text_cell(share),
                                 text_cell(i ? names[(i - 1) / 2] : "")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    cr_assert_eq(attain_session_set_rows(session, "rep", "id", names[i], &rows), ATTAIN_OK);
}

static void change(struct books *books) {
    char rate[16];
    switch (draw(10)) {
    case 0:
        books->rate = (int)draw(30) + 1;
        sprintf(rate, "%d%%", books->rate);
        cr_assert_eq(attain_session_set_param(session, "rate", rate), ATTAIN_OK);
        return;
    case 1: change_share(books); return;
    case 2:
        cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
        memcpy(books->deals, books->saved, sizeof books->saved);
        memcpy(books->shares, books->saved_shares, sizeof books->shares);
        books->n = books->n_saved;
        books->rate = books->saved_rate;
        return;
    case 3:
        if (draw(3)) return;
        cr_assert_eq(attain_session_keep(session), ATTAIN_OK);
        memcpy(books->saved, books->deals, sizeof books->saved);
        memcpy(books->saved_shares, books->shares, sizeof books->shares);
        books->n_saved = books->n;
        books->saved_rate = books->rate;
        return;
    default: change_deals(books, draw(4) == 0); return;
    }
}

static char *explained(attain_results *results) {
    struct text text = {0};
    const attain_explain_options options = {.payee = "ana"};
    cr_assert_eq(attain_explain(results, &options, text_write, &text), ATTAIN_OK);
    return text.at ? text.at : strdup("");
}

static void compare(const struct books *books, bool explain) {
    char rate[16];
    sprintf(rate, "%d%%", books->rate);
    const attain_setting setting = {"rate", rate};
    attain_run_options options = {
        .settings = &setting, .setting_count = books->rate > 0, .allocator = &host.allocator};
    attain_data *data = as_files(books);
    attain_results *fresh, *own;
    cr_assert_eq(attain_run(&policy, 1, data, &options, &fresh), ATTAIN_OK);
    char *want = strdup(csv_of(fresh));
    cr_assert_eq(attain_session_run(session, NULL, &own), ATTAIN_OK);
    cr_assert_str_eq(csv_of(own), want);
    if (explain) {
        char *a = explained(fresh), *b = explained(own);
        cr_assert_str_eq(a, b);
        free(a);
        free(b);
    }
    free(want);
    attain_results_free(fresh);
    attain_data_free(data);
}

Test(session, pays_what_a_run_of_the_same_rows_pays, .timeout = 60) {
    static struct books books;
    for (uint64_t round = 1; round <= 8; round++) {
        seed = round * UINT64_C(0x9E3779B97F4A7C15);
        books = (struct books){.shares = {1, 3, 2, 2}};
        memcpy(books.saved_shares, books.shares, sizeof books.shares);
        attain_data *data = as_files(&books);
        attain_run_options options = {.allocator = &host.allocator};
        attain_session_free(session);
        cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
        attain_data_free(data);
        for (int step = 0; step < 60; step++) {
            change(&books);
            if (draw(2)) compare(&books, draw(6) == 0);
        }
    }
}

/* ---- several policies, several threads */

#define OF_TEAM(team, rate)                                                                                  \
    "policy \"" team "\" effective from 2026-01-01 to 2026-12-31 currency USD period year\n"                 \
    "payee rep from \"r.csv\" { id text key  team text }\n"                                                  \
    "applies to rep where team = \"" team "\"\n"                                                             \
    "data deal from \"d.csv\" { rep rep  amount money  day date }\n"                                         \
    "credit c from deal to rep on day amount deal.amount\n"                                                  \
    "measure m = sum of amount from c\npay p on m = " rate "\n"

Test(session, changes_the_rows_of_all_policies) {
    attain_policy *both[2];
    attain_policy_options compiling = {.allocator = &host.allocator};
    const char *texts[] = {OF_TEAM("a", "10%"), OF_TEAM("b", "20%")};
    for (int i = 0; i < 2; i++)
        cr_assert_eq(attain_policy_compile("b", texts[i], strlen(texts[i]), &compiling, &both[i]), ATTAIN_OK);
    attain_data *data;
    const char *reps = "id,team\nana,a\nben,b\n", *deals = "rep,amount,day\nana,100,2026-01-05\n";
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), NULL), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "deal", deals, strlen(deals), NULL), ATTAIN_OK);
    attain_run_options options = {.allocator = &host.allocator};
    attain_session *mine = session;
    cr_assert_eq(attain_session_new(both, 2, data, &options, &session), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana p 1000; ");
    const attain_cell cells[] = {text_cell("ben"), text_cell("50"), text_cell("2026-02-05")};
    const attain_rows rows = {.cells = cells, .row_count = 1};
    cr_assert_eq(attain_session_add_rows(session, "deal", &rows), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana p 1000; ben p 1000; ");
    /* Ben changes to the other team: 10% of 50 */
    const attain_cell ben[] = {text_cell("ben"), text_cell("a")};
    const attain_rows payee = {.cells = ben, .row_count = 1};
    cr_assert_eq(attain_session_set_rows(session, "rep", "id", "ben", &payee), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana p 1000; ben p 500; ");
    cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
    cr_expect_str_eq(paid(), "ana p 1000; ");
    attain_session_free(session);
    session = mine;
    attain_data_free(data);
    for (int i = 0; i < 2; i++)
        attain_policy_release(both[i]);
}

struct worker {
    pthread_t thread;
    attain_session *session;
    uint64_t seed;
    int64_t sum, want;
    bool failed;
};

static void *work(void *context) {
    struct worker *worker = context;
    for (int i = 0; i < 200 && !worker->failed; i++) {
        worker->seed = worker->seed * UINT64_C(6364136223846793005) + 1;
        int64_t amount = (int64_t)(worker->seed >> 40) * 10;
        const attain_cell cells[] = {text_cell("t1"),
                                     text_cell("ana"),
                                     {.kind = ATTAIN_CELL_NUMBER, .number = amount, .scale = 2},
                                     {.kind = ATTAIN_CELL_DAY, .number = 20460},
                                     {.kind = ATTAIN_CELL_FLAG, .number = 1}};
        const attain_rows rows = {.cells = cells, .row_count = 1};
        attain_results *results;
        attain_line line;
        worker->failed = attain_session_set_rows(worker->session, "deal", "rep", "ana", &rows) != ATTAIN_OK ||
                         attain_session_run(worker->session, NULL, &results) != ATTAIN_OK ||
                         attain_results_line(results, 0, &line) != ATTAIN_OK;
        if (worker->failed) break;
        worker->sum += line.amount;
        worker->want += amount / 10; /* 10% of whole tens of cents */
    }
    return NULL;
}

Test(session, sessions_of_one_policy_run_in_threads) {
    struct worker workers[4];
    attain_data *data = data_of(REPS, DEALS, TARGETS);
    attain_run_options options = {.allocator = &host.allocator};
    for (size_t i = 0; i < 4; i++) {
        workers[i] = (struct worker){.seed = i + 1};
        cr_assert_eq(attain_session_new(&policy, 1, data, &options, &workers[i].session), ATTAIN_OK);
    }
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(workers[i].thread, NULL);
        cr_expect(!workers[i].failed);
        cr_expect_eq(workers[i].sum, workers[i].want);
        attain_session_free(workers[i].session);
    }
    attain_data_free(data);
}
