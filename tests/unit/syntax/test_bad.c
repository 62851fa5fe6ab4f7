/* test_bad: each policy of tests/lang/bad/A01* gives exactly the messages that stand in the file beside it.
 *
 * AT_BLESS=1 writes what was printed where it differs; look at the difference before it is committed. */
#include <dirent.h>
#include <string.h>

#include "reading.h"

static const char FOLDER[] = "tests/lang/bad";

static bool ends_with(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

static void bless(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static void check(const char *name) {
    struct reading *r = reading_of_file(FOLDER, name);
    char path[512];
    snprintf(path, sizeof path, "%s/%.*s.err", FOLDER, (int)(strlen(name) - strlen(".attain")), name);
    const char *got = reading_messages(r);
    at_str wanted = read_file(&r->arena, path);
    if ((!wanted.p || strcmp(got, wanted.p) != 0) && getenv("AT_BLESS"))
        bless(path, got);
    else
        cr_expect(wanted.p && strcmp(got, wanted.p) == 0, "%s/%s gives\n%s\nand not\n%s", FOLDER, name, got,
                  wanted.p);
    char code[16];
    snprintf(code, sizeof code, "[%.5s]", name);
    cr_expect(strstr(got, code), "%s never says %s", name, code);
    reading_end(r);
}

Test(test_bad, every_mistake_is_told_as_written_beside_it) {
    DIR *folder = opendir(FOLDER);
    cr_assert(folder, "run this in the root of the repository");
    unsigned n = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strncmp(entry->d_name, "A01", 3) == 0 && ends_with(entry->d_name, ".attain")) {
            check(entry->d_name);
            n++;
        }
    closedir(folder);
    cr_expect(n >= 40, "only %u cases were found", n);
}

/* Too much text and too many files are in test_load and tests/golden/check/too-many-files, the root of the
 * command line in tests/golden/check/root. */
static bool is_elsewhere(const char *code) {
    return strcmp(code, "A0119") == 0 || strcmp(code, "A0135") == 0 || strcmp(code, "A0136") == 0;
}

Test(test_bad, every_code_of_this_room_has_a_case) {
    static const char *const CODES[] = {
#define AT_DIAG(code, severity, title, about) #code,
#include "diag/diagnostics.def"
#undef AT_DIAG
    };
    for (size_t i = 0; i < AT_COUNT(CODES); i++) {
        if (strncmp(CODES[i], "A01", 3) != 0 || is_elsewhere(CODES[i])) continue;
        DIR *folder = opendir(FOLDER);
        bool found = false;
        for (struct dirent *entry; (entry = readdir(folder));)
            found = found || strncmp(entry->d_name, CODES[i], 5) == 0;
        closedir(folder);
        cr_expect(found, "%s has no case in %s", CODES[i], FOLDER);
    }
}
