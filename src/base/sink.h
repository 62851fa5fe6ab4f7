/* base/sink.h: writes bytes to a callback, through a buffer. Keeps the first error, and drops all bytes after
 * it. */
#ifndef AT_BASE_SINK_H
#define AT_BASE_SINK_H

#include "base/text.h"

/* Returns 0, or an errno of the host's. Called with large pieces. */
typedef int (*at_write_fn)(void *context, const char *bytes, size_t n);

struct at_sink {
    at_write_fn write;
    void *context;
    const struct at_arena *stop; /* view; where to go if its watch says to stop; NULL: nowhere */
    int error;
    size_t n;
    char buffer[1 << 15];
};

void at_sink_init(struct at_sink *sink, at_write_fn write, void *context);
/* Lets the watch of `arena` stop the work that writes: asked before each piece that is passed on. */
void at_sink_stop(struct at_sink *sink, const struct at_arena *arena);
void at_sink_put(struct at_sink *sink, const char *bytes, size_t n);
void at_sink_str(struct at_sink *sink, at_str s);
void at_sink_z(struct at_sink *sink, const char *z);
void at_sink_printf(struct at_sink *sink, const char *format, ...)
    AT_PRINTF(2, 3);                               /* pieces up to 1,000 bytes */
void at_sink_json(struct at_sink *sink, at_str s); /* a JSON string with its quotes */
void at_sink_csv(struct at_sink *sink, at_str s);  /* a CSV field, quoted where it must be */
int at_sink_flush(struct at_sink *sink);           /* 0 or the first error */

#endif
