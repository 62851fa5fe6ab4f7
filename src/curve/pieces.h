/* curve/pieces.h: the making of pieces, from left to right, of any function of a piece. */
#ifndef AT_CURVE_PIECES_H
#define AT_CURVE_PIECES_H

#include "curve/curve_int.h"

struct at_curve_pieces {
    struct at_curve_eval eval; /* `options` have the range; the rest is for `evaluate` */
    struct at_watch *watch;
    struct at_arena *arena;
    /* The value on the piece from eval.low, a point or up to eval.high, which it may move to the left. */
    struct at_curve_value (*evaluate)(struct at_curve_eval *eval, void *context);
    void *context;
    AT_VEC(struct at_curve_piece) pieces;
};

enum at_status at_curve_pieces_make(struct at_curve_pieces *pieces, struct at_curve *out) AT_MUST_CHECK;

#endif
