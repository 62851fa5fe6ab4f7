/* write/balances.c: writes what payees owe of draws as CSV, in the format in which `opening` reads it. The
 * first column is called like the payee table of the first policy. */
#include "base/money.h"
#include "write/writer.h"

void at_write_balances(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out) {
    const struct at_check_policy *first = results->runs[0].checked;
    at_sink_csv(out, first->schemas[first->payee_table].name);
    at_sink_z(out, ",balance,amount\n");
    for (uint64_t i = 0; i < results->n_balances && !out->error; i++) {
        const struct at_session_result_balance *b = &results->balances[i];
        const struct at_session_result_run *r = &results->runs[b->run];
        struct at_arena_mark mark = at_arena_mark(scratch);
        at_str key = r->keys[b->row], name = b->draw->node->text;
        char amount[48];
        size_t n = b->known ? at_money_write_minor(amount, b->minor, r->currency->digits) : 0;
        at_arena_poll(scratch);
        at_sink_csv(out, options->safe_csv ? at_write_csv_defuse(scratch, key) : key);
        at_sink_z(out, ",");
        at_sink_csv(out, options->safe_csv ? at_write_csv_defuse(scratch, name) : name);
        at_sink_z(out, ",");
        at_sink_csv(out, (at_str){amount, n});
        at_sink_z(out, "\n");
        at_arena_reset(scratch, mark);
    }
}
