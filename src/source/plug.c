/* source/plug.c: loads the second library. Nothing is kept here: the system counts how often it was loaded.
 */
#define _GNU_SOURCE /* dladdr */
#include "source/plug.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"

#define MOST_PATH 4096
#define NAME "libattain-formats.so." AT_SERIES

/* A program that links the library statically has this function. */
extern __attribute__((weak)) const struct at_formats *attain_formats(void);

typedef const struct at_formats *entry(void);

static entry *entry_of(void *library) {
    entry *found = NULL;
    void *address = dlsym(library, "attain_formats");
    memcpy(&found, &address, sizeof found); /* ISO C has no cast from an object to a function */
    return found;
}

/* Loads `folder`/`below`NAME, where the folder is the first n bytes of `path`. */
static entry *load_at(const char *path, size_t n, const char *below) {
    char name[MOST_PATH + sizeof NAME + 16];
    if (n >= MOST_PATH) return NULL;
    snprintf(name, sizeof name, "%.*s/%s%s", (int)n, path, below, NAME);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    return library ? entry_of(library) : NULL;
}

static entry *load_beside(const char *path) {
    const char *slash = strrchr(path, '/');
    if (path[0] != '/' || !slash) return NULL; /* relative to a folder that may have changed */
    entry *found = load_at(path, (size_t)(slash - path), "");
    return found ? found : load_at(path, (size_t)(slash - path), "../lib/");
}

static entry *load(void) {
    Dl_info own;
    entry *found = NULL;
    const struct at_formats *(*self)(void) = at_source_plug;
    void *address = NULL;
    memcpy(&address, &self, sizeof address);
    if (dladdr(address, &own) && own.dli_fname) found = load_beside(own.dli_fname);
    if (found) return found;
    /* A program is known by the name that it was called with, which may be relative. */
    char program[MOST_PATH];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n > 0) {
        program[n] = '\0';
        found = load_beside(program);
    }
    if (found) return found;
    void *library = dlopen(NAME, RTLD_NOW | RTLD_LOCAL);
    return library ? entry_of(library) : NULL;
}

const struct at_formats *at_source_plug(void) {
    entry *found = attain_formats ? attain_formats : load();
    const struct at_formats *formats = found ? found() : NULL;
    return formats && formats->version == AT_FORMATS_VERSION ? formats : NULL;
}

const struct at_formats_bytes *at_source_plug_bytes(const struct at_formats *formats,
                                                    const unsigned char *first, size_t n) {
    for (uint32_t i = 0; formats && i < formats->n_bytes; i++)
        if (formats->bytes[i]->is(first, n)) return formats->bytes[i];
    return NULL;
}
