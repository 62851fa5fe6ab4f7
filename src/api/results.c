/* api/results.c: results as the host reads them: lines, totals, what was withheld, and all of it written. */
#include "api/handle.h"
#include "api/range.h"

/* Returns the code of the currency, or "" if there is none, but never NULL. */
static const char *code_of(const struct at_currency_info *info) {
    return info ? info->code : "";
}

/* Lines fit 64 bits each, but their sums may not. */
static attain_status narrow(at_i128 amount, int64_t *out) {
    return at_api_amount(amount, out) ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

const attain_diagnostics *attain_results_diagnostics(const attain_results *results) {
    return results ? &results->list : NULL;
}

uint64_t attain_results_line_count(const attain_results *results) {
    return results ? results->results.n_lines : 0;
}

/* A line belongs to a run, whose keys, labels, and currency it shares. */
attain_status(attain_results_line)(const attain_results *results, uint64_t index, attain_line *out,
                                   size_t size) {
    uint32_t run;
    if (!AT_OUT_FITS(out, size) || index >= attain_results_line_count(results)) return ATTAIN_USAGE;
    const struct at_settle_line *line = at_session_results_at(&results->results, index, &run);
    const struct at_session_result_run *r = &results->results.runs[run];
    const struct at_currency_info *paid = line->currency ? at_currency_info(line->currency) : r->currency;
    attain_line full = {.payee_key = at_api_text(r->keys[line->payee]),
                        .payee_label = at_api_text(r->labels[line->payee]),
                        .period = at_api_text(r->periods[line->period]),
                        .component = at_api_text(r->run->plan->components[line->component].name),
                        .line_key = at_api_text(line->key),
                        .amount = line->currency ? line->local : line->minor,
                        .digits = paid->digits,
                        .currency = code_of(paid),
                        .policy = run,
                        .earned_in = at_api_text(r->periods[line->earned]),
                        .cause = (attain_line_cause)line->cause,
                        .policy_amount = line->minor,
                        .policy_digits = r->currency->digits,
                        .policy_currency = code_of(r->currency)};
    return AT_OUT_PUT(out, size, full);
}

size_t attain_results_payee_count(const attain_results *results) {
    return results ? results->results.n_payees : 0;
}

/* run is -1 for a payee that no policy covers. The currency is then that of the first run. */
attain_status(attain_results_payee)(const attain_results *results, size_t index, attain_payee *out,
                                    size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_payee_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_payee *payee = &results->results.payees[index];
    const struct at_session_result_run *r = &results->results.runs[payee->run < 0 ? 0 : payee->run];
    const struct at_currency_info *paid = payee->currency ? at_currency_info(payee->currency) : r->currency;
    attain_payee full = {.key = at_api_text(payee->key),
                         .label = at_api_text(payee->label),
                         .covered = payee->run >= 0,
                         .policy = payee->run < 0 ? 0 : (uint32_t)payee->run,
                         .digits = paid->digits,
                         .currency = code_of(paid),
                         .policy_digits = r->currency->digits,
                         .policy_currency = code_of(r->currency)};
    attain_status status = narrow(payee->currency ? payee->local : payee->amount, &full.amount),
                  own = narrow(payee->amount, &full.policy_amount);
    if (status == ATTAIN_OK) status = own;
    AT_OUT_PUT(out, size, full);
    return status;
}

size_t attain_results_component_count(const attain_results *results) {
    return results ? results->results.n_components : 0;
}

attain_status(attain_results_component)(const attain_results *results, size_t index, attain_component *out,
                                        size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_component_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_component *component = &results->results.components[index];
    const struct at_currency_info *currency = results->results.runs[component->run].currency;
    attain_component full = {.name = at_api_text(component->decl->name),
                             .label = at_api_text(component->decl->label),
                             .policy = component->run,
                             .digits = currency->digits,
                             .currency = code_of(currency)};
    attain_status status = narrow(component->amount, &full.amount);
    AT_OUT_PUT(out, size, full);
    return status;
}

size_t attain_results_total_count(const attain_results *results) {
    return results ? results->results.n_totals : 0;
}

attain_status(attain_results_total)(const attain_results *results, size_t index, attain_total *out,
                                    size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_total_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_total *total = &results->results.totals[index];
    const struct at_currency_info *currency = at_currency_info(total->currency);
    attain_total full = {code_of(currency), currency ? currency->digits : 0, 0};
    attain_status status = narrow(total->amount, &full.amount);
    AT_OUT_PUT(out, size, full);
    return status;
}

size_t attain_results_paid_count(const attain_results *results) {
    return results ? results->results.n_paid_in : 0;
}

attain_status(attain_results_paid)(const attain_results *results, size_t index, attain_total *out,
                                   size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_paid_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_total *total = &results->results.paid[index];
    const struct at_currency_info *currency = at_currency_info(total->currency);
    attain_total full = {code_of(currency), currency ? currency->digits : 0, 0};
    attain_status status = narrow(total->amount, &full.amount);
    AT_OUT_PUT(out, size, full);
    return status;
}

size_t attain_results_withheld_count(const attain_results *results) {
    return results ? results->results.n_withheld : 0;
}

attain_status(attain_results_withheld)(const attain_results *results, size_t index, attain_withheld *out,
                                       size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_withheld_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_withheld *w = &results->results.withheld[index];
    const struct at_session_result_run *r = &results->results.runs[w->run];
    const struct at_api_reasons *reasons = &results->reasons[index];
    const struct at_gather_exception *e = reasons->first;
    struct at_diag_place place = {0};
    if (e->ast) place = at_diag_sources_place(r->checked->ast->sources, e->ast->span.start);
    attain_withheld full = {.payee_key = at_api_text(at_session_withheld_key(r, w)),
                            .payee_label = at_api_text(
                                w->cell->payee == UINT32_MAX ? (at_str){"", 0} : r->labels[w->cell->payee]),
                            .period = at_api_text(at_session_withheld_period(r, w)),
                            .code = at_diag_code_info(e->code)->name,
                            .reason = at_api_text(reasons->texts[0].text),
                            .file = at_api_text(place.file ? place.file->name : (at_str){"", 0}),
                            .line = place.line,
                            .column = place.column,
                            .policy = w->run,
                            .reason_count = reasons->n};
    /* An exception of a data row names the row instead of the expression. */
    if (e->file.n) {
        full.file = at_api_text(e->file);
        full.line = e->line;
        full.column = 0;
    }
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_results_reason)(const attain_results *results, size_t index, size_t reason,
                                     attain_reason *out, size_t size) {
    /* Version 0.2 had the struct without the fields of hooks. */
    if (!out || size < offsetof(attain_reason, lua_file)) return ATTAIN_USAGE;
    if (index >= attain_results_withheld_count(results)) return ATTAIN_USAGE;
    const struct at_api_reasons *reasons = &results->reasons[index];
    if (reason >= reasons->n) return ATTAIN_USAGE;
    const struct at_check_policy *checked =
        results->results.runs[results->results.withheld[index].run].checked;
    const struct at_gather_exception *e = &reasons->first[reason];
    const struct at_api_reason_text *texts = &reasons->texts[reason];
    struct at_api_range range =
        at_api_range_of(checked->ast->sources, e->ast ? e->ast->span : (at_span){0, 0});
    attain_reason full = {.code = at_diag_code_info(e->code)->name,
                          .text = at_api_text(texts->text),
                          .of = at_api_text(e->why.of),
                          .operand_count = texts->n,
                          .file = range.file,
                          .line = range.line,
                          .column = range.column,
                          .start = range.start,
                          .end = range.end,
                          .data_file = at_api_text(e->file),
                          .data_line = e->line};
    for (uint32_t k = 0; k < texts->n; k++)
        full.operands[k] = at_api_text(texts->operand[k]);
    if (e->hook) {
        full.lua_file = at_api_text(e->hook->file);
        full.lua_line = e->hook->line;
        full.trace = at_api_text(e->hook->trace);
    }
    return AT_OUT_PUT(out, size, full);
}

size_t attain_results_waiting_count(const attain_results *results) {
    return results ? results->results.n_waiting : 0;
}

attain_status(attain_results_waiting)(const attain_results *results, size_t index, attain_waiting *out,
                                      size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_waiting_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_waiting *w = &results->results.waiting[index];
    const struct at_session_run *run = results->results.runs[w->run].run;
    attain_waiting full = {.component = at_api_text(run->plan->components[w->of->component].name),
                           .period = at_api_text(w->period),
                           .payouts = w->of->payouts,
                           .policy = w->run};
    return AT_OUT_PUT(out, size, full);
}

size_t attain_results_rest_count(const attain_results *results) {
    return results ? results->results.n_rests : 0;
}

attain_status(attain_results_rest)(const attain_results *results, size_t index, attain_rest *out,
                                   size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_rest_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_rest *rest = &results->results.rests[index];
    const struct at_session_result_run *r = &results->results.runs[rest->run];
    attain_rest full = {.pool = at_api_text(r->run->plan->components[rest->component].name),
                        .group = at_api_text(rest->group),
                        .role = at_api_text(rest->role),
                        .period = at_api_text(r->periods[rest->period]),
                        .amount = rest->minor,
                        .digits = r->currency->digits,
                        .currency = r->currency->code,
                        .policy = rest->run};
    return AT_OUT_PUT(out, size, full);
}

/* ---- what is owed of draws */

uint64_t attain_results_balance_count(const attain_results *results) {
    return results ? results->results.n_balances : 0;
}

attain_status(attain_results_balance)(const attain_results *results, uint64_t index, attain_balance *out,
                                      size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_balance_count(results)) return ATTAIN_USAGE;
    const struct at_session_result_balance *b = &results->results.balances[index];
    const struct at_session_result_run *r = &results->results.runs[b->run];
    const struct at_ast_node *node = b->draw->node;
    attain_balance full = {.payee_key = at_api_text(r->keys[b->row]),
                           .payee_label = at_api_text(r->labels[b->row]),
                           .draw = at_api_text(node->text),
                           .label = at_api_text(node->text2.n ? node->text2 : node->text),
                           .period = at_api_text(r->periods[b->period]),
                           .known = b->known,
                           .amount = b->minor,
                           .digits = r->currency->digits,
                           .currency = r->currency->code,
                           .policy = b->run};
    return AT_OUT_PUT(out, size, full);
}

/* ---- parts of rows */

uint64_t attain_results_part_count(const attain_results *results) {
    return results ? results->results.n_parts : 0;
}

attain_status(attain_results_part)(const attain_results *results, uint64_t index, attain_part *out,
                                   size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_part_count(results)) return ATTAIN_USAGE;
    static const attain_part_kind kinds[] = {[AT_PART_LINE] = ATTAIN_PART_LINE,
                                             [AT_PART_PROPORTIONAL] = ATTAIN_PART_PROPORTIONAL,
                                             [AT_PART_NONE] = ATTAIN_PART_NONE};
    const struct at_session_result_part *part = &results->results.parts[index];
    uint32_t run;
    const struct at_settle_line *line = at_session_results_at(&results->results, part->line, &run);
    const struct at_session_result_run *r = &results->results.runs[run];
    const struct at_currency_info *paid = line->currency ? at_currency_info(line->currency) : r->currency;
    attain_part full = {.payee_key = at_api_text(r->keys[line->payee]),
                        .period = at_api_text(r->periods[line->period]),
                        .component = at_api_text(r->run->plan->components[line->component].name),
                        .row_key = at_api_text(part->key),
                        .kind = kinds[part->how],
                        .amount = part->minor,
                        .digits = paid->digits,
                        .currency = paid->code,
                        .line = part->line,
                        .policy = run};
    return AT_OUT_PUT(out, size, full);
}

/* ---- measures that are shown */

uint64_t attain_results_shown_count(const attain_results *results) {
    return results ? results->results.n_shown : 0;
}

void at_api_results_forget_shown(struct attain_results *results) {
    if (results->shown) at_api_handle_free(results->shown, sizeof *results->shown);
    results->shown = NULL;
}

struct reading {
    struct attain_results *results;
    uint64_t index;
    attain_shown *out;
};

/* Texts replace those of the call before, so that reading all values takes the memory of one. */
static attain_status read_shown(void *context) {
    const struct reading *reading = context;
    const struct at_session_results *results = &reading->results->results;
    struct at_arena *arena = &reading->results->shown->arena;
    struct at_session_shown shown;
    at_arena_reset(arena, (struct at_arena_mark){0});
    at_session_shown_at(results, reading->index, arena, &shown);
    const struct at_session_result_run *r = &results->runs[shown.run];
    *reading->out = (attain_shown){.payee_key = at_api_text(r->keys[shown.row]),
                                   .payee_label = at_api_text(r->labels[shown.row]),
                                   .period = at_api_text(r->periods[shown.period]),
                                   .measure = at_api_text(shown.name),
                                   .label = at_api_text(shown.label),
                                   .type = (attain_type)shown.type.kind,
                                   .exact = at_api_text(shown.exact),
                                   .unit = at_api_text(shown.unit),
                                   .shown = at_api_text(at_write_shown_text(&shown, arena)),
                                   .reason = at_api_text(at_write_shown_reason(&shown, arena)),
                                   .policy = shown.run};
    return ATTAIN_OK;
}

attain_status(attain_results_shown)(attain_results *results, uint64_t index, attain_shown *out, size_t size) {
    attain_shown full;
    struct reading reading = {results, index, &full};
    if (!AT_OUT_FITS(out, size) || index >= attain_results_shown_count(results)) return ATTAIN_USAGE;
    if (!results->shown) results->shown = at_api_handle_beside(&results->own, sizeof *results->shown);
    if (!results->shown) return at_api_handle_lack(&results->own);
    attain_status status = at_api_own_run(results->shown, read_shown, &reading);
    return status == ATTAIN_OK ? AT_OUT_PUT(out, size, full) : status;
}

attain_status(attain_results_summary)(const attain_results *results, attain_summary *out, size_t size) {
    if (!results || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_session_results *r = &results->results;
    attain_summary full = {.payees = r->n_payees,
                           .payees_covered = r->n_covered,
                           .payees_paid = r->n_paid,
                           .periods = r->n_periods,
                           .lines = r->n_lines,
                           .withheld = r->n_withheld,
                           .rows_credited = r->rows_credited,
                           .rows_out_of_range = r->rows_out_of_range,
                           .rows_not_covered = r->rows_uncovered,
                           .rows_left_out = r->rows_left_out};
    for (uint32_t i = 0; i < r->n_runs; i++)
        full.waiting_unchecked += r->runs[i].run->unchecked != AT_SESSION_CHECKED;
    return AT_OUT_PUT(out, size, full);
}

/* ---- writing: scratch memory of the call's own */

/* Several threads may write the same results, so nothing of the call is in the results. */
struct writing {
    struct at_api_own own;
    struct at_sink sink;
    const struct at_session_results *results;
    attain_results_format format;
    struct at_write_options options;
};

static attain_status write_inside(void *context) {
    struct writing *job = context;
    at_watch_show(&job->own.watch, AT_WATCH_WRITE, (at_str){0}, 0, 0);
    switch (job->format) {
    case ATTAIN_RESULTS_TABLE:
        at_write_table(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    case ATTAIN_RESULTS_CSV: at_write_csv(job->results, &job->options, &job->own.arena, &job->sink); break;
    case ATTAIN_RESULTS_JSON: at_write_json(job->results, &job->options, &job->own.arena, &job->sink); break;
    case ATTAIN_RESULTS_SUMMARY:
        at_write_summary(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    case ATTAIN_RESULTS_BALANCES:
        at_write_balances(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    case ATTAIN_RESULTS_DEALS:
        at_write_deals(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    case ATTAIN_RESULTS_HELD: at_write_held(job->results, &job->options, &job->own.arena, &job->sink); break;
    case ATTAIN_RESULTS_COVERAGE:
        at_write_coverage(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    case ATTAIN_RESULTS_MEASURES:
        at_write_measures(job->results, &job->options, &job->own.arena, &job->sink);
        break;
    default: return ATTAIN_USAGE;
    }
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

attain_status attain_results_write(const attain_results *results, attain_results_format format,
                                   const attain_results_options *options, attain_write_fn write,
                                   void *context) {
    bool refused = results && results->refused && format == ATTAIN_RESULTS_COVERAGE;
    if (!results || !write || (!results->done && !refused)) return ATTAIN_USAGE;
    if (options && !AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    const struct at_words *words =
        at_words_find(at_str_z(options && options->language ? options->language : ""));
    if (!words) return ATTAIN_USAGE;
    struct writing *job = at_api_handle_beside(&results->own, sizeof *job);
    if (!job) return at_api_handle_lack(&results->own);
    job->results = refused ? results->refused : &results->results;
    job->format = format;
    if (options)
        job->options =
            (struct at_write_options){options->width, options->color, options->safe_csv, NULL, NULL};
    job->options.words = words;
    at_api_own_watch(&job->own, options ? options->watch : NULL);
    at_sink_init(&job->sink, write, context);
    at_sink_stop(&job->sink, &job->own.arena);
    attain_status status = at_api_own_run(&job->own, write_inside, job);
    at_api_handle_free(job, sizeof *job);
    return status;
}
