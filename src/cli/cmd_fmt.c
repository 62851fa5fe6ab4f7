/* cli/cmd_fmt.c: attain fmt. Formats files in place, or lists the files that are not formatted (--check). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Formats a policy into *laid_out, and shows its diagnostics. Compiles the text of standard input that was
 * read before, because it cannot be read again. */
static int lay_out(const struct arguments *arguments, const char *path, const char *text, size_t length,
                   struct buffer *laid_out) {
    attain_policy_options options = policy_options(arguments, ATTAIN_STAGE_SYNTAX);
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "<stdin>" : path;
    attain_policy *policy = NULL;
    attain_status status = standard ? attain_policy_compile(name, text, length, &options, &policy)
                                    : attain_policy_open(path, &options, &policy);
    show_diagnostics(arguments, attain_policy_diagnostics(policy));
    if (status == ATTAIN_OK) {
        status = attain_policy_format(policy, &cli_watch, buffer_write, laid_out);
        if (status == ATTAIN_IO) status = ATTAIN_NO_MEMORY; /* the buffer could not grow */
    }
    if (status != ATTAIN_OK && status != ATTAIN_BAD_POLICY && status != ATTAIN_IO)
        complain(0, "%s: %s", name, status_text(status));
    attain_policy_release(policy);
    return exit_of(status);
}

/* After the last file a signal no longer stops the command. */
static int write_file(const char *path, const struct buffer *bytes, bool last) {
    struct output output, *outputs[] = {&output};
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    bool failed = output_writer(&output)(&output, bytes->bytes, bytes->n) != 0 && !output.closed;
    int closed = last ? outputs_close(outputs, 1, !failed) : output_close(&output, !failed);
    return ending(&output, closed, failed ? ATTAIN_IO : ATTAIN_OK);
}

/* A file that is already formatted is not written, so its time does not change. */
static int use_layout(const struct arguments *arguments, const char *path, const char *text, size_t length,
                      const struct buffer *laid_out, bool last) {
    bool standard = strcmp(path, "-") == 0, check = opt_given(arguments, OPT_CHECK);
    bool same = laid_out->n == length && (length == 0 || memcmp(laid_out->bytes, text, length) == 0);
    if (check && same) return EXIT_PAID;
    if (check) {
        if (!opt_given(arguments, OPT_QUIET)) {
            say(stdout, "%s", standard ? "<stdin>" : path);
            putchar('\n');
        }
        return EXIT_POLICY;
    }
    if (standard) return write_file(NULL, laid_out, last);
    return same ? EXIT_PAID : write_file(path, laid_out, last);
}

/* The library reports files that cannot be read, with its codes. */
static int tell_unreadable(const struct arguments *arguments, const char *path) {
    attain_policy *policy = NULL;
    attain_policy_options options = policy_options(arguments, ATTAIN_STAGE_TOKENS);
    if (attain_policy_open(path, &options, &policy) == ATTAIN_IO)
        show_diagnostics(arguments, attain_policy_diagnostics(policy));
    else
        complain(0, "cannot read %s", path);
    attain_policy_release(policy);
    return EXIT_FILE;
}

static int fmt_one(const struct arguments *arguments, const char *path, bool last) {
    struct buffer laid_out = {0};
    size_t length = 0;
    bool standard = strcmp(path, "-") == 0;
    char *text = file_read(path, &length);
    if (!text && stop_asked) return EXIT_STOPPED;
    if (!text)
        return standard ? complain(EXIT_FILE, "cannot read standard input")
                        : tell_unreadable(arguments, path);
    int status = lay_out(arguments, path, text, length, &laid_out);
    if (status == EXIT_PAID) status = use_layout(arguments, path, text, length, &laid_out, last);
    free(laid_out.bytes);
    free(text);
    return status;
}

/* What is read would be written over. */
static bool same_standard(void) {
    struct stat in, out;
    return fstat(STDIN_FILENO, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(in.st_mode) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

int cmd_fmt(const struct arguments *arguments) {
    int worst = EXIT_PAID;
    unsigned limit;
    if (!opt_number(arguments, OPT_LIMIT, 1, 100, &limit)) return EXIT_USAGE;
    if (same_standard()) return complain(EXIT_USAGE, "standard input and standard output are the same file");
    if (arguments->n_files == 0) return fmt_one(arguments, "-", true);
    for (int i = 0; i < arguments->n_files; i++) {
        if (stop_asked) return complain(EXIT_STOPPED, "stopped before %s", arguments->files[i]);
        int status = fmt_one(arguments, arguments->files[i], i == arguments->n_files - 1);
        /* EXIT_FILE stays, because an unreadable file matters more than one that is not formatted. */
        if (worst != EXIT_FILE && status != EXIT_PAID) worst = status;
    }
    return worst;
}
