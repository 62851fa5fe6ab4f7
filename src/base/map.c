/* base/map.c: open addressing with linear probing over indices into an array of entries in order of
 * insertion. */
#include "base/map.h"

#ifdef AT_TORTURE
#define FIRST_SLOTS 2
#define FIRST_ROOM 1
#else
#define FIRST_SLOTS 16
#define FIRST_ROOM 8
#endif

void at_map_init(struct at_map *map, struct at_arena *arena) {
    *map = (struct at_map){.arena = arena};
}

/* The slot that holds the key, or the free one where it belongs. There is always a free one. */
static uint32_t find_slot(const struct at_map *map, at_str key, uint64_t hash) {
    uint32_t mask = map->n_slots - 1;
    uint32_t slot = (uint32_t)hash & mask;
    while (map->slots[slot]) {
        const struct at_map_entry *entry = &map->entries[map->slots[slot] - 1];
        if (entry->hash == hash && at_str_eq(entry->key, key)) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* Entries keep their places and their order. Only the slots are replaced. */
static void grow_slots(struct at_map *map) {
    uint32_t n_slots = map->n_slots ? map->n_slots * 2 : FIRST_SLOTS;
    map->slots = AT_NEW_ARRAY(map->arena, uint32_t, n_slots);
    map->n_slots = n_slots;
    for (uint32_t i = 0; i < map->n; i++) {
        uint32_t slot = (uint32_t)map->entries[i].hash & (n_slots - 1);
        while (map->slots[slot])
            slot = (slot + 1) & (n_slots - 1);
        map->slots[slot] = i + 1;
    }
}

void *at_map_get(const struct at_map *map, at_str key) {
    if (map->n == 0) return NULL;
    uint32_t index = map->slots[find_slot(map, key, at_str_hash(key))];
    return index ? map->entries[index - 1].value : NULL;
}

/* Slots grow before they are three quarters full, so find_slot ends. The key is not copied. */
void *at_map_put(struct at_map *map, at_str key, void *value) {
    if ((uint64_t)(map->n + 1) * 4 > (uint64_t)map->n_slots * 3) grow_slots(map);
    uint64_t hash = at_str_hash(key);
    uint32_t slot = find_slot(map, key, hash);
    if (map->slots[slot]) return map->entries[map->slots[slot] - 1].value;
    if (map->n == map->room) {
        uint32_t room = map->room ? map->room * 2 : FIRST_ROOM;
        map->entries = at_arena_grow(map->arena, map->entries, map->room * sizeof *map->entries,
                                     room * sizeof *map->entries);
        map->room = room;
    }
    map->entries[map->n++] = (struct at_map_entry){.key = key, .hash = hash, .value = value};
    map->slots[slot] = map->n;
    return NULL;
}
