/* fmt/page.c: the page that is being written: lines, and the comments that belong to them. */
#include "fmt/fmt_int.h"

#include "syntax/plain.h"

/* Finds the comments of the file. They are a contiguous part of the list, because comments are sorted by
 * position. */
void at_fmt_start(struct at_fmt *f, struct at_arena *arena, const struct at_ast *ast,
                  const struct at_ast_node *file) {
    *f = (struct at_fmt){.arena = arena, .ast = ast};
    f->source = at_diag_sources_place(ast->sources, file->span.start).file;
    if (ast->n_comments == 0) return;
    const struct at_ast_comment *c = ast->comments, *end = c + ast->n_comments;
    while (c < end && c->span.start < file->span.start)
        c++;
    f->comment = c;
    while (c < end && c->span.start < file->span.end)
        c++;
    f->comments_end = c;
}

/* Adds text that has no line break. A break inside would make `column` wrong. */
void at_fmt_str(struct at_fmt *f, at_str s) {
    f->started = true;
    f->column += at_utf8_width(s);
    at_text_add(f->arena, &f->line, s);
}

void at_fmt_z(struct at_fmt *f, const char *z) {
    at_fmt_str(f, at_str_z(z));
}

unsigned at_fmt_column(const struct at_fmt *f) {
    return f->column;
}

/* The text is in the arena, because its length has no bound known here. */
static at_str spaces(struct at_fmt *f, unsigned n) {
    char *text = at_arena_get(f->arena, n + 1);
    memset(text, ' ', n);
    return (at_str){text, n};
}

/* A text wider than its column still gets one space, so that two tokens never join. */
void at_fmt_pad(struct at_fmt *f, unsigned column) {
    at_fmt_str(f, spaces(f, f->column < column ? column - f->column : 1));
}

at_str at_fmt_source(const struct at_fmt *f, at_span span) {
    return at_lex_plain(f->arena, at_diag_sources_text(f->ast->sources, span));
}

/* Counts line breaks backward from the offset. CR LF is one break, and a lone CR is one too. */
bool at_fmt_blank_before(const struct at_fmt *f, uint32_t offset) {
    const char *start = f->source->text.p, *p = start + (offset - f->source->base);
    unsigned lines = 0;
    while (p > start && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\n' || p[-1] == '\r')) {
        p--;
        bool pair = *p == '\n' && p > start && p[-1] == '\r';
        lines += *p == '\n' || *p == '\r';
        p -= pair;
    }
    return lines > 1;
}

/* A binary search from the first unwritten comment: nested expressions ask once for each node. */
const struct at_ast_comment *at_fmt_comment_from(const struct at_fmt *f, uint32_t offset) {
    const struct at_ast_comment *low = f->comment, *high = f->comments_end;
    while (low < high) {
        const struct at_ast_comment *middle = low + (high - low) / 2;
        if (middle->span.start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool at_fmt_commented(const struct at_fmt *f, at_span span) {
    const struct at_ast_comment *c = at_fmt_comment_from(f, span.start);
    return c < f->comments_end && c->span.start < span.end;
}

/* ---- lines */

/* Removes blanks and the CR that a comment has in a file with CR LF line ends. */
static at_str trim_right(at_str s) {
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* Copies the text, because the buffer of the current line is used again. */
static void push(struct at_fmt *f, at_str text) {
    struct at_fmt_line line = {at_str_copy(f->arena, trim_right(text)), {0}};
    AT_VEC_PUSH(f->arena, &f->lines, line);
}

static void end_line(struct at_fmt *f) {
    if (f->started) push(f, at_text_str(&f->line));
    f->line.n = 0;
    f->column = 0;
    f->started = false;
}

static bool block_begins(const struct at_fmt *f) {
    if (f->lines.n == 0) return true;
    at_str last = f->lines.at[f->lines.n - 1].text;
    return last.n && last.p[last.n - 1] == '{' && at_str_trim(last).p[0] != '#';
}

void at_fmt_blank(struct at_fmt *f) {
    end_line(f);
    if (f->lines.n && f->lines.at[f->lines.n - 1].text.n) push(f, (at_str){"", 0});
}

/* A line that is a comment itself cannot take a second one: the two would parse as one comment. */
static bool takes_comment(const struct at_fmt_line *line) {
    return line->comment.n == 0 && line->text.n && at_str_trim(line->text).p[0] != '#';
}

/* Puts a comment that followed something on its line at the end of the last line, if that line has no
 * comment. */
static void comments_behind(struct at_fmt *f, uint32_t offset) {
    struct at_fmt_line *last = f->lines.n ? &f->lines.at[f->lines.n - 1] : NULL;
    if (!last || f->comment == f->comments_end || f->comment->span.start >= offset) return;
    if (f->comment->own_line || !takes_comment(last)) return;
    last->comment = trim_right(at_fmt_source(f, f->comment->span));
    f->comment++;
}

void at_fmt_end(struct at_fmt *f, uint32_t offset) {
    end_line(f);
    comments_behind(f, offset);
}

/* Writes the comments before `offset`. The first can belong at the end of the line before; the others get
 * lines of their own. */
static void write_comments(struct at_fmt *f, uint32_t offset, unsigned indent, bool blanks) {
    comments_behind(f, offset);
    for (; f->comment < f->comments_end && f->comment->span.start < offset; f->comment++) {
        at_str text = trim_right(at_fmt_source(f, f->comment->span));
        if (blanks && !block_begins(f) && at_fmt_blank_before(f, f->comment->span.start)) at_fmt_blank(f);
        push(f, at_str_format(f->arena, "%.*s%.*s", AT_STR_ARG(spaces(f, indent)), AT_STR_ARG(text)));
    }
}

void at_fmt_break(struct at_fmt *f, uint32_t offset, unsigned indent, bool blanks) {
    end_line(f);
    write_comments(f, offset, indent, blanks);
    if (blanks && !block_begins(f) && at_fmt_blank_before(f, offset)) at_fmt_blank(f);
    at_fmt_str(f, spaces(f, indent));
}

void at_fmt_close(struct at_fmt *f, uint32_t offset, unsigned indent) {
    end_line(f);
    write_comments(f, offset, indent + 2, true);
    at_fmt_str(f, spaces(f, indent));
}

bool at_fmt_fits(const struct at_fmt *f, at_str text) {
    return at_fmt_column(f) + at_utf8_width(text) <= AT_FMT_WIDTH;
}

/* ---- the end: comments after consecutive lines are in one column */

/* Two spaces after the widest line of consecutive lines with comments. The caller asks once for each run
 * of such lines. */
static unsigned comment_column(const struct at_fmt *f, size_t i) {
    unsigned column = 0;
    while (i > 0 && f->lines.at[i - 1].comment.n)
        i--;
    for (; i < f->lines.n && f->lines.at[i].comment.n; i++) {
        unsigned width = at_utf8_width(f->lines.at[i].text);
        if (width > column) column = width;
    }
    return column + 2;
}

void at_fmt_print(struct at_fmt *f, struct at_sink *out) {
    unsigned column = 0;
    end_line(f);
    for (size_t i = 0; i < f->lines.n; i++) {
        const struct at_fmt_line *line = &f->lines.at[i];
        at_arena_poll(f->arena);
        at_sink_str(out, line->text);
        if (line->comment.n) {
            if (i == 0 || f->lines.at[i - 1].comment.n == 0) column = comment_column(f, i);
            unsigned width = at_utf8_width(line->text);
            at_sink_str(out, spaces(f, column - width));
            at_sink_str(out, line->comment);
        }
        at_sink_z(out, "\n");
    }
}
