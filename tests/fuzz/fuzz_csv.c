/* tests/fuzz/fuzz_csv.c: any bytes as a CSV file of six fields, also in other forms (gzip, UTF-16,
 * separators). Nothing may crash, hang or leak, and these must agree: one thread and three, a pass that
 * streams and a table that is kept.
 *
 *     clang -fsanitize=fuzzer,address … -DAT_LIBFUZZER     as a libFuzzer target
 *     fuzz_csv [seconds] [seed]                            a program of its own: mutates rows at random
 *     fuzz_csv FILE…                                       tries files
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#if __has_include(<zlib.h>)
#include <zlib.h>
#endif

#include "table/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct outcome {
    enum at_status status;
    uint64_t errors, bad_rows, rows, hash;
};

static enum at_status on_batch(void *context, unsigned part, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    uint64_t *sums = context; /* by part: rows, and a sum that does not depend on batches */
    (void)scratch;
    for (uint32_t r = 0; r < batch->n; r++) {
        uint64_t row = batch->lines[r] * 31;
        if (at_col_state(&batch->cols[0], r) == AT_STATE_OK) row += at_str_hash(batch->cols[0].text[r]);
        if (at_col_state(&batch->cols[1], r) == AT_STATE_OK) row += (uint64_t)batch->cols[1].row[r] * 7;
        at_num number = at_col_num(&batch->cols[2], r);
        row += (uint64_t)at_num_sign(number) * 13;
        if (at_col_state(&batch->cols[3], r) == AT_STATE_OK) row += (uint64_t)batch->cols[3].day[r] * 17;
        if (at_col_state(&batch->cols[4], r) == AT_STATE_OK) row += (uint64_t)batch->cols[4].row[r] * 19;
        if (at_col_state(&batch->cols[5], r) == AT_STATE_OK)
            row += (uint64_t)batch->cols[5].period[r].ordinal * 23;
        sums[2 * part + 1] += row * row;
    }
    sums[2 * part] += batch->n;
    return AT_OK;
}

static struct outcome run(const uint8_t *bytes, size_t n, unsigned threads, bool keep, bool skip) {
    static at_str stages[] = {{"open", 4}, {"won", 3}, {"lost", 4}};
    static const struct at_type_choices choices = {stages, 3};
    static struct at_schema_field rep[] = {
        {.name = {"id", 2}, .type = {.kind = AT_T_TEXT}, .ref_field = -1, .key = true, .unique = true}};
    static struct at_schema_field deal[] = {
        {.name = {"id", 2}, .type = {.kind = AT_T_TEXT}, .ref_field = -1, .key = true, .unique = true},
        {.name = {"rep", 3}, .type = {.kind = AT_T_REF}, .ref_field = -1},
        {.name = {"amount", 6}, .type = {.kind = AT_T_NUMBER, .optional = true}, .ref_field = -1},
        {.name = {"on", 2}, .type = {.kind = AT_T_DATE, .optional = true}, .ref_field = -1},
        {.name = {"stage", 5}, .type = {.kind = AT_T_ENUM, .choices = &choices}, .ref_field = -1},
        {.name = {"when", 4}, .type = {.kind = AT_T_PERIOD, .optional = true}, .ref_field = -1},
    };
    static const struct at_schema schemas[] = {
        {.name = {"rep", 3}, .payee = true, .fields = rep, .n_fields = 1, .label = -1},
        {.name = {"deal", 4}, .fields = deal, .n_fields = 6, .label = -1}};
    struct at_arena arena;
    struct at_diag_list diags;
    struct at_table_dataset data;
    at_arena_init(&arena, NULL, NULL);
    at_diag_list_init(&diags, &arena, NULL);
    at_table_dataset_init(&data, &arena, &diags, schemas, 2);
    data.threads = threads;
    data.bad.skip = skip;
    data.tables[0].binding = (struct at_source_binding){
        .kind = AT_FROM_MEMORY, .name = AT_STR("reps.csv"), .bytes = AT_STR("id\nana\nbob\ncy\n")};
    data.tables[1].binding = (struct at_source_binding){
        .kind = AT_FROM_MEMORY, .name = AT_STR("deals.csv"), .bytes = {(const char *)bytes, (uint32_t)n}};
    bool kept[2] = {true, keep};
    uint64_t sums[2 * 64] = {0};
    struct at_table_scan scan = {.on_batch = on_batch, .context = sums};
    struct outcome outcome = {.status = at_table_dataset_load(&data, kept)};
    if (outcome.status == AT_OK) outcome.status = at_table_dataset_scan(&data, 1, &scan);
    outcome.errors = diags.errors;
    outcome.bad_rows = data.bad.n_rows;
    for (unsigned i = 0; i < 64 && outcome.status == AT_OK; i++)
        outcome.rows += sums[2 * i], outcome.hash += sums[2 * i + 1];
    at_arena_free(&arena);
    return outcome;
}

static void expect_same(struct outcome a, struct outcome b) {
    if (a.status != b.status || a.errors != b.errors || a.bad_rows != b.bad_rows || a.rows != b.rows ||
        a.hash != b.hash) {
        fprintf(stderr, "differ: status %d %d, errors %llu %llu, bad rows %llu %llu, rows %llu %llu\n",
                a.status, b.status, (unsigned long long)a.errors, (unsigned long long)b.errors,
                (unsigned long long)a.bad_rows, (unsigned long long)b.bad_rows, (unsigned long long)a.rows,
                (unsigned long long)b.rows);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    if (n > 1u << 24) return 0;
    for (int skip = 0; skip <= 1; skip++) {
        struct outcome one = run(bytes, n, 1, false, skip);
        expect_same(one, run(bytes, n, 3, false, skip));
        expect_same(one, run(bytes, n, 1, true, skip));
    }
    return 0;
}

#ifndef AT_LIBFUZZER
static uint64_t seed;
static uint32_t dice(uint32_t n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

static const char *const pieces[] = {",",
                                     "\n",
                                     "\r\n",
                                     "\r",
                                     "\"",
                                     "\"\"",
                                     "ana",
                                     "bob",
                                     "won",
                                     "lost",
                                     "open",
                                     "2026-01-31",
                                     "2026",
                                     "12.5",
                                     "-3",
                                     "$1,234",
                                     "(5)",
                                     "12%",
                                     "2026-Q1",
                                     "\xC3\xA9",
                                     "\xFF",
                                     " ",
                                     "\t",
                                     "x",
                                     "id",
                                     "rep",
                                     "amount",
                                     "1e400",
                                     "99999999999999999999",
                                     "0.000000000000000000000001",
                                     "\xE3\x80\x80",
                                     "stage",
                                     "on",
                                     "when",
                                     "\0"};

static size_t make(char *out, size_t room) {
    size_t n = 0;
    const char *header = dice(20) ? "id,rep,amount,on,stage,when\n" : "when,\"stage\",x,on,id,amount,rep\r\n";
    n += (size_t)snprintf(out, room, "%s", header);
    uint32_t rows = dice(dice(20) ? 60 : 15000), mess = dice(4) ? dice(12) : 0;
    for (uint32_t r = 0; r < rows && n + 400 < room; r++) {
        uint32_t key = dice(3) ? r : dice(rows);
        const char *quote = dice(10) ? "" : "\"";
        n += (size_t)snprintf(out + n, room - n, "%sd%u%s,%s,%u.%u,2026-%02u-%02u,%s,2026-Q%u%s", quote, key,
                              quote, dice(2) ? "ana" : "bob", dice(100000), dice(100), dice(12) + 1,
                              dice(28) + 1, dice(2) ? "won" : "open", dice(4) + 1, dice(30) ? "\n" : "\r\n");
    }
    for (uint32_t k = 0; k < mess; k++) {
        const char *piece = pieces[dice(AT_COUNT(pieces))];
        size_t length = strlen(piece) ? strlen(piece) : 1, at = dice((uint32_t)n);
        if (dice(2) && n + length < room) {
            memmove(out + at + length, out + at, n - at);
            n += length;
        }
        if (at + length > n) continue;
        memcpy(out + at, piece, length);
    }
    return dice(8) ? n : dice((uint32_t)n + 1);
}

static void spoil(char *text, size_t n) {
    for (uint32_t k = dice(3) ? 0 : dice(6); k > 0 && n > 0; k--)
        text[dice((uint32_t)n)] = (char)dice(256);
}

/* Another form of the text, in place: a separator, high bytes, UTF-16, then gzip, each maybe damaged. */
static size_t reform(char *text, size_t n, size_t room) {
    char *copy = malloc(room);
    if (dice(3) == 0) {
        char separator = ";\t|"[dice(3)];
        for (size_t i = 0; i < n; i++)
            if (text[i] == ',') text[i] = separator;
        if (dice(2) && n + 6 < room) {
            memmove(text + 6, text, n);
            memcpy(text, "sep=;\n", 6);
            text[4] = dice(4) ? separator : ',';
            n += 6;
        }
    }
    for (uint32_t k = dice(3) ? 0 : dice(40); k > 0 && n > 0; k--)
        text[dice((uint32_t)n)] = (char)(0x80 + dice(128));
    if (dice(4) == 0 && 2 * n + 2 < room) {
        bool big = dice(2), mark = dice(2);
        memcpy(copy, text, n);
        if (mark) memcpy(text, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (size_t i = 0; i < n; i++) {
            text[2 * (i + mark) + !big] = dice(200) ? 0 : (char)(0x4E + dice(150));
            text[2 * (i + mark) + big] = copy[i];
        }
        n = 2 * (n + mark);
        spoil(text, n);
        n -= n && dice(4) == 0; /* half a character */
    }
#ifdef ZLIB_H
    z_stream z = {0};
    if (dice(3) == 0 && deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK) {
        memcpy(copy, text, n);
        z.next_in = (Bytef *)copy, z.avail_in = (uInt)n;
        z.next_out = (Bytef *)text, z.avail_out = (uInt)room;
        deflate(&z, Z_FINISH);
        n = z.total_out;
        deflateEnd(&z);
        spoil(text, n);
        if (dice(5) == 0) n = dice((uint32_t)n + 1);
    }
#endif
    free(copy);
    return n;
}

int main(int argc, char **argv) {
    size_t room = 1 << 21;
    char *text = malloc(room);
    if (argc > 1 && !strchr("0123456789", argv[1][0])) {
        for (int i = 1; i < argc; i++) {
            FILE *file = fopen(argv[i], "rb");
            if (!file) return 2;
            size_t n = fread(text, 1, room, file);
            fclose(file);
            LLVMFuzzerTestOneInput((const uint8_t *)text, n);
        }
        free(text);
        return 0;
    }
    time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, round = 0;
    for (; time(NULL) < end; round++) {
        seed = (first + round) * UINT64_C(0x9e3779b97f4a7c15) + 1;
        size_t n = make(text, room);
        if (dice(2)) n = reform(text, n, room);
        FILE *file = fopen("/tmp/fuzz_csv.last", "wb"); /* what a crash leaves behind */
        if (file) fwrite(text, 1, n, file), fclose(file);
        char *exact = malloc(n + 1); /* so that reading past the end is seen */
        memcpy(exact, text, n);
        LLVMFuzzerTestOneInput((const uint8_t *)exact, n);
        free(exact);
    }
    printf("%llu inputs\n", (unsigned long long)round);
    free(text);
    return 0;
}
#endif
