/* tests/unit/base/room.h: what the tests of the room share: an arena of their own and short ways to say
 * numbers. */
#ifndef AT_TEST_BASE_ROOM_H
#define AT_TEST_BASE_ROOM_H

#include <criterion/criterion.h>

#include "base/numtext.h"

/* Runs in a process of its own, so one arena a test file is enough; it is never freed but by the end. */
static inline struct at_arena *room_arena(void) {
    static struct at_arena arena;
    return &arena;
}

/* The number that the text says. */
static inline at_num n(const char *text) {
    at_num value = at_num_int(0);
    cr_assert(at_num_parse(room_arena(), at_str_z(text), true, &value), "not a number: %s", text);
    return value;
}

#define assert_num(actual, text) cr_assert_str_eq(at_num_print(room_arena(), (actual)).p, (text))
#define assert_text(actual, text)                                                                            \
    do {                                                                                                     \
        at_str actual_ = (actual);                                                                           \
        cr_assert(at_str_eq(actual_, at_str_z(text)), "\"%.*s\" is not \"%s\"", AT_STR_ARG(actual_),         \
                  (text));                                                                                   \
    } while (0)

#endif
