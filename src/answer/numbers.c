/* answer/numbers.c: the number of a field that gives the pay. Pay is calculated by runs for zero, for the
 * number as it is, and for a large one. Between two numbers of which one gives less and the other more, it is
 * found in few runs, because pay is mostly a straight line there. Of the numbers that give the same pay,
 * after rounding, the most likely one is kept.
 */
#include "answer/search_int.h"
#include "base/numtext.h"
#include "base/sort.h"

#define MOST_RUNS 60 /* for one number */
#define MOST_TRIED 6 /* numbers that give nearly the same pay */

/* ---- one number */

struct probe {
    struct at_answer_search *s;
    const struct at_answer_column *column;
    struct at_answer_change change;
    bool missing; /* the row is added */
    int64_t now;  /* the number as it is; zero: none */
    unsigned runs;
    struct at_table_edit_cell owner, *days; /* of the row that is added; kind COPY: as it is */
    uint32_t owner_field;
};

struct point {
    int64_t x;
    at_i128 pay;
};

static struct at_table_edit *edit_of(struct probe *p, int64_t x) {
    struct at_answer_search *s = p->s;
    struct at_table_edit_cell cell = {.kind = AT_EDIT_EXACT, .num = at_num_decimal(x, p->column->digits)};
    if (!p->missing) return at_answer_edit_field(s, p->change.table, p->change.row, p->change.field, cell);
    struct at_table_edit *edit = at_answer_edit_copy(s, p->change.table, p->change.row);
    at_answer_edit_set(edit, p->change.field, cell);
    if (p->owner.kind != AT_EDIT_COPY) at_answer_edit_set(edit, p->owner_field, p->owner);
    for (uint32_t k = 0; p->days && k < edit->n_fields; k++)
        if (p->days[edit->fields[k]].kind == AT_EDIT_DAY)
            at_answer_edit_set(edit, edit->fields[k], p->days[edit->fields[k]]);
    return edit;
}

static bool pay_at(struct probe *p, int64_t x, struct point *out) {
    struct at_arena_mark mark = at_arena_mark(p->s->scratch);
    *out = (struct point){.x = x};
    bool known = p->runs++ < MOST_RUNS && at_answer_try(p->s, edit_of(p, x), &out->pay);
    at_arena_reset(p->s->scratch, mark);
    return known;
}

/* "12,300.00", "60%" */
static at_str text_of(const struct probe *p, int64_t x) {
    struct at_arena *arena = p->s->arena;
    const at_type *type = &p->s->run->data->tables[p->change.table].schema->fields[p->change.field].type;
    at_num num = at_num_decimal(x, p->column->digits);
    if (type->kind != AT_T_NUMBER) return at_num_print_fixed(arena, num, p->column->digits, true, NULL);
    if (type->unit != AT_UNIT_PERCENT) return at_num_print_short(arena, num, AT_ANSWER_DECIMALS, true, NULL);
    at_str text =
        at_num_print_short(arena, at_num_mul(arena, num, at_num_int(100)), AT_ANSWER_DECIMALS, true, NULL);
    return at_str_format(arena, "%.*s%%", AT_STR_ARG(text));
}

static void keep(struct probe *p, const struct point *at, int32_t bits) {
    p->change.minor = at->pay;
    p->change.odds = bits;
    p->change.many &= at->pay == p->s->question->wanted;
    p->change.after = text_of(p, at->x);
    at_answer_keep(p->s, &p->change);
}

static int32_t bits_of(const struct probe *p, int64_t x) {
    const struct at_answer_search *s = p->s;
    bool about = p->change.role == AT_ANSWER_PAYEE;
    int32_t base = p->change.odds + at_answer_bits_of(about || p->missing ? 1 : s->n_in);
    int32_t bits = base + (about || p->missing ? 0 : 20) + at_answer_bits_number(p->column, x), other;
    for (uint32_t i = 0; i < p->column->n_known && !p->missing; i++)
        if (p->column->known[i] == x && (other = base + 10 + at_answer_bits_of(p->column->n_known)) < bits)
            bits = other;
    if (!p->missing && p->now != 0 && at_answer_is_typing_error(p->now, x) && base + 50 < bits)
        bits = base + 50;
    return bits;
}

/* ---- which of the numbers that give the pay */

struct choice {
    int64_t x;
    int32_t odds;
};

struct choosing {
    struct probe *probe;
    AT_VEC(struct choice) choices;
};

static void add_choice(void *context, int64_t x) {
    struct choosing *c = context;
    AT_VEC_PUSH(c->probe->s->scratch, &c->choices, (struct choice){x, bits_of(c->probe, x)});
}

static int by_bits(const void *left, const void *right) {
    const struct choice *a = left, *b = right;
    if (a->odds != b->odds) return a->odds < b->odds ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

static void add_round(struct choosing *c, int64_t low, int64_t high) {
    for (int64_t power = 100000000000000; power >= 1; power /= 10) {
        int64_t multiple = low / power * power;
        while (multiple < low)
            multiple += power;
        if (multiple > high) continue;
        add_choice(c, multiple);
        return;
    }
}

static void choose(struct probe *p, const struct point *hit, int64_t low, int64_t high, bool many) {
    struct at_arena *scratch = p->s->scratch;
    struct at_arena_mark mark = at_arena_mark(scratch);
    struct choosing c = {.probe = p};
    add_choice(&c, hit->x);
    add_round(&c, low, high);
    if (!p->missing) at_answer_typed(p->now, low, high, add_choice, &c);
    for (uint32_t i = 0; i < p->column->n_known; i++)
        if (p->column->known[i] >= low && p->column->known[i] <= high) add_choice(&c, p->column->known[i]);
    at_sort_items(scratch, c.choices.at, c.choices.n, sizeof *c.choices.at, by_bits);
    unsigned tried = 0;
    p->runs = 0;
    for (size_t i = 0; i < c.choices.n && tried < MOST_TRIED; i++) {
        struct point at = *hit;
        if (i > 0 && c.choices.at[i].x == c.choices.at[i - 1].x) continue;
        tried++;
        /* A row with nothing is a row that does not count. */
        if (c.choices.at[i].x == (p->change.role == AT_ANSWER_AMOUNT ? 0 : p->now)) continue;
        if (c.choices.at[i].x != hit->x && !pay_at(p, c.choices.at[i].x, &at)) continue;
        if (at.pay != p->s->question->wanted) continue;
        p->change.many = many;
        keep(p, &at, c.choices.at[i].odds);
        break;
    }
    at_arena_reset(scratch, mark);
}

/* ---- between two numbers */

static int64_t secant(const struct point *a, const struct point *b, at_i128 wanted) {
    at_i128 rise = b->pay - a->pay, run = (at_i128)b->x - a->x;
    return a->x + (int64_t)((wanted - a->pay) * run / rise);
}

/* How far a number can be from the one that was found with the same pay: pay is a straight line in between.
 */
static int64_t reach(const struct point *a, const struct point *b) {
    at_i128 rise = b->pay - a->pay, run = (at_i128)b->x - a->x;
    if (rise == 0) return 0;
    at_i128 reach = run / rise;
    return (int64_t)(reach < 0 ? -reach : reach) + 1;
}

static void between(struct probe *p, struct point a, struct point b) {
    at_i128 wanted = p->s->question->wanted;
    p->runs = 0;
    for (unsigned i = 0; b.x - a.x > 1 && p->s->status == AT_OK; i++) {
        struct point at;
        int64_t x = i % 3 == 2 ? a.x + (b.x - a.x) / 2 : secant(&a, &b, wanted);
        if (x <= a.x) x = a.x + 1;
        if (x >= b.x) x = b.x - 1;
        if (!pay_at(p, x, &at)) return;
        if (at.pay == wanted) {
            int64_t by = reach(&a, &b), low = x - by, high = x + by;
            choose(p, &at, low > a.x ? low : a.x + 1, high < b.x ? high : b.x - 1, false);
            return;
        }
        if ((at.pay < wanted) == (a.pay < wanted))
            a = at;
        else
            b = at;
    }
    at_i128 below = a.pay - wanted, above = b.pay - wanted;
    below = below < 0 ? -below : below;
    above = above < 0 ? -above : above;
    keep(p, below < above ? &a : &b, 1000);
}

/* All numbers from some one on, or up to it, give the pay: the one next to the number as it is counts. */
static void at_edge(struct probe *p, struct point with, struct point without) {
    p->runs = 0;
    struct point hit = with;
    while (with.x - without.x > 1 || without.x - with.x > 1) {
        struct point at;
        if (!pay_at(p, without.x + (with.x - without.x) / 2, &at)) return;
        if (at.pay == p->s->question->wanted)
            with = at;
        else
            without = at;
    }
    int64_t low = with.x < hit.x ? with.x : hit.x, high = with.x < hit.x ? hit.x : with.x;
    choose(p, &with, low, high, high - low > p->column->most / 100);
}

static bool cross(struct probe *p, const struct point *a, const struct point *b) {
    at_i128 wanted = p->s->question->wanted;
    if (a->pay == wanted && b->pay == wanted) return false;
    if (a->pay == wanted || b->pay == wanted) {
        if (a->pay == wanted)
            at_edge(p, *a, *b);
        else
            at_edge(p, *b, *a);
        return true;
    }
    if ((a->pay < wanted) == (b->pay < wanted)) return false;
    between(p, *a, *b);
    return true;
}

static int by_x(const void *left, const void *right) {
    const struct point *a = left, *b = right;
    return (a->x > b->x) - (a->x < b->x);
}

/* Zero, the number as it is, and beyond the largest one of the column; then ten times as far each time. */
static void search(struct probe *p, at_i128 paid) {
    struct point points[4];
    uint32_t n = 0;
    int64_t most = p->column->most, size = p->now < 0 ? -p->now : p->now;
    most = (most > size ? most : size) * 2 + 1;
    if (most > AT_ANSWER_MOST_NUMBER / 10) return;
    if (pay_at(p, 0, &points[n])) n++;
    if (pay_at(p, most, &points[n])) n++;
    bool flat = n == 2 && points[0].pay == paid && points[1].pay == paid;
    if (!p->missing && p->now != 0 && p->now != most) points[n++] = (struct point){p->now, paid};
    if (n < 2 || flat) return;
    if (p->column->below && pay_at(p, -most, &points[n])) n++;
    at_sort_items(p->s->scratch, points, n, sizeof *points, by_x);
    bool found = false;
    for (uint32_t i = 0; i + 1 < n; i++)
        found |= cross(p, &points[i], &points[i + 1]);
    struct point last = points[n - 1], far;
    bool rises = last.pay != points[n - 2].pay;
    while (!found && rises && last.x < AT_ANSWER_MOST_NUMBER / 10 && pay_at(p, last.x * 10, &far)) {
        found = cross(p, &last, &far);
        rises = far.pay != last.pay;
        last = far;
    }
    if (!found) keep(p, &last, 1000);
}

static bool start(struct probe *p, const struct at_answer_row *row, uint32_t field) {
    struct at_answer_search *s = p->s;
    p->column = at_answer_column(s, row->table, field);
    p->owner.kind = AT_EDIT_COPY;
    p->change = (struct at_answer_change){.kind = p->missing ? AT_ANSWER_MISSING : AT_ANSWER_FIELD,
                                          .role = row->about ? AT_ANSWER_PAYEE : AT_ANSWER_AMOUNT,
                                          .table = row->table,
                                          .row = row->row,
                                          .field = field,
                                          .in = {.kind = AT_YEAR + 1},
                                          .odds = 30};
    p->change.name = at_answer_row_name(s, row->table, row->row);
    const struct at_col *col = &s->run->data->tables[row->table].cols[field];
    return at_answer_value_at(s, p->column, col, row->row, &p->now);
}

void at_answer_try_number(struct at_answer_search *s, const struct at_answer_row *row, uint32_t field) {
    struct probe p = {.s = s};
    if (start(&p, row, field)) p.change.before = text_of(&p, p.now);
    search(&p, s->out->paid);
}

/* A row of the payee in the period, like another one. */
void at_answer_try_missing(struct at_answer_search *s, const struct at_answer_row *like, uint32_t field,
                           uint32_t n_like) {
    const struct at_table *table = &s->run->data->tables[like->table];
    struct probe p = {.s = s, .missing = true};
    start(&p, like, field);
    p.change.odds += at_answer_bits_of(n_like);
    p.now = 0;
    p.days = AT_NEW_ARRAY(s->arena, struct at_table_edit_cell, table->schema->n_fields + 1);
    for (uint32_t f = 0; f < table->schema->n_fields && !like->in; f++) {
        const at_type *type = &table->schema->fields[f].type;
        const struct at_col *col = &table->cols[f];
        if (!at_answer_matters(s, like->table, f) || like->row >= col->n) continue;
        if (type->kind == AT_T_REF && (int32_t)type->table == s->payee_table && like->other) {
            p.owner = (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = s->key};
            p.owner_field = f;
        }
        if (type->kind == AT_T_DATE && at_col_state(col, like->row) == AT_STATE_OK)
            p.days[f] = (struct at_table_edit_cell){
                .kind = AT_EDIT_DAY,
                .number = at_answer_day_in(s, col->day[like->row], s->question->target.period)};
    }
    search(&p, s->out->paid);
}
