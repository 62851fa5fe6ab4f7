/* api/curve.h: the handle of attain_curve_run. Private to api/.
 *
 * All texts are made in the call that makes the curves, because several threads may read them afterwards.
 */
#ifndef AT_API_CURVE_H
#define AT_API_CURVE_H

#include "api/run.h"
#include "write/curves.h"

/* What the host reads of one curve. */
struct at_api_curve {
    attain_curve about;
    attain_curve_payee *payees;
    attain_curve_piece *pieces;
    attain_curve_shape *shapes;
    attain_curve_sample *samples;
};

struct attain_curves {
    struct attain_results r; /* first: its memory is that of the curves; policies[0] is drawn first */
    struct at_write_curves curves;
    struct at_curve_many many[2];
    const struct at_words *words;
    struct at_api_curve *read; /* of all versions */
    size_t n_read;
};

/* curve_read.c: fills `read`. */
void at_api_curve_texts(struct attain_curves *handle);

#endif
