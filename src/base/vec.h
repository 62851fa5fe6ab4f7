/* base/vec.h: typed growable arrays in an arena.
 *
 *     AT_VEC(struct at_schema_field) fields = {0};
 *     AT_VEC_PUSH(arena, &fields, field);
 *     for (size_t i = 0; i < fields.n; i++) use(&fields.at[i]);
 */
#ifndef AT_BASE_VEC_H
#define AT_BASE_VEC_H

#include "base/arena.h"

#define AT_VEC(type)                                                                                         \
    struct {                                                                                                 \
        type *at;                                                                                            \
        size_t n, room;                                                                                      \
    }

/* Makes room for `more` further elements. */
#define AT_VEC_ROOM(arena, vec, more) AT_VEC_ROOM_BY(at_arena_grow, arena, vec, more)
#define AT_VEC_ROOM_BY(grow, arena, vec, more)                                                               \
    do {                                                                                                     \
        if ((vec)->n + (more) > (vec)->room) {                                                               \
            size_t at_room_ = (vec)->room * 2 > (vec)->n + (more) ? (vec)->room * 2 : (vec)->n + (more) + 4; \
            (vec)->at =                                                                                      \
                grow((arena), (vec)->at, (vec)->room * sizeof *(vec)->at, at_room_ * sizeof *(vec)->at);     \
            (vec)->room = at_room_;                                                                          \
        }                                                                                                    \
    } while (0)

#define AT_VEC_PUSH(arena, vec, ...)                                                                         \
    do {                                                                                                     \
        AT_VEC_ROOM((arena), (vec), 1);                                                                      \
        (vec)->at[(vec)->n++] = (__VA_ARGS__);                                                               \
    } while (0)

/* For many elements, to which nothing else points: see at_arena_extend. */
#define AT_VEC_PUSH_MANY(arena, vec, ...)                                                                    \
    do {                                                                                                     \
        AT_VEC_ROOM_BY(at_arena_extend, (arena), (vec), 1);                                                  \
        (vec)->at[(vec)->n++] = (__VA_ARGS__);                                                               \
    } while (0)

#endif
