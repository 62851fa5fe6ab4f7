/* source/csv.c: the operations of a CSV source. */
#include "source/csv.h"

#include "source/csv_reader.h"

static bool csv_open(struct at_source *source, struct at_arena *scratch, struct at_source_fault *fault) {
    struct at_source_csv_source *csv = (struct at_source_csv_source *)source;
    if (!at_source_input_open(&csv->input, &csv->binding, source->arena, fault)) return false;
    if (!at_source_form_find(&csv->input, &csv->binding.form, source->arena, scratch, fault)) return false;
    source->size = csv->input.raw.size;
    /* Not when the first row is asked for: a session may then be in a run, whose memory it takes back. */
    at_source_row_window_init(&csv->window, &csv->input, source->arena);
    return at_source_csv_header(csv, scratch, fault);
}

/* The cuts stay in the source. csv_begin reads them, for each part. */
static unsigned csv_split(struct at_source *source, unsigned most, struct at_arena *scratch,
                          struct at_watch *watch) {
    return at_source_csv_cut((struct at_source_csv_source *)source, most, scratch, watch);
}

/* ---- a part */

struct csv_part {
    struct at_source_part part;
    struct at_source_input input;
    struct at_source_reader reader;
    uint64_t from;
};

static struct at_source_part *csv_begin(struct at_source *source, const struct at_source_layout *layout,
                                        unsigned part, unsigned n_parts, struct at_arena *arena) {
    const struct at_source_csv_source *csv = (const struct at_source_csv_source *)source;
    struct csv_part *own = AT_NEW(arena, struct csv_part);
    uint64_t end = part + 1 < n_parts ? csv->cuts[part + 1].from : csv->input.size;
    struct at_source_csv_cut cut =
        n_parts > 1 ? csv->cuts[part] : (struct at_source_csv_cut){csv->body, csv->body_line};
    own->part.source = source;
    own->from = cut.from;
    own->input = at_source_input_again(&csv->input, arena);
    at_source_reader_init(&own->reader, &own->input, layout, arena, cut.from, end, cut.line);
    return &own->part;
}

/* A row that is wrong has a place. A failure to read has none: it concerns the file. */
static struct at_source_fault fault_of(const struct at_source_reader *reader, enum at_source_reader_end end) {
    static const uint16_t codes[] = {[AT_READ_OPEN_QUOTE] = AT_A0710,
                                     [AT_READ_LONG_ROW] = AT_A0711,
                                     [AT_READ_SHRUNK] = AT_A0712,
                                     [AT_READ_PACKED] = AT_A0741,
                                     [AT_READ_ERROR] = AT_A0701};
    bool placed = end == AT_READ_OPEN_QUOTE || end == AT_READ_LONG_ROW || end == AT_READ_PACKED;
    struct at_source_fault fault = {.code = codes[end], .status = placed ? AT_REJECTED : AT_IO};
    fault.row.id = placed ? reader->fault_offset : reader->next;
    fault.row.number = placed ? reader->fault_line : 0;
    fault.packed = reader->packed;
    if (end == AT_READ_PACKED) fault.place = at_source_decoder_place(reader->input->decoder);
    fault.column = end == AT_READ_OPEN_QUOTE ? reader->fault_column : 0;
    return fault;
}

static enum at_source_end csv_next(struct at_source_part *part, struct at_source_rows *rows) {
    struct csv_part *own = (struct csv_part *)part;
    enum at_source_reader_end end = at_source_reader_next(&own->reader, rows);
    part->done =
        own->input.decoder ? at_source_decoder_place(own->input.decoder) : own->reader.next - own->from;
    if (end == AT_READ_ROWS) return AT_SOURCE_ROWS;
    if (end == AT_READ_END) return AT_SOURCE_END;
    part->fault = fault_of(&own->reader, end);
    return AT_SOURCE_FAULT;
}

/* ---- a row again */

#define BLOCK (64u << 10)

/* Counts lines from a row that is known to `to`, or to the row on line `line`. Rows that are asked for in
 * their order are found in one walk over the file. */
static void walk(struct at_source_csv_source *csv, uint64_t to, uint64_t line, struct at_arena *scratch) {
    struct at_arena_mark mark = at_arena_mark(scratch);
    char *block = at_arena_get(scratch, BLOCK);
    bool cr = false;
    if (to < csv->known || line < csv->known_line) csv->known = 0, csv->known_line = 1;
    while (csv->known < to && csv->known_line < line) {
        uint64_t left = to - csv->known;
        int64_t got =
            at_source_input_read(&csv->input, csv->known, block, left < BLOCK ? (size_t)left : BLOCK);
        if (got <= 0) break;
        bool cr_before = cr;
        uint64_t lines = at_source_count_lines(block, (size_t)got, &cr);
        if (csv->known_line + lines < line) {
            csv->known_line += lines;
            csv->known += (uint64_t)got;
            continue;
        }
        cr = cr_before;
        for (int64_t i = 0; i < got && csv->known_line < line; i++, csv->known++)
            csv->known_line += at_source_count_lines(block + i, 1, &cr);
        /* The LF after a CR is of the same line end. */
        if (csv->known_line == line && cr && at_source_input_read(&csv->input, csv->known, block, 1) == 1 &&
            block[0] == '\n')
            csv->known++;
    }
    at_arena_reset(scratch, mark);
}

static void locate(struct at_source_csv_source *csv, struct at_source_ref *ref, struct at_arena *scratch) {
    if (ref->id == AT_SOURCE_NO_ID) {
        walk(csv, UINT64_MAX, ref->number, scratch);
        ref->id = csv->known;
    } else if (ref->number == 0) {
        walk(csv, ref->id, UINT64_MAX, scratch);
        ref->number = csv->known_line;
    }
}

/* The cell of the row, or how many cells it has. */
static void read_cells(struct at_source_row *out, uint32_t column, char separator, struct at_arena *scratch) {
    const char *cursor = out->text.p, *limit = out->text.p + out->text.n;
    struct at_source_csv_field field = {0};
    enum at_source_csv_end end = AT_CSV_SEPARATOR;
    uint32_t n = 0;
    while (end == AT_CSV_SEPARATOR && n < column) {
        end = at_source_csv_next(&cursor, limit, separator, &field);
        n++;
        if (field.junk && !out->junk) out->junk = n;
    }
    out->n_cells = n;
    out->cell_found = n == column;
    if (!out->cell_found) return;
    out->cell_start = (uint32_t)(field.start - out->text.p);
    out->cell_end = (uint32_t)(field.end - out->text.p);
    out->value = at_source_csv_value(&field, scratch);
}

/* Rows without a column come in order, when bad rows are handed out, so they are read through a window. */
static void csv_row(struct at_source *source, struct at_source_ref *ref, uint32_t column,
                    struct at_arena *scratch, struct at_source_row *out) {
    struct at_source_csv_source *csv = (struct at_source_csv_source *)source;
    *out = (struct at_source_row){.text_found = true};
    locate(csv, ref, scratch);
    if (column > 0) {
        out->text = at_source_input_row(&csv->input, ref->id, AT_ROW_BYTES, scratch);
        read_cells(out, column, csv->input.separator, scratch);
        return;
    }
    out->text = at_source_row_window_get(&csv->window, ref->id, AT_ROW_BYTES, scratch);
}

struct at_source *at_source_csv_source_new(const struct at_source_binding *binding, struct at_arena *arena) {
    static const struct at_source_ops ops = {csv_open, csv_split, csv_begin, csv_next, csv_row};
    struct at_source_csv_source *csv = AT_NEW(arena, struct at_source_csv_source);
    csv->source = (struct at_source){.ops = &ops, .arena = arena, .name = binding->name};
    csv->binding = *binding;
    csv->known_line = 1;
    return &csv->source;
}
