/* What a hook may not do, and that trying it costs its own call only: after each attack the same engine
 * answers another call. */
#include <lauxlib.h>
#include <lualib.h>

#include "rig.h"

/* The function `f` runs `body` where x is 7, and gives x back otherwise. */
static void attack_within(const char *body, const char *part, const struct at_lua_limits *limits) {
    char lua[4096];
    snprintf(lua, sizeof lua,
             "local kept = 1\nlocal list = {1, 2, name = 'n'}\nfunction f(x)\n  if x == 7 then\n%s\n  end\n  "
             "return x\nend\n",
             body);
    struct rig *rig = rig_open("f(x number) number", lua, limits);
    struct at_plan_value seven = rig_number(rig, "7"), eight = rig_number(rig, "8");
    for (int round = 0; round < 2; round++) {
        bool good = rig_call(rig, &seven, 1);
        cr_expect(!good && strstr(rig->failure.p, part), "%s\n  got    %s\n  wanted %s", body,
                  good ? "a result" : rig->failure.p, part);
        cr_expect(good || strncmp(rig->failure.p, "f.lua:", 6) == 0, "no place: %s", rig->failure.p);
        cr_expect(rig_call(rig, &eight, 1), "after it: %.*s", AT_STR_ARG(rig->failure));
        cr_expect_str_eq(rig_result(rig), "8");
    }
    rig_close(rig);
}

static void attack(const char *body, const char *part) {
    static const struct at_lua_limits limits = {.steps = 300000};
    attack_within(body, part, &limits);
}

Test(sandbox, loops_end) {
    attack("while true do end", "f.lua:5: stopped after 300,000 steps");
    attack("repeat local a = {} until false", "stopped after 300,000 steps");
    attack("for i = 1, 1000000000 do local s = 'a' .. i end", "stopped after 300,000 steps");
    attack("local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]",
           "f.lua:");
    attack("local t = {} for i = 1, 300 do t[i] = i end table.sort(t, function(a, b) while true do end end)",
           "stopped after");
}

Test(sandbox, memory_has_a_limit) {
    struct at_lua_limits limits = {.memory = 1 << 20};
    attack_within("local t = {} for i = 1, 10000000 do t[i] = i end",
                  "stopped, because it needs more than 1 MB of memory", &limits);
    attack_within("local t = {} for i = 1, 10000000 do t[i] = {i} end",
                  "stopped, because it needs more than 1 MB of memory", &limits);
    attack_within("local t = {} for i = 1, 10000000 do t[i] = string.rep('a', 60000) .. i end",
                  "stopped, because it needs more than 1 MB", &limits);
    attack_within("local t = {} for i = 1, 10000000 do t[i] = x + i end",
                  "stopped, because it needs more than 1 MB", &limits);
}

Test(sandbox, texts_have_a_limit) {
    attack("return string.rep('a', 1000000000)", "f.lua:5: a text in a hook cannot exceed 64 KB");
    attack("return string.rep('a', 9223372036854775807)", "64 KB");
    attack("return string.rep('', 9223372036854775807) .. string.rep('ab', 40000)", "64 KB");
    attack("local s = 'a' while true do s = s .. s end", "64 KB");
    attack("local t = {} for i = 1, 3 do t[i] = string.rep('a', 30000) end return table.concat(t)", "64 KB");
    attack("return string.format('%99d', 1):rep(1000)", "64 KB");
    attack("return (string.rep('a', 60000):gsub('a', 'bb'))", "64 KB");
}

Test(sandbox, recursion_ends) {
    attack("local function deep(n) return 1 + deep(n + 1) end return deep(1)", "f.lua:");
    attack("local t = {} setmetatable(t, {__index = function(_, k) return t[k .. 'x'] end}) return t.y",
           "f.lua:");
    attack("local t = setmetatable({}, {}) local m = {__index = t} setmetatable(t, m) return t.x", "loop");
    attack("local function f2() return string.gsub('aaaa', 'a', f2) end return f2()", "f.lua:");
}

Test(sandbox, patterns_end) {
    attack("return string.find(string.rep('a', 60000), '.-.-.-.-b')", "stopped after 300,000 steps");
    attack("return string.match(string.rep('a', 30000), '(a*)*b')", "f.lua:");
    attack("return string.gsub(string.rep('a', 30000), '.-.-.-$x', '')", "stopped after");
    attack("for w in string.gmatch(string.rep('(', 30000), '%b()') do end", "stopped after");
    attack("return string.find('a', '[a')", "unclosed `[`");
    attack("return string.find('a', '%')", "ends with %");
    attack("return string.find(string.rep('a', 50), string.rep('(a)', 40))", "captures");
    attack("return string.find(string.rep('a', 400), string.rep('a?', 300) .. 'b')", "too complex");
    attack("return string.find(string.rep('a', 250), string.rep('(a', 20))", "unclosed");
}

Test(sandbox, errors_are_told) {
    attack("error('my own words')", "f.lua:5: my own words");
    attack("error({})", "f.lua:");
    attack("error()", "f.lua:");
    attack("assert(false, 'not so')", "f.lua:5: not so");
    attack("assert(nil)", "an assertion failed");
    attack("local y = nil; return y.z", "f.lua:5: cannot use a field of `y`, which is nothing (nil)");
    attack("return nothing_there", "f.lua:5: unknown name `nothing_there`");
    attack("return x .. {}", "");
    attack("return {} < {}", "cannot compare");
}

/* What the interpreter reports has the words of this project. x is an exact number. */
Test(sandbox, messages_of_the_interpreter_are_reworded) {
    attack("for i = 1, x do end", "the limit of `for` is not an integer of Lua. Write n:integer()");
    attack("for i = x, 9 do end", "the initial value of `for` is not an integer of Lua. Write n:integer()");
    attack("for i = 1, 9, x do end", "the step of `for` is not an integer of Lua. Write n:integer()");
    attack("for i = 1, attain.money(3) do end", "the limit of `for` is money, not an integer of Lua");
    attack("for i = 1, nil do end", "the limit of `for` is nothing (nil), not an integer of Lua");
    attack("for i = 1, 5, 0 do end", "the step of `for` is zero");
    attack("local t = {} return t.nope(5)", "cannot call `nope`, which is nothing (nil). Check the name");
    attack("local t = {} return t:nope(5)", "cannot call `nope`, which is nothing (nil). Check the name");
    attack("return x(5)", "cannot call `x`, which is a number");
    attack("local d = attain.date('2026-01-01') return d()", "cannot call `d`, which is a date");
    attack("local t = {} return 1 + t.x", "cannot calculate with `x`, which is nothing (nil)");
    attack("local s = 'a' return 1 - s",
           "cannot calculate with `s`, which is text. Write attain.number(text)");
    attack("local t = {} return 'a' .. t.x", "cannot join `x`, which is nothing (nil)");
    attack("local t = {} t.x.y = 5", "cannot use a field of `x`, which is nothing (nil)");
    attack("local n = 5 return n.y", "cannot use a field of `n`, which is a number");
    attack("return 5 & x", "cannot use the bits of `x`, which is a number. Write n:integer()");
    attack("return 1 // 0", "cannot divide by zero");
    attack("return 1 % 0", "cannot divide by zero");
    attack("local t, k = {} t[k] = 5", "the key of a table is nothing (nil)");
}

Test(sandbox, what_error_is_called_with_is_shown) {
    attack("error{code = 5, text = 'no rate', inner = {1}}",
           "f.lua:5: { code = 5, inner = {…}, text = \"no rate\" }");
    attack("error{x, 'b', [9] = true}", "f.lua:5: { 7, \"b\", [9] = true }");
    attack("error({})", "f.lua:5: { }");
    attack("error()", "f.lua:5: the hook called `error` without a text");
    attack("error(attain.money(5))", "f.lua:5: $5.00");
    attack("error(setmetatable({}, {__tostring = function() return 'own' end}))", "f.lua:5: own");
    attack("local t = {} for i = 1, 30 do t[i] = i end error(t)", "19, 20, … }");
    attack("error{[x] = 5, [{}] = 1}", "`pairs` orders the keys");
}

/* Recursion that needs all memory before it needs all of the stack. */
Test(sandbox, recursion_is_named_where_memory_ends) {
    static const struct at_lua_limits plenty = {.steps = 0};
    attack_within("local function g(s) return g(s .. ('x'):rep(99)) .. 'a' end return g('')",
                  "f.lua:5: a function calls itself without end, or needs more than 8 MB of memory", &plenty);
    attack("local function g(n)\nreturn 1 + g(n)\nend return g(1)",
           "f.lua:6: a function calls itself without end");
}

Test(sandbox, what_is_left_out_says_so) {
    static const char *const names[] = {"io",         "os",       "debug",          "package",   "load",
                                        "loadstring", "loadfile", "dofile",         "coroutine", "pcall",
                                        "xpcall",     "print",    "collectgarbage", "rawget",    "rawset"};
    for (size_t i = 0; i < AT_COUNT(names); i++) {
        char body[100], part[100];
        snprintf(body, sizeof body, "return %s.x", names[i]);
        snprintf(part, sizeof part, "f.lua:5: `%s` is not available in hooks", names[i]);
        attack(body, part);
    }
    attack("coroutine.yield()", "a hook cannot yield");
    attack("return string.dump(f)", "`string.dump` is not available in hooks");
    attack("return math.random()", "`math.random` is not available in hooks");
    attack("return _G.x", "unknown name `_G`");
}

Test(sandbox, nothing_can_be_changed_for_others) {
    attack(
        "kept = kept + 1",
        "`f`: the hook changed `kept`, a local of the file, but nothing is kept from one payee to the next");
    attack("kept = kept + 1 error('and stopped')", "and stopped");
    attack("list[1] = 5", "read-only");
    attack("list.name = 5", "cannot set `name`");
    attack("table.insert(list, 4)", "read-only");
    attack("table.sort(list)", "read-only");
    attack("table.remove(list)", "read-only");
    attack("counter = 1", "cannot set `counter`");
    attack("_ENV.counter = 1", "cannot set `counter`");
    attack("f = nil", "cannot set `f`");
    attack("string.rep = nil", "cannot set `rep`");
    attack("attain.number = nil", "cannot set `number`");
    attack("_ENV = {}", "the hook changed `_ENV`");
    attack("tostring = 5", "cannot set `tostring`");
    attack("setmetatable(list, {})", "read-only");
    attack("setmetatable(string, nil)", "read-only");
    attack("setmetatable(_ENV, nil)", "read-only");
    attack("setmetatable('', {})", "requires a table of the hook");
    attack("setmetatable(x, {})", "requires a table of the hook");
    attack("getmetatable('').__index = nil", "cannot use a field of nothing (nil)");
    attack("getmetatable(x).__add = nil", "cannot use a field of nothing (nil)");
    attack("getmetatable(list).__newindex = nil", "cannot use a field of nothing (nil)");
    attack("x.y = 1", "a number cannot be changed");
}

Test(sandbox, metatables_have_no_back_doors) {
    attack("setmetatable({}, {__gc = function() end})", "`__gc` is not available");
    attack("setmetatable({}, {__mode = 'k'})", "`__mode` is not available");
    attack("setmetatable({}, {__metatable = 1})", "`__metatable` is not available");
    attack("local c <close> = setmetatable({}, {__close = 1})", "`__close` is not available");
    attack("local m = {} local t = setmetatable({}, m) m.__close = function() end local c <close> = t",
           "non-closable");
}

/* The limits hold in a function that a library calls back, and nothing can catch what stops it. */
Test(sandbox, call_backs_are_stopped_too) {
    attack("string.gsub('a', 'a', function() while true do end end)", "stopped after 300,000 steps");
    attack("return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
           "stopped after");
    attack("return setmetatable({}, {__eq = function() while true do end end}) == setmetatable({}, {__eq = "
           "function() end})",
           "");
    attack("local t = setmetatable({}, {__len = function() while true do end end}) table.concat(t)",
           "stopped after");
}

Test(sandbox, sort_wants_an_order) {
    attack("local t = {} for i = 1, 50 do t[i] = i end table.sort(t, function(a, b) return true end)",
           "contradicts itself");
    attack("table.sort({3, 'a', {}})", "cannot compare");
}

Test(sandbox, numbers_of_endless_length_end) {
    attack("local n = x for i = 1, 100000 do n = n * n end", "more than 10,000 digits");
    attack("local n = x for i = 1, 100000 do n = n + 1 / n end", "f.lua:");
    attack("return x:round(99999)", "whole number from -1000 to 1000");
}

/* ---- the order of things is the same in every run */

static void gives(const char *body, const char *wanted) {
    struct rig *rig;
    const char *got = rig_eval(&rig, body);
    cr_expect_str_eq(got, wanted, "%s\n  got    %s\n  wanted %s", body, got, wanted);
    rig_close(rig);
}

Test(sandbox, pairs_has_an_order) {
    gives("local t, out = {30, 20, zeta = 1, alpha = 2, [100] = 3, [-5] = 4, [true] = 5, Alpha = 6}, {}\n"
          "for k, v in pairs(t) do out[#out + 1] = tostring(k) .. '=' .. v end return table.concat(out, ' ')",
          "-5=4 1=30 2=20 100=3 Alpha=6 alpha=2 zeta=1 true=5");
    gives("local t, out = {c = 1, b = 2, a = 3}, '' local k, v = next(t) while k do out = out .. k .. v k, v "
          "= next(t, k) end return out",
          "a3b2c1");
    gives("local t = {} for i = 1, 2000 do t['k' .. i] = i end local last = '' for k in pairs(t) do if k < "
          "last then return 'no' end last = k end return last",
          "k999");
    gives("local t, n = {a = 1, b = 2, c = 3}, 0 for k in pairs(t) do t.b = nil n = n + 1 end return "
          "tostring(n)",
          "2");
    gives("for k in pairs({[{}] = 1}) do end",
          "! f.lua:2: `pairs` orders the keys, but a table does not have an order. "
          "Use texts or whole numbers as keys");
}

Test(sandbox, no_address_is_shown) {
    gives("return tostring({}) .. tostring(f) .. tostring(print ~= nil)",
          "! f.lua:2: `print` is not available in hooks: return the text as the second result, the "
          "reason");
    gives("return tostring({}) .. ' ' .. tostring(f) .. ' ' .. tostring(string.len)",
          "table function function");
    gives("return string.format('%s %s', {}, f)", "table function");
}

Test(sandbox, own_classes_work) {
    gives(
        "local A = {} A.__index = A function A.new(n) return setmetatable({n = n}, A) end function A:twice() "
        "return self.n * 2 end\n"
        "A.__add = function(a, b) return A.new(a.n + b.n) end A.__eq = function(a, b) return a.n == b.n end\n"
        "return tostring((A.new(3) + A.new(4)):twice()) .. tostring(A.new(1) == A.new(1)) .. "
        "tostring(getmetatable(A.new(1)) == A)",
        "14truetrue");
}

Test(sandbox, the_run_has_a_limit_as_well) {
    struct at_lua_limits limits = {.steps = 100000, .run_steps = 250000};
    struct rig *rig =
        rig_open("f(x number) number", "function f(x) for i = 1, 10000000 do end return x end", &limits);
    struct at_plan_value x = rig_number(rig, "1");
    for (int i = 0; i < 3; i++)
        cr_assert_not(rig_call(rig, &x, 1));
    cr_assert(at_lua_hooks_spent(&rig->hooks));
    cr_assert_not(rig_call(rig, &x, 1));
    cr_assert_says(rig->failure.p, "together exceeded their limit of steps");
    rig_close(rig);
}

Test(sandbox, a_host_that_asks_to_stop_is_heard) {
    struct at_watch watch;
    at_watch_init(&watch);
    watch.cancelled = rig_always;
    struct rig *rig = rig_open("f(x number) number", "function f(x) while true do end end", NULL);
    at_lua_hooks_init(&rig->hooks, rig->checked, rig->files, NULL, &watch);
    struct at_kernel_hook_failure failure = {0};
    rig->engine = rig->hooks.hooks.open(&rig->hooks, &rig->arena, &failure);
    struct at_plan_value x = rig_number(rig, "1");
    cr_assert_not(rig_call(rig, &x, 1));
    cr_assert_says(rig->failure.p, "stopped on request");
    rig_close(rig);
}

Test(sandbox, too_little_memory_for_anything_is_told) {
    struct at_lua_limits limits = {.memory = 4096};
    struct rig *rig = rig_open("f(x number) number", "function f(x) return x end", NULL);
    struct at_kernel_hook_failure failure = {0};
    at_lua_hooks_init(&rig->hooks, rig->checked, rig->files, &limits, NULL);
    cr_assert_not(rig->hooks.hooks.open(&rig->hooks, &rig->arena, &failure));
    cr_assert_says(failure.message.p, "too small");
    rig_close(rig);
}

/* ---- patterns, against those of Lua itself */

static void compare_patterns(lua_State *L, const char *call) {
    char body[1024], chunk[1100];
    struct rig *rig;
    snprintf(
        body, sizeof body,
        "local t = table.pack(%s) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, '|')",
        call);
    snprintf(chunk, sizeof chunk, "local x = 7 %s", body);
    const char *got = rig_eval(&rig, body);
    cr_assert_eq(luaL_dostring(L, chunk), LUA_OK, "%s", lua_tostring(L, -1));
    cr_expect_str_eq(got, lua_tostring(L, -1), "%s\n  got      %s\n  Lua says %s", call, got,
                     lua_tostring(L, -1));
    lua_settop(L, 0);
    rig_close(rig);
}

Test(sandbox, patterns_are_those_of_lua) {
    static const char *const texts[] = {"''",           "'a'",         "'hello world'", "'  key = value  '",
                                        "'2026-03-31'", "'f(a(b)c)d'", "'aXbXc'",       "'x.y%z]w-'"};
    static const char *const patterns[] = {"''",
                                           "'a'",
                                           "'.'",
                                           "'%s*(%w+)%s*=%s*(%w+)'",
                                           "'(%d+)-(%d+)-(%d+)'",
                                           "'%b()'",
                                           "'^%a+'",
                                           "'%a+$'",
                                           "'[%w_]+'",
                                           "'[^a-m]*'",
                                           "'()l()'",
                                           "'(.)%1'",
                                           "'%f[%w]%w+'",
                                           "'X?'",
                                           "'.-'",
                                           "'l*o?'",
                                           "'[]]'",
                                           "'[%]%-]'",
                                           "'(h)(.)(.)'",
                                           "'%.'",
                                           "'^'",
                                           "'$'",
                                           "'[a-]'",
                                           "'%W+'",
                                           "'()'"};
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    for (size_t t = 0; t < AT_COUNT(texts); t++)
        for (size_t p = 0; p < AT_COUNT(patterns); p++) {
            char call[512];
            snprintf(call, sizeof call, "string.find(%s, %s)", texts[t], patterns[p]);
            compare_patterns(L, call);
            snprintf(call, sizeof call, "string.match(%s, %s, 2)", texts[t], patterns[p]);
            compare_patterns(L, call);
            snprintf(call, sizeof call, "string.gsub(%s, %s, '<%%0>')", texts[t], patterns[p]);
            compare_patterns(L, call);
            snprintf(call, sizeof call,
                     "(function() local o = '' for a, b in string.gmatch(%s, %s) do o = o .. tostring(a) .. "
                     "tostring(b) .. ';' end return o end)()",
                     texts[t], patterns[p]);
            compare_patterns(L, call);
        }
    static const char *const others[] = {
        "string.gsub('hello', 'l', {l = 'L'})",
        "string.gsub('abc', '%w', function(c) if c == 'b' then return 'B' end end)",
        "string.gsub('abc', '', '-', 2)",
        "string.rep('x', 65000)",
        "string.rep('ab', 1000, ', ')",
        "string.rep('ab', 1, ', ')",
        "string.rep('', 1000, 'xyz')",
        "string.rep(string.rep('a', 511), 5, 'b')",
        "string.rep(string.rep('a', 512), 5, 'b')",
        "string.rep(string.rep('a', 3000), 5, '--')",
        "string.find('a.b', '.', 1, true)",
        "string.find('abc', 'b', -1)",
        "string.find('abc', 'c', 10)",
        "string.sub('hello', -3, -2)",
        "string.sub('hello', 2)",
        "string.sub('hello', 0, 99)",
        "string.byte('abc', 1, -1)",
        "string.char(104, 105)",
        "string.reverse('abc')",
        "string.upper('aBc1')",
        "string.rep('ab', 3, ',')",
        "string.rep('x', 0)",
        "('x'):rep(3):len()",
        "select('#', 1, nil, 3)",
        "select(-1, 1, 2, 3)",
        "table.unpack({1, 2, 3}, 2)",
        "#{1, 2, 3}",
        "table.concat({1, 'a', 3}, '-', 2, 3)",
        "string.format('[%5s|%-5s|%.2s|%c|%X]', 'ab', 'cd', 'xyz', 65, 255)",
        "string.format('%5d|%-5d|%05d|%+d', 42, 42, 42, 42)",
        "math.max(3, 9, 2)",
        "math.floor(7)",
        "utf8.len('h\\u{e9}')",
        "utf8.char(233, 20320)",
    };
    for (size_t i = 0; i < AT_COUNT(others); i++)
        compare_patterns(L, others[i]);
    lua_close(L);
}

/* A class made while the file is loaded: what its tables lead to is found from frozen tables and from new
 * ones. */
Test(sandbox, metatables_lead_on) {
    struct rig *rig = rig_open("f(x number) text",
                               "local Base = {name = 'base', kind = 'b'}\n"
                               "local Derived = setmetatable({name = 'derived'}, {__index = Base})\n"
                               "local fixed = setmetatable({}, {__index = Derived})\n"
                               "function f(x)\n"
                               "  local new = setmetatable({own = 'o'}, {__index = Derived})\n"
                               "  return fixed.name .. fixed.kind .. new.own .. new.name .. new.kind ..\n"
                               "    tostring(new.nothing) .. tostring(fixed.nothing)\n"
                               "end\n",
                               NULL);
    struct at_plan_value seven = rig_number(rig, "7");
    cr_assert(rig_call(rig, &seven, 1), "%s", rig->failure.p);
    cr_expect_str_eq(rig_result(rig), "derivedboderivedbnilnil");
    rig_close(rig);
}
