/* Text as a person may see it: what commands, hides, or reorders is written out, and nothing else changes. */
#include "room.h"

#include "base/visible.h"

static struct at_arena arena;

static void begin(void) {
    at_arena_init(&arena, NULL, NULL);
}

static void end(void) {
    at_arena_free(&arena);
}

TestSuite(visible, .init = begin, .fini = end);

static const char *shown(at_str s) {
    at_str out = at_visible(&arena, s);
    cr_expect(at_str_eq(at_visible(&arena, out), out), "a second pass changes %.*s", AT_STR_ARG(out));
    cr_expect_eq(at_visible_width(s), at_utf8_width(out));
    return at_str_format(&arena, "%.*s", AT_STR_ARG(out)).p;
}

#define SHOWN(text, as) cr_expect_str_eq(shown(AT_STR(text)), as)

Test(visible, what_may_be_shown_stays) {
    SHOWN("", "");
    SHOWN("Ana Ruiz ~", "Ana Ruiz ~");
    SHOWN("王芳 é דוד محمد 😀 ≈ →", "王芳 é דוד محمد 😀 ≈ →");
    at_str plain = AT_STR("plain");
    cr_expect(at_visible(&arena, plain).p == plain.p, "no copy");
}

Test(visible, controls_are_pictures_and_codes) {
    SHOWN("\x1b[31m\a\b\t\n\r\x7f", "␛[31m␇␈␉␊␍␡");
    SHOWN("a\xC2\x9B"
          "2J",
          "a\\u{9B}2J");
    cr_expect_str_eq(shown((at_str){"a\0b", 3}), "a␀b");
}

Test(visible, what_reorders_or_hides_is_written_out) {
    SHOWN("a\u202Eb\u2066\u2069\u200E\u061C", "a\\u{202E}b\\u{2066}\\u{2069}\\u{200E}\\u{61C}");
    SHOWN("a\u200Bb\uFEFF\u2060\u00AD\uFE0F", "a\\u{200B}b\\u{FEFF}\\u{2060}\\u{AD}\\u{FE0F}");
    SHOWN("\U000E0041\uE000\uFFFE\u2028\U0010FFFF", "\\u{E0041}\\u{E000}\\u{FFFE}\\u{2028}\\u{10FFFF}");
}

Test(visible, a_byte_that_is_not_utf_8_is_replaced) {
    cr_expect_str_eq(shown((at_str){"caf\xE9", 4}), "caf\xEF\xBF\xBD");
    cr_expect_str_eq(shown((at_str){"\xE2\x80", 2}), "\xEF\xBF\xBD\xEF\xBF\xBD");
    cr_expect_str_eq(shown((at_str){"\xED\xA0\x80", 3}), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

Test(visible, marks_need_a_character_and_stay_few) {
    SHOWN("e\u0301", "e\u0301");
    SHOWN("\u0338=", "\\u{338}=");
    SHOWN("\n\u0338", "␊\\u{338}");
    const char *eight = "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301";
    cr_expect_str_eq(shown(at_str_z(eight)), eight);
    cr_expect_str_eq(shown(at_str_format(&arena, "%s\u0301", eight)),
                     at_str_format(&arena, "%s\\u{301}", eight).p);
}

Test(visible, joiners_stay_between_letters_that_join) {
    SHOWN("علی\u200Cرضا", "علی\u200Cرضا");
    SHOWN("क्\u200Dष", "क्\u200Dष");
    SHOWN("a\u200Cb\u200D", "a\\u{200C}b\\u{200D}");
    SHOWN("علی\u200C", "علی\\u{200C}");
}
