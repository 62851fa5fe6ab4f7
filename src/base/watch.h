/* base/watch.h: what one call of the host knows of the host while it works: whether to stop, and whom to show
 * how far it is.
 *
 * A watch belongs to one call. The host's functions are called only on the thread that made the call, its
 * owner. Other threads of the call see a stop as soon as the owner has seen it: at_threads_run asks while the
 * owner waits for them. A stop is never taken back, so all that ask later stop, too.
 *
 * There are two ways out. Loops ask and return AT_CANCELLED. An arena with a watch asks at its allocations,
 * and a stop then leaves like a failure of memory (base/arena.h). Compiling, explaining, and comparing
 * allocate all the time, and so do not have to ask. A loop that can run for longer than 50 ms without an
 * allocation asks by itself.
 */
#ifndef AT_BASE_WATCH_H
#define AT_BASE_WATCH_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"

#ifndef AT_WATCH_EVERY
#define AT_WATCH_EVERY 64 /* ticks for one question to the host; a power of two */
#endif

/* In the order of attain_progress_stage. */
enum at_watch_stage {
    AT_WATCH_COMPILE,  /* name: the policy */
    AT_WATCH_READ,     /* name: the file; done, total: bytes of all files */
    AT_WATCH_SETTLE,   /* name: the policy; done, total: periods */
    AT_WATCH_COMPARE,  /* the edits of two versions */
    AT_WATCH_VERSIONS, /* done, total: intermediate versions */
    AT_WATCH_EXPLAIN,  /* done, total: payees */
    AT_WATCH_WRITE,
    AT_WATCH_TEST,   /* name: the test; done, total: tests */
    AT_WATCH_CHOICES /* done, total: deals */
};

struct at_watch_progress {
    enum at_watch_stage stage;
    at_str name; /* may be empty */
    uint64_t done, total;
};

struct at_watch {
    bool (*cancelled)(void *context);                                          /* may be NULL */
    void (*progress)(void *context, const struct at_watch_progress *progress); /* may be NULL */
    void *cancel_context, *progress_context;
    pthread_t owner;
    atomic_bool stopped; /* the host has said once that it wants to stop */
    bool whole;          /* a stage that contains others is shown: VERSIONS, TEST, CHOICES */
    uint32_t ticks;      /* of the owner */
};

/* Makes the calling thread the owner. The functions are set by the caller. */
void at_watch_init(struct at_watch *watch);
/* Whether to stop. Asks the host if this is the owner. `watch` may be NULL. Any thread. */
bool at_watch_cancelled(struct at_watch *watch);
/* As at_watch_cancelled, for loops of the owner with short rounds: asks the host only now and then. */
static inline bool at_watch_tick(struct at_watch *watch) {
    return watch && (++watch->ticks & (AT_WATCH_EVERY - 1)) == 0 && at_watch_cancelled(watch);
}
/* Whether a stop was seen. Does not ask. */
static inline bool at_watch_stopped(struct at_watch *watch) {
    return watch && atomic_load_explicit(&watch->stopped, memory_order_relaxed);
}
/* Shows the host how far the work is. Does nothing on other threads. `watch` may be NULL. VERSIONS, TEST,
 * and CHOICES contain other stages, which are not shown until one of them is shown with done = total. */
void at_watch_show(struct at_watch *watch, enum at_watch_stage stage, at_str name, uint64_t done,
                   uint64_t total);

#endif
