/* test_memory: every allocation of parsing and of laying out fails once; control comes back, and nothing
 * stays behind. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "../syntax/reading.h"
#include "fmt/fmt.h"

struct counter {
    size_t live;
    long left; /* allocations before one fails; below 0: none does */
};

static void *counted(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct counter *counter = context;
    if (new_size == 0) {
        counter->live -= old_size;
        free(ptr);
        return NULL;
    }
    if (counter->left >= 0 && counter->left-- == 0) return NULL;
    void *moved = realloc(ptr, new_size);
    cr_assert(moved);
    counter->live += new_size - old_size;
    return moved;
}

static int drop(void *context, const char *bytes, size_t n) {
    (void)context;
    (void)bytes;
    (void)n;
    return 0;
}

struct work {
    struct at_arena arena;
    struct at_guard guard;
    at_str text;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast;
    struct at_sink sink;
};

static void parse_and_format(void *context) {
    struct work *work = context;
    at_diag_sources_init(&work->sources, &work->arena);
    at_diag_list_init(&work->diags, &work->arena, &work->sources);
    at_sink_init(&work->sink, drop, NULL);
    enum at_status status =
        at_parse(&work->sources, &work->arena, &work->diags, AT_STR("t"), work->text, NULL, NULL, &work->ast);
    if (status == AT_OK) status = at_fmt(work->ast, work->ast->files[0], &work->arena, &work->sink);
    at_diag_list_sort(&work->diags);
    at_diag_render_text(&work->diags, NULL, &work->sink);
}

/* Whether it got to its end. */
static bool run(struct counter *counter, struct work *work, at_str text) {
    struct at_alloc alloc = {counted, counter};
    work->text = text;
    at_arena_init(&work->arena, &alloc, &work->guard);
    bool whole = at_guard_run(&work->guard, parse_and_format, work);
    at_arena_free(&work->arena);
    return whole;
}

static void fail_each(const char *name, const char *folder) {
    struct reading *r = reading_start();
    at_str text = read_file(&r->arena, at_str_format(&r->arena, "%s/%s", folder, name).p);
    struct work *work = calloc(1, sizeof *work);
    cr_assert(text.p);
    bool whole = false;
    long n = 0;
    for (; !whole && n < 5000; n++) {
        struct counter counter = {0, n};
        whole = run(&counter, work, text);
        cr_assert_eq(counter.live, 0, "%s: %zu bytes stay when allocation %ld fails", name, counter.live, n);
    }
    cr_expect(whole && n > 3, "%s: %ld allocations", name, n);
    free(work);
    reading_end(r);
}

Test(test_memory, a_policy_in_every_way) {
    fail_each("field-sales.attain", "tests/lang/good");
    fail_each("comments.attain", "tests/lang/good");
}

Test(test_memory, mistakes_in_every_way) {
    fail_each("A0115-several.attain", "tests/lang/bad");
}
