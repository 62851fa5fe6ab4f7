/* base/map.h: maps text to pointers, in an arena. Iteration is in order of insertion, so that results do not
 * depend on hashes.
 */
#ifndef AT_BASE_MAP_H
#define AT_BASE_MAP_H

#include "base/text.h"

struct at_map_entry {
    at_str key; /* view: the caller keeps the bytes alive */
    uint64_t hash;
    void *value;
};

struct at_map {
    struct at_arena *arena; /* view */
    struct at_map_entry *entries;
    uint32_t n, room;
    uint32_t *slots; /* index + 1 of the entry, 0 free; a power of two of them */
    uint32_t n_slots;
};

void at_map_init(struct at_map *map, struct at_arena *arena);
void *at_map_get(const struct at_map *map, at_str key); /* NULL where absent */
/* Puts `value` where the key is new and returns NULL; otherwise leaves the map as it is and returns the value
 * held. */
void *at_map_put(struct at_map *map, at_str key, void *value);

#endif
