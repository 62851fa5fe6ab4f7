/* test_explain: the proof of sums, and text in pages of HTML. What explanations
 * say of whole policies is tested through the public interface and by golden cases. */
#include "paid.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* of lines */
#include "write/explain.h"
#include "write/html.h"

/* ---- the proof */

static struct at_explain_node part_of(int64_t cents) {
    struct at_explain_node step = {.part = true, .has_value = true, .text = at_words_text(AT_STR("a part"))};
    step.value.value =
        (struct at_plan_value){.type = {.kind = AT_T_MONEY}, .bits.num = at_num_decimal(cents, 2)};
    return step;
}

Test(test_explain, a_sum_that_is_not_its_parts_is_found) {
    struct paid *p = paid_start("USD");
    /* of two periods and two components, in the order of a run */
    struct at_settle_line lines[] = {{.minor = 700},
                                     {.period = 1, .earned = 1, .minor = 900},
                                     {.period = 1, .earned = 1, .minor = 400},
                                     {.period = 1, .earned = 1, .component = 1, .minor = 50}};
    p->run.lines = lines;
    p->run.n_lines = 4;
    paid_make(p, NULL);
    struct at_explain_node a = part_of(1000), b = part_of(300), whole = part_of(1300);
    whole.name = at_words_text(AT_STR("commission"));
    whole.text = whole.name;
    whole.adds = true;
    whole.first = &a;
    a.next = whole.last = &b;
    struct at_explain_story story = {
        .period = 1, .components = &whole, .total = 1300, .first_line = 1, .end_line = 4};
    cr_expect_null(at_explain_story_verify(&p->results, &story, &p->arena).step);
    b.value.value.bits.num = at_num_decimal(301, 2); /* one cent off */
    struct at_explain_story_fault fault = at_explain_story_verify(&p->results, &story, &p->arena);
    cr_expect(fault.step == &whole && !fault.paid);
    at_str english = at_write_explain_fault(at_words_find(AT_STR("en")), &fault, &p->arena);
    at_str chinese = at_write_explain_fault(at_words_find(AT_STR("zh")), &fault, &p->arena);
    cr_expect(at_str_eq(english, AT_STR("commission: the parts do not add up to the value")));
    cr_expect(at_str_eq(chinese, AT_STR("commission：各部分之和与该值不符")));
    whole.value.value.bits.num = at_num_decimal(1301, 2); /* right in itself, but not what the run pays */
    fault = at_explain_story_verify(&p->results, &story, &p->arena);
    cr_expect(fault.step == &whole);
    paid_end(p);
}

/* ---- pages */

static char *as_html(struct paid *p, at_str text) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, paid_keep, p);
    p->n = 0;
    paid_keep(p, "", 0);
    at_write_html_text(sink, text);
    cr_assert(at_sink_flush(sink) == 0);
    free(sink);
    return p->got;
}

Test(test_explain, text_is_safe_in_a_page) {
    struct paid *p = paid_start("USD");
    cr_expect_str_eq(as_html(p, AT_STR("<script>alert('1')</script> & \"x\"")),
                     "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;");
    cr_expect_str_eq(as_html(p, AT_STR("王芳 ≈\n\t")), "王芳 ≈\n\t");
    cr_expect_str_eq(as_html(p, AT_STR("a\x01\x1b[31m\xff\x7f\xc2\x85")), "a␁␛[31m\xEF\xBF\xBD␡\\u{85}");
    /* Words from right to left are isolated, so that they do not turn the numbers next to them. */
    cr_expect_str_eq(as_html(p, AT_STR("דוד כהן: $1 → $2 (בן-דוד)")),
                     "<bdi>דוד כהן</bdi>: $1 → $2 (<bdi>בן-דוד</bdi>)");
    cr_expect_str_eq(as_html(p, AT_STR("דוד 5 כהן")), "<bdi>דוד</bdi> 5 <bdi>כהן</bdi>");
    cr_expect_str_eq(as_html(p, AT_STR("a\u202E00.1")), "a\\u{202E}00.1");
    paid_end(p);
}
