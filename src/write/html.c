/* write/html.c: writes the frame of a page, and escapes text. */
#include "write/html.h"

#include "base/visible.h"

static const char *entity(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* A letter, mark, or digit of a script that runs from right to left. */
static bool from_right(uint32_t c) {
    return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFE) ||
           (c >= 0x10800 && c <= 0x10FFF) || (c >= 0x1E800 && c <= 0x1EFFF);
}

/* 0xD6 is the first byte of U+0590 in UTF-8, so most text is decided by one comparison. */
static bool from_right_at(const char *p, const char *end) {
    unsigned length;
    return p < end && (unsigned char)*p >= 0xD6 && from_right(at_utf8_next(p, end, &length));
}

/* What may be inside a name: a joiner, or one of these between two letters. Numbers end it: they are shown in
 * the order in which the page gives them. */
static bool inside_name(const char *p, unsigned length, const char *end) {
    unsigned next;
    if (length == 3) return (at_utf8_next(p, end, &next) | 1) == 0x200D;
    return *p && strchr(" -'.\"", *p) && from_right_at(p + length, end);
}

static void put_glyph(struct at_sink *out, const struct at_visible_glyph *g) {
    const char *instead = g->n == 1 ? entity(g->text[0]) : NULL;
    if (instead)
        at_sink_z(out, instead);
    else
        at_sink_put(out, g->text, g->n);
}

/* The bytes at p that go out as they are. */
static size_t plain_run(const char *p, const char *end) {
    const char *start = p;
    while (p < end && *p >= 0x20 && *p < 0x7F && !entity(*p))
        p++;
    return (size_t)(p - start);
}

static void put_text(struct at_sink *out, at_str text, bool tags) {
    bool isolated = false;
    for (const char *p = text.p, *end = text.p + text.n; p < end;) {
        /* Inside <bdi>, each character is examined, because any can end it. */
        size_t run = isolated ? 0 : plain_run(p, end);
        at_sink_put(out, p, run);
        p += run;
        if (p == end) break;
        struct at_visible_glyph g = at_visible_glyph_at(text.p, p, end);
        bool right = tags && g.same && (from_right_at(p, end) || (isolated && inside_name(p, g.bytes, end)));
        if (right != isolated) at_sink_z(out, right ? "<bdi>" : "</bdi>");
        isolated = right;
        if (*p == '\n' || *p == '\t')
            at_sink_put(out, p, 1);
        else
            put_glyph(out, &g);
        p += g.bytes;
    }
    if (isolated) at_sink_z(out, "</bdi>");
}

void at_write_html_text(struct at_sink *out, at_str text) {
    if (text.n) put_text(out, text, true);
}

void at_write_html_plain(struct at_sink *out, at_str text) {
    if (text.n) put_text(out, text, false);
}

void at_write_html_begin(struct at_sink *out, at_str title, const char *lang, const char *generator,
                         const char *css) {
    at_sink_z(out, "<!doctype html>\n<html lang=\"");
    at_write_html_plain(out, at_str_z(strcmp(lang, "zh") == 0 ? "zh-CN" : lang));
    at_sink_z(out, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"");
    at_write_html_plain(out, at_str_z(generator));
    at_sink_z(out, "\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    at_write_html_plain(out, title);
    at_sink_z(out, "</title>\n");
    if (css) {
        at_sink_z(out, "<style>\n");
        at_sink_z(out, css);
        at_sink_z(out, "</style>\n");
    }
    at_sink_z(out, "</head>\n<body>\n");
}

void at_write_html_end(struct at_sink *out) {
    at_sink_z(out, "</body>\n</html>\n");
}
