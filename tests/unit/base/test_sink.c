/* Bytes out: whole whatever the pieces, escaped as the formats want, silent after the first error. */
#include "room.h"

#include <errno.h>

#include "base/sink.h"

struct collector {
    char bytes[200000];
    size_t n;
    int calls, fail_at; /* the call that fails, from 1 */
};

static int collect(void *context, const char *bytes, size_t count) {
    struct collector *to = context;
    if (++to->calls == to->fail_at) return ENOSPC;
    memcpy(to->bytes + to->n, bytes, count);
    to->n += count;
    return 0;
}

static struct collector out;
static struct at_sink sink;

static const char *flushed(void) {
    cr_assert_eq(at_sink_flush(&sink), 0);
    out.bytes[out.n] = '\0';
    return out.bytes;
}

Test(sink, pieces_of_all_sizes_arrive_whole_and_in_order) {
    static char piece[50000];
    at_sink_init(&sink, collect, &out);
    size_t sizes[] = {1, 32767, 2, 50000, 0, 32768, 40000, 7}, total = 0;
    for (size_t i = 0; i < AT_COUNT(sizes); i++) {
        memset(piece, 'a' + (int)i, sizes[i]);
        at_sink_put(&sink, piece, sizes[i]);
    }
    flushed();
    for (size_t i = 0; i < AT_COUNT(sizes); i++)
        for (size_t j = 0; j < sizes[i]; j++)
            cr_assert_eq(out.bytes[total++], 'a' + (int)i);
    cr_assert_eq(out.n, total);
}

Test(sink, small_pieces_are_gathered) {
    at_sink_init(&sink, collect, &out);
    for (int i = 0; i < 1000; i++)
        at_sink_z(&sink, "row\n");
    cr_assert_eq(out.calls, 0);
    cr_assert_eq(strlen(flushed()), 4000);
    cr_assert_eq(out.calls, 1);
    at_sink_flush(&sink);
    cr_assert_eq(out.calls, 1, "nothing to flush");
}

Test(sink, the_first_error_is_kept_and_the_rest_dropped) {
    static char piece[40000];
    out.fail_at = 2;
    at_sink_init(&sink, collect, &out);
    at_sink_put(&sink, piece, sizeof piece);
    at_sink_put(&sink, piece, sizeof piece);
    at_sink_put(&sink, piece, sizeof piece);
    at_sink_printf(&sink, "%d", 5);
    cr_assert_eq(at_sink_flush(&sink), ENOSPC);
    cr_assert_eq(at_sink_flush(&sink), ENOSPC);
    cr_assert_eq(out.calls, 2);
    cr_assert_eq(out.n, sizeof piece);
}

Test(sink, printf_across_the_end_of_the_buffer) {
    at_sink_init(&sink, collect, &out);
    for (int i = 0; i < 10000; i++)
        at_sink_printf(&sink, "%05d;", i);
    const char *text = flushed();
    for (int i = 0; i < 10000; i++)
        cr_assert_eq(atoi(text + i * 6), i);
    cr_assert_eq(out.n, 60000);
}

Test(sink, printf_of_a_long_piece) {
    at_sink_init(&sink, collect, &out);
    at_sink_printf(&sink, "%0999d", 1);
    at_sink_printf(&sink, "%020000d", 1);
    at_sink_printf(&sink, "%020000d", 1);
    cr_assert_eq(strlen(flushed()), 40999);
}

Test(sink, json_escapes_what_it_must) {
    at_sink_init(&sink, collect, &out);
    at_sink_json(&sink, AT_STR("a \"b\" \\ /\n\r\t\b\f\x01\x1f\x7f 销 😀"));
    cr_assert_str_eq(flushed(), "\"a \\\"b\\\" \\\\ /\\n\\r\\t\\b\\f\\u0001\\u001f\\u007f 销 😀\"");
}

Test(sink, json_replaces_what_is_not_utf8) {
    at_sink_init(&sink, collect, &out);
    at_sink_json(&sink, AT_STR("a\xFF\xED\xA0\x80z"));
    cr_assert_str_eq(flushed(), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
    at_sink_json(&sink, (at_str){0});
    at_sink_json(&sink, AT_STR("\xEF\xBF\xBD"));
    cr_assert_str_eq(flushed() + 16, "\"\"\"\xEF\xBF\xBD\"", "the replacement itself passes");
}

Test(sink, csv_quotes_only_where_needed) {
    static const char *const cases[][2] = {{"plain", "plain"},
                                           {"", ""},
                                           {"a,b", "\"a,b\""},
                                           {"say \"hi\"", "\"say \"\"hi\"\"\""},
                                           {"two\nlines", "\"two\nlines\""},
                                           {" padded", "\" padded\""},
                                           {"x\t", "\"x\t\""},
                                           {"销售, 额", "\"销售, 额\""},
                                           {"\"", "\"\"\"\""},
                                           {"a b", "a b"}};
    for (size_t i = 0; i < AT_COUNT(cases); i++) {
        out.n = 0;
        at_sink_init(&sink, collect, &out);
        at_sink_csv(&sink, at_str_z(cases[i][0]));
        cr_assert_str_eq(flushed(), cases[i][1]);
    }
}
