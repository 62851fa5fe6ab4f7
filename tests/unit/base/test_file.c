/* test_file: names that a policy may use lead to files under a root, whatever links and `..` they go through.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct place {
    char folder[64];
    struct at_arena arena;
    struct at_root_list roots;
};

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    cr_assert(file, "%s", path);
    fputs(text, file);
    fclose(file);
}

/* A folder `in` with files, links, and a pipe, beside a folder `out`; the current folder is above both. */
static struct place *start(void) {
    struct place *it = calloc(1, sizeof *it);
    strcpy(it->folder, "/tmp/attain-file-XXXXXX");
    cr_assert(mkdtemp(it->folder) && chdir(it->folder) == 0);
    cr_assert(mkdir("in", 0755) == 0 && mkdir("in/sub", 0755) == 0 && mkdir("out", 0755) == 0);
    put("in/a", "inside\n");
    put("in/sub/b", "inside\n");
    put("out/secret", "secret\n");
    cr_assert(link("in/a", "in/hard") == 0 && mkfifo("in/pipe", 0644) == 0);
    cr_assert(symlink("a", "in/near") == 0 && symlink("../out/secret", "in/far") == 0);
    cr_assert(symlink("../out", "in/folder") == 0 && symlink("/", "in/top") == 0);
    cr_assert(symlink("round", "in/round") == 0 && symlink("in", "alias") == 0);
    at_arena_init(&it->arena, NULL, NULL);
    it->roots.n = 1;
    cr_assert_eq(at_root_make(&it->roots.at[0], &it->arena, AT_STR("alias/")), 0);
    return it;
}

static void end(struct place *it) {
    char command[128];
    at_arena_free(&it->arena);
    snprintf(command, sizeof command, "rm -rf %s", it->folder);
    cr_assert(chdir("/") == 0 && system(command) == 0);
    free(it);
}

static enum at_file_fault try(struct place *it, struct at_file *file, const char *name) {
    return at_file_open(file, &it->arena, &it->roots, it->roots.at[0].path, at_str_z(name));
}

Test(test_file, where_names_lead) {
    struct place *it = start();
    char absolute[128], alias[128];
    snprintf(absolute, sizeof absolute, "%s/in/a", it->folder);
    snprintf(alias, sizeof alias, "%s/alias/a", it->folder);
    const struct {
        const char *name;
        enum at_file_fault fault;
    } cases[] = {
        {"a", AT_FILE_FINE},
        {"./a", AT_FILE_FINE},
        {"sub/../a", AT_FILE_FINE},
        {".//sub/b", AT_FILE_FINE},
        {"near", AT_FILE_FINE},
        {"hard", AT_FILE_FINE},
        {"../in/a", AT_FILE_FINE},
        {absolute, AT_FILE_FINE},
        {alias, AT_FILE_FINE},
        {"far", AT_FILE_OUTSIDE},
        {"folder/secret", AT_FILE_OUTSIDE},
        {"folder/nothing", AT_FILE_OUTSIDE},
        {"folder/../in/a", AT_FILE_OUTSIDE}, /* it would tell whether there is a folder `out` */
        {"../out/secret", AT_FILE_OUTSIDE},
        {"../out/nothing", AT_FILE_OUTSIDE},
        {"../in2/a", AT_FILE_OUTSIDE},
        {"../inn", AT_FILE_OUTSIDE},
        {"..", AT_FILE_OUTSIDE},
        {"../..", AT_FILE_OUTSIDE},
        {"/", AT_FILE_OUTSIDE},
        {"/etc/passwd", AT_FILE_OUTSIDE},
        {"/nothing", AT_FILE_OUTSIDE},
        {"top/etc/passwd", AT_FILE_OUTSIDE},
        {"sub", AT_FILE_FOLDER},
        {"sub/", AT_FILE_FOLDER},
        {".", AT_FILE_FOLDER},
        {"", AT_FILE_FOLDER},
        {"../in", AT_FILE_FOLDER},
        {"pipe", AT_FILE_SPECIAL},
        {"nothing", AT_FILE_ERROR},
        {"a/", AT_FILE_ERROR},
        {"a/b", AT_FILE_ERROR},
        {"round", AT_FILE_ERROR},
        {"near/", AT_FILE_ERROR},
    };
    for (size_t i = 0; i < AT_COUNT(cases); i++) {
        struct at_file *file = AT_NEW(&it->arena, struct at_file);
        char byte = 0;
        cr_expect_eq(try(it, file, cases[i].name), cases[i].fault, "%s", cases[i].name);
        if (file->fd >= 0) cr_expect(read(file->fd, &byte, 1) == 1 && byte == 'i', "%s", cases[i].name);
        cr_expect_eq(file->fd >= 0, cases[i].fault == AT_FILE_FINE, "%s", cases[i].name);
    }
    end(it);
}

Test(test_file, a_file_is_known_by_every_name) {
    struct place *it = start();
    static const char *const names[] = {"a", "sub/../a", "near", "hard", "../in/./a"};
    uint64_t number = 0;
    for (size_t i = 0; i < AT_COUNT(names); i++) {
        struct at_file *file = AT_NEW(&it->arena, struct at_file);
        cr_assert_eq(try(it, file, names[i]), AT_FILE_FINE, "%s", names[i]);
        if (i == 0) number = file->number;
        cr_expect_eq(file->number, number, "%s", names[i]);
        cr_expect(at_str_eq(file->folder, it->roots.at[0].path), "%s", names[i]);
    }
    end(it);
}

Test(test_file, two_roots_and_every_file) {
    struct place *it = start();
    struct at_file *file = AT_NEW(&it->arena, struct at_file);
    it->roots.n = 2;
    cr_assert_eq(at_root_make(&it->roots.at[1], &it->arena, AT_STR("out")), 0);
    cr_expect_eq(try(it, file, "far"), AT_FILE_FINE);
    cr_expect_eq(try(it, file, "folder/../in/a"), AT_FILE_FINE);
    cr_expect_eq(try(it, file, "/etc/passwd"), AT_FILE_OUTSIDE);
    it->roots.at[1] = at_root_any();
    cr_expect_eq(try(it, file, "/etc/passwd"), AT_FILE_FINE);
    cr_expect_eq(try(it, file, "top/etc/passwd"), AT_FILE_FINE);
    cr_expect_eq(at_root_make(&it->roots.at[0], &it->arena, AT_STR("nothing")), ENOENT);
    cr_expect_eq(at_root_make(&it->roots.at[0], &it->arena, AT_STR("in/a")), ENOTDIR);
    end(it);
}

/* Exchanges a folder and a link to the secret one, again and again. */
struct exchange {
    int stop;
    bool failed;
};
static void *exchange(void *context) {
    struct exchange *it = context;
    while (!__atomic_load_n(&it->stop, __ATOMIC_RELAXED) && !it->failed)
        it->failed = rename("in/sub", "kept") || rename("evil", "in/sub") || rename("in/sub", "evil") ||
                     rename("kept", "in/sub");
    return NULL;
}

Test(test_file, a_link_that_is_exchanged_meanwhile_leads_nowhere) {
    struct place *it = start();
    pthread_t thread;
    struct exchange with = {0};
    put("out/b", "secret\n");
    cr_assert(symlink("../out", "evil") == 0);
    cr_assert_eq(pthread_create(&thread, NULL, exchange, &with), 0);
    unsigned fine = 0, outside = 0;
    for (int i = 0; i < 20000 || (i < 1000000 && !(fine && outside)); i++) {
        struct at_arena_mark mark = at_arena_mark(&it->arena);
        struct at_file *file = AT_NEW(&it->arena, struct at_file);
        enum at_file_fault fault = try(it, file, "sub/b");
        char byte = 'i';
        if (fault == AT_FILE_FINE) cr_assert(read(file->fd, &byte, 1) == 1 && byte == 'i', "round %d", i);
        fine += fault == AT_FILE_FINE;
        outside += fault == AT_FILE_OUTSIDE;
        at_arena_reset(&it->arena, mark);
    }
    __atomic_store_n(&with.stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    cr_expect_not(with.failed);
    cr_expect_gt(fine, 0);
    cr_expect_gt(outside, 0);
    end(it);
}

Test(test_file, names_without_detours) {
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    static const char *const cases[][2] = {
        {"a", "a"},
        {"./a", "a"},
        {"a//b", "a/b"},
        {"a/../b", "b"},
        {"a/b/../../c", "c"},
        {"../a", "../a"},
        {"a/../../b", "../b"},
        {"../../a/..", "../.."},
        {"/a/../..", "/"},
        {"/..", "/"},
        {"/a/./b/", "/a/b"},
        {"", ""},
        {".", ""},
        {"a/..", ""},
        {"..a/.b", "..a/.b"},
    };
    for (size_t i = 0; i < AT_COUNT(cases); i++) {
        at_str got = at_path_normal(&arena, at_str_z(cases[i][0]));
        cr_expect(at_str_eq(got, at_str_z(cases[i][1])), "%s: %s", cases[i][0], got.p);
    }
    cr_expect(at_path_has_up(AT_STR("a/..")) && at_path_has_up(AT_STR("../a")) &&
              !at_path_has_up(AT_STR("..a/b..")));
    at_arena_free(&arena);
}
