/* lua/pad.h: what one engine writes for a record. Private to lua/.
 *
 * Memory of a pad has the guard of its engine's scratch: work on it runs in at_lua_pad_work, so that a
 * failure of memory does not jump over frames of Lua. */
#ifndef AT_LUA_PAD_H
#define AT_LUA_PAD_H

#include "lua/job.h"
#include "lua/lua_int.h"
#include "lua/record.h"

#define AT_LUA_DEPTH 32 /* locals of deeper functions are not traced */

struct at_lua_pad {
    struct at_lua_pad *next;
    struct at_lua_record *record;
    const struct at_alloc *alloc; /* of the pad itself */
    struct at_arena arena;
    uint32_t number;
    AT_VEC(struct at_lua_entry) entries;
    uint64_t calls;
    size_t mark;                             /* entries before the current call, which may be made again */
    struct at_lua_count *functions, **lines; /* by function; by file, then line; lines of NULL: none yet */
    uint32_t *n_lines;                       /* by file */
    /* The current call. */
    uint32_t last_file, last_line; /* to which steps and time since the last event belong */
    int64_t last_steps;
    uint64_t last_time, first_time;
    at_str locals[AT_LUA_DEPTH]; /* by depth of the stack: of the last line, as text: "a = 1\nb = 2\n" */
};

/* describe.c: writes a value as text. `bare`: a text without quotation marks. Raises no error; needs 10 free
 * places on the stack for each level of tables. */
at_str at_lua_describe(lua_State *L, int i, bool bare, struct at_arena *arena);

/* record.c */
/* A new pad of the record, for the engine of `lua`. Jumps to arena->oom without memory. */
struct at_lua_pad *at_lua_pad_open(struct at_lua_record *record, struct at_lua *lua, struct at_arena *arena);
bool at_lua_pad_writes(const struct at_lua *lua); /* there is a pad, and the run has not ended */
/* Runs work(context) on the memory of the pad, or of the notes. Without memory, stops the call: raises an
 * error, unless `quiet`. */
void at_lua_pad_work(lua_State *L, void (*work)(void *context), void *context, bool quiet);
void at_lua_pad_begin(struct at_lua *lua); /* of an attempt of a call */
void at_lua_pad_end(struct at_lua *lua);   /* of the call that counts */
void at_lua_pad_add(struct at_lua *lua, enum at_lua_entry_kind kind, uint32_t file, uint32_t line,
                    at_str text);
/* The place of a level of the stack; false if it is not a function of a file. */
bool at_lua_place_of(lua_State *L, lua_Debug *ar, uint32_t *file, uint32_t *line);

/* log.c */
int at_lua_log(lua_State *L);  /* attain.log */
int at_lua_note(lua_State *L); /* attain.note */

/* lines.c: events of the interpreter */
bool at_lua_watches_lines(const struct at_lua *lua);
bool at_lua_watches_steps(const struct at_lua *lua);
void at_lua_on_line(lua_State *L, lua_Debug *ar);
void at_lua_on_step(lua_State *L, lua_Debug *ar);
void at_lua_on_values(lua_State *L, int first, int n, bool returns); /* arguments, or results */
int at_lua_on_error(lua_State *L); /* message handler: keeps the functions that are running */

#endif
