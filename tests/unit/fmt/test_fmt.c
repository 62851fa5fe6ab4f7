/* test_fmt: the one layout. Each policy of tests/lang/good has its layout beside it (NAME.fmt); AT_BLESS=1
 * writes it. */
#include <dirent.h>
#include <string.h>

#include "../syntax/reading.h"
#include "fmt/fmt.h"

static const char FOLDER[] = "tests/lang/good";

/* The layout, or NULL where it was refused. */
static const char *laid_out(struct reading *r) {
    if (at_fmt(r->ast, r->ast->files[0], &r->arena, &r->sink) != AT_OK) return NULL;
    return reading_out(r);
}

static void expect_layout(const char *text, const char *wanted) {
    struct reading *r = reading_of(text);
    const char *got = laid_out(r);
    cr_expect(got && strcmp(got, wanted) == 0, "got:\n%s\nwanted:\n%s", got ? got : "(refused)", wanted);
    reading_end(r);
}

static void check_file(const char *name) {
    struct reading *r = reading_of_file(FOLDER, name), *again = NULL;
    const char *got = laid_out(r);
    cr_assert(got, "%s was refused: %s", name, reading_messages(r));
    char path[512];
    snprintf(path, sizeof path, "%s/%.*s.fmt", FOLDER, (int)(strlen(name) - 7), name);
    at_str wanted = read_file(&r->arena, path);
    if (getenv("AT_BLESS") && (!wanted.p || strcmp(wanted.p, got) != 0)) {
        FILE *file = fopen(path, "wb");
        fputs(got, file);
        fclose(file);
    } else {
        cr_expect(wanted.p && strcmp(wanted.p, got) == 0, "%s is laid out as\n%s\nand not\n%s", name, got,
                  wanted.p);
    }
    again = reading_of(got);
    again->ast->files[0]->text = r->ast->files[0]->text;
    cr_expect(at_ast_same(r->ast->files[0], again->ast->files[0]), "%s: the layout means something else",
              name);
    const char *twice = laid_out(again);
    cr_expect(twice && strcmp(twice, got) == 0, "%s: the layout is not its own layout:\n%s", name, twice);
    reading_end(again);
    reading_end(r);
}

Test(test_fmt, every_good_policy_has_the_layout_beside_it) {
    DIR *folder = opendir(FOLDER);
    cr_assert(folder, "run this in the root of the repository");
    unsigned n = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strstr(entry->d_name, ".attain")) {
            check_file(entry->d_name);
            n++;
        }
    closedir(folder);
    cr_expect(n >= 15);
}

Test(test_fmt, a_file_with_a_mistake_is_refused) {
    struct reading *r = reading_of("measure a = 1\nmeasure b = = 2\n");
    cr_expect_null(laid_out(r));
    cr_expect_eq(r->n, 0, "nothing is written");
    reading_end(r);
}

Test(test_fmt, one_line_statements_that_stand_together_line_up) {
    expect_layout("measure a=1\nmeasure longer  =  2\n\nmeasure b=3\nparam c=4",
                  "measure a      = 1\nmeasure longer = 2\n\nmeasure b = 3\nparam c = 4\n");
}

Test(test_fmt, other_statements_have_one_blank_line_between_them) {
    expect_layout("measure a=1\ncredit b from c to d\n\n\n\nmeasure e=1",
                  "measure a = 1\n\ncredit b from c\n  to d\n\nmeasure e = 1\n");
}

Test(test_fmt, parentheses_stay_and_none_are_added) {
    expect_layout("measure a = (((b))) + (c * d)\nmeasure e = (b + c) * d",
                  "measure a = (b) + (c * d)\nmeasure e = (b + c) * d\n");
}

Test(test_fmt, literals_and_names_stay_as_they_were_written) {
    expect_layout("measure `a` = 40k + 1,250.50 + 12.50%  +  $1.5m + 40,000    USD + \"\\u{41}\"",
                  "measure `a` = 40k + 1,250.50 + 12.50% + $1.5m + 40,000    USD + \"\\u{41}\"\n");
}

Test(test_fmt, the_sum_of_slices_that_is_paid_has_a_line_for_each) {
    expect_layout("pay c on b = 1% up to q + 2% over q when d",
                  "pay c on b =\n    1% up to q\n  + 2% over q\n  when d\n");
}

Test(test_fmt, wide_characters_line_up) {
    expect_layout("data 订单 { 编号 text key 金额2 money }",
                  "data 订单 {\n  编号  text key\n  金额2 money\n}\n");
}

Test(test_fmt, a_comment_inside_an_expression_keeps_its_place) {
    expect_layout("measure a = b # first\n + c\n # second\n + d\nmeasure e = 1",
                  "measure a =\n    b  # first\n  + c\n  # second\n  + d\n\nmeasure e = 1\n");
}

Test(test_fmt, comments_that_fit_nowhere_are_not_lost) {
    struct reading *r =
        reading_of("measure a = f(b, # one\n # two\n c # three\n ) * # four\n d # five\n# six\n");
    const char *got = laid_out(r);
    static const char *const WORDS[] = {"# one", "# two", "# three", "# four", "# five", "# six"};
    cr_assert(got);
    for (size_t i = 0; i < AT_COUNT(WORDS); i++)
        cr_expect(strstr(got, WORDS[i]), "%s is lost in\n%s", WORDS[i], got);
    reading_end(r);
}

Test(test_fmt, an_empty_file_and_one_of_comments) {
    expect_layout("", "");
    expect_layout("# a\n\n\n\n# b   \n\n", "# a\n\n# b\n");
}
