/* syntax/load.c: loads a policy, the policy that it extends, and the files that they use, each once. Reports
 * circular references with their path. */
#include "base/map.h"
#include "syntax/parse_int.h"

/* Each level of `use` is a level of recursion in load_file. The limit bounds the stack, and the
 * array of names below. */
enum { MAX_CHAIN = 200 }; /* files using files */

/* The same faults occur for `use`, for tables, and for functions in Lua. One function keeps their
 * messages the same. */
bool at_parse_load_report(struct at_diag_list *diags, at_span span, at_str wanted,
                          const struct at_parse_loaded *loaded) {
    struct at_diag *d;
    switch (loaded->fault) {
    case AT_LOAD_ABSENT: return false;
    case AT_LOAD_OUTSIDE:
        d = at_diag_add(diags, AT_A0133, span, "cannot read `%.*s` outside the permitted folder",
                        AT_STR_ARG(wanted));
        if (loaded->why.n) at_diag_note(d, "%.*s", AT_STR_ARG(loaded->why));
        at_diag_help(d, "permit a wider folder with `--root DIR`, or every file with `--allow-outside`");
        return true;
    case AT_LOAD_SPECIAL:
        d = at_diag_add(diags, AT_A0134, span, "`%.*s` is not a regular file", AT_STR_ARG(wanted));
        if (loaded->why.n) at_diag_note(d, "%.*s", AT_STR_ARG(loaded->why));
        return true;
    case AT_LOAD_MANY:
        d = at_diag_add(diags, AT_A0135, span, "the policy uses more than %d files", AT_MOST_FILES);
        at_diag_help(d, "join some of the files");
        return true;
    case AT_LOAD_LARGE:
        d = at_diag_add(diags, AT_A0119, span, "the files of the policy contain more than %d MB",
                        AT_MOST_BYTES >> 20);
        at_diag_help(d, "move the data into CSV files, and declare them with `data`");
        return true;
    }
    return false;
}

struct loader {
    struct at_ast *ast;
    struct at_diag_list *diags;
    at_load_fn load;
    void *context;
    struct at_map seen; /* name of a file -> anything */
    bool full;          /* AT_MOST_FILES are reached, which is reported */
    uint32_t base;      /* index of the file that the current policy extends; 0: none */
    /* The files that are being loaded, from the policy to the current file. A name that is
     * already in it is a circular reference. */
    at_str chain[MAX_CHAIN];
    unsigned depth;
};

/* The path begins at the first file of the cycle, not at the policy, and ends with the same file. */
static void report_circle(struct loader *loader, const struct at_ast_node *use, unsigned first, at_str name) {
    struct at_arena *arena = loader->ast->arena;
    at_str path = {"", 0};
    for (unsigned i = first; i < loader->depth; i++)
        path = at_str_format(arena, "%.*s%.*s → ", AT_STR_ARG(path), AT_STR_ARG(loader->chain[i]));
    bool extends = use->kind == AT_N_EXTENDS;
    struct at_diag *diag = at_diag_add(loader->diags, extends ? AT_A1206 : AT_A0118, use->name_span,
                                       extends ? "circular `extends`" : "circular use of files");
    at_diag_note(diag, "%.*s%.*s", AT_STR_ARG(path), AT_STR_ARG(name));
    at_diag_help(diag, extends ? "move what both policies need into a policy that extends neither"
                               : "move the statements that both need into a file that uses neither");
}

static void report_absent(struct loader *loader, const struct at_ast_node *use,
                          const struct at_parse_loaded *loaded) {
    if (at_parse_load_report(loader->diags, use->name_span, use->text, loaded)) {
        loader->full |= loaded->fault == AT_LOAD_MANY;
        return;
    }
    struct at_diag *diag =
        at_diag_add(loader->diags, AT_A0117, use->name_span, "cannot read `%.*s`", AT_STR_ARG(use->text));
    if (loaded->why.n) at_diag_note(diag, "%.*s", AT_STR_ARG(loaded->why));
    at_diag_help(
        diag, "write the path from the folder of this file, or `std/` and a name for the standard library");
}

static void load_file(struct loader *loader, at_str name, at_str text, bool policy);

/* Whatever the loader answers, this ends: each name is loaded once, and there are limits to the depth and to
 * the number of names. */
static bool has_room(struct loader *loader, const struct at_ast_node *use) {
    if (loader->depth == MAX_CHAIN) {
        struct at_diag *diag = at_diag_add(loader->diags, AT_A0116, use->name_span,
                                           "files use each other more than %d levels deep", MAX_CHAIN);
        at_diag_help(diag, "use these files in the policy directly");
        return false;
    }
    if (loader->seen.n < AT_MOST_FILES) return true;
    report_absent(loader, use, &(struct at_parse_loaded){.fault = AT_LOAD_MANY});
    return false;
}

static void follow(struct loader *loader, const struct at_ast_node *use) {
    struct at_parse_loaded loaded = {0};
    at_str from = loader->chain[loader->depth - 1];
    /* After the limit of files is reported, more reports would only repeat it. */
    if (!loader->load || loader->full) return;
    if (use->text.n == 0 || !loader->load(loader->context, loader->ast->arena, from, use->text, &loaded)) {
        report_absent(loader, use, &loaded);
        return;
    }
    /* The chain comes before the map, because a file of the chain is also in the map, and it must
     * be reported. */
    for (unsigned i = 0; i < loader->depth; i++)
        if (at_str_eq(loader->chain[i], loaded.name)) {
            report_circle(loader, use, i, loaded.name);
            return;
        }
    if (at_map_get(&loader->seen, loaded.name)) return;
    if (has_room(loader, use)) load_file(loader, loaded.name, loaded.text, use->kind == AT_N_EXTENDS);
}

/* Only a policy extends and continues others. */
static void refuse_in_used(struct loader *loader, const struct at_ast_node *statement) {
    bool extends = statement->kind == AT_N_EXTENDS, continues = statement->kind == AT_N_CONTINUES;
    if (!extends && !continues && statement->kind != AT_N_WITHOUT) return;
    struct at_diag *diag =
        at_diag_add(loader->diags, AT_A1208, statement->span, "`%s` in a file that a policy uses",
                    at_ast_kind_name((enum at_ast_kind)statement->kind));
    at_diag_help(diag, "move it into the policy");
}

/* The base, with all that it uses, comes before the policy's own files, so that a file that both use belongs
 * to the base. */
static void follow_base(struct loader *loader, const struct at_ast_node *file, uint32_t own) {
    const struct at_ast_node *extends = NULL;
    for (uint32_t i = 0; i < file->n; i++) {
        if (file->child[i]->kind != AT_N_EXTENDS) continue;
        if (extends) {
            struct at_diag *diag =
                at_diag_add(loader->diags, AT_A1210, file->child[i]->span, "a second `extends`");
            at_diag_label(diag, extends->span, "the first is here");
            at_diag_help(diag, "let one of the two policies extend the other");
        } else {
            extends = file->child[i];
            follow(loader, extends);
        }
    }
    if (extends && loader->ast->n_files > own + 1) loader->base = own + 1;
}

static void load_file(struct loader *loader, at_str name, at_str text, bool policy) {
    /* Before parsing, so that a file that uses itself is found. Only the presence of the key
     * matters. */
    at_map_put(&loader->seen, name, loader);
    uint32_t own = loader->ast->n_files;
    struct at_ast_node *file = at_parse_file(loader->ast, loader->diags, name, text);
    if (!file) return;
    loader->chain[loader->depth++] = name;
    loader->base = 0;
    if (policy) follow_base(loader, file, own);
    uint32_t base = loader->base, uses = loader->ast->n_files;
    for (uint32_t i = 0; i < file->n; i++) {
        if (!policy) refuse_in_used(loader, file->child[i]);
        if (file->child[i]->kind == AT_N_USE) follow(loader, file->child[i]);
    }
    loader->depth--;
    if (own == 0) loader->ast->own = file;
    if (policy && loader->load) at_parse_extend(loader->ast, loader->diags, own, base, uses);
}

/* Policies that continue one another, from the one that was asked for on. */
struct version {
    const struct version *later;
    at_str name;
};

static enum at_status parse_version(struct at_diag_sources *sources, struct at_arena *arena,
                                    struct at_diag_list *diags, const struct version *version, at_str text,
                                    at_load_fn load, void *load_context, struct at_ast **out);

/* A chain of versions is as long as one of files at most. */
static bool is_in_chain(struct loader *loader, const struct version *version,
                        const struct at_ast_node *continues, at_str name) {
    unsigned depth = 0;
    bool circle = false;
    for (const struct version *v = version; v && !circle; v = v->later, depth++)
        circle = at_str_eq(v->name, name);
    if (!circle && depth < MAX_CHAIN) return false;
    struct at_diag *diag = at_diag_add(
        loader->diags, circle ? AT_A1206 : AT_A0116, continues->name_span,
        circle ? "circular `continues`" : "policies continue each other more than %d levels deep", MAX_CHAIN);
    at_diag_help(diag, "name the policy of the time before this one");
    return true;
}

static void follow_versions(struct loader *loader, const struct version *version) {
    const struct at_ast_node *file = loader->ast->n_files ? loader->ast->files[0] : NULL, *continues = NULL;
    for (uint32_t i = 0; file && i < file->n; i++) {
        if (file->child[i]->kind != AT_N_CONTINUES) continue;
        if (continues) {
            struct at_diag *diag =
                at_diag_add(loader->diags, AT_A1210, file->child[i]->span, "a second `continues`");
            at_diag_label(diag, continues->span, "the first is here");
            at_diag_help(diag, "delete one of them");
            return;
        }
        continues = file->child[i];
    }
    if (!continues || !loader->load) return;
    struct at_parse_loaded loaded = {0};
    struct at_diag_place place = at_diag_sources_place(loader->ast->sources, continues->span.start);
    if (!loader->load(loader->context, loader->ast->arena, place.file->name, continues->text, &loaded)) {
        report_absent(loader, continues, &loaded);
        return;
    }
    if (is_in_chain(loader, version, continues, loaded.name)) return;
    struct version earlier = {version, loaded.name};
    struct at_ast *before = NULL;
    enum at_status status = parse_version(loader->ast->sources, loader->ast->arena, loader->diags, &earlier,
                                          loaded.text, loader->load, loader->context, &before);
    if (status == AT_OK && !at_ast_child(before->files[0], AT_N_POLICY)) {
        struct at_diag *diag =
            at_diag_add(loader->diags, AT_A1207, continues->name_span,
                        "`%.*s` does not contain a `policy` statement", AT_STR_ARG(loaded.name));
        at_diag_help(diag, "name a policy");
        return;
    }
    if (status == AT_OK) loader->ast->before = before;
}

static enum at_status parse_version(struct at_diag_sources *sources, struct at_arena *arena,
                                    struct at_diag_list *diags, const struct version *version, at_str text,
                                    at_load_fn load, void *load_context, struct at_ast **out) {
    struct loader *loader = AT_NEW(arena, struct loader);
    uint64_t errors = diags->errors;
    *loader = (struct loader){
        .ast = at_ast_start(sources, arena), .diags = diags, .load = load, .context = load_context};
    at_map_init(&loader->seen, arena);
    /* Ids continue after those of other ASTs in this source map. Two versions of a policy then
     * share no id. */
    loader->ast->n_nodes = sources->n_nodes;
    load_file(loader, at_str_copy(arena, version->name), text, true);
    sources->n_nodes = loader->ast->n_nodes;
    follow_versions(loader, version);
    *out = loader->ast;
    return diags->errors > errors ? AT_REJECTED : AT_OK;
}

enum at_status at_parse(struct at_diag_sources *sources, struct at_arena *arena, struct at_diag_list *diags,
                        at_str name, at_str text, at_load_fn load, void *load_context, struct at_ast **out) {
    struct version version = {NULL, name};
    return parse_version(sources, arena, diags, &version, text, load, load_context, out);
}
