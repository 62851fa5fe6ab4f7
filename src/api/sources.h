/* api/sources.h: which files a diff was made from. Only api/diff.c includes it. */
#ifndef AT_API_SOURCES_H
#define AT_API_SOURCES_H

#include "api/handle.h"
#include "diff/decision.h"

/* The files of both versions, then the data. Their texts are in the arena. */
struct at_diff_file *at_api_sources(struct attain_policy *const policies[2],
                                    const struct at_diff_side sides[2], struct at_arena *arena, uint32_t *n);

#endif
