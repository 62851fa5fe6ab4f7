/* source/csv_index.h: finds the separators, quotes, and line ends of a block of text.
 *
 * This is the first half of reading, done 64 bytes at a time with masks of bits:
 *
 *     text      d 1 , a n a , 1 2 . 5 0 \n d 2 , ...
 *     mask      0 0 1 0 0 0 1 0 0 0 0 0 1  0 0 1
 *     marks     2, 6, 12, 15, ...
 *
 * A LF which follows a CR is the mark of their line end, not the CR.
 */
#ifndef AT_SOURCE_CSV_INDEX_H
#define AT_SOURCE_CSV_INDEX_H

#include "source/rows.h"

struct at_source_marks {
    uint32_t
        *at; /* ascending offsets; room for 8 more than there are bytes of text, and at[-1] is writable */
    uint32_t n;
    uint32_t rows;              /* how many of them are line ends */
    bool quote, cr, high, zero; /* some byte of the text is a quote, a CR, 0x80 or above, NUL */
};

/* Marks text[from..to), whose cells are divided by `separator`. Bytes up to text + to + AT_PAD are read. */
void at_source_index(const char *text, uint32_t from, uint32_t to, char separator,
                     struct at_source_marks *marks);
/* How many bytes of n are `byte`. */
uint64_t at_source_count_byte(const char *p, size_t n, char byte);

#endif
