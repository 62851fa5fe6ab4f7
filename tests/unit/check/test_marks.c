/* test_marks: what a bare rate under `on BASE` applies to: R marks a rate (times BASE), S a slice whose x is
 * a rate. */
#include "checking.h"

static const char BEFORE[] =
    "policy \"T\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
    "payee rep { id text key  senior flag }\n"
    "data deal { id text key  rep rep  amount money  units number  day date }\n"
    "credit booking from deal to rep on day\n"
    "measure bookings = sum of amount from booking\n"
    "measure units = sum of units from booking\n"
    "rates tiers { from 0%: 5%  from 100%: 8% }\n";

struct printing {
    const struct checking *c;
    char *at;
};

/* Every marked node as it stands in the source, in order of the source, with its letter. */
static bool print_marks(void *context, const struct at_ast_node *node) {
    struct printing *p = context;
    uint8_t marks = p->c->checked->marks[node->id];
    if (marks) {
        at_str text = at_diag_sources_text(&p->c->sources, node->span);
        p->at += sprintf(p->at, "%c[%.*s]", marks & AT_MARK_RATE ? 'R' : 'S', AT_STR_ARG(text));
    }
    return true;
}

static void marks(const char *pay, const char *wanted) {
    char text[3000], got[1000] = "";
    snprintf(text, sizeof text, "%spay it %s\n", BEFORE, pay);
    struct checking *c = checking_of(text);
    struct printing p = {c, got};
    cr_expect(c->status == AT_OK, "%s", checking_messages(c));
    at_ast_walk(checking_statement(c, "it"), print_marks, &p);
    cr_expect_str_eq(got, wanted, "`pay it %s` marks %s", pay, got);
    checking_end(c);
}

Test(test_marks, a_rate_alone_or_in_a_sum) {
    marks("on bookings = 10%", "R[10%]");
    marks("on bookings = 10% + 5%", "R[10% + 5%]");
    marks("on bookings = 10% + $5", "R[10%]");
    marks("on bookings = $5 - tiers(bookings / $5)", "R[tiers(bookings / $5)]");
    marks("on bookings = 10% * 2 + $5", "R[10% * 2]");
    marks("= 10% of bookings", "");
    marks("on bookings = $5", "");
}

Test(test_marks, slices_of_the_base) {
    marks("on bookings = 10% over $5", "S[10% over $5]");
    marks("on bookings = 10% up to $5 + 12% between $5 and $9 + 15% over $9",
          "S[10% up to $5]S[12% between $5 and $9]S[15% over $9]");
    marks("on bookings = 10% over 150% of $5", "S[10% over 150% of $5]");
    marks("on bookings = 50% of (10% over $5)", "S[10% over $5]");
    marks("on bookings = 10% over $5 + 2%", "S[10% over $5]R[2%]");
    marks("on bookings = tiers(bookings / $5) over $5", "S[tiers(bookings / $5) over $5]");
    marks("on bookings = bookings over $5", "");
    marks("on bookings = 10% of (bookings over $5)", "");
    marks("on units = $5 over 100", "S[$5 over 100]");
    marks("on units = $5 * (2 over 100)", "S[2 over 100]");
}

Test(test_marks, branches_and_the_least_of_several) {
    marks("on bookings = if senior then 10% else 5%", "R[if senior then 10% else 5%]");
    marks("on bookings = if senior then 10% else $5", "R[10%]");
    marks("on bookings = if senior then 10% over $5 else 5%", "S[10% over $5]R[5%]");
    marks("on bookings = choose { when senior: 10%  otherwise: $5 } + 1%", "R[10%]R[1%]");
    marks("on bookings = min(10%, $5)", "R[10%]");
    marks("on bookings = min(10%, 12%)", "R[min(10%, 12%)]");
    marks("on bookings = max(10% over $5, 2%, $1)", "S[10% over $5]R[2%]");
    marks("on bookings = -10% + $5", "R[-10%]");
}

Test(test_marks, credits_and_pools) {
    marks("per booking on amount = 2%", "R[2%]");
    marks("per booking on amount = 2% over $1,000", "S[2% over $1,000]");
    struct checking *c = checking_of("policy \"T\" effective from 2026-01-01 currency USD period quarter\n"
                                     "payee rep { id text key  team text }\n"
                                     "data deal { id text key  rep rep  amount money  day date }\n"
                                     "credit booking from deal to rep on day\n"
                                     "measure bookings = sum of amount from booking\n"
                                     "pool team on bookings = 20% split by contribution\n");
    cr_expect(c->status == AT_OK, "%s", checking_messages(c));
    const struct at_check_component_decl *pool = &c->checked->components[0];
    cr_expect_eq(c->checked->marks[pool->expr->id], AT_MARK_RATE);
    cr_expect_eq(pool->group_field, 1);
    cr_expect_eq(pool->split, AT_OP_CONTRIBUTION);
    checking_end(c);
}
