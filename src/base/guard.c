/* base/guard.c: contains the only calls of setjmp and longjmp. */
#include "base/guard.h"

bool at_guard_run(struct at_guard *guard, void (*work)(void *context), void *context) {
    jmp_buf here;
    jmp_buf *const outer = guard->point;
    guard->point = &here;
    if (setjmp(here) != 0) {
        guard->point = outer;
        return false;
    }
    work(context);
    guard->point = outer;
    return true;
}

_Noreturn void at_guard_fail(struct at_guard *guard) {
    if (!guard || !guard->point) __builtin_trap();
    longjmp(*guard->point, 1);
}
