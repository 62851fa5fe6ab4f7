/* diag/render.h: writes diagnostics: with carets for people, as JSON lines for programs.
 *
 *     rules/field.attain:31:18: error[A0301]: cannot add money and a number
 *        31 | pay kicker = bookings + 10%
 *           |              ~~~~~~~~ ^ ~~~
 *           |              money      number
 *        help: did you mean `10% of bookings`?
 */
#ifndef AT_DIAG_RENDER_H
#define AT_DIAG_RENDER_H

#include "base/sink.h"
#include "diag/diag.h"

struct at_diag_render_options {
    bool color;     /* ANSI colors */
    uint32_t limit; /* at most this many are printed, then "… and 88 more"; 0: 100 */
};

void at_diag_render_text(const struct at_diag_list *diags, const struct at_diag_render_options *options,
                         struct at_sink *out);
void at_diag_render_one(const struct at_diag *diag, const struct at_diag_sources *sources, bool color,
                        struct at_sink *out);
/* One JSON object a line: code, severity, file, line, column, end_line, end_column, message, labels, help,
 * note. */
void at_diag_render_json(const struct at_diag_list *diags, struct at_sink *out);

#endif
