/* formats/readers.h: the readers of the library, one for each file of this folder. */
#ifndef AT_FORMATS_READERS_H
#define AT_FORMATS_READERS_H

#include "formats/formats.h"

extern const struct at_formats_bytes at_formats_gzip;
extern const struct at_formats_bytes at_formats_zstd;

#endif
