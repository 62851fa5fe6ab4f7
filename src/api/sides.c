/* api/sides.c: implements sides.h. */
#include "api/sides.h"

static const struct attain_policy *side_of(const struct at_api_sides *sides, at_str from) {
    bool first = at_api_load_gave(&sides->policies[0]->loading, from);
    for (uint32_t i = 0; i < sides->n_first && i < sides->sources->n_files; i++)
        first |= sides->sources->files[i]->name.p == from.p;
    return sides->policies[first ? 0 : 1];
}

bool at_api_sides_load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                       struct at_parse_loaded *out) {
    (void)arena;
    out->why = AT_STR("it was not read with the policy");
    return at_api_load_again(&side_of(context, from)->loading, from, wanted, out);
}

bool at_api_sides_load_whole(void *context, struct at_arena *arena, at_str from, at_str wanted,
                             struct at_parse_loaded *out) {
    if (!at_api_sides_load(context, arena, from, wanted, out)) return false;
    out->text = at_lua_whole_text(side_of(context, from)->lua, arena, out->name, out->text);
    return true;
}
