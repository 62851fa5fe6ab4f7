/* write/diff_gamed.c: writes how much pay could be gained by other choices for deals, in both versions. */
#include "write/diff_decision.h"

static at_str say(const struct at_diff *diff, struct at_arena *arena, int s) {
    const struct at_diff_gamed *game = &diff->decision->games[s];
    at_str amount = at_write_diff_amount(diff, arena, game->gain);
    if (game->pay <= 0) return amount; /* then there is no share */
    const at_str args[] = {amount, at_write_diff_share(arena, game->gain, game->pay)};
    return at_words_say_plain(arena, diff->words, AT_W_DIFF_GAMED_SHARE, args, 2);
}

at_str at_write_diff_gamed(const struct at_diff *diff, struct at_arena *arena) {
    const struct at_diff_decision *decision = diff->decision;
    if (!decision || !decision->games[0].known || !decision->games[1].known) return AT_STR("");
    const at_str args[] = {say(diff, arena, 1), say(diff, arena, 0)};
    return at_words_say_plain(arena, diff->words, AT_W_DIFF_GAMED, args, 2);
}
