/* api/sides.h: the files of two versions of a policy, for trees that combine statements of both. Private to
 * api/.
 *
 * A statement takes the file that its own version read when it was compiled. The host's loader is not called
 * again. Both versions can have the same names, so names are distinguished by their addresses: those of
 * policies in the source map, and those of Lua files as the loader gave them.
 */
#ifndef AT_API_SIDES_H
#define AT_API_SIDES_H

#include "api/handle.h"

struct at_api_sides {
    const struct attain_policy *policies[2]; /* views */
    const struct at_diag_sources *sources;   /* of both; those of policies[0] come first */
    uint32_t n_first;                        /* files of policies[0] */
};

/* at_load_fn, whose context is the struct. */
bool at_api_sides_load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                       struct at_parse_loaded *out);
/* The same, but the text of a Lua file includes the modules that it requires. It is for comparing only. */
bool at_api_sides_load_whole(void *context, struct at_arena *arena, at_str from, at_str wanted,
                             struct at_parse_loaded *out);

#endif
