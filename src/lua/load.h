/* lua/load.h: the state of loading the Lua files of a policy, for load.c and read.c.
 *
 * Everything is allocated in the arena of the policy. `source` and `sound` are parallel to files->at. */
#ifndef AT_LUA_LOAD_H
#define AT_LUA_LOAD_H

#include "base/vec.h"
#include "lua/lua_int.h"

struct at_lua_loader {
    const struct at_check_policy *checked;
    struct at_diag_sources *sources;
    struct at_arena *arena;
    struct at_diag_list *diags;
    at_load_fn load;
    void *context;
    struct at_watch *watch; /* may be NULL */
    struct at_lua_files *files;
    uint32_t room;                       /* of `source` and of files->at */
    struct at_diag_source_file **source; /* by file */
    bool *sound;                         /* by file: it loaded without an error */
    struct at_lua *lua;
};

/* Returns the place of the file's name in the policy, or of the statement. */
at_span at_lua_file_span(const struct at_ast_node *node);
/* Returns the number of the file that the statement names, which is new or known. Returns UINT32_MAX, and
 * reports the error, if it cannot be used. */
uint32_t at_lua_read_hook(struct at_lua_loader *l, const struct at_ast_node *node);
/* Reads what the files require, reports circular requires, and sets the order of loading. */
void at_lua_read_modules(struct at_lua_loader *l);

#endif
