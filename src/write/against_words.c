/* write/against_words.c: a comparison of two payouts as sentences, for all formats. */
#include "write/against.h"
#include "write/writer.h"

#define MOST_FACTS 4 /* of a sentence; JSON has all */

const char *const at_write_against_names[AT_ANSWER_PLAYERS] = {"deals", "quota", "tree", "rates",
                                                               "adjustments"};

static const struct at_session_result_run *run_of(const struct at_write_against *made) {
    return &made->results->runs[made->pair.of[0].run];
}

at_str at_write_against_amount(const struct at_write_against *made, struct at_arena *arena, at_i128 minor,
                               bool commas) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    return (at_str){out, (uint32_t)at_write_minor_write(out, minor, run_of(made)->currency->digits, commas)};
}

static at_str number(const struct at_write_against *made, const struct at_words *words,
                     struct at_arena *arena, at_i128 minor) {
    return at_words_number(arena, words, at_write_against_amount(made, arena, minor, true));
}

at_str at_write_against_signed(const struct at_write_against *made, const struct at_words *words,
                               struct at_arena *arena, at_i128 minor) {
    at_str text = number(made, words, arena, minor);
    return minor > 0 ? at_str_format(arena, "+%.*s", AT_STR_ARG(text)) : text;
}

/* ---- the two sides */

at_str at_write_against_side(const struct at_write_against *made, int side, const struct at_words *words,
                             struct at_arena *arena) {
    const struct at_session_result_run *r = run_of(made);
    const struct at_answer_target *of = &made->pair.of[side];
    at_str key = r->keys[of->payee], period = at_words_period(arena, words, made->period[side]);
    if (of->component < 0) return AT_SAY(arena, words, AT_W_AGAINST_SIDE, key, period);
    return AT_SAY(arena, words, AT_W_AGAINST_SIDE_COMPONENT, key, period,
                  r->run->plan->components[of->component].name);
}

/* What differs between the sides: "2026-Q1" or "ben". */
static at_str short_side(const struct at_write_against *made, int side, const struct at_words *words,
                         struct at_arena *arena) {
    return made->pair.periods ? at_words_period(arena, words, made->period[side])
                              : run_of(made)->keys[made->pair.of[side].payee];
}

at_str at_write_against_question(const struct at_write_against *made, const struct at_words *words,
                                 struct at_arena *arena) {
    const at_i128 *paid = made->found.paid;
    at_i128 more = paid[0] - paid[1];
    at_str here = at_write_against_side(made, 0, words, arena),
           there = at_write_against_side(made, 1, words, arena), ours = number(made, words, arena, paid[0]);
    if (more == 0) return AT_SAY(arena, words, AT_W_AGAINST_SAME, here, ours, there);
    return AT_SAY(arena, words, more > 0 ? AT_W_AGAINST_MORE : AT_W_AGAINST_LESS, here, ours,
                  number(made, words, arena, more > 0 ? more : -more), number(made, words, arena, paid[1]),
                  there);
}

/* ---- what both sides have */

at_str at_write_against_value(const struct at_answer_fact *fact, int side, const struct at_words *words,
                              struct at_arena *arena) {
    return at_words_write_operand(arena, words, &fact->value[side]);
}

static at_str one_fact(const struct at_answer_fact *fact, int side, const struct at_words *words,
                       struct at_arena *arena) {
    if (fact->name.n)
        return AT_SAY(arena, words, AT_W_AGAINST_VALUE, fact->name,
                      at_write_against_value(fact, side, words, arena));
    if (fact->value[side].count == 1) return at_words_word(words, AT_W_AGAINST_ROW);
    return AT_SAY(arena, words, AT_W_AGAINST_ROWS, at_write_against_value(fact, side, words, arena));
}

static at_str facts_of(const struct at_write_against *made, enum at_answer_player player, int side,
                       const struct at_words *words, struct at_arena *arena) {
    at_str out = {"", 0};
    unsigned shown = 0;
    if (player == AT_ANSWER_ADJUSTMENTS)
        return number(made, words, arena, made->found.paid[side] - made->found.earned[side]);
    for (uint32_t i = 0; i < made->found.n_facts && shown < MOST_FACTS; i++) {
        const struct at_answer_fact *fact = &made->found.facts[i];
        if (fact->player != player) continue;
        at_str one = one_fact(fact, side, words, arena);
        out = shown++ ? AT_SAY(arena, words, AT_W_AGAINST_AND, out, one) : one;
    }
    return out;
}

at_str at_write_against_player(enum at_answer_player player, const struct at_words *words) {
    static const enum at_words_word names[] = {AT_W_AGAINST_DEALS, AT_W_AGAINST_QUOTA, AT_W_AGAINST_TREE,
                                               AT_W_AGAINST_RATES, AT_W_AGAINST_ADJUSTMENTS};
    return at_words_word(words, names[player]);
}

/* Without facts, the sentence says in which way the sides can differ. */
static at_str bare_part(const struct at_write_against *made, enum at_answer_player player, at_str name,
                        const struct at_words *words, struct at_arena *arena) {
    static const enum at_words_word sentences[] = {AT_W_AGAINST_DEALS_PART, AT_W_AGAINST_QUOTA_PART,
                                                   AT_W_AGAINST_TREE_PART, AT_W_AGAINST_RATES_PART,
                                                   AT_W_AGAINST_NO_PART};
    at_i128 part = made->found.parts[player];
    if (part == 0) return AT_SAY(arena, words, AT_W_AGAINST_NO_PART, name);
    return AT_SAY(arena, words, sentences[player], name, at_write_against_signed(made, words, arena, part),
                  short_side(made, 0, words, arena), short_side(made, 1, words, arena));
}

at_str at_write_against_part(const struct at_write_against *made, enum at_answer_player player,
                             const struct at_words *words, struct at_arena *arena) {
    at_str name = at_write_against_player(player, words), here = facts_of(made, player, 0, words, arena),
           there = facts_of(made, player, 1, words, arena), first = short_side(made, 0, words, arena),
           second = short_side(made, 1, words, arena);
    at_i128 part = made->found.parts[player];
    bool same = at_str_eq(here, there);
    if (here.n == 0 || (same && part != 0)) return bare_part(made, player, name, words, arena);
    if (player == AT_ANSWER_ADJUSTMENTS && same && made->found.paid[0] == made->found.earned[0])
        return bare_part(made, player, name, words, arena);
    if (part == 0)
        return AT_SAY(arena, words, same ? AT_W_AGAINST_EVEN : AT_W_AGAINST_NO_EFFECT, name, first, here,
                      second, there);
    return AT_SAY(arena, words, AT_W_AGAINST_PART, name, at_write_against_signed(made, words, arena, part),
                  first, here, second, there);
}

at_str at_write_against_rest(const struct at_write_against *made, const struct at_words *words,
                             struct at_arena *arena) {
    at_str here = facts_of(made, AT_ANSWER_PLAYERS, 0, words, arena),
           there = facts_of(made, AT_ANSWER_PLAYERS, 1, words, arena);
    if (here.n == 0) return here;
    return AT_SAY(arena, words, AT_W_AGAINST_HAS, short_side(made, 0, words, arena), here,
                  short_side(made, 1, words, arena), there);
}
