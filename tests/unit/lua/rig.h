/* tests/unit/lua/rig.h: a policy with one function in Lua, compiled from two texts in memory, and calls of
 * it. */
#ifndef TESTS_UNIT_LUA_RIG_H
#define TESTS_UNIT_LUA_RIG_H

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/numtext.h"
#include "lua/hooks.h"

struct rig {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    const char *lua; /* text of the only file */
    size_t lua_length;
    struct at_watch *watch; /* of loading; may be NULL */
    struct at_ast *ast;
    struct at_check_policy *checked;
    struct at_lua_files *files;
    enum at_status loaded;
    struct at_lua_hooks hooks;
    struct at_lua_hook_engine *engine;
    struct at_plan_value result;
    at_str reason, failure;
};

/* `signature` is all between `function ` and ` from lua "f.lua"`; the policy's currency is USD. */
struct rig *rig_load(const char *signature, const char *lua);
/* The same with an allocator and a watch; both may be NULL. */
struct rig *rig_load_with(const char *signature, const char *lua, const struct at_alloc *alloc,
                          struct at_watch *watch);
/* The same with an engine; the texts must be good. */
struct rig *rig_open(const char *signature, const char *lua, const struct at_lua_limits *limits);
struct rig *rig_open_with(const char *signature, const char *lua, const struct at_lua_limits *limits,
                          const struct at_alloc *alloc);
/* Lua files beside f.lua for all rigs of this test: names and texts in turn, ended by NULL. A view. */
void rig_modules(const char *const *names_and_texts);
/* Calls it; false: see failure. */
bool rig_call(struct rig *rig, const struct at_plan_value *args, uint32_t n);
void rig_close(struct rig *rig);

struct at_plan_value rig_number(struct rig *rig, const char *text);
struct at_plan_value rig_money(struct rig *rig, const char *text, const char *currency);
struct at_plan_value rig_text(const char *text);

/* The result, printed: numbers and money as digits. */
const char *rig_result(struct rig *rig);
/* Calls `function f(x number) text` whose body is `body`, with x = 7: what it gives, or "! " and the failure.
 */
const char *rig_eval(struct rig **rig, const char *body);
/* The first diagnostic of a code, or NULL. */
const struct at_diag *rig_diag(const struct rig *rig, enum at_diag_code code);

#define cr_expect_says(text, part) cr_expect(strstr((text), (part)), "`%s` does not say `%s`", (text), (part))
#define cr_assert_says(text, part) cr_assert(strstr((text), (part)), "`%s` does not say `%s`", (text), (part))

bool rig_always(void *context); /* a host that wants to stop */

#endif
