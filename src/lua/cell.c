/* lua/cell.c: implements the methods of numbers and money, the parts of dates, periods, and durations, and
 * the parts of a `cell`, the whole payee.
 *
 * A cell is a view of the current call. Its box holds the serial number of the call. Reading a cell of
 * another call is an error.
 */
#include "lua/lua_int.h"

#include "lua/job.h"

/* ---- methods of numbers and money */

/* Returns the number or amount before the colon. Raises an error for more than `most` values after it,
 * because Lua would drop them without a message. */
static const struct at_lua_box *self(lua_State *L, const char *who, int most) {
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    int given = lua_gettop(L) - 1;
    if (box && given > most)
        luaL_error(L, most == 0 ? "`%s` takes no value, found %d" : "`%s` takes at most 1 value, found %d",
                   who, given);
    if (box && (box->kind == AT_L_NUMBER || box->kind == AT_L_MONEY)) return box;
    luaL_error(L, "call `%s` with a colon: amount:%s()", who, who);
    return NULL;
}

/* Returns the decimals to round to: the second value, or the decimals of the currency. A number has 0. The
 * range bounds the time that shifting by 10^digits takes. */
static int digits_of(lua_State *L, const struct at_lua_box *box, const char *who) {
    const struct at_currency_info *info = at_currency_info(box->currency);
    int otherwise = box->kind == AT_L_MONEY && info ? info->digits : 0;
    return lua_isnoneornil(L, 2) ? otherwise : (int)at_lua_want_int(L, 2, who, -1000, 1000);
}

static int rounded(lua_State *L, const char *who, enum at_num_rounding how) {
    const struct at_lua_box *box = self(L, who, 1);
    at_num out = at_lua_exact_round(L, at_lua_box_num(box), digits_of(L, box, who), how);
    at_lua_push_num(L, (enum at_lua_kind)box->kind, box->currency, out);
    return 1;
}

static int m_round(lua_State *L) {
    return rounded(L, "round", AT_ROUND_HALF_UP);
}
static int m_rounddown(lua_State *L) {
    return rounded(L, "rounddown", AT_ROUND_DOWN);
}
static int m_roundup(lua_State *L) {
    return rounded(L, "roundup", AT_ROUND_UP);
}

static int m_floor(lua_State *L) {
    const struct at_lua_box *box = self(L, "floor", 0);
    at_lua_push_num(L, (enum at_lua_kind)box->kind, box->currency,
                    at_lua_exact_floor(L, at_lua_box_num(box)));
    return 1;
}

static int m_ceil(lua_State *L) {
    const struct at_lua_box *box = self(L, "ceil", 0);
    at_num out = at_lua_exact_neg(L, at_lua_exact_floor(L, at_lua_exact_neg(L, at_lua_box_num(box))));
    at_lua_push_num(L, (enum at_lua_kind)box->kind, box->currency, out);
    return 1;
}

static int m_abs(lua_State *L) {
    const struct at_lua_box *box = self(L, "abs", 0);
    at_num value = at_lua_box_num(box);
    if (at_num_sign(value) < 0) value = at_lua_exact_neg(L, value);
    at_lua_push_num(L, (enum at_lua_kind)box->kind, box->currency, value);
    return 1;
}

static int m_integer(lua_State *L) {
    int64_t out = 0;
    if (!at_lua_exact_int(L, at_lua_box_num(self(L, "integer", 0)), &out))
        return luaL_error(L, "`integer` requires a whole number");
    lua_pushinteger(L, out);
    return 1;
}

static int m_text(lua_State *L) {
    const struct at_lua_box *box = self(L, "text", 1);
    int digits = lua_isnoneornil(L, 2) ? -1 : (int)at_lua_want_int(L, 2, "text", 0, 1000);
    at_lua_push_digits(L, at_lua_box_num(box), 0, digits, false);
    return 1;
}

static const luaL_Reg METHODS[] = {{"round", m_round},     {"rounddown", m_rounddown}, {"roundup", m_roundup},
                                   {"floor", m_floor},     {"ceil", m_ceil},           {"abs", m_abs},
                                   {"integer", m_integer}, {"text", m_text},           {NULL, NULL}};

int at_lua_value_methods(lua_State *L) {
    luaL_newlib(L, METHODS);
    return 1;
}

/* ---- parts of money, dates, periods, durations; each pushes a value, or nothing where there is no such part
 */

static int integer(lua_State *L, int64_t value) {
    at_lua_push_num(L, AT_L_NUMBER, 0, at_num_int(value));
    return 1;
}

static int part_of_money(lua_State *L, const struct at_lua_box *box, const char *key) {
    if (strcmp(key, "currency") == 0) {
        const struct at_currency_info *info = at_currency_info(box->currency);
        lua_pushstring(L, info ? info->code : "");
        return 1;
    }
    if (strcmp(key, "amount") != 0) return 0;
    at_lua_push_num(L, AT_L_NUMBER, 0, at_lua_box_num(box));
    return 1;
}

static int part_of_date(lua_State *L, const struct at_lua_box *box, const char *key) {
    int year, month, day;
    at_date_split(box->i, &year, &month, &day);
    if (strcmp(key, "year") == 0) return integer(L, year);
    if (strcmp(key, "month") == 0) return integer(L, month);
    if (strcmp(key, "day") == 0) return integer(L, day);
    /* Day 0 is 1970-01-01, a Thursday, and Monday is 1. 7 * 200000 days keep the sum positive for dates
     * before it. */
    if (strcmp(key, "weekday") == 0) return integer(L, ((int64_t)box->i + 3 + 7 * 200000) % 7 + 1);
    return 0;
}

static int part_of_period(lua_State *L, const struct at_lua_box *box, const char *key) {
    const struct at_calendar *calendar = &at_lua_of(L)->checked->calendar;
    at_period period = box->period;
    if (strcmp(key, "start") == 0) {
        at_lua_push_date(L, at_period_start(calendar, period));
        return 1;
    }
    if (strcmp(key, "last") == 0 || strcmp(key, "end") == 0) {
        at_lua_push_date(L, at_period_end(calendar, period));
        return 1;
    }
    if (strcmp(key, "days") == 0) return integer(L, at_period_days(calendar, period));
    if (strcmp(key, "months") == 0) return integer(L, at_period_months(period.kind));
    if (strcmp(key, "year") == 0) return integer(L, at_period_holding(calendar, period, AT_YEAR).ordinal);
    if (strcmp(key, "index") == 0) return integer(L, at_period_number(calendar, period));
    return 0;
}

/* ---- the cell */

/* Returns the current call. A file or a local may still hold the cell of an earlier call, whose arguments
 * are no longer valid, so the serial must match. */
static const struct at_lua_job *job_of(lua_State *L, const struct at_lua_box *box) {
    const struct at_lua *lua = at_lua_of(L);
    if (!lua->job || (uint32_t)box->i != lua->serial)
        luaL_error(L, "this cell belongs to another call, and nothing is kept from one payee to the next");
    return lua->job;
}

/* Compares a name, which may contain any bytes, with a key of n bytes. */
static bool same(at_str name, const char *key, size_t n) {
    return name.n == n && memcmp(name.p, key, n) == 0;
}

/* By enum at_plan_cell_group. The names are the ones that a script writes after `cell.`. */
static const char *const GROUPS[] = {"payee", "measures", "components", "total", "period"};

/* A part without a type could not be calculated, which differs from a missing value. A missing value is
 * nil. */
static int push_part_value(lua_State *L, const struct at_lua_job *job, uint32_t i) {
    if (job->reads) job->reads[i] = true;
    if (job->cell_args[i].missing && job->cell_args[i].type.kind == AT_T_NONE)
        return luaL_error(L, "`%s` could not be calculated for this payee", job->cell->parts[i].name.p);
    at_lua_push_value(L, &job->cell_args[i]);
    return 1;
}

static int part_value(lua_State *L, const struct at_lua_box *box, const char *key, size_t n) {
    const struct at_lua_job *job = job_of(L, box);
    const char *group = GROUPS[box->form];
    /* The search below is linear, so its price grows with the number of parts. */
    at_lua_charge(L, job->cell->n / 16);
    for (uint32_t i = 0; i < job->cell->n; i++)
        if (job->cell->parts[i].group == box->form && same(job->cell->parts[i].name, key, n))
            return push_part_value(L, job, i);
    /* An expression of a component cannot read the pay of components, because it may not exist yet. */
    if (box->form == AT_CELL_COMPONENTS && !job->cell->adjusting)
        return luaL_error(L, "the pay of components is known only in adjust, cap, and floor");
    return luaL_error(
        L, box->form == AT_CELL_PAYEE ? "unknown field `%s` of the payee" : "unknown name `%s` in cell.%s",
        key, group);
}

/* A group of parts gets a box with the same serial, so it is valid exactly as long as the cell. */
static int part_of_cell(lua_State *L, const struct at_lua_box *box, const char *key) {
    const struct at_lua_job *job = job_of(L, box);
    for (int group = AT_CELL_PAYEE; group <= AT_CELL_COMPONENTS; group++) {
        if (strcmp(key, GROUPS[group]) != 0) continue;
        struct at_lua_box *part = at_lua_push_box(L, AT_L_PART, sizeof *part);
        part->form = (uint8_t)group;
        part->i = box->i;
        return 1;
    }
    for (uint32_t i = 0; i < job->cell->n; i++)
        if (job->cell->parts[i].group >= AT_CELL_TOTAL && strcmp(key, GROUPS[job->cell->parts[i].group]) == 0)
            return push_part_value(L, job, i);
    if (strcmp(key, "total") == 0) return luaL_error(L, "the total is known only in adjust, cap, and floor");
    return 0;
}

/* Pushes an array of the names of the part at i, in the order of their bytes. For `pairs`. */
void at_lua_push_part_names(lua_State *L, int i) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    const struct at_lua_job *job = job_of(L, box);
    int n = 0;
    lua_newtable(L);
    for (uint32_t k = 0; k < job->cell->n; k++) {
        if (job->cell->parts[k].group != box->form) continue;
        lua_pushlstring(L, job->cell->parts[k].name.p, job->cell->parts[k].name.n);
        lua_rawseti(L, -2, ++n);
    }
}

/* ---- all of them; upvalue 1: the methods */

static int no_such_part(lua_State *L, const struct at_lua_box *box, const char *key) {
    static const char *const known[] = {"",
                                        "round, rounddown, roundup, floor, ceil, abs, integer, text",
                                        "amount, currency, round, rounddown, roundup, floor, ceil, abs, text",
                                        "year, month, day, weekday",
                                        "start, last, days, months, year, index",
                                        "days, months",
                                        "payee, period, measures, components, total",
                                        "",
                                        "",
                                        ""};
    return luaL_error(L, "%s does not have `%s`, but only %s", at_lua_kind_words(L, 1), key,
                      known[box->kind]);
}

/* `__index` of all boxes. A part that does not exist is an error that lists the parts, never nil. */
int at_lua_value_index(lua_State *L) {
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    size_t n = 0;
    int found = 0;
    if (!box) return 0;
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "%s does not have this part", at_lua_kind_words(L, 1));
    const char *key = lua_tolstring(L, 2, &n);
    switch ((enum at_lua_kind)box->kind) {
    case AT_L_MONEY:
    case AT_L_NUMBER:
        lua_pushvalue(L, 2);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
        if (box->kind == AT_L_MONEY) found = part_of_money(L, box, key);
        break;
    case AT_L_DATE: found = part_of_date(L, box, key); break;
    case AT_L_PERIOD: found = part_of_period(L, box, key); break;
    case AT_L_DURATION:
        if (strcmp(key, box->months ? "months" : "days") == 0) {
            at_lua_push_num(L, AT_L_NUMBER, 0, at_lua_box_num(box));
            found = 1;
        }
        break;
    case AT_L_CELL: found = part_of_cell(L, box, key); break;
    case AT_L_PART: return part_value(L, box, key, n);
    default: break;
    }
    return found ? 1 : no_such_part(L, box, key);
}
