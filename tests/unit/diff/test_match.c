/* A node is found in a list as by a search through all of it, whatever the rule, the order, and the
 * repetitions. */
#include "../write/versions.h"
#include "diff/match.h"

TestSuite(match, .init = versions_begin, .fini = versions_end);

/* Statements that repeat: names 0 to 6, values 0 to 4, written in two ways. */
static struct at_ast_node *statements(uint32_t n, uint32_t seed, uint32_t file) {
    at_str text = AT_STR("");
    for (uint32_t i = 0; i < n; i++) {
        seed = seed * 1103515245 + 12345;
        uint32_t name = (seed >> 8) % 7, value = (seed >> 12) % 5, way = (seed >> 16) % 2;
        text = at_str_format(&v.arena, way ? "%.*sparam p%u = %u,000\n" : "%.*sparam p%u = (%uk) # %u\n",
                             AT_STR_ARG(text), name, value + 1, i);
    }
    cr_assert(at_parse(&v.sources, &v.arena, &v.diags, AT_STR("t"), text, NULL, NULL, &v.ast[file]) == AT_OK);
    return v.ast[file]->files[0];
}

static uint32_t by_search(const struct at_diff_match_rule *rule, const struct at_ast_node *list,
                          const struct at_ast_node *node, const bool *taken) {
    for (uint32_t i = 0; i < list->n; i++)
        if (!(taken && taken[i]) && rule->same(node, list->child[i])) return i;
    return UINT32_MAX;
}

static void agrees_with_search(const struct at_diff_match_rule *rule, uint32_t seed) {
    struct at_ast_node *list = statements(60, seed, 0), *wanted = statements(80, seed + 1, 1);
    struct at_diff_match match;
    at_diff_match_make(&match, rule, list->child, list->n, &v.arena);
    for (uint32_t i = 0; i < wanted->n; i++)
        cr_assert_eq(at_diff_match_find(&match, wanted->child[i]),
                     by_search(rule, list, wanted->child[i], NULL));
    bool taken[60] = {[3] = true, [17] = true};
    for (uint32_t i = 0; i < wanted->n; i++) {
        uint32_t next = by_search(rule, list, wanted->child[i], taken);
        cr_assert_eq(at_diff_match_take(&match, wanted->child[i], taken), next);
        cr_assert(next == UINT32_MAX || taken[next]);
    }
}

Test(match, finds_what_a_search_finds) {
    at_diag_sources_init(&v.sources, &v.arena);
    at_diag_list_init(&v.diags, &v.arena, &v.sources);
    for (uint32_t seed = 1; seed <= 20; seed++) {
        agrees_with_search(&at_diff_match_content, seed);
        agrees_with_search(&at_diff_match_name, seed);
        agrees_with_search(&at_diff_match_key, seed);
    }
}

#ifndef AT_TORTURE /* where these numbers are wide, and wide ones are the same only when written the same */
Test(match, nodes_that_say_the_same_have_one_hash) {
    find(HEADER "param x = 40k rates r { from 0%: 5% from 100%: 10% } pay a = (1% + 2%) of bookings", HEADER
         "param x = 40,000.0\nrates r {\n from 0%: 5%\n from 100.0%: 10% }\npay a = ((1% + 2%)) of bookings");
    cr_assert_eq(v.edits->n, 0);
    const struct at_ast_node *one = v.ast[0]->files[0], *other = v.ast[1]->files[0];
    for (uint32_t i = 0; i < one->n; i++) {
        cr_expect_eq(at_syntax_node_hash(one->child[i]), at_syntax_node_hash(other->child[i]), "statement %u",
                     i);
        cr_expect_neq(at_syntax_node_hash(one->child[i]),
                      at_syntax_node_hash(other->child[(i + 1) % one->n]));
    }
}
#endif

Test(match, passes_over_holes_and_empty_lists) {
    struct at_diff_match match;
    struct at_ast_node *hole[2] = {NULL, NULL};
    find(HEADER, HEADER);
    at_diff_match_make(&match, &at_diff_match_content, hole, 2, &v.arena);
    cr_expect_eq(at_diff_match_find(&match, v.ast[0]->files[0]->child[0]), UINT32_MAX);
    at_diff_match_make(&match, &at_diff_match_key, NULL, 0, &v.arena);
    cr_expect_eq(at_diff_match_find(&match, v.ast[0]->files[0]->child[0]), UINT32_MAX);
}
