/* api/handle.c: making and releasing handles, and the small things all of them use. */
#include "api/handle.h"

/* The handle is allocated outside of its arena, because the arena and the guard are inside it. */
void *at_api_handle_new(const attain_allocator *allocator, size_t size) {
    struct at_alloc alloc = {0};
    if (allocator && allocator->resize) alloc = (struct at_alloc){allocator->resize, allocator->context};
    struct at_api_own *own = at_alloc_get(alloc.resize ? &alloc : NULL, size);
    if (!own) return NULL;
    memset(own, 0, size);
    own->alloc = alloc;
    at_arena_init(&own->arena, alloc.resize ? &own->alloc : NULL, &own->guard);
    return own;
}

/* `own` is inside the block, so the allocator is copied before the block is freed. The block is not counted
 * by the limit, so it goes back to the host's allocator. */
void at_api_handle_free(void *handle, size_t size) {
    struct at_api_own *own = handle;
    struct at_alloc alloc = own->limit.most ? own->limit.host : own->alloc;
    at_arena_free(&own->arena);
    at_alloc_drop(alloc.resize ? &alloc : NULL, own, size);
}

/* Uses the allocator of `own`, with its limit, so that scratch memory counts, too. */
void *at_api_handle_beside(const struct at_api_own *own, size_t size) {
    const attain_allocator allocator = {own->alloc.resize, own->alloc.context};
    struct at_api_own *beside = at_api_handle_new(&allocator, size);
    if (beside) beside->limited = own->limited;
    return beside;
}

attain_status at_api_handle_lack(const struct at_api_own *own) {
    const struct at_alloc_limit *limit = own->limited;
    return limit && __atomic_load_n(&limit->refused, __ATOMIC_RELAXED) ? ATTAIN_MEMORY_LIMIT
                                                                       : ATTAIN_NO_MEMORY;
}

/* Must be called before the arena allocates, because sizes are counted from here on. */
void at_api_own_limit(struct at_api_own *own, size_t most) {
    if (most == 0) return;
    own->limit = (struct at_alloc_limit){.host = own->alloc, .most = most};
    own->limited = &own->limit;
    own->alloc = at_alloc_limited(&own->limit);
    own->arena.alloc = &own->alloc;
}

/* The guard runs a function without a result, so the status is returned here. */
struct task {
    attain_status (*work)(void *context);
    void *context;
    attain_status status;
};

static void do_task(void *context) {
    struct task *task = context;
    task->status = task->work(task->context);
}

attain_status at_api_own_run(struct at_api_own *own, attain_status (*work)(void *context), void *context) {
    struct task task = {work, context, ATTAIN_OK};
    struct at_alloc_limit *limit = own->limited;
    if (limit) __atomic_store_n(&limit->refused, false, __ATOMIC_RELAXED);
    bool done = at_guard_run(&own->guard, do_task, &task), stopped = at_watch_stopped(&own->watch);
    /* The host's watch is valid only during the call. */
    own->arena.watch = NULL;
    own->watch = (struct at_watch){0};
    if (stopped) return ATTAIN_CANCELLED; /* also where the work came to an end nevertheless */
    attain_status status = done ? task.status : ATTAIN_NO_MEMORY;
    return status == ATTAIN_NO_MEMORY ? at_api_handle_lack(own) : status;
}

attain_status at_api_status_public(enum at_status status, attain_status rejected) {
    switch (status) {
    case AT_OK: return ATTAIN_OK;
    case AT_REJECTED: return rejected;
    case AT_NOMEM: return ATTAIN_NO_MEMORY;
    case AT_CANCELLED: return ATTAIN_CANCELLED;
    case AT_IO: return ATTAIN_IO;
    }
    return rejected;
}

attain_status at_api_refuse_reserved(struct at_diag_list *diags, const char *name) {
    struct at_diag *diag =
        at_diag_add(diags, AT_A0916, (at_span){0}, "reserved words of `%s` are not zero", name);
    at_diag_help(diag, "set the struct to zero before you set its members");
    return ATTAIN_USAGE;
}

const struct at_words *at_api_language(struct at_diag_list *diags, const char *language) {
    const struct at_words *words = at_words_find(at_str_z(language ? language : ""));
    if (words) return words;
    struct at_diag *diag = at_diag_add(diags, AT_A0913, (at_span){0}, "unknown language `%s`", language);
    at_diag_help(diag, "choose one of: %s", at_words_codes());
    return NULL;
}

attain_text at_api_text(at_str s) {
    return (attain_text){s.p, s.n};
}
