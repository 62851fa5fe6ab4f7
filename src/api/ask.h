/* api/ask.h: a session of which questions are asked: its run as it is, and trials. Private to api/.
 *
 * The rows are read once. All periods are calculated from the first one on, so that what is added up over a
 * year is as in a run of all of them.
 */
#ifndef AT_API_ASK_H
#define AT_API_ASK_H

#include "answer/expected.h"
#include "api/trial.h"

struct at_api_ask {
    struct at_alloc host;    /* of the handle that holds this */
    attain_session *session; /* has the memory, the diagnostics, and the run as it is */
    struct at_arena arena;   /* of what is found; the guard is the session's */
    struct at_api_trial *trial;
    int64_t *also; /* by policy: position of the period of the question */
    struct at_answer_host trials;
    bool restricted;         /* a period was asked for */
    at_period from, through; /* of the first policy; only if restricted */
};

/* A handle of `size` bytes that begins with this, for a session that was made or refused. NULL: no memory,
 * and the session is freed. */
void *at_api_ask_new(attain_session *session, const attain_run_options *options, size_t size);
void at_api_ask_free(struct at_api_ask *ask, size_t size);
/* Inside the guard of the session: runs all policies as they are, and makes the trials. */
attain_status at_api_ask_begin(struct at_api_ask *ask);
/* What passes over tables hold, if one of them was stopped. */
void at_api_ask_forget(struct at_api_ask *ask);
/* The run that covers a payee of the results in a period: index; UINT32_MAX: none. */
uint32_t at_api_ask_run_of(const struct at_api_ask *ask, uint32_t payee, int32_t period);

/* The payee that the options select, of the results; UINT32_MAX: not one. */
uint32_t at_api_ask_payee(const struct at_api_ask *ask, const attain_run_options *options);
/* The last period in which the payee is paid something, or the last one that the run pays; INT32_MIN: none.
 */
int32_t at_api_ask_last_period(const struct at_session_results *results, uint32_t payee);
/* Finds a component of a run by its name. False: there is none, which is reported. */
bool at_api_ask_component(struct at_api_ask *ask, uint32_t run, const char *name, int32_t *out);

#endif
