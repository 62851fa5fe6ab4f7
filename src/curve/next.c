/* curve/next.c: the next number at which a payee gains more. A tier that a cap makes useless is not one,
 * because shapes are those of the pay after all rules. */
#include "curve/solve.h"

bool at_curve_next_rise(const struct at_curve_shapes *shapes, at_num x, struct at_arena *arena,
                        struct at_curve_rise *out) {
    for (uint32_t i = 0; i < shapes->n; i++) {
        const struct at_curve_shape *s = &shapes->at[i];
        bool corner = s->kind == AT_CURVE_JUMP || s->kind == AT_CURVE_KINK;
        if (!corner || !s->exact || at_num_cmp(arena, s->low, x) <= 0) continue;
        if (at_num_cmp(arena, s->after, s->before) <= 0) continue;
        *out = (struct at_curve_rise){.jump = s->kind == AT_CURVE_JUMP,
                                      .at = s->low,
                                      .more = at_num_sub(arena, s->low, x),
                                      .before = s->before,
                                      .after = s->after};
        return true;
    }
    return false;
}
