/* table/pass.h: one pass over a table, in parts by threads. Loads, scans and checks use it.
 *
 *     pass ── part 0 (caller's thread): source -> rows -> lanes -> on_rows -> …
 *          ── part 1 (thread):          source -> …
 *
 * Of what changes, a part shares only `stop` with the others. Its arena is its own. A failure of memory ends
 * the part, and its status then reports the failure.
 */
#ifndef AT_TABLE_PASS_H
#define AT_TABLE_PASS_H

#include "table/parse.h"
#include "table/store.h"

struct at_table_pass;

struct at_table_part {
    struct at_table_pass *pass;
    unsigned index;
    struct at_arena arena, scratch; /* scratch is emptied after each batch */
    struct at_guard guard;
    enum at_status status;
    bool fatal;                  /* a fault that skipping rows does not fix */
    struct at_source_part *rows; /* of the source */
    struct at_table_parser parser;
    struct at_table_faults faults;
    struct at_table_order order;
    uint64_t n_rows;
    size_t known;      /* first of the known bad rows not yet passed */
    uint64_t first, n; /* resident tables: the rows of the part */
};

struct at_table_pass {
    struct at_table_dataset *data;
    uint32_t table;
    bool check;                             /* faults are noted; every field is parsed */
    bool watch_order;                       /* of the keys */
    const bool *parse;                      /* by field: the fields that are parsed; NULL: all */
    const bool *as_text;                    /* by field: references kept as text; NULL: none */
    const struct at_table_faults *repeated; /* faults of keys that were found beforehand; may be NULL */
    /* Each batch, with rows->fault filled. May be NULL. */
    enum at_status (*on_rows)(void *context, struct at_table_part *part, struct at_source_rows *rows);
    void *context;
    /* Called when the parts are decided. May be NULL. */
    void (*begin)(void *context, unsigned n_parts);
    bool single; /* one part only */
    struct at_table_part *parts;
    unsigned n_parts;
    atomic_uint stop; /* parts from this number on stop soon */
};

/* Whether nothing more is looked at: what a stopped part holds is not whole. */
static inline bool at_table_must_stop(enum at_status status) {
    return status == AT_NOMEM || status == AT_CANCELLED;
}

/* Runs the pass over the source. The parts stay for the caller to look at until at_table_pass_end. */
enum at_status at_table_pass_source(struct at_table_pass *pass) AT_MUST_CHECK;
/* Over the rows of a resident table; `body` is called once a part. */
enum at_status at_table_pass_resident(struct at_table_pass *pass,
                                      enum at_status (*body)(struct at_table_part *part)) AT_MUST_CHECK;
/* Once a field: warns of keys with spaces at their ends, and asks about percentages without a sign. Whether
 * it asked; the source is then rejected. */
bool at_table_pass_tell_columns(const struct at_table_pass *pass);
void at_table_pass_end(struct at_table_pass *pass);

/* Takes the rows marked in rows->fault out of the lanes and of rows->lines; `only_void` those with nothing
 * but commas. */
uint32_t at_table_pass_drop(struct at_table_part *part, struct at_source_rows *rows, bool only_void);

#endif
