/* names/names.h: what the names of a policy mean, for editors: declarations, their uses, and a text for
 * people.
 *
 * A list of names is made from a checked policy, also from one with errors; a name whose meaning is not known
 * then has no use. Declarations are in the order of the files and their texts. A field follows its table,
 * and a parameter its function. Spans are those of the policy's source map. The list is read only, and views
 * the policy.
 */
#ifndef AT_NAMES_NAMES_H
#define AT_NAMES_NAMES_H

#include "base/vec.h"
#include "check/check.h"
#include "words/words.h"

enum at_names_kind {
    AT_NAMES_TABLE, /* `payee` or `data` */
    AT_NAMES_FIELD,
    AT_NAMES_CREDIT,
    AT_NAMES_MEASURE,
    AT_NAMES_PARAM,
    AT_NAMES_RATES,
    AT_NAMES_LOOKUP,
    AT_NAMES_COMPONENT, /* `pay` or `pool` */
    AT_NAMES_FUNCTION,
    AT_NAMES_PARAMETER,
    AT_NAMES_TEST,
    AT_NAMES_DRAW,
    AT_NAMES_KINDS
};

#define AT_NAMES_NONE UINT32_MAX

struct at_names_entry {
    uint8_t kind;  /* enum at_names_kind */
    uint8_t grain; /* enum at_check_grain */
    const struct at_ast_node *node;
    at_span name; /* where it is declared; of a test: its title with quotes */
    at_str text, label;
    at_str documentation; /* comments on the lines just before it, without their # */
    at_type type;         /* NONE where it has none, or an error */
    uint32_t parent;      /* table of a field, function of a parameter; else AT_NAMES_NONE */
    uint32_t first_use, n_uses;
};

struct at_names_use {
    at_span span;
    uint32_t entry;                       /* AT_NAMES_NONE: `symbol` is built in */
    const struct at_check_symbol *symbol; /* NULL where the name is in a clause that only names it */
};

struct at_names {
    const struct at_check_policy *checked;
    struct at_arena *arena;
    AT_VEC(struct at_names_entry) entries;
    AT_VEC(struct at_names_use) uses; /* by entry, then place */
    uint32_t *places;                 /* indexes into uses, by place */
};

struct at_names *at_names_make(const struct at_check_policy *checked, struct at_arena *arena);
/* The use at an offset of the source map: inside the name or right after it. A declaration of an entry
 * counts: *entry is then the entry, and the result NULL. Both are none where no name is. */
const struct at_names_use *at_names_at(const struct at_names *names, uint32_t offset, uint32_t *entry);
/* What a reader wants to know about what is at the offset: a name, or a keyword; empty where neither is.
 * *span: the word. */
at_str at_names_hover(const struct at_names *names, uint32_t offset, const struct at_words *words,
                      struct at_arena *arena, at_span *span);
/* The type as a policy's reader names it, such as "money in USD". */
at_str at_names_type(const struct at_names *names, at_type type, const struct at_words *words,
                     struct at_arena *arena);

#endif
