/* api/visible.c: attain_visible_write: writes text in a safe form. */
#include "base/visible.h"
#include "attain.h"

/* Bytes of a piece. A view has 32 bits for its length, so longer text is written in pieces. */
enum { PIECE = 1 << 20 };

attain_status attain_visible_write(const char *bytes, size_t length, attain_write_fn write, void *context) {
    struct at_sink sink;
    if (!write || (!bytes && length)) return ATTAIN_USAGE;
    at_sink_init(&sink, write, context);
    while (length > 0 && !sink.error) {
        size_t n = length < PIECE ? length : PIECE;
        /* A piece ends where a character does, if there is one. */
        for (int i = 0; i < 4 && n < length && n > 1 && ((unsigned char)bytes[n] & 0xC0) == 0x80; i++)
            n--;
        at_sink_visible(&sink, (at_str){bytes, (uint32_t)n});
        bytes += n;
        length -= n;
    }
    return at_sink_flush(&sink) ? ATTAIN_IO : ATTAIN_OK;
}
