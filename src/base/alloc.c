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

/* ---- limits */

static bool take(struct at_alloc_limit *limit, size_t size) {
    size_t used = __atomic_add_fetch(&limit->used, size, __ATOMIC_RELAXED);
    if (used >= size && used <= limit->most) return true;
    __atomic_sub_fetch(&limit->used, size, __ATOMIC_RELAXED);
    __atomic_store_n(&limit->refused, true, __ATOMIC_RELAXED);
    return false;
}

static void *limited_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct at_alloc_limit *limit = context;
    size_t old = ptr ? old_size : 0, more = new_size > old ? new_size - old : 0;
    if (more && !take(limit, more)) return NULL;
    void *out = at_alloc_resize(&limit->host, ptr, old_size, new_size);
    size_t less = out || new_size == 0 ? old + more - new_size : more;
    __atomic_sub_fetch(&limit->used, less, __ATOMIC_RELAXED);
    return out;
}

struct at_alloc at_alloc_limited(struct at_alloc_limit *limit) {
    return (struct at_alloc){limited_resize, limit};
}

void *at_alloc_get(const struct at_alloc *alloc, size_t size) {
    return at_alloc_resize(alloc, NULL, 0, size ? size : 1);
}

void at_alloc_drop(const struct at_alloc *alloc, void *ptr, size_t size) {
    if (ptr) at_alloc_resize(alloc, ptr, size ? size : 1, 0);
}
