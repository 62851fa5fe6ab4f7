/* base/watch.c: asks the host whether to stop, and shows it the progress. */
#include "base/watch.h"

void at_watch_init(struct at_watch *watch) {
    *watch = (struct at_watch){.owner = pthread_self()};
}

static bool is_owner(const struct at_watch *watch) {
    return pthread_equal(watch->owner, pthread_self());
}

bool at_watch_cancelled(struct at_watch *watch) {
    if (!watch) return false;
    if (at_watch_stopped(watch)) return true;
    if (!watch->cancelled || !is_owner(watch) || !watch->cancelled(watch->cancel_context)) return false;
    atomic_store_explicit(&watch->stopped, true, memory_order_relaxed);
    return true;
}

void at_watch_show(struct at_watch *watch, enum at_watch_stage stage, at_str name, uint64_t done,
                   uint64_t total) {
    bool contains = stage == AT_WATCH_VERSIONS || stage == AT_WATCH_TEST || stage == AT_WATCH_CHOICES;
    if (!watch || !watch->progress || !is_owner(watch) || (watch->whole && !contains)) return;
    watch->whole = contains && done < total;
    struct at_watch_progress progress = {stage, name, done, total};
    watch->progress(watch->progress_context, &progress);
}
