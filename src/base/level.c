/* base/level.c: finds the rate at which parts with limits sum to an amount.
 *
 * The sum of the parts is a function of the rate: it never falls, and it is a straight line between the rates
 * at which a part begins or reaches its limit. These rates are sorted and passed once. The rate is exact.
 * Only the parts are rounded, and no part goes beyond its limit by it: a part that is cut was below its
 * limit, which is a whole number of units.
 */
#include "base/level.h"

#include "base/order.h"

/* A rate at which the part of a member begins, or reaches its limit. */
struct bend {
    at_num rate;
    uint32_t member;
    bool ends;
};
struct bends {
    const struct bend *at;
    struct at_arena *scratch;
};

static bool comes_before(const void *context, uint32_t b, uint32_t a) {
    const struct bends *bends = context;
    return at_num_cmp(bends->scratch, bends->at[b].rate, bends->at[a].rate) < 0;
}

/* What holds between two bends: the sum of the parts is rate * weight - start + full. */
struct line {
    at_num weight, start, full;
};

static at_num rate_for(struct at_arena *scratch, const struct line *line, at_num whole) {
    at_num over = at_num_add(scratch, at_num_sub(scratch, whole, line->full), line->start);
    return at_num_div(scratch, over, line->weight);
}

static void pass(struct at_arena *scratch, struct line *line, const struct at_level_member *member,
                 bool ends) {
    if (!ends) {
        line->weight = at_num_add(scratch, line->weight, member->weight);
        line->start = at_num_add(scratch, line->start, member->start);
        return;
    }
    line->weight = at_num_sub(scratch, line->weight, member->weight);
    line->start = at_num_sub(scratch, line->start, member->start);
    line->full = at_num_add(scratch, line->full, at_num_int(member->limit));
}

/* The bends in order of their rates; returns how many there are. */
static uint32_t list_bends(struct at_arena *scratch, const struct at_level_member *members, size_t n,
                           struct bend *bends, uint32_t *order) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct at_level_member *member = &members[i];
        if (at_num_sign(member->weight) <= 0 || member->limit == 0) continue;
        at_num begin = at_num_div(scratch, member->start, member->weight);
        bends[count++] = (struct bend){begin, i, false};
        if (member->limit < 0) continue;
        at_num full = at_num_add(scratch, member->start, at_num_int(member->limit));
        bends[count++] = (struct bend){at_num_div(scratch, full, member->weight), i, true};
    }
    for (uint32_t k = 0; k < count; k++)
        order[k] = k;
    struct bends context = {bends, scratch};
    at_sort(scratch, order, count, comes_before, &context);
    return count;
}

bool at_level_rate(struct at_arena *scratch, int64_t amount, const struct at_level_member *members, size_t n,
                   at_num *rate) {
    at_num whole = at_num_int(amount);
    struct bend *bends = AT_NEW_ARRAY(scratch, struct bend, 2 * n + 1);
    uint32_t *order = AT_NEW_ARRAY(scratch, uint32_t, 2 * n + 1);
    uint32_t count = list_bends(scratch, members, n, bends, order);
    struct line line = {at_num_int(0), at_num_int(0), at_num_int(0)};
    for (uint32_t k = 0; k < count; k++) {
        const struct bend *bend = &bends[order[k]];
        if (at_num_sign(line.weight) > 0) {
            *rate = rate_for(scratch, &line, whole);
            if (at_num_cmp(scratch, *rate, bend->rate) <= 0) return true;
        }
        pass(scratch, &line, &members[bend->member], bend->ends);
    }
    if (at_num_sign(line.weight) <= 0) return false;
    *rate = rate_for(scratch, &line, whole);
    return true;
}

/* The exact part at a rate. */
static at_num part_at(struct at_arena *scratch, const struct at_level_member *member, const at_num *rate) {
    if (at_num_sign(member->weight) <= 0) return at_num_int(0);
    if (!rate) return at_num_int(member->limit);
    at_num part = at_num_sub(scratch, at_num_mul(scratch, *rate, member->weight), member->start);
    if (at_num_sign(part) < 0) return at_num_int(0);
    bool full = member->limit >= 0 && at_num_cmp(scratch, part, at_num_int(member->limit)) > 0;
    return full ? at_num_int(member->limit) : part;
}

/* The parts rounded toward zero, and what is left of each. Returns how many units are left. */
static bool cut(struct at_arena *scratch, const struct at_level_member *members, size_t n, const at_num *rate,
                struct bend *rests, int64_t *parts, int64_t *left) {
    at_num all = at_num_int(0);
    for (uint32_t i = 0; i < n; i++) {
        at_num exact = part_at(scratch, &members[i], rate);
        at_num whole = at_num_round(scratch, exact, 0, AT_ROUND_DOWN);
        if (exact.form == AT_NUM_OVERFLOW || !at_num_to_i64(scratch, whole, 0, &parts[i])) return false;
        rests[i] = (struct bend){at_num_sub(scratch, whole, exact), i, false}; /* the largest comes first */
        all = at_num_sub(scratch, all, rests[i].rate);
    }
    return at_num_to_i64(scratch, all, 0, left);
}

static bool divide(struct at_arena *scratch, int64_t whole, const struct at_level_member *members, size_t n,
                   int64_t *parts) {
    at_num rate;
    bool found = at_level_rate(scratch, whole, members, n, &rate);
    struct bend *rests = AT_NEW_ARRAY(scratch, struct bend, n + 1);
    uint32_t *order = AT_NEW_ARRAY(scratch, uint32_t, n + 1);
    int64_t left;
    if (!cut(scratch, members, n, found ? &rate : NULL, rests, parts, &left)) return false;
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    struct bends context = {rests, scratch};
    if (left > 0) at_sort(scratch, order, (uint32_t)n, comes_before, &context);
    for (int64_t k = 0; k < left; k++)
        parts[order[k]]++;
    return true;
}

bool at_level(struct at_arena *scratch, int64_t whole, const struct at_level_member *members, size_t n,
              int64_t *parts) {
    bool done = true;
    struct at_arena_mark mark = at_arena_mark(scratch);
    if (whole > 0 && n > 0) done = divide(scratch, whole, members, n, parts);
    if (whole <= 0 || !done) memset(parts, 0, n * sizeof *parts);
    at_arena_reset(scratch, mark);
    return done;
}
