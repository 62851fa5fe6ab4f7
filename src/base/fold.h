/* base/fold.h: owns what two texts have in common that people take for one, over libutf8proc.
 *
 * A letter with an accent is one code point, or a letter and a mark. Composed text has the first form, as
 * Unicode's NFC. Folded text is composed, and leaves out what is easily overlooked: capitals, the width of
 * letters, spaces at both ends, several spaces in a row, and marks without width.
 */
#ifndef AT_BASE_FOLD_H
#define AT_BASE_FOLD_H

#include "base/text.h"

/* Returns a view of `text` if it is composed. `text` must be valid UTF-8. */
at_str at_text_compose(struct at_arena *arena, at_str text);
/* Never a view. For comparing only: no one reads folded text. */
at_str at_text_fold(struct at_arena *arena, at_str text);

/* In which way two texts of one folded form differ: the first of these that explains it. */
enum at_text_difference {
    AT_TEXTS_SAME,
    AT_TEXTS_COMPOSED, /* accents: é as one character, or as e and a mark */
    AT_TEXTS_CASE,     /* capitals */
    AT_TEXTS_BLANKS,   /* spaces, line ends, marks without width */
    AT_TEXTS_SEVERAL,  /* more than one of these */
};
enum at_text_difference at_text_differ(struct at_arena *arena, at_str a, at_str b);

#endif
