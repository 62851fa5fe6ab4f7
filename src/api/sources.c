/* api/sources.c: which files a diff was made from, with their numbers of rows and SHA-256. */
#include "api/sources.h"

#include "base/sha256.h"
#include "base/vec.h"
#include "source/csv_input.h"

struct files {
    struct at_arena *arena;
    AT_VEC(struct at_diff_file) all;
};

/* A file that both versions read is listed once. Files with other contents differ. */
static void add(struct files *files, int side, struct at_diff_file file) {
    for (size_t i = 0; i < files->all.n; i++) {
        struct at_diff_file *known = &files->all.at[i];
        bool same = known->data == file.data && known->rows == file.rows &&
                    at_str_eq(known->name, file.name) && strcmp(known->sha256, file.sha256) == 0;
        if (!same) continue;
        known->of[side] = true;
        return;
    }
    file.of[side] = true;
    file.name = at_str_copy(files->arena, file.name);
    AT_VEC_PUSH(files->arena, &files->all, file);
}

static void add_policy(struct files *files, int side, const struct attain_policy *policy) {
    for (uint32_t i = 0; i < policy->sources.n_files; i++) {
        const struct at_diag_source_file *source = policy->sources.files[i];
        struct at_diff_file file = {.name = source->name};
        struct at_base_sha256 hash;
        if (source->name.n > 4 && memcmp(source->name.p, "std/", 4) == 0) continue; /* part of the program */
        at_base_sha256_begin(&hash);
        at_base_sha256_add(&hash, source->text.p, source->text.n);
        at_base_sha256_end(&hash, file.sha256);
        add(files, side, file);
    }
}

/* The file is read again. Nothing is stated about one that has changed or gone meanwhile. */
static void hash_data(struct files *files, const struct at_source_binding *binding,
                      struct at_diff_file *file) {
    enum { BLOCK = 1 << 18 };
    struct at_arena *scratch = at_arena_scratch(files->arena);
    struct at_source_input input;
    struct at_source_fault fault;
    struct at_base_sha256 hash;
    int64_t n = 0;
    at_base_sha256_begin(&hash);
    if (at_source_input_open(&input, binding, scratch, &fault)) {
        char *block = at_arena_get(scratch, BLOCK);
        uint64_t at = 0;
        while ((n = at_source_input_read(&input, at, block, BLOCK)) > 0) {
            at_arena_poll(files->arena);
            at_base_sha256_add(&hash, block, (size_t)n);
            at += (uint64_t)n;
        }
        if (n == 0) at_base_sha256_end(&hash, file->sha256);
    }
    at_arena_free(scratch);
}

static void add_data(struct files *files, int side, const struct at_table_dataset *data) {
    for (uint32_t t = 0; t < data->n_tables; t++) {
        const struct at_table *table = &data->tables[t];
        const struct at_source_binding *binding = &table->binding;
        bool bytes = binding->kind == AT_FROM_FILE || binding->kind == AT_FROM_MEMORY;
        struct at_diff_file file = {
            .data = true, .name = binding->name, .table = table->schema->name, .rows = table->n_rows};
        if (binding->name.n == 0) continue;
        if (bytes) hash_data(files, binding, &file);
        add(files, side, file);
    }
}

struct at_diff_file *at_api_sources(struct attain_policy *const policies[2],
                                    const struct at_diff_side sides[2], struct at_arena *arena, uint32_t *n) {
    struct files files = {.arena = arena};
    for (int s = 0; s < 2; s++)
        add_policy(&files, s, policies[s]);
    for (int s = 0; s < 2; s++)
        add_data(&files, s, sides[s].run->data);
    *n = (uint32_t)files.all.n;
    return files.all.at;
}
