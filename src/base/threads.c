/* base/threads.c: a few jobs at once. A thread that cannot be made is not a failure. Its job is done here.
 */
#include "base/threads.h"

#include <time.h>

#define MAX_THREADS 64
#define ASK_EVERY 5000000 /* nanoseconds between two questions to the host */

struct crew {
    void (*job)(void *context, unsigned i);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    unsigned running; /* jobs on other threads; under `lock` */
};

struct started {
    struct crew *crew;
    unsigned i;
};

static void *run(void *argument) {
    struct started *started = argument;
    struct crew *crew = started->crew;
    crew->job(crew->context, started->i);
    pthread_mutex_lock(&crew->lock);
    if (--crew->running == 0) pthread_cond_signal(&crew->ended);
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* Waits until no other thread has a job. The lock is not held while the host is asked: it may take long. */
static void wait_for(struct crew *crew, struct at_watch *watch) {
    pthread_mutex_lock(&crew->lock);
    while (crew->running > 0) {
        struct timespec until = {0, 0};
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += ASK_EVERY;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&crew->ended, &crew->lock, &until);
        pthread_mutex_unlock(&crew->lock);
        bool stop = at_watch_cancelled(watch);
        pthread_mutex_lock(&crew->lock);
        if (stop) break; /* nothing more to ask: what is left is joined */
    }
    pthread_mutex_unlock(&crew->lock);
}

void at_threads_run(unsigned n, void (*job)(void *context, unsigned i), void *context,
                    struct at_watch *watch) {
    struct crew crew = {job, context, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    pthread_t threads[MAX_THREADS];
    struct started started[MAX_THREADS];
    bool running[MAX_THREADS] = {false};
    for (unsigned i = 1; i < n && i < MAX_THREADS; i++) {
        started[i] = (struct started){&crew, i};
        pthread_mutex_lock(&crew.lock);
        running[i] = pthread_create(&threads[i], NULL, run, &started[i]) == 0;
        crew.running += running[i];
        pthread_mutex_unlock(&crew.lock);
    }
    for (unsigned i = 0; i < n; i++)
        if (i >= MAX_THREADS || !running[i]) job(context, i);
    if (watch && watch->cancelled) wait_for(&crew, watch);
    for (unsigned i = 1; i < n && i < MAX_THREADS; i++)
        if (running[i]) pthread_join(threads[i], NULL);
}
