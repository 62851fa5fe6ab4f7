/* test_limits: as many statements as one policy can have, and one more. */
#include "checking.h"

/* A policy of two measures and two components, with as many lines more as are asked for. */
static struct checking *with_lines(const char *line, unsigned n) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    static const char HEAD[] =
        "policy \"T\" effective from 2026-01-01 currency USD period quarter\n"
        "payee rep { id text key }\nmeasure a = $1\nmeasure b = a\npay x = a\npay y = b\n";
    size_t room = sizeof HEAD + (size_t)n * (strlen(line) + 8), at = sizeof HEAD - 1;
    char *text = at_arena_get(&arena, room);
    memcpy(text, HEAD, sizeof HEAD);
    for (unsigned i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, line, i);
    struct checking *c = checking_of(text);
    at_arena_free(&arena);
    return c;
}

static void expect_limit(const char *line, unsigned more) {
    struct checking *c = with_lines(line, more);
    cr_expect(c->diags.errors == 0 && c->status == AT_OK, "%s", checking_messages(c));
    checking_end(c);
    c = with_lines(line, more + 1);
    cr_expect(c->diags.errors == 1 && c->status == AT_REJECTED, "%s", checking_messages(c));
    cr_expect(strstr(checking_messages(c), "[A0492]"));
    checking_end(c);
}

Test(test_limits, of_measures_and_credits) {
    expect_limit("measure m%u = a\n", 31998);
}

Test(test_limits, of_components_and_what_adjusts_them) {
    expect_limit("pay p%u = a\n", 31998);
}

Test(test_limits, of_tables) {
    expect_limit("data t%u { n number }\n", 31999);
}

Test(test_limits, of_labels_of_one_message) {
    enum { RECIPIENTS = 2000, MOST = 24 };
    static char text[RECIPIENTS * 16 + 400];
    int at = snprintf(text, sizeof text,
                      "policy \"T\" effective from 2026-01-01 currency USD period quarter\n"
                      "payee rep { id text key }\ndata deal { rep rep  amount money  day date }\n"
                      "credit c from deal on day to rep at 1%%");
    for (unsigned i = 1; i < RECIPIENTS; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, ", rep at 1%%");
    snprintf(text + at, sizeof text - (size_t)at, "\nmeasure m = sum of amount from c\npay x = m\n");
    struct checking *c = checking_of(text);
    cr_assert(c->diags.n == 1 && c->diags.at[0]->code == AT_A0417, "%s", checking_messages(c));
    cr_expect(c->diags.at[0]->n_labels <= MOST);
    checking_end(c);
}
