/* tests/bench/csv_read.c: how long it takes to read CSV into typed columns, a row.
 *
 *     csv_read [rows] [threads] [file]       makes the file of deals where it is absent; prints nanoseconds a
 * row
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/numtext.h"
#include "diag/render.h"
#include "table/table.h"

#define PAYEES 1000

static const char *const stages[] = {"won", "lost", "open"};
static const char *const products[] = {"core", "services", "platform", "add-on"};

static uint64_t seed = 42;
static uint32_t dice(uint32_t n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % n);
}

static void make_deals(const char *path, unsigned long rows) {
    FILE *file = fopen(path, "w");
    if (!file) exit(2);
    fprintf(file, "id,rep,customer,product,amount,closed_on,stage\n");
    for (unsigned long i = 0; i < rows; i++)
        fprintf(file, "d%08lu,rep%04u,Customer %05u Ltd,%s,%u.%02u,2026-%02u-%02u,%s\n", i, dice(PAYEES),
                dice(90000), products[dice(4)], dice(80000), dice(100), dice(12) + 1, dice(28) + 1,
                stages[dice(3)]);
    fclose(file);
}

static char *make_reps(void) {
    char *text = malloc(PAYEES * 32 + 32), *p = text;
    p += sprintf(p, "id,name\n");
    for (unsigned i = 0; i < PAYEES; i++)
        p += sprintf(p, "rep%04u,Rep %u\n", i, i);
    return text;
}

struct sums {
    __int128 amount[64];
    uint64_t rows[64];
};

static enum at_status on_batch(void *context, unsigned part, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    struct sums *sums = context;
    const struct at_col *amount = &batch->cols[4];
    (void)scratch;
    if (amount->form != AT_COL_I64 || amount->scale != 2) abort();
    int64_t sum = 0;
    for (uint32_t i = 0; i < batch->n; i++)
        sum += amount->i64[i];
    sums->amount[part] += sum;
    sums->rows[part] += batch->n;
    return AT_OK;
}

static double seconds(struct timeval t) {
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int print(void *context, const char *bytes, size_t n) {
    fwrite(bytes, 1, n, context);
    return 0;
}

int main(int argc, char **argv) {
    unsigned long rows = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
    char made[64];
    snprintf(made, sizeof made, "/tmp/attain-deals-%lu.csv", rows);
    const char *path = argc > 3 ? argv[3] : made;
    if (access(path, R_OK) != 0) make_deals(path, rows);

    static at_str product_list[4], stage_list[3];
    for (int i = 0; i < 4; i++)
        product_list[i] = at_str_z(products[i]);
    for (int i = 0; i < 3; i++)
        stage_list[i] = at_str_z(stages[i]);
    struct at_type_choices product_choices = {product_list, 4}, stage_choices = {stage_list, 3};
    struct at_schema_field rep_fields[] = {
        {.name = AT_STR("id"), .type = {.kind = AT_T_TEXT}, .ref_field = -1, .key = true, .unique = true},
        {.name = AT_STR("name"), .type = {.kind = AT_T_TEXT}, .ref_field = -1},
    };
    struct at_schema_field deal_fields[] = {
        {.name = AT_STR("id"), .type = {.kind = AT_T_TEXT}, .ref_field = -1, .key = true, .unique = true},
        {.name = AT_STR("rep"), .type = {.kind = AT_T_REF, .table = 0}, .ref_field = -1},
        {.name = AT_STR("customer"), .type = {.kind = AT_T_TEXT}, .ref_field = -1},
        {.name = AT_STR("product"),
         .type = {.kind = AT_T_ENUM, .choices = &product_choices},
         .ref_field = -1},
        {.name = AT_STR("amount"),
         .type = {.kind = AT_T_MONEY, .currency = at_currency_find(AT_STR("USD"))},
         .ref_field = -1},
        {.name = AT_STR("closed_on"), .type = {.kind = AT_T_DATE}, .ref_field = -1},
        {.name = AT_STR("stage"), .type = {.kind = AT_T_ENUM, .choices = &stage_choices}, .ref_field = -1},
    };
    struct at_schema schemas[] = {
        {.name = AT_STR("rep"), .payee = true, .fields = rep_fields, .n_fields = 2, .key = 0, .label = 1},
        {.name = AT_STR("deal"), .fields = deal_fields, .n_fields = 7, .key = 0, .label = -1},
    };
    struct at_arena arena;
    struct at_diag_list diags;
    struct at_table_dataset data;
    at_arena_init(&arena, NULL, NULL);
    at_diag_list_init(&diags, &arena, NULL);
    at_table_dataset_init(&data, &arena, &diags, schemas, 2);
    data.threads = threads;
    char *reps = make_reps();
    data.tables[0].binding = (struct at_source_binding){
        .kind = AT_FROM_MEMORY, .name = AT_STR("reps.csv"), .bytes = at_str_z(reps)};
    data.tables[1].binding =
        (struct at_source_binding){.kind = AT_FROM_FILE, .name = at_str_z(path), .path = at_str_z(path)};
    static struct sums sums;
    struct at_table_scan scan = {.on_batch = on_batch, .context = &sums};
    struct rusage before, after;
    struct timespec t0, t1;
    enum at_status status = at_table_dataset_load(&data, NULL);
    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &t0);
    if (status == AT_OK) status = at_table_dataset_scan(&data, 1, &scan);
    clock_gettime(CLOCK_MONOTONIC, &t1);
    getrusage(RUSAGE_SELF, &after);
    if (status != AT_OK) {
        static struct at_sink sink;
        struct at_diag_render_options options = {.limit = 10};
        at_sink_init(&sink, print, stderr);
        at_diag_render_text(&diags, &options, &sink);
        at_sink_flush(&sink);
        return 1;
    }
    uint64_t n = 0;
    __int128 cents = 0;
    for (int i = 0; i < 64; i++)
        n += sums.rows[i], cents += sums.amount[i];
    double wall = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
    printf("%lu rows, %lld.%02d in all; a row: user %.1f ns, system %.1f ns, wall %.1f ns; at most %ld kB\n",
           (unsigned long)n, (long long)(cents / 100), (int)(cents % 100),
           (seconds(after.ru_utime) - seconds(before.ru_utime)) * 1e9 / (double)n,
           (seconds(after.ru_stime) - seconds(before.ru_stime)) * 1e9 / (double)n, wall * 1e9 / (double)n,
           after.ru_maxrss);
    at_arena_free(&arena);
    free(reps);
    return 0;
}
