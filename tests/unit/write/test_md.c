/* Markdown: what a text holds is shown, and nothing in it acts. tests/hostile renders it with another
 * program. */
#include "paid.h"

#include "write/md.h"

static char *written(struct paid *p, void (*write)(struct at_sink *, at_str), at_str text) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, paid_keep, p);
    p->n = 0;
    paid_keep(p, "", 0);
    write(sink, text);
    cr_assert(at_sink_flush(sink) == 0);
    free(sink);
    return p->got;
}

#define SAME(write, text, as) cr_expect_str_eq(written(p, write, at_str_z(text)), as)

Test(test_md, marks_are_escaped) {
    struct paid *p = paid_start("USD");
    SAME(at_write_md_text, "a*b_c [d](e) ~ `g` |h\\", "a\\*b\\_c \\[d\\](e) \\~ \\`g\\` \\|h\\\\");
    SAME(at_write_md_text, "<b> &amp; <!-- x", "&lt;b\\> &amp;amp; &lt;!-- x");
    SAME(at_write_md_text, "a\x1b\u202E", "a␛\\\\u{202E}");
    SAME(at_write_md_text, " a  b ", "&#32;a &#32;b&#32;");
    paid_end(p);
}

Test(test_md, what_sites_look_for_is_broken_by_an_element) {
    struct paid *p = paid_start("USD");
    SAME(at_write_md_text, "@ana a@b.c", "<span>@</span>ana a<span>@</span>b.c");
    SAME(at_write_md_text, "#1 # GH-2", "<span>\\#</span>1 \\# GH<span>-</span>2");
    SAME(at_write_md_text, "http://x www.x", "http<span>:</span>//x www<span>.</span>x");
    SAME(at_write_md_text, ":ok: 10:30 $x$ $5", "<span>:</span>ok: 10:30 <span>$</span>x<span>$</span> $5");
    SAME(at_write_md_text, "deadbee 1234567 123456",
         "<span>d</span>eadbe<span>e</span> <span>1</span>23456<span>7</span> 123456");
    paid_end(p);
}

Test(test_md, an_item_does_not_begin_a_list) {
    struct paid *p = paid_start("USD");
    SAME(at_write_md_item, "- a", "\\- a");
    SAME(at_write_md_item, "12. a", "12\\. a");
    SAME(at_write_md_item, "12.5", "12\\.5");
    SAME(at_write_md_text, "+1.00", "+1.00");
    paid_end(p);
}

Test(test_md, code_has_a_fence_that_is_long_enough) {
    struct paid *p = paid_start("USD");
    SAME(at_write_md_code, "a_b *c* @d", "`a_b *c* @d`");
    SAME(at_write_md_code, "a `b` ``c", "```a `b` ``c```");
    SAME(at_write_md_code, "`a`", "`` `a` ``");
    SAME(at_write_md_code, " a ", "`  a  `");
    SAME(at_write_md_sentence,
         "\xFE"
         "a_b\xFF is _c_ `d`",
         "`a_b` is \\_c\\_ \\`d\\`");
    paid_end(p);
}
