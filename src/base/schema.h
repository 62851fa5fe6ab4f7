/* base/schema.h: describes a table as the `payee`, `data`, and `history` statements declare it.
 *
 * The checker makes schemas, and the tables read data by them. All parts are in the policy arena.
 */
#ifndef AT_BASE_SCHEMA_H
#define AT_BASE_SCHEMA_H

#include "base/type.h"

/* What a number without a sign means in the column of a percent field. */
enum at_schema_percents {
    AT_PERCENTS_SIGNED,   /* it is an error, which asks for one of the others */
    AT_PERCENTS_POINTS,   /* 25 is 25% */
    AT_PERCENTS_FRACTIONS /* 0.25 is 25% */
};

/* How the text of a file is encoded. */
enum at_schema_encoding {
    AT_ENCODING_ANY, /* its source finds out */
    AT_ENCODING_UTF8,
    AT_ENCODING_UTF16, /* either one: its byte order mark decides */
    AT_ENCODING_UTF16LE,
    AT_ENCODING_UTF16BE,
    AT_ENCODING_GB18030,
    AT_ENCODING_WINDOWS1252
};

/* How a file is written, as the policy or the user specifies it. */
struct at_schema_form {
    uint8_t encoding; /* enum at_schema_encoding */
    char separator;   /* between the cells of a row; 0: its source finds out */
};

struct at_schema_field {
    at_str name;
    at_str header;         /* `from "Column Header"`, or the name */
    const at_str *formats; /* dates: `format "DD/MM/YYYY" or "YYYY-MM-DD"`; without one: ISO */
    uint32_t n_formats;
    bool decimal_comma; /* numbers and money: 1.234,56 */
    bool decimal_point; /* 1,234.56, and stated so */
    uint8_t percents;   /* numbers in percent: enum at_schema_percents */
    at_type type;       /* type.optional: may be empty */
    int ref_field; /* REF: field of the other table by which it is named (its key unless `by`), else -1 */
    int currency_field; /* FOREIGN: field of the same row with the currency, else -1 */
    bool codes;         /* texts and choices that are currencies: other values are errors */
    bool withdrawn;     /* `codes` that may also be currencies of the past: those of exchange rates */
    bool positive;      /* numbers of which zero and negative ones are errors: exchange rates */
    bool key, label;
    bool unique; /* key, or named by some other table's `by` */
    bool used;   /* some rule reads it (the reader checks fields that are not used, but need not keep them) */
    uint16_t dated_table; /* of a dated field: the table that has its values, and the field of that table */
    uint16_t dated_field;
};

/* What rows of a table may not have in common, or usually do not. Values of `fields` are never numbers. */
enum at_schema_rule_kind {
    AT_RULE_KEY,    /* `key rep, quarter`: no two rows have the same values */
    AT_RULE_QUOTA,  /* two rows for one payee and period would be added up, though a quota is one amount */
    AT_RULE_PERSON, /* two rows credit one person with one row of another table */
    AT_RULE_SHARES  /* `value` usually adds up to 100% over the rows of a row of another table */
};
struct at_schema_rule {
    uint8_t kind;
    uint32_t *fields, n_fields;
    uint32_t value; /* SHARES: field of the share; PERSON: the same, or n_fields of the schema */
};

struct at_schema {
    at_str name;                       /* "deal" */
    at_str source;                     /* default file, may be empty */
    struct at_schema_form form;        /* of the default file */
    uint32_t source_start, source_end; /* its place in the policy's text, for messages; 0: none */
    bool payee;                        /* the `payee` statement's table */
    bool referenced;                   /* rows are reached through references: the table stays in memory */
    struct at_schema_field *fields;
    uint32_t n_fields;
    uint32_t n_dated; /* fields after those of the file, whose values are rows of other tables by day */
    int key, label;   /* field index, or -1 */
    bool dated;       /* its rows hold from a day on; the next three are set */
    int dated_key, since, until; /* whose rows these are; the first day; the last one, or -1 */
    struct at_schema_rule *rules;
    uint32_t n_rules;
};

/* The number of all fields: those of the file, and the dated ones after them. */
static inline uint32_t at_schema_all(const struct at_schema *schema) {
    return schema->n_fields + schema->n_dated;
}

#endif
