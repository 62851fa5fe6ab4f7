/* attain.h: the public interface of libattain, and its manual. Read from top to bottom it takes a quarter of
 * an hour.
 *
 * Attain is a language in which a compensation designer writes a sales-commission policy. This library checks
 * a policy, runs it on sales data, and hands back payouts that are exact to the minor unit of the currency.
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
 * The order of this file is the order of use:
 *
 *      1  version                    5  policies              9  tests inside policies
 *      2  status                     6  data                 10  looking inside
 *      3  text, memory, writing      7  running             11  comparing versions
 *      4  diagnostics                8  results             12  explanations and statements
 *
 * Rules that hold everywhere
 *
 * - Errors. A function that can fail returns an attain_status and must be checked. What a person did wrong
 * (in a policy, in data) is told by diagnostics, which belong to the object that was made: a call that is
 * refused still makes its object, so that they can be read. Only where there was no memory for the object
 * itself is it NULL.
 * - Ownership. What a function named ..._new, ..._open, ..._compile, attain_run or attain_test makes is yours
 * and is released by its
 *   ..._free (policies: ..._release). Everything else that is returned is a view: never release it; it lives
 * as long as the object that it was asked of. Releasing NULL does nothing.
 * - Options. An options struct whose bytes are all zero means the defaults, and so does NULL in its place.
 * Strings in it are read during the call only; callbacks are called during the call only.
 * - Threads. The library has no global state. A policy does not change after the call that makes it, except
 *   for its count of owners, which is atomic. Any number of threads may pass the same policy, and the
 *   diagnostics of a policy, to any functions at the same time. Each thread that uses it needs an owner that
 *   outlives the use. Several runs and diffs may read the same attain_data at the same time, if no thread
 *   changes or frees it meanwhile. Every other object belongs to one thread at a time. A run starts threads
 * of its own only if its options allow more than one, and ends them before it returns.
 * - Memory. If memory fails, a call returns ATTAIN_NO_MEMORY and releases what it took. An object that
 * existed before the call is as it was, and the same call succeeds when there is memory again. Output that
 * was written before the failure is incomplete.
 * - Callbacks. A callback must return: it must not leave the call by longjmp or by an exception. It must not
 *   pass the object of the call to the library, except to functions that only read it.
 * - The library never prints, exits, reads the environment, looks at the locale or the clock, or touches
 * signals. It opens only the files that it is given: policies, what these `use`, and data.
 * - Numbers. Amounts are whole numbers of minor units (cents); nothing that is paid passes through a float.
 *
 * This header needs nothing but the C library, compiles as C99 and later and as C++11 and later.
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
 * The constants say which header the host was compiled with, the functions which library it runs with. While
 * the major version is 0, both must have the same minor version.
 */
#define ATTAIN_VERSION_MAJOR 0
#define ATTAIN_VERSION_MINOR 1
#define ATTAIN_VERSION_PATCH 0
#define ATTAIN_VERSION_NUMBER                                                                                \
    (ATTAIN_VERSION_MAJOR * 1000000 + ATTAIN_VERSION_MINOR * 1000 + ATTAIN_VERSION_PATCH)

ATTAIN_API const char *attain_version(void); /* "0.1.0" */
ATTAIN_API int attain_version_number(void);  /* ATTAIN_VERSION_NUMBER of the library */

/* ------------------------------------------------------------------------------------------------- 2. status
 */
typedef enum attain_status {
    ATTAIN_OK = 0,
    ATTAIN_BAD_POLICY = 1, /* the policy has errors, or several policies cover the same payee */
    ATTAIN_USAGE =
        2, /* an argument that cannot be meant: NULL, no such param, payee or period, an index too large */
    ATTAIN_BAD_DATA =
        3,         /* data has bad rows which are not to be skipped, or a `require` of the policy failed */
    ATTAIN_IO = 5, /* a file could not be read, or a write callback returned an error */
    ATTAIN_NO_MEMORY = 6, /* the allocator returned NULL */
    ATTAIN_CANCELLED = 7, /* the host's cancel flag was set */
    ATTAIN_OVERFLOW = 8   /* a sum of amounts does not fit its 64 bits: see section 8 */
} attain_status;

/* A short sentence in English without a full stop: "the policy has errors". Static; never NULL, also for
 * values not listed. */
ATTAIN_API const char *attain_status_text(attain_status status);

/* --------------------------------------------------------------------------------- 3. text, memory, writing
 */

/* Text that the library returns: UTF-8 bytes with a length, NOT ended by NUL. printf("%.*s", (int)t.length,
 * t.bytes). Where there is none, length is 0 and bytes may be NULL. Text which the host gives is a NUL-ended
 * string unless a length stands beside it. */
typedef struct attain_text {
    const char *bytes;
    size_t length;
} attain_text;

/* Allocates, resizes, and releases all memory of an object. `resize` allocates if ptr is NULL, and releases
 * if new_size is 0 (its result is then ignored). It returns NULL if there is no memory: the call then ends
 * with ATTAIN_NO_MEMORY. Memory must be aligned as malloc's is. The sizes are those of the earlier call.
 *
 * If an attain_allocator or its `resize` is NULL, the C library's malloc is used. An allocator is copied into
 * the object, and its context must live as long as the object. Calls that take a policy and make no object
 * (attain_policy_dump, attain_policy_format) use the policy's allocator; those that take results or a diff
 * use theirs. Several threads call `resize` at the same time if a run uses several threads, or if several
 * threads share a policy. */
typedef struct attain_allocator {
    void *(*resize)(void *context, void *ptr, size_t old_size, size_t new_size);
    void *context;
} attain_allocator;

/* Takes a piece of output, usually some 32 KB. Returns 0, or anything else to stop: the call under way writes
 * nothing more and ends with ATTAIN_IO. The bytes are lent for the call. */
typedef int (*attain_write_fn)(void *context, const char *bytes, size_t length);

/* Writes text as a person may see it, for a terminal or a log. Text that the library returns is as the policy
 * and the data have it, so that it may hold characters that move the cursor, reorder what is next to them, or
 * hide. Here, each of these becomes a picture (U+241B for ESC) or its code (\u{202E}), and a byte that is not
 * UTF-8 becomes U+FFFD. A line end becomes a picture as well. What attain_..._write writes as text is visible
 * already. Any thread may call this. */
ATTAIN_API attain_status attain_visible_write(const char *bytes, size_t length, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* -------------------------------------------------------------------------------------------- 4. diagnostics
 *
 * What was found in a policy, in data, or in the arguments of a run; all of it, most important first within a
 * place. A list is a view of its policy, results or tests.
 */
typedef struct attain_diagnostics attain_diagnostics;

typedef enum attain_severity { ATTAIN_ERROR, ATTAIN_WARNING, ATTAIN_NOTE } attain_severity;

typedef struct attain_diagnostic {
    const char *code; /* "A0301": never changes its meaning; see the reference */
    attain_severity severity;
    attain_text file; /* as messages show it; empty: not of a place */
    uint64_t line;    /* from 1; 0: not known */
    uint32_t column;  /* from 1, in characters; in data files the number of the field; 0: the whole line */
    uint64_t end_line;
    uint32_t end_column;  /* first column after it; 0: not known */
    attain_text message;  /* one sentence, no newline */
    attain_text help;     /* how to mend it; may be empty */
    attain_text note;     /* further facts; may be empty */
    uint32_t label_count; /* words set under other places: "money", "number" */
} attain_diagnostic;

typedef struct attain_label {
    attain_text file, text;
    uint64_t line, end_line;
    uint32_t column, end_column;
} attain_label;

typedef enum attain_diagnostics_format {
    ATTAIN_DIAGNOSTICS_TEXT,  /* lines of the source with carets, for people */
    ATTAIN_DIAGNOSTICS_COLOR, /* the same with ANSI colours */
    ATTAIN_DIAGNOSTICS_JSON   /* one JSON object a line */
} attain_diagnostics_format;

/* How many are kept (a list stops keeping at 1,000), and how many errors and warnings there were, kept or
 * not. 0 for NULL. */
ATTAIN_API size_t attain_diagnostics_count(const attain_diagnostics *list);
ATTAIN_API uint64_t attain_diagnostics_errors(const attain_diagnostics *list);
ATTAIN_API uint64_t attain_diagnostics_warnings(const attain_diagnostics *list);

/* Fills *out with diagnostic number `index`, or with its label number `label`. ATTAIN_USAGE where there is
 * none. */
ATTAIN_API attain_status attain_diagnostics_get(const attain_diagnostics *list, size_t index,
                                                attain_diagnostic *out);
ATTAIN_API attain_status attain_diagnostics_label(const attain_diagnostics *list, size_t index, size_t label,
                                                  attain_label *out);

/* Writes the first `limit` (0: 100) of the list; the text forms say how many more there are. An empty list
 * writes nothing. JSON has no limit. */
ATTAIN_API attain_status attain_diagnostics_write(const attain_diagnostics *list,
                                                  attain_diagnostics_format format, uint32_t limit,
                                                  attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* ----------------------------------------------------------------------------------------------- 5. policies
 *
 * A policy is checked text: immutable, counted by reference, shared by threads. Several policies (one for
 * each role, say) are several objects, run together by attain_run.
 */
typedef struct attain_policy attain_policy;

/* What a loader hands over. The bytes are copied during the call. */
typedef struct attain_loaded {
    const char *bytes;
    size_t length;
    const char *name; /* as messages should show it; NULL: the name that was wanted */
    const char *why;  /* where false is returned: the reason, for the message; may be NULL */
    /* Called once for each text that was loaded, when it is copied or cannot be; may be NULL. */
    void (*release)(void *context, struct attain_loaded *loaded);
    bool outside; /* where false is returned: the policy may not read this file; reported as A0133 */
} attain_loaded;

/* Serves `use "wanted"`, `table … from "wanted"` and `function … from lua "wanted"` met in the file `from`.
 * False: there is no such file. "std/…" is served by the library itself and never asked for.
 *
 * The name in *loaded identifies the file: a file that was loaded under this name is not loaded again, and a
 * file that uses its own name is an error. Give every spelling of a file the same name. If the name is NULL,
 * "f", "./f", and "a/../f" are one file. The loader decides which files a policy may read. A policy reads at
 * most 1,000 files with 256 MB together. */
typedef bool (*attain_load_fn)(void *context, const char *from, const char *wanted, attain_loaded *loaded);

/* How far a text is worked. */
typedef enum attain_stage {
    ATTAIN_STAGE_CHECK = 0, /* everything: the policy can be run */
    ATTAIN_STAGE_SYNTAX, /* words and sentences only, `use` not followed: it can be formatted and dumped, not
                            run */
    ATTAIN_STAGE_TOKENS  /* words only: it can be dumped as tokens */
} attain_stage;

typedef struct attain_policy_options {
    attain_stage stage;
    attain_load_fn load; /* NULL: attain_policy_open reads files beside the policy; attain_policy_compile has
                            none but "std/…" */
    void *load_context;
    const attain_allocator *allocator;

    /* Which files a policy may name: for attain_policy_open without `load`, and for default sources of data.
     * NULL: those in the folder of the policy and below it, after links are followed. Otherwise those under
     * the folder `root`, which contains the policy. Other files are errors (A0133, A0735), and it is not
     * looked at whether they exist. The folder of a policy is the folder in its path, with its links
     * followed; if the policy's own file is a link, this leads to a file under the root too. */
    const char *root;
    bool allow_outside;    /* every file of the computer may be named, and `root` does not count */
    volatile int *cancel;  /* set it to non-zero from any thread or signal handler to stop soon, also while a
                              Lua file is loaded; may be NULL */
    uintptr_t reserved[1]; /* zero */
} attain_policy_options;

/* Compiles a policy from `length` bytes of UTF-8 at `text`, which are copied. `name` is what messages call it
 * (NULL: "policy"). ATTAIN_OK (there may be warnings), ATTAIN_BAD_POLICY, ATTAIN_USAGE (nothing made),
 * ATTAIN_NO_MEMORY, ATTAIN_CANCELLED (nothing made). *out is made also for ATTAIN_BAD_POLICY, to read its
 * diagnostics. */
ATTAIN_API attain_status attain_policy_compile(const char *name, const char *text, size_t length,
                                               const attain_policy_options *options,
                                               attain_policy **out) ATTAIN_MUST_CHECK;

/* The same from a file. ATTAIN_IO where it cannot be read (a diagnostic says why), is not an ordinary file,
 * or is not under `root`. Where the policy names default sources of data, they are looked for in the folder
 * of this file. */
ATTAIN_API attain_status attain_policy_open(const char *path, const attain_policy_options *options,
                                            attain_policy **out) ATTAIN_MUST_CHECK;

/* One more owner; returns its argument. Each owner calls attain_policy_release once; the last one frees the
 * policy. Any thread. */
ATTAIN_API attain_policy *attain_policy_retain(attain_policy *policy);
ATTAIN_API void attain_policy_release(attain_policy *policy);

ATTAIN_API const attain_diagnostics *attain_policy_diagnostics(const attain_policy *policy);
ATTAIN_API bool attain_policy_ok(const attain_policy *policy); /* it can be run */

/* What the policy statement says; empty or 0 where it was not understood. */
ATTAIN_API attain_text attain_policy_name(const attain_policy *policy);
ATTAIN_API uint32_t attain_policy_version(const attain_policy *policy);
ATTAIN_API const char *attain_policy_currency(const attain_policy *policy); /* "USD" */
ATTAIN_API uint32_t attain_policy_digits(const attain_policy *policy);      /* of the minor unit: 2 */

/* The tables a run needs data for, in the order of the policy. */
typedef struct attain_table {
    attain_text name;   /* "deal": what attain_data binds */
    attain_text source; /* the file its statement names; may be empty */
    bool payee;         /* it lists the payees */
} attain_table;
ATTAIN_API size_t attain_policy_table_count(const attain_policy *policy);
ATTAIN_API attain_status attain_policy_table(const attain_policy *policy, size_t index, attain_table *out);

/* The files that were read to compile the policy: its own (after attain_policy_open), then those named by
 * `use`, `table ... from`, and `function ... from lua`, in the order of reading, each once, by the name under
 * which it was opened or which the loader gave it. Files of the standard library are not among them. For
 * hosts that compile again when a file changes, or that must not write over one. Views, valid until the
 * policy is released; 0 for NULL. ATTAIN_USAGE if the index is too large. Any thread. */
ATTAIN_API size_t attain_policy_file_count(const attain_policy *policy);
ATTAIN_API attain_status attain_policy_file(const attain_policy *policy, size_t index, attain_text *out);

/* Writes the policy's own file in the one layout: comments kept, nothing but the layout changed; formatting
 * twice changes nothing. Made for ATTAIN_STAGE_SYNTAX (and CHECK). ATTAIN_BAD_POLICY, nothing written, where
 * the text has a syntax error. */
ATTAIN_API attain_status attain_policy_format(const attain_policy *policy, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* --------------------------------------------------------------------------------------------------- 6. data
 *
 * Where the rows of each table come from: a list of bindings by table name, reused for as many runs as you
 * like. Nothing is opened before a run. A table that is not bound is read from the file which its statement
 * names, in the directory set here, or else beside the policy's file.
 */
typedef struct attain_data attain_data;

ATTAIN_API attain_status attain_data_new(const attain_allocator *allocator,
                                         attain_data **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_data_free(attain_data *data);

/* The folder in which default sources are looked for. After links are followed, a source must be in this
 * folder or below it, or where the policy may read files (attain_policy_options). Files that are bound by
 * name are not restricted. */
ATTAIN_API attain_status attain_data_set_directory(attain_data *data, const char *path) ATTAIN_MUST_CHECK;

/* Whether default sources may be any files of the computer. Default: no. Does nothing for NULL. */
ATTAIN_API void attain_data_allow_outside(attain_data *data, bool allow);

/* Binds a table to a CSV file (RFC 4180, UTF-8; columns in any order, by header), or to CSV text in memory,
 * which is not copied and must live until the last run on it and its results are gone. `name` is what
 * messages call the text (NULL: the table's name). Binding a table again replaces the binding. A binding that
 * no policy of a run has a table for is ATTAIN_USAGE in that run. */
ATTAIN_API attain_status attain_data_bind_file(attain_data *data, const char *table,
                                               const char *path) ATTAIN_MUST_CHECK;
ATTAIN_API attain_status attain_data_bind_memory(attain_data *data, const char *table, const char *csv,
                                                 size_t length, const char *name) ATTAIN_MUST_CHECK;

/* ------------------------------------------------------------------------------------------------ 7. running
 */
typedef struct attain_results attain_results;

/* A row that is left out because it is bad: its file, its line (from 1) and its text as it stands in the
 * file. */
typedef void (*attain_bad_row_fn)(void *context, attain_text file, uint64_t line, attain_text row);
/* Bytes of data read, and to be read in all (0: not known). Called once for some
 * megabytes, on the thread that called attain_run. */
typedef void (*attain_progress_fn)(void *context, uint64_t done, uint64_t all);

/* A figure that replaces a `param`: name "base", value "9%", both as a policy would write them. */
typedef struct attain_setting {
    const char *name, *value;
} attain_setting;

typedef struct attain_run_options {
    const attain_setting *settings;
    size_t setting_count;

    /* Which periods are paid: "2026-Q1"; a period longer than the policy's means all the policy's periods in
     * it. `period` is short for the same `from` and `through`. NULL: from the start of the effective range,
     * through the last period in which a row is credited. */
    const char *period, *from, *through;

    /* Keys of the payees whose lines are wanted; everybody is worked out all the same, because pools need all
     * of them. NULL: everybody. */
    const char *const *payees;
    size_t payee_count;

    bool zeros;         /* keep lines of zero, which are left out otherwise */
    bool skip_bad_rows; /* leave bad rows out and pay on the others; otherwise one bad row refuses the run */
    attain_bad_row_fn on_bad_row; /* called for each row left out, in order; may be NULL */
    void *bad_row_context;

    unsigned threads;     /* how many to use, at most; 0: 1. The results are the same bytes for any number */
    volatile int *cancel; /* set it to non-zero from any thread or signal handler to stop soon; may be NULL */
    attain_progress_fn progress;
    void *progress_context;

    const attain_allocator *allocator;

    /* Limits of functions in Lua. A call that passes one is stopped, and its cell is withheld. A step is
     * about one instruction of Lua. */
    uint64_t hook_steps;     /* of one call; 0: 10 million */
    uint64_t hook_run_steps; /* of all calls of a policy's run together, which is refused beyond; 0: 10,000
                                million */
    size_t hook_memory;      /* bytes that the functions may hold, for each thread; 0: 8 MB */

    uintptr_t reserved[5]; /* zero */
} attain_run_options;

/* Runs policies over data. A payee may be covered by one policy only. The results hold on to the policies by
 * themselves; `data` may be freed after the call, texts bound from memory may not.
 *
 * ATTAIN_OK also where cells were withheld: see attain_results_withheld_count. ATTAIN_BAD_POLICY: a policy
 * that had errors was given, or a payee is covered twice. ATTAIN_USAGE: a setting, period, payee or binding
 * that fits nothing. ATTAIN_BAD_DATA, ATTAIN_IO: nothing is paid. ATTAIN_CANCELLED. In all these cases *out
 * holds the diagnostics and no lines. ATTAIN_USAGE with *out NULL: an argument is NULL. */
ATTAIN_API attain_status attain_run(attain_policy *const *policies, size_t policy_count,
                                    const attain_data *data, const attain_run_options *options,
                                    attain_results **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_results_free(attain_results *results);

/* Bad rows, `require` failures, arguments that fit nothing. */
ATTAIN_API const attain_diagnostics *attain_results_diagnostics(const attain_results *results);

/* ------------------------------------------------------------------------------------------------ 8. results
 *
 * The amount of a line fits 64 bits; a cell with a larger one is withheld. Sums of lines are exact inside the
 * library, and in everything that it writes. A function whose result holds such a sum returns ATTAIN_OVERFLOW
 * if 64 bits do not hold it: the amount is then 0, and everything else in the result is right. Take the sum
 * from attain_results_write (or attain_diff_write), or add the lines in a wider type.
 */

/* A payout line. Lines come ordered by payee key (code points), period, the policy's order of components,
 * then line key. */
typedef struct attain_line {
    attain_text payee_key, payee_label;
    attain_text period;    /* "2026-Q1" */
    attain_text component; /* "commission", "cap total" */
    attain_text line_key;  /* of the credited row for `per` components; else empty */
    int64_t amount;        /* minor units; may be negative */
    uint32_t digits;       /* how many decimals a minor unit is: 2 for USD, 0 for JPY */
    const char *currency;  /* "USD" */
    uint32_t policy;       /* index into the policies of the run */
} attain_line;
ATTAIN_API uint64_t attain_results_line_count(const attain_results *results);
ATTAIN_API attain_status attain_results_line(const attain_results *results, uint64_t index, attain_line *out);

/* Payees in order of their keys, those covered by no policy among them. `amount` is the sum of the payee's
 * lines. ATTAIN_OVERFLOW: see above. */
typedef struct attain_payee {
    attain_text key, label;
    bool covered;
    uint32_t policy; /* which covers it */
    int64_t amount;
    uint32_t digits;
    const char *currency;
    bool overflow; /* 64 bits do not hold the amount, and it is 0: for callbacks, which get no status */
} attain_payee;
ATTAIN_API size_t attain_results_payee_count(const attain_results *results);
ATTAIN_API attain_status attain_results_payee(const attain_results *results, size_t index, attain_payee *out);

/* Components in the order of the policies. `amount` is the sum of the component's lines. ATTAIN_OVERFLOW: see
 * above. */
typedef struct attain_component {
    attain_text name, label; /* the label is empty where the policy gives none */
    uint32_t policy;
    int64_t amount;
    uint32_t digits;
    const char *currency;
} attain_component;
ATTAIN_API size_t attain_results_component_count(const attain_results *results);
ATTAIN_API attain_status attain_results_component(const attain_results *results, size_t index,
                                                  attain_component *out);

/* One total for each currency, in the order in which the policies bring them. ATTAIN_OVERFLOW: see above. */
typedef struct attain_total {
    const char *currency;
    uint32_t digits;
    int64_t amount;
} attain_total;
ATTAIN_API size_t attain_results_total_count(const attain_results *results);
ATTAIN_API attain_status attain_results_total(const attain_results *results, size_t index, attain_total *out);

/* A cell (payee and period) that is not paid because something in it has no value: divided by zero, found in
 * no table. `period` is empty for a payee of whom `applies to` cannot decide: no period is paid. Payee and
 * period are empty for a row whose date cannot be calculated. */
typedef struct attain_withheld {
    attain_text payee_key, payee_label, period;
    const char *code;   /* "A0801" */
    attain_text reason; /* "attainment: divided by zero: quota is $0.00" */
    attain_text file;   /* of the policy, or of the row of data it came from */
    uint64_t line;
    uint32_t column;
    uint32_t policy;
} attain_withheld;
ATTAIN_API size_t attain_results_withheld_count(const attain_results *results);
ATTAIN_API attain_status attain_results_withheld(const attain_results *results, size_t index,
                                                 attain_withheld *out);

/* The run in figures. */
typedef struct attain_summary {
    uint64_t payees;            /* rows of the payee table */
    uint64_t payees_covered;    /* by one of the policies */
    uint64_t payees_paid;       /* with at least one line that is not zero */
    uint64_t periods;           /* of the policy with the most */
    uint64_t lines;             /* in the results */
    uint64_t withheld;          /* cells */
    uint64_t rows_credited;     /* (row, payee) pairs, all credits and aggregates of `data` */
    uint64_t rows_out_of_range; /* dated outside the effective range, and so not credited */
    uint64_t rows_left_out;     /* bad rows, with skip_bad_rows */
} attain_summary;
ATTAIN_API attain_status attain_results_summary(const attain_results *results, attain_summary *out);

typedef enum attain_results_format {
    ATTAIN_RESULTS_TABLE,  /* for people: payees by components, totals, what was withheld and left out */
    ATTAIN_RESULTS_CSV,    /* payee,period,component,line,amount,currency */
    ATTAIN_RESULTS_JSON,   /* one object: policies, lines, totals, withheld, summary */
    ATTAIN_RESULTS_SUMMARY /* the last part of TABLE only; nothing where there is nothing to say */
} attain_results_format;

typedef struct attain_results_options {
    uint32_t width;        /* columns of the terminal for TABLE; 0: as wide as it needs to be */
    bool color;            /* ANSI colours in TABLE and SUMMARY */
    bool safe_csv;         /* put a ' before cells that a spreadsheet would run as a formula */
    uintptr_t reserved[4]; /* zero */
} attain_results_options;
ATTAIN_API attain_status attain_results_write(const attain_results *results, attain_results_format format,
                                              const attain_results_options *options, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

/* ------------------------------------------------------------------------------- 9. tests inside policies
 *
 * Runs the `test` statements of a policy (its own and those of files beside it that it uses). Each test runs
 * on its own rows, without any file.
 */
typedef struct attain_tests attain_tests;

typedef struct attain_test_options {
    const char *filter; /* only tests whose name contains this; NULL: all */
    const attain_allocator *allocator;
    volatile int *cancel;
    uint64_t hook_steps; /* limits of functions in Lua, as for a run; each test is a run of its own */
    uint64_t hook_run_steps;
    size_t hook_memory;
    uintptr_t reserved[1]; /* zero */
} attain_test_options;

typedef struct attain_test_result {
    attain_text name;
    bool passed;
    attain_text file;
    uint64_t line;
    uint32_t column;
    attain_text problem; /* why the test could not be run at all; empty otherwise */
    uint32_t expectation_count;
} attain_test_result;

typedef struct attain_expectation {
    bool passed;
    attain_text text; /* `commission for "ana" in 2026-Q1` */
    attain_text expected, got,
        difference;   /* as people write them; difference is empty where there is none to tell */
    attain_text note; /* what explains the result: why a cell is withheld, say; may be empty */
    attain_text file;
    uint64_t line;
    uint32_t column;
} attain_expectation;

/* ATTAIN_OK: the tests ran, and some may have failed. ATTAIN_BAD_POLICY: the policy has errors. */
ATTAIN_API attain_status attain_test(attain_policy *policy, const attain_test_options *options,
                                     attain_tests **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_tests_free(attain_tests *tests);
ATTAIN_API size_t attain_tests_count(const attain_tests *tests);
ATTAIN_API size_t attain_tests_failed(const attain_tests *tests);
ATTAIN_API attain_status attain_tests_get(const attain_tests *tests, size_t index, attain_test_result *out);
ATTAIN_API attain_status attain_tests_expectation(const attain_tests *tests, size_t index, size_t expectation,
                                                  attain_expectation *out);

/* ---------------------------------------------------------------------------------------- 10. looking inside
 *
 * The data structures that carry the pipeline, printed. The forms are for people and for the library's own
 * tests, and may change.
 */
typedef enum attain_dump {
    ATTAIN_DUMP_TOKENS,  /* one a line: kind, place, text */
    ATTAIN_DUMP_AST,     /* s-expressions of the policy's own file */
    ATTAIN_DUMP_PLAN,    /* the columns that a run works out, in order */
    ATTAIN_DUMP_PLAN_DOT /* the same as a graph for Graphviz */
} attain_dump;
/* ATTAIN_BAD_POLICY where the policy did not come as far as that; ATTAIN_USAGE where its stage does not hold
 * it. */
ATTAIN_API attain_status attain_policy_dump(const attain_policy *policy, attain_dump what,
                                            attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* The standard library's files, which `use "std/…"` finds: their names and texts. False where there is none
 * of that number. */
ATTAIN_API bool attain_standard_file(size_t index, attain_text *name, attain_text *text);

/* --------------------------------------------------------------------------------- 11. comparing versions
 *
 * Two versions of a policy over the same data, or one policy over two sets of data: who gets more or less,
 * which edits of the policy there are, and how much of each difference each edit caused.
 */
typedef struct attain_diff attain_diff;

typedef struct attain_diff_options {
    attain_run_options run;      /* settings, periods, threads and so on, as of a run; zeros do not count */
    const attain_data *old_data; /* what the old version runs on; NULL: the same as the new one */
    bool attribution;            /* work out the causes as well: further versions in between are run */
    bool explanations;     /* explain both amounts of those whose pay changes most: the page of HTML shows
                              them; each takes a pass over the data */
    uintptr_t reserved[4]; /* zero */
} attain_diff_options;

/* Runs both versions and puts them side by side. Both must pay in one currency and by one kind of period. The
 * policies are held on to; `data` may be freed after the call. Statuses as of attain_run; *out is made for
 * all but NULL arguments and ATTAIN_NO_MEMORY, to read its diagnostics. Attribution is left out (no causes)
 * where versions in between cannot be made. */
ATTAIN_API attain_status attain_diff_run(attain_policy *before, attain_policy *after, const attain_data *data,
                                         const attain_diff_options *options,
                                         attain_diff **out) ATTAIN_MUST_CHECK;
ATTAIN_API void attain_diff_free(attain_diff *diff);
ATTAIN_API const attain_diagnostics *attain_diff_diagnostics(const attain_diff *diff);

/* Amounts are minor units. `credited_…` is the sum of what the first measure over a credit adds up: the cost
 * of the plan is a share of it.
 *
 * A payout is what a payee gets for a period, all components together. What is withheld counts as nothing
 * paid. A payee who is in one set of data only gets nothing in the other version. `winners` get more in
 * total, `losers` less. `moved` get the same in total, but some payout changes, or is withheld in one version
 * only. The other payees get the same in each period.
 *
 * ATTAIN_OVERFLOW: an amount does not fit, and is 0; the rest is right. */
typedef struct attain_diff_summary {
    int64_t before, after, credited_before, credited_after;
    uint32_t digits;
    const char *currency;
    size_t payees, winners, losers, moved;
    uint64_t rows;
    size_t edits, causes;
    bool shapley; /* the parts of the causes are Shapley values: the mean over all orders; otherwise those of
                     the policy's own order */
} attain_diff_summary;
ATTAIN_API attain_status attain_diff_summary_get(const attain_diff *diff, attain_diff_summary *out);

/* A payee, period and component in which a version pays or withholds; in the order of a run's lines. */
typedef struct attain_diff_row {
    attain_text payee_key, payee_label, component;
    struct {
        uint8_t kind;    /* 0 month, 1 quarter, 2 half, 3 year */
        int32_t ordinal; /* consecutive periods have consecutive numbers */
    } period;
    int64_t before, after;
    bool withheld_before, withheld_after;
} attain_diff_row;
ATTAIN_API attain_status attain_diff_row_get(const attain_diff *diff, uint64_t index, attain_diff_row *out);

/* An edit: "rates accelerator", "step from 100%: 12% → 13%". `pays` tells whether it could change a payout at
 * all. */
typedef struct attain_diff_edit {
    attain_text subject, words;
    bool pays;
} attain_diff_edit;
ATTAIN_API attain_status attain_diff_edit_get(const attain_diff *diff, size_t index, attain_diff_edit *out);

/* A cause: an edit, edits that only make sense together, or the change of data; and its part of the whole
 * difference. ATTAIN_OVERFLOW: the amount does not fit, and is 0. */
typedef struct attain_diff_cause {
    attain_text words;
    int64_t amount;
    bool is_data;
} attain_diff_cause;
ATTAIN_API attain_status attain_diff_cause_get(const attain_diff *diff, size_t index, attain_diff_cause *out);
/* How much of a row's difference a cause brought about. The parts of a row add up to it exactly.
 * ATTAIN_OVERFLOW: *out does not fit, and is 0. */
ATTAIN_API attain_status attain_diff_part(const attain_diff *diff, uint64_t row, size_t cause, int64_t *out);

typedef enum attain_diff_format {
    ATTAIN_DIFF_TABLE,     /* for people: cost, edits, causes, who gets more or less */
    ATTAIN_DIFF_MARKDOWN,  /* the same for a pull request */
    ATTAIN_DIFF_CSV,       /* payee,period,component,old,new,delta: rows that differ */
    ATTAIN_DIFF_PARTS_CSV, /* payee,period,component,edit,amount: parts of what differs */
    ATTAIN_DIFF_JSON,      /* everything, as one object */
    ATTAIN_DIFF_HTML       /* one self-contained page for reviewers */
} attain_diff_format;
ATTAIN_API attain_status attain_diff_write(const attain_diff *diff, attain_diff_format format,
                                           const attain_results_options *options, attain_write_fn write,
                                           void *context) ATTAIN_MUST_CHECK;

/* Whether a limit is passed: "total > +3%", "total > 5000", "any payee < -10%". The right side is a share of
 * the old pay, or an amount of the currency. The left side is a change in pay:
 *
 *     total      of all payees over all periods compared
 *     any payee  of each payee for each period, and of each payee over all periods
 *
 * Pay that moves from one period to another therefore passes "any payee < -1%", though the payee's total is
 * the same. Old pay of zero has no share: a rise from zero passes every limit of the form "> N%", and a fall
 * from zero every "< N%". If old and new pay are zero, no limit in percent is passed. What is withheld counts
 * as nothing paid, and so does pay in a version that does not have the payee.
 *
 * *hit: a limit is passed. *who: the key of the first payee that passes it ("any payee" only; else empty).
 * ATTAIN_USAGE: the text is not a limit. ATTAIN_NO_MEMORY. */
ATTAIN_API attain_status attain_diff_limit(const attain_diff *diff, const char *limit, bool *hit,
                                           attain_text *who);
/* The same, with the period in which the payee passes the limit, such as "2026-01": the first one. Empty if
 * only the payee's pay over all periods passes it. Valid until the diff is freed. */
ATTAIN_API attain_status attain_diff_limit_in(const attain_diff *diff, const char *limit, bool *hit,
                                              attain_text *who, attain_text *period);

/* ------------------------------------------------------------------------ 12. explanations and statements
 *
 * Why a payee is paid what is paid, in sentences, from the payout back to the deals: each step with its
 * figures, and with the text of the policy that it follows. What is shown adds up to the payout exactly; a
 * figure that is shortened for reading begins with ≈, and JSON has it exactly, as a decimal or a fraction.
 *
 * Deals are read again, once for each credit: files and texts that the run was given must still be there and
 * unchanged, and so must the run's cancel flag.
 */
typedef enum attain_explain_format {
    ATTAIN_EXPLAIN_TEXT,     /* an indented tree for people */
    ATTAIN_EXPLAIN_MARKDOWN, /* headings and nested lists */
    ATTAIN_EXPLAIN_JSON,     /* an array with an object for each payee and period */
    ATTAIN_EXPLAIN_STATEMENT /* HTML: one self-contained page for one payee, to be read by that payee: names
                                and figures of others are left out */
} attain_explain_format;

typedef struct attain_explain_options {
    const char *payee; /* key; NULL: everybody. A statement needs it */
    const char
        *period; /* "2026-Q1"; NULL: every period with lines (keep zeros in the run to have them all) */
    const char *component; /* NULL: all */
    const char *language;  /* "en", "zh"; NULL: English. Names stay as the policy has them */
    bool all;              /* every deal and member, not only the largest five */
    attain_explain_format format;
    uint32_t width;        /* columns of the terminal for TEXT; 0: 100 */
    bool color;            /* ANSI colours in TEXT */
    uintptr_t reserved[4]; /* zero */
} attain_explain_options;

/* Writes explanations of results that attain_run paid, ordered by payee key, then period. ATTAIN_USAGE: no
 * such payee, period, component or language (a diagnostic of the results says which), or the results hold no
 * payouts. ATTAIN_IO, ATTAIN_BAD_DATA where a file is not what it was, ATTAIN_CANCELLED, ATTAIN_NO_MEMORY.
 * The results stay as they are. */
ATTAIN_API attain_status attain_explain(attain_results *results, const attain_explain_options *options,
                                        attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* Statements of everybody who is covered, in one go. `begin` is called for each payee: 0 to have the page
 * written by `write`, 1 to leave this payee out, -1 to stop; `end` with the page's status (ATTAIN_OK,
 * ATTAIN_IO, ATTAIN_NO_MEMORY): not 0 to stop. `end` is called for every page that `begin` wants written.
 * Options as of attain_explain, `payee` and `format` do not count. ATTAIN_IO where it was stopped. */
typedef struct attain_statement_pages {
    int (*begin)(void *context, const attain_payee *payee);
    attain_write_fn write;
    int (*end)(void *context, attain_status status);
    void *context;
} attain_statement_pages;
ATTAIN_API attain_status attain_statements(attain_results *results, const attain_explain_options *options,
                                           const attain_statement_pages *pages) ATTAIN_MUST_CHECK;

/* The page that lists the statements of a run: for each payee who is covered, a link to what `name` calls the
 * file of that payee, whose address is written as it stands; `name` writes at most `room` bytes and returns
 * their number, 0 to leave the payee out. */
typedef size_t (*attain_statement_name_fn)(void *context, const attain_payee *payee, char *out, size_t room);
ATTAIN_API attain_status attain_statement_index(attain_results *results, const char *language,
                                                attain_statement_name_fn name, void *name_context,
                                                attain_write_fn write, void *context) ATTAIN_MUST_CHECK;

/* Proves that explanations add up: tells each sum of each explanation anew, and compares with the lines.
 * `checked` counts payees and periods, `wrong` those that do not add up, which are written, one a line.
 * Statuses as of attain_explain. */
ATTAIN_API attain_status attain_explain_check(attain_results *results, const attain_explain_options *options,
                                              uint64_t *checked, uint64_t *wrong, attain_write_fn write,
                                              void *context) ATTAIN_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
