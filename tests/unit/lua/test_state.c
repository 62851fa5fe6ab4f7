/* A call is a function of its arguments. Each attack of tests/hooks/attacks.lua is called with 1 to 40 in an
 * engine of its own for each value, then in one engine many times in an order of chance. Every result,
 * reason, and message must be the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define VALUES 40
#define CALLS 100

static const struct at_lua_limits limits = {.steps = 400000, .memory = 1 << 20};

static char *attacks(void) {
    FILE *file = fopen("tests/hooks/attacks.lua", "rb");
    cr_assert(file, "the tests run in the folder of the project");
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    cr_assert(n > 1000);
    return text;
}

static struct at_lua_hook_engine *engine_in(struct rig *rig, struct at_arena *arena) {
    struct at_kernel_hook_failure failure = {0};
    at_arena_init(arena, NULL, NULL);
    struct at_lua_hook_engine *engine = rig->hooks.hooks.open(rig->hooks.hooks.context, arena, &failure);
    cr_assert(engine, "%.*s", AT_STR_ARG(failure.message));
    return engine;
}

/* What the call of `f` with `x` gives, in words. */
static const char *outcome(struct rig *rig, int x) {
    char number[16], key[16];
    snprintf(number, sizeof number, "%d", x);
    snprintf(key, sizeof key, "p%d", x);
    struct at_plan_value args[2] = {rig_number(rig, number), rig_text(key)};
    if (rig_call(rig, args, 2))
        return at_str_format(&rig->arena, "%s (%.*s)", rig_result(rig), AT_STR_ARG(rig->reason)).p;
    cr_expect_eq(rig->reason.n, 0);
    return at_str_format(&rig->arena, "! %.*s", AT_STR_ARG(rig->failure)).p;
}

static const char *outcome_alone(struct rig *rig, int x) {
    struct at_arena arena;
    struct at_lua_hook_engine *before = rig->engine;
    rig->engine = engine_in(rig, &arena);
    const char *out = outcome(rig, x);
    rig->engine = before;
    at_arena_free(&arena);
    return out;
}

static void in_any_order(struct rig *rig, const char *name, unsigned seed) {
    struct at_arena arena;
    const char *alone[VALUES + 1];
    for (int x = 1; x <= VALUES; x++)
        alone[x] = outcome_alone(rig, x);
    rig->engine = engine_in(rig, &arena);
    for (int call = 0; call < CALLS; call++) {
        seed = seed * 1103515245 + 12345;
        int x = (int)(seed >> 16) % VALUES + 1;
        const char *got = outcome(rig, x);
        cr_assert_str_eq(got, alone[x], "%s: call %d with %d\n  got    %s\n  alone  %s", name, call, x, got,
                         alone[x]);
    }
    at_arena_free(&arena);
}

static void attack(const char *name, const char *text, unsigned seed) {
    bool refused = strncmp(name, "refused ", 8) == 0;
    struct rig *rig = rig_load("f(x number, key text) number", text);
    if (refused) {
        const struct at_diag *d = rig_diag(rig, AT_A1003);
        cr_expect(d && strstr(d->message.p, "keeps an iterator"), "%s is not refused", name);
    } else {
        cr_assert_eq(rig->loaded, AT_OK, "%s: %.*s", name,
                     AT_STR_ARG(rig->diags.at[rig->diags.n - 1]->message));
        at_lua_hooks_init(&rig->hooks, rig->checked, rig->files, &limits, NULL);
        in_any_order(rig, name, seed);
    }
    rig_close(rig);
}

/* Without a .timeout: with three of them, Criterion itself leaks one, which LeakSanitizer reports. */
Test(state, a_call_is_a_function_of_its_arguments) {
    char *text = attacks(), *at = strstr(text, "\n--# ");
    int n = 0;
    while (at) {
        char *name = at + 5, *body = strchr(name, '\n');
        at = strstr(body, "\n--# ");
        if (at) *at = 0;
        *body++ = '\0';
        attack(strncmp(name, "heavy ", 6) == 0 ? name + 6 : name, body, (unsigned)++n * 7919);
    }
    cr_expect(n >= 60, "%d attacks", n);
    free(text);
}
