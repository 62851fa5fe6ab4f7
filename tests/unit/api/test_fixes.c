/* test_fixes: edits that a program may make. Each policy of tests/lang is compiled, and each diagnostic with
 * edits is fixed alone. In the new text, one diagnostic with this code and message is gone, and the text has
 * no error of syntax that it did not have before.
 */
#include <dirent.h>

#include "host.h"

static const char FOLDER[] = "tests/lang/bad";

static struct text read_file(const char *path) {
    struct text text = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    text_write(&text, "", 0);
    for (size_t n; file && (n = fread(block, 1, sizeof block, file)) > 0;)
        text_write(&text, block, n);
    if (file) fclose(file);
    return text;
}

/* Files that the policy uses come from its folder. */
static bool load(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    static struct text kept;
    char path[1024];
    (void)context, (void)from;
    snprintf(path, sizeof path, "%s/%s", FOLDER, wanted);
    free(kept.at);
    kept = read_file(path);
    loaded->bytes = kept.at;
    loaded->length = kept.n;
    return kept.n > 0;
}

static attain_policy *compile(const char *name, struct text text) {
    attain_policy *policy = NULL;
    attain_policy_options options = {.load = load};
    attain_status status = attain_policy_compile(name, text.at, text.n, &options, &policy);
    cr_assert(status == ATTAIN_OK || status == ATTAIN_BAD_POLICY, "%s", name);
    return policy;
}

static bool alike(attain_text a, attain_text b) {
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

static size_t count(const attain_policy *policy, const char *code, attain_text message) {
    attain_diagnostic d;
    size_t n = 0;
    for (size_t i = 0; attain_diagnostics_get(attain_policy_diagnostics(policy), i, &d) == ATTAIN_OK; i++)
        n += strcmp(d.code, code) == 0 && alike(d.message, message);
    return n;
}

static size_t count_syntax(const attain_policy *policy) {
    attain_diagnostic d;
    size_t n = 0;
    for (size_t i = 0; attain_diagnostics_get(attain_policy_diagnostics(policy), i, &d) == ATTAIN_OK; i++)
        n += strncmp(d.code, "A01", 3) == 0;
    return n;
}

/* The text after all edits of a diagnostic, made from the last to the first. */
static struct text edited(const char *name, struct text text, const attain_diagnostics *list, size_t index) {
    struct text out = {0};
    size_t from = 0;
    uint64_t made = 0;
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(list, index, &d), ATTAIN_OK);
    cr_assert(d.fix_count < 64);
    for (uint32_t done = 0; done < d.fix_count; done++) {
        attain_fix fix, next = {.start = SIZE_MAX};
        uint32_t taken = 0;
        for (uint32_t i = 0; i < d.fix_count; i++) { /* the first of those that are not made yet */
            cr_assert_eq(attain_diagnostics_fix(list, index, i, &fix), ATTAIN_OK);
            cr_assert(same(fix.file, name) && fix.start <= fix.end && fix.end <= text.n);
            if (i < 64 && made >> i & 1) continue;
            if (fix.start < next.start) next = fix, taken = i;
        }
        cr_assert(next.start != SIZE_MAX && next.start >= from, "%s: edits overlap", name);
        made |= (uint64_t)1 << taken;
        text_write(&out, text.at + from, next.start - from);
        text_write(&out, next.text.bytes, next.text.length);
        from = next.end;
    }
    text_write(&out, text.at + from, text.n - from);
    return out;
}

/* Returns the number of diagnostics that have fixes. */
static size_t try_file(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    struct text text = read_file(path);
    attain_policy *policy = compile(name, text);
    const attain_diagnostics *list = attain_policy_diagnostics(policy);
    size_t tried = 0;
    attain_diagnostic d;
    for (size_t i = 0; attain_diagnostics_get(list, i, &d) == ATTAIN_OK; i++) {
        if (d.fix_count == 0 || !same(d.file, name)) continue;
        struct text fixed = edited(name, text, list, i);
        attain_policy *after = compile(name, fixed);
        bool gone = count(after, d.code, d.message) < count(policy, d.code, d.message);
        /* Beyond the limit of errors, the next one takes the place of the one that is gone. */
        bool too_many = strstr(name, "A0120") != NULL;
        cr_expect(gone || too_many, "%s:%d: %s is still there after its fix", name, (int)d.line, d.code);
        cr_expect(count_syntax(after) <= count_syntax(policy), "%s:%d: the fix of %s is not a policy", name,
                  (int)d.line, d.code);
        if (getenv("VERBOSE"))
            printf("%s:%d: %s %.*s\n", name, (int)d.line, d.code, (int)d.help.length, d.help.bytes);
        attain_policy_release(after);
        free(fixed.at);
        tried++;
    }
    attain_policy_release(policy);
    free(text.at);
    return tried;
}

Test(test_fixes, remove_the_diagnostic_and_nothing_else, .timeout = 120) {
    DIR *folder = opendir(FOLDER);
    size_t tried = 0;
    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t n = strlen(entry->d_name);
        if (n > 7 && strcmp(entry->d_name + n - 7, ".attain") == 0) tried += try_file(entry->d_name);
    }
    closedir(folder);
    cr_expect(tried >= 100, "only %zu fixes were tried", tried);
}

/* A name in the wrong case is one edit: its bytes, and the right name. */
Test(test_fixes, have_places_in_bytes) {
    static const char text[] = HEADER "# ü\npay commission on bookigns = 10%\n";
    attain_policy *policy = NULL;
    attain_diagnostic d;
    attain_fix fix;
    cr_assert_eq(attain_policy_compile("p", text, strlen(text), NULL, &policy), ATTAIN_BAD_POLICY);
    const attain_diagnostics *list = attain_policy_diagnostics(policy);
    cr_assert_eq(attain_diagnostics_get(list, 0, &d), ATTAIN_OK);
    size_t start = (size_t)(strstr(text, "bookigns") - text);
    cr_expect(d.start == start && d.end == start + 8 && d.fix_count == 1);
    cr_assert_eq(attain_diagnostics_fix(list, 0, 0, &fix), ATTAIN_OK);
    cr_expect(fix.start == start && fix.end == start + 8 && same(fix.text, "bookings") &&
              same(fix.file, "p"));
    cr_expect_eq(attain_diagnostics_fix(list, 0, 1, &fix), ATTAIN_USAGE);
    cr_expect_eq(attain_diagnostics_fix(NULL, 0, 0, &fix), ATTAIN_USAGE);
    attain_policy_release(policy);
}
