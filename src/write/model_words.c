/* write/model_words.c: the title, numbers, and notes of what plans cost, in words. */
#include "write/model.h"
#include "write/plot_int.h"

at_str at_write_model_title(const struct at_write_report *r, const struct at_write_model *m) {
    at_str when = at_words_period(r->arena, r->words, m->first),
           last = at_words_period(r->arena, r->words, m->last);
    if (!at_str_eq(when, last)) when = AT_SAY(r->arena, r->words, AT_W_CURVE_SPAN, when, last);
    return AT_SAY(r->arena, r->words, AT_W_MODEL_TITLE, when, m->vary, m->of);
}

at_str at_write_model_share(const struct at_write_report *r, at_num share) {
    const struct at_write_plot_axis axis = {.type = {.kind = AT_T_NUMBER, .unit = AT_UNIT_PERCENT}};
    return at_write_plot_value(&axis, share, r->words, r->arena);
}

at_str at_write_model_money(const struct at_write_report *r, const struct at_write_model *m, at_num amount) {
    const struct at_write_plot_axis axis = {.type = {.kind = AT_T_MONEY, .currency = m->currency}};
    return at_write_plot_value(&axis, amount, r->words, r->arena);
}

const struct at_write_model_cost *at_write_model_cost_of(const struct at_write_model *m, uint32_t side,
                                                         const uint32_t *group) {
    const struct at_write_model_side *of = &m->sides[side];
    return group ? &of->groups[*group] : &of->all;
}

at_str at_write_model_group(const struct at_write_report *r, const struct at_write_model *m, uint32_t group) {
    at_str name = m->groups[group];
    return AT_SAY(r->arena, r->words, AT_W_MODEL_GROUP, m->by,
                  name.n ? name : at_words_word(r->words, AT_W_FAIR_EMPTY));
}

static at_str count(const struct at_write_report *r, uint32_t n) {
    return at_str_format(r->arena, "%u", n);
}

at_str *at_write_model_notes(const struct at_write_report *r, const struct at_write_model *m, uint32_t *n) {
    at_str *notes = AT_NEW_ARRAY(r->arena, at_str, (size_t)(m->n_points + 1) * m->n_sides + 1);
    *n = 0;
    for (uint32_t s = 0; s < m->n_sides; s++) {
        const struct at_write_model_side *side = &m->sides[s];
        if (side->without)
            notes[(*n)++] = AT_SAY(r->arena, r->words, AT_W_MODEL_WITHOUT, side->name, m->of,
                                   count(r, side->without), m->vary);
        for (uint32_t i = 0; i < m->n_points; i++)
            if (side->all.unknown[i])
                notes[(*n)++] = AT_SAY(r->arena, r->words, AT_W_MODEL_UNKNOWN, side->name,
                                       at_write_model_share(r, m->points[i]), count(r, side->all.unknown[i]));
    }
    notes[(*n)++] = at_words_word(r->words, AT_W_MODEL_ROUNDING);
    return notes;
}
