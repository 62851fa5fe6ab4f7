/* diff/import.c: implements import.h. */
#include "diff/import.h"

struct importer {
    struct at_arena *arena;
    uint32_t first_id;
    const struct at_diag_sources *from;
    uint32_t *base; /* by file of `from`: the base of its text in the other map; 0: not there */
};

/* Statements of several files may be in one list, so each span is looked up. Bases ascend. */
static at_span moved(const struct importer *importer, at_span span) {
    if (span.end == 0) return span;
    uint32_t low = 0, high = importer->from->n_files;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (importer->from->files[middle]->base <= span.start)
            low = middle;
        else
            high = middle;
    }
    uint32_t from = importer->from->files[low]->base, to = importer->base[low];
    return (at_span){span.start - from + to, span.end - from + to};
}

static struct at_ast_node *copy(const struct importer *importer, const struct at_ast_node *node) {
    if (!node) return NULL;
    struct at_ast_node *out = AT_NEW(importer->arena, struct at_ast_node);
    *out = *node;
    out->id += importer->first_id;
    out->span = moved(importer, node->span);
    out->name_span = moved(importer, node->name_span);
    out->span2 = moved(importer, node->span2);
    out->span3 = moved(importer, node->span3);
    out->by_span = moved(importer, node->by_span);
    out->child = AT_NEW_ARRAY(importer->arena, struct at_ast_node *, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++)
        out->child[i] = copy(importer, node->child[i]);
    return out;
}

/* Adds every file of which the tree has a statement. */
static bool add_files(struct importer *importer, const struct at_ast *ast, struct at_diag_sources *to) {
    const struct at_diag_sources *from = ast->sources;
    importer->base = AT_NEW_ARRAY(importer->arena, uint32_t, from->n_files + 1);
    for (uint32_t i = 0; i < from->n_files; i++) {
        const struct at_diag_source_file *added =
            at_diag_sources_add(to, from->files[i]->name, from->files[i]->text);
        if (!added) return false;
        importer->base[i] = added->base;
    }
    return true;
}

struct at_ast *at_diff_import(struct at_diag_sources *to, const struct at_ast *ast, struct at_arena *arena) {
    struct at_ast *out = AT_NEW(arena, struct at_ast);
    *out = (struct at_ast){.arena = arena, .sources = to, .n_files = ast->n_files};
    out->files = AT_NEW_ARRAY(arena, struct at_ast_node *, ast->n_files + 1);
    struct importer importer = {.arena = arena, .first_id = to->n_nodes, .from = ast->sources};
    if (!add_files(&importer, ast, to)) return NULL;
    for (uint32_t f = 0; f < ast->n_files; f++)
        if (ast->files[f]) out->files[f] = copy(&importer, ast->files[f]);
    if (ast->own) { /* only its place is asked for */
        out->own = AT_NEW(arena, struct at_ast_node);
        *out->own = (struct at_ast_node){.kind = AT_N_FILE, .text = ast->own->text};
        out->own->span = moved(&importer, ast->own->span);
    }
    out->n_nodes = importer.first_id + ast->n_nodes;
    to->n_nodes = out->n_nodes;
    return out;
}
