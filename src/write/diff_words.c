/* write/diff_words.c: amounts, names, and shares as all formats of a difference show them. */

#include "base/numtext.h"
#include "base/sort.h"
#include "base/vec.h"
#include "write/diff_decision.h"

at_str at_write_diff_amount(const struct at_diff *diff, struct at_arena *arena, at_i128 minor) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    return (at_str){out, (uint32_t)at_write_minor_write(out, minor, diff->digits, true)};
}

at_str at_write_diff_change(const struct at_diff *diff, struct at_arena *arena, at_i128 minor) {
    at_str amount = at_write_diff_amount(diff, arena, minor);
    return minor > 0 ? at_str_format(arena, "+%.*s", AT_STR_ARG(amount)) : amount;
}

/* `value` in percent, to one decimal. Rounding never makes nothing of something, nor a whole of a part. */
static at_str one_decimal(struct at_arena *arena, at_num value) {
    at_num tenth = at_num_decimal(1, 1), whole = at_num_int(100);
    at_num rounded = at_num_round(arena, value, 1, AT_ROUND_HALF_UP);
    if (at_num_is_zero(rounded) && !at_num_is_zero(value)) return AT_STR("<0.1");
    if (at_num_cmp(arena, rounded, whole) == 0 && at_num_cmp(arena, value, whole) < 0)
        rounded = at_num_sub(arena, whole, tenth);
    return at_num_print_fixed(arena, rounded, 1, true, NULL);
}

static at_str percent(struct at_arena *arena, at_num part, at_num whole, bool sign) {
    if (part.form == AT_NUM_OVERFLOW || whole.form == AT_NUM_OVERFLOW || at_num_is_zero(whole))
        return AT_STR("");
    at_num share = at_num_div(arena, at_num_mul(arena, part, at_num_int(100)), at_num_abs(arena, whole));
    if (share.form == AT_NUM_OVERFLOW) return AT_STR("");
    int direction = at_num_sign(share);
    at_str text = one_decimal(arena, at_num_abs(arena, share));
    return at_str_format(arena, "%s%.*s%%",
                         direction < 0           ? "-"
                         : sign && direction > 0 ? "+"
                                                 : "",
                         AT_STR_ARG(text));
}

at_str at_write_diff_percent(struct at_arena *arena, at_i128 part, at_i128 whole) {
    return percent(arena, at_num_decimal128(part, 0), at_num_decimal128(whole, 0), true);
}

at_str at_write_diff_cost(const struct at_diff *diff, struct at_arena *arena) {
    at_str share[2];
    for (int s = 0; s < 2; s++) {
        at_num paid = at_num_decimal128(diff->minor[s], diff->digits), credited = diff->credited[s];
        if (credited.form != AT_NUM_OVERFLOW && at_num_sign(credited) < 0) paid = at_num_neg(arena, paid);
        share[s] = percent(arena, paid, credited, false);
        if (share[s].n == 0) return AT_STR("");
    }
    return at_str_format(arena, "%.*s → %.*s", AT_STR_ARG(share[0]), AT_STR_ARG(share[1]));
}

static at_str count(struct at_arena *arena, uint64_t n) {
    return at_str_format(arena, "%llu", (unsigned long long)n);
}

at_str at_write_diff_share(struct at_arena *arena, at_i128 part, at_i128 whole) {
    return percent(arena, at_num_decimal128(part, 0), at_num_decimal128(whole, 0), false);
}

at_str at_write_diff_counts(const struct at_diff *diff, struct at_arena *arena) {
    const struct at_words *words = diff->words;
    const struct {
        enum at_words_word one, more;
        uint32_t n;
        bool always;
    } counts[] = {{AT_W_DIFF_MORE_1, AT_W_DIFF_MORE, diff->n_winners, true},
                  {AT_W_DIFF_LESS_1, AT_W_DIFF_LESS, diff->n_losers, true},
                  {AT_W_DIFF_SAME_MOVED, AT_W_DIFF_SAME_MOVED, diff->n_moved, false},
                  {AT_W_DIFF_SAME_HELD, AT_W_DIFF_SAME_HELD, diff->n_held, false},
                  {AT_W_DIFF_SAME, AT_W_DIFF_SAME, diff->n_same, true}};
    at_str text = AT_STR("");
    for (size_t i = 0; i < AT_COUNT(counts); i++) {
        if (!counts[i].always && counts[i].n == 0) continue;
        at_str one = AT_SAY(arena, words, counts[i].n == 1 ? counts[i].one : counts[i].more,
                            count(arena, counts[i].n));
        text = i == 0 ? one : AT_SAY(arena, words, AT_W_DIFF_COMMA, text, one);
    }
    return text;
}

at_str at_write_diff_period(const struct at_diff *diff, int32_t position) {
    int64_t index = (int64_t)position - diff->first_period;
    return index >= 0 && index < diff->n_periods ? diff->periods[index] : AT_STR("");
}

at_str at_write_diff_name(const struct at_diff *diff, struct at_arena *arena, uint32_t payee) {
    const struct at_diff_payee *p = &diff->payees[payee];
    if (p->label.n == 0) return p->key;
    return at_str_format(arena, "%.*s (%.*s)", AT_STR_ARG(p->label), AT_STR_ARG(p->key));
}

struct change {
    uint32_t payee;
    at_i128 size;
};

static int by_size(const void *a, const void *b) {
    const struct change *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->payee < y->payee ? -1 : 1;
}

uint32_t *at_write_diff_by_change(const struct at_diff *diff, struct at_arena *arena, uint32_t *n) {
    AT_VEC(struct change) changes = {0};
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if (diff->payees[p].kind != AT_DIFF_SAME)
            AT_VEC_PUSH(arena, &changes, (struct change){p, diff->payees[p].size});
    at_sort_items(arena, changes.at, changes.n, sizeof *changes.at, by_size);
    uint32_t *order = AT_NEW_ARRAY(arena, uint32_t, changes.n + 1);
    for (size_t i = 0; i < changes.n; i++)
        order[i] = changes.at[i].payee;
    *n = (uint32_t)changes.n;
    return order;
}

uint32_t at_write_diff_periods_shown(const struct at_diff *diff, uint32_t payee) {
    enum { MOST = 12 };
    return diff->payees[payee].both_ways ? MOST : 0;
}

at_str at_write_diff_bucket_name(const struct at_diff *diff, uint32_t bucket) {
    static const enum at_words_word names[AT_DIFF_BUCKETS] = {
        AT_W_DIFF_LOSE_20, AT_W_DIFF_LOSE_10,    AT_W_DIFF_LOSE_5,    AT_W_DIFF_LOSE_0,
        AT_W_DIFF_KEEP,    AT_W_DIFF_KEEP_MOVED, AT_W_DIFF_KEEP_HELD, AT_W_DIFF_GAIN_0,
        AT_W_DIFF_GAIN_5,  AT_W_DIFF_GAIN_10,    AT_W_DIFF_GAIN_20,
    };
    return at_words_word(diff->words, names[bucket]);
}

/* The bucket of a change, compared without division: |delta| against 5, 10 and 20 hundredths of the old pay.
 */
static uint32_t bucket_of(const struct at_diff_payee *payee) {
    at_i128 before = payee->like[0], delta = payee->like[1] - before, size = delta < 0 ? -delta : delta,
            pay = before < 0 ? -before : before;
    if (payee->kind == AT_DIFF_SAME) return AT_DIFF_BUCKET_SAME;
    if (payee->kind == AT_DIFF_MOVED) return AT_DIFF_BUCKET_MOVED;
    if (payee->kind == AT_DIFF_HELD) return AT_DIFF_BUCKET_HELD;
    uint32_t far = size * 100 > pay * 20 ? 4 : size * 100 > pay * 10 ? 3 : size * 100 > pay * 5 ? 2 : 1;
    return delta < 0 ? AT_DIFF_BUCKET_SAME - far : AT_DIFF_BUCKET_HELD + far;
}

void at_write_diff_buckets(const struct at_diff *diff, uint32_t counts[AT_DIFF_BUCKETS]) {
    memset(counts, 0, AT_DIFF_BUCKETS * sizeof *counts);
    for (uint32_t p = 0; p < diff->n_payees; p++)
        counts[bucket_of(&diff->payees[p])]++;
}

/* ---- edits and causes */

static at_str written(const struct at_diff *diff, struct at_arena *arena, const at_words_operand *operand) {
    return at_words_write_operand(arena, diff->words, operand);
}

at_str at_write_diff_change_text(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_edit *edit) {
    return written(diff, arena, &edit->change);
}

at_str at_write_diff_subject_text(const struct at_diff *diff, struct at_arena *arena,
                                  const struct at_diff_edit *edit) {
    return written(diff, arena, &edit->subject);
}

static at_str cause_text(const struct at_diff *diff, struct at_arena *arena,
                         const struct at_diff_cause *cause) {
    const at_words_operand data = at_words_fixed(AT_W_EDIT_DATA);
    at_str text = AT_STR("");
    if (cause->data) return written(diff, arena, &data);
    for (uint32_t i = 0; i < cause->n_edits; i++) {
        const struct at_diff_edit *edit = &diff->edits->at[cause->edits[i]];
        const at_words_operand one = AT_SAID(arena, AT_W_EDIT_OF, edit->subject, edit->change);
        at_str more = written(diff, arena, &one);
        text = i == 0 ? more : AT_SAY(arena, diff->words, AT_W_DIFF_BOTH, text, more);
    }
    return text;
}

at_str *at_write_diff_cause_texts(const struct at_diff *diff, struct at_arena *arena) {
    at_str *texts = AT_NEW_ARRAY(arena, at_str, diff->n_causes + 1);
    for (uint32_t k = 0; k < diff->n_causes; k++)
        texts[k] = cause_text(diff, arena, &diff->causes[k]);
    return texts;
}

at_str at_write_diff_witness(const struct at_diff *diff, struct at_arena *arena,
                             const struct at_diff_cause *cause) {
    if (cause->payee == UINT32_MAX) return AT_STR("");
    return AT_SAY(arena, diff->words, cause->deals == 1 ? AT_W_DIFF_WITNESS_1 : AT_W_DIFF_WITNESS,
                  at_write_diff_name(diff, arena, cause->payee),
                  at_write_diff_period_text(diff, arena, cause->period), count(arena, cause->deals),
                  at_write_diff_amount(diff, arena, cause->before),
                  at_write_diff_amount(diff, arena, cause->after));
}

at_str at_write_diff_withheld(const struct at_diff *diff, struct at_arena *arena) {
    const struct at_words *words = diff->words;
    at_str cells = AT_STR(""), unplaced = AT_STR("");
    if (diff->n_withheld[0] || diff->n_withheld[1])
        cells = AT_SAY(arena, words, AT_W_DIFF_WITHHELD_CELLS, count(arena, diff->n_withheld[0]),
                       count(arena, diff->n_withheld[1]));
    if (diff->n_unplaced[0] || diff->n_unplaced[1])
        unplaced = AT_SAY(arena, words, AT_W_DIFF_UNPLACED, count(arena, diff->n_unplaced[0]),
                          count(arena, diff->n_unplaced[1]));
    if (cells.n && unplaced.n) return AT_SAY(arena, words, AT_W_DIFF_BOTH, cells, unplaced);
    return cells.n ? cells : unplaced;
}

at_str at_write_diff_period_text(const struct at_diff *diff, struct at_arena *arena, int32_t position) {
    const struct at_calendar *calendar = &diff->checked[1]->calendar;
    at_period period = at_period_at(calendar, (enum at_period_kind)calendar->period_kind, position);
    return at_words_period(arena, diff->words, period);
}

at_str at_write_diff_periods_text(const struct at_diff *diff, struct at_arena *arena) {
    int32_t last = diff->first_period + (int32_t)diff->n_periods - 1;
    if (diff->n_periods == 0) return at_words_word(diff->words, AT_W_DIFF_NO_PERIOD);
    at_str first = at_write_diff_period_text(diff, arena, diff->first_period);
    if (diff->n_periods == 1) return first;
    return AT_SAY(arena, diff->words, AT_W_DIFF_SPAN, first, at_write_diff_period_text(diff, arena, last));
}

/* ---- how far each version pays */

/* The versions know their last periods only as texts. */
static at_str end_of(const struct at_diff *diff, struct at_arena *arena, int side) {
    at_period period;
    if (diff->paid_to[side].n == 0) return at_words_word(diff->words, AT_W_DIFF_NO_PERIOD);
    if (!at_period_parse(diff->paid_to[side], &period)) return diff->paid_to[side];
    return at_words_period(arena, diff->words, period);
}

at_str at_write_diff_ends(const struct at_diff *diff, struct at_arena *arena) {
    at_str before = end_of(diff, arena, 0), after = end_of(diff, arena, 1);
    if (at_str_eq(before, after)) return AT_SAY(arena, diff->words, AT_W_DIFF_UP_TO, before);
    return AT_SAY(arena, diff->words, AT_W_DIFF_UP_TO_BOTH, before, after);
}

static at_str waits_of(const struct at_diff *diff, struct at_arena *arena, int side) {
    at_str list = AT_STR("");
    if (diff->unchecked[side] == AT_SESSION_CALLS_HOOKS)
        return at_words_word(diff->words, AT_W_DIFF_UNCHECKED_HOOKS);
    if (diff->unchecked[side] == AT_SESSION_TOO_MANY)
        return at_words_word(diff->words, AT_W_DIFF_UNCHECKED_MEMORY);
    for (uint32_t i = 0; i < diff->n_waiting[side]; i++) {
        const struct at_diff_waiting *w = &diff->waiting[side][i];
        at_period period;
        at_str when = w->period;
        if (at_period_parse(when, &period)) when = at_words_period(arena, diff->words, period);
        at_str one = AT_SAY(arena, diff->words, AT_W_DIFF_LIMIT_IN, w->component, when);
        list = i == 0 ? one : AT_SAY(arena, diff->words, AT_W_DIFF_COMMA, list, one);
    }
    return list;
}

uint32_t at_write_diff_waits(const struct at_diff *diff, struct at_arena *arena, at_str out[2]) {
    const struct at_words *words = diff->words;
    at_str before = waits_of(diff, arena, 0), after = waits_of(diff, arena, 1);
    uint32_t n = 0;
    if (at_str_eq(before, after)) {
        if (before.n) out[n++] = AT_SAY(arena, words, AT_W_DIFF_WAITS, before);
        return n;
    }
    if (before.n) out[n++] = AT_SAY(arena, words, AT_W_DIFF_WAITS_OLD, before);
    if (after.n) out[n++] = AT_SAY(arena, words, AT_W_DIFF_WAITS_NEW, after);
    return n;
}
