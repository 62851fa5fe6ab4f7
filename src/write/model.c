/* write/model.c: what plans cost, as a table for each group with a column for each policy, and as JSON. */
#include "write/model.h"

#include "base/numtext.h"
#include "write/grid.h"
#include "write/plot_int.h"

struct writing {
    const struct at_write_report *r;
    const struct at_write_model *m;
};

static void line(const struct writing *w, at_str said) {
    at_sink_visible(w->r->out, at_words_sentence_plain(w->r->arena, said));
    at_sink_z(w->r->out, "\n");
}

static at_str share(const struct writing *w, at_num x) {
    const struct at_write_plot_axis axis = {.type = {.kind = AT_T_NUMBER, .unit = AT_UNIT_PERCENT}};
    return at_write_plot_value(&axis, x, w->r->words, w->r->arena);
}

static at_str money(const struct writing *w, at_num x) {
    const struct at_write_plot_axis axis = {.type = {.kind = AT_T_MONEY, .currency = w->m->currency}};
    return at_write_plot_value(&axis, x, w->r->words, w->r->arena);
}

/* The costs of a group; NULL: of all payees. */
static const struct at_write_model_cost *cost_of(const struct writing *w, uint32_t side,
                                                 const uint32_t *group) {
    const struct at_write_model_side *of = &w->m->sides[side];
    return group ? &of->groups[*group] : &of->all;
}

/* ---- text */

static void write_head(const struct writing *w, struct at_write_grid *grid) {
    uint32_t n = 0;
    at_str *head = at_write_grid_add(grid, AT_GRID_HEAD);
    head[n++] = at_words_word(w->r->words, AT_W_MODEL_ATTAINMENT);
    if (w->m->probabilities) head[n++] = at_words_word(w->r->words, AT_W_MODEL_PROBABILITY);
    for (uint32_t s = 0; s < w->m->n_sides; s++)
        head[n++] = w->m->n_sides > 1 ? w->m->sides[s].name : at_words_word(w->r->words, AT_W_MODEL_COST);
}

static void write_block(const struct writing *w, struct at_write_grid *grid, const uint32_t *group) {
    for (uint32_t i = 0; i < w->m->n_points; i++) {
        uint32_t n = 0;
        at_str *row = at_write_grid_add(grid, AT_GRID_ROW);
        row[n++] = share(w, w->m->points[i]);
        if (w->m->probabilities) row[n++] = share(w, w->m->probabilities[i]);
        for (uint32_t s = 0; s < w->m->n_sides; s++)
            row[n++] = money(w, cost_of(w, s, group)->cost[i]);
    }
    if (!w->m->probabilities) return;
    uint32_t n = 0;
    at_str *row = at_write_grid_add(grid, AT_GRID_SUM);
    row[n++] = at_words_word(w->r->words, AT_W_MODEL_EXPECTED);
    row[n++] = AT_STR("");
    for (uint32_t s = 0; s < w->m->n_sides; s++)
        row[n++] = money(w, cost_of(w, s, group)->expected);
}

static at_str group_name(const struct writing *w, uint32_t group) {
    at_str name = w->m->groups[group];
    return AT_SAY(w->r->arena, w->r->words, AT_W_MODEL_GROUP, w->m->by,
                  name.n ? name : at_words_word(w->r->words, AT_W_FAIR_EMPTY));
}

static void title(struct at_write_grid *grid, at_str name) {
    at_write_grid_add(grid, AT_GRID_TITLE)[0] = name;
}

static void write_grid(const struct writing *w) {
    struct at_write_grid grid;
    at_write_grid_init(&grid, w->r->arena, 1 + (w->m->probabilities != NULL) + w->m->n_sides, 1);
    grid.color = w->r->color;
    write_head(w, &grid);
    for (uint32_t g = 0; g < w->m->n_groups; g++) {
        title(&grid, group_name(w, g));
        write_block(w, &grid, &g);
    }
    if (w->m->n_groups) title(&grid, at_words_word(w->r->words, AT_W_MODEL_ALL));
    write_block(w, &grid, NULL);
    at_write_grid_print(&grid, w->r->out);
}

static at_str count(const struct writing *w, uint32_t n) {
    return at_str_format(w->r->arena, "%u", n);
}

/* What a reader must know of the amounts. */
static void write_notes(const struct writing *w) {
    for (uint32_t s = 0; s < w->m->n_sides; s++) {
        const struct at_write_model_side *side = &w->m->sides[s];
        if (side->without)
            line(w, AT_SAY(w->r->arena, w->r->words, AT_W_MODEL_WITHOUT, side->name, w->m->of,
                           count(w, side->without), w->m->vary));
        for (uint32_t i = 0; i < w->m->n_points; i++)
            if (side->all.unknown[i])
                line(w, AT_SAY(w->r->arena, w->r->words, AT_W_MODEL_UNKNOWN, side->name,
                               share(w, w->m->points[i]), count(w, side->all.unknown[i])));
    }
}

void at_write_model_text(const struct at_write_report *report, const struct at_write_model *model) {
    const struct writing w = {report, model};
    at_str when = model->first;
    if (!at_str_eq(when, model->last))
        when = AT_SAY(report->arena, report->words, AT_W_CURVE_SPAN, when, model->last);
    line(&w, AT_SAY(report->arena, report->words, AT_W_MODEL_TITLE, when, model->vary, model->of));
    at_sink_z(report->out, "\n");
    write_grid(&w);
    at_sink_z(report->out, "\n");
    write_notes(&w);
    line(&w, at_words_word(report->words, AT_W_MODEL_ROUNDING));
}

/* ---- JSON */

static void numbers(const struct writing *w, const char *name, const at_num *at) {
    at_sink_printf(w->r->out, "\"%s\":[", name);
    for (uint32_t i = 0; i < w->m->n_points; i++) {
        at_sink_z(w->r->out, i ? "," : "");
        at_sink_json(w->r->out, at_num_print(w->r->arena, at[i]));
    }
    at_sink_z(w->r->out, "]");
}

static void text(const struct writing *w, const char *name, at_str value) {
    at_sink_printf(w->r->out, "\"%s\":", name);
    at_sink_json(w->r->out, value);
    at_sink_z(w->r->out, ",");
}

static void write_cost(const struct writing *w, const struct at_write_model_cost *cost) {
    at_sink_printf(w->r->out, "\"payees\":%u,", cost->n_payees);
    numbers(w, "costs", cost->cost);
    at_sink_z(w->r->out, ",\"unknown\":[");
    for (uint32_t i = 0; i < w->m->n_points; i++)
        at_sink_printf(w->r->out, "%s%u", i ? "," : "", cost->unknown[i]);
    at_sink_z(w->r->out, "]");
    if (!w->m->probabilities) return;
    at_sink_z(w->r->out, ",\"expected\":");
    at_sink_json(w->r->out, at_num_print(w->r->arena, cost->expected));
}

static void write_side(const struct writing *w, const struct at_write_model_side *side) {
    at_sink_z(w->r->out, "{");
    text(w, "policy", side->name);
    at_sink_printf(w->r->out, "\"without_target\":%u,", side->without);
    write_cost(w, &side->all);
    at_sink_z(w->r->out, ",\"groups\":[");
    for (uint32_t g = 0; g < w->m->n_groups; g++) {
        at_sink_z(w->r->out, g ? ",\n{" : "\n{");
        text(w, "value", w->m->groups[g]);
        write_cost(w, &side->groups[g]);
        at_sink_z(w->r->out, "}");
    }
    at_sink_z(w->r->out, "]}");
}

void at_write_model_json(const struct at_write_report *report, const struct at_write_model *model) {
    const struct writing w = {report, model};
    const struct at_currency_info *info = at_currency_info(model->currency);
    at_sink_z(report->out, "{");
    text(&w, "vary", model->vary);
    text(&w, "of", model->of);
    text(&w, "by", model->by);
    text(&w, "currency", at_str_z(info ? info->code : ""));
    text(&w, "first_period", model->first);
    text(&w, "last_period", model->last);
    numbers(&w, "attainments", model->points);
    if (model->probabilities) {
        at_sink_z(report->out, ",");
        numbers(&w, "probabilities", model->probabilities);
    }
    at_sink_z(report->out, ",\"policies\":[");
    for (uint32_t s = 0; s < model->n_sides; s++) {
        at_sink_z(report->out, s ? ",\n" : "\n");
        write_side(&w, &model->sides[s]);
    }
    at_sink_z(report->out, "]}\n");
}
