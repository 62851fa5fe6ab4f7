/* base/alloc.h: allocates and releases all memory of the library.
 *
 * The host gives one function, and receives the size again at release. A NULL at_alloc means malloc.
 * Only arenas and handles call it. A limited allocator counts what is live, for any number of threads, and
 * refuses what would exceed its limit without asking the host.
 */
#ifndef AT_BASE_ALLOC_H
#define AT_BASE_ALLOC_H

#include "base/base.h"

struct at_alloc {
    /* new_size 0 releases `ptr`; ptr NULL allocates; otherwise resizes. NULL means no memory. */
    void *(*resize)(void *context, void *ptr, size_t old_size, size_t new_size);
    void *context;
};

struct at_alloc_limit {
    struct at_alloc host; /* its `resize` may be NULL: malloc */
    size_t most, used;    /* bytes; `used` is atomic */
    bool refused;         /* atomic: something was refused since it was set to false */
};
/* An allocator over `limit`, which must not move while it is used. */
struct at_alloc at_alloc_limited(struct at_alloc_limit *limit);

void *at_alloc_get(const struct at_alloc *alloc, size_t size);
void *at_alloc_resize(const struct at_alloc *alloc, void *ptr, size_t old_size, size_t new_size);
void at_alloc_drop(const struct at_alloc *alloc, void *ptr, size_t size);

#endif
