/* table/keys.h: who is called what: from the text of a key to a row; and whether a key comes twice.
 *
 *     slot    low, high   the key's first 16 bytes; of a longer one the first 8 and a hash of all
 *             length      bytes of the key
 *             row         -1: the slot is free, AT_KEY_LEFT_OUT: the row was bad and is not in the table
 *
 * A short key is compared by two words, without a look at its text.
 */
#ifndef AT_TABLE_KEYS_H
#define AT_TABLE_KEYS_H

#include "source/rows.h"

#define AT_KEY_NOBODY (-1)
#define AT_KEY_LEFT_OUT (-2)

struct at_table_key {
    uint64_t low, high;
    uint32_t length;
};
struct at_table_key_slot {
    uint64_t low, high;
    uint32_t length;
    int32_t row;
};
struct at_table_key_index {
    struct at_table_key_slot *slots; /* a power of two of them, at most half in use */
    at_str *
        texts; /* by slot, of keys of more than 16 bytes: views that live as long as the index; may be NULL */
    struct at_arena *arena;
    uint32_t mask;
    uint32_t n;
};

static inline uint64_t at_table_load8(const char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}
/* The word's first n bytes (in memory), 1 to 8 of them; the others zero. */
static inline uint64_t at_table_first_bytes(uint64_t word, uint32_t n) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return word >> (64 - 8 * n) << (64 - 8 * n);
#else
    return word << (64 - 8 * n) >> (64 - 8 * n);
#endif
}
/* The key of a text behind which 16 bytes can be read. */
static inline struct at_table_key at_table_key_near(const char *p, uint32_t n) {
    struct at_table_key key = {0, 0, n};
    if (n == 0) return key;
    if (n <= 8) {
        key.low = at_table_first_bytes(at_table_load8(p), n);
    } else if (n <= 16) {
        key.low = at_table_load8(p);
        key.high = at_table_first_bytes(at_table_load8(p + 8), n - 8);
    } else {
        key.low = at_table_load8(p);
        key.high = at_str_hash((at_str){p, n});
    }
    return key;
}
static inline bool at_table_key_same(struct at_table_key a, struct at_table_key b) {
    return a.low == b.low && a.high == b.high && a.length == b.length;
}
static inline uint64_t at_table_key_hash(struct at_table_key key) {
    at_u128 product = (at_u128)(key.low ^ UINT64_C(0x9e3779b97f4a7c15)) *
                      (key.high ^ key.length ^ UINT64_C(0xd1342543de82ef95));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}
static inline int32_t at_table_key_look(const struct at_table_key_index *index, struct at_table_key key,
                                        const char *p) {
    for (uint32_t at = (uint32_t)at_table_key_hash(key) & index->mask;; at = (at + 1) & index->mask) {
        const struct at_table_key_slot *slot = &index->slots[at];
        if (slot->row == AT_KEY_NOBODY) return AT_KEY_NOBODY;
        if (slot->low == key.low && slot->high == key.high && slot->length == key.length &&
            (key.length <= 16 || memcmp(index->texts[at].p, p, key.length) == 0))
            return slot->row;
    }
}

struct at_table_key_index *at_table_key_index_new(struct at_arena *arena, uint32_t n_keys);
/* AT_KEY_NOBODY where the key is new and was put, otherwise the row that has it. At most n_keys may be put.
 */
int32_t at_table_key_put(struct at_table_key_index *index, at_str text, int32_t row);
/* The same in two steps: the memory is asked for in the first, so that many keys do not wait one by one. */
struct at_table_key at_table_key_ready(const struct at_table_key_index *index, at_str text);
int32_t at_table_key_put_ready(struct at_table_key_index *index, struct at_table_key key, at_str text,
                               int32_t row);
/* The key in a slot that is not free. */
at_str at_table_key_text(const struct at_table_key_index *index, size_t at);
int32_t at_table_key_find(const struct at_table_key_index *index, at_str text);
/* Gives rows their new numbers: row r is now to[r], or AT_KEY_LEFT_OUT. */
void at_table_key_renumber(struct at_table_key_index *index, const int32_t *to);
/* The nearest key by edit distance, empty where none is near or there are too many to look at. */
at_str at_table_key_suggest(const struct at_table_key_index *index, at_str text);

/* A key of the same folded form (base/fold.h), empty where there is none or there are too many to look at. */
at_str at_table_key_alike(const struct at_table_key_index *index, at_str text, struct at_arena *scratch);

/* Whether keys come in strictly ascending order, bytewise or by length first: then no two are equal, and
 * nothing but the last one need be remembered. Parts of a file compare at their seams. */
struct at_table_order {
    struct at_arena *arena; /* view */
    bool bytewise, by_length;
    at_str first, last; /* copies; first.p NULL: no key yet */
    char *room;
    uint32_t room_n;
};
void at_table_order_init(struct at_table_order *order, struct at_arena *arena);
static inline bool at_table_order_holds(const struct at_table_order *order) {
    return order->bytewise || order->by_length;
}
void at_table_order_add(struct at_table_order *order, const struct at_source_slices *keys, uint32_t n);
/* `next` is of the part after: `order` becomes that of both. */
void at_table_order_join(struct at_table_order *order, const struct at_table_order *next);

/* The keys of a source that is not sorted: 8 bytes a key, of which 40 bits are the id of its row
 * and the others of its hash; a hit is verified by the caller, who reads the row again. */
struct at_table_seen {
    uint64_t *slots;
    uint64_t mask;
};
void at_table_seen_init(struct at_table_seen *seen, struct at_arena *arena, uint64_t n_keys);
/* The hash of a key, whose place in the set is on its way from memory when this returns: ask for some before
 * adding them. */
uint64_t at_table_seen_hash(const struct at_table_seen *seen, at_str text);
/* Id of the row that has the key already, or AT_SEEN_NEW, and then it has been added. */
#define AT_SEEN_NEW UINT64_MAX
uint64_t at_table_seen_add(struct at_table_seen *seen, uint64_t hash, at_str text, uint64_t id,
                           bool (*same)(void *context, uint64_t id, at_str text), void *context);

#endif
