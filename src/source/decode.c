/* source/decode.c: one window of text at a time. Failures of libraries are kept, and returned when all text
 * before them has been read. */
#include "source/decode.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"

/* pread does not move a file position, so threads can share the descriptor. A file can return fewer bytes
 * than asked for, so it is read until the end. */
int64_t at_source_raw_read(const struct at_source_raw *raw, uint64_t offset, void *out, size_t n) {
    if (offset >= raw->size) return 0;
    if (n > raw->size - offset) n = (size_t)(raw->size - offset);
    if (raw->bytes) {
        memcpy(out, raw->bytes + offset, n);
        return (int64_t)n;
    }
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(raw->fd, (char *)out + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1 - (int64_t)errno;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

/* ---- what the second library is given */

static void *allocate(void *context, size_t size) {
    struct at_source_decoder *decoder = context;
    return at_alloc_get(decoder->arena->alloc, size);
}
static void release(void *context, void *memory, size_t size) {
    struct at_source_decoder *decoder = context;
    at_alloc_drop(decoder->arena->alloc, memory, size);
}
static int64_t read_raw(void *context, uint64_t offset, void *out, size_t n) {
    struct at_source_decoder *decoder = context;
    int64_t got = at_source_raw_read(&decoder->raw, offset, out, n);
    if (got < 0) decoder->failure = got;
    return got;
}

/* ---- opening and closing */

static const char *const names[] = {[AT_ENCODING_UTF8] = NULL,
                                    [AT_ENCODING_UTF16LE] = "UTF-16LE",
                                    [AT_ENCODING_UTF16BE] = "UTF-16BE",
                                    [AT_ENCODING_GB18030] = "GB18030",
                                    [AT_ENCODING_WINDOWS1252] = "CP1252"};

static void close_all(void *context) {
    struct at_source_decoder *decoder = context;
    if (decoder->unpacker) decoder->packing->close(decoder->unpacker);
    if (decoder->converts) iconv_close(decoder->converter);
    decoder->unpacker = NULL;
    decoder->converts = false;
}

bool at_source_decoder_knows(enum at_schema_encoding encoding) {
    if (!names[encoding]) return true;
    iconv_t converter = iconv_open("UTF-8", names[encoding]);
    if (converter == (iconv_t)-1) return false;
    iconv_close(converter);
    return true;
}

void at_source_decoder_init(struct at_source_decoder *decoder, const struct at_source_raw *raw,
                            const struct at_formats_bytes *packing, enum at_schema_encoding encoding,
                            struct at_arena *arena) {
    *decoder =
        (struct at_source_decoder){.raw = *raw, .packing = packing, .encoding = encoding, .arena = arena};
    decoder->host = (struct at_formats_host){decoder, allocate, release, read_raw};
    decoder->in = at_arena_get(arena, AT_DECODE_BYTES);
    decoder->out = at_arena_get(arena, AT_DECODE_BYTES);
    at_arena_defer(arena, close_all, decoder);
}

/* A status as what reading returns. If memory is missing, it does not return. */
static int64_t failure_of(struct at_source_decoder *decoder, enum at_formats_status status) {
    if (status == AT_FORMATS_NO_MEMORY) at_arena_fail(decoder->arena);
    if (status == AT_FORMATS_UNREADABLE) return decoder->failure;
    return AT_DECODE_FAULT - (int64_t)status;
}

static void start(struct at_source_decoder *decoder) {
    if (decoder->packing && !decoder->unpacker) {
        enum at_formats_status status = decoder->packing->open(&decoder->host, &decoder->unpacker);
        if (status != AT_FORMATS_OK) {
            decoder->unpacker = NULL;
            decoder->failure = failure_of(decoder, status);
        }
    }
    if (names[decoder->encoding] && !decoder->converts) {
        decoder->converter = iconv_open("UTF-8", names[decoder->encoding]);
        decoder->converts = decoder->converter != (iconv_t)-1;
        if (!decoder->converts && errno == EINVAL) decoder->failure = -1 - (int64_t)EILSEQ;
        if (!decoder->converts && errno != EINVAL) at_arena_fail(decoder->arena);
    }
}

static void rewind_all(struct at_source_decoder *decoder) {
    close_all(decoder);
    decoder->in_at = decoder->in_n = decoder->out_n = 0;
    decoder->raw_at = decoder->from = 0;
    decoder->in_ended = decoder->ended = false;
    decoder->failure = 0;
}

/* ---- a window */

/* Bytes before conversion. 0 at the end. */
static size_t more_bytes(struct at_source_decoder *decoder, char *out, size_t n) {
    if (!decoder->packing) {
        int64_t got = at_source_raw_read(&decoder->raw, decoder->raw_at, out, n);
        if (got < 0) decoder->failure = got;
        decoder->raw_at += got > 0 ? (uint64_t)got : 0;
        return got > 0 ? (size_t)got : 0;
    }
    size_t got = 0;
    enum at_formats_status status = decoder->packing->read(decoder->unpacker, out, n, &got);
    if (status != AT_FORMATS_OK && status != AT_FORMATS_END) decoder->failure = failure_of(decoder, status);
    return status == AT_FORMATS_OK ? got : 0;
}

/* Moves the bytes that are left to the front of the block, and reads on. */
static void fill_in(struct at_source_decoder *decoder) {
    size_t left = decoder->in_n - decoder->in_at;
    memmove(decoder->in, decoder->in + decoder->in_at, left);
    size_t got = more_bytes(decoder, decoder->in + left, AT_DECODE_BYTES - left);
    decoder->in_at = 0;
    decoder->in_n = left + got;
    decoder->in_ended = got == 0;
}

/* One byte, or in UTF-16 a unit, that is not of the encoding. */
static void mark_bad(struct at_source_decoder *decoder) {
    bool wide = decoder->encoding == AT_ENCODING_UTF16LE || decoder->encoding == AT_ENCODING_UTF16BE;
    size_t n = wide ? 2 : 1, left = decoder->in_n - decoder->in_at;
    decoder->in_at += n < left ? n : left;
    decoder->out[decoder->out_n++] = (char)0xFF;
}

/* Fills the window from the block until one of them is used up. A character needs at most 4 bytes of UTF-8.
 */
static void convert(struct at_source_decoder *decoder) {
    while (decoder->out_n + 4 <= AT_DECODE_BYTES) {
        char *in = decoder->in + decoder->in_at, *out = decoder->out + decoder->out_n;
        size_t n_in = decoder->in_n - decoder->in_at, n_out = AT_DECODE_BYTES - decoder->out_n;
        if (n_in == 0) return;
        size_t done = iconv(decoder->converter, &in, &n_in, &out, &n_out);
        int error = done == (size_t)-1 ? errno : 0;
        decoder->in_at = decoder->in_n - n_in;
        decoder->out_n = AT_DECODE_BYTES - n_out;
        if (error == EILSEQ || (error == EINVAL && decoder->in_ended))
            mark_bad(decoder);
        else if (error)
            return; /* the window is full, or the character goes on in the next block */
    }
}

/* The next window. */
static void advance(struct at_source_decoder *decoder) {
    decoder->from += decoder->out_n;
    decoder->out_n = 0;
    start(decoder);
    while (decoder->out_n == 0 && !decoder->failure) {
        if (!decoder->converts) {
            decoder->out_n = more_bytes(decoder, decoder->out, AT_DECODE_BYTES);
            decoder->ended = decoder->out_n == 0;
            return;
        }
        bool had = decoder->in_ended;
        if (!had) fill_in(decoder);
        if (decoder->failure && decoder->in_at == decoder->in_n) return;
        convert(decoder);
        decoder->ended = decoder->in_ended && decoder->out_n == 0;
        if (decoder->ended) return;
    }
}

int64_t at_source_decoder_read(struct at_source_decoder *decoder, uint64_t offset, void *out, size_t n) {
    if (offset < decoder->from) rewind_all(decoder);
    size_t done = 0;
    while (done < n) {
        uint64_t at = offset + done;
        if (at < decoder->from + decoder->out_n) {
            size_t skip = (size_t)(at - decoder->from), some = decoder->out_n - skip;
            if (some > n - done) some = n - done;
            memcpy((char *)out + done, decoder->out + skip, some);
            done += some;
            continue;
        }
        if (decoder->ended || decoder->failure) break;
        at_arena_ask(decoder->arena);
        advance(decoder);
    }
    return done == 0 && decoder->failure ? decoder->failure : (int64_t)done;
}

uint64_t at_source_decoder_place(const struct at_source_decoder *decoder) {
    return decoder->unpacker ? decoder->packing->offset(decoder->unpacker) : decoder->raw_at;
}
