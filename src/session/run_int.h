/* session/run_int.h: owns all that belongs to one run: the frame, what gather and settle carry, and their
 * memory. Private to this folder. */
#ifndef AT_SESSION_RUN_INT_H
#define AT_SESSION_RUN_INT_H

#include "session/run.h"

struct at_session_state {
    struct at_session_run run; /* first: handed out */
    struct at_kernel_frame frame;
    struct at_gather_exceptions *exceptions, own_exceptions; /* one list for all views */
    struct at_gather gather;
    struct at_settle settle;
    bool lines;              /* are made */
    bool skips;              /* does not look for what waits, because that would call hooks */
    struct at_arena scratch; /* of the caller's thread */
    struct at_arena visits;  /* of at_session_run_items; emptied after each */
};

/* From where one run looks. */
struct at_session_look {
    struct at_gather_view view;
    struct at_gather_exceptions *exceptions; /* where to number them on; NULL: a list of its own */
};
/* run.c: for at_arena_defer. One run. *out is there whatever becomes of it. */
void at_session_free_arena(void *arena);
enum at_status at_session_run_look(const struct at_session_plan *plan, struct at_table_dataset *data,
                                   const struct at_session_run_options *options,
                                   const struct at_session_look *look, struct at_arena *arena,
                                   struct at_diag_list *diags, struct at_session_state **out) AT_MUST_CHECK;
/* known.c: all runs of a plan whose rows become known late, as one. */
enum at_status at_session_known_execute(const struct at_session_plan *plan, struct at_table_dataset *data,
                                        const struct at_session_run_options *options, struct at_arena *arena,
                                        struct at_diag_list *diags,
                                        struct at_session_run **out) AT_MUST_CHECK;

/* waiting.c. After cells are withheld: lists what waits after the last paid period, and reports it. */
void at_session_find_waiting(struct at_session_state *session);
/* Whether that was not looked for, as enum at_session_unchecked. */
uint8_t at_session_unchecked_of(const struct at_session_state *session);
/* Refuses a run in which no row shows how far to pay, if something pays. */
enum at_status at_session_ask_through(struct at_session_state *session) AT_MUST_CHECK;

/* below.c. After cells are withheld: warns of amounts below zero that are paid as zero. */
void at_session_tell_below(struct at_session_state *session);
/* causes.c: warns of rows that release or take back too early, or too much. */
void at_session_tell_causes(struct at_session_state *session);
/* stale.c: warns of exchange rates that are too old for a day. */
void at_session_tell_stale(struct at_session_state *session);
/* dated.c */
void at_session_tell_dated(struct at_session_state *session);

static inline struct at_session_state *at_session_of(const struct at_session_run *run) {
    return (struct at_session_state *)(uintptr_t)run;
}

#endif
