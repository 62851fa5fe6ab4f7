/* cli/expand.c: the policies in a folder that the command line names in place of files.
 *
 * A file without a `policy` statement belongs to the policies that use it, and is checked with them. So it is
 * left out, and counted. Links to folders are not followed, because they can lead in a circle.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"

#define DEEPEST 50 /* folders in folders */

static bool push(struct expanded *out, char *path) {
    const char **grown = path ? realloc(out->arguments.files, ((size_t)out->n + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(path);
        return false;
    }
    out->arguments.files = grown;
    grown[out->n++] = path;
    return true;
}

static char *join(const char *folder, const char *name) {
    size_t n = strlen(folder), m = strlen(name);
    char *path = malloc(n + m + 2);
    if (!path) return NULL;
    memcpy(path, folder, n);
    if (n && folder[n - 1] != '/') path[n++] = '/';
    memcpy(path + n, name, m + 1);
    return path;
}

/* Whether a line begins with the word `policy`. A file that cannot be read counts, so that it is reported. */
static bool has_policy(const char *path) {
    size_t length = 0;
    char *text = file_read(path, &length);
    bool found = !text;
    for (size_t at = 0; !found && at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t next = end ? (size_t)(end - text) + 1 : length;
        if (length - at >= 3 && memcmp(text + at, "\xEF\xBB\xBF", 3) == 0) at += 3;
        while (at < next && (text[at] == ' ' || text[at] == '\t'))
            at++;
        found = next - at > 6 && memcmp(text + at, "policy", 6) == 0 && strchr(" \t\"\r\n", text[at + 6]);
        at = next;
    }
    free(text);
    return found;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool add_entry(struct expanded *out, const char *folder, const char *name, int depth);

/* In the order of the bytes of the names, on every file system. */
static bool add_folder(struct expanded *out, const char *folder, int depth) {
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, visible, by_name);
    bool fine = n >= 0;
    for (int i = 0; i < n; i++) {
        fine = fine && add_entry(out, folder, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

static bool add_entry(struct expanded *out, const char *folder, const char *name, int depth) {
    static const char ending[] = ".attain";
    struct stat about;
    char *path = join(folder, name);
    if (!path) return false;
    bool known = lstat(path, &about) == 0, fine = true;
    size_t n = strlen(name), m = sizeof ending - 1;
    if (known && S_ISDIR(about.st_mode)) {
        fine = depth < DEEPEST && add_folder(out, path, depth + 1);
    } else if (n > m && strcmp(name + n - m, ending) == 0) {
        if (has_policy(path)) return push(out, path);
        out->parts++;
    }
    free(path);
    return fine;
}

int expand_folders(const struct arguments *given, struct expanded *out) {
    *out = (struct expanded){.arguments = *given};
    out->arguments.files = NULL;
    for (int i = 0; i < given->n_files; i++) {
        const char *path = given->files[i];
        int before = out->n;
        bool folder = strcmp(path, "-") != 0 && is_folder(path);
        if (!(folder ? add_folder(out, path, 0) : push(out, join("", path))))
            return complain(EXIT_FILE, "cannot read the folder %s", path);
        if (folder && out->n == before) return complain(EXIT_USAGE, "no policy in the folder %s", path);
    }
    out->arguments.n_files = out->n;
    return EXIT_PAID;
}

void expanded_free(struct expanded *expanded) {
    for (int i = 0; i < expanded->n; i++)
        free((char *)(size_t)expanded->arguments.files[i]);
    free(expanded->arguments.files);
}
