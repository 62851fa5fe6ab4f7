/* check/change.c: reports statements whose meaning changed since a version of the language, with both
 * meanings: changes.def has the texts. Only changes of pay that give no error are here. The others are
 * reported by the passes that refuse the old form.
 *
 * A statement is reported if its text shows that the meanings can differ, whatever the data.
 */
#include "check/reading.h"

#define THIS_LANGUAGE 2 /* 0.2 */
#define MOST_DEEP 1000  /* of formulas in formulas; deeper ones are refused elsewhere */

enum change {
#define AT_CHANGE(NAME, since, what, before, after, keep) CHANGE_##NAME,
#include "check/changes.def"
#undef AT_CHANGE
};

static const struct {
    uint32_t since;
    const char *what, *before, *after, *keep;
} CHANGES[] = {
#define AT_CHANGE(NAME, since, what, before, after, keep) {since, what, before, after, keep},
#include "check/changes.def"
#undef AT_CHANGE
};

struct scan {
    struct at_check *ck;
    uint32_t since;
    struct at_check_question periods, people;
    uint32_t *seen, stamp; /* by measure: the last search that followed it */
    bool *adjusted;        /* by component: a statement above changed it */
    bool compares;         /* a comparison of texts is reported */
};

uint32_t at_check_language(at_str text) {
    return at_str_eq(text, AT_STR("0.1")) ? 1 : at_str_eq(text, AT_STR("0.2")) ? THIS_LANGUAGE : 0;
}

static void report(struct scan *s, enum change change, at_span at) {
    if (CHANGES[change].since <= s->since) return;
    struct at_diag *d = at_diag_add(s->ck->diags, AT_A0667, at, "the meaning changed in language 0.%u: %s",
                                    CHANGES[change].since, CHANGES[change].what);
    at_diag_note(d, "in 0.%u, %s; in 0.%u, %s", CHANGES[change].since - 1, CHANGES[change].before,
                 CHANGES[change].since, CHANGES[change].after);
    const char *keep = CHANGES[change].keep;
    at_diag_help(d, "%s%swrite `language 0.%u` below `policy` when all new meanings are right", keep,
                 keep[0] ? "; " : "", THIS_LANGUAGE);
}

/* ---- what a formula contains, through the names of measures */

typedef bool wanted_fn(struct scan *s, const struct at_ast_node *node);

static const struct at_check_measure_decl *measure_of(const struct at_check *ck,
                                                      const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_NAME ? ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_MEASURE ? &ck->out->measures[symbol->index] : NULL;
}

static const struct at_ast_node *find_in(struct scan *s, const struct at_ast_node *node, wanted_fn *wanted,
                                         uint32_t depth) {
    if (!node || depth > MOST_DEEP) return NULL;
    if (wanted(s, node)) return node;
    const struct at_check_measure_decl *measure = measure_of(s->ck, node);
    uint32_t *seen = measure && measure->expr ? &s->seen[measure->symbol->index] : NULL;
    if (seen && *seen != s->stamp) {
        *seen = s->stamp;
        if (find_in(s, measure->expr, wanted, depth + 1)) return node;
    }
    const struct at_ast_node *found = NULL;
    for (uint32_t i = 0; i < node->n && !found; i++)
        found = find_in(s, node->child[i], wanted, depth + 1);
    return found;
}

/* The place in this formula from which something of the kind is reached, or NULL. */
static const struct at_ast_node *find(struct scan *s, const struct at_ast_node *node, wanted_fn *wanted) {
    s->stamp++;
    return find_in(s, node, wanted, 0);
}

static bool is_builtin(const struct scan *s, const struct at_ast_node *call, enum at_check_builtin_id which) {
    const struct at_check_symbol *symbol = s->ck->out->symbols[call->id];
    return symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == (uint32_t)which;
}

/* ---- values to date, and of a group */

/* A named formula was summed if its readings can differ, and so was a named amount that no period changes. */
static bool is_summed_name(struct scan *s, const struct at_ast_node *node) {
    const struct at_check_measure_decl *measure = measure_of(s->ck, node);
    at_type type = at_check_type_at(s->ck, node);
    if (!measure || !measure->expr || !at_check_is_numeric(type)) return false;
    uint8_t kind = at_check_reading_of(s->ck, &s->periods, node).kind;
    return kind == AT_READ_TWO || (kind == AT_READ_SAME && type.kind == AT_T_MONEY);
}

static bool is_undated(struct scan *s, const struct at_ast_node *node) {
    const struct at_check_measure_decl *measure = measure_of(s->ck, node);
    if (!measure || !measure->aggregate || measure->on || measure->feed >= s->ck->out->n_feeds) return false;
    const struct at_check_feed_decl *feed = &s->ck->out->feeds[measure->feed];
    return feed->on == NULL && !feed->stock && measure->aggregate->op != AT_OP_MIN &&
           measure->aggregate->op != AT_OP_MAX && measure->aggregate->op != AT_OP_AVERAGE;
}

static void scan_todate(struct scan *s, struct at_check_timed timed) {
    const struct at_ast_node *call = timed.call, *arg = at_check_child(call, 0);
    bool to_date = is_builtin(s, call, AT_B_YTD) || is_builtin(s, call, AT_B_HTD) ||
                   is_builtin(s, call, AT_B_QTD) || is_builtin(s, call, AT_B_TRAILING);
    if (!to_date || !arg || call->by.n || timed.summed) return;
    if (find(s, arg, is_undated)) report(s, CHANGE_UNDATED, call->span);
    if (find(s, arg, is_summed_name)) report(s, CHANGE_TODATE, call->span);
}

static void scan_cumulative(struct scan *s, const struct at_check_component_decl *component) {
    if (component->per_feed >= 0) return; /* 0.1 refused it */
    const struct at_ast_node *const parts[] = {component->on, component->expr, component->when};
    for (unsigned i = 0; i < AT_COUNT(parts); i++) {
        const struct at_ast_node *name = find(s, parts[i], is_summed_name),
                                 *undated = find(s, parts[i], is_undated);
        if (name) report(s, CHANGE_CUMULATIVE, name->span);
        if (undated) report(s, CHANGE_UNDATED, undated->span);
    }
}

static void scan_total(struct scan *s, const struct at_ast_node *call) {
    const struct at_ast_node *arg = at_check_child(call, 0);
    if (!arg || s->ck->out->marks[call->id] & AT_MARK_MEMBERS || arg->kind == AT_N_CALL) return;
    struct at_check_reading found = at_check_reading_of(s->ck, &s->people, arg);
    if (found.kind == AT_READ_RATIO || found.kind == AT_READ_STOCK) report(s, CHANGE_TOTAL, call->span);
    if (found.kind == AT_READ_WHOLE || (found.kind == AT_READ_FLOW && found.apart))
        report(s, CHANGE_COMPANY, call->span);
}

/* ---- adjustments */

static bool is_adjusted(struct scan *s, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_NAME ? s->ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_COMPONENT && s->adjusted[symbol->index];
}

static bool reads_adjusted(struct scan *s, const struct at_ast_node *node) {
    const struct at_check_measure_decl *measure = measure_of(s->ck, node);
    return measure && measure->expr && find(s, measure->expr, is_adjusted);
}

/* Outside measures, names of components always had their running values. */
static void scan_running(struct scan *s, const struct at_ast_node *node) {
    if (!node) return;
    if (measure_of(s->ck, node) && reads_adjusted(s, node)) report(s, CHANGE_ADJUSTED, node->span);
    for (uint32_t i = 0; i < node->n; i++)
        scan_running(s, node->child[i]);
}

static void scan_adjustment(struct scan *s, const struct at_check_adjustment_decl *adjustment) {
    const struct at_check_policy *out = s->ck->out;
    scan_running(s, adjustment->at);
    scan_running(s, adjustment->when);
    bool limit = adjustment->node->kind != AT_N_ADJUST;
    if (limit && adjustment->per > (int8_t)out->calendar.period_kind) {
        report(s, CHANGE_SPAN, at_check_name_span(adjustment->node));
        uint8_t kind =
            adjustment->at ? at_check_reading_of(s->ck, &s->periods, adjustment->at).kind : AT_READ_SAME;
        if (kind != AT_READ_SAME && kind != AT_READ_ZERO && kind != AT_READ_NONE)
            report(s, CHANGE_LIMIT, adjustment->at->span);
    }
    if (adjustment->component < 0) return;
    /* Lines of a `per` component are in cents before they are adjusted, as they were. */
    s->adjusted[adjustment->component] = true;
    if (!limit && out->components[adjustment->component].per_feed < 0 && find(s, adjustment->at, is_adjusted))
        report(s, CHANGE_ADJUST, at_check_name_span(adjustment->node));
}

/* ---- lines */

static bool is_of_other_row(struct scan *s, const struct at_ast_node *node) {
    const struct at_ast_node *base = node->kind == AT_N_MEMBER ? at_check_child(node, 0) : NULL;
    const struct at_check_symbol *symbol = base ? s->ck->out->symbols[base->id] : NULL;
    return symbol && symbol->kind == AT_SYM_FIELD && symbol->type.kind == AT_T_REF &&
           (int32_t)symbol->type.table != s->ck->out->payee_table;
}

static void scan_lines(struct scan *s, const struct at_check_component_decl *component) {
    if (component->per_feed < 0) return;
    const struct at_check_feed_decl *feed = &s->ck->out->feeds[component->per_feed];
    bool several = feed->n_to > 1 || feed->managed || (feed->n_to == 1 && feed->to[0].by >= 0);
    bool shared = feed->on && feed->amount && find(s, feed->on, is_of_other_row) &&
                  find(s, feed->amount, is_of_other_row);
    if (several || shared) report(s, CHANGE_SPLIT, at_check_name_span(component->symbol->node));
}

/* Which periods a run pays was also decided by rows with a period. */
static void scan_periods(struct scan *s) {
    const struct at_check_policy *out = s->ck->out;
    const struct at_ast_node *by_period = NULL;
    bool dated = false;
    for (uint32_t f = 0; f < out->n_feeds; f++) {
        const struct at_check_feed_decl *feed = &out->feeds[f];
        if (!feed->on) continue;
        bool period = at_check_type_at(s->ck, feed->on).kind == AT_T_PERIOD;
        dated |= feed->name.n > 0 || !period;
        if (period && feed->name.n == 0 && !by_period) by_period = feed->on;
    }
    if (dated && by_period) report(s, CHANGE_PAID, by_period->span);
}

/* ---- values that cannot be calculated */

static bool can_fail(struct scan *s, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_CALL ? s->ck->out->symbols[node->id] : NULL;
    if (symbol && symbol->kind == AT_SYM_FUNCTION) return true;
    return node->kind == AT_N_ARITH && node->op == AT_OP_DIV && !at_check_is_literal(at_check_child(node, 1));
}

static void scan_count(struct scan *s, const struct at_check_measure_decl *measure) {
    if (!measure->aggregate || measure->aggregate->op != AT_OP_COUNT || measure->feed >= s->ck->out->n_feeds)
        return;
    const struct at_check_feed_decl *feed = &s->ck->out->feeds[measure->feed];
    for (uint32_t i = 0; feed->name.n && i < feed->n_to; i++) {
        if (!feed->to[i].share || !find(s, feed->to[i].share, can_fail)) continue;
        report(s, CHANGE_COUNTED, measure->aggregate->span);
        return;
    }
}

static bool is_aggregate(struct scan *s, const struct at_ast_node *node) {
    if (node->kind != AT_N_CALL || !at_check_child(node, 0)) return false;
    bool aggregate = is_builtin(s, node, AT_B_SUM) || is_builtin(s, node, AT_B_COUNT) ||
                     (is_builtin(s, node, AT_B_AVERAGE) && node->n == 1);
    return aggregate && find_in(s, node->child[0], can_fail, 0);
}

/* ---- texts */

/* A letter that has a composed and a decomposed form, in the scripts in which data has both. */
static bool has_accents(at_str text) {
    for (uint32_t i = 0; i < text.n; i++) {
        unsigned char a = (unsigned char)text.p[i], b = i + 1 < text.n ? (unsigned char)text.p[i + 1] : 0;
        bool latin = a >= 0xC3 && a <= 0xC9;               /* U+00C0 to U+027F */
        bool marks = a == 0xCC || (a == 0xCD && b < 0xB0); /* U+0300 to U+036F */
        bool greek = a >= 0xCE && a <= 0xD1;               /* Greek and Cyrillic */
        bool more = a == 0xE1 && b >= 0xB8;                /* U+1E00 to U+1FFF */
        bool kana = a == 0xE3 && b >= 0x81 && b <= 0x83;   /* dakuten */
        bool hangul = a >= 0xEA && a <= 0xED && (a > 0xEA || b >= 0xB0);
        if (latin || marks || greek || more || kana || hangul) return true;
    }
    return false;
}

static void scan_text(struct scan *s, const struct at_ast_node *node) {
    if (node && node->kind == AT_N_TEXT && has_accents(node->text)) report(s, CHANGE_ACCENTS, node->span);
}

/* All comparisons with texts of data changed alike, so the first of a policy is reported. */
static bool visit(void *context, const struct at_ast_node *node) {
    struct scan *s = context;
    if (node->kind == AT_N_TEST) return false;
    if (node->kind != AT_N_COMPARE && node->kind != AT_N_IN) return true;
    bool of_data = false, text = false;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *side = node->child[i];
        const struct at_check_symbol *symbol = side ? s->ck->out->symbols[side->id] : NULL;
        scan_text(s, side);
        text |= side && side->kind == AT_N_TEXT;
        of_data |= symbol && symbol->kind == AT_SYM_FIELD && symbol->type.kind == AT_T_TEXT;
    }
    if (text && of_data && !s->compares) report(s, CHANGE_BLANKS, node->span);
    s->compares |= text && of_data;
    return true;
}

static void scan_texts(struct scan *s) {
    for (uint32_t f = 0; f < s->ck->ast->n_files; f++)
        if (s->ck->ast->files[f]) at_ast_walk(s->ck->ast->files[f], visit, s);
    for (uint32_t i = 0; i < s->ck->out->n_lookups; i++) {
        const struct at_check_lookup_decl *lookup = &s->ck->out->lookups[i];
        for (uint32_t k = 0; k < lookup->n_rows; k++)
            scan_text(s, lookup->rows[k].node);
        for (uint32_t k = 0; k < lookup->n_columns; k++)
            scan_text(s, lookup->columns[k].node);
    }
}

/* ---- the policy */

static void scan_statements(struct scan *s) {
    const struct at_check_policy *out = s->ck->out;
    for (size_t i = 0; i < s->ck->timed.n; i++)
        scan_todate(s, s->ck->timed.at[i]);
    for (size_t i = 0; i < s->ck->totals.n; i++)
        scan_total(s, s->ck->totals.at[i]);
    for (uint32_t i = 0; i < out->n_components; i++) {
        if (out->components[i].cumulative >= 0) scan_cumulative(s, &out->components[i]);
        scan_lines(s, &out->components[i]);
    }
    for (uint32_t i = 0; i < out->n_adjustments; i++)
        scan_adjustment(s, &out->adjustments[i]);
    for (uint32_t i = 0; i < out->n_measures; i++)
        scan_count(s, &out->measures[i]);
    for (uint32_t i = 0; i < out->n_requires; i++) {
        const struct at_ast_node *found = find(s, out->requires[i].cond, is_aggregate);
        if (found) report(s, CHANGE_REQUIRED, found->span);
    }
    for (uint32_t i = 0; i < out->n_functions; i++)
        if (!out->functions[i].body && out->functions[i].symbol)
            report(s, CHANGE_HOOK, at_check_name_span(out->functions[i].symbol->node));
}

void at_check_changes(struct at_check *ck, uint32_t since) {
    if (since == 0 || since >= THIS_LANGUAGE || ck->diags->errors || ck->circular || ck->too_deep) return;
    struct scan s = {.ck = ck,
                     .since = since,
                     .periods = at_check_question_new(ck, false, -1),
                     .people = at_check_question_new(ck, true, -1),
                     .seen = AT_NEW_ARRAY(ck->arena, uint32_t, ck->out->n_measures + 1),
                     .adjusted = AT_NEW_ARRAY(ck->arena, bool, ck->out->n_components + 1)};
    at_check_reading_measures(ck, &s.periods);
    if (ck->out->payee_table >= 0) at_check_reading_measures(ck, &s.people);
    scan_statements(&s);
    scan_periods(&s);
    scan_texts(&s);
    const struct at_ast_node *round = ck->header ? at_ast_child(ck->header, AT_N_ROUND) : NULL;
    if (round && ck->out->round_unit > 1) report(&s, CHANGE_UNIT, round->span);
}
