/* source/plug.h: finds the second library, libattain-formats (formats/formats.h), when a file needs it. */
#ifndef AT_SOURCE_PLUG_H
#define AT_SOURCE_PLUG_H

#include "formats/formats.h"

/* The library, or NULL if it is not there or of another version. It is looked for in the program itself, next
 * to the library or program that contains this function, in the folder `lib` next to the latter, and where
 * the system's linker looks. It stays loaded. Safe from several threads. */
const struct at_formats *at_source_plug(void);
/* Which reader reads a file that begins so; NULL: none. */
const struct at_formats_bytes *at_source_plug_bytes(const struct at_formats *formats,
                                                    const unsigned char *first, size_t n);

#endif
