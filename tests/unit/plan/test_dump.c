/* test_dump: a plan as a table (--explain-plan) and as a drawing. */
#include "lowering.h"

TestSuite(test_dump, .init = begin_test, .fini = end_test);

static char printed[20000];
static size_t n_printed;

static int keep(void *context, const char *bytes, size_t n) {
    (void)context;
    if (n_printed + n >= sizeof printed) return 28;
    memcpy(printed + n_printed, bytes, n);
    printed[n_printed += n] = 0;
    return 0;
}

static const char *dumped(void (*dump)(const struct at_plan *, struct at_arena *, struct at_sink *)) {
    static struct at_sink out;
    struct at_arena scratch;
    at_arena_init(&scratch, NULL, NULL);
    n_printed = 0;
    at_sink_init(&out, keep, NULL);
    dump(it.plan, &scratch, &out);
    at_arena_free(&scratch);
    cr_assert_eq(at_sink_flush(&out), 0);
    return printed;
}

/* Reps are paid 10% over their own quota: deals are added up, the quota is each payee's. */
static const char small[] = POLICY "pay p on bookings = 10% over rep.quota when rep.level > 2 cap p at $40k";

Test(test_dump, the_whole_of_a_small_plan) {
    lower(small);
    cr_expect_str_eq(dumped(at_plan_dump),
                     "id   op          grain        pass inputs      description\n"
                     "0    load        row deal        0   -           rep\n"
                     "1    load        row deal        0   -           closed_on\n"
                     "2    load        row deal        0   -           id\n"
                     "3    load        row deal        0   -           amount\n"
                     "4    take        credit booking  0   3\n"
                     "5    sum         cell            0   4           of booking  = bookings\n"
                     "6    load        row rep         0   -           level\n"
                     "7    const       const           0   -           2\n"
                     "8    <           row rep         0   7 6\n"
                     "9    const       const           0   -           0.1\n"
                     "10   load        row rep         0   -           quota\n"
                     "11   payee       cell            0   -\n"
                     "12   follow      cell            0   10 11\n"
                     "13   over        cell            0   5 12\n"
                     "14   *           cell            0   9 13\n"
                     "15   const       const           0   -           0 USD\n"
                     "16   follow      cell            0   8 11\n"
                     "17   if          cell            0   16 14 15\n"
                     "18   round       cell            0   17          2 decimals, half up  = p\n"
                     "19   const       const           0   -           40000 USD\n"
                     "20   spread      cell            0   19\n"
                     "21   min         cell            0   17 20\n"
                     "22   round       cell            0   21          2 decimals, half up  = p\n"
                     "feed booking from deal to 0 on 1\n"
                     "pay p exact 17 earned 18 adjusted 21 value 22\n"
                     "adjusts p before 17 after 21 at 20\n"
                     "23 nodes, 1 pass\n");
}

Test(test_dump, what_is_not_needed_is_marked) {
    lower(POLICY "measure deals = count from booking\npay p = 1% of bookings");
    cr_expect(
        strstr(dumped(at_plan_dump), "count       cell            0-  -           of booking  = deals\n"));
}

Test(test_dump, a_drawing_escapes_what_it_quotes) {
    lower(POLICY "measure m = count from booking where region is \"a\\\"b\"\npay p = $1 * m");
    const char *dot = dumped(at_plan_dump_dot);
    cr_expect_eq(strncmp(dot, "digraph plan {", 14), 0);
    cr_expect(strstr(dot, "\\\"a\\\"b\\\""));
    cr_expect(strstr(dot, " -> n"));
    cr_expect_str_eq(dot + strlen(dot) - 2, "}\n");
}

Test(test_dump, payloads_say_what_they_hold) {
    lower(
        POLICY
        "measure goal = sum of amount from target to rep on quarter per quarter\n"
        "rates tiers { from 0%: 1% above 100%: 1/3 }\n"
        "table rate by product { \"core\" | 8%\n other | 5% }\n"
        "pay p = tiers(ytd(bookings) / ytd(goal)) of bookings + $1 * rank(bookings by team) + 1% of "
        "trailing(bookings, 3)\n"
        "pay q per booking = rate of amount when region in (\"e\", \"w\") and lower(region) <> \"x\" and "
        "paid_on is not missing and paid_on within 9 days of closed_on\n"
        "pool team on bookings = 1% split by contribution including negatives\n"
        "floor p at $1 when prior(bookings) is missing cap total at $5 per year require p >= $0 else \"x\"");
    const char *text = dumped(at_plan_dump);
    static const char *const pieces[] = {"from 0: 0.01, above 1: 1/3",
                                         "  year",
                                         "quarter",
                                         "in group 1",
                                         "  3\n",
                                         "\"e\", \"w\"",
                                         "lower",
                                         "9 days",
                                         "-9 days",
                                         "including negatives",
                                         "rate\n",
                                         "feed #1 from target to",
                                         "per quarter",
                                         "adjusts p before",
                                         "adjustment cap total",
                                         "require ",
                                         "when "};
    for (size_t i = 0; i < AT_COUNT(pieces); i++)
        cr_expect(strstr(text, pieces[i]), "%s in\n%s", pieces[i], text);
}
