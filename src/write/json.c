/* write/json.c: writes results as one JSON object.
 *
 * Amounts are strings with all their decimals, because many readers convert JSON numbers to floats.
 */
#include "write/writer.h"

struct json {
    struct at_sink *out;
    bool first; /* the next member is the first */
};

static void open_list(struct json *j, const char *key, char bracket) {
    if (!j->first) at_sink_z(j->out, ",");
    at_sink_printf(j->out, "\n  \"%s\": %c", key, bracket);
    j->first = true;
}
static void close_list(struct json *j, const char *end) {
    at_sink_z(j->out, end);
    j->first = false;
}
static void next_item(struct json *j) {
    at_sink_z(j->out, j->first ? "\n    {" : ",\n    {");
    j->first = true;
}
static void put_key(struct json *j, const char *key) {
    at_sink_z(j->out, j->first ? "\"" : ", \"");
    at_sink_z(j->out, key);
    at_sink_z(j->out, "\": ");
    j->first = false;
}
static void put_text(struct json *j, const char *key, at_str text) {
    put_key(j, key);
    at_sink_json(j->out, text);
}
static void put_count(struct json *j, const char *key, uint64_t n) {
    put_key(j, key);
    at_sink_printf(j->out, "%llu", (unsigned long long)n);
}
static void put_amount(struct json *j, at_i128 minor, const struct at_currency_info *currency) {
    char amount[AT_MINOR_SIZE];
    put_key(j, "amount");
    at_sink_z(j->out, "\"");
    at_sink_put(j->out, amount, at_write_minor_write(amount, minor, currency->digits, false));
    at_sink_z(j->out, "\"");
    put_text(j, "currency", at_str_z(currency->code));
}
/* The amount that is paid, and, in the payee's currency, what it is in that of the policy. */
static void put_paid(struct json *j, at_i128 minor, const struct at_currency_info *own, at_i128 local,
                     at_currency currency) {
    char amount[AT_MINOR_SIZE];
    put_amount(j, currency ? local : minor, currency ? at_currency_info(currency) : own);
    if (!currency) return;
    put_text(j, "policy_amount",
             (at_str){amount, (uint32_t)at_write_minor_write(amount, minor, own->digits, false)});
    put_text(j, "policy_currency", at_str_z(own->code));
}
static void end_item(struct json *j) {
    at_sink_z(j->out, "}");
    j->first = false;
}

static void put_policies(struct json *j, const struct at_session_results *results) {
    open_list(j, "policies", '[');
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        next_item(j);
        put_text(j, "name", r->checked->name);
        put_count(j, "version", r->checked->version);
        put_text(j, "currency", at_str_z(r->currency->code));
        end_item(j);
    }
    close_list(j, "\n  ]");
}

static void put_lines(struct json *j, const struct at_session_results *results) {
    open_list(j, "lines", '[');
    for (uint64_t i = 0; i < results->n_lines && !j->out->error; i++) {
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, i, &run);
        const struct at_session_result_run *r = &results->runs[run];
        next_item(j);
        put_text(j, "payee", r->keys[line->payee]);
        if (r->labels[line->payee].n) put_text(j, "label", r->labels[line->payee]);
        put_text(j, "period", r->periods[line->period]);
        put_text(j, "component", r->run->plan->components[line->component].name);
        put_text(j, "line", line->key);
        put_paid(j, line->minor, r->currency, line->local, line->currency);
        if (line->cause == AT_LINE_CORRECTED) put_text(j, "corrects", r->periods[line->earned]);
        end_item(j);
    }
    close_list(j, results->n_lines ? "\n  ]" : "]");
}

static void put_payees(struct json *j, const struct at_session_results *results) {
    bool any = false;
    open_list(j, "payees", '[');
    for (uint32_t i = 0; i < results->n_payees && !j->out->error; i++) {
        const struct at_session_result_payee *payee = &results->payees[i];
        if (payee->run < 0 || !payee->wanted || (!payee->paid && !results->zeros)) continue;
        next_item(j);
        put_text(j, "payee", payee->key);
        if (payee->label.n) put_text(j, "label", payee->label);
        put_paid(j, payee->amount, results->runs[payee->run].currency, payee->local, payee->currency);
        end_item(j);
        any = true;
    }
    close_list(j, any ? "\n  ]" : "]");
}

static void put_components(struct json *j, const struct at_session_results *results) {
    open_list(j, "components", '[');
    for (uint32_t i = 0; i < results->n_components; i++) {
        const struct at_session_result_component *component = &results->components[i];
        const struct at_session_result_run *r = &results->runs[component->run];
        next_item(j);
        put_text(j, "policy", r->checked->name);
        put_text(j, "component", component->decl->name);
        if (component->decl->label.n) put_text(j, "label", component->decl->label);
        put_amount(j, component->amount, r->currency);
        end_item(j);
    }
    close_list(j, results->n_components ? "\n  ]" : "]");
}

static void put_totals(struct json *j, const struct at_session_results *results) {
    open_list(j, "totals", '[');
    for (uint32_t i = 0; i < results->n_totals; i++) {
        next_item(j);
        put_amount(j, results->totals[i].amount, at_currency_info(results->totals[i].currency));
        end_item(j);
    }
    close_list(j, "\n  ]");
}

static void put_paid_in(struct json *j, const struct at_session_results *results) {
    if (!results->n_paid_in) return;
    open_list(j, "paid", '[');
    for (uint32_t i = 0; i < results->n_paid_in; i++) {
        next_item(j);
        put_amount(j, results->paid[i].amount, at_currency_info(results->paid[i].currency));
        end_item(j);
    }
    close_list(j, "\n  ]");
}

static void put_withheld(struct json *j, const struct at_session_results *results, struct at_arena *scratch) {
    open_list(j, "withheld", '[');
    for (uint32_t i = 0; i < results->n_withheld; i++) {
        const struct at_session_result_withheld *w = &results->withheld[i];
        const struct at_session_result_run *r = &results->runs[w->run];
        const struct at_gather_exception *e = &r->run->exceptions[w->cell->exception];
        struct at_diag_place place = e->ast
                                         ? at_diag_sources_place(r->checked->ast->sources, e->ast->span.start)
                                         : (struct at_diag_place){0};
        next_item(j);
        put_text(j, "payee", at_session_withheld_key(r, w));
        put_text(j, "period", at_session_withheld_period(r, w));
        put_text(j, "code", at_str_z(at_diag_code_info(e->code)->name));
        struct at_arena_mark mark = at_arena_mark(scratch);
        put_text(j, "reason", at_words_reason_plain(scratch, &e->why));
        at_arena_reset(scratch, mark);
        if (e->file.n) {
            put_text(j, "file", e->file);
            put_count(j, "line", e->line);
        } else if (place.file) {
            put_text(j, "file", place.file->name);
            put_count(j, "line", place.line);
        }
        end_item(j);
    }
    close_list(j, results->n_withheld ? "\n  ]" : "]");
}

/* Amounts of pools that no member gets. */
static void put_rests(struct json *j, const struct at_session_results *results) {
    open_list(j, "not_paid", '[');
    for (uint32_t i = 0; i < results->n_rests; i++) {
        const struct at_session_result_rest *rest = &results->rests[i];
        const struct at_session_result_run *r = &results->runs[rest->run];
        next_item(j);
        put_text(j, "pool", r->run->plan->components[rest->component].name);
        put_text(j, "group", rest->group);
        put_text(j, "role", rest->role);
        put_text(j, "period", r->periods[rest->period]);
        put_amount(j, rest->minor, r->currency);
        end_item(j);
    }
    close_list(j, results->n_rests ? "\n  ]" : "]");
}

/* What is owed of draws at the end. */
static void put_balances(struct json *j, const struct at_session_results *results) {
    if (results->n_balances == 0) return;
    open_list(j, "balances", '[');
    for (uint64_t i = 0; i < results->n_balances; i++) {
        const struct at_session_result_balance *b = &results->balances[i];
        const struct at_session_result_run *r = &results->runs[b->run];
        next_item(j);
        put_text(j, "payee", r->keys[b->row]);
        put_text(j, "draw", b->draw->node->text);
        put_text(j, "period", r->periods[b->period]);
        if (b->known) put_amount(j, b->minor, r->currency);
        end_item(j);
    }
    close_list(j, "\n  ]");
}

struct json_held {
    struct json *j;
    const struct at_session_results *results;
    const struct at_session_result_run *run;
    uint32_t row;
    struct at_arena *scratch;
    bool open;
};

static void begin_held(void *context, uint32_t run, uint32_t row) {
    struct json_held *h = context;
    h->run = &h->results->runs[run];
    h->row = row;
}

static void put_one_held(void *context, const struct at_session_held *held) {
    struct json_held *h = context;
    if (!h->open) open_list(h->j, "held", '[');
    h->open = true;
    next_item(h->j);
    put_text(h->j, "payee", h->run->keys[h->row]);
    put_text(h->j, "component", h->run->run->plan->components[held->component].name);
    put_text(h->j, "line", held->key);
    put_text(h->j, "earned", h->run->periods[held->earned]);
    if (held->dated) put_text(h->j, "due", at_date_print(h->scratch, held->due));
    put_amount(h->j, held->minor, h->run->currency);
    end_item(h->j);
}

/* What is held of deals at the end. */
static void put_held(struct json *j, const struct at_session_results *results, struct at_arena *scratch) {
    struct json_held h = {.j = j, .results = results, .scratch = scratch};
    at_write_held_each(results, scratch, begin_held, &h, put_one_held);
    if (h.open) close_list(j, "\n  ]");
}

/* The parts of rows in the lines, if they are listed. */
static void put_deals(struct json *j, const struct at_session_results *results) {
    if (!results->by_deal) return;
    open_list(j, "deals", '[');
    for (uint64_t i = 0; i < results->n_parts && !j->out->error; i++) {
        const struct at_session_result_part *part = &results->parts[i];
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, part->line, &run);
        const struct at_session_result_run *r = &results->runs[run];
        next_item(j);
        put_text(j, "payee", r->keys[line->payee]);
        put_text(j, "period", r->periods[line->period]);
        put_text(j, "component", r->run->plan->components[line->component].name);
        put_text(j, "deal", part->key);
        put_amount(j, part->minor, line->currency ? at_currency_info(line->currency) : r->currency);
        put_text(j, "part", at_str_z(at_write_part_kind(part->how)));
        end_item(j);
    }
    close_list(j, results->n_parts ? "\n  ]" : "]");
}

/* What the run has not reached. */
static void put_waiting(struct json *j, const struct at_session_results *results) {
    open_list(j, "waiting", '[');
    for (uint32_t i = 0; i < results->n_waiting; i++) {
        const struct at_session_result_waiting *w = &results->waiting[i];
        next_item(j);
        put_text(j, "component", results->runs[w->run].run->plan->components[w->of->component].name);
        put_text(j, "period", w->period);
        put_count(j, "payouts", w->of->payouts);
        end_item(j);
    }
    close_list(j, results->n_waiting ? "\n  ]" : "]");
}

/* Policies of which it is not known whether something waits. Left out if there are none. */
static void put_unchecked(struct json *j, const struct at_session_results *results) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < results->n_runs; i++)
        n += results->runs[i].run->unchecked != AT_SESSION_CHECKED;
    if (n == 0) return;
    open_list(j, "waiting_unchecked", '[');
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        if (r->run->unchecked == AT_SESSION_CHECKED) continue;
        next_item(j);
        put_text(j, "policy", r->checked->name);
        put_text(j, "after", r->periods[r->run->n_regular - 1]);
        put_text(j, "because",
                 r->run->unchecked == AT_SESSION_CALLS_HOOKS ? AT_STR("hooks") : AT_STR("memory"));
        end_item(j);
    }
    close_list(j, "\n  ]");
}

/* The values of `show`: exact, and as people read them. Absent where no policy shows measures. */
static void put_shown(struct json *j, const struct at_session_results *results, struct at_arena *scratch) {
    if (!results->first_shown) return;
    open_list(j, "measures", '[');
    for (uint64_t i = 0; i < results->n_shown && !j->out->error; i++) {
        struct at_arena_mark mark = at_arena_mark(scratch);
        struct at_session_shown shown;
        at_arena_poll(scratch);
        at_session_shown_at(results, i, scratch, &shown);
        const struct at_session_result_run *r = &results->runs[shown.run];
        next_item(j);
        put_text(j, "payee", r->keys[shown.row]);
        put_text(j, "period", r->periods[shown.period]);
        put_text(j, "measure", shown.name);
        put_text(j, "label", shown.label);
        if (shown.known) {
            put_text(j, "value", shown.exact);
            put_text(j, "unit", shown.unit);
            put_text(j, "shown", at_write_shown_text(&shown, scratch));
        } else {
            put_text(j, "reason", at_write_shown_reason(&shown, scratch));
        }
        end_item(j);
        at_arena_reset(scratch, mark);
    }
    close_list(j, results->n_shown ? "\n  ]" : "]");
}

static void put_uncovered(struct json *j, const struct at_session_results *results) {
    open_list(j, "uncovered", '[');
    for (uint32_t i = 0; i < results->n_payees; i++) {
        if (results->payees[i].run >= 0) continue;
        if (!j->first) at_sink_z(j->out, ", ");
        at_sink_json(j->out, results->payees[i].key);
        j->first = false;
    }
    close_list(j, "]");
}

/* Days on which no policy covers a payee whom some policy covers on other days. */
static void put_gaps(struct json *j, const struct at_session_results *results, struct at_arena *scratch) {
    if (results->n_gaps == 0) return;
    open_list(j, "uncovered_days", '[');
    for (uint32_t i = 0; i < results->n_gaps; i++) {
        next_item(j);
        put_text(j, "payee", results->payees[results->gaps[i].payee].key);
        put_text(j, "from", at_date_print(scratch, results->gaps[i].from));
        put_text(j, "to", at_date_print(scratch, results->gaps[i].to));
        end_item(j);
    }
    close_list(j, "\n  ]");
}

static void put_summary(struct json *j, const struct at_session_results *results) {
    open_list(j, "summary", '{');
    put_count(j, "payees", results->n_payees);
    put_count(j, "payees_covered", results->n_covered);
    put_count(j, "payees_paid", results->n_paid);
    put_count(j, "periods", results->n_periods);
    put_count(j, "lines", results->n_lines);
    put_count(j, "withheld", results->n_withheld);
    put_count(j, "rows_credited", results->rows_credited);
    put_count(j, "rows_out_of_range", results->rows_out_of_range);
    put_count(j, "rows_not_covered", results->rows_uncovered);
    put_count(j, "rows_left_out", results->rows_left_out);
    close_list(j, "}");
}

void at_write_json(const struct at_session_results *results, const struct at_write_options *options,
                   struct at_arena *scratch, struct at_sink *out) {
    struct json j = {out, true};
    (void)options;
    at_sink_z(out, "{");
    put_policies(&j, results);
    put_lines(&j, results);
    put_payees(&j, results);
    put_components(&j, results);
    put_shown(&j, results, scratch);
    put_totals(&j, results);
    put_paid_in(&j, results);
    put_withheld(&j, results, scratch);
    put_rests(&j, results);
    put_balances(&j, results);
    put_held(&j, results, scratch);
    put_deals(&j, results);
    put_waiting(&j, results);
    put_unchecked(&j, results);
    put_uncovered(&j, results);
    put_gaps(&j, results, scratch);
    put_summary(&j, results);
    at_sink_z(out, "\n}\n");
}
