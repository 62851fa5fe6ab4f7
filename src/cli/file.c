/* cli/file.c: output that appears whole or not at all, and files read whole.
 *
 * A file is written under another name in its own folder, brought to the disk, and renamed. What is no
 * ordinary file (a device, a pipe) is written directly. A reader that goes away (a closed pipe) is no
 * failure: writing stops, quietly.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static char *volatile temporary_now; /* for output_abandon */

void output_abandon(void) {
    if (temporary_now) unlink(temporary_now);
}

static bool is_special(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* ".payouts.csv.attain-4711.tmp" beside the file. */
static char *temporary_name(const char *final) {
    const char *slash = strrchr(final, '/');
    size_t folder = slash ? (size_t)(slash - final) + 1 : 0, room = strlen(final) + 48;
    char *name = malloc(room);
    if (name)
        snprintf(name, room, "%.*s.%s.attain-%ld.tmp", (int)folder, final, final + folder, (long)getpid());
    return name;
}

static bool open_aside(struct output *output) {
    struct stat info;
    output->final = realpath(output->path, NULL); /* follows links; NULL where there is no file yet */
    if (!output->final) output->final = strdup(output->path);
    output->temporary = output->final ? temporary_name(output->final) : NULL;
    if (!output->temporary) {
        errno = ENOMEM;
        return false;
    }
    unlink(output->temporary); /* of a process that had our number and was killed */
    output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (output->fd < 0) return false;
    temporary_now = output->temporary;
    if (stat(output->final, &info) == 0 && fchmod(output->fd, info.st_mode & 07777) != 0) return false;
    return true;
}

bool output_open(struct output *output, const char *path) {
    *output = (struct output){.path = path, .fd = STDOUT_FILENO};
    if (!path) return true;
    errno = 0;
    bool folder = path[0] && path[strlen(path) - 1] == '/';
    if (folder || path[0] == '\0') {
        errno = folder ? EISDIR : ENOENT;
    } else if (is_special(path)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (output->fd >= 0) return true;
    } else if (open_aside(output)) {
        return true;
    }
    complain(0, "cannot write %s: %s", path, strerror(errno));
    if (output->temporary && temporary_now) unlink(output->temporary);
    temporary_now = NULL;
    free(output->temporary);
    free(output->final);
    return false;
}

int output_write(void *context, const char *bytes, size_t n) {
    struct output *output = context;
    while (n > 0 && !output->error && !output->closed) {
        ssize_t written = write(output->fd, bytes, n);
        if (written < 0 && errno == EINTR) {
            if (stop_asked) return 1;
            continue;
        }
        if (written < 0 && errno == EPIPE)
            output->closed = true;
        else if (written < 0)
            output->error = errno;
        else
            bytes += written, n -= (size_t)written;
    }
    return output->error || output->closed;
}

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
    return !output->path && isatty(output->fd) ? output_show : output_write;
}

/* The name of a file is safe only when its folder is. */
static void sync_folder(const char *final) {
    const char *slash = strrchr(final, '/');
    char *folder = slash ? strndup(final, (size_t)(slash - final) + 1) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

static void finish(struct output *output, bool keep) {
    if (output->temporary && keep && !output->error && fsync(output->fd) != 0) output->error = errno;
    if (output->path && close(output->fd) != 0 && !output->error) output->error = errno;
    if (!output->temporary) return;
    if (keep && !output->error && rename(output->temporary, output->final) != 0) output->error = errno;
    if (!keep || output->error)
        unlink(output->temporary);
    else
        sync_folder(output->final);
    temporary_now = NULL;
}

int output_close(struct output *output, bool keep) {
    finish(output, keep);
    free(output->temporary);
    free(output->final);
    if (!output->error) return EXIT_PAID;
    return complain(EXIT_FILE, "cannot write %s: %s", output->path ? output->path : "standard output",
                    strerror(output->error));
}

char *file_read(const char *path, size_t *length) {
    struct buffer buffer = {0};
    char block[16384];
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    ssize_t n;
    bool fine = buffer_write(&buffer, "", 0) == 0;
    while ((n = read(fd, block, sizeof block)) != 0 && fine) {
        if (n < 0 && errno == EINTR) continue;
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
