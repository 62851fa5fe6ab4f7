/* table/parse.c: the loops over columns of cells. Everything here reads at most 16 bytes before or after a
 * cell. Blocks of text provide these bytes (AT_PAD). */
#include "table/parse.h"

#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define BYTES(b) (UINT64_C(0x0101010101010101) * (b))
#define MAX_KEPT_SCALE 6 /* one odd cell with many decimals must not make all later batches wide */

/* A key that no cell has (length UINT32_MAX) and a year that no date has (-1) start the caches. */
void at_table_lane_init(struct at_table_lane *lane, const struct at_schema_field *field,
                        struct at_arena *arena) {
    lane->field = field;
    enum at_col_form form = lane->as_text ? AT_COL_TEXT : at_col_form_of(&field->type);
    lane->room = at_arena_get(arena, AT_BATCH_ROWS * at_col_width(form));
    lane->states = at_arena_get(arena, AT_BATCH_ROWS * sizeof(uint32_t));
    lane->memo = AT_NEW_ARRAY(arena, struct at_table_memo, AT_MEMO);
    lane->year = -1;
    lane->last.length = UINT32_MAX;
    const struct at_type_choices *choices = field->type.kind == AT_T_ENUM ? field->type.choices : NULL;
    if (!choices || choices->n > AT_CHOICES) return;
    lane->n_choices = choices->n;
    for (uint32_t i = 0; i < choices->n; i++) {
        char near[16] = {0};
        if (choices->at[i].n > 16 || choices->at[i].n == 0) {
            lane->n_choices = 0;
            return;
        }
        memcpy(near, choices->at[i].p, choices->at[i].n);
        lane->choices[i] = at_table_key_near(near, choices->at[i].n);
    }
}

/* ---- faults and missing values */

/* A row of empty cells is not an error: spreadsheets write such rows after the data. */
static bool row_is_void(const struct at_source_rows *rows, uint32_t r) {
    for (uint32_t slot = 0; slot < rows->layout->n_slots; slot++) {
        struct at_source_slices column = at_source_rows_column(rows, slot);
        if (at_source_slice_trim(at_source_slices_get(&column, r)).n) return false;
    }
    return true;
}

/* A row that the source found bad keeps that fault, because its cells mean nothing. A void row is found at
 * its first required cell. */
static void note(struct at_table_parser *parser, struct at_source_rows *rows,
                 const struct at_table_lane *lane, uint32_t r, enum at_diag_code code) {
    if (rows->fault[r] > AT_ROW_BAD_CELL) return;
    if (rows->fault[r] == AT_ROW_GOOD) rows->n_faults++;
    if (code == AT_A0719 && row_is_void(rows, r)) {
        rows->fault[r] = AT_ROW_VOID;
        return;
    }
    rows->fault[r] = AT_ROW_BAD_CELL;
    struct at_table_cell_fault fault = {r, lane->index, (uint16_t)code, lane->column};
    AT_VEC_PUSH(parser->scratch, &parser->faults, fault);
}

/* The payload is zero, so loops of kernels do not have to look at the state. */
static void put_missing(struct at_table_lane *lane, uint32_t r) {
    if (!lane->col.state) {
        memset(lane->states, 0, AT_BATCH_ROWS * sizeof(uint32_t));
        lane->col.state = lane->states;
    }
    lane->states[r] = AT_STATE_MISSING;
    size_t width = at_col_width(lane->col.form);
    memset((char *)lane->col.data + r * width, 0, width);
}

/* ---- the careful way, one cell */

/* Widens the column if a number does not fit its form or scale. */
static void put_cell(struct at_table_parser *parser, struct at_table_lane *lane, uint32_t r,
                     const struct at_table_cell *cell) {
    struct at_col *col = &lane->col;
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: at_col_put_num(parser->scratch, col, AT_BATCH_ROWS, r, cell->num); break;
    case AT_COL_TEXT: col->text[r] = cell->text; break;
    case AT_COL_DAY: col->day[r] = cell->day; break;
    case AT_COL_ROW: col->row[r] = cell->row; break;
    case AT_COL_PERIOD: col->period[r] = cell->period; break;
    case AT_COL_FLAG: col->flag[r] = cell->flag; break;
    }
}

/* Percentages whose meaning the field does not say are counted: a column of them is one question. */
static void count_bare(const struct at_source_rows *rows, struct at_table_lane *lane, uint32_t r,
                       const struct at_table_cell *cell) {
    if (cell->bare && lane->bare++ == 0) lane->bare_line = rows->lines[r];
}

/* Without a target, the other table could not be read: the reference is missing and not a second fault. */
static enum at_diag_code find_row(const struct at_table_lane *lane, at_str text, struct at_table_cell *cell) {
    cell->missing = !lane->target;
    cell->row = lane->target ? at_table_key_find(lane->target, text) : 0;
    if (cell->row >= 0) return AT_CELL_FINE;
    return cell->row == AT_KEY_LEFT_OUT ? AT_A0731 : AT_A0730;
}

/* The text of the row's currency. */
static at_str currency_of(const struct at_source_rows *rows, const struct at_table_lane *lane, uint32_t r) {
    if (lane->currency == UINT32_MAX) return (at_str){"", 0};
    struct at_source_slices column = at_source_rows_column(rows, lane->currency);
    struct at_source_slice cell = at_source_slices_get(&column, r);
    return (at_str){cell.p, cell.n};
}

/* One comma, and three digits after it, without a point: 1234, or 1.234 in countries that separate cells by
 * semicolons. */
static bool has_two_readings(at_str text) {
    const char *comma = memchr(text.p, ',', text.n);
    if (!comma || memchr(text.p, '.', text.n)) return false;
    uint32_t before = (uint32_t)(comma - text.p), digits = 0, after = before + 1;
    if (memchr(comma + 1, ',', text.n - after)) return false;
    while (after + digits < text.n && comma[1 + digits] >= '0' && comma[1 + digits] <= '9')
        digits++;
    return digits == 3 && before > 0 && comma[-1] >= '0' && comma[-1] <= '9';
}

/* Reads any form. What is wrong is noted, and the value is missing. */
static void slow_cell(struct at_table_parser *parser, struct at_source_rows *rows, struct at_table_lane *lane,
                      uint32_t r, struct at_source_slice slice) {
    struct at_table_cell cell;
    at_str text = {slice.p, slice.n};
    enum at_diag_code code;
    if (lane->field->type.kind == AT_T_FOREIGN)
        code =
            at_table_cell_read_foreign(lane->field, text, currency_of(rows, lane, r), parser->scratch, &cell);
    else
        code = at_table_cell_read(lane->field, text, parser->scratch, &cell);
    if (code == AT_CELL_FINE && lane->doubtful && has_two_readings(text)) code = AT_A0742;
    if (code == AT_CELL_FINE && !cell.missing && lane->col.form == AT_COL_ROW &&
        lane->field->type.kind == AT_T_REF)
        code = find_row(lane, cell.text, &cell);
    if (code == AT_CELL_FINE && !cell.missing) {
        put_cell(parser, lane, r, &cell);
        count_bare(rows, lane, r, &cell);
        return;
    }
    if (code != AT_CELL_FINE) note(parser, rows, lane, r, code);
    put_missing(lane, r);
}

/* ---- numbers and money */

#if LITTLE
/* Eight decimal digits, the first in the lowest byte, each 0 to 9. */
static inline uint64_t eight_digits(uint64_t v) {
    v = v * 10 + (v >> 8);
    return ((v & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
            ((v >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
           32;
}

/* [-]d[ddddddd][.f…] with exactly `scale` decimals, from row r on; stops at the first cell of another form.
 */
static inline __attribute__((always_inline)) uint32_t decimals(const struct at_source_slices *cells,
                                                               uint32_t r, uint32_t n, int64_t *out,
                                                               unsigned scale, int64_t *bound) {
    static const int64_t powers[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    uint32_t tail = scale ? scale + 1 : 0;
    int64_t largest = *bound, power = powers[scale];
    for (; r < n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        uint32_t minus = cell.p[0] == '-';
        const char *end = cell.p + cell.n, *point = end - tail;
        uint32_t whole = cell.n - minus - tail;
        /* Unsigned: no digit at all wraps to a large number, and so does a cell that is shorter than its
         * decimals. */
        if (whole - 1 > 7) break;
        uint64_t w = (at_table_load8(point - 8) ^ BYTES('0')) & (~UINT64_C(0) << (64 - 8 * whole));
        /* After the XOR, a digit is 0 to 9. Adding 0x76 sets the high bit of bytes from 10 to 127, and `|
         * w` covers larger ones. */
        uint64_t bad = (w + BYTES(0x76)) | w, fraction = 0;
        if (scale) {
            uint64_t f = (at_table_load8(end - 8) ^ BYTES('0')) & (~UINT64_C(0) << (64 - 8 * scale));
            bad |= (f + BYTES(0x76)) | f;
            bad |= *point == '.' ? 0 : 0x80;
            fraction = scale == 2 ? (f >> 48 & 0xFF) * 10 + (f >> 56) : eight_digits(f);
        }
        if (bad & BYTES(0x80)) break;
        int64_t value = (int64_t)eight_digits(w) * power + (int64_t)fraction;
        largest = value > largest ? value : largest;
        out[r] = minus ? -value : value;
    }
    *bound = largest;
    return r;
}

static uint32_t fast_decimals(const struct at_source_slices *cells, uint32_t r, uint32_t n,
                              struct at_col *col) {
    switch (col->scale) {
    case 0: return decimals(cells, r, n, col->i64, 0, &col->bound);
    case 1: return decimals(cells, r, n, col->i64, 1, &col->bound);
    case 2: return decimals(cells, r, n, col->i64, 2, &col->bound);
    case 3:
    case 4:
    case 5:
    case 6:
    case 7: return decimals(cells, r, n, col->i64, col->scale, &col->bound);
    default: return r;
    }
}
#else
static uint32_t fast_decimals(const struct at_source_slices *cells, uint32_t r, uint32_t n,
                              struct at_col *col) {
    (void)cells, (void)n, (void)col;
    return r;
}
#endif

/* [-]digits[.digits] of up to 18 digits, any scale. */
static bool plain_decimal(struct at_source_slice cell, int64_t *mantissa, unsigned *scale) {
    const char *p = cell.p, *end = p + cell.n;
    bool minus = cell.n && *p == '-';
    p += minus;
    /* At most 19 digits, which fit uint64_t without a check. */
    if (end - p > 19 || p == end || *p == '.' || end[-1] == '.') return false;
    uint64_t value = 0;
    const char *point = NULL;
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - (unsigned)'0';
        if (digit <= 9) {
            value = value * 10 + digit;
        } else if (*p == '.' && !point) {
            point = p;
        } else {
            return false;
        }
    }
    if (value > at_num_pow10[18]) return false;
    *mantissa = minus ? -(int64_t)value : (int64_t)value;
    *scale = point ? (unsigned)(end - point - 1) : 0;
    return *scale <= AT_NUM_MAX_SCALE;
}

/* Cells that the fast loop has read all have the decimals of the column. */
static void watch_fast(struct at_table_lane *lane, const struct at_source_rows *rows,
                       const struct at_source_slices *cells, uint32_t from, uint32_t to) {
    if (lane->col.scale != 3) {
        lane->watched->other_dots += to - from;
        return;
    }
    for (uint32_t r = from; r < to; r++)
        at_table_watch_dots(lane->watched, rows, r, at_source_slices_get(cells, r));
}

/* The first plain number of the lane decides its scale. The fast loop runs until a cell of another form,
 * which is read alone, and then goes on. */
static void parse_numbers(struct at_table_parser *parser, struct at_source_rows *rows,
                          struct at_table_lane *lane, const struct at_source_slices *cells) {
    struct at_col *col = &lane->col;
    for (uint32_t r = 0; r < rows->n; r++) {
        int64_t mantissa;
        unsigned scale;
        if (!lane->scaled) {
            struct at_source_slice decides = at_source_slices_get(cells, r);
            lane->scaled = plain_decimal(decides, &mantissa, &scale);
            if (lane->scaled && r == 0) col->scale = (uint8_t)scale;
        }
        uint32_t first = r;
        if (col->form == AT_COL_I64) r = fast_decimals(cells, r, rows->n, col);
        if (lane->watched && col->scale) watch_fast(lane, rows, cells, first, r);
        if (r == rows->n) break;
        struct at_source_slice cell = at_source_slices_get(cells, r);
        if (lane->watched) at_table_watch_dots(lane->watched, rows, r, cell);
        if (plain_decimal(cell, &mantissa, &scale)) {
            at_col_put_num(parser->scratch, col, AT_BATCH_ROWS, r, at_num_decimal(mantissa, scale));
        } else {
            slow_cell(parser, rows, lane, r, cell);
        }
    }
    if (col->form == AT_COL_I64 && col->scale <= MAX_KEPT_SCALE) lane->scale = col->scale;
}

/* ---- dates */

/* Dates of one file are mostly of one year, so the first days of its months are kept. */
static bool fill_year(struct at_table_lane *lane, int year) {
    for (int month = 1; month <= 12; month++) {
        at_date first;
        if (!at_date_make(year, month, 1, &first)) return false;
        lane->month_start[month - 1] = first;
        lane->month_days[month - 1] = at_date_days_in_month(year, month);
    }
    lane->year = year;
    return true;
}

#if LITTLE
/* YYYY-MM-DD; false where it is not, or there is no such day. */
static inline bool fast_date(struct at_table_lane *lane, struct at_source_slice cell, int32_t *out) {
    if (cell.n != 10) return false;
    uint64_t x = at_table_load8(cell.p) ^ UINT64_C(0x2D30302D30303030); /* "0000-00-" */
    unsigned tens = (unsigned char)cell.p[8] - (unsigned)'0', ones = (unsigned char)cell.p[9] - (unsigned)'0';
    if ((((x + UINT64_C(0x7F76767F76767676)) | x) & BYTES(0x80)) || tens > 9 || ones > 9) return false;
    /* Bytes 0 and 2 of `pairs` are the two halves of the year: ten times a digit plus the next one. */
    uint32_t pairs = (uint32_t)x * 10 + ((uint32_t)x >> 8);
    int year = (int)((pairs & 0xFF) * 100 + (pairs >> 16 & 0xFF));
    unsigned month = (unsigned)(x >> 40 & 0xF) * 10 + (unsigned)(x >> 48 & 0xF) - 1;
    unsigned day = tens * 10 + ones - 1;
    if (year != lane->year && !fill_year(lane, year)) return false;
    if (month > 11 || day >= (unsigned)lane->month_days[month]) return false;
    *out = lane->month_start[month] + (int)day;
    return true;
}
#else
static inline bool fast_date(struct at_table_lane *lane, struct at_source_slice cell, int32_t *out) {
    (void)lane, (void)fill_year;
    return at_date_parse_iso((at_str){cell.p, cell.n}, out);
}
#endif

/* Only for fields without a format of their own. */
static void parse_dates(struct at_table_parser *parser, struct at_source_rows *rows,
                        struct at_table_lane *lane, const struct at_source_slices *cells) {
    int32_t *out = lane->col.day;
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        if (!fast_date(lane, cell, &out[r])) slow_cell(parser, rows, lane, r, cell);
    }
}

/* ---- text, references, choices */

/* If a batch has bytes above 127 or zero bytes, each cell is checked. Keys with spaces at their ends are
 * counted for a warning. */
static void parse_texts(struct at_table_parser *parser, struct at_source_rows *rows,
                        struct at_table_lane *lane, const struct at_source_slices *cells) {
    at_str *out = lane->col.text;
    bool odd = rows->high || rows->zero, key = lane->field->key || lane->field->unique;
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        at_str text = at_source_slice_trim(cell);
        bool strange = lane->field->codes && !at_currency_find(text);
        if (text.n == 0 || odd || strange || (text.n != cell.n && text.p[0] == '"'))
            slow_cell(parser, rows, lane, r, cell);
        else
            out[r] = text;
        if (key && text.n != cell.n && text.n && lane->trimmed++ == 0) lane->trimmed_line = rows->lines[r];
    }
}

/* Rows of one payee often follow one another, so the last key is compared before the index is searched.
 * Only keys of up to 16 bytes are complete in the words. */
static void parse_refs(struct at_table_parser *parser, struct at_source_rows *rows,
                       struct at_table_lane *lane, const struct at_source_slices *cells) {
    int32_t *out = lane->col.row;
    const struct at_table_key_index *target = lane->target;
    struct at_table_key last = lane->last;
    int32_t last_row = lane->last_row;
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        struct at_table_key key = at_table_key_near(cell.p, cell.n);
        if (key.length <= 16 && at_table_key_same(key, last)) {
            out[r] = last_row;
            continue;
        }
        int32_t row = target && cell.n ? at_table_key_look(target, key, cell.p) : AT_KEY_NOBODY;
        if (row < 0) {
            slow_cell(parser, rows, lane, r, cell);
            continue;
        }
        out[r] = last_row = row;
        last = key;
    }
    lane->last = last;
    lane->last_row = last_row;
}

/* All choices are compared without a branch, because which one a row has cannot be predicted. */
static void parse_choices(struct at_table_parser *parser, struct at_source_rows *rows,
                          struct at_table_lane *lane, const struct at_source_slices *cells) {
    int32_t *out = lane->col.row;
    uint32_t n_choices = lane->n_choices;
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        int32_t found = -1;
        if (cell.n <= 16) {
            struct at_table_key key = at_table_key_near(cell.p, cell.n);
            for (uint32_t i = 0; i < n_choices; i++) {
                uint64_t differ = (key.low ^ lane->choices[i].low) | (key.high ^ lane->choices[i].high) |
                                  (key.length ^ lane->choices[i].length);
                found = differ == 0 ? (int32_t)i : found;
            }
        }
        out[r] = found;
        if (found < 0) slow_cell(parser, rows, lane, r, cell);
    }
}

/* ---- all others: a cell that was met before is not read again */

/* The memo holds values of cells of at most 16 bytes, whose key is the whole text. Faults and missing
 * values are not remembered, because each is noted for its row. */
static void parse_others(struct at_table_parser *parser, struct at_source_rows *rows,
                         struct at_table_lane *lane, const struct at_source_slices *cells) {
    for (uint32_t r = 0; r < rows->n; r++) {
        struct at_source_slice cell = at_source_slices_get(cells, r);
        if (cell.n > 16 || lane->field->type.kind == AT_T_FOREIGN) { /* its currency is in another column */
            slow_cell(parser, rows, lane, r, cell);
            continue;
        }
        struct at_table_key key = at_table_key_near(cell.p, cell.n);
        struct at_table_memo *memo = &lane->memo[at_table_key_hash(key) % AT_MEMO];
        if (!memo->used || !at_table_key_same(memo->key, key)) {
            struct at_table_cell value;
            at_str text = {cell.p, cell.n};
            if (at_table_cell_read(lane->field, text, parser->scratch, &value) != AT_CELL_FINE ||
                value.missing) {
                slow_cell(parser, rows, lane, r, cell);
                continue;
            }
            *memo = (struct at_table_memo){key, true, value};
        }
        put_cell(parser, lane, r, &memo->cell);
        count_bare(rows, lane, r, &memo->cell);
    }
}

/* Whether 1234.50 in the column is that number. */
static bool as_written(const struct at_schema_field *field) {
    bool percent = field->type.unit == AT_UNIT_PERCENT && field->percents != AT_PERCENTS_FRACTIONS;
    return !field->decimal_comma && !percent;
}

/* Numbers that the fast loop has read. Others are checked where they are read. */
static void check_positive(struct at_table_parser *parser, struct at_source_rows *rows,
                           struct at_table_lane *lane) {
    for (uint32_t r = 0; r < rows->n; r++)
        if (at_col_state(&lane->col, r) == AT_STATE_OK && at_num_sign(at_col_num(&lane->col, r)) <= 0)
            note(parser, rows, lane, r, AT_A1179);
}

/* The columns view lane->room, so they are valid until the next batch. */
static void parse_lane(struct at_table_parser *parser, struct at_table_lane *lane,
                       struct at_source_rows *rows) {
    struct at_source_slices cells = at_source_rows_column(rows, lane->slot);
    const at_type *type = &lane->field->type;
    enum at_col_form form = lane->as_text ? AT_COL_TEXT : at_col_form_of(type);
    lane->col = (struct at_col){.form = (uint8_t)form,
                                .scale = form == AT_COL_I64 ? lane->scale : 0,
                                .n = rows->n,
                                .data = lane->room};
    if (form == AT_COL_TEXT)
        parse_texts(parser, rows, lane, &cells);
    else if (type->kind == AT_T_REF)
        parse_refs(parser, rows, lane, &cells);
    else if ((type->kind == AT_T_NUMBER || type->kind == AT_T_MONEY || type->kind == AT_T_FOREIGN) &&
             as_written(lane->field))
        parse_numbers(parser, rows, lane, &cells);
    else if (type->kind == AT_T_DATE && lane->field->n_formats == 0)
        parse_dates(parser, rows, lane, &cells);
    else if (type->kind == AT_T_ENUM && lane->n_choices)
        parse_choices(parser, rows, lane, &cells);
    else
        parse_others(parser, rows, lane, &cells);
    if (lane->field->positive) check_positive(parser, rows, lane);
    if (lane->watched) at_table_watch_rows(lane, rows, &cells, parser->scratch);
}

void at_table_parse_rows(struct at_table_parser *parser, struct at_source_rows *rows) {
    memset(&parser->faults, 0, sizeof parser->faults);
    for (uint32_t i = 0; i < parser->n_lanes; i++)
        parse_lane(parser, &parser->lanes[i], rows);
}
