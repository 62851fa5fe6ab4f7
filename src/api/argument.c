/* api/argument.c: messages about names and values that a caller passes. */
#include "api/argument.h"
#include "base/numtext.h"
#include "base/period_near.h"

enum {
    MOST_LISTED = 12,       /* names in one message */
    MOST_COMPARED = 5000000 /* payees with wanted ones, over all messages of a list */
};

/* ---- payees */

/* The schema is that of the first policy. All policies of a run identify payees by the same key. */
struct at_api_people at_api_people_of(struct at_arena *arena, const struct at_session_results *results) {
    const struct at_check_policy *checked = results->n_runs ? results->runs[0].checked : NULL;
    at_str *keys = AT_NEW_ARRAY(arena, at_str, results->n_payees + 1);
    at_str *labels = AT_NEW_ARRAY(arena, at_str, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        keys[i] = results->payees[i].key;
        labels[i] = results->payees[i].label;
    }
    bool table = checked && checked->payee_table >= 0;
    return (struct at_api_people){table ? &checked->schemas[checked->payee_table] : NULL, keys, labels,
                                  results->n_payees};
}

void at_api_unknown_payee(struct at_diag_list *diags, const struct at_api_people *people, at_str key) {
    struct at_str_nearest near = {.wanted = key}, name = {.wanted = key};
    uint32_t by_key = 0, by_name = 0;
    const struct at_schema *schema = people->schema;
    struct at_diag *diag =
        at_diag_add(diags, AT_A0907, (at_span){0}, "unknown payee `%.*s`", AT_STR_ARG(key));
    if (!schema || schema->key < 0) return;
    at_str field = schema->fields[schema->key].name;
    at_diag_note(diag, "the key of a payee is `%.*s` of `%.*s`", AT_STR_ARG(field), AT_STR_ARG(schema->name));
    if ((uint64_t)diags->n * people->n > MOST_COMPARED) return;
    for (uint32_t i = 0; i < people->n; i++) {
        if (at_str_nearest_key(&near, people->keys[i])) by_key = i;
        if (schema->label >= 0 && at_str_nearest_title(&name, people->labels[i])) by_name = i;
    }
    /* People know payees by name, so a name counts more than a key that is as near. */
    bool named = name.best.n && (!near.best.n || near.distance > 1 || name.distance <= near.distance);
    if (named && at_str_eq(name.best, key))
        at_diag_help(diag, "write the key of the payee: `%.*s`", AT_STR_ARG(people->keys[by_name]));
    else if (named && !(near.best.n && by_key == by_name))
        at_diag_help(diag, "did you mean `%.*s`, whose `%.*s` is `%.*s`?", AT_STR_ARG(people->keys[by_name]),
                     AT_STR_ARG(schema->fields[schema->label].name), AT_STR_ARG(name.best));
    else if (near.best.n)
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
    else if (people->n)
        at_diag_help(diag, "write a key such as `%.*s`", AT_STR_ARG(people->keys[0]));
}

/* ---- params */

void at_api_unknown_param(struct at_diag_list *diags, struct attain_policy *const *policies, size_t n,
                          at_str name) {
    struct at_str_nearest near = {.wanted = name};
    at_str list = {"", 0};
    uint32_t listed = 0, all = 0;
    for (size_t p = 0; p < n; p++)
        for (uint32_t i = 0; i < policies[p]->checked->n_params; i++, all++) {
            at_str param = policies[p]->checked->params[i]->name;
            at_str_nearest_try(&near, param);
            if (listed >= MOST_LISTED) continue;
            list = at_str_format(diags->arena, "%.*s%s`%.*s`", AT_STR_ARG(list), listed ? ", " : "",
                                 AT_STR_ARG(param));
            listed++;
        }
    struct at_diag *diag =
        at_diag_add(diags, AT_A0903, (at_span){0}, "unknown param `%.*s`", AT_STR_ARG(name));
    if (near.best.n)
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
    else if (all == 0)
        at_diag_help(diag, "the policy does not have a param; declare one, such as `param rate = 5%%`");
    if (all)
        at_diag_note(diag, "the policy has the param%s %.*s%s", all == 1 ? "" : "s", AT_STR_ARG(list),
                     all > listed ? ", …" : "");
}

/* A shell takes `$3` out of `bonus=$3,500`. What is left is `,500`, or nothing. */
static bool shell_took_it(at_str text) {
    return text.n == 0 || text.p[0] == ',' || text.p[0] == '.';
}

void at_api_bad_setting(struct at_diag_list *diags, const struct at_check_policy *checked, at_str name,
                        at_str text) {
    struct at_diag *diag =
        at_diag_add(diags, AT_A0904, (at_span){0}, "invalid value `%.*s` of the param `%.*s`",
                    AT_STR_ARG(text), AT_STR_ARG(name));
    bool money = false;
    for (uint32_t i = 0; i < checked->n_params; i++)
        if (at_str_eq(checked->params[i]->name, name)) money = checked->params[i]->type.kind == AT_T_MONEY;
    if (shell_took_it(text)) {
        at_diag_note(diag,
                     "a shell deletes `$` and the digit after it, unless the value is in single quotes");
        at_diag_help(diag, "write the value in single quotes, such as `--set '%.*s=%s'`", AT_STR_ARG(name),
                     money ? "$3,500" : "9%");
    } else {
        at_diag_help(diag, "write a constant such as 9%%, 1250.50, $40,000, 2026-03-31, or \"east\"");
    }
}

/* Less than a basis point, and not written in bps: perhaps divided by a hundred once too often. */
static void tell_small(struct at_diag_list *diags, at_str name, at_str text, at_num number) {
    at_num bps = at_num_mul(diags->arena, number, at_num_int(10000));
    struct at_diag *diag = at_diag_add(diags, AT_A0983, (at_span){0},
                                       "the param `%.*s` is a percentage, and `%.*s` is less than 0.01%%",
                                       AT_STR_ARG(name), AT_STR_ARG(text));
    at_diag_help(diag, "check it. For a rate below a basis point, write `--set %.*s=%.*sbps`",
                 AT_STR_ARG(name), AT_STR_ARG(at_num_print(diags->arena, bps)));
}

/* A fraction such as 0.09 is a rate too, and 1.5x is a multiplier that someone wanted. */
void at_api_check_percent(struct at_diag_list *diags, const struct at_check_policy *checked, at_str name,
                          at_str text, const struct at_plan_value *value) {
    const struct at_ast_node *literal = NULL;
    for (uint32_t i = 0; i < checked->n_params; i++)
        if (at_str_eq(checked->params[i]->name, name) && checked->params[i]->node)
            literal = checked->params[i]->node->n ? checked->params[i]->node->child[0] : NULL;
    if (!literal || literal->kind != AT_N_NUMBER || !(literal->flags & AT_F_PERCENT)) return;
    char last = text.n ? text.p[text.n - 1] : 0;
    if (value->type.kind != AT_T_NUMBER || ((last < '0' || last > '9') && last != '%')) return;
    at_num number = at_num_abs(diags->arena, at_plan_value_num(value));
    if (at_num_sign(number) > 0 && at_num_cmp(diags->arena, number, at_num_decimal(1, 4)) < 0)
        tell_small(diags, name, text, number);
    if (last == '%') return;
    if (at_num_cmp(diags->arena, number, at_num_int(1)) < 0) return;
    /* Beside 120%, 1.3 can only mean 130%. */
    bool above = at_num_cmp(diags->arena, literal->value, at_num_int(1)) > 0;
    at_num far = at_num_mul(diags->arena, literal->value, at_num_int(10));
    if (above && at_num_cmp(diags->arena, number, far) < 0) return;
    struct at_diag *diag =
        at_diag_add(diags, AT_A0983, (at_span){0},
                    "the param `%.*s` is a percentage, and `%.*s` is %.*s times the amount", AT_STR_ARG(name),
                    AT_STR_ARG(text), AT_STR_ARG(text));
    at_diag_help(diag, "did you mean `--set %.*s=%.*s%%`? For a multiplier, write `%.*s=%.*sx`",
                 AT_STR_ARG(name), AT_STR_ARG(text), AT_STR_ARG(name), AT_STR_ARG(text));
}

/* ---- periods */

bool at_api_read_period(struct at_diag_list *diags, const char *text, at_period *out) {
    at_str written = at_str_trim(at_str_z(text));
    if (at_period_parse(written, out)) return true;
    at_str meant = at_period_meant(diags->arena, written);
    struct at_diag *diag = at_diag_add(diags, AT_A0905, (at_span){0}, "`%s` is not a period", text);
    if (meant.n)
        at_diag_help(diag, "write `%.*s`", AT_STR_ARG(meant));
    else
        at_diag_help(diag, "write a period such as 2026-Q1, 2026-03, 2026-W05, or 2026");
    return false;
}
