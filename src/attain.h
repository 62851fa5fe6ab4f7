/* attain.h: declares the public interface of libattain, and is its manual
 *
 * Attain is a language for sales-commission plans. This library checks a policy, runs it on sales data, and
 * returns payouts that are exact to the minor unit of the currency (the cent, for USD).
 *
 *     attain_policy *policy;
 *     attain_status status = attain_policy_open("field.attain", NULL, &policy);
 *     if (status == ATTAIN_OK) {
 *         attain_data *data;
 *         attain_results *results;
 *         status = attain_data_new(NULL, &data);
 *         if (status == ATTAIN_OK) status = attain_data_set_directory(data, "march/");
 *         if (status == ATTAIN_OK) status = attain_run(&policy, 1, data, NULL, &results);
 *         ...
 *         for (uint64_t i = 0; i < attain_results_line_count(results); i++) {
 *             attain_line line;
 *             attain_results_line(results, i, &line);
 *             ...line.payee_key, line.period, line.component, line.amount...
 *         }
 *     }
 *
 * The sections come in the order of use:
 *
 *      1  version                    6  data                   11  looking inside
 *      2  status                     7  running                12  comparing versions
 *      3  text, memory, writing      8  results                13  explanations and statements
 *      4  diagnostics                9  tests inside policies  14  sessions
 *      5  policies                  10  the names of a policy  15  curves
 *                                                             16  choices and teamwork
 *                                                             17  dependence, impact, and fairness
 *                                                             18  answers
 *
 * These rules apply to all functions:
 *
 * - Errors. A function that can fail returns an attain_status. Check it. Errors in a policy or in data are
 *   reported as diagnostics of the object that the call makes. A call that is refused still makes the object,
 *   so that you can read its diagnostics. The object is NULL if there is no memory for it, if an argument is
 *   NULL, and in cases that the comment of a function names.
 *
 * - Ownership. You own what attain_run, attain_test, attain_diff_run, attain_curve_run, attain_explain_tree,
 * and functions
 *   named ..._new, ..._open, and ..._compile make. Release it with its ..._free (policies:
 *   attain_policy_release). All other pointers and texts that a function returns are views. Do not release
 *   them. A view is valid until the object that it came from is released. Releasing NULL does nothing.
 *
 * - Options. All options are optional: a struct of zero bytes means the defaults, and so does NULL instead of
 *   the struct. The library reads the strings of a struct, and calls its callbacks, only during the call.
 *   Reserved words must be zero: otherwise a call returns ATTAIN_USAGE, because a newer header may give them
 *   a meaning that this library does not know.
 *
 * - Structs that the library fills. They may get more fields at their ends, so the functions that fill them
 *   take their size. A macro of the same name passes it. Write attain_results_line(results, i, &line). A
 *   program that does not use this header calls the function with the size as the last argument. If the size
 *   is larger than the library's struct, the additional bytes become zero. If it is smaller than in the first
 *   version with the struct, the call returns ATTAIN_USAGE, and changes nothing. A callback may receive a
 *   longer struct from a newer library.
 *
 * - Periods. A period is text everywhere: "2026-03" (a month), "2026-Q1", "2026-H1" (half a year), "2026",
 *   "2026-W05" (a week, or weeks from it), "2026-P01" (a month of weeks), or "2026-01-H1" (half a month).
 *   If the policy has a fiscal year, quarters, halves, and years are those of the fiscal year. Texts of
 *   periods of the same length sort in order of time.
 *
 * - Threads. The library has no global state. A policy does not change after the call that makes it, except
 *   for its count of owners, which is atomic. Any number of threads may pass the same policy, and the
 *   diagnostics of a policy, to any functions at the same time. Each thread that uses it needs an owner that
 *   outlives the use. Several runs and diffs may read the same attain_data at the same time, if no thread
 *   changes or frees it meanwhile. Every other object belongs to one thread at a time. A run starts threads
 *   only if its options allow more than one, and ends them before it returns.
 *
 * - Memory. If memory fails, a call returns ATTAIN_NO_MEMORY and releases what it took. An object that
 *   existed before the call is unchanged, and the same call succeeds when there is memory again. Output that
 *   was written before the failure is incomplete. With `max_memory` in its options, an object takes at most
 *   that many bytes, all threads together. A call that needs more ends in the same way, at once, with
 *   ATTAIN_MEMORY_LIMIT. The limit applies as long as the object exists: explanations of results count, too.
 *
 * - Callbacks. A callback must return: it must not leave the call by longjmp or by an exception. It must not
 *   pass the object of the call to the library, except to functions that only read it.
 *
 * - Environment. The library does not print, exit, change signals, or read the environment, the locale, or
 *   the clock. It opens only the files that it is given: policies, the files that they name, and data.
 *
 * - Numbers. Amounts are integers in minor units. The library calculates them without floating point.
 *
 * This header requires only the C library. It compiles as C99 or later and as C++11 or later.
 */
#ifndef ATTAIN_H
#define ATTAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define ATTAIN_API
#elif defined(__GNUC__)
#define ATTAIN_API __attribute__((visibility("default")))
#else
#define ATTAIN_API
#endif

#if defined(__GNUC__)
#define ATTAIN_MUST_CHECK __attribute__((warn_unused_result))
#else
#define ATTAIN_MUST_CHECK
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------ 1. version
 *
 * The constants are the version of this header, and the functions return the version of the library at run
 * time.
 */
#define ATTAIN_VERSION_MAJOR 0
#define ATTAIN_VERSION_MINOR 2
#define ATTAIN_VERSION_PATCH 0
#define ATTAIN_VERSION_NUMBER                                                                                \
    (ATTAIN_VERSION_MAJOR * 1000000 + ATTAIN_VERSION_MINOR * 1000 + ATTAIN_VERSION_PATCH)

ATTAIN_API const char *attain_version(void); /* returns "0.2.0"; static */
ATTAIN_API int attain_version_number(void);  /* returns the library's own number */

/* Returns whether a program that was compiled with a version of this header can use the library. Call
 * attain_check_version(ATTAIN_VERSION_NUMBER) once before all else, if the library is a shared one. Both must
 * have the same major version, and while it is 0, the same minor version. The library must not be older. Any
 * thread. */
ATTAIN_API bool attain_check_version(int header);

/* ------------------------------------------------------------------------------------------------- 2. status
 */
typedef enum attain_status {
    ATTAIN_OK = 0,
    ATTAIN_BAD_POLICY = 1, /* the policy has errors, or several policies cover the same payee */
    ATTAIN_USAGE = 2,    /* an argument is invalid: NULL, an unknown param, payee, or period, a large index */
    ATTAIN_BAD_DATA = 3, /* the data has bad rows that are not skipped, or a `require` is not met */
    ATTAIN_IO = 5,       /* a file could not be read, or a write callback returned an error */
    ATTAIN_NO_MEMORY = 6,   /* the allocator returned NULL */
    ATTAIN_CANCELLED = 7,   /* the host stopped the call: see attain_watch */
    ATTAIN_OVERFLOW = 8,    /* a sum of amounts is too large for 64 bits: see section 8 */
    ATTAIN_MEMORY_LIMIT = 9 /* the call needs more memory than `max_memory` */
} attain_status;

/* Returns a short text in English without a period at the end, such as "the policy has errors". Static; never
 * NULL, also for unknown values. Any thread. */
ATTAIN_API const char *attain_status_text(attain_status status);

/* --------------------------------------------------------------------------------- 3. text, memory, writing
 */

/* UTF-8 bytes with a length, which do NOT end with a NUL. Print it with printf("%.*s", (int)t.length,
 * t.bytes). An empty text has length 0, and its bytes may be NULL. Text that the host passes ends with a NUL,
 * unless the function also takes a length. */
typedef struct attain_text {
    const char *bytes;
    size_t length;
} attain_text;

/* Allocates, resizes, and releases all memory of an object. `resize` allocates if ptr is NULL, and releases
 * if new_size is 0 (its result is then ignored). It returns NULL if there is no memory. The call then ends
 * with ATTAIN_NO_MEMORY. Align memory as malloc does. old_size is the size that the earlier call requested.
 *
 * If an attain_allocator or its `resize` is NULL, the library uses malloc. The library copies an allocator
 * into the object, and its context must outlive the object. Calls that take a policy and make no object
 * (attain_policy_dump, attain_policy_format) use the policy's allocator. Those that take results or a diff
 * use theirs. Several threads call `resize` at the same time if a run uses several threads, or if several
 * threads share a policy. */
typedef struct attain_allocator {
    void *(*resize)(void *context, void *ptr, size_t old_size, size_t new_size);
    void *context;
} attain_allocator;

/* Receives a piece of output, usually about 32 KB. The bytes are valid during the call. Return 0 to continue.
 * Any other value stops the writing, and the function returns ATTAIN_IO. */
typedef int (*attain_write_fn)(void *context, const char *bytes, size_t length);

/* What a call does at the moment. `done` and `total` count what the stage says; total 0: unknown. */
typedef enum attain_progress_stage {
    ATTAIN_PROGRESS_COMPILE,  /* name: the policy */
    ATTAIN_PROGRESS_READ,     /* name: the file; counts bytes of all data */
    ATTAIN_PROGRESS_SETTLE,   /* name: the policy; counts periods */
    ATTAIN_PROGRESS_COMPARE,  /* finds the edits of a diff */
    ATTAIN_PROGRESS_VERSIONS, /* counts the intermediate versions of a diff */
    ATTAIN_PROGRESS_EXPLAIN,  /* counts payees */
    ATTAIN_PROGRESS_WRITE,
    ATTAIN_PROGRESS_TEST,   /* name: the test; counts tests */
    ATTAIN_PROGRESS_CHOICES /* counts deals, with all choices for each */
} attain_progress_stage;

typedef struct attain_progress {
    attain_progress_stage stage;
    attain_text name; /* may be empty */
    attain_text text; /* for people, unchanged text of the policy or data included: "reading deals.csv" */
    uint64_t done, total;
} attain_progress;

/* Lets a host stop a call, and see its progress. The library copies it at the start of the call. It calls
 * both functions only during that call, on the thread that made it, also if the call uses several threads.
 * They must not call the library for an object that the call uses.
 *
 * `cancelled` is asked every few milliseconds at least. If it returns true, the call ends with
 * ATTAIN_CANCELLED within 50 ms, and does not ask again. It costs little to read a flag there that a signal
 * handler or another thread sets. `progress` is called at the start of each stage and with each step of it.
 * Its texts are valid during the call. */
typedef struct attain_watch {
    bool (*cancelled)(void *context);                                 /* may be NULL */
    void (*progress)(void *context, const attain_progress *progress); /* may be NULL */
    void *context;
    const char *language; /* of the texts: "en" (default) or "zh" */
} attain_watch;

/* Writes text in a form that is safe for a terminal or a log. Text that the library returns is unchanged text
 * of the policy or the data. It may contain characters that move the cursor, reorder the text next to them,
 * or hide. This function writes a picture (U+241B for ESC) or a code (\u{202E}) for each of them, a picture
 * for a line end, and U+FFFD for a byte that is not UTF-8. The text formats of the
 * attain_..._write functions are already safe. Any thread. */
ATTAIN_API attain_status attain_visible_write(const char *bytes, size_t length, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* -------------------------------------------------------------------------------------------- 4. diagnostics
 *
 * Errors and warnings in a policy, in data, or in the arguments of a run. Within a place, the most important
 * comes first. A list is a view of its policy, results, tests, or diff.
 */
typedef struct attain_diagnostics attain_diagnostics;

typedef enum attain_severity { ATTAIN_ERROR, ATTAIN_WARNING, ATTAIN_NOTE } attain_severity;

typedef struct attain_diagnostic {
    const char *code; /* "A0301"; a code never changes its meaning */
    attain_severity severity;
    attain_text file; /* the name in messages; empty if the diagnostic has no place */
    uint64_t line;    /* from 1; 0: unknown */
    uint32_t column;  /* from 1, in characters; in data files, the number of the field; 0: the whole line */
    uint64_t end_line;
    uint32_t end_column;  /* the first column after the end; 0: unknown */
    size_t start, end;    /* in a policy: bytes from the start of the file, and the first byte after */
    attain_text message;  /* one clause, no newline */
    attain_text help;     /* how to fix it; may be empty */
    attain_text note;     /* why, with the actual values; may be empty */
    uint32_t label_count; /* texts at other places, such as "declared here" */
    uint32_t fix_count;   /* edits that remove the diagnostic; 0: a person has to decide */
    attain_text row;      /* of data: its name, if the file and the line do not name it; may be empty */
} attain_diagnostic;

typedef struct attain_label {
    attain_text file, text;
    uint64_t line, end_line;
    uint32_t column, end_column;
    size_t start, end; /* bytes, as above */
} attain_label;

/* An edit of a policy that a program may make: the bytes from `start` to `end` of the file become `text`. If
 * both are equal, the text is inserted. Make all edits of a diagnostic, or none. They do not overlap, and
 * their places are those before the first edit. */
typedef struct attain_fix {
    attain_text file;
    size_t start, end;
    attain_text text;
} attain_fix;

typedef enum attain_diagnostics_format {
    ATTAIN_DIAGNOSTICS_TEXT,  /* lines of the source with carets, for people */
    ATTAIN_DIAGNOSTICS_COLOR, /* the same with ANSI colors */
    ATTAIN_DIAGNOSTICS_JSON   /* one JSON object a line */
} attain_diagnostics_format;

/* Return the number of diagnostics kept (at most 1,000), and of all errors and warnings, kept or not. 0 for
 * NULL. */
ATTAIN_API size_t attain_diagnostics_count(const attain_diagnostics *list);
ATTAIN_API uint64_t attain_diagnostics_errors(const attain_diagnostics *list);
ATTAIN_API uint64_t attain_diagnostics_warnings(const attain_diagnostics *list);

/* Fill *out with the diagnostic at `index`, with its label at `label`, or with its edit at `fix`.
 * ATTAIN_USAGE if an index is too large. */
ATTAIN_API attain_status attain_diagnostics_get(const attain_diagnostics *list, size_t index,
                                                attain_diagnostic *out, size_t size);
#define attain_diagnostics_get(list, index, out) attain_diagnostics_get(list, index, out, sizeof *(out))
ATTAIN_API attain_status attain_diagnostics_label(const attain_diagnostics *list, size_t index, size_t label,
                                                  attain_label *out, size_t size);
#define attain_diagnostics_label(list, index, label, out)                                                    \
    attain_diagnostics_label(list, index, label, out, sizeof *(out))
ATTAIN_API attain_status attain_diagnostics_fix(const attain_diagnostics *list, size_t index, size_t fix,
                                                attain_fix *out, size_t size);
#define attain_diagnostics_fix(list, index, fix, out)                                                        \
    attain_diagnostics_fix(list, index, fix, out, sizeof *(out))

/* Writes the first `limit` diagnostics of the list (default: 100). The text formats end with the number of
 * the others. JSON contains all. An empty list writes nothing. */
ATTAIN_API attain_status attain_diagnostics_write(const attain_diagnostics *list,
                                                  attain_diagnostics_format format, uint32_t limit,
                                                  attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* ----------------------------------------------------------------------------------------------- 5. policies
 *
 * A policy is immutable, counted by reference, and shared by threads. Pass several policies (such as one for
 * each role) to one attain_run.
 */
typedef struct attain_policy attain_policy;

/* A file that a loader returns. The library copies the bytes during the call. */
typedef struct attain_loaded {
    const char *bytes;
    size_t length;
    const char *name; /* the name in messages; NULL: the wanted name */
    const char *why;  /* if the loader returns false: the reason, for the note of the message; may be NULL */
    /* Called once for each text, after the library has copied or refused it; may be NULL. */
    void (*release)(void *context, struct attain_loaded *loaded);
    bool outside; /* if the loader returns false: the policy may not read this file (A0133) */
} attain_loaded;

/* Loads the file of `use "wanted"`, `table … from "wanted"`, or `function … from lua "wanted"` in the file
 * `from`. Returns false if the file does not exist. The library serves "std/…" itself and never asks for it.
 *
 * If a Lua file contains `require "name"`, the library asks for "name.lua": first from the Lua file, then
 * from the policy, and then from the files that it uses (in other folders), until the loader returns true.
 *
 * The name in *loaded identifies the file. The library does not load a file with the same name again, and a
 * file that uses its own name is an error. Give every spelling of a file the same name. If the name is NULL,
 * "f", "./f", and "a/../f" are one file. The loader decides which files a policy may read. A policy reads at
 * most 1,000 files with 256 MB together. */
typedef bool (*attain_load_fn)(void *context, const char *from, const char *wanted, attain_loaded *loaded);

/* How much of the work a compilation does. */
typedef enum attain_stage {
    ATTAIN_STAGE_CHECK = 0, /* all: the policy can be run */
    ATTAIN_STAGE_SYNTAX, /* syntax only, without the files of `use`: can be formatted and dumped, not run */
    ATTAIN_STAGE_TOKENS  /* tokens only: can be dumped */
} attain_stage;

typedef struct attain_policy_options {
    attain_stage stage;
    attain_load_fn load; /* Default: attain_policy_open reads files from the disk, and attain_policy_compile
                            reads only "std/…". */
    void *load_context;
    const attain_allocator *allocator;

    /* Limits the files that a policy may name: for attain_policy_open without `load`, and for default sources
     * of data. Default: the folder of the policy and its subfolders, after links are followed. A `root` that
     * contains the policy permits all files under it. Other files are errors (A0133, A0735), whether they
     * exist or not. The folder of a policy is the folder in its path, with its links followed. If the
     * policy's own file is a link, its target must be under the root, too. */
    const char *root;
    bool allow_outside;        /* permit all files, and ignore `root` */
    bool strict;               /* warnings are errors; default: a policy with warnings can be run */
    const attain_watch *watch; /* asked and shown progress while the policy compiles; may be NULL */
    size_t max_memory;         /* bytes of the policy; default: no limit */
    /* "0.1": warn of statements whose meaning changed since this version of the language (A0667), in a policy
     * that does not state its `language`. Default: only if the policy states an older one. Another text than
     * "0.1" and "0.2" is an error (A0267). */
    const char *since;
    uintptr_t reserved[3]; /* zero */
} attain_policy_options;

/* Compiles a policy from `length` bytes of UTF-8 at `text`, which are copied. `name` is its name in messages
 * (default: "policy"). Returns ATTAIN_OK (there may be warnings), ATTAIN_BAD_POLICY, ATTAIN_USAGE,
 * ATTAIN_NO_MEMORY, or ATTAIN_CANCELLED. *out is NULL for ATTAIN_USAGE if an argument is NULL or too long,
 * and for the last two. Otherwise it holds the diagnostics. */
ATTAIN_API attain_status attain_policy_compile(const char *name, const char *text, size_t length,
                                               const attain_policy_options *options,
                                               attain_policy **out) ATTAIN_MUST_CHECK;

/* Compiles a policy from a file, as attain_policy_compile does. Also returns ATTAIN_IO, with a diagnostic, if
 * the file cannot be read, is not a regular file, or is not under `root`. Runs read default sources of data
 * from the folder of this file. */
ATTAIN_API attain_status attain_policy_open(const char *path, const attain_policy_options *options,
                                            attain_policy **out) ATTAIN_MUST_CHECK;

/* Adds an owner, and returns its argument. Each owner calls attain_policy_release once, and the last call
 * frees the policy. Any thread. */
ATTAIN_API attain_policy *attain_policy_retain(attain_policy *policy);
ATTAIN_API void attain_policy_release(attain_policy *policy);

ATTAIN_API const attain_diagnostics *attain_policy_diagnostics(const attain_policy *policy);
ATTAIN_API bool attain_policy_ok(const attain_policy *policy); /* returns whether it can be run */

/* Return the values of the `policy` statement. Empty or 0 if they have errors. */
ATTAIN_API attain_text attain_policy_name(const attain_policy *policy);
ATTAIN_API uint32_t attain_policy_version(const attain_policy *policy);
ATTAIN_API const char *attain_policy_currency(const attain_policy *policy); /* "USD" */
ATTAIN_API uint32_t attain_policy_digits(const attain_policy *policy);      /* 2 for USD */

/* Returns the number of measures that the policy lists with `show`. */
ATTAIN_API size_t attain_policy_shown_count(const attain_policy *policy);

/* A table that a run needs data for. Tables are in the order of the policy. */
typedef struct attain_table {
    attain_text name;   /* "deal": the name for attain_data_bind_file */
    attain_text source; /* the file that its statement names; may be empty */
    bool payee;         /* whether it is the payee table */
} attain_table;
ATTAIN_API size_t attain_policy_table_count(const attain_policy *policy);
ATTAIN_API attain_status attain_policy_table(const attain_policy *policy, size_t index, attain_table *out,
                                             size_t size);
#define attain_policy_table(policy, index, out) attain_policy_table(policy, index, out, sizeof *(out))

/* Return the files that were read to compile the policy: its own (after attain_policy_open), then those of
 * `use`, `table ... from`, and `function ... from lua`, in the order of reading, each once. The name is the
 * one under which the file was opened, or which the loader gave it. Files of the standard library are not
 * included. Use them to compile again when a file changes, or to protect the files from output. Views, valid
 * until the policy is released. The count is 0 for NULL. ATTAIN_USAGE if the index is too large. Any thread.
 */
ATTAIN_API size_t attain_policy_file_count(const attain_policy *policy);
ATTAIN_API attain_status attain_policy_file(const attain_policy *policy, size_t index, attain_text *out);

/* Writes the policy's own file in the standard format. Comments stay, and only the formatting changes.
 * Formatting again changes nothing. Stages: ATTAIN_STAGE_SYNTAX and ATTAIN_STAGE_CHECK. Returns
 * ATTAIN_BAD_POLICY, and writes nothing, if the text has a syntax error. `watch` may be NULL. */
ATTAIN_API attain_status attain_policy_format(const attain_policy *policy, const attain_watch *watch,
                                              attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* --------------------------------------------------------------------------------------------------- 6. data
 *
 * The source of each table: bindings by table name, for any number of runs. The library opens files only
 * during a run. A table without a binding is read from the file that its statement names (its default
 * source), in the directory set here, or by default in the folder of the policy.
 */
typedef struct attain_data attain_data;

/* Makes an empty list of bindings. ATTAIN_USAGE if `out` is NULL, ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_data_new(const attain_allocator *allocator,
                                         attain_data **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_data_free(attain_data *data);

/* Sets the folder of the default sources. After links are followed, a source must be in this folder or its
 * subfolders, or where the policy may read files (attain_policy_options). This does not limit files that are
 * bound by name. */
ATTAIN_API attain_status attain_data_set_directory(attain_data *data, const char *path) ATTAIN_MUST_CHECK;

/* Permits all files as default sources. Default: false. Does nothing for NULL. */
ATTAIN_API void attain_data_allow_outside(attain_data *data, bool allow);

/* Bind a table to a CSV file (RFC 4180, UTF-8; columns in any order, by header), or to CSV text in memory.
 * The text is not copied, and must stay valid until the last run on it and its results are released. `name`
 * is the name of the text in messages (default: the table's name). A second binding of a table replaces the
 * first. A run returns ATTAIN_USAGE if none of its policies has the table of a binding. */
ATTAIN_API attain_status attain_data_bind_file(attain_data *data, const char *table,
                                               const char *path) ATTAIN_MUST_CHECK;
ATTAIN_API attain_status attain_data_bind_memory(attain_data *data, const char *table, const char *csv,
                                                 size_t length, const char *name) ATTAIN_MUST_CHECK;

/* ------------------------------------------------------------------------------------------------ 7. running
 */
typedef struct attain_results attain_results;

/* Receives a bad row that is left out: its file, its line (from 1), and its unchanged text. */
typedef void (*attain_bad_row_fn)(void *context, attain_text file, uint64_t line, attain_text row);

/* A value that replaces the value of a `param`: name "base", value "9%", both as in a policy. */
typedef struct attain_setting {
    const char *name, *value;
} attain_setting;

/* What a run keeps of its hooks, for the person who writes them. It does not change what they calculate. */
typedef struct attain_hook_options {
    bool log;          /* what they print with attain.log: attain_results_log */
    bool callers;      /* an error lists the functions that were running, with their locals: attain_reason */
    bool profile;      /* calls, steps, and time of each function and line: attain_results_profile */
    const char *trace; /* attain_call_run: the name of a function, whose calls are kept line by line */
    uint64_t (*clock)(void *context); /* a time that does not fall, in any unit; NULL: no times. The threads
                                       * of the run call it at the same time */
    void *clock_context;
    uintptr_t reserved[4]; /* zero */
} attain_hook_options;

typedef struct attain_run_options {
    const attain_setting *settings;
    size_t setting_count;

    /* Select periods, such as "2026-Q1". A period longer than the policy's selects all periods in it.
     * `period` sets both `from` and `through`. Default: from the start of the effective range, through the
     * last period with an earning event: a row that is credited, or that a measure takes on a date. If a
     * policy has neither, rows with a period are events. Without any event, diagnostic A0855 asks for
     * `through` if something would be paid. Diagnostic A0856 warns if pay waits in later periods:
     * attain_results_waiting lists it. */
    const char *period, *from, *through;

    /* Keys of the payees whose lines are returned. All payees are calculated, because pools need them.
     * Default: all payees. */
    const char *const *payees;
    size_t payee_count;

    bool zeros;         /* keep lines of zero; default: they are left out */
    bool skip_bad_rows; /* leave out bad rows and pay the others; default: one bad row stops the run */
    bool strict;        /* warnings are errors, and nothing is paid */
    bool by_deal;       /* also finds the part of each row in each line: attain_results_part */
    bool ends_here;     /* pay that waits after the last period is not looked for: for explanations */
    bool shapes;      /* also warn of the shape of pay: of cliffs, falling pay, tiers that no one reaches, and
                         others (A1241 to A1246). What is looked at: pay in the last period, as a function of
                         each measure that adds up rows, of the first 100 payees by key */
    bool disclosures; /* also warn of what commission statements would disclose of other payees (A1310) */
    attain_bad_row_fn on_bad_row; /* called for each row that is left out, in order; may be NULL */
    void *bad_row_context;

    unsigned threads;          /* the maximum; default: 1. The results are the same for any number */
    const attain_watch *watch; /* may be NULL */

    const attain_allocator *allocator;

    /* Limits of hooks. A call that exceeds one is stopped, and its payout is withheld. A step is about one
     * instruction of Lua. */
    uint64_t hook_steps;     /* of one call; default: 10 million */
    uint64_t hook_run_steps; /* of all calls for a policy; beyond it, no one is paid; default: 10 billion */
    size_t hook_memory;      /* bytes, for each thread; default: 8 MB */

    /* Bytes of the results, or of the diff, while the call works and after it; default: no limit. The memory
     * of hooks counts. Policies and data that are bound from memory do not count. */
    size_t max_memory;

    const char *language; /* of diagnostics about data: "en" (default) or "zh". The others are in English */

    const struct attain_hook_options *hooks; /* what is kept of hooks; may be NULL: nothing */
    uintptr_t reserved[2];                   /* zero */
} attain_run_options;

/* Runs policies on data. Only one policy of a run may cover a payee. The results keep the policies. You may
 * free `data` after the call, but not texts that are bound from memory.
 *
 * ATTAIN_OK: the run is complete. Payouts may be withheld: see attain_results_withheld_count.
 * ATTAIN_BAD_POLICY: a policy has errors, or two policies cover a payee. ATTAIN_USAGE: a setting, period,
 * payee, or binding is unknown. ATTAIN_BAD_DATA, ATTAIN_IO: nothing is paid. ATTAIN_CANCELLED. In these
 * cases, *out holds the diagnostics and no lines. *out is NULL for ATTAIN_USAGE if an argument is NULL, and
 * for ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_run(attain_policy *const *policies, size_t policy_count,
                                    const attain_data *data, const attain_run_options *options,
                                    attain_results **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_results_free(attain_results *results);

/* Returns errors in rows and arguments, and each `require` that is not met. A view. */
ATTAIN_API const attain_diagnostics *attain_results_diagnostics(const attain_results *results);

/* ------------------------------------------------------------------------------------------------ 8. results
 *
 * The amount of a line fits in 64 bits. A payout with a larger one is withheld. Sums of lines are exact
 * inside the library, and in everything that it writes. A function whose result holds such a sum returns
 * ATTAIN_OVERFLOW if the sum is too large for 64 bits. The amount is then 0, and all else in the result is
 * right. Take the sum from attain_results_write (or attain_diff_write), or add the lines in a wider type.
 *
 * Functions that take an index return ATTAIN_USAGE if it is too large.
 */

/* Why a line is paid. */
typedef enum attain_line_cause {
    ATTAIN_LINE_EARNED,    /* it is calculated for its period, or was moved there (`paid after`) */
    ATTAIN_LINE_CORRECTED, /* an earlier period is calculated again (`known from`), less the amount paid for
                            * it
                            */
    ATTAIN_LINE_RELEASED,
    ATTAIN_LINE_CLAWED
} attain_line_cause;

/* A payout line. Lines are in order of payee key (code points), period, component as in the policy, and line
 * key. Lines of other causes follow those that are earned, by the period for which they are. */
typedef struct attain_line {
    attain_text payee_key, payee_label;
    attain_text period;    /* "2026-Q1" */
    attain_text component; /* "commission", "cap total" */
    attain_text line_key;  /* key of the credited row for `per` components; of a correction, otherwise the
                              period that is corrected; else empty */
    int64_t amount;        /* minor units; may be negative */
    uint32_t digits;       /* decimals of the minor unit: 2 for USD, 0 for JPY */
    const char *currency;  /* "USD" */
    uint32_t policy;       /* index into the policies of the run */
    attain_text earned_in; /* the period that it is for: an earlier one, if an earlier one is corrected */
    attain_line_cause cause;
    /* The same in the currency of the policy, which differs if it has `pays … in`. */
    int64_t policy_amount;
    uint32_t policy_digits;
    const char *policy_currency;
} attain_line;
ATTAIN_API uint64_t attain_results_line_count(const attain_results *results);
ATTAIN_API attain_status attain_results_line(const attain_results *results, uint64_t index, attain_line *out,
                                             size_t size);
#define attain_results_line(results, index, out) attain_results_line(results, index, out, sizeof *(out))

/* A payee. Payees are in order of their keys, including payees that no policy covers. `amount` is the sum of
 * the payee's lines. ATTAIN_OVERFLOW: see above. */
typedef struct attain_payee {
    attain_text key, label;
    bool covered;
    uint32_t policy; /* the policy that covers the payee */
    int64_t amount;
    uint32_t digits;
    const char *currency;  /* in which the payee is paid */
    int64_t policy_amount; /* the same in the currency of the policy */
    uint32_t policy_digits;
    const char *policy_currency;
} attain_payee;
ATTAIN_API size_t attain_results_payee_count(const attain_results *results);
ATTAIN_API attain_status attain_results_payee(const attain_results *results, size_t index, attain_payee *out,
                                              size_t size);
#define attain_results_payee(results, index, out) attain_results_payee(results, index, out, sizeof *(out))

/* A component, in the order of the policies. `amount` is the sum of its lines. ATTAIN_OVERFLOW: see above. */
typedef struct attain_component {
    attain_text name, label; /* the label may be empty */
    uint32_t policy;
    int64_t amount;
    uint32_t digits;
    const char *currency;
} attain_component;
ATTAIN_API size_t attain_results_component_count(const attain_results *results);
ATTAIN_API attain_status attain_results_component(const attain_results *results, size_t index,
                                                  attain_component *out, size_t size);
#define attain_results_component(results, index, out)                                                        \
    attain_results_component(results, index, out, sizeof *(out))

/* The total of a currency, in the order of the policies. ATTAIN_OVERFLOW: see above. */
typedef struct attain_total {
    const char *currency;
    uint32_t digits;
    int64_t amount;
} attain_total;
ATTAIN_API size_t attain_results_total_count(const attain_results *results);
ATTAIN_API attain_status attain_results_total(const attain_results *results, size_t index, attain_total *out,
                                              size_t size);
#define attain_results_total(results, index, out) attain_results_total(results, index, out, sizeof *(out))
/* The sums paid in each currency of the payees, by code, if a policy has `pays … in`; none otherwise. */
ATTAIN_API size_t attain_results_paid_count(const attain_results *results);
ATTAIN_API attain_status attain_results_paid(const attain_results *results, size_t index, attain_total *out,
                                             size_t size);
#define attain_results_paid(results, index, out) attain_results_paid(results, index, out, sizeof *(out))

/* The pay of a payee for a period that is withheld, because a value cannot be calculated. `period` is empty
 * if `applies to` cannot be decided for the payee: no period is paid. Payee and period are empty for a row
 * whose date cannot be calculated. */
typedef struct attain_withheld {
    attain_text payee_key, payee_label, period;
    const char *code;   /* "A0801" */
    attain_text reason; /* "`attainment`: cannot divide by zero, because `quota` is $0.00" */
    attain_text file;   /* of the policy, or of the row of data */
    uint64_t line;
    uint32_t column;
    uint32_t policy;
    uint32_t reason_count; /* at least 1 */
} attain_withheld;
ATTAIN_API size_t attain_results_withheld_count(const attain_results *results);
ATTAIN_API attain_status attain_results_withheld(const attain_results *results, size_t index,
                                                 attain_withheld *out, size_t size);
#define attain_results_withheld(results, index, out)                                                         \
    attain_results_withheld(results, index, out, sizeof *(out))

/* Why a payout is withheld: each value that cannot be calculated. The first reason is that of
 * attain_withheld.
 *
 * The operands are the parts of the text that differ, in English. One may be empty:
 *
 *     A0801  division by zero          the divisor, and its value
 *     A0802  not found in a table      the table, and the keys
 *     A0803  below the first tier      the formula, its value, the rates, and the first threshold
 *     A0804  number too large          the formula
 *     A0805  payee without a group     the field
 *     A0806  invalid date              the formula
 *     A0808  failed hook               what it reports
 *
 * Other codes may come in a later version. */
typedef struct attain_reason {
    const char *code; /* "A0801" */
    attain_text text; /* as in attain_withheld */
    attain_text of;   /* the measure, component, or credit whose value cannot be calculated; may be empty */
    attain_text operands[4];
    uint32_t operand_count;
    attain_text file; /* of the policy: the formula; may be empty */
    uint64_t line;
    uint32_t column;
    size_t start, end;     /* its bytes */
    attain_text data_file; /* of the row of data in which the value is; empty: it is not the value of a row */
    uint64_t data_line;
    attain_text lua_file; /* of a hook that failed (A0808): where it stopped; may be empty */
    uint64_t lua_line;    /* from 1; 0: unknown */
    attain_text trace;    /* the functions that were running, innermost first, one a line, each with its
                             locals: "scaled, margin.lua:7: amount = $0.00, cost = $70.00". Empty, unless
                             attain_hook_options.callers asked for it */
} attain_reason;
ATTAIN_API attain_status attain_results_reason(const attain_results *results, size_t index, size_t reason,
                                               attain_reason *out, size_t size);
#define attain_results_reason(results, index, reason, out)                                                   \
    attain_results_reason(results, index, reason, out, sizeof *(out))

/* What hooks printed with attain.log, in order of period, payee, rule, and row: the same with any number of
 * threads. */
typedef enum attain_log_kind {
    ATTAIN_LOG_TEXT,  /* attain.log */
    ATTAIN_LOG_CALL,  /* of attain_call_log, with `trace`: a call begins; `text`: its arguments */
    ATTAIN_LOG_LINE,  /* a line begins; `text`: the line */
    ATTAIN_LOG_LOCAL, /* the line before it has set a local; `text`: "rate = 10/7" */
    ATTAIN_LOG_RETURN /* `text`: the results */
} attain_log_kind;

typedef struct attain_log_entry {
    attain_log_kind kind;
    attain_text payee_key, period; /* of the value; empty: of no payee, of no period */
    attain_text function;          /* that the policy called */
    attain_text file;              /* of Lua */
    uint64_t line;
    attain_text text;
} attain_log_entry;
ATTAIN_API size_t attain_results_log_count(const attain_results *results);
ATTAIN_API attain_status attain_results_log(const attain_results *results, size_t index,
                                            attain_log_entry *out, size_t size);
#define attain_results_log(results, index, out) attain_results_log(results, index, out, sizeof *(out))

/* A function of the policy, or a line of Lua. Functions come first. Both are in order of their steps, the
 * largest first. */
typedef struct attain_profile_entry {
    attain_text function; /* empty: a line */
    attain_text file;
    uint64_t line;        /* 0: of a function */
    uint64_t calls;       /* of a line: how often it began */
    uint64_t steps, time; /* time in the unit of the clock; 0 without one */
} attain_profile_entry;
ATTAIN_API size_t attain_results_profile_count(const attain_results *results);
ATTAIN_API attain_status attain_results_profile(const attain_results *results, size_t index,
                                                attain_profile_entry *out, size_t size);
#define attain_results_profile(results, index, out) attain_results_profile(results, index, out, sizeof *(out))

/* A component that would pay after the last period of a run without `period` and `through`, or whose longer
 * rhythm ends later: `each quarter`, `when month(period.end) = 12`. */
typedef struct attain_waiting {
    attain_text component, period; /* the next period in which it pays */
    uint64_t payouts;              /* in that and later periods, with the rows so far; may be zero */
    uint32_t policy;
} attain_waiting;
ATTAIN_API size_t attain_results_waiting_count(const attain_results *results);
ATTAIN_API attain_status attain_results_waiting(const attain_results *results, size_t index,
                                                attain_waiting *out, size_t size);
#define attain_results_waiting(results, index, out) attain_results_waiting(results, index, out, sizeof *(out))

/* An amount of a pool that no member gets, in order of policy, pool, and period. It is the share of a role
 * that no member has, what limits leave, or the amount of a pool without members. */
typedef struct attain_rest {
    attain_text pool;
    attain_text group;  /* the value of the field after `per`; empty: all payees are one group */
    attain_text role;   /* of `split at … per FIELD`: whose share it is; empty: it is not that of a role */
    attain_text period; /* "2026-Q1" */
    int64_t amount;     /* minor units */
    uint32_t digits;    /* decimals of the minor unit */
    const char *currency; /* "USD" */
    uint32_t policy;      /* index into the policies of the run */
} attain_rest;
ATTAIN_API size_t attain_results_rest_count(const attain_results *results);
ATTAIN_API attain_status attain_results_rest(const attain_results *results, size_t index, attain_rest *out,
                                             size_t size);
#define attain_results_rest(results, index, out) attain_results_rest(results, index, out, sizeof *(out))

/* What a payee owes of a recoverable draw at the end of the last period that was paid. Balances are in order
 * of payee key and of the policy; balances of zero are left out. `amount` is in minor units of `currency`. If
 * it cannot be calculated, `known` is false: then pay of the payee is withheld. Texts are valid until the
 * results are freed or, in a session, until the next run. */
typedef struct attain_balance {
    attain_text payee_key, payee_label;
    attain_text draw, label; /* label: the name, if the draw has none */
    attain_text period;
    bool known;
    int64_t amount;
    uint32_t digits;
    const char *currency;
    uint32_t policy;
} attain_balance;
ATTAIN_API uint64_t attain_results_balance_count(const attain_results *results);
/* Fills *out. ATTAIN_USAGE. */
ATTAIN_API attain_status attain_results_balance(const attain_results *results, uint64_t index,
                                                attain_balance *out, size_t size);
#define attain_results_balance(results, index, out) attain_results_balance(results, index, out, sizeof *(out))

/* The part of a row, such as a deal, in a payout line: of a run with the option `by_deal`. The parts of a
 * line are in order of keys and add up to it; parts of zero are left out. */
typedef enum attain_part_kind {
    ATTAIN_PART_LINE,         /* the line is of this row: of a `per` or a `by` component */
    ATTAIN_PART_PROPORTIONAL, /* the line is divided in proportion to the amounts of the rows */
    ATTAIN_PART_NONE          /* what belongs to no row; `row_key` is empty */
} attain_part_kind;
typedef struct attain_part {
    attain_text payee_key, period, component, row_key;
    attain_part_kind kind;
    int64_t amount; /* minor units */
    uint32_t digits;
    const char *currency;
    uint64_t line; /* index of the line */
    uint32_t policy;
} attain_part;
ATTAIN_API uint64_t attain_results_part_count(const attain_results *results);
ATTAIN_API attain_status attain_results_part(const attain_results *results, uint64_t index, attain_part *out,
                                             size_t size);
#define attain_results_part(results, index, out) attain_results_part(results, index, out, sizeof *(out))

/* What a hold or a release keeps of the part of a row, such as a deal, at the end of the last period with
 * lines. Amounts are in order of payee key, policy, component, period, and key, and are in `currency`. They
 * are found when they are first asked for. Texts are valid until the results are freed or, in a session,
 * until the next run. */
typedef struct attain_held {
    attain_text payee_key, payee_label;
    attain_text component, row_key;
    attain_text earned_in; /* the period whose rate it has */
    attain_text due;       /* "2026-09-30"; empty: the date is missing, or a release pays it */
    bool release;          /* it waits for rows, such as receipts */
    int64_t amount;        /* minor units */
    uint32_t digits;
    const char *currency;
    uint32_t policy;
} attain_held;
/* Set *count, and fill *out. ATTAIN_USAGE, ATTAIN_NO_MEMORY, ATTAIN_MEMORY_LIMIT. */
ATTAIN_API attain_status attain_results_held_count(attain_results *results, uint64_t *count);
ATTAIN_API attain_status attain_results_held(attain_results *results, uint64_t index, attain_held *out,
                                             size_t size);
#define attain_results_held(results, index, out) attain_results_held(results, index, out, sizeof *(out))

/* The type of a value, a field, or a name. */
typedef enum attain_type {
    ATTAIN_TYPE_NONE, /* it has no value, or an error */
    ATTAIN_TYPE_NUMBER,
    ATTAIN_TYPE_MONEY,
    ATTAIN_TYPE_TEXT,
    ATTAIN_TYPE_DATE,
    ATTAIN_TYPE_PERIOD,
    ATTAIN_TYPE_DURATION,
    ATTAIN_TYPE_FLAG,
    ATTAIN_TYPE_CHOICE, /* one of a list of texts */
    ATTAIN_TYPE_ROW,    /* of a table */
    ATTAIN_TYPE_FOREIGN /* money whose currency another field of the row has */
} attain_type;

/* The value of a measure that a policy lists in `show`, for a payee and period. Values are in order of payee
 * key, period, and the order of `show`. All payees who are covered have them, also without pay, and withheld
 * ones.
 *
 * `exact` is a decimal, or a fraction such as 20/3 if no decimal is exact. It is in `unit`: "USD", "%",
 * "points", "units", "days", "months", or "". Texts, dates (2026-03-31), periods, choices, keys, and flags
 * ("yes") have no unit. If the value is missing or cannot be calculated, `exact` and `shown` are empty, and
 * `reason` is not. */
typedef struct attain_shown {
    attain_text payee_key, payee_label, period;
    attain_text measure, label; /* label: as in `show`, else that of the measure, else its name */
    attain_type type;
    attain_text exact, unit;
    attain_text shown;  /* for people, in English: "104.2%"; starts with ≈ if it is shortened */
    attain_text reason; /* "missing", or as in attain_withheld; empty: there is a value */
    uint32_t policy;
} attain_shown;
ATTAIN_API uint64_t attain_results_shown_count(const attain_results *results);
/* Fills *out. The texts are valid until the next call of this function for the results, or until the results
 * are freed. ATTAIN_USAGE, ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_results_shown(attain_results *results, uint64_t index, attain_shown *out,
                                              size_t size);
#define attain_results_shown(results, index, out) attain_results_shown(results, index, out, sizeof *(out))

/* Counts of a run. */
typedef struct attain_summary {
    uint64_t payees;            /* rows of the payee table */
    uint64_t payees_covered;    /* covered by a policy of the run */
    uint64_t payees_paid;       /* with at least one line that is not zero */
    uint64_t periods;           /* of the policy with the most periods */
    uint64_t lines;             /* in the results */
    uint64_t withheld;          /* payees and periods that are withheld */
    uint64_t rows_credited;     /* pairs of row and payee, over all credits and aggregates of `data` */
    uint64_t rows_out_of_range; /* not credited, because their date is outside the effective range */
    uint64_t rows_left_out;     /* bad rows, with skip_bad_rows */
    uint64_t waiting_unchecked; /* policies without attain_results_waiting, because looking for it would call
                                   hooks or need more than 256 MB */
    uint64_t rows_not_covered;  /* not earned, because their payee is not covered on their day */
} attain_summary;
ATTAIN_API attain_status attain_results_summary(const attain_results *results, attain_summary *out,
                                                size_t size);
#define attain_results_summary(results, out) attain_results_summary(results, out, sizeof *(out))

typedef enum attain_results_format {
    ATTAIN_RESULTS_TABLE,   /* for people: payees by components, totals, withheld pay, rows that were left out
                             */
    ATTAIN_RESULTS_CSV,     /* payee,period,component,line,amount,currency */
    ATTAIN_RESULTS_JSON,    /* one object: policies, lines, totals, withheld, summary */
    ATTAIN_RESULTS_SUMMARY, /* only the last part of TABLE; may be empty */
    ATTAIN_RESULTS_MEASURES, /* payee,period,measure,label,value,unit,shown,reason: what `show` lists */
    ATTAIN_RESULTS_BALANCES, /* rep,balance,amount: what is owed of draws, as `opening` reads it. The first
                                column is called like the payee table. An amount that cannot be calculated is
                                empty. */
    ATTAIN_RESULTS_DEALS,    /* payee,period,component,deal,amount,currency,part: of a run with `by_deal` */
    ATTAIN_RESULTS_HELD,     /* payee,component,line,earned,held,currency,due: what holds and releases keep of
                                deals at the end of the last period with lines. `due` is empty if the date is
                                missing, and for releases. */
    ATTAIN_RESULTS_COVERAGE  /* payee,from,to,policies,first,second: days that no policy covers (policies is
                                0),  or two do (2), with their names. Also of a run that failed because of
                                A0908. */
} attain_results_format;

typedef struct attain_results_options {
    uint32_t width;            /* columns of the terminal for TABLE; default: as wide as necessary */
    bool color;                /* ANSI colors in TABLE and SUMMARY */
    bool safe_csv;             /* put a ' before cells that a spreadsheet would run as a formula */
    const attain_watch *watch; /* may be NULL */
    const char *language;      /* of TABLE and SUMMARY: "en" (default) or "zh" */
    uintptr_t reserved[3];     /* zero */
} attain_results_options;
/* Writes results in a format. `options` may be NULL. ATTAIN_USAGE: an unknown language. ATTAIN_IO if `write`
 * stops it, ATTAIN_NO_MEMORY, ATTAIN_CANCELLED. */
ATTAIN_API attain_status attain_results_write(const attain_results *results, attain_results_format format,
                                              const attain_results_options *options, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* ------------------------------------------------------------------------------- 9. tests inside policies
 *
 * Run the `test` statements of a policy, and of the files that it uses, except the standard library. Each
 * test runs on its own rows, without files.
 */
typedef struct attain_tests attain_tests;

typedef struct attain_test_options {
    const char *filter; /* only tests whose name contains this; default: all */
    const attain_allocator *allocator;
    const attain_watch *watch; /* may be NULL */
    uint64_t hook_steps;       /* limits of hooks, as for a run; each test is a run of its own */
    uint64_t hook_run_steps;
    size_t hook_memory;
    size_t max_memory;     /* bytes of the tests; default: no limit */
    bool shapes;           /* also warn of the shape of pay, as a run does, of the payees that the tests give:
                              attain_tests_diagnostics */
    bool strict;           /* these warnings are errors */
    uintptr_t reserved[4]; /* zero */
} attain_test_options;

typedef struct attain_test_result {
    attain_text name;
    bool passed;
    attain_text file;
    uint64_t line;
    uint32_t column;
    attain_text problem; /* why the test could not run; empty otherwise */
    uint32_t expectation_count;
} attain_test_result;

typedef struct attain_expectation {
    bool passed;
    attain_text text;                      /* `commission for "ana" in 2026-Q1` */
    attain_text expected, got, difference; /* as in a policy; the difference may be empty */
    attain_text note; /* explains the result, such as why pay is withheld; may be empty */
    attain_text file;
    uint64_t line;
    uint32_t column;
} attain_expectation;

/* Runs the tests. ATTAIN_OK: the tests ran, and some may have failed. ATTAIN_BAD_POLICY: the policy has
 * errors. */
ATTAIN_API attain_status attain_test(attain_policy *policy, const attain_test_options *options,
                                     attain_tests **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_tests_free(attain_tests *tests);
ATTAIN_API size_t attain_tests_count(const attain_tests *tests);
/* Warnings of the shape of pay. Empty, unless `shapes` asked for them. Valid as long as the tests. */
ATTAIN_API const attain_diagnostics *attain_tests_diagnostics(const attain_tests *tests);
ATTAIN_API size_t attain_tests_failed(const attain_tests *tests);
ATTAIN_API attain_status attain_tests_get(const attain_tests *tests, size_t index, attain_test_result *out,
                                          size_t size);
#define attain_tests_get(tests, index, out) attain_tests_get(tests, index, out, sizeof *(out))
ATTAIN_API attain_status attain_tests_expectation(const attain_tests *tests, size_t index, size_t expectation,
                                                  attain_expectation *out, size_t size);
#define attain_tests_expectation(tests, index, expectation, out)                                             \
    attain_tests_expectation(tests, index, expectation, out, sizeof *(out))

/* ------------------------------------------------------------------------------ 10. the names of a policy
 *
 * For editors and forms: what a policy declares, where each name is used, and what it means. Also for a
 * policy with errors: a name whose meaning is not known then has no use. Declarations are in the order of the
 * files and their texts. A field follows its table, and a parameter its function. Files of the standard
 * library that the policy uses are included, with names such as "std/…".
 */
typedef struct attain_names attain_names;

typedef enum attain_name_kind {
    ATTAIN_NAME_TABLE, /* `payee` or `data` */
    ATTAIN_NAME_FIELD,
    ATTAIN_NAME_CREDIT,
    ATTAIN_NAME_MEASURE,
    ATTAIN_NAME_PARAM,
    ATTAIN_NAME_RATES,
    ATTAIN_NAME_LOOKUP,    /* `table` */
    ATTAIN_NAME_COMPONENT, /* `pay` or `pool` */
    ATTAIN_NAME_FUNCTION,  /* its type is that of its result */
    ATTAIN_NAME_PARAMETER,
    ATTAIN_NAME_TEST, /* its name is its title */
    ATTAIN_NAME_DRAW  /* `draw` */
} attain_name_kind;

/* For what there is one value each. */
typedef enum attain_grain {
    ATTAIN_GRAIN_CONSTANT,
    ATTAIN_GRAIN_ROW,
    ATTAIN_GRAIN_CREDIT, /* a credited row */
    ATTAIN_GRAIN_PAYOUT, /* a payee and period */
    ATTAIN_GRAIN_GROUP   /* a group of payees and a period */
} attain_grain;

/* A declaration. All texts are views of the names. */
typedef struct attain_name {
    attain_name_kind kind;
    attain_text name, label;   /* the label may be empty */
    attain_text documentation; /* comments on the lines just before it, without #; may be empty */
    attain_type type;
    bool optional; /* the value may be missing */
    attain_grain grain;
    const char *currency; /* of MONEY: "USD"; else empty */
    bool key;             /* the field is the key of its table */
    bool pool;            /* the component is a `pool` */
    size_t parent;        /* index of a field's table, or of a parameter's function; else SIZE_MAX */
    attain_text file;
    size_t start, end;           /* the statement: bytes of the file */
    size_t name_start, name_end; /* the name in it */
    uint64_t line;               /* of the name */
    uint32_t column;
    size_t use_count;
} attain_name;

/* A place where a name is written. */
typedef struct attain_use {
    size_t name; /* index of the declaration; SIZE_MAX: there is none */
    attain_text file;
    size_t start, end; /* bytes */
    uint64_t line;
    uint32_t column;
    bool declaration; /* the place is the declaration itself */
} attain_use;

/* Collects the names of a policy of ATTAIN_STAGE_CHECK. The names keep the policy, and belong to one thread
 * at a time. `allocator` may be NULL. ATTAIN_USAGE: an argument is NULL, or the stage is another one.
 * ATTAIN_BAD_POLICY: the file could not be read. ATTAIN_NO_MEMORY. *out is NULL unless ATTAIN_OK. */
ATTAIN_API attain_status attain_names_new(attain_policy *policy, const attain_allocator *allocator,
                                          attain_names **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_names_free(attain_names *names);
ATTAIN_API size_t attain_names_count(const attain_names *names);

/* Fill *out with a declaration, or with one of its uses. Uses are in order of their places, and do not
 * include the declaration. ATTAIN_USAGE if an index is too large. */
ATTAIN_API attain_status attain_names_get(const attain_names *names, size_t index, attain_name *out,
                                          size_t size);
#define attain_names_get(names, index, out) attain_names_get(names, index, out, sizeof *(out))
ATTAIN_API attain_status attain_names_use(const attain_names *names, size_t index, size_t use,
                                          attain_use *out, size_t size);
#define attain_names_use(names, index, use, out) attain_names_use(names, index, use, out, sizeof *(out))

/* Fills *out with the name at a byte of a file. `file` is a name as in messages, NULL the policy's own file.
 * The place right after a name counts as the name. out->name is SIZE_MAX if no declared name is there.
 * ATTAIN_USAGE if the policy does not have the file, or the file is shorter. */
ATTAIN_API attain_status attain_names_at(const attain_names *names, const char *file, size_t offset,
                                         attain_use *out, size_t size);
#define attain_names_at(names, file, offset, out) attain_names_at(names, file, offset, out, sizeof *(out))

/* Converts a line and a column, both from 1, to a byte of the file. A column after the end of the line is its
 * end. Columns count characters (code points). ATTAIN_USAGE if the file or the line does not exist. */
ATTAIN_API attain_status attain_names_offset(const attain_names *names, const char *file, uint64_t line,
                                             uint32_t column, size_t *out);

/* Write what a reader wants to know about a place, or the type of a declaration, as unchanged text in a
 * language ("en" or "zh"; NULL: "en"). A name gives its type, label, documentation, and short statement. A
 * built-in function and a keyword give their signature and sentence. Nothing is written where there is none
 * of them. ATTAIN_USAGE: an unknown language or place, or a large index. ATTAIN_IO, ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_names_hover(const attain_names *names, const char *file, size_t offset,
                                            const char *language, attain_write_fn write,
                                            void *context) ATTAIN_MUST_CHECK;
ATTAIN_API attain_status attain_names_type(const attain_names *names, size_t index, const char *language,
                                           attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* ---------------------------------------------------------------------------------------- 11. looking inside
 *
 * Prints the data structures of the interpreter, for people and for the library's own tests. The formats may
 * change.
 */
typedef enum attain_dump {
    ATTAIN_DUMP_TOKENS,   /* one a line: place, kind, text */
    ATTAIN_DUMP_AST,      /* s-expressions of the policy's own file */
    ATTAIN_DUMP_PLAN,     /* the columns that a run calculates, in order */
    ATTAIN_DUMP_PLAN_DOT, /* the same as a graph for Graphviz */
    ATTAIN_DUMP_ORDER, /* the order of calculation in words, in the language of `watch`, one sentence a step
                        */
    ATTAIN_DUMP_POLICY /* one text of all that the policy extends, continues, and uses */
} attain_dump;
/* Writes a data structure of a policy. ATTAIN_BAD_POLICY if errors kept it from being made. ATTAIN_USAGE if
 * the stage of the policy does not make it. `watch` may be NULL. */
ATTAIN_API attain_status attain_policy_dump(const attain_policy *policy, attain_dump what,
                                            const attain_watch *watch, attain_write_fn write,
                                            void *context) ATTAIN_MUST_CHECK;

/* Gets the name and text of a file of the standard library, such as "std/…". Returns false if the index is
 * too large. Static texts; any thread. */
ATTAIN_API bool attain_standard_file(size_t index, attain_text *name, attain_text *text);

/* --------------------------------------------------------------------------------- 12. comparing versions
 *
 * Compares two versions of a policy on the same data, or one policy on two sets of data: payees who get more
 * or less, the edits of the policy, and the effect of each edit on each difference.
 */
typedef struct attain_diff attain_diff;

typedef struct attain_diff_options {
    attain_run_options
        run; /* settings, periods, threads, and other options of both runs; `zeros` does not count */
    const attain_data *old_data; /* data of the old version; default: the same as the new one */
    bool attribution;            /* calculate the effect of each edit, by runs of intermediate versions */
    bool explanations; /* explain both amounts of the payees whose pay changes most, for the HTML page; each
                          takes a pass over the data */
    const char *const *limits; /* as of attain_diff_limit; every format of the diff shows them */
    size_t limit_count;
    const char *by; /* group payees by this field; default: the one that separates gains from losses best */
    const attain_tests *tests[2];       /* of the old and the new version, if they ran; may be NULL */
    const struct attain_game *games[2]; /* likewise: attain_game_run; what choices for deals could gain */
    bool sources;          /* list the files of both versions and of the data, with rows and SHA-256 */
    const char *command;   /* to list with them; may be NULL */
    uintptr_t reserved[4]; /* zero */
} attain_diff_options;

/* Runs and compares both versions. Both must have the same currency and kind of period. The diff keeps the
 * policies. You may free `data` after the call. Statuses as of attain_run. *out is made, to read its
 * diagnostics, except for NULL arguments and ATTAIN_NO_MEMORY. If an intermediate version cannot run, the
 * diff has no causes. */
ATTAIN_API attain_status attain_diff_run(attain_policy *before, attain_policy *after, const attain_data *data,
                                         const attain_diff_options *options,
                                         attain_diff **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_diff_free(attain_diff *diff);
ATTAIN_API const attain_diagnostics *attain_diff_diagnostics(const attain_diff *diff);

/* Totals of a diff. Amounts are in minor units. `credited_…` is the sum of the first measure over a credit,
 * which serves to show the cost of the plan as a share of it.
 *
 * A payout is a payee's pay for a period, all components together. Withheld pay counts as zero. A payee in
 * only one set of data gets zero in the other version. `winners` get more in total, `losers` less, without
 * payouts that one version withholds. `moved` get the same in total, but some payout changes, or is withheld
 * in only one version. The other payees get the same in each period.
 *
 * ATTAIN_OVERFLOW: an amount is too large and is 0. All else is right. */
typedef struct attain_diff_summary {
    int64_t before, after, credited_before, credited_after;
    uint32_t digits;
    const char *currency;
    size_t payees, winners, losers, moved;
    uint64_t rows;
    size_t edits, causes;
    bool shapley; /* the parts of the causes are Shapley values, the mean over all orders of the edits;
                     otherwise they follow the order of the policy */
    attain_text paid_to_before, paid_to_after; /* the last periods that the versions pay; empty: none */
    size_t waiting;                            /* attain_diff_waiting_get */
    bool unchecked_before, unchecked_after;    /* what waits is not known: looking for it would call hooks or
                                                  need    more than 256 MB */
} attain_diff_summary;
ATTAIN_API attain_status attain_diff_summary_get(const attain_diff *diff, attain_diff_summary *out,
                                                 size_t size);
#define attain_diff_summary_get(diff, out) attain_diff_summary_get(diff, out, sizeof *(out))

/* What the versions pay after their last periods: of the old version (`policy` is 0), then of the new one
 * (1). Empty if `period` or `through` was given. */
ATTAIN_API attain_status attain_diff_waiting_get(const attain_diff *diff, size_t index, attain_waiting *out,
                                                 size_t size);
#define attain_diff_waiting_get(diff, index, out) attain_diff_waiting_get(diff, index, out, sizeof *(out))

/* A payee, period, and component for which a version pays or withholds, in the order of a run's lines. */
typedef struct attain_diff_row {
    attain_text payee_key, payee_label, period, component;
    int64_t before, after;
    bool withheld_before, withheld_after;
} attain_diff_row;
ATTAIN_API attain_status attain_diff_row_get(const attain_diff *diff, uint64_t index, attain_diff_row *out,
                                             size_t size);
#define attain_diff_row_get(diff, index, out) attain_diff_row_get(diff, index, out, sizeof *(out))

/* An edit, such as "rates accelerator" with "step from 100%: 12% → 13%". `pays` is false if it cannot change
 * a payout. */
typedef struct attain_diff_edit {
    attain_text subject, words;
    bool pays;
} attain_diff_edit;
ATTAIN_API attain_status attain_diff_edit_get(const attain_diff *diff, size_t index, attain_diff_edit *out,
                                              size_t size);
#define attain_diff_edit_get(diff, index, out) attain_diff_edit_get(diff, index, out, sizeof *(out))

/* A cause: an edit, edits that are valid only together, or the change of data. `amount` is its part of the
 * whole difference. ATTAIN_OVERFLOW: the amount is too large and is 0. */
typedef struct attain_diff_cause {
    attain_text words;
    int64_t amount;
    bool is_data;
} attain_diff_cause;
ATTAIN_API attain_status attain_diff_cause_get(const attain_diff *diff, size_t index, attain_diff_cause *out,
                                               size_t size);
#define attain_diff_cause_get(diff, index, out) attain_diff_cause_get(diff, index, out, sizeof *(out))
/* Gets the part of a row's difference that a cause brings. The parts of a row add up to it exactly.
 * ATTAIN_OVERFLOW: the part is too large, and *out is 0. */
ATTAIN_API attain_status attain_diff_part(const attain_diff *diff, uint64_t row, size_t cause, int64_t *out);

/* What a reviewer decides by. Amounts are in minor units. The texts are in the language of the run.
 *
 * `newly` payouts are withheld by the new version only, and `freed` ones by the old version only. Sums like
 * for like are without both. ATTAIN_OVERFLOW: an amount is too large and is 0. */
typedef enum attain_diff_verdict {
    ATTAIN_VERDICT_OK,    /* every limit is held, and no payout is newly withheld */
    ATTAIN_VERDICT_OPEN,  /* the same, but no limit is given, and pay changes */
    ATTAIN_VERDICT_CHECK, /* payouts are newly withheld */
    ATTAIN_VERDICT_STOP   /* a limit is exceeded */
} attain_diff_verdict;

typedef struct attain_diff_decision {
    attain_diff_verdict verdict;
    attain_text line, sentence; /* "STOP: 2 limits exceeded"; who gains and loses how much */
    int64_t like_before, like_after;
    size_t newly, newly_payees, freed;
    bool yearly; /* the periods are less than a year, and `for_year` is the change at the same rate */
    int64_t for_year;
    size_t limits, exceeded;
    size_t groups;
    attain_text group_field; /* empty: no field separates gains from losses, and one group has everyone */
    size_t risks;
} attain_diff_decision;
ATTAIN_API attain_status attain_diff_decision_get(const attain_diff *diff, attain_diff_decision *out,
                                                  size_t size);
#define attain_diff_decision_get(diff, out) attain_diff_decision_get(diff, out, sizeof *(out))

/* A limit of the options. `value` and `where` are of the first that exceeds it, or of the nearest. */
typedef struct attain_diff_limit_result {
    attain_text limit, value, where;
    bool exceeded;
    size_t count;              /* how many payees, components, groups, or periods exceed it */
    attain_text payee, period; /* of the first that exceeds it; may be empty */
} attain_diff_limit_result;
ATTAIN_API attain_status attain_diff_limit_get(const attain_diff *diff, size_t index,
                                               attain_diff_limit_result *out, size_t size);
#define attain_diff_limit_get(diff, index, out) attain_diff_limit_get(diff, index, out, sizeof *(out))

/* A newly withheld payout, in the order of rows. Bit k of `causes`: cause k withholds it, alone or with the
 * others; 0: not known. */
typedef struct attain_diff_newly {
    attain_text payee_key, payee_label, period, reason;
    int64_t before;
    uint64_t causes;
} attain_diff_newly;
ATTAIN_API attain_status attain_diff_newly_get(const attain_diff *diff, size_t index, attain_diff_newly *out,
                                               size_t size);
#define attain_diff_newly_get(diff, index, out) attain_diff_newly_get(diff, index, out, sizeof *(out))

/* A group of payees, like for like. ATTAIN_OVERFLOW: an amount is too large and is 0. */
typedef struct attain_diff_group {
    attain_text name; /* the value of the field; empty: it is missing */
    size_t payees, gainers, losers;
    int64_t before, after;
} attain_diff_group;
ATTAIN_API attain_status attain_diff_group_get(const attain_diff *diff, size_t index, attain_diff_group *out,
                                               size_t size);
#define attain_diff_group_get(diff, index, out) attain_diff_group_get(diff, index, out, sizeof *(out))

/* A risk in a sentence, the most serious first. */
ATTAIN_API attain_status attain_diff_risk_get(const attain_diff *diff, size_t index, attain_text *out);

typedef enum attain_diff_format {
    ATTAIN_DIFF_TABLE,     /* for people: cost, edits, causes, payees who get more or less */
    ATTAIN_DIFF_MARKDOWN,  /* the same for a pull request */
    ATTAIN_DIFF_CSV,       /* payee,period,component,old,new,delta: rows that differ */
    ATTAIN_DIFF_PARTS_CSV, /* payee,period,component,edit,amount: parts of the differences */
    ATTAIN_DIFF_JSON,      /* everything, as one object */
    ATTAIN_DIFF_HTML       /* one self-contained page for reviewers */
} attain_diff_format;
/* Writes a diff in a format. `options` may be NULL. ATTAIN_IO if `write` stops it, ATTAIN_NO_MEMORY,
 * ATTAIN_CANCELLED. */
ATTAIN_API attain_status attain_diff_write(const attain_diff *diff, attain_diff_format format,
                                           const attain_results_options *options, attain_write_fn write,
                                           void *context) ATTAIN_MUST_CHECK;

/* Checks a limit, such as "total > +3%", "any payee < -10%", or "withheld > 0":
 *
 *     what [in PERIOD | in any period] (< | > | <= | >=) number [%]
 *
 *     total            of all payees over all periods compared
 *     any payee        of each payee for each period, and of each payee over all periods
 *     any component    of each component
 *     any FIELD        of the payees with each value of this field of the payee table
 *     withheld         how many payouts only the new version withholds, or their share of all
 *     losers           how many payees get less, or their share of those whom either version pays
 *     cost             the new pay; "cost > 9% of bookings": as a share of that measure of the new version
 *
 * The first four are changes of pay. The right side is an amount in the currency, or a share of the old pay.
 * Payouts that either version withholds do not count in them. Pay that moves to another period exceeds
 * "any payee < -1%", even if the payee's total is the same. Old pay of zero has no share: a rise from zero
 * exceeds every limit "> N%", and a fall from zero every "< N%". If old and new pay are zero, no limit in
 * percent is exceeded. A version that does not have the payee pays zero.
 *
 * *hit: the limit is exceeded. *who: for "any payee", the key of the first payee that exceeds it; else empty.
 * ATTAIN_USAGE: the text is not a limit of these versions. ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_diff_limit(const attain_diff *diff, const char *limit, bool *hit,
                                           attain_text *who);
/* Checks a limit, and also gets the first period in which the payee exceeds it, such as "2026-01". The period
 * is empty if only the payee's pay over all periods exceeds it. Valid until the diff is freed. */
ATTAIN_API attain_status attain_diff_limit_in(const attain_diff *diff, const char *limit, bool *hit,
                                              attain_text *who, attain_text *period);

/* ------------------------------------------------------------------------ 13. explanations and statements
 *
 * Explain each payout in sentences, from the payout back to the deals. Each step shows its values, and the
 * text of the policy that it follows. The steps add up to the payout exactly. A number that is shortened for
 * reading starts with ≈. JSON has it exactly, as a decimal or a fraction.
 *
 * The functions read deals again, once for each credit. The files and texts of the run must still exist
 * unchanged.
 */
typedef enum attain_explain_format {
    ATTAIN_EXPLAIN_TEXT,     /* an indented tree for people */
    ATTAIN_EXPLAIN_MARKDOWN, /* headings and nested lists */
    ATTAIN_EXPLAIN_JSON,     /* an array with an object for each payee and period */
    ATTAIN_EXPLAIN_STATEMENT /* an HTML page for one payee, the commission statement: without
                                names and values of others. With `by_deal` in the run, each deal
                                has what it paid */
} attain_explain_format;

typedef struct attain_explain_options {
    const char *payee; /* key; default: all. Required for ATTAIN_EXPLAIN_STATEMENT */
    const char
        *period; /* "2026-Q1"; default: every period with lines (with `zeros` in the run: all periods) */
    const char *component; /* default: all */
    const char *language;  /* "en" (default) or "zh"; names of the policy are not translated */
    bool all;              /* every deal and member; default: the largest five */
    attain_explain_format format;
    uint32_t width;            /* columns of the terminal for TEXT; default: 100 */
    bool color;                /* ANSI colors in TEXT */
    const attain_watch *watch; /* may be NULL */
    const char
        *contact; /* of STATEMENT: whom to ask, as the last line names them; NULL: the person who sent it */
    bool sign;    /* of STATEMENT: end with a line for the date and the signature */
    bool team;    /* of STATEMENT: the page of the direct reports of `payee`, with their pay */
    uintptr_t reserved[2]; /* zero */
} attain_explain_options;

/* Writes explanations of the payouts of attain_run, in order of payee key, then period. ATTAIN_USAGE: an
 * unknown payee, period, component, or language (with a diagnostic of the results), or results without
 * payouts. ATTAIN_IO and ATTAIN_BAD_DATA: a file has changed. ATTAIN_CANCELLED, ATTAIN_NO_MEMORY. The payouts
 * in the results do not change. */
ATTAIN_API attain_status attain_explain(attain_results *results, const attain_explain_options *options,
                                        attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* A step of an explanation. All texts are views of the explanation. */
typedef struct attain_step {
    /* "payout": of a payee and period. Its name is the key of the payee, its text the label, and its date the
     * period. Its children are the components, and then the measures. Under it: "component", "measure",
     * "figure", "arithmetic", "slice", "condition", "choice", "rate", "next", "lookup", "rounding",
     * "adjustment", "row", "more", "period", "member", "pool", "rank", "call", "note", "withheld". A later
     * version may have others: show their text. Static. */
    const char *kind;
    size_t parent, first, next; /* the step that it belongs to, its first child, and the next child of its
                                   parent: indexes, SIZE_MAX: none */
    attain_text text;           /* a sentence in the language of the options; may be empty */
    attain_text name;           /* of a component, measure, member, period, or row; may be empty */
    attain_text date;           /* the day or period of a row; may be empty */
    attain_type type;           /* of the value; ATTAIN_TYPE_NONE: it does not have one */
    bool missing;               /* the value is missing */
    attain_text shown;          /* the value for people; starts with ≈ if it is shortened */
    attain_text exact;          /* the same in every language: "13000", "20/3", "2026-03-31", "yes" */
    const char *currency;       /* of MONEY: "USD"; else empty */
    bool adds;                  /* the value is exactly the sum of the children that are a `part` */
    bool part;                  /* a summand of its parent */
    bool withheld;              /* of a payout: it is withheld, and its children give the reasons */
    attain_text source;         /* text of the policy, on one line; may be empty */
    attain_text file;           /* of the source, or of the row of data; may be empty */
    uint64_t line;
    size_t start, end; /* bytes of the policy that the step follows; both 0: none */
    bool row;          /* `file` and `line` are those of a row of data */
} attain_step;

typedef struct attain_explanation attain_explanation;

/* Makes the explanations that attain_explain writes, as a tree. Steps are in the order of reading: a step
 * comes before its children. Step 0 is the first payout, and its `next` the next one. Options as of
 * attain_explain, except `format`, `width`, and `color`, which do not count. Statuses as of attain_explain;
 * *out is NULL unless ATTAIN_OK. Release it before the results, whose memory it uses. */
ATTAIN_API attain_status attain_explain_tree(attain_results *results, const attain_explain_options *options,
                                             attain_explanation **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_explanation_free(attain_explanation *explanation);
ATTAIN_API size_t attain_explanation_count(const attain_explanation *explanation);
/* Return the number of steps (0 for NULL), and fill *out with a step. ATTAIN_USAGE if the index is too large.
 */
ATTAIN_API attain_status attain_explanation_step(const attain_explanation *explanation, size_t index,
                                                 attain_step *out, size_t size);
#define attain_explanation_step(explanation, index, out)                                                     \
    attain_explanation_step(explanation, index, out, sizeof *(out))

/* Writes the commission statements of all payees who are covered. The library calls `begin` for each, with
 * the index of the payee in attain_results_payee: return 0 to write the page with `write`, 1 to leave the
 * payee out, -1 to stop. It calls `end`, with the status of the page (ATTAIN_OK, ATTAIN_IO,
 * ATTAIN_NO_MEMORY, ATTAIN_CANCELLED), after each page that `begin` accepted: return non-zero to stop.
 * Options as of attain_explain, except `payee` and `format`, which do not count. ATTAIN_IO if a callback
 * stops. */
typedef struct attain_statement_pages {
    int (*begin)(void *context, size_t payee);
    attain_write_fn write;
    int (*end)(void *context, attain_status status);
    void *context;
    uintptr_t reserved[2]; /* zero */
} attain_statement_pages;
ATTAIN_API attain_status attain_statements(attain_results *results, const attain_explain_options *options,
                                           const attain_statement_pages *pages) ATTAIN_MUST_CHECK;

/* Writes a page that links to the commission statements of a run, one for each payee who is covered. `name`
 * writes the address of a page, which is used unchanged. `payee` is an index, as above. It writes at most
 * `room` bytes, and returns their number, or 0 to leave the payee out. */
typedef size_t (*attain_statement_name_fn)(void *context, size_t payee, char *out, size_t room);
ATTAIN_API attain_status attain_statement_index(attain_results *results, const char *language,
                                                attain_statement_name_fn name, void *name_context,
                                                attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* Checks that explanations add up: recalculates each sum of each explanation, and compares it with the lines.
 * `checked` counts payees and periods. `wrong` counts those that do not add up, which are written, one a
 * line. Statuses as of attain_explain. */
ATTAIN_API attain_status attain_explain_check(attain_results *results, const attain_explain_options *options,
                                              uint64_t *checked, uint64_t *wrong, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* --------------------------------------------------------------------------------------------- 14. sessions
 *
 * A session is a run that is prepared once and repeated: for a quote in a sales system, a what-if, a
 * simulation. It keeps all rows in memory. You replace rows or params, run, and read the results as those of
 * attain_run, which would pay the same for the same rows.
 *
 *     attain_session *session;
 *     const attain_cell cells[] = {{.kind = ATTAIN_CELL_TEXT, .text = {"d9", 2}},
 *                                  {.kind = ATTAIN_CELL_TEXT, .text = {"ana", 3}},
 *                                  {.kind = ATTAIN_CELL_NUMBER, .number = 1250000, .scale = 2},
 *                                  {.kind = ATTAIN_CELL_DAY, .number = 20543}};
 *     const attain_rows deals = {.cells = cells, .row_count = 1};
 *     status = attain_session_new(&policy, 1, data, NULL, &session);
 *     if (status == ATTAIN_OK) status = attain_session_set_rows(session, "deal", "rep", "ana", &deals);
 *     if (status == ATTAIN_OK) status = attain_session_run(session, NULL, &results);
 *
 * A call takes no memory from the allocator if an earlier call with as many rows, periods, and digits did the
 * same, unless it calls functions in Lua, explains, or sets a param. A call that fails changes nothing: the
 * session is as before, and can be used. A session belongs to one thread at a time. Several sessions may
 * share policies.
 */
typedef struct attain_session attain_session;

/* Reads the data and prepares to run, with the options of attain_run. Statuses as of attain_run; in those
 * cases, *out holds the diagnostics, and its other functions return ATTAIN_USAGE. `watch` counts for this
 * call only. CSV text that is bound from memory must stay valid until attain_session_free. */
ATTAIN_API attain_status attain_session_new(attain_policy *const *policies, size_t policy_count,
                                            const attain_data *data, const attain_run_options *options,
                                            attain_session **out) ATTAIN_MUST_CHECK;
/* Releases the session, and its results. */
ATTAIN_API void attain_session_free(attain_session *session);

/* Returns the diagnostics of the last call. They are valid until the next one. */
ATTAIN_API const attain_diagnostics *attain_session_diagnostics(const attain_session *session);

typedef enum attain_cell_kind {
    ATTAIN_CELL_MISSING,
    ATTAIN_CELL_NUMBER, /* number / 10^scale: of a number, money (1250000 with scale 2 is 12,500.00), or a
                           duration, in the unit of its field (scale 0) */
    ATTAIN_CELL_DAY,    /* number: of a date, the days since 1970-01-01 */
    ATTAIN_CELL_FLAG,   /* number: 0 or 1 */
    ATTAIN_CELL_TEXT /* of any field, as in a CSV file: a text, a choice, the key of a reference, "12500.00"
                      */
} attain_cell_kind;

typedef struct attain_cell {
    attain_cell_kind kind;
    uint32_t scale; /* at most 18 */
    int64_t number;
    attain_text text;
} attain_cell;

/* Rows of a table. Row r has the cells from cells[r * field_count]. */
typedef struct attain_rows {
    const char *const *fields; /* names, in the order of the cells; NULL: all fields, as declared */
    size_t field_count;        /* 0 with NULL */
    const attain_cell *cells;
    size_t row_count;
    uintptr_t reserved[2]; /* zero */
} attain_rows;

/* Replaces the rows of `table` whose `field` is `key`. The field is the key of the table, or a reference, so
 * ("deal", "rep", "ana") means the deals of Ana, and ("rep", "id", "ana") means herself. With NULL as
 * `field`, all rows are replaced. The new rows come where the first of the old ones was, or at the end. NULL
 * or no rows remove them. Rows that refer to a row which is replaced then refer to the new row with the same
 * key.
 *
 * ATTAIN_USAGE: no policy has the table, the field, or the payee. ATTAIN_BAD_DATA: a cell is not of its type,
 * a key is there twice, or a reference leads to no row. The results of the last run are no longer valid.
 *
 * New texts that nearly are texts of the policy are warnings (A0784), and errors with `strict`. Other
 * warnings about data, such as keys that are nearly alike, are only given when data is loaded. */
ATTAIN_API attain_status attain_session_set_rows(attain_session *session, const char *table,
                                                 const char *field, const char *key,
                                                 const attain_rows *rows) ATTAIN_MUST_CHECK;

/* Adds rows at the end of a table, such as deals that a payee may close. Statuses as above. */
ATTAIN_API attain_status attain_session_add_rows(attain_session *session, const char *table,
                                                 const attain_rows *rows) ATTAIN_MUST_CHECK;

/* Sets a param, as attain_setting does. NULL sets the value that the policy gives it. ATTAIN_USAGE: no policy
 * has the param, or it cannot have the value. The results of the last run are no longer valid. */
ATTAIN_API attain_status attain_session_set_param(attain_session *session, const char *name,
                                                  const char *value) ATTAIN_MUST_CHECK;

/* Take back all changes of rows and params since attain_session_new or attain_session_keep; and make the rows
 * and params as they are the ones that attain_session_undo returns to. They need no memory. ATTAIN_USAGE if
 * the session could not be prepared. The results of the last run are no longer valid. */
ATTAIN_API attain_status attain_session_undo(attain_session *session);
ATTAIN_API attain_status attain_session_keep(attain_session *session);

/* Runs. *results is valid until the next call with this session that is not about its diagnostics. It is
 * released with the session: do not release it. You can read, write, and explain it. Statuses as of
 * attain_run; *results is NULL unless it is ATTAIN_OK. `watch` may be NULL. */
ATTAIN_API attain_status attain_session_run(attain_session *session, const attain_watch *watch,
                                            attain_results **results) ATTAIN_MUST_CHECK;

/* ---------------------------------------------------------------------------------------------- 15. curves
 *
 * Pay as a function of one number, exactly: of a measure of a payee, of a param, or of a field of a row, such
 * as the amount of a deal. Everything else is as in the data. Attain calculates the plan with functions in
 * place of numbers, so that each threshold, jump, flat stretch, and falling stretch is found, and none is
 * sampled. Amounts are those before rounding.
 *
 *     attain_curve_options options = {.vary = "bookings", .component = "commission"};
 *     attain_curves *curves;
 *     status = attain_curve_run(policy, data, &options, &curves);
 *     if (status == ATTAIN_OK) status = attain_curve_write(curves, ATTAIN_REPORT_SVG, NULL, write, context);
 */
/* In which form a report is written: those of sections 15 to 17. */
typedef enum attain_report_format {
    ATTAIN_REPORT_TEXT, /* for people */
    ATTAIN_REPORT_JSON,
    ATTAIN_REPORT_HTML,    /* one self-contained page; not of solve, depends, and impact */
    ATTAIN_REPORT_SVG,     /* the drawing alone; only of curves */
    ATTAIN_REPORT_MARKDOWN /* only of comparisons of two payouts */
} attain_report_format;

typedef struct attain_report_options {
    const char *language;      /* "en" (default) or "zh"; names of the policy are not translated */
    uint32_t width;            /* columns of the terminal for TEXT; default: 100 */
    bool color;                /* ANSI colors in TEXT */
    const attain_watch *watch; /* may be NULL */
    uintptr_t reserved[4];     /* zero */
} attain_report_options;

typedef struct attain_curves attain_curves;

typedef struct attain_curve_options {
    /* Settings, payees, and other options of the run. `zeros` and `by_deal` do not count. With `period` or
     * `from`, the measure of the first selected period is varied, and the pay is that of all selected periods
     * together. By default, both are those of the last period. */
    attain_run_options run;
    const char
        *vary; /* "bookings" (a measure or a param), or "deal:d1.amount" (table, key, field); required */
    const char *component;  /* default: all pay */
    const char *between;    /* "0..200000", "60%..140%"; default: from zero to beyond all payees */
    attain_policy *against; /* a second version, drawn over the first; may be NULL */
    unsigned samples; /* where pay is not a function that Attain knows, what runs pay at so many numbers of
                         each such stretch, at least 2 and at most 1,000; default: none */
    uintptr_t reserved[4]; /* zero */
} attain_curve_options;

/* Runs the policy, and makes the curves of the payees. Payees with the same curve share it. Statuses as of
 * attain_run. ATTAIN_USAGE: `vary`, `between`, or `component` is not valid, or does not affect pay.
 * ATTAIN_OVERFLOW: a number became too large. *out is made, to read its diagnostics, except for NULL
 * arguments and ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_curve_run(attain_policy *policy, const attain_data *data,
                                          const attain_curve_options *options,
                                          attain_curves **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_curve_free(attain_curves *curves);
ATTAIN_API const attain_diagnostics *attain_curve_diagnostics(const attain_curves *curves);

/* A curve: first those of the policy, then those of `against`. Texts of numbers are exact: decimals, or
 * fractions such as "20/3". */
typedef struct attain_curve {
    uint32_t version;                             /* 0: of the policy, 1: of `against` */
    size_t payee_count, piece_count, shape_count; /* payees who have this curve */
    size_t sample_count;
} attain_curve;
ATTAIN_API size_t attain_curve_count(const attain_curves *curves);
ATTAIN_API attain_status attain_curve_get(const attain_curves *curves, size_t index, attain_curve *out,
                                          size_t size);
#define attain_curve_get(curves, index, out) attain_curve_get(curves, index, out, sizeof *(out))

/* A payee who has the curve, and where the data puts the payee on it. */
typedef struct attain_curve_payee {
    attain_text key, label;
    bool known; /* otherwise, pay is withheld, or the measure is missing, and x and pay are empty */
    attain_text x, pay;
} attain_curve_payee;
ATTAIN_API attain_status attain_curve_payee_get(const attain_curves *curves, size_t index, size_t payee,
                                                attain_curve_payee *out, size_t size);
#define attain_curve_payee_get(curves, index, payee, out)                                                    \
    attain_curve_payee_get(curves, index, payee, out, sizeof *(out))

typedef enum attain_curve_kind {
    ATTAIN_CURVE_FUNCTION, /* `formula` */
    ATTAIN_CURVE_WITHHELD, /* pay cannot be calculated */
    ATTAIN_CURVE_UNKNOWN   /* pay is not a function that Attain knows, such as that of a rank or a hook */
} attain_curve_kind;

/* A number, or an interval of numbers on which pay follows one formula. Pieces are in order, without gaps. */
typedef struct attain_curve_piece {
    attain_curve_kind kind;
    attain_text low, high;         /* equal for a single number */
    bool exact_low, exact_high;    /* otherwise the end is not rational, and this is a number next to it */
    bool with_low, with_high;      /* the ends follow the formula, too */
    attain_text formula;           /* for people: "5% × bookings - $1,500.00" */
    attain_text pay_low, pay_high; /* the limits at the ends; empty: there are none */
    int slope;                     /* 1: more of the number gives more pay, 0: the same, -1: less */
} attain_curve_piece;
ATTAIN_API attain_status attain_curve_piece_get(const attain_curves *curves, size_t index, size_t piece,
                                                attain_curve_piece *out, size_t size);
#define attain_curve_piece_get(curves, index, piece, out)                                                    \
    attain_curve_piece_get(curves, index, piece, out, sizeof *(out))

/* What a reader wants to know of a curve, from left to right. */
typedef struct attain_curve_shape {
    /* "kink": another slope from here on, `before` and `after` are slopes. "jump": `before` and `after` are
     * the pay just below and just above. "flat": the number does not change pay. "fall": more of it gives
     * less. "withheld". "unknown". Static. */
    const char *kind;
    attain_text low, high; /* of a kink or a jump: equal if the place is rational */
    bool exact;
    attain_text before, after; /* empty for the last two kinds */
    attain_text source; /* of the last two kinds: the text of the policy that causes it; may be empty */
    attain_text text;   /* a sentence */
} attain_curve_shape;
ATTAIN_API attain_status attain_curve_shape_get(const attain_curves *curves, size_t index, size_t shape,
                                                attain_curve_shape *out, size_t size);
#define attain_curve_shape_get(curves, index, shape, out)                                                    \
    attain_curve_shape_get(curves, index, shape, out, sizeof *(out))

/* What a run pays at a number, after rounding. Between two samples, the pay is not known. */
typedef struct attain_curve_sample {
    attain_text x, pay;
    bool known; /* otherwise, pay is withheld, or the run is refused, and pay is empty */
} attain_curve_sample;
ATTAIN_API attain_status attain_curve_sample_get(const attain_curves *curves, size_t index, size_t sample,
                                                 attain_curve_sample *out, size_t size);
#define attain_curve_sample_get(curves, index, sample, out)                                                  \
    attain_curve_sample_get(curves, index, sample, out, sizeof *(out))

/* Writes the curves. `options` may be NULL. ATTAIN_USAGE: a format that does not exist, or an unknown
 * language. ATTAIN_IO if `write` stops it, ATTAIN_NO_MEMORY, ATTAIN_CANCELLED. */
ATTAIN_API attain_status attain_curve_write(const attain_curves *curves, attain_report_format format,
                                            const attain_report_options *options, attain_write_fn write,
                                            void *context) ATTAIN_MUST_CHECK;

/* For which numbers the pay is as wanted: exactly, or the proof that none is, with the nearest pay. */
typedef struct attain_solution attain_solution;

typedef struct attain_solve_options {
    attain_run_options run; /* as of curves. The pay is that of the selected payees together */
    const char *vary;       /* as of curves; a measure needs one payee in `run`. Required */
    const char *so_that;    /* "total = 2000000", "commission >= 10000", "total <= 50000"; required */
    const char *between;   /* as of curves; default: from zero to ten times the largest value that there is */
    uintptr_t reserved[4]; /* zero */
} attain_solve_options;

/* Runs the policy, adds up the curves of the selected payees, and solves the sum. With a param or a field of
 * a row, the pay is that of all selected periods. Statuses as of attain_curve_run; that no number gives the
 * pay is ATTAIN_OK. */
ATTAIN_API attain_status attain_solve_run(attain_policy *policy, const attain_data *data,
                                          const attain_solve_options *options,
                                          attain_solution **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_solution_free(attain_solution *solution);
ATTAIN_API const attain_diagnostics *attain_solution_diagnostics(const attain_solution *solution);
/* As attain_curve_write. */
ATTAIN_API attain_status attain_solution_write(const attain_solution *solution, attain_report_format format,
                                               const attain_report_options *options, attain_write_fn write,
                                               void *context) ATTAIN_MUST_CHECK;

/* -------------------------------------------------------------------------------- 16. choices and teamwork
 *
 * attain_game_run answers a question for each deal: would another choice pay its owner more? A deal is a row
 * that a credit dates by a field of the row. Its owner is the first payee to whom it is credited. Each choice
 * is a run of its own with other rows, so gains are exact, to the minor unit. All periods are paid, and as
 * many more as a deal can be moved. Pay is that of the policy's currency.
 */
typedef struct attain_game attain_game;

typedef enum attain_choice_kind {
    ATTAIN_CHOICE_PERIOD, /* book the deal on the last day of an earlier period, or the first of a later one
                           */
    ATTAIN_CHOICE_SPLIT,  /* split it into two halves: money, and a number that is credited. The second half
                             has a new key */
    ATTAIN_CHOICE_MERGE, /* merge it with another deal of the same owner and period, which it takes up: one of
                            the ten largest */
    ATTAIN_CHOICE_OWNER  /* assign it to another payee: one of the ten with the most pay. The gain is that of
                            both owners together */
} attain_choice_kind;

typedef struct attain_game_options {
    attain_run_options
        run;           /* `period`, `from`, `through`, and `payees` select deals by their days and owners */
    const char *table; /* only deals of this table; default: of all */
    uint32_t within;   /* periods by which a deal is moved at most, up to 60; default: 1 */
    uint32_t kinds;    /* 1 << ATTAIN_CHOICE_PERIOD and so on, added up; default: all */
    uintptr_t reserved[4]; /* zero */
} attain_game_options;

/* Statuses as of attain_run. ATTAIN_USAGE: also if no policy has deals (A1275), or if policies have different
 * currencies (A1276). *out then holds the diagnostics. The data must not change until attain_game_free. */
ATTAIN_API attain_status attain_game_run(attain_policy *const *policies, size_t policy_count,
                                         const attain_data *data, const attain_game_options *options,
                                         attain_game **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_game_free(attain_game *game);
ATTAIN_API const attain_diagnostics *attain_game_diagnostics(const attain_game *game);

/* `gain` is the best choice of each payee, of those that an owner makes alone (not ATTAIN_CHOICE_OWNER),
 * added up. gain / pay is the share of pay that can be gained with one choice by each payee. ATTAIN_OVERFLOW:
 * an amount is too large and is 0. */
typedef struct attain_game_summary {
    int64_t gain, pay;
    uint32_t digits;
    const char *currency;
    size_t deals, deals_gaining; /* deals_gaining: by a choice that the owner makes alone */
    uint64_t choices;            /* that gain: attain_choice_get */
    uint32_t within;
} attain_game_summary;
ATTAIN_API attain_status attain_game_summary_get(const attain_game *game, attain_game_summary *out,
                                                 size_t size);
#define attain_game_summary_get(game, out) attain_game_summary_get(game, out, sizeof *(out))

typedef struct attain_game_kind {
    uint64_t tried;
    uint64_t impossible; /* of them: a `require` is not met, or another row refers to the one that would go */
    uint64_t withheld;   /* of them: pay is withheld only with or without the choice */
    uint64_t deals;      /* with a choice that gains */
    int64_t gain;        /* the best choice of each payee, added up */
    int64_t most;        /* the largest gain */
} attain_game_kind;
ATTAIN_API attain_status attain_game_kind_get(const attain_game *game, attain_choice_kind kind,
                                              attain_game_kind *out, size_t size);
#define attain_game_kind_get(game, kind, out) attain_game_kind_get(game, kind, out, sizeof *(out))

/* A choice that gains. They come in the order of their gains, the largest first. */
typedef struct attain_choice {
    attain_choice_kind kind;
    attain_text table, key, row; /* row: "deals.csv:12" */
    attain_text payee_key, payee_label;
    char day[16];          /* PERIOD: the new one, such as "2026-04-01"; else empty */
    int32_t periods;       /* PERIOD: how many later; negative: earlier */
    attain_text other;     /* MERGE: the key of the other deal, or its row; OWNER: the key of the new owner */
    int64_t gain;          /* of the owner; OWNER: of both owners */
    int64_t rest;          /* of all other payees together */
    attain_text component; /* with the largest part of the gain */
    int64_t of_component;
} attain_choice;
ATTAIN_API attain_status attain_choice_get(const attain_game *game, uint64_t index, attain_choice *out,
                                           size_t size);
#define attain_choice_get(game, index, out) attain_choice_get(game, index, out, sizeof *(out))

/* As attain_curve_write. */
ATTAIN_API attain_status attain_game_write(const attain_game *game, attain_report_format format,
                                           const attain_report_options *options, attain_write_fn write,
                                           void *context) ATTAIN_MUST_CHECK;
/* -------------------------------------------------------------------- 17. dependence, impact, and fairness
 *
 * Reports about a policy and about a run. Each is made once, read by index, and written as those of curves.
 */
/* What the components of a policy depend on. No data is read: a field is found by the paths of the execution
 * plan. If no path leads from a component to a field, no value of the field changes the component. */
typedef struct attain_depends attain_depends;
typedef struct attain_depends_options {
    const char *component;          /* only this one; default: all */
    const char *field;              /* only this one, such as "rep.gender"; default: everything */
    const attain_setting *settings; /* values of params, which may decide a choice */
    size_t setting_count;
    const attain_watch *watch; /* may be NULL */
    const attain_allocator *allocator;
    size_t max_memory;     /* bytes; default: no limit */
    uintptr_t reserved[4]; /* zero */
} attain_depends_options;

/* ATTAIN_BAD_POLICY: the policy has errors. ATTAIN_USAGE: an unknown component, field, or setting. In these
 * cases, *out holds the diagnostics. *out is NULL for ATTAIN_USAGE if an argument is NULL, and for
 * ATTAIN_NO_MEMORY. The report keeps the policy. */
ATTAIN_API attain_status attain_depends_run(attain_policy *policy, const attain_depends_options *options,
                                            attain_depends **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_depends_free(attain_depends *depends);
ATTAIN_API const attain_diagnostics *attain_depends_diagnostics(const attain_depends *depends);

typedef enum attain_dependence_kind {
    ATTAIN_DEPENDS_ON_FIELD,
    ATTAIN_DEPENDS_ON_TABLE,
    ATTAIN_DEPENDS_ON_PARAM,
    ATTAIN_DEPENDS_ON_MEASURE
} attain_dependence_kind;
typedef struct attain_dependence {
    attain_text component; /* empty: who is covered, and which periods are paid, of all components */
    attain_dependence_kind kind;
    attain_text table; /* of a field */
    attain_text name;
    size_t step_count; /* of a field: the path from the component */
} attain_dependence;
/* A step of a path: the component first, then measures and credits, the field last. */
typedef struct attain_dependence_step {
    attain_text name;
    attain_text file; /* of the policy; empty: it is not in its text */
    uint64_t line;
    size_t start, end; /* bytes */
} attain_dependence_step;
ATTAIN_API size_t attain_depends_count(const attain_depends *depends);
ATTAIN_API attain_status attain_depends_get(const attain_depends *depends, size_t index,
                                            attain_dependence *out, size_t size);
#define attain_depends_get(depends, index, out) attain_depends_get(depends, index, out, sizeof *(out))
ATTAIN_API attain_status attain_depends_step(const attain_depends *depends, size_t index, size_t step,
                                             attain_dependence_step *out, size_t size);
#define attain_depends_step(depends, index, step, out)                                                       \
    attain_depends_step(depends, index, step, out, sizeof *(out))
ATTAIN_API attain_status attain_depends_write(const attain_depends *depends, attain_report_format format,
                                              const attain_report_options *options, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* What a change of rows can affect, before anything is calculated: payees, components, and periods. The rows
 * are those after the change. A row with a key replaces the row with this key, if there is one. The answer
 * also holds if the rows are removed. It contains everything that changes, and may contain more. */
typedef struct attain_impact attain_impact;
typedef struct attain_changed_rows {
    const char *table;
    const char *csv; /* text with a header, as of a data file; read during the call */
    size_t length;
    const char *name; /* in messages; default: the table */
} attain_changed_rows;

/* Options of attain_run: periods, settings, payees, bad rows, memory, and the watch count. ATTAIN_USAGE: an
 * unknown table or column. ATTAIN_BAD_DATA: a bad row. In these cases, *out holds the diagnostics. */
ATTAIN_API attain_status attain_impact_run(attain_policy *policy, const attain_data *data,
                                           const attain_changed_rows *rows, size_t row_count,
                                           const attain_run_options *options,
                                           attain_impact **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_impact_free(attain_impact *impact);
ATTAIN_API const attain_diagnostics *attain_impact_diagnostics(const attain_impact *impact);

/* A payee and a component, whose pay can change from one period through another. In order of payees, then
 * components. */
typedef struct attain_affected {
    attain_text payee_key, component, from, through;
} attain_affected;
ATTAIN_API size_t attain_impact_count(const attain_impact *impact);
ATTAIN_API attain_status attain_impact_get(const attain_impact *impact, size_t index, attain_affected *out,
                                           size_t size);
#define attain_impact_get(impact, index, out) attain_impact_get(impact, index, out, sizeof *(out))
ATTAIN_API attain_status attain_impact_write(const attain_impact *impact, attain_report_format format,
                                             const attain_report_options *options, attain_write_fn write,
                                             void *context) ATTAIN_MUST_CHECK;

/* What plans cost if every payee reaches the same share of a target: the pay of all payees together, exact
 * and before rounding. The measure of each payee and period that is paid is the share of the target, and all
 * else is as the data says. Pools, groups, and ranks see the assumed measures of all members. */
typedef struct attain_model attain_model;
typedef struct attain_model_options {
    attain_run_options run; /* as of attain_run. `payees`: the cost is theirs; all reach the share */
    const char *vary;       /* a measure of each payee; default: the first sum of a credit, in money */
    const char *of; /* the target, of the same type: a measure, or a field of the payees; default: "quota" */
    const char
        *attainment; /* "60%..140%", the default: its ends, and 80%, 100%, and 120% if they are in it */
    const char
        *distribution; /* or CSV text with the columns attainment and probability: the expected value */
    size_t distribution_length;
    const char *distribution_name; /* in messages; default: "distribution" */
    const char *by;                /* a field of the payees: the cost of each of its values, too */
    bool curves;                   /* also the cost as a function of the share, which a page draws */
    uintptr_t reserved[4];         /* zero */
} attain_model_options;

/* Each policy is run alone, so they may be versions that cover the same payees. ATTAIN_USAGE: an unknown
 * name, a bad range or distribution, policies with different currencies or periods, or a measure on which no
 * pay depends. ATTAIN_BAD_POLICY, ATTAIN_BAD_DATA: as of attain_run. ATTAIN_OVERFLOW: a number became too
 * large. In these cases, *out holds the diagnostics. */
ATTAIN_API attain_status attain_model_run(attain_policy *const *policies, size_t policy_count,
                                          const attain_data *data, const attain_model_options *options,
                                          attain_model **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_model_free(attain_model *model);
ATTAIN_API const attain_diagnostics *attain_model_diagnostics(const attain_model *model);

/* By policy: of all payees by share, with a distribution the expected value, then of each group likewise. */
typedef struct attain_model_cost {
    size_t policy;
    bool all;                /* of all payees; otherwise of those with the value `group` in the field */
    attain_text group;       /* empty: they have none */
    attain_text attainment;  /* exact, such as "0.8"; empty: the expected value */
    attain_text probability; /* empty without a distribution */
    attain_text cost;        /* exact, such as "2500", or "1000/3" */
    size_t payees, unknown;  /* how many, and how many are left out: pay is withheld or is not known */
} attain_model_cost;
ATTAIN_API size_t attain_model_count(const attain_model *model);
ATTAIN_API attain_status attain_model_get(const attain_model *model, size_t index, attain_model_cost *out,
                                          size_t size);
#define attain_model_get(model, index, out) attain_model_get(model, index, out, sizeof *(out))
ATTAIN_API attain_status attain_model_write(const attain_model *model, attain_report_format format,
                                            const attain_report_options *options, attain_write_fn write,
                                            void *context) ATTAIN_MUST_CHECK;

/* How pay is distributed in a run: against performance, among payees, and between groups. No group of fewer
 * than five people is shown. Each number comes with a sentence on what it means and what it does not mean. */
typedef struct attain_fairness attain_fairness;
typedef struct attain_fairness_options {
    attain_run_options run;
    const char *performance;   /* a measure; default: `attainment`, or the credited amount */
    const char *credited;      /* a measure; default: the first sum of a credit that pay depends on */
    const char *const *fields; /* of the payee table; default: all that have groups */
    size_t field_count;
    uintptr_t reserved[4]; /* zero */
} attain_fairness_options;

/* Runs the policies, which have one currency. Statuses as of attain_run; ATTAIN_USAGE also for an unknown
 * measure or field (A1292), or several currencies (A1293). */
ATTAIN_API attain_status attain_fairness_run(attain_policy *const *policies, size_t policy_count,
                                             const attain_data *data, const attain_fairness_options *options,
                                             attain_fairness **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_fairness_free(attain_fairness *fairness);
ATTAIN_API const attain_diagnostics *attain_fairness_diagnostics(const attain_fairness *fairness);

/* A number, such as the Gini coefficient of pay. */
typedef struct attain_figure {
    const char *id;      /* "gini_pay"; static */
    attain_text exact;   /* "3/20"; empty: it is not defined, and `meaning` says why */
    attain_text shown;   /* as people read it, in the language of the run options */
    attain_text meaning; /* what it means, and what it does not mean */
} attain_figure;
ATTAIN_API size_t attain_fairness_count(const attain_fairness *fairness);
ATTAIN_API attain_status attain_fairness_get(const attain_fairness *fairness, size_t index,
                                             attain_figure *out, size_t size);
#define attain_fairness_get(fairness, index, out) attain_fairness_get(fairness, index, out, sizeof *(out))
ATTAIN_API attain_status attain_fairness_write(const attain_fairness *fairness, attain_report_format format,
                                               const attain_report_options *options, attain_write_fn write,
                                               void *context) ATTAIN_MUST_CHECK;

/* Teamwork: how the pay of each payee changes when a colleague sells one more: when a measure of the
 * colleague is larger by one, such as one dollar, in the last period that is paid. Slopes are exact, of the
 * pay before rounding, just above and just below the value that the data gives. */
typedef struct attain_team attain_team;

typedef struct attain_team_options {
    attain_run_options run; /* `period` or `through`: the period; default: the last one that is paid */
    const char *vary;       /* a measure; default: the first sum of a credit */
    uintptr_t reserved[4];  /* zero */
} attain_team_options;

/* Statuses as of attain_run. ATTAIN_USAGE: also if no pay depends on the measure (A1277). */
ATTAIN_API attain_status attain_team_run(attain_policy *const *policies, size_t policy_count,
                                         const attain_data *data, const attain_team_options *options,
                                         attain_team **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_team_free(attain_team *team);
ATTAIN_API const attain_diagnostics *attain_team_diagnostics(const attain_team *team);

/* Whether no payee gets less when another one sells more. */
typedef enum attain_helping {
    ATTAIN_HELPING_PROVED,  /* for all data */
    ATTAIN_HELPING_REFUTED, /* `worst` is a pair in which one loses */
    ATTAIN_HELPING_HOLDS,   /* for this data; not proved for other data */
    ATTAIN_HELPING_UNKNOWN  /* `unknown` slopes are not known */
} attain_helping;

typedef struct attain_team_summary {
    uint64_t pairs;   /* with an effect: attain_team_pair_get */
    uint64_t against; /* pairs of two payees of whom one loses */
    uint64_t unknown; /* slopes that are not known, because a rule does not give a function */
    attain_helping helping;
    uint64_t worst; /* index of a pair; UINT64_MAX: none */
} attain_team_summary;
ATTAIN_API attain_status attain_team_summary_get(const attain_team *team, attain_team_summary *out,
                                                 size_t size);
#define attain_team_summary_get(team, out) attain_team_summary_get(team, out, sizeof *(out))

/* The change of the pay of `payee` for one more unit of `seller`. Both can be the same. */
typedef struct attain_team_pair {
    attain_text seller, payee;
    attain_text above, below; /* slopes, "0.1" or "20/3"; empty: not known, or withheld */
    bool hurts;               /* the payee gets less when the seller, another payee, sells more */
} attain_team_pair;
ATTAIN_API attain_status attain_team_pair_get(const attain_team *team, uint64_t index, attain_team_pair *out,
                                              size_t size);
#define attain_team_pair_get(team, index, out) attain_team_pair_get(team, index, out, sizeof *(out))

/* As attain_curve_write. */
ATTAIN_API attain_status attain_team_write(const attain_team *team, attain_report_format format,
                                           const attain_report_options *options, attain_write_fn write,
                                           void *context) ATTAIN_MUST_CHECK;

/* ------------------------------------------------------------------------------------------------ 18.
 * answers
 *
 * Why a payout is not another amount. Each answer is a run of its own with other rows, or with another
 * version of the policy, so it is exact, to the minor unit. Nothing is estimated.
 */

/* The single changes that would give a payout the amount that a person expects. */
typedef struct attain_expected attain_expected;

typedef struct attain_expected_options {
    attain_run_options
        run; /* one payee in `payees`. `period`: default: the last one in which the payee is paid */
    const char *amount;     /* "11200" or "$11,200.00", in the currency of the policy. Required */
    const char *component;  /* default: all pay of the period */
    attain_policy *earlier; /* an earlier version: each of its edits is tried alone. May be NULL */
    uintptr_t reserved[4];  /* zero */
} attain_expected_options;

/* Runs the policies, and then tries changes of the data, one at a time, each in a run: a row that is missing,
 * that does not count, or that counts twice, and another amount, day, owner, or other value in a field of a
 * row. Statuses as of attain_run; ATTAIN_USAGE also if the payee, the period, or the amount is missing. That
 * no change gives the amount is ATTAIN_OK. */
ATTAIN_API attain_status attain_expected_run(attain_policy *const *policies, size_t policy_count,
                                             const attain_data *data, const attain_expected_options *options,
                                             attain_expected **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_expected_free(attain_expected *expected);
ATTAIN_API const attain_diagnostics *attain_expected_diagnostics(const attain_expected *expected);

typedef struct attain_expected_summary {
    attain_text payee_key, payee_label, period;
    const char *currency; /* of the amounts, which are in minor units with `digits` decimals */
    unsigned digits;
    bool withheld; /* the payout is withheld, and `paid` is zero */
    int64_t paid, wanted;
    size_t matches; /* the first ones of attain_expected_get give exactly the amount, the most likely first */
    size_t changes; /* with those whose pay is nearest to it, the nearest first */
    uint64_t tried; /* runs */
    bool all;       /* false: there are so many rows of others that not all of them were tried */
} attain_expected_summary;
ATTAIN_API attain_status attain_expected_summary_get(const attain_expected *expected,
                                                     attain_expected_summary *out, size_t size);
#define attain_expected_summary_get(expected, out) attain_expected_summary_get(expected, out, sizeof *(out))

typedef enum attain_change_kind {
    ATTAIN_CHANGE_FIELD,   /* `field` of the row has the value `after` instead of `before` */
    ATTAIN_CHANGE_EXTRA,   /* the row does not count; `like`: a row with the same values, if there is one */
    ATTAIN_CHANGE_TWICE,   /* the row counts twice */
    ATTAIN_CHANGE_MISSING, /* a row like `row` is missing, with `after` in `field` */
    ATTAIN_CHANGE_EDIT     /* an edit of the earlier version */
} attain_change_kind;

typedef struct attain_change {
    attain_change_kind kind;
    attain_text table, row, field; /* `row`: its key, or "deals.csv:12" */
    attain_text before, after;
    attain_text like;
    attain_text sentence; /* in the language of the run options */
    int64_t amount;       /* the payout with the change */
    uint64_t others;      /* how many other values of the field give the same amount */
    bool many;            /* all numbers from `after` on, or up to it, give the same amount */
} attain_change;
ATTAIN_API attain_status attain_expected_get(const attain_expected *expected, size_t index,
                                             attain_change *out, size_t size);
#define attain_expected_get(expected, index, out) attain_expected_get(expected, index, out, sizeof *(out))
/* ATTAIN_REPORT_TEXT or ATTAIN_REPORT_JSON. */
ATTAIN_API attain_status attain_expected_write(const attain_expected *expected, attain_report_format format,
                                               const attain_report_options *options, attain_write_fn write,
                                               void *context) ATTAIN_MUST_CHECK;

/* Why a payout differs from that of another period, or of another payee in the same period. The difference is
 * divided into five parts, which add up to it. Adjustments are the difference of what caps, floors, draws,
 * holds, clawbacks, and delays add or take away. The other four parts are Shapley values of runs in which the
 * two periods, or the two payees, exchange some of these inputs:
 *
 *     deals     rows that are credited, and rows connected with them
 *     quota     numbers and days of the payee, and of rows about the payee
 *     tree      managers and groups, and, of two periods, the rows of other payees
 *     rates     what is not exchanged: the policy as it applies to the payee and the period
 */
typedef struct attain_against attain_against;

typedef struct attain_against_options {
    attain_run_options
        run; /* one payee in `payees`. `period`: default: the last one in which the payee is paid */
    const char *component; /* default: all pay of the period */
    const char *period;    /* the other period; or */
    const char *payee;     /* the key of the other payee. One of the two is required, and the other is NULL */
    uintptr_t reserved[4]; /* zero */
} attain_against_options;

/* Runs the policies, and then at most eight times with exchanged rows. Statuses as of attain_run.
 * ATTAIN_USAGE also if the options do not name two payouts of one policy, a payout is withheld, or a run with
 * exchanged rows cannot calculate it. Then there are no parts, and the diagnostics name the reason. */
ATTAIN_API attain_status attain_against_run(attain_policy *const *policies, size_t policy_count,
                                            const attain_data *data, const attain_against_options *options,
                                            attain_against **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_against_free(attain_against *against);
ATTAIN_API const attain_diagnostics *attain_against_diagnostics(const attain_against *against);

typedef struct attain_against_summary {
    attain_text payee_key, period;             /* of this payout */
    attain_text other_payee_key, other_period; /* of the other one */
    const char *currency; /* of the amounts, which are in minor units with `digits` decimals */
    unsigned digits;
    int64_t paid, other_paid;
    size_t parts; /* they add up to paid - other_paid */
} attain_against_summary;
ATTAIN_API attain_status attain_against_summary_get(const attain_against *against,
                                                    attain_against_summary *out, size_t size);
#define attain_against_summary_get(against, out) attain_against_summary_get(against, out, sizeof *(out))

typedef struct attain_against_part {
    const char *name;  /* "deals", "quota", "tree", "rates", or "adjustments"; static */
    int64_t amount;    /* rounded by the largest-remainder method */
    int64_t numerator; /* the exact part is numerator / denominator minor units */
    int64_t denominator;
    attain_text sentence; /* in the language of the run options, with what both sides have */
} attain_against_part;
ATTAIN_API attain_status attain_against_part_get(const attain_against *against, size_t index,
                                                 attain_against_part *out, size_t size);
#define attain_against_part_get(against, index, out)                                                         \
    attain_against_part_get(against, index, out, sizeof *(out))
/* ATTAIN_REPORT_TEXT, _JSON, _HTML, or _MARKDOWN. As attain_curve_write. */
ATTAIN_API attain_status attain_against_write(const attain_against *against, attain_report_format format,
                                              const attain_report_options *options, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* The payouts of another system next to those of a run, with the cause of each difference: the way from a
 * spreadsheet or another product. */
typedef struct attain_reconciliation attain_reconciliation;

typedef struct attain_reconcile_options {
    attain_run_options run; /* `payees`, `from`, and `through` also select payouts of the other system */
    const char *csv;        /* text with the columns payee, period, and amount, and optionally component */
    size_t length;
    const char *name;          /* in messages; default: "payouts" */
    attain_policy *earlier;    /* an earlier version, whose edits are tried as causes. May be NULL */
    const char *const *limits; /* "different > 1%", "unexplained > 0", "total > 0.5%", "payout > $50" */
    size_t limit_count;        /* default: "different > 0" */
    uint64_t most_runs;        /* that searches for causes take; default: 200,000 */
    uintptr_t reserved[4];     /* zero */
} attain_reconcile_options;

/* Runs the policies, compares, and searches for the single change that would give each different payout.
 * Statuses as of attain_run; ATTAIN_USAGE also for a file or a limit that cannot be read. Exceeded limits are
 * ATTAIN_OK. */
ATTAIN_API attain_status attain_reconcile_run(attain_policy *const *policies, size_t policy_count,
                                              const attain_data *data,
                                              const attain_reconcile_options *options,
                                              attain_reconciliation **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_reconciliation_free(attain_reconciliation *reconciliation);
ATTAIN_API const attain_diagnostics *
attain_reconciliation_diagnostics(const attain_reconciliation *reconciliation);

typedef struct attain_reconciliation_summary {
    const char *currency; /* of the amounts, which are in minor units with `digits` decimals */
    unsigned digits;
    uint32_t payouts, equal, within, different; /* within: by at most one minor unit */
    uint32_t unexplained;                       /* different, without a cause or a class */
    uint32_t not_searched;                      /* different, but the runs were used up */
    int64_t ours, theirs;                       /* sums; theirs is rounded to the minor unit */
    uint64_t runs;
    bool go; /* no limit is exceeded */
} attain_reconciliation_summary;
ATTAIN_API attain_status attain_reconciliation_summary_get(const attain_reconciliation *reconciliation,
                                                           attain_reconciliation_summary *out, size_t size);
#define attain_reconciliation_summary_get(reconciliation, out)                                               \
    attain_reconciliation_summary_get(reconciliation, out, sizeof *(out))

/* A payout, or a component of it, by payee, period, and component. */
typedef struct attain_reconciled {
    attain_text payee_key, payee_label, period,
        component;        /* component: empty unless the other system has it */
    bool ours, theirs;    /* which systems have it */
    bool withheld;        /* ours is withheld */
    int64_t our_amount;   /* minor units */
    int64_t their_amount; /* rounded to minor units */
    const char *status;   /* "equal", "within", "different"; static */
    /* Of a different one: "line", "rate", "period", "owner", "value", "rounding", "unexplained"; static. */
    const char *type;
    attain_text cause; /* a sentence about the change that explains it; empty: none was found */
} attain_reconciled;
ATTAIN_API attain_status attain_reconciled_get(const attain_reconciliation *reconciliation, size_t index,
                                               attain_reconciled *out, size_t size);
#define attain_reconciled_get(reconciliation, index, out)                                                    \
    attain_reconciled_get(reconciliation, index, out, sizeof *(out))
ATTAIN_API attain_status attain_reconciliation_write(const attain_reconciliation *reconciliation,
                                                     attain_report_format format,
                                                     const attain_report_options *options,
                                                     attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* The value of one expression, such as the call of a function: for a person who writes a hook. */
typedef struct attain_call attain_call;

typedef struct attain_call_options {
    attain_run_options run; /* one payee in `payees`, and its `period`; or neither: no data is read, and
                             * `settings` must be empty. `from` and `through` must be NULL */
    const char *expression; /* "scaled($100, $70)". Required */
    uintptr_t reserved[4];  /* zero */
} attain_call_options;

/* Calculates the expression. Without a payee, it has constants, params, tables, and functions, and `data` may
 * be NULL. With one, it is calculated in a run on the data, and also reads measures, fields of the payee,
 * what components pay in the end, and `cell`. The policy does not change.
 *
 * ATTAIN_OK: the expression was calculated. It can fail: see attain_called. ATTAIN_USAGE: an error in the
 * expression, with its place in it, or in the arguments (A1340); no expression. Other statuses as of
 * attain_run. */
ATTAIN_API attain_status attain_call_run(attain_policy *policy, const attain_data *data,
                                         const attain_call_options *options,
                                         attain_call **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_call_free(attain_call *call);
/* Errors in the expression, in its arguments, and in data. The failure of a hook is one of them, with the
 * line of the Lua file as a label. A view. */
ATTAIN_API const attain_diagnostics *attain_call_diagnostics(const attain_call *call);

/* All texts are views of the call. */
typedef struct attain_called {
    attain_type type;     /* a reference to a row is TEXT: its key */
    const char *currency; /* of MONEY: "USD"; else empty */
    bool missing, failed; /* the value is missing, or could not be calculated */
    attain_text shown;    /* as a policy writes it: "$84.00", "12.5%"; a fraction: "20/3 (about 6.666667)" */
    attain_text exact;    /* without signs and units: "84", "12.5", "20/3" */
    attain_text reason;   /* of a hook, its second result; may be empty */
    size_t note_count;    /* attain_call_note */
    attain_text message;  /* why it failed, without the place; else empty */
    attain_text lua_file; /* of a hook that failed; may be empty */
    uint64_t lua_line;    /* from 1; 0: unknown */
    attain_text trace;    /* as in attain_reason */
} attain_called;
/* ATTAIN_USAGE unless attain_call_run returned ATTAIN_OK. */
ATTAIN_API attain_status attain_call_get(const attain_call *call, attain_called *out, size_t size);
#define attain_call_get(call, out) attain_call_get(call, out, sizeof *(out))
/* What the hook noted with attain.note, in order. ATTAIN_USAGE if the index is too large. */
ATTAIN_API attain_status attain_call_note(const attain_call *call, size_t index, attain_text *name,
                                          attain_text *value);
/* What hooks printed, and with `trace` in the options of the run, the lines of each call: of the payee and
 * period that were asked for. 0 for NULL. */
ATTAIN_API size_t attain_call_log_count(const attain_call *call);
ATTAIN_API attain_status attain_call_log(const attain_call *call, size_t index, attain_log_entry *out,
                                         size_t size);
#define attain_call_log(call, index, out) attain_call_log(call, index, out, sizeof *(out))
/* ATTAIN_REPORT_TEXT or ATTAIN_REPORT_JSON. A failure is in the JSON, and not in the text. */
ATTAIN_API attain_status attain_call_write(const attain_call *call, attain_report_format format,
                                           const attain_report_options *options, attain_write_fn write,
                                           void *context) ATTAIN_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
