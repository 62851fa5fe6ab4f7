/* write/model.c: what plans cost, as a table for each group with a column for each policy, and as JSON. */
#include "write/model.h"

#include "base/numtext.h"
#include "write/curves.h"
#include "write/grid.h"

struct writing {
    const struct at_write_report *r;
    const struct at_write_model *m;
};

static void line(const struct writing *w, at_str said) {
    at_sink_visible(w->r->out, at_words_sentence_plain(w->r->arena, said));
    at_sink_z(w->r->out, "\n");
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
        row[n++] = at_write_model_share(w->r, w->m->points[i]);
        if (w->m->probabilities) row[n++] = at_write_model_share(w->r, w->m->probabilities[i]);
        for (uint32_t s = 0; s < w->m->n_sides; s++)
            row[n++] = at_write_model_money(w->r, w->m, at_write_model_cost_of(w->m, s, group)->cost[i]);
    }
    if (!w->m->probabilities) return;
    uint32_t n = 0;
    at_str *row = at_write_grid_add(grid, AT_GRID_SUM);
    row[n++] = at_words_word(w->r->words, AT_W_MODEL_EXPECTED);
    row[n++] = AT_STR("");
    for (uint32_t s = 0; s < w->m->n_sides; s++)
        row[n++] = at_write_model_money(w->r, w->m, at_write_model_cost_of(w->m, s, group)->expected);
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
        title(&grid, at_write_model_group(w->r, w->m, g));
        write_block(w, &grid, &g);
    }
    if (w->m->n_groups) title(&grid, at_words_word(w->r->words, AT_W_MODEL_ALL));
    write_block(w, &grid, NULL);
    at_write_grid_print(&grid, w->r->out);
}

void at_write_model_text(const struct at_write_report *report, const struct at_write_model *model) {
    const struct writing w = {report, model};
    uint32_t n;
    const at_str *notes = at_write_model_notes(report, model, &n);
    line(&w, at_write_model_title(report, model));
    at_sink_z(report->out, "\n");
    write_grid(&w);
    at_sink_z(report->out, "\n");
    for (uint32_t i = 0; i < n; i++)
        line(&w, notes[i]);
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
    if (w->m->probabilities) {
        at_sink_z(w->r->out, ",\"expected\":");
        at_sink_json(w->r->out, at_num_print(w->r->arena, cost->expected));
    }
    if (cost->curve.n_pieces == 0) return;
    at_sink_printf(w->r->out, ",\"curve_is_exact\":%s,\"curve\":", cost->steps ? "false" : "true");
    at_write_curve_pieces(&cost->curve, w->r->arena, w->r->out);
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
    text(&w, "first_period", at_period_print(report->arena, model->first));
    text(&w, "last_period", at_period_print(report->arena, model->last));
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
