/* source/csv_cut.c: splits a file into parts for threads. Each part begins with a row and has its line
 * number.
 *
 * A line end within quotes does not end a row. Whether a place is within quotes depends on all that is before
 * it. So each piece is examined under both assumptions, all pieces at once. The answers are then combined
 * from the front:
 *
 *     piece            assumed outside quotes       assumed inside
 *     first            its first byte               the first row after the quote closes
 *     ends_inside      is its end within quotes?    likewise
 *     lines            line ends in it, and before `first`
 */
#include "base/threads.h"
#include "source/csv.h"
#include "source/csv_index.h"

#ifndef AT_PART_BYTES
#define AT_PART_BYTES (256u << 10) /* a smaller part is not worth a thread */
#endif
#define CHUNK (64u << 10)
#define MAX_PARTS 64

struct piece {
    uint64_t from, to;
    uint64_t lines;
    bool ends_inside[2];
    uint64_t first_inside; /* UINT64_MAX: the quote does not close in this piece */
    uint64_t lines_to_first;
    bool failed;
};

struct walk {
    char separator;
    bool inside;
    bool pending; /* the chunk before ended with a quote that may be the first of two */
    bool closed;  /* a quote has closed, and the next line end is a row's */
};

/* First line end of [p, end), whose last byte is returned; NULL where there is none. */
static const char *line_end(const char *p, const char *end) {
    const char *lf = memchr(p, '\n', (size_t)(end - p));
    const char *stop = lf ? lf : end;
    const char *cr = memchr(p, '\r', (size_t)(stop - p));
    if (!cr || (lf && cr + 1 == lf)) return lf;
    return cr + 1 == end ? NULL : cr; /* a CR as the very last byte: its LF may follow */
}

/* Follows the quotes of a chunk. Returns where the first row after a closed quote begins, NULL where not in
 * this chunk. */
static const char *follow(struct walk *walk, const char *p, const char *end, char before) {
    const char *found = NULL;
    const char *at = p;
    if (walk->pending && at < end) {
        walk->pending = false;
        if (*at == '"')
            at++;
        else
            walk->inside = false;
    }
    for (;;) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        if (!walk->inside && !found) {
            const char *line = line_end(at, quote ? quote : end);
            if (line) found = line + 1;
        }
        if (!quote) return found;
        at = quote + 1;
        if (!walk->inside) {
            char c = quote > p ? quote[-1] : before;
            walk->inside = c == walk->separator || c == '\n' || c == '\r';
        } else if (at == end) {
            walk->pending = true;
            return found;
        } else if (*at == '"') {
            at++;
        } else {
            walk->inside = false;
        }
    }
}

static void look_at(const struct at_source_input *input, struct piece *piece, struct at_watch *watch) {
    char chunk[CHUNK];
    struct walk walks[2] = {{.separator = input->separator}, {.separator = input->separator, .inside = true}};
    char before = '\n';
    bool cr = false;
    piece->first_inside = UINT64_MAX;
    for (uint64_t at = piece->from; at < piece->to;) {
        size_t want = piece->to - at < CHUNK ? (size_t)(piece->to - at) : CHUNK;
        int64_t got = at_source_input_read(input, at, chunk, want);
        if (got != (int64_t)want || at_watch_cancelled(watch)) {
            piece->failed = true;
            return;
        }
        const char *end = chunk + want;
        follow(&walks[0], chunk, end, before);
        const char *first = follow(&walks[1], chunk, end, before);
        if (first && piece->first_inside == UINT64_MAX) {
            bool carried = cr;
            piece->first_inside = at + (uint64_t)(first - chunk);
            piece->lines_to_first =
                piece->lines + at_source_count_lines(chunk, (size_t)(first - chunk), &carried);
        }
        piece->lines += at_source_count_lines(chunk, want, &cr);
        before = end[-1];
        at += want;
    }
    for (int i = 0; i < 2; i++)
        piece->ends_inside[i] = walks[i].inside && !walks[i].pending;
}

/* The first byte after a line end at or behind `from`; `limit` where there is none near. */
static uint64_t after_line_end(const struct at_source_input *input, uint64_t from, uint64_t limit) {
    char chunk[CHUNK];
    for (uint64_t at = from; at < limit && at - from < (1u << 20); at += CHUNK - 1) {
        size_t want = limit - at < CHUNK ? (size_t)(limit - at) : CHUNK;
        if (at_source_input_read(input, at, chunk, want) != (int64_t)want) return limit;
        const char *line = line_end(chunk, chunk + want);
        if (line) return at + (uint64_t)(line + 1 - chunk);
    }
    return limit;
}

struct job {
    const struct at_source_input *input;
    struct at_watch *watch;
    struct piece pieces[MAX_PARTS];
};

static void look(void *context, unsigned i) {
    struct job *job = context;
    look_at(job->input, &job->pieces[i], job->watch);
}

/* From the pieces the parts: a part begins where the first row of a piece begins. */
static void put_together(struct at_source_csv_source *csv, const struct job *job, unsigned n) {
    uint64_t line = csv->body_line;
    bool inside = false;
    csv->n_cuts = 0;
    for (unsigned i = 0; i < n; i++) {
        const struct piece *piece = &job->pieces[i];
        uint64_t first = inside ? piece->first_inside : piece->from;
        if (piece->failed) {
            csv->n_cuts = 1; /* the reader meets the failure and reports it */
            return;
        }
        if (first < piece->to)
            csv->cuts[csv->n_cuts++] =
                (struct at_source_csv_cut){first, line + (inside ? piece->lines_to_first : 0)};
        line += piece->lines;
        inside = piece->ends_inside[inside];
    }
}

unsigned at_source_csv_cut(struct at_source_csv_source *csv, unsigned most, struct at_arena *scratch,
                           struct at_watch *watch) {
    if (most > MAX_PARTS) most = MAX_PARTS;
    if (csv->n_cuts && csv->cut_for == most) return csv->n_cuts;
    if (csv->input.decoder) return 1; /* it is read from the front */
    uint64_t body = csv->body, size = csv->input.size - body;
    uint64_t n = size / AT_PART_BYTES < most ? size / AT_PART_BYTES : most;
    csv->cuts = at_arena_zero(csv->source.arena, MAX_PARTS * sizeof *csv->cuts);
    csv->cuts[0] = (struct at_source_csv_cut){body, csv->body_line};
    csv->cut_for = most;
    csv->n_cuts = 1;
    if (n < 2) return 1;
    struct job *job = AT_NEW(scratch, struct job);
    job->input = &csv->input;
    job->watch = watch;
    unsigned pieces = 0;
    uint64_t from = body;
    for (uint64_t i = 1; i <= n; i++) {
        uint64_t to =
            i == n ? csv->input.size : after_line_end(&csv->input, body + size / n * i, csv->input.size);
        if (to <= from) continue;
        job->pieces[pieces++] = (struct piece){.from = from, .to = to};
        from = to;
    }
    at_threads_run(pieces, look, job, watch);
    if (at_watch_stopped(watch)) return 1; /* what was seen is not all; the pass ends at once */
    put_together(csv, job, pieces);
    return csv->n_cuts;
}
