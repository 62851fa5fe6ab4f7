/* api/model_points.c: reads the assumed shares: a range such as `60%..140%`, or a distribution, which is CSV
 * text with the columns attainment and probability. */
#include "api/model.h"
#include "api/vary.h"
#include "base/numtext.h"
#include "base/vec.h"

enum { MOST_TEXT = 100000 };

static const at_type percent = {.kind = AT_T_NUMBER, .unit = AT_UNIT_PERCENT};

/* ---- a range: its ends, and 80%, 100%, and 120% in it */

static bool read_range(struct at_diag_list *diags, const struct at_check_policy *checked, const char *text,
                       struct at_arena *arena, struct at_write_model *out) {
    static const int64_t usual[] = {8, 10, 12};
    at_num low, high;
    if (!at_api_vary_range(diags, checked, arena, text, percent, &low, &high)) return false;
    out->points = AT_NEW_ARRAY(arena, at_num, AT_COUNT(usual) + 2);
    out->points[out->n_points++] = low;
    for (size_t i = 0; i < AT_COUNT(usual); i++) {
        at_num at = at_num_decimal(usual[i], 1);
        if (at_num_cmp(arena, low, at) < 0 && at_num_cmp(arena, at, high) < 0)
            out->points[out->n_points++] = at;
    }
    out->points[out->n_points++] = high;
    return true;
}

/* ---- a distribution */

struct reading {
    struct at_diag_list *diags;
    const struct at_check_policy *checked;
    struct at_arena *arena;
    at_str name, rest;
    uint64_t line; /* of the text that was taken last */
    at_num sum;
    AT_VEC(at_num) points;
    AT_VEC(at_num) probabilities;
};

static bool bad(struct reading *r, at_str excerpt, const char *message, const char *help) {
    struct at_diag_data_place place = {.file = r->name, .row = r->line, .excerpt = excerpt};
    at_diag_help(at_diag_add_at(r->diags, AT_A1265, &place, "%s", message), "%s", help);
    return false;
}

static at_str next_line(struct reading *r) {
    uint32_t n = 0, whole;
    while (n < r->rest.n && r->rest.p[n] != '\n')
        n++;
    at_str line = {r->rest.p, n};
    whole = n < r->rest.n ? n + 1 : n;
    r->rest = (at_str){r->rest.p + whole, r->rest.n - whole};
    r->line++;
    return at_str_trim(line);
}

static at_str unquoted(at_str cell) {
    cell = at_str_trim(cell);
    bool quoted = cell.n >= 2 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"';
    return quoted ? at_str_trim((at_str){cell.p + 1, cell.n - 2}) : cell;
}

/* False: there are not two cells. */
static bool cells_of(at_str line, at_str *first, at_str *second) {
    uint32_t comma = 0;
    while (comma < line.n && line.p[comma] != ',')
        comma++;
    if (comma == line.n) return false;
    *first = unquoted((at_str){line.p, comma});
    *second = unquoted((at_str){line.p + comma + 1, line.n - comma - 1});
    for (uint32_t i = 0; i < second->n; i++)
        if (second->p[i] == ',') return false;
    return true;
}

static bool number_of(struct reading *r, at_str cell, at_num *out) {
    struct at_plan_value value;
    if (cell.n == 0 || !at_api_setting_value(r->arena, cell, r->checked->currency, &value)) return false;
    if (value.missing || value.type.kind != AT_T_NUMBER) return false;
    *out = at_plan_value_num(&value);
    return out->form != AT_NUM_OVERFLOW;
}

static bool read_row(struct reading *r, at_str line) {
    at_str first, second;
    at_num at, probability;
    if (!cells_of(line, &first, &second))
        return bad(r, line, "the row does not have two cells", "write a row such as `100%,25%`");
    if (!number_of(r, first, &at))
        return bad(r, line, "the attainment is not a number", "write a row such as `100%,25%`");
    if (!number_of(r, second, &probability))
        return bad(r, line, "the probability is not a number", "write a row such as `100%,25%`");
    if (at_num_sign(probability) < 0)
        return bad(r, line, "the probability is below zero", "write a row such as `100%,25%`");
    for (size_t i = 0; i < r->points.n; i++)
        if (at_num_cmp(r->arena, r->points.at[i], at) == 0)
            return bad(r, line, "the attainment has a row already", "add up the probabilities in one row");
    r->sum = at_num_add(r->arena, r->sum, probability);
    AT_VEC_PUSH(r->arena, &r->points, at);
    AT_VEC_PUSH(r->arena, &r->probabilities, probability);
    return true;
}

static bool read_head(struct reading *r) {
    at_str first, second, line;
    if (r->rest.n >= 3 && memcmp(r->rest.p, "\xEF\xBB\xBF", 3) == 0)
        r->rest = (at_str){r->rest.p + 3, r->rest.n - 3};
    line = next_line(r);
    if (cells_of(line, &first, &second) && at_str_eq(first, AT_STR("attainment")) &&
        at_str_eq(second, AT_STR("probability")))
        return true;
    return bad(r, line, "the first line is not the names of the columns",
               "write `attainment,probability` in the first line");
}

static bool adds_up(struct reading *r, at_str last) {
    if (r->points.n && at_num_cmp(r->arena, r->sum, at_num_int(1)) == 0) return true;
    struct at_diag_data_place place = {.file = r->name, .row = r->line, .excerpt = last};
    at_num sum = at_num_mul(r->arena, r->sum, at_num_int(100));
    struct at_diag *diag =
        at_diag_add_at(r->diags, AT_A1265, &place, "the probabilities add up to %.*s%%, not to 100%%",
                       AT_STR_ARG(at_num_print(r->arena, sum)));
    at_diag_help(diag, "correct the probabilities, or add a row for the rest");
    return false;
}

static bool read_distribution(struct reading *r, struct at_write_model *out) {
    at_str last = {"", 0};
    uint64_t last_line = 1;
    if (!read_head(r)) return false;
    while (r->rest.n) {
        at_str line = next_line(r);
        if (line.n == 0) continue;
        if (!read_row(r, line)) return false;
        last = line;
        last_line = r->line;
    }
    r->line = last_line;
    if (!adds_up(r, last)) return false;
    out->points = r->points.at;
    out->probabilities = r->probabilities.at;
    out->n_points = (uint32_t)r->points.n;
    return true;
}

bool at_api_model_points(struct at_diag_list *diags, const struct at_check_policy *checked,
                         const attain_model_options *options, struct at_arena *arena,
                         struct at_write_model *out) {
    const char *range = options->attainment, *name = options->distribution_name;
    if (!options->distribution) return read_range(diags, checked, range ? range : "60%..140%", arena, out);
    if (range) {
        at_diag_add(diags, AT_A1265, (at_span){0},
                    "a distribution and a range of attainment exclude each other");
        return false;
    }
    struct reading r = {.diags = diags,
                        .checked = checked,
                        .arena = arena,
                        .name = at_str_z(name ? name : "distribution"),
                        .sum = at_num_int(0)};
    if (options->distribution_length > MOST_TEXT) {
        r.line = 1;
        return bad(&r, (at_str){"", 0}, "the distribution is too long", "write at most 100,000 bytes");
    }
    r.rest = (at_str){options->distribution, (uint32_t)options->distribution_length};
    return read_distribution(&r, out);
}
