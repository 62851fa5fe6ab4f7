/* base/base.h: includes what every file of the library needs.
 *
 * The module `base` holds values and memory: arenas, text, containers, exact numbers, money, the calendar.
 * It does not know policies or global state. Several threads may use it at the same time, each with its own
 * arena.
 *
 * Comments of the library use three words for ownership:
 *   owned   the holder releases it;   moved   the source is emptied;   view   never released, must not
 * outlive its source.
 */
#ifndef AT_BASE_BASE_H
#define AT_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How a stage ended. Mistakes of the user are diagnostics, and the stage says AT_REJECTED when there was an
 * error among them; failures of the machine end the stage at once. */
enum at_status {
    AT_OK = 0,
    AT_REJECTED,  /* diagnostics hold at least one error */
    AT_NOMEM,     /* the host's allocator said no */
    AT_CANCELLED, /* the host asked to stop */
    AT_IO         /* a file could not be read or written; a diagnostic names the file and the reason */
};

#define AT_MUST_CHECK __attribute__((warn_unused_result))
#define AT_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define AT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef __int128 at_i128;
typedef unsigned __int128 at_u128;

/* A view of UTF-8, with a length, not ended by NUL. base/text.h works on it. */
typedef struct at_str {
    const char *p;
    uint32_t n;
} at_str;

#define AT_STR(literal) ((at_str){(literal), sizeof(literal) - 1})
#define AT_STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

#endif
