/* check/reading.c: whether the readings of a value to date, or of a value over people, can differ.
 *
 * Names count as their definitions, so naming a formula changes nothing. What reads other periods (`prior`,
 * `ytd`), belongs to one payee, or sees the whole cell in Lua cannot be recalculated: `past` is a place of
 * it.
 *
 * The two questions differ in few places: a field of the payee changes between members and not between
 * periods, a date or an earlier period is the same for all members, and rows without a payee count once in a
 * group.
 */
#include "check/reading.h"

#define MOST_DEPTH 1000 /* of formulas in formulas; deeper ones are refused elsewhere */

typedef struct at_check_reading reading;
typedef struct at_check_question question;

static reading reading_of(struct at_check *ck, question *q, const struct at_ast_node *node);

static reading make(int kind) {
    return (reading){.kind = (uint8_t)kind};
}

static reading two(const struct at_ast_node *why) {
    return (reading){.kind = AT_READ_TWO, .why = why};
}

static bool is_same(reading r) {
    return r.kind == AT_READ_ZERO || r.kind == AT_READ_SAME || r.kind == AT_READ_WHOLE;
}

/* What is calculated from the parts as a whole: no period changes it, or it has two readings. */
static reading whole_of(reading a, reading b, const struct at_ast_node *node) {
    reading out = is_same(a) && is_same(b) ? make(AT_READ_SAME) : two(node);
    if (a.kind == AT_READ_NONE || b.kind == AT_READ_NONE) out.kind = AT_READ_NONE;
    out.past = a.past ? a.past : b.past;
    return out;
}

static reading any_of(struct at_check *ck, question *q, const struct at_ast_node *node) {
    reading all = make(AT_READ_SAME);
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) all = whole_of(all, reading_of(ck, q, node->child[i]), node);
    return all;
}

/* ---- sums, products, quotients */

static reading added(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == AT_READ_NONE || all.past) return all;
    if (a.kind == AT_READ_ZERO) return b;
    if (b.kind == AT_READ_ZERO) return a;
    bool terms = (a.kind == AT_READ_FLOW || a.kind == AT_READ_WHOLE) &&
                 (b.kind == AT_READ_FLOW || b.kind == AT_READ_WHOLE);
    if (!terms) return all;
    all = make(a.kind == AT_READ_FLOW || b.kind == AT_READ_FLOW ? AT_READ_FLOW : AT_READ_WHOLE);
    all.apart = a.apart || b.apart || a.kind != b.kind;
    return all;
}

static reading multiplied(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == AT_READ_NONE || all.past) return all;
    if (a.kind == AT_READ_ZERO || b.kind == AT_READ_ZERO) return make(AT_READ_ZERO);
    if (is_same(a) && is_same(b))
        return make(a.kind == AT_READ_WHOLE || b.kind == AT_READ_WHOLE ? AT_READ_WHOLE : AT_READ_SAME);
    if ((is_same(a) && b.kind == AT_READ_FLOW) || (a.kind == AT_READ_FLOW && is_same(b))) {
        all = make(AT_READ_FLOW);
        all.apart = a.apart || b.apart;
    }
    return all;
}

static reading divided(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == AT_READ_NONE || all.past) return all;
    if (is_same(b) && (is_same(a) || a.kind == AT_READ_FLOW)) {
        all = make(a.kind == AT_READ_SAME && b.kind == AT_READ_WHOLE ? AT_READ_WHOLE : a.kind);
        all.apart = a.apart;
        return all;
    }
    bool over = a.kind == AT_READ_WHOLE || a.kind == AT_READ_FLOW || a.kind == AT_READ_STOCK;
    bool under = is_same(b) || b.kind == AT_READ_FLOW || b.kind == AT_READ_STOCK;
    return over && under ? make(AT_READ_RATIO) : all;
}

static reading of_arith(struct at_check *ck, question *q, const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *y = at_check_child(node, 1);
    if (!x || !y) return make(AT_READ_NONE);
    if (!at_check_is_numeric(at_check_type_at(ck, node))) return any_of(ck, q, node);
    reading a = reading_of(ck, q, x), b = reading_of(ck, q, y);
    if (node->kind == AT_N_OF || node->op == AT_OP_MUL) return multiplied(a, b, node);
    return node->op == AT_OP_DIV ? divided(a, b, node) : added(a, b, node);
}

/* ---- choices */

static bool is_zero(const struct at_ast_node *node) {
    return node && (node->kind == AT_N_NUMBER || node->kind == AT_N_MONEY) && at_num_sign(node->value) == 0;
}

/* `if B = 0 then K else A / B`, or the other way round with `<>`: a quotient that is never divided by zero.
 */
static bool guards(const struct at_ast_node *cond, const struct at_ast_node *yes,
                   const struct at_ast_node *no, const struct at_ast_node **quotient,
                   const struct at_ast_node **other) {
    if (!cond || !yes || !no || cond->kind != AT_N_COMPARE) return false;
    if (cond->op != AT_OP_EQ && cond->op != AT_OP_NE) return false;
    *quotient = cond->op == AT_OP_EQ ? no : yes;
    *other = cond->op == AT_OP_EQ ? yes : no;
    return is_zero(at_check_child(cond, 1)) && (*quotient)->kind == AT_N_ARITH &&
           (*quotient)->op == AT_OP_DIV && at_check_child(*quotient, 1) &&
           at_ast_same(at_check_child(cond, 0), at_check_child(*quotient, 1));
}

static reading chosen(const struct at_ast_node *node, reading cond, reading yes, reading no) {
    reading all = whole_of(whole_of(cond, yes, node), no, node);
    if (all.kind == AT_READ_NONE || all.past || !is_same(cond)) return all;
    if (is_same(yes) && is_same(no) && yes.kind != no.kind)
        return make(yes.kind == AT_READ_ZERO || no.kind == AT_READ_ZERO
                        ? (yes.kind == AT_READ_ZERO ? no.kind : yes.kind)
                        : AT_READ_SAME);
    if (yes.kind == no.kind || no.kind == AT_READ_ZERO || yes.kind == AT_READ_ZERO) {
        reading out = yes.kind == AT_READ_ZERO ? no : yes;
        out.apart |= no.apart || yes.apart;
        return out;
    }
    if ((yes.kind == AT_READ_FLOW && no.kind == AT_READ_WHOLE) ||
        (yes.kind == AT_READ_WHOLE && no.kind == AT_READ_FLOW))
        return added(yes, no, node);
    return all;
}

static reading of_if(struct at_check *ck, question *q, const struct at_ast_node *node,
                     const struct at_ast_node *cond, const struct at_ast_node *yes,
                     const struct at_ast_node *no) {
    const struct at_ast_node *quotient, *other;
    if (!cond || !yes || !no) return make(AT_READ_NONE);
    if (guards(cond, yes, no, &quotient, &other) && is_same(reading_of(ck, q, other)))
        return reading_of(ck, q, quotient);
    return chosen(node, reading_of(ck, q, cond), reading_of(ck, q, yes), reading_of(ck, q, no));
}

static reading of_choose(struct at_check *ck, question *q, const struct at_ast_node *node) {
    const struct at_ast_node *otherwise = at_check_child(node, node->n - 1), *arm = at_check_child(node, 0);
    if (node->n == 0 || !otherwise || !arm) return make(AT_READ_NONE);
    if (node->n == 2) return of_if(ck, q, node, at_check_child(arm, 0), at_check_child(arm, 1), otherwise);
    reading all = reading_of(ck, q, otherwise);
    for (uint32_t i = node->n - 1; i-- > 0;) {
        arm = at_check_child(node, i);
        if (!arm || arm->n < 2 || !arm->child[0] || !arm->child[1]) return make(AT_READ_NONE);
        all = chosen(node, reading_of(ck, q, arm->child[0]), reading_of(ck, q, arm->child[1]), all);
    }
    return all;
}

/* ---- fields */

int32_t at_check_payee_field(const struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (!symbol || symbol->kind != AT_SYM_FIELD || (int32_t)symbol->table != ck->out->payee_table) return -1;
    if (node->kind == AT_N_NAME) return (int32_t)symbol->index;
    const struct at_ast_node *base = at_check_child(node, 0);
    const struct at_check_symbol *owner = base ? ck->out->symbols[base->id] : NULL;
    bool own = base && base->kind == AT_N_NAME && owner && owner->kind == AT_SYM_TABLE;
    return own ? (int32_t)symbol->index : -1;
}

/* What belongs to one payee. */
static reading alone(const struct at_ast_node *node) {
    reading out = two(node);
    out.past = node;
    return out;
}

/* Money of each payee is summed over a group, and all members have the field by which they are grouped. */
static reading of_field(struct at_check *ck, const question *q, const struct at_ast_node *node) {
    /* A dated field changes from period to period. */
    if (!q->people) return at_check_may_have_no_row(ck, node) ? two(node) : make(AT_READ_SAME);
    int32_t field = at_check_payee_field(ck, node);
    if (field >= 0 && field == q->group) return make(AT_READ_SAME);
    return field >= 0 && at_check_adds_up(ck, field) ? make(AT_READ_FLOW) : alone(node);
}

/* A table that is only named looks up fields of the payee. */
static reading of_lookup(const struct at_check *ck, const question *q, const struct at_ast_node *node) {
    const struct at_check_lookup_decl *lookup = &ck->out->lookups[ck->out->symbols[node->id]->index];
    for (uint32_t i = 0; q->people && i < lookup->n_keys; i++) {
        int32_t field = at_check_field_find(ck, (uint32_t)ck->out->payee_table, lookup->key_name[i]);
        if (field < 0 || field != q->group) return alone(node);
    }
    return make(AT_READ_SAME);
}

/* ---- measures */

/* Rows that belong to a period, or to a payee, give a value for each. */
static reading of_aggregate(struct at_check *ck, const question *q,
                            const struct at_check_measure_decl *measure) {
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    bool adds = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
    if (q->people) {
        bool shared = feed->n_to == 0 || (feed->to[0].by >= 0 && feed->to[0].by == q->group);
        return make(shared ? AT_READ_WHOLE : adds ? AT_READ_FLOW : AT_READ_STOCK);
    }
    /* To date, what is there at the end of the period. */
    if (feed->stock) return make(AT_READ_STOCK);
    if (!feed->on && !measure->on) return make(AT_READ_WHOLE);
    reading out = make(adds ? AT_READ_FLOW : AT_READ_STOCK);
    out.apart = feed->spread && feed->spread->op == AT_OP_PER;
    return out;
}

static reading read_measure(struct at_check *ck, question *q, const struct at_check_measure_decl *measure) {
    const struct at_check_reading_frame *frame = q->frame;
    q->frame = NULL;
    reading found = reading_of(ck, q, measure->expr);
    q->frame = frame;
    return found;
}

static reading of_measure(struct at_check *ck, question *q, uint32_t index) {
    const struct at_check_measure_decl *measure = &ck->out->measures[index];
    struct at_check_reading *kept = &q->measures[index];
    /* It has values of its own periods, which only a sum of values can read. */
    if (!q->people && measure->rhythm && measure->rhythm != q->rhythm) return alone(measure->symbol->node);
    if (measure->aggregate) return of_aggregate(ck, q, measure);
    if (!measure->expr || !measure->symbol) return make(AT_READ_NONE);
    if (kept->state == AT_DONE_DECL || measure->symbol->loop) return *kept;
    if (kept->state == AT_BUSY_DECL) return make(AT_READ_NONE);
    kept->state = AT_BUSY_DECL;
    reading found = read_measure(ck, q, measure);
    found.state = AT_DONE_DECL;
    q->measures[index] = found;
    return found;
}

/* Measures that read their own past are taken for sums until one of them proves to be something else. Rounds
 * change their direction, so that neither order of a long chain takes many. */
static void read_loops(struct at_check *ck, question *q) {
    for (uint32_t i = 0; i < ck->out->n_measures; i++)
        q->measures[i] = make(AT_READ_FLOW);
    bool again = true;
    for (unsigned round = 0; again; round++) {
        again = false;
        for (uint32_t k = 0; k < ck->out->n_measures; k++) {
            uint32_t i = round % 2 ? ck->out->n_measures - 1 - k : k;
            const struct at_check_measure_decl *measure = &ck->out->measures[i];
            if (!measure->symbol || !measure->symbol->loop || !measure->expr) continue;
            reading found = read_measure(ck, q, measure), *kept = &q->measures[i];
            again |= found.kind != kept->kind || (found.past != NULL) != (kept->past != NULL);
            *kept = found;
        }
    }
}

static reading of_parameter(const question *q, uint32_t index) {
    return q->frame && index < q->frame->n ? q->frame->args[index] : make(AT_READ_NONE);
}

static reading of_name(struct at_check *ck, question *q, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (!symbol) return make(AT_READ_NONE);
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_MEASURE: return of_measure(ck, q, symbol->index);
    case AT_SYM_COMPONENT:
    case AT_SYM_TOTAL: return make(AT_READ_FLOW);
    /* Changes with every period, and is not an aggregate. */
    case AT_SYM_PERIOD: return q->people ? make(AT_READ_SAME) : two(node);
    case AT_SYM_PARAMETER: return of_parameter(q, symbol->index);
    case AT_SYM_FIELD: return of_field(ck, q, node);
    case AT_SYM_LOOKUP: return of_lookup(ck, q, node);
    case AT_SYM_TABLE: return q->people ? alone(node) : make(AT_READ_SAME);
    default: return make(AT_READ_SAME);
    }
}

/* ---- calls */

/* A value of all members, of the question's own groups or of everyone, is one value in a group. */
static reading of_group(struct at_check *ck, question *q, const struct at_ast_node *node,
                        enum at_check_builtin_id which, reading first) {
    int32_t group = ck->out->groups[node->id];
    if (q->people) {
        if (which != AT_B_TOTAL) return alone(node);
        return group < 0 || group == q->group ? make(AT_READ_SAME) : alone(node);
    }
    reading all = two(node);
    all.past = first.past;
    if (first.past || first.kind == AT_READ_NONE || first.kind == AT_READ_WHOLE) return first;
    /* A payee who moves had the totals of other groups. */
    bool moves = group >= 0 && at_check_is_dated_field(ck, (uint32_t)ck->out->payee_table, group);
    if (which == AT_B_TOTAL && moves) return all;
    if (which == AT_B_SHARE) return first.kind == AT_READ_FLOW ? make(AT_READ_RATIO) : all;
    return which == AT_B_TOTAL && first.kind != AT_READ_TWO ? first : all;
}

static reading of_builtin(struct at_check *ck, question *q, const struct at_ast_node *node,
                          enum at_check_builtin_id which) {
    reading first = node->n > 0 && node->child[0] ? reading_of(ck, q, node->child[0]) : make(AT_READ_NONE);
    reading all = two(node);
    switch (which) {
    case AT_B_YTD:
    case AT_B_HTD:
    case AT_B_QTD:
    case AT_B_PRIOR:
    case AT_B_TRAILING:
        if (q->people) return first; /* the group has periods, like a payee */
        all.past = node;
        return all;
    case AT_B_BALANCE: all.past = node; return all;
    case AT_B_SINCE: /* from a day of one payee */
        if (q->people) return alone(node);
        all.past = node;
        return all;
    case AT_B_PAID: return make(AT_READ_FLOW); /* as a component */
    case AT_B_RECALCULATED:
        if (first.past || first.kind == AT_READ_NONE || first.kind == AT_READ_FLOW) return first;
        return first.kind == AT_READ_WHOLE ? first : make(AT_READ_STOCK);
    case AT_B_IFMISSING:
        all = any_of(ck, q, node);
        if (all.past || !node->child[1]) return all;
        /* Earlier values are missing for all members, or for none. */
        if (q->people && first.kind == AT_READ_FLOW && is_zero(node->child[1])) return first;
        if (first.kind != AT_READ_STOCK && first.kind != AT_READ_RATIO) return all;
        return is_same(reading_of(ck, q, node->child[1])) ? first : all;
    case AT_B_SUM: /* over members: what it sums is a value of each */
        if (q->people) return make(AT_READ_FLOW);
        return first.kind == AT_READ_TWO || first.kind == AT_READ_RATIO || first.kind == AT_READ_STOCK
                   ? (all.past = first.past, all)
                   : first;
    case AT_B_TOTAL:
    case AT_B_SHARE:
    case AT_B_RANK: return of_group(ck, q, node, which, first);
    default: return any_of(ck, q, node);
    }
}

/* A function of the policy is its body. */
static reading of_body(struct at_check *ck, question *q, const struct at_ast_node *node,
                       const struct at_check_function_decl *function) {
    struct at_check_reading *args = AT_NEW_ARRAY(ck->arena, struct at_check_reading, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++)
        args[i] = node->child[i] ? reading_of(ck, q, node->child[i]) : make(AT_READ_NONE);
    const struct at_check_reading_frame frame = {args, node->n}, *outer = q->frame;
    q->frame = &frame;
    reading found = reading_of(ck, q, function->body);
    q->frame = outer;
    if (found.why) found.why = node;
    return found;
}

/* A hook that gets the whole cell reads every value of one period, so it cannot be recalculated. */
static reading of_call(struct at_check *ck, question *q, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (symbol && symbol->kind == AT_SYM_BUILTIN)
        return of_builtin(ck, q, node, (enum at_check_builtin_id)symbol->index);
    if (symbol && symbol->kind == AT_SYM_FUNCTION) {
        const struct at_check_function_decl *function = &ck->out->functions[symbol->index];
        if (function->body) return of_body(ck, q, node, function);
        for (uint32_t i = 0; i < function->n; i++)
            if (at_check_is_cell(function->types[i])) return alone(node);
    }
    return symbol ? any_of(ck, q, node) : make(AT_READ_NONE);
}

/* ---- any expression */

static reading of_member(struct at_check *ck, question *q, const struct at_ast_node *node) {
    const struct at_ast_node *base = at_check_child(node, 0);
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (symbol && symbol->kind == AT_SYM_COVERED) return q->people ? alone(node) : two(node);
    if (!base || at_check_type_at(ck, base).kind != AT_T_PERIOD) return of_field(ck, q, node);
    return reading_of(ck, q, base).kind == AT_READ_SAME ? make(AT_READ_SAME) : two(node);
}

static reading by_kind(struct at_check *ck, question *q, const struct at_ast_node *node) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NAME: return of_name(ck, q, node);
    case AT_N_MEMBER: return of_member(ck, q, node);
    case AT_N_CALL: return of_call(ck, q, node);
    case AT_N_ASOF: {
        reading asof = two(node);
        asof.past = node;
        return asof;
    }
    case AT_N_CONVERT: { /* the rate of a day is the same for all periods only if the day is */
        const struct at_ast_node *x = at_check_child(node, 0),
                                 *day = at_check_child(at_check_child(node, 1), 0);
        if (!x || !day) return make(AT_READ_NONE);
        reading rate = whole_of(reading_of(ck, q, day), make(AT_READ_SAME), node);
        return multiplied(reading_of(ck, q, x), rate, node);
    }
    case AT_N_NEG: return at_check_child(node, 0) ? reading_of(ck, q, node->child[0]) : make(AT_READ_NONE);
    case AT_N_OF:
    case AT_N_ARITH: return of_arith(ck, q, node);
    case AT_N_IF:
        return of_if(ck, q, node, at_check_child(node, 0), at_check_child(node, 1), at_check_child(node, 2));
    case AT_N_CHOOSE: return of_choose(ck, q, node);
    case AT_N_NUMBER:
    case AT_N_MONEY: return make(is_zero(node) ? AT_READ_ZERO : AT_READ_SAME);
    default: return any_of(ck, q, node);
    }
}

static reading reading_of(struct at_check *ck, question *q, const struct at_ast_node *node) {
    if (q->depth >= MOST_DEPTH) return make(AT_READ_NONE);
    q->depth++;
    reading found = by_kind(ck, q, node);
    q->depth--;
    return found;
}

/* ---- questions */

struct at_check_reading at_check_reading_of(struct at_check *ck, struct at_check_question *q,
                                            const struct at_ast_node *node) {
    return reading_of(ck, q, node);
}

struct at_check_question at_check_question_new(struct at_check *ck, bool people, int32_t group) {
    return (question){.people = people,
                      .group = group,
                      .measures = AT_NEW_ARRAY(ck->arena, struct at_check_reading, ck->out->n_measures + 1)};
}

void at_check_reading_measures(struct at_check *ck, struct at_check_question *q) {
    if (ck->has_past) read_loops(ck, q);
    for (uint32_t i = 0; i < ck->out->n_measures; i++)
        if (ck->out->measures[i].symbol) of_measure(ck, q, i);
}
