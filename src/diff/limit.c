/* diff/limit.c: reads limits on a change, and compares exactly, in rational numbers. */
#include "diff/limit.h"
#include "diff/cells.h"
#include "diff/diff_int.h"
#include "diff/group.h"

#include "base/numtext.h"

enum { MOST_BYTES = 80 /* of a number: more than any amount has */ };

/* ---------------------------------------------------------------- reading */

static void skip_spaces(at_str *text) {
    while (text->n && (text->p[0] == ' ' || text->p[0] == '\t'))
        text->p++, text->n--;
}

static bool take(at_str *text, const char *word) {
    uint32_t n = (uint32_t)strlen(word);
    skip_spaces(text);
    if (text->n < n || memcmp(text->p, word, n) != 0) return false;
    text->p += n;
    text->n -= n;
    return true;
}

/* A name or a period: up to a space or a sign of comparison. */
static at_str take_word(at_str *text) {
    skip_spaces(text);
    at_str word = {text->p, 0};
    while (word.n < text->n && !strchr(" \t<>", text->p[word.n]))
        word.n++;
    text->p += word.n;
    text->n -= word.n;
    return word;
}

/* [+-][$]digits[.digits], with commas only between groups of three digits: `0,5` is not 5. */
static bool take_number(at_str *text, struct at_arena *arena, at_num *out) {
    bool minus = take(text, "-");
    if (!minus) take(text, "+");
    take(text, "$");
    at_str number = {text->p, 0};
    while (number.n < text->n && number.n <= MOST_BYTES && strchr("0123456789.,", text->p[number.n]))
        number.n++;
    text->p += number.n;
    text->n -= number.n;
    if (number.n == 0 || number.n > MOST_BYTES || !at_num_parse(arena, number, true, out)) return false;
    if (minus) *out = at_num_neg(arena, *out);
    return true;
}

static bool take_what(at_str *text, struct at_diff_limit *limit) {
    static const struct {
        const char *word;
        enum at_diff_limit_of of;
    } whats[] = {{"total", AT_LIMIT_TOTAL},
                 {"withheld", AT_LIMIT_WITHHELD},
                 {"losers", AT_LIMIT_LOSERS},
                 {"cost", AT_LIMIT_COST}};
    at_str word = take_word(text);
    for (size_t i = 0; i < AT_COUNT(whats); i++)
        if (at_str_eq(word, at_str_z(whats[i].word))) {
            limit->of = whats[i].of;
            return true;
        }
    if (!at_str_eq(word, AT_STR("any"))) return false;
    limit->field = take_word(text);
    limit->of = at_str_eq(limit->field, AT_STR("payee"))       ? AT_LIMIT_PAYEE
                : at_str_eq(limit->field, AT_STR("component")) ? AT_LIMIT_COMPONENT
                                                               : AT_LIMIT_GROUP;
    if (limit->of != AT_LIMIT_GROUP) limit->field = AT_STR("");
    return limit->of != AT_LIMIT_GROUP || limit->field.n;
}

/* Whether the word comes next, as a whole. */
static bool take_whole(at_str *text, const char *word) {
    at_str rest = *text, found = take_word(&rest);
    if (!at_str_eq(found, at_str_z(word))) return false;
    *text = rest;
    return true;
}

static bool read_limit(at_str text, struct at_arena *arena, struct at_diff_limit *limit) {
    if (!take_what(&text, limit)) return false;
    if (take_whole(&text, "in")) {
        limit->each = take_whole(&text, "any");
        if (limit->each && !take_whole(&text, "period")) return false;
        if (!limit->each && (limit->in = take_word(&text)).n == 0) return false;
    }
    skip_spaces(&text);
    if (text.n == 0 || (text.p[0] != '<' && text.p[0] != '>')) return false;
    limit->sign = text.p[0];
    text.p++, text.n--;
    limit->equal = take(&text, "=");
    if (!take_number(&text, arena, &limit->bound)) return false;
    limit->share = take(&text, "%");
    if (limit->share && limit->of == AT_LIMIT_COST && take_whole(&text, "of")) {
        limit->measure = take_word(&text);
        if (limit->measure.n == 0) return false;
    }
    skip_spaces(&text);
    return text.n == 0;
}

/* The periods of the policy in a longer one, as far as they are compared. */
static bool find_span(const struct at_diff *diff, struct at_diff_limit *limit) {
    const struct at_calendar *calendar = &diff->checked[1]->calendar;
    enum at_period_kind kind = (enum at_period_kind)calendar->period_kind;
    int32_t last = diff->first_period + (int32_t)diff->n_periods - 1;
    at_period period;
    limit->from = diff->first_period;
    limit->through = last;
    if (limit->in.n == 0) return true;
    if (!at_period_parse(limit->in, &period) || period.kind < kind || !at_period_fits(calendar, period))
        return false;
    bool longer = period.kind != kind;
    limit->from = at_period_position(calendar, longer ? at_period_first_in(calendar, period, kind) : period);
    limit->through =
        at_period_position(calendar, longer ? at_period_last_in(calendar, period, kind) : period);
    if (limit->from > last || limit->through < diff->first_period) return false;
    if (limit->from < diff->first_period) limit->from = diff->first_period;
    if (limit->through > last) limit->through = last;
    return true;
}

/* ---------------------------------------------------------------- comparing */

struct comparing {
    const struct at_diff *diff;
    struct at_diff_limit *limit;
    struct at_arena *arena; /* of what is kept */
    struct at_diff_groups groups;
};

/* Whether a is further beyond the bound than b, or nearer to it. */
static bool is_more(const struct at_diff_limit *limit, const struct at_diff_limit_value *a,
                    const struct at_diff_limit_value *b) {
    int order = a->endless || b->endless ? 0 : at_num_cmp(NULL, a->value, b->value);
    if (a->endless || b->endless) {
        int sign[2] = {a->endless ? at_num_sign(a->value) : 0, b->endless ? at_num_sign(b->value) : 0};
        order = sign[0] - sign[1];
    }
    return limit->sign == '<' ? order < 0 : order > 0;
}

static bool exceeds(const struct at_diff_limit *limit, const struct at_diff_limit_value *value) {
    int order = value->endless ? at_num_sign(value->value) : at_num_cmp(NULL, value->value, limit->bound);
    return (limit->equal && order == 0 && !value->endless) || (limit->sign == '<' ? order < 0 : order > 0);
}

/* Values are tried in the order in which people read them, so that the first offender is the first one. */
static void try_value(struct comparing *c, const struct at_diff_limit_value *value) {
    struct at_diff_limit *limit = c->limit;
    struct at_diff_limit_value kept = *value;
    kept.found = true;
    bool more = !limit->most.found || is_more(limit, value, &limit->most), beyond = exceeds(limit, value);
    if (more || (beyond && limit->n_exceed == 0)) kept.value = at_num_copy(c->arena, value->value);
    if (more) limit->most = kept;
    if (beyond && limit->n_exceed++ == 0) limit->first = kept;
}

/* The part of a whole in percent. False: 0 of 0, which exceeds nothing. */
static bool share_of(struct at_arena *arena, at_num part, at_num whole, struct at_diff_limit_value *value) {
    value->endless = at_num_is_zero(whole);
    value->value = part;
    if (value->endless) return !at_num_is_zero(part);
    value->value = at_num_div(arena, at_num_mul(arena, part, at_num_int(100)), at_num_abs(arena, whole));
    return true;
}

/* A change of pay: a share of the old pay in percent, or an amount. */
static void try_change(struct comparing *c, struct at_diff_limit_value value) {
    struct at_arena *arena = c->arena;
    struct at_arena_mark mark = at_arena_mark(arena);
    at_num before = at_num_decimal128(value.minor[0], c->diff->digits);
    at_num change = at_num_sub(arena, at_num_decimal128(value.minor[1], c->diff->digits), before);
    value.value = change;
    bool some = !c->limit->share || share_of(arena, change, before, &value);
    bool wide = value.value.form == AT_NUM_WIDE; /* it stays where it is, because it may be kept */
    if (some) try_value(c, &value);
    if (!wide) at_arena_reset(arena, mark);
}

/* ---------------------------------------------------------------- sums by subject and span */

/* By span, then subject. */
struct sums {
    at_i128 (*minor)[2];
    bool *seen;
    uint32_t n_subjects, n_spans;
};

static uint32_t subject_of(const struct comparing *c, const struct at_diff_row *row) {
    switch (c->limit->of) {
    case AT_LIMIT_PAYEE:
    case AT_LIMIT_LOSERS: return row->payee;
    case AT_LIMIT_COMPONENT: return row->component;
    case AT_LIMIT_GROUP: return c->groups.of[row->payee];
    default: return 0;
    }
}

static void add_cell(const struct comparing *c, const struct at_diff_cell *cell, struct sums *sums) {
    const struct at_diff_limit *limit = c->limit;
    if (!at_diff_cell_alike(cell) || cell->period < limit->from || cell->period > limit->through) return;
    uint32_t span = limit->each ? (uint32_t)(cell->period - limit->from) : 0;
    for (uint64_t r = cell->first; r < cell->end; r++) {
        const struct at_diff_row *row = &c->diff->rows[r];
        size_t i = (size_t)span * sums->n_subjects + subject_of(c, row);
        sums->seen[i] = true;
        for (int s = 0; s < 2; s++)
            sums->minor[i][s] += row->minor[s];
    }
}

static void add_all(const struct comparing *c, struct sums *sums) {
    const struct at_diff *diff = c->diff;
    const uint32_t subjects[] = {[AT_LIMIT_TOTAL] = 1,
                                 [AT_LIMIT_PAYEE] = diff->n_payees,
                                 [AT_LIMIT_COMPONENT] = diff->n_components,
                                 [AT_LIMIT_GROUP] = c->groups.n,
                                 [AT_LIMIT_LOSERS] = diff->n_payees};
    sums->n_subjects = c->limit->of == AT_LIMIT_LOSERS ? diff->n_payees : subjects[c->limit->of];
    sums->n_spans = c->limit->each ? (uint32_t)(c->limit->through - c->limit->from) + 1 : 1;
    size_t n = (size_t)sums->n_subjects * sums->n_spans;
    sums->minor = at_arena_get(c->arena, (n + 1) * sizeof *sums->minor);
    memset(sums->minor, 0, (n + 1) * sizeof *sums->minor);
    sums->seen = AT_NEW_ARRAY(c->arena, bool, n + 1);
    struct at_diff_cell cell;
    for (uint64_t r = 0; at_diff_next_cell(diff, &r, diff->n_rows, &cell);)
        add_cell(c, &cell, sums);
}

static struct at_diff_limit_value value_in(const struct comparing *c, uint32_t span) {
    return (struct at_diff_limit_value){.payee = UINT32_MAX,
                                        .component = UINT32_MAX,
                                        .one_period = c->limit->each,
                                        .period = c->limit->from + (int32_t)span};
}

static void check_pay(struct comparing *c) {
    const struct at_diff_limit *limit = c->limit;
    struct sums sums;
    add_all(c, &sums);
    for (uint32_t i = 0; i < sums.n_subjects; i++)
        for (uint32_t span = 0; span < sums.n_spans; span++) {
            size_t at = (size_t)span * sums.n_subjects + i;
            struct at_diff_limit_value value = value_in(c, span);
            at_arena_poll(c->arena);
            if (!sums.seen[at]) continue;
            memcpy(value.minor, sums.minor[at], sizeof value.minor);
            if (limit->of == AT_LIMIT_PAYEE) value.payee = i;
            if (limit->of == AT_LIMIT_COMPONENT) value.component = i;
            if (limit->of == AT_LIMIT_GROUP) value.group = c->groups.at[i].name;
            try_change(c, value);
        }
}

/* Payouts come first, in the order of periods, because they show where the pay changes. */
static void check_payees(struct comparing *c) {
    const struct at_diff *diff = c->diff;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        const struct at_diff_payee *payee = &diff->payees[p];
        struct at_diff_cell cell;
        struct at_diff_limit_value value = value_in(c, 0);
        uint32_t before = c->limit->n_exceed;
        value.payee = p;
        at_arena_poll(c->arena);
        for (uint64_t r = payee->first; at_diff_next_cell(diff, &r, payee->end, &cell);) {
            if (!at_diff_cell_alike(&cell)) continue;
            value.one_period = true;
            value.period = cell.period;
            memcpy(value.minor, cell.minor, sizeof value.minor);
            try_change(c, value);
        }
        value.one_period = false;
        memcpy(value.minor, payee->like, sizeof value.minor);
        try_change(c, value);
        if (c->limit->n_exceed > before) c->limit->n_exceed = before + 1; /* payees, not payouts */
    }
}

/* ---------------------------------------------------------------- counts, and the cost */

static void try_count(struct comparing *c, uint32_t span, uint64_t count, uint64_t all) {
    struct at_diff_limit_value value = value_in(c, span);
    value.value = at_num_int((int64_t)count);
    if (c->limit->share && !share_of(c->arena, value.value, at_num_int((int64_t)all), &value)) {
        value.endless = false;
        value.value = at_num_int(0);
    }
    try_value(c, &value);
}

static void check_withheld(struct comparing *c) {
    const struct at_diff_limit *limit = c->limit;
    uint32_t n_spans = limit->each ? (uint32_t)(limit->through - limit->from) + 1 : 1;
    uint64_t *newly = AT_NEW_ARRAY(c->arena, uint64_t, n_spans),
             *all = AT_NEW_ARRAY(c->arena, uint64_t, n_spans);
    struct at_diff_cell cell;
    for (uint64_t r = 0; at_diff_next_cell(c->diff, &r, c->diff->n_rows, &cell);) {
        if (cell.period < limit->from || cell.period > limit->through) continue;
        uint32_t span = limit->each ? (uint32_t)(cell.period - limit->from) : 0;
        newly[span] += cell.withheld[1] && !cell.withheld[0];
        all[span]++;
    }
    for (uint32_t span = 0; span < n_spans; span++)
        try_count(c, span, newly[span], all[span]);
}

static void check_losers(struct comparing *c) {
    struct sums sums;
    add_all(c, &sums);
    for (uint32_t span = 0; span < sums.n_spans; span++) {
        uint64_t losers = 0, all = 0;
        for (uint32_t i = 0; i < sums.n_subjects; i++) {
            size_t at = (size_t)span * sums.n_subjects + i;
            losers += sums.minor[at][1] < sums.minor[at][0];
            all += sums.seen[at];
        }
        try_count(c, span, losers, all);
    }
}

static void check_cost(struct comparing *c) {
    const struct at_diff *diff = c->diff;
    const struct at_diff_limit *limit = c->limit;
    uint32_t n_spans = limit->each ? (uint32_t)(limit->through - limit->from) + 1 : 1;
    at_i128 *paid = AT_NEW_ARRAY(c->arena, at_i128, n_spans);
    for (uint64_t r = 0; r < diff->n_rows; r++)
        if (diff->rows[r].period >= limit->from && diff->rows[r].period <= limit->through)
            paid[limit->each ? diff->rows[r].period - limit->from : 0] += diff->rows[r].minor[1];
    for (uint32_t span = 0; span < n_spans; span++) {
        struct at_diff_limit_value value = value_in(c, span);
        int32_t from = limit->from + (limit->each ? (int32_t)span : 0);
        value.minor[1] = paid[span];
        value.value = at_num_decimal128(paid[span], diff->digits);
        at_num base = limit->measure.n == 0
                          ? at_num_int(0)
                          : at_diff_measure_sum(diff, 1, limit->measure, from,
                                                limit->each ? from : limit->through, c->arena);
        if (!limit->share || share_of(c->arena, value.value, base, &value)) try_value(c, &value);
    }
}

/* ---------------------------------------------------------------- the entry */

static bool has_measure(const struct at_diff *diff, struct at_diff_limit *limit) {
    const struct at_check_policy *checked = diff->checked[1];
    if (!limit->share) return true;
    if (limit->measure.n == 0) limit->measure = at_diff_credited_measure(checked);
    for (uint32_t m = 0; m < checked->n_measures; m++)
        if (at_str_eq(checked->measures[m].symbol->name, limit->measure))
            return checked->measures[m].symbol->type.kind == AT_T_MONEY;
    return false;
}

enum at_diff_limit_fault at_diff_limit_check(const struct at_diff *diff, at_str text, struct at_arena *arena,
                                             struct at_diff_limit *out) {
    struct comparing c = {.diff = diff, .limit = out, .arena = arena};
    *out = (struct at_diff_limit){.text = at_str_copy(arena, at_str_trim(text))};
    if (!read_limit(out->text, arena, out)) return AT_LIMIT_UNREADABLE;
    if (!find_span(diff, out)) return AT_LIMIT_PERIOD;
    if (out->of == AT_LIMIT_GROUP && !at_diff_group_by(diff, out->field, arena, &c.groups))
        return AT_LIMIT_FIELD;
    if (out->of == AT_LIMIT_COST && !has_measure(diff, out)) return AT_LIMIT_MEASURE;
    if (diff->n_periods == 0) return AT_LIMIT_FINE;
    switch (out->of) {
    case AT_LIMIT_WITHHELD: check_withheld(&c); break;
    case AT_LIMIT_LOSERS: check_losers(&c); break;
    case AT_LIMIT_COST: check_cost(&c); break;
    case AT_LIMIT_PAYEE:
        if (!out->each && out->in.n == 0) {
            check_payees(&c);
            break;
        }
        check_pay(&c);
        break;
    default: check_pay(&c); break;
    }
    return AT_LIMIT_FINE;
}
