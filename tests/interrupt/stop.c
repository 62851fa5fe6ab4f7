/* tests/interrupt/stop.c: a library for LD_PRELOAD that raises a signal at the n-th call that changes files.
 *
 *     STOP_AT=n        at call n (from 1); 0: never
 *     STOP_SIGNAL=n    which signal (default: SIGKILL)
 *     STOP_AFTER=1     after the call, not before it
 *     STOP_COUNT=FILE  the number of calls is written there at the end
 *     NO_EXCHANGE=1    renameat2 fails as on a file system that cannot exchange two files
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int calls;

static int number(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text ? atoi(text) : otherwise;
}

static void stop(int after) {
    if (!after) calls++;
    if (number("STOP_AFTER", 0) == after && calls == number("STOP_AT", 0))
        raise(number("STOP_SIGNAL", SIGKILL));
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("STOP_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%d\n", calls);
        fclose(file);
    }
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRAP(type, name, parameters, arguments)                                                              \
    type name parameters {                                                                                   \
        stop(0);                                                                                             \
        type result = NEXT(name) arguments;                                                                  \
        int error = errno;                                                                                   \
        stop(1);                                                                                             \
        errno = error;                                                                                       \
        return result;                                                                                       \
    }

WRAP(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, syncfs, (int fd), (fd))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, rmdir, (const char *path), (path))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    stop(0);
    int none = number("NO_EXCHANGE", 0);
    int result = none ? -1 : NEXT(renameat2)(from_folder, from, to_folder, to, flags);
    int error = none ? EINVAL : errno;
    stop(1);
    errno = error;
    return result;
}

static int open_counted(int folder, const char *path, int flags, mode_t mode) {
    if (flags & O_CREAT) stop(0);
    int result = NEXT(openat)(folder, path, flags, mode);
    int error = errno;
    if (flags & O_CREAT) stop(1);
    errno = error;
    return result;
}

static mode_t mode_of(int flags, va_list list) {
    return flags & O_CREAT ? va_arg(list, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return open_counted(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return open_counted(folder, path, flags, mode);
}
