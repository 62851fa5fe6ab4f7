/* cli/guard.c: makes sure that no output is an input, after policies are compiled and before anything is
 * calculated.
 *
 * Inputs are the files of the policies, the files they use, and data. They are compared as files. The
 * comparison therefore finds links, other spellings, and names that differ only in case on a file system that
 * ignores case. A file that is not regular (a pipe, /dev/null) may be both.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* One file that the command reads. The name is for messages, and `info` identifies the file. */
struct input {
    char *name;
    struct stat info;
};

struct guard {
    struct input *at;
    size_t n, room;
    bool failed; /* not enough memory */
};

struct guard *guard_new(void) {
    struct guard *guard = calloc(1, sizeof *guard);
    if (!guard) complain(0, "not enough memory");
    return guard;
}

void guard_free(struct guard *guard) {
    for (size_t i = 0; guard && i < guard->n; i++)
        free(guard->at[i].name);
    if (guard) free(guard->at);
    free(guard);
}

/* Keeps the identity of a regular file. If memory fails, `failed` is set, and guard_outputs refuses to
 * write. */
static void add(struct guard *guard, const char *name, const struct stat *info) {
    if (!S_ISREG(info->st_mode)) return;
    if (guard->n == guard->room) {
        size_t room = guard->room * 2 + 16;
        struct input *grown = realloc(guard->at, room * sizeof *grown);
        if (grown) guard->at = grown;
        guard->failed = guard->failed || !grown;
        if (!grown) return;
        guard->room = room;
    }
    char *copy = strdup(name);
    guard->failed = guard->failed || !copy;
    if (copy) guard->at[guard->n++] = (struct input){copy, *info};
}

/* A file that does not exist cannot be overwritten, so it is not an input. */
void guard_file(struct guard *guard, const char *path) {
    struct stat info;
    if (strcmp(path, "-") == 0) {
        if (fstat(STDIN_FILENO, &info) == 0) add(guard, "standard input", &info);
    } else if (stat(path, &info) == 0) {
        add(guard, path, &info);
    }
}

/* Adds folder/name + ending. Names of the library do not end with a zero byte. */
static void add_joined(struct guard *guard, const char *folder, attain_text name, const char *ending) {
    char *file = malloc(name.length + strlen(ending) + 1);
    if (file) {
        memcpy(file, name.bytes, name.length);
        memcpy(file + name.length, ending, strlen(ending) + 1);
    }
    char *path = file ? path_join(folder, file) : NULL;
    guard->failed = guard->failed || !path;
    if (path) guard_file(guard, path);
    free(file);
    free(path);
}

void guard_policy(struct guard *guard, const attain_policy *policy, const char *revision) {
    attain_text name;
    size_t n = revision ? strlen(revision) + 1 : 0; /* "HEAD:plan/rates" */
    for (size_t i = 0; attain_policy_file(policy, i, &name) == ATTAIN_OK; i++)
        if (name.length > n) add_joined(guard, "", (attain_text){name.bytes + n, name.length - n}, "");
}

/* ---- data */

/* The table is bound to a file of its own. */
static bool is_bound(const struct arguments *arguments, enum option_id option, attain_text table) {
    for (int i = 0; i < arguments->given[option].n; i++) {
        const char *text = arguments->given[option].at[i];
        if (!is_folder(text) && strncmp(text, table.bytes, table.length) == 0 && text[table.length] == '=')
            return true;
    }
    return false;
}

/* Mirrors how the library finds data: a file for a table, a folder, or the folder of the policy. Files that
 * the library does not read may be added, which is safe. */
void guard_data(struct guard *guard, const struct arguments *arguments, enum option_id option,
                const attain_policy *policy, const char *path) {
    const char *given = NULL;
    for (int i = 0; i < arguments->given[option].n; i++) {
        const char *text = arguments->given[option].at[i], *equals = strchr(text, '=');
        if (is_folder(text))
            given = text;
        else if (equals)
            guard_file(guard, equals + 1);
    }
    char *own = !given && path ? path_folder(path) : NULL;
    const char *folder = given ? given : own;
    attain_table table;
    for (size_t i = 0; folder && attain_policy_table(policy, i, &table) == ATTAIN_OK; i++) {
        if (is_bound(arguments, option, table.name)) continue;
        if (table.source.length)
            add_joined(guard, folder, table.source, "");
        else if (given)
            add_joined(guard, folder, table.name, ".csv");
    }
    free(own);
}

/* ---- outputs */

/* EXIT_PAID if the output is none of the inputs. */
static int check_file(const struct guard *guard, const char *option, const struct place *place) {
    for (size_t i = 0; i < guard->n; i++) {
        if (!place_is(place, &guard->at[i].info)) continue;
        if (!place->path || place->kind == PLACE_DESCRIPTOR)
            return complain(EXIT_USAGE, "standard output is also an input: %s; write to another file",
                            guard->at[i].name);
        return complain(EXIT_USAGE, "%s %s is also an input: %s; write to another file", option, place->path,
                        guard->at[i].name);
    }
    return EXIT_PAID;
}

/* An input in the folder would disappear with the old pages. */
static int check_folder(const struct guard *guard, const struct folder *folder) {
    for (size_t i = 0; i < guard->n; i++)
        if (folder_holds(folder, guard->at[i].name))
            return complain(EXIT_USAGE,
                            "cannot replace the folder of --out %s: it contains an input, %s; name a new "
                            "folder, such as %s%sstatements/",
                            folder->path, guard->at[i].name, folder->path,
                            folder->path[strlen(folder->path) - 1] == '/' ? "" : "/");
    return folder_check(folder);
}

/* A file that an option names beside --out: that of --skip-bad-rows, --measures, --balances, --held, or
 * --coverage. */
struct beside {
    const char *option;
    const char *path; /* NULL: none */
    struct place place;
};

/* EXIT_PAID if no output is an input, and all are different files. `out` may be NULL. */
static int check_places(const struct guard *guard, const struct place *out, const struct beside *files,
                        size_t n) {
    int status = out ? check_file(guard, "--out", out) : EXIT_PAID;
    for (size_t i = 0; i < n && status == EXIT_PAID; i++) {
        if (!files[i].path) continue;
        status = check_file(guard, files[i].option, &files[i].place);
        if (status == EXIT_PAID && out && place_same(out, &files[i].place))
            return complain(EXIT_USAGE, "--out and %s write to the same file; name two files",
                            files[i].option);
        for (size_t k = 0; k < i && status == EXIT_PAID; k++)
            if (files[k].path && place_same(&files[k].place, &files[i].place))
                return complain(EXIT_USAGE, "%s and %s write to the same file; name two files",
                                files[k].option, files[i].option);
    }
    return status;
}

/* What --out names, standard output if nothing, and the files of other options. */
int guard_outputs(const struct guard *guard, const struct arguments *arguments, struct folder *folder) {
    struct beside files[] = {{"--skip-bad-rows", opt_last(arguments, OPT_SKIP_BAD_ROWS), {.fd = -1}},
                             {"--measures", opt_last(arguments, OPT_MEASURES), {.fd = -1}},
                             {"--balances", opt_last(arguments, OPT_BALANCES), {.fd = -1}},
                             {"--held", opt_last(arguments, OPT_HELD), {.fd = -1}},
                             {"--coverage", opt_last(arguments, OPT_COVERAGE), {.fd = -1}}};
    const char *bad_rows = files[0].path;
    size_t n = sizeof files / sizeof *files;
    struct place out = {.fd = -1};
    int status = guard->failed ? complain(EXIT_FILE, "not enough memory") : EXIT_PAID;
    if (status == EXIT_PAID && folder) status = check_folder(guard, folder);
    if (status == EXIT_PAID && !folder && !place_find(&out, opt_last(arguments, OPT_OUT))) status = EXIT_FILE;
    if (status == EXIT_PAID && bad_rows && folder && folder_holds(folder, bad_rows))
        status =
            complain(EXIT_USAGE, "--skip-bad-rows=%s is in the folder that --out replaces; name another file",
                     bad_rows);
    for (size_t i = 0; i < n; i++)
        if (status == EXIT_PAID && files[i].path && !place_find(&files[i].place, files[i].path))
            status = EXIT_FILE;
    if (status == EXIT_PAID) status = check_places(guard, folder ? NULL : &out, files, n);
    place_free(&out);
    for (size_t i = 0; i < n; i++)
        place_free(&files[i].place);
    return status;
}

int guard_command(const struct arguments *arguments, const struct policies *policies, struct folder *folder) {
    struct guard *guard = guard_new();
    if (!guard) return complain(EXIT_FILE, "not enough memory");
    for (size_t i = 0; i < policies->n; i++) {
        const char *path = policies->names[i];
        bool standard = strcmp(path, "-") == 0;
        guard_file(guard, path);
        guard_policy(guard, policies->at[i], NULL);
        if (option_fits(OPT_DATA, arguments->command->name))
            guard_data(guard, arguments, OPT_DATA, policies->at[i], standard ? NULL : path);
    }
    int status = guard_outputs(guard, arguments, folder);
    guard_free(guard);
    return status;
}
