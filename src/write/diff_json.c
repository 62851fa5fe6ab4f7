/* write/diff_json.c: writes a difference as one JSON object. Amounts are texts with exact decimals. */
#include "base/numtext.h"
#include "write/diff_decision.h"

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
        int64_t number = at_write_diff_cause_of(diff, i);
        if (number >= 0) at_sink_printf(json->out, "\"number\": %lld, ", (long long)number + 1);
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
        at_sink_printf(json->out, "\"number\": %u, ", k + 1);
        text(json, "words", causes[k], ", ");
        amount(json, "amount", cause->minor, ", ");
        at_sink_printf(json->out, "\"gainers\": %u, \"losers\": %u, \"withholds\": %u, ", cause->gainers,
                       cause->losers, cause->newly);
        amount(json, "gain", cause->gain, ", ");
        amount(json, "loss", cause->loss, "");
        if (cause->quiet) {
            at_sink_z(json->out, ", ");
            text(json, "quiet", at_write_diff_quiet(diff, json->arena, cause), "");
        }
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

/* What could be gained by other choices for deals, in the old version and in the new one. */
static void write_games(struct json *json) {
    const struct at_diff_decision *decision = json->diff->decision;
    if (!decision || !decision->games[0].known || !decision->games[1].known) return;
    at_sink_z(json->out, "  \"game\": [");
    for (int s = 0; s < 2; s++) {
        const struct at_diff_gamed *game = &decision->games[s];
        at_sink_z(json->out, s ? ", {" : "{");
        amount(json, "gain", game->gain, ", ");
        amount(json, "pay", game->pay, ", ");
        at_sink_printf(json->out, "\"deals\": %llu, \"deals_gaining\": %llu}",
                       (unsigned long long)game->deals, (unsigned long long)game->gaining);
    }
    at_sink_z(json->out, "],\n");
}

/* ---- what a reviewer decides by */

static void write_limits(struct json *json) {
    const struct at_diff_decision *decision = json->diff->decision;
    at_sink_z(json->out, "  \"limits\": [");
    for (uint32_t i = 0; i < decision->n_limits; i++) {
        const struct at_diff_limit *limit = &decision->limits[i];
        const struct at_diff_limit_value *shown = at_write_diff_limit_shown(limit);
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "limit", limit->text, ", ");
        at_sink_printf(json->out, "\"exceeded\": %s, \"count\": %u, ", limit->n_exceed ? "true" : "false",
                       limit->n_exceed);
        text(json, "value", at_write_diff_limit_value(json->diff, json->arena, limit, shown), ", ");
        if (shown->found && shown->payee != UINT32_MAX)
            text(json, "payee", json->diff->payees[shown->payee].key, ", ");
        if (shown->found && shown->one_period)
            text(json, "period", at_write_diff_period(json->diff, shown->period), ", ");
        text(json, "where", at_write_diff_limit_where(json->diff, json->arena, limit), "}");
    }
    at_sink_z(json->out, "],\n");
}

static void write_newly(struct json *json) {
    const struct at_diff *diff = json->diff;
    at_sink_z(json->out, "  \"newly_withheld\": [");
    for (uint32_t i = 0; i < diff->n_newly; i++) {
        const struct at_diff_newly *newly = &diff->newly[i];
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "payee", diff->payees[newly->payee].key, ", ");
        text(json, "period", at_write_diff_period(diff, newly->period), ", ");
        amount(json, "old", newly->minor, ", ");
        text(json, "reason", at_write_diff_reason(diff, json->arena, newly), ", \"causes\": [");
        bool first = true;
        for (uint32_t k = 0; k < 64; k++) {
            if (!(newly->causes >> k & 1)) continue;
            at_sink_printf(json->out, first ? "%u" : ", %u", k + 1);
            first = false;
        }
        at_sink_z(json->out, "]}");
    }
    at_sink_z(json->out, "],\n");
}

static void write_groups(struct json *json) {
    const struct at_diff_groups *groups = &json->diff->decision->groups;
    at_sink_z(json->out, "  ");
    text(json, "group_field", groups->field, ",\n  \"groups\": [");
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct at_diff_group *group = &groups->at[g];
        at_sink_z(json->out, g ? ",\n    {" : "\n    {");
        text(json, "name", group->name, ", ");
        at_sink_printf(json->out, "\"payees\": %u, \"gainers\": %u, \"losers\": %u, ", group->payees,
                       group->gainers, group->losers);
        amount(json, "gain", group->gain, ", ");
        amount(json, "loss", group->loss, ", ");
        amount(json, "old", group->like[0], ", ");
        amount(json, "new", group->like[1], "}");
    }
    at_sink_z(json->out, "],\n");
}

static void write_periods(struct json *json) {
    const struct at_diff *diff = json->diff;
    at_sink_z(json->out, "  \"periods\": [");
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        const struct at_diff_span *span = &diff->decision->spans[p];
        at_sink_z(json->out, p ? ",\n    {" : "\n    {");
        text(json, "period", diff->periods[p], ", ");
        at_sink_printf(json->out, "\"gainers\": %u, \"losers\": %u, \"newly_withheld\": %u, ", span->gainers,
                       span->losers, span->newly);
        amount(json, "old", span->like[0], ", ");
        amount(json, "new", span->like[1], "}");
    }
    at_sink_z(json->out, "],\n");
}

static void exact(struct json *json, const char *name, at_num value, const char *end) {
    text(json, name, at_num_print(json->arena, value), end);
}

/* Exact numbers, before rounding: as texts, because a fraction has no end. */
static void write_cliff(struct json *json, const struct at_diff_cliff *cliff) {
    const struct at_diff_cliffs *cliffs = json->diff->decision->cliffs;
    at_sink_z(json->out, "\"cliff\": {");
    text(json, "component", cliff->component, ", ");
    text(json, "measure", cliff->measure, ", ");
    exact(json, "from", cliff->low, ", ");
    exact(json, "to", cliff->high, ", ");
    if (at_diff_cliff_ends(cliff, json->arena)) {
        exact(json, "before", cliff->before, ", ");
        exact(json, "after", cliff->after, ", ");
    }
    text(json, "period", cliffs->period, ", ");
    at_sink_printf(json->out, "\"payees\": %u, \"near\": %u, \"looked_at\": %u}, ", cliff->n_payees,
                   cliff->n_near, cliffs->n_payees);
}

static void write_risks(struct json *json) {
    static const char *const targets[] = {[AT_TARGET_WITHHELD] = "withheld",
                                          [AT_TARGET_SUMMARY] = "summary",
                                          [AT_TARGET_PAYEE] = "payees",
                                          [AT_TARGET_GROUPS] = "groups",
                                          [AT_TARGET_EDITS] = "edits"};
    const struct at_diff_decision *decision = json->diff->decision;
    at_sink_z(json->out, "  \"risks\": [");
    for (uint32_t i = 0; i < decision->n_risks; i++) {
        const struct at_diff_risk *risk = &decision->risks[i];
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "text", at_write_diff_risk(json->diff, json->arena, risk), ", ");
        if (risk->payee != UINT32_MAX) text(json, "payee", json->diff->payees[risk->payee].key, ", ");
        if (risk->cliff) write_cliff(json, risk->cliff);
        text(json, "see", at_str_z(targets[risk->target]), "}");
    }
    at_sink_z(json->out, "],\n");
}

static void write_sources(struct json *json) {
    const struct at_diff_decision *decision = json->diff->decision;
    at_sink_z(json->out, "  \"sources\": [");
    for (uint32_t i = 0; i < decision->n_files; i++) {
        const struct at_diff_file *file = &decision->files[i];
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "file", file->name, ", ");
        at_sink_printf(json->out, "\"old\": %s, \"new\": %s", file->of[0] ? "true" : "false",
                       file->of[1] ? "true" : "false");
        if (file->revision.n) {
            at_sink_z(json->out, ", ");
            text(json, "revision", file->revision, ", ");
            text(json, "commit", file->commit, "");
        }
        if (file->data) at_sink_printf(json->out, ", \"rows\": %llu", (unsigned long long)file->rows);
        if (file->sha256[0]) at_sink_printf(json->out, ", \"sha256\": \"%s\"", file->sha256);
        at_sink_z(json->out, "}");
    }
    at_sink_z(json->out, "],\n");
    if (decision->command.n) at_sink_z(json->out, "  ");
    if (decision->command.n) text(json, "command", decision->command, ",\n");
}

/* The other formats begin with the same. */
static void write_decision(struct json *json) {
    static const char *const verdicts[] = {[AT_VERDICT_OK] = "ok",
                                           [AT_VERDICT_OPEN] = "no limits",
                                           [AT_VERDICT_CHECK] = "check",
                                           [AT_VERDICT_STOP] = "stop"};
    const struct at_diff *diff = json->diff;
    const struct at_diff_decision *decision = diff->decision;
    at_sink_printf(json->out, "\"verdict\": \"%s\",\n  ", verdicts[decision->verdict]);
    text(json, "line", at_write_diff_verdict(diff, json->arena), ",\n  ");
    text(json, "sentence", at_write_diff_sentence(diff, json->arena), ",\n");
    text(json, "because", at_write_diff_because(diff, json->arena), ",\n");
    write_limits(json);
    write_risks(json);
    at_sink_z(json->out, "  \"like_for_like\": {");
    amount(json, "old", diff->like[0], ", ");
    amount(json, "new", diff->like[1], ", ");
    amount(json, "delta", diff->like[1] - diff->like[0], "");
    if (decision->yearly) at_sink_z(json->out, ", ");
    if (decision->yearly) amount(json, "year", decision->for_year, "");
    at_sink_z(json->out, "},\n  ");
}

void at_write_diff_json(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    struct json json = {diff, scratch, out};
    (void)options;
    at_sink_z(out, "{\n  ");
    write_decision(&json);
    text(&json, "policy", diff->checked[1]->name, ",\n  ");
    at_sink_printf(out, "\"versions\": [%u, %u],\n  ", diff->checked[0]->version, diff->checked[1]->version);
    text(&json, "currency", at_str_z(at_currency_info(diff->currency)->code), ",\n  ");
    amount(&json, "old", diff->minor[0], ",\n  ");
    amount(&json, "new", diff->minor[1], ",\n  ");
    amount(&json, "delta", diff->minor[1] - diff->minor[0], ",\n  ");
    number(&json, "credited_old", diff->credited[0]);
    number(&json, "credited_new", diff->credited[1]);
    at_sink_printf(out,
                   "\"more\": %u,\n  \"less\": %u,\n  \"same_in_total\": %u,\n  \"withheld_in_one\": %u,\n  "
                   "\"same\": %u,\n",
                   diff->n_winners, diff->n_losers, diff->n_moved, diff->n_held, diff->n_same);
    at_sink_printf(out, "  \"withheld\": [%u, %u],\n", diff->n_withheld[0], diff->n_withheld[1]);
    at_sink_printf(out, "  \"unplaced\": [%u, %u],\n", diff->n_unplaced[0], diff->n_unplaced[1]);
    write_ends(&json);
    write_games(&json);
    write_newly(&json);
    write_groups(&json);
    write_periods(&json);
    write_sources(&json);
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
