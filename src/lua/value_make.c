/* lua/value_make.c: implements the table `attain`, which makes exact values from texts and whole numbers. */
#include "lua/pad.h"

/* Returns the text at i without spaces at its ends. Charges for its length. */
static at_str text_at(lua_State *L, int i) {
    size_t n = 0;
    const char *p = lua_tolstring(L, i, &n);
    at_lua_charge(L, 4 + n / 16);
    return at_str_trim((at_str){p, (uint32_t)n});
}

/* Raises an error for a float, with the exact form: the same function with a text. */
static void refuse_float(lua_State *L, int i, const char *who) {
    double value = lua_tonumber(L, i);
    if (lua_type(L, i) != LUA_TNUMBER || lua_isinteger(L, i) || value - value != 0) return;
    lua_pushvalue(L, i);
    const char *text = lua_tostring(L, -1);
    luaL_error(L, "%s is a float, which is not exact. Write %s(\"%s\")", text, who, text);
}

/* Returns the number of a text ("12.5", "1/3"), an integer, or an exact number. */
static at_num number_from(lua_State *L, int i, at_str text, const char *who) {
    at_num out = at_num_int(0), under;
    if (lua_type(L, i) != LUA_TSTRING) {
        refuse_float(L, i, who);
        return at_lua_want_number(L, i, who);
    }
    const char *slash = memchr(text.p, '/', text.n);
    bool ok;
    if (slash) {
        at_str over = {text.p, (uint32_t)(slash - text.p)},
               below = {slash + 1, (uint32_t)(text.p + text.n - slash - 1)};
        ok = at_lua_exact_parse(L, over, &out);
        if (ok)
            at_lua_push_num(L, AT_L_NUMBER, 0, out); /* a result is good until the operation after the next */
        ok = ok && at_lua_exact_parse(L, below, &under);
        if (ok) return at_lua_exact(L, AT_X_DIV, at_lua_box_num(at_lua_box_at(L, -1)), under);
    } else {
        ok = at_lua_exact_parse(L, text, &out);
    }
    if (!ok) luaL_error(L, "%s requires a number such as \"12.5\", found \"%s\"", who, lua_tostring(L, i));
    return out;
}

/* Returns the text at i without spaces and without a percent sign at its end. */
static at_str without_sign(lua_State *L, int i, bool *percent) {
    at_str text = lua_type(L, i) == LUA_TSTRING ? text_at(L, i) : (at_str){0};
    *percent = text.n && text.p[text.n - 1] == '%';
    text.n -= *percent;
    return at_str_trim(text);
}

/* Pushes the value, or a hundredth of it. Shares are numbers: 5% is 0.05. */
static int push_share(lua_State *L, at_num value, bool percent) {
    if (percent) value = at_lua_exact(L, AT_X_DIV, value, at_num_int(100));
    at_lua_push_num(L, AT_L_NUMBER, 0, value);
    return 1;
}

/* attain.number("5%") and attain.percent("5%") are the same value. */
static int make_number(lua_State *L) {
    at_lua_takes(L, "attain.number", 1, 1);
    bool percent;
    at_str text = without_sign(L, 1, &percent);
    return push_share(L, number_from(L, 1, text, "attain.number"), percent);
}

static int make_percent(lua_State *L) {
    at_lua_takes(L, "attain.percent", 1, 1);
    bool percent;
    at_str text = without_sign(L, 1, &percent);
    return push_share(L, number_from(L, 1, text, "attain.percent"), true);
}

static int make_money(lua_State *L) {
    at_lua_takes(L, "attain.money", 1, 2);
    at_currency currency = at_lua_of(L)->checked->currency;
    if (!lua_isnoneornil(L, 2)) {
        if (lua_type(L, 2) != LUA_TSTRING)
            return luaL_error(L, "attain.money requires a currency such as \"USD\", found %s",
                              at_lua_kind_words(L, 2));
        currency = at_currency_find(text_at(L, 2));
        if (!currency) return luaL_error(L, "unknown currency \"%s\"", lua_tostring(L, 2));
    }
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    /* Money in the same currency passes unchanged, so a hook can take either type. */
    if (box && box->kind == AT_L_MONEY) {
        if (box->currency != currency)
            return luaL_error(
                L, "attain.money cannot convert a currency. Multiply a number by the exchange rate");
        lua_settop(L, 1);
        return 1;
    }
    bool percent;
    at_str text = without_sign(L, 1, &percent);
    if (percent)
        return luaL_error(L, "attain.money requires an amount, found the percentage \"%s\"",
                          lua_tostring(L, 1));
    at_lua_push_num(L, AT_L_MONEY, currency, number_from(L, 1, text, "attain.money"));
    return 1;
}

static int make_date(lua_State *L) {
    if (lua_gettop(L) != 1 && lua_gettop(L) != 3)
        return luaL_error(L, "`attain.date` takes a text, or a year, a month, and a day");
    at_date date = 0;
    if (lua_gettop(L) == 3) {
        int year = (int)at_lua_want_int(L, 1, "attain.date", 1, 9999),
            month = (int)at_lua_want_int(L, 2, "attain.date", 1, 12);
        if (!at_date_make(year, month, (int)at_lua_want_int(L, 3, "attain.date", 1, 31), &date))
            return luaL_error(L, "invalid date");
    } else if (lua_type(L, 1) != LUA_TSTRING || !at_date_parse_iso(text_at(L, 1), &date)) {
        return luaL_error(L, "attain.date requires a date such as \"2026-03-31\"");
    }
    at_lua_push_date(L, date);
    return 1;
}

static int make_period(lua_State *L) {
    at_lua_takes(L, "attain.period", 1, 1);
    at_period period;
    if (lua_type(L, 1) != LUA_TSTRING || !at_period_parse(text_at(L, 1), &period) ||
        !at_period_exists(&at_lua_of(L)->checked->calendar, period))
        return luaL_error(
            L, "attain.period requires a period such as \"2026-Q1\", \"2026-03\", or \"2026-W05\"");
    at_lua_push_period(L, period);
    return 1;
}

/* attain.period_of(date): the period of the policy that contains the date. */
static int make_period_of(lua_State *L) {
    at_lua_takes(L, "attain.period_of", 1, 1);
    const struct at_calendar *calendar = &at_lua_of(L)->checked->calendar;
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    if (!box || box->kind != AT_L_DATE)
        return luaL_error(L, "attain.period_of requires a date, found %s", at_lua_kind_words(L, 1));
    at_period period = at_period_of_date(calendar, (enum at_period_kind)calendar->period_kind, box->i);
    if (!at_period_exists(calendar, period))
        return luaL_error(L, "invalid period outside the years 1 to 9999");
    at_lua_push_period(L, period);
    return 1;
}

/* The limit is larger than the days of the years 1 to 9999. */
static int make_duration(lua_State *L, const char *who, bool months) {
    lua_Integer n = at_lua_want_int(L, 1, who, -4000000, 4000000);
    at_lua_push_num(L, AT_L_DURATION, 0, at_num_int(n));
    ((struct at_lua_box *)lua_touserdata(L, -1))->months = months;
    return 1;
}
static int make_days(lua_State *L) {
    at_lua_takes(L, "attain.days", 1, 1);
    return make_duration(L, "attain.days", false);
}
static int make_months(lua_State *L) {
    at_lua_takes(L, "attain.months", 1, 1);
    return make_duration(L, "attain.months", true);
}

void at_lua_open_attain(lua_State *L) {
    static const luaL_Reg make[] = {{"number", make_number},
                                    {"percent", make_percent},
                                    {"money", make_money},
                                    {"date", make_date},
                                    {"period", make_period},
                                    {"period_of", make_period_of},
                                    {"days", make_days},
                                    {"months", make_months},
                                    {"log", at_lua_log},
                                    {"note", at_lua_note},
                                    {NULL, NULL}};
    const struct at_currency_info *info = at_currency_info(at_lua_of(L)->checked->currency);
    luaL_newlib(L, make);
    lua_pushstring(L, info ? info->code : "");
    lua_setfield(L, -2, "currency");
}
