/* diag/render.c: draws a diagnostic for people, and writes it as JSON.
 *
 * A diagnostic becomes marks, each on one line of one text: `^` for the main span, `~` for labels. Marks are
 * put in order of file and line and drawn line by line. Lines wider than WIDTH are cut around their first
 * mark. Whatever the text holds (tabs, wide characters, bytes that are not text), marks are under the
 * characters that they mean, and the terminal receives no commands.
 */
#include "diag/render.h"

#include <stdio.h>

#include "base/visible.h"
#include "diag/say.h"

/* WIDTH is the columns shown of a line. MAX_MARKS bounds the picture, so rendering needs no memory. */
enum { WIDTH = 100, TAB = 4, MAX_MARKS = 24, BEFORE = 200 };

struct mark {
    at_str file;
    at_str line; /* the line's text */
    uint64_t number;
    uint32_t start, end; /* bytes of the line */
    bool main, to_line_end;
    at_str text; /* the label's */
};

struct picture {
    struct mark marks[MAX_MARKS];
    unsigned n;
    bool color;
    enum at_diag_severity severity;
    struct at_sink *out;
};

static const char *const SEVERITY[] = {"error", "warning", "note"};
static const char *const COLOR[] = {"\033[1;31m", "\033[1;33m", "\033[1;36m"};
#define BLUE "\033[34m"
#define CYAN "\033[36m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* ---- characters */

/* How the character at p is shown in a given column: base/visible.h, with tabs as spaces. */
static struct at_visible_glyph glyph_at(const char *start, const char *p, const char *end, unsigned column) {
    struct at_visible_glyph g = at_visible_glyph_at(start, p, end);
    if (*p == '\t') {
        g.n = g.width = TAB - column % TAB;
        memset(g.text, ' ', g.n);
    }
    return g;
}

/* Our own texts may have several lines. */
static void put_safe(struct at_sink *out, at_str s, const char *new_line) {
    const char *p = s.p, *end = s.p + s.n;
    while (p < end) {
        const char *line = new_line ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        const char *upto = line ? line : end;
        at_sink_visible(out, (at_str){p, (uint32_t)(upto - p)});
        if (line) at_sink_z(out, new_line);
        p = line ? upto + 1 : end;
    }
}

static void put_n(struct at_sink *out, char c, unsigned n) {
    while (n-- > 0)
        at_sink_put(out, &c, 1);
}

/* ---- the part of a line that is shown */

struct window {
    const char *line;        /* where the line starts */
    const char *start, *end; /* of its bytes that are shown */
    bool cut_left, cut_right;
};

static unsigned columns(const struct window *w, const char *stop, unsigned column) {
    for (const char *p = w->start; p < stop;) {
        struct at_visible_glyph g = glyph_at(w->line, p, w->end, column);
        column += g.width;
        p += g.bytes;
    }
    return column;
}

/* Goes right until `width` columns are full. */
static const char *advance(const char *line, const char *p, const char *end, unsigned width) {
    for (unsigned column = 0; p < end;) {
        struct at_visible_glyph g = glyph_at(line, p, end, column);
        if (column + g.width > width) break;
        column += g.width;
        p += g.bytes;
    }
    return p;
}

/* Goes left over at most `width` columns.
 * Steps over one character at a time. If the bytes before p are not one valid character, it steps over one
 * byte. */
static const char *back(const char *line, const char *p, const char *end, unsigned width) {
    for (unsigned column = 0; p > line;) {
        const char *q = p - 1;
        while (q > line && p - q < 4 && ((unsigned char)*q & 0xC0) == 0x80)
            q--;
        struct at_visible_glyph g = glyph_at(line, q, end, 0);
        if (q + g.bytes != p) g = glyph_at(line, q = p - 1, end, 0);
        if (column + g.width > width) break;
        column += g.width;
        p = q;
    }
    return p;
}

/* A mark in the first three quarters of WIDTH shows the line from its start. Otherwise, half of the width
 * before the mark is shown, so that readers see its context. */
static struct window window_of(const struct mark *mark) {
    const char *line = mark->line.p, *end = line + mark->line.n;
    struct window w = {line, line, advance(line, line, end, WIDTH), false, false};
    if (w.end == end) return w;
    const char *at = line + mark->start;
    if (at > advance(line, line, end, WIDTH * 3 / 4)) {
        w.start = back(line, at, end, WIDTH / 2);
        w.cut_left = w.start > line;
        w.end = advance(line, w.start, end, WIDTH);
    }
    w.cut_right = w.end < end;
    return w;
}

/* The column at which byte `at` of the line is shown, within the window. */
static unsigned column_of(const struct window *w, const char *line, uint32_t at) {
    const char *p = line + at;
    if (p < w->start) p = w->start;
    if (p > w->end) p = w->end;
    /* The `…` of a cut line takes one column. */
    return columns(w, p, w->cut_left ? 1 : 0);
}

/* ---- drawing */

static void paint(const struct picture *pic, const char *color) {
    if (pic->color) at_sink_z(pic->out, color);
}

static void put_gutter(const struct picture *pic, const char *number) {
    paint(pic, BLUE);
    at_sink_printf(pic->out, "%5s |", number);
    paint(pic, PLAIN);
}

static void draw_text(const struct picture *pic, const struct mark *mark, const struct window *w) {
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)mark->number);
    put_gutter(pic, number);
    if (w->start < w->end) at_sink_put(pic->out, " ", 1);
    if (w->cut_left) at_sink_z(pic->out, "…");
    unsigned column = w->cut_left ? 1 : 0;
    for (const char *p = w->start; p < w->end;) {
        struct at_visible_glyph g = glyph_at(w->line, p, w->end, column);
        at_sink_put(pic->out, g.text, g.n);
        column += g.width;
        p += g.bytes;
    }
    if (w->cut_right) at_sink_z(pic->out, "…");
    at_sink_put(pic->out, "\n", 1);
}

struct drawn {
    unsigned start, end; /* columns */
    bool named;          /* its text is already on a row */
};

static void draw_marks(const struct picture *pic, const struct mark *marks, const struct drawn *cols,
                       unsigned n) {
    /* The window has at most WIDTH columns. The rest is for `…` and for the end of a mark. */
    char row[WIDTH + 8];
    unsigned last = 0;
    memset(row, ' ', sizeof row);
    /* The main mark is drawn last, so it covers labels. */
    for (int main = 0; main <= 1; main++)
        for (unsigned i = 0; i < n; i++) {
            if (marks[i].main != main) continue;
            for (unsigned c = cols[i].start; c < cols[i].end && c < sizeof row; c++)
                row[c] = main ? '^' : '~';
            if (cols[i].end > last) last = cols[i].end;
        }
    if (last > sizeof row) last = sizeof row;
    put_gutter(pic, "");
    at_sink_put(pic->out, " ", 1);
    for (unsigned c = 0; c < last; c++) {
        if (c == 0 || row[c] != row[c - 1]) {
            paint(pic, PLAIN);
            if (row[c] != ' ') paint(pic, row[c] == '^' ? COLOR[pic->severity] : BLUE);
        }
        at_sink_put(pic->out, &row[c], 1);
    }
    paint(pic, PLAIN);
    at_sink_put(pic->out, "\n", 1);
}

/* One row of label texts: from the right, what ends before the text on its right begins. Those that have to
 * wait are shown by a bar. Returns whether some wait. */
static bool draw_label_row(const struct picture *pic, const struct mark *marks, struct drawn *cols,
                           unsigned n) {
    bool now[MAX_MARKS] = {false}, bar[MAX_MARKS] = {false}, waiting = false;
    /* The column where the text on the right begins. ~0u: there is none yet, so the last text is always
     * drawn. */
    unsigned limit = ~0u;
    for (unsigned i = n; i-- > 0;) {
        if (marks[i].text.n == 0 || cols[i].named) continue;
        unsigned end = cols[i].start + at_visible_width(marks[i].text);
        if (limit == ~0u || end + 1 < limit)
            now[i] = cols[i].named = true;
        else
            bar[i] = waiting = true;
        limit = cols[i].start;
    }
    put_gutter(pic, "");
    at_sink_put(pic->out, " ", 1);
    unsigned column = 0;
    paint(pic, BLUE);
    for (unsigned i = 0; i < n; i++) {
        if ((!now[i] && !bar[i]) || (bar[i] && cols[i].start < column)) continue;
        put_n(pic->out, ' ', cols[i].start - column);
        if (now[i])
            put_safe(pic->out, marks[i].text, " ");
        else
            at_sink_put(pic->out, "|", 1);
        column = cols[i].start + (now[i] ? at_visible_width(marks[i].text) : 1);
    }
    paint(pic, PLAIN);
    at_sink_put(pic->out, "\n", 1);
    return waiting;
}

/* One line of text with all its marks; they are in order of their starts. */
static void draw_line(const struct picture *pic, const struct mark *marks, unsigned n) {
    const struct mark *first = marks;
    for (unsigned i = 0; i < n; i++)
        if (marks[i].main) first = &marks[i];
    struct window w = window_of(first);
    struct drawn cols[MAX_MARKS];
    bool texts = false;
    for (unsigned i = 0; i < n; i++) {
        cols[i].start = column_of(&w, marks[i].line.p, marks[i].start);
        cols[i].end = column_of(&w, marks[i].line.p, marks[i].end);
        cols[i].named = false;
        /* An empty span, such as the end of a file, still gets one mark. */
        if (cols[i].end <= cols[i].start) cols[i].end = cols[i].start + 1;
        texts = texts || marks[i].text.n;
    }
    draw_text(pic, first, &w);
    /* A row of data without a marked field shows only its text. */
    if (first->end == 0 && first->start == 0 && !first->main) return;
    draw_marks(pic, marks, cols, n);
    while (texts)
        texts = draw_label_row(pic, marks, cols, n);
}

/* ---- from a diagnostic to marks */

/* Marks beyond MAX_MARKS are not drawn. The message and the notes are complete without them. */
static void add_mark(struct picture *pic, const struct at_diag_place *place, uint32_t start, uint32_t end,
                     bool main, at_str text) {
    if (pic->n == MAX_MARKS || !place->file) return;
    if (end > place->line_text.n && end > start)
        end = place->line_text.n > start ? place->line_text.n : start;
    pic->marks[pic->n++] = (struct mark){.file = place->file->name,
                                         .line = place->line_text,
                                         .number = place->line,
                                         .start = start,
                                         .end = end,
                                         .main = main,
                                         .text = text};
}

/* A span over several lines marks the first line to its end, and the last line from its first nonblank
 * character. Lines between are not drawn. */
static void mark_span(struct picture *pic, const struct at_diag_sources *sources, at_span span, bool main,
                      at_str text) {
    struct at_diag_place from = at_diag_sources_place(sources, span.start);
    struct at_diag_place to =
        at_diag_sources_place(sources, span.end > span.start ? span.end - 1 : span.start);
    if (!from.file) return;
    if (to.file != from.file || to.line == from.line) {
        uint32_t n = span.end > span.start ? span.end - span.start : 1;
        if (to.file != from.file) n = from.line_text.n - from.byte_in_line;
        add_mark(pic, &from, from.byte_in_line, from.byte_in_line + n, main, text);
        return;
    }
    add_mark(pic, &from, from.byte_in_line, from.line_text.n, main, text);
    uint32_t indent = 0;
    while (indent < to.byte_in_line && (to.line_text.p[indent] == ' ' || to.line_text.p[indent] == '\t'))
        indent++;
    if (main) add_mark(pic, &to, indent, to.byte_in_line + 1, main, (at_str){0});
}

/* The file of the main mark comes first: it is mark 0 before sorting. */
static int mark_cmp(const struct mark *a, const struct mark *b) {
    if (!at_str_eq(a->file, b->file)) return at_str_cmp(a->file, b->file);
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return (int)b->main - (int)a->main;
}

/* By insertion: there are few, and rendering takes no memory. */
static void sort_marks(struct picture *pic) {
    for (unsigned i = 1; i < pic->n; i++) {
        struct mark mark = pic->marks[i];
        unsigned k = i;
        for (; k > 0 && mark_cmp(&mark, &pic->marks[k - 1]) < 0; k--)
            pic->marks[k] = pic->marks[k - 1];
        pic->marks[k] = mark;
    }
}

/* Lines that are not consecutive have a row of dots between them. `heading` is for files other than that
 * of the main mark. */
static void draw_file(const struct picture *pic, at_str file, bool heading) {
    uint64_t last = 0;
    if (heading) {
        at_sink_z(pic->out, "   in ");
        put_safe(pic->out, file, NULL);
        at_sink_put(pic->out, "\n", 1);
    }
    for (unsigned i = 0, j; i < pic->n; i = j) {
        for (j = i + 1; j < pic->n && pic->marks[j].number == pic->marks[i].number &&
                        at_str_eq(pic->marks[j].file, pic->marks[i].file);)
            j++;
        if (!at_str_eq(pic->marks[i].file, file)) continue;
        if (last && pic->marks[i].number > last + 1) {
            put_gutter(pic, "...");
            at_sink_put(pic->out, "\n", 1);
        }
        draw_line(pic, &pic->marks[i], j - i);
        last = pic->marks[i].number;
    }
}

static void draw(struct picture *pic) {
    if (pic->n == 0) return;
    at_str main_file = pic->marks[0].file, last = main_file;
    sort_marks(pic);
    draw_file(pic, main_file, false);
    for (unsigned i = 0; i < pic->n; i++) {
        if (at_str_eq(pic->marks[i].file, main_file) || at_str_eq(pic->marks[i].file, last)) continue;
        last = pic->marks[i].file;
        draw_file(pic, last, true);
    }
}

static void mark_data(struct picture *pic, const struct at_diag_data_place *place) {
    if (place->excerpt.n == 0) return;
    pic->marks[pic->n++] = (struct mark){.file = place->file,
                                         .line = place->excerpt,
                                         .number = place->row,
                                         .start = place->mark_start,
                                         .end = place->mark_start + place->mark_length,
                                         .main = place->mark_length > 0};
    struct mark *mark = &pic->marks[0];
    if (mark->start > mark->line.n) mark->start = mark->line.n;
    if (mark->end > mark->line.n) mark->end = mark->line.n;
}

/* A word of the frame, in the language of the sentences inside it. */
static const char *frame_word(const struct at_words *words, enum at_words_word word) {
    return at_words_word(words ? words : at_words_find((at_str){0}), word).p;
}

static const char *severity_of(const struct at_diag *diag) {
    static const enum at_words_word words[] = {AT_W_DIAG_ERROR, AT_W_DIAG_WARNING, AT_W_DIAG_NOTE_KIND};
    return frame_word(diag->words, words[diag->severity]);
}

/* `file:line:column:` is the form that editors and terminals make clickable. */
static void put_head(const struct picture *pic, const struct at_diag *diag,
                     const struct at_diag_sources *sources) {
    struct at_sink *out = pic->out;
    paint(pic, BOLD);
    if (diag->place) {
        const struct at_diag_data_place *place = diag->place;
        put_safe(out, place->name.n ? place->name : place->file, NULL);
        if (place->row && !place->name.n) at_sink_printf(out, ":%llu", (unsigned long long)place->row);
        if (place->row && place->column) at_sink_printf(out, ":%u", place->column);
        at_sink_z(out, ": ");
    } else {
        struct at_diag_place place = at_diag_sources_place(sources, diag->span.start);
        if (place.file) {
            put_safe(out, place.file->name, NULL);
            at_sink_printf(out, ":%u:%u: ", place.line, place.column);
        }
    }
    paint(pic, PLAIN);
    paint(pic, COLOR[diag->severity]);
    at_sink_printf(out, "%s[%s]", severity_of(diag), at_diag_code_info(diag->code)->name);
    paint(pic, PLAIN);
    at_sink_z(out, frame_word(diag->words, AT_W_DIAG_COLON));
    paint(pic, BOLD);
    put_safe(out, diag->message, "\n   ");
    paint(pic, PLAIN);
    at_sink_put(out, "\n", 1);
}

/* Lines after the first are indented to the text of the first. */
static void put_tail(const struct picture *pic, const struct at_words *words, enum at_words_word word,
                     at_str text) {
    if (text.n == 0) return;
    at_sink_z(pic->out, "   ");
    paint(pic, CYAN);
    at_sink_z(pic->out, frame_word(words, word));
    at_sink_z(pic->out, frame_word(words, AT_W_DIAG_COLON));
    paint(pic, PLAIN);
    put_safe(pic->out, text, "\n         ");
    at_sink_put(pic->out, "\n", 1);
}

void at_diag_render_one(const struct at_diag *diag, const struct at_diag_sources *sources, bool color,
                        struct at_sink *out) {
    struct picture pic = {.color = color, .severity = diag->severity, .out = out};
    put_head(&pic, diag, sources);
    if (diag->place) {
        mark_data(&pic, diag->place);
    } else if (sources && diag->span.start) {
        mark_span(&pic, sources, diag->span, true, (at_str){0});
    }
    for (uint32_t i = 0; sources && i < diag->n_labels; i++)
        mark_span(&pic, sources, diag->labels[i].span, false, diag->labels[i].text);
    draw(&pic);
    put_tail(&pic, diag->words, AT_W_DIAG_NOTE, diag->note);
    put_tail(&pic, diag->words, AT_W_DIAG_HELP, diag->help);
}

void at_diag_render_text(const struct at_diag_list *diags, const struct at_diag_render_options *options,
                         struct at_sink *out) {
    uint32_t limit = options && options->limit ? options->limit : 100;
    uint32_t n = diags->n < limit ? diags->n : limit;
    for (uint32_t i = 0; i < n; i++)
        at_diag_render_one(diags->at[i], diags->sources, options && options->color, out);
    if (diags->added > n) at_sink_printf(out, "… and %llu more\n", (unsigned long long)(diags->added - n));
}

/* ---- JSON */

/* A span that ends in another file is reduced to its start. Offsets are relative to the file, because
 * other programs do not know the common space of offsets. */
static void json_span(const struct at_diag_sources *sources, at_span span, struct at_sink *out) {
    struct at_diag_place from = at_diag_sources_place(sources, span.start),
                         to = at_diag_sources_place(sources, span.end);
    if (!from.file) return;
    bool whole = to.file == from.file;
    if (!whole) to = from;
    at_sink_z(out, ",\"file\":");
    at_sink_json(out, from.file->name);
    uint32_t base = from.file->base, end = whole ? span.end : span.start;
    at_sink_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u", from.line,
                   from.column, to.line, to.column);
    at_sink_printf(out, ",\"start\":%u,\"end\":%u", span.start - base, end - base);
}

/* Edits that a program may make: the bytes from start to end become the text. */
static void json_fixes(const struct at_diag *diag, const struct at_diag_sources *sources,
                       struct at_sink *out) {
    if (diag->n_fixes) at_sink_z(out, ",\"fixes\":[");
    for (uint32_t i = 0; i < diag->n_fixes; i++) {
        at_sink_z(out, i ? ",{\"text\":" : "{\"text\":");
        at_sink_json(out, diag->fixes[i].text);
        json_span(sources, diag->fixes[i].span, out);
        at_sink_z(out, "}");
    }
    if (diag->n_fixes) at_sink_z(out, "]");
}

static void json_text(const char *key, at_str text, struct at_sink *out) {
    if (text.n == 0) return;
    at_sink_printf(out, ",\"%s\":", key);
    at_sink_json(out, text);
}

static void json_one(const struct at_diag *diag, const struct at_diag_sources *sources, struct at_sink *out) {
    at_sink_printf(out, "{\"code\":\"%s\",\"severity\":\"%s\"", at_diag_code_info(diag->code)->name,
                   SEVERITY[diag->severity]);
    if (diag->place) {
        json_text("file", diag->place->file, out);
        if (diag->place->name.n) json_text("row", diag->place->name, out);
        if (diag->place->row) at_sink_printf(out, ",\"line\":%llu", (unsigned long long)diag->place->row);
        if (diag->place->column) at_sink_printf(out, ",\"column\":%u", diag->place->column);
    } else {
        json_span(sources, diag->span, out);
    }
    json_text("message", diag->message, out);
    if (diag->n_labels) at_sink_z(out, ",\"labels\":[");
    for (uint32_t i = 0; i < diag->n_labels; i++) {
        at_sink_z(out, i ? ",{\"text\":" : "{\"text\":");
        at_sink_json(out, diag->labels[i].text);
        json_span(sources, diag->labels[i].span, out);
        at_sink_z(out, "}");
    }
    if (diag->n_labels) at_sink_z(out, "]");
    json_text("help", diag->help, out);
    json_text("note", diag->note, out);
    json_fixes(diag, sources, out);
    at_sink_z(out, "}\n");
}

/* One object on each line, so that a reader can process them one by one. */
void at_diag_render_json(const struct at_diag_list *diags, struct at_sink *out) {
    for (uint32_t i = 0; i < diags->n; i++)
        json_one(diags->at[i], diags->sources, out);
}
