/* source/decode.h: a file that is compressed, or in another encoding than UTF-8, as one text in UTF-8 that is
 * read from the front.
 *
 *     bytes of the file --unpack (formats/formats.h)--> bytes --iconv--> UTF-8
 *
 * An offset is one of the text that results. Reading on from the last offset is quick. An earlier offset
 * starts again at the front, so that only one window of text is in memory, whatever the file grows to. Each
 * part that is read at the same time has a decoder of its own.
 *
 * Bytes that are not of the encoding become the byte 0xFF. It is in no text of UTF-8, so the reader of cells
 * reports the cell with its row and column, and only if the policy reads it.
 */
#ifndef AT_SOURCE_DECODE_H
#define AT_SOURCE_DECODE_H

#include <iconv.h>

#include "base/arena.h"
#include "base/schema.h"
#include "formats/formats.h"

#ifndef AT_DECODE_BYTES
#define AT_DECODE_BYTES (64u << 10)
#endif

/* The bytes of the file as they are: an open file, or memory. */
struct at_source_raw {
    const char *bytes; /* view; NULL: a file */
    int fd;
    uint64_t size;
};
/* Up to n bytes at offset; returns how many, fewer only at the end; -1 - errno on failure. Safe from several
 * threads. */
int64_t at_source_raw_read(const struct at_source_raw *raw, uint64_t offset, void *out, size_t n);

/* What a decoder returns in place of a number of bytes if the content is at fault. */
#define AT_DECODE_FAULT (-(INT64_C(1) << 40)) /* minus the enum at_formats_status */

struct at_source_decoder {
    struct at_source_raw raw;
    const struct at_formats_bytes *packing; /* view; NULL: it is not compressed */
    enum at_schema_encoding encoding;
    struct at_arena *arena; /* view: of the blocks; closes what is open */
    struct at_formats_host host;
    void *unpacker; /* NULL: at the front */
    iconv_t converter;
    bool converts;  /* the converter is open */
    char *in, *out; /* AT_DECODE_BYTES each */
    size_t in_at, in_n;
    uint64_t raw_at; /* without packing: bytes of the file that were read */
    uint64_t from;   /* offset of out[0] */
    size_t out_n;
    bool in_ended, ended;
    int64_t failure; /* what ended it early, 0: nothing */
};

/* Does not fail: opening is part of reading. Memory that is missing goes where the arena goes. */
void at_source_decoder_init(struct at_source_decoder *decoder, const struct at_source_raw *raw,
                            const struct at_formats_bytes *packing, enum at_schema_encoding encoding,
                            struct at_arena *arena);
/* Up to n bytes of the text at `offset`: how many, fewer only at the end or before a failure, which the next
 * call returns; 0 at the end; -1 - errno, or AT_DECODE_FAULT minus a status. */
int64_t at_source_decoder_read(struct at_source_decoder *decoder, uint64_t offset, void *out, size_t n);
/* How many bytes of the file have been used. */
uint64_t at_source_decoder_place(const struct at_source_decoder *decoder);
/* Whether the C library knows the encoding. */
bool at_source_decoder_knows(enum at_schema_encoding encoding);

#endif
