/* curve/work.c: counts what a curve calculates and reads, where its caller sets a limit. The same input ends
 * at the same place, which a limit of time does not. */
#include "curve/curve_int.h"

bool at_curve_may_work(const struct at_curve_eval *e, uint64_t n) {
    uint64_t *work = e->options->work;
    if (!work) return true;
    bool enough = *work >= n;
    *work -= enough ? n : *work;
    return enough;
}
