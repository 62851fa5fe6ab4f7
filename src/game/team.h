/* game/team.h: owns how the pay of each payee changes when a colleague sells one more.
 *
 * The measure of one payee in one period grows by one unit, and the pay of all payees is a function of it
 * (curve/others.c). Slopes are exact, just above and just below the value that the data gives. Pairs without
 * an effect are left out. Texts are views of the runs.
 */
#ifndef AT_GAME_TEAM_H
#define AT_GAME_TEAM_H

#include "curve/curve.h"
#include "session/results.h"

struct at_team_side {
    uint8_t kind;   /* AT_CURVE_NUM, FAILED, UNKNOWN */
    at_num slope;   /* of NUM: change of pay for one more unit */
    at_num jump;    /* of NUM: from the pay at the value to the pay just above, or just below */
    uint32_t blame; /* of UNKNOWN: the node */
};

/* What the sales of `seller` do to the pay of `payee`, rows of the payee table of the run. */
struct at_team_pair {
    uint32_t run, seller, payee;
    struct at_team_side above, below;
};

/* A rule by which payees compete: one gets what another does not. */
struct at_team_rule {
    uint32_t run;
    uint16_t op; /* AT_P_RANK, PRIZE, or ALLOT */
    const struct at_ast_node *ast;
    uint64_t pairs; /* of payees who are members of one group */
};

/* Whether helping never hurts, for the plan as it is. */
enum at_team_proof {
    AT_TEAM_PROVED,  /* no pay depends on what others sell, or it only grows with it */
    AT_TEAM_REFUTED, /* a pair loses */
    AT_TEAM_HOLDS,   /* for this data; the plan has a rule by which it may not for other data */
    AT_TEAM_UNKNOWN  /* some effects are not known */
};

struct at_team_measure { /* of a run */
    uint32_t node;       /* AT_NO_NODE: the policy does not have it */
    at_str name, label;
    at_type type;
    uint32_t period; /* index */
};

struct at_team {
    const struct at_session_results *results;
    struct at_team_measure *measures; /* by run */
    struct at_team_pair *pairs;       /* by run, seller, then payee; in order of keys */
    uint64_t n_pairs;
    struct at_team_rule *rules;
    uint32_t n_rules;
    uint8_t proof;      /* enum at_team_proof */
    uint64_t worst;     /* of REFUTED: the pair that loses most */
    uint64_t n_against; /* pairs of two payees of whom one loses */
    uint64_t n_unknown; /* sides of pairs that are not known */
};

struct at_team_options {
    at_str vary; /* a measure; empty: the first sum of money of a credit */
};

/* Whether more sales of one payee make another one's pay smaller, just above; of NUM. */
static inline bool at_team_hurts(const struct at_team_pair *pair) {
    if (pair->above.kind != AT_CURVE_NUM || pair->seller == pair->payee) return false;
    int jump = at_num_sign(pair->above.jump);
    return jump < 0 || (jump == 0 && at_num_sign(pair->above.slope) < 0);
}

/* The measure of a plan that grows, without a period: node AT_NO_NODE if there is none. */
struct at_team_measure at_team_measure_of(const struct at_plan *plan, at_str vary);
/* Nodes at grain CELL that are paid, before rounding. */
uint32_t *at_team_pays(const struct at_plan *plan, struct at_arena *arena, uint32_t *n);
/* AT_REJECTED: no policy has the measure, or any. AT_CANCELLED. */
enum at_status at_team_find(struct at_team *team, const struct at_team_options *options,
                            struct at_watch *watch, struct at_arena *arena) AT_MUST_CHECK;
/* Why pay can fall when others sell more: the first such node of the plan; AT_NO_NODE: helping never hurts,
 * whatever the data. `vary`: nodes of measures that grow. */
uint32_t at_team_prove(const struct at_plan *plan, struct at_arena *arena);

/* helping.c: whether helping never hurts in all paid periods of a run. */
struct at_team_helping {
    uint8_t proof;                  /* enum at_team_proof */
    struct at_team_measure measure; /* that grows */
    struct at_team_pair worst;      /* of REFUTED: loses most, in `period` */
    uint32_t period;                /* index */
    uint64_t n_hurt, n_unknown;     /* pairs, over all periods */
};
enum at_status at_team_help(const struct at_session_run *run, struct at_watch *watch, struct at_arena *arena,
                            struct at_team_helping *out) AT_MUST_CHECK;

#endif
