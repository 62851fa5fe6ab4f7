/* tests/bench/twin.h: what the hand-written programs share: a plain, careful reader of the generated
 * files.
 *
 * They are what a good C programmer would write for one fixed plan: one pass over a mapped file, integers in
 * cents, values checked as they are read. Their output is compared byte for byte with attain's.
 */
#ifndef ATTAIN_BENCH_TWIN_H
#define ATTAIN_BENCH_TWIN_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct text {
    const char *p;
    unsigned n;
};

struct file {
    const char *p, *end;
};

static inline void fail(const char *what, const char *where) {
    fprintf(stderr, "%s: %.40s\n", what, where);
    exit(3);
}

static inline struct file map_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) fail("cannot open", path);
    const char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) fail("cannot map", path);
    madvise((void *)p, (size_t)st.st_size, MADV_SEQUENTIAL);
    close(fd);
    const char *end = p + st.st_size;
    const char *line = memchr(p, '\n', (size_t)st.st_size); /* the header */
    return (struct file){line ? line + 1 : end, end};
}

/* The text up to `stop`, which must come. */
static inline struct text field(struct file *file, char stop) {
    const char *start = file->p, *p = start;
    while (p < file->end && *p != stop) {
        if (*p == '\n' || *p == '"') fail("strange field", start);
        p++;
    }
    if (p == file->end) fail("row cut short", start);
    file->p = p + 1;
    return (struct text){start, (unsigned)(p - start)};
}

static inline int64_t cents(struct text t) {
    int64_t value = 0;
    unsigned i = 0;
    for (; i < t.n && t.p[i] != '.'; i++) {
        if ((unsigned)(t.p[i] - '0') > 9) fail("bad amount", t.p);
        value = value * 10 + (t.p[i] - '0');
    }
    value *= 100;
    if (i < t.n) {
        if (t.n != i + 3 || (unsigned)(t.p[i + 1] - '0') > 9 || (unsigned)(t.p[i + 2] - '0') > 9)
            fail("bad amount", t.p);
        value += (t.p[i + 1] - '0') * 10 + (t.p[i + 2] - '0');
    }
    return value;
}

/* Month index of a date or month in 2026. */
static inline unsigned month_of(struct text t) {
    if (t.n < 7 || memcmp(t.p, "2026-", 5) != 0) fail("bad date", t.p);
    unsigned month = (unsigned)(t.p[5] - '0') * 10 + (unsigned)(t.p[6] - '0');
    if (month < 1 || month > 12) fail("bad date", t.p);
    if (t.n == 10) {
        unsigned day = (unsigned)(t.p[8] - '0') * 10 + (unsigned)(t.p[9] - '0');
        if (t.p[7] != '-' || day < 1 || day > 31) fail("bad date", t.p);
    }
    return month - 1;
}

struct rep {
    struct text id;
    unsigned team;
};

struct people {
    struct rep *rep;
    unsigned n, room;
    unsigned *slot, mask;
};

static inline uint32_t hash_text(struct text t) {
    uint32_t h = 2166136261u;
    for (unsigned i = 0; i < t.n; i++)
        h = (h ^ (unsigned char)t.p[i]) * 16777619u;
    return h ^ h >> 15;
}

static inline unsigned find_rep(const struct people *people, struct text id) {
    for (unsigned i = hash_text(id) & people->mask;; i = (i + 1) & people->mask) {
        unsigned k = people->slot[i];
        if (k == 0) fail("unknown rep", id.p);
        if (people->rep[k - 1].id.n == id.n && memcmp(people->rep[k - 1].id.p, id.p, id.n) == 0) return k - 1;
    }
}

static inline void index_people(struct people *people) {
    unsigned slots = 16;
    while (slots < people->n * 2)
        slots *= 2;
    people->mask = slots - 1;
    people->slot = calloc(slots, sizeof *people->slot);
    for (unsigned k = 0; k < people->n; k++) {
        unsigned i = hash_text(people->rep[k].id) & people->mask;
        while (people->slot[i])
            i = (i + 1) & people->mask;
        people->slot[i] = k + 1;
    }
}

static inline struct people read_people(const char *folder) {
    struct file file = map_file(folder, "reps.csv");
    struct people people = {0};
    while (file.p < file.end) {
        if (people.n == people.room) {
            people.room = people.room ? people.room * 2 : 256;
            people.rep = realloc(people.rep, people.room * sizeof *people.rep);
        }
        struct rep *rep = &people.rep[people.n++];
        rep->id = field(&file, ',');
        field(&file, ',');
        struct text team = field(&file, '\n');
        rep->team = (unsigned)atoi(team.p + 5);
    }
    index_people(&people);
    return people;
}

static inline char *put_cents(char *out, int64_t value) {
    char digits[24];
    unsigned n = 0;
    if (value < 0) {
        *out++ = '-';
        value = -value;
    }
    while (value > 0 || n < 3) {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    }
    while (n > 2)
        *out++ = digits[--n];
    *out++ = '.';
    *out++ = digits[1];
    *out++ = digits[0];
    return out;
}

#endif
