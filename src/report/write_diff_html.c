/* report/write_diff_html.c: a difference as one self-contained page for reviewers. */
#include "report/diff_writer.h"
#include "report/html.h"

void at_write_diff_html(const struct at_diff *diff, const struct at_writer_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    (void)options;
    at_html_begin(out, diff->checked[1]->name, "en", NULL);
    at_html_text(out, at_diff_change(diff, scratch, diff->minor[1] - diff->minor[0]));
    at_html_end(out);
}
