/* Every allocation of loading, opening and calling fails once: each time the work ends at the arena's own
 * point, and nothing is lost. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "lua/hooks.h"

struct meter {
    size_t live;
    long left; /* allocations until one fails; below 0: never */
    bool once; /* the ones after it succeed again */
    bool met;
};

static void *metered(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct meter *meter = context;
    if (new_size == 0) {
        meter->live -= old_size;
        free(ptr);
        return NULL;
    }
    if (meter->left == 0) {
        meter->met = true;
        if (meter->once) meter->left = -1;
        return NULL;
    }
    if (meter->left > 0) meter->left--;
    void *out = realloc(ptr, new_size);
    meter->live += new_size - (ptr ? old_size : 0);
    return out;
}

static bool serve(void *context, struct at_arena *arena, at_str from, at_str wanted,
                  struct at_parse_loaded *out) {
    (void)context, (void)arena, (void)from;
    out->name = wanted;
    out->text =
        AT_STR("local RATE = attain.percent(10)\nlocal steps = {one = 1, two = {2}}\n"
               "function f(x)\n  local t = {}\n  for i = 1, 40 do t[i] = tostring(x / (i + 2)) end\n"
               "  return (x * RATE / 3):round(200) * #table.concat(t), string.rep('because ', 10)\nend\n");
    return true;
}

/* All of it; false where a message was given instead of a result. */
static bool work(struct at_arena *arena) {
    static const char policy[] = "policy \"T\"\n  version 1\n  effective from 2026-01-01 to 2026-12-31\n  "
                                 "currency USD\n  period quarter\n"
                                 "payee rep from \"r.csv\" { id text key }\nfunction f(x number) number from "
                                 "lua \"f.lua\"\npay x = $1\n";
    struct at_diag_sources *sources = AT_NEW(arena, struct at_diag_sources);
    struct at_diag_list *diags = AT_NEW(arena, struct at_diag_list);
    struct at_lua_hooks *hooks = AT_NEW(arena, struct at_lua_hooks);
    struct at_kernel_hook_failure failure = {0};
    struct at_ast *ast;
    struct at_check_policy *checked;
    struct at_lua_files *files;
    at_diag_sources_init(sources, arena);
    at_diag_list_init(diags, arena, sources);
    if (at_parse(sources, arena, diags, AT_STR("p"), AT_STR(policy), serve, NULL, &ast) != AT_OK)
        return false;
    if (at_check(ast, arena, diags, serve, NULL, &checked) != AT_OK) return false;
    if (at_lua_load(checked, sources, arena, diags, serve, NULL, NULL, &files) != AT_OK) return false;
    at_lua_hooks_init(hooks, checked, files, NULL, NULL);
    struct at_lua_hook_engine *engine = hooks->hooks.open(hooks, arena, &failure);
    if (!engine) return false;
    struct at_plan_value arg = {.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_int(7)},
                         result = {.type = {.kind = AT_T_NUMBER}};
    const struct at_kernel_hook_call call = {.function = 0, .args = &arg, .n_args = 1};
    struct at_kernel_hook_said said = {0};
    return hooks->hooks.call(engine, &call, arena, &result, &said, &failure) && said.reason.n == 80;
}

struct trial {
    struct at_arena arena;
    bool good;
};

static void guarded_work(void *context) {
    struct trial *trial = context;
    trial->good = work(&trial->arena);
}

/* When one fails and memory is there again, the work may go on to its right end, and to no other. */
static void fail_each(bool once) {
    long n = 0;
    bool through = false, good = false, met = true;
    for (; n < 20000 && met; n++) {
        struct meter meter = {.left = n, .once = once};
        struct at_alloc alloc = {metered, &meter};
        struct trial trial = {.good = good};
        struct at_guard guard = {0};
        at_arena_init(&trial.arena, &alloc, &guard);
        through = at_guard_run(&guard, guarded_work, &trial);
        good = trial.good;
        at_arena_free(&trial.arena);
        met = meter.met;
        cr_assert_eq(meter.live, 0, "%zu bytes lost when allocation %ld fails", meter.live, n);
        cr_assert(!through || good, "allocation %ld failed and nobody noticed", n);
    }
    cr_assert(through);
    cr_expect_gt(n, 200, "only %ld allocations were tried", n);
}

Test(fault, memory_runs_out_at_every_allocation) {
    fail_each(false);
}
Test(fault, every_allocation_fails_once) {
    fail_each(true);
}
