/* session/causes.c: warns of rows that release or take back a deal before it was earned, or more than all of
 * it, of those that name no deal, and of dates that are too far away to be paid: one warning for each
 * statement, with the first row of the file and the number of rows. */
#include "diag/say.h"
#include "kernel/parted.h"
#include "session/run_int.h"

enum trouble { EARLY, PAST, FAR, LOOSE, TROUBLES };

struct found {
    uint64_t n[TROUBLES];
    uint32_t row[TROUBLES]; /* the first of the file */
};

static void note(struct found *found, enum trouble trouble, uint32_t row) {
    if (found->n[trouble]++ == 0 || row < found->row[trouble]) found->row[trouble] = row;
}

/* The first period in which the deal has a part; AT_NOBODY: none. */
static uint32_t first_of(const struct at_kernel_parted *parted, uint32_t deal) {
    uint32_t first = AT_NOBODY;
    for (uint32_t q = parted->place_of[deal]; q < parted->place_of[deal + 1]; q++)
        if (parted->places[q].period < first) first = parted->places[q].period;
    return first;
}

/* A sum of shares: a quotient of 64 bits as long as they hold the denominator. */
struct total {
    at_i128 num;
    int64_t den; /* 0: the sum is `big` */
    at_num big;
};

/* False where 64 bits do not hold the denominator of both. */
static bool add_quotient(struct total *total, const struct at_kernel_event *event) {
    int64_t all = total->den;
    if (!at_kernel_event_common(event, &all) || all > INT64_MAX / 4) return false;
    at_i128 num, more = (at_i128)event->num * (all / event->den);
    if (__builtin_mul_overflow(total->num, (at_i128)(all / total->den), &num)) return false;
    if (__builtin_add_overflow(num, more, &num)) return false;
    total->num = num;
    total->den = all;
    return true;
}

static void add_share(struct at_arena *scratch, struct total *total, const struct at_kernel_event *event) {
    if (add_quotient(total, event)) return;
    if (total->den != 0)
        total->big = at_num_div(scratch, at_num_decimal128(total->num, 0), at_num_int(total->den));
    total->den = 0;
    total->big = at_num_add(scratch, total->big, at_kernel_event_share(scratch, event));
}

static bool above_all(struct at_arena *scratch, const struct total *total) {
    return total->den ? total->num > total->den : at_num_cmp(scratch, total->big, at_num_int(1)) > 0;
}

static bool is_above_zero(const struct at_kernel_event *event) {
    return event->den ? event->num > 0 : at_num_sign(*event->big) > 0;
}

/* The events of one deal, in order. The shares of each statement add up: conditions of the payee and period
 * can let only one of several count. */
static void look_at(struct at_arena *scratch, const struct at_plan_parted *payload,
                    const struct at_kernel_parted *parted, uint32_t deal, int64_t end, struct found *found) {
    struct total *sums = AT_NEW_ARRAY(scratch, struct total, payload->n + 1);
    for (uint32_t k = 0; k < payload->n; k++)
        sums[k].den = 1;
    uint32_t first = first_of(parted, deal);
    for (uint32_t e = parted->of_deal[deal]; e < parted->of_deal[deal + 1] && first != AT_NOBODY; e++) {
        const struct at_kernel_event *event = &parted->events[e];
        const struct at_plan_part *part = &payload->parts[event->part];
        if (event->state != AT_STATE_OK) continue;
        if (event->period >= end) note(&found[event->part], FAR, event->row);
        if (part->kind == AT_PART_HOLD) continue;
        if (event->period < (int64_t)first) note(&found[event->part], EARLY, event->row);
        add_share(scratch, &sums[event->part], event);
        if (is_above_zero(event) && above_all(scratch, &sums[event->part]))
            note(&found[event->part], PAST, event->row);
    }
}

static void tell(struct at_session_state *session, const struct at_plan_part *part, enum trouble trouble,
                 const struct found *found) {
    static const struct {
        enum at_diag_code code;
        enum at_words_word what, help;
    } SAY[] = {[EARLY] = {AT_A1126, AT_W_RUN_CAUSE_EARLY, AT_W_RUN_CAUSE_EARLY_HELP},
               [PAST] = {AT_A1127, AT_W_RUN_CAUSE_PAST, AT_W_RUN_CAUSE_PAST_HELP},
               [FAR] = {AT_A1128, AT_W_RUN_CAUSE_FAR, AT_W_RUN_CAUSE_FAR_HELP},
               [LOOSE] = {AT_A1129, AT_W_RUN_CAUSE_LOOSE, AT_W_RUN_CAUSE_LOOSE_HELP}};
    const struct at_table *table = &session->run.data->tables[part->table];
    uint64_t line = table->lines ? table->lines[found->row[trouble]] : found->row[trouble] + 1;
    struct at_diag_data_place place =
        at_table_dataset_place(session->run.data, part->table, -1, line, session->run.arena);
    at_str name = at_str_format(session->run.arena, "%s %.*s",
                                at_ast_kind_name((enum at_ast_kind)part->decl->node->kind),
                                AT_STR_ARG(part->decl->node->text));
    struct at_diag *d =
        at_diag_say(session->gather.diags, SAY[trouble].code, (at_span){0}, &place,
                    AT_SENTENCE(SAY[trouble].what, at_words_text(name), at_words_count(found->n[trouble])));
    bool taken = trouble == FAR && part->kind == AT_PART_CLAWBACK;
    at_diag_say_help(d, AT_SENTENCE(taken ? AT_W_RUN_CAUSE_FAR_TAKEN : SAY[trouble].help));
}

void at_session_tell_causes(struct at_session_state *session) {
    const struct at_plan *plan = session->run.plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_kernel_parted *parted = session->frame.parteds[id];
        if (plan->nodes[id].op != AT_P_PARTED || !parted) continue;
        const struct at_plan_parted *payload = plan->nodes[id].data;
        struct found *found = AT_NEW_ARRAY(session->gather.scratch, struct found, payload->n + 1);
        for (uint32_t deal = 0; deal < parted->n_deals; deal++) {
            struct at_arena_mark mark = at_arena_mark(session->gather.scratch);
            look_at(session->gather.scratch, payload, parted, deal,
                    (int64_t)session->frame.n_regular + AT_MOST_TAIL, found);
            at_arena_reset(session->gather.scratch, mark);
        }
        for (uint32_t k = 0; k < payload->n; k++) {
            found[k].n[LOOSE] = parted->loose[k].n;
            found[k].row[LOOSE] = parted->loose[k].row;
        }
        for (uint32_t k = 0; k < payload->n; k++)
            for (unsigned trouble = 0; trouble < TROUBLES; trouble++)
                if (found[k].n[trouble]) tell(session, &payload->parts[k], trouble, &found[k]);
    }
}
