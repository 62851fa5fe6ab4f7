/* write/measures.c: writes the measures that policies show as CSV: a row for each payee, period, and measure.
 *
 * `value` is exact, a decimal or a fraction, in the unit of the next column. `shown` is for people. Where
 * there is no value, both are empty, and `reason` says why.
 */
#include "write/explain.h"
#include "write/writer.h"

#define HEADER "payee,period,measure,label,value,unit,shown,reason\n"

at_str at_write_shown_reason(const struct at_session_shown *shown, struct at_arena *arena) {
    if (shown->known) return AT_STR("");
    return shown->failed ? at_words_reason_plain(arena, &shown->why) : AT_STR("missing");
}

at_str at_write_shown_text(const struct at_session_shown *shown, struct at_arena *arena) {
    if (!shown->known) return AT_STR("");
    return at_words_sentence_plain(arena,
                                   at_words_write_operand(arena, at_words_find(AT_STR("en")), &shown->shown));
}

at_str at_write_explain_shown_value(const struct at_session_shown *shown, const struct at_words *words,
                                    struct at_arena *arena) {
    at_words_operand value = shown->failed ? at_words_because(arena, &shown->why) : shown->shown;
    return at_words_write_operand(arena, words, &value);
}

at_str at_write_explain_shown(const struct at_session_shown *shown, const struct at_words *words,
                              struct at_arena *arena) {
    return AT_SAY(arena, words, AT_W_IS, shown->label, at_write_explain_shown_value(shown, words, arena));
}

void at_write_measures(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out) {
    at_sink_z(out, HEADER);
    for (uint64_t i = 0; i < results->n_shown && !out->error; i++) {
        struct at_arena_mark mark = at_arena_mark(scratch);
        struct at_session_shown shown;
        at_arena_poll(scratch);
        at_session_shown_at(results, i, scratch, &shown);
        const struct at_session_result_run *r = &results->runs[shown.run];
        at_str fields[] = {r->keys[shown.row],
                           r->periods[shown.period],
                           shown.name,
                           shown.label,
                           shown.exact,
                           shown.unit,
                           at_write_shown_text(&shown, scratch),
                           at_write_shown_reason(&shown, scratch)};
        for (size_t k = 0; k < AT_COUNT(fields); k++) {
            /* A minus sign begins a number, which a spreadsheet does not run. */
            bool number = (k == 4 || k == 6) && at_plan_type_counts(shown.type);
            at_sink_csv(out,
                        options->safe_csv && !number ? at_write_csv_defuse(scratch, fields[k]) : fields[k]);
            at_sink_z(out, k + 1 < AT_COUNT(fields) ? "," : "\n");
        }
        at_arena_reset(scratch, mark);
    }
}
