/* base/type.h: the type of a value, shared by the checker, the tables and the interpreter. */
#ifndef AT_BASE_TYPE_H
#define AT_BASE_TYPE_H

#include "base/calendar.h"
#include "base/money.h"

enum at_type_kind {
    AT_T_NONE,   /* not known because of an earlier error: agrees with everything, silently */
    AT_T_NUMBER, /* exact rational */
    AT_T_MONEY,  /* exact rational in `currency` */
    AT_T_TEXT,
    AT_T_DATE,
    AT_T_PERIOD,   /* kind and ordinal */
    AT_T_DURATION, /* days, or months where `months` */
    AT_T_FLAG,     /* yes or no */
    AT_T_ENUM,     /* one of a list of texts: `choices` */
    AT_T_REF,      /* a row of table number `table` */
    AT_T_FOREIGN   /* as MONEY, in the currency that its row names: it is only converted */
};

/* How people write a number. Calculations ignore it. */
enum at_type_unit {
    AT_UNIT_NONE,    /* a plain number */
    AT_UNIT_PERCENT, /* 0.2 is 20% */
    AT_UNIT_POINTS,  /* 88 points */
    AT_UNIT_UNITS,   /* 12 units */
    AT_UNIT_COUNT    /* 3: something was counted, so it is never a percentage */
};

/* REF: no table, but the whole cell, as a function in Lua may be given it. */
#define AT_TABLE_CELL UINT16_MAX

struct at_type_choices {
    at_str *at;
    uint32_t n;
};

typedef struct at_type {
    uint8_t kind;                          /* enum at_type_kind */
    bool optional;                         /* may be missing */
    bool months;                           /* DURATION */
    uint8_t unit;                          /* NUMBER: enum at_type_unit */
    at_currency currency;                  /* MONEY */
    uint16_t table;                        /* REF: index into the policy's tables */
    const struct at_type_choices *choices; /* ENUM */
} at_type;

/* Whether the values of both are of one kind: of one currency, one unit, one table, and the same choices in
 * the same order, which then have the same numbers. Optional or not is left aside. A currency that is not
 * known, because of an earlier error, agrees with every currency. Units of numbers are left aside, too.
 *
 * This is the only rule for the equality of types. The checker, the execution plan, and merging all use it.
 */
bool at_type_same(at_type a, at_type b);
bool at_type_choices_same(const struct at_type_choices *a, const struct at_type_choices *b);

#endif
