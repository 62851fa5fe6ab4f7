/* lua/lua_int.h: what the files of the room share; no other room includes it.
 *
 * A struct at_lua is one Lua state with its limits: of one thread, or of one check. C functions find theirs
 * with at_lua_of(L). Two kinds of jumps never cross: Lua's errors stay inside the one protected call of
 * hook.c (or open.c), and an arena that runs out of memory while an exact number is worked out comes back to
 * the function that asked (exact.c), which then raises an error of Lua.
 *
 *     lua_State ─ extra space ─> struct at_lua ─ scratch arena (limbs of wide numbers, emptied every other
 * operation) └── allocator with a limit ─> the host's
 */
#ifndef AT_LUA_LUA_INT_H
#define AT_LUA_LUA_INT_H

#include <lauxlib.h>
#include <lua.h>

#include "lua/hooks.h"

#define AT_LUA_MOST_TEXT                                                                                     \
    65536                      /* bytes of a text inside a hook: what one instruction can touch stays small  \
                                */
#define AT_LUA_MOST_VALUES 250 /* results of unpack, byte, codepoint */
#define AT_LUA_BLOCK 1000      /* instructions between two looks at the limit, on average */
#define AT_LUA_MOST_SOURCE (1u << 20) /* bytes of a Lua file */
#define AT_LUA_WORK_PER_STEP 50 /* nanoseconds, as estimated, of hidden work for each step of the limit */

/* Why a call was stopped, if it is not an error of the hook itself. */
enum at_lua_stop {
    AT_STOP_NONE,
    AT_STOP_STEPS,
    AT_STOP_WORK,   /* hidden work: see struct at_lua_work */
    AT_STOP_MEMORY, /* the limit of the state */
    AT_STOP_STACK,  /* calls inside calls */
    AT_STOP_VALUES, /* too many in `...` */
    AT_STOP_TEXT,
    AT_STOP_HOST, /* the host's allocator refused */
    AT_STOP_CANCEL
};

struct at_lua_job;
struct at_lua_spare { /* a small block that waits to be used again */
    struct at_lua_spare *next;
};
#define AT_LUA_SMALL 128
#define AT_LUA_SPARES 4096

/* Work that the interpreter does inside one instruction and that no function of ours sees: a table that is
 * built again, a long table that is searched for its next key, a collection of garbage. Only the allocator
 * can see it, and only roughly, because it depends on the seed of Lua's hashes and on earlier garbage.
 * Therefore it has a budget of its own, which a call that stays below the limit on steps does not reach
 * unless it was made to. */
struct at_lua_work {
    int64_t left, limit;           /* estimated nanoseconds */
    size_t blocks, blocks_at_rest; /* bytes of live blocks over 8 KB: now, and before the call */
    bool fresh;           /* the last event was a new vector: if one is freed next, a table was rebuilt */
    void *vector, *stack; /* the last one; Lua's stack, which is the first */
    size_t vector_size, stack_size;
};

struct at_lua {
    lua_State *L;
    const struct at_alloc *alloc; /* view: the host's */
    struct at_arena *arena;       /* view: in which it was opened */
    struct at_guard guard;        /* of the scratch: exact.c */
    struct at_arena scratch[2];   /* by turns, so that a result lives through the next operation */
    unsigned turn;
    size_t memory, memory_limit;
    size_t memory_wanted; /* where memory is refused now: the limit, or less (hook.c) */
    struct at_lua_spare *spare[AT_LUA_SMALL / 16 + 1]; /* small blocks that were given back, by size */
    unsigned n_spare;
    int64_t steps; /* left in this call */
    int64_t steps_limit;
    struct at_lua_work work;
    uint32_t interval, sample;       /* instructions until the next look at the limit; what varies them */
    uint64_t far_keys, far_at_rest;  /* whole numbers far from 0 used as keys: in this call, while loading */
    lua_Integer last_key, last_uses; /* of them; how often it was used for nothing */
    uint64_t mid_keys, mid_at_rest;  /* the same of those not so far */
    unsigned refusals;               /* of memory, in this call */
    enum at_lua_stop stop;           /* of steps and cancelling */
    enum at_lua_stop refused;        /* why memory was last refused */
    uint32_t stop_file, stop_line;   /* where it was stopped; line 0: not known */
    const volatile int *cancel;
    const struct at_checked *checked; /* view */
    const struct at_lua_files *files;
    const struct at_lua_job *job; /* of the call at hand, for the cell that it looks at */
    uint32_t serial;              /* number of the call, so that a cell kept from another one is known */
    uint32_t *lines;              /* by function of the policy: line where it begins */
    bool *has_locals;             /* by file: its functions share locals */
    int pending;                  /* left sides of comparisons whose right side is still worked out */
    int most_pending;             /* the most of them at once since their table was made */
};

static inline struct at_lua *at_lua_of(lua_State *L) {
    return *(struct at_lua **)lua_getextraspace(L);
}

/* ---- exact values: full userdata, all with this head; every userdata that a script can reach is one */
enum at_lua_kind {
    AT_L_NUMBER = 1,
    AT_L_MONEY,
    AT_L_DATE,
    AT_L_PERIOD,
    AT_L_DURATION,
    AT_L_CELL,  /* the whole payee: i is the serial of its call */
    AT_L_PART,  /* cell.measures, …: form is enum at_cell_group */
    AT_L_SIGN,  /* `==`, `<`, `#`, and so on: lib_compare.c */
    AT_L_HOLDER /* a left side waiting for its right side */
};
#define AT_L_KINDS 9

/*     kind | form | scale | months | currency | i64, or two halves of i128, or a struct at_wide behind it all
 */
struct at_box {
    uint8_t kind; /* enum at_lua_kind */
    uint8_t form; /* enum at_num_form */
    uint8_t scale;
    bool months; /* DURATION */
    at_currency currency;
    int32_t i; /* DATE; CELL, PART: serial */
    union {
        int64_t i64;
        uint64_t half[2];
        at_period period;
    };
};

/* The words that a translated file is given, as locals: the comparisons, the length, and what makes a key of
 * a value. The number of a comparison, and of the length, is the form of its sign. */
#define AT_LUA_WORDS "__is", "__isnt", "__less", "__most", "__more", "__least", "__border", "__key"
enum { AT_L_IS, AT_L_ISNT, AT_L_LESS, AT_L_MOST, AT_L_MORE, AT_L_LEAST, AT_L_BORDER, AT_LUA_N_WORDS = 8 };

/* Fixed places in the registry. */
enum {
    AT_R_META = 10 /* + enum at_lua_kind */,
    AT_R_PENDING = 30, /* left sides of `==` */
    AT_R_LIB,          /* what every file sees */
    AT_R_WORDS,        /* of translate.c: see AT_LUA_WORDS */
    AT_R_HOLDERS = AT_R_WORDS + AT_LUA_N_WORDS,
    AT_R_FILES = AT_R_HOLDERS + AT_LUA_N_WORDS, /* by number of the file, from 1: what it made, frozen */
    AT_R_NOTES,                                 /* the same: its locals */
    AT_R_FUNCTIONS                              /* by function of the policy, from 1 */
};

/* value.c */
static inline const struct at_box *at_box_at(lua_State *L, int i) {
    return lua_type(L, i) == LUA_TUSERDATA ? lua_touserdata(L, i) : NULL;
}
at_num at_box_num(const struct at_box *box);
struct at_box *at_push_box(lua_State *L, enum at_lua_kind kind, size_t size);
void at_push_num(lua_State *L, enum at_lua_kind kind, at_currency currency,
                 at_num value); /* NUMBER, MONEY, DURATION */
void at_push_date(lua_State *L, at_date date);
void at_push_period(lua_State *L, at_period period);
void at_push_value(lua_State *L, const struct at_value *value); /* by its type */
void at_open_values(lua_State *L);
void at_open_attain(lua_State *L); /* value_make.c: the table `attain` */
/* What a value is, in words: "money in USD", "a number", "nothing (nil)". */
const char *at_kind_words(lua_State *L, int i);
/* The exact number at i: of a number, or of a Lua integer. False for all else. */
bool at_number_at(lua_State *L, int i, at_num *out);
/* The same, or an error that says who wanted it. */
at_num at_want_number(lua_State *L, int i, const char *who);
/* A whole number in the range, from an integer or an exact number. */
lua_Integer at_want_int(lua_State *L, int i, const char *who, lua_Integer least, lua_Integer most);
/* Raises an error unless from `least` to `most` values are given to the function that runs. */
#define AT_LUA_ANY 1000000
void at_takes(lua_State *L, const char *who, int least, int most);
void at_push_tostring(lua_State *L, int i); /* without addresses, whatever it is */
/* The order of two values, of which one is exact; an error where they have none. */
int at_value_order(lua_State *L, int i, int k);
int at_float_error(lua_State *L, int i); /* never returns: how an exact number is written */
int at_value_index(lua_State *L);        /* cell.c: of CELL and PART */
int at_value_methods(lua_State *L);

/* exact.c: arithmetic that may need memory; errors of Lua where a number becomes too large. The result is
 * good until the operation after the next. */
enum at_exact { AT_X_ADD, AT_X_SUB, AT_X_MUL, AT_X_DIV, AT_X_IDIV, AT_X_MOD, AT_X_POW };
at_num at_exact(lua_State *L, enum at_exact op, at_num a, at_num b);
at_num at_exact_round(lua_State *L, at_num a, int digits, enum at_rounding how);
at_num at_exact_floor(lua_State *L, at_num a);
at_num at_exact_neg(lua_State *L, at_num a);
int at_exact_cmp(lua_State *L, at_num a, at_num b);
bool at_exact_int(lua_State *L, at_num a, int64_t *out); /* where it is a whole number that fits */
bool at_exact_parse(lua_State *L, at_str text, at_num *out);
/* Pushes the text of a number, or of money where currency is not 0. digits < 0: as many as it has. */
void at_push_digits(lua_State *L, at_num a, at_currency currency, int digits, bool commas);

/* lib_*.c */
void at_open_base(lua_State *L);
void at_open_compare(lua_State *L);
void at_open_string(lua_State *L);
void at_open_pattern(lua_State *L); /* adds find, match, gmatch, gsub to the string table on top */
void at_open_table(lua_State *L);
void at_open_math(lua_State *L);
void at_open_utf8(lua_State *L);
int at_missing_name(lua_State *L);
/* Charges n steps more than the interpreter's own count. Raises an error if the limit is passed or the host
 * asks to stop. Any n is safe: the sum does not wrap. */
void at_charge(lua_State *L, size_t n);
void at_compare_begin(lua_State *L); /* discards what a stopped call left behind */
#define AT_LUA_FAR_KEY (1 << 19)     /* as long as an array can be in the memory that hooks have by default */
/* Charges for a walk over a table whose size is not known, because most of it may be empty. */
void at_charge_walk(lua_State *L);
/* Charges for the search of a key that is the whole number i: numbers can be chosen so that all of them are
 * in one chain of a table. */
void at_charge_key(lua_State *L, lua_Integer i);
bool at_is_equal(lua_State *L, int a, int b); /* as `==` is in a hook */
bool at_is_less(lua_State *L, int a, int b, bool or_equal);

/* freeze.c: tables that are read only, and what a file's functions can reach */
/* Makes the table on top read only, with all that it leads to: tables, and tables in locals of functions. */
void at_freeze(lua_State *L, int i);
/* Pushes the table that holds the contents of a frozen one, or the table itself. */
void at_push_contents(lua_State *L, int i);
/* The length of the table at i: a border that its values alone decide. Lua's own border also depends on the
 * order in which the table was filled and read, and on the seed of its hashes. */
lua_Integer at_border(lua_State *L, int i);
/* The steps of iterators: functions in C that change what they hold. */
int at_step_pairs(lua_State *L);
int at_step_gmatch(lua_State *L);
int at_step_codes(lua_State *L);
/* Notes the locals which functions of a file share, in the table on top (pushed): for at_locals_restore. */
void at_locals_note(lua_State *L, int contents);
/* Restores what a call changed. Returns the name of the first one by its bytes, or NULL. Never raises. */
const char *at_locals_restore(lua_State *L, int noted);

/* lex.c: the tokens of a text of Lua, which together are all of its bytes */
enum at_lua_token_kind {
    AT_LT_END,
    AT_LT_SPACE,   /* spaces and line ends */
    AT_LT_COMMENT, /* short or long, without the line end of a short one */
    AT_LT_NAME,    /* or a keyword */
    AT_LT_NUMBER,
    AT_LT_TEXT, /* short or long */
    AT_LT_SIGN
};
struct at_lua_token {
    enum at_lua_token_kind kind;
    uint32_t start, end;
    bool is_float; /* NUMBER: the interpreter makes a float of it */
};
/* The token that begins at `start`; END at the end. The text has no zero bytes. */
struct at_lua_token at_lua_token_at(at_str text, uint32_t start);
/* The text with each line end of Lua as \n, so that the same lines are counted everywhere. It means the same.
 */
at_str at_lua_lines(struct at_arena *arena, at_str text);

/* translate.c: a text of Lua as it is handed to the interpreter, with the words that exact values need */
struct at_lua_text {
    at_str text;         /* translated, same lines */
    struct at_lua_mark { /* of the original text */
        uint32_t start, end;
    } * floats;
    uint32_t n_floats;
    struct at_lua_mark wrong; /* end 0: nothing is */
    const char *why;
};
/* twice.c */
enum at_lua_twice_kind { AT_TWICE_VALUE, AT_TWICE_FUNCTION, AT_TWICE_FIELD };
struct at_lua_twice {
    enum at_lua_twice_kind kind;
    at_str name; /* as the second place spells it */
    struct at_lua_mark first, second;
};
/* Names that the text, which is Lua, defines more than once; *n of them, in the order of their second places.
 */
struct at_lua_twice *at_lua_find_twice(struct at_arena *arena, at_str text, uint32_t *n);

void at_lua_translate(struct at_arena *arena, at_str text, struct at_lua_text *out);

/* open.c */
/* NULL where the limit on memory is too small for anything. The state is closed with the arena, or before. */
struct at_lua *at_lua_open(const struct at_checked *checked, const struct at_lua_files *files,
                           const struct at_lua_limits *limits, struct at_arena *arena);
void at_lua_close(struct at_lua *lua);
/* Closes the state and opens a new one without files, in which nothing of earlier calls is left. False: as
 * at_lua_open. Jumps to arena->oom where the host has no memory. */
bool at_lua_renew(struct at_lua *lua, struct at_arena *arena) AT_MUST_CHECK;
void at_lua_begin(struct at_lua *lua); /* the limits of a call begin anew */
/* What went wrong, in words. */
struct at_lua_fault {
    at_str message;
    uint32_t file, line; /* line 0: not known */
};
/* Runs file number `index` and keeps what it made. Protected. */
bool at_lua_run_file(struct at_lua *lua, uint32_t index, struct at_arena *arena, struct at_lua_fault *fault);
/* Only whether `text` is Lua; the lines are its own. */
bool at_lua_parses(struct at_lua *lua, at_str text, struct at_arena *arena, struct at_lua_fault *fault);
/* The error on top of the stack, popped. Calls at_arena_fail if the host had no memory. */
struct at_lua_fault at_lua_error(struct at_lua *lua, int status, struct at_arena *arena);
/* Pushes what file number `file` calls `name`; nil where it has no such thing. Does not raise. */
int at_lua_push_made(lua_State *L, uint32_t file, at_str name);
/* Finds the functions of the policy that stand in files which have been run. Protected; those not found are
 * left out. */
void at_lua_find_functions(struct at_lua *lua);

#endif
