/* base/pool.h: an allocator that keeps what is released, for work that is done many times.
 *
 * It takes blocks from another allocator and never gives one back before the pool is released. A request gets
 * the smallest kept block that holds it. So work that is repeated takes no memory from the other allocator,
 * as long as it does not need more. Any thread may use it.
 */
#ifndef AT_BASE_POOL_H
#define AT_BASE_POOL_H

#include <stdatomic.h>

#include "base/alloc.h"

#define AT_POOL_CLASSES 64

struct at_pool_block;
struct at_pool {
    struct at_alloc from; /* its `resize` may be NULL: malloc */
    struct at_pool_block *kept[AT_POOL_CLASSES];
    uint64_t classes; /* bits of those that are not empty */
    atomic_flag busy;
};

void at_pool_init(struct at_pool *pool, struct at_alloc from);
/* An allocator over the pool, which must not move while it is used. */
struct at_alloc at_pool_alloc(struct at_pool *pool);
/* Gives all kept blocks back. Blocks that are in use stay valid, and are lost. */
void at_pool_free(struct at_pool *pool);

#endif
