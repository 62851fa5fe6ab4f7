/* base/threads.h: a few jobs at once. No job outlives the call. */
#ifndef AT_BASE_THREADS_H
#define AT_BASE_THREADS_H

#include "base/watch.h"

/* Runs jobs 0 to n - 1, each on a thread of its own where there can be one, job 0 on the caller's. While the
 * caller waits for the others, it asks `watch` (which may be NULL) every few milliseconds whether to stop.
 * The jobs see the stop when they ask it. */
void at_threads_run(unsigned n, void (*job)(void *context, unsigned i), void *context,
                    struct at_watch *watch);

#endif
