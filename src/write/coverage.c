/* write/coverage.c: writes as CSV on which days no policy covers a payee, or two do. Days on which one policy
 * does are left out, so a file without rows means that each day is covered once. */
#include "write/writer.h"

struct coverage {
    const struct at_session_results *results;
    const struct at_write_options *options;
    struct at_arena *scratch;
    struct at_sink *out;
};

static void put_text(const struct coverage *c, at_str text) {
    at_sink_csv(c->out, c->options->safe_csv ? at_write_csv_defuse(c->scratch, text) : text);
    at_sink_z(c->out, ",");
}

/* An end that is open is empty. */
static void put_day(const struct coverage *c, at_date day) {
    bool open = day == AT_DATE_MIN || day == AT_DATE_MAX;
    put_text(c, open ? (at_str){0} : at_date_print(c->scratch, day));
}

static void put_row(const struct coverage *c, const struct at_session_result_days *days) {
    struct at_arena_mark mark = at_arena_mark(c->scratch);
    const struct at_session_results *results = c->results;
    at_arena_poll(c->scratch);
    put_text(c, results->payees[days->payee].key);
    put_day(c, days->from);
    put_day(c, days->to);
    put_text(c, days->first < 0 ? AT_STR("0") : AT_STR("2"));
    put_text(c, days->first < 0 ? (at_str){0} : results->runs[days->first].checked->name);
    at_str second = days->second < 0 ? (at_str){0} : results->runs[days->second].checked->name;
    at_sink_csv(c->out, c->options->safe_csv ? at_write_csv_defuse(c->scratch, second) : second);
    at_sink_z(c->out, "\n");
    at_arena_reset(c->scratch, mark);
}

void at_write_coverage(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out) {
    struct at_session_results all = *results;
    struct coverage c = {&all, options, scratch, out};
    at_session_results_find_days(&all, scratch);
    const bool *undecided = at_write_undecided(results, scratch);
    uint32_t gap = 0, twice = 0;
    at_sink_z(out, "payee,from,to,policies,first,second\n");
    for (uint32_t payee = 0; payee < all.n_payees && !out->error; payee++) {
        struct at_session_result_days never = {payee, -1, -1, all.first_day, all.last_day};
        if (all.payees[payee].run < 0 && !undecided[payee] && all.first_day <= all.last_day)
            put_row(&c, &never);
        while (gap < all.n_gaps && all.gaps[gap].payee == payee)
            put_row(&c, &all.gaps[gap++]);
        while (twice < all.n_twice && all.twice[twice].payee == payee)
            put_row(&c, &all.twice[twice++]);
    }
}
