/* cli/folder.c: replaces a folder of pages as a whole.
 *
 * Pages are written to a new folder next to the old one. Then one system call exchanges the two, so at every
 * moment all pages are old or all are new. Only a folder whose files Attain wrote is replaced, and no other
 * file is ever deleted. The folder of a killed run has its own name and is not locked. The next run of the
 * same output removes it.
 *
 * If the file system cannot exchange two folders, the old one is renamed first. A run that is killed between
 * the two steps leaves no folder under the name, and the next run restores the old one.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2, syncfs */
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define MARK                                                                                                 \
    "<meta name=\"generator\" content=\"attain statement\">" /* in each page; see write/statement.c */

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int refuse(const struct folder *folder, int status, const char *why) {
    return complain(status, "cannot write pages to %s: %s", folder->path, why);
}

/* ---- finding */

/* Compares whole parts of paths, so "/a/bc" is not in "/a/b". */
static bool is_inside(const char *path, const char *folder) {
    size_t n = strlen(folder);
    if (strcmp(folder, "/") == 0) return true;
    return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool folder_holds(const struct folder *folder, const char *file) {
    char *real = path_final(file);
    bool holds = real && is_inside(real, folder->final);
    free(real);
    return holds;
}

/* After an exchange, a shell in the old folder would be in a removed one. Returns true if the folder is
 * unknown. */
static bool holds_current_folder(const struct folder *folder) {
    char *here = realpath(".", NULL);
    bool holds = !here || is_inside(here, folder->final);
    free(here);
    return holds;
}

/* A mount point has another device than the folder above it. It cannot be renamed. */
static bool is_mount_point(const struct folder *folder, const struct stat *info) {
    struct stat above;
    char *parent = path_folder(folder->final);
    bool mount = !parent || stat(parent, &above) != 0 || above.st_dev != info->st_dev;
    free(parent);
    return mount;
}

/* Reports what would make the replacement fail, before anything is calculated. */
static int check_place(const struct folder *folder) {
    struct stat info;
    char *parent = path_folder(folder->final);
    int error = parent && faccessat(AT_FDCWD, parent, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
    free(parent);
    if (stat(folder->final, &info) == 0 && !S_ISDIR(info.st_mode)) error = ENOTDIR;
    if (folder->exists && holds_current_folder(folder))
        return refuse(
            folder, EXIT_USAGE,
            "it contains the current folder, which would be replaced; name a folder in the current folder");
    if (folder->exists && is_mount_point(folder, &info))
        return refuse(folder, EXIT_USAGE,
                      "it is a mount point, which cannot be replaced; name a folder in it");
    return error ? refuse(folder, EXIT_FILE, strerror(error)) : EXIT_PAID;
}

int folder_find(struct folder *folder, const char *path) {
    struct stat info;
    *folder = (struct folder){.path = path, .fd = -1};
    char *bare = strdup(path);
    if (!bare) return complain(EXIT_FILE, "not enough memory");
    /* path_final needs a name after the last slash. */
    for (size_t n = strlen(bare); n > 1 && bare[n - 1] == '/';)
        bare[--n] = '\0';
    folder->exists = stat(bare, &info) == 0 && S_ISDIR(info.st_mode);
    folder->final = folder->exists ? realpath(bare, NULL) : path_final(bare);
    int error = errno;
    free(bare);
    if (!folder->final) return complain(EXIT_FILE, "cannot create the folder %s: %s", path, strerror(error));
    return check_place(folder);
}

void folder_free(struct folder *folder) {
    free(folder->final);
    free(folder->temporary);
    *folder = (struct folder){.fd = -1};
}

/* ---- what may be replaced */

/* Returns whether the file is one of Attain's pages, or is gone: another run may replace the folder
 * meanwhile. */
static bool has_mark(int folder, const char *name) {
    char head[4096];
    struct stat info;
    size_t n = 0;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return true;
    bool regular = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    for (ssize_t got; regular && n < sizeof head && (got = read(fd, head + n, sizeof head - n)) > 0;)
        n += (size_t)got;
    if (fd >= 0) close(fd);
    return memmem(head, n, MARK, strlen(MARK)) != NULL;
}

/* Files that systems put into every folder they show. */
static bool is_litter(const char *name) {
    return strcmp(name, ".DS_Store") == 0 || strcmp(name, "Thumbs.db") == 0 ||
           strcmp(name, "desktop.ini") == 0;
}

/* Names alone are not enough for pages, because a person may keep other HTML files in the folder. */
static bool is_page(int folder, const char *name) {
    return is_litter(name) || is_leftover_name(name) || (ends_with(name, ".html") && has_mark(folder, name));
}

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The first file in the order of names that Attain did not write, in `out`; empty: none. Returns errno. */
static int foreign_file(const char *path, char out[256]) {
    DIR *list = opendir(path);
    out[0] = '\0';
    if (!list) return errno;
    for (struct dirent *entry; (entry = readdir(list));) {
        const char *name = entry->d_name;
        if (is_dots(name) || (out[0] && strcmp(name, out) >= 0) || is_page(dirfd(list), name)) continue;
        snprintf(out, 256, "%s", name);
    }
    closedir(list);
    return 0;
}

/* Runs twice: before the calculation, and again just before the exchange. */
int folder_check(const struct folder *folder) {
    char name[256];
    if (!folder->exists) return EXIT_PAID;
    int error = foreign_file(folder->final, name);
    if (error) return refuse(folder, EXIT_FILE, strerror(error));
    if (!name[0]) return EXIT_PAID;
    return complain(EXIT_USAGE,
                    "cannot replace the folder %s: `attain statement` did not write the file `%s` in it; "
                    "name a new folder, such as %s%sstatements/",
                    folder->path, name, folder->path, ends_with(folder->path, "/") ? "" : "/");
}

/* ---- removing */

/* Removes the pages in a folder that has one of our names, and then the folder. Anything else stays, and so
 * does the folder then. */
static void remove_pages(void *context, int fd, const char *path) {
    (void)context;
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    if (!list && copy >= 0) close(copy);
    for (struct dirent *entry; list && (entry = readdir(list));) {
        const char *name = entry->d_name;
        if (ends_with(name, ".html") || is_litter(name) || is_leftover_name(name)) unlinkat(fd, name, 0);
    }
    if (list) closedir(list);
    rmdir(path);
}

/* O_NOFOLLOW: a link with the name of a temporary folder must not lead to another folder. */
static void remove_at(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    remove_pages(NULL, fd, path);
    close(fd);
}

/* ---- what killed runs have left */

/* Handles an old folder that a killed run has renamed. It is restored only if nothing has its name now. */
static void put_back(void *context, int fd, const char *path) {
    const struct folder *folder = context;
    if (access(folder->final, F_OK) == 0)
        remove_pages(NULL, fd, path);
    else if (rename(path, folder->final) != 0)
        complain(0, "cannot restore the old pages from %s: %s", path, strerror(errno));
}

/* Runs before `exists` is set, because it may restore the old pages. */
static void recover(struct folder *folder) {
    clean_leftovers(folder->final, ".old", put_back, folder);
    clean_leftovers(folder->final, ".tmp", remove_pages, NULL);
    folder->exists = access(folder->final, F_OK) == 0;
}

/* ---- writing */

/* As in file.c: makes the folder, and locks it. Returns errno, or EAGAIN if another name is to be tried. */
static int make_temporary(struct folder *folder, unsigned attempt) {
    folder->temporary = temporary_name(folder->final, attempt, ".tmp");
    if (!folder->temporary) return ENOMEM;
    int error = mkdir(folder->temporary, 0777) == 0 ? 0 : errno;
    if (!error) folder->fd = open(folder->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!error && folder->fd >= 0 && lock_file(folder->fd, folder->temporary, true)) return 0;
    if (folder->fd >= 0) close(folder->fd); /* a cleaning run was faster than our lock */
    folder->fd = -1;
    free(folder->temporary);
    folder->temporary = NULL;
    return error == EEXIST || !error ? EAGAIN : error;
}

int folder_open(struct folder *folder) {
    struct stat old;
    int error = EAGAIN;
    output_deferring = 1; /* a signal handler cannot remove a folder */
    recover(folder);
    for (unsigned attempt = 0; attempt < 100 && error == EAGAIN; attempt++)
        error = make_temporary(folder, attempt);
    if (error) return refuse(folder, EXIT_FILE, strerror(error));
    if (folder->exists && stat(folder->final, &old) == 0) {
        if (fchown(folder->fd, old.st_uid, old.st_gid) != 0 && errno != EPERM)
            return refuse(folder, EXIT_FILE, strerror(errno));
        fchmod(folder->fd, old.st_mode & 07777);
    }
    return EXIT_PAID;
}

/* O_EXCL: two pages with one name would be a fault of pagename.c, and must not overwrite each other. */
bool folder_file(struct folder *folder, const char *name, char **path, struct output *output) {
    *path = path_join(folder->path, name);
    int fd = *path ? openat(folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
    if (fd >= 0) {
        output_in_folder(output, fd, *path);
        return true;
    }
    complain(0, "cannot write %s: %s", *path ? *path : name, strerror(*path ? errno : ENOMEM));
    return false;
}

/* ---- replacing */

/* Both names keep something all the time. EINVAL or ENOSYS: the file system cannot. */
static int exchange(const char *a, const char *b) {
#ifdef RENAME_EXCHANGE
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
#else
    (void)a, (void)b;
    return ENOSYS;
#endif
}

/* In two steps; the old folder is locked, so that no other run takes it for what a killed run has left. */
static int replace_in_steps(struct folder *folder) {
    char *aside = temporary_name(folder->final, 0, ".old");
    if (!aside) return ENOMEM;
    int fd = open(folder->final, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) lock_file(fd, folder->final, false);
    int error = rename(folder->final, aside) == 0 ? 0 : errno;
    if (!error && rename(folder->temporary, folder->final) != 0) {
        error = errno;
        if (rename(aside, folder->final) != 0) error = errno;
    } else if (!error) {
        remove_at(aside);
    }
    if (fd >= 0) close(fd);
    free(aside);
    return error;
}

/* Renames if there is no old folder, and exchanges otherwise. Also exchanges if a folder with files
 * appeared meanwhile. */
static int replace(struct folder *folder) {
    if (!folder->exists && rename(folder->temporary, folder->final) == 0) return 0;
    if (!folder->exists && errno != ENOTEMPTY && errno != EEXIST) return errno;
    int error = exchange(folder->temporary, folder->final);
    if (error == 0) remove_at(folder->temporary);
    return error == EINVAL || error == ENOSYS ? replace_in_steps(folder) : error;
}

/* All pages reach the disk before they get their names. */
static int settle(const struct folder *folder) {
#ifdef __linux__
    return syncfs(folder->fd) == 0 ? 0 : errno;
#else
    return fsync(folder->fd) == 0 ? 0 : errno;
#endif
}

/* Signals wait during the exchange only. Before it, a signal leaves the old pages. After it, the command is
 * finished. */
static int publish(struct folder *folder) {
    sigset_t old;
    int error = settle(folder), status = EXIT_PAID;
    if (error) return refuse(folder, EXIT_FILE, strerror(error));
    if (stop_asked) return complain(EXIT_STOPPED, "stopped");
    folder->exists = access(folder->final, F_OK) == 0; /* it may have come, or got files, meanwhile */
    status = folder_check(folder);
    if (status != EXIT_PAID) return status;
    signals_hold(&old);
    error = replace(folder);
    if (!error) output_finished = 1;
    signals_release(&old);
    if (error) return refuse(folder, EXIT_FILE, strerror(error));
    sync_folder_of(folder->final);
    if (access(folder->temporary, F_OK) == 0)
        complain(0, "files that `attain statement` did not write are now in %s", folder->temporary);
    return EXIT_PAID;
}

/* Removes the new pages without `keep`, or if they cannot be published. The lock lasts until the end. */
int folder_close(struct folder *folder, bool keep) {
    int status = EXIT_PAID;
    if (!folder->temporary) return status;
    if (keep) status = publish(folder);
    if (!keep || status != EXIT_PAID) remove_at(folder->temporary);
    close(folder->fd);
    folder->fd = -1;
    output_deferring = 0;
    return status;
}
