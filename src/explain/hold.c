/* explain/hold.c: explains what a hold keeps of each deal, what a release pays of it, and what a clawback
 * takes back, each with the deal, the rate of that time, and the row that is the cause. */
#include "base/vec.h"
#include "explain/explain_int.h"
#include "kernel/parted.h"

#define MOST_DEALS 20 /* of a statement and period; the others are counted */

struct telling {
    struct at_explain_tell *t;
    struct at_explain_node *step;
    const struct at_plan_parted *payload;
    uint32_t parted, statement;
    struct at_kernel_part part;
    at_num taken; /* of the part, before the next event */
    uint64_t told, left_out;
};

static at_words_operand money(const struct telling *d, int64_t minor) {
    struct at_explain_node unused = {0};
    at_num amount = at_num_decimal(minor, d->t->r->result->currency->digits);
    return at_explain_tell_num(d->t, &unused, amount, at_explain_tell_money(d->t), false);
}

static at_words_operand share(const struct telling *d, at_num part) {
    struct at_explain_node unused = {0};
    return at_explain_tell_num(d->t, &unused, part, (at_type){.kind = AT_T_NUMBER}, true);
}

static at_words_operand key_of(const struct telling *d, uint16_t table, uint32_t row) {
    const struct at_session_run *run = d->t->r->run;
    int32_t key = d->t->r->checked->schemas[table].key;
    const struct at_table *data = &run->data->tables[table];
    if (key >= 0)
        return at_words_text(at_session_table_text(run->data, table, (uint32_t)key, row, d->t->arena));
    return at_explain_row_in_file(d->t, data->binding.name, data->lines ? data->lines[row] : row + 1);
}

/* The day on which a hold of the row ends; false: it is missing. */
static bool day_of(const struct telling *d, const struct at_plan_part *hold, uint32_t row, at_date *day) {
    const struct at_kernel_frame *frame = d->t->r->run->frame;
    const struct at_col *on = &frame->whole[frame->plan->nodes[d->parted].in[hold->on]];
    if (at_col_state(on, row) != AT_STATE_OK) return false;
    *day = on->day[on->one ? 0 : row];
    return true;
}

/* What is kept of a part when it is earned. */
static void tell_kept(struct telling *d, const struct at_kernel_deal *deal, int64_t whole) {
    struct at_explain_tell *t = d->t;
    const struct at_plan_part *of = &d->payload->parts[d->statement];
    int64_t kept = at_kernel_parted_kept(t->r->run->frame, d->parted, d->part, d->statement);
    at_words_operand key = at_words_text(at_kernel_deal_key(deal));
    at_date day;
    if (kept == 0) return;
    if (of->kind == AT_PART_RELEASE)
        at_explain_node_note(t, d->step,
                             AT_SAID(t->arena, AT_W_PART_WAITS, key, money(d, kept), money(d, whole)));
    else if (day_of(d, of, deal->row, &day))
        at_explain_node_note(
            t, d->step,
            AT_SAID(t->arena, AT_W_PART_HELD, key, money(d, kept), money(d, whole), at_words_day(day)));
    else
        at_explain_node_note(t, d->step,
                             AT_SAID(t->arena, AT_W_PART_HELD_ON, key, money(d, kept), money(d, whole)));
}

/* What the row of the part credits. Without a current rate, the line of a `per` component is all of it. */
static at_num weight_of(const struct telling *d) {
    const struct at_kernel_frame *frame = d->t->r->run->frame;
    return at_kernel_deal_weight(
        &at_kernel_parted_credits(frame, d->parted, d->part.payee, d->part.earned).at[d->part.deal]);
}

/* The rate of the part when it was earned. */
static at_words_operand rate_of(const struct telling *d, int64_t whole) {
    at_num weight = weight_of(d), part = at_num_decimal(whole, d->t->r->result->currency->digits);
    if (at_num_sign(weight) <= 0) return share(d, at_num_int(1));
    return share(d, at_num_div(d->t->arena, part, weight));
}

static enum at_words_word word_of(const struct at_plan_part *of, const struct at_kernel_step *event) {
    if (of->kind == AT_PART_HOLD) return AT_W_PART_DUE;
    if (of->kind == AT_PART_RELEASE) return AT_W_PART_RELEASED;
    return event->rated_in != AT_NOBODY ? AT_W_PART_TAKEN_NOW : AT_W_PART_TAKEN;
}

static at_words_operand amount(const struct telling *d, at_num x) {
    struct at_explain_node unused = {0};
    return at_explain_tell_num(d->t, &unused, x, at_explain_tell_money(d->t), false);
}

/* What the row credits: money, or a number such as points. */
static at_words_operand credit(const struct telling *d, at_num x) {
    const struct at_plan *plan = d->t->r->plan;
    const struct at_plan_node *ledger = &plan->nodes[plan->nodes[d->parted].in[d->payload->credits]];
    struct at_explain_node unused = {0};
    at_type type = plan->nodes[ledger->in[1]].type;
    type.optional = false;
    return at_explain_tell_num(d->t, &unused, x, type, false);
}

/* A rate of the deal, its amount, and the share of it that the event takes back. */
static at_words_operand at_rate(const struct telling *d, enum at_words_word word, uint32_t period, at_num all,
                                at_num more, const struct at_kernel_step *event) {
    struct at_arena *arena = d->t->arena;
    at_num weight = weight_of(d);
    at_words_operand month = at_words_month(at_session_run_period(d->t->r->run, period)), how = {0};
    if (word == AT_W_PART_AT_NOW)
        how = AT_SAID(arena, AT_W_DIV, money(d, event->given), credit(d, event->credited));
    return AT_SAID(arena, word, month, credit(d, weight), share(d, at_num_div(arena, all, weight)),
                   amount(d, all), share(d, more), amount(d, at_num_mul(arena, all, more)), how);
}

/* Both calculations of a clawback, side by side: as it was paid, and at the rate that applies now. */
static void tell_rates(struct telling *d, struct at_explain_node *step, const struct at_kernel_step *event,
                       int64_t whole) {
    struct at_arena *a = d->t->arena;
    at_num weight = weight_of(d), more = at_num_sub(a, event->taken, d->taken),
           then = at_num_decimal(whole, d->t->r->result->currency->digits);
    if (at_num_sign(weight) <= 0 || at_num_is_zero(more)) return;
    at_explain_node_note(d->t, step, at_rate(d, AT_W_PART_AT_THEN, d->part.earned, then, more, event));
    if (event->rated_in == AT_NOBODY) return;
    at_num given = at_num_decimal(event->given, d->t->r->result->currency->digits),
           now = at_num_div(a, at_num_mul(a, weight, given), event->credited);
    at_explain_node_note(d->t, step, at_rate(d, AT_W_PART_AT_NOW, event->rated_in, now, more, event));
}

static void tell_event(struct telling *d, const struct at_kernel_step *event,
                       const struct at_kernel_deal *deal, int64_t whole) {
    struct at_explain_tell *t = d->t;
    const struct at_plan_part *of = &d->payload->parts[d->statement];
    at_num part = of->kind == AT_PART_RELEASE ? event->released : event->taken;
    at_words_operand then = at_words_month(at_session_run_period(t->r->run, d->part.earned)),
                     now = at_words_month(at_session_run_period(
                         t->r->run, event->rated_in == AT_NOBODY ? t->period : event->rated_in));
    at_words_operand what = AT_SAID(t->arena, AT_W_PART_DEAL, at_words_text(at_kernel_deal_key(deal)), then,
                                    money(d, whole), rate_of(d, whole)),
                     cause = AT_SAID(t->arena, AT_W_PART_CAUSE, key_of(d, of->table, event->event->row),
                                     at_words_day(event->event->day)),
                     path =
                         AT_SAID(t->arena, AT_W_PART_PATH, money(d, event->before), money(d, event->after));
    struct at_explain_node *note = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    note->text = AT_SAID(t->arena, word_of(of, event), what,
                         of->kind == AT_PART_HOLD ? at_words_day(event->event->day) : cause, share(d, part),
                         path, now);
    if (of->kind == AT_PART_CLAWBACK) tell_rates(d, note, event, whole);
    at_explain_node_add(d->step, note);
}

static void tell_step(struct telling *d, const struct at_kernel_step *event) {
    const struct at_session_run *run = d->t->r->run;
    uint32_t ledger = run->plan->nodes[d->parted].in[0];
    if (event->period != d->t->period || (event->event && event->event->part != d->statement)) return;
    if (d->told >= MOST_DEALS) {
        d->left_out++;
        return;
    }
    struct at_kernel_deals deals = at_kernel_ledger_deals(run->frame, ledger, d->part.payee, d->part.earned);
    int64_t whole = run->frame->ledgers[ledger]
                        ->parts[(size_t)d->part.earned * run->frame->n_payees + d->part.payee][d->part.deal];
    d->told++;
    if (event->event)
        tell_event(d, event, &deals.at[d->part.deal], whole);
    else
        tell_kept(d, &deals.at[d->part.deal], whole);
}

static void visit(void *context, const struct at_kernel_step *event) {
    struct telling *d = context;
    tell_step(d, event);
    d->taken = event->taken;
}

static void tell_part(struct telling *d, uint32_t earned, uint32_t deal) {
    d->taken = at_num_int(0);
    d->part = (struct at_kernel_part){d->t->payee, earned, deal};
    at_kernel_parted_steps(d->t->arena, d->t->r->run->frame, d->parted, d->part, d->t->period, visit, d);
}

void at_explain_tell_part(struct at_explain_tell *t, struct at_explain_node *step,
                          const struct at_plan_adjustment *a) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    const struct at_plan_node *move = &frame->plan->nodes[a->at];
    struct telling d = {.t = t, .step = step, .parted = move->in[0], .statement = (uint32_t)move->a};
    const struct at_kernel_parted *parted = frame->parteds[d.parted];
    if (!parted) return;
    d.payload = frame->plan->nodes[d.parted].data;
    size_t cell = (size_t)t->period * frame->n_payees + t->payee;
    uint32_t ledger = frame->plan->nodes[d.parted].in[0];
    uint32_t n = at_kernel_ledger_deals(frame, ledger, t->payee, t->period).n;
    for (uint32_t i = 0; frame->ledgers[ledger]->parts[cell] && i < n; i++)
        tell_part(&d, t->period, i);
    for (uint32_t k = parted->first_moved[cell]; k > 0; k = parted->moved.at[k - 1].next)
        tell_part(&d, parted->moved.at[k - 1].earned, parted->moved.at[k - 1].deal);
    if (d.left_out)
        at_explain_node_note(t, step, AT_SAID(t->arena, AT_W_PART_OTHERS, at_words_count(d.left_out)));
}

/* ---- what is held at the end of the period */

struct holding {
    struct telling d;
    int64_t all;
    AT_VEC(struct at_explain_held) rows;
};

static void add_held(void *context, const struct at_session_held *held) {
    struct holding *h = context;
    struct at_explain_tell *t = h->d.t;
    const struct at_plan_component *component = &t->r->plan->components[held->component];
    h->all += held->minor;
    if (h->rows.n >= MOST_DEALS) {
        t->story->more_held++;
        return;
    }
    bool releases = held->statement->kind == AT_N_RELEASE;
    struct at_explain_held row = {
        .component = component->label.n ? component->label : component->name,
        .key = at_words_text(at_str_copy(t->arena, held->key)),
        .earned = at_words_month(at_session_run_period(t->r->run, held->earned)),
        .due = held->dated ? at_words_day(held->due)
                           : AT_SAID(t->arena, releases ? AT_W_HELD_FOR_ROWS : AT_W_HELD_WITHOUT_DATE),
        .shown = money(&h->d, held->minor)};
    AT_VEC_PUSH(t->arena, &h->rows, row);
}

void at_explain_tell_held(struct at_explain_tell *t) {
    struct holding h = {.d = {.t = t}};
    if (!at_session_holds(t->r->run)) return;
    at_session_held_of(t->r->run, t->payee, t->period, t->arena, add_held, &h);
    t->story->held = h.rows.at;
    t->story->n_held = (uint32_t)h.rows.n;
    t->story->held_amount = money(&h.d, h.all);
}
