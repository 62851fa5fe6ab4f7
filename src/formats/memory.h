/* formats/memory.h: the host's memory in the form that libraries ask for it: without the size at release. The
 * size is kept in front of each piece. */
#ifndef AT_FORMATS_MEMORY_H
#define AT_FORMATS_MEMORY_H

#include "formats/formats.h"

#define AT_FORMATS_FRONT 16 /* keeps pieces aligned as malloc does */

static inline void *at_formats_allocate(void *host, size_t size) {
    const struct at_formats_host *from = host;
    if (size > SIZE_MAX - AT_FORMATS_FRONT) return NULL;
    char *front = from->allocate(from->context, size + AT_FORMATS_FRONT);
    if (!front) return NULL;
    *(size_t *)(void *)front = size + AT_FORMATS_FRONT;
    return front + AT_FORMATS_FRONT;
}

static inline void at_formats_release(void *host, void *memory) {
    const struct at_formats_host *from = host;
    if (!memory) return;
    char *front = (char *)memory - AT_FORMATS_FRONT;
    from->release(from->context, front, *(size_t *)(void *)front);
}

#endif
