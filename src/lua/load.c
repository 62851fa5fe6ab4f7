/* lua/load.c: loads the Lua files of a policy while it is compiled, and reports their errors.
 *
 * It reads each file and the files that it requires (read.c), parses them, executes each once in the sandbox,
 * and compares their functions with the declarations. The state is closed before at_lua_load returns.
 * The translated texts stay in the arena of the policy. A run loads them again, on each of its threads.
 */
#include "lua/load.h"

#include "base/near.h"
#include "lua/grammar.h"

static bool is_cancelled(const struct at_lua_loader *l) {
    return at_watch_cancelled(l->watch);
}

static const struct at_ast_node *statement(const struct at_lua_loader *l, uint32_t function) {
    return l->checked->functions[function].symbol->node;
}

/* ---- places */

/* Returns line number `line` of a file, without the spaces at its ends. */
static at_span line_span(const struct at_diag_source_file *file, uint32_t line) {
    uint32_t start = 0, end;
    for (uint32_t k = 1; k < line && start < file->text.n; start++)
        k += file->text.p[start] == '\n';
    while (start < file->text.n && (file->text.p[start] == ' ' || file->text.p[start] == '\t'))
        start++;
    for (end = start; end < file->text.n && file->text.p[end] != '\n' && file->text.p[end] != '\r';)
        end++;
    while (end > start && (file->text.p[end - 1] == ' ' || file->text.p[end - 1] == '\t'))
        end--;
    return (at_span){file->base + start, file->base + (end > start ? end : start + 1)};
}

/* Returns the last place in the line of the token that the message names, or the line. */
static at_span near_span(const struct at_diag_source_file *file, uint32_t line, at_str message) {
    at_span whole = line_span(file, line);
    at_str text = {file->text.p + (whole.start - file->base), whole.end - whole.start};
    static const char word[] = "near '";
    for (uint32_t i = message.n; i-- > 0;) {
        uint32_t from = i + (uint32_t)sizeof word - 1;
        if (from >= message.n || memcmp(message.p + i, word, sizeof word - 1) != 0) continue;
        at_str token = {message.p + from, message.n - from};
        if (token.n && token.p[token.n - 1] == '\'') token.n--;
        if (token.n == 0 || token.n > text.n) break;
        for (uint32_t k = text.n - token.n + 1; k-- > 0;)
            if (memcmp(text.p + k, token.p, token.n) == 0)
                return (at_span){whole.start + k, whole.start + k + token.n};
        break;
    }
    return whole;
}

/* ---- one file */

/* Adds a help with the exact form of the float at the mark. In an argument of attain.percent, attain.number,
 * or attain.money, this is a text; elsewhere, attain.number of a text. */
static void tell_exact(struct at_diag *d, at_str text, const struct at_lua_mark *mark) {
    static const char *const makers[] = {"attain.percent", "attain.number", "attain.money"};
    at_str literal = {text.p + mark->start, mark->end - mark->start};
    const char *minus = "", *zero = literal.p[0] == '.' ? "0" : "";
    uint32_t at = mark->start, dot = literal.n;
    if (literal.n > 1 && (literal.p[1] == 'x' || literal.p[1] == 'X')) {
        at_diag_help(d, "write the number in decimal digits: attain.number(\"…\")");
        return;
    }
    for (uint32_t i = 0; i < literal.n; i++) /* `3.` and `3.e5` are numbers of Lua only */
        if (literal.p[i] == '.' && (i + 1 == literal.n || (literal.p[i + 1] | 32) == 'e')) dot = i;
    at_str head = {literal.p, dot},
           tail = {literal.p + dot + (dot < literal.n), literal.n - dot - (dot < literal.n)};
    while (at > 0 && (text.p[at - 1] == ' ' || text.p[at - 1] == '-')) {
        if (text.p[--at] == '-') minus = "-";
    }
    uint32_t end = mark->end;
    while (end < text.n && text.p[end] == ' ')
        end++;
    bool alone = end < text.n && (text.p[end] == ')' || text.p[end] == ',');
    for (size_t i = 0; alone && at > 0 && text.p[at - 1] == '(' && i < AT_COUNT(makers); i++) {
        uint32_t n = (uint32_t)strlen(makers[i]);
        if (at - 1 < n || memcmp(text.p + at - 1 - n, makers[i], n) != 0) continue;
        at_diag_help(d, "write the number as a text: %s(\"%s%s%.*s%.*s\")", makers[i], minus, zero,
                     AT_STR_ARG(head), AT_STR_ARG(tail));
        return;
    }
    at_diag_help(d, "write attain.number(\"%s%.*s%.*s\")", zero, AT_STR_ARG(head), AT_STR_ARG(tail));
}

/* Reports a warning for each float in the text. Adding one to an exact value would be an error in the call.
 * */
static void tell_floats(struct at_lua_loader *l, const struct at_diag_source_file *file,
                        const struct at_lua_text *text) {
    for (uint32_t i = 0; i < text->n_floats; i++) {
        const struct at_lua_mark *mark = &text->floats[i];
        at_str literal = {file->text.p + mark->start, mark->end - mark->start};
        struct at_diag *d =
            at_diag_add(l->diags, AT_A1005, (at_span){file->base + mark->start, file->base + mark->end},
                        "`%.*s` is a float, which cannot be mixed with exact values", AT_STR_ARG(literal));
        tell_exact(d, file->text, mark);
    }
}

/* A value that is defined twice has another code than a function or a field. */
static void tell_twice(struct at_lua_loader *l, const struct at_diag_source_file *file,
                       const struct at_lua_tokens *tokens) {
    static const char *const what[] = {"value", "function", "field"};
    uint32_t n;
    const struct at_lua_twice *twice = at_lua_find_twice(l->arena, tokens, &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct at_lua_mark *first = &twice[i].first, *second = &twice[i].second;
        enum at_diag_code code = twice[i].kind == AT_TWICE_VALUE ? AT_A0822 : AT_A0967;
        struct at_diag *d =
            at_diag_add(l->diags, code, (at_span){file->base + second->start, file->base + second->end},
                        "duplicate %s `%.*s`", what[twice[i].kind], AT_STR_ARG(twice[i].name));
        at_diag_label(d, (at_span){file->base + first->start, file->base + first->end}, "first here");
        at_diag_help(d, "delete one of them, or rename it: Lua uses the last one");
    }
}

/* Finds unknown names, values of wrong types, and so on. The file has been loaded, so its grammar is valid.
 */
static void tell_mistakes(struct at_lua_loader *l, uint32_t index, const struct at_lua_tokens *tokens) {
    struct at_lua_reader reader = {.arena = l->arena,
                                   .tokens = tokens,
                                   .checked = l->checked,
                                   .file = index,
                                   .files = l->files,
                                   .lua = l->lua,
                                   .diags = l->diags,
                                   .base = l->source[index]->base};
    at_lua_parse_file(&reader);
}

/* Parses the original text first, so that a message shows what its author wrote. The translation is valid
 * for valid texts only. */
static bool translate(struct at_lua_loader *l, uint32_t index, struct at_lua_tokens *tokens) {
    struct at_diag_source_file *file = l->source[index];
    struct at_lua_text text;
    struct at_lua_fault fault = {0};
    if (!at_lua_parses(l->lua, file->text, l->arena, &fault)) {
        at_diag_add(l->diags, AT_A1002, near_span(file, fault.line, fault.message), "invalid Lua: %.*s",
                    AT_STR_ARG(fault.message));
        return false;
    }
    at_lua_translate(l->arena, file->text, &text);
    tell_floats(l, file, &text);
    *tokens = at_lua_tokens_read(l->arena, file->text);
    tell_twice(l, file, tokens);
    l->files->at[index].text = text.text;
    if (!text.wrong.end) return true;
    at_diag_add(l->diags, AT_A1007, (at_span){file->base + text.wrong.start, file->base + text.wrong.end},
                "%s", text.why);
    return false;
}

/* A module that failed has its own error. */
static bool has_sound_needs(const struct at_lua_loader *l, uint32_t index) {
    const struct at_lua_file *file = &l->files->at[index];
    for (uint32_t i = 0; i < file->n_needs; i++)
        if (file->needs[i].file == UINT32_MAX || !l->sound[file->needs[i].file]) return false;
    return true;
}

/* Executes the file once in the state of the compilation. An error here would occur in each run. */
static void run_one(struct at_lua_loader *l, uint32_t index) {
    struct at_lua_fault fault = {0};
    const struct at_diag_source_file *file = l->source[index];
    struct at_lua_tokens tokens;
    if (!translate(l, index, &tokens) || !has_sound_needs(l, index)) return;
    l->sound[index] = at_lua_run_file(l->lua, index, l->arena, &fault);
    if (l->sound[index]) {
        tell_mistakes(l, index, &tokens);
        return;
    }
    if (fault.line) file = l->source[fault.file];
    struct at_diag *d = at_diag_add(l->diags, AT_A1003, line_span(file, fault.line ? fault.line : 1),
                                    "the file fails while it loads: %.*s", AT_STR_ARG(fault.message));
    at_diag_help(d, "define only functions and shared values in the file, and calculate in the functions");
}

/* ---- functions */

/* Finds the function with the most similar name. Equal distances are decided by the bytes of the names,
 * because the order of a table is not the same in each run. */
static int each_name(lua_State *L) {
    struct at_str_nearest *nearest = lua_touserdata(L, 1);
    uint32_t file = (uint32_t)lua_tointeger(L, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FILES);
    lua_rawgeti(L, -1, (lua_Integer)file + 1);
    int t = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, t)) {
        size_t n = 0;
        if (lua_type(L, -1) == LUA_TFUNCTION && lua_type(L, -2) == LUA_TSTRING) {
            const char *p = lua_tolstring(L, -2, &n);
            at_str name = {p, (uint32_t)n};
            struct at_str_nearest one = {.wanted = nearest->wanted};
            bool near = at_str_nearest_try(&one, name);
            if (near && (!nearest->best.n || one.distance < nearest->distance ||
                         (one.distance == nearest->distance && at_str_cmp(name, nearest->best) < 0)))
                *nearest = one; /* valid until the state is closed */
        }
        lua_pop(L, 1);
    }
    return 0;
}

/* Returns the similar name of a function in the file, or an empty text. */
static at_str suggestion(struct at_lua_loader *l, uint32_t file, at_str wanted) {
    struct at_str_nearest nearest = {.wanted = wanted};
    lua_State *L = l->lua->L;
    lua_settop(L, 0);
    lua_pushcfunction(L, each_name);
    lua_pushlightuserdata(L, &nearest);
    lua_pushinteger(L, file);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) { /* without memory, no suggestion */
        if (l->lua->refused == AT_STOP_HOST) at_arena_fail(l->arena);
        lua_settop(L, 0);
    }
    return nearest.best.n ? at_str_copy(l->arena, nearest.best) : nearest.best;
}

/* Returns whether the file contains `local function NAME`. */
static bool is_local(const struct at_diag_source_file *file, at_str name) {
    at_str text = file->text;
    static const char word[] = "local function ";
    for (uint32_t i = 0; i + sizeof word - 1 + name.n <= text.n; i++)
        if (memcmp(text.p + i, word, sizeof word - 1) == 0 &&
            memcmp(text.p + i + sizeof word - 1, name.p, name.n) == 0)
            return true;
    return false;
}

/* Reports that the file does not define a declared function, with the most likely reason as its help. */
static void tell_lacking(struct at_lua_loader *l, uint32_t function, uint32_t file, int type) {
    const struct at_ast_node *node = statement(l, function);
    at_str name = node->text, file_name = l->files->at[file].name;
    at_span span = node->name_span.end ? node->name_span : node->span;
    struct at_diag *d;
    if (type != LUA_TNIL) {
        d = at_diag_add(l->diags, AT_A1004, span, "`%.*s` in %.*s is not a function", AT_STR_ARG(name),
                        AT_STR_ARG(file_name));
    } else {
        d = at_diag_add(l->diags, AT_A1004, span, "%.*s does not define the function `%.*s`",
                        AT_STR_ARG(file_name), AT_STR_ARG(name));
    }
    at_diag_label(d, at_lua_file_span(node), "expected here");
    at_str near = suggestion(l, file, name);
    if (is_local(l->source[file], name))
        at_diag_help(d, "delete `local` before `function` in the file");
    else if (near.n)
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(near));
    else
        at_diag_help(d, "write `function %.*s(…) … end` in the file", AT_STR_ARG(name));
}

/* Compares the number of parameters only. The names may differ. A function with `...` takes any number. */
static void check_parameters(struct at_lua_loader *l, uint32_t function, uint32_t file) {
    const struct at_check_function_decl *decl = &l->checked->functions[function];
    const struct at_ast_node *node = statement(l, function);
    lua_Debug ar;
    lua_State *L = l->lua->L;
    lua_pushvalue(L, -1);
    if (!lua_getinfo(L, ">uS", &ar) || ar.isvararg || ar.nparams == decl->n) return;
    struct at_diag *d = at_diag_add(l->diags, AT_A1006, node->name_span.end ? node->name_span : node->span,
                                    "`%.*s` is declared with %u parameter%s, but the hook has %u",
                                    AT_STR_ARG(node->text), decl->n, decl->n == 1 ? "" : "s", ar.nparams);
    if (ar.linedefined > 0)
        at_diag_label(d, line_span(l->source[file], (uint32_t)ar.linedefined), "the hook");
    at_diag_help(d, "write the same parameters in the same order in both");
}

/* Compares one declaration with the loaded file. A file that failed has its own error. */
static void check_function(struct at_lua_loader *l, uint32_t function) {
    uint32_t file = l->files->file_of[function];
    if (file == UINT32_MAX || !l->sound[file]) return;
    lua_settop(l->lua->L, 0);
    int type = at_lua_push_made(l->lua->L, file, l->checked->functions[function].symbol->name);
    if (type == LUA_TFUNCTION)
        check_parameters(l, function, file);
    else
        tell_lacking(l, function, file, type);
    lua_settop(l->lua->L, 0);
}

enum at_status at_lua_load(const struct at_check_policy *checked, struct at_diag_sources *sources,
                           struct at_arena *arena, struct at_diag_list *diags, at_load_fn load,
                           void *load_context, struct at_watch *watch, struct at_lua_files **out) {
    struct at_lua_loader l = {.checked = checked,
                              .sources = sources,
                              .arena = arena,
                              .diags = diags,
                              .load = load,
                              .context = load_context,
                              .watch = watch};
    uint64_t before = diags->errors;
    l.files = *out = AT_NEW(arena, struct at_lua_files);
    l.files->file_of = AT_NEW_ARRAY(arena, uint32_t, checked->n_functions + 1);
    bool any = false;
    for (uint32_t i = 0; i < checked->n_functions; i++) {
        bool lua = checked->functions[i].lua_file.n > 0;
        l.files->file_of[i] = lua ? at_lua_read_hook(&l, statement(&l, i)) : UINT32_MAX;
        any |= l.files->file_of[i] != UINT32_MAX;
    }
    at_lua_read_modules(&l);
    l.sound = AT_NEW_ARRAY(arena, bool, l.files->n + 1);
    /* A policy without hooks does not open a state. */
    if (!any) return diags->errors > before ? AT_REJECTED : AT_OK;
    l.lua = at_lua_open(checked, l.files, NULL, arena);
    if (l.lua) l.lua->watch = watch;
    for (uint32_t i = 0; l.lua && i < l.files->n && !is_cancelled(&l); i++)
        run_one(&l, l.files->order[i]);
    for (uint32_t i = 0; l.lua && i < checked->n_functions && !is_cancelled(&l); i++)
        check_function(&l, i);
    if (l.lua) at_lua_close(l.lua);
    if (is_cancelled(&l)) return AT_CANCELLED;
    return diags->errors > before ? AT_REJECTED : AT_OK;
}
