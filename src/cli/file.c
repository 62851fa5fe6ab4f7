/* cli/file.c: writes an output completely or not at all, and reads whole files.
 *
 * A file is written under another name in its own folder, synchronized to the disk, and renamed. The other
 * name is locked while its process runs, so a later run of the same output recognizes and removes the file of
 * a killed run. A device, a pipe, or standard output is written directly. If the reader closes its pipe,
 * writing stops without an error.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- temporary files that a signal removes */

enum { MOST_OPEN = 4 };
static char *volatile open_now[MOST_OPEN];

volatile sig_atomic_t output_finished, output_deferring;

void output_abandon(void) {
    for (int i = 0; i < MOST_OPEN; i++) {
        char *name = open_now[i];
        if (name) unlink(name);
    }
}

/* A signal handler reads the list at any time. One slot changes by one store, so it never sees half of an
 * entry. */
static void remember(char *temporary) {
    for (int i = 0; i < MOST_OPEN; i++)
        if (!open_now[i]) {
            open_now[i] = temporary;
            return;
        }
}

/* Must come before the name is freed, because the handler may read it. */
static void forget(const char *temporary) {
    for (int i = 0; i < MOST_OPEN; i++)
        if (open_now[i] == temporary) open_now[i] = NULL;
}

/* ---- names of temporary files and folders: ".payouts.csv.attain-4711.tmp" beside payouts.csv */

#define STEM_LIMIT 200 /* bytes of a name that the temporary name repeats; the rest of its 255 is ours */

/* ".payouts.csv.attain-": what the temporary names of one output begin with, without their folder. */
static void temporary_stem(const char *final, char out[256]) {
    const char *base = path_base(final);
    size_t n = strlen(base);
    if (n <= STEM_LIMIT) {
        snprintf(out, 256, ".%s.attain-", base);
        return;
    }
    uint64_t hash = hash_bytes(base, n);
    for (n = STEM_LIMIT; n > 0 && ((unsigned char)base[n] & 0xC0) == 0x80;)
        n--; /* some file systems take whole characters only */
    snprintf(out, 256, ".%.*s~%08lx.attain-", (int)n, base, (unsigned long)(hash & 0xFFFFFFFF));
}

/* Only digits may be between the stem and the ending. Another file with a similar name is not removed. */
static bool is_ours(const char *name, const char *stem, const char *ending) {
    size_t n = strlen(stem);
    if (strncmp(name, stem, n) != 0) return false;
    size_t digits = strspn(name + n, "0123456789");
    return digits > 0 && strcmp(name + n + digits, ending) == 0;
}

/* The last mark counts, because the name of an output may itself contain ".attain-". */
bool is_leftover_name(const char *name) {
    const char *mark = NULL;
    for (const char *p = name; (p = strstr(p, ".attain-")); p++)
        mark = p;
    return name[0] == '.' && mark && is_ours(mark, ".attain-", ".tmp");
}

/* The number of the process makes names of parallel runs different. `attempt` changes it if the name
 * exists. */
char *temporary_name(const char *final, unsigned attempt, const char *ending) {
    char stem[256], name[320];
    temporary_stem(final, stem);
    snprintf(name, sizeof name, "%s%lu%s", stem, (unsigned long)getpid() + attempt * 10000019ul, ending);
    char *folder = path_folder(final), *out = folder ? path_join(folder, name) : NULL;
    free(folder);
    return out;
}

bool lock_file(int fd, const char *path, bool wait) {
    struct stat open_one, named;
    while (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0)
        if (errno != EINTR) return wait; /* the file system has no locks: go without */
    return fstat(fd, &open_one) == 0 && lstat(path, &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

/* Removes one leftover if its process is gone. A file of another user is not ours to remove. */
static void clean_one(const char *path, leftover_fn *remove_folder, void *context) {
    struct stat info;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return;
    if (fstat(fd, &info) == 0 && info.st_uid == geteuid() && lock_file(fd, path, false)) {
        if (S_ISREG(info.st_mode)) unlink(path);
        if (S_ISDIR(info.st_mode) && remove_folder) remove_folder(context, fd, path);
    }
    close(fd);
}

void clean_leftovers(const char *final, const char *ending, leftover_fn *remove_folder, void *context) {
    char stem[256];
    char *folder = path_folder(final);
    DIR *list = folder ? opendir(folder) : NULL;
    temporary_stem(final, stem);
    for (struct dirent *entry; list && (entry = readdir(list));) {
        if (!is_ours(entry->d_name, stem, ending)) continue;
        char *path = path_join(folder, entry->d_name);
        if (path) clean_one(path, remove_folder, context);
        free(path);
    }
    if (list) closedir(list);
    free(folder);
}

/* ---- opening */

/* The new file belongs to whom the old one belonged, and may be read by the same people. */
static int copy_owner(int fd, const struct stat *old) {
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM) return errno;
    return fchmod(fd, old->st_mode & 07777) == 0 ? 0 : errno;
}

/* Makes the temporary file and locks it. Returns errno; EAGAIN: another name is to be tried. */
static int make_temporary(struct output *output, unsigned attempt) {
    output->temporary = temporary_name(output->place.final, attempt, ".tmp");
    if (!output->temporary) return ENOMEM;
    output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int error = output->fd < 0 ? errno : 0;
    if (!error && lock_file(output->fd, output->temporary, true)) {
        remember(output->temporary);
        return 0;
    }
    if (!error) close(output->fd); /* a cleaning run was faster than our lock, and has removed it */
    free(output->temporary);
    output->temporary = NULL;
    return error == EEXIST || !error ? EAGAIN : error;
}

/* Opens a temporary file next to the final one, on the same file system, because rename cannot cross file
 * systems. */
static int open_aside(struct output *output) {
    int error = EAGAIN;
    sigset_t old;
    clean_leftovers(output->place.final, ".tmp", NULL, NULL);
    signals_hold(&old); /* the file is not made without being remembered */
    for (unsigned attempt = 0; attempt < 100 && error == EAGAIN; attempt++)
        error = make_temporary(output, attempt);
    signals_release(&old);
    if (!error && output->place.exists) error = copy_owner(output->fd, &output->place.info);
    return error;
}

static int open_device(struct output *output) {
    do
        output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    while (output->fd < 0 && errno == EINTR && !stop_asked); /* a pipe waits for its reader */
    return output->fd < 0 ? errno : 0;
}

static int open_place(struct output *output) {
    switch (output->place.kind) {
    case PLACE_DEVICE: return open_device(output);
    case PLACE_FILE: return open_aside(output);
    case PLACE_DESCRIPTOR: break;
    }
    output->fd = output->place.fd;
    if (output->fd == STDOUT_FILENO) output->pager = pager_start(&output->fd);
    return 0;
}

/* Removes the temporary file, if it still exists, and frees the names. */
static void discard(struct output *output) {
    if (output->temporary) unlink(output->temporary);
    forget(output->temporary);
    free(output->temporary);
    place_free(&output->place);
    output->temporary = NULL;
}

bool output_open(struct output *output, const char *path) {
    *output = (struct output){.path = path, .fd = -1};
    if (!place_find(&output->place, path)) return false;
    int error = open_place(output);
    if (!error) return true;
    if (output->temporary) close(output->fd);
    if (error != EINTR) complain(0, "cannot write %s: %s", path, strerror(error));
    discard(output);
    return false;
}

void output_in_folder(struct output *output, int fd, const char *path) {
    *output = (struct output){.path = path, .fd = fd, .place = {.kind = PLACE_DEVICE, .fd = -1}};
}

/* ---- writing */

int output_write(void *context, const char *bytes, size_t n) {
    struct output *output = context;
    while (n > 0 && !output->error && !output->closed) {
        if (stop_asked && !output_finished) {
            output->error = ECANCELED; /* the output is incomplete so far */
            break;
        }
        ssize_t written = write(output->fd, bytes, n);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EPIPE)
            output->closed = true;
        else if (written < 0)
            output->error = errno;
        else
            bytes += written, n -= (size_t)written;
    }
    return output->error || output->closed;
}

/* Line ends and tabs stay. Everything else that could control a terminal is made visible. */
static int output_show(void *context, const char *bytes, size_t n) {
    struct output *output = context;
    attain_status status = ATTAIN_OK;
    while (n > 0 && status == ATTAIN_OK) {
        size_t line = 0;
        while (line < n && bytes[line] != '\n' && bytes[line] != '\t')
            line++;
        status = attain_visible_write(bytes, line, output_write, output);
        if (line < n && status == ATTAIN_OK && output_write(output, bytes + line++, 1) != 0) return 1;
        bytes += line;
        n -= line;
    }
    return status != ATTAIN_OK;
}

attain_write_fn output_writer(const struct output *output) {
    return output->pager || isatty(output->fd) ? output_show : output_write;
}

/* ---- ending */

void sync_folder_of(const char *final) {
    char *folder = path_folder(final);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd); /* the name of a file is safe only when its folder is */
        close(fd);
    }
    free(folder);
}

/* Brings all bytes to the disk. Returns errno. */
static int settle(struct output *output) {
    if (output->temporary && !output->error && fsync(output->fd) != 0) output->error = errno;
    return output->error;
}

/* The file appears under its name, or is removed. */
static void publish(struct output *output, bool keep) {
    bool renames = output->temporary && keep && !output->error;
    if (output->place.kind == PLACE_DEVICE && close(output->fd) != 0 && !output->error) output->error = errno;
    if (renames && rename(output->temporary, output->place.final) != 0) output->error = errno;
    if (renames && !output->error) {
        forget(output->temporary);
        free(output->temporary);
        output->temporary = NULL;
        sync_folder_of(output->place.final);
    }
    if (output->place.kind == PLACE_FILE) close(output->fd); /* its lock lasts until here */
    if (output->pager) pager_wait(output->pager, output->fd);
    discard(output);
}

/* Reports the first error of an output, and returns the exit status. */
static int tell(const struct output *output) {
    if (!output->error) return EXIT_PAID;
    if (output->error == ECANCELED) return complain(EXIT_STOPPED, "stopped");
    return complain(EXIT_FILE, "cannot write %s: %s", output->path ? output->path : "standard output",
                    strerror(output->error));
}

int output_close(struct output *output, bool keep) {
    settle(output);
    publish(output, keep);
    return tell(output);
}

/* All bytes are on the disk before the first rename, because a rename rarely fails after that. */
int outputs_close(struct output *const outputs[], size_t n, bool keep) {
    int status = EXIT_PAID;
    sigset_t old;
    for (size_t i = 0; i < n; i++)
        if (settle(outputs[i]) != 0) keep = false;
    signals_hold(&old); /* a signal counts before all of this, or after it */
    for (size_t i = 0; i < n; i++) {
        publish(outputs[i], keep);
        if (outputs[i]->error) keep = false;
    }
    if (keep) output_finished = 1;
    signals_release(&old);
    for (size_t i = 0; i < n && status == EXIT_PAID; i++)
        status = tell(outputs[i]);
    return status;
}

/* ---- reading */

char *file_read(const char *path, size_t *length) {
    struct buffer buffer = {0};
    char block[16384];
    struct stat info;
    /* NONBLOCK: do not wait for a pipe that has no writer. */
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return NULL;
    if (fd != STDIN_FILENO && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        errno = EINVAL;
        return NULL;
    }
    ssize_t n;
    bool fine = buffer_write(&buffer, "", 0) == 0;
    while ((n = read(fd, block, sizeof block)) != 0 && fine) {
        if (n < 0 && errno == EINTR && !stop_asked) continue;
        fine = n > 0 && buffer_write(&buffer, block, (size_t)n) == 0;
    }
    int error = errno;
    if (fd != STDIN_FILENO) close(fd);
    fine = fine && buffer_write(&buffer, "", 1) == 0; /* never NULL, and ended by NUL */
    if (!fine) {
        free(buffer.bytes);
        errno = error;
        return NULL;
    }
    *length = buffer.n - 1;
    return buffer.bytes;
}
