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

/* Pieces larger than an ordinary block are extended where they are, or by the host: a mark before and a mark
 * behind them stay valid, and nothing is kept twice. */
Test(arena, large_pieces_are_extended_without_a_copy_that_stays) {
    struct host host = {.allowed = 1000};
    const struct at_alloc alloc = {host_resize, &host};
    struct at_arena arena;
    at_arena_init(&arena, &alloc, NULL);
    at_arena_get(&arena, 100);
    struct at_arena_mark before = at_arena_mark(&arena);
    size_t size = (size_t)3 << 20;
    unsigned char *p = at_arena_get(&arena, size), *small = at_arena_get(&arena, 50);
    memset(p, 7, size);
    struct at_arena_mark behind = at_arena_mark(&arena);
    unsigned char *other = at_arena_get(&arena, size);
    memset(other, 9, size);
    for (int k = 0; k < 5; k++) {
        p = at_arena_extend(&arena, p, size, size * 2);
        memset(p + size, 7, size);
        size *= 2;
    }
    cr_assert_lt(host.live, size + ((size_t)5 << 20));
    for (size_t i = 0; i < size; i += 4095)
        cr_assert_eq(p[i], 7);
    at_arena_reset(&arena, behind); /* the other piece goes, the extended one stays */
    cr_assert_lt(host.live, size + ((size_t)2 << 20));
    memset(small, 1, 50);
    cr_assert_eq(p[size - 1], 7);
    p = at_arena_extend(&arena, p, size, size + 1);
    cr_assert_eq(p[size - 1], 7);
    at_arena_reset(&arena, before);
    cr_assert_lt(host.live, (size_t)3 << 20);
    char *little = at_arena_extend(&arena, NULL, 0, 10);
    memcpy(little, "as grow", 8);
    cr_assert_str_eq(at_arena_extend(&arena, little, 10, 5000), "as grow");
    at_arena_free(&arena);
    cr_assert_eq(host.live, 0);
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

static void push_numbers(void *context) {
    struct at_arena *arena = context;
    AT_VEC(int) numbers = {0};
    for (int i = 0; i < 100000; i++)
        AT_VEC_PUSH(arena, &numbers, i);
    for (int i = 0; i < 100000; i++)
        cr_assert_eq(numbers.at[i], i);
}

Test(arena, every_failure_of_the_host_jumps_and_loses_nothing) {
    bool done = false;
    int jumps = 0;
    for (int allowed = 0; !done && allowed < 100; allowed++) {
        struct host host = {.allowed = allowed};
        struct at_alloc alloc = {host_resize, &host};
        struct at_guard guard = {0};
        struct at_arena arena;
        at_arena_init(&arena, &alloc, &guard);
        done = at_guard_run(&guard, push_numbers, &arena);
        jumps += !done;
        cr_assert_null(guard.point, "the guard is disarmed on every way out");
        at_arena_free(&arena);
        cr_assert_eq(host.live, 0);
    }
    cr_assert(done && jumps > 2);
}

static void ask_for_everything(void *context) {
    at_arena_get(context, SIZE_MAX - 5);
}

Test(arena, an_impossible_size_is_no_memory) {
    struct at_guard guard = {0};
    struct at_arena arena;
    at_arena_init(&arena, NULL, &guard);
    cr_assert_not(at_guard_run(&guard, ask_for_everything, &arena));
}

struct deferring {
    struct at_arena arena;
    struct note note;
};

static void defer_note(void *context) {
    struct deferring *deferring = context;
    at_arena_defer(&deferring->arena, write_letter, &deferring->note);
    cr_assert(false, "there was no memory for it");
}

Test(arena, what_cannot_be_deferred_is_released_at_once) {
    char text[4] = "";
    struct host host = {.allowed = 0};
    struct at_alloc alloc = {host_resize, &host};
    struct at_guard guard = {0};
    struct deferring deferring = {.note = {text, 'x'}};
    at_arena_init(&deferring.arena, &alloc, &guard);
    cr_assert_not(at_guard_run(&guard, defer_note, &deferring));
    cr_assert_str_eq(text, "x");
}

/* ---- guards in guards */

struct nested {
    struct at_guard guard, other;
    struct at_arena arena;
    int ends; /* of inner runs that failed */
};

static void fail_now(void *context) {
    struct nested *nested = context;
    at_arena_fail(&nested->arena);
}

static void run_inner_twice(void *context) {
    struct nested *nested = context;
    nested->ends += !at_guard_run(&nested->guard, fail_now, nested);
    nested->ends += !at_guard_run(&nested->guard, fail_now, nested);
    at_arena_fail(&nested->arena); /* the outer run is armed again */
}

Test(arena, a_guard_is_armed_for_the_innermost_run_and_then_for_the_one_around_it) {
    struct nested nested = {0};
    at_arena_init(&nested.arena, NULL, &nested.guard);
    cr_assert_not(at_guard_run(&nested.guard, run_inner_twice, &nested));
    cr_assert_eq(nested.ends, 2);
    cr_assert_null(nested.guard.point);
}

static void run_other(void *context) {
    struct nested *nested = context;
    cr_assert(at_guard_run(&nested->other, fail_now, nested), "the failure is not this guard's");
}

Test(arena, a_failure_goes_to_its_own_guard_past_others) {
    struct nested nested = {0};
    at_arena_init(&nested.arena, NULL, &nested.guard);
    cr_assert_not(at_guard_run(&nested.guard, run_other, &nested));
    cr_assert_null(nested.guard.point);
}
