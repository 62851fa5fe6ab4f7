/* api/reconcile_limit.c: implements reconcile_limit.h. Comparisons are exact. */
#include "api/reconcile_limit.h"

#include "base/numtext.h"

enum of { DIFFERENT, UNEXPLAINED, TOTAL, PAYOUT, OFS };

struct limit {
    enum of of;
    bool equal, share;
    at_num bound;
};

static bool read(at_str text, struct at_arena *arena, struct limit *out) {
    static const char *const names[OFS] = {"different", "unexplained", "total", "payout"};
    uint32_t at = 0;
    while (at < text.n && text.p[at] != '>')
        at++;
    if (at == text.n) return false;
    at_str name = at_str_trim((at_str){text.p, at}), rest = {text.p + at + 1, text.n - at - 1};
    for (out->of = 0; out->of < OFS; out->of++)
        if (at_str_eq(name, at_str_z(names[out->of]))) break;
    out->equal = rest.n > 0 && rest.p[0] == '=';
    if (out->equal) rest = (at_str){rest.p + 1, rest.n - 1};
    rest = at_str_trim(rest);
    out->share = rest.n > 0 && rest.p[rest.n - 1] == '%';
    if (out->share) rest.n--;
    bool money = rest.n > 0 && rest.p[0] == '$';
    if (money) rest = (at_str){rest.p + 1, rest.n - 1};
    rest = at_str_trim(rest);
    if (out->of == OFS || (money && (out->of < TOTAL || out->share)) || (out->of == PAYOUT && out->share))
        return false;
    return rest.n > 0 && at_num_parse(arena, rest, true, &out->bound) && at_num_sign(out->bound) >= 0;
}

static at_num major(const struct at_write_reconcile *made, at_i128 minor) {
    return at_num_decimal128(minor < 0 ? -minor : minor, made->of.results->runs[0].currency->digits);
}

/* In percent, in major units, or a count. False: a share of nothing. */
static bool value_of(const struct at_write_reconcile *made, const struct limit *limit, struct at_arena *arena,
                     at_num *out) {
    const struct at_answer_reconciliation *of = &made->of;
    at_num whole = at_num_int((int64_t)of->n);
    switch (limit->of) {
    case DIFFERENT: *out = at_num_int((int64_t)of->count[AT_ANSWER_DIFFERENT]); break;
    case UNEXPLAINED: *out = at_num_int((int64_t)of->in_class[AT_ANSWER_UNEXPLAINED]); break;
    case TOTAL:
        *out = major(made, of->theirs - of->ours);
        whole = major(made, of->theirs);
        break;
    case PAYOUT: *out = major(made, of->most); break;
    case OFS: return false;
    }
    if (!limit->share) return true;
    if (at_num_is_zero(whole)) return at_num_is_zero(*out);
    *out = at_num_mul(arena, at_num_div(arena, *out, whole), at_num_int(100));
    return true;
}

bool at_api_reconcile_limit(const struct at_write_reconcile *made, at_str text, struct at_arena *arena,
                            struct at_write_reconcile_limit *out) {
    struct limit limit;
    at_num value;
    *out = (struct at_write_reconcile_limit){.text = at_str_copy(arena, at_str_trim(text))};
    if (!read(out->text, arena, &limit)) return false;
    if (!value_of(made, &limit, arena, &value)) {
        out->exceeded = true;
        out->value = at_write_reconcile_amount(made, arena, made->of.theirs - made->of.ours, true);
        return true;
    }
    int order = at_num_cmp(arena, value, limit.bound);
    out->exceeded = limit.equal ? order >= 0 : order > 0;
    if (limit.share) {
        bool shortened;
        at_str shown = at_num_print_short(arena, value, 2, true, &shortened);
        out->value = at_str_format(arena, "%s%.*s%%", shortened ? "≈" : "", AT_STR_ARG(shown));
    } else if (limit.of >= TOTAL) {
        out->value = at_num_print_fixed(arena, value, made->of.results->runs[0].currency->digits, true, NULL);
    } else {
        out->value = at_num_print(arena, value);
    }
    return true;
}
