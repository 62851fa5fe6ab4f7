/* base/arena.h: memory that is released as a whole.
 *
 * Lifetimes are few: the policy arena (AST, checked policy, plan) outlives the run arena (tables, cells,
 * results), which outlives batch scratch. A pointer points only to memory that is released at the same time
 * or later.
 *
 * An arena never returns NULL. When the host's allocator fails, control returns to the at_guard_run of the
 * arena's guard, which the entry of the public API (or of a worker thread) has called. The same happens if
 * the arena has a watch and the host wants to stop: every stage allocates, so every stage can be stopped
 * where its memory can fail. The entry distinguishes the two with at_watch_stopped. All memory is in arenas,
 * so the jump loses nothing. Anything that is not memory (a file descriptor, a Lua state) is registered with
 * at_arena_defer and released with the arena.
 */
#ifndef AT_BASE_ARENA_H
#define AT_BASE_ARENA_H

#include "base/alloc.h"
#include "base/guard.h"
#include "base/watch.h"

struct at_arena_block;
struct at_arena_defer;

struct at_arena {
    const struct at_alloc *alloc; /* view; NULL: the C library's */
    struct at_arena_block *head;  /* blocks, newest first */
    char *at, *end;               /* free part of the newest block */
    struct at_arena_defer *defers;
    struct at_arena_block *spare; /* kept from a reset, so that batches do not go to the allocator */
    size_t next_size;             /* of the next block: they double up to a megabyte */
    struct at_guard *oom;         /* view; where to go when memory fails; NULL: the program stops */
    struct at_watch *watch;       /* view; asked at allocations; NULL: never */
    uint32_t ticks;               /* allocations and polls, to ask only now and then */
    size_t held;                  /* bytes taken from the allocator */
    uint64_t numbers;             /* of blocks that there were */
};

struct at_arena_mark {
    uint64_t number; /* of the newest block; 0: there was none */
    char *at;
    struct at_arena_defer *defers;
};

void at_arena_init(struct at_arena *arena, const struct at_alloc *alloc, struct at_guard *oom);
/* Scratch memory of the same thread and call as `other`: the same allocator, guard, and watch. */
void at_arena_init_beside(struct at_arena *arena, const struct at_arena *other);
/* Runs the deferred calls, newest first, and gives all memory back. The arena can be used again. */
void at_arena_free(struct at_arena *arena);
/* Goes where the arena goes when memory fails: for memory that failed elsewhere (in Lua, in another thread).
 */
_Noreturn void at_arena_fail(const struct at_arena *arena);
/* Asks the watch now and then, and leaves if the host wants to stop: for loops that may run long without an
 * allocation. */
static inline void at_arena_poll(struct at_arena *arena) {
    if (arena->watch && (++arena->ticks & (AT_WATCH_EVERY - 1)) == 0 && at_watch_cancelled(arena->watch))
        at_arena_fail(arena);
}
/* The same at once, for loops with long rounds. */
static inline void at_arena_ask(const struct at_arena *arena) {
    if (at_watch_cancelled(arena->watch)) at_arena_fail(arena);
}
/* What at_arena_get does where the block is full, or the arena has a watch. */
void *at_arena_get_slowly(struct at_arena *arena, size_t size);
/* Uninitialised, aligned to 16. */
static inline void *at_arena_get(struct at_arena *arena, size_t size) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
    size_t whole = (size + 15 + !size) & ~(size_t)15;
    if (size <= SIZE_MAX / 4 && whole <= (size_t)(arena->end - arena->at) && !arena->watch) {
        char *piece = arena->at;
        arena->at += whole;
        return piece;
    }
#endif
    return at_arena_get_slowly(arena, size);
}
#define AT_ARENA_CHUNK ((size_t)4 << 20) /* more is touched piece by piece, with a question after each */
void *at_arena_zero_large(struct at_arena *arena, size_t size);
/* Zeroed. */
static inline void *at_arena_zero(struct at_arena *arena, size_t size) {
    return size > AT_ARENA_CHUNK ? at_arena_zero_large(arena, size)
                                 : memset(at_arena_get(arena, size), 0, size);
}
/* Grows `ptr`, in place where it is the newest piece. The old piece is not given back before the arena is.
 * What is grown after a mark belongs to the time after the mark, even if it began before. */
void *at_arena_grow(struct at_arena *arena, void *ptr, size_t old_size, size_t new_size);
/* The same for pieces to which only `ptr` points: the old piece is given back where that is possible, so that
 * large tables do not keep the smaller ones that they were. */
void *at_arena_extend(struct at_arena *arena, void *ptr, size_t old_size, size_t new_size);
/* Returns a new arena beside `arena`, for what is not needed as long. The caller frees it; if memory fails
 * before, it is freed with `arena`. */
struct at_arena *at_arena_scratch(struct at_arena *arena);
/* The call is made when the arena is freed, or reset to a mark set earlier; at once if there is no memory to
 * note it. */
void at_arena_defer(struct at_arena *arena, void (*call)(void *), void *argument);
struct at_arena_mark at_arena_mark(const struct at_arena *arena);
/* Frees all that came after the mark. */
void at_arena_reset(struct at_arena *arena, struct at_arena_mark mark);

#define AT_NEW(arena, type) ((type *)at_arena_zero((arena), sizeof(type)))
#define AT_NEW_ARRAY(arena, type, n) ((type *)at_arena_zero((arena), sizeof(type) * (size_t)(n)))

#endif
