/* write/deals.c: writes the parts of rows in each line, as CSV. */
#include "base/money.h"
#include "write/writer.h"

const char *at_write_part_kind(uint8_t part) {
    return part == AT_PART_LINE ? "line" : part == AT_PART_PROPORTIONAL ? "proportional" : "none";
}

void at_write_deals(const struct at_session_results *results, const struct at_write_options *options,
                    struct at_arena *scratch, struct at_sink *out) {
    at_sink_z(out, "payee,period,component,deal,amount,currency,part\n");
    for (uint64_t i = 0; i < results->n_parts && !out->error; i++) {
        const struct at_session_result_part *part = &results->parts[i];
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, part->line, &run);
        const struct at_session_result_run *r = &results->runs[run];
        struct at_arena_mark mark = at_arena_mark(scratch);
        const at_str texts[] = {r->keys[line->payee], r->periods[line->period],
                                r->run->plan->components[line->component].name, part->key};
        char amount[48];
        const struct at_currency_info *paid = line->currency ? at_currency_info(line->currency) : r->currency;
        size_t n = at_money_write_minor(amount, part->minor, paid->digits);
        at_arena_poll(scratch);
        for (size_t k = 0; k < AT_COUNT(texts); k++) {
            at_sink_csv(out, options->safe_csv ? at_write_csv_defuse(scratch, texts[k]) : texts[k]);
            at_sink_z(out, ",");
        }
        at_sink_csv(out, (at_str){amount, n});
        at_sink_z(out, ",");
        at_sink_z(out, paid->code);
        at_sink_z(out, ",");
        at_sink_z(out, at_write_part_kind(part->how));
        at_sink_z(out, "\n");
        at_arena_reset(scratch, mark);
    }
}
