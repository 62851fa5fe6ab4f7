/* cli/place.c: resolves the place of an output before anything is calculated.
 *
 * Places are compared by file, not by spelling. Links are followed, even a link to a file that does not exist
 * yet.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

enum { MOST_LINKS = 40 };

/* "pages" of "a/pages": after the last slash. */
const char *path_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The folder of a path, "." where it names none. NULL: not enough memory. The caller frees. */
char *path_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* `folder`/`file`, or `file` if it is absolute or the folder is empty. NULL: not enough memory. The caller
 * frees. */
char *path_join(const char *folder, const char *file) {
    size_t n = strlen(folder), room = n + strlen(file) + 2;
    bool bare = n == 0 || file[0] == '/';
    char *out = malloc(room);
    if (out) snprintf(out, room, "%s%s%s", bare ? "" : folder, bare || folder[n - 1] == '/' ? "" : "/", file);
    return out;
}

/* One step along a link: where `path` leads. NULL with errno EINVAL if it is not a link. */
static char *follow(const char *path) {
    char target[PATH_MAX + 1];
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n < 0) return NULL;
    target[n] = '\0';
    char *folder = path_folder(path), *out = folder ? path_join(folder, target) : NULL;
    free(folder);
    if (!out) errno = ENOMEM;
    return out;
}

/* The absolute path of a file that may not exist yet: its links followed, its folder resolved. NULL with
 * errno if the folder does not exist. The caller frees. */
char *path_final(const char *path) {
    char *at = strdup(path);
    for (int links = 0; at; links++) {
        char *next = links < MOST_LINKS ? follow(at) : NULL;
        if (!next) break;
        free(at);
        at = next;
    }
    char *folder = at ? path_folder(at) : NULL, *real = folder ? realpath(folder, NULL) : NULL;
    int error = errno;
    char *out = real ? path_join(real, path_base(at)) : NULL;
    if (real && !out) error = ENOMEM;
    free(at);
    free(folder);
    free(real);
    errno = error;
    return out;
}

/* Returns the descriptor of a path such as /dev/stdout, or -1. */
static int descriptor_of(const char *path) {
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0) return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0) return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t n = strlen(folders[i]);
        if (strncmp(path, folders[i], n) != 0) continue;
        char *end;
        long number = strtol(path + n, &end, 10);
        if (path[n] >= '0' && path[n] <= '9' && !*end && number <= INT_MAX) return (int)number;
    }
    return -1;
}

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* errno of what forbids to put a file there; 0: nothing does. */
static int why_not(const struct place *place) {
    char *folder = path_folder(place->final);
    int error = folder ? 0 : ENOMEM;
    if (!error && faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0) error = errno;
    /* A file that cannot be written is protected on purpose, even if its folder allows replacing it. */
    if (!error && place->exists && faccessat(AT_FDCWD, place->final, W_OK, AT_EACCESS) != 0) error = errno;
    free(folder);
    return error;
}

/* A file is replaced by a rename, so its folder must be writable. */
static int find_file(struct place *place, const char *path) {
    place->final = path_final(path);
    if (!place->final) return errno;
    place->kind = PLACE_FILE;
    place->exists = stat(place->final, &place->info) == 0;
    if (!place->exists && errno != ENOENT) return errno;
    return why_not(place);
}

static int find(struct place *place, const char *path) {
    struct stat info, out;
    place->fd = path ? descriptor_of(path) : STDOUT_FILENO;
    place->kind = PLACE_DESCRIPTOR;
    if (place->fd >= 0) {
        place->exists = fstat(place->fd, &place->info) == 0;
        return place->exists || !path ? 0 : errno; /* a closed standard output fails when it is written */
    }
    if (path[0] == '\0') return ENOENT;
    if (path[strlen(path) - 1] == '/') return EISDIR;
    if (stat(path, &info) != 0) return errno == ENOENT ? find_file(place, path) : errno;
    if (S_ISDIR(info.st_mode)) return EISDIR;
    /* Replacing the file would leave standard output with the old one, so both write to the descriptor. */
    if (S_ISREG(info.st_mode) && fstat(STDOUT_FILENO, &out) == 0 && same_file(&info, &out)) {
        place->fd = STDOUT_FILENO; /* by another name */
    } else if (S_ISREG(info.st_mode)) {
        return find_file(place, path);
    } else {
        place->kind = PLACE_DEVICE;
        if (!S_ISCHR(info.st_mode) && !S_ISFIFO(info.st_mode)) return EINVAL;
    }
    place->exists = true;
    place->info = info;
    return 0;
}

bool place_find(struct place *place, const char *path) {
    *place = (struct place){.path = path};
    int error = find(place, path);
    if (!error) return true;
    complain(0, "cannot write %s: %s", path ? path : "standard output", strerror(error));
    place_free(place);
    return false;
}

/* Devices are never equal here: /dev/null may be an input and an output. */
bool place_is(const struct place *place, const struct stat *file) {
    return place->exists && S_ISREG(file->st_mode) && same_file(&place->info, file);
}

bool place_same(const struct place *a, const struct place *b) {
    if (a->kind == PLACE_DESCRIPTOR && b->kind == PLACE_DESCRIPTOR) return a->fd == b->fd;
    if (a->exists && b->exists)
        return same_file(&a->info, &b->info) && (S_ISREG(a->info.st_mode) || S_ISFIFO(a->info.st_mode));
    /* Names that differ in case are one file on some file systems, and confusing on all. */
    return a->final && b->final && strcasecmp(a->final, b->final) == 0;
}

void place_free(struct place *place) {
    free(place->final);
    *place = (struct place){.fd = -1};
}
