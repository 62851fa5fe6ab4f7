/* answer/classes.h: the class of a difference. Private to this folder. */
#ifndef AT_ANSWER_CLASSES_H
#define AT_ANSWER_CLASSES_H

#include "answer/reconcile.h"

/* Whether a difference can come from rounding each of `rows` credited rows. */
bool at_answer_is_rounding(const struct at_answer_payout *payout, uint32_t rows);
enum at_answer_class at_answer_class_of(const struct at_answer_reconciliation *of,
                                        const struct at_answer_payout *payout, uint32_t rows);

#endif
