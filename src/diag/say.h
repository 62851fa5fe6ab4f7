/* diag/say.h: diagnostics whose sentences are in words/: of data and of runs.
 *
 *     struct at_diag *d = at_diag_say(diags, AT_A0719, (at_span){0}, &place,
 *                                     AT_SENTENCE(AT_W_DATA_MISSING, at_words_text(field)));
 *     at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_ADD_VALUE, at_words_text(field)));
 *
 * The reporter gives a code, a place, and operands. The text is in the language of the list.
 */
#ifndef AT_DIAG_SAY_H
#define AT_DIAG_SAY_H

#include "diag/diag.h"
#include "words/sentence.h"

/* `place` NULL: the span counts. */
struct at_diag *at_diag_say(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                            const struct at_diag_data_place *place, struct at_words_sentence sentence);
void at_diag_say_help(struct at_diag *diag, struct at_words_sentence sentence);
void at_diag_say_note(struct at_diag *diag, struct at_words_sentence sentence);

#endif
