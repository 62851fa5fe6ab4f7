/* write/reconcile_words.c: a reconciliation in words, for all formats. */
#include "base/numtext.h"
#include "write/expected.h"
#include "write/reconcile.h"
#include "write/writer.h"

const char *const at_write_reconcile_statuses[3] = {"equal", "within", "different"};
const char *const at_write_reconcile_classes[AT_ANSWER_CLASSES] = {"line",  "rate",     "period",     "owner",
                                                                   "value", "rounding", "unexplained"};

at_str at_write_reconcile_class(const struct at_words *words, unsigned class) {
    static const enum at_words_word names[AT_ANSWER_CLASSES] = {
        AT_W_RECONCILE_LINE,  AT_W_RECONCILE_RATE,     AT_W_RECONCILE_PERIOD,     AT_W_RECONCILE_OWNER,
        AT_W_RECONCILE_VALUE, AT_W_RECONCILE_ROUNDING, AT_W_RECONCILE_UNEXPLAINED};
    return at_words_word(words, names[class]);
}

static at_str number(struct at_arena *arena, uint64_t n) {
    return at_str_format(arena, "%llu", (unsigned long long)n);
}

at_str at_write_reconcile_verdict(const struct at_write_reconcile *made, const struct at_words *words,
                                  struct at_arena *arena) {
    if (made->n_exceeded)
        return AT_SAY(arena, words, AT_W_RECONCILE_NO_GO, number(arena, made->n_exceeded),
                      number(arena, made->n_limits));
    return AT_SAY(arena, words, AT_W_RECONCILE_GO, number(arena, made->n_limits));
}

at_str at_write_reconcile_counts(const struct at_write_reconcile *made, const struct at_words *words,
                                 struct at_arena *arena) {
    const struct at_answer_reconciliation *of = &made->of;
    return AT_SAY(arena, words, AT_W_RECONCILE_COUNTS, number(arena, of->n),
                  number(arena, of->count[AT_ANSWER_EQUAL]), number(arena, of->count[AT_ANSWER_CENT]),
                  at_write_reconcile_amount(made, arena, 1, false),
                  number(arena, of->count[AT_ANSWER_DIFFERENT]));
}

at_str at_write_reconcile_totals(const struct at_write_reconcile *made, const struct at_words *words,
                                 struct at_arena *arena) {
    const struct at_answer_reconciliation *of = &made->of;
    at_i128 more = of->theirs - of->ours;
    const at_str amounts[] = {at_write_reconcile_amount(made, arena, of->theirs, true),
                              at_write_reconcile_amount(made, arena, of->ours, true),
                              at_write_reconcile_amount(made, arena, more < 0 ? -more : more, true)};
    return AT_SAY(arena, words, more < 0 ? AT_W_RECONCILE_TOTALS_LESS : AT_W_RECONCILE_TOTALS,
                  at_words_number(arena, words, amounts[0]), at_words_number(arena, words, amounts[1]),
                  amounts[2], at_str_z(of->results->runs[0].currency->code));
}

at_str at_write_reconcile_change(const struct at_write_reconcile *made, const struct at_answer_change *change,
                                 uint32_t run, const struct at_words *words, struct at_arena *arena) {
    if (!change) return (at_str){"", 0};
    const struct at_write_expected answer = {
        .results = made->of.results, .question = {.target = {.run = run}}, .edits = made->edits};
    struct at_answer_change alone = *change;
    alone.others = 0; /* they do not fit the other payouts as well */
    return at_write_expected_sentence(&answer, &alone, words, arena);
}

at_str at_write_reconcile_cause(const struct at_write_reconcile *made, const struct at_answer_cause *cause,
                                const struct at_words *words, struct at_arena *arena) {
    return at_write_reconcile_change(made, cause->change, cause->run, words, arena);
}

at_str at_write_reconcile_amount(const struct at_write_reconcile *made, struct at_arena *arena, at_i128 minor,
                                 bool commas) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    unsigned digits = made->of.results->runs[0].currency->digits;
    return (at_str){out, (uint32_t)at_write_minor_write(out, minor, digits, commas)};
}

at_str at_write_reconcile_theirs(const struct at_write_reconcile *made, const struct at_answer_payout *payout,
                                 struct at_arena *arena, bool commas) {
    if (at_num_cmp(arena, payout->amount, at_num_decimal128(payout->wanted, 0)) == 0)
        return at_write_reconcile_amount(made, arena, payout->wanted, commas);
    at_num units = at_num_int(1);
    for (unsigned d = 0; d < made->of.results->runs[0].currency->digits; d++)
        units = at_num_mul(arena, units, at_num_int(10));
    return at_num_print_short(arena, at_num_div(arena, payout->amount, units), 1000, commas, NULL);
}

at_period at_write_reconcile_period(const struct at_write_reconcile *made, int32_t position) {
    const struct at_session_run *run = made->of.results->runs[0].run;
    return at_period_at(run->calendar, (enum at_period_kind)run->first_period.kind, position);
}

uint32_t at_write_reconcile_heads(const struct at_write_reconcile *made, const struct at_words *words,
                                  at_str heads[AT_WRITE_RECONCILE_COLUMNS]) {
    static const enum at_words_word ids[AT_WRITE_RECONCILE_COLUMNS] = {
        AT_W_RECONCILE_PAYEE,  AT_W_RECONCILE_IN,   AT_W_RECONCILE_COMPONENT, AT_W_RECONCILE_CAUSE,
        AT_W_RECONCILE_THEIRS, AT_W_RECONCILE_OURS, AT_W_RECONCILE_DIFFERENCE};
    uint32_t n = 0;
    for (uint32_t i = 0; i < AT_WRITE_RECONCILE_COLUMNS; i++)
        if (made->by_component || ids[i] != AT_W_RECONCILE_COMPONENT)
            heads[n++] = at_words_word(words, ids[i]);
    return n;
}

static at_str shown_cause(const struct at_write_reconcile *made, const struct at_answer_payout *payout,
                          const struct at_words *words, struct at_arena *arena) {
    if (payout->change)
        return at_words_sentence_plain(
            arena, at_write_reconcile_change(made, payout->change, payout->run, words, arena));
    if (payout->payee == UINT32_MAX) return at_words_word(words, AT_W_RECONCILE_UNKNOWN);
    if (!payout->ours) return at_words_word(words, AT_W_RECONCILE_NOT_OURS);
    if (payout->withheld) return at_words_word(words, AT_W_RECONCILE_WITHHELD);
    if (!payout->theirs) return at_words_word(words, AT_W_RECONCILE_NOT_THEIRS);
    return at_write_reconcile_class(words, payout->class);
}

void at_write_reconcile_cells(const struct at_write_reconcile *made, const struct at_answer_payout *payout,
                              const struct at_words *words, struct at_arena *arena, at_str *cells) {
    at_period period = at_write_reconcile_period(made, payout->period);
    *cells++ = payout->key;
    *cells++ = at_words_period(arena, words, period);
    if (made->by_component) *cells++ = payout->component;
    *cells++ = shown_cause(made, payout, words, arena);
    *cells++ = at_words_number(arena, words, at_write_reconcile_theirs(made, payout, arena, true));
    *cells++ = at_words_number(arena, words, at_write_reconcile_amount(made, arena, payout->minor, true));
    *cells = at_words_number(arena, words,
                             at_write_reconcile_amount(made, arena, payout->wanted - payout->minor, true));
}
