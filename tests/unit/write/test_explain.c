/* test_explain: the catalogues of sentences, the proof of sums, and text in pages of HTML. What explanations
 * say of whole policies is tested through the public interface and by golden cases. */
#include "explain/explain.h"
#include "paid.h"
#include "write/html.h"

/* ---- sentences */

static unsigned places(const char *text) {
    unsigned set = 0;
    for (; *text; text++)
        if (text[0] == '{' && text[1] >= '0' && text[1] <= '9' && text[2] == '}')
            set |= 1u << (text[1] - '0');
    return set;
}

/* Sentences that languages make of different values: dates, and limits, which Chinese does not quote. */
static bool is_own(int word) {
    switch (word) {
    case AT_W_DATE_IS:
    case AT_W_PERIOD_MONTH:
    case AT_W_LARGE:
    case AT_W_POOL_CUT:
    case AT_W_POOL_UNIT:
    case AT_W_CAP_CUTS:
    case AT_W_CAP_WITHIN:
    case AT_W_FLOOR_LIFTS:
    case AT_W_FLOOR_ABOVE:
    case AT_W_ADJUSTS:
    case AT_W_ADJUST_SAME: return true;
    default: return false;
    }
}

Test(test_explain, every_language_fills_the_same_places) {
    const struct at_words *en = at_words_find(AT_STR("en")), *zh = at_words_find(AT_STR("zh"));
    cr_assert(en && zh);
    for (int i = 0; i < AT_W_COUNT; i++) {
        cr_expect(en->texts[i] && zh->texts[i] && zh->texts[i][0]);
        if (is_own(i)) continue;
        cr_expect_eq(places(en->texts[i]), places(zh->texts[i]), "%s / %s", en->texts[i], zh->texts[i]);
    }
    cr_expect_null(at_words_find(AT_STR("fr")));
    cr_expect_eq(at_words_find(AT_STR("")), en);
}

Test(test_explain, places_are_filled_in_any_order_and_any_number) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    const struct at_words *zh = at_words_find(AT_STR("zh"));
    at_str said = AT_SAY(&arena, zh, AT_W_OF, AT_STR("10%"), AT_STR("销售额"));
    cr_expect(at_str_eq(said, AT_STR("销售额 × 10%")), "%.*s", AT_STR_ARG(said));
    at_period quarter = {.kind = AT_QUARTER, .ordinal = 2026 * 4},
              half = {.kind = AT_HALF, .ordinal = 2026 * 2 + 1},
              month = {.kind = AT_MONTH, .ordinal = 2026 * 12}, year = {.kind = AT_YEAR, .ordinal = 2026};
    cr_expect(at_str_eq(at_words_period(&arena, zh, quarter), AT_STR("2026年第1季度")));
    cr_expect(at_str_eq(at_words_period(&arena, zh, half), AT_STR("2026年下半年")));
    cr_expect(at_str_eq(at_words_period(&arena, zh, month), AT_STR("2026年1月")));
    cr_expect(at_str_eq(at_words_period(&arena, zh, year), AT_STR("2026年")));
    cr_expect(at_str_eq(at_words_period(&arena, at_words_find(AT_STR("en")), month), AT_STR("2026-01")));
    cr_expect(at_str_eq(at_words_number(&arena, zh, AT_STR("-¥5.00")), AT_STR("−¥5.00")));
    at_date day;
    cr_assert(at_date_parse_iso(AT_STR("2026-01-15"), &day));
    cr_expect(at_str_eq(at_words_date(&arena, zh, day), AT_STR("2026年1月15日")));
    cr_expect(at_str_eq(at_words_date(&arena, at_words_find(AT_STR("en")), day), AT_STR("2026-01-15")));
    /* braces in what is filled in stay as they are */
    said = AT_SAY(&arena, at_words_find(AT_STR("en")), AT_W_IS, AT_STR("{1}"), AT_STR("{0}"));
    cr_expect(at_str_eq(said, AT_STR("{1}: {0}")), "%.*s", AT_STR_ARG(said));
    at_arena_free(&arena);
}

/* ---- the proof */

static struct at_xstep part_of(int64_t cents) {
    struct at_xstep step = {.part = true, .has_value = true, .text = AT_STR("a part")};
    step.value.value = (struct at_value){.type = {.kind = AT_T_MONEY}, .bits.num = at_num_decimal(cents, 2)};
    return step;
}

Test(test_explain, a_sum_that_is_not_its_parts_is_found) {
    struct paid *p = paid_start("USD");
    struct at_line lines[] = {{0, 0, 0, {0}, 1300}};
    p->run.lines = lines;
    p->run.n_lines = 1;
    paid_make(p, NULL);
    struct at_xstep a = part_of(1000), b = part_of(300), whole = part_of(1300);
    whole.name = AT_STR("commission");
    whole.text = AT_STR("commission");
    whole.adds = true;
    whole.first = &a;
    a.next = whole.last = &b;
    struct at_story story = {.components = &whole, .total = 1300};
    cr_expect_eq(at_story_verify(&p->results, &story, &p->arena).n, 0);
    b.value.value.bits.num = at_num_decimal(301, 2); /* one cent off */
    cr_expect(at_story_verify(&p->results, &story, &p->arena).n > 0);
    whole.value.value.bits.num = at_num_decimal(1301, 2); /* right in itself, but not what the run pays */
    cr_expect(at_story_verify(&p->results, &story, &p->arena).n > 0);
    paid_end(p);
}

/* ---- pages */

static char *as_html(struct paid *p, at_str text) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, paid_keep, p);
    p->n = 0;
    paid_keep(p, "", 0);
    at_html_text(sink, text);
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
