/* The forms of CSV: what RFC 4180 says, and what spreadsheets write. Expected rows are written out by hand.
 */
#include <unistd.h>

#include "fixture.h"

Test(csv, plain_rows) {
    READS("a:text b:number", "a,b\nx,1\ny,2.5\n", "x|1\ny|2.5\n");
}

Test(csv, columns_in_any_order_and_more_than_wanted) {
    READS("a:text b:number", "junk,b,more,a,end\n1,2,3,x,4\n,5,,y,\n", "x|2\ny|5\n");
}

Test(csv, byte_order_mark) {
    READS("a:text b:number",
          "\xEF\xBB\xBF"
          "a,b\nx,1\n",
          "x|1\n");
}

Test(csv, line_ends_of_windows) {
    READS("a:text b:number", "a,b\r\nx,1\r\ny,2\r\n", "x|1\ny|2\n");
}

Test(csv, line_ends_of_old_macs) {
    READS("a:text b:number", "a,b\rx,1\ry,2\r", "x|1\ny|2\n");
}

Test(csv, line_ends_of_all_kinds_in_one_file) {
    READS("a:text b:number", "a,b\rx,1\r\ny,2\nz,3", "x|1\ny|2\nz|3\n");
}

Test(csv, last_line_without_its_end) {
    READS("a:text b:number", "a,b\nx,1\ny,2", "x|1\ny|2\n");
}

Test(csv, last_line_ends_within_quotes_closed) {
    READS("a:text b:text", "a,b\nx,\"1,2\"", "x|1,2\n");
}

Test(csv, blank_lines_are_nothing) {
    READS("a:text b:number", "\n\r\na,b\n\nx,1\n\r\n\ny,2\n\n\n", "x|1\ny|2\n");
}

Test(csv, rows_of_commas_only_are_nothing) {
    READS("a:text b:number c:text?", "a,b,c\nx,1,\n,,\ny,2,z\n , ,\t\n,,\n", "x|1|~\ny|2|z\n");
}

Test(csv, rows_of_commas_count_where_all_is_optional) {
    READS("a:text? b:number?", "a,b\nx,1\n,\n", "x|1\n~|~\n");
}

Test(csv, quoted_fields) {
    READS("a:text b:text", "a,b\n\"x, y\",\"he said \"\"no\"\"\"\n\"\",z\n",
          "t.csv:3:1 A0719 missing value in `a`\n");
    READS("a:text b:text?", "a,b\n\"x, y\",\"he said \"\"no\"\"\"\n\"\"\"\",\"\"\n",
          "x, y|he said \"no\"\n\"|~\n");
}

Test(csv, a_quote_within_a_plain_field_is_itself) {
    READS("a:text b:text", "a,b\n5\" pipe,x\"y\"z\n", "5\" pipe|x\"y\"z\n");
}

Test(csv, line_ends_within_quotes_and_the_lines_after) {
    struct fixture *f = fixture_new();
    f->numbered = true;
    cr_expect_str_eq(fixture_read(f, "a:text b:number", "a,b\n\"one\ntwo\r\nthree\",1\ny,2\n\n\"z\",3\n"),
                     "2: one\ntwo\r\nthree|1\n5: y|2\n7: z|3\n");
    fixture_free(f);
}

Test(csv, headers_with_spaces_quotes_and_line_ends) {
    READS("a:text=Deal_ID b:number=Net_\"Amount\"", " Deal ID ,\"Net \"\"Amount\"\"\"\nx,1\n", "x|1\n");
    struct fixture *f = fixture_new();
    f->numbered = true;
    cr_expect_str_eq(fixture_read(f, "a:text=Deal_ID b:number", "\n\"Deal ID\",b,\"two\nlines\"\nx,1,2\n"),
                     "4: x|1\n");
    fixture_free(f);
}

Test(csv, two_fields_of_one_column) {
    READS("a:text=k b:number=k", "k\n12\n", "12|12\n");
}

Test(csv, one_column) {
    READS("a:text", "a\nx\n\ny\n\"\"\"z\"\n", "x\ny\n\"z\n");
}

Test(csv, text_is_trimmed) {
    READS("a:text b:text", "a,b\n  x y ,\tz\n\"  q\",\xE3\x80\x80w\xE3\x80\x80\n", "x y|z\nq|w\n");
}

Test(csv, names_in_any_script) {
    READS("\xE9\x94\x80\xE5\x94\xAE\xE9\xA2\x9D:number b:text",
          "b,\xE9\x94\x80\xE5\x94\xAE\xE9\xA2\x9D\n\xE6\x9D\x8E,5\n", "5|\xE6\x9D\x8E\n");
}

Test(csv, no_rows) {
    READS("a:text", "a,b", "");
    READS("a:text", "a,b\n", "");
}

Test(csv, a_trailing_comma_adds_nothing) {
    READS("a:text b:number", "a,b\nx,1,\ny,2,,\n", "x|1\ny|2\n");
}

/* ---- what is wrong with files */

Test(csv, empty_file) {
    READS("a:text", "", "t.csv:0:0 A0704 the file is empty\n");
    READS("a:text", "\xEF\xBB\xBF", "t.csv:0:0 A0704 the file is empty\n");
    READS("a:text", "\n\r\n\n", "t.csv:0:0 A0704 the file is empty\n");
}

Test(csv, utf16) {
    struct fixture *f = fixture_new();
    fixture_bytes(f, "t", "a:text",
                  "\xFF\xFE"
                  "a\0\n\0x\0",
                  8);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(f->data.tables[0].n_rows, 1);
    fixture_free(f);
}

Test(csv, a_workbook) {
    READS("a:text", "PK\003\004rest",
          "t.csv:0:0 A0706 expected a CSV file, found a workbook or an archive\n");
}

Test(csv, no_header) {
    READS("id:text amount:money", "d1,100.00\nd2,5\n", "t.csv:1:0 A0707 missing line of column names\n");
}

Test(csv, semicolons_between_columns) {
    READS("rep:text amount:money[comma]", "rep;amount\nana;100,00\n\"b;c\";1.000,5\n",
          "ana|100\nb;c|1000.5\n");
}

Test(csv, missing_columns_each_with_the_nearest_name) {
    struct fixture *f = fixture_new();
    cr_expect_str_eq(fixture_read(f, "id:text amount:money region:text", "id,Amuont,place\nx,1,y\n"),
                     "t.csv:1:0 A0708 missing column `amount`\nt.csv:1:0 A0708 missing column `region`\n");
    cr_expect(strstr(at_str_copy(&f->arena, f->diags.at[0]->help).p, "did you mean `Amuont`?"));
    fixture_free(f);
}

Test(csv, a_wanted_column_twice) {
    READS("id:text amount:money", "id,amount,x,x,amount\n1,2,3,4,5\n",
          "t.csv:1:5 A0709 duplicate column `amount`, as numbers 2 and 5\n");
}

Test(csv, rows_with_too_few_and_too_many_fields) {
    READS("a:text b:number c:text?", "a,b,c\nx,1\ny,2,3,4\nz,3,c\nw\n",
          "t.csv:2:2 A0714 expected 3 fields in this row, found 2\n"
          "t.csv:3:4 A0715 expected 3 fields in this row, found 4\n"
          "t.csv:5:1 A0714 expected 3 fields in this row, found 1\n");
}

Test(csv, an_amount_with_a_comma_but_no_quotes) {
    READS("a:text b:money", "a,b\nx,1,234.50\n", "t.csv:2:3 A0715 expected 2 fields in this row, found 3\n");
}

Test(csv, text_after_a_closing_quote) {
    READS("a:text b:number", "a,b\n\"x\"y,1\nz,\"2\" \n",
          "t.csv:2:1 A0716 text after the closing quote of this field\n"
          "t.csv:3:2 A0716 text after the closing quote of this field\n");
}

Test(csv, an_open_quote_says_where_it_began) {
    READS("a:text b:text", "a,b\nx,y\nz,\"open\nq,r\n\ns,t\n", "t.csv:3:2 A0710 unclosed quotation mark\n");
    READS("a:text b:text", "a,\"b\nx,y\n", "t.csv:1:2 A0710 unclosed quotation mark\n");
}

Test(csv, an_open_quote_is_refused_even_where_bad_rows_are_skipped) {
    struct fixture *f = fixture_new();
    f->skip = true;
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_table(f, "t", "a:text b:text", "a,b\nx,y\nz,\"open\nq,r\n");
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    fixture_free(f);
}

Test(csv, bytes_that_are_not_utf8) {
    /* More of the bytes are of UTF-8 than are not: it is UTF-8, with a damaged byte. */
    READS("a:text b:text", "a,b\nx,caf\xC3\xA9\ny,caf\xE9\nz,\xC3\xA9\n",
          "t.csv:3:2 A0717 `b` contains bytes that are not UTF-8\n");
    READS("a:text", "a,b\nx,\xC3\xA9\xC3\xA9 caf\xE9\n", "x\n"); /* in a column that nobody wants */
}

Test(csv, a_zero_byte) {
    struct fixture *f = fixture_new();
    fixture_bytes(f, "t", "a:text b:text", "a,b\nx,y\0z\n", 10);
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "t.csv:2:2 A0718 `b` contains a zero byte\n");
    fixture_free(f);
}

Test(csv, a_hundred_thousand_columns) {
    size_t n = 100000, at = 0;
    char *csv = malloc(n * 18 + 64);
    for (size_t i = 0; i < n; i++)
        at += (size_t)sprintf(csv + at, "%sc%zu", i ? "," : "", i);
    csv[at++] = '\n';
    for (size_t i = 0; i < n; i++)
        at += (size_t)sprintf(csv + at, "%s%zu", i ? "," : "", i * 2);
    csv[at++] = '\n';
    struct fixture *f = fixture_new();
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "c77777:number c5:number", csv, at);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "155554|10\n");
    fixture_free(f);
    free(csv);
}

Test(csv, a_row_longer_than_a_block) {
    size_t n = 3000000;
    char *csv = malloc(n + 64);
    size_t at = (size_t)sprintf(csv, "a,b\nx,1\n\"");
    memset(csv + at, 'y', n);
    at += n;
    at += (size_t)sprintf(csv + at, "\",2\nz,3\n");
    struct fixture *f = fixture_new();
    f->numbered = true;
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "b:number a:text", csv, at);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_eq(f->dump.n, strlen("2: 1|x\n3: 2|\n4: 3|z\n") + n);
    fixture_free(f);
    free(csv);
}

Test(csv, a_row_without_end) {
    size_t n = 20000000;
    char *csv = malloc(n + 64);
    size_t at = (size_t)sprintf(csv, "a,b\nx,1\n");
    memset(csv + at, 'y', n);
    struct fixture *f = fixture_new();
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_bytes(f, "t", "b:number a:text", csv, at + n);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "t.csv:3:0 A0711 the row is longer than 16 MB\n");
    fixture_free(f);
    free(csv);
}

/* ---- files */

Test(csv, files_that_cannot_be_read) {
    struct fixture *f = fixture_new();
    fixture_file(f, "a", "k:text*", "/nowhere/at/all.csv");
    fixture_file(f, "b", "k:text*", "/tmp");
    fixture_file(f, "c", "k:text*", "/dev/null");
    cr_expect_eq(fixture_load(f), AT_IO);
    cr_expect_str_eq(fixture_faults(f),
                     "/nowhere/at/all.csv:0:0 A0701 cannot read the file: it does not exist\n"
                     "/tmp:0:0 A0702 expected a data file, found a folder\n"
                     "/dev/null:0:0 A0703 expected a regular file, found a device or a pipe\n");
    fixture_free(f);
}

Test(csv, a_table_without_a_file) {
    struct fixture *f = fixture_new();
    fixture_schema(f, "rep", "k:text*");
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "rep:0:0 A0713 the table `rep` does not have a file\n");
    fixture_free(f);
}

Test(csv, a_file_is_read_as_memory_is) {
    char path[] = "/tmp/attain-test-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, "a,b\nx,1\n\"y\",2", 13), 13);
    struct fixture *f = fixture_new();
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_file(f, "t", "a:text b:number", path);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_str_eq(f->dump.at, "x|1\ny|2\n");
    /* It becomes shorter between two passes. */
    cr_assert_eq(ftruncate(fd, 8), 0);
    cr_expect_eq(fixture_scan(f, 1), AT_IO);
    cr_expect_eq(f->diags.errors, 1);
    fixture_free(f);

    f = fixture_new();
    cr_assert_eq(write(fd, "\0", 1), 1);
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_file(f, "t", "a:text b:number", path);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_assert_eq(ftruncate(fd, 6), 0);
    cr_expect_eq(fixture_scan(f, 1), AT_IO);
    cr_expect(strstr(fixture_faults(f), "A0712 the file became shorter while Attain read it"));
    fixture_free(f);
    close(fd);
    unlink(path);
}
