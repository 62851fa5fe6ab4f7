/* session/held.c: what is held of the parts of deals at the end of a period: by holds whose date has not
 * come, or is missing, and by releases whose causes have not come. It is calculated when it is asked for. */
#include "kernel/parted.h"
#include "session/results.h"

struct looking {
    const struct at_session_run *run;
    const struct at_plan_parted *payload;
    struct at_arena *arena;
    uint32_t parted;
    bool *came; /* by statement: the hold's date has come */
    at_num released, kept;
};

static void see(void *context, const struct at_kernel_step *step) {
    struct looking *l = context;
    if (step->event && l->payload->parts[step->event->part].kind == AT_PART_HOLD)
        l->came[step->event->part] = true;
    l->released = step->released;
    l->kept = step->kept;
}

static bool date_of(const struct looking *l, const struct at_plan_part *hold, uint32_t row, at_date *day) {
    const struct at_col *on = &l->run->frame->whole[l->run->plan->nodes[l->parted].in[hold->on]];
    if (at_col_state(on, row) != AT_STATE_OK) return false;
    *day = on->day[on->one ? 0 : row];
    return true;
}

/* What a statement still holds of a part, in minor units. */
static int64_t held_by(const struct looking *l, struct at_kernel_part part, uint32_t statement) {
    int64_t kept = at_kernel_parted_kept(l->run->frame, l->parted, part, statement), minor = 0;
    at_num held = at_num_mul(l->arena, at_num_int(kept), l->kept);
    if (kept == 0 || l->came[statement]) return 0;
    if (l->payload->parts[statement].kind == AT_PART_RELEASE)
        held = at_num_mul(l->arena, held, at_num_sub(l->arena, at_num_int(1), l->released));
    held = at_num_round(l->arena, held, 0, l->run->plan->checked->rounding);
    return at_num_to_i64(l->arena, held, 0, &minor) ? minor : 0;
}

static void visit_part(struct looking *l, struct at_kernel_part part, uint32_t upto,
                       const struct at_kernel_deal *deal, struct at_session_held *held,
                       void (*visit)(void *context, const struct at_session_held *held), void *context) {
    memset(l->came, 0, l->payload->n);
    l->released = at_num_int(0);
    l->kept = at_num_int(1);
    at_kernel_parted_steps(l->arena, l->run->frame, l->parted, part, upto, see, l);
    for (uint32_t k = 0; k < l->payload->n; k++) {
        held->minor = held_by(l, part, k);
        if (held->minor == 0) continue;
        held->earned = part.earned;
        held->key = at_kernel_deal_key(deal);
        held->statement = l->payload->parts[k].decl->node;
        held->dated = l->payload->parts[k].kind == AT_PART_HOLD &&
                      date_of(l, &l->payload->parts[k], deal->row, &held->due);
        visit(context, held);
    }
}

void at_session_held_of(const struct at_session_run *run, uint32_t payee, uint32_t upto,
                        struct at_arena *arena,
                        void (*visit)(void *context, const struct at_session_held *held), void *context) {
    const struct at_kernel_frame *frame = run->frame;
    for (uint32_t c = 0; c < run->plan->n_components; c++) {
        const struct at_plan_component *of = &run->plan->components[c];
        if (of->parted == AT_NO_NODE || !of->decl || !frame->parteds[of->parted]) continue;
        struct looking l = {
            .run = run, .payload = run->plan->nodes[of->parted].data, .arena = arena, .parted = of->parted};
        struct at_session_held held = {.component = c};
        l.came = AT_NEW_ARRAY(arena, bool, l.payload->n + 1);
        for (uint32_t p = 0; p <= upto && p < run->n_regular; p++) {
            struct at_kernel_deals deals = at_kernel_ledger_deals(frame, of->ledger, payee, p);
            if (!frame->ledgers[of->ledger]->parts[(size_t)p * frame->n_payees + payee]) continue;
            for (uint32_t i = 0; i < deals.n; i++) {
                visit_part(&l, (struct at_kernel_part){payee, p, i}, upto, &deals.at[i], &held, visit,
                           context);
            }
        }
    }
}

bool at_session_holds(const struct at_session_run *run) {
    for (uint32_t c = 0; c < run->plan->n_components; c++)
        if (run->plan->components[c].parted != AT_NO_NODE) return true;
    return false;
}
