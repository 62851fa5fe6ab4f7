/* test_load: which files a policy reads: each once, in limits, and only where it may. */
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

#define RULES "pay commission on bookings = 10%\n"

static const char *first_code(const attain_policy *policy) {
    attain_diagnostic d;
    const attain_diagnostics *list = attain_policy_diagnostics(policy);
    return attain_diagnostics_get(list, 0, &d) == ATTAIN_OK ? d.code : "none";
}

/* ---- hosts */

struct shelf {
    unsigned asked;
    bool named; /* the loader names what it loads */
    char name[64], text[128];
};

/* "f1" to "f20" use the next one by three spellings. */
static bool serve_three(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct shelf *shelf = context;
    const char *f = strrchr(wanted, 'f');
    int n = f ? atoi(f + 1) : 0;
    (void)from;
    shelf->asked++;
    snprintf(shelf->name, sizeof shelf->name, "f%d", n);
    snprintf(shelf->text, sizeof shelf->text,
             "param p%d = 1\nuse \"f%d\"\nuse \"./f%d\"\nuse \"sub/../f%d\"\n", n, n + 1, n + 1, n + 1);
    if (n == 21) strcpy(shelf->text, "param p21 = 1\n");
    loaded->bytes = shelf->text;
    loaded->length = strlen(shelf->text);
    loaded->name = shelf->named ? shelf->name : NULL;
    return true;
}

Test(test_load, a_host_is_asked_for_each_spelling_and_gives_each_file_once) {
    static const char text[] = HEADER "use \"f1\"\nuse \"./f1\"\n" RULES;
    for (int named = 0; named < 2; named++) {
        struct shelf shelf = {.named = named};
        attain_policy_options options = {.load = serve_three, .load_context = &shelf};
        attain_policy *policy = NULL;
        cr_expect_eq(attain_policy_compile("p", text, strlen(text), &options, &policy), ATTAIN_OK, "%s",
                     first_code(policy));
        cr_expect_eq(attain_policy_file_count(policy), 21);
        cr_expect_leq(shelf.asked, 62);
        attain_policy_release(policy);
    }
}

/* The base of a policy and the file that both use come from the host. */
static bool serve_base(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    static const char base[] = HEADER "use \"rates\"\n" RULES "cap commission at $1\n",
                      rates[] = "param p = 1\n";
    (void)context, (void)from;
    const char *text = strcmp(wanted, "base") == 0 ? base : rates;
    *loaded = (attain_loaded){.bytes = text, .length = strlen(text), .name = wanted};
    return true;
}

Test(test_load, a_host_gives_the_policy_that_another_extends) {
    static const char text[] =
        "policy \"Derived\"\nextends \"base\"\nuse \"rates\"\nwithout cap commission\n";
    attain_policy_options options = {.load = serve_base};
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile("p", text, strlen(text), &options, &policy), ATTAIN_OK, "%s",
                 first_code(policy));
    cr_expect_eq(attain_policy_file_count(policy), 2);
    cr_expect_eq(strncmp(attain_policy_name(policy).bytes, "Derived", 7), 0);
    attain_policy_release(policy);
}

/* Every answer is a new file, which uses `uses` others. */
struct spring {
    unsigned asked, uses;
    char name[32], text[64];
};
static bool serve_new(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    struct spring *spring = context;
    (void)from, (void)wanted;
    snprintf(spring->name, sizeof spring->name, "n%u", ++spring->asked);
    snprintf(spring->text, sizeof spring->text, "use \"x\"\n%s", spring->uses > 1 ? "use \"y\"\n" : "");
    *loaded = (attain_loaded){.bytes = spring->text, .length = strlen(spring->text), .name = spring->name};
    return true;
}

Test(test_load, a_host_that_always_gives_a_new_file_comes_to_an_end) {
    static const char text[] = HEADER "use \"x\"\n" RULES;
    static const char *const codes[] = {"A0116", "A0135"};
    for (unsigned uses = 1; uses <= 2; uses++) {
        struct spring spring = {.uses = uses};
        attain_policy_options options = {.load = serve_new, .load_context = &spring};
        attain_policy *policy = NULL;
        struct text said = {0};
        cr_expect_eq(attain_policy_compile("p", text, strlen(text), &options, &policy), ATTAIN_BAD_POLICY);
        cr_assert_eq(attain_diagnostics_write(attain_policy_diagnostics(policy), ATTAIN_DIAGNOSTICS_TEXT,
                                              2000, text_write, &said),
                     ATTAIN_OK);
        cr_expect(strstr(said.at, codes[uses - 1]), "%s", said.at);
        cr_expect_leq(spring.asked, 2000);
        free(said.at);
        attain_policy_release(policy);
    }
}

struct answer {
    attain_loaded loaded;
    bool found;
};
static bool serve_one(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    const struct answer *answer = context;
    (void)from, (void)wanted;
    *loaded = answer->loaded;
    return answer->found;
}

static void answers(struct answer answer, const char *wanted, const char *code) {
    char text[1024];
    attain_policy_options options = {.load = serve_one, .load_context = &answer};
    attain_policy *policy = NULL;
    snprintf(text, sizeof text, "%suse \"%s\"\n%s", HEADER, wanted, RULES);
    attain_status status = attain_policy_compile("main.attain", text, strlen(text), &options, &policy);
    cr_expect_eq(status, strcmp(code, "none") == 0 ? ATTAIN_OK : ATTAIN_BAD_POLICY, "%s", code);
    cr_expect_str_eq(first_code(policy), code);
    attain_policy_release(policy);
}

Test(test_load, what_a_host_may_answer) {
    const attain_loaded good = {.bytes = "param z = 1\n", .length = 12};
    attain_loaded loaded = good;
    answers((struct answer){loaded, true}, "f", "none");
    answers((struct answer){loaded, true}, "sub/../main.attain", "A0118"); /* itself, by another spelling */
    loaded.name = "main.attain";
    answers((struct answer){loaded, true}, "f", "A0118");
    loaded = (attain_loaded){.outside = true};
    answers((struct answer){loaded, false}, "f", "A0133");
    answers((struct answer){(attain_loaded){0}, false}, "f", "A0117");
    loaded = good;
    loaded.length = (size_t)257 << 20; /* refused before a byte is read */
    answers((struct answer){loaded, true}, "f", "A0119");
}

Test(test_load, the_standard_library_has_one_spelling) {
    static const char text[] =
        HEADER "use \"std/proration\"\nuse \"std/./proration\"\nuse \"std//proration\"\n"
               "use \"std/x/../proration.attain\"\n" RULES;
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile("p", text, strlen(text), NULL, &policy), ATTAIN_OK, "%s",
                 first_code(policy));
    attain_policy_release(policy);
}

/* ---- files */

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    cr_assert(file, "%s", path);
    fputs(text, file);
    fclose(file);
}

static char *enter(void) {
    char *folder = strdup("/tmp/attain-load-XXXXXX");
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    cr_assert(mkdir("plan", 0755) == 0 && mkdir("shared", 0755) == 0 && mkdir("plan/std", 0755) == 0);
    put("shared/rates", "param top = 15%\n");
    put("shared/reps.csv", "id,name\nana,Ana\n");
    put("plan/deals.csv", "rep,amount,closed_on\nana,100,2026-01-05\n");
    put("plan/std/own", "param own = 1\nuse \"other\"\n");
    put("plan/std/other", "param other = 1\n");
    put("plan/shared.attain", HEADER "use \"../shared/rates\"\npay commission on bookings = top\n");
    put("plan/std/policy.attain", HEADER "use \"own\"\n" RULES);
    return folder;
}

static void leave(char *folder) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(chdir("/") == 0 && system(command) == 0);
    free(folder);
}

static void opens(const char *path, attain_policy_options options, attain_status status, const char *code) {
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_open(path, &options, &policy), status, "%s: %s", path, first_code(policy));
    cr_expect_str_eq(first_code(policy), code, "%s", path);
    attain_policy_release(policy);
}

Test(test_load, a_policy_reads_what_is_under_its_root) {
    char *folder = enter();
    attain_policy_options none = {0}, root = {.root = "."}, wrong = {.root = "shared"},
                          all = {.allow_outside = true};
    opens("plan/shared.attain", none, ATTAIN_BAD_POLICY, "A0133");
    opens("plan/shared.attain", root, ATTAIN_OK, "none");
    opens("plan/shared.attain", all, ATTAIN_OK, "none");
    opens("plan/shared.attain", wrong, ATTAIN_IO, "A0136");
    cr_assert_eq(symlink("../shared/rates", "plan/link.attain"), 0);
    opens("plan/link.attain", none, ATTAIN_IO, "A0133");
    cr_assert_eq(symlink("shared.attain", "plan/near.attain"), 0);
    opens("plan/near.attain", root, ATTAIN_OK, "none");
    leave(folder);
}

/* A folder that is called `std` is an ordinary one. */
Test(test_load, a_folder_called_std_is_no_library) {
    char *folder = enter();
    cr_assert_eq(chdir("plan"), 0);
    opens("std/policy.attain", (attain_policy_options){0}, ATTAIN_OK, "none");
    put("near.attain", HEADER "use \"./std/own\"\n" RULES);
    opens("near.attain", (attain_policy_options){0}, ATTAIN_OK, "none");
    leave(folder);
}

static void pays(const char *source, const attain_policy_options *options, const char *directory, bool allow,
                 attain_status status) {
    char text[1024];
    attain_policy *policy = NULL;
    attain_data *data = NULL;
    attain_results *results = NULL;
    const char *at = strstr(HEADER, "reps.csv");
    snprintf(text, sizeof text, "%.*s%s%s%s", (int)(at - HEADER), HEADER, source, at + strlen("reps.csv"),
             RULES);
    put("plan/data.attain", text);
    cr_assert_eq(attain_policy_open("plan/data.attain", options, &policy), ATTAIN_OK);
    cr_assert_eq(attain_data_new(NULL, &data), ATTAIN_OK);
    if (directory) cr_assert_eq(attain_data_set_directory(data, directory), ATTAIN_OK);
    attain_data_allow_outside(data, allow);
    cr_expect_eq(attain_run(&policy, 1, data, NULL, &results), status, "%s", source);
    if (status == ATTAIN_IO) {
        attain_diagnostic d;
        cr_assert_eq(attain_diagnostics_get(attain_results_diagnostics(results), 0, &d), ATTAIN_OK);
        cr_expect_str_eq(d.code, "A0735");
        cr_expect(same(d.file, "plan/data.attain") && d.line == 6 && d.column == 16, "%.*s:%d:%d",
                  (int)d.file.length, d.file.bytes, (int)d.line, (int)d.column);
    }
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
}

Test(test_load, default_sources_lie_in_the_data_folder_or_under_the_root) {
    char *folder = enter();
    attain_policy_options root = {.root = "."}, all = {.allow_outside = true};
    pays("../shared/reps.csv", NULL, NULL, false, ATTAIN_IO);
    pays("../shared/nothing.csv", NULL, NULL, false, ATTAIN_IO);
    pays("../shared/reps.csv", NULL, NULL, true, ATTAIN_OK);
    pays("../shared/reps.csv", &root, NULL, false, ATTAIN_OK);
    pays("../shared/reps.csv", &all, NULL, false, ATTAIN_OK);
    put("shared/deals.csv", "rep,amount,closed_on\nana,100,2026-01-05\n");
    pays("reps.csv", NULL, "shared", false, ATTAIN_OK); /* named by the host */
    cr_assert_eq(symlink("/etc/passwd", "shared/link.csv"), 0);
    pays("link.csv", NULL, "shared", false, ATTAIN_IO);
    attain_data_allow_outside(NULL, true);
    leave(folder);
}

/* Memory fails at each call in turn: nothing is left, and no file stays open. */
Test(test_load, files_are_closed_when_memory_fails) {
    char *folder = enter();
    int before = dup(0);
    close(before);
    attain_status status = ATTAIN_NO_MEMORY;
    for (size_t n = 1; status == ATTAIN_NO_MEMORY && n < 5000; n++) {
        struct host h;
        attain_policy *policy = NULL;
        host_start(&h);
        h.fail_at = n;
        attain_policy_options options = {.root = ".", .allocator = &h.allocator};
        status = attain_policy_open("plan/shared.attain", &options, &policy);
        attain_policy_release(policy);
        cr_assert_eq(h.live, 0, "call %zu", n);
        int after = dup(0);
        close(after);
        cr_assert_eq(after, before, "call %zu", n);
    }
    cr_expect_eq(status, ATTAIN_OK);
    leave(folder);
}
