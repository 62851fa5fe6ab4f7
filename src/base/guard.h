/* base/guard.h: returns control to the entry of a call when memory fails.
 *
 * at_guard_run is the only function of the library that calls setjmp, and at_guard_fail the only one that
 * calls longjmp. A guard is armed while at_guard_run is active and has its previous state afterwards, whether
 * the work ended or memory failed. Therefore no jump leads into a frame that has returned.
 *
 * A guard belongs to one thread at a time. It is in a handle of the API, or in a part of a pass, and must
 * not move while an arena points to it. A jump to an outer guard passes over the inner ones. These stay
 * armed, so what owns them must be dropped with the work that failed.
 */
#ifndef AT_BASE_GUARD_H
#define AT_BASE_GUARD_H

#include <setjmp.h>

#include "base/base.h"

struct at_guard {
    jmp_buf *point; /* view: the frame of at_guard_run; NULL: not armed */
};

/* Calls work(context). Returns false if memory failed in it. Results are left in what `context` points to. */
bool at_guard_run(struct at_guard *guard, void (*work)(void *context), void *context) AT_MUST_CHECK;

/* Returns control to the innermost at_guard_run of this guard. Stops the program if there is none, because
 * the memory that was asked for does not exist. No public function of the library works without a guard. */
_Noreturn void at_guard_fail(struct at_guard *guard);

#endif
