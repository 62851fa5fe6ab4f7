/* api/setting.c: which params a setting means in a plan of several versions. There, `rate` is the param of
 * the last version, and `rate to 2026-06-14` that of an earlier one.
 *
 * A setting of `rate` sets it in every version, `rate to 2026-06-14` in that version, and `rate from
 * 2026-06-15` in the last one. */
#include "api/run.h"

/* What follows the name and the word; empty: the text does not begin so. */
static at_str after(at_str text, at_str name, at_str word) {
    if (text.n <= name.n + word.n || memcmp(text.p, name.p, name.n) != 0) return (at_str){0};
    if (memcmp(text.p + name.n, word.p, word.n) != 0) return (at_str){0};
    return (at_str){text.p + name.n + word.n, text.n - name.n - word.n};
}

static bool ends_with(at_str text, at_str end) {
    return text.n >= end.n && memcmp(text.p + text.n - end.n, end.p, end.n) == 0;
}

/* Whether an earlier version ends on the day before, so that `from` means the last version. */
static bool is_last(const struct at_check_policy *checked, at_str name, at_str from, struct at_arena *arena) {
    at_date day;
    if (!at_date_parse_iso(from, &day) || day == AT_DATE_MIN) return false;
    at_str end = at_date_print(arena, day - 1);
    for (uint32_t i = 0; i < checked->n_params; i++) {
        at_str rest = after(checked->params[i]->name, name, AT_STR(" to "));
        if (rest.n && ends_with(rest, end)) return true;
    }
    return false;
}

uint32_t at_api_setting_means(const struct attain_policy *policy, at_str setting, at_str param,
                              struct at_arena *arena) {
    if (at_str_eq(setting, param)) return setting.n;
    if (policy->composed.n == 0) return 0;
    if (after(param, setting, AT_STR(" to ")).n) return setting.n;
    at_str from = after(setting, param, AT_STR(" from "));
    return from.n && is_last(policy->checked, param, from, arena) ? setting.n : 0;
}

bool at_api_setting_known(const struct attain_policy *policy, at_str setting, struct at_arena *arena) {
    for (uint32_t i = 0; i < policy->checked->n_params; i++)
        if (at_api_setting_means(policy, setting, policy->checked->params[i]->name, arena)) return true;
    return false;
}
