/* write/report.h: the reports about a policy and a run: dependence, impact, and fairness.
 *
 * Each writer gets data, and makes text, JSON, or a page in the language of the options.
 */
#ifndef AT_WRITE_REPORT_H
#define AT_WRITE_REPORT_H

#include "base/sink.h"
#include "depend/depend.h"
#include "words/words.h"

struct at_write_report {
    const struct at_words *words;
    uint32_t width; /* 0: 100 */
    bool color;
    struct at_arena *arena; /* scratch */
    struct at_sink *out;
};

/* ---- depends.c */
/* `field`: "rep.gender" if only this one was asked for; then its paths are written. */
void at_write_depends_text(const struct at_write_report *report, const struct at_depend *depend,
                           at_str field);
void at_write_depends_json(const struct at_write_report *report, const struct at_depend *depend);

#endif
