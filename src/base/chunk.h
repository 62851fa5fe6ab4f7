/* base/chunk.h: typed lists in an arena whose elements do not move. Their number is not limited by one
 * allocation, so scans note millions of rows in them.
 *
 *     AT_CHUNKS(chunk, list, struct note, 4096);
 *     struct note *note;
 *     AT_CHUNK_NEXT(arena, &list, &note);
 *     for (const struct chunk *c = list.first; c; c = c->next)
 *         for (uint32_t i = 0; i < c->n; i++) use(&c->at[i]);
 */
#ifndef AT_BASE_CHUNK_H
#define AT_BASE_CHUNK_H

#include "base/arena.h"

/* Declares `struct chunk` and `struct list`. */
#define AT_CHUNKS(chunk, list, type, room)                                                                   \
    struct chunk {                                                                                           \
        struct chunk *next;                                                                                  \
        uint32_t n;                                                                                          \
        type at[room];                                                                                       \
    };                                                                                                       \
    struct list {                                                                                            \
        struct chunk *first, *last;                                                                          \
    }

/* Sets *out to a new element, which is not initialized. */
#define AT_CHUNK_NEXT(arena, list, out)                                                                      \
    do {                                                                                                     \
        if (!(list)->last || (list)->last->n == AT_COUNT((list)->last->at)) {                                \
            void *at_more_ = at_arena_get((arena), sizeof *(list)->last);                                    \
            if ((list)->last)                                                                                \
                (list)->last->next = at_more_;                                                               \
            else                                                                                             \
                (list)->first = at_more_;                                                                    \
            (list)->last = at_more_;                                                                         \
            (list)->last->next = NULL;                                                                       \
            (list)->last->n = 0;                                                                             \
        }                                                                                                    \
        *(out) = &(list)->last->at[(list)->last->n++];                                                       \
    } while (0)

#endif
