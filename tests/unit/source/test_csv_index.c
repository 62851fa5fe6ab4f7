/* The masks against a plain loop, on random bytes of the kinds that matter. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "source/csv_index.h"

static uint64_t seed = 99;
static unsigned dice(unsigned n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

Test(index, marks_are_those_of_a_plain_loop) {
    enum { N = 1000 };
    static const char kinds[] = "aaaaaaaa,,\n\r\"\x80";
    char buffer[N + 3 * AT_PAD], *text = buffer + AT_PAD;
    uint32_t room[N + 32];
    for (int round = 0; round < 3000; round++) {
        memset(buffer, 0, sizeof buffer);
        uint32_t from = dice(70), to = from + dice(N - 70);
        unsigned kind = dice(15) + 1;
        for (uint32_t i = 0; i < N; i++)
            text[i] = kinds[dice(kind)];
        struct at_source_marks marks = {.at = room + 8};
        at_source_index(text, from, to, ',', &marks);
        uint32_t n = 0, rows = 0;
        bool quote = false, cr = false, high = false, zero = false;
        for (uint32_t i = from; i < to; i++) {
            char c = text[i];
            bool end = c == '\n' || (c == '\r' && text[i + 1] != '\n');
            if (end || c == ',' || c == '"') {
                cr_assert_lt(n, marks.n);
                cr_assert_eq(marks.at[n], i);
                n++;
            }
            rows += end;
            quote |= c == '"';
            cr |= c == '\r';
            high |= (c & 0x80) != 0;
            zero |= c == 0;
        }
        cr_assert_eq(n, marks.n);
        cr_assert_eq(rows, marks.rows);
        cr_assert_eq(quote, marks.quote);
        cr_assert_eq(cr, marks.cr);
        cr_assert_eq(high, marks.high);
        cr_assert_eq(zero, marks.zero);
    }
}

Test(index, counting_bytes) {
    char *text = malloc(20000);
    for (int i = 0; i < 20000; i++)
        text[i] = i % 3 ? 'x' : '\n';
    for (size_t n = 0; n < 20000; n += 37)
        cr_assert_eq(at_source_count_byte(text, n, '\n'), (n + 2) / 3);
    memset(text, '\n', 20000);
    for (size_t n = 0; n < 20000; n += 41)
        cr_assert_eq(at_source_count_byte(text, n, '\n'), n);
    free(text);
}
