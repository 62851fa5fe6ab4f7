/* fuzz_check: any text through the parser and the checker; what they accept must become a plan that keeps its
 * invariants, and what they refuse must have a message. Nothing may crash, hang or be lost.
 *
 * With libFuzzer:   clang -fsanitize=fuzzer,address,undefined -DAT_LIBFUZZER …
 * On its own:       fuzz_check SECONDS SEED FILE…   mixes the files' lines and words, the same way for the
 * same seed; AT_FUZZ_LAST names a file for the text at hand
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "diag/render.h"
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count(void *context, const char *bytes, size_t n) {
    (void)bytes;
    *(size_t *)context += n;
    return 0;
}

static void fail(const char *why, const uint8_t *data, size_t size) {
    fprintf(stderr, "fuzz_check: %s\n%.*s\n", why, (int)size, (const char *)data);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_sink sink;
    struct at_ast *ast;
    struct at_check_policy *checked;
    struct at_plan *plan = NULL;
    const struct at_diag_render_options plain = {0};
    size_t written = 0;
    if (size > 1u << 20) return 0;
    at_arena_init(&arena, NULL, NULL);
    at_diag_sources_init(&sources, &arena);
    at_diag_list_init(&diags, &arena, &sources);
    at_sink_init(&sink, count, &written);
    enum at_status status = at_parse(&sources, &arena, &diags, AT_STR("fuzz.attain"),
                                     (at_str){(const char *)data, (uint32_t)size}, NULL, NULL, &ast);
    enum at_status judged = at_check(ast, &arena, &diags, NULL, NULL, &checked);
    if (status == AT_OK) status = judged;
    if (status == AT_OK) status = at_plan_lower(checked, NULL, 0, &arena, &diags, &plan);
    if ((status == AT_OK) != (diags.errors == 0)) fail("the status is not what is said", data, size);
    if (status == AT_OK) {
        const char *broken = at_plan_verify(plan);
        if (broken) fail(broken, data, size);
        at_plan_dump(plan, &arena, &sink);
    }
    at_diag_list_sort(&diags);
    at_diag_render_text(&diags, &plain, &sink);
    at_sink_flush(&sink);
    at_arena_free(&arena);
    return 0;
}

#ifndef AT_LIBFUZZER
struct piece {
    char text[1 << 15];
    size_t n;
};

static uint64_t state;
static uint32_t dice(size_t n) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % (n ? n : 1));
}

static bool read_file(const char *path, struct piece *out) {
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    out->n = fread(out->text, 1, sizeof out->text, file);
    fclose(file);
    return true;
}

/* A word or a mark, or a whole line, of the text: its start, and how long it is in *length. */
static size_t some_part(const struct piece *from, bool line, size_t *length) {
    size_t at = dice(from->n), end;
    while (at > 0 && (line ? from->text[at - 1] != '\n' : isalnum((unsigned char)from->text[at - 1]) != 0))
        at--;
    for (end = at; end < from->n; end++)
        if (line ? from->text[end] == '\n' : !isalnum((unsigned char)from->text[end])) break;
    if (end < from->n && (line || end == at)) end++;
    *length = end - at;
    return at;
}

/* One part of `text` gives way to (or is followed by) one of `other`. */
static void mutate(struct piece *text, const struct piece *other) {
    bool line = dice(3) == 0;
    size_t out, in, at = some_part(text, line, &out), from = some_part(other, line, &in);
    if (dice(4) == 0) in = 0;
    if (dice(3) == 0) out = 0;
    if (text->n - out + in > sizeof text->text) return;
    memmove(text->text + at + in, text->text + at + out, text->n - at - out);
    memcpy(text->text + at, other->text + from, in);
    text->n += in - out;
}

static void try_text(const struct piece *text) {
    const char *last = getenv("AT_FUZZ_LAST");
    FILE *file = last ? fopen(last, "wb") : NULL;
    if (file) fwrite(text->text, 1, text->n, file), fclose(file);
    uint8_t *exact = malloc(text->n + 1); /* so that reading past the end is seen */
    if (!exact) abort();
    memcpy(exact, text->text, text->n);
    LLVMFuzzerTestOneInput(exact, text->n);
    free(exact);
}

int main(int argc, char **argv) {
    static struct piece seed, other, text;
    if (argc < 4) return fprintf(stderr, "usage: fuzz_check SECONDS SEED FILE...\n"), 2;
    time_t end = time(NULL) + atoi(argv[1]);
    unsigned long runs = 0;
    state = strtoull(argv[2], NULL, 10) * 2 + 1;
    while (time(NULL) < end) {
        const char *a = argv[3 + dice((size_t)argc - 3)], *b = argv[3 + dice((size_t)argc - 3)];
        if (!read_file(a, &seed) || !read_file(dice(2) ? a : b, &other))
            return fprintf(stderr, "fuzz_check: a file cannot be read\n"), 2;
        for (int i = 0; i < 40; i++, runs++) {
            text = seed;
            for (uint32_t k = 1 + dice(3); k > 0 && text.n; k--)
                mutate(&text, &other);
            try_text(&text);
        }
    }
    printf("fuzz_check: %lu texts, nothing found\n", runs);
    return 0;
}
#endif
