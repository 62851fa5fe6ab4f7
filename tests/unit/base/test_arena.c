/* Memory that dies together: alignment, growth, marks, deferred calls, and what happens when there is no
 * more. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/vec.h"

/* A host that counts what is live and says no after `allowed` calls. */
struct host {
    size_t live;
    int calls, allowed;
};

static void *host_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct host *host = context;
    if (new_size && host->calls++ >= host->allowed) return NULL;
    host->live += new_size;
    host->live -= old_size;
    if (new_size) return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

Test(arena, pieces_are_aligned_and_apart) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    unsigned char *pieces[2000];
    for (size_t i = 0; i < 2000; i++) {
        pieces[i] = at_arena_get(&arena, i);
        cr_assert_not_null(pieces[i]);
        cr_assert_eq((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t j = 0; j < i; j++)
            cr_assert_eq(pieces[i][j], i % 251);
    at_arena_free(&arena);
    cr_assert_eq(arena.held, 0);
}

Test(arena, zero_is_zeroed_even_in_used_memory) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    struct at_arena_mark mark = at_arena_mark(&arena);
    memset(at_arena_get(&arena, 1000), 0xFF, 1000);
    at_arena_reset(&arena, mark);
    unsigned char *p = at_arena_zero(&arena, 1000);
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(p[i], 0);
    at_arena_free(&arena);
}

Test(arena, the_newest_piece_grows_in_place) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    char *p = at_arena_get(&arena, 10);
    memcpy(p, "newest", 7);
    cr_assert_eq(at_arena_grow(&arena, p, 10, 200), p);
    at_arena_get(&arena, 1);
    char *moved = at_arena_grow(&arena, p, 200, 400);
    cr_assert_neq(moved, p);
    cr_assert_str_eq(moved, "newest");
    cr_assert_eq(at_arena_grow(&arena, moved, 400, 20), moved, "nothing to do when it shrinks");
    at_arena_free(&arena);
}

Test(arena, a_big_piece_does_not_waste_the_block_at_hand) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    char *before = at_arena_get(&arena, 16);
    at_arena_get(&arena, 100000);
    char *after = at_arena_get(&arena, 16);
    cr_assert(after > before && after - before < 100, "the small block goes on");
    at_arena_free(&arena);
}

Test(arena, reset_goes_back_behind_big_pieces_too) {
    struct host host = {.allowed = 1000};
    struct at_alloc alloc = {host_resize, &host};
    struct at_arena arena;
    at_arena_init(&arena, &alloc, NULL);
    char *kept = at_arena_get(&arena, 100000);
    memset(kept, 7, 100000);
    at_arena_get(&arena, 24);
    struct at_arena_mark mark = at_arena_mark(&arena);
    char *first = at_arena_get(&arena, 48);
    for (int i = 0; i < 10; i++)
        at_arena_get(&arena, 5000000);
    at_arena_reset(&arena, mark);
    cr_assert_lt(host.live, 300000, "the big pieces went back to the host");
    cr_assert_eq(at_arena_get(&arena, 48), first, "the same memory is given again");
    for (int i = 0; i < 100000; i++)
        cr_assert_eq(kept[i], 7);
    at_arena_free(&arena);
    cr_assert_eq(host.live, 0);
}

Test(arena, batches_do_not_go_back_to_the_host_each_time) {
    struct host host = {.allowed = 1000};
    struct at_alloc alloc = {host_resize, &host};
    struct at_arena arena;
    at_arena_init(&arena, &alloc, NULL);
    for (int batch = 0; batch < 1000; batch++) {
        struct at_arena_mark mark = at_arena_mark(&arena);
        for (int i = 0; i < 100; i++)
            memset(at_arena_get(&arena, 64), batch, 64);
        at_arena_reset(&arena, mark);
    }
    cr_assert_lt(host.calls, 1000);
    at_arena_free(&arena);
    cr_assert_eq(host.live, 0);
}

/* ---- deferred calls */

struct note {
    char *text;
    char letter;
};

static void write_letter(void *argument) {
    struct note *note = argument;
    size_t length = strlen(note->text);
    note->text[length] = note->letter;
}

Test(arena, deferred_calls_run_newest_first) {
    static char text[8];
    static struct note notes[3] = {{text, 'a'}, {text, 'b'}, {text, 'c'}};
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    at_arena_defer(&arena, write_letter, &notes[0]);
    struct at_arena_mark mark = at_arena_mark(&arena);
    at_arena_defer(&arena, write_letter, &notes[1]);
    at_arena_defer(&arena, write_letter, &notes[2]);
    at_arena_reset(&arena, mark);
    cr_assert_str_eq(text, "cb");
    at_arena_free(&arena);
    cr_assert_str_eq(text, "cba");
    at_arena_free(&arena);
    cr_assert_str_eq(text, "cba", "not twice");
}

/* ---- no memory */

Test(arena, every_failure_of_the_host_jumps_and_loses_nothing) {
    static struct host host;
    static struct at_arena arena;
    static jmp_buf oom;
    static int allowed, jumps, done;
    struct at_alloc alloc = {host_resize, &host};
    for (allowed = 0; !done && allowed < 100; allowed++) {
        host = (struct host){.allowed = allowed};
        at_arena_init(&arena, &alloc, &oom);
        if (AT_ARENA_GUARD(oom)) {
            AT_VEC(int) numbers = {0};
            for (int i = 0; i < 100000; i++)
                AT_VEC_PUSH(&arena, &numbers, i);
            for (int i = 0; i < 100000; i++)
                cr_assert_eq(numbers.at[i], i);
            done = 1;
        } else {
            jumps++;
        }
        at_arena_free(&arena);
        cr_assert_eq(host.live, 0);
    }
    cr_assert(done && jumps > 2);
}

Test(arena, an_impossible_size_is_no_memory) {
    static struct at_arena arena;
    static jmp_buf oom;
    static volatile int jumps;
    at_arena_init(&arena, NULL, &oom);
    if (AT_ARENA_GUARD(oom))
        at_arena_get(&arena, SIZE_MAX - 5);
    else
        jumps++;
    cr_assert_eq(jumps, 1);
}

Test(arena, what_cannot_be_deferred_is_released_at_once) {
    static char text[4];
    static struct note note = {text, 'x'};
    static struct host host = {.allowed = 0};
    static struct at_arena arena;
    static jmp_buf oom;
    struct at_alloc alloc = {host_resize, &host};
    at_arena_init(&arena, &alloc, &oom);
    if (AT_ARENA_GUARD(oom)) {
        at_arena_defer(&arena, write_letter, &note);
        cr_assert(false, "there was no memory for it");
    }
    cr_assert_str_eq(text, "x");
}
