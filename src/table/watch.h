/* table/watch.h: owns what is looked for in columns while they are parsed: texts that almost are what the
 * policy compares them with, rates that seem to be percentages written as whole numbers, dots between
 * thousands, and keys that are almost the same.
 *
 * A watch is made before the tables are loaded, and not changed afterwards: threads share it. What a lane has
 * found is its own. Parts are joined in the order of the source, so that the number of threads is not seen.
 * Only the first pass over a table looks, and it warns once for each text or column.
 */
#ifndef AT_TABLE_WATCH_H
#define AT_TABLE_WATCH_H

#include "base/map.h"
#include "base/vec.h"
#include "source/rows.h"
#include "table/keys.h"
#include "table/table.h"

/* The policy compares the field with the text. Call it before at_table_dataset_load. */
void at_table_watch_text(struct at_table_dataset *data, uint32_t table, uint32_t field, at_str text);
/* The policy looks for the text inside the field, or at its start or end. Call it before, too. */
enum at_table_watch_where { AT_WATCH_INSIDE, AT_WATCH_START, AT_WATCH_END };
void at_table_watch_part(struct at_table_dataset *data, uint32_t table, uint32_t field, at_str text,
                         enum at_table_watch_where where);
/* The policy multiplies by the field: it is a rate or a share. */
void at_table_watch_rate(struct at_table_dataset *data, uint32_t table, uint32_t field);
/* The policy compares the field with a percentage. A larger number than `most` was hardly meant for one. */
void at_table_watch_compared(struct at_table_dataset *data, uint32_t table, uint32_t field, at_num most);

/* The policy compares a field with one of another table. Before at_table_dataset_load. */
void at_table_watch_column(struct at_table_dataset *data, uint32_t table, uint32_t field,
                           uint32_t other_table, uint32_t other_field);

/* ---- private to table/ */

struct at_table_watch_part {
    at_str text, folded;
    enum at_table_watch_where where;
};

#define AT_WATCH_ALL_OWN UINT32_MAX
struct at_table_watch {
    AT_VEC(at_str) texts;
    uint32_t n_own; /* of the texts; others are those of a column with which the policy compares this one */
    AT_VEC(struct at_table_watch_part) parts; /* of texts; in what is found, they follow the texts */
    struct at_map exact, folded;              /* to 1 + the index of the first text with this folded form */
    bool begins[128]; /* ASCII with which a folded text begins; others are always looked up */
    bool rate, compared;
    at_num most; /* if compared */
};

struct at_table_found {
    uint64_t n, id, line; /* how many rows, and the first of them */
};

#define AT_WATCH_MEMO 512
struct at_table_watched {
    struct at_table_found *near; /* by text and part of the watch */
    bool *met;                   /* by text and part of the watch: a cell is or has this text */
    struct at_table_watch_memo {
        struct at_table_key key;
        int32_t text; /* that is nearly the cell; -1: none */
        int32_t part; /* that the cell nearly has; -1: none */
    } * memo;
    struct at_table_found large, small; /* rates above 100%, and below one basis point */
    struct at_table_found fractions;    /* of a column in points: values below one point */
    bool points;                        /* the column has another value */
    struct at_table_found dots;         /* amounts whose dot is followed by three digits */
    uint64_t other_dots;                /* amounts with another dot */
    struct at_table_letters *letters;   /* of keys; else NULL */
};

/* Where keys have letters: two keys can differ only in capitals if one has a capital where another has a
 * small letter. `odd`: a key has something else that two keys can differ in unnoticed. */
#define AT_LETTER_WORDS 8
struct at_table_letters {
    uint64_t upper[AT_LETTER_WORDS], lower[AT_LETTER_WORDS]; /* bit 6 of the byte of each letter */
    bool odd;
};
void at_table_letters_add(struct at_table_letters *letters, at_str key);
bool at_table_letters_meet(const struct at_table_letters *letters);
void at_table_letters_join(struct at_table_letters *letters, const struct at_table_letters *more);

struct at_table_lane;
struct at_table_pass;
struct at_table_watch *at_table_watch_of(struct at_table_dataset *data, uint32_t table, uint32_t field);
/* After a resident table was loaded: looks for its texts in columns that are compared with it. */
void at_table_watch_columns(struct at_table_dataset *data, uint32_t table);
void at_table_watch_lane(struct at_table_lane *lane, struct at_arena *arena);
/* The text of the watch that a text is, or nearly is; -1: none. */
int32_t at_table_watch_find(const struct at_table_watch *watch, at_str text, bool *near,
                            struct at_arena *scratch);
/* The part that a text nearly has; -1: none. Sets `met` of those that it has. */
int32_t at_table_watch_find_part(const struct at_table_watch *watch, at_str text, bool *met,
                                 struct at_arena *scratch);
/* After a lane was parsed: looks at its texts, rates, and keys. */
void at_table_watch_rows(struct at_table_lane *lane, const struct at_source_rows *rows,
                         const struct at_source_slices *cells, struct at_arena *scratch);
/* An amount that the fast loops did not read, or read with three decimals. */
void at_table_watch_dots(struct at_table_watched *watched, const struct at_source_rows *rows, uint32_t r,
                         struct at_source_slice cell);
/* Reports what all parts of a pass have found. */
void at_table_watch_tell(const struct at_table_pass *pass);
/* The same for a resident table whose rows came as values. */
void at_table_watch_tell_column(struct at_table_dataset *data, uint32_t table, uint32_t field);

/* One of these warnings: `n` cells are nearly `text`, the first of them at `place`. `own`: the text is one of
 * the policy, not of a column. */
struct at_diag *at_table_tell_near_text(struct at_diag_list *diags, struct at_arena *scratch,
                                        const struct at_schema_field *field,
                                        const struct at_diag_data_place *place, at_str cell, at_str text,
                                        uint64_t n, bool own);

/* unique.c: rows whose key differs only so from that of an earlier row; `first` is the row of the first
 * key, and `found` the others. */
enum at_status at_table_unique_near(struct at_table_dataset *data, uint32_t table, uint64_t n_rows);
/* The same for the keys of a resident table, in `texts` by row; empty: none. */
void at_table_near_keys(struct at_table_dataset *data, uint32_t table, uint32_t field, const at_str *texts,
                        const uint64_t *ids, const uint64_t *lines, uint32_t n);
/* `first` and `second` are rows of which the keys differ so; `n`: how many do. */
void at_table_tell_near_keys(struct at_table_dataset *data, uint32_t table, uint32_t field,
                             struct at_source_ref first, struct at_source_ref second, uint64_t n);

#endif
