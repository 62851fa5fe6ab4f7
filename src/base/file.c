/* base/file.c: follows names part by part below the roots; see file.h for what this prevents. */
#define _GNU_SOURCE /* O_PATH: a folder can be passed through without the right to list it */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(O_PATH)
#define OPEN_FOLDER (O_PATH | O_DIRECTORY | O_CLOEXEC)
#elif defined(O_SEARCH)
#define OPEN_FOLDER (O_SEARCH | O_DIRECTORY | O_CLOEXEC)
#else
#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif
#define OPEN_FILE (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC)

enum { MOST_PATH = 4096, MOST_LINKS = 40 }; /* as Linux has them */

/* A walk holds text in buffers of its own. While folders are open, no code may jump away because memory is
 * missing. */
struct walk {
    const struct at_root_list *roots;
    int fd;                   /* of `at`; -1: `at` is above the roots, where nothing is opened */
    char at[MOST_PATH];       /* canonical folder reached so far, ended by NUL */
    size_t n;                 /* its length */
    char rest[2 * MOST_PATH]; /* of the name, with targets of links in front; ends at the buffer's end */
    char *next;               /* in rest */
    size_t original;          /* bytes at the end of rest that are of the name as written */
    char folder[MOST_PATH];   /* `at`, when the last part as written was taken */
    unsigned links;
    bool linked;
    int error;
    struct stat info;
    int file; /* -1: not opened */
};

/* ---- roots */

static bool begins(const char *path, size_t n, at_str with) {
    return n >= with.n && memcmp(path, with.p, with.n) == 0 && (n == with.n || path[with.n] == '/');
}

static const struct at_root *root_of(const struct walk *w) {
    for (uint32_t i = 0; i < w->roots->n; i++)
        if (begins(w->at, w->n, w->roots->at[i].path)) return &w->roots->at[i];
    return NULL;
}

static bool above_a_root(const struct walk *w) {
    for (uint32_t i = 0; i < w->roots->n; i++)
        if (begins(w->roots->at[i].path.p, w->roots->at[i].path.n, (at_str){w->at, (uint32_t)w->n}))
            return true;
    return false;
}

struct at_root at_root_any(void) {
    return (struct at_root){AT_STR(""), AT_STR(""), AT_STR("/")};
}

bool at_root_holds(const struct at_root *root, at_str folder) {
    return begins(folder.p, folder.n, root->path);
}

/* ---- walking */

static void leave(struct walk *w) {
    if (w->fd >= 0) close(w->fd);
    w->fd = -1;
}

static enum at_file_fault fail(struct walk *w, int error) {
    w->error = error;
    return AT_FILE_ERROR;
}

static enum at_file_fault enter(struct walk *w, const char *part) {
    int fd = openat(w->fd, part, OPEN_FOLDER | O_NOFOLLOW);
    int error = errno;
    leave(w);
    w->fd = fd;
    return fd < 0 ? fail(w, error) : AT_FILE_FINE;
}

/* Opens the folder `at`, wherever it is: from its root downwards, or not at all above the roots. */
static enum at_file_fault arrive(struct walk *w) {
    char part[MOST_PATH];
    leave(w);
    const struct at_root *root = root_of(w);
    if (!root) return above_a_root(w) ? AT_FILE_FINE : AT_FILE_OUTSIDE;
    w->fd = open(root->path.n ? root->path.p : "/", OPEN_FOLDER);
    if (w->fd < 0 && errno == EACCES && root->named.n) w->fd = open(root->named.p, OPEN_FOLDER);
    if (w->fd < 0) return fail(w, errno);
    for (size_t i = root->path.n; i < w->n;) {
        size_t n = strcspn(w->at + ++i, "/");
        memcpy(part, w->at + i, n);
        part[n] = '\0';
        enum at_file_fault fault = enter(w, part);
        if (fault != AT_FILE_FINE) return fault;
        i += n;
    }
    return AT_FILE_FINE;
}

static bool push(struct walk *w, const char *part) {
    size_t n = strlen(part);
    if (w->n + n + 2 > MOST_PATH) return false;
    w->at[w->n++] = '/';
    memcpy(w->at + w->n, part, n + 1);
    w->n += n;
    return true;
}

static enum at_file_fault up(struct walk *w) {
    while (w->n > 0 && w->at[--w->n] != '/')
        ;
    w->at[w->n] = '\0';
    return arrive(w);
}

/* Puts text in front of the rest. */
static bool prepend(struct walk *w, const char *text, size_t n) {
    bool slash = w->next < w->rest + sizeof w->rest;
    if ((size_t)(w->next - w->rest) < n + slash) return false;
    if (slash) *--w->next = '/';
    w->next -= n;
    memcpy(w->next, text, n);
    return true;
}

/* From the top, where the rest begins with a slash; a root may be named through links of the user's own. */
static enum at_file_fault start_at_top(struct walk *w) {
    size_t n = (size_t)(w->rest + sizeof w->rest - w->next);
    w->n = 0;
    for (uint32_t i = 0; i < w->roots->n; i++) {
        const struct at_root *root = &w->roots->at[i];
        if (root->alias.n == 0 || !begins(w->next, n, root->alias)) continue;
        memcpy(w->at, root->path.p, root->path.n);
        w->n = root->path.n;
        w->next += root->alias.n;
        break;
    }
    w->at[w->n] = '\0';
    return arrive(w);
}

static enum at_file_fault follow(struct walk *w, const char *part, bool original, bool last) {
    char target[MOST_PATH];
    ssize_t n = readlinkat(w->fd, part, target, sizeof target);
    if (n < 0) return fail(w, errno);
    if (n == 0) return fail(w, ENOENT);
    if (++w->links > MOST_LINKS) return fail(w, ELOOP);
    if (!(original && last)) w->linked |= original;
    if (n == sizeof target || !prepend(w, target, (size_t)n)) return fail(w, ENAMETOOLONG);
    return target[0] == '/' ? start_at_top(w) : AT_FILE_FINE;
}

static enum at_file_fault open_part(struct walk *w, const char *part) {
    if (!S_ISREG(w->info.st_mode)) return AT_FILE_SPECIAL;
    w->file = openat(w->fd, part, OPEN_FILE);
    if (w->file < 0 || fstat(w->file, &w->info) != 0) return fail(w, errno);
    return S_ISREG(w->info.st_mode) ? AT_FILE_FINE : AT_FILE_SPECIAL; /* it was another one a moment ago */
}

/* One part of the name. */
static enum at_file_fault step(struct walk *w, const char *part, bool original, bool last) {
    if (strcmp(part, ".") == 0) return AT_FILE_FINE;
    if (strcmp(part, "..") == 0) return up(w);
    if (w->fd < 0) return push(w, part) ? arrive(w) : fail(w, ENAMETOOLONG);
    if (fstatat(w->fd, part, &w->info, AT_SYMLINK_NOFOLLOW) != 0) return fail(w, errno);
    if (S_ISLNK(w->info.st_mode)) return follow(w, part, original, last);
    if (!S_ISDIR(w->info.st_mode)) return last ? open_part(w, part) : fail(w, ENOTDIR);
    if (!push(w, part)) return fail(w, ENAMETOOLONG);
    return enter(w, part);
}

/* Takes the next part off the rest. False: there is none. */
static bool take(struct walk *w, char part[MOST_PATH], bool *original, bool *last) {
    char *end = w->rest + sizeof w->rest, *p = w->next;
    while (p < end && *p == '/')
        p++;
    size_t n = 0;
    while (p + n < end && p[n] != '/')
        n++;
    *original = (size_t)(end - p) <= w->original;
    if (n == 0 || n >= MOST_PATH) return false;
    memcpy(part, p, n);
    part[n] = '\0';
    w->next = p + n;
    *last = w->next == end;
    if (*original) w->original = (size_t)(end - w->next);
    return true;
}

/* A slash at the end asks for a folder. */
static bool begin(struct walk *w, at_str base, at_str name) {
    bool folder = name.n == 0 || name.p[name.n - 1] == '/';
    w->next = w->rest + sizeof w->rest;
    if (base.n + 1 > MOST_PATH || name.n + 2 > MOST_PATH || memchr(name.p, '\0', name.n)) return false;
    if (folder) *--w->next = '.';
    w->next -= name.n;
    memcpy(w->next, name.p, name.n);
    w->original = (size_t)(w->rest + sizeof w->rest - w->next);
    memcpy(w->at, base.p, base.n);
    w->n = base.n;
    w->at[w->n] = '\0';
    return true;
}

/* Ends with a file in w->file, or with the folder w->at, which is AT_FILE_FOLDER. */
static enum at_file_fault walk(struct walk *w, at_str base, at_str name) {
    char part[MOST_PATH];
    bool original, last;
    if (!begin(w, base, name)) return fail(w, ENAMETOOLONG);
    enum at_file_fault fault = w->next[0] == '/' ? start_at_top(w) : arrive(w);
    while (fault == AT_FILE_FINE && w->file < 0 && take(w, part, &original, &last)) {
        if (original && last) memcpy(w->folder, w->at, w->n + 1);
        fault = step(w, part, original, last);
    }
    if (fault == AT_FILE_FINE && w->file < 0) fault = w->fd >= 0 ? AT_FILE_FOLDER : AT_FILE_OUTSIDE;
    leave(w);
    if (fault != AT_FILE_FINE && w->file >= 0) close(w->file);
    return fault;
}

/* ---- files and folders */

static void close_later(void *file) {
    at_file_close(file);
}

void at_file_close(struct at_file *file) {
    if (file->fd >= 0) close(file->fd);
    file->fd = -1;
}

enum at_file_fault at_file_open(struct at_file *file, struct at_arena *arena,
                                const struct at_root_list *roots, at_str base, at_str name) {
    struct walk w = {.roots = roots, .fd = -1, .file = -1};
    *file = (struct at_file){.fd = -1};
    at_arena_defer(arena, close_later, file);
    enum at_file_fault fault = walk(&w, base, name);
    file->error = w.error;
    if (fault != AT_FILE_FINE) return fault;
    file->fd = w.file;
    file->size = (uint64_t)w.info.st_size;
    file->device = (uint64_t)w.info.st_dev;
    file->number = (uint64_t)w.info.st_ino;
    file->linked = w.linked;
    file->folder = at_str_copy(arena, at_str_z(w.folder));
    return fault;
}

enum at_file_fault at_file_open_any(struct at_file *file, struct at_arena *arena, const char *path) {
    struct stat info;
    *file = (struct at_file){.fd = -1};
    at_arena_defer(arena, close_later, file);
    /* NONBLOCK: a pipe without a writer must not make the program wait. */
    file->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file->fd < 0 || fstat(file->fd, &info) != 0) {
        file->error = errno;
        at_file_close(file);
        return AT_FILE_ERROR;
    }
    file->size = (uint64_t)info.st_size;
    file->device = (uint64_t)info.st_dev;
    file->number = (uint64_t)info.st_ino;
    if (S_ISREG(info.st_mode)) return AT_FILE_FINE;
    at_file_close(file);
    return S_ISDIR(info.st_mode) ? AT_FILE_FOLDER : AT_FILE_SPECIAL;
}

/* The folder in which the program runs; empty with errno set. */
static at_str current(char buffer[MOST_PATH]) {
    if (!getcwd(buffer, MOST_PATH)) return (at_str){0};
    if (buffer[0] != '/') errno = ENOENT; /* Linux has "(unreachable)/…" */
    return buffer[0] == '/' ? at_str_z(buffer) : (at_str){0};
}

int at_root_make(struct at_root *root, struct at_arena *arena, at_str named) {
    char buffer[MOST_PATH];
    struct at_root_list all = {{at_root_any()}, 1};
    struct walk w = {.roots = &all, .fd = -1, .file = -1};
    at_str here = named.n && named.p[0] == '/' ? AT_STR("/") : current(buffer);
    if (here.n == 0) return errno ? errno : ENOENT;
    root->named = named.n ? at_str_copy(arena, named) : AT_STR(".");
    root->alias = at_path_normal(arena, at_path_join(arena, here, named));
    if (here.n == 1) here.n = 0;
    if (root->alias.n == 1) root->alias.n = 0;
    enum at_file_fault fault = walk(&w, here, root->named);
    if (w.file >= 0 && fault == AT_FILE_FINE) close(w.file);
    root->path = fault == AT_FILE_FOLDER ? at_str_copy(arena, at_str_z(w.at)) : root->alias;
    if (fault == AT_FILE_FOLDER) return 0;
    if (fault != AT_FILE_ERROR) return ENOTDIR;
    if (w.error != EACCES) return w.error;
    /* A folder above the current one may not be searched: then the name itself must do. */
    int fd = open(root->named.p, OPEN_FOLDER);
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

/* ---- names */

bool at_path_has_up(at_str path) {
    for (uint32_t i = 0; i < path.n;) {
        uint32_t start = i;
        while (i < path.n && path.p[i] != '/')
            i++;
        if (i - start == 2 && path.p[start] == '.' && path.p[start + 1] == '.') return true;
        i++;
    }
    return false;
}

at_str at_path_normal(struct at_arena *arena, at_str path) {
    char *out = at_arena_get(arena, (size_t)path.n + 2);
    uint32_t n = 0, first = path.n && path.p[0] == '/', fixed; /* below `fixed` nothing is taken back */
    if (first) out[n++] = '/';
    fixed = n;
    for (uint32_t i = 0; i < path.n; i++) {
        const char *part = path.p + i;
        uint32_t length = 0;
        while (i + length < path.n && part[length] != '/')
            length++;
        i += length;
        bool up = length == 2 && part[0] == '.' && part[1] == '.';
        if (length == 0 || (length == 1 && part[0] == '.') || (up && first && n == fixed)) continue;
        if (up && n > fixed) {
            while (n > fixed && out[--n] != '/')
                ;
            continue;
        }
        if (n > first) out[n++] = '/';
        memcpy(out + n, part, length);
        n += length;
        if (up) fixed = n;
    }
    out[n] = '\0';
    return (at_str){out, n};
}

at_str at_path_folder(at_str path) {
    uint32_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return (at_str){path.p, n};
}

at_str at_path_join(struct at_arena *arena, at_str folder, at_str file) {
    if (folder.n == 0 || (file.n > 0 && file.p[0] == '/')) return at_str_copy(arena, file);
    const char *between = folder.p[folder.n - 1] == '/' ? "" : "/";
    return at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(folder), between, AT_STR_ARG(file));
}
