/* lua/job.h: describes the current call for the functions that read its arguments.
 *
 *     args        | the parameters in order, without the cell | the parts of the cell |
 *     cell_args                                               ^ parallel to cell->parts
 *
 * hook.c makes a job for each call, on its own stack. All pointers are views of the caller's values. */
#ifndef AT_LUA_JOB_H
#define AT_LUA_JOB_H

#include "lua/lua_int.h"

/* Valid during the call only. Boxes of the cell find it through at_lua_of(L)->job, and compare the serial
 * of the call. */
struct at_lua_job {
    const struct at_check_function_decl *function;
    uint32_t index; /* of the function */
    const struct at_plan_value *args;
    const struct at_plan_cell *cell;       /* the parts of the cell, or NULL if the function takes none */
    const struct at_plan_value *cell_args; /* parallel to cell->parts */
    bool *reads;                           /* the same: the call read it */
    struct at_kernel_hook_where where;
};

void at_lua_push_part_names(lua_State *L, int i); /* cell.c */

#endif
