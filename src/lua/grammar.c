/* lua/grammar.c: reads a file twice. See grammar.h. */
#include "lua/grammar.h"

static void read_once(struct at_lua_reader *r) {
    struct at_lua_body body = {0};
    r->i = r->depth = r->next_local = r->next_group = 0;
    r->visible.n = 0;
    at_map_init(&r->names, r->arena);
    r->body = &body;
    size_t block = at_lua_parse_open(r);
    at_lua_parse_block(r);
    at_lua_parse_close(r, block);
    if (r->i < r->tokens->n) at_lua_parse_stop(r); /* an `end` too much */
}

bool at_lua_parse_file(struct at_lua_reader *r) {
    at_map_init(&r->globals, r->arena);
    r->second = false;
    read_once(r);
    if (r->stopped) return false;
    r->second = true;
    read_once(r);
    at_lua_parse_tell_unused(r);
    return !r->stopped;
}
