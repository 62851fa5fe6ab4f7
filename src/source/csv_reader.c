/* source/csv_reader.c: blocks of bytes into batches of rows. One block buffer a reader, whatever the size of
 * the file; it grows only for a row that is longer than the block. */
#include "source/csv_reader.h"

static void take_block(struct at_source_reader *reader, uint32_t room) {
    char *text = at_arena_get(reader->arena, (size_t)room + 2 * AT_PAD);
    memset(text, 0, AT_PAD);
    memset(text + AT_PAD + room, 0, AT_PAD);
    text += AT_PAD;
    if (reader->hi > reader->lo) memcpy(text, reader->text + reader->lo, reader->hi - reader->lo);
    reader->base += reader->lo;
    reader->hi -= reader->lo;
    reader->lo = 0;
    reader->text = text;
    reader->room = room;
    reader->marks.at = (uint32_t *)at_arena_get(reader->arena, ((size_t)room + 24) * sizeof(uint32_t)) + 8;
}

void at_source_reader_init(struct at_source_reader *reader, const struct at_source_input *input,
                           const struct at_source_layout *layout, struct at_arena *arena, uint64_t from,
                           uint64_t end, uint64_t line) {
    *reader = (struct at_source_reader){.input = input,
                                        .layout = layout,
                                        .arena = arena,
                                        .next = from,
                                        .end = end,
                                        .base = from,
                                        .line = line};
    uint64_t need = end - from; /* and a line end */
    take_block(reader, need + 1 < AT_BLOCK_BYTES ? (uint32_t)need + 1 : AT_BLOCK_BYTES);
    size_t rows = AT_BATCH_ROWS, slots = layout->n_slots;
    reader->cells = at_arena_get(arena, rows * 2 * slots * sizeof(uint32_t));
    reader->starts = at_arena_get(arena, rows * sizeof(uint32_t));
    reader->lines = at_arena_get(arena, rows * sizeof(uint64_t));
    reader->fault = at_arena_zero(arena, rows);
    reader->doubled = at_arena_get(arena, (slots + 1) * sizeof(uint32_t));
}

/* Moves what is left to the front and reads on. After the last byte of the part a line end is put where there
 * is none. */
static enum at_source_reader_end fill(struct at_source_reader *reader) {
    if (reader->last) return AT_READ_END;
    if (reader->lo > 0) {
        memmove(reader->text, reader->text + reader->lo, reader->hi - reader->lo);
        reader->base += reader->lo;
        reader->hi -= reader->lo;
        reader->lo = 0;
    }
    /* One byte is kept for the line end that may be missing. */
    if (reader->hi + 1 >= reader->room) {
        if (reader->room >= AT_ROW_BYTES) return AT_READ_LONG_ROW;
        take_block(reader, reader->room * 4 < AT_ROW_BYTES ? reader->room * 4 : AT_ROW_BYTES);
    }
    uint64_t left = reader->end - reader->next;
    uint32_t want = reader->room - 1 - reader->hi;
    if (want > left) want = (uint32_t)left;
    int64_t got = at_source_input_read(reader->input, reader->next, reader->text + reader->hi, want);
    if (got <= AT_DECODE_FAULT) {
        reader->packed = (uint8_t)(AT_DECODE_FAULT - got);
        return AT_READ_PACKED;
    }
    if (got < 0) return AT_READ_ERROR;
    if ((uint64_t)got < want && !reader->input->decoder) return AT_READ_SHRUNK;
    reader->next += (uint64_t)got;
    reader->hi += (uint32_t)got;
    reader->last = reader->next == reader->end || got == 0;
    if (reader->last && reader->hi > 0 && reader->text[reader->hi - 1] != '\n' &&
        reader->text[reader->hi - 1] != '\r')
        reader->text[reader->hi++] = '\n';
    memset(reader->text + reader->hi, 0, AT_PAD);
    reader->indexed = false;
    return AT_READ_ROWS;
}

/* Whether the marks are those of rows that all have the header's number of fields. As many line ends as rows,
 * and each row's last mark a line end: so no line end is anywhere else, and there is no blank line. */
static bool all_regular(const struct at_source_reader *reader, const char *text) {
    const struct at_source_marks *marks = &reader->marks;
    uint32_t columns = reader->layout->n_columns;
    if (marks->quote || columns < 2 || (uint64_t)marks->rows * columns > marks->n || marks->rows == 0)
        return false;
    const uint32_t *ends = marks->at + columns - 1;
    bool good = true;
    char separator = reader->input->separator;
    for (uint32_t r = 0; r < marks->rows; r++)
        good &= text[ends[(size_t)r * columns]] != separator;
    return good;
}

static void mark_block(struct at_source_reader *reader) {
    uint32_t to = reader->hi;
    /* The LF that belongs to a CR at the very end may not have been read. */
    if (!reader->last && to > reader->lo && reader->text[to - 1] == '\r') to--;
    at_source_index(reader->text, reader->lo, to, reader->input->separator, &reader->marks);
    reader->marks.at[-1] = reader->lo - 1;
    reader->mark = 0;
    reader->indexed = true;
    reader->regular = all_regular(reader, reader->text);
}

static void hand_regular(struct at_source_reader *reader, struct at_source_rows *rows) {
    uint32_t columns = reader->layout->n_columns;
    uint32_t n = reader->marks.rows < AT_BATCH_ROWS ? reader->marks.rows : AT_BATCH_ROWS;
    rows->cells = reader->marks.at + reader->mark;
    rows->stride = columns;
    rows->regular = true;
    rows->n = n;
    for (uint32_t r = 0; r < n; r++)
        reader->lines[r] = reader->line + r;
    reader->line += n;
    reader->mark += n * columns;
    reader->marks.rows -= n;
    reader->lo = reader->marks.at[reader->mark - 1] + 1;
}

/* ---- rows one by one */

struct row {
    uint32_t n; /* fields so far */
    bool tail;  /* a field past the last column is not empty */
    bool junk, quoted;
};

static inline void put_cell(struct at_source_reader *reader, uint32_t *cells, struct row *row, uint32_t start,
                            uint32_t end, bool doubled) {
    uint32_t column = row->n++;
    if (column >= reader->layout->n_columns) {
        row->tail |= end > start;
        return;
    }
    int32_t slot = reader->layout->slot_of[column];
    if (slot < 0) return;
    cells[2 * slot] = start - 1;
    cells[2 * slot + 1] = end;
    if (doubled) reader->doubled[reader->n_doubled++] = (uint32_t)slot;
}

/* Replaces doubled quotes with single ones, in place. Runs only when the whole row is there. A row that the
 * block's end splits is read again. */
static void undouble(struct at_source_reader *reader, uint32_t *cells) {
    for (uint32_t k = 0; k < reader->n_doubled; k++) {
        uint32_t *cell = cells + 2 * (size_t)reader->doubled[k];
        char *from = reader->text + cell[0] + 1, *end = reader->text + cell[1], *to = from;
        while (from < end) {
            if (*from == '"') from++;
            if (from < end) *to++ = *from++;
        }
        cell[1] = (uint32_t)(to - reader->text);
    }
    reader->n_doubled = 0;
}

/* A row with quoted fields, from lo. False where its end is not in the block. */
static bool quoted_row(struct at_source_reader *reader, uint32_t *cells, struct row *row) {
    const char *text = reader->text, *cursor = text + reader->lo, *limit = text + reader->hi;
    uint32_t limit_at = reader->hi;
    if (!reader->last && limit_at > reader->lo && text[limit_at - 1] == '\r') limit_at--;
    limit = text + limit_at;
    char kept = *limit;
    reader->text[limit_at] = 0; /* as the scanner wants it */
    *row = (struct row){.quoted = true};
    reader->n_doubled = 0;
    enum at_source_csv_end end;
    struct at_source_csv_field field;
    do {
        end = at_source_csv_next(&cursor, limit, reader->input->separator, &field);
        row->junk |= field.junk;
        put_cell(reader, cells, row, (uint32_t)(field.start - text), (uint32_t)(field.end - text),
                 field.doubled);
    } while (end == AT_CSV_SEPARATOR);
    reader->text[limit_at] = kept;
    if (end == AT_CSV_TEXT) {
        reader->fault_column = field.open ? row->n : 0;
        return false;
    }
    uint32_t stop = (uint32_t)(cursor - text);
    bool cr = false;
    reader->line += at_source_count_lines(text + reader->lo, stop - reader->lo, &cr);
    undouble(reader, cells); /* it moves text, so the lines are counted before */
    reader->lo = stop;
    while (reader->mark < reader->marks.n && reader->marks.at[reader->mark] < stop)
        reader->mark++;
    return true;
}

/* Finds, among the marks, the closing quote of the field whose opening quote is mark m. Returns that mark.
 * Returns UINT32_MAX if it is not there, or if something is between it and the comma or line end. Then the
 * scanner decides. */
static uint32_t close_quote(const struct at_source_reader *reader, uint32_t m, uint64_t *lines,
                            bool *doubled) {
    const char *text = reader->text;
    const uint32_t *marks = reader->marks.at;
    uint32_t n = reader->marks.n;
    for (m++; m + 1 < n; m++) {
        char c = text[marks[m]];
        if (c == reader->input->separator) continue;
        if (c != '"') {
            ++*lines;
            continue;
        }
        uint32_t next = marks[m] + 1;
        if (text[next] == '"') {
            *doubled = true;
            m++;
            continue;
        }
        bool clean = marks[m + 1] == next || (text[next] == '\r' && marks[m + 1] == next + 1);
        return clean ? m : UINT32_MAX;
    }
    return UINT32_MAX;
}

/* The row at lo into the matrix. False where its end is not in the block. */
static bool walk_row(struct at_source_reader *reader, uint32_t *cells, struct row *row) {
    const char *text = reader->text, separator = reader->input->separator;
    uint32_t start = reader->lo;
    uint64_t lines = 1;
    *row = (struct row){0};
    reader->n_doubled = 0;
    for (uint32_t m = reader->mark; m < reader->marks.n; m++) {
        uint32_t at = reader->marks.at[m];
        bool quoted = false, doubled = false;
        if (text[at] == '"') {
            if (at != start) continue; /* within a plain field it is itself */
            m = close_quote(reader, m, &lines, &doubled);
            if (m == UINT32_MAX) return quoted_row(reader, cells, row);
            row->quoted = quoted = true;
            put_cell(reader, cells, row, start + 1, reader->marks.at[m], doubled);
            at = reader->marks.at[++m];
        }
        if (text[at] == separator) {
            if (!quoted) put_cell(reader, cells, row, start, at, false);
            start = at + 1;
            continue;
        }
        uint32_t end = at > start && text[at] == '\n' && text[at - 1] == '\r' ? at - 1 : at;
        if (!quoted) put_cell(reader, cells, row, start, end, false);
        reader->mark = m + 1;
        reader->lo = at + 1;
        reader->line += lines;
        if (reader->n_doubled) undouble(reader, cells);
        return true;
    }
    reader->fault_column = 0;
    return false;
}

static enum at_source_row_fault judge_row(struct at_source_reader *reader, uint32_t *cells,
                                          const struct row *row) {
    uint32_t columns = reader->layout->n_columns;
    /* Cells that the row does not have are empty. */
    for (uint32_t slot = 0; row->n < columns && slot < reader->layout->n_slots; slot++)
        if (reader->layout->column_of[slot] >= row->n) {
            cells[2 * slot] = reader->lo - 1;
            cells[2 * slot + 1] = reader->lo;
        }
    if (row->junk) return AT_ROW_JUNK;
    if (row->n > columns && row->tail) return AT_ROW_LONG;
    return row->n < columns ? AT_ROW_SHORT : AT_ROW_GOOD;
}

static uint32_t hand_walked(struct at_source_reader *reader, struct at_source_rows *rows) {
    uint32_t n = 0, stride = 2 * reader->layout->n_slots;
    while (n < AT_BATCH_ROWS && reader->lo < reader->hi) {
        uint32_t *cells = reader->cells + (size_t)n * stride;
        uint32_t start = reader->lo;
        uint64_t line = reader->line;
        struct row row;
        if (!walk_row(reader, cells, &row)) {
            reader->indexed = false; /* the rest is read again with what follows */
            break;
        }
        char c = reader->text[start];
        if (row.n == 1 && !row.quoted && (c == '\n' || c == '\r')) continue; /* a blank line */
        reader->starts[n] = start;
        reader->lines[n] = line;
        reader->fault[n] = judge_row(reader, cells, &row);
        rows->n_faults += reader->fault[n] != AT_ROW_GOOD;
        n++;
    }
    if (reader->lo >= reader->hi) reader->indexed = false;
    rows->cells = reader->cells;
    rows->stride = stride;
    rows->starts = reader->starts;
    rows->regular = false;
    rows->n = n;
    return n;
}

enum at_source_reader_end at_source_reader_next(struct at_source_reader *reader,
                                                struct at_source_rows *rows) {
    for (;;) {
        *rows =
            (struct at_source_rows){.layout = reader->layout, .lines = reader->lines, .fault = reader->fault};
        if (reader->indexed && reader->regular && reader->marks.rows == 0) reader->indexed = false;
        if (!reader->indexed) {
            if (reader->last) {
                if (reader->lo >= reader->hi) return AT_READ_END;
                /* The last line has its end, so that only a quote can have swallowed it. */
                reader->fault_offset = reader->base + reader->lo;
                reader->fault_line = reader->line;
                return AT_READ_OPEN_QUOTE;
            }
            enum at_source_reader_end end = fill(reader);
            if (end == AT_READ_LONG_ROW || end == AT_READ_PACKED) {
                reader->fault_offset = reader->base + reader->lo;
                reader->fault_line = reader->line;
                if (reader->fault_column && end == AT_READ_LONG_ROW) end = AT_READ_OPEN_QUOTE;
            }
            if (end != AT_READ_ROWS) return end;
            mark_block(reader);
        }
        rows->text = reader->text;
        rows->base = reader->base;
        rows->cr = reader->marks.cr;
        rows->high = reader->marks.high;
        rows->zero = reader->marks.zero;
        memset(reader->fault, 0, AT_BATCH_ROWS);
        if (reader->regular) {
            hand_regular(reader, rows);
            return AT_READ_ROWS;
        }
        if (hand_walked(reader, rows) > 0) return AT_READ_ROWS;
    }
}
