/* lua/record.c: implements record.h: pads of engines, and the order of what they wrote. */
#include "lua/pad.h"

#include "base/sort.h"

static void free_pads(void *context) {
    struct at_lua_record *record = context;
    while (record->pads) {
        struct at_lua_pad *pad = record->pads;
        record->pads = pad->next;
        at_arena_free(&pad->arena);
        at_alloc_drop(pad->alloc, pad, sizeof *pad);
    }
}

void at_lua_record_init(struct at_lua_record *record, struct at_arena *arena,
                        const struct at_check_policy *checked, const struct at_lua_files *files) {
    record->arena = arena;
    record->files = files;
    record->n_functions = checked->n_functions;
    record->pads = NULL;
    record->only_function = record->only_payee = record->only_period = UINT32_MAX;
    at_arena_defer(arena, free_pads, record);
}

/* ---- pads */

static uint32_t lines_of(at_str text) {
    uint32_t n = 1;
    for (uint32_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

struct opening {
    struct at_lua_pad *pad;
};

static void fill(void *context) {
    struct at_lua_pad *pad = ((struct opening *)context)->pad;
    const struct at_lua_record *record = pad->record;
    pad->functions = AT_NEW_ARRAY(&pad->arena, struct at_lua_count, record->n_functions + 1);
    pad->lines = AT_NEW_ARRAY(&pad->arena, struct at_lua_count *, record->files->n + 1);
    pad->n_lines = AT_NEW_ARRAY(&pad->arena, uint32_t, record->files->n + 1);
    for (uint32_t i = 0; i < record->files->n && (record->cover || record->profile); i++) {
        pad->n_lines[i] = lines_of(record->files->at[i].text);
        pad->lines[i] = AT_NEW_ARRAY(&pad->arena, struct at_lua_count, pad->n_lines[i] + 1);
    }
}

/* The list is without locks: a new pad becomes its head. */
struct at_lua_pad *at_lua_pad_open(struct at_lua_record *record, struct at_lua *lua, struct at_arena *arena) {
    struct at_lua_pad *pad = at_alloc_get(record->arena->alloc, sizeof *pad);
    if (!pad) at_arena_fail(arena);
    memset(pad, 0, sizeof *pad);
    pad->record = record;
    pad->alloc = record->arena->alloc;
    at_arena_init(&pad->arena, record->arena->alloc, &lua->guard);
    pad->number = __atomic_fetch_add(&record->n_pads, 1, __ATOMIC_RELAXED);
    struct at_lua_pad *head = __atomic_load_n(&record->pads, __ATOMIC_RELAXED);
    do
        pad->next = head;
    while (
        !__atomic_compare_exchange_n(&record->pads, &head, pad, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    struct opening opening = {pad};
    if (!at_guard_run(&lua->guard, fill, &opening)) at_arena_fail(arena);
    return pad;
}

bool at_lua_pad_writes(const struct at_lua *lua) {
    return lua->pad && !lua->pad->record->closed && lua->job;
}

void at_lua_pad_work(lua_State *L, void (*work)(void *context), void *context, bool quiet) {
    struct at_lua *lua = at_lua_of(L);
    if (at_guard_run(&lua->guard, work, context)) return;
    lua->refused = lua->stop = AT_STOP_HOST; /* at_lua_error then ends the whole run */
    if (quiet) return;
    lua_pushliteral(L, "not enough memory");
    lua_error(L);
}

static uint64_t time_now(const struct at_lua_record *record) {
    return record->profile && record->clock ? record->clock(record->clock_context) : 0;
}

void at_lua_pad_begin(struct at_lua *lua) {
    struct at_lua_pad *pad = lua->pad;
    if (!at_lua_pad_writes(lua)) return;
    pad->entries.n = pad->mark;
    pad->last_file = pad->last_line = 0;
    pad->last_steps = lua->steps;
    pad->last_time = pad->first_time = time_now(pad->record);
    memset(pad->locals, 0, sizeof pad->locals);
}

void at_lua_pad_end(struct at_lua *lua) {
    struct at_lua_pad *pad = lua->pad;
    if (!at_lua_pad_writes(lua)) return;
    pad->mark = pad->entries.n;
    pad->calls++;
    struct at_lua_count *count = &pad->functions[lua->job->index];
    count->calls++;
    count->steps += (uint64_t)(lua->steps_limit - lua->steps);
    count->time += time_now(pad->record) - pad->first_time;
}

void at_lua_pad_add(struct at_lua *lua, enum at_lua_entry_kind kind, uint32_t file, uint32_t line,
                    at_str text) {
    struct at_lua_pad *pad = lua->pad;
    struct at_lua_entry entry = {.kind = (uint8_t)kind,
                                 .where = lua->job->where,
                                 .function = lua->job->index,
                                 .file = file,
                                 .line = line,
                                 .call = pad->calls,
                                 .pad = pad->number,
                                 .text = at_str_copy(&pad->arena, text)};
    AT_VEC_PUSH(&pad->arena, &pad->entries, entry);
}

/* ---- after the run */

static int number_cmp(uint64_t a, uint64_t b) {
    return a < b ? -1 : a > b;
}

static int value_cmp(const struct at_lua_entry *a, const struct at_lua_entry *b) {
    int order = number_cmp(a->where.period, b->where.period);
    if (!order) order = number_cmp(a->where.payee, b->where.payee);
    if (!order) order = number_cmp(a->where.node, b->where.node);
    return order ? order : number_cmp(a->where.index, b->where.index);
}

/* Entries of one call keep their order, because sorting is stable. */
static int entry_cmp(const void *left, const void *right) {
    const struct at_lua_entry *a = left, *b = right;
    int order = value_cmp(a, b);
    if (!order) order = number_cmp(a->pad, b->pad);
    return order ? order : number_cmp(a->call, b->call);
}

/* Passes over the data can calculate one value several times. A hook returns and writes the same each time,
 * so only one of these calls is kept. */
struct at_lua_entry *at_lua_record_entries(struct at_lua_record *record, struct at_arena *arena,
                                           uint32_t *n) {
    size_t all = 0, kept = 0, first = 0;
    for (struct at_lua_pad *pad = record->pads; pad; pad = pad->next)
        all += pad->entries.n;
    struct at_lua_entry *out = AT_NEW_ARRAY(arena, struct at_lua_entry, all + 1);
    all = 0;
    for (struct at_lua_pad *pad = record->pads; pad; pad = pad->next) {
        if (pad->entries.n) memcpy(&out[all], pad->entries.at, pad->entries.n * sizeof *out);
        all += pad->entries.n;
    }
    at_sort_items(arena, out, all, sizeof *out, entry_cmp);
    for (size_t i = 0; i < all; i++) {
        bool again = kept > 0 && value_cmp(&out[first], &out[i]) == 0;
        if (again && (out[first].pad != out[i].pad || out[first].call != out[i].call)) continue;
        if (!again) first = kept;
        out[kept++] = out[i];
    }
    *n = (uint32_t)kept;
    return out;
}

static void add(struct at_lua_count *to, const struct at_lua_count *from) {
    to->calls += from->calls;
    to->steps += from->steps;
    to->time += from->time;
}

struct at_lua_count *at_lua_record_functions(const struct at_lua_record *record, struct at_arena *arena) {
    struct at_lua_count *out = AT_NEW_ARRAY(arena, struct at_lua_count, record->n_functions + 1);
    for (const struct at_lua_pad *pad = record->pads; pad; pad = pad->next)
        for (uint32_t i = 0; i < record->n_functions; i++)
            add(&out[i], &pad->functions[i]);
    return out;
}

struct at_lua_count *at_lua_record_lines(const struct at_lua_record *record, uint32_t file,
                                         struct at_arena *arena, uint32_t *n_lines) {
    *n_lines = lines_of(record->files->at[file].text);
    struct at_lua_count *out = AT_NEW_ARRAY(arena, struct at_lua_count, *n_lines + 1);
    for (const struct at_lua_pad *pad = record->pads; pad; pad = pad->next)
        for (uint32_t i = 0; pad->lines[file] && i <= *n_lines; i++)
            add(&out[i], &pad->lines[file][i]);
    return out;
}
