/* The one door to memory: the host's function sees every size, and the C library's stands in for it. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/alloc.h"

struct ledger {
    size_t live;
    int calls;
};

static void *counted(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct ledger *ledger = context;
    ledger->calls++;
    ledger->live += new_size;
    ledger->live -= old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

Test(alloc, the_host_sees_every_size) {
    struct ledger ledger = {0};
    struct at_alloc alloc = {counted, &ledger};
    char *p = at_alloc_get(&alloc, 10);
    cr_assert_eq(ledger.live, 10);
    p = at_alloc_resize(&alloc, p, 10, 300);
    memset(p, 1, 300);
    cr_assert_eq(ledger.live, 300);
    at_alloc_drop(&alloc, p, 300);
    cr_assert_eq(ledger.live, 0);
    cr_assert_eq(ledger.calls, 3);
}

Test(alloc, nothing_of_size_zero_is_asked_for) {
    struct ledger ledger = {0};
    struct at_alloc alloc = {counted, &ledger};
    void *p = at_alloc_get(&alloc, 0);
    cr_assert_not_null(p);
    at_alloc_drop(&alloc, p, 0);
    cr_assert_eq(ledger.live, 0);
}

Test(alloc, dropping_nothing_calls_nobody) {
    struct ledger ledger = {0};
    struct at_alloc alloc = {counted, &ledger};
    at_alloc_drop(&alloc, NULL, 0);
    cr_assert_eq(ledger.calls, 0);
}

Test(alloc, the_c_library_stands_in) {
    char *p = at_alloc_get(NULL, 4);
    p = at_alloc_resize(NULL, p, 4, 4000);
    memset(p, 2, 4000);
    at_alloc_drop(NULL, p, 4000);
}
