/* base/file.h: opens files that a policy names, and only those under given folders.
 *
 * A name is followed one part at a time, from folder to folder, without letting the system follow a link:
 * each folder is opened from the one before it, and a link is read and followed here. If the name leads
 * outside the given folders (the roots), the system is not asked about it, so the answer does not show
 * whether the file exists. The folder that was checked is the folder that the file is opened from, so a link
 * that is exchanged meanwhile changes nothing. Devices, pipes, and sockets are refused before they are
 * opened.
 *
 * Paths of folders are canonical: absolute, without links, without a slash at the end ("" is `/`).
 */
#ifndef AT_BASE_FILE_H
#define AT_BASE_FILE_H

#include "base/text.h"

struct at_root {
    at_str path;  /* canonical */
    at_str alias; /* absolute, as the user named the folder: names and links may begin with it */
    at_str named; /* NUL-ended, as the user named it: for a folder below one that may not be searched */
};
struct at_root_list {
    struct at_root at[2];
    uint32_t n;
};

enum at_file_fault {
    AT_FILE_FINE,
    AT_FILE_OUTSIDE, /* not under a root, whether it exists or not */
    AT_FILE_FOLDER,
    AT_FILE_SPECIAL, /* a device, a pipe, or a socket */
    AT_FILE_ERROR    /* the system refuses: see `error` */
};

struct at_file {
    int fd; /* -1: closed. Closed with the arena */
    int error;
    uint64_t size;           /* as the file system states it; some files hold more */
    uint64_t device, number; /* the same for all names of one file */
    at_str folder;           /* canonical: of the name, before a link at its end is followed */
    bool linked;             /* a folder of the name is a link */
};

/* Opens `name`, which is relative to the canonical folder `base`, for reading. The file does not move: it is
 * registered in the arena. */
enum at_file_fault at_file_open(struct at_file *file, struct at_arena *arena,
                                const struct at_root_list *roots, at_str base, at_str name);
/* Opens the file at `path`, wherever it is and whatever its links, for a path that a person names. */
enum at_file_fault at_file_open_any(struct at_file *file, struct at_arena *arena, const char *path);
void at_file_close(struct at_file *file);

/* The root at a folder that the user names, with its links followed. Returns 0 or an errno. */
int at_root_make(struct at_root *root, struct at_arena *arena, at_str named);
/* The root that holds every file. */
struct at_root at_root_any(void);
bool at_root_holds(const struct at_root *root, at_str folder); /* canonical; the root itself too */

/* A name without empty parts, `.`, and what `..` takes back: "./a//b/../c" is "a/c". Only the text counts. */
at_str at_path_normal(struct at_arena *arena, at_str path);
bool at_path_has_up(at_str path); /* one of its parts is `..` */
/* `folder`/`file`, or `file` where it is absolute or the folder empty. NUL-ended. */
at_str at_path_join(struct at_arena *arena, at_str folder, at_str file);
at_str at_path_folder(at_str path); /* view with its slash; empty where there is none */

#endif
