/* write/solution.c: which numbers give the pay that is asked for. A number that is not rational is written to
 * within a millionth of the range, and JSON has a member for it. */
#include "write/solution.h"

#include "base/numtext.h"
#include "base/visible.h"
#include "words/words.h"
#include "write/plot_int.h"

struct writing {
    const struct at_write_solution *s;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
};

/* A number in the interval of a point, which is as narrow as readers need. */
static at_num near(const struct writing *w, struct at_poly_point at) {
    at_num most = at_num_div(w->arena, at_num_sub(w->arena, w->s->to, w->s->from), at_num_int(1000000));
    while (!at.exact && at_num_cmp(w->arena, at_num_sub(w->arena, at.high, at.low), most) > 0)
        at_poly_refine(w->arena, &at);
    return at.low;
}

static at_str shown(const struct writing *w, const struct at_write_plot_axis *axis, at_num x, bool exact) {
    at_str text = at_write_plot_value(axis, x, w->words, w->arena);
    bool about = text.n >= 3 && memcmp(text.p, "≈", 3) == 0;
    return exact || about ? text : at_str_format(w->arena, "≈%.*s", AT_STR_ARG(text));
}

static at_str end_of(const struct writing *w, struct at_poly_point at) {
    return shown(w, &w->s->x, near(w, at), at.exact);
}

static void say(const struct writing *w, at_str said) {
    at_sink_visible(w->out, at_words_sentence_plain(w->arena, said));
    at_sink_z(w->out, "\n");
}

static bool is_number(const struct at_curve_stretch *stretch) {
    return stretch->low.exact && stretch->high.exact
               ? at_num_cmp(NULL, stretch->low.low, stretch->high.low) == 0
               : stretch->with_low && stretch->with_high && stretch->low.of.c == stretch->high.of.c &&
                     at_num_cmp(NULL, stretch->low.low, stretch->high.low) == 0;
}

static at_str stretch_text(const struct writing *w, const struct at_curve_stretch *stretch) {
    at_str low = end_of(w, stretch->low), high = end_of(w, stretch->high);
    if (is_number(stretch)) return AT_SAY(w->arena, w->words, AT_W_SOLVE_AT, low);
    if (!stretch->with_low) low = AT_SAY(w->arena, w->words, AT_W_SOLVE_ABOVE, low);
    if (!stretch->with_high) high = AT_SAY(w->arena, w->words, AT_W_SOLVE_BELOW, high);
    return AT_SAY(w->arena, w->words, AT_W_SOLVE_RANGE, low, high);
}

static void nothing(const struct writing *w) {
    const struct at_curve_solution *found = &w->s->found;
    at_str from = shown(w, &w->s->x, w->s->from, true), to = shown(w, &w->s->x, w->s->to, true);
    say(w, AT_SAY(w->arena, w->words, AT_W_SOLVE_NONE, w->s->vary, from, to, w->s->goal));
    if (found->none) return;
    at_str pay = shown(w, &w->s->y, found->pay, true), at = shown(w, &w->s->x, found->nearest, true);
    at_sink_z(w->out, "  ");
    say(w, AT_SAY(w->arena, w->words, found->reached ? AT_W_SOLVE_NEAREST : AT_W_SOLVE_NEARLY, pay, at));
}

void at_write_solution_text(const struct at_write_solution *solution, const struct at_words *words,
                            struct at_arena *scratch, struct at_sink *out) {
    const struct writing w = {solution, words, scratch, out};
    const struct at_curve_solution *found = &solution->found;
    if (found->n == 0) {
        nothing(&w);
    } else {
        say(&w, AT_SAY(scratch, words, AT_W_SOLVE_FOUND, solution->goal, solution->vary));
        for (uint32_t i = 0; i < found->n; i++) {
            at_sink_z(out, "  ");
            say(&w, stretch_text(&w, &found->at[i]));
        }
    }
    if (!found->unknown) return;
    at_sink_z(out, "  ");
    say(&w, at_words_word(words, AT_W_SOLVE_UNKNOWN));
}

/* ---- JSON */

static void number(const struct writing *w, const char *name, at_num x, const char *after) {
    at_sink_printf(w->out, "\"%s\":", name);
    at_sink_json(w->out, at_num_print(w->arena, x));
    at_sink_z(w->out, after);
}

static const char *yes(bool yes) {
    return yes ? "true" : "false";
}

void at_write_solution_json(const struct at_write_solution *solution, struct at_arena *scratch,
                            struct at_sink *out) {
    const struct writing w = {solution, NULL, scratch, out};
    const struct at_curve_solution *found = &solution->found;
    at_sink_z(out, "{\"vary\":");
    at_sink_json(out, solution->vary);
    at_sink_z(out, ",\"so_that\":");
    at_sink_json(out, solution->goal);
    at_sink_z(out, ",");
    number(&w, "from", solution->from, ",");
    number(&w, "to", solution->to, ",\"values\":[");
    for (uint32_t i = 0; i < found->n; i++) {
        const struct at_curve_stretch *at = &found->at[i];
        at_sink_z(out, i ? ",{" : "{");
        number(&w, "from", near(&w, at->low), ",");
        number(&w, "to", near(&w, at->high), "");
        at_sink_printf(out, ",\"with_from\":%s,\"with_to\":%s,\"exact\":%s}", yes(at->with_low),
                       yes(at->with_high), yes(at->low.exact && at->high.exact));
    }
    at_sink_z(out, "]");
    if (found->n == 0 && !found->none) {
        at_sink_z(out, ",\"nearest\":{");
        number(&w, "value", found->nearest, ",");
        number(&w, "pay", found->pay, "");
        at_sink_printf(out, ",\"reached\":%s}", yes(found->reached));
    }
    at_sink_printf(out, ",\"unknown\":%s}\n", yes(found->unknown));
}
