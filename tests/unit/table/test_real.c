/* Real sales data, where it is at hand: figures from its README, and counts found by sqlite3. */
#include <unistd.h>

#include "fixture.h"

#define DATA "../shared/data/"

static bool absent(const char *path) {
    if (access(path, R_OK) == 0) return false;
    fprintf(stderr, "skipped: there is no %s\n", path);
    return true;
}

struct total {
    int64_t minor[64];
    uint64_t rows[64];
    int field;
};

static enum at_status add(void *context, unsigned part, const struct at_table_batch *batch,
                          struct at_arena *scratch) {
    struct total *total = context;
    for (uint32_t r = 0; r < batch->n; r++) {
        int64_t minor = 0;
        if (at_col_state(&batch->cols[total->field], r) == AT_STATE_OK)
            cr_assert(at_num_to_i64(scratch, at_col_num(&batch->cols[total->field], r), 2, &minor));
        total->minor[part] += minor;
    }
    total->rows[part] += batch->n;
    return AT_OK;
}

Test(real, order_lines_sum_to_the_cent) {
    if (absent(DATA "bikes/sales.csv")) return;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct fixture *f = fixture_new();
        f->threads = threads;
        fixture_file(f, "rep", "key:text* employee_id:text! name:text", DATA "bikes/salespeople.csv");
        fixture_file(
            f, "sale",
            "line:text* order_date:date product:ref2 salesperson:ref0 quantity:number unit_price:money "
            "amount:money cost:money",
            DATA "bikes/sales.csv");
        fixture_file(f, "product", "key:text* product:text standard_cost:money?", DATA "bikes/products.csv");
        fixture_file(f, "target", "rep:ref0.1=employee-id amount:money month:date", DATA "bikes/targets.csv");
        enum at_status status = fixture_load(f);
        cr_assert_eq(status, AT_OK, "%s", fixture_faults(f));
        struct total total = {.field = 6};
        struct at_table_scan scan = {.on_batch = add, .context = &total};
        status = at_table_dataset_scan(&f->data, 1, &scan);
        cr_assert_eq(status, AT_OK, "%s", fixture_faults(f));
        int64_t minor = 0;
        uint64_t rows = 0;
        for (int i = 0; i < 64; i++)
            minor += total.minor[i], rows += total.rows[i];
        cr_expect_eq(minor, INT64_C(7754857020)); /* 77,548,570.20 */
        cr_expect_eq(rows, 57851);
        struct total targets = {.field = 1};
        scan.context = &targets;
        cr_expect_eq(at_table_dataset_scan(&f->data, 3, &scan), AT_OK, "%s", fixture_faults(f));
        rows = 0;
        for (int i = 0; i < 64; i++)
            rows += targets.rows[i];
        cr_expect_eq(rows, 809);
        fixture_free(f);
    }
}

Test(real, products_that_are_nobody_are_all_reported) {
    if (absent(DATA "crm/sales_pipeline.csv")) return;
    struct fixture *f = fixture_new();
    f->diags.limit = 2000;
    f->threads = 2;
    fixture_file(f, "agent", "name:text*=sales-agent manager:text", DATA "crm/sales_teams.csv");
    fixture_file(
        f, "deal",
        "id:text*=opportunity-id agent:ref0=sales-agent product:ref2 account:text? "
        "stage:enum(Won|Lost|Engaging|Prospecting)=deal-stage close_date:date? value:money?=close-value",
        DATA "crm/sales_pipeline.csv");
    fixture_file(f, "product", "product:text* sales_price:money", DATA "crm/products.csv");
    cr_expect_eq(fixture_load(f), AT_OK, "%s", fixture_faults(f));
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    cr_expect_eq(f->diags.errors, 1480);
    cr_expect_eq(f->data.bad.n_rows, 1480);
    cr_expect_eq(f->diags.at[0]->place->row, 3);
    cr_expect_str_eq(f->diags.at[0]->message.p, "unknown product `GTXPro` in `product`");
    cr_expect_str_eq(f->diags.at[0]->help.p, "did you mean `GTX Pro`?");
    fixture_free(f);
}
