/* cli/git.c: reads a policy and the files it names from a revision of a Git repository.
 *
 * Names are followed through the trees of the revision as base/file.c follows them on the disk. Links are
 * objects that contain a path. Objects outside the root are never read. A file is identified by its path in
 * the repository, relative to the top folder, without a slash at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

enum { MOST_PATH = 4096, MOST_LINKS = 40, MOST_BYTES = 256 << 20 };

struct named { /* a file that was read, by the name that the library knows it by */
    char name[MOST_PATH], folder[MOST_PATH];
    struct named *next;
};

struct git {
    const char *revision;   /* "HEAD~1" */
    const char *path;       /* the policy, as named */
    char folder[MOST_PATH]; /* of the policy, on the disk */
    char prefix[MOST_PATH]; /* the same in the repository */
    char root[MOST_PATH];   /* in the repository: files below it may be read */
    struct named *files;
};

/* ---- asking git */

/* What a git command prints, ended by a NUL; NULL where it failed. The caller frees. */
static char *git_output(const char *const argv[], size_t *n) {
    int ends[2];
    if (pipe(ends) != 0) return NULL;
    /* No shell is involved, so names cannot contain commands. */
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        int quiet = open("/dev/null", O_WRONLY);
        if (quiet >= 0) dup2(quiet, STDERR_FILENO);
        close(ends[0]);
        execvp("git", (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    struct buffer buffer = {0};
    char piece[4096];
    ssize_t got;
    while (child > 0 && ((got = read(ends[0], piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0 && buffer_write(&buffer, piece, (size_t)got) != 0) break;
    close(ends[0]);
    int status = 1;
    if (child > 0) waitpid(child, &status, 0);
    bool good =
        child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && buffer_write(&buffer, "", 1) == 0;
    if (good) {
        *n = buffer.n - 1;
        return buffer.bytes;
    }
    free(buffer.bytes);
    return NULL;
}

/* A path that git prints, without what ends it. */
static bool ask_path(const struct git *git, const char *what, char out[MOST_PATH]) {
    const char *const argv[] = {"git", "-C", git->folder, "rev-parse", what, NULL};
    size_t n = 0;
    char *text = git_output(argv, &n);
    while (text && n > 0 && (text[n - 1] == '\n' || text[n - 1] == '/'))
        text[--n] = '\0';
    bool good = text && n < MOST_PATH;
    if (good) memcpy(out, text, n + 1);
    free(text);
    return good;
}

/* An object of the tree of the revision, as `git ls-tree` prints it. */
struct entry {
    char mode[8]; /* "100644", "120000" (a link), "040000" (a folder) */
    char id[128];
    size_t size;
};

/* Asks for one path. --literal-pathspecs: names with `*` or `:` are not patterns. --full-tree: paths begin
 * at the top. */
static bool ask_entry(const struct git *git, const char *path, struct entry *entry) {
    const char *const argv[] = {"git",         "-C", git->folder, "--literal-pathspecs",
                                "ls-tree",     "-z", "-l",        "--full-tree",
                                git->revision, "--", path,        NULL};
    size_t n;
    unsigned long long size = 0;
    char *text = git_output(argv, &n), number[32] = "";
    *entry = (struct entry){0};
    bool good = text && sscanf(text, "%7s %*s %127s %31s", entry->mode, entry->id, number) == 3;
    /* A folder has "-" instead of a size. */
    if (good && sscanf(number, "%llu", &size) == 1) entry->size = (size_t)size;
    free(text);
    return good;
}

static char *ask_blob(const struct git *git, const struct entry *entry, size_t *n) {
    const char *const argv[] = {"git", "-C", git->folder, "cat-file", "blob", entry->id, NULL};
    return git_output(argv, n);
}

/* ---- following a name */

struct walk {
    char at[MOST_PATH];       /* the folder reached so far */
    char rest[2 * MOST_PATH]; /* what is left of the name */
    size_t original;          /* bytes at the end of rest that are of the name as written */
    char folder[MOST_PATH];   /* `at`, when the last part as written was taken */
    unsigned links;
    struct entry entry;
};

/* OUTSIDE is distinguished from ABSENT, because --root can permit the file. */
enum outcome { FOUND, ABSENT, OUTSIDE, LARGE };

/* Returns whether the path is the folder or in it. An empty folder is the top of the repository. */
static bool below(const char *path, const char *folder) {
    size_t n = strlen(folder);
    return n == 0 || (strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0'));
}

static bool join(char out[MOST_PATH], const char *folder, const char *name) {
    return (size_t)snprintf(out, MOST_PATH, "%s%s%s", folder, *folder && *name ? "/" : "", name) < MOST_PATH;
}

/* Puts the target of a link before the rest of the name. An absolute target leads out of the repository. A
 * target with a zero byte is not followed. */
static enum outcome follow(const struct git *git, struct walk *w) {
    char rest[2 * MOST_PATH];
    size_t n;
    char *target = ask_blob(git, &w->entry, &n);
    if (!target) return ABSENT;
    int written = snprintf(rest, sizeof rest, "%s%s%s", target, w->rest[0] ? "/" : "", w->rest);
    bool fits = written > 0 && (size_t)written < sizeof rest && strlen(target) == n;
    enum outcome outcome = target[0] == '/' ? OUTSIDE : fits && ++w->links <= MOST_LINKS ? FOUND : ABSENT;
    if (outcome == FOUND) memcpy(w->rest, rest, (size_t)written + 1);
    free(target);
    return outcome;
}

/* Goes into the part of that name. `last`: it is the file itself. */
static enum outcome step(const struct git *git, struct walk *w, const char *part, bool last) {
    char path[MOST_PATH];
    if (strcmp(part, "..") == 0) {
        char *slash = strrchr(w->at, '/');
        if (!w->at[0]) return OUTSIDE;
        *(slash ? slash : w->at) = '\0';
        return FOUND;
    }
    if (!join(path, w->at, part)) return ABSENT;
    /* A folder on the way to the root may be entered, but files in it are not read. */
    if (!below(path, git->root) && !below(git->root, path)) return OUTSIDE;
    if (!ask_entry(git, path, &w->entry)) return ABSENT;
    if (strcmp(w->entry.mode, "120000") == 0) return follow(git, w);
    bool folder = strcmp(w->entry.mode, "040000") == 0;
    if (folder == last || (!folder && strncmp(w->entry.mode, "100", 3) != 0)) return ABSENT;
    memcpy(w->at, path, sizeof path);
    return FOUND;
}

/* w->at is the path of a file, and w->entry the file, where it is found. */
static enum outcome find(const struct git *git, struct walk *w, const char *folder, const char *name) {
    char part[MOST_PATH];
    *w = (struct walk){.original = strlen(name)};
    if (w->original >= MOST_PATH) return ABSENT;
    if (name[0] == '/') return OUTSIDE;
    memcpy(w->rest, name, w->original + 1);
    memcpy(w->at, folder, strlen(folder) + 1);
    for (enum outcome outcome = FOUND;;) {
        size_t skip = strspn(w->rest, "/"), n = strcspn(w->rest + skip, "/"), all = strlen(w->rest) - skip;
        bool original = all <= w->original, last = n == all;
        if (n == 0) return ABSENT; /* it ends with a folder */
        if (n >= MOST_PATH) return ABSENT;
        memcpy(part, w->rest + skip, n);
        part[n] = '\0';
        memmove(w->rest, w->rest + skip + n, all - n + 1);
        if (original) w->original = all - n;
        if (original && last) memcpy(w->folder, w->at, sizeof w->at);
        if (strcmp(part, ".") == 0) continue;
        unsigned links = w->links;
        outcome = step(git, w, part, last);
        if (outcome != FOUND) return outcome;
        if (!last || w->links > links || strcmp(part, "..") == 0) continue;
        if (!below(w->at, git->root)) return OUTSIDE;
        return w->entry.size > MOST_BYTES ? LARGE : FOUND;
    }
}

/* ---- the loader */

/* The library's name of a file: as the policy was named, or from the top of the repository. */
static bool call(const struct git *git, const char *path, char out[MOST_PATH]) {
    const char *slash = strrchr(git->path, '/');
    size_t n = strlen(git->prefix);
    int folder = slash ? (int)(slash - git->path) + 1 : 0, written;
    if (!below(path, git->prefix))
        written = snprintf(out, MOST_PATH, "%s:/%s", git->revision, path);
    else
        written = snprintf(out, MOST_PATH, "%s:%.*s%s", git->revision, folder, git->path, path + n + (n > 0));
    return written > 0 && written < MOST_PATH;
}

/* Finds a file by the name that `call` gave it. The list is short, so a search is enough. */
static struct named *find_named(const struct git *git, const char *name) {
    struct named *file = git->files;
    while (file && strcmp(file->name, name) != 0)
        file = file->next;
    return file;
}

static struct named *note(struct git *git, const char *name, const char *folder) {
    struct named *file = find_named(git, name);
    if (file) return file; /* the first spelling counts */
    file = calloc(1, sizeof *file);
    if (!file) return NULL;
    snprintf(file->name, sizeof file->name, "%s", name);
    snprintf(file->folder, sizeof file->folder, "%s", folder);
    file->next = git->files;
    return git->files = file;
}

/* An attain_loaded release function: the text came from git_output. */
static void release_text(void *context, attain_loaded *loaded) {
    (void)context;
    free((void *)(uintptr_t)loaded->bytes);
}

/* An attain_load_fn. A name is relative to the folder of the file that uses it, as on the disk. */
static bool load(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct git *git = context;
    const struct named *using = find_named(git, from);
    struct walk *w = calloc(1, sizeof *w);
    char name[MOST_PATH];
    struct named *file = NULL;
    enum outcome outcome = w ? find(git, w, using ? using->folder : git->prefix, wanted) : ABSENT;
    if (outcome == FOUND && call(git, w->at, name)) file = note(git, name, w->folder);
    if (file) loaded->bytes = ask_blob(git, &w->entry, &loaded->length);
    if (file) loaded->name = file->name;
    loaded->release = release_text;
    loaded->outside = outcome == OUTSIDE;
    if (outcome == ABSENT || outcome == FOUND) loaded->why = "Git has no such file at that revision";
    if (outcome == LARGE) loaded->why = "it is larger than 256 MB";
    free(w);
    return loaded->bytes != NULL;
}

/* ---- the policy */

/* "true" or "false" of `git rev-parse`. */
static bool ask_flag(const struct git *git, const char *what) {
    const char *const argv[] = {"git", "-C", git->folder, "rev-parse", what, NULL};
    size_t n = 0;
    char *text = git_output(argv, &n);
    bool yes = text && strncmp(text, "true", 4) == 0;
    free(text);
    return yes;
}

static bool has_revision(const struct git *git) {
    char name[MOST_PATH];
    snprintf(name, sizeof name, "%s^{tree}", git->revision);
    const char *const argv[] = {"git", "-C", git->folder, "rev-parse", "--verify", "--quiet", name, NULL};
    size_t n = 0;
    char *text = git_output(argv, &n);
    free(text);
    return text != NULL;
}

static int tell_missing(const struct git *git) {
    if (ask_flag(git, "--is-shallow-repository"))
        return complain(EXIT_FILE,
                        "the revision %s is not in this shallow clone; fetch it first, such as with "
                        "`git fetch --unshallow`",
                        git->revision);
    return complain(EXIT_FILE, "the Git repository does not have the revision %s", git->revision);
}

/* Finds the folder of the policy, and the root, in the repository. Returns EXIT_PAID, or the status to end
 * with. */
static int find_root(struct git *git, const struct arguments *arguments) {
    const char *root = opt_last(arguments, OPT_ROOT);
    char top[MOST_PATH];
    if (!ask_path(git, "--show-prefix", git->prefix) || !ask_path(git, "--show-toplevel", top))
        return complain(EXIT_FILE, "%s is not in a Git repository, which --git needs", git->path);
    if (!has_revision(git)) return tell_missing(git);
    memcpy(git->root, git->prefix, sizeof git->root);
    if (opt_given(arguments, OPT_ALLOW_OUTSIDE)) git->root[0] = '\0';
    if (!root) return EXIT_PAID;
    char *real = realpath(root, NULL);
    bool inside = real && below(real, top) && strlen(real) < MOST_PATH;
    const char *place = inside ? real + strlen(top) : "";
    snprintf(git->root, sizeof git->root, "%s", place + (place[0] == '/'));
    bool good =
        real && (inside || below(top, strcmp(real, "/") == 0 ? "" : real)) && below(git->prefix, git->root);
    free(real);
    if (good) return EXIT_PAID;
    return complain(EXIT_FILE, "--root %s does not contain %s", root, git->path);
}

static int compile(struct git *git, attain_policy **out) {
    const char *slash = strrchr(git->path, '/');
    char name[2 * MOST_PATH];
    size_t n = 0;
    struct walk *w = calloc(1, sizeof *w);
    enum outcome outcome = w ? find(git, w, git->prefix, slash ? slash + 1 : git->path) : ABSENT;
    char *text = outcome == FOUND ? ask_blob(git, &w->entry, &n) : NULL;
    snprintf(name, sizeof name, "%s:%s", git->revision, git->path);
    free(w);
    if (outcome == OUTSIDE)
        return complain(EXIT_FILE,
                        "cannot read %s: it is a link to a file outside the permitted folder; see --root",
                        name);
    if (!text || !note(git, name, git->prefix)) {
        free(text);
        return complain(EXIT_FILE, "Git has no file %s at %s", git->path, git->revision);
    }
    attain_policy_options options = {.load = load, .load_context = git, .watch = &cli_watch};
    attain_status status = attain_policy_compile(name, text, n, &options, out);
    free(text);
    return exit_of(status);
}

int open_revision(const struct arguments *arguments, const char *path, attain_policy **out) {
    struct git *git = calloc(1, sizeof *git);
    if (!git) return complain(EXIT_FILE, "not enough memory");
    const char *slash = strrchr(path, '/');
    git->revision = opt_last(arguments, OPT_GIT);
    git->path = path;
    int status = EXIT_PAID;
    /* Git would take it for an option. */
    if (git->revision[0] == '-') status = complain(EXIT_USAGE, "`%s` is not a Git revision", git->revision);
    if ((size_t)snprintf(git->folder, sizeof git->folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                         slash ? path : ".") >= sizeof git->folder)
        status = complain(EXIT_FILE, "%s: the name is too long", path);
    if (status == EXIT_PAID) status = find_root(git, arguments);
    if (status == EXIT_PAID) status = compile(git, out);
    show_diagnostics(arguments, attain_policy_diagnostics(*out));
    for (struct named *file = git->files, *next; file; file = next) {
        next = file->next;
        free(file);
    }
    free(git);
    return status;
}
