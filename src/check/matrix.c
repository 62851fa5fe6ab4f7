/* check/matrix.c: reads `table … from "file.csv"`. The file's cells become literal nodes whose spans are in
 * the file. So every mistake in a cell is shown at its place in the file. Nodes made here share ids (types
 * are by id). All keys of one side share the id of the key's name. All values share the id of the table. So
 * no code may cache by these ids what it lowered. */
#include "base/fold.h"
#include "check/check_int.h"

struct cell {
    at_str text; /* decoded and trimmed */
    at_span span;
};
struct line {
    struct cell *cells;
    uint32_t n;
    at_span span;
};
/* The file, divided into cells. Texts are views of the file, or copies in the arena if they were
 * quoted. */
struct sheet {
    struct at_check *ck;
    const struct at_diag_source_file *file;
    AT_VEC(struct line) lines;
};

static at_span span_of(const struct sheet *sheet, const char *from, const char *to) {
    uint32_t base = sheet->file->base;
    return (at_span){base + (uint32_t)(from - sheet->file->text.p),
                     base + (uint32_t)(to - sheet->file->text.p)};
}

/* Reads one field of RFC 4180. Returns the place after it. */
static const char *read_cell(struct sheet *sheet, const char *p, const char *end, struct cell *cell) {
    const char *start = p;
    if (p < end && *p == '"') {
        char *out = at_arena_get(sheet->ck->arena, (size_t)(end - p) + 1);
        uint32_t n = 0;
        for (p++; p < end && !(*p == '"' && (p + 1 == end || p[1] != '"')); p++) {
            if (*p == '"') p++;
            out[n++] = *p;
        }
        if (p < end) p++;
        const char *stop = p;
        while (p < end && *p != ',' && *p != '\n' && *p != '\r')
            p++;
        cell->text = at_str_trim((at_str){out, n});
        cell->span = span_of(sheet, start, stop);
        return p;
    }
    while (p < end && *p != ',' && *p != '\n' && *p != '\r')
        p++;
    cell->text = at_str_trim((at_str){start, (uint32_t)(p - start)});
    const char *from = cell->text.n ? cell->text.p : start;
    cell->span = span_of(sheet, from, from + (cell->text.n ? cell->text.n : 0));
    return p;
}

static void read_sheet(struct sheet *sheet) {
    const char *p = sheet->file->text.p, *end = p + sheet->file->text.n;
    /* Spreadsheets write a byte order mark. */
    if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) p += 3;
    while (p < end) {
        AT_VEC(struct cell) cells = {0};
        const char *start = p;
        bool any = false;
        for (;;) {
            struct cell cell;
            p = read_cell(sheet, p, end, &cell);
            any |= cell.text.n > 0;
            AT_VEC_PUSH(sheet->ck->arena, &cells, cell);
            if (p >= end || *p != ',') break;
            p++;
        }
        at_span span = span_of(sheet, start, p);
        if (p < end && *p == '\r') p++;
        if (p < end && *p == '\n') p++;
        /* Empty lines, and lines of separators only, are left out, as in data files. */
        if (any)
            AT_VEC_PUSH(sheet->ck->arena, &sheet->lines, (struct line){cells.at, (uint32_t)cells.n, span});
    }
}

/* ---- cells to nodes */

static struct at_ast_node *new_node(struct at_check *ck, enum at_ast_kind kind, const struct cell *cell,
                                    uint32_t id) {
    struct at_ast_node *node = AT_NEW(ck->arena, struct at_ast_node);
    *node = (struct at_ast_node){.kind = (uint16_t)kind,
                                 .id = id,
                                 .span = cell->span,
                                 .name_span = cell->span,
                                 .text = at_text_compose(ck->arena, cell->text)};
    return node;
}

static bool starts(at_str text, const char *word, at_str *rest) {
    size_t n = strlen(word);
    if (text.n <= n || memcmp(text.p, word, n) != 0) return false;
    *rest = at_str_trim((at_str){text.p + n, text.n - (uint32_t)n});
    return true;
}

static bool ends(at_str text, const char *word, at_str *rest) {
    size_t n = strlen(word);
    if (text.n <= n || memcmp(text.p + text.n - n, word, n) != 0) return false;
    *rest = at_str_trim((at_str){text.p, text.n - (uint32_t)n});
    return true;
}

/* 8%, 50 bps, 1.5, 1,000: a NUMBER; $50, 50 USD: MONEY; 2026-03-31: DATE; 2026-Q1: PERIOD; NULL for anything
 * else. */
static struct at_ast_node *read_literal(struct at_check *ck, const struct cell *cell, uint32_t id) {
    at_str rest = cell->text, text = cell->text;
    at_num value;
    at_date day;
    at_period period;
    if (at_date_parse_iso(text, &day)) {
        struct at_ast_node *node = new_node(ck, AT_N_DATE, cell, id);
        node->day = day;
        return node;
    }
    if (memchr(text.p, '-', text.n) && at_period_parse(text, &period)) {
        struct at_ast_node *node = new_node(ck, AT_N_PERIOD, cell, id);
        node->period = period;
        return node;
    }
    bool percent = ends(text, "%", &rest), permille = !percent && ends(text, "‰", &rest),
         bps = !percent && !permille && ends(text, "bps", &rest);
    if (at_num_parse(ck->arena, rest, true, &value) && value.form != AT_NUM_OVERFLOW) {
        struct at_ast_node *node = new_node(ck, AT_N_NUMBER, cell, id);
        int64_t parts = percent ? 100 : permille ? 1000 : bps ? 10000 : 1;
        node->value = parts > 1 ? at_num_div(ck->arena, value, at_num_int(parts)) : value;
        node->flags = percent || permille ? AT_F_PERCENT : bps ? AT_F_BPS : 0;
        return node;
    }
    uint32_t digit = 0, stop = text.n;
    while (digit < text.n && (text.p[digit] < '0' || text.p[digit] > '9'))
        digit++;
    while (stop > digit && (text.p[stop - 1] < '0' || text.p[stop - 1] > '9'))
        stop--;
    bool minus = digit > 0 && text.p[0] == '-';
    at_str sign = at_str_trim((at_str){text.p + minus, digit - (minus ? 1 : 0)}),
           code = at_str_trim((at_str){text.p + stop, text.n - stop});
    if (digit >= stop || (sign.n > 0) == (code.n > 0) ||
        !at_num_parse(ck->arena, (at_str){text.p + digit, stop - digit}, true, &value))
        return NULL;
    bool shared;
    if (sign.n
            ? !at_currency_of_symbol(sign, ck->out->currency, &shared) && !shared && !at_currency_find(sign)
            : !at_currency_find(code))
        return NULL;
    struct at_ast_node *node = new_node(ck, AT_N_MONEY, cell, id);
    node->value = minus ? at_num_neg(ck->arena, value) : value;
    node->unit = sign.n ? sign : code;
    return node;
}

static const struct at_ast_node *bad_cell(struct at_check *ck, const struct cell *cell, const char *what) {
    struct at_diag *d = cell->text.n ? at_diag_add(ck->diags, AT_A0515, cell->span, "`%.*s` is not a %s",
                                                   AT_STR_ARG(cell->text), what)
                                     : at_diag_add(ck->diags, AT_A0515, cell->span, "missing %s", what);
    at_diag_help(d, "write a %s as in a policy: 8%%, $50, 1.5, 2026-03-31", what);
    return NULL;
}

/* NULL after an error, which check_values skips. */
static const struct at_ast_node *value_node(struct at_check *ck, const struct cell *cell, uint32_t id) {
    const struct at_ast_node *node = cell->text.n ? read_literal(ck, cell, id) : NULL;
    return node ? node : bad_cell(ck, cell, "value");
}

/* Whether keys of this name are texts, whatever they look like. */
static bool text_key(const struct at_check *ck, at_str name) {
    for (uint32_t i = 0; i < ck->out->n_schemas; i++) {
        int32_t field = at_check_field_find(ck, i, name);
        if (field < 0) continue;
        uint8_t kind = ck->out->schemas[i].fields[field].type.kind;
        return kind == AT_T_TEXT || kind == AT_T_ENUM || kind == AT_T_REF;
    }
    return false;
}

static struct at_check_key key_of(struct at_check *ck, const struct cell *cell, uint32_t id, bool text,
                                  const struct at_ast_node **shown) {
    struct cell rest = *cell;
    /* The cell as it is written, for messages, even if the key is another node or none. */
    *shown = new_node(ck, AT_N_TEXT, cell, id);
    if (at_str_eq(cell->text, AT_STR("other"))) return (struct at_check_key){AT_KEY_OTHER, NULL};
    bool from = starts(cell->text, "from ", &rest.text),
         above = !from && starts(cell->text, "above ", &rest.text),
         point = !from && !above && starts(cell->text, "at ", &rest.text);
    if (from || above || point) {
        const struct at_ast_node *node = read_literal(ck, &rest, id);
        if (!node) bad_cell(ck, cell, "threshold");
        return (struct at_check_key){point ? AT_KEY_POINT : above ? AT_KEY_ABOVE : AT_KEY_FROM, node};
    }
    const struct at_ast_node *node = text || !cell->text.n ? NULL : read_literal(ck, cell, id);
    if (!cell->text.n) bad_cell(ck, cell, "key");
    return (struct at_check_key){AT_KEY_VALUE, node ? node : *shown};
}

/* ---- the whole table */

static bool open_sheet(struct at_check *ck, const struct at_ast_node *node, struct sheet *sheet) {
    at_span span = node->span2.end ? node->span2 : node->span;
    struct at_parse_loaded loaded = {0};
    struct at_diag_place place = at_diag_sources_place(ck->ast->sources, node->span.start);
    at_str from = place.file ? place.file->name : AT_STR("");
    struct at_diag *d = NULL;
    if (!ck->load || !ck->load(ck->load_context, ck->arena, from, node->text2, &loaded)) {
        if (at_parse_load_report(ck->diags, span, node->text2, &loaded)) return false;
        d = at_diag_add(ck->diags, AT_A0514, span, "the file `%.*s` does not exist", AT_STR_ARG(node->text2));
        if (loaded.why.n) at_diag_note(d, "%.*s", AT_STR_ARG(loaded.why));
        at_diag_help(d, "put the file into the folder of the policy");
        return false;
    }
    at_str name = loaded.name.n ? loaded.name : node->text2;
    size_t bad = at_utf8_invalid(loaded.text.p, loaded.text.n);
    sheet->ck = ck;
    /* The file becomes a source, so that spans of its cells can be shown with their line. */
    sheet->file = at_diag_sources_find(ck->ast->sources, name, loaded.text); /* of another table */
    if (!sheet->file && bad == loaded.text.n)
        sheet->file = at_diag_sources_add(ck->ast->sources, name, loaded.text);
    if (!sheet->file && bad == loaded.text.n) {
        loaded.fault = AT_LOAD_LARGE;
        return !at_parse_load_report(ck->diags, span, node->text2, &loaded);
    }
    if (!sheet->file) {
        d = at_diag_add(ck->diags, AT_A0514, span, "the file `%.*s` is not UTF-8", AT_STR_ARG(node->text2));
        at_diag_help(d, "save it as “CSV UTF-8”");
        return false;
    }
    read_sheet(sheet);
    if (sheet->lines.n >= 2 && sheet->lines.at[0].n >= 2) return true;
    d = at_diag_add(ck->diags, AT_A0514, span, "the file `%.*s` does not contain a table",
                    AT_STR_ARG(node->text2));
    at_diag_help(
        d, "write the names of the columns in the first line, and a key and its values in each other line");
    return false;
}

static bool check_width(struct at_check *ck, const struct line *line, uint32_t wanted,
                        const struct line *head) {
    if (line->n == wanted) return true;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0516, line->span, "this line has %u cell%s, but the table has %u columns",
                    line->n, line->n == 1 ? "" : "s", wanted);
    at_diag_label(d, head->span, "the columns");
    at_diag_help(d, "put an amount with commas in double quotes: \"$1,000\"");
    return false;
}

/* With one key, a first line that has a value is a row: its names are missing, and it would not be read. */
static bool has_names(struct at_check *ck, const struct at_ast_node *node,
                      const struct at_check_lookup_decl *lookup, const struct line *head) {
    const struct at_ast_node *keys = at_check_child(node, 0);
    const struct cell *key = &head->cells[0], *value = &head->cells[head->n - 1];
    if (lookup->n_keys != 1 || head->n != 2) return true;
    const struct at_ast_node *read = value->text.n ? read_literal(ck, value, node->id) : NULL;
    bool named = keys &&
                 at_str_eq(at_text_fold(ck->arena, key->text), at_text_fold(ck->arena, lookup->key_name[0])),
         year = read && !keys && read->kind == AT_N_NUMBER && !read->flags;
    if (!read || named || year) return true;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0585, head->span, "the first line does not have the names of the columns");
    at_diag_help(d, "write `%.*s,%.*s` above it",
                 AT_STR_ARG(lookup->key_name[0].n && keys ? lookup->key_name[0] : AT_STR("key")),
                 AT_STR_ARG(node->text));
    return false;
}

/* Without `by`, the first column's name is the key, and the file has one value a line. */
static bool take_keys(struct at_check *ck, const struct at_ast_node *node,
                      struct at_check_lookup_decl *lookup, const struct line *head, uint32_t ids[2]) {
    const struct at_ast_node *keys = at_check_child(node, 0);
    for (uint32_t i = 0; i < 2; i++)
        ids[i] = keys && i < keys->n && keys->child[i] ? keys->child[i]->id : keys ? keys->id : node->id;
    if (lookup->n_keys) return true;
    lookup->n_keys = 1;
    lookup->key_name[0] = head->cells[0].text;
    if (head->n == 2) return true;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0513, at_check_name_span(node),
                                    "the file has %u columns, but its two keys are not named", head->n);
    at_diag_label(d, head->span, "the columns");
    at_diag_help(d, "name them: `table %.*s by product, region from \"…\"`", AT_STR_ARG(node->text));
    return false;
}

bool at_check_matrix_read(struct at_check *ck, const struct at_ast_node *node,
                          struct at_check_lookup_decl *lookup, const struct at_ast_node ***row_cells,
                          const struct at_ast_node ***column_cells) {
    struct sheet sheet = {0};
    uint32_t ids[2];
    if (!open_sheet(ck, node, &sheet)) return false;
    const struct line *head = &sheet.lines.at[0];
    if (!take_keys(ck, node, lookup, head, ids) || !has_names(ck, node, lookup, head)) return false;
    /* With two keys, the first line has the values of the second key. With one key, its second
     * cell is only a heading. */
    uint32_t n_columns = lookup->n_keys == 2 ? head->n - 1 : 1;
    bool sound = check_width(ck, head, n_columns + 1, head);
    lookup->columns = AT_NEW_ARRAY(ck->arena, struct at_check_key, n_columns + 1);
    lookup->rows = AT_NEW_ARRAY(ck->arena, struct at_check_key, sheet.lines.n);
    lookup->values =
        AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, sheet.lines.n *((size_t)n_columns + 1));
    *row_cells = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, sheet.lines.n);
    *column_cells = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, n_columns + 1);
    lookup->n_columns = n_columns;
    lookup->columns[0] = (struct at_check_key){AT_KEY_OTHER, NULL};
    bool text = text_key(ck, lookup->key_name[1]);
    for (uint32_t c = 0; lookup->n_keys == 2 && c < n_columns; c++)
        lookup->columns[c] = key_of(ck, &head->cells[c + 1], ids[1], text, &(*column_cells)[c]);
    text = text_key(ck, lookup->key_name[0]);
    for (size_t i = 1; i < sheet.lines.n; i++) {
        const struct line *line = &sheet.lines.at[i];
        if (!check_width(ck, line, n_columns + 1, head)) {
            sound = false;
            continue;
        }
        uint32_t row = lookup->n_rows++;
        lookup->rows[row] = key_of(ck, &line->cells[0], ids[0], text, &(*row_cells)[row]);
        for (uint32_t c = 0; c < n_columns; c++)
            lookup->values[(size_t)row * n_columns + c] = value_node(ck, &line->cells[c + 1], node->id);
    }
    return sound;
}
