/* formats/formats.c: which readers the library has. */
#include "formats/readers.h"

__attribute__((visibility("default"))) const struct at_formats *attain_formats(void) {
    static const struct at_formats_bytes *const bytes[] = {&at_formats_gzip, &at_formats_zstd};
    static const struct at_formats formats = {
        .version = AT_FORMATS_VERSION, .n_bytes = sizeof bytes / sizeof *bytes, .bytes = bytes};
    return &formats;
}
