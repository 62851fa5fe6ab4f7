/* write/model_html.c: what plans cost, as a page: for all payees and for each group, a drawing of the cost as
 * a function of the share, with a line for each policy, what happens where, and the table of costs. */
#include "write/curves.h"
#include "write/model.h"
#include "write/plot_int.h"
#include "write/sheet.h"

enum { MOST_SHAPES = 12, MOST_DRAWN = 30 };

struct page {
    const struct at_write_report *r;
    const struct at_write_model *m;
    const uint32_t *group; /* NULL: all payees */
};

static const struct at_write_model_cost *cost_of(const struct page *p, uint32_t side) {
    return at_write_model_cost_of(p->m, side, p->group);
}

static at_str money(const struct page *p, at_num amount) {
    return at_write_model_money(p->r, p->m, amount);
}

/* ---- the drawing */

static void fix_range(const struct page *p, struct at_write_plot_axis *x) {
    const struct at_write_model *m = p->m;
    x->low = x->high = m->points[0];
    for (uint32_t i = 1; i < m->n_points; i++) {
        if (at_num_cmp(p->r->arena, m->points[i], x->low) < 0) x->low = m->points[i];
        if (at_num_cmp(p->r->arena, m->points[i], x->high) > 0) x->high = m->points[i];
    }
    x->fixed = at_num_cmp(p->r->arena, x->low, x->high) < 0;
}

static void draw(const struct page *p) {
    struct at_arena *arena = p->r->arena;
    const struct at_write_model *m = p->m;
    struct at_write_plot plot = {.about = at_write_sheet_plain(arena, at_write_model_title(p->r, m))};
    plot.x = (struct at_write_plot_axis){.name = at_words_word(p->r->words, AT_W_MODEL_ATTAINMENT),
                                         .type = {.kind = AT_T_NUMBER, .unit = AT_UNIT_PERCENT}};
    plot.y = (struct at_write_plot_axis){.name = at_words_word(p->r->words, AT_W_MODEL_COST),
                                         .type = {.kind = AT_T_MONEY, .currency = m->currency}};
    fix_range(p, &plot.x);
    plot.lines = AT_NEW_ARRAY(arena, struct at_write_plot_line, m->n_sides);
    plot.dots = AT_NEW_ARRAY(arena, struct at_write_plot_dot, (size_t)m->n_sides * m->n_points + 1);
    for (uint32_t s = 0; s < m->n_sides; s++) {
        const struct at_write_model_cost *cost = cost_of(p, s);
        plot.lines[plot.n_lines] = at_write_curve_line(&cost->curve, &cost->shapes, arena);
        plot.lines[plot.n_lines++].name = m->sides[s].name;
        for (uint32_t i = 0; i < m->n_points; i++)
            plot.dots[plot.n_dots++] = (struct at_write_plot_dot){
                .x = m->points[i], .y = cost->cost[i], .name = m->sides[s].name, .line = s};
    }
    at_write_plot_svg(&plot, p->r->words, false, arena, p->r->out);
}

/* ---- what happens where */

static at_str share(const struct page *p, at_num x, bool exact) {
    at_str text = at_write_model_share(p->r, x);
    bool about = text.n >= 3 && memcmp(text.p, "≈", 3) == 0;
    return exact || about ? text : at_str_format(p->r->arena, "≈%.*s", AT_STR_ARG(text));
}

static at_str jump(const struct page *p, const struct at_curve_shape *shape, at_str at) {
    struct at_arena *arena = p->r->arena;
    at_num size = at_num_sub(arena, shape->after, shape->before);
    at_str said = {"", 0};
    if (!at_num_is_zero(size))
        said = AT_SAY(arena, p->r->words, at_num_sign(size) > 0 ? AT_W_MODEL_JUMP_UP : AT_W_MODEL_JUMP_DOWN,
                      at, money(p, shape->before), money(p, shape->after), money(p, at_num_abs(arena, size)));
    if (!shape->own) return said;
    at_str own = AT_SAY(arena, p->r->words, AT_W_MODEL_POINT, at, money(p, shape->at));
    return at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(said), said.n ? " " : "", AT_STR_ARG(own));
}

static at_str shape_of(const struct page *p, const struct at_write_model_side *side,
                       const struct at_curve_shape *shape) {
    struct at_arena *arena = p->r->arena;
    const struct at_words *words = p->r->words;
    at_str low = share(p, shape->low, shape->exact), high = share(p, shape->high, shape->exact), source;
    at_num point = at_num_decimal(1, 2);
    switch ((enum at_curve_shape_kind)shape->kind) {
    case AT_CURVE_KINK:
        if (at_num_is_zero(shape->after)) return (at_str){"", 0}; /* the flat stretch has its own sentence */
        return AT_SAY(arena, words, AT_W_MODEL_KINK, low, money(p, at_num_mul(arena, shape->before, point)),
                      money(p, at_num_mul(arena, shape->after, point)));
    case AT_CURVE_JUMP: return jump(p, shape, low);
    case AT_CURVE_FLAT: return AT_SAY(arena, words, AT_W_MODEL_FLAT, low, high, money(p, shape->before));
    case AT_CURVE_FALL:
        return AT_SAY(arena, words, AT_W_MODEL_FALL, low, high, money(p, shape->before),
                      money(p, shape->after));
    case AT_CURVE_WITHHELD:
    case AT_CURVE_NOT: break;
    }
    source = at_write_curve_source(side->run, shape->blame, arena);
    if (at_str_eq(low, high)) return AT_SAY(arena, words, AT_W_MODEL_GAP_AT, low);
    if (source.n == 0) return AT_SAY(arena, words, AT_W_MODEL_GAP_SOME, low, high);
    return AT_SAY(arena, words, AT_W_MODEL_GAP, low, high, source);
}

static void add(const struct page *p, const struct at_write_model_side *side, at_str said, uint32_t *n) {
    if (said.n == 0 || (*n)++ >= MOST_SHAPES) return;
    if (p->m->n_sides > 1) said = AT_SAY(p->r->arena, p->r->words, AT_W_MODEL_GROUP, side->name, said);
    if (*n == 1) at_sink_z(p->r->out, "<ul>\n");
    at_write_sheet_sentence(p->r->out, "li", said);
}

/* A jump at an end of the range has only one side. */
static at_str end_of(const struct page *p, const struct at_write_model_cost *cost, uint32_t piece) {
    const struct at_curve_piece *at = &cost->curve.pieces[piece];
    if (!at->point || at->pay.kind != AT_CURVE_NUM || cost->curve.n_pieces < 2) return (at_str){"", 0};
    return AT_SAY(p->r->arena, p->r->words, AT_W_MODEL_POINT, share(p, at->low.low, true),
                  money(p, at_curve_at(p->r->arena, &at->pay, at->low.low)));
}

static void write_shapes(const struct page *p) {
    const struct at_words *words = p->r->words;
    uint32_t n = 0;
    for (uint32_t s = 0; s < p->m->n_sides; s++) {
        const struct at_write_model_side *side = &p->m->sides[s];
        const struct at_write_model_cost *cost = cost_of(p, s);
        at_str count = at_str_format(p->r->arena, "%u", cost->steps + 1);
        if (cost->curve.n_pieces == 0) continue;
        if (cost->steps) add(p, side, AT_SAY(p->r->arena, words, AT_W_MODEL_STEPS, count), &n);
        add(p, side, end_of(p, cost, 0), &n);
        for (uint32_t i = 0; i < cost->shapes.n; i++)
            add(p, side, shape_of(p, side, &cost->shapes.at[i]), &n);
        add(p, side, end_of(p, cost, cost->curve.n_pieces - 1), &n);
    }
    at_str left = at_str_format(p->r->arena, "%u", n > MOST_SHAPES ? n - MOST_SHAPES : 0);
    if (n > MOST_SHAPES)
        at_write_sheet_sentence(p->r->out, "li", AT_SAY(p->r->arena, words, AT_W_MODEL_MORE, left));
    if (n) at_sink_z(p->r->out, "</ul>\n");
}

/* ---- the table */

static uint32_t head_of(const struct page *p, at_str *cells) {
    uint32_t n = 0;
    cells[n++] = at_words_word(p->r->words, AT_W_MODEL_ATTAINMENT);
    if (p->m->probabilities) cells[n++] = at_words_word(p->r->words, AT_W_MODEL_PROBABILITY);
    for (uint32_t s = 0; s < p->m->n_sides; s++)
        cells[n++] = p->m->n_sides > 1 ? p->m->sides[s].name : at_words_word(p->r->words, AT_W_MODEL_COST);
    return n;
}

static void put_row(const struct page *p, const at_str *heads, const at_str *cells, uint32_t n) {
    if (n > 4)
        at_write_sheet_list_row(p->r->out, heads, cells, n, 1);
    else
        at_write_sheet_row(p->r->out, cells, n, 1);
}

static void write_table(const struct page *p) {
    at_str *heads = AT_NEW_ARRAY(p->r->arena, at_str, p->m->n_sides + 2),
           *cells = AT_NEW_ARRAY(p->r->arena, at_str, p->m->n_sides + 2);
    uint32_t n = head_of(p, heads);
    at_write_sheet_table(p->r->out, heads, n, 1);
    for (uint32_t i = 0; i < p->m->n_points; i++) {
        n = 0;
        cells[n++] = at_write_model_share(p->r, p->m->points[i]);
        if (p->m->probabilities) cells[n++] = at_write_model_share(p->r, p->m->probabilities[i]);
        for (uint32_t s = 0; s < p->m->n_sides; s++)
            cells[n++] = money(p, cost_of(p, s)->cost[i]);
        put_row(p, heads, cells, n);
    }
    if (p->m->probabilities) {
        n = 0;
        cells[n++] = at_words_word(p->r->words, AT_W_MODEL_EXPECTED);
        cells[n++] = AT_STR("");
        for (uint32_t s = 0; s < p->m->n_sides; s++)
            cells[n++] = money(p, cost_of(p, s)->expected);
        put_row(p, heads, cells, n);
    }
    at_write_sheet_table_end(p->r->out);
}

/* ---- the whole */

static void write_section(const struct page *p, bool drawn) {
    const struct at_words *words = p->r->words;
    at_str heading =
        p->group ? at_write_model_group(p->r, p->m, *p->group) : at_words_word(words, AT_W_MODEL_ALL);
    at_str people = at_str_format(p->r->arena, "%u", cost_of(p, 0)->n_payees);
    const at_str both[] = {heading, at_words_say_plain(p->r->arena, words, AT_W_MODEL_PAYEES, &people, 1)};
    at_write_sheet_section(p->r->out, at_words_say_plain(p->r->arena, words, AT_W_NAMED, both, 2));
    if (drawn) draw(p);
    if (drawn) write_shapes(p);
    write_table(p);
    at_write_sheet_section_end(p->r->out);
}

void at_write_model_html(const struct at_write_report *report, const struct at_write_model *model) {
    const struct page all = {report, model, NULL};
    uint32_t n;
    at_str title = at_write_sheet_plain(report->arena, at_write_model_title(report, model));
    const at_str *notes = at_write_model_notes(report, model, &n);
    at_write_sheet_begin(report->out, title, report->words, "attain model", report->arena);
    for (uint32_t i = 0; i < n; i++)
        at_write_sheet_note(report->out, at_write_sheet_plain(report->arena, notes[i]));
    write_section(&all, true);
    for (uint32_t g = 0; g < model->n_groups; g++) {
        const struct page page = {report, model, &g};
        write_section(&page, g < MOST_DRAWN);
    }
    at_write_sheet_end(report->out);
}
