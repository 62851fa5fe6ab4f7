/* Modules that a Lua file requires: their values, their limits, and what is found while they load. */
#include "rig.h"

#define MODULES(...)                                                                                         \
    static const char *const files[] = {__VA_ARGS__, NULL};                                                  \
    rig_modules(files)

/* Calls `function f(x number) text` of a file, with x = 7. */
static void gives(const char *lua, const char *wanted) {
    struct rig *rig = rig_open("f(x number) text", lua, NULL);
    struct at_plan_value x = rig_number(rig, "7");
    bool good = rig_call(rig, &x, 1);
    const char *given = good ? rig_result(rig) : at_str_format(&rig->arena, "! %s", rig->failure.p).p;
    cr_expect_str_eq(given, wanted);
    rig_close(rig);
}

static void finds(const char *lua, enum at_diag_code code, const char *message, const char *note,
                  const char *help) {
    struct rig *rig = rig_load("f(x number) text", lua);
    const struct at_diag *diag = rig_diag(rig, code);
    cr_assert(diag, "nothing of %s is reported", at_diag_code_info(code)->name);
    cr_expect_says(diag->message.p, message);
    if (note) cr_expect_says(diag->note.p, note);
    if (help) cr_expect_says(diag->help.p, help);
    cr_expect_eq(rig->loaded, AT_REJECTED);
    rig_close(rig);
}

Test(require, values) {
    MODULES("data.lua", "return { rates = { east = 5 } }", "text.lua", "return 'five'", "exact.lua",
            "return attain.number('1/3')", "call.lua", "return function(x) return x * 2 end", "names.lua",
            "local kept = 4\nfunction double(x) return x * 2 end\nlimit = kept + 1", "lib/deep.lua",
            "return require 'data'.rates", "lib/v1.2.lua", "return 12", "no.lua", "return false");
    gives("local d = require 'data'\nfunction f(x) return '' .. d.rates.east end", "5");
    gives("local d = require('data')\nfunction f(x) return '' .. d.rates.east end", "5");
    gives("function f(x) return require 'text' end", "five");
    gives("function f(x) return require \"text\":upper() end", "FIVE");
    gives("function f(x) return (require 'exact' * 3):text() end", "1");
    gives("local twice = require 'call'\nfunction f(x) return twice(x):text() end", "14");
    gives("local n = require 'names'\nfunction f(x) return n.double(x):text() .. n.limit end", "145");
    gives("local d = require 'lib.deep'\nfunction f(x) return '' .. d.east end", "5");
    gives("function f(x) return '' .. require 'lib/deep'.east end", "5");
    gives("function f(x) return '' .. require 'lib/v1.2' end", "12");
    gives("function f(x) return tostring(require 'no') end", "false");
    /* a field or a method of this name is none of the language */
    gives("local t = {}\nt.require = 'x'\nfunction f(x) return t.require end", "x");
    gives("local t = { a = 1, require = 'x' }\nfunction f(x) return t.require .. t['require'] end", "xx");
    gives("local t = { require = 'x' }\nfunction f(x) return t.require end", "x");
}

/* Looks like a key, and assigns the local of the file: no later call can see the value. */
Test(require, an_assigned_require_is_restored) {
    static const char lua[] = "function f(x)\n  local a\n  a, require = 1, 2\n  return 'mine'\nend";
    struct rig *rig = rig_open("f(x number) text", lua, NULL);
    struct at_plan_value x = rig_number(rig, "7");
    cr_expect_not(rig_call(rig, &x, 1));
    cr_expect_says(rig->failure.p, "`require`");
    rig_close(rig);
}

Test(require, a_module_is_loaded_once) {
    MODULES("a.lua", "return {}", "b.lua", "return require 'a'");
    gives("function f(x) return tostring(rawequal(require 'a', require 'a') and require 'a' == require 'b') "
          "end",
          "true");
}

Test(require, what_a_module_does_not_define) {
    MODULES("names.lua", "function double(x) return x end", "data.lua", "return { a = 1 }");
    gives("local n = require 'names'\nfunction f(x)\n  return n.tripel(x)\nend",
          "! f.lua:3: names.lua does not define `tripel`");
    gives("local n = require 'names'\nfunction f(x)\n  return n.pairs\nend",
          "! f.lua:3: names.lua does not define `pairs`");
    gives("function f(x) return tostring(require 'data'.b) end", "nil"); /* a table of Lua */
}

Test(require, modules_are_frozen) {
    MODULES("data.lua", "return { rates = {} }", "names.lua", "limit = 5");
    gives("function f(x)\n  require 'data'.rates.east = 1\nend",
          "! f.lua:2: cannot set `east`, because names of the file are read-only in calls. Use a local "
          "variable "
          "in the function");
    gives("function f(x)\n  require 'names'.limit = 1\nend",
          "! f.lua:2: cannot set `limit`, because names of the file are read-only in calls. Use a local "
          "variable "
          "in the function");
    gives("function f(x)\n  table.insert(require 'data'.rates, 1)\nend",
          "! f.lua:2: table.insert: this table is read-only");
}

/* A module that is required only in the call must be restored, too. */
Test(require, locals_of_modules_are_restored) {
    MODULES("count.lua", "local n = 0\nreturn function() n = n + 1 return n end", "far.lua",
            "return { next = function() return require 'count'() end }");
    static const char *const files_of_hooks[] = {
        "local next = require 'count'\nfunction f(x) return '' .. next() end",
        "function f(x) return '' .. require 'count'() end",
        "function f(x) return '' .. require 'far'.next() end"};
    for (size_t i = 0; i < AT_COUNT(files_of_hooks); i++) {
        struct rig *rig = rig_open("f(x number) text", files_of_hooks[i], NULL);
        struct at_plan_value x = rig_number(rig, "7");
        for (int call = 0; call < 3; call++) {
            cr_expect(!rig_call(rig, &x, 1));
            cr_expect_says(rig->failure.p, "the hook changed `n`, a local of count.lua");
        }
        rig_close(rig);
    }
    finds("local n = require 'count'()\nfunction f(x) return '' .. n end", AT_A1003,
          "the file changed `n`, a local of count.lua", NULL, NULL);
}

Test(require, errors_name_the_file_and_the_line_of_the_module) {
    MODULES("deep.lua", "return function(x)\n  return x + true\nend");
    gives("local g = require 'deep'\nfunction f(x) local y = g(x) return y end",
          "! deep.lua:2: cannot add a number and yes or no (a boolean)");
}

Test(require, a_module_has_the_limits_of_a_file) {
    MODULES("loop.lua", "\nwhile true do end", "wrong.lua", "return * 5", "io.lua", "return io.open('x')",
            "large.lua", "local t = {}\nfor i = 1, 1000000 do t[i] = i end\nreturn t", "iterator.lua",
            "return { next = ('a b'):gmatch('%a') }");
    finds("local m = require 'loop'\nfunction f(x) end", AT_A1003, "stopped after 10,000,000 steps", NULL,
          NULL);
    finds("local m = require 'wrong'\nfunction f(x) end", AT_A1002, "unexpected symbol near '*'", NULL, NULL);
    finds("function f(x) return require 'io' end", AT_A1003, "`io` is not available in hooks", NULL, NULL);
    finds("local m = require 'large'\nfunction f(x) end", AT_A1003, "more than 8 MB of memory", NULL, NULL);
    finds("local m = require 'iterator'\nfunction f(x) end", AT_A1003, "`next` keeps an iterator", NULL,
          NULL);
}

/* The error of a module is the only one: the file that requires it is not executed. */
Test(require, one_error_for_a_module_that_fails) {
    MODULES("bad.lua", "error('no')", "middle.lua", "return require 'bad'.x.y");
    struct rig *rig =
        rig_load("f(x number) text", "local m = require 'middle'\nfunction f(x) return m.z end");
    cr_expect_eq(rig->diags.errors, 1u);
    const struct at_diag *diag = rig_diag(rig, AT_A1003);
    cr_assert(diag);
    cr_expect_says(diag->message.p, "the file fails while it loads: no");
    struct at_diag_place place = at_diag_sources_place(&rig->sources, diag->span.start);
    cr_expect_str_eq(place.file->name.p, "bad.lua");
    rig_close(rig);
}

Test(require, circles) {
    MODULES("a.lua", "local b = require 'b'", "b.lua", "function g() return require 'c' end", "c.lua",
            "return { a = require('a') }", "self.lua", "return require 'self'");
    finds("local a = require 'a'\nfunction f(x) end", AT_A1022, "circular `require`",
          "a.lua → b.lua → c.lua → a.lua", "a module that requires neither");
    finds("local a = require 'self'\nfunction f(x) end", AT_A1022, "circular `require`",
          "self.lua → self.lua", NULL);
}

Test(require, names_that_cannot_be_read) {
    MODULES("rates.lua", "return {}", "made.lua", "\033Lua");
    finds("local m = require 'rate'\nfunction f(x) end", AT_A1020, "cannot read the module \"rate\"",
          "there is no such file", "save it as `rate.lua`");
    finds("local m = require 'rates.lua'\nfunction f(x) end", AT_A1020,
          "cannot read the module \"rates.lua\"", NULL, "`require \"rates\"`");
    finds("local m = require 'made'\nfunction f(x) end", AT_A1008, "is compiled Lua", NULL, NULL);
    static const char *const no_text[] = {"local m = require(name)",
                                          "local r = require",
                                          "local m = require('ra' .. 'tes')",
                                          "local m = require [[rates]]",
                                          "local m = require 'ra\\tes'",
                                          "local m = require {}",
                                          "local m = require ''",
                                          "require = 5",
                                          "local m = require('rates', 1)"};
    for (size_t i = 0; i < AT_COUNT(no_text); i++) {
        char lua[200];
        snprintf(lua, sizeof lua, "%s\nfunction f(x) end", no_text[i]);
        finds(lua, AT_A1021, "`require` requires the name of a module as a text", NULL, "require \"rates\"");
    }
}
