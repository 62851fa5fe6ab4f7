/* Keys and references: duplicates, references to nobody, tables that refer to themselves and to each other,
 * rows left out. */
#include "fixture.h"

static const char *read_two(struct fixture *f, const char *reps, const char *deals) {
    fixture_table(f, "rep", "id:text* name:text", reps);
    fixture_table(f, "deal", "id:text* rep:ref0 amount:money", deals);
    enum at_status status = fixture_load(f);
    if (status == AT_OK) status = fixture_scan(f, 1);
    return f->diags.errors ? fixture_faults(f) : f->dump.at;
}

Test(keys, references_are_rows) {
    struct fixture *f = fixture_new();
    cr_expect_str_eq(read_two(f, "id,name\nana,Ana\nbob,Bob\na-key-of-more-than-16-bytes,Long\n",
                              "id,rep,amount\n1,bob,5\n2,ana,6\n3,ana,7\n4,a-key-of-more-than-16-bytes,8\n"),
                     "1|bob|5\n2|ana|6\n3|ana|7\n4|a-key-of-more-than-16-bytes|8\n");
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("bob")), 1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR(" bob ")), 1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("a-key-of-more-than-16-bytes")), 2);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("a-key-of-more-than-16-bytez")), -1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("")), -1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 1, AT_STR("Ana")), -1);
    cr_expect_eq(at_table_dataset_find(&f->data, 1, 0, AT_STR("1")), -1);
    fixture_free(f);
}

Test(keys, references_to_nobody) {
    struct fixture *f = fixture_new();
    cr_expect_str_eq(
        read_two(f, "id,name\nana,Ana\nbob,Bob\n", "id,rep,amount\n1,bobb,5\n2,ana,6\n3,,7\n4,zoe,7\n"),
        "deal.csv:2:2 A0730 unknown rep `bobb` in `rep`\n"
        "deal.csv:4:2 A0719 missing value in `rep`\n"
        "deal.csv:5:2 A0730 unknown rep `zoe` in `rep`\n");
    cr_expect_str_eq(at_str_copy(&f->arena, f->diags.at[0]->help).p, "did you mean `bob`?");
    cr_expect_str_eq(at_str_copy(&f->arena, f->diags.at[2]->help).p, "add it to rep.csv, or correct it here");
    fixture_free(f);
}

Test(keys, references_by_another_column) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* employee:number!", "id,employee\nana,007\nbob,12\n");
    fixture_table(f, "target", "rep:ref0.1=employee_id amount:money", "employee id,amount\n12,5\n007,6\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "12|5\n7|6\n");
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 1, AT_STR("12")), 1);
    fixture_free(f);
}

Test(keys, a_key_twice_in_a_table_that_is_kept) {
    struct fixture *f = fixture_new();
    cr_expect_str_eq(read_two(f, "id,name\nana,Ana\nbob,Bob\nana,Other\n", "id,rep,amount\n1,bob,5\n"),
                     "rep.csv:4:1 A0732 duplicate value `ana` in `id`, first in line 2\n");
    fixture_free(f);
}

Test(keys, keys_are_trimmed_with_one_warning) {
    struct fixture *f = fixture_new();
    cr_expect_str_eq(
        read_two(f, "id,name\n ana,Ana\nbob ,Bob\ncy,C\n", "id,rep,amount\n1, ana ,5\n 2,bob,6\n"),
        "1|ana|5\n2|bob|6\n");
    cr_expect_str_eq(fixture_faults(f), "rep.csv:2:0 A0733 spaces around 2 keys in `id`\n"
                                        "deal.csv:3:0 A0733 spaces around 1 key in `id`\n");
    fixture_free(f);
}

/* ---- a key of a table that is only streamed */

static const char *keys_of(struct fixture *f, const char *csv) {
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_table(f, "t", "k:text* v:number", csv);
    enum at_status status = fixture_load(f);
    if (status == AT_OK) status = fixture_scan(f, 1);
    return f->diags.errors ? fixture_faults(f) : f->dump.at;
}

#define KEYS(csv, expected)                                                                                  \
    do {                                                                                                     \
        struct fixture *f_ = fixture_new();                                                                  \
        cr_expect_str_eq(keys_of(f_, csv), expected);                                                        \
        fixture_free(f_);                                                                                    \
    } while (0)

Test(keys, sorted_keys) {
    KEYS("k,v\na,1\nb,2\nba,3\nc,4\n", "a|1\nb|2\nba|3\nc|4\n");
    KEYS("k,v\n9,1\n10,2\n99,3\n100,4\n", "9|1\n10|2\n99|3\n100|4\n");
    KEYS("k,v\na-long-key-of-20-bytes1,1\na-long-key-of-20-bytes2,2\nb,3\n",
         "a-long-key-of-20-bytes1|1\na-long-key-of-20-bytes2|2\nb|3\n");
}

Test(keys, repeated_keys) {
    KEYS("k,v\na,1\na,2\n", "t.csv:3:1 A0732 duplicate value `a` in `k`, first in line 2\n");
    KEYS("k,v\na,1\nb,2\na,3\n", "t.csv:4:1 A0732 duplicate value `a` in `k`, first in line 2\n");
    KEYS("k,v\n\"b\",1\n\nc,2\n\"c\",3\na,4\nb,5\n",
         "t.csv:5:1 A0732 duplicate value `c` in `k`, first in line 4\nt.csv:7:1 A0732 duplicate value `b` "
         "in `k`, first in line "
         "2\n");
    KEYS("k,v\na-long-key-of-20-bytes1,1\na-long-key-of-20-bytes1,2\n",
         "t.csv:3:1 A0732 duplicate value `a-long-key-of-20-bytes1` in `k`, first in line 2\n");
}

Test(keys, repeated_keys_among_other_faults_in_order) {
    KEYS("k,v\nb,x\na,1\nb,2\nc,y\nb,z\n", "t.csv:2:2 A0720 expected a number in `v`, found `x`\n"
                                           "t.csv:4:1 A0732 duplicate value `b` in `k`, first in line 2\n"
                                           "t.csv:5:2 A0720 expected a number in `v`, found `y`\n"
                                           "t.csv:6:1 A0732 duplicate value `b` in `k`, first in line 2\n"
                                           "t.csv:6:2 A0720 expected a number in `v`, found `z`\n");
}

Test(keys, unsorted_keys_without_repetition) {
    KEYS("k,v\nc,1\na,2\nb,3\n", "c|1\na|2\nb|3\n");
}

Test(keys, many_unsorted_keys) {
    /* i * 7919 mod 100003 for i = 1..n visits no number twice, for 100003 is prime. Then one comes again. */
    enum { N = 50000 };
    char *csv = malloc(N * 16 + 64), *p = csv;
    p += sprintf(p, "k,v\n");
    for (long i = 1; i <= N; i++)
        p += sprintf(p, "key%ld,1\n", i * 7919 % 100003);
    struct fixture *f = fixture_new();
    keys_of(f, csv);
    cr_expect_eq(f->diags.errors, 0);
    fixture_free(f);
    sprintf(p, "key%d,1\n", 7919 * 2);
    KEYS(csv, "t.csv:50002:1 A0732 duplicate value `key15838` in `k`, first in line 3\n");
    free(csv);
}

/* ---- tables that refer to themselves and to each other */

Test(keys, a_table_that_refers_to_itself) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* boss:ref0?", "id,boss\nana,cy\nbob,ana\ncy,\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 0), AT_OK);
    cr_expect_str_eq(f->dump.at, "ana|cy\nbob|ana\ncy|~\n");
    fixture_free(f);
}

Test(keys, a_boss_who_is_nobody) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* boss:ref0?", "id,boss\nana,cyx\nbob,ana\ncy,\n");
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "rep.csv:2:2 A0730 unknown rep `cyx` in `boss`\n");
    fixture_free(f);
}

Test(keys, tables_that_refer_to_each_other) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* team:ref1", "id,team\nana,east\nbob,west\n");
    fixture_table(f, "team", "name:text* lead:ref0", "name,lead\nwest,ana\neast,bob\n");
    fixture_table(f, "deal", "rep:ref0 v:number", "rep,v\nbob,1\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 0), AT_OK);
    cr_expect_str_eq(f->dump.at, "ana|east\nbob|west\n");
    cr_expect_eq(f->data.tables[0].cols[1].row[0], 1);
    cr_expect_eq(f->data.tables[1].cols[1].row[0], 0);
    cr_expect_eq(fixture_scan(f, 2), AT_OK);
    cr_expect_str_eq(f->dump.at, "bob|1\n");
    fixture_free(f);
}

Test(keys, a_chain_of_tables_in_the_wrong_order) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* team:ref1", "id,team\nana,east\n");
    fixture_table(f, "team", "name:text* region:ref2", "name,region\neast,emea\n");
    fixture_table(f, "region", "code:text*", "code\nemea\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 0), AT_OK);
    cr_expect_str_eq(f->dump.at, "ana|east\n");
    fixture_free(f);
}

/* ---- leaving bad rows out */

Test(keys, bad_rows_are_left_out_and_handed_over) {
    struct fixture *f = fixture_new();
    f->skip = true;
    cr_expect_str_eq(
        (fixture_table(f, "rep", "id:text* name:text", "id,name\nana,Ana\nbob,\ncy,Cy\nana,Again\n"),
         fixture_table(f, "deal", "id:text* rep:ref0 amount:money",
                       "id,rep,amount\n1,cy,5\n2,bob,6\n3,cy,x\n4,\"cy\",\"7\"\n1,cy,9\n5,ana\n6,ana,8\n"),
         fixture_load(f) == AT_OK && fixture_scan(f, 1) == AT_OK ? f->dump.at : "not read"),
        "1|cy|5\n4|cy|7\n6|ana|8\n");
    cr_expect_eq(f->data.tables[0].n_rows, 2);
    cr_expect_eq(f->data.tables[1].n_rows, 3);
    cr_expect_str_eq(f->left_out.at,
                     "rep.csv:3 bob,\nrep.csv:5 ana,Again\n"
                     "deal.csv:3 2,bob,6\ndeal.csv:4 3,cy,x\ndeal.csv:6 1,cy,9\ndeal.csv:7 5,ana\n");
    cr_expect_eq(f->data.bad.n_rows, 6);
    cr_expect_str_eq(fixture_faults(f),
                     "rep.csv:3:2 A0719 missing value in `name`\n"
                     "rep.csv:5:1 A0732 duplicate value `ana` in `id`, first in line 2\n"
                     "deal.csv:3:2 A0731 `rep` refers to `bob`, a row of `rep` that was left out\n"
                     "deal.csv:4:3 A0722 expected an amount of money in `amount`, found `x`\n"
                     "deal.csv:6:1 A0732 duplicate value `1` in `id`, first in line 2\n"
                     "deal.csv:7:2 A0714 expected 3 fields in this row, found 2\n");
    /* A second pass leaves the same rows out and says nothing more. */
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "1|cy|5\n4|cy|7\n6|ana|8\n");
    cr_expect_eq(f->diags.errors, 6);
    cr_expect_eq(f->data.bad.n_rows, 6);
    fixture_free(f);
}

Test(keys, who_refers_to_a_row_left_out_is_left_out) {
    struct fixture *f = fixture_new();
    f->skip = true;
    fixture_table(f, "rep", "id:text* boss:ref0? n:number",
                  "id,boss,n\nana,bob,1\nbob,cy,2\ncy,,x\ndee,eve,4\neve,,5\n");
    fixture_table(f, "deal", "rep:ref0 v:number", "rep,v\nana,1\ndee,2\neve,3\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 0), AT_OK);
    cr_expect_str_eq(f->dump.at, "dee|eve|4\neve|~|5\n");
    cr_expect_eq(f->data.tables[0].cols[1].row[0], 1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("eve")), 1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("ana")), -1);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "dee|2\neve|3\n");
    cr_expect_eq(f->data.bad.n_rows, 4);
    fixture_free(f);
}

Test(keys, faults_of_all_tables_are_told_in_one_go) {
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text* n:number", "id,n\nana,x\n");
    fixture_table(f, "deal", "rep:ref0 v:number", "rep,v\nana,1\nbob,y\n");
    fixture_table(f, "note", "word:text", "wrod\n");
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "note.csv:1:0 A0708 missing column `word`\n"
                                        "rep.csv:2:2 A0720 expected a number in `n`, found `x`\n"
                                        "deal.csv:3:1 A0730 unknown rep `bob` in `rep`\n"
                                        "deal.csv:3:2 A0720 expected a number in `v`, found `y`\n");
    fixture_free(f);
}

Test(keys, more_faults_than_are_kept_are_counted) {
    enum { N = 5000 };
    char *csv = malloc(N * 12 + 64), *p = csv;
    p += sprintf(p, "a,b\n");
    for (int i = 0; i < N; i++)
        p += sprintf(p, "x,bad\n");
    struct fixture *f = fixture_new();
    f->diags.limit = 10;
    fixture_read(f, "a:text b:number", csv);
    cr_expect_eq(f->diags.n, 10);
    cr_expect_eq(f->diags.errors, N);
    cr_expect_eq(f->diags.at[9]->place->row, 11);
    cr_expect_eq(f->data.bad.n_rows, N);
    fixture_free(f);
    free(csv);
}

/* ---- rows made by a test of a policy */

Test(keys, cells_of_a_caller) {
    struct fixture *f = fixture_new();
    at_str ids[] = {AT_STR("ana"), AT_STR("bob")};
    int64_t levels[] = {15, 25};
    struct at_col rep_cells[] = {{.form = AT_COL_TEXT, .n = 2, .text = ids},
                                 {.form = AT_COL_I64, .scale = 1, .n = 2, .bound = 25, .i64 = levels}};
    int32_t reps[] = {1, 0, 1};
    uint32_t states[] = {0, 1, 0};
    struct at_col deal_cells[] = {{.form = AT_COL_ROW, .n = 3, .row = reps, .state = states}};
    fixture_schema(f, "rep", "id:text* level:number!");
    f->bindings[0] = (struct at_source_binding){
        .kind = AT_FROM_CELLS, .name = AT_STR("given rep"), .cells = rep_cells, .n_rows = 2};
    fixture_schema(f, "deal", "rep:ref0?");
    f->bindings[1] = (struct at_source_binding){
        .kind = AT_FROM_CELLS, .name = AT_STR("given deal"), .cells = deal_cells, .n_rows = 3};
    f->numbered = true;
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "1: bob\n2: ~\n3: bob\n");
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 0, AT_STR("bob")), 1);
    cr_expect_eq(at_table_dataset_find(&f->data, 0, 1, AT_STR("2.5")), 1);
    fixture_free(f);
}

Test(keys, a_key_twice_among_cells) {
    struct fixture *f = fixture_new();
    at_str ids[] = {AT_STR("ana"), AT_STR("ana")};
    struct at_col cells[] = {{.form = AT_COL_TEXT, .n = 2, .text = ids}};
    fixture_schema(f, "rep", "id:text*");
    f->bindings[0] = (struct at_source_binding){
        .kind = AT_FROM_CELLS, .name = AT_STR("given rep"), .cells = cells, .n_rows = 2};
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f),
                     "given rep:2:1 A0732 duplicate value `ana` in `id`, first in line 1\n");
    fixture_free(f);
}
