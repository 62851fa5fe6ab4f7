/* What `check` finds in a Lua file without calling it. Places and messages follow from the texts. */
#include "rig.h"

/* Lists the diagnostics of a file as `CODE line:column message`, one a line. */
static const char *found(const char *signature, const char *lua) {
    static char out[4000];
    struct rig *rig = rig_load(signature, lua);
    size_t n = 0;
    out[0] = '\0';
    at_diag_list_sort(&rig->diags);
    for (uint32_t i = 0; i < rig->diags.n && n < sizeof out; i++) {
        const struct at_diag *d = rig->diags.at[i];
        if (d->code == AT_A0612) continue; /* the policy of the rig does not use its function */
        struct at_diag_place place = at_diag_sources_place(&rig->sources, d->span.start);
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s %u:%u %.*s", n ? "\n" : "",
                              at_diag_code_info(d->code)->name, place.line, place.column,
                              AT_STR_ARG(d->message));
    }
    rig_close(rig);
    return out;
}

#define MONEY "f(a money, b number) money"
#define finds(lua, expected) cr_expect_str_eq(found(MONEY, lua), expected)
#define nothing(lua) cr_expect_str_eq(found(MONEY, lua), "")

/* ---- names */

Test(grammar, unknown_globals_in_their_scopes) {
    finds("function f(a, b)\n  if b > 1 then local x = a; return x end\n  return x\nend",
          "A1011 3:10 unknown name `x`");
    finds("function f(a)\n  for i = 1, 2 do a = a + i * a end\n  return i\nend",
          "A1006 7:10 `f` is declared with 2 parameters, but the hook has 1\nA1011 3:10 unknown name `i`");
    finds("function f(a, b)\n  repeat local done = b > 1 until done\n  return done and a\nend",
          "A1011 3:10 unknown name `done`");
    finds("local x <const> = y\nfunction f(a, b) return a * x end",
          "A1003 1:1 the file fails while it loads: unknown name `y`");
}
Test(grammar, names_that_exist) {
    nothing("local t = {}\nfunction t:m(k) self.v = k return self end\n"
            "function f(a, b) t.v = 1 return a end\nfunction g() return t:m(1) end");
    nothing("function f(a, b) return g(a) end\nfunction g(x) return x end");
    nothing("x, y = 1, { 2 }\nfunction f(a, b) return a * x * y[1] end");
    nothing("local function f2(n) if n == 0 then return 0 end return f2(n - 1) end\n"
            "function f(a, b) return a * f2(3) end");
    nothing("function f(a, b)\n  goto done\n  ::done::\n  do return a end\nend");
    nothing("function f(a, b, ...) local x <close>, y <const> = nil, ... return y or a end");
    nothing("_ENV['rate'] = 2\nfunction f(a, b) return a * rate end");
}
Test(grammar, suggestions) {
    struct rig *rig = rig_load(MONEY, "local rate = 2\nfunction f(a, b) return a * raet * rate end");
    const struct at_diag *d = rig_diag(rig, AT_A1011);
    cr_assert(d);
    cr_expect_str_eq(d->help.p, "did you mean `rate`?");
    rig_close(rig);
}
Test(grammar, members) {
    finds("local m = math\nfunction f(a, b) return a * m.flor(b) end",
          "A1011 2:31 `math.flor` is not available in hooks");
    finds("function f(a, b) return a:rond(2) end", "A1011 1:27 money does not have `rond`");
    finds("function f(a, b) return a * b:integr() end", "A1011 1:31 a number does not have `integr`");
    finds("function f(a, b)\n  local d = attain.date('2026-01-01')\n  return a * d.yaer\nend",
          "A1011 3:16 a date does not have `yaer`");
    finds("function f(a, b) local s = 'x' return a, s:uper() end",
          "A1011 1:44 `string.uper` is not available in hooks");
    finds("function f(a, b)\n  local n\n  return a, n.x\nend", "A1011 3:15 nil does not have `x`");
    nothing("local string = { foo = 1 }\nfunction f(a, b) return a * string.foo end");
    nothing(
        "function f(a, b) return a:round(2):abs() * b:integer() * a.amount:floor(), a.currency:lower() end");
}
Test(grammar, cells) {
#define CELL "f(me cell) money"
    cr_expect_str_eq(found(CELL, "function f(me)\n  return me.measures.bookngs * me.payee.idd\nend"),
                     "A1011 2:22 unknown measure `bookngs`\nA1011 2:41 unknown field `idd` of the payee");
    cr_expect_str_eq(found(CELL, "function f(me)\n  local p = me.components\n  return p.y + p.x\nend"),
                     "A1011 3:12 unknown component `y`");
    cr_expect_str_eq(found(CELL, "function f(me) return me.mesures.x, me.payee.id end"),
                     "A1011 1:26 the cell does not have `mesures`");
    cr_expect_str_eq(found(CELL, "function f(me) return me.total, me.payee.id .. me.period.start end"), "");
    cr_expect_str_eq(
        found(CELL, "function f(me)\n  return me.measures[\"bookngs\"] * me['payee']['idd']\nend"),
        "A1011 2:22 unknown measure `bookngs`\nA1011 2:47 unknown field `idd` of the payee");
    cr_expect_str_eq(found(CELL, "function f(me) return me['mesures'] end"),
                     "A1011 1:26 the cell does not have `mesures`");
    cr_expect_str_eq(
        found(CELL,
              "function f(me) local k = me.payee.id return me['total'], me.measures[k], me.measures[''], "
              "me.payee['id' .. k], me.measures['\\98'] end"),
        "");
}

/* ---- unused locals */

Test(grammar, unused_locals) {
    finds("local x = 1\nfunction f(a, b)\n  local y, z = 1, 2\n  y = 3\n  return a * z\nend",
          "A1030 1:7 unused local `x`");
    finds("local function g() return 1 end\nfunction f(a, b) return a end",
          "A1030 1:16 unused local function `g`");
    finds("function f(a, b)\n  local n\n  n = 1\n  return a\nend", "A1030 2:9 unused local `n`");
    nothing(
        "function f(a, b)\n  local _, _x, y = 1, 2, 3\n  for i, v in ipairs({}) do end\n  return a * y\nend");
    nothing("local n = 1\nlocal function g() return n end\nfunction f(a, b) return a * g() end");
}

/* ---- results */

Test(grammar, missing_results) {
    finds("function f(a, b)\n  if b > 1 then return a end\nend", "A1031 3:1 `f` can end without a result");
    finds("function f(a, b)\n  a = a * b\nend", "A1031 3:1 `f` can end without a result");
    finds("function f(a, b)\n  if b > 1 then return end\n  return a\nend",
          "A1031 2:17 `return` without a value in `f`");
    nothing("function f(a, b) if b > 1 then return a elseif b > 2 then return a else error('no') end end");
    nothing("function f(a, b) while true do if b > 1 then return a end b = b + 1 end end");
    nothing("function f(a, b) for _, t in ipairs({ 1, 2 }) do if b < t then return a end end end");
    nothing("local function fail() error('no') end\nfunction f(a, b) if b > 1 then return a end fail() end");
    nothing("function f(a, b) do return a end end");
    nothing(
        "function f(a, b)\n  ::again::\n  b = b - 1\n  if b > 1 then goto again end\n  do return a end\nend");
    finds("function f(a, b) while true do if b > 1 then break end b = b + 1 end end",
          "A1031 1:70 `f` can end without a result");
    nothing("function f(a, b) repeat return a until b > 1 end");
    nothing("function f(a, b) local function g() end g() return a end");
}

/* ---- types */

Test(grammar, operators) {
    finds("function f(a, b) return a + 5 end", "A1032 1:27 cannot use `+` with money and an integer");
    finds("function f(a, b) return a * a end", "A1032 1:27 cannot use `*` with money and money");
    finds("function f(a, b) local h = 1 / 2 return a * h end",
          "A1032 1:43 cannot use `*` with money and a float");
    finds("function f(a, b) if a > 0 then return a end return a end",
          "A1032 1:23 cannot use `>` with money and an integer");
    finds("function f(a, b) if a == 'x' then return a end return a end",
          "A1032 1:23 cannot use `==` with money and text");
    finds("function f(a, b) return a * '5' end", "A1032 1:27 cannot use `*` with money and text");
    finds("function f(a, b) return a, 'x' .. nil end", "A1032 1:32 cannot use `..` with text and nil");
    finds("function f(a, b) return a * #b end", "A1032 1:29 cannot use `#` with a number");
    finds("function f(a, b) return a * -'x' end", "A1032 1:29 cannot use `-` with text");
    nothing("function f(a, b) return a * b / 2 + a - a % 7 + a // 3, a / a .. '%' end");
    nothing("function f(a, b) if b == nil or a ~= nil then return a end return -a end");
    nothing("function f(a, b) return a * (7 // 2) * (1 << 3) * 5 ^ 2 ^ -1, -b ^ 2 .. 'x' end");
    nothing("function f(a, b)\n  local d = attain.date(2026, 1, 31)\n"
            "  if d + 1 - d == 1 and d - attain.days(3) < d then return a end\n  return a\nend");
}
Test(grammar, types_that_may_be_others) {
    nothing("function f(a, b) if type(a) == 'money' then return a end return a + 5 end");
    nothing("function f(a, b) return a end\nfunction g(x) return f(x + 5, 1) end\n");
    nothing("function f(a, b)\n  local n = nil\n  if b > 1 then n = 5 end\n  return a * (n + 1)\nend");
    nothing("function f(a, b) a = 5 return attain.money(a + 5) end");
    nothing(
        "function f(a, b) local t = setmetatable({}, { __add = function() return a end }) return t + 5 end");
    nothing("function f(a, b) local x = b and 5 or nil return a * (x or 1) end");
}
Test(grammar, calls_limits_and_results) {
    finds("function f(a, b) return a() end", "A1032 1:25 cannot call money");
    finds("function f(a, b) for i = 1, b do a = a * i end return a end",
          "A1032 1:29 a limit of `for` must be an integer, found a number");
    finds("function f(a, b) return 5 end", "A1032 1:25 `f` returns an integer, but money is declared");
    finds("function f(a, b) return 'x', 'why' end\n", "A1032 1:25 `f` returns text, but money is declared");
    cr_expect_str_eq(found("f(a money) number", "function f(a) return a end"),
                     "A1032 1:22 `f` returns money, but a number is declared");
    cr_expect_str_eq(found("f(a money) number", "function f(a) return 5 end"), "");
    cr_expect_str_eq(found("f(a flag) text", "function f(a) return a end"),
                     "A1032 1:22 `f` returns a boolean, but text is declared");
}
