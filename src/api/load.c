/* api/load.c: loads the text of policies: from files, the host's loader, or the standard library. */
#include "api/handle.h"
#include "api/stdlib.h"

#include <errno.h>
#include <unistd.h>

#define MOST_TEXT 0x7FFFFFFFu /* what a source map can hold */

enum origin { STANDARD, HOST, DISK };

struct at_api_served_file { /* a file that was loaded, as it was then */
    at_str name, text;
    enum origin origin;
    at_str folder; /* DISK: canonical, of its name */
    bool plain;    /* DISK: no folder of its name is a link, so that `..` may be taken back in the text */
};

struct at_api_served { /* what was asked for, and what it is */
    at_str from, wanted;
    const struct at_api_served_file *file;
    struct at_api_served *next;
};

/* ---- files */

/* In our own words: the C library's depend on the locale. */
static at_str reason(struct at_arena *arena, int error) {
    switch (error) {
    case ENOENT: return AT_STR("it does not exist");
    case ENOTDIR: return AT_STR("a part of its path is not a folder");
    case EACCES:
    case EPERM: return AT_STR("permission denied");
    case EISDIR: return AT_STR("it is a folder");
    case EFBIG: return AT_STR("it is larger than 2 GB");
    case ENAMETOOLONG: return AT_STR("its name is too long");
    case ELOOP: return AT_STR("circular symbolic links");
    case EMFILE:
    case ENFILE: return AT_STR("too many files are open");
    case EIO: return AT_STR("disk error");
    default: return at_str_format(arena, "system error %d", error);
    }
}

/* Reads to the end, `most` bytes at most; the size that the file system names is only where to begin. Returns
 * an errno: EFBIG beyond. */
static int read_all(struct at_arena *arena, const struct at_file *file, size_t most, at_str *text) {
    if (file->size > most) return EFBIG;
    size_t room = (size_t)file->size + 1, n = 0;
    char *bytes = at_arena_get(arena, room);
    for (;;) {
        if (n == room) {
            bytes = at_arena_grow(arena, bytes, room, room * 2);
            room *= 2;
        }
        ssize_t got = read(file->fd, bytes + n, room - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) break;
        n += (size_t)got;
        if (n > most) return EFBIG;
    }
    *text = (at_str){bytes, (uint32_t)n};
    return 0;
}

static at_str why_not(struct at_arena *arena, enum at_file_fault fault, int error) {
    switch (fault) {
    case AT_FILE_OUTSIDE: return AT_STR("it is outside the permitted folders");
    case AT_FILE_FOLDER: return AT_STR("it is a folder");
    case AT_FILE_SPECIAL: return AT_STR("it is a device, a pipe, or a socket");
    case AT_FILE_ERROR:
    case AT_FILE_FINE: break;
    }
    return reason(arena, error);
}

/* ---- what is known already */

static at_str key_of_disk(struct at_arena *arena, const struct at_file *file) {
    return at_str_format(arena, "disk:%llu:%llu", (unsigned long long)file->device,
                         (unsigned long long)file->number);
}
static at_str key_of_host(struct at_arena *arena, at_str name) {
    return at_str_format(arena, "host:%.*s", AT_STR_ARG(name));
}
static at_str key_of_wanted(struct at_arena *arena, at_str from, at_str wanted) {
    return at_str_format(arena, "%u:%.*s:%.*s", from.n, AT_STR_ARG(from), AT_STR_ARG(wanted));
}

/* Makes the maps once. They are in the arena of the policy, so they are valid as long as the policy. */
static void start(struct at_api_loading *loading, struct at_arena *arena) {
    if (loading->known.arena) return;
    at_map_init(&loading->known, arena);
    at_map_init(&loading->names, arena);
    at_map_init(&loading->wanted, arena);
}

/* Adds a file under its identity and its name. Its size counts toward the limit of all files. */
static struct at_api_served_file *add(struct at_api_loading *loading, struct at_arena *arena, at_str key,
                                      at_str name, at_str text, enum origin origin) {
    struct at_api_served_file *file = AT_NEW(arena, struct at_api_served_file);
    *file = (struct at_api_served_file){.name = name, .text = text, .origin = origin};
    at_map_put(&loading->known, key, file);
    at_map_put(&loading->names, name, file);
    loading->n_bytes += text.n;
    return file;
}

/* Sets the reason in *out, and returns false. */
static bool refuse(struct at_parse_loaded *out, enum at_parse_load_fault fault, at_str why) {
    out->fault = fault;
    out->why = why;
    return false;
}

/* One name for two files would make them one file to all that follows. */
static bool is_taken(const struct at_api_loading *loading, struct at_arena *arena, at_str name,
                     struct at_parse_loaded *out) {
    if (!at_map_get(&loading->names, name)) return false;
    refuse(out, AT_LOAD_ABSENT,
           at_str_format(arena, "another file already has the name `%.*s`", AT_STR_ARG(name)));
    return true;
}

/* Reports that the policy names too many files or bytes. The limits count all files that one policy names.
 * */
static bool is_full(const struct at_api_loading *loading, uint64_t size, struct at_parse_loaded *out) {
    if (loading->names.n < AT_MOST_FILES && loading->n_bytes + size <= AT_MOST_BYTES) return false;
    refuse(out, loading->names.n < AT_MOST_FILES ? AT_LOAD_LARGE : AT_LOAD_MANY, (at_str){0});
    return true;
}

/* ---- the standard library */

static bool is_standard(at_str name) {
    return name.n > 4 && memcmp(name.p, "std/", 4) == 0;
}

/* The ending is optional in names of the standard library. */
static at_str without_ending(at_str name) {
    if (name.n > 7 && memcmp(name.p + name.n - 7, ".attain", 7) == 0) name.n -= 7;
    return name;
}

/* Files of the standard library are in the program, so their text is not copied. */
static const struct at_api_served_file *load_standard(struct at_api_loading *loading, struct at_arena *arena,
                                                      at_str wanted, struct at_parse_loaded *out) {
    struct at_str_nearest nearest = {.wanted = wanted};
    for (const struct at_api_standard_file *file = at_api_standard_files; file->name; file++) {
        at_str name = at_str_z(file->name), bare = without_ending(name);
        if (at_str_eq(name, wanted) || at_str_eq(bare, wanted)) {
            at_str key = at_str_format(arena, "standard:%.*s", AT_STR_ARG(name));
            const struct at_api_served_file *known = at_map_get(&loading->known, key);
            if (known) return known;
            if (is_taken(loading, arena, name, out)) return NULL;
            return add(loading, arena, key, name, (at_str){(const char *)file->bytes, (uint32_t)file->length},
                       STANDARD);
        }
        at_str_nearest_try(&nearest, name);
        at_str_nearest_try(&nearest, bare);
    }
    refuse(out, AT_LOAD_ABSENT,
           nearest.best.n
               ? at_str_format(arena, "the standard library does not contain it. Did you mean \"%.*s\"?",
                               AT_STR_ARG(nearest.best))
               : AT_STR("the standard library does not contain it"));
    return NULL;
}

/* ---- the host's loader */

/* The name that the host gives is the file's identity. Without one it is the name that was wanted, however it
 * is spelled. */
static const struct at_api_served_file *take_loaded(struct at_api_loading *loading, struct at_arena *arena,
                                                    at_str wanted, const attain_loaded *loaded,
                                                    struct at_parse_loaded *out) {
    at_str name = at_str_copy(arena, loaded->name ? at_str_z(loaded->name) : wanted);
    at_str key = key_of_host(arena, loaded->name ? name : at_path_normal(arena, wanted));
    const struct at_api_served_file *known = at_map_get(&loading->known, key);
    if (known) return known;
    if (is_full(loading, loaded->length, out) || is_taken(loading, arena, name, out)) return NULL;
    at_str text = at_str_copy(arena, (at_str){loaded->bytes, (uint32_t)loaded->length});
    return add(loading, arena, key, name, text, HOST);
}

/* What the host lends, until it is given back. */
struct lent {
    attain_loaded loaded;
    void *context;
};

/* Calls the host's release function once. It is deferred in the arena, and may be called directly before.
 * */
static void give_back(void *argument) {
    struct lent *lent = argument;
    if (lent->loaded.release) lent->loaded.release(lent->context, &lent->loaded);
    lent->loaded.release = NULL;
}

/* The text is given back as soon as it is copied, or with the arena if memory fails meanwhile. */
static const struct at_api_served_file *load_from_host(struct at_api_loading *loading, struct at_arena *arena,
                                                       at_str from, at_str wanted,
                                                       struct at_parse_loaded *out) {
    at_str from_z = at_str_copy(arena, from), wanted_z = at_str_copy(arena, wanted);
    struct lent *lent = AT_NEW(arena, struct lent);
    const attain_loaded *loaded = &lent->loaded;
    lent->context = loading->context;
    at_arena_defer(arena, give_back, lent);
    if (!loading->load(loading->context, from_z.p, wanted_z.p, &lent->loaded)) {
        lent->loaded.release = NULL;
        refuse(out, loaded->outside ? AT_LOAD_OUTSIDE : AT_LOAD_ABSENT,
               loaded->why       ? at_str_copy(arena, at_str_z(loaded->why))
               : loaded->outside ? (at_str){0}
                                 : AT_STR("it does not exist"));
        return NULL;
    }
    const struct at_api_served_file *file = take_loaded(loading, arena, wanted_z, loaded, out);
    give_back(lent);
    return file;
}

/* ---- files on the disk */

/* Returns the name after the last slash. */
static at_str last_of(at_str path) {
    uint32_t slash = at_path_folder(path).n;
    return (at_str){path.p + slash, path.n - slash};
}

/* Returns the path of the folder in which the file was found, with the name that was wanted. */
static at_str found_path(struct at_arena *arena, const struct at_file *file, at_str wanted) {
    at_str last = last_of(wanted);
    return at_str_format(arena, "%.*s/%.*s", AT_STR_ARG(file->folder), AT_STR_ARG(last));
}

/* Returns the path that messages show for a file, which also opens it. The path is relative to where the
 * policy was named. In two cases, the path has the folder that was found instead. In the first case, a folder
 * is a link, and the text cannot resolve its `..`. In the second case, the name is absolute and has no base
 * to be relative to. */
static at_str show(const struct at_api_loading *loading, struct at_arena *arena,
                   const struct at_api_served_file *from, at_str wanted, const struct at_file *file) {
    at_str name, main = loading->folder, found = file->folder;
    bool absolute = wanted.n && wanted.p[0] == '/';
    if (!absolute && !(at_path_has_up(wanted) && (file->linked || !from->plain))) {
        name = at_path_join(arena, at_path_folder(from->name), wanted);
    } else if (at_root_holds(&(struct at_root){.path = main}, found)) {
        uint32_t n = main.n + (found.n > main.n);
        name = at_path_join(arena, loading->named, (at_str){found.p + n, found.n - n});
        name = at_path_join(arena, name, last_of(wanted));
    } else {
        name = found_path(arena, file, wanted);
    }
    name = at_path_normal(arena, name);
    return is_standard(name) ? at_str_format(arena, "./%.*s", AT_STR_ARG(name)) : name;
}

/* Reads an open file, unless it is known. Its identity comes from the open descriptor, so it cannot be
 * exchanged in between. */
static const struct at_api_served_file *take_file(struct at_api_loading *loading, struct at_arena *arena,
                                                  const struct at_api_served_file *from, at_str wanted,
                                                  const struct at_file *file, struct at_parse_loaded *out) {
    at_str key = key_of_disk(arena, file), text;
    const struct at_api_served_file *known = at_map_get(&loading->known, key);
    if (known) return known;
    if (is_full(loading, file->size, out)) return NULL;
    int error = read_all(arena, file, AT_MOST_BYTES - loading->n_bytes, &text);
    if (error) {
        refuse(out, error == EFBIG ? AT_LOAD_LARGE : AT_LOAD_ABSENT, reason(arena, error));
        return NULL;
    }
    at_str name = show(loading, arena, from, wanted, file);
    /* Two folders of one name, of which one is a link. */
    if (at_map_get(&loading->names, name)) name = found_path(arena, file, wanted);
    if (is_taken(loading, arena, name, out)) return NULL;
    struct at_api_served_file *served = add(loading, arena, key, name, text, DISK);
    served->folder = file->folder;
    served->plain = from->plain && !file->linked;
    return served;
}

/* Opens the file under the roots, and reports why it cannot be used. */
static const struct at_api_served_file *load_from_disk(struct at_api_loading *loading, struct at_arena *arena,
                                                       const struct at_api_served_file *from, at_str wanted,
                                                       struct at_parse_loaded *out) {
    struct at_file *file = AT_NEW(arena, struct at_file);
    enum at_file_fault fault = at_file_open(file, arena, &loading->roots, from->folder, wanted);
    const struct at_api_served_file *served = NULL;
    if (fault == AT_FILE_FINE)
        served = take_file(loading, arena, from, wanted, file, out);
    else if (fault == AT_FILE_OUTSIDE)
        refuse(out, AT_LOAD_OUTSIDE,
               at_str_format(arena, "the policy may read only files in `%.*s` and its subfolders",
                             AT_STR_ARG(loading->roots.at[0].named)));
    else
        refuse(out, fault == AT_FILE_ERROR ? AT_LOAD_ABSENT : AT_LOAD_SPECIAL,
               why_not(arena, fault, file->error));
    at_file_close(file);
    return served;
}

/* ---- what a policy asks for */

static bool is_lua(at_str name) {
    return name.n > 4 && memcmp(name.p + name.n - 4, ".lua", 4) == 0;
}

/* A file of the standard library can name only other files of the library, so it never reads the host's
 * files. */
static const struct at_api_served_file *load_any(struct at_api_loading *loading, struct at_arena *arena,
                                                 at_str from_name, at_str wanted,
                                                 struct at_parse_loaded *out) {
    const struct at_api_served_file *from = at_map_get(&loading->names, from_name);
    bool inside = from && from->origin == STANDARD;
    if (inside && !(is_lua(from_name) && is_standard(wanted)))
        wanted = at_path_join(arena, AT_STR("std"), wanted);
    if (inside || is_standard(wanted))
        return load_standard(loading, arena, at_path_normal(arena, wanted), out);
    if (loading->load) return load_from_host(loading, arena, from_name, wanted, out);
    if (loading->files && from) return load_from_disk(loading, arena, from, wanted, out);
    refuse(out, AT_LOAD_ABSENT, AT_STR("this program does not give files to policies"));
    return NULL;
}

/* Returns whether policies are in the folder of this file: it is the policy or a file that it uses. */
static bool is_policy(const struct at_api_loading *loading, at_str name) {
    bool ends = name.n > 7 && memcmp(name.p + name.n - 7, ".attain", 7) == 0;
    return ends || at_str_eq(name, loading->main);
}

/* Loads a module that a Lua file requires: from its own folder, then from the folder of the policy, then from
 * those of the files that it uses, in the order of reading. A fault that stops the search in one folder, such
 * as a file outside the root, is reported only if no folder has the module. */
static const struct at_api_served_file *load_module(struct at_api_loading *loading, struct at_arena *arena,
                                                    at_str from, at_str wanted, struct at_parse_loaded *out) {
    const struct at_api_served_file *found = load_any(loading, arena, from, wanted, out);
    const struct at_api_served_file *asking = at_map_get(&loading->names, from);
    struct at_map tried;
    if (found || is_standard(wanted) || (asking && asking->origin == STANDARD)) return found;
    at_map_init(&tried, arena);
    at_map_put(&tried, at_path_folder(from), out);
    for (uint32_t i = 0; i < loading->names.n; i++) { /* in the order of reading; the policy is the first */
        at_str name = loading->names.entries[i].key;
        const struct at_api_served_file *file = loading->names.entries[i].value;
        struct at_parse_loaded other = {0};
        if (file->origin == STANDARD || !is_policy(loading, name)) continue;
        if (at_map_put(&tried, at_path_folder(name), out)) continue;
        if ((found = load_any(loading, arena, name, wanted, &other))) return found;
        if (out->fault == AT_LOAD_ABSENT && other.fault != AT_LOAD_ABSENT) *out = other;
    }
    return NULL;
}

static bool answer(const struct at_api_served_file *file, struct at_parse_loaded *out) {
    if (!file) return false;
    out->name = file->name;
    out->text = file->text;
    return true;
}

bool at_api_load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                 struct at_parse_loaded *out) {
    struct at_api_loading *loading = context;
    start(loading, arena);
    at_str key = key_of_wanted(arena, from, wanted);
    struct at_api_served *served = at_map_get(&loading->wanted, key);
    if (served) return answer(served->file, out);
    const struct at_api_served_file *file = is_lua(from) ? load_module(loading, arena, from, wanted, out)
                                                         : load_any(loading, arena, from, wanted, out);
    if (!file) return false;
    served = AT_NEW(arena, struct at_api_served);
    *served =
        (struct at_api_served){at_str_copy(arena, from), at_str_copy(arena, wanted), file, loading->served};
    loading->served = served;
    at_map_put(&loading->wanted, key, served);
    return answer(file, out);
}

/* Only compares texts that were loaded, so other threads may call it at the same time. */
bool at_api_load_again(const struct at_api_loading *loading, at_str from, at_str wanted,
                       struct at_parse_loaded *out) {
    for (const struct at_api_served *served = loading->served; served; served = served->next)
        if (at_str_eq(served->from, from) && at_str_eq(served->wanted, wanted))
            return answer(served->file, out);
    return false;
}

bool at_api_load_gave(const struct at_api_loading *loading, at_str name) {
    const struct at_api_served_file *file = at_map_get(&loading->names, name);
    return file && file->name.p == name.p;
}

/* ---- the policy itself */

void at_api_load_main_text(struct at_api_loading *loading, struct at_arena *arena, at_str name, at_str text) {
    start(loading, arena);
    struct at_api_served_file *file = add(loading, arena, key_of_host(arena, name), name, text, HOST);
    at_map_put(&loading->known, key_of_host(arena, at_path_normal(arena, name)), file);
    loading->n_bytes = 0; /* it was not named by a policy */
    loading->main = name;
}

/* Which files the policy may name. False with a diagnostic. */
static bool find_roots(struct at_api_loading *loading, struct at_arena *arena, struct at_diag_list *diags,
                       at_str name, const attain_policy_options *options) {
    struct at_root *root = &loading->roots.at[0], own = {0};
    loading->roots.n = 1;
    int error = at_root_make(&own, arena, loading->named);
    if (error) {
        at_str why = reason(arena, error);
        at_diag_add(diags, AT_A0901, (at_span){0}, "cannot read %.*s: %.*s", AT_STR_ARG(name),
                    AT_STR_ARG(why));
        return false;
    }
    loading->folder = own.path;
    loading->plain = at_str_eq(own.path, own.alias);
    *root = options && options->allow_outside ? at_root_any() : own;
    if (!options || !options->root || options->allow_outside) return true;
    error = at_root_make(root, arena, at_str_z(options->root));
    if (error || !at_root_holds(root, own.path)) {
        at_str why = !error             ? AT_STR("it does not contain the policy")
                     : error == ENOENT  ? AT_STR("it does not exist")
                     : error == ENOTDIR ? AT_STR("it is not a folder")
                                        : reason(arena, error);
        struct at_diag *d = at_diag_add(diags, AT_A0136, (at_span){0}, "cannot use `%s` as the root of %.*s",
                                        options->root, AT_STR_ARG(name));
        at_diag_note(d, "%.*s", AT_STR_ARG(why));
        at_diag_help(d, "name a folder that contains the policy");
        return false;
    }
    return true;
}

/* Returns whether a name is one of what a program was started with. Such a name is not a file that can be
 * read twice. */
static bool is_stream(at_str name) {
    static const char *const begins[] = {"/dev/stdin", "/dev/fd/", "/proc/"};
    for (size_t i = 0; i < AT_COUNT(begins); i++)
        if (name.n >= strlen(begins[i]) && memcmp(name.p, begins[i], strlen(begins[i])) == 0) return true;
    return false;
}

/* Reports why the policy's own file cannot be read. */
static void report_main(struct at_diag_list *diags, at_str name, enum at_file_fault fault, int error) {
    at_str why = why_not(diags->arena, fault, error);
    bool stream = fault != AT_FILE_FOLDER && is_stream(name);
    if (stream) why = AT_STR("it is not a regular file");
    if (fault == AT_FILE_OUTSIDE && !stream) {
        struct at_diag *d =
            at_diag_add(diags, AT_A0133, (at_span){0},
                        "cannot read %.*s, a link to a file outside the permitted folder", AT_STR_ARG(name));
        at_diag_help(d, "permit a wider folder with `--root DIR`, or every file with `--allow-outside`");
        return;
    }
    struct at_diag *d = at_diag_add(diags, AT_A0901, (at_span){0}, "cannot read %.*s: %.*s", AT_STR_ARG(name),
                                    AT_STR_ARG(why));
    if (stream || fault == AT_FILE_SPECIAL)
        at_diag_help(d, "save the policy to a file, or pipe it to `attain COMMAND -`");
}

bool at_api_load_main_file(struct at_api_loading *loading, struct at_arena *arena, struct at_diag_list *diags,
                           const attain_policy_options *options, at_str name, at_str *text) {
    struct at_file *file = AT_NEW(arena, struct at_file);
    start(loading, arena);
    loading->files = true;
    loading->named = at_path_folder(name);
    if (!find_roots(loading, arena, diags, name, options)) return false;
    enum at_file_fault fault = at_file_open(file, arena, &loading->roots, loading->folder, last_of(name));
    int error = fault == AT_FILE_FINE ? read_all(arena, file, MOST_TEXT, text) : file->error;
    at_file_close(file);
    if (fault != AT_FILE_FINE || error) {
        report_main(diags, name, fault, error);
        return false;
    }
    at_str key = loading->load ? key_of_host(arena, name) : key_of_disk(arena, file);
    struct at_api_served_file *served = add(loading, arena, key, name, *text, DISK);
    if (loading->load) at_map_put(&loading->known, key_of_host(arena, at_path_normal(arena, name)), served);
    served->folder = loading->folder;
    served->plain = loading->plain;
    loading->n_bytes = 0; /* it was not named by a policy */
    loading->main = name;
    return true;
}

/* ---- what was read */

at_str *at_api_load_files(const struct at_api_loading *loading, struct at_arena *arena, at_str first,
                          uint32_t *n) {
    struct at_map seen;
    uint32_t all = 1;
    for (const struct at_api_served *served = loading->served; served; served = served->next)
        all++;
    at_str *names = AT_NEW_ARRAY(arena, at_str, all), *files = AT_NEW_ARRAY(arena, at_str, all);
    names[0] = first;
    const struct at_api_served *served = loading->served;
    for (uint32_t i = all; --i > 0; served = served->next) /* served is newest first */
        names[i] = served->file->origin == STANDARD ? AT_STR("") : served->file->name;
    at_map_init(&seen, arena);
    *n = 0;
    for (uint32_t i = 0; i < all; i++) {
        if (names[i].n == 0 || at_map_get(&seen, names[i])) continue;
        at_map_put(&seen, names[i], names);
        files[(*n)++] = names[i];
    }
    return files;
}

bool attain_standard_file(size_t index, attain_text *name, attain_text *text) {
    size_t i = 0;
    while (i < index && at_api_standard_files[i].name)
        i++;
    const struct at_api_standard_file *file = &at_api_standard_files[i];
    if (!file->name || !name || !text) return false;
    *name = at_api_text(at_str_z(file->name));
    *text = (attain_text){(const char *)file->bytes, file->length};
    return true;
}
