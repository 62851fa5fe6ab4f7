/* Views of UTF-8: order, trimming, validity at every position, width on a terminal, distance between names.
 */
#include "room.h"

Test(text, order_is_by_code_points_and_length) {
    cr_assert_lt(at_str_cmp(AT_STR("abc"), AT_STR("abd")), 0);
    cr_assert_lt(at_str_cmp(AT_STR("ab"), AT_STR("abc")), 0);
    cr_assert_eq(at_str_cmp(AT_STR("abc"), AT_STR("abc")), 0);
    cr_assert_gt(at_str_cmp(AT_STR("b"), AT_STR("abc")), 0);
    cr_assert_lt(at_str_cmp(AT_STR("Z"), AT_STR("a")), 0);
    cr_assert_gt(at_str_cmp(AT_STR("é"), AT_STR("z")), 0);
    cr_assert_lt(at_str_cmp((at_str){0}, AT_STR("a")), 0);
    cr_assert_eq(at_str_cmp((at_str){0}, AT_STR("")), 0);
}

Test(text, trim_takes_spaces_of_every_width_at_both_ends) {
    assert_text(at_str_trim(AT_STR(" \t a b\t ")), "a b");
    assert_text(at_str_trim(AT_STR("\xE3\x80\x80 销售 \xE3\x80\x80")), "销售");
    assert_text(at_str_trim(AT_STR("   \xE3\x80\x80")), "");
    assert_text(at_str_trim(AT_STR("")), "");
    assert_text(at_str_trim(AT_STR("x\r\n")), "x");
    assert_text(at_str_trim(AT_STR("\u00A0\u202Fwon\u2009\u00A0")), "won");
    assert_text(at_str_trim(AT_STR("\u200B\uFEFFa\u200B b\u200B")), "a\u200B b");
    assert_text(at_str_trim(AT_STR("\x80 x \x80")), "\x80 x \x80");
    assert_text(at_str_trim(AT_STR("x\xC2")), "x\xC2");
}

Test(text, format_makes_short_and_long_text_with_a_nul_behind) {
    at_str s = at_str_format(room_arena(), "%s-%d", "x", 42);
    cr_assert_str_eq(s.p, "x-42");
    cr_assert_eq(s.n, 4);
    s = at_str_format(room_arena(), "%0999d", 7);
    cr_assert_eq(s.n, 999);
    cr_assert_eq(strlen(s.p), 999);
    assert_text(at_str_format(room_arena(), "%s", ""), "");
    assert_text(at_str_format(room_arena(), "%0255d|", 1), at_str_format(room_arena(), "%0255d|", 1).p);
    cr_assert_eq(at_str_format(room_arena(), "%0256d", 1).n, 256);
}

Test(text, copy_is_apart_from_its_source) {
    char source[] = "abc";
    at_str s = at_str_copy(room_arena(), at_str_z(source));
    source[0] = 'x';
    cr_assert_str_eq(s.p, "abc");
    assert_text(at_str_copy(room_arena(), (at_str){0}), "");
}

Test(text, hashes_differ_where_texts_differ_in_one_bit) {
    char text[40];
    memset(text, 'a', sizeof text);
    for (uint32_t length = 1; length <= sizeof text; length++) {
        uint64_t hash = at_str_hash((at_str){text, length});
        for (uint32_t i = 0; i < length; i++) {
            text[i] ^= 1;
            cr_assert_neq(at_str_hash((at_str){text, length}), hash);
            text[i] ^= 1;
        }
    }
}

/* ---- UTF-8 */

Test(text, valid_sequences_pass_at_every_offset) {
    static const char *const good[] = {"é",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "销",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "😀",
                                       "\xF4\x8F\xBF\xBF"};
    char buffer[100];
    for (size_t g = 0; g < AT_COUNT(good); g++)
        for (size_t at = 0; at < 70; at++) {
            memset(buffer, 'a', sizeof buffer);
            memcpy(buffer + at, good[g], strlen(good[g]));
            cr_assert_eq(at_utf8_invalid(buffer, 80), 80);
        }
}

Test(text, invalid_sequences_are_found_where_they_begin) {
    static const struct {
        const char *bytes;
        size_t n;
    } bad[] = {
        {"\x80", 1},             /* a continuation alone */
        {"\xC0\x80", 2},         /* overlong NUL */
        {"\xC1\xBF", 2},         /* overlong */
        {"\xE0\x9F\xBF", 3},     /* overlong */
        {"\xF0\x8F\xBF\xBF", 4}, /* overlong */
        {"\xED\xA0\x80", 3},     /* surrogate */
        {"\xED\xBF\xBF", 3},     /* surrogate */
        {"\xF4\x90\x80\x80", 4}, /* beyond U+10FFFF */
        {"\xF5\x80\x80\x80", 4},
        {"\xFF", 1},
        {"\xE9\x94z", 3},
        {"\xF0\x9F\x98z", 4},
        {"\xC3z", 2},
    };
    char buffer[100];
    for (size_t b = 0; b < AT_COUNT(bad); b++)
        for (size_t at = 0; at < 70; at++) {
            memset(buffer, 'a', sizeof buffer);
            memcpy(buffer + at, bad[b].bytes, bad[b].n);
            cr_assert_eq(at_utf8_invalid(buffer, sizeof buffer), at, "case %zu at %zu", b, at);
        }
}

Test(text, a_sequence_cut_by_the_end_is_invalid) {
    const char *text = "abcdefgh销";
    for (size_t cut = 9; cut < 11; cut++)
        cr_assert_eq(at_utf8_invalid(text, cut), 8);
    cr_assert_eq(at_utf8_invalid(text, 11), 11);
    cr_assert_eq(at_utf8_invalid(text, 8), 8);
    cr_assert_eq(at_utf8_invalid(text, 0), 0);
}

Test(text, every_code_point_comes_back) {
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char bytes[4];
        unsigned written = at_utf8_put(c, bytes), length;
        cr_assert_eq(at_utf8_next(bytes, bytes + written, &length), c);
        cr_assert_eq(length, written);
    }
}

Test(text, what_is_no_code_point_becomes_the_replacement) {
    char bytes[4];
    unsigned length;
    cr_assert_eq(at_utf8_put(0xD800, bytes), 3);
    cr_assert_eq(memcmp(bytes, "\xEF\xBF\xBD", 3), 0);
    cr_assert_eq(at_utf8_put(0x110000, bytes), 3);
    cr_assert_eq(at_utf8_next("\xFFz", (const char *)"\xFFz" + 2, &length), 0xFFFD);
    cr_assert_eq(length, 1);
}

Test(text, width_is_in_columns) {
    cr_assert_eq(at_utf8_width(AT_STR("commission")), 10);
    cr_assert_eq(at_utf8_width(AT_STR("销售额")), 6);
    cr_assert_eq(at_utf8_width(AT_STR("é")), 1);
    cr_assert_eq(at_utf8_width(AT_STR("e\xCC\x81")), 1, "a combining accent");
    cr_assert_eq(at_utf8_width(AT_STR("ｶﾞ")), 2, "half-width kana");
    cr_assert_eq(at_utf8_width(AT_STR("（）")), 4);
    cr_assert_eq(at_utf8_width(AT_STR("한글")), 4);
    cr_assert_eq(at_utf8_width(AT_STR("€¥→")), 3);
    cr_assert_eq(at_utf8_width(AT_STR("")), 0);
}

/* ---- distance between names */

static unsigned distance(const char *a, const char *b, unsigned limit) {
    return at_str_distance(at_str_z(a), at_str_z(b), limit);
}

Test(text, distance_counts_single_edits) {
    cr_assert_eq(distance("quota", "quota", 3), 0);
    cr_assert_eq(distance("Quota", "qUOTA", 3), 0, "case of ASCII is ignored");
    cr_assert_eq(distance("quota", "qouta", 3), 1, "neighbours swapped");
    cr_assert_eq(distance("quota", "quoota", 3), 1);
    cr_assert_eq(distance("quota", "quta", 3), 1);
    cr_assert_eq(distance("quota", "quote", 3), 1);
    cr_assert_eq(distance("bookings", "booking", 3), 1);
    cr_assert_eq(distance("kitten", "sitting", 5), 3);
    cr_assert_eq(distance("", "abc", 5), 3);
    cr_assert_eq(distance("销售额", "销售", 3), 1, "code points, not bytes");
    cr_assert_eq(distance("attainment", "attianmnet", 3), 2);
}

Test(text, distance_stops_at_its_limit) {
    cr_assert_eq(distance("kitten", "sitting", 2), 3);
    cr_assert_eq(distance("abcdefgh", "zyxwvuts", 2), 3);
    cr_assert_eq(distance("a", "abcdefgh", 2), 3);
    cr_assert_eq(distance("ab", "ba", 0), 1);
}

Test(text, distance_of_very_long_names_is_all_or_nothing) {
    char a[300], b[300];
    memset(a, 'a', sizeof a);
    memset(b, 'A', sizeof b);
    at_str x = {a, 300}, y = {b, 300};
    cr_assert_eq(at_str_distance(x, y, 2), 0);
    b[150] = 'b';
    cr_assert_eq(at_str_distance(x, y, 2), 3);
}

Test(text, grows_piece_by_piece) {
    struct at_arena arena;
    struct at_text text = {0};
    at_arena_init(&arena, NULL, NULL);
    cr_expect_eq(at_text_str(&text).n, 0);
    for (int i = 0; i < 1000; i++) {
        at_text_add(&arena, &text, AT_STR(""));
        at_text_add(&arena, &text, AT_STR("ab"));
    }
    at_str all = at_text_str(&text);
    cr_assert_eq(all.n, 2000);
    cr_expect_eq(all.p[2000], 0);
    for (int i = 0; i < 2000; i++)
        cr_assert_eq(all.p[i], i % 2 ? 'b' : 'a');
    at_arena_free(&arena);
}
