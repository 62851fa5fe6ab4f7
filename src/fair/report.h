/* fair/report.h: owns the data of a report on fairness, as writers read it. Texts are views of the run. */
#ifndef AT_FAIR_REPORT_H
#define AT_FAIR_REPORT_H

#include "base/type.h"
#include "fair/fair.h"

enum at_fair_figure_id {
    AT_FAIR_SPEARMAN,
    AT_FAIR_KENDALL,
    AT_FAIR_INVERTED,
    AT_FAIR_GINI_PAY,
    AT_FAIR_GINI_CREDITED,
    AT_FAIR_MEDIAN,
    AT_FAIR_ZERO,
    AT_FAIR_CAP,
    AT_FAIR_NEAR,
    AT_FAIR_FIGURES
};

/* A share has `count` of `all`; a median comes with its quartiles; a correlation has its square. */
struct at_fair_figure {
    uint8_t id, why; /* enum at_fair_figure_id, enum at_fair_why */
    uint32_t n_negative;
    int8_t sign;
    uint64_t count, all;
    at_num value, low, high;
};

struct at_fair_person {
    at_str key, label;
    at_num pay, credited, performance; /* pay and credited in units of the currency */
    bool performs;                     /* it has a performance */
};

enum at_fair_gap { AT_FAIR_NO_GAP, AT_FAIR_GAP_PROVED, AT_FAIR_GAP_RUN, AT_FAIR_GAP_UNKNOWN };
struct at_fair_field {
    at_str name;
    bool tenure;
    at_str *labels; /* by group; an empty one has no value. Of tenure: whole years, "1-3", "5-" */
    struct at_fair_groups groups;
    uint8_t gap; /* enum at_fair_gap, between the first and the last group with a rate */
    uint32_t high, low;
    at_num moved, rules, data; /* the rate of `low` under the rules of `high`; parts of the gap */
    at_date middle;            /* of tenure: the date that the members of `low` get for it */
    at_str reason;             /* AT_FAIR_GAP_UNKNOWN */
};

struct at_fair_report {
    at_str policy, from, through;
    at_currency currency;
    unsigned digits;
    at_str performance, credited; /* labels of the measures; empty: none */
    at_type type;                 /* of the performance */
    struct at_fair_person *people;
    uint32_t n_people, n_left_out;
    uint64_t n_withheld;
    struct at_fair_figure figures[AT_FAIR_FIGURES];
    struct at_fair_pair pairs[AT_FAIR_MOST_PAIRS];
    uint32_t n_pairs;
    struct at_fair_bin *bins;
    uint32_t n_bins;
    struct at_fair_field *fields;
    uint32_t n_fields;
};

/* report.c: all numbers, pairs, and bins, of people with pay, credited amount, and performance. `all` of the
 * shares is n_people; their counts are the caller's. */
void at_fair_report_figures(struct at_fair_report *report, struct at_arena *arena);

#endif
