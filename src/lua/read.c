/* lua/read.c: reads the Lua files of a policy with the policy's loader: hooks, and the modules that they
 * require.
 *
 * The name of a module is a text in the file, so that all modules are known before anything runs. The loader
 * finds the folder of a module: api/load.c. A module is loaded before the files that require it. Therefore, a
 * circular `require` is an error, also inside functions.
 */
#include "lua/load.h"

#include "base/map.h"

at_span at_lua_file_span(const struct at_ast_node *node) {
    return node->span2.end ? node->span2 : node->span;
}

/* ---- one file */

/* A name in a policy or in a Lua file that leads to another Lua file. */
struct naming {
    at_str from, wanted; /* for the loader */
    at_str shown;        /* as the text names the file */
    at_span span;
    bool module;
};

/* Lua's compiler walks the list of a function's jumps for each jump that it adds, so 100,000 jumps take a
 * minute. These words make jumps. Words in comments and texts count, too. */
#define MOST_JUMPS 10000

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static uint32_t count_jumps(at_str text) {
    static const char *const words[] = {"and", "or", "elseif", "break", "goto"};
    uint32_t n = 0;
    for (uint32_t i = 0, end; i < text.n; i = end + 1) {
        for (end = i; end < text.n && is_word(text.p[end]);)
            end++;
        for (size_t w = 0; w < AT_COUNT(words); w++)
            n += end - i == strlen(words[w]) && memcmp(text.p + i, words[w], end - i) == 0;
    }
    return n;
}

/* Returns whether compiling the file could take more time or memory than a call, and reports it. */
static bool is_too_large(struct at_lua_loader *l, at_span span, at_str name, at_str text) {
    struct at_diag *d;
    if (text.n > AT_LUA_MOST_SOURCE) {
        d = at_diag_add(l->diags, AT_A0965, span, "the Lua file \"%.*s\" is larger than 1 MB",
                        AT_STR_ARG(name));
        at_diag_help(d, "move its numbers to a table of the policy: `table NAME from \"file.csv\"`");
        return true;
    }
    uint32_t jumps = count_jumps(text);
    if (jumps <= MOST_JUMPS) return false;
    d = at_diag_add(l->diags, AT_A0966, span, "the Lua file \"%.*s\" has too many conditions",
                    AT_STR_ARG(name));
    at_diag_note(d, "it has `and`, `or`, `elseif`, `break`, and `goto` %u times; the limit is 10,000", jumps);
    at_diag_help(d, "move its numbers to a table of the policy: `table NAME from \"file.csv\"`");
    return true;
}

/* Returns the text without the byte order mark that some editors write. */
static at_str without_mark(at_str text) {
    bool marked = text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0;
    return marked ? (at_str){text.p + 3, text.n - 3} : text;
}

/* Returns whether the text contains the name `require`. */
static bool may_require(at_str text) {
    static const char word[] = "require";
    for (uint32_t i = 0; i + sizeof word - 1 <= text.n; i++)
        if (memcmp(text.p + i, word, sizeof word - 1) == 0) return true;
    return false;
}

/* Returns the file with this name and text. `diff` may load two files of one name, whose modules may differ
 * even if their texts are the same. */
static uint32_t known(const struct at_lua_loader *l, at_str name, at_str text) {
    for (uint32_t i = 0; i < l->files->n; i++) {
        const struct at_lua_file *file = &l->files->at[i];
        if (at_str_eq(file->served, name) && at_str_eq(l->source[i]->text, text) &&
            (file->served.p == name.p || !may_require(text)))
            return i;
    }
    return UINT32_MAX;
}

static void report_absent(struct at_lua_loader *l, const struct naming *naming,
                          const struct at_parse_loaded *loaded) {
    if (at_parse_load_report(l->diags, naming->span, naming->shown, loaded)) return;
    struct at_diag *d = naming->module
                            ? at_diag_add(l->diags, AT_A1020, naming->span, "cannot read the module \"%.*s\"",
                                          AT_STR_ARG(naming->shown))
                            : at_diag_add(l->diags, AT_A1001, naming->span,
                                          "cannot read the Lua file \"%.*s\"", AT_STR_ARG(naming->shown));
    if (loaded->why.n) at_diag_note(d, "%.*s", AT_STR_ARG(loaded->why));
    at_str name = naming->shown;
    if (!naming->module)
        at_diag_help(d,
                     "write the path from the folder of the policy, such as `from lua \"hooks/bonus.lua\"`");
    else if (name.n > 4 && memcmp(name.p + name.n - 4, ".lua", 4) == 0)
        at_diag_help(d, "write the name without its ending: `require \"%.*s\"`", (int)name.n - 4, name.p);
    else
        at_diag_help(d, "save it as `%.*s` in the folder of this file or of the policy",
                     AT_STR_ARG(naming->wanted));
}

static uint32_t add_file(struct at_lua_loader *l, at_str served, const struct at_diag_source_file *source) {
    uint32_t n = l->files->n, more = l->room ? 2 * l->room : 8;
    if (n == l->room) {
        l->files->at =
            at_arena_grow(l->arena, l->files->at, n * sizeof *l->files->at, more * sizeof *l->files->at);
        l->source = at_arena_grow(l->arena, l->source, n * sizeof *l->source, more * sizeof *l->source);
        l->room = more;
    }
    l->files->at[n] = (struct at_lua_file){.name = source->name, .served = served};
    l->source[n] = (struct at_diag_source_file *)source;
    l->files->n++;
    return n;
}

/* Returns the number of the file, or UINT32_MAX with an error. */
static uint32_t read_file(struct at_lua_loader *l, const struct naming *naming) {
    struct at_parse_loaded loaded = {0};
    if (!l->load || !l->load(l->context, l->arena, naming->from, naming->wanted, &loaded)) {
        report_absent(l, naming, &loaded);
        return UINT32_MAX;
    }
    at_str name = loaded.name.n ? loaded.name : naming->wanted,
           text = at_lua_lines(l->arena, without_mark(loaded.text));
    uint32_t index = known(l, name, text);
    if (index != UINT32_MAX) return index;
    /* Compiled Lua starts with ESC, and could break the interpreter. The lexer stops at zero bytes. */
    if (text.n >= 1 && (text.p[0] == '\033' || memchr(text.p, '\0', text.n))) {
        struct at_diag *d = at_diag_add(l->diags, AT_A1008, naming->span,
                                        "\"%.*s\" is compiled Lua, not text", AT_STR_ARG(name));
        at_diag_help(d, "name the source file of the hook");
        return UINT32_MAX;
    }
    if (is_too_large(l, naming->span, name, text)) return UINT32_MAX;
    const struct at_diag_source_file *source = at_diag_sources_add(l->sources, name, text);
    if (source) return add_file(l, name, source);
    loaded.fault = AT_LOAD_LARGE;
    at_parse_load_report(l->diags, naming->span, naming->shown, &loaded);
    return UINT32_MAX;
}

uint32_t at_lua_read_hook(struct at_lua_loader *l, const struct at_ast_node *node) {
    struct at_diag_place place = at_diag_sources_place(l->sources, node->span.start);
    at_str from = place.file ? place.file->name : (at_str){"", 0};
    return read_file(l, &(struct naming){from, node->text2, node->text2, at_lua_file_span(node), false});
}

/* ---- what a file requires */

/* Returns the text of a short literal without its quotes, or an empty text if it is another token or contains
 * an escape. */
static at_str literal(const struct at_lua_tokens *tokens, size_t i) {
    at_str word = at_lua_tokens_word(tokens, i);
    bool quoted = i < tokens->n && tokens->at[i].kind == AT_LT_TEXT && word.n > 2 &&
                  (word.p[0] == '"' || word.p[0] == '\'') && !memchr(word.p, '\\', word.n);
    return quoted ? (at_str){word.p + 1, word.n - 2} : (at_str){"", 0};
}

/* The name in `t.require` and in `{ a = 1, require = 2 }`. The `require` of `a, require = 1, 2` looks like
 * the last one, and is the local of the file: it is restored after each call. */
static bool is_part(const struct at_lua_tokens *tokens, size_t i) {
    if (i == 0) return false;
    if (at_lua_tokens_are(tokens, i - 1, ".") || at_lua_tokens_are(tokens, i - 1, ":")) return true;
    return at_lua_tokens_are(tokens, i + 1, "=") &&
           (at_lua_tokens_are(tokens, i - 1, "{") || at_lua_tokens_are(tokens, i - 1, ","));
}

size_t at_lua_required(const struct at_lua_tokens *tokens, size_t i, at_str *name) {
    if (!at_lua_tokens_are(tokens, i, "require") || is_part(tokens, i)) return 0;
    bool open = at_lua_tokens_are(tokens, i + 1, "(");
    *name = literal(tokens, i + 1 + open);
    if (open && !at_lua_tokens_are(tokens, i + 3, ")")) *name = (at_str){"", 0};
    return i + 1 + open;
}

/* Returns the path of a module: `lib.rates` and `lib/rates` are both lib/rates.lua. A name with a slash keeps
 * its dots. */
static at_str path_of(struct at_arena *arena, at_str name) {
    at_str path = at_str_format(arena, "%.*s.lua", AT_STR_ARG(name));
    if (memchr(name.p, '/', name.n)) return path;
    char *bytes = at_arena_get(arena, path.n + 1);
    for (uint32_t i = 0; i <= path.n; i++)
        bytes[i] = i < name.n && path.p[i] == '.' ? '/' : path.p[i];
    return (at_str){bytes, path.n};
}

static void report_no_literal(struct at_lua_loader *l, at_span span) {
    struct at_diag *d =
        at_diag_add(l->diags, AT_A1021, span, "`require` requires the name of a module as a text");
    at_diag_help(d,
                 "write the name in quotes, such as `require \"rates\"`, so that `check` can read the file");
}

/* Reads the modules of one file, each once. The file is found by its number, because files->at may move. */
static void read_needs(struct at_lua_loader *l, uint32_t index) {
    const struct at_diag_source_file *source = l->source[index];
    if (!may_require(source->text)) return;
    struct at_lua_tokens tokens = at_lua_tokens_read(l->arena, source->text);
    AT_VEC(struct at_lua_need) needs = {0};
    struct at_map seen;
    at_map_init(&seen, l->arena);
    for (size_t i = 0; i < tokens.n; i++) {
        at_str name;
        size_t at = at_lua_required(&tokens, i, &name);
        if (!at) continue;
        struct at_lua_need need = {
            name, UINT32_MAX, {source->base + tokens.at[i].start, source->base + tokens.at[i].end}};
        if (name.n) {
            need.span = (at_span){source->base + tokens.at[at].start, source->base + tokens.at[at].end};
            if (at_map_put(&seen, name, &seen)) continue;
            need.file = read_file(l, &(struct naming){l->files->at[index].served, path_of(l->arena, name),
                                                      name, need.span, true});
            if (need.file != UINT32_MAX) l->files->at[need.file].is_module = true;
        } else {
            report_no_literal(l, need.span);
        }
        AT_VEC_PUSH(l->arena, &needs, need);
    }
    l->files->at[index].needs = needs.at;
    l->files->at[index].n_needs = (uint32_t)needs.n;
}

/* ---- the order of loading */

struct ordering {
    struct at_lua_loader *l;
    uint8_t *color; /* by file: 0 not visited, 1 on the current path, 2 ordered */
    uint32_t *path; /* files from a hook to the current one */
    uint32_t depth, n;
};

/* The path begins at the first file of the cycle, and ends with the same file. */
static void report_circle(struct ordering *o, const struct at_lua_need *need) {
    struct at_arena *arena = o->l->arena;
    const struct at_lua_file *at = o->l->files->at;
    at_str path = {"", 0};
    uint32_t first = 0;
    while (o->path[first] != need->file)
        first++;
    for (uint32_t i = first; i < o->depth; i++)
        path = at_str_format(arena, "%.*s%.*s → ", AT_STR_ARG(path), AT_STR_ARG(at[o->path[i]].name));
    struct at_diag *d = at_diag_add(o->l->diags, AT_A1022, need->span, "circular `require`");
    at_diag_note(d, "%.*s%.*s", AT_STR_ARG(path), AT_STR_ARG(at[need->file].name));
    at_diag_help(d, "move what both files need into a module that requires neither");
}

/* As deep as the longest chain of modules, which is at most AT_MOST_FILES. */
static void visit(struct ordering *o, uint32_t index) {
    const struct at_lua_file *file = &o->l->files->at[index];
    o->color[index] = 1;
    o->path[o->depth++] = index;
    for (uint32_t i = 0; i < file->n_needs; i++) {
        const struct at_lua_need *need = &file->needs[i];
        if (need->file == UINT32_MAX) continue;
        if (o->color[need->file] == 1) report_circle(o, need);
        if (o->color[need->file] == 0) visit(o, need->file);
    }
    o->depth--;
    o->color[index] = 2;
    o->l->files->order[o->n++] = index;
}

/* Lists the files below each file in the order of loading. The files that it requires come first in the
 * order, so their lists are complete. */
static void find_below(struct at_lua_loader *l) {
    uint32_t n = l->files->n;
    bool *listed = AT_NEW_ARRAY(l->arena, bool, n + 1);
    for (uint32_t k = 0; k < n; k++) {
        struct at_lua_file *file = &l->files->at[l->files->order[k]];
        if (!file->n_needs) continue;
        memset(listed, 0, n);
        for (uint32_t i = 0; i < file->n_needs; i++) {
            if (file->needs[i].file == UINT32_MAX) continue;
            const struct at_lua_file *need = &l->files->at[file->needs[i].file];
            listed[file->needs[i].file] = true;
            for (uint32_t b = 0; b < need->n_below; b++)
                listed[need->below[b]] = true;
        }
        file->below = AT_NEW_ARRAY(l->arena, uint32_t, k + 1);
        for (uint32_t i = 0; i < k; i++)
            if (listed[l->files->order[i]]) file->below[file->n_below++] = l->files->order[i];
    }
}

void at_lua_read_modules(struct at_lua_loader *l) {
    for (uint32_t i = 0; i < l->files->n && !at_watch_cancelled(l->watch); i++) /* n grows */
        read_needs(l, i);
    uint32_t n = l->files->n;
    struct ordering o = {.l = l,
                         .color = AT_NEW_ARRAY(l->arena, uint8_t, n + 1),
                         .path = AT_NEW_ARRAY(l->arena, uint32_t, n + 1)};
    l->files->order = AT_NEW_ARRAY(l->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        if (o.color[i] == 0) visit(&o, i);
    find_below(l);
}

at_str at_lua_whole_text(const struct at_lua_files *files, struct at_arena *arena, at_str served,
                         at_str text) {
    for (uint32_t i = 0; files && i < files->n; i++) {
        const struct at_lua_file *file = &files->at[i];
        if (!file->n_below || !at_str_eq(file->served, served)) continue;
        for (uint32_t b = 0; b < file->n_below; b++) {
            const struct at_lua_file *below = &files->at[file->below[b]];
            text = at_str_format(arena, "%.*s\n%.*s\n%.*s", AT_STR_ARG(text), AT_STR_ARG(below->name),
                                 AT_STR_ARG(below->text));
        }
        return text;
    }
    return text;
}
