/* Names that are near to one that is not known. The distances are counted by hand. */
#include "base/near.h"
#include "room.h"

typedef bool (*try_fn)(struct at_str_nearest *, at_str);

static bool near(try_fn try, const char *wanted, const char *name) {
    struct at_str_nearest nearest = {.wanted = at_str_z(wanted)};
    return try(&nearest, at_str_z(name));
}

Test(near, a_third_of_the_letters_may_differ) {
    cr_expect(near(at_str_nearest_try, "bookngs", "bookings"), "1 of 8");
    cr_expect(near(at_str_nearest_try, "qouta", "quota"), "a swap is one edit: 1 of 5");
    cr_expect(near(at_str_nearest_try, "abc", "abd"), "1 of 3");
    cr_expect_not(near(at_str_nearest_try, "note", "name"), "2 of 4");
    cr_expect_not(near(at_str_nearest_try, "closd", "lost"), "2 of 5");
    cr_expect_not(near(at_str_nearest_try, "amount", "bonus"), "nothing in common");
    cr_expect(near(at_str_nearest_try, "BOOKINGS", "bookings"), "case does not count");
}

Test(near, short_names_share_a_letter) {
    cr_expect(near(at_str_nearest_try, "ab", "ac"));
    cr_expect(near(at_str_nearest_try, "ab", "ba"));
    cr_expect_not(near(at_str_nearest_try, "ab", "cd"));
    cr_expect_not(near(at_str_nearest_try, "a", "b"), "each letter is one edit from each other one");
    cr_expect_not(near(at_str_nearest_try, "a", "ab"));
    cr_expect(near(at_str_nearest_try, "a", "A"));
}

Test(near, chinese_names_are_counted_by_letters) {
    cr_expect(near(at_str_nearest_try, "销售额度", "销售额"), "1 of 4, though 3 of 12 bytes");
    cr_expect(near(at_str_nearest_try, "金额", "税额"), "one of two is shared");
    cr_expect_not(near(at_str_nearest_try, "金额", "单号"), "none is shared");
    cr_expect_not(near(at_str_nearest_try, "定额", "任务额"), "2 of 3");
    cr_expect_not(near(at_str_nearest_try, "签约额", "回款率"));
}

Test(near, keys_with_another_number_are_other_keys) {
    cr_expect_not(near(at_str_nearest_key, "e17", "e18"));
    cr_expect_not(near(at_str_nearest_key, "1017", "1018"));
    cr_expect(near(at_str_nearest_key, "e17", "E017"), "zeros and case do not count");
    cr_expect(near(at_str_nearest_key, "w20", "w02"), "two digits are swapped");
    cr_expect(near(at_str_nearest_key, "anna", "ana"));
    cr_expect(near(at_str_nearest_key, "e1O", "e10"), "a letter O for a zero");
}

Test(near, titles_may_contain_the_name) {
    cr_expect(near(at_str_nearest_title, "金额", "金额（元）"));
    cr_expect(near(at_str_nearest_title, "金额（元）", "金额"));
    cr_expect(near(at_str_nearest_title, "amount", "Amount (USD)"));
    cr_expect(near(at_str_nearest_title, "amount", "deal_amount"));
    cr_expect(near(at_str_nearest_title, "Ruiz", "Ana Ruiz"));
    cr_expect_not(near(at_str_nearest_title, "rep", "report date"), "only whole words");
    cr_expect_not(near(at_str_nearest_title, "金额", "单号"));
}

Test(near, the_nearest_of_several) {
    struct at_str_nearest nearest = {.wanted = AT_STR("amount")};
    cr_expect(at_str_nearest_title(&nearest, AT_STR("net amount of the deal")));
    cr_expect(at_str_nearest_title(&nearest, AT_STR("Amount (USD)")), "fewer other letters");
    cr_expect_not(at_str_nearest_title(&nearest, AT_STR("amount and tax paid")));
    cr_expect(at_str_nearest_title(&nearest, AT_STR("amuont")), "a misspelled name is nearer");
    cr_expect(at_str_eq(nearest.best, AT_STR("amuont")));
}
