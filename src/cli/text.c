/* cli/text.c: the texts of the program in Chinese, by their English text.
 *
 * The English text is written where it is printed. text_zh.def has the Chinese one, with the same conversions
 * in the same order, which tests/messages.py checks. */
#include <string.h>

#include "cli/cli.h"

static const struct {
    const char *english, *chinese;
} TEXTS[] = {
#define TEXT(english, chinese) {english, chinese},
#include "cli/text_zh.def"
#undef TEXT
};

const char *cli_language;

const char *cli_text(const char *english) {
    if (!cli_language || strncmp(cli_language, "zh", 2) != 0) return english;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (strcmp(TEXTS[i].english, english) == 0) return TEXTS[i].chinese;
    return english;
}
