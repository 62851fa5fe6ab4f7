/* test_types: the type of each expression of a small policy, as messages would print it; "!" and the first
 * code where it is refused. */
#include "checking.h"

static const char BEFORE[] =
    "policy \"T\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
    "payee rep { id text key  team text  manager rep optional  hired date  level one of (\"a\", \"b\") }\n"
    "data deal { id text key  rep rep  amount money  fee money EUR  units number  day date  paid date "
    "optional  won flag }\n"
    "credit booking from deal to rep on day\n"
    "measure bookings = sum of amount from booking\n"
    "measure units = sum of units from booking\n"
    "param rate = 8%\n"
    "rates tiers { from 0%: 5%  from 100%: 8% }\n"
    "rates fees { from 0: $5  from 10: $8 }\n"
    "table grade by team { \"x\" | 1  other | 2 }\n"
    "function half(a money) money = a / 2\n";

static const char *code_of(const struct checking *c) {
    for (uint32_t i = 0; i < c->diags.n; i++)
        if (c->diags.at[i]->severity == AT_SEV_ERROR) return at_diag_code_info(c->diags.at[i]->code)->name;
    return NULL;
}

static void is(const char *expr, const char *wanted) {
    char text[4000];
    snprintf(text, sizeof text, "%smeasure it = %s\n", BEFORE, expr);
    struct checking *c = checking_of(text);
    const char *code = code_of(c);
    char got[300];
    const struct at_check_symbol *it = c->checked->measures[c->checked->n_measures - 1].symbol;
    at_str printed = at_check_type_print(&c->arena, c->checked, it->type);
    if (code)
        snprintf(got, sizeof got, "!%s", code);
    else
        snprintf(got, sizeof got, "%.*s", AT_STR_ARG(printed));
    cr_expect_str_eq(got, wanted, "`%s` is %s, not %s\n%s", expr, got, wanted, checking_messages(c));
    checking_end(c);
}

Test(test_types, arithmetic) {
    is("1 + 2%", "a number");
    is("bookings + $5", "money");
    is("bookings * 2", "money");
    is("2 * bookings", "money");
    is("bookings / $5", "a number");
    is("bookings / 5", "money");
    is("-bookings", "money");
    is("bookings + 5", "!A0301");
    is("bookings - 5%", "!A0301");
    is("bookings * bookings", "!A0302");
    is("5 / bookings", "!A0303");
    is("bookings + €5", "!A0304");
    is("bookings / €5", "!A0304");
    is("€5 * 2", "money in EUR");
    is("bookings / 0", "!A0323");
    is("team + 1", "!A0324");
    is("-team", "!A0309");
}

Test(test_types, rates_and_slices) {
    is("10% of bookings", "money");
    is("10% of units", "a number");
    is("tiers(bookings / $5) of bookings", "money");
    is("fees(units) of units", "money");
    is("$5 of units", "!A0316");
    is("10% of team", "!A0316");
    is("bookings over $5", "money");
    is("bookings up to 50% of $5", "money");
    is("bookings between $1 and $2", "money");
    is("units between 1 and 2", "a number");
    is("bookings over 5", "!A0318");
    is("10% over $5", "!A0319");
    is("bookings through tiers of $5", "money");
    is("bookings through tiers", "!A0337");
    is("units through tiers", "a number");
    is("units through fees", "money");
    is("bookings through fees of $5", "!A0337");
    is("bookings through nothing", "!A0202");
    is("bookings through half", "!A0203");
}

Test(test_types, comparisons_and_conditions) {
    is("bookings > $5 and units <= 3 or not (team is \"x\")", "yes or no");
    is("level is \"a\"", "yes or no");
    is("level is not \"c\"", "!A0306");
    is("level < \"a\"", "!A0307");
    is("level is team", "yes or no");
    is("team < \"m\"", "yes or no");
    is("level in (\"a\", \"b\")", "yes or no");
    is("level in (\"c\")", "!A0306");
    is("units not in (1, 2)", "yes or no");
    is("units in (1, \"2\")", "!A0305");
    is("bookings > 5", "!A0305");
    is("hired > \"2026-01-01\"", "!A0325");
    is("hired > 2026-01-01", "yes or no");
    is("hired within 90 days of period.end", "yes or no");
    is("hired within 3 months of period.end", "yes or no");
    is("hired within 90 days of team", "!A0327");
    is("rep is \"ana\"", "yes or no");
    is("rep.manager is missing", "yes or no");
    is("bookings and yes", "!A0308");
    is("not bookings", "!A0308");
    is("if bookings > $5 then 1 else 2", "a number");
    is("if bookings > $5 then $1 else 2", "!A0313");
    is("if units > 5 then \"a\" else team", "text");
    is("choose { when units > 5: $1  when units > 3: $2  otherwise: bookings }", "money");
    is("choose { when units > 5: $1  otherwise: 2% }", "!A0313");
}

Test(test_types, dates_and_periods) {
    is("hired + 90 days", "a date");
    is("hired - 6 months", "a date");
    is("90 days + 3 days", "a number of days");
    is("90 days + 3 months", "!A0326");
    is("hired - hired", "!A0326");
    is("hired + 1", "!A0326");
    is("days(hired, period.end)", "a number");
    is("year(hired) + month(hired) + day(hired)", "a number");
    is("period.start", "a date");
    is("period.days * 1.5x", "a number");
    is("period.index", "a number");
    is("period.weeks", "!A0225");
    is("period", "a period");
    is("hired.year", "!A0330");
    is("period is 2026-Q1", "yes or no");
    is("period < 2026-Q3", "yes or no");
}

Test(test_types, what_may_be_missing) {
    is("prior(bookings)", "money that may be missing");
    is("prior(bookings) + $1", "!A0310");
    is("ifmissing(prior(bookings), $0) + $1", "money");
    is("ifmissing(prior(bookings), 0)", "!A0313");
    is("ifmissing(prior(bookings, 2), prior(bookings))", "money that may be missing");
    is("if prior(bookings) is missing then $0 else prior(bookings)", "money");
    is("if prior(bookings) is not missing then prior(bookings) else $0", "money");
    is("if prior(bookings) is missing then prior(bookings) + $1 else $0", "!A0310");
    is("prior(bookings) is not missing and prior(bookings) > $5", "yes or no");
    is("prior(bookings) is missing or prior(bookings) > $5", "yes or no");
    is("prior(bookings) is missing and prior(bookings) > $5", "!A0310");
    is("rep.manager.team", "text that may be missing");
    is("rep.manager.team is \"x\"", "!A0310");
    is("if rep.manager is missing then \"none\" else rep.manager.team", "text");
    is("average of amount from deal to rep on day", "money that may be missing");
    is("min of amount from deal to rep on day", "money that may be missing");
    is("count from deal where paid is not missing and paid > day to rep on day", "a number");
    is("count from deal where paid > day to rep on day", "!A0310");
    is("sum of amount from deal where paid is not missing to rep on paid", "money");
}

Test(test_types, calls) {
    is("half(bookings)", "money");
    is("half(units)", "!A0315");
    is("half(bookings, $1)", "!A0314");
    is("halve(bookings)", "!A0202");
    is("bookings(1)", "!A0333");
    is("grade(team)", "a number");
    is("grade", "a number");
    is("grade(rep)", "a number");
    is("grade(units)", "!A0315");
    is("tiers", "!A0203");
    is("min(bookings, $5, bookings * 2)", "money");
    is("max(1, bookings)", "!A0315");
    is("max(1)", "!A0314");
    is("abs(-units)", "a number");
    is("round(bookings, 2)", "money");
    is("round(bookings, units)", "!A0403");
    is("round(bookings, 2.5)", "!A0336");
    is("average(units, 2)", "a number");
    is("average(units)", "!A0409");
    is("ytd(bookings)", "money");
    is("qtd(units) + htd(units)", "a number");
    is("trailing(bookings, 3)", "money");
    is("trailing(bookings, 0)", "!A0336");
    is("ytd(team)", "!A0315");
    is("running(bookings)", "!A0406");
    is("total(bookings)", "money");
    is("total(bookings by team)", "money");
    is("rank(bookings by level)", "a number");
    is("rank(bookings by tem)", "!A0225");
    is("share(bookings) of bookings", "money");
    is("lower(trim(team))", "text");
    is("contains(team, \"x\") or starts(level, \"y\") or ends(team, \"z\")", "yes or no");
    is("contains(team, 5)", "!A0315");
}

Test(test_types, grains) {
    is("sum of amount from booking where rep.team is \"x\" and deal.units > 3", "money");
    is("sum of amount from booking where amount > bookings * 2", "money");
    is("sum of amount from booking where amount > it", "!A0205");
    is("sum of amount from booking where amount > rate * $5", "money");
    is("sum of deal.amount from booking on paid", "!A0310");
    is("count from booking where units > 3", "a number");
    is("sum of team from booking", "!A0202");
    is("sum of units from bookings", "!A0203");
    is("sum of amount from deal where bookings > $5 to rep on day", "!A0402");
    is("sum of amount from deal where period is 2026-Q1 to rep on day", "!A0412");
    is("amount", "!A0401");
    is("deal.amount", "!A0401");
    is("deal", "!A0401");
    is("booking", "!A0203");
    is("total", "!A0410");
    is("it * 2", "!A0205");
    is("max of day from deal to rep on day", "a date that may be missing");
    is("sum of won from deal to rep on day", "!A0339");
}
