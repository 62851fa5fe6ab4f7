/* tests/unit/api/host.h: a host program in small: what the tests of the public interface share. Only attain.h
 * is included.
 *
 * An allocator that counts: it can fail at the n-th call, checks the sizes it is told, and at the end nothing
 * may be live.
 */
#ifndef TEST_API_HOST_H
#define TEST_API_HOST_H

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attain.h"

struct host {
    attain_allocator allocator;
    pthread_mutex_t lock;
    size_t live, peak;     /* bytes */
    size_t calls, fail_at; /* 0: never */
};

static inline void *host_resize_locked(struct host *h, char *block, size_t old_size, size_t new_size) {
    if (block) {
        block -= 16;
        cr_assert(*(size_t *)(void *)block == old_size, "the size of a block is told wrongly");
    }
    if (new_size == 0) {
        if (block) h->live -= old_size;
        free(block);
        return NULL;
    }
    if (++h->calls == h->fail_at) return NULL;
    char *grown = realloc(block, new_size + 16);
    if (!grown) return NULL;
    h->live += new_size - (block ? old_size : 0);
    if (h->live > h->peak) h->peak = h->live;
    *(size_t *)(void *)grown = new_size;
    return grown + 16;
}

static inline void *host_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct host *h = context;
    pthread_mutex_lock(&h->lock);
    void *out = host_resize_locked(h, ptr, old_size, new_size);
    pthread_mutex_unlock(&h->lock);
    return out;
}

static inline void host_start(struct host *h) {
    *h = (struct host){.allocator = {host_resize, h}, .lock = PTHREAD_MUTEX_INITIALIZER};
}

struct text {
    char *at;
    size_t n;
};
static inline int text_write(void *context, const char *bytes, size_t n) {
    struct text *t = context;
    t->at = realloc(t->at, t->n + n + 1);
    memcpy(t->at + t->n, bytes, n);
    t->n += n;
    t->at[t->n] = 0;
    return 0;
}
static inline int text_refuse(void *context, const char *bytes, size_t n) {
    (void)context, (void)bytes, (void)n;
    return 28;
}

static inline bool same(attain_text text, const char *z) {
    return text.length == strlen(z) && (text.length == 0 || memcmp(text.bytes, z, text.length) == 0);
}

/* 10% up to 100,000 and 15% over it, by quarter; `$BASE` of a param. */
#define HEADER                                                                                               \
    "policy \"Field\"\n  version 3\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period "    \
    "quarter\n"                                                                                              \
    "payee rep from \"reps.csv\" { id text key  name text label }\n"                                         \
    "data deal from \"deals.csv\" { rep rep  amount money  closed_on date }\n"                               \
    "credit booking from deal to rep on closed_on amount amount\n"                                           \
    "measure bookings = sum of amount from booking\n"
#define TIERS                                                                                                \
    HEADER "param base = 10%\n"                                                                              \
           "pay commission on bookings = base of (bookings up to $100,000) + 15% over $100,000\n"

static const char REPS[] = "id,name\nana,Ana\nbob,Bob\n";
static const char DEALS[] =
    "rep,amount,closed_on\nana,120000,2026-02-03\nbob,50.55,2026-01-01\nbob,\"1,000\",2026-04-01\n";

static inline attain_policy *compiled(const char *text, attain_allocator *allocator) {
    attain_policy *policy = NULL;
    attain_policy_options options = {.allocator = allocator};
    attain_status status = attain_policy_compile("field.attain", text, strlen(text), &options, &policy);
    struct text said = {0};
    if (status != ATTAIN_OK && attain_diagnostics_write(attain_policy_diagnostics(policy),
                                                        ATTAIN_DIAGNOSTICS_TEXT, 0, text_write, &said))
        said.at = NULL;
    cr_assert_eq(status, ATTAIN_OK, "%s", said.at ? said.at : "");
    return policy;
}

static inline attain_data *bound(const char *reps, const char *deals) {
    attain_data *data = NULL;
    cr_assert_eq(attain_data_new(NULL, &data), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "rep", reps, strlen(reps), "reps.csv"), ATTAIN_OK);
    cr_assert_eq(attain_data_bind_memory(data, "deal", deals, strlen(deals), "deals.csv"), ATTAIN_OK);
    return data;
}

#endif
