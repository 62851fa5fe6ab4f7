/* table/watch.c: looks for texts, rates, and amounts that probably mean something else, column by column,
 * right after they are parsed. What is found is a count and the first row: the source is asked for the row
 * when the warning is made. */
#include "table/watch.h"

#include "base/fold.h"
#include "table/pass.h"

#define MOST_PARTS 16 /* of one column, because each new cell is compared with all */

/* ---- what is looked for */

struct at_table_watch *at_table_watch_of(struct at_table_dataset *data, uint32_t table, uint32_t field) {
    struct at_table_store *store = at_table_store_of(data, table);
    if (!store->watch)
        store->watch =
            AT_NEW_ARRAY(data->arena, struct at_table_watch *, data->tables[table].schema->n_fields + 1);
    struct at_table_watch *watch = store->watch[field];
    if (watch) return watch;
    watch = store->watch[field] = AT_NEW(data->arena, struct at_table_watch);
    watch->n_own = AT_WATCH_ALL_OWN;
    at_map_init(&watch->exact, data->arena);
    at_map_init(&watch->folded, data->arena);
    return watch;
}

/* Of two texts with one folded form, both are meant, and the first is named in warnings. A text with blanks
 * at its ends is one that no cell has, so it must not count as met. */
void at_table_watch_text(struct at_table_dataset *data, uint32_t table, uint32_t field, at_str text) {
    struct at_table_watch *watch = at_table_watch_of(data, table, field);
    void *index = (void *)(uintptr_t)(watch->texts.n + 1);
    if (at_str_trim(text).n == 0 || at_map_get(&watch->exact, text)) return;
    text = at_str_copy(data->arena, text);
    at_str folded = at_text_fold(data->arena, text);
    void *before = at_map_put(&watch->folded, folded, index);
    at_map_put(&watch->exact, text, before ? before : index);
    unsigned char first = folded.n ? (unsigned char)folded.p[0] : 0;
    if (first < 128) watch->begins[first] = true;
    AT_VEC_PUSH(data->arena, &watch->texts, text);
}

/* A text with blanks at its ends is folded to less than it is, so it is not looked for. */
void at_table_watch_part(struct at_table_dataset *data, uint32_t table, uint32_t field, at_str text,
                         enum at_table_watch_where where) {
    struct at_table_watch *watch = at_table_watch_of(data, table, field);
    if (text.n == 0 || at_str_trim(text).n != text.n || watch->parts.n == MOST_PARTS) return;
    for (size_t i = 0; i < watch->parts.n; i++)
        if (watch->parts.at[i].where == where && at_str_eq(watch->parts.at[i].text, text)) return;
    text = at_str_copy(data->arena, text);
    struct at_table_watch_part part = {text, at_text_fold(data->arena, text), where};
    AT_VEC_PUSH(data->arena, &watch->parts, part);
}

void at_table_watch_rate(struct at_table_dataset *data, uint32_t table, uint32_t field) {
    at_table_watch_of(data, table, field)->rate = true;
}

void at_table_watch_compared(struct at_table_dataset *data, uint32_t table, uint32_t field, at_num most) {
    struct at_table_watch *watch = at_table_watch_of(data, table, field);
    if (!watch->compared || at_num_cmp(&data->state->scratch, most, watch->most) < 0)
        watch->most = at_num_copy(data->arena, most);
    watch->compared = true;
}

void at_table_watch_lane(struct at_table_lane *lane, struct at_arena *arena) {
    struct at_table_watched *watched = lane->watched = AT_NEW(arena, struct at_table_watched);
    const struct at_schema_field *field = lane->field;
    if (field->type.kind != AT_T_TEXT) return;
    if (field->key || field->unique) watched->letters = AT_NEW(arena, struct at_table_letters);
    if (!lane->watch) return;
    size_t n = lane->watch->texts.n + lane->watch->parts.n;
    watched->near = AT_NEW_ARRAY(arena, struct at_table_found, n + 1);
    watched->met = AT_NEW_ARRAY(arena, bool, n + 1);
    watched->memo = AT_NEW_ARRAY(arena, struct at_table_watch_memo, AT_WATCH_MEMO);
    for (unsigned i = 0; i < AT_WATCH_MEMO; i++)
        watched->memo[i].key.length = UINT32_MAX;
}

static void add_row(struct at_table_found *found, const struct at_source_rows *rows, uint32_t r) {
    if (found->n++) return;
    found->id = at_source_rows_id(rows, r);
    found->line = rows->lines[r];
}

/* ---- texts */

int32_t at_table_watch_find(const struct at_table_watch *watch, at_str text, bool *near,
                            struct at_arena *scratch) {
    unsigned char first = text.n ? (unsigned char)text.p[0] : 0;
    if (first >= 'A' && first <= 'Z') first = (unsigned char)(first + ('a' - 'A'));
    if (text.n == 0 || (first >= ' ' && first < 128 && !watch->begins[first])) return -1;
    intptr_t found = (intptr_t)at_map_get(&watch->exact, text);
    *near = found == 0;
    if (*near) found = (intptr_t)at_map_get(&watch->folded, at_text_fold(scratch, text));
    return (int32_t)found - 1;
}

static bool has_part(at_str text, at_str part, enum at_table_watch_where where) {
    if (part.n == 0 || part.n > text.n) return false;
    uint32_t last = text.n - part.n, from = where == AT_WATCH_END ? last : 0;
    for (uint32_t at = from; at <= (where == AT_WATCH_START ? 0 : last); at++)
        if (memcmp(text.p + at, part.p, part.n) == 0) return true;
    return false;
}

int32_t at_table_watch_find_part(const struct at_table_watch *watch, at_str text, bool *met,
                                 struct at_arena *scratch) {
    int32_t near = -1;
    at_str folded = {0};
    for (size_t i = 0; i < watch->parts.n; i++) {
        const struct at_table_watch_part *part = &watch->parts.at[i];
        if (has_part(text, part->text, part->where)) {
            met[watch->texts.n + i] = true;
            continue;
        }
        if (!folded.p) folded = at_text_fold(scratch, text);
        if (near < 0 && has_part(folded, part->folded, part->where)) near = (int32_t)i;
    }
    return near;
}

_Static_assert(AT_WATCH_MEMO == 512, "the place of a memo is 9 bits");

/* A cell that was met before is not looked up again. Of a long one, the key has a hash. */
static void watch_texts(struct at_table_lane *lane, const struct at_source_rows *rows,
                        const struct at_source_slices *cells, struct at_arena *scratch) {
    struct at_table_watched *watched = lane->watched;
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        struct at_table_key key = at_table_key_near(cell.p, cell.n);
        uint64_t mix = (key.low ^ (key.high << 17) ^ key.length) * UINT64_C(0x9e3779b97f4a7c15);
        struct at_table_watch_memo *memo = &watched->memo[mix >> 55];
        if (!at_table_key_same(memo->key, key)) {
            bool present = at_col_state(&lane->col, r) == AT_STATE_OK, near = false;
            int32_t text = present ? at_table_watch_find(lane->watch, lane->col.text[r], &near, scratch) : -1;
            int32_t part =
                present ? at_table_watch_find_part(lane->watch, lane->col.text[r], watched->met, scratch)
                        : -1;
            *memo = (struct at_table_watch_memo){key, near ? text : -1, part};
            if (text >= 0 && !near) watched->met[text] = true;
        }
        if (memo->text >= 0) add_row(&watched->near[memo->text], rows, r);
        if (memo->part >= 0) add_row(&watched->near[lane->watch->texts.n + (size_t)memo->part], rows, r);
    }
}

/* ---- keys */

/* Characters of Chinese and Japanese, from U+4000 on, have no capitals and no second form. */
static bool is_odd(at_str text) {
    for (uint32_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == ' ' || (c >= 0xC0 && (c < 0xE4 || c > 0xE9))) return true;
    }
    return text.n > AT_LETTER_WORDS * 8;
}

/* Bytes from 0x40 on are letters, or are taken for such: then the keys are compared, which costs time only.
 * Returns whether a byte is a space, or not ASCII. */
static inline uint64_t add_word(uint64_t word, uint64_t *upper, uint64_t *lower) {
    const uint64_t letter = UINT64_C(0x4040404040404040), high = letter << 1;
    uint64_t alpha = word & letter & ~(word >> 1), blank = word ^ UINT64_C(0x2020202020202020);
    *upper |= alpha & ~(word << 1);
    *lower |= alpha & (word << 1);
    return (word | ((blank - UINT64_C(0x0101010101010101)) & ~blank)) & high;
}

/* Reads 8 bytes after the key. */
static void add_letters(struct at_table_letters *letters, at_str key) {
    uint64_t odd = key.n > AT_LETTER_WORDS * 8;
    for (uint32_t k = 0; k * 8 < key.n && k < AT_LETTER_WORDS; k++) {
        uint32_t n = key.n - k * 8 < 8 ? key.n - k * 8 : 8;
        uint64_t word = at_table_first_bytes(at_table_load8(key.p + (size_t)k * 8), n);
        odd |= add_word(word, &letters->upper[k], &letters->lower[k]);
    }
    if (odd) letters->odd |= is_odd(key);
}

/* Keys are short as a rule: two words, which stay in registers. */
static void watch_keys(struct at_table_letters *letters, uint32_t n, const struct at_source_slices *cells) {
    struct at_table_letters all = *letters;
    uint64_t upper[2] = {0}, lower[2] = {0};
    for (uint32_t r = 0; r < n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        struct at_table_key key = at_table_key_near(cell.p, cell.n);
        if (cell.n > 16 ||
            (add_word(key.low, &upper[0], &lower[0]) | add_word(key.high, &upper[1], &lower[1])))
            add_letters(&all, at_source_slice_trim(cell));
    }
    for (unsigned k = 0; k < 2; k++) {
        all.upper[k] |= upper[k];
        all.lower[k] |= lower[k];
    }
    *letters = all;
}

void at_table_letters_add(struct at_table_letters *letters, at_str key) {
    char near[AT_LETTER_WORDS * 8 + 8] = {0};
    if (key.n && key.n <= AT_LETTER_WORDS * 8) {
        memcpy(near, key.p, key.n);
        key.p = near;
    }
    add_letters(letters, key);
}

bool at_table_letters_meet(const struct at_table_letters *letters) {
    uint64_t both = 0;
    for (unsigned k = 0; k < AT_LETTER_WORDS; k++)
        both |= letters->upper[k] & letters->lower[k];
    return letters->odd || both;
}

void at_table_letters_join(struct at_table_letters *letters, const struct at_table_letters *more) {
    for (unsigned k = 0; k < AT_LETTER_WORDS; k++) {
        letters->upper[k] |= more->upper[k];
        letters->lower[k] |= more->lower[k];
    }
    letters->odd |= more->odd;
}

/* ---- rates */

/* 150% is written as a percentage, so it is meant. */
static bool is_bare(struct at_source_slice cell) {
    for (uint32_t i = 0; i < cell.n; i++)
        if (cell.p[i] == '%' || (unsigned char)cell.p[i] >= 0x80) return false;
    return true;
}

static void watch_rates(struct at_table_lane *lane, const struct at_source_rows *rows,
                        const struct at_source_slices *cells, struct at_arena *scratch) {
    const struct at_col *col = &lane->col;
    /* The bound is not less than any value, so most batches are done here. */
    if (col->form == AT_COL_I64 && col->scale <= 4 && (uint64_t)col->bound <= at_num_pow10[col->scale])
        return;
    const struct at_table_watch *watch = lane->watch;
    at_num most = watch->rate ? at_num_int(1) : watch->most;
    for (uint32_t r = 0; r < rows->n; r++) {
        if (at_col_state(col, r) != AT_STATE_OK) continue;
        at_num rate = at_col_num(col, r);
        bool large = at_num_cmp(scratch, rate, most) > 0;
        bool small = watch->rate && !large && at_num_sign(rate) > 0 &&
                     at_num_cmp(scratch, rate, at_num_decimal(1, 4)) < 0;
        if ((large || small) && is_bare(at_source_slices_get(cells, r)))
            add_row(large ? &lane->watched->large : &lane->watched->small, rows, r);
    }
}

/* 0.25 in points is 0.25%. If no value of a column reaches one point, they may be fractions. */
static void watch_points(struct at_table_lane *lane, const struct at_source_rows *rows,
                         const struct at_source_slices *cells, struct at_arena *scratch) {
    struct at_table_watched *watched = lane->watched;
    for (uint32_t r = 0; r < rows->n && !watched->points; r++) {
        if (at_col_state(&lane->col, r) != AT_STATE_OK) continue;
        at_num share = at_num_abs(scratch, at_col_num(&lane->col, r));
        if (at_num_sign(share) == 0) continue;
        if (at_num_cmp(scratch, share, at_num_decimal(1, 2)) < 0 && is_bare(at_source_slices_get(cells, r)))
            add_row(&watched->fractions, rows, r);
        else
            watched->points = true;
    }
}

/* ---- dots between thousands */

static uint32_t digits_from(struct at_source_slice cell, uint32_t at) {
    uint32_t n = 0;
    while (at + n < cell.n && cell.p[at + n] >= '0' && cell.p[at + n] <= '9')
        n++;
    return n;
}

/* 3.000 and €12.500 may be whole amounts. 0.125, 1234.567, and 1,234.567 are not. */
void at_table_watch_dots(struct at_table_watched *watched, const struct at_source_rows *rows, uint32_t r,
                         struct at_source_slice cell) {
    uint32_t dot = 0, before = 0;
    while (dot < cell.n && cell.p[dot] != '.')
        dot++;
    if (dot == cell.n) return;
    while (before < dot && cell.p[dot - before - 1] >= '0' && cell.p[dot - before - 1] <= '9')
        before++;
    bool group = before >= 1 && before <= 3 && cell.p[dot - before] != '0' && digits_from(cell, dot + 1) == 3;
    if (group && before < dot) group = cell.p[dot - before - 1] != ',';
    if (group && dot + 4 < cell.n) group = cell.p[dot + 4] != '.' && cell.p[dot + 4] != ',';
    if (group)
        add_row(&watched->dots, rows, r);
    else
        watched->other_dots++;
}

/* ---- a batch */

void at_table_watch_rows(struct at_table_lane *lane, const struct at_source_rows *rows,
                         const struct at_source_slices *cells, struct at_arena *scratch) {
    struct at_table_watched *watched = lane->watched;
    if (watched->memo && lane->watch->texts.n + lane->watch->parts.n) watch_texts(lane, rows, cells, scratch);
    if (lane->field->type.kind == AT_T_NUMBER && lane->field->percents == AT_PERCENTS_POINTS)
        watch_points(lane, rows, cells, scratch);
    else if (lane->watch && (lane->watch->rate || lane->watch->compared) &&
             lane->field->type.kind == AT_T_NUMBER)
        watch_rates(lane, rows, cells, scratch);
    if (watched->letters) watch_keys(watched->letters, rows->n, cells);
}
