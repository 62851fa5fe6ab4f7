/* api/sheet.c: implements sheet.h. */
#include "api/sheet.h"

#include <string.h>

/* One cell of CSV text, copied to *room, from *at on; *at is then behind its comma or line end. *last: it
 * ends a row. */
static attain_cell read_cell(char **room, const char *text, size_t length, size_t *at, bool *last) {
    bool quoted = *at < length && text[*at] == '"';
    char *out = *room;
    size_t n = 0, i = *at + quoted;
    for (; i < length; i++) {
        if (quoted && text[i] == '"') {
            if (i + 1 >= length || text[i + 1] != '"') {
                quoted = false;
                continue;
            }
            i++;
        } else if (!quoted && (text[i] == ',' || text[i] == '\n' || text[i] == '\r'))
            break;
        out[n++] = text[i];
    }
    *last = i >= length || text[i] != ',';
    if (i + 1 < length && text[i] == '\r' && text[i + 1] == '\n') i++;
    *at = i + 1;
    *room = out + n;
    return (attain_cell){.kind = n ? ATTAIN_CELL_TEXT : ATTAIN_CELL_MISSING, .text = {out, n}};
}

bool at_api_sheet_read(struct at_arena *arena, const char *text, size_t length, struct at_api_sheet *out) {
    static const char mark[] = "\xEF\xBB\xBF";
    char *room = at_arena_get(arena, length + 1); /* the cells are not longer than the text */
    size_t at = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0, in_row = 0;
    while (at < length) {
        bool last = false;
        bool empty = in_row == 0 && (text[at] == '\n' || text[at] == '\r');
        attain_cell cell = read_cell(&room, text, length, &at, &last);
        if (empty) continue;
        AT_VEC_PUSH(arena, &out->cells, cell);
        in_row++;
        if (!last) continue;
        if (out->columns == 0) out->columns = in_row;
        if (in_row != out->columns) return false;
        in_row = 0;
    }
    return out->columns > 0 && in_row == 0;
}
