/* gather/keep.c: keeps the faults of rows in their part, and merges the parts.
 *
 * For each payee and period of an aggregate, one fault of its rows is kept: that of the first line of the
 * file. So the result depends neither on the order of batches nor on the number of parts.
 */
#include "gather/part.h"

struct rank {
    uint64_t line;
    uint32_t node;
};
static bool before(struct rank a, struct rank b) {
    return a.line != b.line ? a.line < b.line : a.node < b.node;
}

/* Returns the exception that a state of a part refers to. It is one of the run's, or one that the part
 * keeps. */
static const struct at_gather_exception *behind(const struct at_gather_part *part, uint32_t state) {
    uint32_t i = state - AT_STATE_EXCEPTION, known = part->work->known;
    return i < known ? &part->gather->exceptions->kept.at[i] : &part->kept.at[i - known];
}

static struct at_gather_exception exception_of(struct at_gather_part *part,
                                               const struct at_kernel_fault *fault, uint64_t line,
                                               uint32_t payee, uint32_t period) {
    struct at_gather_exception exception =
        at_gather_exception_of(part->gather->exceptions, fault, &part->arena);
    exception.payee = payee;
    exception.period = period;
    exception.file = part->gather->data->tables[part->work->scan->table].binding.name;
    exception.line = line;
    return exception;
}

/* States below `known` are exceptions of the run from before the scan. Others are faults of the batch,
 * which is forgotten, so the better one is copied to the part. */
uint32_t at_gather_part_keep(struct at_gather_part *part, uint32_t state, uint32_t held, uint64_t line,
                             uint32_t payee, uint32_t period) {
    uint32_t known = part->work->known;
    if (state < AT_STATE_EXCEPTION) return held > state ? held : state;
    uint32_t i = state - AT_STATE_EXCEPTION;
    const struct at_kernel_fault *fault = i < known ? NULL : &part->faults.of.at[i - known];
    struct rank rank = fault ? (struct rank){line, fault->node}
                             : (struct rank){part->gather->exceptions->kept.at[i].line,
                                             part->gather->exceptions->kept.at[i].node};
    if (held >= AT_STATE_EXCEPTION) {
        const struct at_gather_exception *old = behind(part, held);
        if (!before(rank, (struct rank){old->line, old->node})) return held;
    }
    if (!fault) return state;
    struct at_gather_exception exception = exception_of(part, fault, line, payee, period);
    if (held >= AT_STATE_EXCEPTION &&
        held - AT_STATE_EXCEPTION >= known) { /* only this state uses its place */
        part->kept.at[held - AT_STATE_EXCEPTION - known] = exception;
        return held;
    }
    AT_VEC_PUSH(&part->arena, &part->kept, exception);
    return AT_STATE_EXCEPTION + known + (uint32_t)(part->kept.n - 1);
}

/* ---- merging */

uint32_t *at_gather_merge_states(struct at_gather *gather, const struct at_gather_work *work,
                                 struct at_gather_acc *const *accs, uint32_t n) {
    bool any = false;
    for (unsigned p = 0; p < work->n_parts; p++)
        any |= accs[p]->state != NULL;
    if (!any) return NULL;
    uint32_t *state = AT_NEW_ARRAY(gather->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (i % 65536 == 0 && at_watch_cancelled(gather->data->watch)) at_arena_fail(gather->arena);
        const struct at_gather_exception *best = NULL;
        for (unsigned p = 0; p < work->n_parts; p++) {
            uint32_t s = accs[p]->state && i < accs[p]->n ? accs[p]->state[i] : AT_STATE_OK;
            /* An exception wins over a missing value. */
            if (s == AT_STATE_MISSING && state[i] == AT_STATE_OK) state[i] = s;
            if (s < AT_STATE_EXCEPTION) continue;
            uint32_t index = s - AT_STATE_EXCEPTION;
            const struct at_gather_exception *e = index < work->known
                                                      ? &gather->exceptions->kept.at[index]
                                                      : &work->parts[p].kept.at[index - work->known];
            if (!best || before((struct rank){e->line, e->node}, (struct rank){best->line, best->node})) {
                best = e;
                state[i] = index < work->known ? s : AT_STATE_OK;
            }
        }
        if (best && state[i] < AT_STATE_EXCEPTION) {
            struct at_gather_exception copy = *best; /* `kept` may move */
            state[i] = AT_STATE_EXCEPTION + at_gather_exceptions_add(gather->exceptions, &copy);
        }
    }
    return state;
}
