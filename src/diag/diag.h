/* diag/diag.h: collects errors and warnings of policies and data in a list.
 *
 *     struct at_diag *d = at_diag_add(diags, AT_A0301, op_span, "cannot add %s and %s", "money", "a number");
 *     at_diag_label(d, left_span, "money");
 *     at_diag_help(d, "did you mean `10%% of bookings`?");
 *
 * Each code is one line of diagnostics.def. Errors and warnings beyond the limit of the list are counted,
 * not kept.
 */
#ifndef AT_DIAG_DIAG_H
#define AT_DIAG_DIAG_H

#include "diag/source.h"

struct at_words; /* diag/say.h */

enum at_diag_severity { AT_SEV_ERROR, AT_SEV_WARNING, AT_SEV_NOTE };

enum at_diag_code {
#define AT_DIAG(code, severity, title, about) AT_##code,
#include "diag/diagnostics.def"
#undef AT_DIAG
    AT_CODE_COUNT
};

struct at_diag_code_info {
    const char *name; /* "A0301" */
    enum at_diag_severity severity;
    const char *title; /* a few words for the reference */
    const char *about; /* one or two sentences: when it appears and what to do */
};
const struct at_diag_code_info *at_diag_code_info(enum at_diag_code code);
/* The code of that name; AT_CODE_COUNT if there is none. */
enum at_diag_code at_diag_code_find(at_str name);

struct at_diag_label {
    at_span span;
    at_str text;
};

/* An edit of the policy that removes the diagnostic. All edits of a diagnostic are made together. */
struct at_diag_edit {
    at_span span; /* of one file; empty, start == end: the text is inserted */
    at_str text;
};

/* A place in a data file (or in a Lua file), which is not in the source map. */
struct at_diag_data_place {
    at_str file;
    at_str name;     /* of the row, "sheet Deals, row 812"; empty: the file, a colon, and `row` */
    uint64_t row;    /* line of the file, from 1 */
    uint32_t column; /* field number for data files, character for others; from 1; 0: the whole row */
    at_str excerpt;  /* the row's or line's text, truncated to a sensible length; may be empty */
    uint32_t mark_start, mark_length; /* bytes of the excerpt under which the caret goes; length 0: none */
};

struct at_diag {
    enum at_diag_code code;
    enum at_diag_severity severity;   /* the code's own unless raised */
    at_span span;                     /* {0,0}: nowhere */
    struct at_diag_data_place *place; /* NULL: the span counts */
    at_str message;
    struct at_diag_label *labels;
    struct at_diag_edit *fixes;
    uint32_t n_labels, n_fixes;
    at_str help; /* "did you mean …", may be empty */
    at_str note; /* further facts, may be empty */
    const struct at_words
        *words;     /* the language of its sentences, of words/; NULL: written here, in English */
    uint32_t order; /* order of adding */
    struct at_diag_list *list;
};

struct at_diag_list {
    struct at_arena *arena;                /* view */
    const struct at_diag_sources *sources; /* view; may be NULL */
    const struct at_words *words;          /* language of sentences of words/; NULL: English */
    struct at_diag **at;
    uint32_t n, room;
    uint32_t limit;              /* how many are kept: 0 means 1,000 */
    uint64_t errors, warnings;   /* all that were added, kept or not */
    uint64_t added;              /* with the notes */
    bool allowed[AT_CODE_COUNT]; /* warnings that are left out, and not counted */
    struct at_diag scrap;        /* what is past the limit is written here and lost */
};

void at_diag_list_init(struct at_diag_list *diags, struct at_arena *arena,
                       const struct at_diag_sources *sources);
struct at_diag *at_diag_add(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                            const char *format, ...) AT_PRINTF(4, 5);
struct at_diag *at_diag_add_args(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                                 const char *format, va_list args);
struct at_diag *at_diag_add_at(struct at_diag_list *diags, enum at_diag_code code,
                               const struct at_diag_data_place *place, const char *format, ...)
    AT_PRINTF(4, 5);
void at_diag_label(struct at_diag *diag, at_span span, const char *format, ...) AT_PRINTF(3, 4);
void at_diag_help(struct at_diag *diag, const char *format, ...) AT_PRINTF(2, 3);
void at_diag_note(struct at_diag *diag, const char *format, ...) AT_PRINTF(2, 3);
/* Adds an edit that removes the diagnostic. Give one only if it is certain to be right: programs apply it. */
void at_diag_fix(struct at_diag *diag, at_span span, const char *format, ...) AT_PRINTF(3, 4);
/* Leaves out this warning from now on, also from the end of the list. */
void at_diag_allow(struct at_diag_list *diags, enum at_diag_code code);
/* Makes a warning an error, unless its list allows it. */
void at_diag_raise(struct at_diag *diag);
/* Makes all warnings errors. */
void at_diag_list_raise(struct at_diag_list *diags);
/* By file and place, errors before warnings at one place; the same message at the same place once. Stable. */
void at_diag_list_sort(struct at_diag_list *diags);

#endif
