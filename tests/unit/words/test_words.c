/* tests/unit/words/test_words.c: both languages have the same places in each sentence; sentences of reasons.
 */
#include <criterion/criterion.h>

#include "words/reason.h"

static const char *const codes[] = {"en", "zh"};

struct room {
    struct at_arena arena;
    const struct at_words *words[2];
};
static void open_room(struct room *room) {
    room->arena = (struct at_arena){0};
    for (int i = 0; i < 2; i++)
        room->words[i] = at_words_find(at_str_z(codes[i]));
}

/* The places of a sentence as bits. Each back quote has its partner, and each brace is of a place. */
static unsigned places_of(const char *text, enum at_words_word word) {
    unsigned places = 0, quotes = 0;
    for (const char *p = text; *p; p++) {
        quotes += *p == '`';
        if (*p != '{') continue;
        cr_assert(p[1] >= '0' && p[1] < '0' + AT_WORDS_OPERANDS && p[2] == '}', "sentence %d: %s", word,
                  text);
        places |= 1u << (p[1] - '0');
    }
    cr_assert_eq(quotes % 2, 0, "sentence %d: %s", word, text);
    return places;
}

/* These leave an operand out in one language: it shows the month without its zero, or names a limit in place
 * of the statement. */
static bool may_differ(enum at_words_word word) {
    static const enum at_words_word words[] = {AT_W_DATE_IS,
                                               AT_W_PERIOD_MONTH,
                                               AT_W_PERIOD_WEEK,
                                               AT_W_PERIOD_SEMIMONTH1,
                                               AT_W_PERIOD_SEMIMONTH2,
                                               AT_W_PERIOD_FISCAL_MONTH,
                                               AT_W_POOL_CUT,
                                               AT_W_POOL_UNIT,
                                               AT_W_CAP_CUTS,
                                               AT_W_CAP_WITHIN,
                                               AT_W_FLOOR_LIFTS,
                                               AT_W_FLOOR_ABOVE,
                                               AT_W_ADJUSTS,
                                               AT_W_ADJUST_SAME,
                                               AT_W_LARGE,
                                               AT_W_HOLDS,
                                               AT_W_RELEASES,
                                               AT_W_CLAWS};
    for (size_t i = 0; i < AT_COUNT(words); i++)
        if (words[i] == word) return true;
    return false;
}

Test(words, every_sentence_has_the_same_places_in_each_language) {
    struct room room;
    open_room(&room);
    for (int w = 0; w < AT_W_COUNT; w++) {
        unsigned english = places_of(room.words[0]->texts[w], (enum at_words_word)w);
        unsigned chinese = places_of(room.words[1]->texts[w], (enum at_words_word)w);
        if (!may_differ((enum at_words_word)w))
            cr_assert_eq(english, chinese, "%s\n%s", room.words[0]->texts[w], room.words[1]->texts[w]);
    }
    at_arena_free(&room.arena);
}

/* Each operand arrives in its place, and no brace or mark is left. */
Test(words, every_sentence_is_filled_in) {
    struct room room;
    open_room(&room);
    at_words_operand operand[AT_WORDS_OPERANDS];
    for (unsigned i = 0; i < AT_WORDS_OPERANDS; i++)
        operand[i] = at_words_text(at_str_format(&room.arena, "<%u>", i));
    for (int l = 0; l < 2; l++)
        for (int w = 0; w < AT_W_COUNT; w++) {
            struct at_words_sentence sentence = {
                .word = (enum at_words_word)w, .n = AT_WORDS_OPERANDS, .operand = operand};
            at_str text = at_words_write(&room.arena, room.words[l], &sentence);
            unsigned places = places_of(room.words[l]->texts[w], (enum at_words_word)w);
            for (unsigned i = 0; i < AT_WORDS_OPERANDS; i++)
                cr_assert_eq(strstr(text.p, operand[i].text.p) != NULL, (places >> i & 1) != 0, "%s", text.p);
            cr_assert(!strchr(text.p, '{') && !strchr(text.p, AT_CODE_BEGIN), "%s", text.p);
        }
    at_arena_free(&room.arena);
}

Test(words, an_unknown_language_is_not_found) {
    cr_assert_null(at_words_find(AT_STR("de")));
    for (int w = 0; w < AT_W_COUNT; w++)
        cr_assert(at_words_word(at_words_find(AT_STR("zh")), (enum at_words_word)w).n > 0);
    cr_assert_eq(at_words_find((at_str){0}), at_words_find(AT_STR("en")));
}

Test(words, places_are_filled_in_any_order_and_any_number) {
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

/* ---- operands */

static void operand_is(struct room *room, at_words_operand operand, const char *english,
                       const char *chinese) {
    at_str en = at_words_write_operand(&room->arena, room->words[0], &operand);
    at_str zh = at_words_write_operand(&room->arena, room->words[1], &operand);
    cr_assert_str_eq(
        at_str_format(&room->arena, "%.*s", AT_STR_ARG(at_words_sentence_plain(&room->arena, en))).p,
        english);
    cr_assert_str_eq(
        at_str_format(&room->arena, "%.*s", AT_STR_ARG(at_words_sentence_plain(&room->arena, zh))).p,
        chinese);
}

/* How long a name is depends on the language. A is wide in English, and not in Chinese. */
Test(words, a_sentence_that_is_too_wide_is_the_text_of_the_policy) {
    struct room room;
    open_room(&room);
    char wide[AT_WORDS_WIDEST - 8];
    memset(wide, 'a', sizeof wide);
    at_words_operand name = at_words_text((at_str){wide, sizeof wide});
    at_words_operand text = AT_SAID(&room.arena, AT_W_ABS, name); /* 18 columns more, and 8 in Chinese */
    cr_assert(at_words_bound(&text) > AT_WORDS_WIDEST);
    text = at_words_or(&room.arena, text, AT_STR("abs(x)"));
    at_str english = at_words_write_operand(&room.arena, room.words[0], &text);
    at_str chinese = at_words_write_operand(&room.arena, room.words[1], &text);
    cr_assert(at_str_eq(english, AT_STR("abs(x)")), "%.*s", AT_STR_ARG(english));
    cr_assert_eq(chinese.n, sizeof wide + strlen("的绝对值"));
    at_arena_free(&room.arena);
}

Test(words, operands_are_compared_by_what_they_say) {
    struct room room;
    open_room(&room);
    at_words_operand a = at_words_text(AT_STR("5%")), b = at_words_digits(AT_STR("5%"));
    at_words_operand one = AT_SAID(&room.arena, AT_W_OF, a, b), two = AT_SAID(&room.arena, AT_W_OF, a, b);
    at_words_operand other = AT_SAID(&room.arena, AT_W_OF, b, a);
    cr_assert(at_words_same(&a, &a) && !at_words_same(&a, &b));
    cr_assert(at_words_same(&one, &two) && !at_words_same(&one, &other));
    two = at_words_or(&room.arena, two, AT_STR("f"));
    cr_assert(!at_words_same(&one, &two));
    at_arena_free(&room.arena);
}

/* {0} appears once more in one of the languages, so the bound counts it twice. */
Test(words, the_bound_counts_what_is_repeated) {
    at_words_operand ten = at_words_text(AT_STR("1234567890"));
    struct at_words_sentence above = {.word = AT_W_ABOVE, .n = 1, .operand = &ten};
    at_words_operand text = {.kind = AT_OPERAND_SENTENCE, .sentence = &above};
    cr_assert_geq(at_words_bound(&text), strlen("1234567890以上（不含1234567890）"));
    cr_assert_eq(at_words_times(AT_W_ABOVE, 0), 2);
    cr_assert_eq(at_words_times(AT_W_ABOVE, 1), 0);
}

Test(words, operands_follow_the_language) {
    struct room room;
    open_room(&room);
    at_date day = 0;
    at_period quarter = {0};
    cr_assert(at_date_parse_iso(AT_STR("2026-03-09"), &day));
    cr_assert(at_period_parse(AT_STR("2026-Q1"), &quarter));
    operand_is(&room, (at_words_operand){0}, "", "");
    operand_is(&room, at_words_text(AT_STR("ana")), "ana", "ana");
    operand_is(&room, at_words_code(AT_STR("a / b")), "`a / b`", "「a / b」");
    operand_is(&room, at_words_code((at_str){0}), "a value", "某个值");
    operand_is(&room, at_words_digits(AT_STR("-$5.00")), "-$5.00", "−$5.00");
    operand_is(&room, at_words_quoted(AT_STR("East")), "\"East\"", "“East”");
    operand_is(&room, at_words_day(day), "2026-03-09", "2026年3月9日");
    operand_is(&room, at_words_month(quarter), "2026-Q1", "2026年第1季度");
    operand_is(&room, at_words_fixed(AT_W_YES), "yes", "是");
    operand_is(&room, at_words_percent(&room.arena, at_num_decimal(-125, 3)), "-12.5%", "−12.5%");
    operand_is(&room, at_words_plain_number(&room.arena, at_num_int(1234567)), "1,234,567", "1,234,567");
    at_words_operand number = at_words_text(AT_STR("7"));
    operand_is(&room, at_words_inner(&room.arena, AT_W_ROW_NUMBER, &number, 1), "row 7", "第7行");
    at_arena_free(&room.arena);
}

Test(words, back_quotes_in_data_stay_text) {
    struct room room;
    open_room(&room);
    at_words_operand name = at_words_code(AT_STR("a`b"));
    at_str text = at_words_write_operand(&room.arena, room.words[0], &name), rest = text;
    struct at_words_sentence_part part;
    cr_assert(at_words_sentence_next(&rest, &part));
    cr_assert(part.code);
    cr_assert(at_str_eq(part.text, AT_STR("a`b")));
    cr_assert(!at_words_sentence_next(&rest, &part));
    at_arena_free(&room.arena);
}

/* ---- reasons: the sentences of both languages were written by hand from words_*.def */

#define OF(form, of)                                                                                         \
    {                                                                                                        \
        .kind = AT_OPERAND_##form, .text = {(of), sizeof(of) - 1 }                                           \
    }
#define T(of) OF(TEXT, of)
#define C(of) OF(CODE, of)
#define N(of) OF(NUMBER, of)
#define Q(of) OF(QUOTED, of)
#define W(of)                                                                                                \
    { .kind = AT_OPERAND_WORD, .word = AT_W_##of }
#define NO                                                                                                   \
    { .kind = AT_OPERAND_NONE }

static const struct {
    struct at_words_reason reason;
    const char *english, *chinese;
} reasons[] = {
    {{AT_W_REASON_HOOK, {T("plans.lua:3: no rate")}, {0}, NO, NO},
     "plans.lua:3: no rate",
     "计算函数出错：plans.lua:3: no rate"},
    {{AT_W_REASON_HOOK_BARE, {NO}, {0}, NO, NO}, "the hook failed", "计算函数出错"},
    {{AT_W_REASON_DIVIDED, {T("quota"), N("-$0.00")}, {0}, NO, NO},
     "cannot divide by zero, because `quota` is -$0.00",
     "除数为零，因为「quota」为−$0.00"},
    {{AT_W_REASON_DIVIDED_IN, {T("a / b")}, {0}, NO, NO},
     "cannot divide by zero in `a / b`",
     "「a / b」中除数为零"},
    {{AT_W_REASON_DIVIDED_BARE, {NO}, {0}, NO, NO}, "cannot divide by zero", "除数为零"},
    {{AT_W_REASON_NO_ROW, {T("rates"), Q("x")}, {0}, NO, NO},
     "the table `rates` does not contain \"x\"",
     "表「rates」中没有“x”这一行"},
    {{AT_W_REASON_NO_ROW, {T("rates"), W(NONE)}, {0}, NO, NO},
     "the table `rates` does not contain missing",
     "表「rates」中没有空这一行"},
    {{AT_W_REASON_NO_ROW2, {T("rates"), Q("x"), N("2")}, {0}, NO, NO},
     "the table `rates` does not have a value for \"x\" and 2",
     "表「rates」中没有“x”与2对应的值"},
    {{AT_W_REASON_BELOW, {C("score"), N("5%"), T("tiers"), N("10%")}, {0}, NO, NO},
     "`score` is 5%, below the first tier of `tiers`, 10%",
     "「score」为5%，低于「tiers」的门槛10%"},
    {{AT_W_REASON_BELOW_BARE, {W(A_VALUE), N("5"), NO, N("10")}, {0}, NO, NO},
     "a value is 5, below the first tier, 10",
     "某个值为5，低于最低一档的门槛10"},
    {{AT_W_REASON_TOO_LARGE, {C("a * b")}, {0}, NO, NO}, "`a * b` is too large", "「a * b」的数值过大"},
    {{AT_W_REASON_TOO_LARGE, {W(A_VALUE)}, {0}, NO, NO}, "a value is too large", "某个值的数值过大"},
    {{AT_W_REASON_NO_GROUP, {NO}, {0}, NO, NO},
     "the payee does not belong to a group",
     "该人员不属于任何群体"},
    {{AT_W_REASON_NO_FIELD, {T("team")}, {0}, NO, NO},
     "the payee does not have a `team`, by which payees are grouped",
     "该人员的「team」为空，无法确定所属群体"},
    {{AT_W_REASON_NO_DAY, {C("d + 1 day")}, {0}, NO, NO},
     "`d + 1 day` is not a day of the calendar",
     "「d + 1 day」不是日历中的日期"},
    {{AT_W_REASON_NO_VALUE, {C("a")}, {0}, NO, NO}, "`a` does not have a value", "「a」没有值"},
    {{AT_W_REASON_MISSING, {NO}, {0}, NO, NO}, "a value that it needs is missing", "所需的值为空"},
    {{AT_W_REASON_UNPAYABLE, {NO}, {0}, NO, NO}, "the amount is too large to pay", "金额过大，无法发放"},
    {{AT_W_REASON_DIVIDED_BARE, {NO}, {"kicker", 6}, NO, NO},
     "`kicker`: cannot divide by zero",
     "「kicker」：除数为零"},
    {{AT_W_REASON_DIVIDED_BARE, {NO}, {"kicker", 6}, T("2026-05"), NO},
     "`kicker`: cannot divide by zero (in 2026-05)",
     "「kicker」：除数为零（2026-05）"},
    {{AT_W_REASON_DIVIDED_BARE, {NO}, {"kicker", 6}, NO, Q("ben")},
     "requires a value of \"ben\" that cannot be calculated: `kicker`: cannot divide by zero",
     "需要“ben”的值，但该值无法计算：「kicker」：除数为零"},
};

Test(words, reasons_in_both_languages) {
    struct room room;
    open_room(&room);
    for (size_t i = 0; i < AT_COUNT(reasons); i++) {
        at_str english = at_words_reason_plain(&room.arena, &reasons[i].reason);
        at_str chinese = at_words_write_reason(&room.arena, room.words[1], &reasons[i].reason);
        cr_assert(at_str_eq(english, at_str_z(reasons[i].english)), "%.*s", AT_STR_ARG(english));
        cr_assert(at_str_eq(chinese, at_str_z(reasons[i].chinese)), "%.*s", AT_STR_ARG(chinese));
    }
    at_arena_free(&room.arena);
}
