/* lua/value.c: implements exact values as userdata: making them, their types, arithmetic, and comparison.
 *
 * An operation on two small numbers, which are 64-bit decimals in their boxes, allocates only the new box.
 * The metatables of numbers and money are upvalues of the operators, so that making a box needs no lookup.
 */
#include "lua/lua_int.h"

#include "base/wide.h"

/* ---- boxes */

/* The result refers to limbs inside the box, so it is valid while the box is on the stack. A box is aligned
 * for 64 bits only, so 128 bits are stored in halves. */
at_num at_lua_box_num(const struct at_lua_box *box) {
    at_num out = {.form = box->form, .scale = box->scale};
    if (box->form == AT_NUM_I64)
        out.i64 = box->i64;
    else if (box->form == AT_NUM_I128)
        out.i128 = (at_i128)(((at_u128)box->half[1] << 64) | box->half[0]);
    else
        out.wide = (const struct at_wide *)(box + 1);
    return out;
}

struct at_lua_box *at_lua_push_box(lua_State *L, enum at_lua_kind kind, size_t size) {
    struct at_lua_box *box = lua_newuserdatauv(L, size, 0);
    *box = (struct at_lua_box){.kind = (uint8_t)kind};
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + (int)kind);
    lua_setmetatable(L, -2);
    return box;
}

void at_lua_push_num(lua_State *L, enum at_lua_kind kind, at_currency currency, at_num value) {
    size_t more = 0;
    if (value.form == AT_NUM_WIDE)
        more = sizeof(struct at_wide) + (value.wide->n_num + value.wide->n_den) * sizeof(mp_limb_t);
    if (more) at_lua_charge(L, more / 16); /* a copy of a long number makes garbage, too */
    struct at_lua_box *box = at_lua_push_box(L, kind, sizeof *box + more);
    box->form = value.form;
    box->scale = value.scale;
    box->currency = currency;
    if (value.form == AT_NUM_I64) {
        box->i64 = value.i64;
    } else if (value.form == AT_NUM_I128) {
        box->half[0] = (uint64_t)value.i128;
        box->half[1] = (uint64_t)((at_u128)value.i128 >> 64);
    } else {
        memcpy(box + 1, value.wide, more);
    }
}

void at_lua_push_date(lua_State *L, at_date date) {
    at_lua_push_box(L, AT_L_DATE, sizeof(struct at_lua_box))->i = date;
}

void at_lua_push_period(lua_State *L, at_period period) {
    at_lua_push_box(L, AT_L_PERIOD, sizeof(struct at_lua_box))->period = period;
}

/* A missing value becomes nil. A reference has no value in Lua. */
void at_lua_push_value(lua_State *L, const struct at_plan_value *value) {
    if (value->missing) {
        lua_pushnil(L);
        return;
    }
    at_str text;
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER: at_lua_push_num(L, AT_L_NUMBER, 0, at_plan_value_num(value)); return;
    case AT_T_MONEY: at_lua_push_num(L, AT_L_MONEY, value->type.currency, at_plan_value_num(value)); return;
    case AT_T_FOREIGN: lua_pushnil(L); return; /* the checker permits no such argument */
    case AT_T_DURATION:
        at_lua_push_num(L, AT_L_DURATION, 0, at_plan_value_num(value));
        ((struct at_lua_box *)lua_touserdata(L, -1))->months = value->type.months;
        return;
    case AT_T_TEXT:
        text = at_plan_value_text(value);
        lua_pushlstring(L, text.n ? text.p : "", text.n);
        return;
    case AT_T_DATE: at_lua_push_date(L, at_plan_value_day(value)); return;
    case AT_T_PERIOD: at_lua_push_period(L, at_plan_value_period(value)); return;
    case AT_T_FLAG: lua_pushboolean(L, at_plan_value_yes(value)); return;
    case AT_T_ENUM: {
        const struct at_type_choices *choices = value->type.choices;
        text = choices && (uint32_t)at_plan_value_row(value) < choices->n
                   ? choices->at[at_plan_value_row(value)]
                   : AT_STR("");
        lua_pushlstring(L, text.p, text.n);
        return;
    }
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    lua_pushnil(L);
}

/* ---- types */

const char *at_lua_kind_words(lua_State *L, int i) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    const struct at_currency_info *info;
    if (!box) {
        switch (lua_type(L, i)) {
        case LUA_TNIL: return "nothing (nil)";
        case LUA_TNONE: return "nothing";
        case LUA_TBOOLEAN: return "yes or no (a boolean)";
        case LUA_TSTRING: return "text";
        case LUA_TNUMBER: return lua_isinteger(L, i) ? "a number" : "a float";
        case LUA_TTABLE: return "a table";
        default: return "a function";
        }
    }
    switch ((enum at_lua_kind)box->kind) {
    case AT_L_MONEY:
        info = at_currency_info(box->currency);
        return info ? lua_pushfstring(L, "money in %s", info->code) : "money";
    case AT_L_NUMBER: return "a number";
    case AT_L_DATE: return "a date";
    case AT_L_PERIOD: return "a period";
    case AT_L_DURATION: return box->months ? "a number of months" : "a number of days";
    default: return "the cell";
    }
}

/* Lua prints 14 digits, which hide the error of the float in the help. */
int at_lua_float_error(lua_State *L, int i) {
    char text[40];
    double value = lua_tonumber(L, i);
    if (value != value)
        return luaL_error(
            L, "this is not a number (NaN), after a division by zero or a subtraction from infinity");
    if (value - value != 0) return luaL_error(L, "this is infinite, after a division by zero");
    lua_pushfstring(L, "%f", (LUAI_UACNUMBER)value);
    snprintf(text, sizeof text, "%s", lua_tostring(L, -1));
    return luaL_error(L,
                      "%s is a float, which is not exact. Write attain.number(\"%s\"), or attain.number(a) / "
                      "b for a quotient",
                      text, text);
}

bool at_lua_number_at(lua_State *L, int i, at_num *out) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    if (box && box->kind == AT_L_NUMBER) {
        *out = at_lua_box_num(box);
        return true;
    }
    if (lua_type(L, i) != LUA_TNUMBER) return false;
    if (!lua_isinteger(L, i)) at_lua_float_error(L, i);
    *out = at_num_int(lua_tointeger(L, i));
    return true;
}

at_num at_lua_want_number(lua_State *L, int i, const char *who) {
    at_num out = at_num_int(0);
    if (!at_lua_number_at(L, i, &out))
        luaL_error(L, "%s requires a number, found %s", who, at_lua_kind_words(L, i));
    return out;
}

lua_Integer at_lua_want_int(lua_State *L, int i, const char *who, lua_Integer least, lua_Integer most) {
    int64_t out = 0;
    if (!at_lua_exact_int(L, at_lua_want_number(L, i, who), &out))
        luaL_error(L, "%s requires a whole number", who);
    if (out < least || out > most)
        luaL_error(L, "%s requires a whole number from %I to %I", who, (LUAI_UACINT)least, (LUAI_UACINT)most);
    return out;
}

/* A call that returns several values may be the reason for too many. Then the message has a way to pass only
 * one. */
static void wrong_count(lua_State *L, const char *who, int least, int most, int given) {
    char takes[48];
    if (least == most)
        snprintf(takes, sizeof takes, "%d value%s", most, most == 1 ? "" : "s");
    else if (most == AT_LUA_ANY)
        snprintf(takes, sizeof takes, "%d value%s or more", least, least == 1 ? "" : "s");
    else if (least == 0)
        snprintf(takes, sizeof takes, "up to %d value%s", most, most == 1 ? "" : "s");
    else
        snprintf(takes, sizeof takes, "%d to %d values", least, most);
    luaL_error(L,
               given > most
                   ? "`%s` takes %s, found %d. Put a call in parentheses to pass only its first result"
                   : "`%s` takes %s, found %d",
               who, most == 0 ? "no value" : takes, given);
}

void at_lua_takes(lua_State *L, const char *who, int least, int most) {
    int given = lua_gettop(L);
    if (given < least || given > most) wrong_count(L, who, least, most, given);
}

/* ---- arithmetic */

/* num is set for NUMBER, MONEY, and DURATION. DATE and PERIOD are in the box. box is NULL for an integer of
 * Lua. */
struct operand {
    enum at_lua_kind kind;
    at_currency currency;
    bool months;
    at_num num;
    const struct at_lua_box *box;
};

static const char *const VERBS[] = {"add", "subtract", "multiply", "divide", "divide", "divide", "raise"};

/* Subtraction names the operands in the reverse order: cannot subtract b from a. */
static int cannot(lua_State *L, enum at_lua_exact op, const char *help) {
    const char *join = op == AT_X_SUB                     ? "from"
                       : op == AT_X_ADD                   ? "and"
                       : op == AT_X_MUL || op >= AT_X_DIV ? "by"
                                                          : "and";
    const char *a = at_lua_kind_words(L, op == AT_X_SUB ? 2 : 1),
               *b = at_lua_kind_words(L, op == AT_X_SUB ? 1 : 2);
    if (op == AT_X_POW) join = "to the power of";
    return luaL_error(L, "cannot %s %s %s %s%s%s", VERBS[op], a, join, b, help ? ": " : "", help ? help : "");
}

/* A text is not converted, because Lua would make a float of it. */
static struct operand operand_at(lua_State *L, int i, enum at_lua_exact op) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    struct operand out = {.kind = AT_L_NUMBER, .box = box};
    if (box) {
        out.kind = (enum at_lua_kind)box->kind;
        out.currency = box->currency;
        out.months = box->months;
        if (out.kind == AT_L_NUMBER || out.kind == AT_L_MONEY || out.kind == AT_L_DURATION)
            out.num = at_lua_box_num(box);
        if (out.kind >= AT_L_CELL) cannot(L, op, NULL);
        return out;
    }
    if (lua_type(L, i) == LUA_TSTRING) cannot(L, op, "write attain.number(text)");
    if (!at_lua_number_at(L, i, &out.num)) cannot(L, op, NULL);
    return out;
}

/* Returns whether both are numbers or money, in any combination. */
static bool amounts(const struct operand *a, const struct operand *b) {
    return (a->kind == AT_L_NUMBER || a->kind == AT_L_MONEY) &&
           (b->kind == AT_L_NUMBER || b->kind == AT_L_MONEY);
}

static int other_currency(lua_State *L, enum at_lua_exact op, const struct operand *a,
                          const struct operand *b) {
    if (a->currency == b->currency) return 0;
    return cannot(L, op, "the currencies are different");
}

/* Returns the type of the result of an operation on numbers and money, or raises an error. */
static enum at_lua_kind result_kind(lua_State *L, enum at_lua_exact op, const struct operand *a,
                                    const struct operand *b) {
    bool ma = a->kind == AT_L_MONEY, mb = b->kind == AT_L_MONEY;
    if (!amounts(a, b)) cannot(L, op, NULL);
    if (ma && mb) {
        if (op == AT_X_MUL || op == AT_X_POW) cannot(L, op, "make one of them a number");
        other_currency(L, op, a, b);
        return op == AT_X_DIV || op == AT_X_IDIV ? AT_L_NUMBER : AT_L_MONEY;
    }
    if (!ma && !mb) return AT_L_NUMBER;
    if (op == AT_X_ADD || op == AT_X_SUB)
        cannot(L, op, "write an amount as attain.money(\"5\"), or a share as amount * attain.percent(5)");
    if (mb && op != AT_X_MUL) cannot(L, op, NULL);
    if (op == AT_X_POW) cannot(L, op, NULL);
    return AT_L_MONEY;
}

static int on_dates(lua_State *L, enum at_lua_exact op, const struct operand *a, const struct operand *b);

static int arithmetic(lua_State *L, enum at_lua_exact op) {
    struct operand a = operand_at(L, 1, op), b = operand_at(L, 2, op);
    if (!amounts(&a, &b)) return on_dates(L, op, &a, &b);
    enum at_lua_kind kind = result_kind(L, op, &a, &b);
    at_num out = at_lua_exact(L, op, a.num, b.num);
    at_lua_push_num(L, kind, kind == AT_L_MONEY ? (a.currency ? a.currency : b.currency) : 0, out);
    return 1;
}

static bool small(const struct at_lua_box *box) {
    return box && box->form == AT_NUM_I64 && (box->kind == AT_L_NUMBER || box->kind == AT_L_MONEY);
}

/* Makes a box with the type and currency of `like`. Only operators may call it, because it uses their
 * upvalues. */
static int push_small(lua_State *L, const struct at_lua_box *like, int64_t value, unsigned scale) {
    struct at_lua_box *box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = (struct at_lua_box){.kind = like->kind,
                               .form = AT_NUM_I64,
                               .scale = (uint8_t)scale,
                               .currency = like->currency,
                               .i64 = value};
    lua_pushvalue(L, lua_upvalueindex(like->kind));
    lua_setmetatable(L, -2);
    return 1;
}

/* Hooks mostly multiply an amount and a rate. Upvalues 1 and 2: the metatables of numbers and money. */
static int value_mul(lua_State *L) {
    const struct at_lua_box *a = at_lua_box_at(L, 1), *b = at_lua_box_at(L, 2);
    int64_t product;
    if (small(a) && small(b) && (a->kind == AT_L_NUMBER || b->kind == AT_L_NUMBER) &&
        a->scale + b->scale <= AT_NUM_MAX_SCALE && !__builtin_mul_overflow(a->i64, b->i64, &product))
        return push_small(L, a->kind == AT_L_MONEY ? a : b, product, (unsigned)a->scale + b->scale);
    return arithmetic(L, AT_X_MUL);
}

static int value_add(lua_State *L) {
    const struct at_lua_box *a = at_lua_box_at(L, 1), *b = at_lua_box_at(L, 2);
    int64_t sum;
    if (small(a) && small(b) && a->kind == b->kind && a->currency == b->currency && a->scale == b->scale &&
        !__builtin_add_overflow(a->i64, b->i64, &sum))
        return push_small(L, a, sum, a->scale);
    return arithmetic(L, AT_X_ADD);
}

static int value_sub(lua_State *L) {
    const struct at_lua_box *a = at_lua_box_at(L, 1), *b = at_lua_box_at(L, 2);
    int64_t difference;
    if (small(a) && small(b) && a->kind == b->kind && a->currency == b->currency && a->scale == b->scale &&
        !__builtin_sub_overflow(a->i64, b->i64, &difference))
        return push_small(L, a, difference, a->scale);
    return arithmetic(L, AT_X_SUB);
}

static int value_div(lua_State *L) {
    return arithmetic(L, AT_X_DIV);
}
static int value_idiv(lua_State *L) {
    return arithmetic(L, AT_X_IDIV);
}
static int value_mod(lua_State *L) {
    return arithmetic(L, AT_X_MOD);
}
static int value_pow(lua_State *L) {
    return arithmetic(L, AT_X_POW);
}

static int value_unm(lua_State *L) {
    struct operand a = operand_at(L, 1, AT_X_SUB);
    if (a.kind == AT_L_DATE || a.kind == AT_L_PERIOD)
        return luaL_error(L, "%s cannot be negative", at_lua_kind_words(L, 1));
    at_lua_push_num(L, a.kind, a.currency, at_lua_exact_neg(L, a.num));
    ((struct at_lua_box *)lua_touserdata(L, -1))->months = a.months;
    return 1;
}

/* ---- days, months, periods */

/* The range is larger than the days of the years 1 to 9999, and keeps later sums in 64 bits. */
static bool whole(lua_State *L, const struct operand *x, int64_t *out) {
    if (x->kind != AT_L_NUMBER && x->kind != AT_L_DURATION) return false;
    if (at_lua_exact_int(L, x->num, out) && *out > -4000000 && *out < 4000000) return true;
    luaL_error(L, "days, months, and periods require whole numbers");
    return false;
}

/* Moves by n days or months, in the years 1 to 9999 only. 12 is the first month of year 1, and 120000 is
 * after the last month of year 9999. */
static int moved_date(lua_State *L, at_date date, int64_t n, bool months) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    int64_t target = months ? (int64_t)year * 12 + month - 1 + n : date + n;
    if (months ? target < 12 || target >= 120000 : target < AT_DATE_MIN || target > AT_DATE_MAX)
        return luaL_error(L, "invalid date outside the years 1 to 9999");
    at_lua_push_date(L, months ? at_date_add_months(date, (int)n) : (at_date)target);
    return 1;
}

/* Raises an error for each combination without a meaning, such as the sum of two dates. */
static int on_dates(lua_State *L, enum at_lua_exact op, const struct operand *a, const struct operand *b) {
    int64_t n = 0;
    if (op != AT_X_ADD && op != AT_X_SUB) {
        bool times =
            op == AT_X_MUL && (a->kind == AT_L_DURATION ? b->kind == AT_L_NUMBER
                                                        : b->kind == AT_L_DURATION && a->kind == AT_L_NUMBER);
        if (!times) return cannot(L, op, NULL);
        at_lua_push_num(L, AT_L_DURATION, 0, at_lua_exact(L, op, a->num, b->num));
        ((struct at_lua_box *)lua_touserdata(L, -1))->months = a->months || b->months;
        return 1;
    }
    if (a->kind == AT_L_DATE && b->kind == AT_L_DATE && op == AT_X_SUB) {
        at_lua_push_num(L, AT_L_NUMBER, 0, at_num_int((int64_t)a->box->i - b->box->i));
        return 1;
    }
    if (a->kind == AT_L_DURATION && b->kind == AT_L_DURATION && a->months == b->months) {
        at_lua_push_num(L, AT_L_DURATION, 0, at_lua_exact(L, op, a->num, b->num));
        ((struct at_lua_box *)lua_touserdata(L, -1))->months = a->months;
        return 1;
    }
    if (a->kind == AT_L_PERIOD && b->kind == AT_L_NUMBER && whole(L, b, &n)) {
        at_period period = a->box->period;
        const struct at_calendar *calendar = &at_lua_of(L)->checked->calendar;
        if (n < -1000000 || n > 1000000 ||
            !at_period_move(calendar, &period, (int32_t)(op == AT_X_ADD ? n : -n)))
            return luaL_error(L, "invalid period outside the years 1 to 9999");
        at_lua_push_period(L, period);
        return 1;
    }
    if (op == AT_X_ADD && b->kind == AT_L_DATE && a->kind != AT_L_DATE) return on_dates(L, op, b, a);
    if (a->kind != AT_L_DATE || b->kind == AT_L_MONEY || b->kind == AT_L_PERIOD || b->kind == AT_L_DATE)
        return cannot(L, op, NULL);
    if (!whole(L, b, &n)) return cannot(L, op, NULL);
    return moved_date(L, a->box->i, op == AT_X_ADD ? n : -n, b->months);
}

/* ---- comparison */

/* Reports a float first, because the help about exact values is more useful than the two types. */
static int cannot_compare(lua_State *L, int i, int k) {
    for (int at = i;; at = k) {
        if (lua_type(L, at) == LUA_TNUMBER && !lua_isinteger(L, at)) at_lua_float_error(L, at);
        if (at == k) break;
    }
    const char *a = at_lua_kind_words(L, i), *b = at_lua_kind_words(L, k);
    return luaL_error(L, "cannot compare %s and %s", a, b);
}

int at_lua_value_order(lua_State *L, int i, int k) {
    const struct at_lua_box *x = at_lua_box_at(L, i), *y = at_lua_box_at(L, k);
    if (small(x) && small(y) && x->kind == y->kind && x->currency == y->currency && x->scale == y->scale)
        return (x->i64 > y->i64) - (x->i64 < y->i64);
    at_num a = {0}, b = {0};
    if (x && y && x->kind == y->kind) {
        switch ((enum at_lua_kind)x->kind) {
        case AT_L_MONEY:
            if (x->currency != y->currency) cannot_compare(L, i, k);
            return at_lua_exact_cmp(L, at_lua_box_num(x), at_lua_box_num(y));
        case AT_L_DURATION:
            if (x->months != y->months) cannot_compare(L, i, k);
            return at_lua_exact_cmp(L, at_lua_box_num(x), at_lua_box_num(y));
        case AT_L_DATE: return (x->i > y->i) - (x->i < y->i);
        case AT_L_PERIOD: return at_period_cmp(&at_lua_of(L)->checked->calendar, x->period, y->period);
        default: break;
        }
    }
    if (!at_lua_number_at(L, i, &a) || !at_lua_number_at(L, k, &b)) cannot_compare(L, i, k);
    return at_lua_exact_cmp(L, a, b);
}

static int value_eq(lua_State *L) {
    lua_pushboolean(L, at_lua_value_order(L, 1, 2) == 0);
    return 1;
}
static int value_lt(lua_State *L) {
    lua_pushboolean(L, at_lua_value_order(L, 1, 2) < 0);
    return 1;
}
static int value_le(lua_State *L) {
    lua_pushboolean(L, at_lua_value_order(L, 1, 2) <= 0);
    return 1;
}

/* ---- text */

static int value_tostring(lua_State *L) {
    at_lua_push_tostring(L, 1);
    return 1;
}

static int value_concat(lua_State *L) {
    at_lua_push_tostring(L, 1);
    at_lua_push_tostring(L, 2);
    lua_concat(L, 2);
    return 1;
}

/* ---- the metatables */

/* `__newindex` of all boxes. Values never change, so they can be shared. */
static int read_only(lua_State *L) {
    return luaL_error(L, "%s cannot be changed", at_lua_kind_words(L, 1));
}

void at_lua_open_values(lua_State *L) {
    static const luaL_Reg plain[] = {
        {"__add", value_add},       {"__sub", value_sub},      {"__mul", value_mul},
        {"__div", value_div},       {"__idiv", value_idiv},    {"__mod", value_mod},
        {"__pow", value_pow},       {"__unm", value_unm},      {"__eq", value_eq},
        {"__lt", value_lt},         {"__le", value_le},        {"__tostring", value_tostring},
        {"__concat", value_concat}, {"__newindex", read_only}, {NULL, NULL}};
    /* All metatables exist before the operators get two of them as upvalues. */
    for (int kind = AT_L_NUMBER; kind <= AT_L_KINDS; kind++) {
        lua_newtable(L);
        lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_META + kind);
    }
    static const char *const names[] = {"",       "number",   "money", "date",
                                        "period", "duration", "cell",  "cell"}; /* for messages of Lua */
    for (int kind = AT_L_NUMBER; kind <= AT_L_PART; kind++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + kind);
        lua_pushstring(L, names[kind]);
        lua_setfield(L, -2, "__name");
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + AT_L_NUMBER);
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + AT_L_MONEY);
        luaL_setfuncs(L, plain, 2);
        at_lua_value_methods(L);
        lua_pushcclosure(L, at_lua_value_index, 1);
        lua_setfield(L, -2, "__index");
        lua_pop(L, 1);
    }
}
