/* api/load.c: where policy text comes from: files, the host's loader, the standard library. */
#include "api/handle.h"
#include "api/stdlib.h"
#include "base/map.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_TEXT 0x7FFFFFFFu /* what a source map can hold */

/* ---- files */

static void close_later(void *argument) {
    int *fd = argument;
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* In our own words: the C library's depend on the locale. */
static at_str reason(struct at_arena *arena, int error) {
    switch (error) {
    case ENOENT: return AT_STR("there is no such file");
    case ENOTDIR: return AT_STR("a part of its path is no folder");
    case EACCES:
    case EPERM: return AT_STR("reading it is not allowed");
    case EISDIR: return AT_STR("it is a folder");
    case EFBIG: return AT_STR("it is larger than 2 GB");
    case ENAMETOOLONG: return AT_STR("its name is too long");
    case ELOOP: return AT_STR("its symbolic links go in a circle");
    case EMFILE:
    case ENFILE: return AT_STR("too many files are open");
    case EIO: return AT_STR("the disk could not read it");
    default: return at_str_format(arena, "the system says error %d", error);
    }
}

/* Reads to the end; the size that the file system names is only where to begin, for pipes have none. */
static int read_all(struct at_arena *arena, int fd, size_t guess, at_str *text) {
    size_t room = guess + 1, n = 0;
    char *bytes = at_arena_get(arena, room);
    for (;;) {
        if (n == room) {
            bytes = at_arena_grow(arena, bytes, room, room * 2);
            room *= 2;
        }
        ssize_t got = read(fd, bytes + n, room - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) break;
        n += (size_t)got;
        if (n > MOST_TEXT) return EFBIG;
    }
    *text = (at_str){bytes, (uint32_t)n};
    return 0;
}

bool at_file_read(struct at_arena *arena, const char *path, at_str *text, at_str *why) {
    int *fd = AT_NEW(arena, int);
    struct stat info;
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = *fd < 0 ? errno : 0;
    if (!error) at_arena_defer(arena, close_later, fd);
    if (!error && fstat(*fd, &info) != 0) error = errno;
    if (!error && S_ISDIR(info.st_mode)) {
        close_later(fd);
        *why = AT_STR("it is a folder");
        return false;
    }
    if (!error && S_ISREG(info.st_mode) && info.st_size > (off_t)MOST_TEXT) error = EFBIG;
    if (!error) error = read_all(arena, *fd, S_ISREG(info.st_mode) ? (size_t)info.st_size : 4095, text);
    close_later(fd);
    if (error) *why = reason(arena, error);
    return !error;
}

/* ---- what a policy asks for */

static bool is_standard(at_str name) {
    return name.n > 4 && memcmp(name.p, "std/", 4) == 0;
}

static bool load_standard(struct at_arena *arena, at_str wanted, at_str *name, at_str *text, at_str *why) {
    struct at_nearest nearest = {.wanted = wanted};
    for (const struct at_standard_file *file = at_standard_files; file->name; file++) {
        at_str standard = at_str_z(file->name), bare = standard;
        if (bare.n > 7 && memcmp(bare.p + bare.n - 7, ".attain", 7) == 0) bare.n -= 7;
        if (at_str_eq(standard, wanted) || at_str_eq(bare, wanted)) {
            *name = standard;
            *text = (at_str){(const char *)file->bytes, (uint32_t)file->length};
            return true;
        }
        at_nearest_try(&nearest, standard);
        at_nearest_try(&nearest, bare);
    }
    *why = nearest.best.n
               ? at_str_format(arena, "the standard library has no such file; did you mean \"%.*s\"?",
                               AT_STR_ARG(nearest.best))
               : AT_STR("the standard library has no such file");
    return false;
}

/* What the host lends, until it is given back. */
struct lent {
    attain_loaded loaded;
    void *context;
};

static void give_back(void *argument) {
    struct lent *lent = argument;
    if (lent->loaded.release) lent->loaded.release(lent->context, &lent->loaded);
    lent->loaded.release = NULL;
}

/* The text is given back as soon as it is copied, or with the arena if memory fails meanwhile. */
static bool load_from_host(const struct at_loading *loading, struct at_arena *arena, at_str from,
                           at_str wanted, at_str *name, at_str *text, at_str *why) {
    at_str from_z = at_str_copy(arena, from), wanted_z = at_str_copy(arena, wanted);
    struct lent *lent = AT_NEW(arena, struct lent);
    const attain_loaded *loaded = &lent->loaded;
    lent->context = loading->context;
    at_arena_defer(arena, give_back, lent);
    if (!loading->load(loading->context, from_z.p, wanted_z.p, &lent->loaded)) {
        lent->loaded.release = NULL;
        *why = loaded->why ? at_str_copy(arena, at_str_z(loaded->why)) : AT_STR("there is no such file");
        return false;
    }
    bool fits = loaded->length <= MOST_TEXT;
    if (fits) {
        *name = loaded->name ? at_str_copy(arena, at_str_z(loaded->name)) : wanted_z;
        *text = at_str_copy(arena, (at_str){loaded->bytes, (uint32_t)loaded->length});
    } else {
        *why = AT_STR("it is too large");
    }
    give_back(lent);
    return fits;
}

static bool load_any(const struct at_loading *loading, struct at_arena *arena, at_str from_file,
                     at_str wanted, at_str *name, at_str *text, at_str *why) {
    if (is_standard(wanted)) return load_standard(arena, wanted, name, text, why);
    if (is_standard(from_file))
        return load_standard(arena, at_path_join(arena, at_path_folder(from_file), wanted), name, text, why);
    if (loading->load) return load_from_host(loading, arena, from_file, wanted, name, text, why);
    if (!loading->files) {
        *why = AT_STR("the program that runs this policy gives it no files");
        return false;
    }
    *name = at_path_join(arena, at_path_folder(from_file), wanted);
    return at_file_read(arena, name->p, text, why);
}

bool at_load(void *context, struct at_arena *arena, at_str from_file, at_str wanted, at_str *name,
             at_str *text, at_str *why) {
    struct at_loading *loading = context;
    if (!load_any(loading, arena, from_file, wanted, name, text, why)) return false;
    struct at_served *served = AT_NEW(arena, struct at_served);
    *served = (struct at_served){at_str_copy(arena, from_file), at_str_copy(arena, wanted), *name, *text,
                                 loading->served};
    loading->served = served;
    return true;
}

at_str *at_load_files(const struct at_loading *loading, struct at_arena *arena, at_str first, uint32_t *n) {
    struct at_map seen;
    uint32_t all = 1;
    for (const struct at_served *served = loading->served; served; served = served->next)
        all++;
    at_str *names = AT_NEW_ARRAY(arena, at_str, all), *files = AT_NEW_ARRAY(arena, at_str, all);
    names[0] = first;
    const struct at_served *served = loading->served;
    for (uint32_t i = all; --i > 0; served = served->next) /* served is newest first */
        names[i] = is_standard(served->name) ? AT_STR("") : served->name;
    at_map_init(&seen, arena);
    *n = 0;
    for (uint32_t i = 0; i < all; i++) {
        if (names[i].n == 0 || at_map_get(&seen, names[i])) continue;
        at_map_put(&seen, names[i], names);
        files[(*n)++] = names[i];
    }
    return files;
}

bool at_load_again(const struct at_loading *loading, at_str from, at_str wanted, at_str *name, at_str *text) {
    for (const struct at_served *served = loading->served; served; served = served->next)
        if (at_str_eq(served->from, from) && at_str_eq(served->wanted, wanted)) {
            *name = served->name;
            *text = served->text;
            return true;
        }
    return false;
}

bool attain_standard_file(size_t index, attain_text *name, attain_text *text) {
    size_t i = 0;
    while (i < index && at_standard_files[i].name)
        i++;
    const struct at_standard_file *file = &at_standard_files[i];
    if (!file->name || !name || !text) return false;
    *name = at_text(at_str_z(file->name));
    *text = (attain_text){(const char *)file->bytes, file->length};
    return true;
}
