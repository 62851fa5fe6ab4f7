/* cli/line.c: the command as a person can repeat it in a shell. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static bool is_plain(const char *word) {
    for (const char *p = word; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+%@~", *p) &&
            (unsigned char)*p < 0x80)
            return false;
    return *word != '\0';
}

/* In single quotes, in which only a single quote needs care. */
static bool add_quoted(struct buffer *out, const char *word) {
    bool good = buffer_write(out, "'", 1) == 0;
    for (const char *p = word; *p && good; p++)
        good = *p == '\'' ? buffer_write(out, "'\\''", 4) == 0 : buffer_write(out, p, 1) == 0;
    return good && buffer_write(out, "'", 1) == 0;
}

char *command_line(const struct arguments *arguments) {
    struct buffer out = {0};
    const char *name = arguments->command->name;
    bool good = buffer_write(&out, "attain ", 7) == 0 && buffer_write(&out, name, strlen(name)) == 0;
    for (int i = 0; i < arguments->argc && good; i++) {
        const char *word = arguments->argv[i];
        good = buffer_write(&out, " ", 1) == 0;
        if (good)
            good = is_plain(word) ? buffer_write(&out, word, strlen(word)) == 0 : add_quoted(&out, word);
    }
    if (good && buffer_write(&out, "", 1) == 0) return out.bytes;
    free(out.bytes);
    return NULL;
}
