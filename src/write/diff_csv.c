/* write/diff_csv.c: writes differences, and the effects of edits on them, as CSV.
 *
 * A withheld payout is an empty cell, and counts as zero in the difference.
 */
#include "write/diff_writer.h"

struct csv {
    const struct at_diff *diff;
    const struct at_write_options *options;
    struct at_arena *arena;
    struct at_sink *out;
};

static void field(struct csv *csv, at_str text) {
    if (csv->options->safe_csv) text = at_write_csv_defuse(csv->arena, text);
    at_sink_csv(csv->out, text);
    at_sink_z(csv->out, ",");
}

static void amount(struct csv *csv, at_i128 minor, const char *end) {
    char text[AT_MINOR_SIZE];
    at_sink_put(csv->out, text, at_write_minor_write(text, minor, csv->diff->digits, false));
    at_sink_z(csv->out, end);
}

/* Empty where a version withholds it. */
static void side(struct csv *csv, const struct at_diff_row *row, int s) {
    if (row->withheld[s])
        at_sink_z(csv->out, ",");
    else
        amount(csv, row->minor[s], ",");
}

static void begin(struct csv *csv, const struct at_diff_row *row) {
    field(csv, csv->diff->payees[row->payee].key);
    field(csv, at_write_diff_period(csv->diff, row->period));
    field(csv, csv->diff->components[row->component].name);
}

static bool differs(const struct at_diff_row *row) {
    return row->minor[0] != row->minor[1] || row->withheld[0] != row->withheld[1];
}

void at_write_diff_csv(const struct at_diff *diff, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out) {
    struct csv csv = {diff, options, scratch, out};
    at_sink_z(out, "payee,period,component,old,new,delta\n");
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        struct at_arena_mark mark = at_arena_mark(scratch);
        if (!differs(row)) continue;
        begin(&csv, row);
        side(&csv, row, 0);
        side(&csv, row, 1);
        amount(&csv, (at_i128)row->minor[1] - row->minor[0], "\n");
        at_arena_reset(scratch, mark);
    }
}

void at_write_parts_csv(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    struct csv csv = {diff, options, scratch, out};
    const at_str *causes = at_write_diff_cause_texts(diff, scratch);
    at_sink_z(out, "payee,period,component,edit,amount\n");
    for (uint64_t r = 0; r < diff->n_rows; r++)
        for (uint32_t k = 0; k < diff->n_causes; k++) {
            at_i128 part = diff->parts[r * diff->n_causes + k];
            struct at_arena_mark mark = at_arena_mark(scratch);
            if (part == 0) continue;
            begin(&csv, &diff->rows[r]);
            field(&csv, causes[k]);
            amount(&csv, part, "\n");
            at_arena_reset(scratch, mark);
        }
}
