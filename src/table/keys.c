/* table/keys.c: the index of keys, the watch on their order, the set for those without order. */
#include "table/keys.h"
#include "base/fold.h"

#include "base/near.h"

#define SUGGEST_KEYS 20000 /* more are not compared one by one for a suggestion */

/* Returns the key of any text. Reads nothing after the text. */
static struct at_table_key key_of(at_str text) {
    char near[16] = {0};
    if (text.n > 16) return at_table_key_near(text.p, text.n);
    if (text.n) memcpy(near, text.p, text.n);
    return at_table_key_near(near, text.n);
}

/* At least twice as many slots as keys, so each search ends at a free slot. */
struct at_table_key_index *at_table_key_index_new(struct at_arena *arena, uint32_t n_keys) {
    struct at_table_key_index *index = AT_NEW(arena, struct at_table_key_index);
    size_t n = 8;
    while (n < (size_t)n_keys * 2 + 2)
        n *= 2;
    index->arena = arena;
    index->slots = at_arena_get(arena, n * sizeof *index->slots);
    for (size_t i = 0; i < n; i++)
        index->slots[i].row = AT_KEY_NOBODY;
    index->mask = (uint32_t)(n - 1);
    return index;
}

/* A key of at most 16 bytes is in its slot. */
at_str at_table_key_text(const struct at_table_key_index *index, size_t at) {
    const struct at_table_key_slot *slot = &index->slots[at];
    return slot->length > 16 ? index->texts[at] : (at_str){(const char *)&slot->low, slot->length};
}

int32_t at_table_key_find(const struct at_table_key_index *index, at_str text) {
    return at_table_key_look(index, key_of(text), text.p);
}

int32_t at_table_key_put(struct at_table_key_index *index, at_str text, int32_t row) {
    return at_table_key_put_ready(index, key_of(text), text, row);
}

struct at_table_key at_table_key_ready(const struct at_table_key_index *index, at_str text) {
    struct at_table_key key = key_of(text);
    uint32_t at = (uint32_t)at_table_key_hash(key) & index->mask;
    __builtin_prefetch(&index->slots[at], 1);
    if (index->texts) __builtin_prefetch(&index->texts[at], 1);
    return key;
}

/* A text of more than 16 bytes is not copied. It must live as long as the index. */
int32_t at_table_key_put_ready(struct at_table_key_index *index, struct at_table_key key, at_str text,
                               int32_t row) {
    uint32_t at = (uint32_t)at_table_key_hash(key) & index->mask;
    for (;; at = (at + 1) & index->mask) {
        struct at_table_key_slot *slot = &index->slots[at];
        if (slot->row == AT_KEY_NOBODY) break;
        if (slot->low == key.low && slot->high == key.high && at_str_eq(at_table_key_text(index, at), text))
            return slot->row;
    }
    if (key.length > 16 && !index->texts)
        index->texts = at_arena_get(index->arena, ((size_t)index->mask + 1) * sizeof *index->texts);
    index->slots[at] = (struct at_table_key_slot){key.low, key.high, key.length, row};
    if (key.length > 16) index->texts[at] = text;
    index->n++;
    return AT_KEY_NOBODY;
}

/* Slots stay where they are, because the place depends on the key only. Rows left out stay in the index,
 * so that a reference to one has a message of its own. */
void at_table_key_renumber(struct at_table_key_index *index, const int32_t *to) {
    for (size_t i = 0; i <= index->mask; i++)
        if (index->slots[i].row >= 0) index->slots[i].row = to[index->slots[i].row];
}

at_str at_table_key_alike(const struct at_table_key_index *index, at_str text, struct at_arena *scratch) {
    at_str found = {0}, wanted = at_text_fold(scratch, text);
    int32_t found_row = 0;
    if (index->n > SUGGEST_KEYS || text.n > 100) return found;
    for (size_t i = 0; i <= index->mask; i++) {
        const struct at_table_key_slot *slot = &index->slots[i];
        if (slot->row < 0 || (found.p && slot->row > found_row)) continue;
        struct at_arena_mark mark = at_arena_mark(scratch);
        if (at_str_eq(at_text_fold(scratch, at_table_key_text(index, i)), wanted)) {
            found = at_table_key_text(index, i);
            found_row = slot->row;
        }
        at_arena_reset(scratch, mark);
    }
    return found;
}

at_str at_table_key_suggest(const struct at_table_key_index *index, at_str text) {
    struct at_str_nearest found = {.wanted = text};
    int32_t found_row = 0;
    /* Bounds for the work of one message. */
    if (index->n > SUGGEST_KEYS || text.n > 100) return (at_str){0};
    for (size_t i = 0; i <= index->mask; i++) {
        const struct at_table_key_slot *slot = &index->slots[i];
        struct at_str_nearest one = {.wanted = text};
        if (slot->row < 0 || !at_str_nearest_key(&one, at_table_key_text(index, i))) continue;
        /* Of several equally near the first of the table, whatever the hash says. */
        bool nearer = !found.best.p || one.distance < found.distance;
        if (!nearer && (one.distance > found.distance || slot->row > found_row)) continue;
        found = one;
        found_row = slot->row;
    }
    return found.best;
}

/* ---- order */

void at_table_order_init(struct at_table_order *order, struct at_arena *arena) {
    *order = (struct at_table_order){.arena = arena, .bytewise = true, .by_length = true};
}

/* Two orders are watched: bytes ("a10" before "a2") and length first ("a2" before "a10"). One of them is
 * enough. */
static void compare(struct at_table_order *order, at_str a, at_str b) {
    int bytes = at_str_cmp(a, b);
    order->bytewise &= bytes < 0;
    order->by_length &= a.n < b.n || (a.n == b.n && bytes < 0);
}

/* The first 16 bytes as a number that is ordered as the bytes are. */
static inline at_u128 ordered(const char *p, uint32_t n) {
    uint64_t high = at_table_load8(p), low = at_table_load8(p + 8);
#if __BYTE_ORDER__ != __ORDER_BIG_ENDIAN__
    high = __builtin_bswap64(high), low = __builtin_bswap64(low);
#endif
    at_u128 all = (at_u128)high << 64 | low;
    return n >= 16 ? all : n == 0 ? 0 : all >> (128 - 8 * n) << (128 - 8 * n);
}

/* The loop for keys of at most 16 bytes; returns how many it did. Key `last` is row 0. */
static uint32_t add_short(struct at_table_order *order, const struct at_source_slices *keys, uint32_t n,
                          at_str *last) {
    at_u128 before = ordered(last->p, last->n);
    uint32_t length = last->n, r = 1;
    bool bytewise = order->bytewise, by_length = order->by_length;
    for (; r < n; r++) {
        at_str key = at_source_slice_trim(at_source_slices_get(keys, r));
        if (key.n > 16 || key.n == 0) break;
        /* Bytes after the end of a key count as zero, so a shorter key comes first, as in at_str_cmp. */
        at_u128 now = ordered(key.p, key.n);
        bytewise &= before < now;
        by_length &= length < key.n || (length == key.n && before < now);
        if (!(bytewise | by_length)) break;
        before = now;
        length = key.n;
        *last = key;
    }
    order->bytewise = bytewise;
    order->by_length = by_length;
    return r;
}

/* The last key of a batch must outlive the batch. Its copy has 16 bytes to spare, which `ordered` may
 * read. */
static at_str keep(struct at_table_order *order, at_str text) {
    if (text.n + 16 > order->room_n) {
        order->room_n = text.n * 2 + 64;
        order->room = at_arena_get(order->arena, order->room_n);
    }
    memcpy(order->room, text.p, text.n);
    return (at_str){order->room, text.n};
}

/* Empty keys are passed over: they are faults of their own. */
void at_table_order_add(struct at_table_order *order, const struct at_source_slices *keys, uint32_t n) {
    if (!at_table_order_holds(order)) return;
    at_str last = order->last;
    for (uint32_t r = 0; r < n && at_table_order_holds(order);) {
        at_str key = at_source_slice_trim(at_source_slices_get(keys, r));
        if (key.n > 0) {
            if (!order->first.p)
                order->first = at_str_copy(order->arena, key);
            else
                compare(order, last, key);
            last = key;
            if (key.n <= 16 && at_table_order_holds(order)) {
                struct at_source_slices rest = *keys;
                rest.at += (size_t)r * keys->stride;
                r += add_short(order, &rest, n - r, &last);
                continue;
            }
        }
        r++;
    }
    if (last.p && last.p != order->last.p) order->last = keep(order, last);
}

/* Compares the last key of one part with the first of the next, so that the order of the whole file is
 * known. */
void at_table_order_join(struct at_table_order *order, const struct at_table_order *next) {
    order->bytewise &= next->bytewise;
    order->by_length &= next->by_length;
    if (!next->first.p) return;
    if (order->first.p) {
        if (at_table_order_holds(order)) compare(order, order->last, next->first);
    } else {
        order->first = next->first;
    }
    order->last = next->last;
}

/* ---- no order */

#define ID_BITS 40
#define ID_MASK ((UINT64_C(1) << ID_BITS) - 1)

/* At most two thirds of the slots are in use, so each search ends at a free slot. */
void at_table_seen_init(struct at_table_seen *seen, struct at_arena *arena, uint64_t n_keys) {
    uint64_t n = 16;
    while (n < n_keys + n_keys / 2 + 2)
        n *= 2;
    seen->slots = at_arena_zero(arena, n * sizeof *seen->slots);
    seen->mask = n - 1;
}

static inline uint64_t place_of(const struct at_table_seen *seen, uint64_t hash) {
    return (hash ^ (hash >> 32)) & seen->mask;
}

uint64_t at_table_seen_hash(const struct at_table_seen *seen, at_str text) {
    uint64_t hash = at_table_key_hash(key_of(text)) * UINT64_C(0x9e3779b97f4a7c15);
    __builtin_prefetch(&seen->slots[place_of(seen, hash)], 1);
    return hash;
}

/*     63        40 39         0
 *     +-----------+------------+
 *     |  hash     |  id + 1    |     0: the slot is free
 *     +-----------+------------+
 * 24 bits of the hash rarely agree by chance. If they do, `same` reads the row again. */
uint64_t at_table_seen_add(struct at_table_seen *seen, uint64_t hash, at_str text, uint64_t id,
                           bool (*same)(void *context, uint64_t id, at_str text), void *context) {
    uint64_t tag = hash & ~ID_MASK;
    for (uint64_t at = place_of(seen, hash);; at = (at + 1) & seen->mask) {
        uint64_t slot = seen->slots[at];
        if (slot == 0) {
            seen->slots[at] = tag | ((id + 1) & ID_MASK); /* 0 is a free slot */
            return AT_SEEN_NEW;
        }
        if ((slot & ~ID_MASK) == tag && same(context, (slot & ID_MASK) - 1, text))
            return (slot & ID_MASK) - 1;
    }
}
