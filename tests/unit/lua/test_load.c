/* What is found in a Lua file while the policy is compiled. */
#include "rig.h"

static void finds(const char *lua, enum at_diag_code code, const char *message, const char *help) {
    struct rig *rig = rig_load("bonus(a money, b number) money", lua);
    const struct at_diag *diag = rig_diag(rig, code);
    bool warning = at_diag_code_info(code)->severity == AT_SEV_WARNING;
    cr_assert(diag, "%s: nothing of %s is told", lua ? lua : "(no file)", at_diag_code_info(code)->name);
    cr_expect_says(diag->message.p, message);
    if (help) cr_expect_says(diag->help.p, help);
    cr_expect_eq(rig->loaded, warning ? AT_OK : AT_REJECTED);
    rig_close(rig);
}

#define GOOD "function bonus(a, b) return a * b end\n"

Test(load, a_file_that_is_not_there) {
    finds(NULL, AT_A1001, "cannot read the Lua file \"f.lua\"", "from the folder of the policy");
}
Test(load, a_file_that_is_no_lua) {
    finds("function bonus(a, b)\n  return a * * b\nend", AT_A1002, "unexpected symbol near '*'", NULL);
}
Test(load, a_file_that_is_not_closed) {
    finds("function bonus(a, b)\n  return a * b\n", AT_A1002, "near <eof>", NULL);
}
Test(load, a_file_that_stops) {
    finds("local t = nil\nlocal y = t.x\n" GOOD, AT_A1003,
          "cannot use a field of `t`, which is nothing (nil)", "define only functions");
}
Test(load, a_file_that_never_ends) {
    finds("while true do end\n", AT_A1003, "stopped after 10,000,000 steps", NULL);
}
Test(load, a_file_that_asks_for_files) {
    finds("io.open('/etc/passwd')\n" GOOD, AT_A1003, "`io` is not available in hooks", NULL);
}
Test(load, a_function_that_is_lacking) {
    finds("function bonous(a, b) return a end", AT_A1004, "f.lua does not define the function `bonus`",
          "did you mean `bonous`?");
}
Test(load, a_function_that_is_local) {
    finds("local function bonus(a, b) return a end", AT_A1004, "f.lua does not define the function `bonus`",
          "delete `local`");
}
Test(load, a_name_that_is_no_function) {
    finds("bonus = 5", AT_A1004, "is not a function", NULL);
}
Test(load, a_float_is_warned_of) {
    finds("local rate = 0.1\n" GOOD, AT_A1005, "`0.1` is a float", "attain.number(\"0.1\")");
}
Test(load, an_exponent_is_a_float) {
    finds("local rate = 1e3\n" GOOD, AT_A1005, "`1e3` is a float", NULL);
}
Test(load, other_parameters_are_warned_of) {
    finds("function bonus(a) return a end", AT_A1006, "declared with 2 parameters, but the hook has 1", NULL);
}
Test(load, bits_are_refused) {
    finds("function bonus(a, b) return a | b end", AT_A1007, "`|` is not available", NULL);
}
Test(load, words_of_the_language_are_refused) {
    finds("local __is = 1\n" GOOD, AT_A1007, "is reserved", NULL);
}
Test(load, what_a_compiler_made_is_refused) {
    finds("\033Lua", AT_A1008, "is compiled Lua, not text", NULL);
}

Test(load, a_function_defined_twice) {
    finds(GOOD GOOD, AT_A0967, "duplicate function `bonus`", "delete one of them");
    finds(GOOD "bonus = function(a, b) return a end", AT_A0967, "duplicate function `bonus`", NULL);
    finds("bonus = function(a, b) return a end\n" GOOD, AT_A0967, "duplicate function `bonus`", NULL);
    finds(GOOD "local function bonus(a, b) return a end", AT_A0967, "duplicate function `bonus`", NULL);
    finds(GOOD "bonus = nil", AT_A0967, "duplicate function `bonus`", NULL);
    finds("local t = {}\nfunction t.x() end\nfunction t:x() end\n" GOOD, AT_A0967, "duplicate function `t:x`",
          NULL);
    finds("t = {x = function() end}\nfunction t.x() end\n" GOOD, AT_A0967, "duplicate function `t.x`", NULL);
}
/* Places that only a reader of blocks sees. */
Test(load, a_function_defined_twice_in_other_ways) {
    static const char *const twice[] = {
        "do function bonus(a, b) return b end end\n",
        "do do bonus = function(a, b) return b end end end\n",
        "_ENV.bonus = function(a, b) return b end\n",
        "_ENV[\"bonus\"] = function(a, b) return b end\n",
        "local t = {}\nfunction t.x() end\nt[\"x\"] = function() end\n",
        "local t = {}\nt[1] = function() end\nt[1] = function() end\n",
        "function g() local function h() end local function h() end end\n",
        "function g() local h = function() end local h = function() end end\n",
        "for i = 1, 2 do local function h() end local function h() end end\n",
        "do local h h = function() end function h() end end\n"};
    for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++) {
        char lua[1024];
        snprintf(lua, sizeof lua, "%s%s", GOOD, twice[i]);
        finds(lua, AT_A0967, "duplicate function", NULL);
    }
}

Test(load, a_field_defined_twice) {
    finds("local t = {east = 1, west = 2, east = 3}\n" GOOD, AT_A0967, "duplicate field `east`", NULL);
    finds("local t = {east = 1, [\"east\"] = 3}\n" GOOD, AT_A0967, "duplicate field `[\"east\"]`", NULL);
    finds("local t = {[5] = 1; [5] = 3}\n" GOOD, AT_A0967, "duplicate field `[5]`", NULL);
    finds("function bonus(a, b) return ({x = a, x = b}).x end\n", AT_A0967, "duplicate field `x`", NULL);
}
Test(load, a_value_assigned_twice) {
    finds("rate = 1\nrate = 2\n" GOOD, AT_A0822, "duplicate value `rate`", "Lua uses the last one");
    finds("local rate = 1\nlocal rate = 2\n" GOOD, AT_A0822, "duplicate value `rate`", NULL);
    finds("local t = {}\nt.x = 1\nt.x = 2\n" GOOD, AT_A0822, "duplicate value `t.x`", NULL);
}

/* What looks like a second definition and is none. */
Test(load, definitions_that_are_not_duplicates) {
    static const char *const files[] = {
        "local f\nlocal function g() return f end\nf = function() return g end\n" GOOD,
        "local f = nil\nf = function() return 1 end\n" GOOD,
        "n = 1\nn = n + 1\n" GOOD,
        "local x = 1\nif x then function k() end else function k() end end\n" GOOD,
        "local t = {}\nfor i = 1, 3 do t.n = i end\nfor i = 1, 3 do t.n = i end\n" GOOD,
        "local function a() local x = 1 return x end\nlocal function b() local x = 1 return x end\n" GOOD,
        "local t = {{x = 1}, {x = 2}, y = {x = 1}}\n" GOOD,
        "local a = {f = function(x) local y = 1 return y end, g = function(x) local y = 1 return y "
        "end}\n" GOOD,
        "local s = 'function bonus() end' -- function bonus() end\n" GOOD,
        "local a = {x = 1}\nlocal b = {x = 1}\n" GOOD,
        "local a <const> = 1\nlocal b <const> = 1\n" GOOD,
        "local a, b = 1, 2\nlocal c, d = 1, 2\n" GOOD,
        "local t = {[\"a.b\"] = 1}\n" GOOD,
        "local t = {[5] = 1, [\"5\"] = 2}\nt[1] = 2\nt[1] = 3\n" GOOD,
        "do local function bonus(a, b) return b end end\n" GOOD,
        "do local function h() end end do local function h() end end\n" GOOD,
        "do local h function h() end end do local h, k <const> = 1, 2 h = function() end end\n" GOOD,
        "for i = 1, 2 do function k() end end function k() end\n" GOOD,
        "while (function() do return false end end)() do local function m() end end\n"
        "local function m() end\n" GOOD,
        "function o(x) if x then local function h() end else local function h() end end end\n" GOOD,
    };
    for (size_t i = 0; i < AT_COUNT(files); i++) {
        struct rig *rig = rig_load("bonus(a money, b number) money", files[i]);
        cr_expect(!rig_diag(rig, AT_A0967) && !rig_diag(rig, AT_A0822), "file %zu", i);
        rig_close(rig);
    }
}

/* Every help about a float, put into the file in the place that it speaks of, gives the value that is meant.
 */
Test(load, the_help_about_a_float_gives_the_value_that_is_meant) {
    static const struct {
        const char *line, *literal, *value; /* the whole of `line` that the help replaces; the number */
    } cases[] = {
        {"attain.percent(6.85)", "attain.percent(6.85)", "0.0685"},
        {"attain.percent( 6.85 )", "attain.percent( 6.85 )", "0.0685"},
        {"attain.percent(-6.85)", "attain.percent(-6.85)", "-0.0685"},
        {"attain.percent(.5)", "attain.percent(.5)", "0.005"},
        {"attain.number(2.5)", "attain.number(2.5)", "2.5"},
        {"attain.number(3.)", "attain.number(3.)", "3"},
        {"attain.money(2.5).amount", "attain.money(2.5)", "2.5"},
        {"attain.number(1) * 0.1", "0.1", "0.1"},
        {"attain.number(1) * .25", ".25", "0.25"},
        {"attain.number(1) * 3.", "3.", "3"},
        {"attain.number(1) * 1e3", "1e3", "1000"},
        {"attain.number(1) * 5.e-1", "5.e-1", "0.5"},
        {"attain.number(1) - 0.5", "0.5", "0.5"},
        {"attain.percent(2 * 0.5)", "0.5", "0.01"},
        {"attain.number(1) * 9223372036854775808", "9223372036854775808", "9223372036854775808"},
    };
    for (size_t i = 0; i < AT_COUNT(cases); i++) {
        char lua[512], fixed[512];
        snprintf(lua, sizeof lua, "function f(x)\n  return tostring(%s)\nend\n", cases[i].line);
        struct rig *rig = rig_load("f(x number) text", lua), *again;
        const struct at_diag *diag = rig_diag(rig, AT_A1005);
        cr_assert(diag, "%s", cases[i].line);
        const char *paste = strstr(diag->help.p, "attain."), *at = strstr(lua, cases[i].literal);
        cr_assert(paste && at);
        snprintf(fixed, sizeof fixed, "%.*s%s%s", (int)(at - lua), lua, paste, at + strlen(cases[i].literal));
        again = rig_open("f(x number) text", fixed, NULL);
        struct at_plan_value x = rig_number(again, "7");
        cr_assert(rig_call(again, &x, 1), "%s: %s", fixed, again->failure.p);
        cr_expect_str_eq(rig_result(again), cases[i].value, "%s", fixed);
        rig_close(again);
        rig_close(rig);
    }
}

Test(load, places_are_those_of_the_file) {
    struct rig *rig =
        rig_load("bonus(a money, b number) money", "-- one\nfunction bonus(a, b)\n  return a * * b\nend");
    const struct at_diag *diag = rig_diag(rig, AT_A1002);
    cr_assert(diag);
    struct at_diag_place place = at_diag_sources_place(&rig->sources, diag->span.start);
    cr_expect_eq(place.line, 3);
    cr_expect_eq(place.column, 14);
    cr_expect(at_str_eq(place.file->name, AT_STR("f.lua")));
    rig_close(rig);
}

/* Strings, comments and long brackets keep what looks like an operator. */
Test(load, only_code_is_translated) {
    struct rig *rig;
    const char *got =
        rig_eval(&rig, "local s = 'a == b' .. \"c ~= d\" .. [[ [x] == ]] .. [==[ ]] == ]==] -- x == y [\n"
                       "--[[ a == [b]\n c ]] local t = {[1] = 'one', ['two'] = 2, [x] = 'seven'}\n"
                       "return s .. t[ 7 ] .. t[x] .. t['two'] .. '\\'==\\'' .. tostring(x==7) .. "
                       "tostring(x~=7) .. tostring(x<=7 and x>=7)");
    cr_expect_str_eq(got, "a == bc ~= d [x] ==  ]] == sevenseven2'=='truefalsetrue");
    rig_close(rig);
}

Test(load, compiling_again_sees_the_new_file) {
    for (int i = 0; i < 2; i++) {
        struct rig *rig = rig_open("f(x number) number",
                                   i ? "function f(x) return x + 1 end" : "function f(x) return x end", NULL);
        struct at_plan_value x = rig_number(rig, "7");
        cr_assert(rig_call(rig, &x, 1));
        cr_assert_str_eq(rig_result(rig), i ? "8" : "7");
        rig_close(rig);
    }
}

/* Any bytes at all: no crash, and no result that is not a verdict. */
Test(load, any_bytes_are_survived) {
    uint64_t state = 88172645463325252u;
    static const char *const words[] = {
        "function ", "bonus", "(a, b)", " return ", "a",   " == ",  "[",  "]",  "'",  "\"", "--",
        "[[",        "]]",    "\n",     " end ",    "0.1", "{",     "}",  "\\", "~=", "..", "|",
        "=",         "\xff",  "local ", "x",        "if ", "then ", "1e", "0x", ".",  "[=["};
    for (int round = 0; round < 3000; round++) {
        char text[512] = "";
        for (int i = 0; i < 24; i++) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            strcat(text, words[(state >> 33) % AT_COUNT(words)]);
        }
        struct rig *rig = rig_load("bonus(a money, b number) money", text);
        cr_assert(rig->loaded == AT_OK || rig->diags.errors > 0);
        rig_close(rig);
    }
}

/* Lua ends a line at \n, \r, \r\n, and \n\r. The translator must end it there too. */
Test(load, line_ends_are_those_of_lua) {
    static const char *const refused[] = {
        "function f(x) --\r local __is = 1 return x end",
        "function f(x) --[=\r return 1 | 2 end",
        "function f(x) local s = '\\\r\n' __key = s return x end",
        "function f(x) local s = '\\z \r ' local t = {__border = 1} return x end",
        "function f(x) --[[\r]] __less = 1 return x end",
    };
    for (size_t i = 0; i < AT_COUNT(refused); i++) {
        struct rig *rig = rig_load("f(x number) number", refused[i]);
        cr_expect(rig_diag(rig, AT_A1007), "%s is not refused", refused[i]);
        rig_close(rig);
    }
    static const char *const lua[] = {
        "function f(x) -- 2\r if x == 2 then return 1 end return 2 end",
        "function f(x) local s = '\\\r\n' if x == 2 and #s == 1 then return 1 end return 2 end",
        "function f(x) local const = 3 local y < --[[c]] const > = 1 if x <const == true then return y end "
        "return 2 "
        "end",
    };
    for (size_t i = 0; i < AT_COUNT(lua); i++) {
        struct rig *rig = rig_open("f(x number) number", lua[i], NULL);
        struct at_plan_value two = rig_number(rig, "2");
        cr_assert(rig_call(rig, &two, 1), "%s: %.*s", lua[i], AT_STR_ARG(rig->failure));
        cr_expect_str_eq(rig_result(rig), "1", "%s", lua[i]);
        rig_close(rig);
    }
    struct rig *rig = rig_load("f(x number) number", "-- 1\r-- 2\r\n-- 3\n\r\rerror('here')");
    const struct at_diag *d = rig_diag(rig, AT_A1003);
    cr_assert(d);
    cr_expect_eq(at_diag_sources_place(&rig->sources, d->span.start).line, 5);
    rig_close(rig);
}
