/* explain/explain.h: explains the payout of a payee and period as a tree of steps for each component.
 *
 * The tree is data. A step has a kind (steps.def), a typed value, the place in the policy or in the data, and
 * a sentence with operands. write/ makes text of it, in each language.
 *
 * An explanation follows the plan from a component's payout back to constants, fields of the payee, and
 * measures. Each measure is explained once, down to the credited rows. Values come from the columns that the
 * run keeps. Values of rows come from one more pass over each table (at_explain_open), independent of the
 * number of payouts that are explained.
 *
 * The value of a step with `adds` is exactly the sum of its children that are a `part`. The value of a
 * component's step is the sum of its payout lines. at_explain_story_verify checks both.
 */
#ifndef AT_EXPLAIN_EXPLAIN_H
#define AT_EXPLAIN_EXPLAIN_H

#include "session/results.h"
#include "words/sentence.h"

enum at_explain_step_kind {
#define AT_STEP(kind, name, about) AT_STEP_##kind,
#include "explain/steps.def"
#undef AT_STEP
    AT_STEP_COUNT
};
const char *at_explain_step_name(enum at_explain_step_kind kind);

/* A value as a sentence shows it, with its exact value. */
struct at_explain_figure {
    at_words_operand shown;
    struct at_plan_value value;
    bool shortened; /* `shown` has fewer digits than the value, and begins with ≈ */
};

/* A step and its children. Steps are in the arena of the story. Values and texts can be views of the
 * explainer, the policy, and the run, so a story must not outlive them. */
struct at_explain_node {
    uint8_t kind; /* enum at_explain_step_kind */
    bool adds;    /* its value is the sum of its parts */
    bool part;    /* counts into the sum of the step it belongs to */
    bool less;    /* a part that is subtracted; of zero, only this shows it */
    bool idle;    /* of a component: statements leave it out, because it does not apply to the payee */
    bool listed;  /* its rows are among the deals of the story */
    bool quotes;  /* readers see the source text: a statement, not a piece of one */
    bool has_value;
    at_words_operand text;  /* the sentence */
    at_words_operand name;  /* of a component, measure, member, period, row: short; may be nothing */
    at_words_operand title; /* of a component: its label, or its name, or what people call a limit */
    at_str label;           /* of a component or measure, for people; empty: the name */
    at_words_operand date;  /* the day (as data writes it) or the period of a credited row; may be nothing */
    struct at_explain_figure value;
    struct at_explain_figure *figures; /* others in the sentence */
    uint32_t n_figures, figures_room;
    at_span span;  /* of the policy; {0,0}: none */
    at_str source; /* its text, on one line; empty: none */
    at_str file;   /* of the source, or of a row of data */
    uint64_t line;
    struct at_explain_node *first, *last, *next; /* children; the next of its own kind */
};

/* The number that a step shows; zero where it shows none, or something else. */
static inline at_num at_explain_node_num(const struct at_explain_node *step) {
    const struct at_plan_value *value = &step->value.value;
    return step->has_value && at_plan_type_counts(value->type) ? at_plan_value_num(value) : at_num_int(0);
}

/* How far something is from what it would earn next. */
struct at_explain_hint {
    at_words_operand text, measure;
    struct at_explain_figure missing;
    uint32_t node; /* of the plan: the measure of which more is needed */
    bool above;    /* more than what is missing is needed */
    bool idle;     /* the payee has no rows of the measure in any period, so it is out of reach */
};

/* What a cap or a floor did. */
struct at_explain_limit {
    at_words_operand text; /* "Monthly limit: $6,500.00 → $6,000.00" */
    at_num difference;     /* what it added; negative: it removed */
};

/* Progress towards a target: a measure that is one measure over another. */
struct at_explain_progress {
    at_words_operand name, of_text; /* "attainment", "$95,000.00 of $100,000.00" */
    struct at_explain_figure value;
    bool measure;      /* the name is a measure's */
    uint32_t permille; /* for drawing; at most 100,000 */
};

/* A row that counts for the payee in the period, or that a line of the period is of. */
struct at_explain_deal {
    at_words_operand name, date;    /* date: nothing for a row of another period */
    at_words_operand counted;       /* what it counts in the first measure; may be nothing */
    const at_words_operand *fields; /* others that the policy declares */
    uint32_t n_fields;
    bool own; /* a row of this period */
    uint16_t feed_table;
    uint64_t line; /* of its file */
    at_i128 paid;  /* minor units, of the currency in which the payee is paid */
};

struct at_explain_story {
    uint32_t run, payee, period; /* index of the run, row of the payee table, index of the period */
    at_str key, label, period_text;
    at_period when; /* the period */
    bool withheld;
    at_i128 total;        /* minor units */
    at_currency currency; /* in which the payee is paid, and the total in it; 0: that of the policy */
    at_i128 local;
    uint64_t first_line, end_line; /* of the run, in the order of components; none where it is withheld */
    struct at_explain_node
        *components; /* one after another by `next`; a withheld cell has its reasons here */
    struct at_explain_node *measures;
    struct at_explain_hint *hints;
    uint32_t n_hints;
    struct at_explain_limit *limits; /* in the order of the policy; those that changed nothing are left out */
    uint32_t n_limits;
    struct at_explain_deal *deals; /* with the option `deals`, by day */
    uint32_t n_deals;
    bool by_deal;           /* what deals paid is known: the results list it */
    bool by_deal_shares;    /* some of it is divided in proportion */
    at_i128 paid_pools;     /* shares of pools, which are not of single deals */
    at_i128 paid_otherwise; /* the rest of the total */
    struct at_explain_progress *progress;
    uint32_t n_progress;
    struct at_explain_owed { /* what is owed of a draw at the end of the period, or was before it */
        at_words_operand name, shown;
    } * owed;
    uint32_t n_owed;
    struct at_explain_held { /* what is held of a part at the end of the period */
        at_str component;
        at_words_operand key, earned, due, shown;
    } * held;
    uint32_t n_held;
    uint64_t more_held;             /* that are not among them */
    at_words_operand held_amount;   /* of all, also of those */
    at_words_operand covered;       /* on which days, unless it is the whole period; kind NONE */
    struct at_session_shown *shown; /* what the policy's `show` lists */
    uint32_t n_shown;
};

/* Views: the options and the results must outlive the explainer. */
struct at_explain_options {
    at_str payee;            /* key; empty: all payees */
    const bool *only;        /* by index into the payees of the results; NULL: those that are wanted */
    at_str component;        /* name; empty: all */
    at_period from, through; /* kind AT_YEAR + 1 of `through`: every period in which anything is paid */
    bool all;                /* every credited row and member, not only the largest */
    bool deals;              /* list the deals of each story */
    bool discreet;           /* names and values of other payees are left out */
};

struct at_explain_job;

/* Passes over the tables for the rows of the cells wanted. `arena` holds all of it. */
enum at_status at_explain_open(const struct at_session_results *results,
                               const struct at_explain_options *options, struct at_arena *arena,
                               struct at_explain_job **out) AT_MUST_CHECK;

/* The cells, by payee key, then period. The story lives in `arena`, which may be emptied between two calls;
 * NULL at the end. */
struct at_explain_story *at_explain_next(struct at_explain_job *x, struct at_arena *arena);

/* Whose story comes next: index into results->payees; UINT32_MAX at the end. */
uint32_t at_explain_next_payee(struct at_explain_job *x);

/* A step whose parts do not add up, and to what: to its value, or to the amount that is paid. Or a value of
 * this or an earlier period that does not follow from the period before: then the step is a component's. */
struct at_explain_story_fault {
    const struct at_explain_node *step; /* NULL: all sums are right */
    bool paid, past;
};
struct at_explain_story_fault at_explain_story_verify(const struct at_session_results *results,
                                                      const struct at_explain_story *story,
                                                      struct at_arena *arena);

#endif
