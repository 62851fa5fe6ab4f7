/* base/visible.h: writes text in a safe form: characters that hide, reorder, or command become visible.
 *
 * Text from data, policies, and command lines can hold any character. Every medium that people read
 * (terminal, Markdown, HTML) shows text through this file, so that all of them agree on which characters are
 * safe:
 *
 * - Control characters below U+0020 and U+007F become their pictures (U+2400 and following), one column wide.
 * - Every other control, bidirectional control, invisible, private, or unassignable character becomes its
 * code, such as \u{202E}, in the notation of a text in a policy.
 * - A byte that is not UTF-8 becomes U+FFFD.
 * - Combining marks stay after a character, at most 8 of them. At the start of a text, and beyond the eighth,
 *   they become codes.
 * - The two joiners (U+200C, U+200D) stay between letters of scripts that are written with them.
 *
 * The result holds no character that this file would change, so that a second pass changes nothing.
 */
#ifndef AT_BASE_VISIBLE_H
#define AT_BASE_VISIBLE_H

#include "base/sink.h"

/* Whether a character beyond ASCII is one that is never shown as it is. */
bool at_visible_hidden(uint32_t code_point);

struct at_visible_glyph {
    char text[16];  /* as it is shown */
    unsigned n;     /* bytes of `text` */
    unsigned width; /* columns of `text` */
    unsigned bytes; /* of the source; at least 1 */
    bool same;      /* `text` is what the source holds */
};

/* The character at p; `start` is the start of the text, p < end. */
struct at_visible_glyph at_visible_glyph_at(const char *start, const char *p, const char *end);

at_str at_visible(struct at_arena *arena, at_str s); /* `s` itself if nothing changes */
unsigned at_visible_width(at_str s);                 /* columns of the text as it is shown */
void at_sink_visible(struct at_sink *sink, at_str s);

#endif
