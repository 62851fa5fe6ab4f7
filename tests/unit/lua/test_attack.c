/* tests/unit/lua/test_attack.c: hooks that try to run long or to use much memory, each within its limits.
 *
 * An attack is the body of a function whose x is 7. It is called with a tenth of the default limit on steps,
 * and may then take a tenth of the two seconds that a call may take. Time is that of the processor, so that
 * other programs do not count; memory is counted by the allocator. The heaviest run with the default limits
 * as well. Whether an attack is stopped or comes to an end does not matter here, but the next call of the
 * same engine must give its result.
 */
#include <stdlib.h>
#include <time.h>

#include "rig.h"

#if defined(__SANITIZE_ADDRESS__) || defined(AT_TORTURE)
#define SLOWER 12
#else
#define SLOWER 1
#endif
#define BASE_SECONDS 0.05             /* of a call: the memory is filled once, whatever the limit on steps */
#define MOST_SECONDS 2.0              /* with the default limits */
#define MORE_MEMORY ((size_t)8 << 20) /* beyond that of hooks: the policy, limbs, blocks that wait */

struct meter {
    size_t live, most;
};

static void *metered(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct meter *meter = context;
    void *out = NULL;
    if (new_size == 0)
        free(ptr);
    else if (!(out = realloc(ptr, new_size)))
        return NULL;
    meter->live += new_size - (ptr ? old_size : 0);
    if (meter->live > meter->most) meter->most = meter->live;
    return out;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct attack {
    const char *name, *body;
};

static const struct attack ATTACKS[] = {
#define ATTACK(name, body) {#name, body},
#include "attacks.def"
#undef ATTACK
};

static void run(const struct attack *attack, uint64_t steps, double most) {
    static char lua[16384];
    struct meter meter = {0};
    struct at_alloc alloc = {metered, &meter};
    struct at_lua_limits limits = {.steps = steps};
    snprintf(lua, sizeof lua, "function f(x)\n  if x == 8 then return x end\n%s\n  return x\nend\n",
             attack->body);
    struct rig *rig = rig_open_with("f(x number) number", lua, &limits, &alloc);
    struct at_plan_value seven = rig_number(rig, "7"), eight = rig_number(rig, "8");
    double start = seconds();
    bool ended = rig_call(rig, &seven, 1);
    double taken = seconds() - start;
    if (getenv("ATTACK_TIMES"))
        fprintf(stderr, "%7.3f s %6.1f MB  %-28s %s\n", taken, (double)meter.most / 1048576, attack->name,
                ended ? "(came to its end)" : rig->failure.p);
    cr_expect_lt(taken, most * SLOWER, "%s takes %.3f s of %.3f s: %s", attack->name, taken, most,
                 ended ? "it came to its end" : rig->failure.p);
    cr_expect_lt(meter.most, AT_LUA_MEMORY + MORE_MEMORY, "%s takes %zu MB", attack->name, meter.most >> 20);
    cr_expect_lt(rig->failure.n, 1200, "%s has a message of %u bytes", attack->name, rig->failure.n);
    cr_expect(rig_call(rig, &eight, 1), "after %s: %s", attack->name, rig->failure.p);
    rig_close(rig);
}

static bool wanted(const struct attack *attack) {
    const char *only = getenv("ATTACK");
    return !only || strcmp(only, attack->name) == 0;
}

Test(attack, time_and_memory_stay_within_the_limits) {
    cr_assert_geq(AT_COUNT(ATTACKS), 80);
    for (size_t i = 0; i < AT_COUNT(ATTACKS); i++)
        if (wanted(&ATTACKS[i])) run(&ATTACKS[i], AT_LUA_STEPS / 10, MOST_SECONDS / 10 + BASE_SECONDS);
}

/* The heaviest of each kind, with the limits that a policy has if nothing else is specified. */
Test(attack, the_default_limits_hold_as_well) {
    static const char *const heavy[] = {"rebuild_table",   "next_emptied", "text_of_long_fraction",
                                        "varargs_growing", "float_text",   "colliding_keys",
                                        "live_memory",     "multiply_long"};
    for (size_t i = 0; i < AT_COUNT(ATTACKS); i++)
        for (size_t k = 0; k < AT_COUNT(heavy); k++)
            if (strcmp(ATTACKS[i].name, heavy[k]) == 0 && wanted(&ATTACKS[i]))
                run(&ATTACKS[i], 0, MOST_SECONDS);
}

/* ---- loading: the same limits, and it can be stopped */

static double load_seconds(const char *lua, const char *part) {
    double start = seconds();
    struct rig *rig = rig_load("f(x number) number", lua);
    double taken = seconds() - start;
    cr_expect_eq(rig->loaded, AT_REJECTED);
    const char *got = "(no error)";
    for (uint32_t i = rig->diags.n; i-- > 0;)
        if (rig->diags.at[i]->severity == AT_SEV_ERROR) got = rig->diags.at[i]->message.p;
    cr_expect(strstr(got, part), "got    %s\n  wanted %s", got, part);
    rig_close(rig);
    return taken;
}

Test(attack, loading_is_limited) {
    cr_expect_lt(load_seconds("while true do end", "stopped after 10,000,000 steps"), 2 * SLOWER);
    cr_expect_lt(load_seconds("local t = {} while true do t[#t + 1] = {} end", "more than 8 MB"), 2 * SLOWER);
    cr_expect_lt(load_seconds("local t = setmetatable({}, {__len = function() return -9 end}) table.sort(t)",
                              "is not the length of a list"),
                 2 * SLOWER);
}

static char *repeated(const char *head, const char *piece, size_t bytes, const char *tail) {
    size_t n = strlen(piece), at = strlen(head);
    char *out = malloc(at + bytes + n + strlen(tail) + 1);
    memcpy(out, head, at);
    for (; at < bytes; at += n)
        memcpy(out + at, piece, n);
    strcpy(out + at, tail);
    return out;
}

Test(attack, huge_sources_are_limited) {
    static const char *const sources[][3] = {
        {"function f(x) ", "if x then elseif x then ", " return x end"},
        {"function f(x) if x then ", "elseif x then ", " end return x end"},
        {"function f(x) local t = {", "{}, ", "} return x end"},
        {"function f(x) local t = {", "[1.5]=1,", "} return x end"},
        {"function f(x) return x", " .. x", " end"},
        {"function f(x) return ", "(", " end"},
        {"function f(x) ", "goto a ", " ::a:: return x end"},
        {"function f(x) ", "while x do break end ", " return x end"},
        {"function f(x) local a a = x ", "and x ", " return x end"},
        {"-", "- [x] == ", "\nfunction f(x) return x end"},
        {"function f(x) return x end ", "x[x]=x ", ""},
    };
    for (size_t i = 0; i < AT_COUNT(sources); i++) {
        char *lua = repeated(sources[i][0], sources[i][1], 1000000, sources[i][2]);
        double start = seconds();
        struct meter meter = {0};
        struct at_alloc alloc = {metered, &meter};
        struct rig *rig = rig_load_with("f(x number) number", lua, &alloc, NULL);
        double taken = seconds() - start;
        if (getenv("ATTACK_TIMES"))
            fprintf(stderr, "%7.3f s %6.1f MB  source %zu: %s\n", taken, (double)meter.most / 1048576, i,
                    rig->diags.n ? rig->diags.at[0]->message.p : "");
        cr_expect_lt(taken, MOST_SECONDS * SLOWER, "source %zu takes %.3f s", i, taken);
        cr_expect_lt(meter.most, AT_LUA_MEMORY + 4 * MORE_MEMORY, "source %zu takes %zu MB", i,
                     meter.most >> 20);
        rig_close(rig);
        free(lua);
    }
}

Test(attack, a_file_larger_than_1_MB_is_refused) {
    char *lua = repeated("--", "x", (1u << 20) + 1, "\nfunction f(x) return x end");
    load_seconds(lua, "is larger than 1 MB");
    free(lua);
}

/* The host asks to stop before loading begins, so nothing but that decides; a file of one endless loop would
 * be reported as such otherwise. */
Test(attack, loading_can_be_cancelled) {
    static const char *const files[] = {
        "while true do end",
        "local s = ('a'):rep(26) while true do s:find(('a-'):rep(26) .. 'b') end",
        "while true do ('x'):rep(60000) end",
    };
    for (size_t i = 0; i < AT_COUNT(files); i++) {
        struct at_watch watch;
        at_watch_init(&watch);
        watch.cancelled = rig_always;
        struct rig *rig = rig_load_with("f(x number) number", files[i], NULL, &watch);
        cr_expect_eq(rig->loaded, AT_CANCELLED);
        cr_expect_eq(rig->diags.errors, 0);
        rig_close(rig);
    }
}
