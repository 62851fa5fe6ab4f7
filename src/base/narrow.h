/* base/narrow.h: full-width characters of East Asian keyboards as the plain characters that they mean.
 *
 * For numbers, dates, and marks only: a text that people wrote stays as it is.
 */
#ifndef AT_BASE_NARROW_H
#define AT_BASE_NARROW_H

#include "base/text.h"

/* The text with １２３，．％（）－＋￥ and similar characters replaced by plain ones, the typographic minus
 * by `-`, and every space by U+0020. Returns `s` itself if it has none of these; else a copy in the arena. */
at_str at_str_narrow(struct at_arena *arena, at_str s);

#endif
