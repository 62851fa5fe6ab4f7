/* cli/common.c: functions that several commands use: printing, messages, diagnostics, and compiling the
 * policies of a command line. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static int write_file(void *context, const char *bytes, size_t n) {
    return fwrite(bytes, 1, n, context) != n;
}

/* Most messages fit in the buffer. Without memory for a longer one, the message is cut. */
static void vsay(FILE *out, const char *format, va_list args) {
    char small[512], *text = small;
    va_list again;
    format = cli_text(format);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    if (n >= (int)sizeof small) {
        text = malloc((size_t)n + 1);
        if (text)
            vsnprintf(text, (size_t)n + 1, format, again);
        else
            text = small, n = (int)sizeof small - 1;
    }
    va_end(again);
    attain_status status = attain_visible_write(text, n > 0 ? (size_t)n : 0, write_file, out);
    (void)status; /* fflush reports errors at the end */
    if (text != small) free(text);
}

void say(FILE *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsay(out, format, args);
    va_end(args);
}

int complain(int status, const char *format, ...) {
    va_list args;
    fputs("attain: ", stderr);
    va_start(args, format);
    vsay(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return status;
}

/* Overlong forms and surrogates are not UTF-8: 0xC0 and 0xC1 have no length here, and the ranges below
 * exclude the rest. */
uint32_t utf8_next(const char **p, const char *end) {
    const unsigned char *at = (const unsigned char *)*p;
    unsigned length = *at < 0x80 ? 1 : *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : *at >= 0xC2 ? 2 : 0;
    uint32_t c = length == 1 ? *at : *at & (0x7Fu >> length);
    bool good = length > 0 && (size_t)(end - *p) >= length;
    for (unsigned i = 1; good && i < length; i++) {
        good = (at[i] & 0xC0) == 0x80;
        c = c << 6 | (at[i] & 0x3F);
    }
    if (length == 3) good = good && c >= 0x800 && (c < 0xD800 || c > 0xDFFF);
    if (length == 4) good = good && c >= 0x10000 && c <= 0x10FFFF;
    *p += good ? length : 1;
    return good ? c : UINT32_MAX;
}

bool is_utf8(const char *text) {
    for (const char *p = text, *end = text + strlen(text); p < end;)
        if (utf8_next(&p, end) == UINT32_MAX) return false;
    return true;
}

uint64_t hash_bytes(const char *bytes, size_t n) {
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a, then mixed so that every digit depends on every byte */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u;
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 32;
}

bool lacks_memory(attain_status status) {
    return status == ATTAIN_NO_MEMORY || status == ATTAIN_MEMORY_LIMIT;
}

const char *memory_text(attain_status status) {
    return cli_text(status == ATTAIN_MEMORY_LIMIT ? "--max-memory permits too little memory"
                                                  : "not enough memory");
}

const char *status_text(attain_status status) {
    return lacks_memory(status) ? memory_text(status) : cli_text(attain_status_text(status));
}

int exit_after(attain_status status) {
    if (status == ATTAIN_CANCELLED) complain(0, "stopped");
    if (lacks_memory(status)) complain(0, "%s", memory_text(status));
    return exit_of(status);
}

/* Each class of status has one exit status. EXIT_FILE also covers memory. */
int exit_of(attain_status status) {
    switch (status) {
    case ATTAIN_OK: return EXIT_PAID;
    case ATTAIN_BAD_POLICY: return EXIT_POLICY;
    case ATTAIN_USAGE: return EXIT_USAGE;
    case ATTAIN_BAD_DATA: return EXIT_DATA;
    case ATTAIN_CANCELLED: return EXIT_STOPPED;
    case ATTAIN_IO:
    case ATTAIN_NO_MEMORY:
    case ATTAIN_MEMORY_LIMIT:
    case ATTAIN_OVERFLOW: break; /* the commands ask for no amounts: the writers print them */
    }
    return EXIT_FILE;
}

static int write_stderr(void *context, const char *bytes, size_t n) {
    (void)context;
    fwrite(bytes, 1, n, stderr);
    return 0;
}

void show_diagnostics(const struct arguments *arguments, const attain_diagnostics *list) {
    unsigned limit;
    bool color = term_color(arguments, STDERR_FILENO);
    if (attain_diagnostics_count(list) == 0) return;
    if (opt_given(arguments, OPT_QUIET) && attain_diagnostics_errors(list) == 0) return;
    if (!opt_number(arguments, OPT_LIMIT, 1, 100, &limit)) return;
    attain_status status = attain_diagnostics_write(
        list, color ? ATTAIN_DIAGNOSTICS_COLOR : ATTAIN_DIAGNOSTICS_TEXT, limit, write_stderr, NULL);
    (void)status; /* an error here cannot be reported */
}

int ending(const struct output *output, int closed, attain_status status) {
    if (closed != EXIT_PAID || output->closed) return closed;
    if (status == ATTAIN_OK) return EXIT_PAID;
    if (status == ATTAIN_CANCELLED || stop_asked) return complain(EXIT_STOPPED, "stopped");
    if (status == ATTAIN_USAGE) return EXIT_USAGE; /* a diagnostic names the file */
    return complain(exit_of(status), "%s", status_text(status));
}

/* ---- policies */

attain_policy_options policy_options(const struct arguments *arguments, attain_stage stage) {
    size_t max_memory = 0;
    (void)opt_max_memory(arguments, &max_memory); /* checked when the options were read */
    return (attain_policy_options){.stage = stage,
                                   .max_memory = max_memory,
                                   .watch = &cli_watch,
                                   .strict = opt_given(arguments, OPT_STRICT),
                                   .since = opt_last(arguments, OPT_SINCE),
                                   .root = opt_last(arguments, OPT_ROOT),
                                   .allow_outside = opt_given(arguments, OPT_ALLOW_OUTSIDE)};
}

bool check_roots(const struct arguments *arguments) {
    if (!opt_given(arguments, OPT_ROOT)) return true;
    if (opt_given(arguments, OPT_ALLOW_OUTSIDE)) {
        complain(0, "--allow-outside permits every file; remove --root");
        return false;
    }
    for (int i = 0; i < arguments->n_files; i++)
        if (strcmp(arguments->files[i], "-") == 0) {
            complain(0, "--root needs the file of a policy; standard input is not in a folder");
            return false;
        }
    return true;
}

/* Standard input is not in a folder, so the policy can use only files of the standard library. */
static attain_status compile_stdin(const struct arguments *arguments, attain_stage stage,
                                   attain_policy **out) {
    attain_policy_options options = policy_options(arguments, stage);
    size_t length;
    char *text = file_read("-", &length);
    if (!text && stop_asked) return ATTAIN_CANCELLED;
    if (!text) {
        complain(0, "cannot read standard input");
        return ATTAIN_IO;
    }
    attain_status status = attain_policy_compile("<stdin>", text, length, &options, out);
    free(text);
    return status;
}

attain_status compile_policy(const struct arguments *arguments, const char *path, attain_stage stage,
                             attain_policy **out) {
    attain_policy_options options = policy_options(arguments, stage);
    if (strcmp(path, "-") == 0) return compile_stdin(arguments, stage, out);
    return attain_policy_open(path, &options, out);
}

/* What matters most of several: a stop, a file that cannot be read, then a policy that is wrong. */
static int worse(int a, int b) {
    if (a == EXIT_STOPPED || b == EXIT_STOPPED) return EXIT_STOPPED;
    if (a == EXIT_FILE || b == EXIT_PAID) return a;
    return b;
}

/* Counts how often `-` is on the command line. */
static int count_standard(const struct arguments *arguments) {
    int n = 0;
    for (int i = 0; i < arguments->n_files; i++)
        n += strcmp(arguments->files[i], "-") == 0;
    return n;
}

int open_policies(const struct arguments *arguments, attain_stage stage, bool show, struct policies *out) {
    int exit_status = EXIT_PAID;
    size_t room = (size_t)arguments->n_files + 1;
    *out = (struct policies){calloc(room, sizeof *out->at), calloc(room, sizeof *out->names), 0};
    if (!out->at || !out->names) return complain(EXIT_FILE, "not enough memory");
    if (count_standard(arguments) > 1)
        return complain(EXIT_USAGE, "duplicate `-`; standard input can be read only once");
    for (int i = 0; i < arguments->n_files; i++) {
        attain_policy *policy = NULL;
        if (stop_asked) break;
        attain_status status = compile_policy(arguments, arguments->files[i], stage, &policy);
        out->names[out->n] = arguments->files[i];
        if (policy) out->at[out->n++] = policy;
        if (lacks_memory(status)) complain(0, "%s: %s", arguments->files[i], memory_text(status));
        if (status == ATTAIN_USAGE && !policy) complain(0, "%s: larger than 2 GB", arguments->files[i]);
        /* Shown for each policy, so that a run with several policies reports the errors of all. */
        if (show) show_diagnostics(arguments, attain_policy_diagnostics(policy));
        exit_status = worse(exit_status, exit_of(status));
    }
    return stop_asked ? complain(EXIT_STOPPED, "stopped") : exit_status;
}

void release_policies(struct policies *policies) {
    for (size_t i = 0; i < policies->n; i++)
        attain_policy_release(policies->at[i]);
    free(policies->at);
    free(policies->names);
}

/* An attain_write_fn. Doubles the room, so that many small pieces take linear time. */
int buffer_write(void *context, const char *bytes, size_t n) {
    struct buffer *buffer = context;
    if (!buffer->bytes || buffer->n + n > buffer->room) {
        size_t room = (buffer->n + n) * 2 + 64;
        char *grown = realloc(buffer->bytes, room);
        if (!grown) return 1;
        buffer->bytes = grown;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->n, bytes, n);
    buffer->n += n;
    return 0;
}

/* A file never contains colors, and does not depend on the width of a terminal. */
attain_results_options output_looks(const struct arguments *arguments, const char *path) {
    return (attain_results_options){.width = path ? 0 : term_width(STDOUT_FILENO),
                                    .color = !path && term_color(arguments, STDOUT_FILENO),
                                    .safe_csv = opt_given(arguments, OPT_SAFE_CSV),
                                    .language = cli_language};
}
