/* Text to pointer: what was put is found, the first value stays, and order is the order of putting. */
#include "room.h"

#include "base/map.h"

Test(map, finds_what_was_put_and_nothing_else) {
    struct at_map map;
    static int values[20000];
    at_map_init(&map, room_arena());
    for (int i = 0; i < 20000; i++)
        cr_assert_null(at_map_put(&map, at_str_format(room_arena(), "key %d", i), &values[i]));
    for (int i = 0; i < 20000; i++)
        cr_assert_eq(at_map_get(&map, at_str_format(room_arena(), "key %d", i)), &values[i]);
    for (int i = 20000; i < 21000; i++)
        cr_assert_null(at_map_get(&map, at_str_format(room_arena(), "key %d", i)));
    cr_assert_eq(map.n, 20000);
}

Test(map, the_first_value_stays) {
    struct at_map map;
    int first, second;
    at_map_init(&map, room_arena());
    cr_assert_null(at_map_get(&map, AT_STR("quota")));
    cr_assert_null(at_map_put(&map, AT_STR("quota"), &first));
    cr_assert_eq(at_map_put(&map, AT_STR("quota"), &second), &first);
    cr_assert_eq(at_map_get(&map, AT_STR("quota")), &first);
    cr_assert_eq(map.n, 1);
}

Test(map, iterates_in_order_of_putting) {
    struct at_map map;
    static const char *const keys[] = {"zeta", "alpha", "销售额", "", "Alpha", "beta"};
    at_map_init(&map, room_arena());
    for (size_t i = 0; i < AT_COUNT(keys); i++)
        at_map_put(&map, at_str_z(keys[i]), (void *)keys[i]);
    for (size_t i = 0; i < AT_COUNT(keys); i++)
        assert_text(map.entries[i].key, keys[i]);
}

Test(map, keys_of_one_hash_are_told_apart_by_their_bytes) {
    /* Keys that differ in a trailing NUL or in length only. */
    struct at_map map;
    int a, b, c;
    at_map_init(&map, room_arena());
    at_map_put(&map, (at_str){"ab\0\0", 2}, &a);
    at_map_put(&map, (at_str){"ab\0\0", 3}, &b);
    at_map_put(&map, (at_str){"ab\0\0", 4}, &c);
    cr_assert_eq(at_map_get(&map, (at_str){"ab\0\0", 2}), &a);
    cr_assert_eq(at_map_get(&map, (at_str){"ab\0\0", 3}), &b);
    cr_assert_eq(at_map_get(&map, (at_str){"ab\0\0", 4}), &c);
}
