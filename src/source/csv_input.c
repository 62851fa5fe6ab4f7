/* source/csv_input.c: opening and reading bytes; nothing here knows what a row means. */
#include "source/csv_input.h"

#include "source/csv_index.h"

static bool refuse(struct at_source_fault *fault, enum at_diag_code code, enum at_status status) {
    fault->code = code;
    fault->status = status;
    return false;
}

static enum at_diag_code code_of(enum at_file_fault fault) {
    switch (fault) {
    case AT_FILE_OUTSIDE: return AT_A0735;
    case AT_FILE_FOLDER: return AT_A0702;
    case AT_FILE_SPECIAL: return AT_A0703;
    case AT_FILE_ERROR:
    case AT_FILE_FINE: break;
    }
    return AT_A0701;
}

static bool open_file(struct at_source_input *input, const struct at_source_binding *binding,
                      struct at_arena *arena, struct at_source_fault *fault) {
    struct at_file *file = AT_NEW(arena, struct at_file);
    fault->error = binding->error;
    if (binding->error) return refuse(fault, AT_A0701, AT_IO);
    enum at_file_fault why = binding->roots
                                 ? at_file_open(file, arena, binding->roots, binding->base, binding->path)
                                 : at_file_open_any(file, arena, binding->path.p);
    fault->error = file->error;
    if (why != AT_FILE_FINE) return refuse(fault, code_of(why), AT_IO);
    input->raw = (struct at_source_raw){.fd = file->fd, .size = file->size};
    return true;
}

bool at_source_input_open(struct at_source_input *input, const struct at_source_binding *binding,
                          struct at_arena *arena, struct at_source_fault *fault) {
    *input = (struct at_source_input){.raw.fd = -1, .separator = ','};
    *fault = (struct at_source_fault){0};
    if (binding->kind == AT_FROM_MEMORY) {
        input->raw.bytes = binding->bytes.n ? binding->bytes.p : "";
        input->raw.size = binding->bytes.n;
    } else if (!open_file(input, binding, arena, fault)) {
        return false;
    }
    input->size = input->raw.size;
    return true;
}

int64_t at_source_input_read(const struct at_source_input *input, uint64_t offset, void *out, size_t n) {
    return input->decoder ? at_source_decoder_read(input->decoder, offset, out, n)
                          : at_source_raw_read(&input->raw, offset, out, n);
}

struct at_source_input at_source_input_again(const struct at_source_input *input, struct at_arena *arena) {
    struct at_source_input again = *input;
    if (!input->decoder) return again;
    again.decoder = AT_NEW(arena, struct at_source_decoder);
    at_source_decoder_init(again.decoder, &input->raw, input->packing, input->encoding, arena);
    return again;
}

/* Length of the row at the beginning of n bytes, quotes understood; n where its end is not among them. */
static size_t row_length(const char *p, size_t n, char separator) {
    bool inside = false, field_start = true;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (inside) {
            if (c == '"' && i + 1 < n && p[i + 1] == '"')
                i++;
            else if (c == '"')
                inside = false;
        } else if (c == '"' && field_start) {
            inside = true;
        } else if (c == '\n' || c == '\r') {
            return i;
        }
        field_start = !inside && c == separator;
    }
    return n;
}

at_str at_source_input_row(const struct at_source_input *input, uint64_t offset, size_t limit,
                           struct at_arena *arena) {
    /* Most rows are short. Longer ones are read again with more room, up to the limit. */
    for (size_t room = 4096;; room *= 8) {
        if (room > limit) room = limit;
        char *text = at_arena_get(arena, room + 2 * AT_PAD);
        memset(text, 0, AT_PAD);
        text += AT_PAD;
        int64_t got = at_source_input_read(input, offset, text, room);
        size_t n = got > 0 ? (size_t)got : 0;
        memset(text + n, 0, AT_PAD);
        size_t length = row_length(text, n, input->separator);
        if (length < n || n < room || room >= limit) {
            text[length] = 0;
            return (at_str){text, (uint32_t)length};
        }
    }
}

#define WINDOW_BYTES (1u << 16)

void at_source_row_window_init(struct at_source_row_window *window, const struct at_source_input *input,
                               struct at_arena *arena) {
    *window = (struct at_source_row_window){.input = input, .block = at_arena_get(arena, WINDOW_BYTES)};
}

at_str at_source_row_window_get(struct at_source_row_window *window, uint64_t offset, size_t limit,
                                struct at_arena *arena) {
    for (int tries = 0; tries < 2; tries++) {
        if (offset >= window->base && offset - window->base < window->n) {
            size_t at = (size_t)(offset - window->base),
                   length = row_length(window->block + at, window->n - at, window->input->separator);
            bool ends = at + length < window->n || window->base + window->n >= window->input->size;
            if (ends && length <= limit) return (at_str){window->block + at, (uint32_t)length};
        }
        int64_t got = at_source_input_read(window->input, offset, window->block, WINDOW_BYTES);
        window->base = offset;
        window->n = got > 0 ? (size_t)got : 0;
    }
    return at_source_input_row(window->input, offset, limit, arena); /* a row longer than a block */
}

/* In a quoted field, each quote of the value is written twice. One of each pair is copied. */
at_str at_source_csv_value(const struct at_source_csv_field *field, struct at_arena *arena) {
    at_str raw = {field->start, (uint32_t)(field->end - field->start)};
    if (!field->doubled) return raw;
    char *out = at_arena_get(arena, raw.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < raw.n; i++) {
        out[n++] = raw.p[i];
        if (raw.p[i] == '"') i++;
    }
    return (at_str){out, n};
}

uint64_t at_source_count_lines(const char *p, size_t n, bool *cr) {
    /* Nearly all text has no CR at all. */
    if (!(*cr && n) && !memchr(p, '\r', n)) return at_source_count_byte(p, n, '\n');
    uint64_t lines = at_source_count_byte(p, n, '\n');
    if (n == 0) return 0;
    if (*cr && p[0] == '\n') lines--; /* counted with its CR */
    *cr = p[n - 1] == '\r';
    for (const char *at = p, *end = p + n; (at = memchr(at, '\r', (size_t)(end - at))) != NULL; at++)
        lines += at + 1 == end || at[1] != '\n';
    return lines;
}
