/* write/diff_because.c: says by which edits payees lose and gain most, for the first screen of every format.
 */
#include "base/visible.h"
#include "write/diff_decision.h"

enum { WIDEST = 70 /* columns of the text of an edit; of a wider one, only what it is about */ };

/* The cause with the largest effect in one direction; n_causes: there is none. */
static uint32_t find_largest(const struct at_diff *diff, bool gain) {
    uint32_t best = diff->n_causes;
    at_i128 most = 0;
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_i128 effect = diff->causes[k].gain + diff->causes[k].loss, size = gain ? effect : -effect;
        if (size > most) most = size, best = k;
    }
    return best;
}

static at_str say(const struct at_diff *diff, struct at_arena *arena, bool gain) {
    static const enum at_words_word words[2][2] = {{AT_W_DIFF_BY_LOSS, AT_W_DIFF_BY_LOSS_1},
                                                   {AT_W_DIFF_BY_GAIN, AT_W_DIFF_BY_GAIN_1}};
    uint32_t k = find_largest(diff, gain);
    if (k == diff->n_causes) return AT_STR("");
    const struct at_diff_cause *cause = &diff->causes[k];
    uint32_t people = gain ? cause->gainers : cause->losers;
    at_str text = at_write_diff_cause_texts(diff, arena)[k];
    if (!cause->data && at_visible_width(text) > WIDEST)
        text = at_write_diff_subject_text(diff, arena, &diff->edits->at[cause->edits[0]]);
    const at_str args[] = {at_write_diff_number(arena, k), text,
                           at_write_diff_change(diff, arena, cause->gain + cause->loss),
                           at_str_format(arena, "%u", people)};
    return at_words_say_plain(arena, diff->words, words[gain][people == 1], args, 4);
}

at_str at_write_diff_because(const struct at_diff *diff, struct at_arena *arena) {
    if (diff->n_causes < 2) return AT_STR(""); /* the only edit is the reason */
    at_str loss = say(diff, arena, false), gain = say(diff, arena, true);
    if (loss.n == 0 || gain.n == 0) return loss.n ? loss : gain;
    const at_str both[] = {loss, gain};
    return at_words_say_plain(arena, diff->words, AT_W_DIFF_BY_BOTH, both, 2);
}
