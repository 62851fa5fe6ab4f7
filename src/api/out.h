/* api/out.h: fills structs of the host, whose header may be another version. Private to api/.
 *
 *     if (!AT_OUT_FITS(out, size) || index >= n) return ATTAIN_USAGE;
 *     attain_line line = {...};
 *     return AT_OUT_PUT(out, size, line);
 *
 * A struct only grows at its end. When a field is added, AT_OUT_FITS of its function must take the size that
 * the struct had in the first version that contains it.
 */
#ifndef AT_API_OUT_H
#define AT_API_OUT_H

#include <string.h>

#include "attain.h"

/* A macro of attain.h passes the size of the host's struct, which identifies the
 * version of the header that the host was compiled with. */
#define AT_OUT_FITS(out, size) ((out) != NULL && (size) >= sizeof *(out))
#define AT_OUT_PUT(out, size, full) at_api_out_put((out), (size), &(full), sizeof(full))

/* Copies what the host's struct has room for. Fields that the library does not have are zero. Returns
 * ATTAIN_OK. */
static inline attain_status at_api_out_put(void *out, size_t size, const void *full, size_t full_size) {
    size_t shared = size < full_size ? size : full_size;
    memcpy(out, full, shared);
    memset((char *)out + shared, 0, size - shared);
    return ATTAIN_OK;
}

#define AT_RESERVED_CLEAR(options) at_api_reserved_clear((options)->reserved, sizeof(options)->reserved)
/* Returns whether the reserved bytes of an option struct are zero. */
static inline bool at_api_reserved_clear(const uintptr_t *reserved, size_t size) {
    for (size_t i = 0; i < size / sizeof *reserved; i++)
        if (reserved[i]) return false;
    return true;
}

#endif
