/* lua/lua_int.h: the interface between the files of lua/. No other module includes it.
 *
 * A struct at_lua is one Lua state with its limits. A thread of a run has one, and so has a check.
 *
 *     lua_State ── extra space (at_lua_of) ──> struct at_lua ──> two scratch arenas: limbs of wide numbers
 *                                                 │
 *                                                 └─ allocator with a limit ──> the host's allocator
 *
 * Errors of Lua and jumps of arenas never pass over each other's frames. The errors stay inside the protected
 * calls of hook.c and open.c. A scratch arena without memory returns to exact.c, which then raises an error
 * of Lua.
 */
#ifndef AT_LUA_LUA_INT_H
#define AT_LUA_LUA_INT_H

#include <lauxlib.h>
#include <lua.h>

#include "base/vec.h"
#include "lua/hooks.h"

#define AT_LUA_MOST_TEXT 65536        /* bytes of a text in a hook; bounds the work of one instruction */
#define AT_LUA_MOST_VALUES 250        /* results of unpack, byte, codepoint */
#define AT_LUA_BLOCK 1000             /* average number of instructions between two checks of the limits */
#define AT_LUA_MOST_SOURCE (1u << 20) /* bytes of a Lua file */
#define AT_LUA_WORK_PER_STEP 50       /* estimated nanoseconds of hidden work for each step of the limit */

/* Why a call was stopped, other than by an error of the hook itself. */
enum at_lua_stop {
    AT_STOP_NONE,
    AT_STOP_STEPS,
    AT_STOP_WORK,   /* hidden work: see struct at_lua_work */
    AT_STOP_MEMORY, /* the limit of the state */
    AT_STOP_DEEP,   /* the same, in many calls inside calls */
    AT_STOP_STACK,  /* calls inside calls */
    AT_STOP_VALUES, /* too many in `...` */
    AT_STOP_TEXT,
    AT_STOP_HOST, /* the host's allocator refused */
    AT_STOP_CANCEL
};

struct at_lua_job;
struct at_lua_pad;    /* pad.h */
struct at_lua_spare { /* a small block that can be used again */
    struct at_lua_spare *next;
};
#define AT_LUA_SMALL 128
#define AT_LUA_SPARES 4096

/* Hidden work: work of the interpreter inside one instruction, such as rehashing a table, searching a long
 * table for its next key, and collecting garbage. Only the allocator can estimate it. The estimate depends on
 * the seed of Lua's hashes and on earlier garbage, so it must not count as steps. It has a limit of its own.
 * A call reaches it before the limit on steps only if it was written to. */
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
    struct at_arena scratch[2];   /* take turns, so a result is valid during the next operation */
    unsigned turn;
    size_t memory, memory_limit;
    size_t memory_wanted;                              /* the current limit: memory_limit, or less (hook.c) */
    struct at_lua_spare *spare[AT_LUA_SMALL / 16 + 1]; /* freed small blocks, by size */
    unsigned n_spare;
    int64_t steps; /* left in this call */
    int64_t steps_limit;
    struct at_lua_work work;
    uint32_t interval, sample;       /* instructions until the next check; the state of their sequence */
    uint64_t far_keys, far_at_rest;  /* large whole numbers used as keys: in this call, while loading */
    lua_Integer last_key, last_uses; /* the last one of them; how often it was used again without a charge */
    uint64_t mid_keys, mid_at_rest;  /* the same for smaller ones */
    unsigned refusals;               /* of memory, in this call */
    enum at_lua_stop stop;           /* of steps and canceling */
    enum at_lua_stop refused;        /* why memory was last refused */
    uint32_t stop_file, stop_line;   /* where it was stopped; line 0: unknown */
    struct at_watch *watch;
    const struct at_check_policy *checked; /* view */
    const struct at_lua_files *files;
    const struct at_lua_job *job; /* the current call, for its cell; NULL outside of calls */
    struct at_lua_pad *pad;       /* the texts of a record; NULL: nothing */
    struct at_arena kept;         /* of `notes` and `trace`: those of the current call */
    AT_VEC(struct at_kernel_hook_note) notes;
    at_str trace;     /* the functions that were running when it failed, one a line */
    uint32_t serial;  /* number of the call, to recognize a cell of another call */
    uint32_t *lines;  /* by function of the policy: line where it begins */
    bool *has_locals; /* by file: its functions share locals */
    int pending;      /* left sides of comparisons whose right side is being evaluated */
    int most_pending; /* the maximum of `pending` since their table was made */
};

static inline struct at_lua *at_lua_of(lua_State *L) {
    return *(struct at_lua **)lua_getextraspace(L);
}

/* ---- exact values: full userdata with a struct at_lua_box. A script can reach no other userdata. */
enum at_lua_kind {
    AT_L_NUMBER = 1,
    AT_L_MONEY,
    AT_L_DATE,
    AT_L_PERIOD,
    AT_L_DURATION,
    AT_L_CELL,  /* the whole payee: i is the serial of its call */
    AT_L_PART,  /* cell.measures, …: form is enum at_plan_cell_group */
    AT_L_SIGN,  /* `==`, `<`, `#`, and so on: lib_compare.c */
    AT_L_HOLDER /* a left side waiting for its right side */
};
#define AT_L_KINDS 9

/* An exact value in memory of Lua. `form` determines where the number is:
 *
 *     AT_NUM_I64    | box: i64              |
 *     AT_NUM_I128   | box: half[0], half[1] |                         the low half is first
 *     AT_NUM_WIDE   | box                   | struct at_wide | limbs of the numerator, of the denominator |
 *
 * A date is in i, and a period in `period`. A script cannot change a box, so tables share them.
 */
struct at_lua_box {
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

/* The locals of a translated file: the comparisons, the length, and the function that makes a key of a value.
 * The number of a comparison, and of the length, is the `form` of its sign. Another local, `require`, comes
 * after them. It knows its file, so it is not in the registry, and a file can declare the name again. */
#define AT_LUA_WORDS "__is", "__isnt", "__less", "__most", "__more", "__least", "__border", "__key"
enum { AT_L_IS, AT_L_ISNT, AT_L_LESS, AT_L_MOST, AT_L_MORE, AT_L_LEAST, AT_L_BORDER, AT_LUA_N_WORDS = 8 };

/* Fixed places in the registry. */
enum {
    AT_R_META = 10 /* + enum at_lua_kind */,
    AT_R_PENDING = 30, /* left sides of `==` */
    AT_R_LIB,          /* the names that every file can use */
    AT_R_WORDS,        /* of translate.c: see AT_LUA_WORDS */
    AT_R_HOLDERS = AT_R_WORDS + AT_LUA_N_WORDS,
    AT_R_FILES = AT_R_HOLDERS + AT_LUA_N_WORDS, /* by file, from 1: the frozen table of its names */
    AT_R_NOTES,                                 /* by file, from 1: its locals */
    AT_R_MODULES,                               /* by file, from 1: the value of a module */
    AT_R_FUNCTIONS                              /* by function of the policy, from 1 */
};

/* value.c */
static inline const struct at_lua_box *at_lua_box_at(lua_State *L, int i) {
    return lua_type(L, i) == LUA_TUSERDATA ? lua_touserdata(L, i) : NULL;
}
at_num at_lua_box_num(const struct at_lua_box *box);
struct at_lua_box *at_lua_push_box(lua_State *L, enum at_lua_kind kind, size_t size);
void at_lua_push_num(lua_State *L, enum at_lua_kind kind, at_currency currency,
                     at_num value); /* NUMBER, MONEY, DURATION */
void at_lua_push_date(lua_State *L, at_date date);
void at_lua_push_period(lua_State *L, at_period period);
void at_lua_push_value(lua_State *L, const struct at_plan_value *value); /* by its type */
void at_lua_open_values(lua_State *L);
void at_lua_open_attain(lua_State *L); /* value_make.c: the table `attain` */
/* Returns the type of a value in words, such as "money in USD" or "nothing (nil)". Valid while the stack
 * holds what was pushed. */
const char *at_lua_kind_words(lua_State *L, int i);
/* Sets *out to the exact number or integer at i. Returns false for other types; raises an error for floats.
 */
bool at_lua_number_at(lua_State *L, int i, at_num *out);
/* As at_lua_number_at, but raises an error that names `who` for other types. */
at_num at_lua_want_number(lua_State *L, int i, const char *who);
/* Returns the whole number at i. Raises an error if it is not whole or not in the range. */
lua_Integer at_lua_want_int(lua_State *L, int i, const char *who, lua_Integer least, lua_Integer most);
/* Raises an error unless the current function has from `least` to `most` arguments. */
#define AT_LUA_ANY 1000000
void at_lua_takes(lua_State *L, const char *who, int least, int most);
void at_lua_push_tostring(lua_State *L, int i); /* never prints an address */
/* Compares two values, at least one of which is exact: < 0, 0, or > 0. Raises an error if they have no order.
 */
int at_lua_value_order(lua_State *L, int i, int k);
int at_lua_float_error(lua_State *L, int i); /* raises an error with the exact form; never returns */
int at_lua_value_index(lua_State *L);        /* cell.c: of CELL and PART */
int at_lua_value_methods(lua_State *L);

/* exact.c: arithmetic that may need memory. Raises an error of Lua if a number becomes too large. A result is
 * valid until the operation after the next one. */
enum at_lua_exact { AT_X_ADD, AT_X_SUB, AT_X_MUL, AT_X_DIV, AT_X_IDIV, AT_X_MOD, AT_X_POW };
at_num at_lua_exact(lua_State *L, enum at_lua_exact op, at_num a, at_num b);
at_num at_lua_exact_round(lua_State *L, at_num a, int digits, enum at_num_rounding how);
at_num at_lua_exact_floor(lua_State *L, at_num a);
at_num at_lua_exact_neg(lua_State *L, at_num a);
int at_lua_exact_cmp(lua_State *L, at_num a, at_num b);
bool at_lua_exact_int(lua_State *L, at_num a,
                      int64_t *out); /* returns false if it is not whole or does not fit */
bool at_lua_exact_parse(lua_State *L, at_str text, at_num *out);
/* Pushes the text of a number, or of money if currency is not 0. digits < 0: all of its digits. */
void at_lua_push_digits(lua_State *L, at_num a, at_currency currency, int digits, bool commas);

/* lib_*.c */
void at_lua_open_base(lua_State *L);
void at_lua_open_compare(lua_State *L);
void at_lua_open_string(lua_State *L);
void at_lua_open_pattern(lua_State *L); /* adds find, match, gmatch, gsub to the string table on top */
void at_lua_open_table(lua_State *L);
void at_lua_open_math(lua_State *L);
void at_lua_open_utf8(lua_State *L);
int at_lua_missing_name(lua_State *L);
/* Charges n steps, in addition to the instructions that the interpreter counts. Raises an error if the limit
 * is exceeded or the host asks to stop. The sum does not wrap for any n. */
void at_lua_charge(lua_State *L, size_t n);
void at_lua_compare_begin(lua_State *L); /* discards what a stopped call left behind */
#define AT_LUA_FAR_KEY (1 << 19)         /* the longest array in the default memory */
/* Charges for a walk over a table, whose size is unknown because most of it may be empty. */
void at_lua_charge_walk(lua_State *L);
/* Charges for a search of the key i. A script can choose whole numbers that are all in one chain of a table.
 */
void at_lua_charge_key(lua_State *L, lua_Integer i);
bool at_lua_is_equal(lua_State *L, int a, int b); /* as `==` is in a hook */
bool at_lua_is_less(lua_State *L, int a, int b, bool or_equal);

/* freeze.c: read-only tables */
/* Makes the table at i read-only, and all tables that it leads to, also through locals of functions. */
void at_lua_freeze(lua_State *L, int i);
/* Pushes the table of contents if the table at i is frozen, or else the table itself. */
void at_lua_push_contents(lua_State *L, int i);
/* Returns the length of the table at i: a border that depends on its values only. Lua's own border depends on
 * the order of writes and reads, too, and on the seed of its hashes. */
lua_Integer at_lua_border(lua_State *L, int i);
/* The steps of iterators: functions in C that change what they hold. */
int at_lua_step_pairs(lua_State *L);
int at_lua_step_gmatch(lua_State *L);
int at_lua_step_codes(lua_State *L);
/* Pushes a table of the locals that functions of a file share, for at_lua_locals_restore. */
void at_lua_locals_note(lua_State *L, int contents);
/* Makes the value of a module from the value on top, which it replaces: the result of its file, or a table of
 * its names if the file returned nothing. `contents` is the table of the names. */
void at_lua_make_module(lua_State *L, int contents);
/* Pushes the function `require` of the file. */
void at_lua_push_require(lua_State *L, uint32_t file);
/* Restores the locals of the file and of its modules, also after an error. Returns the name of one that
 * changed, or NULL, and sets *owner to its file. Raises no error. */
const char *at_lua_put_back(struct at_lua *lua, uint32_t file, uint32_t *owner);
/* Restores the locals that a call changed. Returns the first name by its bytes, or NULL. Raises no error. */
const char *at_lua_locals_restore(lua_State *L, int noted);

/* lex.c: tokens of Lua, which together cover all bytes of a text */
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
/* Returns the token that starts at `start`, or END at the end. The text must not contain zero bytes. */
struct at_lua_token at_lua_token_at(at_str text, uint32_t start);
/* tokens.c: without spaces and comments. `text` is a view. */
struct at_lua_tokens {
    at_str text;
    struct at_lua_token *at;
    uint32_t n;
};
struct at_lua_tokens at_lua_tokens_read(struct at_arena *arena, at_str text);
/* read.c: returns the position of what `require` at token i takes, and its name, which is empty if it is not
 * a text. Returns 0 if token i is not `require`. */
size_t at_lua_required(const struct at_lua_tokens *tokens, size_t i, at_str *name);
at_str at_lua_tokens_word(const struct at_lua_tokens *tokens, size_t i); /* empty past the end */
bool at_lua_tokens_are(const struct at_lua_tokens *tokens, size_t i, const char *word);
bool at_lua_tokens_name(const struct at_lua_tokens *tokens, size_t i); /* a name, not a keyword */

/* Returns the text with \n for each line end of Lua, so that all files count the same lines. */
at_str at_lua_lines(struct at_arena *arena, at_str text);

/* translate.c: the text that the interpreter loads */
struct at_lua_text {
    at_str text;         /* translated, same lines */
    struct at_lua_mark { /* of the original text */
        uint32_t start, end;
    } * floats;
    uint32_t n_floats;
    struct at_lua_mark wrong; /* end 0: nothing is wrong */
    const char *why;
};
/* twice.c */
enum at_lua_twice_kind { AT_TWICE_VALUE, AT_TWICE_FUNCTION, AT_TWICE_FIELD };
struct at_lua_twice {
    enum at_lua_twice_kind kind;
    at_str name; /* as the second place spells it */
    struct at_lua_mark first, second;
};
/* Returns the *n names that a valid text defines more than once, in the order of their second places. */
struct at_lua_twice *at_lua_find_twice(struct at_arena *arena, const struct at_lua_tokens *tokens,
                                       uint32_t *n);

/* lib_base.c */
bool at_lua_name_exists(at_str name);        /* a function or a library of the sandbox */
const char *at_lua_name_reason(at_str name); /* why hooks do not have a name of Lua; NULL: it is not one */

void at_lua_translate(struct at_arena *arena, at_str text, struct at_lua_text *out);

/* open.c */
/* Opens a state. Returns NULL if the limit on memory is too small. The arena closes the state, at the latest.
 */
struct at_lua *at_lua_open(const struct at_check_policy *checked, const struct at_lua_files *files,
                           const struct at_lua_limits *limits, struct at_arena *arena);
void at_lua_close(struct at_lua *lua);
/* Closes the state, and opens a new one without files. Returns false if the limit on memory is too small.
 * Jumps to arena->oom if the host has no memory. */
bool at_lua_renew(struct at_lua *lua, struct at_arena *arena) AT_MUST_CHECK;
void at_lua_begin(struct at_lua *lua); /* starts the limits of a call again */
/* An error of a file or a call. */
struct at_lua_fault {
    at_str message;
    uint32_t file, line; /* line 0: not known */
};
/* Loads file number `index`, and keeps its names. Returns false, with *fault, on an error. */
bool at_lua_run_file(struct at_lua *lua, uint32_t index, struct at_arena *arena, struct at_lua_fault *fault);
/* Returns whether `text` is valid Lua. Lines in *fault are lines of `text`. */
bool at_lua_parses(struct at_lua *lua, at_str text, struct at_arena *arena, struct at_lua_fault *fault);
/* Pops the error on top of the stack, and returns it. Calls at_arena_fail if the host had no memory. */
struct at_lua_fault at_lua_error(struct at_lua *lua, int status, struct at_arena *arena);
/* reword.c: returns a message of the interpreter in the words of this project, or the message. */
at_str at_lua_reword(at_str message, struct at_arena *arena);
/* Pushes the value of the global `name` of file number `file`, or nil. Raises no error. Returns its type. */
int at_lua_push_made(lua_State *L, uint32_t file, at_str name);
/* Finds the functions of the policy in the loaded files. Skips functions that do not exist. Raises no error.
 */
void at_lua_find_functions(struct at_lua *lua);

#endif
