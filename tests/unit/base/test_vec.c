/* Growable arrays: elements stay what they were while the array moves. */
#include <criterion/criterion.h>

#include "base/vec.h"

struct pair {
    int a, b;
};

Test(vec, elements_survive_growth_with_other_pieces_between) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    AT_VEC(struct pair) pairs = {0};
    for (int i = 0; i < 5000; i++) {
        AT_VEC_PUSH(&arena, &pairs, (struct pair){.a = i, .b = -i});
        if (i % 7 == 0) at_arena_get(&arena, 24);
    }
    cr_assert_eq(pairs.n, 5000);
    for (int i = 0; i < 5000; i++)
        cr_assert(pairs.at[i].a == i && pairs.at[i].b == -i);
    at_arena_free(&arena);
}

Test(vec, room_is_made_for_many_at_once) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    AT_VEC(char) bytes = {0};
    AT_VEC_ROOM(&arena, &bytes, 1000);
    cr_assert_geq(bytes.room, 1000);
    char *at = bytes.at;
    for (int i = 0; i < 1000; i++)
        AT_VEC_PUSH(&arena, &bytes, 'x');
    cr_assert_eq(bytes.at, at, "no growth within the room");
    at_arena_free(&arena);
}
