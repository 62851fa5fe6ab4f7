/* tests/unit/table/fixture.h: tables from a line of text, and their rows and faults as text to compare with.
 *
 *     struct fixture *f = fixture_new();
 *     fixture_table(f, "rep", "id:text* name:text", "id,name\nana,Ana\n");
 *     fixture_table(f, "deal", "id:text* rep:ref0 amount:money day:date? stage:enum(open|won)",
 * "id,rep,…\n");
 *
 * A field is name:type and then `*` key, `!` unique, `?` optional, `[format|format]`, `[comma]`, `[cny]`,
 * `=Column_Header` (_ for a space). The first table is the payee's.
 */
#ifndef AT_TEST_DATA_FIXTURE_H
#define AT_TEST_DATA_FIXTURE_H

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "table/table.h"

struct fixture_text {
    char *at;
    size_t n, room;
};

struct fixture {
    struct at_arena arena;
    struct at_diag_list diags;
    struct at_table_dataset data;
    struct at_schema schemas[8];
    struct at_source_binding bindings[8];
    uint32_t n;
    bool keep[8];
    unsigned threads;
    bool skip;
    pthread_mutex_t lock;         /* of the dump */
    struct fixture_text dump;     /* rows of a scan */
    struct fixture_text left_out; /* rows that were skipped */
    uint32_t table;               /* scanned */
    bool numbered;                /* the dump has line numbers */
};

static inline at_str fixture_word(struct at_arena *arena, const char *from, const char *to) {
    at_str s = at_str_copy(arena, (at_str){from, (uint32_t)(to - from)});
    for (uint32_t i = 0; i < s.n; i++)
        if (s.p[i] == '_') ((char *)(size_t)s.p)[i] = ' ';
    return s;
}

/* `[comma]`: decimal comma; `[cny]`: money in yuan; else formats of dates, divided by `|`. */
static inline void fixture_brackets(struct fixture *f, struct at_schema_field *field, const char *p,
                                    const char *close) {
    at_str *formats = AT_NEW_ARRAY(&f->arena, at_str, 4);
    field->decimal_comma = strncmp(p, "comma]", 6) == 0;
    if (strncmp(p, "cny]", 4) == 0) field->type.currency = at_currency_find(AT_STR("CNY"));
    if (field->type.kind != AT_T_DATE) return;
    field->formats = formats;
    while (p < close) {
        const char *end = memchr(p, '|', (size_t)(close - p));
        if (!end) end = close;
        formats[field->n_formats++] = fixture_word(&f->arena, p, end);
        p = end + 1;
    }
}

static inline void fixture_type(struct fixture *f, struct at_schema_field *field, const char *type,
                                const char *end) {
    static const struct {
        const char *name;
        enum at_type_kind kind;
    } types[] = {{"number", AT_T_NUMBER},   {"money", AT_T_MONEY},   {"text", AT_T_TEXT},
                 {"date", AT_T_DATE},       {"period", AT_T_PERIOD}, {"duration", AT_T_DURATION},
                 {"months", AT_T_DURATION}, {"flag", AT_T_FLAG},     {"enum", AT_T_ENUM},
                 {"ref", AT_T_REF}};
    const char *p = type;
    while (p < end && *p >= 'a' && *p <= 'z')
        p++;
    for (size_t i = 0; i < AT_COUNT(types); i++)
        if (strlen(types[i].name) == (size_t)(p - type) &&
            memcmp(types[i].name, type, (size_t)(p - type)) == 0)
            field->type.kind = (uint8_t)types[i].kind;
    cr_assert(field->type.kind, "no type in %s", type);
    field->type.months = strncmp(type, "months", 6) == 0;
    if (field->type.kind == AT_T_MONEY) field->type.currency = at_currency_find(AT_STR("USD"));
    for (; p < end; p++) {
        if (*p >= '0' && *p <= '9') field->type.table = (uint16_t)(*p - '0');
        if (*p == '*') field->key = field->unique = true;
        if (*p == '!') field->unique = true;
        if (*p == '?') field->type.optional = true;
        if (*p == '.') field->ref_field = *++p - '0';
        if (*p == '[') {
            const char *close = strchr(p, ']');
            fixture_brackets(f, field, p + 1, close);
            p = close;
        }
        if (*p == '=') {
            field->header = fixture_word(&f->arena, p + 1, end);
            for (uint32_t i = 0; i < field->header.n; i++)
                if (field->header.p[i] == '-') ((char *)(size_t)field->header.p)[i] = '_';
            p = end;
        }
        if (*p == '(') {
            struct at_type_choices *choices = AT_NEW(&f->arena, struct at_type_choices);
            choices->at = AT_NEW_ARRAY(&f->arena, at_str, 64);
            const char *close = strchr(p, ')');
            for (p++; p <= close;) {
                const char *q = p;
                while (q < close && *q != '|')
                    q++;
                choices->at[choices->n++] = fixture_word(&f->arena, p, q);
                p = q + 1;
            }
            p = close;
            field->type.choices = choices;
        }
    }
}

static inline struct fixture *fixture_new(void) {
    struct fixture *f = calloc(1, sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    at_arena_init(&f->arena, NULL, NULL);
    at_diag_list_init(&f->diags, &f->arena, NULL);
    return f;
}

static inline void fixture_free(struct fixture *f) {
    at_arena_free(&f->arena);
    free(f->dump.at);
    free(f->left_out.at);
    free(f);
}

static inline struct at_schema *fixture_schema(struct fixture *f, const char *name, const char *fields) {
    struct at_schema *schema = &f->schemas[f->n];
    *schema = (struct at_schema){
        .name = at_str_copy(&f->arena, at_str_z(name)), .payee = f->n == 0, .key = -1, .label = -1};
    schema->fields = AT_NEW_ARRAY(&f->arena, struct at_schema_field, 64);
    for (const char *p = fields; *p;) {
        const char *end = p;
        while (*end && *end != ' ')
            end++;
        const char *colon = memchr(p, ':', (size_t)(end - p));
        struct at_schema_field *field = &schema->fields[schema->n_fields++];
        field->name = at_str_copy(&f->arena, (at_str){p, (uint32_t)(colon - p)});
        field->ref_field = -1;
        fixture_type(f, field, colon + 1, end);
        if (field->key) schema->key = (int)schema->n_fields - 1;
        p = *end ? end + 1 : end;
    }
    f->n++;
    return schema;
}

static inline void fixture_bytes(struct fixture *f, const char *name, const char *fields, const char *csv,
                                 size_t n) {
    struct at_schema *schema = fixture_schema(f, name, fields);
    f->bindings[f->n - 1] =
        (struct at_source_binding){.kind = AT_FROM_MEMORY,
                                   .name = at_str_format(&f->arena, "%.*s.csv", AT_STR_ARG(schema->name)),
                                   .bytes = {csv, (uint32_t)n}};
}
static inline void fixture_table(struct fixture *f, const char *name, const char *fields, const char *csv) {
    fixture_bytes(f, name, fields, csv, strlen(csv));
}
static inline void fixture_file(struct fixture *f, const char *name, const char *fields, const char *path) {
    fixture_schema(f, name, fields);
    at_str p = at_str_copy(&f->arena, at_str_z(path));
    f->bindings[f->n - 1] = (struct at_source_binding){.kind = AT_FROM_FILE, .name = p, .path = p};
}

/* Adds text to a growing piece, which remains NUL-ended. Batches come from several threads, so the caller
 * holds the lock. */
static inline void fixture_put(struct fixture_text *to, at_str s) {
    if (to->n + s.n + 1 > to->room) to->at = realloc(to->at, to->room = (to->n + s.n + 64) * 2);
    memcpy(to->at + to->n, s.p, s.n);
    to->n += s.n;
    to->at[to->n] = 0;
}

static inline void fixture_left_out(void *context, at_str file, uint64_t line, at_str raw) {
    struct fixture *f = context;
    char number[32];
    snprintf(number, sizeof number, ":%llu ", (unsigned long long)line);
    fixture_put(&f->left_out, file);
    fixture_put(&f->left_out, at_str_z(number));
    fixture_put(&f->left_out, raw);
    fixture_put(&f->left_out, AT_STR("\n"));
}

static inline enum at_status fixture_load(struct fixture *f) {
    at_table_dataset_init(&f->data, &f->arena, &f->diags, f->schemas, f->n);
    for (uint32_t t = 0; t < f->n; t++)
        f->data.tables[t].binding = f->bindings[t];
    f->data.threads = f->threads;
    f->data.bad.skip = f->skip;
    f->data.bad.on_row = fixture_left_out;
    f->data.bad.context = f;
    return at_table_dataset_load(&f->data, f->keep);
}

static inline enum at_status fixture_batch(void *context, unsigned part, const struct at_table_batch *batch,
                                           struct at_arena *scratch) {
    struct fixture *f = context;
    (void)part;
    const struct at_schema *schema = &f->schemas[f->table];
    pthread_mutex_lock(&f->lock);
    for (uint32_t r = 0; r < batch->n; r++) {
        if (f->numbered)
            fixture_put(&f->dump, at_str_format(scratch, "%llu: ", (unsigned long long)batch->lines[r]));
        for (uint32_t c = 0; c < schema->n_fields; c++) {
            const struct at_col *col = &batch->cols[c];
            if (c) fixture_put(&f->dump, AT_STR("|"));
            if (at_col_state(col, r) == AT_STATE_MISSING)
                fixture_put(&f->dump, AT_STR("~"));
            else
                fixture_put(&f->dump, at_table_dataset_print(&f->data, scratch, f->table, (int)c, col, r));
        }
        fixture_put(&f->dump, AT_STR("\n"));
    }
    pthread_mutex_unlock(&f->lock);
    return AT_OK;
}

static inline enum at_status fixture_scan(struct fixture *f, uint32_t table) {
    struct at_table_scan scan = {.on_batch = fixture_batch, .context = f};
    f->table = table;
    f->dump.n = 0;
    fixture_put(&f->dump, AT_STR(""));
    return at_table_dataset_scan(&f->data, table, &scan);
}

/* "deal.csv:3:2 A0720 expected a number in `amount`, found `x`\n" for each. */
static inline const char *fixture_faults(struct fixture *f) {
    at_str all = AT_STR("");
    for (uint32_t i = 0; i < f->diags.n; i++) {
        const struct at_diag *d = f->diags.at[i];
        all = at_str_format(&f->arena, "%.*s%.*s:%llu:%u %s %.*s\n", AT_STR_ARG(all),
                            AT_STR_ARG(d->place->file), (unsigned long long)d->place->row, d->place->column,
                            at_diag_code_info(d->code)->name, AT_STR_ARG(d->message));
    }
    return all.p;
}

/* One table of CSV text: loads and passes over it; what it gives, or its faults where there are any. */
static inline const char *fixture_read(struct fixture *f, const char *fields, const char *csv) {
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_table(f, "t", fields, csv);
    enum at_status status = fixture_load(f);
    if (status == AT_OK) status = fixture_scan(f, 1);
    cr_expect((status == AT_OK) == (f->diags.errors == 0));
    return f->diags.n ? fixture_faults(f) : f->dump.at;
}

#define READS(fields, csv, expected)                                                                         \
    do {                                                                                                     \
        struct fixture *f_ = fixture_new();                                                                  \
        cr_expect_str_eq(fixture_read(f_, fields, csv), expected);                                           \
        fixture_free(f_);                                                                                    \
    } while (0)

#endif
