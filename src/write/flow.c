/* write/flow.c: implements flow.h. */
#include "write/flow.h"

#include "base/visible.h"
#include "write/marks.h"

static void put_color(struct at_sink *out, char mark) {
    if (mark == AT_MARK_REMOVED)
        at_sink_z(out, "\033[31m");
    else if (mark == AT_MARK_ADDED)
        at_sink_z(out, "\033[32m");
    else
        at_sink_z(out, "\033[0m");
}

/* Punctuation that does not begin a line. */
static bool ends_something(uint32_t c) {
    static const uint32_t ends[] = {0x3001, 0x3002, 0x300D, 0x300F, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF09, ')', ','};
    for (size_t i = 0; i < AT_COUNT(ends); i++)
        if (c == ends[i]) return true;
    return false;
}

static bool begins_something(uint32_t c) {
    return c == 0x300C || c == 0xFF08 || c == '(';
}

static bool is_mark(char c) {
    return c == AT_MARK_REMOVED || c == AT_MARK_ADDED || c == AT_MARK_END;
}

/* The bytes of the next piece that stays in one line, and its columns. Marks take none. */
static uint32_t piece_of(at_str rest, uint32_t *columns) {
    uint32_t n = 0, before = 0;
    *columns = 0;
    while (n < rest.n && rest.p[n] != ' ') {
        unsigned length = 1;
        if (is_mark(rest.p[n])) {
            n++;
            continue;
        }
        uint32_t c = at_utf8_next(rest.p + n, rest.p + rest.n, &length);
        uint32_t wide = at_utf8_width((at_str){rest.p + n, length});
        bool apart = wide > 1 || before == 2;
        if (*columns && apart && !ends_something(c) && before != 3) break;
        *columns += wide;
        before = begins_something(c) ? 3 : wide > 1 ? 2 : 1;
        n += length;
    }
    return n;
}

static void put(const struct at_write_flow *flow, at_str piece) {
    for (uint32_t from = 0, i = 0; i <= piece.n; i++) {
        if (i < piece.n && !is_mark(piece.p[i])) continue;
        at_sink_visible(flow->out, (at_str){piece.p + from, i - from});
        if (i < piece.n && flow->color) put_color(flow->out, piece.p[i]);
        from = i + 1;
    }
}

void at_write_flow(const struct at_write_flow *flow, at_str head, at_str text) {
    uint32_t width = flow->width ? flow->width : 80, indent = at_utf8_width(head), at = indent;
    bool fresh = true; /* nothing is in the line */
    if (indent + 20 > width) width = indent + 20;
    at_sink_visible(flow->out, head);
    while (text.n) {
        uint32_t columns, spaces = 0;
        while (spaces < text.n && text.p[spaces] == ' ')
            spaces++;
        text.p += spaces;
        text.n -= spaces;
        uint32_t n = piece_of(text, &columns);
        if (n == 0) break;
        if (!fresh && at + spaces + columns > width) {
            at_sink_z(flow->out, "\n");
            for (uint32_t i = 0; i < indent; i++)
                at_sink_z(flow->out, " ");
            at = indent;
            spaces = 0;
        }
        for (uint32_t i = 0; i < spaces && !fresh; i++)
            at_sink_z(flow->out, " ");
        at += (fresh ? 0 : spaces) + columns;
        put(flow, (at_str){text.p, n});
        text.p += n;
        text.n -= n;
        fresh = false;
    }
    at_sink_z(flow->out, "\n");
}
