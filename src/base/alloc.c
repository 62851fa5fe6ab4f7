/* base/alloc.c: calls the host's allocator, or malloc. No other file of the library calls malloc. */
#include "base/alloc.h"

#include <stdlib.h>

static void *libc_resize(void *ptr, size_t new_size) {
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

void *at_alloc_resize(const struct at_alloc *alloc, void *ptr, size_t old_size, size_t new_size) {
    if (!alloc || !alloc->resize) return libc_resize(ptr, new_size);
    return alloc->resize(alloc->context, ptr, old_size, new_size);
}

void *at_alloc_get(const struct at_alloc *alloc, size_t size) {
    return at_alloc_resize(alloc, NULL, 0, size ? size : 1);
}

void at_alloc_drop(const struct at_alloc *alloc, void *ptr, size_t size) {
    if (ptr) at_alloc_resize(alloc, ptr, size ? size : 1, 0);
}
