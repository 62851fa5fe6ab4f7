/* write/diff_json.c: writes a difference as one JSON object. Amounts are texts with exact decimals. */
#include "base/numtext.h"
#include "write/diff_writer.h"

struct json {
    const struct at_diff *diff;
    struct at_arena *arena;
    struct at_sink *out;
};

static void key(struct json *json, const char *name) {
    at_sink_printf(json->out, "\"%s\": ", name);
}

static void text(struct json *json, const char *name, at_str value, const char *end) {
    key(json, name);
    at_sink_json(json->out, value);
    at_sink_z(json->out, end);
}

static void amount(struct json *json, const char *name, at_i128 minor, const char *end) {
    char out[AT_MINOR_SIZE];
    size_t n = at_write_minor_write(out, minor, json->diff->digits, false);
    text(json, name, (at_str){out, (uint32_t)n}, end);
}

/* null where it has too many digits even for an exact number. */
static void number(struct json *json, const char *name, at_num value) {
    if (value.form == AT_NUM_OVERFLOW) {
        key(json, name);
        at_sink_z(json->out, "null,\n  ");
        return;
    }
    text(json, name, at_num_print_fixed(json->arena, value, json->diff->digits, false, NULL), ",\n  ");
}

static void write_edits(struct json *json) {
    const struct at_diff *diff = json->diff;
    at_sink_z(json->out, "  \"edits\": [");
    for (uint32_t i = 0; diff->edits && i < diff->edits->n; i++) {
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "subject", at_write_diff_subject_text(json->diff, json->arena, &diff->edits->at[i]), ", ");
        text(json, "change", at_write_diff_change_text(json->diff, json->arena, &diff->edits->at[i]), ", ");
        at_sink_printf(json->out, "\"pays\": %s}", diff->edits->at[i].pays ? "true" : "false");
    }
    at_sink_z(json->out, "],\n");
}

static void write_causes(struct json *json) {
    const struct at_diff *diff = json->diff;
    if (diff->n_causes == 0) return;
    const at_str *causes = at_write_diff_cause_texts(diff, json->arena);
    at_sink_printf(json->out, "  \"attribution\": \"%s\",\n  \"causes\": [",
                   diff->shapley ? "shapley" : "sequential");
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        const struct at_diff_cause *cause = &diff->causes[k];
        at_sink_z(json->out, k ? ",\n    {" : "\n    {");
        text(json, "words", causes[k], ", ");
        amount(json, "amount", cause->minor, "");
        if (cause->payee != UINT32_MAX) {
            at_sink_z(json->out, ", \"case\": {");
            text(json, "payee", diff->payees[cause->payee].key, ", ");
            text(json, "period", at_write_diff_period(diff, cause->period), ", ");
            at_sink_printf(json->out, "\"deals\": %llu, ", (unsigned long long)cause->deals);
            amount(json, "before", cause->before, ", ");
            amount(json, "after", cause->after, "}");
        }
        at_sink_z(json->out, "}");
    }
    at_sink_z(json->out, "],\n");
}

static void write_row(struct json *json, uint64_t r) {
    const struct at_diff *diff = json->diff;
    const struct at_diff_row *row = &diff->rows[r];
    text(json, "payee", diff->payees[row->payee].key, ", ");
    text(json, "period", at_write_diff_period(diff, row->period), ", ");
    text(json, "component", diff->components[row->component].name, ", ");
    amount(json, "old", row->minor[0], ", ");
    amount(json, "new", row->minor[1], ", ");
    amount(json, "delta", (at_i128)row->minor[1] - row->minor[0], "");
    if (row->withheld[0] || row->withheld[1])
        at_sink_printf(json->out, ", \"withheld\": \"%s\"",
                       row->withheld[0] && row->withheld[1] ? "both"
                       : row->withheld[0]                   ? "old"
                                                            : "new");
    if (diff->n_causes) {
        at_sink_z(json->out, ", \"parts\": [");
        for (uint32_t k = 0; k < diff->n_causes; k++) {
            char out[AT_MINOR_SIZE];
            size_t n = at_write_minor_write(out, diff->parts[r * diff->n_causes + k], diff->digits, false);
            if (k) at_sink_z(json->out, ", ");
            at_sink_json(json->out, (at_str){out, (uint32_t)n});
        }
        at_sink_z(json->out, "]");
    }
}

/* What each version has not reached: a list for the old one, and one for the new one; null: not checked. */
static void write_ends(struct json *json) {
    const struct at_diff *diff = json->diff;
    at_sink_z(json->out, "  \"paid_to\": [");
    at_sink_json(json->out, diff->paid_to[0]);
    at_sink_z(json->out, ", ");
    at_sink_json(json->out, diff->paid_to[1]);
    at_sink_z(json->out, "],\n  \"waiting\": [");
    for (int s = 0; s < 2; s++) {
        at_sink_z(json->out, s ? ", " : "");
        at_sink_z(json->out, diff->unchecked[s] ? "null" : "[");
        for (uint32_t i = 0; i < diff->n_waiting[s] && !diff->unchecked[s]; i++) {
            at_sink_z(json->out, i ? ", {" : "{");
            text(json, "component", diff->waiting[s][i].component, ", ");
            text(json, "period", diff->waiting[s][i].period, ", ");
            at_sink_printf(json->out, "\"payouts\": %llu}", (unsigned long long)diff->waiting[s][i].payouts);
        }
        at_sink_z(json->out, diff->unchecked[s] ? "" : "]");
    }
    at_sink_z(json->out, "],\n");
}

void at_write_diff_json(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    struct json json = {diff, scratch, out};
    (void)options;
    at_sink_z(out, "{\n  ");
    text(&json, "policy", diff->checked[1]->name, ",\n  ");
    at_sink_printf(out, "\"versions\": [%u, %u],\n  ", diff->checked[0]->version, diff->checked[1]->version);
    text(&json, "currency", at_str_z(at_currency_info(diff->currency)->code), ",\n  ");
    amount(&json, "old", diff->minor[0], ",\n  ");
    amount(&json, "new", diff->minor[1], ",\n  ");
    amount(&json, "delta", diff->minor[1] - diff->minor[0], ",\n  ");
    number(&json, "credited_old", diff->credited[0]);
    number(&json, "credited_new", diff->credited[1]);
    at_sink_printf(out, "\"more\": %u,\n  \"less\": %u,\n  \"same_in_total\": %u,\n  \"same\": %u,\n",
                   diff->n_winners, diff->n_losers, diff->n_moved, diff->n_same);
    at_sink_printf(out, "  \"withheld\": [%u, %u],\n", diff->n_withheld[0], diff->n_withheld[1]);
    at_sink_printf(out, "  \"unplaced\": [%u, %u],\n", diff->n_unplaced[0], diff->n_unplaced[1]);
    write_ends(&json);
    write_edits(&json);
    write_causes(&json);
    at_sink_z(out, "  \"rows\": [");
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        struct at_arena_mark mark = at_arena_mark(scratch);
        at_sink_z(out, r ? ",\n    {" : "\n    {");
        write_row(&json, r);
        at_sink_z(out, "}");
        at_arena_reset(scratch, mark);
    }
    at_sink_z(out, "]\n}\n");
}
