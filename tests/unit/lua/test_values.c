/* Exact values inside a hook: what arithmetic, comparison and text make of them, and what has no meaning.
 * Figures by hand. */
#include "rig.h"

/* The text that an expression gives, or "! " and the error. */
static void expect(const char *expression, const char *wanted) {
    char body[1024];
    struct rig *rig;
    snprintf(body, sizeof body, "return tostring(%s)", expression);
    const char *got = rig_eval(&rig, body);
    cr_expect_str_eq(got, wanted, "%s\n  got    %s\n  wanted %s", expression, got, wanted);
    rig_close(rig);
}

static void expect_error(const char *expression, const char *part) {
    char body[1024];
    struct rig *rig;
    snprintf(body, sizeof body, "local y = %s\nreturn tostring(y)", expression);
    const char *got = rig_eval(&rig, body);
    cr_expect(got[0] == '!' && strstr(got, part) && strstr(got, "f.lua:2: "), "%s\n  got    %s\n  wanted %s",
              expression, got, part);
    rig_close(rig);
}

Test(values, numbers_are_exact) {
    expect("x / 3 * 3", "7");
    expect("x / 3", "7/3");
    expect("attain.number(\"0.1\") + attain.number(\"0.2\")", "0.3");
    expect("attain.percent(10) * 5", "0.5");
    expect("attain.percent(\"12.5\")", "0.125");
    expect("attain.number(\"1/3\") + attain.number(\"1/6\")", "0.5");
    expect("attain.number(\"12.5%\")", "0.125");
    expect("x * 9223372036854775807", "64563604257983430649"); /* 2^63 - 1 times 7 */
    expect("-x", "-7");
    expect("x // 2", "3");
    expect("-x // 2", "-4");
    expect("x % 4", "3");
    expect("-x % 4", "1");
    expect("x ^ 20", "79792266297612001");
    expect("x ^ -1", "1/7");
}

/* Both parts are wide: (10^40 + 1) / (10^40 + 1) is 1, and (3 x 10^40 + 3) / (10^40 + 1) is 3. */
Test(values, a_fraction_of_two_long_numbers) {
    expect("attain.number(\"10000000000000000000000000000000000000001/"
           "10000000000000000000000000000000000000001\")",
           "1");
    expect("attain.number(\"30000000000000000000000000000000000000003/"
           "10000000000000000000000000000000000000001\")",
           "3");
}

/* 5% is 0.05, however it is written. */
Test(values, percentages_are_consistent) {
    expect("attain.percent(5)", "0.05");
    expect("attain.percent(\"5\")", "0.05");
    expect("attain.percent(\"5%\")", "0.05");
    expect("attain.percent(\" 5 % \")", "0.05");
    expect("attain.percent(attain.number(5))", "0.05");
    expect("attain.number(\"5%\")", "0.05");
    expect("attain.percent(\"6.85\")", "0.0685");
    expect("attain.percent(\"1/4\")", "0.0025");
    expect_error("attain.money(\"5%\")", "attain.money requires an amount, found the percentage \"5%\"");
    expect_error("attain.number(\"5%%\")", "requires a number such as");
    expect_error("attain.number(\"%\")", "requires a number such as");
    expect_error("attain.percent(6.85)",
                 "6.85 is a float, which is not exact. Write attain.percent(\"6.85\")");
    expect_error("attain.money(1.5)", "Write attain.money(\"1.5\")");
}

/* The name of a function in a message is as it is called: methods by themselves. */
Test(values, values_that_a_function_does_not_take_are_refused) {
    expect_error("attain.number(\"2.5\"):round(0, \"even\")", "`round` takes at most 1 value, found 2");
    expect_error("x:floor(2)", "`floor` takes no value, found 1");
    expect_error("x:ceil(0)", "`ceil` takes no value");
    expect_error("x:abs(0)", "`abs` takes no value");
    expect_error("x:integer(0)", "`integer` takes no value");
    expect_error("x:text(2, true)", "`text` takes at most 1 value, found 2");
    expect_error("x:rounddown(2, 1)", "`rounddown` takes at most 1 value");
    expect_error("x:roundup(2, 1)", "`roundup` takes at most 1 value");
    expect_error("x:round(\"2\")", "round requires a number, found text");
    expect_error("attain.number()", "`attain.number` takes 1 value, found 0");
    expect_error("attain.number(1, 2)", "`attain.number` takes 1 value, found 2");
    expect_error("attain.percent(1, 2)", "`attain.percent` takes 1 value");
    expect_error("attain.money(1, \"USD\", 2)", "`attain.money` takes 1 to 2 values, found 3");
    expect_error("attain.date(2026, 1)", "`attain.date` takes a text, or a year, a month, and a day");
    expect_error("attain.date(2026, 1, 1, 12)", "`attain.date` takes");
    expect_error("attain.period(\"2026-Q1\", 1)", "`attain.period` takes 1 value");
    expect_error("attain.days(1, 2)", "`attain.days` takes 1 value");
    expect_error("attain.months(1, 2)", "`attain.months` takes 1 value");
    expect_error("math.floor(1, 2)", "`math.floor` takes 1 value, found 2");
    expect_error("math.ceil(x, 2)", "`math.ceil` takes 1 value");
    expect_error("math.abs()", "`math.abs` takes 1 value, found 0");
    expect_error("math.tointeger(x, 10)", "`math.tointeger` takes 1 value");
    expect_error("math.max()", "value expected");
    expect_error("tonumber(\"10\", 2)", "reads decimal digits only");
    expect_error("type()", "`type` takes 1 value, found 0");
    expect_error("rawequal(1)", "`rawequal` takes 2 values, found 1");
    expect_error("rawlen({}, 1)", "`rawlen` takes 1 value");
    expect_error("setmetatable({})", "`setmetatable` takes 2 values, found 1");
    expect_error("getmetatable({}, 1)", "`getmetatable` takes 1 value");
    expect_error("pairs({}, 1)", "`pairs` takes 1 value");
    expect_error("ipairs({}, 1)", "`ipairs` takes 1 value");
    expect_error("next({}, nil, 1)", "`next` takes 1 to 2 values");
    expect_error("string.len(\"a\", 1)", "`string.len` takes 1 value");
    expect_error("(\"a\"):sub()", "`string.sub` takes 2 to 3 values, found 1");
    expect_error("(\"a\"):sub(1, 2, 3)", "`string.sub` takes 2 to 3 values, found 4");
    expect_error("(\"a\"):upper(1)", "`string.upper` takes 1 value");
    expect_error("(\"a\"):lower(1)", "`string.lower` takes 1 value");
    expect_error("(\"a\"):reverse(1)", "`string.reverse` takes 1 value");
    expect_error("(\"a\"):rep()", "`string.rep` takes 2 to 3 values");
    expect_error("(\"a\"):byte(1, 2, 3)", "`string.byte` takes 1 to 3 values");
    expect_error("(\"a\"):find()", "`string.find` takes 2 to 4 values");
    expect_error("(\"a\"):find(\"a\", 1, \"plain\")", "must be true or false, found text");
    expect_error("(\"a\"):match(\"a\", 1, true)", "`string.match` takes 2 to 3 values");
    expect_error("(\"a\"):gmatch(\"a\", 1)", "`string.gmatch` takes 2 values, found 3");
    expect_error("(\"a\"):gsub(\"a\")", "`string.gsub` takes 3 to 4 values");
    expect_error("(\"%d\"):format(1, 2)", "expected 1 value, found 2");
    expect_error("(\"%d %d\"):format(1)", "missing value for `%d`");
    expect_error("table.concat({}, \"\", 1, 1, 1)", "`table.concat` takes 1 to 4 values");
    expect_error("table.remove({}, 1, 2)", "`table.remove` takes 1 to 2 values");
    expect_error("table.insert({})", "`table.insert` takes 2 to 3 values");
    expect_error("table.sort({}, function() end, 1)", "`table.sort` takes 1 to 2 values");
    expect_error("table.unpack({}, 1, 2, 3)", "`table.unpack` takes 1 to 3 values");
    expect_error("utf8.len(\"a\", 1)", "`utf8.len` takes 1 value");
    expect_error("utf8.codepoint(\"a\", 1, 2)", "`utf8.codepoint` takes 1 to 2 values");
    expect_error("utf8.codes(\"a\", true)", "`utf8.codes` takes 1 value");
    expect_error("utf8.sub(\"a\")", "`utf8.sub` takes 2 to 3 values");
    expect_error("select(\"#x\", 1)", "requires a number");
}

Test(values, common_idioms_still_work) {
    expect("tostring((\"a-b\"):gsub(\"-\", \"+\"))", "a+b"); /* its count is passed on as well */
    expect("select(\"#\", 1, nil, 3)", "3");
    expect("(\"ab\"):gsub(\"%w\", string.upper)", "AB");
    expect("math.max(1, 2, 3)", "3");
    expect("string.char(72, 105)", "Hi");
    expect("(\"%s\"):format(nil)", "nil");
}

Test(values, names_that_a_library_does_not_have_are_errors) {
    expect_error("math.huge", "`math.huge` is not available in hooks");
    expect_error("x == math.pi", "`math.pi` is not available in hooks");
    expect_error("attain.percnt(5)", "`attain.percnt` is not available in hooks");
    expect_error("(\"a\"):uper()", "`string.uper` is not available in hooks");
    expect_error("table.move", "`table.move` is not available in hooks");
    expect_error("utf8.charpattern", "`utf8.charpattern` is not available in hooks");
    expect_error("misspelled", "unknown name `misspelled`");
}

Test(values, long_numbers_go_through_all_forms) {
    expect("(x * attain.number(\"123456789012345678\")) * attain.number(\"1000000000000000000000\") / "
           "attain.number(\"1e21\")",
           "864197523086419746"); /* 7 * 123456789012345678 */
    expect("(attain.number(1) / 3) * 3 == 1", "true");
}

Test(values, money_knows_its_currency) {
    expect("attain.money(\"12.50\") * attain.percent(10)", "$1.25");
    expect("attain.money(\"12.50\", \"EUR\") + attain.money(1, \"EUR\")", "€13.50");
    expect("attain.money(100) / attain.money(8)", "12.5");
    expect("attain.money(100) % attain.money(30)", "$10.00");
    expect("attain.money(\"7.128\"):round(2)", "$7.13");
    expect("attain.money(\"7.125\"):rounddown()", "$7.12");
    expect("attain.money(\"7.121\"):roundup(2)", "$7.13");
    expect("attain.money(\"-7.5\"):floor()", "-$8.00");
    expect("attain.money(\"-7.5\"):ceil()", "-$7.00");
    expect("attain.money(\"-7.5\"):abs()", "$7.50");
    expect("attain.money(\"7.5\").amount", "7.5");
    expect("attain.money(\"7.5\").currency .. attain.currency", "USDUSD");
    expect("math.max(attain.money(3), attain.money(5), attain.money(4))", "$5.00");
    expect("math.min(x, 9, attain.number(\"6.5\"))", "6.5");
    expect("attain.money(5):text(3)", "5.000");
}

Test(values, what_has_no_meaning_says_so) {
    expect_error("attain.money(1) * attain.money(2)", "cannot multiply money in USD by money in USD");
    expect_error("attain.money(1) + 2", "cannot add money in USD and a number");
    expect_error("attain.money(1) + attain.money(1, \"EUR\")", "the currencies are different");
    expect_error("2 / attain.money(1)", "cannot divide a number by money in USD");
    expect_error("attain.money(1) < 2", "cannot compare money in USD and a number");
    expect_error("attain.money(1) == 2", "cannot compare money in USD and a number");
    expect_error("attain.money(1) < attain.money(1, \"EUR\")", "cannot compare");
    expect_error("x + \"3\"", "attain.number(text)");
    expect_error("x * nil", "cannot multiply a number by nothing (nil)");
    expect_error("x / 0", "cannot divide by zero");
    expect_error("x ^ attain.number(\"0.5\")", "whole number");
    expect_error("x.y", "a number does not have `y`");
    expect_error("attain.number(\"abc\")", "requires a number such as \"12.5\", found \"abc\"");
    expect_error("attain.money(1, \"XXQ\")", "unknown currency \"XXQ\"");
    expect_error("attain.number(\"1e400\") ^ 1000", "more than 10,000 digits");
}

Test(values, floats_are_not_mixed_in) {
    expect_error("x * 0.1", "0.1 is a float, which is not exact. Write attain.number(\"0.1\")");
    expect_error("x + 1 / 2", "attain.number");
    expect_error("attain.money(1) < 0.5", "is a float");
    expect_error("x == 0.5", "is a float");
    expect_error("x + 0 / 0", "NaN");
    expect_error("x + 1 / 0", "infinite");
    expect_error("attain.number(0.5)", "is a float");
}

Test(values, whole_numbers_of_lua_are_equal_to_exact_ones) {
    expect("x == 7", "true");
    expect("7 == x", "true");
    expect("x ~= 7", "false");
    expect("x == 8", "false");
    expect("x == attain.number(7)", "true");
    expect("x + 1 == 8 and x > 6 and x >= 7 and x < 8 and x <= 7", "true");
    expect("x == nil", "false");
    expect("x ~= nil", "true");
    expect("not x == false", "true");
    expect("#'abc' == 3", "true");
    expect("'a' .. 'b' == 'ab'", "true");
    expect("(x == 7) == (x == 7)", "true");
    expect("x > 3 == (x >= 7)", "true");
    expect("x == nil == (x < 7)", "true");
    expect("1 + 1 < 2 + 1 and x ^ 2 >= x and 'a' .. 'b' < 'b'", "true");
    expect("'Z' < 'a' and 'a' < 'ab' and not ('b' <= 'a') and 'é' > 'z'", "true");
    expect("(function() local y <const> = 3 local z < const > = 4 return y < z end)()", "true");
    expect("select(2, x == 7, x == 8)", "false");
    expect("({[7] = 'seven'})[x]", "seven");
    expect("(function() local t = {} t[x] = 1 return t[7] end)()", "1");
}

Test(values, dates_and_periods) {
    expect("attain.date(\"2026-01-31\") + attain.months(1)", "2026-02-28");
    expect("attain.date(2026, 3, 1) - 1", "2026-02-28");
    expect("attain.date(\"2026-03-31\") - attain.date(\"2026-03-01\")", "30");
    expect("attain.date(\"2026-03-31\") > attain.date(\"2026-03-01\")", "true");
    expect("attain.date(\"2026-11-23\").weekday", "1"); /* a Monday */
    expect("attain.date(\"2026-11-23\").month * 100 + attain.date(\"2026-11-23\").day", "1123");
    expect("attain.period(\"2026-Q3\").start", "2026-07-01");
    expect("attain.period(\"2026-Q3\").last", "2026-09-30");
    expect("attain.period(\"2026-Q4\") + 1", "2027-Q1");
    expect("attain.period(\"2026-02\").days", "28");
    expect("attain.period(\"2026-Q3\").index .. attain.period(\"2026-Q3\").year", "32026");
    expect("attain.days(3) * 2", "6 days");
    expect_error("attain.date(\"2026-02-30\")", "attain.date requires a date");
    expect_error("attain.date(\"9999-12-31\") + 1", "invalid date");
    expect_error("attain.date(\"2026-02-03\") * 2", "cannot multiply a date");
    expect("({[attain.date(2026, 1, 1)] = 1})[attain.date(\"2025-12-31\") + 1]", "1");
    expect("({[\"2026-01-01\"] = 1})[attain.date(2026, 1, 1)]", "1");
    expect("next({[attain.date(2026, 1, 1)] = 1})", "2026-01-01");
    expect("({[attain.period(\"2026-Q1\")] = 1})[attain.period(\"2025-Q4\") + 1]", "1");
    expect("type(({[attain.period(\"2026-Q1\")] = 1})[attain.period(\"2026-Q2\")])", "nil");
    expect_error("({[attain.money(5)] = 1})", "money in USD cannot be the key of a table. Write tostring(…)");
    /* the policy of the rig pays by quarters */
    expect("attain.period_of(attain.date(2026, 3, 31))", "2026-Q1");
    expect("attain.period_of(attain.date(2026, 4, 1))", "2026-Q2");
    expect_error("attain.period_of(\"2026-04-01\")", "attain.period_of requires a date, found text");
    expect_error("attain.period_of()", "`attain.period_of` takes 1 value, found 0");
}

Test(values, text_of_values_is_exact) {
    expect("string.format(\"%.2f|%5d|%-5s|%05.1f\", attain.number(\"2.675\"), 42, \"ab\", x)",
           "2.68|   42|ab   |007.0");
    expect("string.format(\"%.2f\", attain.money(\"0.005\"))", "0.01");
    expect("string.format(\"%s %q %x %%\", x, \"t\", 255)", "7 \"t\" ff %");
    expect_error("string.format(\"%p\", x)", "does not know `%p`");
    expect_error("string.format(\"%d\", attain.number(\"0.5\"))", "whole number");
    expect("tonumber(\"12.50\") * 2", "25");
    expect("tonumber(\"x\")", "nil");
    expect("type(x) .. type(attain.money(1)) .. type(attain.date(2026,1,1)) .. type({}) .. type(1)",
           "numbermoneydatetablenumber");
}

/* ---- what a call takes and gives */

static void gives(const char *type, const char *value, const char *wanted) {
    char signature[128], lua[512];
    snprintf(signature, sizeof signature, "f(x number) %s", type);
    snprintf(lua, sizeof lua, "function f(x)\n  return %s\nend", value);
    struct rig *rig = rig_open(signature, lua, NULL);
    struct at_plan_value x = rig_number(rig, "7");
    const char *got = rig_call(rig, &x, 1) ? rig_result(rig) : rig->failure.p;
    cr_expect(strstr(got, wanted), "%s as %s\n  got    %s\n  wanted %s", value, type, got, wanted);
    rig_close(rig);
}

Test(values, results_are_checked_against_the_declaration) {
    gives("number", "x * 2", "14");
    gives("number", "3", "3");
    gives("money", "attain.money(\"1.005\")", "1.005");
    gives("flag", "x > 3", "yes");
    gives("date", "attain.date(2026, 2, 3)", "2026-02-03");
    gives("period", "attain.period(\"2026-Q2\")", "2026-Q2");
    gives("one of (\"a\", \"b\")", "\"b\"", "b");
    gives("money", "x",
          "f.lua:1: `f`: the hook returned a number, but money is declared. Write attain.money(x, \"USD\")");
    gives("money", "attain.money(1, \"EUR\")",
          "the hook returned money in EUR, but money in USD is declared");
    gives("money EUR", "attain.money(1)", "the hook returned money in USD, but money in EUR is declared");
    gives("number", "nil", "the hook returned nothing");
    gives("number", "\"7\"", "the hook returned text, but a number is declared");
    gives("number", "0.1",
          "the hook returned 0.1, a float, which is not exact. Write attain.number(\"0.1\")");
    gives("number", "0/0", "NaN");
    gives("number", "attain.money(1)", "the hook returned money in USD, but a number is declared");
    gives("number", "{}", "the hook returned a table");
    gives("number", "f", "the hook returned a function");
    gives("text", "\"\\255\"", "not UTF-8");
    gives("flag", "1", "but yes or no is declared");
    gives("one of (\"a\", \"b\")", "\"c\"", "the hook returned \"c\"");
    gives("number", "1, 2", "its reason, must be text");
    gives("number", "1, 'why', 2", "the hook returned 3 values. Return a result and, if needed, its");
    gives("number", "1, nil, nil", "the hook returned 3 values");
    gives("number", "1, nil", "1");
    gives("date", "attain.period(\"2026-Q2\")", "the hook returned a period, but a date is declared");
}

Test(values, a_second_value_is_the_reason) {
    struct rig *rig =
        rig_open("f(a money, b text) money", "function f(a, b) return a, 'for ' .. b end", NULL);
    struct at_plan_value args[2] = {rig_money(rig, "5", "USD"), rig_text("ana")};
    cr_assert(rig_call(rig, args, 2));
    cr_assert_eq(rig->reason.n, 7);
    cr_assert_eq(memcmp(rig->reason.p, "for ana", 7), 0);
    rig_close(rig);
}

Test(values, wide_numbers_outlive_the_call) {
    struct rig *rig = rig_open("f(a number) number", "function f(a) return a / 3 end", NULL);
    struct at_plan_value args[1] = {rig_number(rig, "100000000000000000000000000000000000000000000000001")};
    cr_assert(rig_call(rig, args, 1));
    struct at_plan_value kept = rig->result;
    for (int i = 0; i < 1000; i++)
        cr_assert(rig_call(rig, args, 1));
    cr_assert_str_eq(at_num_print(&rig->arena, kept.bits.num).p,
                     "100000000000000000000000000000000000000000000000001/3");
    rig_close(rig);
}
