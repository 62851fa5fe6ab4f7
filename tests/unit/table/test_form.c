/* The forms of files: encodings and separators that Attain finds out, and those that it asks about. The bytes
 * of each text are those of Python's codecs, for example "张三".encode("gb18030"). */
#include "fixture.h"

#define ZHANG_SAN "\xD5\xC5\xC8\xFD" /* 张三 */
#define ZHANG_SAN_UTF8 "\xE5\xBC\xA0\xE4\xB8\x89"

/* Reads n bytes as they are, in a form that is specified or, if it is empty, found out. */
static const char *read_as(struct fixture *f, const char *fields, const char *bytes, size_t n,
                           struct at_schema_form form) {
    fixture_bytes(f, "t", fields, bytes, n);
    f->bindings[f->n - 1].form = form;
    if (fixture_load(f) != AT_OK) return fixture_faults(f);
    return fixture_scan(f, 0) == AT_OK ? f->dump.at : fixture_faults(f);
}

#define FORM(fields, bytes, expected, ...)                                                                   \
    do {                                                                                                     \
        struct fixture *f_ = fixture_new();                                                                  \
        cr_expect_str_eq(                                                                                    \
            read_as(f_, fields, bytes, sizeof(bytes) - 1, (struct at_schema_form){__VA_ARGS__}), expected);  \
        fixture_free(f_);                                                                                    \
    } while (0)

Test(form, chinese_in_gb18030) {
    FORM("a:text b:number", "a,b\n" ZHANG_SAN ",1\n", ZHANG_SAN_UTF8 "|1\n", 0);
}

Test(form, a_character_whose_second_byte_is_a_bar) {
    FORM("a:text b:number", "a|b\n" ZHANG_SAN "\x86\x7C|1\n", ZHANG_SAN_UTF8 "\xE5\x94\xA1|1\n", 0); /* 唡 */
}

Test(form, four_bytes_of_gb18030) {
    FORM("a:text b:number", "a,b\n" ZHANG_SAN "\x94\x39\xDA\x33,1\n", ZHANG_SAN_UTF8 "\xF0\x9F\x92\xA9|1\n",
         0);
}

Test(form, western_text_in_windows_1252) {
    FORM("a:text b:number", "a,b\ncaf\xE9,1\n\x80 5,2\n", "caf\xC3\xA9|1\n\xE2\x82\xAC 5|2\n", 0);
}

Test(form, text_of_two_encodings_is_a_question) {
    FORM("a:text b:number", "a,b\nM\xFCller,1\n", "t.csv:0:0 A0739 the file is text in two encodings\n", 0);
    FORM("a:text b:number", "a,b\nM\xFCller,1\n", "M\xC3\xBCller|1\n", .encoding = AT_ENCODING_WINDOWS1252);
    FORM("a:text b:number", "a,b\nM\xFCller,1\n", "M\xE9\xBB\xAEler|1\n", .encoding = AT_ENCODING_GB18030);
}

Test(form, bytes_that_are_not_of_the_encoding) {
    FORM("a:text b:number", "a,b\n" ZHANG_SAN ",1\nx\xFF,2\n",
         "t.csv:3:1 A0717 `a` contains bytes that are not GB18030\n", .encoding = AT_ENCODING_GB18030);
    FORM("b:number", "a,b\nx\xFF,2\n", "2\n", .encoding = AT_ENCODING_GB18030);
}

Test(form, utf16_with_and_without_a_mark) {
    FORM("a:text b:number",
         "\xFF\xFE"
         "a\0\t\0b\0\r\0\n\0\x20\x5F\t\0"
         "1\0",
         "\xE5\xBC\xA0|1\n", 0);
    FORM("a:text b:number", "\xFE\xFF\0a\0,\0b\0\n\x5F\x20\0,\0001", "\xE5\xBC\xA0|1\n", 0);
    FORM("a:text b:number", "\0a\0,\0b\0\n\x5F\x20\0,\0001", "\xE5\xBC\xA0|1\n", 0);
    FORM("a:text b:number",
         "a\0,\0b\0\n\0\x20\x5F,\0"
         "1\0",
         "\xE5\xBC\xA0|1\n", .encoding = AT_ENCODING_UTF16);
}

Test(form, half_a_character_at_the_end_of_utf16) {
    FORM("a:text b:text",
         "\xFF\xFE"
         "a\0,\0b\0\n\0x\0,\0y",
         "t.csv:2:2 A0717 `b` contains bytes that are not UTF-16\n", 0);
}

Test(form, separators) {
    FORM("a:text b:number", "a;b\nx;1\n", "x|1\n", 0);
    FORM("a:text b:number", "a\tb\nx\t1\n", "x|1\n", 0);
    FORM("a:text b:number", "a|b\nx|1\n", "x|1\n", 0);
    FORM("a:text b:number", "a;b\n\"x;\"\"y\";1\n", "x;\"y|1\n", 0);
    FORM("a:text b:number", "a,b\n\"x;y\",1\n", "x;y|1\n", 0);
}

Test(form, a_separator_in_a_name_divides_no_rows) {
    FORM("a:text b;c:number", "a,b;c\nx,1\ny,2\n", "x|1\ny|2\n", 0);
}

Test(form, two_separators_are_a_question) {
    FORM("a:text b:text", "a,b;c\nx,y;z\n", "t.csv:0:0 A0740 `,` and `;` both divide the rows\n", 0);
    FORM("a:text b;c:text", "a,b;c\nx,y;z\n", "x|y;z\n", .separator = ',');
}

Test(form, a_number_of_two_readings) {
    FORM("a:text b:number", "a;b\nx;1,234\n", "t.csv:2:2 A0742 `1,234` of `b` is one of two numbers\n", 0);
    FORM("a:text b:number", "a;b\nx;1,234.5\ny;1,234,567\n", "x|1234.5\ny|1234567\n", 0);
    FORM("a:text b:number[comma]", "a;b\nx;1,234\n", "x|1.234\n", 0);
    FORM("a:text b:number", "a,b\nx,\"1,234\"\n", "x|1234\n", 0);
}

/* Lines are counted, and none of them is decoded again: a quadratic time would not end. */
Test(form, millions_of_blank_lines_before_the_names) {
    static char text[2 * 10000000];
    size_t n = 0;
    while (n < sizeof text - 64) /* UTF-16 without a mark: CR LF, 4 bytes each */
        memcpy(text + n, "\0\r\0\n", 4), n += 4;
    unsigned blank = (unsigned)(n / 4);
    static const char rows[] = "\0a\0\n\0x\0\n";
    memcpy(text + n, rows, sizeof rows - 1);
    n += sizeof rows - 1;
    char expected[100];
    snprintf(expected, sizeof expected, "t.csv:%u:1 A0720 expected a number in `a`, found `x`\n", blank + 2);
    struct fixture *f = fixture_new();
    cr_expect_str_eq(read_as(f, "a:number", text, n, (struct at_schema_form){0}), expected);
    fixture_free(f);
}

Test(form, a_line_that_specifies_the_separator) {
    FORM("a:text b:number", "sep=;\na;b\nx;y\n", "t.csv:3:2 A0720 expected a number in `b`, found `y`\n", 0);
    FORM("a:text b:number", "\xEF\xBB\xBF\"SEP=,\"\r\n\r\na,b\r\nx,1\r\n", "x|1\n", 0);
    FORM("a:text b:text", "sep=;\na,b;b\nx,y;z\n", "t.csv:2:0 A0708 missing column `a`\n", 0);
    FORM("a:text b;c:text", "sep=,\na,b;c\nx,y;z\n", "x|y;z\n", 0);
    FORM("a:text b:number", "sep=\t\na\tb\nx\t1\n", "x|1\n", .separator = '\t');
}

Test(form, a_line_that_contradicts_the_policy_or_the_rows) {
    static const char line[] = "t.csv:1:0 A0707 the first line specifies the separator for spreadsheets\n";
    FORM("a:text b:number", "sep=;\na;b\nx;1\n", line, .separator = ',');
    FORM("a:text b:number", "sep=;\na,b\nx,1\n", "t.csv:2:0 A0707 missing line of column names\n", 0);
    FORM("a:text b:number", "sep=:\na,b\nx,1\n", line, 0);
    FORM("a:text b:number", "sep=;\n", "t.csv:0:0 A0704 the file is empty\n", 0);
}
