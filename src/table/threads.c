/* table/threads.c: a few jobs at once. A thread that cannot be made is not a failure. Its job is done here.
 */
#include <pthread.h>

#include "table/pass.h"

#define MAX_THREADS 64

struct started {
    void (*job)(void *context, unsigned i);
    void *context;
    unsigned i;
};

static void *run(void *argument) {
    struct started *started = argument;
    started->job(started->context, started->i);
    return NULL;
}

void at_threads_run(unsigned n, void (*job)(void *context, unsigned i), void *context) {
    pthread_t threads[MAX_THREADS];
    struct started started[MAX_THREADS];
    bool running[MAX_THREADS] = {false};
    for (unsigned i = 1; i < n && i < MAX_THREADS; i++) {
        started[i] = (struct started){job, context, i};
        running[i] = pthread_create(&threads[i], NULL, run, &started[i]) == 0;
    }
    for (unsigned i = 0; i < n; i++)
        if (i >= MAX_THREADS || !running[i]) job(context, i);
    for (unsigned i = 1; i < n && i < MAX_THREADS; i++)
        if (running[i]) pthread_join(threads[i], NULL);
}
