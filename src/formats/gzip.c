/* formats/gzip.c: gzip files by zlib, one member after another. Memory: zlib's window of 32 KB and one block.
 */
#include <string.h>
#include <zlib.h>

#include "formats/memory.h"
#include "formats/readers.h"

struct gzip {
    const struct at_formats_host *host;
    z_stream z;
    uint64_t at; /* bytes of the file that were read into the block */
    bool inside; /* a member has begun and not ended */
    bool last;   /* the file has no more bytes */
    unsigned char block[1 << 16];
};

static voidpf take(voidpf host, uInt items, uInt size) {
    return at_formats_allocate(host, (size_t)items * size);
}
static void give(voidpf host, voidpf memory) {
    at_formats_release(host, memory);
}

static bool gzip_is(const unsigned char *first, size_t n) {
    return n >= 2 && first[0] == 0x1F && first[1] == 0x8B;
}

static enum at_formats_status gzip_open(const struct at_formats_host *host, void **reader) {
    struct gzip *gzip = at_formats_allocate((void *)(uintptr_t)host, sizeof *gzip);
    if (!gzip) return AT_FORMATS_NO_MEMORY;
    memset(gzip, 0, sizeof *gzip);
    gzip->host = host;
    gzip->z.zalloc = take;
    gzip->z.zfree = give;
    gzip->z.opaque = (void *)(uintptr_t)host;
    if (inflateInit2(&gzip->z, 15 + 16) != Z_OK) { /* the largest window, and a header of gzip */
        at_formats_release((void *)(uintptr_t)host, gzip);
        return AT_FORMATS_NO_MEMORY;
    }
    gzip->inside = true;
    *reader = gzip;
    return AT_FORMATS_OK;
}

static enum at_formats_status fill(struct gzip *gzip) {
    int64_t got = gzip->host->read(gzip->host->context, gzip->at, gzip->block, sizeof gzip->block);
    if (got < 0) return AT_FORMATS_UNREADABLE;
    gzip->at += (uint64_t)got;
    gzip->z.next_in = gzip->block;
    gzip->z.avail_in = (uInt)got;
    gzip->last = got == 0;
    return AT_FORMATS_OK;
}

/* After a member, another one may follow, or zeros that a tape has added. */
static enum at_formats_status next_member(struct gzip *gzip) {
    while (gzip->z.avail_in && !*gzip->z.next_in)
        gzip->z.next_in++, gzip->z.avail_in--;
    if (!gzip->z.avail_in) return gzip->last ? AT_FORMATS_END : fill(gzip);
    gzip->inside = true;
    return inflateReset(&gzip->z) == Z_OK ? AT_FORMATS_OK : AT_FORMATS_DAMAGED;
}

static enum at_formats_status step(struct gzip *gzip) {
    if (!gzip->z.avail_in && !gzip->last) return fill(gzip);
    if (!gzip->inside) return next_member(gzip);
    switch (inflate(&gzip->z, Z_NO_FLUSH)) {
    case Z_STREAM_END: gzip->inside = false; return AT_FORMATS_OK;
    case Z_OK: return AT_FORMATS_OK;
    case Z_BUF_ERROR: return gzip->last ? AT_FORMATS_TRUNCATED : AT_FORMATS_OK;
    case Z_MEM_ERROR: return AT_FORMATS_NO_MEMORY;
    default: return AT_FORMATS_DAMAGED;
    }
}

static enum at_formats_status gzip_read(void *reader, void *out, size_t n, size_t *got) {
    struct gzip *gzip = reader;
    enum at_formats_status status = AT_FORMATS_OK;
    uInt room = n < 1 << 30 ? (uInt)n : 1 << 30;
    gzip->z.next_out = out;
    gzip->z.avail_out = room;
    while (status == AT_FORMATS_OK && gzip->z.avail_out == room)
        status = step(gzip);
    *got = room - gzip->z.avail_out;
    return *got ? AT_FORMATS_OK : status;
}

static uint64_t gzip_offset(const void *reader) {
    const struct gzip *gzip = reader;
    return gzip->at - gzip->z.avail_in;
}

static void gzip_close(void *reader) {
    struct gzip *gzip = reader;
    const struct at_formats_host *host = gzip->host;
    inflateEnd(&gzip->z);
    at_formats_release((void *)(uintptr_t)host, gzip);
}

const struct at_formats_bytes at_formats_gzip = {"gzip",    gzip_is,     gzip_open,
                                                 gzip_read, gzip_offset, gzip_close};
