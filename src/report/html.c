/* report/html.c: the frame of a page, and text made safe to stand in it. */
#include "report/html.h"

static const char *entity(unsigned char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return c == 0x7F || (c < 0x20 && c != '\n' && c != '\t') ? "\xEF\xBF\xBD" : NULL;
    }
}

void at_html_text(struct at_sink *out, at_str text) {
    const char *p = text.p, *end = text.p + text.n, *run = text.p;
    while (p < end) {
        unsigned length = 1;
        const char *instead = entity((unsigned char)*p);
        if ((unsigned char)*p >= 0x80) {
            uint32_t code_point = at_utf8_next(p, end, &length);
            if (code_point == 0xFFFD && length == 1)
                instead = "\xEF\xBF\xBD";
            else if (code_point >= 0x80 && code_point < 0xA0)
                instead = "\xEF\xBF\xBD";
        }
        if (instead) {
            at_sink_put(out, run, (size_t)(p - run));
            at_sink_z(out, instead);
            run = p + length;
        }
        p += length;
    }
    at_sink_put(out, run, (size_t)(end - run));
}

void at_html_begin(struct at_sink *out, at_str title, const char *lang, const char *generator,
                   const char *css) {
    at_sink_z(out, "<!doctype html>\n<html lang=\"");
    at_html_text(out, at_str_z(lang));
    at_sink_z(out, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"");
    at_html_text(out, at_str_z(generator));
    at_sink_z(out, "\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    at_html_text(out, title);
    at_sink_z(out, "</title>\n");
    if (css) {
        at_sink_z(out, "<style>\n");
        at_sink_z(out, css);
        at_sink_z(out, "</style>\n");
    }
    at_sink_z(out, "</head>\n<body>\n");
}

void at_html_end(struct at_sink *out) {
    at_sink_z(out, "</body>\n</html>\n");
}
