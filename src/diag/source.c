/* diag/source.c: maps offsets to texts. Files are end to end in one space of offsets, the first at 1, with
 * one offset between two files so that the end of a file is a place of its own. A line ends with LF, CR LF or
 * a CR alone. */
#include "diag/source.h"

#include "base/vec.h"

#define TAIL 16 /* NUL bytes after each text: the lexer may read one byte past the end */

void at_diag_sources_init(struct at_diag_sources *sources, struct at_arena *arena) {
    *sources = (struct at_diag_sources){.arena = arena, .next_base = 1};
}

struct at_diag_source_file *at_diag_sources_add(struct at_diag_sources *sources, at_str name, at_str text) {
    /* Offsets must fit into the 32 bits of a span. */
    if ((uint64_t)sources->next_base + text.n + 1 > (uint64_t)INT32_MAX) return NULL;
    struct at_arena *arena = sources->arena;
    struct at_diag_source_file *file = AT_NEW(arena, struct at_diag_source_file);
    char *copy = at_arena_get(arena, (size_t)text.n + TAIL);
    if (text.n) memcpy(copy, text.p, text.n);
    memset(copy + text.n, 0, TAIL);
    file->name = at_str_copy(arena, name);
    file->text = (at_str){copy, text.n};
    file->base = sources->next_base;
    sources->next_base += text.n + 1;
    size_t size = sizeof(struct at_diag_source_file *);
    sources->files =
        at_arena_grow(arena, sources->files, sources->n_files * size, (sources->n_files + 1) * size);
    sources->files[sources->n_files++] = file;
    return file;
}

/* A linear search: a policy has few files. */
struct at_diag_source_file *at_diag_sources_find(const struct at_diag_sources *sources, at_str name,
                                                 at_str text) {
    for (uint32_t i = 0; i < sources->n_files; i++)
        if (at_str_eq(sources->files[i]->name, name) && at_str_eq(sources->files[i]->text, text))
            return sources->files[i];
    return NULL;
}

/* Offset 0 means no place. The search finds the last file whose base is not after the offset. */
static struct at_diag_source_file *file_of(const struct at_diag_sources *sources, uint32_t offset) {
    uint32_t low = 0, high = sources->n_files;
    if (offset == 0 || offset >= sources->next_base) return NULL;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (sources->files[middle]->base <= offset)
            low = middle;
        else
            high = middle;
    }
    return high ? sources->files[low] : NULL;
}

/* The length of the line end at p, or 0. */
static unsigned line_end(const char *p, const char *end) {
    if (p == end) return 0;
    if (*p == '\n') return 1;
    if (*p != '\r') return 0;
    return p + 1 < end && p[1] == '\n' ? 2 : 1;
}

/* Called only when a place of the file is first asked for. */
static void count_lines(struct at_arena *arena, struct at_diag_source_file *file) {
    AT_VEC(uint32_t) lines = {0};
    const char *start = file->text.p, *end = start + file->text.n;
    AT_VEC_PUSH(arena, &lines, 0);
    for (const char *p = start; p < end;) {
        unsigned n = line_end(p, end);
        p += n ? n : 1;
        if (n) AT_VEC_PUSH(arena, &lines, (uint32_t)(p - start));
    }
    file->lines = lines.at;
    file->n_lines = (uint32_t)lines.n;
}

static uint32_t line_index(const struct at_diag_source_file *file, uint32_t at) {
    uint32_t low = 0, high = file->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (file->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct at_diag_place at_diag_sources_place(const struct at_diag_sources *sources, uint32_t offset) {
    struct at_diag_source_file *file = sources ? file_of(sources, offset) : NULL;
    if (!file) return (struct at_diag_place){0};
    if (!file->lines) count_lines(sources->arena, file);
    uint32_t at = offset - file->base, index = line_index(file, at);
    const char *line = file->text.p + file->lines[index], *end = file->text.p + file->text.n, *stop = line;
    while (stop < end && !line_end(stop, end))
        stop++;
    struct at_diag_place place = {
        file, index + 1, 1, {line, (uint32_t)(stop - line)}, at - file->lines[index]};
    const char *target = line + place.byte_in_line;
    /* A column counts characters, not bytes. */
    for (const char *p = line; p < target; place.column++) {
        unsigned n;
        at_utf8_next(p, end, &n);
        p += n;
    }
    return place;
}

at_str at_diag_sources_text(const struct at_diag_sources *sources, at_span span) {
    struct at_diag_source_file *file = file_of(sources, span.start);
    if (!file || span.end < span.start) return (at_str){"", 0};
    uint32_t start = span.start - file->base, end = span.end - file->base;
    if (end > file->text.n) end = file->text.n;
    return (at_str){file->text.p + start, start < end ? end - start : 0};
}
