/* lua/exact.c: calculates with exact numbers inside a Lua state.
 *
 * value.c calculates small numbers itself. The functions here may need memory for limbs. Two scratch arenas
 * take turns, so a result is valid until the operation after the next one. If an arena has no memory, it
 * jumps back to `guarded`, which returns before the error of Lua is raised. So neither kind of jump passes
 * over frames of the other.
 */
#include "lua/lua_int.h"

#include "base/numtext.h"
#include "base/wide.h"

/* The operands and the result of one step. Each step uses only some fields: a and b are operands, and the
 * other fields are named in the step. */
struct work {
    enum at_lua_exact op;
    at_num a, b, out;
    int digits;
    enum at_num_rounding how;
    at_str text;
    at_currency currency;
    bool commas, ok;
    int order;
    int64_t whole;
};

typedef void step(struct at_arena *arena, struct work *work);

struct task {
    step *run;
    struct at_arena *scratch;
    struct work *work;
};

/* Called by at_guard_run, which returns false if the arena jumps. */
static void do_task(void *context) {
    const struct task *task = context;
    task->run(task->scratch, task->work);
}

/* Empties the arena, and runs the step in it. Returns false if memory failed. No Lua function may be called
 * inside, because its error would jump over the guard. */
static bool guarded(struct at_arena *scratch, step *run, struct work *work) {
    struct at_arena_mark empty = {0};
    struct task task = {run, scratch, work};
    if (scratch->head) at_arena_reset(scratch, empty);
    return at_guard_run(scratch->oom, do_task, &task);
}

static size_t limbs(at_num a) {
    return a.form == AT_NUM_WIDE ? a.wide->n_num + a.wide->n_den : 2;
}

/* Returns the steps of an operation on n limbs in all. The time of a multiplication, and of the greatest
 * common divisor that reduces a fraction, grows with the square. */
static size_t price(size_t n) {
    return n * n / 16;
}

/* Returns the number of limbs of a change by `digits` decimals. */
static size_t shifted(int digits) {
    return (size_t)(digits < 0 ? -digits : digits) / 16;
}

/* Charges for the operation, and runs it in the other scratch arena, so that operands in the first one stay
 * valid. */
static void perform(lua_State *L, step *run, struct work *work) {
    struct at_lua *lua = at_lua_of(L);
    bool wide = work->a.form == AT_NUM_WIDE || work->b.form == AT_NUM_WIDE;
    at_lua_charge(L, 4 + (wide ? price(limbs(work->a) + limbs(work->b)) : 0));
    if (guarded(&lua->scratch[lua->turn ^= 1], run, work)) return;
    /* The host refused, not the limit of the state. at_lua_error must end the whole run for this, not one
     * payee. */
    lua->refused = AT_STOP_HOST;
    lua->stop = AT_STOP_HOST;
    lua_pushliteral(L, "not enough memory");
    lua_error(L);
}

/* Raises an error for a result without a form. It is called after `perform`, when no guard is active. */
static at_num sized(lua_State *L, at_num out) {
    if (out.form == AT_NUM_OVERFLOW) luaL_error(L, "the number has more than 10,000 digits");
    return out;
}

/* ---- arithmetic */

/* Multiplies by repeated squaring. Stops as soon as a square overflows, so the number of limbs stays
 * bounded. */
static at_num power(struct at_arena *arena, at_num base, int64_t n) {
    at_num out = at_num_int(1);
    for (uint64_t k = n < 0 ? (uint64_t)-n : (uint64_t)n; k && out.form != AT_NUM_OVERFLOW; k >>= 1) {
        if (k & 1) out = at_num_mul(arena, out, base);
        if (k > 1) base = at_num_mul(arena, base, base);
        if (base.form == AT_NUM_OVERFLOW) return base;
    }
    return n < 0 && out.form != AT_NUM_OVERFLOW ? at_num_div(arena, at_num_int(1), out) : out;
}

/* Returns the quotient rounded down, as `//` of Lua does for negative numbers, too. */
static at_num quotient(struct at_arena *arena, at_num a, at_num b) {
    at_num q = at_num_div(arena, a, b);
    return q.form == AT_NUM_OVERFLOW ? q : at_num_floor(arena, q);
}

static void run_op(struct at_arena *arena, struct work *w) {
    switch (w->op) {
    case AT_X_ADD: w->out = at_num_add(arena, w->a, w->b); break;
    case AT_X_SUB: w->out = at_num_sub(arena, w->a, w->b); break;
    case AT_X_MUL: w->out = at_num_mul(arena, w->a, w->b); break;
    case AT_X_DIV: w->out = at_num_div(arena, w->a, w->b); break;
    case AT_X_IDIV: w->out = quotient(arena, w->a, w->b); break;
    case AT_X_MOD:
        w->out = quotient(arena, w->a, w->b);
        if (w->out.form != AT_NUM_OVERFLOW) w->out = at_num_sub(arena, w->a, at_num_mul(arena, w->out, w->b));
        break;
    case AT_X_POW: w->out = power(arena, w->a, w->whole); break;
    }
}

at_num at_lua_exact(lua_State *L, enum at_lua_exact op, at_num a, at_num b) {
    struct work work = {.op = op, .a = a, .b = b};
    bool divides = op == AT_X_DIV || op == AT_X_IDIV || op == AT_X_MOD;
    if (divides && at_num_is_zero(b)) luaL_error(L, "cannot divide by zero");
    if (op == AT_X_POW) {
        if (!at_lua_exact_int(L, b, &work.whole) || work.whole > 1000 || work.whole < -1000)
            luaL_error(L, "the exponent of `^` must be a whole number from -1000 to 1000");
        if (work.whole < 0 && at_num_is_zero(a)) luaL_error(L, "cannot divide by zero");
        /* The result has at most this many limbs. A larger one overflows, so the price has a maximum. */
        size_t most = limbs(a) * (size_t)(work.whole < 0 ? -work.whole : work.whole);
        if (most > 2 * AT_NUM_MAX_LIMBS) most = 2 * AT_NUM_MAX_LIMBS;
        at_lua_charge(L, 16 + 4 * price(most));
    }
    if (op == AT_X_IDIV || op == AT_X_MOD) at_lua_charge(L, 2 * price(limbs(a) + limbs(b)));
    perform(L, run_op, &work);
    return sized(L, work.out);
}

static void run_round(struct at_arena *arena, struct work *w) {
    w->out = at_num_round(arena, w->a, w->digits, w->how);
}
at_num at_lua_exact_round(lua_State *L, at_num a, int digits, enum at_num_rounding how) {
    struct work work = {.a = a, .digits = digits, .how = how};
    at_lua_charge(L, price(limbs(a) + shifted(digits)));
    perform(L, run_round, &work);
    return sized(L, work.out);
}

static void run_floor(struct at_arena *arena, struct work *w) {
    w->out = at_num_floor(arena, w->a);
}
at_num at_lua_exact_floor(lua_State *L, at_num a) {
    struct work work = {.a = a};
    perform(L, run_floor, &work);
    return sized(L, work.out);
}

static void run_neg(struct at_arena *arena, struct work *w) {
    w->out = at_num_neg(arena, w->a);
}
at_num at_lua_exact_neg(lua_State *L, at_num a) {
    struct work work = {.a = a};
    perform(L, run_neg, &work);
    return sized(L, work.out);
}

static void run_cmp(struct at_arena *arena, struct work *w) {
    w->order = at_num_cmp(arena, w->a, w->b);
}
int at_lua_exact_cmp(lua_State *L, at_num a, at_num b) {
    struct work work = {.a = a, .b = b};
    perform(L, run_cmp, &work);
    return work.order;
}

static void run_int(struct at_arena *arena, struct work *w) {
    w->ok = at_num_to_i64(arena, w->a, 0, &w->whole);
}
bool at_lua_exact_int(lua_State *L, at_num a, int64_t *out) {
    struct work work = {.a = a};
    /* The usual case needs neither memory nor a guard. */
    if (a.form == AT_NUM_I64 && a.scale == 0) {
        *out = a.i64;
        return true;
    }
    perform(L, run_int, &work);
    *out = work.whole;
    return work.ok;
}

/* ---- text */

static void run_parse(struct at_arena *arena, struct work *w) {
    w->ok = at_num_parse(arena, w->text, false, &w->out);
}
bool at_lua_exact_parse(lua_State *L, at_str text, at_num *out) {
    struct work work = {.text = text};
    /* A limb holds 19 decimal digits. Converting digits to limbs takes the square of their number. */
    at_lua_charge(L, text.n + 8 * price(text.n / 19));
    if (text.n > 10400) luaL_error(L, "a number may have up to 10,000 digits");
    perform(L, run_parse, &work);
    if (work.ok) *out = sized(L, work.out);
    return work.ok;
}

static void run_print(struct at_arena *arena, struct work *w) {
    if (w->currency)
        w->text = at_money_print(arena, w->a, w->currency);
    else
        w->text = w->digits < 0 ? at_num_print(arena, w->a)
                                : at_num_print_fixed(arena, w->a, (unsigned)w->digits, w->commas, NULL);
}
void at_lua_push_digits(lua_State *L, at_num a, at_currency currency, int digits, bool commas) {
    struct work work = {.a = a, .digits = digits, .currency = currency, .commas = commas};
    size_t divisor = a.form == AT_NUM_WIDE ? a.wide->n_den : 0; /* printing divides by each factor 5 */
    at_lua_charge(L, 16 + 4 * price(limbs(a) + shifted(digits)) + 32 * price(divisor));
    perform(L, run_print, &work);
    lua_pushlstring(L, work.text.p, work.text.n);
}
