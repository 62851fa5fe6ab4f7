/* What counts as an edit and what does not, how it is worded, and that all edits together make the new
 * version. */
#include "versions.h"

TestSuite(edits, .init = versions_begin, .fini = versions_end);

Test(edits, layout_comments_and_order_are_none) {
    says(HEADER "pay a = 10% of bookings\npay b = 1% of bookings",
         "# new\n" HEADER "pay b =\n   1% # one\n of bookings pay a = 10% of bookings # ten\n", "");
    says(HEADER "param x = 1,000", HEADER "param x = 1000", "");
}

Test(edits, of_one_statement_name_what_changed) {
    says(HEADER "pay a = 10% of bookings", HEADER "pay a = 12% of bookings",
         "pay a: 10% of bookings → 12% of bookings");
    says(HEADER "pay a = 10% of bookings", HEADER "pay a = 10% of bookings when bookings > $5",
         "pay a: when none → bookings > $5");
    says(HEADER "param x = 8%", HEADER "param x = 9%", "param x: 8% → 9%");
    says(HEADER "pay a = 1% of bookings cap a at $40,000", HEADER "pay a = 1% of bookings",
         "cap a: $40,000 → removed");
    says(HEADER "pay a = 1% of bookings", HEADER "pay a = 1% of bookings pay b = $5", "pay b: added");
}

Test(edits, of_labels_versions_and_tests_change_no_pay) {
    says(HEADER "pay a \"A\" = $1", HEADER "pay a \"B\" = $1", "(pay a: label A → B)");
    says("policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period month",
         "policy \"T\" version 2 effective from 2026-01-01 to 2026-12-31 currency USD period month",
         "(policy: version 1 → version 2)");
    says(HEADER "pay a = $1 test \"t\" { expect a for \"x\" in 2026-01 = $1 }", HEADER "pay a = $1",
         "(test \"t\": removed)");
}

Test(edits, of_steps_and_rows_are_one_each) {
    says(HEADER "rates r { from 0%: 5% from 100%: 10% from 150%: 12% }",
         HEADER "rates r { from 0%: 5% from 100%: 11% from 150%: 13% }",
         "rates r: tier from 100%: 10% → 11%\nrates r: tier from 150%: 12% → 13%");
    says(HEADER "rates r { from 0%: 5% from 100%: 10% }", HEADER "rates r { from 0%: 5% from 110%: 10% }",
         "rates r: from 100%: 10% → from 110%: 10%");
    says(HEADER "rates r { from 0%: 5% }", HEADER "rates r { from 0%: 5% from 110%: 10% }",
         "rates r: from 110%: 10% added");
    find(HEADER "table t by product { \"core\" | 8%  \"cloud\" | 5% }",
         HEADER "table t by product { \"core\" | 9%  \"cloud\" | 4% }");
    cr_expect_eq(v.edits->n, 2);
}

Test(edits, of_fields_and_clauses_are_one_each) {
    find(HEADER,
         "policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period month\n"
         "payee rep from \"r.csv\" { id text key  name text label  team text }\n"
         "data deal from \"d.csv\" { id text key  rep rep  product one of (\"core\", \"cloud\")  amount "
         "money  closed_on date }\n"
         "credit booking from deal where product is \"core\" to rep on closed_on amount 50% of amount\n"
         "measure bookings = sum of amount from booking\n");
    cr_expect_eq(v.edits->n, 3, "%s", listed());
}

Test(edits, order_of_caps_is_one_of_other_statements_none) {
    says(HEADER "pay a = $9 cap a at $5 floor a at $6", HEADER "pay a = $9 floor a at $6 cap a at $5",
         "adjustments: the order of caps, floors, and adjustments changed");
    says(HEADER "pay a = $9 cap a at $5 floor a at $6", HEADER "cap a at $5 pay a = $9 floor a at $6", "");
}

Test(edits, a_statement_of_several_alike_meets_its_twin) {
    says(HEADER "pay a = $9 cap a at $5 cap a at $6", HEADER "pay a = $9 cap a at $6", "cap a: $5 → removed");
}

static const char *const BEFORE =
    HEADER "param x = 8%\nrates r { from $0: 5% from $100: 10% }\npay a = x of bookings\n"
           "pay b = bookings through r\ncap a at $5\nfloor a at $2\ncap total at $90\n";
static const char *const AFTER =
    HEADER "param x = 9%\nrates r { from $0: 5% from $120: 10% from $200: 12% }\n"
           "pay c = $3\npay a = x of bookings when bookings > $1\nfloor a at $2\ncap a at $6\n";

Test(edits, all_together_make_the_new_version_and_none_the_old) {
    find(BEFORE, AFTER);
    bool *chosen = AT_NEW_ARRAY(&v.arena, bool, v.edits->n + 1);
    cr_expect(same_statements(at_diff_edits_apply(v.edits, chosen, &v.arena), v.ast[0]));
    for (uint32_t i = 0; i < v.edits->n; i++)
        chosen[i] = true;
    cr_expect(same_statements(at_diff_edits_apply(v.edits, chosen, &v.arena), v.ast[1]));
}

Test(edits, each_can_be_made_or_left_on_its_own) {
    find(BEFORE, AFTER);
    cr_assert(v.edits->n < 16);
    for (uint32_t choice = 0; choice < 1u << v.edits->n; choice++) {
        bool chosen[16];
        for (uint32_t i = 0; i < v.edits->n; i++)
            chosen[i] = choice >> i & 1;
        const struct at_ast *ast = at_diff_edits_apply(v.edits, chosen, &v.arena);
        for (uint32_t i = 0; i < v.edits->n; i++) {
            const struct at_diff_edit *e = &v.edits->at[i];
            bool has_new = e->kind == AT_EDIT_ORDER, has_old = has_new;
            for (uint32_t k = 0; k < ast->files[0]->n; k++) {
                const struct at_ast_node *node = ast->files[0]->child[k];
                has_new |= node == e->new_node, has_old |= node == e->old_node;
                for (uint32_t m = 0; m < node->n; m++)
                    has_new |= node->child[m] && node->child[m] == e->new_node,
                        has_old |= node->child[m] && node->child[m] == e->old_node;
            }
            if (e->kind == AT_EDIT_ORDER) continue;
            cr_expect_eq(has_new, chosen[i] && e->new_node != NULL, "edit %u of choice %x", i, choice);
            cr_expect_eq(has_old, !chosen[i] && e->old_node != NULL, "edit %u of choice %x", i, choice);
        }
    }
}

/* ---- the same edits in Chinese */

static void says_in_chinese(const char *before, const char *after, const char *expected) {
    const struct at_words *chinese = at_words_find(AT_STR("zh"));
    at_str text = {0};
    find(before, after);
    for (uint32_t i = 0; i < v.edits->n; i++) {
        const at_words_operand both =
            AT_SAID(&v.arena, AT_W_EDIT_OF, v.edits->at[i].subject, v.edits->at[i].change);
        at_str one = at_words_write_operand(&v.arena, chinese, &both);
        text = at_str_format(&v.arena, "%.*s%s%.*s", AT_STR_ARG(text), i ? "\n" : "", AT_STR_ARG(one));
    }
    cr_expect(at_str_eq(text, at_str_z(expected)), "%.*s", AT_STR_ARG(text));
}

Test(edits, are_sentences_in_each_language) {
    says_in_chinese(HEADER "pay a = 10% of bookings", HEADER "pay a = 12% of bookings when bookings > $5",
                    "pay a：10% of bookings → 12% of bookings；when 无 → bookings > $5");
    says_in_chinese(HEADER "pay a = $1 cap a at $4", HEADER "pay a = $1 pay b = $2",
                    "cap a：$4 → 删除\npay b：新增");
    says_in_chinese(HEADER "rates r { from 0%: 5% from 100%: 10% above 150%: 12% }",
                    HEADER "rates r { from 0%: 5% from 100%: 11% above 150%: 13% }",
                    "rates r：100%及以上档：10% → 11%\nrates r：150%以上（不含）档：12% → 13%");
    says_in_chinese(HEADER "rates r { from 0%: 5% }", HEADER "rates r { from 0%: 5% from 110%: 10% }",
                    "rates r：新增from 110%: 10%");
    says_in_chinese(HEADER "rates r { from 0%: 5% from 110%: 10% }", HEADER "rates r { from 0%: 5% }",
                    "rates r：删除from 110%: 10%");
    says_in_chinese(HEADER "pay a = $9 cap a at $5 floor a at $6",
                    HEADER "pay a = $9 floor a at $6 cap a at $5", "调整项：封顶、保底与调整的顺序有变");
}
