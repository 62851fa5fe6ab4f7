/* Composed and folded texts. Composed forms are from the Unicode standard, annex 15. */
#include "base/fold.h"
#include "room.h"

static void same(const char *a, const char *b, enum at_text_difference how) {
    at_str x = at_str_z(a), y = at_str_z(b);
    cr_expect(at_str_eq(at_text_fold(room_arena(), x), at_text_fold(room_arena(), y)), "%s, %s", a, b);
    cr_expect_eq(at_text_differ(room_arena(), x, y), how, "%s, %s", a, b);
}

Test(fold, an_accent_of_two_characters_becomes_one) {
    assert_text(at_text_compose(room_arena(), AT_STR("Jose\u0301")), "Jos\u00E9");
    assert_text(at_text_compose(room_arena(), AT_STR("A\u030A \u212B")), "\u00C5 \u00C5");
    assert_text(at_text_compose(room_arena(), AT_STR("\u304B\u3099")), "\u304C");
    assert_text(at_text_compose(room_arena(), AT_STR("\u1112\u1161\u11AB")), "\uD55C");
    assert_text(at_text_compose(room_arena(), AT_STR("")), "");
}

Test(fold, a_composed_text_is_not_copied) {
    static const at_str texts[] = {AT_STR("won"), AT_STR("Espa\u00F1a"), AT_STR("\u9500\u552E"),
                                   AT_STR("\u20AC"), AT_STR("\uD55C")};
    for (unsigned i = 0; i < AT_COUNT(texts); i++)
        cr_expect_eq(at_text_compose(room_arena(), texts[i]).p, texts[i].p, "%s", texts[i].p);
}

Test(fold, texts_that_people_take_for_one) {
    same("won", "Won", AT_TEXTS_CASE);
    same("\u00C4RGER", "\u00E4rger", AT_TEXTS_CASE);
    same("Espa\u00F1a", "Espan\u0303a", AT_TEXTS_COMPOSED);
    same("won", "won\u00A0", AT_TEXTS_BLANKS);
    same("w\u200Bon", "won", AT_TEXTS_BLANKS);
    same("key  account", "key\u2009account", AT_TEXTS_BLANKS);
    same("won", "won\uFE0F", AT_TEXTS_BLANKS);
    same("won", "w\x07on", AT_TEXTS_BLANKS);
    same("\u534E\u4E1C\u533A", "\u534E\u4E1C \u533A", AT_TEXTS_BLANKS);
    same("A\u533A", "A\u3000\u533A", AT_TEXTS_BLANKS);
    same("won", " WON", AT_TEXTS_SEVERAL);
    same("\uFF37on", "won", AT_TEXTS_SEVERAL);
    same("won", "won", AT_TEXTS_SAME);
}

Test(fold, different_texts_stay_different) {
    static const char *const pairs[][2] = {
        {"won", "lost"}, {"007", "7"}, {"resume", "r\u00E9sum\u00E9"}, {"a b", "ab"}};
    for (unsigned i = 0; i < AT_COUNT(pairs); i++)
        cr_expect_not(at_str_eq(at_text_fold(room_arena(), at_str_z(pairs[i][0])),
                                at_text_fold(room_arena(), at_str_z(pairs[i][1]))));
}
