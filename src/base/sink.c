/* base/sink.c: a buffer in front of a callback. After the first error nothing more is passed on. */
#include "base/sink.h"

#include <stdio.h>

#include "base/visible.h"

void at_sink_init(struct at_sink *sink, at_write_fn write, void *context) {
    sink->write = write;
    sink->context = context;
    sink->stop = NULL;
    sink->error = 0;
    sink->n = 0;
}

void at_sink_stop(struct at_sink *sink, const struct at_arena *arena) {
    sink->stop = arena;
}

/* Asks the host before each write, because a write can take long. A stop leaves like a failure of memory. */
static void pass_on(struct at_sink *sink, const char *bytes, size_t n) {
    if (sink->stop && at_watch_cancelled(sink->stop->watch)) at_arena_fail(sink->stop);
    sink->error = sink->write(sink->context, bytes, n);
}

int at_sink_flush(struct at_sink *sink) {
    size_t n = sink->n;
    sink->n = 0;
    if (n > 0 && !sink->error) pass_on(sink, sink->buffer, n);
    return sink->error;
}

/* A piece that is larger than the buffer is passed on directly, after what the buffer holds. */
void at_sink_put(struct at_sink *sink, const char *bytes, size_t n) {
    if (sink->error || n == 0) return;
    if (n > sizeof sink->buffer - sink->n) {
        if (at_sink_flush(sink)) return;
        if (n >= sizeof sink->buffer) {
            pass_on(sink, bytes, n);
            return;
        }
    }
    memcpy(sink->buffer + sink->n, bytes, n);
    sink->n += n;
}

void at_sink_str(struct at_sink *sink, at_str s) {
    at_sink_put(sink, s.p, s.n);
}
void at_sink_z(struct at_sink *sink, const char *z) {
    at_sink_put(sink, z, strlen(z));
}

/* If the text does not fit, the buffer is flushed and the text is written again. */
void at_sink_printf(struct at_sink *sink, const char *format, ...) {
    if (sink->error) return;
    for (int attempt = 0; attempt < 2; attempt++) {
        size_t room = sizeof sink->buffer - sink->n;
        va_list args;
        va_start(args, format);
        int n = vsnprintf(sink->buffer + sink->n, room, format, args);
        va_end(args);
        if (n < 0) return;
        if ((size_t)n < room) {
            sink->n += (size_t)n;
            return;
        }
        if (attempt == 0 && at_sink_flush(sink)) return;
    }
    sink->n = sizeof sink->buffer - 1; /* far beyond what a piece may be: as much as the buffer held */
}

static void json_escape(struct at_sink *sink, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letter[] = "\"\\bfnrt";
    char out[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    const char *found = memchr(plain, c, sizeof plain - 1);
    if (found) out[1] = letter[found - plain];
    at_sink_put(sink, out, found ? 2 : 6);
}

/* In UTF-16, as JSON writes what a person must not see: U+202E is \u202e. */
static void json_code(struct at_sink *sink, uint32_t c) {
    char out[16];
    int n = c < 0x10000 ? snprintf(out, sizeof out, "\\u%04x", (unsigned)c)
                        : snprintf(out, sizeof out, "\\u%04x\\u%04x", 0xD7C0 + (unsigned)(c >> 10),
                                   0xDC00 + (unsigned)(c & 0x3FF));
    at_sink_put(sink, out, (size_t)n);
}

/* Runs of bytes that need nothing are passed whole. Bytes that are not UTF-8 become U+FFFD. Characters that
 * hide or reorder (base/visible.h) are escaped, so that JSON on a terminal is harmless and reads back the
 * same. */
void at_sink_json(struct at_sink *sink, at_str s) {
    if (s.n == 0) {
        at_sink_z(sink, "\"\"");
        return;
    }
    const char *p = s.p, *end = s.p + s.n, *run = s.p;
    at_sink_put(sink, "\"", 1);
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        unsigned length = 1;
        uint32_t code_point = c;
        if (c >= 0x80) {
            code_point = at_utf8_next(p, end, &length);
            if ((code_point != 0xFFFD || length != 1) && !at_visible_hidden(code_point)) {
                p += length;
                continue;
            }
        } else if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            p++;
            continue;
        }
        at_sink_put(sink, run, (size_t)(p - run));
        if (c < 0x80)
            json_escape(sink, c);
        else if (length == 1)
            at_sink_z(sink, "\xEF\xBF\xBD");
        else
            json_code(sink, code_point);
        run = p += length;
    }
    at_sink_put(sink, run, (size_t)(end - run));
    at_sink_put(sink, "\"", 1);
}

/* Quotes a field only if it needs quotes. Spaces at its ends need them, because many readers remove such
 * spaces. */
void at_sink_csv(struct at_sink *sink, at_str s) {
    bool quote = s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t');
    for (uint32_t i = 0; i < s.n && !quote; i++)
        quote = s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        at_sink_str(sink, s);
        return;
    }
    const char *p = s.p, *end = s.p + s.n;
    at_sink_put(sink, "\"", 1);
    while (p < end) {
        const char *mark = memchr(p, '"', (size_t)(end - p));
        const char *upto = mark ? mark + 1 : end;
        at_sink_put(sink, p, (size_t)(upto - p));
        if (mark) at_sink_put(sink, "\"", 1);
        p = upto;
    }
    at_sink_put(sink, "\"", 1);
}
