/* base/pool.c: keeps blocks in classes of sizes.
 *
 * Class 2k holds blocks of 2^k bytes, class 2k + 1 those of 2^k + 2^(k-1). A block begins with its class,
 * because a request may get a block of a larger class. Blocks larger than all classes are not kept.
 */
#include "base/pool.h"

struct at_pool_block {
    struct at_pool_block *next;
    size_t class;
};

#define HEADER sizeof(struct at_pool_block)

static size_t size_of(size_t class) {
    size_t whole = (size_t)1 << class / 2;
    return class % 2 ? whole + whole / 2 : whole;
}

/* The smallest class that holds `size` bytes; AT_POOL_CLASSES where there is none. */
static size_t class_of(size_t size) {
    if (size > size_of(AT_POOL_CLASSES - 1)) return AT_POOL_CLASSES;
    size_t bits = 63 - (size_t)__builtin_clzll(size), class = bits * 2;
    while (size_of(class) < size)
        class ++;
    return class;
}

void at_pool_init(struct at_pool *pool, struct at_alloc from) {
    *pool = (struct at_pool){.from = from};
    atomic_flag_clear(&pool->busy);
}

/* Held for a few instructions only, so waiting threads do not sleep. */
static void lock(struct at_pool *pool) {
    while (atomic_flag_test_and_set_explicit(&pool->busy, memory_order_acquire)) {
    }
}

static void unlock(struct at_pool *pool) {
    atomic_flag_clear_explicit(&pool->busy, memory_order_release);
}

/* Bit k of `classes` is set if class k has a block. The lowest fitting bit is the smallest block that
 * fits. */
static struct at_pool_block *take_kept(struct at_pool *pool, size_t class) {
    lock(pool);
    uint64_t fitting = pool->classes >> class << class;
    struct at_pool_block *block = NULL;
    if (fitting) {
        size_t found = (size_t)__builtin_ctzll(fitting);
        block = pool->kept[found];
        pool->kept[found] = block->next;
        if (!block->next) pool->classes &= ~(UINT64_C(1) << found);
    }
    unlock(pool);
    return block;
}

static void keep(struct at_pool *pool, struct at_pool_block *block) {
    lock(pool);
    block->next = pool->kept[block->class];
    pool->kept[block->class] = block;
    pool->classes |= UINT64_C(1) << block->class;
    unlock(pool);
}

/* Gives the kept blocks back, for a block of another size. */
static void empty(struct at_pool *pool) {
    struct at_pool_block *kept[AT_POOL_CLASSES];
    lock(pool);
    memcpy(kept, pool->kept, sizeof kept);
    memset(pool->kept, 0, sizeof pool->kept);
    pool->classes = 0;
    unlock(pool);
    for (size_t class = 0; class < AT_POOL_CLASSES; class ++)
        while (kept[class]) {
            struct at_pool_block *block = kept[class];
            kept[class] = block->next;
            at_alloc_drop(&pool->from, block, size_of(class));
        }
}

static void *get(struct at_pool *pool, size_t size) {
    if (size > SIZE_MAX - HEADER) return NULL;
    size_t class = class_of(size + HEADER);
    bool huge = class == AT_POOL_CLASSES;
    struct at_pool_block *block = huge ? NULL : take_kept(pool, class);
    if (!block) {
        size_t whole = huge ? size + HEADER : size_of(class);
        block = at_alloc_get(&pool->from, whole);
        if (!block) { /* perhaps a limit is reached */
            empty(pool);
            block = at_alloc_get(&pool->from, whole);
        }
        if (!block) return NULL;
        block->class = class;
    }
    return block + 1;
}

/* A block stays where it is if the new size fits. Blocks that are given back are kept, except the largest
 * ones. */
static void *pool_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct at_pool *pool = context;
    struct at_pool_block *block = ptr ? (struct at_pool_block *)ptr - 1 : NULL;
    void *out = NULL;
    if (new_size > 0) {
        bool fits = block && block->class < AT_POOL_CLASSES && size_of(block->class) - HEADER >= new_size;
        if (fits) return ptr;
        out = get(pool, new_size);
        if (!out) return NULL;
        if (block) memcpy(out, ptr, old_size < new_size ? old_size : new_size);
    }
    if (block && block->class == AT_POOL_CLASSES)
        at_alloc_drop(&pool->from, block, old_size + HEADER);
    else if (block)
        keep(pool, block);
    return out;
}

struct at_alloc at_pool_alloc(struct at_pool *pool) {
    return (struct at_alloc){pool_resize, pool};
}

void at_pool_free(struct at_pool *pool) {
    empty(pool);
}
