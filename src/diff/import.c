/* diff/import.c: implements import.h. */
#include "diff/import.h"

struct importer {
    struct at_arena *arena;
    uint32_t first_id;
    uint32_t from, to; /* base of the file's text before and after */
};

static at_span moved(const struct importer *importer, at_span span) {
    if (span.end == 0) return span;
    return (at_span){span.start - importer->from + importer->to, span.end - importer->from + importer->to};
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

static const struct at_diag_source_file *file_at(const struct at_diag_sources *sources, uint32_t offset) {
    const struct at_diag_source_file *found = NULL;
    for (uint32_t i = 0; i < sources->n_files; i++)
        if (sources->files[i]->base <= offset && (!found || sources->files[i]->base > found->base))
            found = sources->files[i];
    return found;
}

struct at_ast *at_diff_import(struct at_diag_sources *to, const struct at_ast *ast, struct at_arena *arena) {
    struct at_ast *out = AT_NEW(arena, struct at_ast);
    *out = (struct at_ast){.arena = arena, .sources = to, .n_files = ast->n_files};
    out->files = AT_NEW_ARRAY(arena, struct at_ast_node *, ast->n_files + 1);
    struct importer importer = {.arena = arena, .first_id = to->n_nodes};
    for (uint32_t f = 0; f < ast->n_files; f++) {
        if (!ast->files[f]) continue;
        const struct at_diag_source_file *file = file_at(ast->sources, ast->files[f]->span.start);
        if (!file) return NULL;
        const struct at_diag_source_file *added = at_diag_sources_add(to, file->name, file->text);
        if (!added) return NULL;
        importer.from = file->base;
        importer.to = added->base;
        out->files[f] = copy(&importer, ast->files[f]);
    }
    out->n_nodes = importer.first_id + ast->n_nodes;
    to->n_nodes = out->n_nodes;
    return out;
}
