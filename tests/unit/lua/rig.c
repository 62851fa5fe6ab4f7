/* tests/unit/lua/rig.c: see rig.h. */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const *modules; /* of the process, which runs one test */

void rig_modules(const char *const *names_and_texts) {
    modules = names_and_texts;
}

static bool serve_module(at_str wanted, struct at_parse_loaded *out) {
    for (size_t i = 0; modules && modules[i]; i += 2) {
        if (!at_str_eq(wanted, at_str_z(modules[i]))) continue;
        out->name = at_str_z(modules[i]);
        out->text = at_str_z(modules[i + 1]);
        return true;
    }
    return false;
}

static bool serve(void *context, struct at_arena *arena, at_str from, at_str wanted,
                  struct at_parse_loaded *out) {
    const struct rig *rig = context;
    (void)arena, (void)from;
    if (serve_module(wanted, out)) return true;
    if (!rig->lua || !at_str_eq(wanted, AT_STR("f.lua"))) {
        out->why = AT_STR("there is no such file");
        return false;
    }
    out->name = wanted;
    out->text = (at_str){rig->lua, (uint32_t)rig->lua_length};
    return true;
}

static void compile(struct rig *rig, const char *signature) {
    at_str text =
        at_str_format(&rig->arena,
                      "policy \"T\"\n  version 1\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n"
                      "  period quarter\npayee rep from \"r.csv\" { id text key }\n"
                      "function %s from lua \"f.lua\"\npay x = $1\n",
                      signature);
    enum at_status status =
        at_parse(&rig->sources, &rig->arena, &rig->diags, AT_STR("p.attain"), text, serve, rig, &rig->ast);
    cr_assert_eq(status, AT_OK);
    status = at_check(rig->ast, &rig->arena, &rig->diags, serve, rig, &rig->checked);
    at_str first = rig->diags.n ? rig->diags.at[0]->message : AT_STR("");
    cr_assert_eq(status, AT_OK, "%.*s", AT_STR_ARG(first));
    rig->loaded = at_lua_load(rig->checked, &rig->sources, &rig->arena, &rig->diags, serve, rig, rig->watch,
                              &rig->files);
}

struct rig *rig_load_with(const char *signature, const char *lua, const struct at_alloc *alloc,
                          struct at_watch *watch) {
    struct rig *rig = calloc(1, sizeof *rig);
    rig->watch = watch;
    at_arena_init(&rig->arena, alloc, NULL);
    at_diag_sources_init(&rig->sources, &rig->arena);
    at_diag_list_init(&rig->diags, &rig->arena, &rig->sources);
    rig->lua = lua;
    rig->lua_length = lua ? strlen(lua) : 0;
    compile(rig, signature);
    return rig;
}

struct rig *rig_load(const char *signature, const char *lua) {
    return rig_load_with(signature, lua, NULL, NULL);
}

struct rig *rig_open(const char *signature, const char *lua, const struct at_lua_limits *limits) {
    return rig_open_with(signature, lua, limits, NULL);
}

struct rig *rig_open_with(const char *signature, const char *lua, const struct at_lua_limits *limits,
                          const struct at_alloc *alloc) {
    struct rig *rig = rig_load_with(signature, lua, alloc, NULL);
    struct at_kernel_hook_failure failure = {0};
    cr_assert_eq(rig->loaded, AT_OK, "%.*s", AT_STR_ARG(rig->diags.at[rig->diags.n - 1]->message));
    at_lua_hooks_init(&rig->hooks, rig->checked, rig->files, limits, NULL);
    rig->engine = rig->hooks.hooks.open(rig->hooks.hooks.context, &rig->arena, &failure);
    cr_assert(rig->engine, "%.*s", AT_STR_ARG(failure.message));
    return rig;
}

bool rig_call(struct rig *rig, const struct at_plan_value *args, uint32_t n) {
    const struct at_kernel_hook_call call = {.function = 0, .args = args, .n_args = n};
    struct at_kernel_hook_failure failure = {0};
    rig->result = (struct at_plan_value){.type = rig->checked->functions[0].result};
    struct at_kernel_hook_said said = {.reason = {"", 0}};
    bool good = rig->hooks.hooks.call(rig->engine, &call, &rig->arena, &rig->result, &said, &failure);
    rig->reason = said.reason;
    rig->failure = good ? AT_STR("") : at_str_copy(&rig->arena, failure.message);
    return good;
}

void rig_close(struct rig *rig) {
    at_arena_free(&rig->arena);
    free(rig);
}

struct at_plan_value rig_number(struct rig *rig, const char *text) {
    struct at_plan_value value = {.type = {.kind = AT_T_NUMBER}};
    cr_assert(at_num_parse(&rig->arena, at_str_z(text), false, &value.bits.num));
    return value;
}

struct at_plan_value rig_money(struct rig *rig, const char *text, const char *currency) {
    struct at_plan_value value = rig_number(rig, text);
    value.type = (at_type){.kind = AT_T_MONEY, .currency = at_currency_find(at_str_z(currency))};
    return value;
}

struct at_plan_value rig_text(const char *text) {
    return (struct at_plan_value){.type = {.kind = AT_T_TEXT}, .bits.text = at_str_z(text)};
}

const char *rig_result(struct rig *rig) {
    switch ((enum at_type_kind)rig->result.type.kind) {
    case AT_T_TEXT: return at_str_copy(&rig->arena, rig->result.bits.text).p;
    case AT_T_DATE: return at_date_print(&rig->arena, rig->result.bits.i).p;
    case AT_T_PERIOD: return at_period_print(&rig->arena, rig->result.bits.period).p;
    case AT_T_FLAG: return rig->result.bits.i ? "yes" : "no";
    case AT_T_ENUM: return rig->result.type.choices->at[rig->result.bits.i].p;
    default: return at_num_print(&rig->arena, rig->result.bits.num).p;
    }
}

const char *rig_eval(struct rig **out, const char *body) {
    char lua[8192];
    snprintf(lua, sizeof lua, "function f(x)\n%s\nend\n", body);
    struct rig *rig = *out = rig_open("f(x number) text", lua, NULL);
    struct at_plan_value x = rig_number(rig, "7");
    if (rig_call(rig, &x, 1)) return rig_result(rig);
    return at_str_format(&rig->arena, "! %.*s", AT_STR_ARG(rig->failure)).p;
}

const struct at_diag *rig_diag(const struct rig *rig, enum at_diag_code code) {
    for (uint32_t i = 0; i < rig->diags.n; i++)
        if (rig->diags.at[i]->code == code) return rig->diags.at[i];
    return NULL;
}

bool rig_always(void *context) {
    (void)context;
    return true;
}
