/* source/cells.c: columns that the caller made, as a source: one part, one batch. Ids are row numbers from 0.
 */
#include "source/cells.h"

struct cells_source {
    struct at_source source;
    const struct at_col *cols;
    uint32_t n_rows;
};

struct cells_part {
    struct at_source_part part;
    const struct at_source_layout *layout;
    bool given;
};

/* Opening always succeeds, because the columns are in memory. */
static bool cells_open(struct at_source *source, struct at_arena *scratch, struct at_source_fault *fault) {
    (void)source, (void)scratch, (void)fault;
    return true;
}

/* One part: the rows are taken over as a whole, not read. */
static unsigned cells_split(struct at_source *source, unsigned most, struct at_arena *scratch,
                            struct at_watch *watch) {
    (void)source, (void)most, (void)scratch, (void)watch;
    return 1;
}

static struct at_source_part *cells_begin(struct at_source *source, const struct at_source_layout *layout,
                                          unsigned part, unsigned n_parts, struct at_arena *arena) {
    struct cells_part *cells = AT_NEW(arena, struct cells_part);
    (void)part, (void)n_parts;
    cells->part.source = source;
    cells->layout = layout;
    return &cells->part;
}

static enum at_source_end cells_next(struct at_source_part *part, struct at_source_rows *rows) {
    struct cells_part *cells = (struct cells_part *)part;
    const struct cells_source *source = (const struct cells_source *)part->source;
    if (cells->given) return AT_SOURCE_END;
    cells->given = true;
    *rows = (struct at_source_rows){.layout = cells->layout, .n = source->n_rows, .cols = source->cols};
    return AT_SOURCE_ROWS;
}

/* Rows have numbers and ids, but no text that could be shown. */
static void cells_row(struct at_source *source, struct at_source_ref *ref, uint32_t column,
                      struct at_arena *scratch, struct at_source_row *out) {
    (void)source, (void)column, (void)scratch;
    if (ref->id == AT_SOURCE_NO_ID) ref->id = ref->number - 1;
    ref->number = ref->id + 1;
    *out = (struct at_source_row){0};
}

struct at_source *at_source_cells_source_new(const struct at_source_binding *binding,
                                             struct at_arena *arena) {
    static const struct at_source_ops ops = {cells_open, cells_split, cells_begin, cells_next, cells_row};
    struct cells_source *source = AT_NEW(arena, struct cells_source);
    source->source = (struct at_source){.ops = &ops, .arena = arena, .name = binding->name, .whole = true};
    source->cols = binding->cells;
    source->n_rows = binding->n_rows;
    return &source->source;
}
