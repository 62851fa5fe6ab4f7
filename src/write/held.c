/* write/held.c: writes what is held of deals at the end of a run as CSV:
 * payee,component,line,earned,held,currency,due. */
#include "base/date.h"
#include "base/money.h"
#include "write/writer.h"

struct writing {
    const struct at_session_result_run *run;
    const struct at_write_options *options;
    struct at_arena *scratch;
    struct at_sink *out;
    at_str payee;
};

static void put(const struct writing *w, at_str text) {
    at_sink_csv(w->out, w->options->safe_csv ? at_write_csv_defuse(w->scratch, text) : text);
    at_sink_z(w->out, ",");
}

static void put_row(void *context, const struct at_session_held *held) {
    const struct writing *w = context;
    char amount[AT_MINOR_SIZE];
    size_t n = at_write_minor_write(amount, held->minor, w->run->currency->digits, false);
    at_arena_poll(w->scratch);
    put(w, w->payee);
    put(w, w->run->run->plan->components[held->component].name);
    put(w, held->key);
    put(w, w->run->periods[held->earned]);
    put(w, (at_str){amount, n});
    at_sink_z(w->out, w->run->currency->code);
    at_sink_z(w->out, ",");
    if (held->dated) at_sink_csv(w->out, at_date_print(w->scratch, held->due));
    at_sink_z(w->out, "\n");
}

void at_write_held_each(const struct at_session_results *results, struct at_arena *scratch,
                        void (*begin)(void *context, uint32_t run, uint32_t row), void *context,
                        void (*visit)(void *context, const struct at_session_held *held)) {
    for (uint32_t i = 0; i < results->n_payees; i++)
        for (uint32_t r = 0; results->payees[i].wanted && r < results->n_runs; r++) {
            const struct at_session_run *run = results->runs[r].run;
            if (!at_session_results_cover(results, r, i) || !at_session_holds(run) || run->lines_end == 0)
                continue;
            uint32_t row = results->runs[r].row_of[i];
            struct at_arena_mark mark = at_arena_mark(scratch);
            begin(context, r, row);
            at_session_held_of(run, row, run->lines_end - 1, scratch, visit, context);
            at_arena_reset(scratch, mark);
        }
}

struct file {
    struct writing writing;
    const struct at_session_results *results;
};

static void begin_payee(void *context, uint32_t run, uint32_t row) {
    struct file *file = context;
    file->writing.run = &file->results->runs[run];
    file->writing.payee = file->writing.run->keys[row];
}

void at_write_held(const struct at_session_results *results, const struct at_write_options *options,
                   struct at_arena *scratch, struct at_sink *out) {
    struct file file = {{.options = options, .scratch = scratch, .out = out}, results};
    at_sink_z(out, "payee,component,line,earned,held,currency,due\n");
    at_write_held_each(results, scratch, begin_payee, &file, put_row);
}
