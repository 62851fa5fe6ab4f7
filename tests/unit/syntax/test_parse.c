/* test_parse: tokens to AST, what is the same, limits, and files that use files. */
#include "reading.h"

static void expect_tree(const char *text, const char *wanted) {
    struct reading *r = reading_of(text);
    cr_assert_eq(r->status, AT_OK, "%s: %s", text, reading_messages(r));
    at_ast_dump(r->ast->files[0]->child[0], &r->sink);
    const char *got = reading_out(r);
    cr_expect_str_eq(got, wanted, "got:\n%s\nwanted:\n%s", got, wanted);
    reading_end(r);
}

static bool same(const char *a, const char *b) {
    struct reading *ra = reading_of(a), *rb = reading_of(b);
    bool result = at_ast_same(ra->ast->files[0], rb->ast->files[0]);
    reading_end(ra);
    reading_end(rb);
    return result;
}

Test(test_parse, of_takes_the_slice_and_plus_is_looser_than_both) {
    cr_expect(same("measure a = 10% of b over c + d", "measure a = (10% of (b over c)) + d"));
    cr_expect(same("measure a = 10% up to 50% of q + 15% over q",
                   "measure a = (10% up to (50% of q)) + (15% over q)"));
    cr_expect(same("measure a = b through t of q * 2", "measure a = b through t of (q * 2)"));
    cr_expect(same("measure a = b between c and d and e", "measure a = (b between c and d) and e"));
}

Test(test_parse, operators_bind_as_the_reference_says) {
    cr_expect(same("measure a = b or c and not d = e + f * -g.h",
                   "measure a = b or (c and (not (d = (e + (f * (-(g.h)))))))"));
    cr_expect(same("measure a = b - c - d", "measure a = (b - c) - d"));
    cr_expect_not(same("measure a = b - c - d", "measure a = b - (c - d)"));
    cr_expect(same("measure a = if b then c else if d then e else f + 1",
                   "measure a = if b then c else (if d then e else (f + 1))"));
}

Test(test_parse, the_same_whatever_the_layout) {
#ifndef AT_TORTURE /* where these numbers are wide, and wide ones are the same only when written the same */
    cr_expect(same("measure a = 40k # x\n+ (b)", "measure a = 40,000 + b"));
    cr_expect(same("cap x at $1.5m", "cap x at $1,500,000.00"));
#endif
    cr_expect_not(same("measure a = 40k", "measure a = 41k"));
    cr_expect_not(same("cap x at $5", "cap x at 5 USD"));
    cr_expect_not(same("measure a = b", "measure a = c"));
    cr_expect_not(same("measure a = b is c", "measure a = b is not c"));
    cr_expect_not(same("measure a = 1", "measure a = 1 measure b = 2"));
}

Test(test_parse, a_pay_has_its_places) {
    expect_tree("pay x \"Label\" on b per c cumulative over year = 1% when d",
                "(pay \"x\" text2=\"Label\" text3=\"c\" by=\"year\"\n  (name \"b\")\n  (number \"1%\" "
                ":percent)\n  (name \"d\"))\n");
    expect_tree("pay x = 1", "(pay \"x\"\n  -\n  (number \"1\")\n  -)\n");
}

Test(test_parse, a_pool_takes_its_clauses_in_any_order) {
    cr_expect(same("pool p on a = b when c split by d including negatives",
                   "pool p on a = b split by d including negatives when c"));
    expect_tree("pool p = b split equally",
                "(pool equally \"p\"\n  -\n  (name \"b\")\n  -\n  -\n  -\n  -\n  -)\n");
    expect_tree("pool p = b split by `contribution`",
                "(pool by \"p\"\n  -\n  (name \"b\")\n  (name \"contribution\")\n  -\n  -\n  -\n  -)\n");
    cr_expect(same("pool p from q = b split by d, at most $5 each among rep where c",
                   "pool p from q = b among rep where c split by d, at most $5 each"));
}

Test(test_parse, a_table_has_keys_columns_and_rows) {
    expect_tree("table t by a, b { | \"x\" | other  \"y\" | 1% | c  from 5 | 2% | -3% }",
                "(table \"t\"\n  (keys\n    (name \"a\")\n    (name \"b\"))\n  (header\n    (text \"x\")\n   "
                " (other))\n"
                "  (row\n    (text \"y\")\n    (number \"1%\" :percent)\n    (name \"c\"))\n  (row\n    "
                "(cell-from from\n      (number \"5\"))\n"
                "    (number \"2%\" :percent)\n    (neg\n      (number \"3%\" :percent))))\n");
}

Test(test_parse, round_belongs_to_the_policy_only_behind_it) {
    struct reading *r =
        reading_of("policy \"p\" currency USD round down to cents measure a = 1 round half up to cents");
    cr_assert_eq(r->status, AT_OK);
    const struct at_ast_node *file = r->ast->files[0];
    cr_expect(file->n == 3 && file->child[0]->n == 2 && file->child[2]->kind == AT_N_ROUND &&
              file->child[2]->op == AT_OP_HALF_UP);
    reading_end(r);
}

Test(test_parse, spans_say_where) {
    struct reading *r = reading_of("measure abc = (d + 10%)");
    const struct at_ast_node *m = r->ast->files[0]->child[0], *sum = m->child[0];
    cr_expect(at_str_eq(at_diag_sources_text(&r->sources, m->span), AT_STR("measure abc = (d + 10%)")));
    cr_expect(at_str_eq(at_diag_sources_text(&r->sources, m->name_span), AT_STR("abc")));
    cr_expect(at_str_eq(at_diag_sources_text(&r->sources, sum->span), AT_STR("d + 10%")));
    cr_expect(at_str_eq(at_diag_sources_text(&r->sources, sum->name_span), AT_STR("+")));
    cr_expect(sum->flags & AT_F_PARENS);
    reading_end(r);
}

static bool note_id(void *context, const struct at_ast_node *node) {
    bool *seen = context;
    cr_expect_not(seen[node->id], "id %u twice", node->id);
    seen[node->id] = true;
    return true;
}

Test(test_parse, ids_are_below_their_count_and_each_its_own) {
    struct reading *r = reading_of_file("tests/lang/good", "field-sales.attain");
    bool *seen = calloc(r->ast->n_nodes, 1);
    at_ast_walk(r->ast->files[0], note_id, seen);
    free(seen);
    reading_end(r);
}

Test(test_parse, comments_are_kept_with_their_place) {
    struct reading *r = reading_of("# own\nmeasure a = 1 # behind\n  # own again\n");
    cr_assert_eq(r->ast->n_comments, 3);
    cr_expect(r->ast->comments[0].own_line && !r->ast->comments[1].own_line && r->ast->comments[2].own_line);
    cr_expect(at_str_eq(at_diag_sources_text(&r->sources, r->ast->comments[1].span), AT_STR("# behind")));
    reading_end(r);
}

Test(test_parse, statements_between_mistakes_are_parsed) {
    struct reading *r = reading_of("measure a = = 1\nmeasure b = 2\npay = 3\nmeasure c = 3\n");
    unsigned measures = 0;
    for (uint32_t i = 0; i < r->ast->files[0]->n; i++)
        measures += r->ast->files[0]->child[i]->kind == AT_N_MEASURE;
    cr_expect_eq(measures, 2);
    cr_expect_eq(r->diags.errors, 2);
    reading_end(r);
}

/* ---- what is too much */

static char *repeat(const char *before, const char *part, size_t n, const char *after) {
    size_t m = strlen(part);
    char *text = malloc(strlen(before) + n * m + strlen(after) + 1), *p = text;
    p = stpcpy(p, before);
    for (size_t i = 0; i < n; i++)
        p = stpcpy(p, part);
    strcpy(p, after);
    return text;
}

static void expect_too_deep(char *text) {
    struct reading *r = reading_of(text);
    cr_expect_eq(r->status, AT_REJECTED);
    cr_assert_eq(r->diags.n, 1);
    cr_expect_eq(r->diags.at[0]->code, AT_A0116);
    reading_end(r);
    free(text);
}

Test(test_parse, depth_has_a_limit_and_a_message) {
    expect_too_deep(repeat("measure a = ", "(", 10000, ""));
    expect_too_deep(repeat("measure a = ", "- ", 100000, "1"));
    expect_too_deep(repeat("measure a = ", "1 + ", 5000, "1"));
    expect_too_deep(repeat("measure a = ", "if b then c else ", 50000, "1"));
    expect_too_deep(repeat("measure a = ", "b of ", 50000, "1"));
    expect_too_deep(repeat("measure a = b", ".c", 5000, ""));
    expect_too_deep(repeat("measure a = ", "f(", 501, ""));
}

Test(test_parse, depth_up_to_the_limit_is_fine) {
    char *open = repeat("measure a = ", "(", 500, "1"), *text = repeat(open, ")", 500, "");
    struct reading *r = reading_of(text);
    cr_expect_eq(r->status, AT_OK);
    reading_end(r);
    free(open);
    free(text);
}

Test(test_parse, height_at_the_limit_is_fine_or_an_error) {
    unsigned fine = 0;
    for (size_t n = 990; n < 1010; n++) {
        char *text = repeat("measure b = 1\nmeasure a = ", "1 + ", n, "1");
        struct reading *r = reading_of(text);
        bool kept = r->ast->files[0]->kind == AT_N_FILE && r->ast->files[0]->n == 2;
        cr_expect(r->diags.n == 1 || (r->status == AT_OK && kept), "%zu terms", n + 1);
        fine += r->status == AT_OK;
        reading_end(r);
        free(text);
    }
    cr_expect(fine > 0 && fine < 20);
}

Test(test_parse, ten_megabytes_are_read) {
    char *text = repeat("", "measure abc = sum of amount from booking where stage is \"won\"\n", 160000, "");
    struct reading *r = reading_of(text);
    cr_expect_eq(r->status, AT_OK);
    cr_expect_eq(r->ast->files[0]->n, 160000);
    reading_end(r);
    free(text);
}

Test(test_parse, random_bytes_end_in_a_few_messages) {
    uint64_t state = 1;
    char *text = malloc(100001);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 100000; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[i] = (char)(state >> 40);
        }
        struct reading *r = reading_start();
        r->status = at_parse(&r->sources, &r->arena, &r->diags, AT_STR("t"), (at_str){text, 100000}, NULL,
                             NULL, &r->ast);
        cr_expect_eq(r->status, AT_REJECTED);
        cr_expect(r->diags.n > 0 && r->diags.n < 60, "%u messages", r->diags.n);
        reading_end(r);
    }
    free(text);
}

/* A0119: nothing is read of a text of two gigabytes. */
Test(test_parse, too_much_text_is_refused) {
    struct reading *r = reading_start();
    r->status = at_parse(&r->sources, &r->arena, &r->diags, AT_STR("t"), (at_str){"x", INT32_MAX}, NULL, NULL,
                         &r->ast);
    cr_expect_eq(r->status, AT_REJECTED);
    cr_assert_eq(r->diags.n, 1);
    cr_expect_eq(r->diags.at[0]->code, AT_A0119);
    reading_end(r);
}

/* ---- use */

struct shelf {
    const char *files[8][2];
    unsigned loads;
};

static bool from_shelf(void *context, struct at_arena *arena, at_str from, at_str wanted,
                       struct at_parse_loaded *out) {
    struct shelf *shelf = context;
    (void)arena;
    (void)from;
    for (size_t i = 0; i < 8 && shelf->files[i][0]; i++) {
        if (!at_str_eq(wanted, at_str_z(shelf->files[i][0]))) continue;
        shelf->loads++;
        out->name = wanted;
        out->text = at_str_z(shelf->files[i][1]);
        return true;
    }
    out->why = AT_STR("the shelf is empty");
    return false;
}

static struct reading *read_with(struct shelf *shelf, const char *text) {
    struct reading *r = reading_start();
    r->status = at_parse(&r->sources, &r->arena, &r->diags, AT_STR("main"), at_str_z(text), from_shelf, shelf,
                         &r->ast);
    return r;
}

Test(test_parse, used_files_come_once_in_order_of_first_use) {
    struct shelf shelf = {
        {{"a", "use \"b\" measure a = 1"}, {"b", "measure b = 1"}, {"c", "use \"b\" use \"a\""}}, 0};
    struct reading *r = read_with(&shelf, "use \"a\"\nuse \"c\"\nuse \"a\"\n");
    cr_expect_eq(r->status, AT_OK);
    cr_assert_eq(r->ast->n_files, 4);
    static const char *const NAMES[] = {"main", "a", "b", "c"};
    for (unsigned i = 0; i < 4; i++)
        cr_expect(at_str_eq(r->ast->files[i]->text, at_str_z(NAMES[i])), "file %u", i);
    reading_end(r);
}

Test(test_parse, a_circle_of_files_is_shown_as_its_path) {
    struct shelf shelf = {{{"a", "use \"b\""}, {"b", "measure b = 1\nuse \"a\""}}, 0};
    struct reading *r = read_with(&shelf, "use \"a\"\n");
    const char *got = reading_messages(r);
    cr_expect_str_eq(got, "b:2:5: error[A0118]: circular use of files\n"
                          "    2 | use \"a\"\n"
                          "      |     ^^^\n"
                          "   note: a → b → a\n"
                          "   help: move the statements that both need into a file that uses neither\n");
    reading_end(r);
}

Test(test_parse, a_mistake_in_a_used_file_names_that_file) {
    struct shelf shelf = {{{"a", "\nmeasure = 1"}}, 0};
    struct reading *r = read_with(&shelf, "use \"a\"\nuse \"nothing\"\n");
    cr_expect_eq(r->diags.errors, 2);
    const char *got = reading_messages(r);
    cr_expect(strstr(got, "a:2:9: error[A0115]"), "%s", got);
    cr_expect(strstr(got, "note: the shelf is empty"), "%s", got);
    reading_end(r);
}
