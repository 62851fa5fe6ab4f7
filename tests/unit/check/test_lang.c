/* test_lang: each policy of tests/lang/bad/A02 to A06, and of A11 and A12, gives exactly the messages that
 * stand in the file beside it; those of tests/lang/whole, and all of rules/, give none.
 *
 * AT_BLESS=1 writes what was printed where it differs; look at the difference before it is committed. */
#include <dirent.h>

#include "checking.h"

static const char BAD[] = "tests/lang/bad", WHOLE[] = "tests/lang/whole";

static bool ends_with(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

/* A11 and A12 are of whole features: their codes for data have cases in tests/golden. */
static bool of_a_feature(const char *name) {
    return name[0] == 'A' && name[1] == '1' && (name[2] == '1' || name[2] == '2');
}

static bool of_this_room(const char *name) {
    return name[0] == 'A' && name[1] == '0' && name[2] >= '2' && name[2] <= '6';
}

static void bless(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static void check_bad(const char *name) {
    struct checking *c = checking_of_file(BAD, name);
    char path[600], code[16];
    snprintf(path, sizeof path, "%s/%.*s.err", BAD, (int)(strlen(name) - strlen(".attain")), name);
    const char *got = checking_messages(c);
    at_str wanted = checking_read(&c->arena, path);
    if ((!wanted.p || strcmp(got, wanted.p) != 0) && getenv("AT_BLESS"))
        bless(path, got);
    else
        cr_expect(wanted.p && strcmp(got, wanted.p) == 0, "%s/%s gives\n%s\nand not\n%s", BAD, name, got,
                  wanted.p);
    snprintf(code, sizeof code, "[%.5s]", name);
    cr_expect(strstr(got, code), "%s never says %s", name, code);
    cr_expect((c->status == AT_OK && c->parsed == AT_OK) == (strstr(got, "error[") == NULL),
              "%s: the status is not what is said", name);
    checking_end(c);
}

Test(test_lang, every_mistake_is_told_as_written_beside_it) {
    DIR *folder = opendir(BAD);
    cr_assert(folder, "run this in the root of the repository");
    unsigned n = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if ((of_this_room(entry->d_name) || of_a_feature(entry->d_name)) &&
            ends_with(entry->d_name, ".attain")) {
            check_bad(entry->d_name);
            n++;
        }
    closedir(folder);
    cr_expect(n >= 144, "only %u cases were found", n);
}

Test(test_lang, every_code_of_this_room_has_a_case) {
    static const char *const CODES[] = {
#define AT_DIAG(code, severity, title, about) #code,
#include "diag/diagnostics.def"
#undef AT_DIAG
    };
    for (size_t i = 0; i < AT_COUNT(CODES); i++) {
        if (!of_this_room(CODES[i]) || strcmp(CODES[i], "A0492") == 0) continue; /* in test_limits.c */
        DIR *folder = opendir(BAD);
        bool found = false;
        for (struct dirent *entry; (entry = readdir(folder));)
            found = found || strncmp(entry->d_name, CODES[i], 5) == 0;
        closedir(folder);
        cr_expect(found, "%s has no case in %s", CODES[i], BAD);
    }
}

static void expect_clean(const char *folder, const char *name) {
    struct checking *c = checking_of_file(folder, name);
    cr_expect(c->diags.added == 0 && c->parsed == AT_OK && c->status == AT_OK, "%s/%s gives\n%s", folder,
              name, checking_messages(c));
    checking_end(c);
}

Test(test_lang, whole_policies_are_clean) {
    DIR *folder = opendir(WHOLE);
    unsigned n = 0;
    cr_assert(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (ends_with(entry->d_name, ".attain")) expect_clean(WHOLE, entry->d_name), n++;
    closedir(folder);
    cr_expect(n >= 4, "only %u whole policies", n);
}

Test(test_lang, the_policies_of_rules_are_clean) {
    DIR *rules = opendir("rules");
    cr_assert(rules);
    for (struct dirent *rule; (rule = readdir(rules));) {
        char path[600];
        snprintf(path, sizeof path, "rules/%s/policy.attain", rule->d_name);
        FILE *file = rule->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (!file) continue;
        fclose(file);
        snprintf(path, sizeof path, "rules/%s", rule->d_name);
        expect_clean(path, "policy.attain");
    }
    closedir(rules);
}
