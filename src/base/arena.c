/* base/arena.c: keeps blocks of memory in a list, newest first, and cuts pieces from the newest ordinary
 * block.
 *
 *     head -> [big] -> [big] -> [ordinary: used | free] -> [ordinary, full] -> ...
 *                                           ^at   ^end
 *
 * A piece that is too large for the current block gets a block of its own (big), put in front without
 * disturbing `at`. Invariant: `at` and `end` are in head->current, the newest ordinary block.
 *
 * Blocks have rising numbers, by which a mark finds its place again: a big block that is extended may move,
 * and keeps its number.
 */
#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define AT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AT_ASAN 1
#endif
#endif

#ifdef AT_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define RED_ZONE ((size_t)16) /* never handed out, so that running past a piece is seen */
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE ((size_t)0)
#endif

#define ALIGN ((size_t)16)
#ifdef AT_ARENA_BLOCK /* tests of memory: nearly every piece is an allocation, which can fail */
#define MIN_BLOCK ((size_t)AT_ARENA_BLOCK)
#define MAX_BLOCK ((size_t)AT_ARENA_BLOCK)
#else
#define MIN_BLOCK ((size_t)4096)
#define MAX_BLOCK ((size_t)1 << 20)
#endif
#define MAX_PIECE (SIZE_MAX / 4)

struct at_arena_block {
    struct at_arena_block *next; /* older */
    struct at_arena_block
        *current; /* newest ordinary block when this one is head; itself unless big; may be NULL */
    size_t size;  /* of the whole block */
    uint64_t number;
};

struct at_arena_defer {
    struct at_arena_defer *next;
    void (*call)(void *);
    void *argument;
};

#define HEADER ((sizeof(struct at_arena_block) + ALIGN - 1) / ALIGN * ALIGN)

static char *block_data(struct at_arena_block *block) {
    return (char *)block + HEADER;
}
static char *block_end(struct at_arena_block *block) {
    return (char *)block + block->size;
}

static size_t round_up(size_t size) {
    return ((size ? size : 1) + ALIGN - 1) / ALIGN * ALIGN + RED_ZONE;
}

static void drop_block(struct at_arena *arena, struct at_arena_block *block) {
    UNPOISON(block, block->size);
    arena->held -= block->size;
    at_alloc_drop(arena->alloc, block, block->size);
}

/* Keeps the larger of the block and the spare one; big blocks are given back at once. */
static void retire_block(struct at_arena *arena, struct at_arena_block *block) {
    if (block->current != block || block->size > MAX_BLOCK) {
        drop_block(arena, block);
        return;
    }
    struct at_arena_block *spare = arena->spare;
    if (spare && spare->size >= block->size) {
        drop_block(arena, block);
        return;
    }
    if (spare) drop_block(arena, spare);
    POISON(block_data(block), block->size - HEADER);
    arena->spare = block;
}

static struct at_arena_block *new_block(struct at_arena *arena, size_t size) {
    struct at_arena_block *block = at_alloc_get(arena->alloc, size);
    if (!block) return NULL;
    block->size = size;
    block->number = ++arena->numbers;
    block->next = arena->head;
    arena->head = block;
    arena->held += size;
    POISON(block_data(block), size - HEADER);
    return block;
}

/* A piece of `size` bytes, already rounded up, that does not fit into the current block. */
static void *get_in_block(struct at_arena *arena, size_t size) {
    struct at_arena_block *current = arena->head ? arena->head->current : NULL;
    struct at_arena_block *spare = arena->spare;
    size_t want = arena->next_size ? arena->next_size : MIN_BLOCK;

    if (spare && size <= (spare->size - HEADER) / 4) {
        arena->spare = NULL;
        spare->number = ++arena->numbers;
        spare->next = arena->head;
        arena->head = spare;
        want = 0;
    } else if (size > (want - HEADER) / 4) {
        struct at_arena_block *big = new_block(arena, HEADER + size);
        if (!big) return NULL;
        big->current = current;
        arena->next_size = want < MAX_BLOCK ? want * 2 : want;
        return block_data(big);
    } else if (!new_block(arena, want)) {
        return NULL;
    }
    struct at_arena_block *block = arena->head;
    block->current = block;
    if (want) arena->next_size = want < MAX_BLOCK ? want * 2 : want;
    arena->at = block_data(block) + size;
    arena->end = block_end(block);
    return block_data(block);
}

/* NULL if memory fails. With AddressSanitizer, only the bytes that were asked for are readable. */
static void *try_get(struct at_arena *arena, size_t size) {
    if (size > MAX_PIECE) return NULL;
    size_t whole = round_up(size);
    void *piece = arena->at;
    if ((size_t)(arena->end - arena->at) >= whole)
        arena->at += whole;
    else
        piece = get_in_block(arena, whole);
    if (piece) UNPOISON(piece, size);
    return piece;
}

_Noreturn void at_arena_fail(const struct at_arena *arena) {
    at_guard_fail(arena->oom);
}

void at_arena_init(struct at_arena *arena, const struct at_alloc *alloc, struct at_guard *oom) {
    *arena = (struct at_arena){.alloc = alloc, .oom = oom};
}

void at_arena_init_beside(struct at_arena *arena, const struct at_arena *other) {
    at_arena_init(arena, other->alloc, other->oom);
    arena->watch = other->watch;
}

void *at_arena_get_slowly(struct at_arena *arena, size_t size) {
    at_arena_poll(arena);
    void *piece = try_get(arena, size);
    if (!piece) at_arena_fail(arena);
    return piece;
}

/* A quarter of a gigabyte takes longer to touch than a host should wait for an answer. */
void *at_arena_zero_large(struct at_arena *arena, size_t size) {
    char *piece = at_arena_get(arena, size);
    size_t done = 0;
    for (; size - done > AT_ARENA_CHUNK; done += AT_ARENA_CHUNK) {
        memset(piece + done, 0, AT_ARENA_CHUNK);
        at_arena_ask(arena);
    }
    memset(piece + done, 0, size - done);
    return piece;
}

/* In chunks, for the same reason as at_arena_zero_large. */
static void copy(struct at_arena *arena, char *to, const char *from, size_t size) {
    size_t done = 0;
    for (; size - done > AT_ARENA_CHUNK; done += AT_ARENA_CHUNK) {
        memcpy(to + done, from + done, AT_ARENA_CHUNK);
        at_arena_ask(arena);
    }
    memcpy(to + done, from + done, size - done);
}

/* The last piece of the block grows in place. Another piece moves, and its old bytes stay used until a
 * reset. */
void *at_arena_grow(struct at_arena *arena, void *ptr, size_t old_size, size_t new_size) {
    if (!ptr) return at_arena_get(arena, new_size);
    if (new_size <= old_size) return ptr;
    if (new_size > MAX_PIECE) at_arena_fail(arena);
    size_t had = round_up(old_size), needs = round_up(new_size);
    if ((char *)ptr + had == arena->at && (size_t)(arena->end - arena->at) >= needs - had) {
        arena->at += needs - had;
        UNPOISON(ptr, new_size);
        return ptr;
    }
    void *piece = at_arena_get(arena, new_size);
    copy(arena, piece, ptr, old_size);
    return piece;
}

/* A piece larger than an ordinary block has a block of its own, for which the allocator can find more room
 * without a copy. */
void *at_arena_extend(struct at_arena *arena, void *ptr, size_t old_size, size_t new_size) {
    if (!ptr || new_size <= old_size || round_up(old_size) <= MAX_BLOCK || new_size > MAX_PIECE)
        return at_arena_grow(arena, ptr, old_size, new_size);
    struct at_arena_block *block = (struct at_arena_block *)(void *)((char *)ptr - HEADER),
                          **link = &arena->head;
    while (*link && *link != block)
        link = &(*link)->next;
    if (!*link) return at_arena_grow(arena, ptr, old_size, new_size);
    at_arena_ask(arena);
    size_t had = block->size, size = HEADER + round_up(new_size);
    UNPOISON(block, had);
    block = at_alloc_resize(arena->alloc, block, had, size);
    if (!block) at_arena_fail(arena);
    block->size = size;
    arena->held += size - had;
    *link = block;
    POISON(block_data(block), size - HEADER);
    UNPOISON(block_data(block), new_size);
    return block_data(block);
}

void at_arena_defer(struct at_arena *arena, void (*call)(void *), void *argument) {
    struct at_arena_defer *defer = try_get(arena, sizeof *defer);
    if (!defer) {
        call(argument); /* no other code knows of it now */
        at_arena_fail(arena);
    }
    *defer = (struct at_arena_defer){.next = arena->defers, .call = call, .argument = argument};
    arena->defers = defer;
}

static void free_arena(void *arena) {
    at_arena_free(arena);
}

struct at_arena *at_arena_scratch(struct at_arena *arena) {
    struct at_arena *scratch = AT_NEW(arena, struct at_arena);
    at_arena_init_beside(scratch, arena);
    at_arena_defer(arena, free_arena, scratch);
    return scratch;
}

struct at_arena_mark at_arena_mark(const struct at_arena *arena) {
    return (struct at_arena_mark){
        .number = arena->head ? arena->head->number : 0, .at = arena->at, .defers = arena->defers};
}

/* Deferred calls come first, newest first: their records, and what they read, are in the blocks. */
void at_arena_reset(struct at_arena *arena, struct at_arena_mark mark) {
    while (arena->defers != mark.defers) {
        struct at_arena_defer *defer = arena->defers;
        arena->defers = defer->next;
        defer->call(defer->argument);
    }
    while (arena->head && arena->head->number > mark.number) {
        struct at_arena_block *block = arena->head;
        arena->head = block->next;
        retire_block(arena, block);
    }
    struct at_arena_block *current = arena->head ? arena->head->current : NULL;
    arena->at = mark.at;
    arena->end = current ? block_end(current) : mark.at;
    if (current) POISON(arena->at, (size_t)(arena->end - arena->at));
}

void at_arena_free(struct at_arena *arena) {
    at_arena_reset(arena, (struct at_arena_mark){0});
    if (arena->spare) drop_block(arena, arena->spare);
    arena->spare = NULL;
}
