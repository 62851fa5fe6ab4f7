/* tests/unit/diag/test_say.c: diagnostics whose sentences are in words/, in the language of the list. */
#include <criterion/criterion.h>

#include "diag/say.h"

static void begin(struct at_arena *arena, struct at_diag_list *diags, const char *language) {
    *arena = (struct at_arena){0};
    at_diag_list_init(diags, arena, NULL);
    diags->words = at_words_find(at_str_z(language));
}

static void text_is(at_str text, const char *expected) {
    cr_assert(at_str_eq(text, at_str_z(expected)), "%.*s", AT_STR_ARG(text));
}

static struct at_diag *missing_value(struct at_diag_list *diags) {
    at_words_operand field = at_words_text(AT_STR("amount"));
    struct at_diag_data_place place = {.file = AT_STR("deals.csv"), .row = 7, .column = 2};
    struct at_diag *d =
        at_diag_say(diags, AT_A0719, (at_span){0}, &place, AT_SENTENCE(AT_W_DATA_MISSING, field));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_ADD_VALUE, field));
    at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_SAME_ROWS, at_words_count(3)));
    return d;
}

Test(say, in_english_by_default) {
    struct at_arena arena;
    struct at_diag_list diags;
    begin(&arena, &diags, "");
    diags.words = NULL;
    const struct at_diag *d = missing_value(&diags);
    text_is(d->message, "missing value in `amount`");
    text_is(d->help, "add the value, or declare the field with `optional`: `amount … optional`");
    text_is(d->note, "the same in 3 more rows of this table");
    text_is(d->place->file, "deals.csv");
    cr_assert_eq(diags.errors, 1);
    at_arena_free(&arena);
}

Test(say, in_the_language_of_the_list) {
    struct at_arena arena;
    struct at_diag_list diags;
    begin(&arena, &diags, "zh");
    const struct at_diag *d = missing_value(&diags);
    text_is(d->message, "「amount」缺少值");
    text_is(d->help, "补上该值，或用「optional」声明该字段：「amount … optional」");
    text_is(d->note, "该表还有3行也是如此");
    at_arena_free(&arena);
}

/* Data may be of any bytes. Those that mark code in sentences are not marks here. */
Test(say, bytes_of_data_as_they_are) {
    struct at_arena arena;
    struct at_diag_list diags;
    begin(&arena, &diags, "en");
    at_words_operand name = at_words_text(AT_STR("\xFE`x\xFF"));
    const struct at_diag *d =
        at_diag_say(&diags, AT_A0708, (at_span){0}, NULL, AT_SENTENCE(AT_W_DATA_NO_COLUMN, name));
    text_is(d->message, "missing column `\xFE`x\xFF`");
    cr_assert_null(d->place);
    at_arena_free(&arena);
}

/* What is past the limit is counted, and its text is not made. */
Test(say, nothing_past_the_limit) {
    struct at_arena arena;
    struct at_diag_list diags;
    begin(&arena, &diags, "zh");
    diags.limit = 2;
    for (int i = 0; i < 5; i++)
        missing_value(&diags);
    cr_assert_eq(diags.n, 2);
    cr_assert_eq(diags.errors, 5);
    cr_assert_eq(diags.scrap.help.n, 0);
    at_arena_free(&arena);
}
