/* formats/zstd.c: Zstandard files, one frame after another. Memory: the window of a frame, which may not be
 * larger than 128 MB, and one block. */
#define ZSTD_STATIC_LINKING_ONLY /* the host's allocator */
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "formats/memory.h"
#include "formats/readers.h"

struct zstd {
    const struct at_formats_host *host;
    ZSTD_DCtx *context;
    ZSTD_inBuffer in;
    uint64_t at;   /* bytes of the file that were read into the block */
    bool complete; /* between frames */
    bool last;     /* the file has no more bytes */
    unsigned char block[1 << 16];
};

static bool zstd_is(const unsigned char *first, size_t n) {
    return n >= 4 && first[0] == 0x28 && first[1] == 0xB5 && first[2] == 0x2F && first[3] == 0xFD;
}

static enum at_formats_status zstd_open(const struct at_formats_host *host, void **reader) {
    void *from = (void *)(uintptr_t)host;
    struct zstd *zstd = at_formats_allocate(from, sizeof *zstd);
    if (!zstd) return AT_FORMATS_NO_MEMORY;
    memset(zstd, 0, sizeof *zstd);
    zstd->host = host;
    zstd->context = ZSTD_createDCtx_advanced((ZSTD_customMem){at_formats_allocate, at_formats_release, from});
    if (!zstd->context) {
        at_formats_release(from, zstd);
        return AT_FORMATS_NO_MEMORY;
    }
    ZSTD_DCtx_setParameter(zstd->context, ZSTD_d_windowLogMax, 27);
    *reader = zstd;
    return AT_FORMATS_OK;
}

static enum at_formats_status fill(struct zstd *zstd) {
    int64_t got = zstd->host->read(zstd->host->context, zstd->at, zstd->block, sizeof zstd->block);
    if (got < 0) return AT_FORMATS_UNREADABLE;
    zstd->at += (uint64_t)got;
    zstd->in = (ZSTD_inBuffer){zstd->block, (size_t)got, 0};
    zstd->last = got == 0;
    return AT_FORMATS_OK;
}

static enum at_formats_status status_of(size_t code) {
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation: return AT_FORMATS_NO_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge: return AT_FORMATS_TOO_LARGE;
    default: return AT_FORMATS_DAMAGED;
    }
}

static enum at_formats_status step(struct zstd *zstd, ZSTD_outBuffer *out) {
    if (zstd->in.pos == zstd->in.size && !zstd->last) {
        enum at_formats_status status = fill(zstd);
        if (status != AT_FORMATS_OK) return status;
    }
    if (zstd->last && zstd->complete) return AT_FORMATS_END;
    size_t before = zstd->in.pos, hint = ZSTD_decompressStream(zstd->context, out, &zstd->in);
    if (ZSTD_isError(hint)) return status_of(hint);
    zstd->complete = hint == 0;
    bool moved = zstd->in.pos > before || out->pos > 0;
    return zstd->last && !zstd->complete && !moved ? AT_FORMATS_TRUNCATED : AT_FORMATS_OK;
}

static enum at_formats_status zstd_read(void *reader, void *out, size_t n, size_t *got) {
    struct zstd *zstd = reader;
    ZSTD_outBuffer into = {out, n, 0};
    enum at_formats_status status = AT_FORMATS_OK;
    while (status == AT_FORMATS_OK && into.pos == 0)
        status = step(zstd, &into);
    *got = into.pos;
    return *got ? AT_FORMATS_OK : status;
}

static uint64_t zstd_offset(const void *reader) {
    const struct zstd *zstd = reader;
    return zstd->at - (zstd->in.size - zstd->in.pos);
}

static void zstd_close(void *reader) {
    struct zstd *zstd = reader;
    const struct at_formats_host *host = zstd->host;
    ZSTD_freeDCtx(zstd->context);
    at_formats_release((void *)(uintptr_t)host, zstd);
}

const struct at_formats_bytes at_formats_zstd = {"zstd",    zstd_is,     zstd_open,
                                                 zstd_read, zstd_offset, zstd_close};
