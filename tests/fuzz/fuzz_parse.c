/* fuzz_parse: any bytes through the parser; what parses is laid out, and the layout must parse to the same
 * tree and be its own layout. Nothing may crash, hang or be lost.
 *
 * With libFuzzer:   clang -fsanitize=fuzzer,address,undefined -DAT_LIBFUZZER …
 * On its own:       fuzz_parse SECONDS SEED FILE…   mutates the files, the same way for the same seed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "diag/render.h"
#include "fmt/fmt.h"
#include "syntax/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
    char *at;
    size_t n, room;
};

static int keep(void *context, const char *bytes, size_t n) {
    struct text *text = context;
    if (text->n + n > text->room) {
        text->room = (text->n + n) * 2;
        text->at = realloc(text->at, text->room);
        if (!text->at) abort();
    }
    memcpy(text->at + text->n, bytes, n);
    text->n += n;
    return 0;
}

static void fail(const char *why, const struct text *text) {
    fprintf(stderr, "fuzz_parse: %s\n%.*s\n", why, (int)text->n, text->at ? text->at : "");
    abort();
}

struct run {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast;
    enum at_status status;
};

static void parse(struct run *run, const char *p, size_t n) {
    at_arena_init(&run->arena, NULL, NULL);
    at_diag_sources_init(&run->sources, &run->arena);
    at_diag_list_init(&run->diags, &run->arena, &run->sources);
    run->status = at_parse(&run->sources, &run->arena, &run->diags, AT_STR("fuzz"), (at_str){p, (uint32_t)n},
                           NULL, NULL, &run->ast);
}

static void dump(const struct run *run, struct text *out) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, keep, out);
    at_ast_dump(run->ast->files[0], sink);
    at_sink_flush(sink);
    free(sink);
}

/* The layout into `out`; false where it was refused. */
static bool lay_out(struct run *run, struct text *out) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, keep, out);
    bool ok = at_fmt(run->ast, run->ast->files[0], &run->arena, sink) == AT_OK;
    at_sink_flush(sink);
    free(sink);
    return ok;
}

static void render(struct run *run) {
    struct text out = {0};
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, keep, &out);
    at_diag_list_sort(&run->diags);
    at_diag_render_text(&run->diags, NULL, sink);
    at_diag_render_json(&run->diags, sink);
    at_sink_flush(sink);
    if (at_utf8_invalid(out.at, out.n) < out.n) fail("messages are not UTF-8", &out);
    free(sink);
    free(out.at);
}

static bool has_error(const struct at_ast_node *node) {
    if (node->kind == AT_N_ERROR) return true;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && has_error(node->child[i])) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct run first, second;
    struct text once = {0}, twice = {0}, dumped = {0};
    parse(&first, (const char *)data, size);
    render(&first);
    dump(&first, &dumped);
    bool broken = has_error(first.ast->files[0]);
    if (broken && first.status == AT_OK) fail("a mistake was not told", &dumped);
    if (lay_out(&first, &once) && first.status == AT_OK) {
        parse(&second, once.at ? once.at : "", once.n);
        if (second.status != AT_OK) fail("the layout does not parse", &once);
        if (!at_ast_same(first.ast->files[0], second.ast->files[0]))
            fail("the layout means something else", &once);
        if (first.ast->n_comments != second.ast->n_comments) fail("a comment was lost", &once);
        if (!lay_out(&second, &twice)) fail("the layout was refused", &once);
        if (once.n != twice.n || memcmp(once.at ? once.at : "", twice.at ? twice.at : "", once.n) != 0)
            fail("the layout is not its own layout", &once);
        at_arena_free(&second.arena);
    } else if (first.status == AT_OK && !broken) {
        fail("a good policy was refused", &dumped);
    }
    at_arena_free(&first.arena);
    free(once.at);
    free(twice.at);
    free(dumped.at);
    return 0;
}

#ifndef AT_LIBFUZZER

static uint64_t state;

static uint32_t random_below(uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return n ? (uint32_t)((state >> 33) % n) : 0;
}

static const char *const PIECES[] = {
#define AT_KEYWORD(token, word, class, english, chinese) word,
#include "syntax/keywords.def"
#undef AT_KEYWORD
    "(",       ")",       "{",
    "}",       "|",       ",",
    ":",       ".",       "+",
    "-",       "*",       "/",
    "=",       "<>",      "<=",
    "# c\n",   "\n",      "\n\n",
    " ",       "\"t\"",   "`q`",
    "10%",     "$5",      "40k",
    "90 days", "x",       "USD",
    "bps",     "2026-Q1", "2026-03-31",
    "up to",   "of (",    "\xef\xbc\x8c",
    "\xff",    "\"",      "money EUR",
};

/* Cuts, copies, swaps and inserts, mostly whole words. */
static size_t mutate(char *text, size_t n, size_t room) {
    for (uint32_t times = 1 + random_below(6); times > 0; times--) {
        size_t at = random_below((uint32_t)n + 1), length = random_below(24);
        if (at + length > n) length = n - at;
        switch (random_below(5)) {
        case 0:
            memmove(text + at, text + at + length, n - at - length);
            n -= length;
            break;
        case 1:
            if (n) text[at % n] = (char)random_below(256);
            break;
        case 2:
            if (n + length > room) break;
            memmove(text + at + length, text + at, n - at);
            memmove(text + at, text + random_below((uint32_t)(n - length) + 1), length);
            n += length;
            break;
        default: {
            const char *piece = PIECES[random_below(AT_COUNT(PIECES))];
            size_t m = strlen(piece);
            bool spaced = random_below(3) > 0;
            if (n + m + 2 > room) break;
            memmove(text + at + m + spaced, text + at, n - at);
            memcpy(text + at, piece, m);
            if (spaced) text[at + m] = ' ';
            n += m + spaced;
        }
        }
    }
    return n;
}

int main(int argc, char **argv) {
    static char seed[1 << 16], text[1 << 17];
    if (argc < 4) return fprintf(stderr, "usage: fuzz_parse SECONDS SEED FILE...\n"), 2;
    time_t end = time(NULL) + atoi(argv[1]);
    unsigned long runs = 0;
    state = strtoull(argv[2], NULL, 10) * 2 + 1;
    while (time(NULL) < end) {
        FILE *file = fopen(argv[3 + random_below((uint32_t)argc - 3)], "rb");
        if (!file) return fprintf(stderr, "fuzz_parse: a file cannot be read\n"), 2;
        size_t n = fread(seed, 1, sizeof seed, file);
        fclose(file);
        for (int i = 0; i < 50; i++, runs++) {
            memcpy(text, seed, n);
            size_t m = mutate(text, n, sizeof text);
            const char *last = getenv("AT_FUZZ_LAST");
            FILE *keep_file = last ? fopen(last, "wb") : NULL;
            if (keep_file) fwrite(text, 1, m, keep_file), fclose(keep_file);
            LLVMFuzzerTestOneInput((const uint8_t *)text, m);
        }
    }
    printf("fuzz_parse: %lu texts, nothing found\n", runs);
    return 0;
}
#endif
